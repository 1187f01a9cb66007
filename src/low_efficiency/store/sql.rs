//! The one statement behind the list: facts of every enterprise of a district in a year, and the outcome.
//!
//! The outcome is computed here only so that the database can filter, count and page by it. It is the same exact
//! comparison on `numeric`; every fetched line is judged again by `rules`, and a difference is an error.

use chrono::NaiveDate;
use rust_decimal::Decimal;
use sqlx::{Postgres, QueryBuilder};

use crate::base::anniversary::earliest_still_running;
use crate::base::period::length_of_year;
use crate::base::text::Seen;
use crate::db::Scope;
use crate::db::like::containing;
use crate::low_efficiency::list::{Among, Cursor, Filter, ListQuery, SortKey};
use crate::low_efficiency::rules::deciding_day;
use crate::low_efficiency::{Line, Outcome};

pub type Sql = QueryBuilder<Postgres>;

/// Which end of an occupancy.
#[derive(Clone, Copy)]
enum Side {
    Taken,
    Given,
}

/// Days of one year, and what was known when.
pub struct Moment {
    first: NaiveDate,
    last: NaiveDate,
    after: NaiveDate,
    days: i64,
    known_before: Option<chrono::DateTime<chrono::Utc>>,
}

impl Moment {
    pub fn of(query: &ListQuery) -> Self {
        let first = |year| NaiveDate::from_ymd_opt(year, 1, 1).expect("every year has a first of January");
        Moment {
            first: first(query.year),
            last: deciding_day(query.year),
            after: first(query.year + 1),
            days: length_of_year(query.year),
            known_before: query.known_before,
        }
    }

    /// ` AND <table>` was on record, and in force on some day of the year.
    fn push_in_year(&self, sql: &mut Sql, table: &'static str) {
        self.push_known(sql, table);
        sql.push(" AND ").push(table).push(".valid && daterange(").push_bind(self.first);
        sql.push(", ").push_bind(self.after).push(")");
    }

    fn push_known(&self, sql: &mut Sql, table: &'static str) {
        let Some(before) = self.known_before else {
            sql.push(" AND ").push(table).push(".superseded_at IS NULL");
            return;
        };
        sql.push(" AND ").push(table).push(".recorded_at < ").push_bind(before);
        sql.push(" AND (").push(table).push(".superseded_at IS NULL OR ").push(table).push(".superseded_at >= ");
        sql.push_bind(before).push(")");
    }
}

/// `WITH … listed AS (…)`: one row an enterprise with its facts, `outcome`, `rank` and `ratio`; `tax` in yuan, `land` in
/// mu·days, `comparable` when both can be held against the line.
pub fn push_listed(sql: &mut Sql, scope: &Scope, query: &ListQuery, line: &Line) {
    let moment = Moment::of(query);
    sql.push("WITH version AS (");
    push_versions(sql, scope, &moment, &query.filter.among);
    sql.push("), chosen AS (SELECT version.* FROM version");
    push_filter(sql, scope, &query.filter, &moment);
    sql.push("), fact AS (");
    push_facts(sql, scope, query, &moment);
    sql.push("), judged AS (");
    push_outcome(sql, &moment, line);
    sql.push("), listed AS (SELECT *, ").push(RANK).push(" AS rank FROM judged)");
}

/// The version in force on 31 December, else the last one of the year: versions do not overlap, so it is the last to
/// begin of those that touch the year.
pub fn push_versions(sql: &mut Sql, scope: &Scope, moment: &Moment, among: &Among) {
    sql.push(
        "SELECT DISTINCT ON (v.uscc) v.uscc, v.name, v.industry_edition, v.industry_code, v.sector, v.size_class,
                v.subdistrict, v.state, v.established_on, v.above_size_since, v.project_since, v.project_until,
                lower(v.valid) AS in_force_from
         FROM enterprise_version v WHERE v.district = ",
    );
    sql.push_bind(scope.county().to_owned());
    moment.push_in_year(sql, "v");
    push_among(sql, "v.uscc", among);
    sql.push(" ORDER BY v.uscc, lower(v.valid) DESC");
}

/// ` AND <column>` is one of those looked at.
fn push_among(sql: &mut Sql, column: &'static str, among: &Among) {
    let (compared, code) = match among {
        Among::All => return,
        Among::These(codes) => {
            sql.push(" AND ").push(column).push(" = ANY(").push_bind(codes.clone()).push(")");
            return;
        }
        Among::Before(code) => (" < ", code),
        Among::From(code) => (" >= ", code),
    };
    sql.push(" AND ").push(column).push(compared).push_bind(code.clone());
}

fn push_filter(sql: &mut Sql, scope: &Scope, filter: &Filter, moment: &Moment) {
    let asked: Vec<&str> = scope.subdistrict_code().into_iter().chain(filter.subdistrict.as_deref()).collect();
    if !asked.is_empty() {
        sql.push(" LEFT JOIN (");
        push_places(sql, scope, moment, &filter.among);
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

/// Holdings that touch the year, with the days they did.
fn push_holdings(sql: &mut Sql, scope: &Scope, moment: &Moment, among: &Among) {
    sql.push("SELECT h.*, LEAST(upper(h.valid), ").push_bind(moment.after);
    sql.push(") - GREATEST(lower(h.valid), ")
        .push_bind(moment.first)
        .push(") AS days FROM holding h WHERE h.district = ");
    sql.push_bind(scope.county().to_owned());
    moment.push_in_year(sql, "h");
    push_among(sql, "h.uscc", among);
}

/// One side of the occupancies by enterprise: land that enters it, or land leased out of it, each positive. Only figures
/// written with many decimals are looked at digit by digit.
fn push_side(sql: &mut Sql, scope: &Scope, moment: &Moment, side: Side, among: &Among) {
    let (enterprise, floor_only) = match side {
        Side::Taken => ("o.occupant", "o.kind <> 'owned' AND o.floor_area_m2 IS NOT NULL"),
        Side::Given => ("o.lessor", "o.floor_area_m2 IS NOT NULL"),
    };
    sql.push("SELECT ")
        .push(enterprise)
        .push(" AS uscc, count(*) AS records, count(*) FILTER (WHERE o.area_mu IS NULL");
    sql.push(" AND NOT (").push(floor_only).push(")) AS unmeasured, sum(o.area_mu * (LEAST(upper(o.valid), ");
    sql.push_bind(moment.after).push(") - GREATEST(lower(o.valid), ").push_bind(moment.first).push("))) AS land,");
    sql.push(" bool_or(o.area_mu >= 15e8 OR (scale(o.area_mu) > 16 AND min_scale(o.area_mu) > 16)) AS odd FROM occupancy o WHERE o.district = ");
    sql.push_bind(scope.county().to_owned()).push(" AND ").push(enterprise).push(" IS NOT NULL");
    moment.push_in_year(sql, "o");
    push_among(sql, enterprise, among);
    sql.push(" GROUP BY ").push(enterprise);
}

/// `OFFSET 0` keeps the planner from working the same sums out again wherever they are used, and `LIMIT 1` from hashing
/// the whole register to look up the few enterprises that have left.
fn push_facts(sql: &mut Sql, scope: &Scope, query: &ListQuery, moment: &Moment) {
    let among = &query.filter.among;
    sql.push(
        "SELECT c.*, f.value AS tax, f.state AS tax_state,
                COALESCE(f.value >= 1e15 OR f.value <= -1e15 OR (scale(f.value) > 12 AND min_scale(f.value) > 12), false) AS tax_out_of_range,
                COALESCE(t.records, 0) + COALESCE(g.records, 0) AS records,
                COALESCE(t.unmeasured, 0) + COALESCE(g.unmeasured, 0) AS unmeasured,
                COALESCE(t.land, 0) AS taken, COALESCE(g.land, 0) AS given,
                CASE WHEN g.land IS NULL THEN t.land ELSE COALESCE(t.land, 0) - g.land END AS land,
                COALESCE(t.odd, false) OR COALESCE(g.odd, false) OR COALESCE(t.land >= 15e11, false)
                    OR COALESCE(g.land >= 15e11, false) AS land_out_of_range,
                CASE WHEN c.state = 'operating' THEN true
                     ELSE (SELECT true FROM enterprise_version v WHERE v.uscc = c.uscc AND v.state = 'operating'
                                  AND v.district = ",
    );
    sql.push_bind(scope.county().to_owned());
    moment.push_in_year(sql, "v");
    sql.push(
        " LIMIT 1) IS TRUE END AS operated, CASE WHEN c.project_until IS NOT NULL AND c.project_since IS NULL THEN ",
    );
    push_project_known_from(sql, scope, moment);
    sql.push(" END AS project_known_from FROM chosen c LEFT JOIN (");
    push_side(sql, scope, moment, Side::Taken, among);
    sql.push(") t ON t.uscc = c.uscc LEFT JOIN (");
    push_side(sql, scope, moment, Side::Given, among);
    sql.push(
        ") g ON g.uscc = c.uscc LEFT JOIN (SELECT f.uscc, f.value, f.state FROM return_figure f WHERE f.district = ",
    );
    sql.push_bind(scope.county().to_owned()).push(" AND f.year = ").push_bind(query.year as i16);
    sql.push(" AND f.indicator = 'tax_paid'");
    moment.push_known(sql, "f");
    push_among(sql, "f.uscc", among);
    // Sorted by its index: only inside a query of its own are the columns before the credit code known to be constant.
    sql.push(" ORDER BY f.uscc OFFSET 0) f ON f.uscc = c.uscc");
    sql.push(" OFFSET 0");
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

/// The rule in the database's exact arithmetic, in the order of `rules::judge`. `ratio` is tax per mu ÷ the line.
fn push_outcome(sql: &mut Sql, moment: &Moment, line: &Line) {
    sql.push("SELECT fact.*, CASE WHEN comparable THEN tax_side / line_side END AS ratio, CASE");
    sql.push(" WHEN NOT operated OR established_on > ").push_bind(moment.last).push(" THEN 'not_applicable'");
    sql.push(" WHEN records > 0 AND unmeasured = 0 AND NOT land_out_of_range");
    sql.push(" AND taken = 0 AND given = 0 THEN 'not_applicable'");
    if line.transition_exempts {
        push_transition(sql, moment, line.transition_years);
    }
    sql.push(
        " WHEN NOT comparable THEN 'not_determinable' WHEN tax_side < line_side THEN 'flagged'
          WHEN tax_side = line_side THEN 'on_the_line' ELSE 'clear' END AS outcome FROM (SELECT *, tax * ",
    );
    sql.push_bind(Decimal::from(moment.days)).push(" AS tax_side, land * ");
    sql.push_bind(line.floor).push(" AS line_side, ");
    sql.push("COALESCE(tax >= 0 AND NOT tax_out_of_range AND records > 0");
    sql.push(" AND unmeasured = 0 AND NOT land_out_of_range AND land > 0, false) AS comparable FROM fact OFFSET 0) fact OFFSET 0");
}

/// What began on the earliest day whose period has not ended by 31 December, or since, is in transition; a construction
/// period also has to last until then.
fn push_transition(sql: &mut Sql, moment: &Moment, years: u32) {
    let running_since = earliest_still_running(moment.last, years);
    let grounds = [
        ("established_on", ""),
        ("above_size_since", " AND size_class = 'above'"),
        ("COALESCE(project_since, project_known_from)", " AND project_until >= "),
    ];
    let mut separator = " WHEN ";
    for (start, condition) in grounds {
        sql.push(separator).push("(").push(start).push(" BETWEEN ").push_bind(running_since);
        sql.push(" AND ").push_bind(moment.last).push(condition);
        if condition.ends_with(">= ") {
            sql.push_bind(moment.last);
        }
        sql.push(")");
        separator = " OR ";
    }
    sql.push(" THEN 'in_transition'");
}

/// How the list is laid out when it is ordered by outcome.
const RANK: &str = "CASE outcome WHEN 'flagged' THEN 1 WHEN 'on_the_line' THEN 2 WHEN 'not_determinable' THEN 3 \
                    WHEN 'in_transition' THEN 4 WHEN 'not_applicable' THEN 5 ELSE 6 END";

fn sort_expression(key: SortKey) -> &'static str {
    match key {
        SortKey::Outcome | SortKey::TaxPerMu => "ratio",
        SortKey::Tax => "CASE WHEN NOT tax_out_of_range THEN tax END",
        SortKey::Land => "CASE WHEN records > 0 AND unmeasured = 0 AND NOT land_out_of_range THEN land END",
        SortKey::Name => "name",
    }
}

/// One row, a column for each outcome in the order of [`Outcome::ALL`].
pub fn push_counts(sql: &mut Sql) {
    let mut separator = " SELECT ARRAY[";
    for outcome in Outcome::ALL {
        sql.push(separator).push("count(*) FILTER (WHERE outcome = '").push(outcome.code()).push("')");
        separator = ", ";
    }
    sql.push("] FROM listed");
}

pub fn push_outcome_filter(sql: &mut Sql, outcomes: &[Outcome]) {
    if !outcomes.is_empty() {
        let codes: Vec<String> = outcomes.iter().map(|outcome| outcome.code().to_owned()).collect();
        sql.push(" AND outcome = ANY(").push_bind(codes).push(")");
    }
}

/// The lines themselves, in order, after a cursor. Only what the order and the outcome rest on comes along: names and
/// the like are looked up for the few lines of a page. Figures out of range stay behind: they do not fit a decimal.
pub fn push_lines(sql: &mut Sql, query: &ListQuery, after: Option<&Cursor>, limit: Option<i64>) {
    // The outer query writes the key as text: below the sort it would be written for every line of the district.
    sql.push(
        " SELECT uscc, operated, project_known_from, tax_state, tax_out_of_range, CASE WHEN NOT tax_out_of_range THEN tax END AS tax,
                 outcome, rank, sort_key::text AS key
          FROM (SELECT * FROM (SELECT *, ",
    );
    sql.push(sort_expression(query.sort)).push(" AS sort_key FROM listed) listed WHERE true");
    push_outcome_filter(sql, &query.filter.outcomes);
    if let Some(cursor) = after {
        push_after(sql, query, cursor);
    }
    push_order(sql, query);
    if let Some(limit) = limit {
        sql.push(" LIMIT ").push_bind(limit);
    }
    sql.push(" OFFSET 0) page");
    push_order(sql, query);
}

fn push_order(sql: &mut Sql, query: &ListQuery) {
    sql.push(" ORDER BY ").push(if query.sort == SortKey::Outcome { "rank, " } else { "" });
    sql.push("sort_key").push(if query.descending { " DESC" } else { "" }).push(" NULLS LAST, uscc");
}

fn push_after(sql: &mut Sql, query: &ListQuery, cursor: &Cursor) {
    sql.push(" AND (");
    if query.sort == SortKey::Outcome {
        sql.push("rank > ").push_bind(cursor.rank).push(" OR rank = ").push_bind(cursor.rank).push(" AND (");
    }
    push_after_key(sql, query, cursor);
    sql.push(if query.sort == SortKey::Outcome { "))" } else { ")" });
}

fn push_after_key(sql: &mut Sql, query: &ListQuery, cursor: &Cursor) {
    let Some(key) = &cursor.key else {
        sql.push("sort_key IS NULL AND uscc > ").push_bind(cursor.uscc.clone());
        return;
    };
    let cast = if query.sort == SortKey::Name { "" } else { "::numeric" };
    let beyond = if query.descending { "<" } else { ">" };
    sql.push("sort_key IS NULL OR sort_key ").push(beyond).push(" ").push_bind(key.clone()).push(cast);
    sql.push(" OR (sort_key = ").push_bind(key.clone()).push(cast);
    sql.push(" AND uscc > ").push_bind(cursor.uscc.clone()).push(")");
}

/// `uscc`, `code`: the sub-district of the parcel that weighs most in the year (land, else floor area, × days).
pub fn push_places(sql: &mut Sql, scope: &Scope, moment: &Moment, among: &Among) {
    sql.push("SELECT main.uscc, parcel.code FROM (SELECT DISTINCT ON (uscc) uscc, parcel_code FROM (");
    push_holdings(sql, scope, moment, among);
    sql.push(
        ") holdings WHERE side <> 'leased_out' AND parcel_code IS NOT NULL
         ORDER BY uscc, area_mu * days DESC NULLS LAST, floor_area_m2 * days DESC NULLS LAST, parcel_code) main
         JOIN LATERAL (SELECT COALESCE(p.subdistrict, p.registered_subdistrict) AS code
         FROM parcel_version p WHERE p.code = main.parcel_code AND p.district = ",
    );
    sql.push_bind(scope.county().to_owned());
    moment.push_in_year(sql, "p");
    // Versions do not overlap, so the last to begin is the one in force on 31 December, if any is.
    sql.push(" ORDER BY lower(p.valid) DESC LIMIT 1) parcel ON true");
}

/// The occupancies of some enterprises, own land first, then the largest. Figures that do not fit stay behind.
pub fn push_parts(sql: &mut Sql, scope: &Scope, moment: &Moment, among: &Among) {
    sql.push(
        "SELECT p.uscc, p.side, p.parcel_code, p.valid, p.days, p.floor_only,
                COALESCE(abs(p.area_mu) >= 15e8 OR min_scale(p.area_mu) > 16, false) AS odd,
                CASE WHEN abs(p.area_mu) < 15e8 AND min_scale(p.area_mu) <= 16 THEN abs(p.area_mu) END AS land,
                CASE WHEN p.floor_area_m2 < 1e12 AND min_scale(p.floor_area_m2) <= 12 THEN p.floor_area_m2 END AS floor,
                CASE p.side WHEN 'leased_in' THEN o.lessor WHEN 'leased_out' THEN o.occupant END AS counterpart FROM (",
    );
    push_holdings(sql, scope, moment, among);
    sql.push(") p JOIN occupancy o ON o.id = p.occupancy AND o.district = ").push_bind(scope.county().to_owned());
    sql.push(" ORDER BY p.uscc, p.side <> 'owned', p.side, abs(p.area_mu) DESC NULLS LAST, p.parcel_code, p.occupancy");
}
