//! Writing rows. Each function stands inside its caller's transaction; audit and layer are the caller's too.

use chrono::{DateTime, Utc};
use sqlx::postgres::types::PgRange;
use sqlx::types::Json;

use super::rows::EventColumns;
use crate::codelist::CrossWalk;
use crate::contract::certificate::NewCertificate;
use crate::contract::event::{NewEvent, ReviewOrigin};
use crate::contract::known::Paper;
use crate::contract::terms::Terms;
use crate::db::versioned::Versioned;
use crate::db::{PgConnection, Scope};

const TERMS: Versioned = Versioned("contract_terms");
const CERTIFICATES: Versioned = Versioned("staged_certificate");

/// Who wrote a row, when, why, and where it came from; `corrects` names the row it takes the place of.
#[derive(Clone, Copy, Debug)]
pub struct Written<'a> {
    pub at: DateTime<Utc>,
    pub by: &'a str,
    pub reason: &'a str,
    pub source: &'a str,
    pub corrects: Option<i64>,
}

/// Enters a contract in the register. False when its number is taken.
pub async fn add_contract(
    connection: &mut PgConnection,
    scope: &Scope,
    number: &str,
    first_parcel: &str,
    written: Written<'_>,
) -> Result<bool, sqlx::Error> {
    let by_code = first_parcel.get(..9).unwrap_or(first_parcel);
    let added = sqlx::query!(
        "INSERT INTO contract (district, number, subdistrict, created_at, created_by)
         VALUES ($1::text, $2, COALESCE(
             (SELECT COALESCE(subdistrict, registered_subdistrict) FROM parcel_version
              WHERE district = $1::text AND code = $3::text AND superseded_at IS NULL ORDER BY lower(valid) DESC LIMIT 1),
             $6), $4, $5)
         ON CONFLICT DO NOTHING",
        scope.county(),
        number,
        first_parcel,
        written.at,
        written.by,
        CrossWalk::embedded().present_subdistrict(by_code)
    )
    .execute(connection)
    .await?;
    Ok(added.rows_affected() == 1)
}

pub async fn add_terms(
    connection: &mut PgConnection,
    scope: &Scope,
    contract: &str,
    paper: &Paper,
    terms: &Terms,
    written: Written<'_>,
) -> Result<i64, sqlx::Error> {
    let (due, amounts): (Vec<_>, Vec<_>) = terms.instalments.iter().map(|part| (part.due, part.amount.0)).unzip();
    let months = |length: Option<u16>| length.map(|length| i16::try_from(length).unwrap_or(i16::MAX));
    let rates = &terms.rates;
    sqlx::query_scalar!(
        "INSERT INTO contract_terms (district, contract, role, document, signed_on, effective_on, kind, parcels, granted_area_mu,
             grantee, price_yuan, instalment_due, instalment_yuan, hand_over_on, start_on, completion_on, production_on,
             output_review_on, term_years, term_from, construction_months, production_months, day_count,
             planned_investment_yuan, late_payment_permille, rescind_after_days, late_start_permille,
             late_completion_permille, late_production_permille, late_hand_over_permille, cap_percent,
             investment_shortfall, far_shortfall, commitments, admission_case, corrects, reason, source, recorded_at, recorded_by,
             hand_over_after)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24,
             $25, $26, $27, $28, $29, $30, $31, $32, $33, $34, $35, $36, $37, $38, $39, $40, $41)
         RETURNING id",
        scope.county(),
        contract,
        paper.role.code(),
        paper.document,
        paper.signed_on,
        paper.effective_on,
        terms.kind.code(),
        &terms.parcels,
        terms.granted_area.0,
        terms.grantee,
        terms.price.0,
        &due,
        &amounts,
        terms.hand_over_on,
        terms.start_on,
        terms.completion_on,
        terms.production_on,
        terms.output_review_on,
        i16::try_from(terms.term_years).unwrap_or(i16::MAX),
        terms.term_from,
        months(terms.construction_months),
        months(terms.production_months),
        terms.day_count.code(),
        terms.planned_investment.map(|money| money.0),
        rates.late_payment,
        months(rates.rescind_after_days),
        rates.late_start,
        rates.late_completion,
        rates.late_production,
        rates.late_hand_over,
        rates.cap_percent,
        rates.investment_shortfall.code(),
        rates.far_shortfall.code(),
        Json(&terms.commitments) as _,
        terms.admission_case,
        written.corrects,
        written.reason,
        written.source,
        written.at,
        written.by,
        terms.hand_over_after.code()
    )
    .fetch_one(connection)
    .await
}

/// `review` says where a review comes from; none for any other event.
pub async fn add_event(
    connection: &mut PgConnection,
    scope: &Scope,
    contract: &str,
    event: &NewEvent,
    review: Option<ReviewOrigin>,
    written: Written<'_>,
) -> Result<i64, sqlx::Error> {
    let columns = EventColumns::from(&event.happening);
    sqlx::query_scalar!(
        "INSERT INTO contract_event (district, contract, kind, happened_on, until, duty, instalment, amount_yuan, outcome, cause,
             covers, figure, value, document, note, corrects, reason, source, recorded_at, recorded_by, review_origin,
             reached_on)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22)
         RETURNING id",
        scope.county(),
        contract,
        event.happening.kind().code(),
        event.on,
        columns.until,
        columns.duty,
        columns.instalment,
        columns.amount,
        columns.outcome.map(|it| it.code()),
        columns.cause.map(|it| it.code()),
        columns.covers.map(|it| it.code()),
        columns.figure.map(|it| it.code()),
        columns.value,
        event.document,
        event.note,
        written.corrects,
        written.reason,
        written.source,
        written.at,
        written.by,
        review.map(ReviewOrigin::code),
        columns.reached_on
    )
    .fetch_one(connection)
    .await
}

pub async fn add_certificate(
    connection: &mut PgConnection,
    scope: &Scope,
    contract: &str,
    certificate: &NewCertificate,
    written: Written<'_>,
) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar!(
        "INSERT INTO staged_certificate (district, contract, parcel_code, stage, number, valid, allows, review, corrects, reason,
             source, recorded_at, recorded_by)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) RETURNING id",
        scope.county(),
        contract,
        certificate.parcel,
        certificate.stage.code(),
        certificate.number,
        PgRange::from(certificate.valid),
        certificate.allows,
        certificate.review,
        written.corrects,
        written.reason,
        written.source,
        written.at,
        written.by
    )
    .fetch_one(connection)
    .await
}

/// The version of a contract, which nobody else changes until the transaction ends.
pub async fn lock(connection: &mut PgConnection, scope: &Scope, number: &str) -> Result<Option<i32>, sqlx::Error> {
    sqlx::query_scalar!(
        "SELECT version FROM contract WHERE district = $1 AND number = $2 AND ($3::text IS NULL OR subdistrict = $3) FOR UPDATE",
        scope.county(),
        number,
        scope.subdistrict_code()
    )
    .fetch_optional(connection)
    .await
}

/// One version further. How many rows that touched.
pub async fn bump(
    connection: &mut PgConnection,
    scope: &Scope,
    number: &str,
    version: i32,
) -> Result<u64, sqlx::Error> {
    let done = sqlx::query!(
        "UPDATE contract SET version = version + 1 WHERE district = $1 AND number = $2 AND version = $3",
        scope.county(),
        number,
        version
    )
    .execute(connection)
    .await?;
    Ok(done.rows_affected())
}

/// Ends what was known of a version of the terms. How many rows that touched.
pub async fn supersede_terms(
    connection: &mut PgConnection,
    scope: &Scope,
    contract: &str,
    id: i64,
    at: DateTime<Utc>,
) -> Result<u64, sqlx::Error> {
    TERMS.end_under(connection, scope, ("contract", contract), id, at).await
}

/// Ends what was known of an event, with who and why. How many rows that touched.
pub async fn supersede_event(
    connection: &mut PgConnection,
    scope: &Scope,
    contract: &str,
    id: i64,
    written: Written<'_>,
) -> Result<u64, sqlx::Error> {
    let done = sqlx::query!(
        "UPDATE contract_event SET superseded_at = $4, superseded_by = $5, superseded_reason = $6
         WHERE district = $1 AND contract = $2 AND id = $3 AND superseded_at IS NULL",
        scope.county(),
        contract,
        id,
        written.at,
        written.by,
        written.reason
    )
    .execute(connection)
    .await?;
    Ok(done.rows_affected())
}

/// Ends what was known of a certificate. How many rows that touched.
pub async fn supersede_certificate(
    connection: &mut PgConnection,
    scope: &Scope,
    contract: &str,
    id: i64,
    at: DateTime<Utc>,
) -> Result<u64, sqlx::Error> {
    CERTIFICATES.end_under(connection, scope, ("contract", contract), id, at).await
}
