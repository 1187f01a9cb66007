//! The counts of a year and the enterprises behind them, set-based.

mod sql;

use rust_decimal::Decimal;
use sqlx::{FromRow, PgConnection};

use super::rules::{Beside, DoubtRule, asked_of};
use super::{Cell, Kind, Line, Matrix, Peers};
use crate::annual::deciding_day;
use crate::annual::store::{Sql, snapshot};
use crate::base::bounds::YEARS;
use crate::codelist::CrossWalk;
use crate::db::keyset::{Page, Position};
use crate::db::{PgPool, Scope, layer};
use crate::enterprise::sums::SumError;
use crate::enterprise::{FigureState, Indicator, Sector, SizeClass};
use crate::policy;
use crate::scoring::subject::Fact;
use sql::{Asked, Extent};

#[derive(Debug, thiserror::Error)]
pub enum CompletenessError {
    #[error("{year} is not a year that can be looked at")]
    Year { year: i32 },
    #[error("the figures of {year} cannot be held against anything: {error}")]
    Rule { year: i32, error: SumError },
    #[error("the query finds {uscc} doubtful or not, and the rule otherwise")]
    Divergence { uscc: String },
    #[error(transparent)]
    Database(#[from] sqlx::Error),
}

/// The rule in force for a year, by the parameters of its 31 December.
///
/// # Errors
/// When none was in force then.
pub async fn rule_of(pool: &PgPool, year: i32) -> Result<DoubtRule, CompletenessError> {
    if !YEARS.contains(&year) {
        return Err(CompletenessError::Year { year });
    }
    let parameters = policy::store::parameters_on(pool, deciding_day(year)).await?;
    DoubtRule::from_parameters(&parameters).map_err(|error| CompletenessError::Rule { year, error })
}

/// What the counts rest on: raised with every change of the enterprises and their figures.
pub async fn revision(pool: &PgPool, scope: &Scope) -> Result<i64, sqlx::Error> {
    let layers = [layer::ENTERPRISES, layer::RETURNS].map(str::to_owned);
    sqlx::query_scalar!(
        r#"SELECT coalesce(sum(revision), 0)::bigint AS "revision!" FROM layer_revision WHERE district = $1 AND layer = ANY($2)"#,
        scope.county(),
        &layers
    )
    .fetch_one(pool)
    .await
}

/// Counts a whole district: some statements for each indicator, each in the order of the credit codes.
pub async fn matrix(pool: &PgPool, scope: &Scope, year: i32, rule: &DoubtRule) -> Result<Matrix, CompletenessError> {
    let whole = Scope::district(scope.district.clone());
    let mut snapshot = snapshot(pool).await?;
    sqlx::raw_sql("SET LOCAL enable_hashagg = on").execute(&mut *snapshot).await?;
    let mut matrix = Matrix::default();
    for indicator in Indicator::ALL.iter().copied() {
        let returned = occurs(&mut snapshot, &whole, year, indicator).await?;
        if !returned && asked_of(indicator).is_empty() {
            continue;
        }
        if returned {
            matrix.peers.extend(peers(&mut snapshot, &whole, year, indicator, rule.peers_at_least).await?);
        }
        let asked = Asked { scope: &whole, year, indicator, rule, peers: &matrix.peers };
        matrix.cells.extend(cells(&mut snapshot, &asked).await?);
    }
    snapshot.commit().await?;
    Ok(matrix)
}

async fn occurs(
    connection: &mut PgConnection,
    scope: &Scope,
    year: i32,
    indicator: Indicator,
) -> Result<bool, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT EXISTS (SELECT FROM return_figure
           WHERE district = $1 AND year = $2 AND indicator = $3 AND superseded_at IS NULL) AS "any!""#,
        scope.county(),
        year as i16,
        indicator.code()
    )
    .fetch_one(connection)
    .await
}

async fn peers(
    connection: &mut PgConnection,
    scope: &Scope,
    year: i32,
    indicator: Indicator,
    at_least: u32,
) -> Result<Vec<Peers>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"SELECT left(e.industry_code, 2) AS "division!", e.size_class AS "size_class: SizeClass",
                  percentile_disc(0.5) WITHIN GROUP (ORDER BY f.value) AS "middle!"
           FROM enterprise_version e
           JOIN return_figure f ON f.district = $1 AND f.year = $2 AND f.indicator = $3 AND f.uscc = e.uscc
                AND f.superseded_at IS NULL AND f.value > 0
           WHERE e.district = $1 AND e.superseded_at IS NULL AND e.state = 'operating' AND e.industry_code IS NOT NULL
             AND lower(e.valid) <= $4 AND (upper_inf(e.valid) OR upper(e.valid) > $4)
           GROUP BY 1, 2 HAVING count(*) >= $5 ORDER BY 1, 2"#,
        scope.county(),
        year as i16,
        indicator.code(),
        deciding_day(year),
        i64::from(at_least)
    )
    .fetch_all(connection)
    .await?;
    let peers = rows.into_iter().map(|row| Peers {
        indicator,
        division: row.division,
        size_class: row.size_class,
        middle: row.middle,
    });
    Ok(peers.collect())
}

#[derive(FromRow)]
struct CellRow {
    subdistrict: Option<String>,
    asked: i64,
    missing: i64,
    reported: i64,
    confirmed: i64,
    doubtful: i64,
}

async fn cells(connection: &mut PgConnection, asked: &Asked<'_>) -> Result<Vec<Cell>, sqlx::Error> {
    let mut sql = Sql::new("SELECT e.subdistrict, count(*) FILTER (WHERE ");
    asked.push_is_asked(&mut sql);
    sql.push(") AS asked");
    for kind in Kind::ALL {
        sql.push(", count(*) FILTER (WHERE ");
        asked.push_is(&mut sql, *kind);
        sql.push(") AS ").push(kind.code());
    }
    asked.push_from(&mut sql, Extent::Whole);
    sql.push(" GROUP BY e.subdistrict ORDER BY e.subdistrict");
    let rows: Vec<CellRow> = sql.build_query_as().fetch_all(connection).await?;
    let cell = |row: CellRow| Cell {
        indicator: asked.indicator,
        subdistrict: row.subdistrict,
        asked: row.asked,
        missing: row.missing,
        reported: row.reported,
        confirmed: row.confirmed,
        doubtful: row.doubtful,
    };
    Ok(rows.into_iter().map(cell).collect())
}

/// Which enterprises of a cell, or of a row of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sought {
    pub year: i32,
    pub indicator: Indicator,
    pub kind: Kind,
    pub place: Place,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    Everywhere,
    Subdistrict(String),
    /// No sub-district is registered.
    Unregistered,
}

/// Every code that a sub-district had, from any of them.
fn codes_of(code: &str) -> Vec<String> {
    let present = CrossWalk::embedded().present_subdistrict(code);
    let before = CrossWalk::embedded().subdistrict_predecessors(&present);
    let mut codes: Vec<String> = before.into_iter().map(str::to_owned).chain([code.to_owned()]).collect();
    codes.push(present);
    codes
}

#[derive(FromRow)]
struct LineRow {
    uscc: String,
    name: String,
    subdistrict: Option<String>,
    sector: Sector,
    size_class: SizeClass,
    value: Option<Decimal>,
    state: Option<FigureState>,
    last_year: Option<Decimal>,
    middle: Option<Decimal>,
    amount: Option<Decimal>,
    is_doubtful: bool,
}

/// One page of at most `size` enterprises from a position, in the order of their credit codes.
///
/// # Errors
/// When the query and the rule differ on what is doubtful.
pub async fn enterprises(
    pool: &PgPool,
    scope: &Scope,
    sought: &Sought,
    (rule, peers): (&DoubtRule, &[Peers]),
    (position, size): (&Position<String>, u16),
) -> Result<Page<Line, String>, CompletenessError> {
    let asked = Asked { scope, year: sought.year, indicator: sought.indicator, rule, peers };
    let mut sql = Sql::new(
        "SELECT e.uscc, e.name, e.subdistrict, e.sector, e.size_class, f.value, f.state, l.value AS last_year, p.middle, w.amount, ",
    );
    asked.push_is(&mut sql, Kind::Doubtful);
    sql.push(" AS is_doubtful");
    asked.push_from(&mut sql, Extent::Page);
    sql.push(" AND ");
    asked.push_is(&mut sql, sought.kind);
    match &sought.place {
        Place::Everywhere => {}
        Place::Subdistrict(code) => drop(sql.push(" AND e.subdistrict = ANY (").push_bind(codes_of(code)).push(")")),
        Place::Unregistered => drop(sql.push(" AND e.subdistrict IS NULL")),
    }
    let reading = position.reading(false);
    if let Some(key) = position.key() {
        sql.push(" AND e.uscc").push(reading.beyond).push_bind(key.clone());
    }
    sql.push(" ORDER BY e.uscc").push(reading.direction).push(" LIMIT ").push_bind(i64::from(size) + 1);
    let rows: Vec<LineRow> = sql.build_query_as().fetch_all(pool).await?;
    let Page { rows, previous, next, total } = position.paginate(rows, size.into(), |row| row.uscc.clone());
    let rows = rows.into_iter().map(|row| line(sought.indicator, rule, row)).collect::<Result<_, _>>()?;
    Ok(Page { rows, previous, next, total })
}

fn line(indicator: Indicator, rule: &DoubtRule, row: LineRow) -> Result<Line, CompletenessError> {
    let over = rule.sum_of(indicator).map_or(1, |sum| sum.over);
    let beside = Beside {
        last_year: row.last_year,
        middle_of_peers: row.middle,
        parts: row.amount.map(|amount| Fact { amount, over }),
    };
    let doubts = row.value.map(|value| rule.doubts(indicator, value, beside)).unwrap_or_default();
    if row.is_doubtful == doubts.is_empty() {
        return Err(CompletenessError::Divergence { uscc: row.uscc });
    }
    Ok(Line {
        uscc: row.uscc,
        name: row.name,
        subdistrict: row.subdistrict,
        sector: row.sector,
        size_class: row.size_class,
        value: row.value,
        state: row.state,
        last_year: row.last_year,
        doubts,
    })
}
