//! What lists and pages ask besides the contracts themselves: names, pages of numbers, and who recorded what.

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::{Postgres, QueryBuilder};

use super::Entry;
use crate::db::count::{Total, total as count};
use crate::db::keyset::Position;
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

/// What a list of numbers is narrowed to: those with `text` in the number, of that parcel, or of one of the `grantees`.
/// Everything without a text.
#[derive(Clone, Copy, Debug)]
pub struct Sought<'a> {
    pub text: Option<&'a str>,
    pub grantees: &'a BTreeSet<String>,
}

type Sql = QueryBuilder<Postgres>;

/// Numbers in their order from a position, as they are read from there, at most `size`.
pub async fn matching(
    pool: &PgPool,
    scope: &Scope,
    sought: Sought<'_>,
    position: &Position<&str>,
    size: i64,
) -> Result<Vec<Entry>, sqlx::Error> {
    let mut sql = Sql::new("SELECT c.number, c.subdistrict");
    push_matching(&mut sql, scope, sought);
    let reading = position.reading(false);
    if let Some(key) = position.key() {
        sql.push(" AND c.number").push(reading.beyond).push_bind((*key).to_owned());
    }
    sql.push(" ORDER BY c.number").push(reading.direction).push(" LIMIT ").push_bind(size);
    sql.build_query_as().fetch_all(pool).await
}

/// How many numbers there are, as far as that is quickly said.
pub async fn total(pool: &PgPool, scope: &Scope, sought: Sought<'_>) -> Result<Total, sqlx::Error> {
    count(pool, |sql| {
        sql.push("SELECT");
        push_matching(sql, scope, sought);
    })
    .await
}

fn push_matching(sql: &mut Sql, scope: &Scope, sought: Sought<'_>) {
    let county = scope.county().to_owned();
    sql.push(" FROM contract c WHERE c.district = ").push_bind(county.clone());
    if let Some(subdistrict) = scope.subdistrict_code() {
        sql.push(" AND c.subdistrict = ").push_bind(subdistrict.to_owned());
    }
    let Some(text) = sought.text else { return };
    let grantees: Vec<String> = sought.grantees.iter().cloned().chain([text.to_owned()]).collect();
    sql.push(" AND c.number IN (SELECT number FROM contract WHERE district = ").push_bind(county.clone());
    sql.push(" AND number LIKE ").push_bind(like::containing(text));
    sql.push(" UNION ALL SELECT contract FROM contract_terms WHERE superseded_at IS NULL AND district = ");
    sql.push_bind(county.clone()).push(" AND grantee = ANY (").push_bind(grantees);
    sql.push(") UNION ALL SELECT contract FROM contract_terms WHERE superseded_at IS NULL AND district = ");
    sql.push_bind(county).push(" AND parcels @> ARRAY[").push_bind(text.to_owned()).push("])");
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
