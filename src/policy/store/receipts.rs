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

/// Keeps many receipts in one statement, as [`save`] keeps one.
///
/// # Errors
/// When the results of one say no verdict, or its catalogue was never published.
pub async fn save_many(connection: &mut PgConnection, act: &Act, receipts: &[&Receipt]) -> Result<(), ReceiptError> {
    if receipts.is_empty() {
        return Ok(());
    }
    let verdicts = receipts.iter().map(|receipt| verdict_of(&receipt.results).ok_or(ReceiptError::NoVerdict));
    let verdicts = verdicts.map(|verdict| verdict.map(|verdict| verdict.code().to_owned()));
    let verdicts: Vec<String> = verdicts.collect::<Result<_, _>>()?;
    let texts = |of: fn(&Receipt) -> &String| receipts.iter().map(|receipt| of(receipt).clone()).collect::<Vec<_>>();
    let days: Vec<chrono::NaiveDate> = receipts.iter().map(|receipt| receipt.as_of).collect();
    sqlx::query!(
        "INSERT INTO receipt (district, id, check_name, as_of, program, catalogue, inputs, results, verdict,
                              recorded_at, recorded_by, recorded_by_name)
         SELECT $1, r.id, r.check_name, r.as_of, r.program, r.catalogue, r.inputs, r.results, r.verdict, $10, $11, $12
         FROM UNNEST($2::text[], $3::text[], $4::date[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[])
              AS r (id, check_name, as_of, program, catalogue, inputs, results, verdict)
         ON CONFLICT (district, id) DO NOTHING",
        act.scope.county(),
        &texts(|receipt| &receipt.id),
        &texts(|receipt| &receipt.check),
        &days,
        &texts(|receipt| &receipt.program),
        &texts(|receipt| &receipt.catalogue),
        &texts(|receipt| &receipt.inputs),
        &texts(|receipt| &receipt.results),
        &verdicts,
        act.now,
        act.actor.account,
        act.actor.name
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
