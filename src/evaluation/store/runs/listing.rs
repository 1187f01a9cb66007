//! The list of runs, and the list of what one came to.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use sqlx::{Postgres, QueryBuilder};
use uuid::Uuid;

use crate::db::count::{Total, total as count};
use crate::db::keyset::{self, Position};
use crate::db::like::containing;
use crate::db::{PgPool, Scope};
use crate::evaluation::RunState;
use crate::evaluation::moved::Move;

type Sql = QueryBuilder<Postgres>;

/// A run as a line.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct RunLine {
    pub id: Uuid,
    pub category: String,
    pub year: i16,
    pub scheme: String,
    pub trial: bool,
    pub state: RunState,
    pub computed_at: DateTime<Utc>,
    pub computed_by: String,
    pub decided_by_name: Option<String>,
    pub document: Option<String>,
}

/// Which runs.
#[derive(Clone, Debug, Default)]
pub struct RunFilter {
    pub category: Option<String>,
    pub year: Option<i16>,
    pub state: Option<RunState>,
}

/// When it was computed, and its number.
pub type RunKey = (DateTime<Utc>, Uuid);

/// The newest first.
pub async fn runs(
    pool: &PgPool,
    scope: &Scope,
    filter: &RunFilter,
    position: &Position<RunKey>,
    size: u16,
) -> Result<keyset::Page<RunLine, RunKey>, sqlx::Error> {
    let mut sql = Sql::new(
        "SELECT id, category, year, scheme, trial, state, computed_at, computed_by, decided_by_name, document",
    );
    push_runs(&mut sql, scope, filter);
    let reading = position.reading(true);
    if let Some((at, id)) = position.key() {
        sql.push(" AND (computed_at, id)").push(reading.beyond).push("(");
        sql.push_bind(*at).push(", ").push_bind(*id).push(")");
    }
    sql.push(" ORDER BY computed_at").push(reading.direction).push(", id").push(reading.direction);
    sql.push(" LIMIT ").push_bind(i64::from(size) + 1);
    let rows: Vec<RunLine> = sql.build_query_as().fetch_all(pool).await?;
    Ok(position.paginate(rows, size.into(), |run| (run.computed_at, run.id)))
}

pub async fn total_runs(pool: &PgPool, scope: &Scope, filter: &RunFilter) -> Result<Total, sqlx::Error> {
    count(pool, |sql| {
        sql.push("SELECT");
        push_runs(sql, scope, filter);
    })
    .await
}

fn push_runs(sql: &mut Sql, scope: &Scope, filter: &RunFilter) {
    sql.push(" FROM evaluation_run WHERE district = ").push_bind(scope.county().to_owned());
    if let Some(category) = &filter.category {
        sql.push(" AND category = ").push_bind(category.clone());
    }
    if let Some(year) = filter.year {
        sql.push(" AND year = ").push_bind(year);
    }
    if let Some(state) = filter.state {
        sql.push(" AND state = ").push_bind(state.code());
    }
}

/// A result as a line.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct ResultLine {
    pub key: String,
    pub name: String,
    pub subdistrict: Option<String>,
    pub industry: Option<String>,
    pub ranking_group: String,
    pub rank: Option<i32>,
    /// As it is printed.
    pub score: String,
    pub first_grade: String,
    pub automatic_grade: String,
    pub grade: String,
    pub vetoed: bool,
    /// In the run it is beside, where there is one that ranks it.
    pub previous_grade: Option<String>,
}

/// Which results of a run.
#[derive(Clone, Debug, Default)]
pub struct ResultFilter {
    pub run: Uuid,
    pub grade: Option<String>,
    pub group: Option<String>,
    pub subdistrict: Option<String>,
    pub vetoed: bool,
    /// The grade is not what the ranking alone gave.
    pub moved: bool,
    /// Division of GB/T 4754.
    pub industry: Option<String>,
    /// The run it is beside: the official one of the year before.
    pub previous: Option<Uuid>,
    /// The grades from the best, and how somebody stands beside the year before.
    pub against: Option<(Vec<String>, Move)>,
    /// Part of the name or of the credit code.
    pub text: Option<String>,
}

/// Group, rank and key. Whoever has no rank comes last in the group.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ResultKey {
    #[serde(rename = "g")]
    pub group: String,
    #[serde(rename = "r")]
    pub rank: i32,
    #[serde(rename = "k")]
    pub key: String,
}

const LAST: i32 = i32::MAX;

/// By group, rank and credit code.
pub async fn results(
    pool: &PgPool,
    scope: &Scope,
    filter: &ResultFilter,
    position: &Position<ResultKey>,
    size: u16,
) -> Result<keyset::Page<ResultLine, ResultKey>, sqlx::Error> {
    let mut sql = Sql::new(
        "SELECT key, name, subdistrict, industry, ranking_group, rank, detail ->> 'score' AS score, first_grade,
                automatic_grade, grade, vetoed, (SELECT p.grade FROM evaluation_result p
                    WHERE p.district = evaluation_result.district AND p.key = evaluation_result.key AND p.run = ",
    );
    sql.push_bind(filter.previous).push(") AS previous_grade");
    push_results(&mut sql, scope, filter);
    let reading = position.reading(false);
    if let Some(key) = position.key() {
        sql.push(" AND (ranking_group, COALESCE(rank, 2147483647), key)").push(reading.beyond).push("(");
        sql.push_bind(key.group.clone()).push(", ").push_bind(key.rank).push(", ");
        sql.push_bind(key.key.clone()).push(")");
    }
    sql.push(" ORDER BY ranking_group").push(reading.direction);
    sql.push(", COALESCE(rank, 2147483647)").push(reading.direction).push(", key").push(reading.direction);
    sql.push(" LIMIT ").push_bind(i64::from(size) + 1);
    let rows: Vec<ResultLine> = sql.build_query_as().fetch_all(pool).await?;
    let key = |line: &ResultLine| ResultKey {
        group: line.ranking_group.clone(),
        rank: line.rank.unwrap_or(LAST),
        key: line.key.clone(),
    };
    Ok(position.paginate(rows, size.into(), key))
}

pub async fn total_results(pool: &PgPool, scope: &Scope, filter: &ResultFilter) -> Result<Total, sqlx::Error> {
    count(pool, |sql| {
        sql.push("SELECT");
        push_results(sql, scope, filter);
    })
    .await
}

fn push_results(sql: &mut Sql, scope: &Scope, filter: &ResultFilter) {
    sql.push(" FROM evaluation_result WHERE district = ").push_bind(scope.county().to_owned());
    sql.push(" AND run = ").push_bind(filter.run);
    let places = [scope.subdistrict_code(), filter.subdistrict.as_deref()];
    for code in places.into_iter().flatten() {
        sql.push(" AND subdistrict = ").push_bind(code.to_owned());
    }
    if let Some(grade) = &filter.grade {
        sql.push(" AND grade = ").push_bind(grade.clone());
    }
    if let Some(group) = &filter.group {
        sql.push(" AND ranking_group = ").push_bind(group.clone());
    }
    if filter.vetoed {
        sql.push(" AND vetoed");
    }
    if filter.moved {
        sql.push(" AND grade <> first_grade");
    }
    if let Some(division) = &filter.industry {
        sql.push(" AND left(industry, 2) = ").push_bind(division.clone());
    }
    if let Some((grades, how)) = &filter.against {
        push_against(sql, filter.previous, grades, *how);
    }
    if let Some(text) = &filter.text {
        sql.push(" AND (name ILIKE ").push_bind(containing(text));
        sql.push(" OR key LIKE ").push_bind(containing(&text.to_uppercase())).push(")");
    }
}

/// Beside the year before. Grades that are of neither scheme are told apart by nobody and fall out.
fn push_against(sql: &mut Sql, previous: Option<Uuid>, grades: &[String], how: Move) {
    let compared = match how {
        Move::Up => " > ",
        Move::Down => " < ",
        _ => " = ",
    };
    sql.push(if how == Move::Entered { " AND NOT EXISTS" } else { " AND EXISTS" });
    sql.push(" (SELECT FROM evaluation_result p WHERE p.district = evaluation_result.district AND p.key = evaluation_result.key");
    sql.push(" AND p.run = ").push_bind(previous);
    if how != Move::Entered {
        sql.push(" AND array_position(").push_bind(grades.to_vec()).push("::text[], p.grade)").push(compared);
        sql.push("array_position(").push_bind(grades.to_vec()).push("::text[], evaluation_result.grade)");
    }
    sql.push(")");
}
