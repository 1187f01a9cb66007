//! Which runs bind, and the grades that they gave to enterprises.

use serde::{Deserialize, Serialize};
use sqlx::{PgConnection, Postgres, QueryBuilder};
use uuid::Uuid;

use crate::db::Scope;
use crate::db::keyset::Position;
use crate::db::like::containing;
use crate::scoring::scheme::Category;

/// A run whose grades bind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Binding {
    pub run: Uuid,
    pub category: Category,
    pub year: i32,
}

/// The runs that bind up to a year: the official one of each category and year, which is never a trial. Whatever else a result has to
/// go through before it binds is asked here, and nowhere else.
pub async fn binding(connection: &mut PgConnection, scope: &Scope, up_to: i32) -> Result<Vec<Binding>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"SELECT id, category AS "category: Category", year FROM evaluation_run
           WHERE district = $1 AND state = 'official' AND year <= $2 ORDER BY year, category"#,
        scope.county(),
        i16::try_from(up_to).unwrap_or(i16::MAX)
    )
    .fetch_all(connection)
    .await?;
    Ok(rows.into_iter().map(|row| Binding { run: row.id, category: row.category, year: row.year.into() }).collect())
}

/// A grade that a run gave.
pub struct GradeRow {
    pub key: String,
    pub run: Uuid,
    pub grade: String,
}

pub async fn grades(
    connection: &mut PgConnection,
    scope: &Scope,
    binding: &[Binding],
    these: &[String],
) -> Result<Vec<GradeRow>, sqlx::Error> {
    let runs: Vec<Uuid> = binding.iter().map(|run| run.run).collect();
    sqlx::query_as!(
        GradeRow,
        "SELECT key, run, grade FROM evaluation_result WHERE district = $1 AND run = ANY($2) AND key = ANY($3)",
        scope.county(),
        &runs,
        these
    )
    .fetch_all(connection)
    .await
}

/// An enterprise on which a grade acts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, sqlx::FromRow)]
pub struct Subject {
    pub uscc: String,
    pub name: String,
    /// Where it lies, as the run has it.
    pub subdistrict: Option<String>,
    pub grade: String,
}

/// Which of them.
#[derive(Clone, Debug, Default)]
pub struct SubjectFilter {
    /// Grades that matter; none named means all.
    pub grades: Option<Vec<String>>,
    /// Categories that matter.
    pub categories: Vec<Category>,
    pub subdistrict: Option<String>,
    /// Part of the name or of the credit code.
    pub text: Option<String>,
    /// This one.
    pub uscc: Option<String>,
}

/// From where enterprises are read.
#[derive(Clone, Debug, Default)]
pub struct ReadFrom {
    pub position: Position<String>,
    /// The one that is named is among them.
    pub itself: bool,
}

/// Enterprises in the order of their credit codes, at most `limit`; `runs` are those of one year, in the order in which they act.
pub async fn subjects(
    connection: &mut PgConnection,
    scope: &Scope,
    (runs, filter): (&[Binding], &SubjectFilter),
    from: &ReadFrom,
    limit: u16,
) -> Result<Vec<Subject>, sqlx::Error> {
    let mattering = runs.iter().enumerate().filter(|(_, run)| filter.categories.contains(&run.category));
    let mut sql = QueryBuilder::<Postgres>::new("SELECT uscc, name, subdistrict, grade FROM (");
    let mut is_first = true;
    for (at, run) in mattering {
        if !is_first {
            sql.push(" UNION ALL ");
        }
        is_first = false;
        push_run(&mut sql, scope, (run, &runs[..at]), filter, from);
        sql.push(" LIMIT ").push_bind(i64::from(limit)).push(")");
    }
    if is_first {
        return Ok(Vec::new());
    }
    sql.push(") found ORDER BY uscc").push(from.position.reading(false).direction).push(" LIMIT ");
    sql.push_bind(i64::from(limit));
    sql.build_query_as().fetch_all(connection).await
}

/// What one run gives, without those on whom another acts before it.
fn push_run(
    sql: &mut QueryBuilder<Postgres>,
    scope: &Scope,
    (run, before): (&Binding, &[Binding]),
    filter: &SubjectFilter,
    from: &ReadFrom,
) {
    let reading = from.position.reading(false);
    sql.push("(SELECT r.key AS uscc, r.name, r.subdistrict, r.grade FROM evaluation_result r WHERE r.district = ");
    sql.push_bind(scope.county().to_owned()).push(" AND r.run = ").push_bind(run.run);
    if let Some(key) = from.position.key() {
        sql.push(" AND r.key").push(reading.beyond.trim_end()).push(if from.itself { "= " } else { " " });
        sql.push_bind(key.clone());
    }
    if let Some(uscc) = &filter.uscc {
        sql.push(" AND r.key = ").push_bind(uscc.clone());
    }
    if let Some(grades) = &filter.grades {
        sql.push(" AND r.grade = ANY(").push_bind(grades.clone()).push(")");
    }
    for code in [scope.subdistrict_code(), filter.subdistrict.as_deref()].into_iter().flatten() {
        sql.push(" AND r.subdistrict = ").push_bind(code.to_owned());
    }
    if let Some(text) = &filter.text {
        sql.push(" AND (r.name ILIKE ").push_bind(containing(text));
        sql.push(" OR r.key LIKE ").push_bind(containing(&text.to_uppercase())).push(")");
    }
    if !before.is_empty() {
        let runs: Vec<Uuid> = before.iter().map(|run| run.run).collect();
        sql.push(" AND NOT EXISTS (SELECT FROM evaluation_result b WHERE b.district = r.district AND b.key = r.key");
        sql.push(" AND b.run = ANY(").push_bind(runs).push("))");
    }
    sql.push(" ORDER BY r.key").push(reading.direction);
}
