//! Who is looked at on the spot.

use chrono::{DateTime, NaiveDate, Utc};
use rust_decimal::Decimal;
use serde::Serialize;
use uuid::Uuid;

use crate::account::Act;
use crate::db::{PgConnection, PgPool, Scope};

/// One drawing, as it can be done again.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
#[schema(as = RemediationSample)]
pub struct Sample {
    pub id: Uuid,
    pub seed: String,
    #[schema(value_type = String)]
    pub percent: Decimal,
    pub among: Vec<String>,
    pub drawn: Vec<String>,
    pub drawn_on: NaiveDate,
    pub drawn_at: DateTime<Utc>,
    pub drawn_by: String,
}

/// Files that ask for acceptance in another way than closing and of which nobody drew yet: number and key, held.
pub async fn waiting(connection: &mut PgConnection, scope: &Scope) -> Result<Vec<(Uuid, i16, i32)>, sqlx::Error> {
    let rows = sqlx::query!(
        "SELECT id, year, serial FROM remediation_file
         WHERE district = $1 AND state = 'acceptance_asked' AND way <> 'close' AND sampled IS NULL ORDER BY year, serial FOR UPDATE",
        scope.county()
    );
    Ok(rows.fetch_all(connection).await?.into_iter().map(|row| (row.id, row.year, row.serial)).collect())
}

pub async fn keep(
    connection: &mut PgConnection,
    act: &Act,
    sample: &Sample,
    (drawn, others): (&[Uuid], &[Uuid]),
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "INSERT INTO remediation_sample (district, id, seed, percent, among, drawn, drawn_on, drawn_at, drawn_by)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        act.scope.county(),
        sample.id,
        sample.seed,
        sample.percent,
        &sample.among,
        &sample.drawn,
        sample.drawn_on,
        act.now,
        act.actor.name
    )
    .execute(&mut *connection)
    .await?;
    sqlx::query!(
        "UPDATE remediation_file SET sampled = CASE WHEN id = ANY ($2) THEN 'drawn' ELSE 'not_drawn' END
         WHERE district = $1 AND (id = ANY ($2) OR id = ANY ($3))",
        act.scope.county(),
        drawn,
        others
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// The newest hundred.
pub async fn newest(pool: &PgPool, scope: &Scope) -> Result<Vec<Sample>, sqlx::Error> {
    sqlx::query_as!(
        Sample,
        "SELECT id, seed, percent, among, drawn, drawn_on, drawn_at, drawn_by FROM remediation_sample
         WHERE district = $1 ORDER BY drawn_at DESC, id DESC LIMIT 100",
        scope.county()
    )
    .fetch_all(pool)
    .await
}
