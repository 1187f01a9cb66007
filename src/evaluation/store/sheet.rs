//! What stands beside one line of a run: who comes next, the years before, and where its figures come from.

use chrono::NaiveDate;
use rust_decimal::Decimal;
use sqlx::postgres::types::PgRange;
use uuid::Uuid;

use crate::account::Department;
use crate::base::period::Period;
use crate::db::{PgPool, Scope};
use crate::enterprise::{FigureState, Indicator};

/// Whom a subject has to stay ahead of.
#[derive(Clone, Copy, Debug)]
pub struct Behind<'a> {
    pub run: Uuid,
    pub group: &'a str,
    pub rank: i32,
    /// Worse than its own.
    pub grades: &'a [String],
    /// Also those whom a veto keeps out of the grade: where their places stay open.
    pub vetoed: bool,
}

/// Grade and score of the best after it with a worse grade. Nobody's name is told.
pub async fn next_below(
    pool: &PgPool,
    scope: &Scope,
    behind: &Behind<'_>,
) -> Result<Option<(String, String)>, sqlx::Error> {
    let row = sqlx::query!(
        r#"SELECT automatic_grade, detail ->> 'score' AS "score!" FROM evaluation_result
           WHERE district = $1 AND run = $2 AND ranking_group = $3 AND rank > $4 AND automatic_grade = ANY ($5)
             AND (NOT vetoed OR $6) ORDER BY rank, key LIMIT 1"#,
        scope.county(),
        behind.run,
        behind.group,
        behind.rank,
        behind.grades,
        behind.vetoed
    )
    .fetch_optional(pool)
    .await?;
    Ok(row.map(|row| (row.automatic_grade, row.score)))
}

/// A year in which a subject was officially evaluated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OfficialYear {
    pub run: Uuid,
    pub year: i16,
    pub grade: String,
    /// As it is printed.
    pub score: String,
    pub rank: Option<i32>,
    pub ranking_group: String,
}

/// The official results of a category, year by year.
pub async fn official_years(
    pool: &PgPool,
    scope: &Scope,
    category: &str,
    key: &str,
) -> Result<Vec<OfficialYear>, sqlx::Error> {
    sqlx::query_as!(
        OfficialYear,
        r#"SELECT r.run, e.year, r.grade, r.detail ->> 'score' AS "score!", r.rank, r.ranking_group
           FROM evaluation_result r JOIN evaluation_run e ON e.district = r.district AND e.id = r.run
           WHERE r.district = $1 AND r.key = $2 AND e.category = $3 AND e.state = 'official'
             AND ($4::text IS NULL OR r.subdistrict = $4) ORDER BY e.year"#,
        scope.county(),
        key,
        category,
        scope.subdistrict_code()
    )
    .fetch_all(pool)
    .await
}

/// A figure of a year as it is on record now.
#[derive(Clone, Debug)]
pub struct SourceLine {
    pub indicator: Indicator,
    pub value: Decimal,
    pub department: Department,
    pub state: FigureState,
    pub source: String,
}

pub async fn figures(pool: &PgPool, scope: &Scope, uscc: &str, year: i32) -> Result<Vec<SourceLine>, sqlx::Error> {
    sqlx::query_as!(
        SourceLine,
        r#"SELECT indicator AS "indicator: Indicator", value, department AS "department: Department",
                  state AS "state: FigureState", source
           FROM return_figure WHERE district = $1 AND uscc = $2 AND year = $3 AND superseded_at IS NULL ORDER BY indicator"#,
        scope.county(),
        uscc,
        year as i16
    )
    .fetch_all(pool)
    .await
}

/// Land that an enterprise held or let on some day of a year, as it is on record now.
#[derive(Clone, Debug)]
pub struct LandLine {
    pub parcel_code: Option<String>,
    pub side: String,
    /// mu; negative where it is let.
    pub area_mu: Option<Decimal>,
    pub from: Option<NaiveDate>,
    /// The last day.
    pub to: Option<NaiveDate>,
    pub source: String,
}

pub async fn land(
    pool: &PgPool,
    scope: &Scope,
    uscc: &str,
    year: i32,
    most: i64,
) -> Result<Vec<LandLine>, sqlx::Error> {
    sqlx::query_as!(
        LandLine,
        r#"SELECT h.parcel_code, h.side AS "side!", h.area_mu, lower(h.valid) AS "from", upper(h.valid) - 1 AS "to", o.source
           FROM holding h JOIN occupancy o ON o.district = h.district AND o.id = h.occupancy
           WHERE h.district = $1 AND h.uscc = $2 AND h.superseded_at IS NULL AND h.valid && $3
           ORDER BY h.parcel_code NULLS LAST, lower(h.valid), h.occupancy LIMIT $4"#,
        scope.county(),
        uscc,
        PgRange::from(Period::year(year)),
        most
    )
    .fetch_all(pool)
    .await
}
