//! What the registers say of those who are entered.

use chrono::NaiveDate;
use uuid::Uuid;

use crate::admission::IndustryCode;
use crate::db::{PgConnection, Scope};
use crate::enterprise::EnterpriseState;
use crate::supervision::breach::BreachState;

/// An enterprise by its version of a day.
#[derive(Clone, Debug)]
pub struct Enterprise {
    pub uscc: String,
    pub name: String,
    pub state: EnterpriseState,
    pub subdistrict: Option<String>,
}

/// Those of some credit codes that are on record.
pub async fn enterprises(
    connection: &mut PgConnection,
    scope: &Scope,
    codes: &[String],
    on: NaiveDate,
) -> Result<Vec<Enterprise>, sqlx::Error> {
    sqlx::query_as!(
        Enterprise,
        r#"SELECT DISTINCT ON (uscc) uscc, name, state AS "state: _", subdistrict FROM enterprise_version
           WHERE district = $1 AND uscc = ANY ($2) AND superseded_at IS NULL AND (lower_inf(valid) OR lower(valid) <= $3)
           ORDER BY uscc, lower(valid) DESC NULLS LAST"#,
        scope.county(),
        codes,
        on
    )
    .fetch_all(connection)
    .await
}

/// A parcel by its version of a day.
#[derive(Clone, Debug)]
pub struct Parcel {
    pub name: Option<String>,
    pub supply_status: String,
    pub subdistrict: String,
}

pub async fn parcel(
    connection: &mut PgConnection,
    scope: &Scope,
    code: &str,
    on: NaiveDate,
) -> Result<Option<Parcel>, sqlx::Error> {
    sqlx::query_as!(
        Parcel,
        r#"SELECT name, supply_status, COALESCE(subdistrict, registered_subdistrict) AS "subdistrict!" FROM parcel_version
           WHERE district = $1 AND code = $2 AND valid @> $3::date AND superseded_at IS NULL"#,
        scope.county(),
        code,
        on
    )
    .fetch_optional(connection)
    .await
}

/// Parcels that an enterprise uses on a day, at most twenty.
pub async fn parcels_used(
    connection: &mut PgConnection,
    scope: &Scope,
    uscc: &str,
    on: NaiveDate,
) -> Result<Vec<String>, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT DISTINCT parcel_code AS "code!" FROM occupancy
           WHERE district = $1 AND occupant = $2 AND parcel_code IS NOT NULL AND superseded_at IS NULL AND valid @> $3::date
           ORDER BY 1 LIMIT 20"#,
        scope.county(),
        uscc,
        on
    )
    .fetch_all(connection)
    .await
}

/// What came of a parcel.
pub async fn successors(connection: &mut PgConnection, scope: &Scope, code: &str) -> Result<Vec<String>, sqlx::Error> {
    sqlx::query_scalar!(
        "SELECT DISTINCT successor FROM parcel_lineage WHERE district = $1 AND predecessor = $2 AND successor <> $2 ORDER BY successor",
        scope.county(),
        code
    )
    .fetch_all(connection)
    .await
}

/// One of an official run.
#[derive(Clone, Debug)]
pub struct Graded {
    pub key: String,
    pub name: String,
    pub subdistrict: Option<String>,
    pub grade: String,
    pub score: String,
}

/// The official run of a category and year, with its receipt.
#[derive(Clone, Debug)]
pub struct Official {
    pub id: Uuid,
    pub receipt: String,
    pub category: String,
}

pub async fn official(
    connection: &mut PgConnection,
    scope: &Scope,
    (category, year): (&str, i16),
) -> Result<Option<Official>, sqlx::Error> {
    sqlx::query_as!(
        Official,
        "SELECT id, receipt, category FROM evaluation_run
         WHERE district = $1 AND category = $2 AND year = $3 AND state = 'official'",
        scope.county(),
        category,
        year
    )
    .fetch_optional(connection)
    .await
}

/// Official runs of a year that rank an enterprise with a grade, with what each gave.
pub async fn graded(
    connection: &mut PgConnection,
    scope: &Scope,
    (uscc, year, grade): (&str, i16, &str),
) -> Result<Vec<(Official, Graded)>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"SELECT r.id, r.receipt, r.category, e.key, e.name, e.subdistrict, e.grade, e.score::text AS "score!"
           FROM evaluation_run r JOIN evaluation_result e ON e.district = r.district AND e.run = r.id
           WHERE r.district = $1 AND r.year = $3 AND r.state = 'official' AND e.key = $2 AND e.grade = $4 ORDER BY r.category"#,
        scope.county(),
        uscc,
        year,
        grade
    );
    let rows = rows.fetch_all(connection).await?.into_iter();
    let found = rows.map(|row| {
        let (key, name, subdistrict, grade, score) = (row.key, row.name, row.subdistrict, row.grade, row.score);
        (
            Official { id: row.id, receipt: row.receipt, category: row.category },
            Graded { key, name, subdistrict, grade, score },
        )
    });
    Ok(found.collect())
}

/// Everybody of a run with a grade.
pub async fn of_grade(
    connection: &mut PgConnection,
    scope: &Scope,
    (run, grade): (Uuid, &str),
) -> Result<Vec<Graded>, sqlx::Error> {
    sqlx::query_as!(
        Graded,
        r#"SELECT key, name, subdistrict, grade, score::text AS "score!" FROM evaluation_result
           WHERE district = $1 AND run = $2 AND grade = $3 ORDER BY key"#,
        scope.county(),
        run,
        grade
    )
    .fetch_all(connection)
    .await
}

/// A breach file of a contract that an enterprise holds.
#[derive(Clone, Debug)]
pub struct Breached {
    pub contract: String,
    pub due: NaiveDate,
    pub state: BreachState,
}

/// The newest that is neither healed nor paid for nor dropped.
pub async fn breach(connection: &mut PgConnection, scope: &Scope, uscc: &str) -> Result<Option<Breached>, sqlx::Error> {
    sqlx::query_as!(
        Breached,
        r#"SELECT b.contract, b.due, b.state AS "state: _" FROM contract_breach b
               JOIN contract_terms t ON t.district = b.district AND t.contract = b.contract AND t.superseded_at IS NULL
           WHERE b.district = $1 AND t.grantee = $2 AND b.state NOT IN ('healed', 'penalty_paid', 'dropped')
           ORDER BY b.opened_at DESC, b.id LIMIT 1"#,
        scope.county(),
        uscc
    )
    .fetch_optional(connection)
    .await
}

/// An output review that failed.
#[derive(Clone, Debug)]
pub struct FailedReview {
    pub contract: String,
    pub reviewed_on: NaiveDate,
    pub receipt: String,
}

/// The newest after which no other passed.
pub async fn failed_review(
    connection: &mut PgConnection,
    scope: &Scope,
    uscc: &str,
) -> Result<Option<FailedReview>, sqlx::Error> {
    sqlx::query_as!(
        FailedReview,
        r#"SELECT r.contract, r.reviewed_on AS "reviewed_on!", r.receipt AS "receipt!" FROM contract_review r
               JOIN contract_terms t ON t.district = r.district AND t.contract = r.contract AND t.superseded_at IS NULL
           WHERE r.district = $1 AND t.grantee = $2 AND r.kind = 'output' AND r.outcome = 'failed' AND NOT EXISTS (
               SELECT FROM contract_review p WHERE p.district = r.district AND p.contract = r.contract AND p.kind = 'output'
                   AND p.outcome = 'passed' AND p.reviewed_on >= r.reviewed_on)
           ORDER BY r.reviewed_on DESC, r.id LIMIT 1"#,
        scope.county(),
        uscc
    )
    .fetch_optional(connection)
    .await
}

/// By the version of a day.
pub async fn industry(
    connection: &mut PgConnection,
    scope: &Scope,
    uscc: &str,
    on: NaiveDate,
) -> Result<Option<IndustryCode>, sqlx::Error> {
    sqlx::query_as!(
        IndustryCode,
        r#"SELECT industry_code AS "code!", industry_edition AS "edition!" FROM enterprise_version
           WHERE district = $1 AND uscc = $2 AND superseded_at IS NULL AND industry_code IS NOT NULL AND valid @> $3::date"#,
        scope.county(),
        uscc,
        on
    )
    .fetch_optional(connection)
    .await
}
