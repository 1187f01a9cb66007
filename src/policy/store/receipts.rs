//! Receipts as they are kept: written once, named by their content, never changed.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use crate::account::Act;
use crate::db::{PgPool, Scope};
use crate::policy::receipt::Receipt;
use crate::policy::verdict::Summary;

#[derive(Debug, thiserror::Error)]
pub enum ReceiptError {
    #[error(
        "the results of a check have no \"verdict\" that is conforms, does_not_conform, not_determinable or computed"
    )]
    NoVerdict,
    #[error(transparent)]
    Database(#[from] sqlx::Error),
}

/// What the results of a check say at their `/verdict`.
pub fn verdict_of(results: &str) -> Option<Summary> {
    let results: serde_json::Value = serde_json::from_str(results).ok()?;
    Summary::ALL.iter().copied().find(|verdict| results["verdict"] == verdict.code())
}

/// Keeps a receipt, in the transaction of whatever rests on it. Saving it again changes nothing: who recorded it first,
/// and when, stays. A decision refers to `(district, id, verdict)`.
///
/// # Errors
/// When its results say no verdict, or its catalogue was never published.
pub async fn save(connection: &mut PgConnection, act: &Act, receipt: &Receipt) -> Result<Summary, ReceiptError> {
    let verdict = verdict_of(&receipt.results).ok_or(ReceiptError::NoVerdict)?;
    sqlx::query!(
        "INSERT INTO receipt (district, id, check_name, as_of, program, catalogue, inputs, results, verdict,
                              recorded_at, recorded_by, recorded_by_name)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
         ON CONFLICT (district, id) DO NOTHING",
        act.scope.county(),
        receipt.id,
        receipt.check,
        receipt.as_of,
        receipt.program,
        receipt.catalogue,
        receipt.inputs,
        receipt.results,
        verdict.code(),
        act.now,
        act.actor.account,
        act.actor.name
    )
    .execute(connection)
    .await?;
    Ok(verdict)
}

/// The same for very many, by one statement.
///
/// # Errors
/// When the results of any say no verdict, or its catalogue was never published.
pub async fn save_all(connection: &mut PgConnection, act: &Act, receipts: &[Receipt]) -> Result<(), ReceiptError> {
    let verdict = |receipt: &Receipt| verdict_of(&receipt.results).ok_or(ReceiptError::NoVerdict);
    let verdicts: Vec<Summary> = receipts.iter().map(verdict).collect::<Result<_, _>>()?;
    let verdicts: Vec<String> = verdicts.iter().map(|verdict| verdict.code().to_owned()).collect();
    let column = |of: fn(&Receipt) -> &String| receipts.iter().map(|receipt| of(receipt).clone()).collect::<Vec<_>>();
    let days: Vec<chrono::NaiveDate> = receipts.iter().map(|receipt| receipt.as_of).collect();
    sqlx::query!(
        "INSERT INTO receipt (district, id, check_name, as_of, program, catalogue, inputs, results, verdict,
                              recorded_at, recorded_by, recorded_by_name)
         SELECT $1, it.id, it.check_name, it.as_of, it.program, it.catalogue, it.inputs, it.results, it.verdict, $2, $3, $4
         FROM unnest($5::text[], $6::text[], $7::date[], $8::text[], $9::text[], $10::text[], $11::text[], $12::text[])
             AS it (id, check_name, as_of, program, catalogue, inputs, results, verdict)
         ON CONFLICT (district, id) DO NOTHING",
        act.scope.county(),
        act.now,
        act.actor.account,
        act.actor.name,
        &column(|receipt| &receipt.id),
        &column(|receipt| &receipt.check),
        &days,
        &column(|receipt| &receipt.program),
        &column(|receipt| &receipt.catalogue),
        &column(|receipt| &receipt.inputs),
        &column(|receipt| &receipt.results),
        &verdicts
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// A receipt with who recorded it.
#[derive(Clone, Debug)]
pub struct Kept {
    pub receipt: Receipt,
    pub verdict: Summary,
    pub recorded_at: DateTime<Utc>,
    pub recorded_by_name: String,
}

pub async fn find(pool: &PgPool, scope: &Scope, id: &str) -> Result<Option<Kept>, sqlx::Error> {
    let row = sqlx::query!(
        r#"SELECT id, check_name, as_of, program, catalogue, inputs, results, verdict AS "verdict: Summary",
                  recorded_at, recorded_by_name
           FROM receipt WHERE district = $1 AND id = $2"#,
        scope.county(),
        id
    )
    .fetch_optional(pool)
    .await?;
    Ok(row.map(|row| Kept {
        receipt: Receipt {
            id: row.id,
            check: row.check_name,
            as_of: row.as_of,
            program: row.program,
            catalogue: row.catalogue,
            inputs: row.inputs,
            results: row.results,
        },
        verdict: row.verdict,
        recorded_at: row.recorded_at,
        recorded_by_name: row.recorded_by_name,
    }))
}

/// Numbers of receipts after `after`, in their order: a page of a walk over all of them. `prefix` narrows it to numbers
/// that begin so.
pub async fn numbers_after(
    pool: &PgPool,
    scope: &Scope,
    prefix: &str,
    after: &str,
    limit: i64,
) -> Result<Vec<String>, sqlx::Error> {
    sqlx::query_scalar!(
        "SELECT id FROM receipt WHERE district = $1 AND starts_with(id, $2) AND id > $3 ORDER BY id LIMIT $4",
        scope.county(),
        prefix,
        after,
        limit
    )
    .fetch_all(pool)
    .await
}
