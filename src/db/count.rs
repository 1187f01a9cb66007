//! How long a list is, without walking a register for it.

use serde_json::Value;
use sqlx::types::Json;
use sqlx::{PgPool, Postgres, QueryBuilder};

/// Rows counted at most.
pub const MAX_COUNTED: i64 = 10_000;

/// What the planner may expect a count to cost, in its own units: some tens of thousand rows met by an index. What costs more is
/// not counted.
const MAX_COST: f64 = 30_000.0;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Total {
    Exactly(i64),
    /// More than [`MAX_COUNTED`].
    MoreThanCounted,
    /// Counting would take longer than the page is worth.
    NotCounted,
}

impl Total {
    /// Of what was counted up to one more than [`MAX_COUNTED`].
    pub fn of(counted: i64) -> Self {
        if counted > MAX_COUNTED { Total::MoreThanCounted } else { Total::Exactly(counted) }
    }
}

/// Counts the rows of a statement, up to one more than [`MAX_COUNTED`], unless the planner expects that to be long. `push` writes
/// the statement, which names no limit and no order.
pub async fn total(
    pool: &PgPool,
    push: impl Fn(&mut QueryBuilder<Postgres>) + Send + Sync,
) -> Result<Total, sqlx::Error> {
    let counting = |beginning: &str| {
        let mut sql = QueryBuilder::<Postgres>::new(beginning);
        sql.push("SELECT count(*) FROM (");
        push(&mut sql);
        sql.push(" LIMIT ").push(MAX_COUNTED + 1).push(") AS counted");
        sql
    };
    let mut explained = counting("EXPLAIN (FORMAT JSON) ");
    let Json(plan): Json<Value> = explained.build_query_scalar().fetch_one(pool).await?;
    if cost(&plan).is_none_or(|cost| cost > MAX_COST) {
        return Ok(Total::NotCounted);
    }
    let counted: i64 = counting("").build_query_scalar().fetch_one(pool).await?;
    Ok(Total::of(counted))
}

fn cost(plan: &Value) -> Option<f64> {
    plan.get(0)?.get("Plan")?.get("Total Cost")?.as_f64()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// So many numbers, of which each has cost.
    async fn numbers(pool: &PgPool, to: i64) -> Total {
        total(pool, |sql| {
            sql.push("SELECT FROM numbers WHERE n <= ").push_bind(to);
        })
        .await
        .unwrap()
    }

    #[sqlx::test(migrations = false)]
    async fn a_count_stops_at_its_most_and_is_not_begun_when_it_is_long(pool: PgPool) {
        sqlx::raw_sql(
            "CREATE TABLE numbers AS SELECT n FROM generate_series(1::bigint, 10001) n; CREATE UNIQUE INDEX ON numbers (n); ANALYZE numbers",
        )
        .execute(&pool)
        .await
        .unwrap();
        assert_eq!(numbers(&pool, 0).await, Total::Exactly(0));
        assert_eq!(numbers(&pool, 7).await, Total::Exactly(7));
        assert_eq!(numbers(&pool, 10_000).await, Total::Exactly(10_000));
        assert_eq!(numbers(&pool, 10_001).await, Total::MoreThanCounted);
        let long = total(&pool, |sql| {
            sql.push("SELECT FROM numbers a, numbers b WHERE a.n * b.n = 7 AND a.n - b.n = 2 AND a.n + b.n = ").push_bind(-1_i64);
        });
        assert_eq!(long.await.unwrap(), Total::NotCounted);
    }
}
