//! What the pictures of a run rest on: sums over its lines, which an index alone answers.

use rust_decimal::Decimal;
use uuid::Uuid;

use crate::db::{PgPool, Scope};

/// How the scores of a ranking group lie.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GroupBox {
    pub group: String,
    pub count: i64,
    pub least: Decimal,
    pub lower: Decimal,
    pub median: Decimal,
    pub upper: Decimal,
    pub most: Decimal,
}

/// Quartiles are scores that somebody has.
pub async fn boxes(pool: &PgPool, scope: &Scope, run: Uuid) -> Result<Vec<GroupBox>, sqlx::Error> {
    sqlx::query_as!(
        GroupBox,
        r#"SELECT ranking_group AS "group", count(*) AS "count!", min(score) AS "least!",
                  percentile_disc(0.25) WITHIN GROUP (ORDER BY score) AS "lower!",
                  percentile_disc(0.5) WITHIN GROUP (ORDER BY score) AS "median!",
                  percentile_disc(0.75) WITHIN GROUP (ORDER BY score) AS "upper!", max(score) AS "most!"
           FROM evaluation_result WHERE district = $1 AND run = $2 AND ($3::text IS NULL OR subdistrict = $3)
           GROUP BY ranking_group ORDER BY ranking_group"#,
        scope.county(),
        run,
        scope.subdistrict_code()
    )
    .fetch_all(pool)
    .await
}

/// How many of a grade have a score from `from` to ten points more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bin {
    pub from: i64,
    pub grade: String,
    pub count: i64,
}

pub async fn bins(pool: &PgPool, scope: &Scope, run: Uuid) -> Result<Vec<Bin>, sqlx::Error> {
    sqlx::query_as!(
        Bin,
        r#"SELECT (floor(score / 10) * 10)::bigint AS "from!", grade, count(*) AS "count!"
           FROM evaluation_result WHERE district = $1 AND run = $2 AND ($3::text IS NULL OR subdistrict = $3)
           GROUP BY 1, 2 ORDER BY 1, 2"#,
        scope.county(),
        run,
        scope.subdistrict_code()
    )
    .fetch_all(pool)
    .await
}

/// How many stood in one point of score before and stand in another now, with the grade they have now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pair {
    /// The lower end of one point.
    pub before: i64,
    pub now: i64,
    pub grade: String,
    pub count: i64,
    /// Of these, by the exact scores.
    pub higher: i64,
    pub lower: i64,
}

/// Whoever is in both runs, in cells of a point by a point, so that a million are as few to draw as a thousand.
pub async fn pairs(pool: &PgPool, scope: &Scope, (before, now): (Uuid, Uuid)) -> Result<Vec<Pair>, sqlx::Error> {
    sqlx::query_as!(
        Pair,
        r#"SELECT floor(b.score)::bigint AS "before!", floor(r.score)::bigint AS "now!", r.grade, count(*) AS "count!",
                  count(*) FILTER (WHERE r.score > b.score) AS "higher!", count(*) FILTER (WHERE r.score < b.score) AS "lower!"
           FROM (SELECT key, score, grade FROM evaluation_result
                 WHERE district = $1 AND run = $3 AND ($4::text IS NULL OR subdistrict = $4) OFFSET 0) r
           JOIN (SELECT key, score FROM evaluation_result WHERE district = $1 AND run = $2 OFFSET 0) b ON b.key = r.key
           GROUP BY 1, 2, 3 ORDER BY 1, 2, 3"#,
        scope.county(),
        before,
        now,
        scope.subdistrict_code()
    )
    .fetch_all(pool)
    .await
}

/// How many of a sub-district have a grade.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlaceCount {
    pub subdistrict: Option<String>,
    pub grade: String,
    pub count: i64,
}

pub async fn by_place(pool: &PgPool, scope: &Scope, run: Uuid) -> Result<Vec<PlaceCount>, sqlx::Error> {
    sqlx::query_as!(
        PlaceCount,
        r#"SELECT subdistrict, grade, count(*) AS "count!"
           FROM evaluation_result WHERE district = $1 AND run = $2 AND ($3::text IS NULL OR subdistrict = $3)
           GROUP BY 1, 2 ORDER BY 1 NULLS LAST, 2"#,
        scope.county(),
        run,
        scope.subdistrict_code()
    )
    .fetch_all(pool)
    .await
}

/// The official runs of a category before a year, the last of them; the oldest first.
pub async fn official_before(
    pool: &PgPool,
    scope: &Scope,
    category: &str,
    year: i32,
    most: i64,
) -> Result<Vec<(i32, Uuid)>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"SELECT year, id FROM evaluation_run
           WHERE district = $1 AND category = $2 AND state = 'official' AND year < $3 ORDER BY year DESC LIMIT $4"#,
        scope.county(),
        category,
        year as i16,
        most
    )
    .fetch_all(pool)
    .await?;
    Ok(rows.into_iter().rev().map(|row| (i32::from(row.year), row.id)).collect())
}
