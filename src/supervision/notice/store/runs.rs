//! On which days notices were prepared without being asked.

use chrono::{DateTime, NaiveDate, Utc};

use crate::db::{PgPool, Scope};

/// A run that has ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Run {
    pub day: NaiveDate,
    pub finished_at: DateTime<Utc>,
    /// Notices that were new.
    pub prepared: i64,
}

/// Takes the run of a day; false when it is done, or somebody has been at it since `given_up`.
pub async fn begin(
    pool: &PgPool,
    scope: &Scope,
    day: NaiveDate,
    now: DateTime<Utc>,
    given_up: DateTime<Utc>,
) -> Result<bool, sqlx::Error> {
    let taken = sqlx::query!(
        "INSERT INTO contract_notice_run (district, day, started_at) VALUES ($1, $2, $3)
         ON CONFLICT (district, day) DO UPDATE SET started_at = excluded.started_at
         WHERE contract_notice_run.finished_at IS NULL AND contract_notice_run.started_at < $4",
        scope.county(),
        day,
        now,
        given_up
    );
    Ok(taken.execute(pool).await?.rows_affected() == 1)
}

pub async fn finish(
    pool: &PgPool,
    scope: &Scope,
    day: NaiveDate,
    now: DateTime<Utc>,
    prepared: u64,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "UPDATE contract_notice_run SET finished_at = $3, prepared = $4 WHERE district = $1 AND day = $2",
        scope.county(),
        day,
        now,
        i64::try_from(prepared).unwrap_or(i64::MAX)
    )
    .execute(pool)
    .await?;
    Ok(())
}

pub async fn is_finished(pool: &PgPool, scope: &Scope, day: NaiveDate) -> Result<bool, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT EXISTS (SELECT FROM contract_notice_run WHERE district = $1 AND day = $2 AND finished_at IS NOT NULL) AS "done!""#,
        scope.county(),
        day
    )
    .fetch_one(pool)
    .await
}

/// The newest that has ended.
pub async fn last(pool: &PgPool, scope: &Scope) -> Result<Option<Run>, sqlx::Error> {
    sqlx::query_as!(
        Run,
        r#"SELECT day, finished_at AS "finished_at!", prepared AS "prepared!" FROM contract_notice_run
           WHERE district = $1 AND finished_at IS NOT NULL ORDER BY day DESC LIMIT 1"#,
        scope.county()
    )
    .fetch_optional(pool)
    .await
}
