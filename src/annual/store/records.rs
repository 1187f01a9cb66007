//! The facts of some enterprises in full, from the rows a statement gave: the version in force, what makes up their land, and
//! where they lie.

use std::collections::HashMap;

use chrono::NaiveDate;
use rust_decimal::Decimal;
use sqlx::postgres::PgRow;
use sqlx::{FromRow, PgConnection, Row};

use super::moment::{Moment, Sql};
use super::statement::{push_parts, push_places, push_versions};
use crate::annual::{
    EnterpriseYear, Facts, Figure, Figures, LandDays, LandPart, Partition, Project, ProjectStart, Query,
};
use crate::db::Scope;
use crate::enterprise::land::floor_days;
use crate::enterprise::{EnterpriseState, FigureState, Indicator, Sector, SizeClass};

/// What only the statement over the whole district finds out of an enterprise; see [`super::push_fact_columns`].
pub struct FactRow {
    pub uscc: String,
    operated: bool,
    project_known_from: Option<NaiveDate>,
    figures: Figures,
}

impl FactRow {
    pub fn read(row: &PgRow, figures: &[Indicator]) -> Result<Self, sqlx::Error> {
        let figures = figures.iter().map(|indicator| Ok((*indicator, figure(row, *indicator)?)));
        Ok(FactRow {
            uscc: row.try_get("uscc")?,
            operated: row.try_get("operated")?,
            project_known_from: row.try_get("project_known_from")?,
            figures: Figures(figures.collect::<Result<_, sqlx::Error>>()?),
        })
    }
}

fn figure(row: &PgRow, indicator: Indicator) -> Result<Figure, sqlx::Error> {
    let state: Option<FigureState> = row.try_get(format!("{}_state", indicator.code()).as_str())?;
    let value: Option<Decimal> = row.try_get(indicator.code())?;
    Ok(state.map_or(Figure::Missing, |state| Figure::read(value, state)))
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

#[derive(FromRow)]
struct PartRow {
    uscc: String,
    #[sqlx(flatten)]
    part: LandPart,
}

#[derive(FromRow)]
struct PlaceRow {
    uscc: String,
    code: String,
}

/// In the order of the rows.
pub async fn complete(
    connection: &mut PgConnection,
    scope: &Scope,
    query: &Query,
    rows: Vec<FactRow>,
) -> Result<Vec<EnterpriseYear>, sqlx::Error> {
    let these = Partition::These(rows.iter().map(|row| row.uscc.clone()).collect());
    let moment = Moment::of(query);
    let mut versions = HashMap::new();
    let mut parts: HashMap<String, Vec<LandPart>> = HashMap::new();
    let mut places = HashMap::new();
    for row in fetch::<VersionRow>(connection, |sql| push_versions(sql, scope, &moment, &these)).await? {
        versions.insert(row.uscc.clone(), row);
    }
    for row in fetch::<PartRow>(connection, |sql| push_parts(sql, scope, &moment, &these)).await? {
        parts.entry(row.uscc).or_default().push(row.part);
    }
    for row in fetch::<PlaceRow>(connection, |sql| push_places(sql, scope, &moment, &these)).await? {
        places.insert(row.uscc, row.code);
    }
    let names = subdistrict_names(connection, &moment).await?;
    let record = |row: FactRow| {
        let version = versions.remove(&row.uscc).ok_or(sqlx::Error::RowNotFound)?;
        let (place, parts) = (places.remove(&row.uscc), parts.remove(&row.uscc).unwrap_or_default());
        let subdistrict = place.or_else(|| version.subdistrict.clone());
        Ok(EnterpriseYear {
            facts: facts_of(&row, &version, &parts, query.year),
            uscc: row.uscc,
            name: version.name,
            state: version.state,
            sector: version.sector,
            industry_edition: version.industry_edition,
            industry_code: version.industry_code,
            subdistrict_name: subdistrict.as_ref().and_then(|code| names.get(code).cloned()),
            subdistrict,
            parts,
        })
    };
    rows.into_iter().map(record).collect()
}

fn facts_of(row: &FactRow, version: &VersionRow, parts: &[LandPart], year: i32) -> Facts {
    Facts {
        year,
        operated: row.operated,
        established_on: version.established_on,
        size_class: version.size_class,
        above_size_since: version.above_size_since,
        project: project_of(row, version),
        figures: row.figures.clone(),
        land: LandDays::of(parts),
        floor: floor_days(parts),
    }
}

fn project_of(row: &FactRow, version: &VersionRow) -> Option<Project> {
    let stated = version.project_since.map(ProjectStart::Stated);
    let start = stated.or(row.project_known_from.map(ProjectStart::KnownFrom));
    Some(Project { start: start?, until: version.project_until? })
}

async fn fetch<R>(connection: &mut PgConnection, push: impl FnOnce(&mut Sql)) -> Result<Vec<R>, sqlx::Error>
where
    R: for<'r> FromRow<'r, PgRow> + Send + Unpin,
{
    let mut statement = Sql::new("");
    push(&mut statement);
    statement.build_query_as().fetch_all(connection).await
}

/// Names of the sub-districts as they were on 31 December of the year; a code that came later has its first name.
async fn subdistrict_names(
    connection: &mut PgConnection,
    moment: &Moment,
) -> Result<HashMap<String, String>, sqlx::Error> {
    let rows = sqlx::query!(
        "SELECT DISTINCT ON (code) code, name FROM subdistrict ORDER BY code, valid @> $1::date DESC, lower(valid)",
        moment.last
    )
    .fetch_all(connection)
    .await?;
    Ok(rows.into_iter().map(|row| (row.code, row.name)).collect())
}
