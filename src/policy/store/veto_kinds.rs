//! The kinds of veto that a district published.

use chrono::NaiveDate;
use sqlx::PgConnection;
use sqlx::postgres::types::PgRange;
use sqlx::types::Json;
use uuid::Uuid;

use super::PublishError;
use crate::policy::veto::VetoKind;

/// The column of days decides: it is what the constraint keeps apart.
pub async fn published(connection: &mut PgConnection, district: &str) -> Result<Vec<VetoKind>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"SELECT content AS "content: Json<VetoKind>", valid FROM policy_veto_kind WHERE district = $1"#,
        district
    )
    .fetch_all(connection)
    .await?;
    Ok(rows.into_iter().map(|row| VetoKind { valid: row.valid.into(), ..row.content.0 }).collect())
}

/// # Errors
/// When the table refuses days that are taken.
pub async fn add(
    connection: &mut PgConnection,
    district: &str,
    submission: Uuid,
    kind: &VetoKind,
) -> Result<(), PublishError> {
    let added = sqlx::query!(
        "INSERT INTO policy_veto_kind (district, code, valid, content, submission) VALUES ($1, $2, $3, $4, $5)",
        district,
        kind.code,
        PgRange::from(kind.valid),
        Json(kind) as _,
        submission
    )
    .execute(connection)
    .await;
    match added {
        Ok(_) => Ok(()),
        Err(sqlx::Error::Database(error)) if error.constraint() == Some("policy_veto_kind_overlap") => {
            Err(PublishError::Overlap { name: kind.code.clone(), from: kind.valid.from.unwrap_or_default() })
        }
        Err(error) => Err(error.into()),
    }
}

/// How many rows were ended: one, unless something moved since the plan was made.
pub async fn end(
    connection: &mut PgConnection,
    district: &str,
    code: &str,
    until: NaiveDate,
) -> Result<u64, sqlx::Error> {
    let ended = sqlx::query!(
        "UPDATE policy_veto_kind SET valid = daterange(lower(valid), $3)
         WHERE district = $1 AND code = $2 AND upper_inf(valid) AND lower(valid) < $3",
        district,
        code,
        until
    )
    .execute(connection)
    .await?;
    Ok(ended.rows_affected())
}
