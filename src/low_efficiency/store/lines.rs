//! Lines of the list from the rows the one statement gives: judged again, with what makes up their land and where they lie.

use std::collections::HashMap;

use chrono::NaiveDate;
use rust_decimal::Decimal;
use sqlx::postgres::types::PgRange;
use sqlx::{FromRow, PgConnection};

use super::ListError;
use super::sql::{self, Moment, Sql};
use crate::base::unit::{Mu, Yuan};
use crate::db::Scope;
use crate::enterprise::{EnterpriseState, FigureState, HoldingSide, Sector, SizeClass};
use crate::low_efficiency::list::{Among, Cursor, Entry, LandPart, ListQuery, floor_days};
use crate::low_efficiency::rules::{deciding_day, judge};
use crate::low_efficiency::{Facts, LandDays, Line, Outcome, Project, ProjectStart, Tax};

#[derive(FromRow)]
pub struct FactRow {
    pub uscc: String,
    operated: bool,
    project_known_from: Option<NaiveDate>,
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
    project_since: Option<NaiveDate>,
    project_until: Option<NaiveDate>,
}

fn facts_of(row: &FactRow, version: &VersionRow, parts: &[LandPart], year: i32) -> Facts {
    Facts {
        year,
        operated: row.operated,
        established_on: version.established_on,
        size_class: version.size_class,
        above_size_since: version.above_size_since,
        project: project_of(row, version),
        tax: match row.tax {
            Some(tax) => Tax::Paid(Yuan(tax)),
            None if row.tax_out_of_range => Tax::OutOfRange,
            None => Tax::Missing,
        },
        land: LandDays::of(parts),
        floor: floor_days(parts),
    }
}

fn project_of(row: &FactRow, version: &VersionRow) -> Option<Project> {
    let stated = version.project_since.map(ProjectStart::Stated);
    let start = stated.or(row.project_known_from.map(ProjectStart::KnownFrom));
    Some(Project { start: start?, until: version.project_until? })
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
    land: Option<Mu>,
    floor: Option<Decimal>,
    counterpart: Option<String>,
}

#[derive(FromRow)]
struct PlaceRow {
    uscc: String,
    code: String,
}

/// Judges the rows and adds what makes up their land, and where they lie.
pub async fn complete(
    connection: &mut PgConnection,
    scope: &Scope,
    query: &ListQuery,
    line: &Line,
    rows: Vec<FactRow>,
) -> Result<Vec<Entry>, ListError> {
    let these = Among::These(rows.iter().map(|row| row.uscc.clone()).collect());
    let mut versions = versions_of(connection, scope, query, &these).await?;
    let mut parts = parts_of(connection, scope, query, &these).await?;
    let mut places = places_of(connection, scope, query, &these).await?;
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
    these: &Among,
) -> Result<HashMap<String, VersionRow>, sqlx::Error> {
    let mut statement = Sql::new("");
    sql::push_versions(&mut statement, scope, &Moment::of(query), these);
    let rows: Vec<VersionRow> = statement.build_query_as().fetch_all(connection).await?;
    Ok(rows.into_iter().map(|row| (row.uscc.clone(), row)).collect())
}

async fn parts_of(
    connection: &mut PgConnection,
    scope: &Scope,
    query: &ListQuery,
    these: &Among,
) -> Result<HashMap<String, Vec<LandPart>>, sqlx::Error> {
    let mut statement = Sql::new("");
    sql::push_parts(&mut statement, scope, &Moment::of(query), these);
    let rows: Vec<PartRow> = statement.build_query_as().fetch_all(connection).await?;
    let mut parts: HashMap<String, Vec<LandPart>> = HashMap::new();
    for row in rows {
        parts.entry(row.uscc).or_default().push(LandPart {
            side: row.side,
            parcel: row.parcel_code,
            land: row.land,
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
    these: &Among,
) -> Result<HashMap<String, String>, sqlx::Error> {
    let mut statement = Sql::new("");
    sql::push_places(&mut statement, scope, &Moment::of(query), these);
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
