//! When most of a file of shapes decides over the rest of it: what is published for the day of the import.

use chrono::NaiveDate;

use crate::db::PgPool;
use crate::exchange::frame::Agreement;
use crate::policy;

/// While nothing is published, what the program ships with.
pub async fn on(pool: &PgPool, day: NaiveDate) -> Result<Agreement, sqlx::Error> {
    let parameters = policy::store::parameters_on(pool, day).await?;
    let published = |name: &str, otherwise: u64| parameters.count(name).map_or(otherwise, u64::from);
    let shipped = Agreement::default();
    Ok(Agreement {
        records: published("import_agreement_records", shipped.records),
        percent: published("import_agreement_percent", shipped.percent),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::db;

    #[sqlx::test(migrator = "db::MIGRATOR")]
    async fn what_is_published_counts_and_is_what_the_program_ships_with(pool: PgPool) {
        let day = "2026-11-29".parse().unwrap();
        assert_eq!(on(&pool, day).await.unwrap(), Agreement::default(), "nothing is published yet");
        policy::store::load(&pool).await.unwrap();
        assert_eq!(on(&pool, day).await.unwrap(), Agreement::default());
        sqlx::query("UPDATE policy_parameter SET value = '4' WHERE name = 'import_agreement_records'")
            .execute(&pool)
            .await
            .unwrap();
        assert_eq!(on(&pool, day).await.unwrap().records, 4);
    }
}
