//! What lists and pages ask besides the contracts themselves: names, pages of numbers, and who recorded what.

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDate, Utc};

use super::Entry;
use crate::db::{PgPool, Scope, like};

/// Codes of grantees that have, or had, a name with this in it.
pub async fn called(pool: &PgPool, scope: &Scope, text: &str) -> Result<BTreeSet<String>, sqlx::Error> {
    let found = sqlx::query_scalar!(
        "SELECT DISTINCT v.uscc FROM enterprise_version v
         JOIN contract_terms t ON t.district = v.district AND t.grantee = v.uscc AND t.superseded_at IS NULL
         WHERE v.district = $1 AND v.superseded_at IS NULL AND v.name LIKE $2",
        scope.county(),
        like::containing(text)
    )
    .fetch_all(pool)
    .await?;
    Ok(found.into_iter().collect())
}

/// Names of enterprises on a day, by their code; the last known where none holds on it.
pub async fn names(
    pool: &PgPool,
    scope: &Scope,
    codes: &[String],
    on: NaiveDate,
) -> Result<Vec<(String, String)>, sqlx::Error> {
    let rows = sqlx::query!(
        "SELECT DISTINCT ON (uscc) uscc, name FROM enterprise_version
         WHERE district = $1 AND uscc = ANY($2) AND superseded_at IS NULL
         ORDER BY uscc, valid @> $3::date DESC, lower(valid) DESC",
        scope.county(),
        codes,
        on
    )
    .fetch_all(pool)
    .await?;
    Ok(rows.into_iter().map(|row| (row.uscc, row.name)).collect())
}

/// Numbers in their order after `after`, at most `size`: those with `text` in the number, of that parcel, or of one of the
/// `grantees`. Everything without a text.
pub async fn matching(
    pool: &PgPool,
    scope: &Scope,
    text: Option<&str>,
    grantees: &BTreeSet<String>,
    after: Option<&str>,
    size: i64,
) -> Result<Vec<Entry>, sqlx::Error> {
    let pattern = text.map(like::containing);
    let grantees: Vec<String> = grantees.iter().cloned().collect();
    sqlx::query_as!(
        Entry,
        "SELECT c.number, c.subdistrict FROM contract c
         WHERE c.district = $1 AND ($2::text IS NULL OR c.subdistrict = $2) AND ($3::text IS NULL OR c.number > $3)
           AND ($4::text IS NULL OR c.number IN (
               SELECT number FROM contract WHERE district = $1 AND number LIKE $5
               UNION ALL SELECT contract FROM contract_terms
                   WHERE district = $1 AND superseded_at IS NULL AND grantee = ANY (array_append($6, $4))
               UNION ALL SELECT contract FROM contract_terms
                   WHERE district = $1 AND superseded_at IS NULL AND parcels @> ARRAY[$4::text]))
         ORDER BY c.number LIMIT $7",
        scope.county(),
        scope.subdistrict_code(),
        after,
        text,
        pattern,
        &grantees,
        size
    )
    .fetch_all(pool)
    .await
}

/// Who recorded a row of a contract and why, and what became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recorded {
    /// `terms`, `event` or `certificate`.
    pub what: String,
    pub id: i64,
    /// The day it holds from, or happened on.
    pub on: Option<NaiveDate>,
    /// Code of the role, the kind of event or the stage.
    pub kind: String,
    pub document: Option<String>,
    pub note: String,
    pub reason: String,
    pub source: String,
    pub recorded_at: DateTime<Utc>,
    pub recorded_by: String,
    pub superseded_at: Option<DateTime<Utc>>,
    pub superseded_by: Option<String>,
    pub superseded_reason: Option<String>,
}

/// Every row of a contract that was on record at a moment, corrected ones included, in the order in which they were
/// recorded.
pub async fn recorded(
    pool: &PgPool,
    scope: &Scope,
    number: &str,
    known_at: DateTime<Utc>,
) -> Result<Vec<Recorded>, sqlx::Error> {
    sqlx::query_as!(
        Recorded,
        r#"SELECT what AS "what!", id AS "id!", on_day AS "on", kind AS "kind!", document, note AS "note!", reason AS "reason!",
               source AS "source!", recorded_at AS "recorded_at!", recorded_by AS "recorded_by!",
               CASE WHEN superseded_at <= $3 THEN superseded_at END AS superseded_at, superseded_by, superseded_reason
           FROM (SELECT 'terms' AS what, id, effective_on AS on_day, role AS kind, document, '' AS note, reason, source, recorded_at,
                     recorded_by, superseded_at, NULL AS superseded_by, NULL AS superseded_reason
                 FROM contract_terms WHERE district = $1 AND contract = $2
                 UNION ALL SELECT 'event', id, happened_on, kind, document, note, reason, source, recorded_at, recorded_by,
                     superseded_at, superseded_by, superseded_reason
                 FROM contract_event WHERE district = $1 AND contract = $2
                 UNION ALL SELECT 'certificate', id, lower(valid), stage, number, '', reason, source, recorded_at, recorded_by,
                     superseded_at, NULL, NULL
                 FROM staged_certificate WHERE district = $1 AND contract = $2) rows
           WHERE recorded_at <= $3 ORDER BY recorded_at, what, id"#,
        scope.county(),
        number,
        known_at
    )
    .fetch_all(pool)
    .await
}
