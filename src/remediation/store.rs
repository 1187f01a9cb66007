//! The list of a district, set-based: a page, the counts, or all of it as a stream.

mod sql;

use std::collections::HashMap;

use chrono::NaiveDate;
use futures_util::TryStreamExt;
use rust_decimal::Decimal;
use sqlx::postgres::types::PgRange;
use sqlx::{FromRow, PgConnection, Postgres, Transaction};
use tokio::sync::mpsc;

use super::list::{Choice, Counts, Cursor, Entry, LandPart, ListQuery, Page, floor_days};
use super::rules::{deciding_day, judge};
use super::{Facts, LandDays, Line, LineError, Outcome, Tax};
use crate::base::unit::Yuan;
use crate::db::{PgPool, Scope};
use crate::enterprise::{EnterpriseState, FigureState, HoldingSide, Sector, SizeClass};
use crate::policy;
use sql::Moment;
// Other rooms join their own figures to the same outcome instead of working it out again.
pub(crate) use sql::{Sql, push_listed};

/// Enough memory to sort a million lines, and the tables read in the order of their indexes, so that sorted streams are
/// merged: by its own estimates the planner gathers a million groups from parallel hash tables, which took longer.
const SETTINGS: &str = "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY;
    SET LOCAL work_mem = '256MB'; SET LOCAL enable_hashagg = off; SET LOCAL enable_hashjoin = off; SET LOCAL random_page_cost = 1.1;
    SET LOCAL max_parallel_workers_per_gather = 0";
const CHUNK: usize = 1000;

#[derive(Debug, thiserror::Error)]
pub enum ListError {
    #[error("the line of {year} cannot be drawn: {error}")]
    Line { year: i32, error: LineError },
    #[error("{year} is not a year that can be listed (1990 to 2100)")]
    Year { year: i32 },
    #[error("the query finds {uscc} {query} and the rule {rule}", query = query.code(), rule = rule.code())]
    Divergence { uscc: String, query: Outcome, rule: Outcome },
    #[error(transparent)]
    Database(#[from] sqlx::Error),
}

/// The line in force for the list of `year`, by the parameters of its 31 December.
///
/// # Errors
/// When no value was in force then.
pub async fn line_of(pool: &PgPool, year: i32) -> Result<Line, ListError> {
    if !(1990..=2100).contains(&year) {
        return Err(ListError::Year { year });
    }
    let parameters = policy::store::parameters_on(pool, deciding_day(year)).await?;
    Line::from_parameters(&parameters).map_err(|error| ListError::Line { year, error })
}

/// One page of at most `size` lines after `after`.
pub async fn page(
    pool: &PgPool,
    scope: &Scope,
    query: &ListQuery,
    line: &Line,
    after: Option<&Cursor>,
    size: u16,
) -> Result<Page, ListError> {
    let mut transaction = snapshot(pool).await?;
    let mut statement = list_statement(scope, query, line, after, Some(i64::from(size) + 1));
    let mut rows: Vec<FactRow> = statement.build_query_as().fetch_all(&mut *transaction).await?;
    let more = rows.len() > usize::from(size);
    rows.truncate(size.into());
    let entries = complete(&mut transaction, scope, query, line, rows).await?;
    transaction.commit().await?;
    let next = entries.last().filter(|_| more).map(|entry| entry.cursor.clone());
    Ok(Page { entries, next })
}

/// The line of one enterprise; `None` when it is not in the list of that year, or not in the scope.
pub async fn entry(
    pool: &PgPool,
    scope: &Scope,
    query: &ListQuery,
    line: &Line,
    uscc: &str,
) -> Result<Option<Entry>, ListError> {
    let mut only = ListQuery::of_year(query.year);
    only.known_before = query.known_before;
    only.filter.text = Some(uscc.to_owned());
    let page = page(pool, scope, &only, line, None, 2).await?;
    Ok(page.entries.into_iter().find(|entry| entry.uscc == uscc))
}

/// The lines of some enterprises, in no order; those outside the scope or the year are left out.
pub async fn entries_of(
    pool: &PgPool,
    scope: &Scope,
    year: i32,
    line: &Line,
    enterprises: Vec<String>,
) -> Result<Vec<Entry>, ListError> {
    let size = u16::try_from(enterprises.len()).unwrap_or(u16::MAX);
    let mut only = ListQuery::of_year(year);
    only.filter.enterprises = Some(enterprises);
    Ok(page(pool, scope, &only, line, None, size).await?.entries)
}

/// How many enterprises have each outcome, whatever outcomes the query asks for.
pub async fn counts(pool: &PgPool, scope: &Scope, query: &ListQuery, line: &Line) -> Result<Counts, ListError> {
    let mut transaction = snapshot(pool).await?;
    let mut statement = Sql::new("");
    push_listed(&mut statement, scope, query, line);
    sql::push_counts(&mut statement);
    let (counts,): (Vec<i64>,) = statement.build_query_as().fetch_one(&mut *transaction).await?;
    transaction.commit().await?;
    Ok(Counts(Outcome::ALL.iter().copied().zip(counts).collect()))
}

/// The whole list in chunks, for exports of any size: memory holds a few chunks at a time. Dropping the receiver stops
/// the reading. All chunks see the database as it was when the stream began.
pub fn stream(
    pool: PgPool,
    scope: Scope,
    query: ListQuery,
    line: Line,
) -> mpsc::Receiver<Result<Vec<Entry>, ListError>> {
    let (sender, receiver) = mpsc::channel(2);
    tokio::spawn(async move {
        if let Err(error) = feed(&pool, &scope, &query, &line, &sender).await {
            let _ = sender.send(Err(error)).await;
        }
    });
    receiver
}

/// Years with a tax return, newest first.
pub async fn years(pool: &PgPool, scope: &Scope) -> Result<Vec<i32>, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT y AS "year!" FROM generate_series(1990, 2100) y WHERE EXISTS (
               SELECT FROM return_figure WHERE district = $1 AND year = y::smallint AND indicator = 'tax_paid'
               AND superseded_at IS NULL)
           ORDER BY y DESC"#,
        scope.county()
    )
    .fetch_all(pool)
    .await
}

/// Sub-districts of the district on 31 December of the year, for choosing one.
pub async fn subdistricts(pool: &PgPool, scope: &Scope, year: i32) -> Result<Vec<Choice>, sqlx::Error> {
    sqlx::query_as!(
        Choice,
        "SELECT code, name FROM subdistrict WHERE left(code, 6) = $1 AND valid @> $2::date
         AND ($3::text IS NULL OR code = $3) ORDER BY code",
        scope.county(),
        deciding_day(year),
        scope.subdistrict_code()
    )
    .fetch_all(pool)
    .await
}

/// Sections of GB/T 4754, for choosing one; the newest edition names them.
pub async fn sections(pool: &PgPool) -> Result<Vec<Choice>, sqlx::Error> {
    sqlx::query_as!(
        Choice,
        "SELECT DISTINCT ON (code) code, name FROM industry WHERE level = 1 ORDER BY code, edition DESC"
    )
    .fetch_all(pool)
    .await
}

type ChunkSender = mpsc::Sender<Result<Vec<Entry>, ListError>>;

async fn feed(
    pool: &PgPool,
    scope: &Scope,
    query: &ListQuery,
    line: &Line,
    sender: &ChunkSender,
) -> Result<(), ListError> {
    let mut reading = snapshot(pool).await?;
    // The second connection looks up the parts while the first is still sending lines.
    let mut completing = same_snapshot(pool, &mut reading).await?;
    let mut statement = list_statement(scope, query, line, None, None);
    let mut rows = statement.build_query_as::<FactRow>().fetch(&mut *reading);
    let mut chunk = Vec::with_capacity(CHUNK);
    loop {
        let row = rows.try_next().await?;
        let last = row.is_none();
        chunk.extend(row);
        if chunk.len() == CHUNK || (last && !chunk.is_empty()) {
            let entries = complete(&mut completing, scope, query, line, std::mem::take(&mut chunk)).await?;
            if sender.send(Ok(entries)).await.is_err() {
                return Ok(());
            }
        }
        if last {
            return Ok(());
        }
    }
}

/// A read-only transaction in which every statement sees the same state.
async fn snapshot(pool: &PgPool) -> Result<Transaction<'static, Postgres>, sqlx::Error> {
    let mut transaction = pool.begin().await?;
    sqlx::raw_sql(SETTINGS).execute(&mut *transaction).await?;
    Ok(transaction)
}

async fn same_snapshot(pool: &PgPool, other: &mut PgConnection) -> Result<Transaction<'static, Postgres>, sqlx::Error> {
    let name = sqlx::query_scalar!("SELECT pg_export_snapshot()").fetch_one(other).await?.unwrap_or_default();
    let mut transaction = snapshot(pool).await?;
    // The statement takes no parameters; the name comes from the server and holds hexadecimal digits and dashes.
    let mut statement = Sql::new("SET TRANSACTION SNAPSHOT '");
    statement.push(name).push("'").build().execute(&mut *transaction).await?;
    Ok(transaction)
}

fn list_statement(scope: &Scope, query: &ListQuery, line: &Line, after: Option<&Cursor>, limit: Option<i64>) -> Sql {
    let mut statement = Sql::new("");
    push_listed(&mut statement, scope, query, line);
    sql::push_lines(&mut statement, query, after, limit);
    statement
}

#[derive(FromRow)]
struct FactRow {
    uscc: String,
    operated: bool,
    tax_state: Option<FigureState>,
    tax: Option<Decimal>,
    tax_out_of_range: bool,
    outcome: Outcome,
    rank: i32,
    key: Option<String>,
}

#[derive(FromRow)]
struct VersionRow {
    uscc: String,
    name: String,
    industry_edition: Option<String>,
    industry_code: Option<String>,
    sector: Sector,
    size_class: SizeClass,
    subdistrict: Option<String>,
    state: EnterpriseState,
    established_on: Option<NaiveDate>,
    above_size_since: Option<NaiveDate>,
    project_until: Option<NaiveDate>,
}

fn facts_of(row: &FactRow, version: &VersionRow, parts: &[LandPart], year: i32) -> Facts {
    Facts {
        year,
        operated: row.operated,
        established_on: version.established_on,
        size_class: version.size_class,
        above_size_since: version.above_size_since,
        project_until: version.project_until,
        tax: match row.tax {
            Some(tax) => Tax::Paid(Yuan(tax)),
            None if row.tax_out_of_range => Tax::OutOfRange,
            None => Tax::Missing,
        },
        land: LandDays::of(parts),
        floor: floor_days(parts),
    }
}

#[derive(FromRow)]
struct PartRow {
    uscc: String,
    side: HoldingSide,
    parcel_code: Option<String>,
    valid: PgRange<NaiveDate>,
    days: i32,
    floor_only: bool,
    odd: bool,
    area: Option<Decimal>,
    floor: Option<Decimal>,
    counterpart: Option<String>,
}

#[derive(FromRow)]
struct PlaceRow {
    uscc: String,
    code: String,
}

/// Judges the rows and adds what makes up their land, and where they lie.
async fn complete(
    connection: &mut PgConnection,
    scope: &Scope,
    query: &ListQuery,
    line: &Line,
    rows: Vec<FactRow>,
) -> Result<Vec<Entry>, ListError> {
    let codes: Vec<String> = rows.iter().map(|row| row.uscc.clone()).collect();
    let mut versions = versions_of(connection, scope, query, &codes).await?;
    let mut parts = parts_of(connection, scope, query, &codes).await?;
    let mut places = places_of(connection, scope, query, &codes).await?;
    let names = subdistrict_names(connection, query).await?;
    rows.into_iter()
        .map(|row| {
            let place = places.remove(&row.uscc);
            let parts = parts.remove(&row.uscc).unwrap_or_default();
            let version = versions.remove(&row.uscc).ok_or(sqlx::Error::RowNotFound)?;
            entry_of(row, version, query, line, place, parts, &names)
        })
        .collect()
}

fn entry_of(
    row: FactRow,
    version: VersionRow,
    query: &ListQuery,
    line: &Line,
    place: Option<String>,
    parts: Vec<LandPart>,
    names: &HashMap<String, String>,
) -> Result<Entry, ListError> {
    let facts = facts_of(&row, &version, &parts, query.year);
    let judgement = judge(&facts, line);
    if judgement.outcome != row.outcome {
        return Err(ListError::Divergence { uscc: row.uscc, query: row.outcome, rule: judgement.outcome });
    }
    let subdistrict = place.or(version.subdistrict);
    Ok(Entry {
        cursor: Cursor { rank: row.rank, key: row.key, uscc: row.uscc.clone() },
        uscc: row.uscc,
        name: version.name,
        state: version.state,
        sector: version.sector,
        industry_edition: version.industry_edition,
        industry_code: version.industry_code,
        subdistrict_name: subdistrict.as_ref().and_then(|code| names.get(code).cloned()),
        subdistrict,
        tax_state: row.tax_state,
        facts,
        judgement,
        parts,
    })
}

async fn versions_of(
    connection: &mut PgConnection,
    scope: &Scope,
    query: &ListQuery,
    codes: &[String],
) -> Result<HashMap<String, VersionRow>, sqlx::Error> {
    let mut statement = Sql::new("");
    sql::push_versions(&mut statement, scope, &Moment::of(query), Some(codes));
    let rows: Vec<VersionRow> = statement.build_query_as().fetch_all(connection).await?;
    Ok(rows.into_iter().map(|row| (row.uscc.clone(), row)).collect())
}

async fn parts_of(
    connection: &mut PgConnection,
    scope: &Scope,
    query: &ListQuery,
    codes: &[String],
) -> Result<HashMap<String, Vec<LandPart>>, sqlx::Error> {
    let mut statement = Sql::new("");
    sql::push_parts(&mut statement, scope, &Moment::of(query), codes);
    let rows: Vec<PartRow> = statement.build_query_as().fetch_all(connection).await?;
    let mut parts: HashMap<String, Vec<LandPart>> = HashMap::new();
    for row in rows {
        parts.entry(row.uscc).or_default().push(LandPart {
            side: row.side,
            parcel: row.parcel_code,
            area: row.area,
            odd: row.odd,
            floor: row.floor,
            floor_only: row.floor_only,
            days: row.days,
            valid: row.valid.into(),
            counterpart: row.counterpart,
        });
    }
    Ok(parts)
}

async fn places_of(
    connection: &mut PgConnection,
    scope: &Scope,
    query: &ListQuery,
    codes: &[String],
) -> Result<HashMap<String, String>, sqlx::Error> {
    let mut statement = Sql::new("");
    sql::push_places(&mut statement, scope, &Moment::of(query), Some(codes));
    let rows: Vec<PlaceRow> = statement.build_query_as().fetch_all(connection).await?;
    Ok(rows.into_iter().map(|row| (row.uscc, row.code)).collect())
}

/// Names of the sub-districts as they were on 31 December of the year; a code that came later has its first name.
async fn subdistrict_names(
    connection: &mut PgConnection,
    query: &ListQuery,
) -> Result<HashMap<String, String>, sqlx::Error> {
    let rows = sqlx::query!(
        "SELECT DISTINCT ON (code) code, name FROM subdistrict ORDER BY code, valid @> $1::date DESC, lower(valid)",
        deciding_day(query.year)
    )
    .fetch_all(connection)
    .await?;
    Ok(rows.into_iter().map(|row| (row.code, row.name)).collect())
}

#[cfg(test)]
mod tests;
