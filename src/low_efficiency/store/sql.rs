//! The 10,000-yuan rule in SQL, and the list ordered and paged by it.
//!
//! It is the same exact comparison on `numeric` as in `rules`, which judges every fetched line again; a difference is an error.

use crate::annual::store::{self as annual, Moment, Sql, push_fact_columns, push_in_transition};
use crate::db::Scope;
use crate::enterprise::Indicator;
use crate::low_efficiency::list::{Cursor, ListQuery, SortKey};
use crate::low_efficiency::{Line, Outcome};

/// What the line rests on, beside land and the version in force.
pub const FIGURES: &[Indicator] = &[Indicator::TaxPaid];

/// `WITH … listed AS (…)`: one row an enterprise with its facts, `outcome`, `rank` and `ratio`; `comparable` when tax and land can
/// be held against the line.
pub fn push_listed(sql: &mut Sql, scope: &Scope, query: &ListQuery, line: &Line) {
    annual::push_judged(sql, scope, &query.facts, line);
    sql.push(", listed AS (SELECT *, ").push(RANK).push(" AS rank FROM judged)");
}

/// The rule in the database's exact arithmetic, in the order of `rules::judge`. `ratio` is tax per mu ÷ the line.
pub fn push_judged(sql: &mut Sql, moment: &Moment, line: &Line) {
    sql.push("SELECT fact.*, CASE WHEN comparable THEN tax_side / line_side END AS ratio, CASE");
    sql.push(" WHEN NOT operated OR established_on > ").push_bind(moment.last).push(" THEN 'not_applicable'");
    sql.push(" WHEN records > 0 AND unmeasured = 0 AND NOT land_out_of_range");
    sql.push(" AND taken = 0 AND given = 0 THEN 'not_applicable'");
    if line.transition_exempts {
        sql.push(" WHEN ");
        push_in_transition(sql, moment, line.transition_years);
        sql.push(" THEN 'in_transition'");
    }
    sql.push(
        " WHEN NOT comparable THEN 'not_determinable' WHEN tax_side < line_side THEN 'flagged'
          WHEN tax_side = line_side THEN 'on_the_line' ELSE 'clear' END AS outcome FROM (SELECT *, tax_paid * ",
    );
    sql.push_bind(moment.length()).push(" AS tax_side, land * ");
    sql.push_bind(line.floor).push(" AS line_side, ");
    sql.push("COALESCE(tax_paid >= 0 AND NOT tax_paid_out_of_range AND records > 0");
    sql.push(" AND unmeasured = 0 AND NOT land_out_of_range AND land > 0, false) AS comparable FROM fact OFFSET 0) fact OFFSET 0");
}

/// How the list is laid out when it is ordered by outcome.
const RANK: &str = "CASE outcome WHEN 'flagged' THEN 1 WHEN 'on_the_line' THEN 2 WHEN 'not_determinable' THEN 3 \
                    WHEN 'in_transition' THEN 4 WHEN 'not_applicable' THEN 5 ELSE 6 END";

fn sort_expression(key: SortKey) -> &'static str {
    match key {
        SortKey::Outcome | SortKey::TaxPerMu => "ratio",
        SortKey::Tax => "CASE WHEN NOT tax_paid_out_of_range THEN tax_paid END",
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
    sql.push(" SELECT ");
    push_fact_columns(sql, FIGURES);
    sql.push(", outcome, rank, sort_key::text AS key FROM (SELECT * FROM (SELECT *, ");
    sql.push(sort_expression(query.sort)).push(" AS sort_key FROM listed) listed WHERE true");
    push_outcome_filter(sql, &query.outcomes);
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
