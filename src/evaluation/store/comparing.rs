//! Two runs line by line, and how many went from which grade to which.

use sqlx::types::Json;
use sqlx::{Postgres, QueryBuilder};
use uuid::Uuid;

use crate::db::count::{Total, total as count};
use crate::db::keyset::{self, Position};
use crate::db::like::containing;
use crate::db::{PgPool, Scope};
use crate::evaluation::LeftOut;
use crate::evaluation::document::ResultDocument;
use crate::evaluation::moved::Move;

type Sql = QueryBuilder<Postgres>;

/// Somebody in one run or in both.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Pair {
    pub key: String,
    pub name: String,
    pub ranking_group: String,
    pub subdistrict: Option<String>,
    pub before: Option<Json<ResultDocument>>,
    pub after: Option<Json<ResultDocument>>,
    /// Why the run that does not rank it left it out, where that is on record.
    pub left_out: Option<LeftOut>,
}

/// The two runs, and which of their lines.
#[derive(Clone, Debug, Default)]
pub struct PairFilter {
    pub before: Uuid,
    pub after: Uuid,
    /// Grades of each from the best.
    pub grades_before: Vec<String>,
    pub grades_after: Vec<String>,
    pub how: Option<Move>,
    pub from: Option<String>,
    pub to: Option<String>,
    pub subdistrict: Option<String>,
    pub text: Option<String>,
}

/// By the key of the subject.
pub async fn pairs(
    pool: &PgPool,
    scope: &Scope,
    filter: &PairFilter,
    position: &Position<String>,
    size: u16,
) -> Result<keyset::Page<Pair, String>, sqlx::Error> {
    let reading = position.reading(false);
    let mut sql = Sql::new("SELECT * FROM (");
    let mut begun = false;
    for side in sides(filter) {
        sql.push(if begun { " UNION ALL (" } else { "(" });
        begun = true;
        sql.push(side.columns());
        sql.push(", (SELECT l.why FROM evaluation_left_out l WHERE l.district = one.district AND l.key = one.key AND l.run = ");
        sql.push_bind(side.other(filter)).push(") AS left_out");
        side.push(&mut sql, scope, filter);
        if let Some(key) = position.key() {
            sql.push(" AND one.key").push(reading.beyond).push_bind(key.clone());
        }
        sql.push(" ORDER BY one.key").push(reading.direction).push(" LIMIT ").push_bind(i64::from(size) + 1).push(")");
    }
    sql.push(") both_runs ORDER BY key").push(reading.direction).push(" LIMIT ").push_bind(i64::from(size) + 1);
    let rows: Vec<Pair> = sql.build_query_as().fetch_all(pool).await?;
    Ok(position.paginate(rows, size.into(), |pair| pair.key.clone()))
}

pub async fn total_pairs(pool: &PgPool, scope: &Scope, filter: &PairFilter) -> Result<Total, sqlx::Error> {
    count(pool, |sql| {
        sql.push("SELECT FROM (");
        for (number, side) in sides(filter).into_iter().enumerate() {
            sql.push(if number == 0 { "(SELECT one.key" } else { " UNION ALL (SELECT one.key" });
            side.push(sql, scope, filter);
            sql.push(")");
        }
        sql.push(") both_runs");
    })
    .await
}

/// Everybody of the earlier run with what became of them, or whoever is new in the later one.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Earlier,
    New,
}

/// Those that the filter does not rule out as a whole.
fn sides(filter: &PairFilter) -> Vec<Side> {
    let new_only = filter.how == Some(Move::Entered);
    let earlier_only = filter.from.is_some() || filter.how.is_some_and(|how| how != Move::Entered);
    match (new_only, earlier_only) {
        (true, _) => vec![Side::New],
        (false, true) => vec![Side::Earlier],
        (false, false) => vec![Side::Earlier, Side::New],
    }
}

impl Side {
    fn columns(self) -> &'static str {
        match self {
            Side::Earlier => {
                "SELECT one.key, COALESCE(other.name, one.name) AS name, COALESCE(other.ranking_group, one.ranking_group) AS ranking_group,
                        COALESCE(other.subdistrict, one.subdistrict) AS subdistrict, one.detail AS before, other.detail AS after"
            }
            Side::New => {
                "SELECT one.key, one.name, one.ranking_group, one.subdistrict, NULL::json AS before, one.detail AS after"
            }
        }
    }

    fn other(self, filter: &PairFilter) -> Uuid {
        match self {
            Side::Earlier => filter.after,
            Side::New => filter.before,
        }
    }

    fn push(self, sql: &mut Sql, scope: &Scope, filter: &PairFilter) {
        match self {
            Side::Earlier => push_earlier(sql, scope, filter),
            Side::New => push_new(sql, scope, filter),
        }
        let places = [scope.subdistrict_code(), filter.subdistrict.as_deref()];
        for code in places.into_iter().flatten() {
            sql.push(" AND one.subdistrict = ").push_bind(code.to_owned());
        }
        if let Some(text) = &filter.text {
            sql.push(" AND (one.name ILIKE ").push_bind(containing(text));
            sql.push(" OR one.key LIKE ").push_bind(containing(&text.to_uppercase())).push(")");
        }
    }
}

fn push_earlier(sql: &mut Sql, scope: &Scope, filter: &PairFilter) {
    sql.push(" FROM evaluation_result one LEFT JOIN evaluation_result other ON other.district = one.district AND other.key = one.key");
    sql.push(" AND other.run = ").push_bind(filter.after);
    if let Some(code) = scope.subdistrict_code() {
        sql.push(" AND other.subdistrict = ").push_bind(code.to_owned());
    }
    sql.push(" WHERE one.district = ").push_bind(scope.county().to_owned());
    sql.push(" AND one.run = ").push_bind(filter.before);
    if let Some(grade) = &filter.from {
        sql.push(" AND one.grade = ").push_bind(grade.clone());
    }
    if let Some(grade) = &filter.to {
        sql.push(" AND other.grade = ").push_bind(grade.clone());
    }
    let compared = match filter.how {
        Some(Move::Up) => " < ",
        Some(Move::Down) => " > ",
        Some(Move::Same) => " = ",
        Some(Move::Left) => {
            sql.push(" AND other.key IS NULL");
            return;
        }
        _ => return,
    };
    sql.push(" AND other.key IS NOT NULL AND ");
    push_place(sql, &filter.grades_after, "other.grade");
    sql.push(compared);
    push_place(sql, &filter.grades_before, "one.grade");
}

/// From 1, the best; a grade that the run's scheme does not have is below all.
fn push_place(sql: &mut Sql, grades: &[String], column: &str) {
    let last = grades.len() as i32 + 1;
    sql.push("COALESCE(array_position(").push_bind(grades.to_vec()).push("::text[], ").push(column).push("), ");
    sql.push_bind(last).push(")");
}

fn push_new(sql: &mut Sql, scope: &Scope, filter: &PairFilter) {
    sql.push(" FROM evaluation_result one WHERE one.district = ").push_bind(scope.county().to_owned());
    sql.push(" AND one.run = ").push_bind(filter.after);
    sql.push(" AND NOT EXISTS (SELECT FROM evaluation_result other WHERE other.district = one.district AND other.key = one.key");
    sql.push(" AND other.run = ").push_bind(filter.before);
    if let Some(code) = scope.subdistrict_code() {
        sql.push(" AND other.subdistrict = ").push_bind(code.to_owned());
    }
    sql.push(")");
    if let Some(grade) = &filter.to {
        sql.push(" AND one.grade = ").push_bind(grade.clone());
    }
}

/// How many went from one grade to another; none on a side where they are not ranked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flow {
    pub from: Option<String>,
    pub to: Option<String>,
    pub count: i64,
}

/// From an index alone: no line of either run is read.
pub async fn flows(pool: &PgPool, scope: &Scope, before: Uuid, after: Uuid) -> Result<Vec<Flow>, sqlx::Error> {
    sqlx::query_as!(
        Flow,
        r#"SELECT earlier.grade AS "from?", later.grade AS "to?", count(*) AS "count!"
           FROM (SELECT key, grade FROM evaluation_result
                 WHERE district = $1 AND run = $2 AND ($4::text IS NULL OR subdistrict = $4)) earlier
           FULL JOIN (SELECT key, grade FROM evaluation_result
                 WHERE district = $1 AND run = $3 AND ($4::text IS NULL OR subdistrict = $4)) later ON later.key = earlier.key
           GROUP BY 1, 2 ORDER BY 1 NULLS LAST, 2 NULLS LAST"#,
        scope.county(),
        before,
        after,
        scope.subdistrict_code()
    )
    .fetch_all(pool)
    .await
}
