//! Checks on record. One of a case is current; the others stay as what was found before.

use uuid::Uuid;

use super::Result;
use crate::account::Act;
use crate::admission::case::StoredCheck;
use crate::admission::case::check::Examined;
use crate::db::{PgConnection, PgPool, Scope};
use crate::policy::store::receipts;
use crate::policy::verdict::Overall;

/// Keeps a check as the current one of the case.
pub(super) async fn keep(
    connection: &mut PgConnection,
    act: &Act,
    case: Uuid,
    round: i32,
    examined: &Examined,
    occasion: &str,
) -> Result<()> {
    sqlx::query!(
        "UPDATE admission_check SET current = false WHERE district = $1 AND case_id = $2 AND current",
        act.scope.county(),
        case
    )
    .execute(&mut *connection)
    .await?;
    let receipt = &examined.checked.receipt;
    let kept = receipts::save(connection, act, receipt).await;
    kept.map_err(anyhow::Error::from)?;
    sqlx::query!(
        "INSERT INTO admission_check (district, case_id, round, receipt, verdict, warnings, occasion, current, checked_at, checked_by)
         VALUES ($1, $2, $3, $4, $5, $6, $7, true, $8, $9)",
        act.scope.county(),
        case,
        round,
        receipt.id,
        examined.checked.verdict as _,
        serde_json::to_value(examined.notes()).map_err(anyhow::Error::from)?,
        occasion,
        act.now,
        act.actor.name
    )
    .execute(&mut *connection)
    .await?;
    Ok(())
}

/// Newest first.
pub async fn of_case(pool: &PgPool, scope: &Scope, case: Uuid) -> anyhow::Result<Vec<StoredCheck>> {
    let rows = sqlx::query!(
        r#"SELECT k.id, k.round, k.receipt, k.verdict AS "verdict: Overall", r.as_of, r.results, k.warnings, k.occasion, k.current,
                  k.checked_at, k.checked_by
           FROM admission_check k JOIN receipt r ON r.district = k.district AND r.id = k.receipt
           WHERE k.district = $1 AND k.case_id = $2 ORDER BY k.id DESC"#,
        scope.county(),
        case
    )
    .fetch_all(pool)
    .await?;
    rows.into_iter()
        .map(|row| {
            Ok(StoredCheck {
                id: row.id,
                round: row.round,
                receipt: row.receipt,
                verdict: row.verdict,
                as_of: row.as_of,
                results: row.results,
                warnings: serde_json::from_value(row.warnings)?,
                occasion: row.occasion,
                current: row.current,
                checked_at: row.checked_at,
                checked_by: row.checked_by,
            })
        })
        .collect()
}

pub async fn current(pool: &PgPool, scope: &Scope, case: Uuid) -> anyhow::Result<Option<StoredCheck>> {
    Ok(of_case(pool, scope, case).await?.into_iter().find(|check| check.current))
}
