//! Who is under protection or exempt from the evaluation on a day.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use sqlx::PgConnection;

use crate::db::Scope;
use crate::entitlement::Exemption;

pub async fn on(
    connection: &mut PgConnection,
    scope: &Scope,
    these: &[String],
    day: NaiveDate,
) -> Result<BTreeMap<String, BTreeSet<Exemption>>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"SELECT DISTINCT uscc, kind AS "kind: Exemption" FROM evaluation_exemption
           WHERE district = $1 AND withdrawn_at IS NULL AND uscc = ANY($2) AND valid @> $3::date"#,
        scope.county(),
        these,
        day
    )
    .fetch_all(connection)
    .await?;
    let mut found: BTreeMap<String, BTreeSet<Exemption>> = BTreeMap::new();
    for row in rows {
        found.entry(row.uscc).or_default().insert(row.kind);
    }
    Ok(found)
}
