//! The partitioned read: a large district is read in two halves side by side. A statement over sums by enterprise keeps one
//! processor busy, and the database shares none of its work out by itself.

use sqlx::{PgConnection, Postgres, Transaction};

use super::same_snapshot;
use crate::annual::{Partition, Query};
use crate::db::PgPool;

/// Versions of enterprises from which two statements are worth a second connection.
const MANY: f32 = 100_000.0;

/// A query in two parts, and the connection on which the second is asked; both see one state of the database. Where it is parted
/// decides how long an answer takes and never what it says.
pub struct PartitionedRead {
    pub before: Query,
    pub from: Query,
    pub second: Transaction<'static, Postgres>,
}

impl PartitionedRead {
    /// Parted in the middle of the register, as the planner's statistics have it; `None` when the register is small or the query
    /// is about named enterprises.
    pub async fn of_many(
        pool: &PgPool,
        connection: &mut PgConnection,
        query: &Query,
    ) -> Result<Option<Self>, sqlx::Error> {
        match middle_of_many(connection, query).await? {
            Some(middle) => Ok(Some(PartitionedRead::at(&middle, pool, connection, query).await?)),
            None => Ok(None),
        }
    }

    pub async fn at(
        middle: &str,
        pool: &PgPool,
        connection: &mut PgConnection,
        query: &Query,
    ) -> Result<Self, sqlx::Error> {
        let [before, from] = [Partition::Before(middle.to_owned()), Partition::From(middle.to_owned())];
        let second = same_snapshot(pool, connection).await?;
        Ok(PartitionedRead { before: query.within(before), from: query.within(from), second })
    }
}

pub(super) async fn middle_of_many(
    connection: &mut PgConnection,
    query: &Query,
) -> Result<Option<String>, sqlx::Error> {
    if query.partition != Partition::All {
        return Ok(None);
    }
    sqlx::query_scalar!(
        r#"SELECT codes[1 + cardinality(codes) / 2] AS middle
           FROM (SELECT histogram_bounds::text::text[] AS codes FROM pg_stats
                 WHERE schemaname = current_schema AND tablename = 'enterprise_version' AND attname = 'uscc') AS spread,
                pg_class WHERE pg_class.oid = 'enterprise_version'::regclass AND reltuples >= $1"#,
        MANY
    )
    .fetch_optional(connection)
    .await
    .map(Option::flatten)
}
