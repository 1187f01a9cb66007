//! The different values that a register holds in some columns, read from an index by skipping from each value to the next:
//! as many probes as there are values, however many rows there are. What a list offers to be narrowed by is asked like this.

use sqlx::{Postgres, QueryBuilder};

type Sql = QueryBuilder<Postgres>;

/// Columns of an index, after those that are held fixed.
#[derive(Clone, Copy, Debug)]
pub struct Distinct {
    pub table: &'static str,
    /// The condition of the index; it leaves out rows that are no longer on record, and those without a value.
    pub on_record: &'static str,
    /// What the index is made over, as it writes it, and a name for it; in its order, none of them ever null.
    pub columns: &'static [(&'static str, &'static str)],
}

impl Distinct {
    /// `WITH RECURSIVE occurring (…names) AS (…)`: each combination of values once, in the order of the index. `fixed` pushes
    /// ` AND …` for the columns before them, each held to one value.
    pub fn push(&self, sql: &mut Sql, fixed: impl Fn(&mut Sql)) {
        let names: Vec<&str> = self.columns.iter().map(|(_, name)| *name).collect();
        let columns = self.columns.iter().map(|(column, _)| *column).collect::<Vec<_>>().join(", ");
        let last = names.iter().map(|name| format!("o.{name}")).collect::<Vec<_>>().join(", ");
        sql.push("WITH RECURSIVE occurring (").push(names.join(", ")).push(") AS ((");
        self.push_first(sql, &columns, &fixed, None);
        sql.push(") UNION ALL SELECT beyond.* FROM occurring o CROSS JOIN LATERAL (");
        self.push_first(sql, &columns, &fixed, Some(&last));
        sql.push(") beyond) ");
    }

    fn push_first(&self, sql: &mut Sql, columns: &str, fixed: &impl Fn(&mut Sql), beyond: Option<&str>) {
        sql.push("SELECT ").push(columns).push(" FROM ").push(self.table).push(" WHERE ").push(self.on_record);
        fixed(sql);
        if let Some(last) = beyond {
            sql.push(" AND (").push(columns).push(") > (").push(last).push(")");
        }
        sql.push(" ORDER BY ").push(columns).push(" LIMIT 1");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::db::PgPool;

    const SORTS: Distinct = Distinct {
        table: "sort_of_thing",
        on_record: "gone_at IS NULL AND sort IS NOT NULL",
        columns: &[("COALESCE(here, there)", "place"), ("sort", "sort")],
    };

    async fn table(pool: &PgPool) {
        sqlx::raw_sql(
            "CREATE TABLE sort_of_thing (district text NOT NULL, here text, there text NOT NULL, sort text, gone_at timestamptz);
             CREATE INDEX ON sort_of_thing (district, (COALESCE(here, there)), sort) WHERE gone_at IS NULL AND sort IS NOT NULL",
        )
        .execute(pool)
        .await
        .unwrap();
    }

    async fn occurring(pool: &PgPool, district: &str) -> Vec<(String, String)> {
        let mut sql = Sql::new("");
        SORTS.push(&mut sql, |sql| {
            sql.push(" AND district = ").push_bind(district.to_owned());
        });
        sql.push("SELECT place, sort FROM occurring");
        sql.build_query_as().fetch_all(pool).await.unwrap()
    }

    #[sqlx::test]
    async fn nothing_occurs_in_an_empty_table(pool: PgPool) {
        table(&pool).await;
        assert!(occurring(&pool, "a").await.is_empty());
    }

    /// Whatever lies in the table, the values are those that a plain `SELECT DISTINCT` finds.
    #[sqlx::test]
    async fn each_value_on_record_occurs_once(pool: PgPool) {
        table(&pool).await;
        for seed in 1..=12 {
            sqlx::query(
                "INSERT INTO sort_of_thing
                 SELECT (ARRAY['a', 'b'])[1 + n * $1 % 2], NULLIF('p' || n % $1, 'p0'), 'q' || n % 3,
                     NULLIF('s' || (n * n) % ($1 + 4), 's1'), CASE WHEN n % 5 = 0 THEN now() END
                 FROM generate_series(0, $1 * 7) n",
            )
            .bind(seed)
            .execute(&pool)
            .await
            .unwrap();
            for district in ["a", "b", "c"] {
                let plain: Vec<(String, String)> = sqlx::query_as(
                    "SELECT DISTINCT COALESCE(here, there), sort FROM sort_of_thing
                     WHERE district = $1 AND gone_at IS NULL AND sort IS NOT NULL ORDER BY 1, 2",
                )
                .bind(district)
                .fetch_all(&pool)
                .await
                .unwrap();
                assert_eq!(occurring(&pool, district).await, plain, "district {district} after {seed} fillings");
            }
        }
    }
}
