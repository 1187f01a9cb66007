//! What became of the records of a staging table. Every such table has `record`, `rejected` and `unchanged`.

use sqlx::{Postgres, QueryBuilder};

use super::{Counts, RecordsOf};
use crate::db::PgConnection;

/// How many records of a staging table were taken, refused, or say what is known already.
pub async fn counts(connection: &mut PgConnection, staging: &'static str) -> Result<Counts, sqlx::Error> {
    let mut sql = QueryBuilder::<Postgres>::new(
        "SELECT count(*) FILTER (WHERE NOT rejected AND NOT unchanged) AS accepted, count(*) FILTER (WHERE rejected) AS rejected,
                count(*) FILTER (WHERE NOT rejected AND unchanged) AS unchanged FROM ",
    );
    sql.push(staging).build_query_as().fetch_one(connection).await
}

/// What became of the records, for looking at them again in the file.
pub async fn outcome(connection: &mut PgConnection, staging: &'static str) -> Result<RecordsOf, sqlx::Error> {
    let mut sql = QueryBuilder::<Postgres>::new("SELECT ARRAY(SELECT record FROM ");
    sql.push(staging).push(" WHERE NOT rejected ORDER BY record LIMIT ").push_bind(RecordsOf::SHOWN);
    sql.push(") AS accepted, ARRAY(SELECT record FROM ").push(staging);
    sql.push(" WHERE rejected ORDER BY record LIMIT ").push_bind(RecordsOf::KEPT).push(") AS rejected");
    sql.build_query_as().fetch_one(connection).await
}
