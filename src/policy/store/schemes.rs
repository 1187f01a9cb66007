//! The schemes of evaluation that a district published.

use std::ops::Bound;

use sqlx::PgConnection;
use sqlx::postgres::types::PgRange;
use sqlx::types::Json;
use uuid::Uuid;

use super::PublishError;
use crate::scoring::Scheme;

/// The column of years decides: it is what the constraint keeps apart.
pub async fn published(connection: &mut PgConnection, district: &str) -> Result<Vec<Scheme>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"SELECT content AS "content: Json<Scheme>", lower(years) AS "from_year!", upper(years) - 1 AS last_year
           FROM policy_scheme WHERE district = $1"#,
        district
    )
    .fetch_all(connection)
    .await?;
    let schemes =
        rows.into_iter().map(|row| Scheme { from_year: row.from_year, to_year: row.last_year, ..row.content.0 });
    Ok(schemes.collect())
}

/// # Errors
/// When the table refuses years that are taken, or a bound that the program did not see.
pub async fn add(
    connection: &mut PgConnection,
    district: &str,
    submission: Uuid,
    scheme: &Scheme,
) -> Result<(), PublishError> {
    let end = scheme.to_year.map_or(Bound::Unbounded, |last| Bound::Excluded(last + 1));
    sqlx::query!(
        "INSERT INTO policy_scheme (district, category, id, adoption, years, content, submission)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        district,
        scheme.category.code(),
        scheme.id,
        scheme.adoption.code(),
        PgRange { start: Bound::Included(scheme.from_year), end },
        Json(scheme) as _,
        submission
    )
    .execute(connection)
    .await
    .map_err(|error| refused(error, &scheme.id))?;
    Ok(())
}

/// How many rows were ended: one, unless something moved since the plan was made.
pub async fn end(
    connection: &mut PgConnection,
    district: &str,
    id: &str,
    last_year: i32,
) -> Result<u64, sqlx::Error> {
    let ended = sqlx::query!(
        "UPDATE policy_scheme SET years = int4range(lower(years), $3 + 1)
         WHERE district = $1 AND id = $2 AND upper_inf(years) AND lower(years) <= $3",
        district,
        id,
        last_year
    )
    .execute(connection)
    .await?;
    Ok(ended.rows_affected())
}

fn refused(error: sqlx::Error, id: &str) -> PublishError {
    match &error {
        sqlx::Error::Database(database) if database.constraint() == Some("policy_scheme_overlap") => {
            PublishError::YearsTaken { scheme: id.to_owned() }
        }
        _ => error.into(),
    }
}
