//! The one statement behind every judgement of a year: the facts of each enterprise of a district, as a relation that others
//! filter, join and order.
//!
//! An outcome is computed here only so that the database can filter, count and page by it; see [`crate::annual::Judge`].

use super::moment::{Moment, Sql, push_odd, push_odd_signed, push_within};
use crate::annual::{Filter, Judge, Partition, Query};
use crate::base::bounds::{FIGURE, FLOOR, LAND_DAYS, USE_OF_LAND};
use crate::base::text::Seen;
use crate::db::Scope;
use crate::db::like::containing;
use crate::enterprise::Indicator;

/// Which end of an occupancy.
#[derive(Clone, Copy)]
enum Side {
    Taken,
    Given,
}

/// `WITH fact AS (…), judged AS (…)`: one row an enterprise with its facts and the judge's `outcome`.
pub fn push_judged(sql: &mut Sql, scope: &Scope, query: &Query, judge: &dyn Judge) {
    sql.push("WITH fact AS (");
    push_facts(sql, scope, query, judge.figures());
    sql.push("), judged AS (");
    judge.push_judged(sql, &Moment::of(query));
    sql.push(")");
}

/// One row for each enterprise on record in the year, with the version in force on 31 December or last before it:
/// - its columns, and `in_force_from`; `operated` on at least one day; `project_known_from` where a project states no start,
/// - `land` in mu·days, which is `taken` less `given`, of so many `records`, of which some are `unmeasured`;
///   `land_out_of_range`,
/// - of each figure, by the code of its indicator: `tax_paid`, `tax_paid_state`, `tax_paid_out_of_range`.
///
/// A relation of its own: those of several years stand side by side in `UNION ALL`.
///
/// `OFFSET 0` keeps the planner from working the same sums out again wherever they are used.
pub fn push_facts(sql: &mut Sql, scope: &Scope, query: &Query, figures: &[Indicator]) {
    let moment = &Moment::of(query);
    let partition = &query.partition;
    sql.push("WITH version AS (");
    push_versions(sql, scope, moment, partition);
    sql.push("), chosen AS (SELECT version.* FROM version");
    push_filter(sql, scope, query, moment);
    sql.push(") SELECT c.*, ").push_bind(query.year).push(" AS year,");
    push_figure_columns(sql, figures);
    push_land_columns(sql);
    push_operated(sql, scope, moment);
    sql.push(" AS operated, CASE WHEN c.project_until IS NOT NULL AND c.project_since IS NULL THEN ");
    push_project_known_from(sql, scope, moment);
    sql.push(" END AS project_known_from FROM chosen c");
    for (alias, side) in [("t", Side::Taken), ("g", Side::Given)] {
        sql.push(" LEFT JOIN (");
        push_side(sql, scope, moment, side, partition);
        sql.push(") ").push(alias).push(" ON ").push(alias).push(".uscc = c.uscc");
    }
    for indicator in figures {
        push_figure(sql, scope, moment, *indicator, partition);
    }
    sql.push(" OFFSET 0");
}

/// Of both sides of the occupancies, `t`aken and `g`iven.
fn push_land_columns(sql: &mut Sql) {
    sql.push(
        " COALESCE(t.records, 0) + COALESCE(g.records, 0) AS records,
          COALESCE(t.unmeasured, 0) + COALESCE(g.unmeasured, 0) AS unmeasured,
          COALESCE(t.land, 0) AS taken, COALESCE(g.land, 0) AS given,
          CASE WHEN g.land IS NULL THEN t.land ELSE COALESCE(t.land, 0) - g.land END AS land,
          COALESCE(t.odd, false) OR COALESCE(g.odd, false)",
    );
    for side in ["t", "g"] {
        sql.push(" OR COALESCE(").push(side).push(".land >= ").push(LAND_DAYS.below).push(", false)");
    }
    sql.push(" AS land_out_of_range, ");
}

/// `LIMIT 1` keeps the planner from hashing the whole register to look up the few enterprises that have left.
fn push_operated(sql: &mut Sql, scope: &Scope, moment: &Moment) {
    sql.push(
        "CASE WHEN c.state = 'operating' THEN true
              ELSE (SELECT true FROM enterprise_version v WHERE v.uscc = c.uscc AND v.state = 'operating' AND v.district = ",
    );
    sql.push_bind(scope.county().to_owned());
    moment.push_in_year(sql, "v");
    sql.push(" LIMIT 1) IS TRUE END");
}

fn push_figure_columns(sql: &mut Sql, figures: &[Indicator]) {
    for code in figures.iter().map(|indicator| indicator.code()) {
        let value = format!("f_{code}.value");
        sql.push(" ").push(&value).push(" AS ").push(code);
        sql.push(", f_").push(code).push(".state AS ").push(code).push("_state, COALESCE(");
        push_odd_signed(sql, &value, &FIGURE);
        sql.push(", false) AS ").push(code).push("_out_of_range,");
    }
}

/// Sorted by its index: only inside a query of its own are the columns before the credit code known to be constant.
fn push_figure(sql: &mut Sql, scope: &Scope, moment: &Moment, indicator: Indicator, partition: &Partition) {
    sql.push(" LEFT JOIN (SELECT f.uscc, f.value, f.state FROM return_figure f WHERE f.district = ");
    sql.push_bind(scope.county().to_owned()).push(" AND f.year = ").push_bind(moment.year as i16);
    sql.push(" AND f.indicator = '").push(indicator.code()).push("'");
    moment.push_known(sql, "f");
    push_within(sql, "f.uscc", partition);
    sql.push(" ORDER BY f.uscc OFFSET 0) f_").push(indicator.code());
    sql.push(" ON f_").push(indicator.code()).push(".uscc = c.uscc");
}

/// What [`super::FactRow`] reads, of rows that hold the columns of `fact`. Figures out of range stay behind: they do not fit a
/// decimal.
pub fn push_fact_columns(sql: &mut Sql, figures: &[Indicator]) {
    sql.push("uscc, operated, project_known_from");
    for code in figures.iter().map(|indicator| indicator.code()) {
        sql.push(", ").push(code).push("_state, CASE WHEN NOT ").push(code).push("_out_of_range THEN ").push(code);
        sql.push(" END AS ").push(code);
    }
}

/// The version in force on 31 December, else the last one of the year: versions do not overlap, so it is the last to
/// begin of those that touch the year.
pub fn push_versions(sql: &mut Sql, scope: &Scope, moment: &Moment, partition: &Partition) {
    sql.push(
        "SELECT DISTINCT ON (v.uscc) v.uscc, v.name, v.industry_edition, v.industry_code, v.sector, v.size_class,
                v.subdistrict, v.state, v.established_on, v.above_size_since, v.project_since, v.project_until,
                lower(v.valid) AS in_force_from
         FROM enterprise_version v WHERE v.district = ",
    );
    sql.push_bind(scope.county().to_owned());
    moment.push_in_year(sql, "v");
    push_within(sql, "v.uscc", partition);
    sql.push(" ORDER BY v.uscc, lower(v.valid) DESC");
}

fn push_filter(sql: &mut Sql, scope: &Scope, query: &Query, moment: &Moment) {
    let filter: &Filter = &query.filter;
    let asked: Vec<&str> = scope.subdistrict_code().into_iter().chain(filter.subdistrict.as_deref()).collect();
    if !asked.is_empty() {
        sql.push(" LEFT JOIN (");
        push_places(sql, scope, moment, &query.partition);
        sql.push(") place ON place.uscc = version.uscc");
    }
    sql.push(" WHERE true");
    for code in asked {
        sql.push(" AND COALESCE(place.code, version.subdistrict) = ").push_bind(code.to_owned());
    }
    if let Some(size) = filter.size_class {
        sql.push(" AND version.size_class = ").push_bind(size.code());
    }
    if let Some(sector) = filter.sector {
        sql.push(" AND version.sector = ").push_bind(sector.code());
    }
    if let Some(division) = &filter.industry_division {
        sql.push(" AND left(version.industry_code, 2) = ").push_bind(division.clone());
    }
    if let Some(section) = &filter.industry_section {
        sql.push(" AND EXISTS (SELECT FROM industry i WHERE i.edition = version.industry_edition");
        sql.push(" AND i.code = version.industry_code AND i.section = ").push_bind(section.clone()).push(")");
    }
    if let Some(text) = filter.text.as_deref().map(Seen::seen).filter(|text| !text.is_empty()) {
        sql.push(" AND (version.name ILIKE ").push_bind(containing(text));
        sql.push(" OR version.uscc LIKE ").push_bind(containing(&text.to_uppercase())).push(")");
    }
}

/// One side of the occupancies by enterprise: land that enters it, or land leased out of it, each positive.
fn push_side(sql: &mut Sql, scope: &Scope, moment: &Moment, side: Side, partition: &Partition) {
    let (enterprise, floor_only) = match side {
        Side::Taken => ("o.occupant", "o.kind <> 'owned' AND o.floor_area_m2 IS NOT NULL"),
        Side::Given => ("o.lessor", "o.floor_area_m2 IS NOT NULL"),
    };
    sql.push("SELECT ")
        .push(enterprise)
        .push(" AS uscc, count(*) AS records, count(*) FILTER (WHERE o.area_mu IS NULL");
    sql.push(" AND NOT (").push(floor_only).push(")) AS unmeasured, sum(o.area_mu * ");
    moment.push_days(sql, "o");
    sql.push(") AS land, bool_or(");
    push_odd(sql, "o.area_mu", &USE_OF_LAND);
    sql.push(") AS odd FROM occupancy o WHERE o.district = ");
    sql.push_bind(scope.county().to_owned()).push(" AND ").push(enterprise).push(" IS NOT NULL");
    moment.push_in_year(sql, "o");
    push_within(sql, enterprise, partition);
    sql.push(" GROUP BY ").push(enterprise);
}

/// The earliest day from which the register, as known at the moment, has the enterprise building the major project that the
/// version in force names; a version without a first day has no earlier one.
///
/// A version carries on the project of the one before it, also under another end: prolonging does not begin it anew. It is
/// another project when the version before names none, or one whose end had passed by the day the new one begins. An end
/// that is repeated is the same project always, and days of which nothing is on record part nothing.
fn push_project_known_from(sql: &mut Sql, scope: &Scope, moment: &Moment) {
    sql.push(
        "(SELECT max(p.known_from) FROM (
              SELECT COALESCE(lower(v.valid), '0001-01-01'::date) AS known_from, v.project_until,
                     lag(v.project_until) OVER (ORDER BY lower(v.valid) NULLS FIRST) AS until_before
              FROM enterprise_version v
              WHERE v.uscc = c.uscc AND (lower(v.valid) IS NULL OR lower(v.valid) <= c.in_force_from) AND v.district = ",
    );
    sql.push_bind(scope.county().to_owned());
    moment.push_known(sql, "v");
    sql.push(
        ") p WHERE p.project_until IS NOT NULL AND (p.until_before IS NULL
               OR (p.until_before <> p.project_until AND p.until_before < p.known_from)))",
    );
}

/// Holdings that touch the year, with the days they did.
fn push_holdings(sql: &mut Sql, scope: &Scope, moment: &Moment, partition: &Partition) {
    sql.push("SELECT h.*, ");
    moment.push_days(sql, "h");
    sql.push(" AS days FROM holding h WHERE h.district = ").push_bind(scope.county().to_owned());
    moment.push_in_year(sql, "h");
    push_within(sql, "h.uscc", partition);
}

/// What each enterprise holds on each parcel, by `code` and `uscc`: `land` in mu·days, what it leases out taken off; whether a
/// use there is `unmeasured`, and whether it holds `floor` area alone.
pub fn push_parcel_land(sql: &mut Sql, scope: &Scope, query: &Query) {
    sql.push(
        "SELECT h.parcel_code AS code, h.uscc, sum(h.area_mu * h.days) AS land,
                bool_or(h.area_mu IS NULL AND NOT h.floor_only) AS unmeasured,
                bool_or(h.floor_only AND h.side <> 'leased_out') AS floor FROM (",
    );
    push_holdings(sql, scope, &Moment::of(query), &query.partition);
    sql.push(") h WHERE h.parcel_code IS NOT NULL GROUP BY h.parcel_code, h.uscc");
}

/// `uscc`, `code`: the sub-district of the parcel that weighs most in the year (land, else floor area, × days).
pub fn push_places(sql: &mut Sql, scope: &Scope, moment: &Moment, partition: &Partition) {
    sql.push("SELECT main.uscc, parcel.code FROM (");
    push_main_parcels(sql, scope, moment, partition);
    sql.push(
        ") main JOIN LATERAL (SELECT COALESCE(p.subdistrict, p.registered_subdistrict) AS code
         FROM parcel_version p WHERE p.code = main.parcel_code AND p.district = ",
    );
    sql.push_bind(scope.county().to_owned());
    moment.push_in_year(sql, "p");
    // Versions do not overlap, so the last to begin is the one in force on 31 December, if any is.
    sql.push(" ORDER BY lower(p.valid) DESC LIMIT 1) parcel ON true");
}

fn push_main_parcels(sql: &mut Sql, scope: &Scope, moment: &Moment, partition: &Partition) {
    sql.push("SELECT DISTINCT ON (uscc) uscc, parcel_code FROM (");
    push_holdings(sql, scope, moment, partition);
    sql.push(
        ") holdings WHERE side <> 'leased_out' AND parcel_code IS NOT NULL
         ORDER BY uscc, area_mu * days DESC NULLS LAST, floor_area_m2 * days DESC NULLS LAST, parcel_code",
    );
}

/// The same for everybody: the parcels are walked once, in the order of their codes, and none is looked up for each enterprise.
pub fn push_places_of_all(sql: &mut Sql, scope: &Scope, moment: &Moment) {
    sql.push("SELECT main.uscc, parcel.lies FROM (");
    push_main_parcels(sql, scope, moment, &Partition::All);
    sql.push(
        ") main JOIN (SELECT DISTINCT ON (p.code) p.code, COALESCE(p.subdistrict, p.registered_subdistrict) AS lies
         FROM parcel_version p WHERE p.district = ",
    );
    sql.push_bind(scope.county().to_owned());
    moment.push_in_year(sql, "p");
    sql.push(" ORDER BY p.code, lower(p.valid) DESC) parcel ON parcel.code = main.parcel_code");
}

/// The occupancies of some enterprises, own land first, then the largest. Figures that do not fit stay behind.
pub fn push_parts(sql: &mut Sql, scope: &Scope, moment: &Moment, partition: &Partition) {
    sql.push("SELECT p.uscc, p.side, p.parcel_code AS parcel, p.valid, p.days, p.floor_only, COALESCE(");
    push_odd_signed(sql, "p.area_mu", &USE_OF_LAND);
    sql.push(", false) AS odd, CASE WHEN NOT ");
    push_odd_signed(sql, "p.area_mu", &USE_OF_LAND);
    sql.push(" THEN abs(p.area_mu) END AS land, CASE WHEN NOT ");
    push_odd(sql, "p.floor_area_m2", &FLOOR);
    sql.push(
        " THEN p.floor_area_m2 END AS floor,
          CASE p.side WHEN 'leased_in' THEN o.lessor WHEN 'leased_out' THEN o.occupant END AS counterpart FROM (",
    );
    push_holdings(sql, scope, moment, partition);
    sql.push(") p JOIN occupancy o ON o.id = p.occupancy AND o.district = ").push_bind(scope.county().to_owned());
    sql.push(" ORDER BY p.uscc, p.side <> 'owned', p.side, abs(p.area_mu) DESC NULLS LAST, p.parcel_code, p.occupancy");
}
