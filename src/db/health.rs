//! What `muheng doctor` asks the database.

use super::version::{self, Version};
use super::{PgPool, Scope};

#[derive(Debug)]
pub struct Health {
    pub postgres: String,
    pub postgis: String,
    pub invalid_parcels: i64,
    pub overlapping_parcels: i64,
    pub overlapping_enterprises: i64,
    pub demonstration_accounts: i64,
    /// Being built at this moment, or left by a build that failed: kept up to date and never read.
    pub invalid_indexes: Vec<String>,
}

impl Health {
    /// Major and minor, as in `3.3 USE_GEOS=1 …`.
    pub fn postgis_version(&self) -> Option<(u32, u32)> {
        let (major, minor) = self.postgis.split_whitespace().next()?.split_once('.')?;
        Some((major.parse().ok()?, minor.split('.').next()?.parse().ok()?))
    }
}

/// What must stand before anything else can be asked.
#[derive(Debug)]
pub struct Foundation {
    /// Installed, or to be had by a migration.
    pub has_postgis: bool,
    pub version: Version,
}

pub async fn foundation(pool: &PgPool) -> Result<Foundation, sqlx::Error> {
    let has_postgis = sqlx::query_scalar!(
        r#"SELECT EXISTS (SELECT FROM pg_available_extensions WHERE name = 'postgis') AS "has_postgis!""#
    )
    .fetch_one(pool)
    .await?;
    Ok(Foundation { has_postgis, version: version::of(pool).await? })
}

pub async fn examine(pool: &PgPool, scope: &Scope) -> Result<Health, sqlx::Error> {
    let row = sqlx::query!(
        r#"SELECT
             current_setting('server_version') AS "postgres!",
             postgis_version() AS "postgis!",
             (SELECT count(*) FROM parcel_version WHERE district = $1 AND NOT ST_IsValid(geom)) AS "invalid_parcels!",
             (SELECT count(*) FROM parcel_version a JOIN parcel_version b
                ON a.district = b.district AND a.code = b.code AND a.id < b.id AND a.valid && b.valid
                WHERE a.district = $1 AND a.superseded_at IS NULL AND b.superseded_at IS NULL) AS "overlapping_parcels!",
             (SELECT count(*) FROM enterprise_version a JOIN enterprise_version b
                ON a.district = b.district AND a.uscc = b.uscc AND a.id < b.id AND a.valid && b.valid
                WHERE a.district = $1 AND a.superseded_at IS NULL AND b.superseded_at IS NULL) AS "overlapping_enterprises!",
             (SELECT count(*) FROM account WHERE district = $1 AND active AND demonstration) AS "demonstration_accounts!",
             ARRAY(SELECT indexrelid::regclass::text FROM pg_index WHERE NOT indisvalid ORDER BY 1) AS "invalid_indexes!""#,
        scope.county()
    )
    .fetch_one(pool)
    .await?;
    Ok(Health {
        postgres: row.postgres,
        postgis: row.postgis,
        invalid_parcels: row.invalid_parcels,
        overlapping_parcels: row.overlapping_parcels,
        overlapping_enterprises: row.overlapping_enterprises,
        demonstration_accounts: row.demonstration_accounts,
        invalid_indexes: row.invalid_indexes,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[sqlx::test(migrator = "crate::db::MIGRATOR")]
    async fn an_index_whose_build_failed_is_named(pool: PgPool) {
        let scope = Scope::district("330105".parse().unwrap());
        assert!(examine(&pool, &scope).await.unwrap().invalid_indexes.is_empty());
        for statement in ["CREATE TABLE twins (id integer)", "INSERT INTO twins VALUES (1), (1)"] {
            sqlx::query(statement).execute(&pool).await.unwrap();
        }
        let build = sqlx::query("CREATE UNIQUE INDEX CONCURRENTLY twins_once ON twins (id)").execute(&pool).await;
        assert!(build.is_err(), "two rows are alike");
        assert_eq!(examine(&pool, &scope).await.unwrap().invalid_indexes, ["twins_once"]);
    }
}
