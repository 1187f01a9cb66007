//! What followed on parcels, as the lineage has it.

use std::collections::HashMap;

use crate::db::{PgPool, Scope};
use crate::parcel::LineageKind;
use crate::parcel::succession::Succession;

/// What followed on parcels: the latest change in which each went into others than itself.
pub async fn successions(
    pool: &PgPool,
    scope: &Scope,
    codes: &[String],
) -> Result<HashMap<String, Succession>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"SELECT predecessor, kind AS "kind: LineageKind", effective_on, array_agg(successor ORDER BY successor) AS "successors!"
           FROM parcel_lineage WHERE district = $1 AND predecessor = ANY($2) AND kind <> 'adjust' AND successor <> predecessor
           GROUP BY predecessor, kind, effective_on ORDER BY effective_on"#,
        scope.county(),
        codes
    )
    .fetch_all(pool)
    .await?;
    let succession = |row: &[String], kind, on| Succession { kind, on, successors: row.to_vec() };
    Ok(rows.into_iter().map(|row| (row.predecessor, succession(&row.successors, row.kind, row.effective_on))).collect())
}
