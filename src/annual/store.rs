//! The facts of a district's year, set-based: as a relation for statements of others, and in full for the lines they fetch.

mod moment;
mod partition;
mod records;
mod statement;
mod transition;

use rust_decimal::Decimal;
use sqlx::{PgConnection, Postgres, Transaction};

use super::Figure;
use crate::base::bounds::FIGURE;
use crate::db::distinct::Distinct;
use crate::db::{PgPool, Scope};
use crate::enterprise::{FigureState, Indicator};
pub use moment::{Moment, Sql, push_odd_signed, push_within};
pub use partition::PartitionedRead;
pub use records::{FactRow, complete};
pub use statement::{push_fact_columns, push_facts, push_judged, push_parcel_land, push_places, push_places_of_all};
pub use transition::push_in_transition;

/// Enough memory to sort a million lines, and the tables read in the order of their indexes, so that sorted streams are
/// merged: by its own estimates the planner gathers a million groups from parallel hash tables, which took longer.
const SETTINGS: &str = "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY;
    SET LOCAL work_mem = '256MB'; SET LOCAL enable_hashagg = off; SET LOCAL enable_hashjoin = off; SET LOCAL random_page_cost = 1.1;
    SET LOCAL max_parallel_workers_per_gather = 0";

/// A read-only transaction in which every statement sees the same state.
pub async fn snapshot(pool: &PgPool) -> Result<Transaction<'static, Postgres>, sqlx::Error> {
    let mut transaction = pool.begin().await?;
    sqlx::raw_sql(SETTINGS).execute(&mut *transaction).await?;
    Ok(transaction)
}

/// Another connection that sees the state of this one.
pub async fn same_snapshot(
    pool: &PgPool,
    other: &mut PgConnection,
) -> Result<Transaction<'static, Postgres>, sqlx::Error> {
    let name = sqlx::query_scalar!("SELECT pg_export_snapshot()").fetch_one(other).await?.unwrap_or_default();
    let mut transaction = snapshot(pool).await?;
    // The statement takes no parameters; the name comes from the server and holds hexadecimal digits and dashes.
    let mut statement = Sql::new("SET TRANSACTION SNAPSHOT '");
    statement.push(name).push("'").build().execute(&mut *transaction).await?;
    Ok(transaction)
}

const FIGURES: Distinct = Distinct {
    table: "return_figure",
    on_record: "superseded_at IS NULL",
    columns: &[("year", "year"), ("indicator", "indicator")],
};

/// Years with a return of tax, without which nothing is judged, newest first.
pub async fn years(pool: &PgPool, scope: &Scope) -> Result<Vec<i32>, sqlx::Error> {
    let mut sql = Sql::new("");
    FIGURES.push(&mut sql, |sql| {
        sql.push(" AND district = ").push_bind(scope.county().to_owned());
    });
    sql.push("SELECT year::integer FROM occurring WHERE indicator = ").push_bind(Indicator::TaxPaid.code());
    sql.push(" ORDER BY year DESC");
    sql.build_query_scalar().fetch_all(pool).await
}

/// A figure that an enterprise returned for a year.
#[derive(Clone, Debug)]
pub struct Returned {
    pub year: i32,
    pub uscc: String,
    pub indicator: Indicator,
    pub figure: Figure,
}

/// What some enterprises returned since a year, newest year first.
pub async fn returned(
    pool: &PgPool,
    scope: &Scope,
    enterprises: &[String],
    since: i32,
) -> Result<Vec<Returned>, sqlx::Error> {
    let mut sql = Sql::new("SELECT year::integer, uscc, indicator, state, CASE WHEN NOT ");
    push_odd_signed(&mut sql, "value", &FIGURE);
    sql.push(" THEN value END FROM return_figure WHERE superseded_at IS NULL AND district = ");
    sql.push_bind(scope.county().to_owned()).push(" AND uscc = ANY(").push_bind(enterprises.to_vec());
    sql.push(") AND year >= ").push_bind(since as i16).push(" ORDER BY year DESC, uscc, indicator");
    let rows: Vec<(i32, String, Indicator, FigureState, Option<Decimal>)> =
        sql.build_query_as().fetch_all(pool).await?;
    let figure =
        |(year, uscc, indicator, state, value)| Returned { year, uscc, indicator, figure: Figure::read(value, state) };
    Ok(rows.into_iter().map(figure).collect())
}

#[cfg(test)]
mod tests;
