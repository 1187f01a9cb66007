//! The measures that a district published.

use chrono::NaiveDate;
use sqlx::PgConnection;
use sqlx::postgres::types::PgRange;
use sqlx::types::Json;
use uuid::Uuid;

use super::PublishError;
use crate::base::period::Period;
use crate::entitlement::Measure;

/// The column of days decides.
pub async fn published(connection: &mut PgConnection, district: &str) -> Result<Vec<Measure>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"SELECT content AS "content: Json<Measure>", valid FROM policy_measure WHERE district = $1"#,
        district
    )
    .fetch_all(connection)
    .await?;
    let last = |valid: Period| valid.until.and_then(|until| until.pred_opt());
    Ok(rows.into_iter().map(|row| Measure { to: last(row.valid.into()), ..row.content.0 }).collect())
}

pub async fn add(
    connection: &mut PgConnection,
    district: &str,
    submission: Uuid,
    measure: &Measure,
) -> Result<(), PublishError> {
    let valid = Period { from: Some(measure.from), until: measure.to.and_then(|last| last.succ_opt()) };
    sqlx::query!(
        "INSERT INTO policy_measure (district, id, adoption, valid, content, submission)
         VALUES ($1, $2, $3, $4, $5, $6)",
        district,
        measure.id,
        measure.adoption.code(),
        PgRange::from(valid),
        Json(measure) as _,
        submission
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// How many rows were ended: one, unless something moved since the plan was made.
pub async fn end(connection: &mut PgConnection, district: &str, id: &str, last: NaiveDate) -> Result<u64, sqlx::Error> {
    let ended = sqlx::query!(
        "UPDATE policy_measure SET valid = daterange(lower(valid), $3, '[]')
         WHERE district = $1 AND id = $2 AND upper_inf(valid) AND lower(valid) <= $3",
        district,
        id,
        last
    )
    .execute(connection)
    .await?;
    Ok(ended.rows_affected())
}
