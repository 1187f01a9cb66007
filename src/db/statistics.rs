//! What the planner knows of the tables. Until it hears of a bulk write it takes a register that was empty for empty still, and
//! whatever reads it next may walk the whole of it for each row.

use sqlx::{PgConnection, Postgres, QueryBuilder};

/// Fewer rows written than this leave the plans as they are, in a table of any size.
const MANY: i64 = 1_000;

/// Counts anew what lies in each table that the transaction has changed much: by [`MANY`] rows and by a tenth of what the
/// planner believes is there. Called before the commit, so that nobody reads the rows without the statistics.
pub async fn refresh(connection: &mut PgConnection) -> Result<(), sqlx::Error> {
    let changed = sqlx::query_scalar!(
        r#"SELECT c.oid::regclass::text AS "table!" FROM pg_stat_xact_user_tables s JOIN pg_class c ON c.oid = s.relid
           WHERE c.relpersistence <> 't' AND s.n_tup_ins + s.n_tup_upd + s.n_tup_del >= GREATEST($1, c.reltuples / 10)
           ORDER BY c.relname"#,
        MANY as f64
    )
    .fetch_all(&mut *connection)
    .await?;
    for table in changed {
        // The name comes from the catalogue, quoted where it has to be.
        QueryBuilder::<Postgres>::new("ANALYZE ").push(table).build().execute(&mut *connection).await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::db::PgPool;

    async fn known(connection: &mut PgConnection) -> f32 {
        let sql = "SELECT reltuples FROM pg_class WHERE relname = 'some_rows'";
        sqlx::query_scalar(sql).fetch_one(connection).await.unwrap()
    }

    async fn write(connection: &mut PgConnection, rows: i64) {
        let sql = "INSERT INTO some_rows SELECT generate_series(1, $1)";
        sqlx::query(sql).bind(rows).execute(connection).await.unwrap();
    }

    #[sqlx::test]
    async fn a_bulk_write_is_known_in_its_own_transaction_and_a_small_one_left_alone(pool: PgPool) {
        sqlx::raw_sql("CREATE TABLE some_rows (n bigint) WITH (autovacuum_enabled = off)")
            .execute(&pool)
            .await
            .unwrap();
        let mut transaction = pool.begin().await.unwrap();
        write(&mut transaction, MANY - 1).await;
        refresh(&mut transaction).await.unwrap();
        assert_eq!(known(&mut transaction).await, -1.0, "one row too few");
        write(&mut transaction, 1).await;
        refresh(&mut transaction).await.unwrap();
        assert_eq!(known(&mut transaction).await, MANY as f32);
        write(&mut transaction, 19 * MANY).await;
        refresh(&mut transaction).await.unwrap();
        transaction.commit().await.unwrap();
        let mut other = pool.acquire().await.unwrap();
        assert_eq!(known(&mut other).await, 20.0 * MANY as f32);
    }

    #[sqlx::test]
    async fn little_beside_much_is_left_to_the_database(pool: PgPool) {
        sqlx::raw_sql(
            "CREATE TABLE some_rows (n bigint) WITH (autovacuum_enabled = off);
             INSERT INTO some_rows SELECT generate_series(1, 30000); ANALYZE some_rows",
        )
        .execute(&pool)
        .await
        .unwrap();
        pool.close().await;
        let options = (*pool.connect_options()).clone();
        let pool = PgPool::connect_with(options).await.unwrap();
        let mut transaction = pool.begin().await.unwrap();
        write(&mut transaction, 2_999).await;
        refresh(&mut transaction).await.unwrap();
        assert_eq!(known(&mut transaction).await, 30_000.0);
        write(&mut transaction, 1).await;
        refresh(&mut transaction).await.unwrap();
        assert_eq!(known(&mut transaction).await, 33_000.0);
    }
}
