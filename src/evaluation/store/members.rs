//! Everybody on the register in a year, with what belonging and scoring rest on, in one statement.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use chrono::NaiveDate;
use futures_util::TryStreamExt;
use rust_decimal::Decimal;
use sqlx::postgres::PgRow;
use sqlx::{PgConnection, Row};

use crate::annual::fact::{self, figures_behind};
use crate::annual::store::{Moment, Sql, push_facts, push_odd_signed, push_places, push_places_of_all, push_within};
use crate::annual::transition::transition;
use crate::annual::{self, LandDays, Partition, Project, ProjectStart, Query};
use crate::base::bounds::FIGURE;
use crate::codelist::in_2017;
use crate::db::Scope;
use crate::enterprise::sums::Sums;
use crate::enterprise::{Indicator, Sector, SizeClass};
use crate::evaluation::covered::{Covered, covered};
use crate::evaluation::population::{Member, Place};
use crate::evaluation::registers::listed::HIGH_TECH;
use crate::scoring::Scheme;
use crate::scoring::scheme::SubjectKind;
use crate::scoring::subject::Facts;

struct MemberRow {
    uscc: String,
    name: String,
    industry_edition: Option<String>,
    industry_code: Option<String>,
    sector: Sector,
    size_class: SizeClass,
    subdistrict: Option<String>,
    operated: bool,
    established_on: Option<NaiveDate>,
    above_size_since: Option<NaiveDate>,
    project_since: Option<NaiveDate>,
    project_until: Option<NaiveDate>,
    project_known_from: Option<NaiveDate>,
    /// mu·days; none when not known, or held as floor area alone.
    land: Option<Decimal>,
    floor_only: bool,
}

/// In the order in which [`MemberRow::read`] takes them; figures come behind.
const COLUMNS: &str = "fact.uscc, operated, name, industry_code, sector, size_class, established_on, above_size_since,
    project_since, project_until, project_known_from, industry_edition,
    CASE WHEN records > 0 AND unmeasured = 0 AND NOT land_out_of_range THEN land END AS land,
    records > 0 AND unmeasured = 0 AND land IS NULL AS floor_only";
const FIRST_FIGURE: usize = 15;

impl MemberRow {
    /// By position: a column is not looked up by its name a million times.
    fn read(row: &PgRow) -> Result<Self, sqlx::Error> {
        Ok(MemberRow {
            uscc: row.try_get(0)?,
            operated: row.try_get(1)?,
            name: row.try_get(2)?,
            industry_code: row.try_get(3)?,
            sector: row.try_get(4)?,
            size_class: row.try_get(5)?,
            established_on: row.try_get(6)?,
            above_size_since: row.try_get(7)?,
            project_since: row.try_get(8)?,
            project_until: row.try_get(9)?,
            project_known_from: row.try_get(10)?,
            industry_edition: row.try_get(11)?,
            land: row.try_get(12)?,
            floor_only: row.try_get(13)?,
            subdistrict: row.try_get(14)?,
        })
    }
}

/// What a reading of members asks for.
#[derive(Clone, Copy)]
pub struct Wanted<'a> {
    pub query: &'a Query,
    pub scheme: &'a Scheme,
    /// 二(一)3: how many years a transition lasts at most.
    pub transition_years: u32,
    pub sums: &'a Sums,
    /// Where each lies, which nobody asks of the years of a base.
    pub places: bool,
}

/// In the order of the credit code. Only who operated on some day of the year.
pub async fn members(
    connection: &mut PgConnection,
    scope: &Scope,
    wanted: &Wanted<'_>,
) -> Result<Vec<Member>, sqlx::Error> {
    let mut found = Vec::new();
    each(connection, scope, wanted, |member| found.push(member)).await?;
    Ok(found)
}

/// The same one by one, as the database gives them.
pub async fn each(
    connection: &mut PgConnection,
    scope: &Scope,
    wanted: &Wanted<'_>,
    mut take: impl FnMut(Member) + Send,
) -> Result<(), sqlx::Error> {
    let query = wanted.query;
    let figures = figures_behind(&wanted.scheme.facts(), wanted.sums);
    let on_lists = Lists::read(connection, scope, wanted).await?;
    let exemptions = super::registers::exemptions(connection, scope, annual::deciding_day(query.year)).await?;
    let mut sql = statement(scope, wanted, &figures);
    let mut rows = sql.build().fetch(connection);
    while let Some(row) = rows.try_next().await? {
        let facts = figures_in(&row, &figures, wanted.sums)?;
        let row = MemberRow::read(&row)?;
        if row.operated {
            take(member(row, facts, wanted, &on_lists, &exemptions));
        }
    }
    Ok(())
}

/// Figures of a year come of one pass over its rows in the order of the credit code, whatever their number is.
fn statement(scope: &Scope, wanted: &Wanted<'_>, figures: &[Indicator]) -> Sql {
    let query = wanted.query;
    let mut sql = Sql::new("WITH fact AS (");
    push_facts(&mut sql, scope, query, &[]);
    sql.push("), figure AS (SELECT f.uscc");
    for indicator in figures {
        sql.push(", max(f.value) FILTER (WHERE f.indicator = '").push(indicator.code()).push("') AS ");
        sql.push(indicator.code());
    }
    sql.push(" FROM return_figure f WHERE f.district = ").push_bind(scope.county().to_owned());
    let moment = Moment::of(query);
    sql.push(" AND f.year = ").push_bind(moment.year as i16);
    moment.push_known(&mut sql, "f");
    push_within(&mut sql, "f.uscc", &query.partition);
    sql.push(" GROUP BY f.uscc)");
    if wanted.places {
        sql.push(", place (place_uscc, place_code) AS (");
        match &query.partition {
            Partition::All => push_places_of_all(&mut sql, scope, &moment),
            some => push_places(&mut sql, scope, &moment, some),
        }
        sql.push(")");
    }
    sql.push(" SELECT ").push(COLUMNS);
    sql.push(if wanted.places { ", COALESCE(place_code, subdistrict)" } else { ", NULL::text" });
    // What cannot be right stays behind: it may not fit a decimal.
    for code in figures.iter().map(|indicator| indicator.code()) {
        sql.push(", CASE WHEN NOT ");
        push_odd_signed(&mut sql, code, &FIGURE);
        sql.push(" THEN ").push(code).push(" END");
    }
    sql.push(" FROM fact LEFT JOIN figure ON figure.uscc = fact.uscc");
    if wanted.places {
        sql.push(" LEFT JOIN place ON place_uscc = fact.uscc");
    }
    sql.push(" ORDER BY fact.uscc");
    sql
}

fn figures_in(row: &PgRow, asked: &[Indicator], sums: &Sums) -> Result<Facts, sqlx::Error> {
    let mut values = Vec::with_capacity(asked.len());
    for (number, indicator) in asked.iter().enumerate() {
        let value: Option<Decimal> = row.try_get(FIRST_FIGURE + number)?;
        values.push((*indicator, value));
    }
    let of = |indicator| values.iter().find(|(other, _)| *other == indicator).and_then(|(_, value)| *value);
    let facts = fact::figures(of, sums);
    Ok(facts.into_iter().map(|(name, fact)| (name.to_owned(), fact)).collect())
}

fn member(
    row: MemberRow,
    mut facts: Facts,
    wanted: &Wanted<'_>,
    on_lists: &Lists,
    exemptions: &HashMap<String, super::registers::Exemption>,
) -> Member {
    let year = wanted.query.year;
    let land = row.land.into_iter().flat_map(|land| fact::land(land, year));
    facts.extend(land.map(|(name, fact)| (name.to_owned(), fact)));
    let in_transition = transition(&facts_of_transition(&row, year), wanted.transition_years).is_some();
    let exemption = exemptions.get(&row.uscc).copied().unwrap_or_default();
    let industry = row.industry_edition.zip(row.industry_code).and_then(|(edition, code)| place(&edition, code));
    let lists = on_lists.of(&row.uscc);
    Member {
        kind: SubjectKind::Enterprise,
        level: None,
        uncovered: !on_lists.covered.holds(|list| lists.contains(list)),
        made: None,
        industry,
        sector: row.sector,
        size: row.size_class,
        subdistrict: row.subdistrict,
        name: row.name,
        facts,
        floor_only: row.floor_only,
        in_transition,
        exempt: exemption.exempt,
        protected: exemption.protected,
        lists,
        uscc: row.uscc,
    }
}

/// Schemes name industries of 2017.
fn place(edition: &str, code: String) -> Option<Place> {
    let industry = in_2017(edition, &code)?;
    Some(Place { section: industry.section.to_owned(), code: industry.code.to_owned() })
}

/// As much as the transition looks at.
fn facts_of_transition(row: &MemberRow, year: i32) -> annual::Facts {
    let start = row.project_since.map(ProjectStart::Stated).or(row.project_known_from.map(ProjectStart::KnownFrom));
    annual::Facts {
        year,
        operated: row.operated,
        established_on: row.established_on,
        size_class: row.size_class,
        above_size_since: row.above_size_since,
        project: start.zip(row.project_until).map(|(start, until)| Project { start, until }),
        figures: annual::Figures::default(),
        land: LandDays::default(),
        floor: None,
    }
}

/// Dated lists, as the scheme and the coverage of the year ask for them.
struct Lists {
    high_tech: HashSet<String>,
    others: BTreeMap<String, BTreeSet<String>>,
    covered: Covered,
}

impl Lists {
    async fn read(connection: &mut PgConnection, scope: &Scope, wanted: &Wanted<'_>) -> Result<Self, sqlx::Error> {
        let year = wanted.query.year;
        let covered = covered(wanted.scheme.category, year);
        let asked: BTreeSet<&str> = wanted.scheme.population.lists().into_iter().chain(covered.list()).collect();
        let high_tech = match asked.contains(HIGH_TECH) {
            true => high_tech(connection, scope, wanted.query).await?,
            false => HashSet::new(),
        };
        let kept: Vec<String> = asked.into_iter().filter(|list| *list != HIGH_TECH).map(str::to_owned).collect();
        let others = match kept.is_empty() {
            true => BTreeMap::new(),
            false => {
                super::registers::lists::members(
                    connection,
                    scope,
                    SubjectKind::Enterprise,
                    kept,
                    annual::deciding_day(year),
                )
                .await?
            }
        };
        Ok(Lists { high_tech, others, covered })
    }

    fn of(&self, uscc: &str) -> BTreeSet<String> {
        let own = self.high_tech.contains(uscc).then(|| HIGH_TECH.to_owned());
        self.others.get(uscc).cloned().unwrap_or_default().into_iter().chain(own).collect()
    }
}

/// High-tech enterprises by the version in force on 31 December.
async fn high_tech(
    connection: &mut PgConnection,
    scope: &Scope,
    query: &Query,
) -> Result<HashSet<String>, sqlx::Error> {
    let day = annual::deciding_day(query.year);
    let mut sql = Sql::new("SELECT uscc FROM enterprise_version v WHERE v.high_tech AND v.district = ");
    sql.push_bind(scope.county().to_owned()).push(" AND v.valid @> ").push_bind(day).push("::date");
    Moment::of(query).push_known(&mut sql, "v");
    let found: Vec<String> = sql.build_query_scalar().fetch_all(connection).await?;
    Ok(found.into_iter().collect())
}
