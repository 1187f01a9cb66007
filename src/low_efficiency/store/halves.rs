//! A large district is read in two halves side by side: a statement over sums by enterprise keeps one processor busy, and
//! the database shares none of its work out by itself.

use sqlx::PgConnection;

use super::lines::FactRow;
use super::sql::Sql;
use super::{ListError, same_snapshot};
use crate::db::PgPool;
use crate::low_efficiency::list::{Among, Filter, ListQuery};

/// Versions of enterprises from which two statements are worth a second connection.
const MANY: f32 = 100_000.0;

/// The credit code in the middle of the register, as the planner's statistics have it; `None` when the register is small
/// or the list is about named enterprises. Where it lies decides how long the list takes and never what it says.
pub async fn middle_of_many(connection: &mut PgConnection, filter: &Filter) -> Result<Option<String>, sqlx::Error> {
    if filter.among != Among::All {
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

/// The query over those enterprises alone that come first in either half; the first of the whole are among them.
pub async fn first_of_each(
    pool: &PgPool,
    connection: &mut PgConnection,
    query: &ListQuery,
    middle: &str,
    lines: impl Fn(&ListQuery) -> Sql,
) -> Result<ListQuery, ListError> {
    let mut second = same_snapshot(pool, connection).await?;
    let [before, from] = parted(query, middle);
    let (mut first, rest) = tokio::try_join!(codes(lines(&before), connection), codes(lines(&from), &mut second))?;
    second.commit().await?;
    first.extend(rest);
    Ok(among(query, Among::These(first)))
}

/// The counts of the whole, from statements that count.
pub async fn counts_of_both(
    pool: &PgPool,
    connection: &mut PgConnection,
    query: &ListQuery,
    middle: &str,
    counts: impl Fn(&ListQuery) -> Sql,
) -> Result<Vec<i64>, ListError> {
    let mut second = same_snapshot(pool, connection).await?;
    let [before, from] = parted(query, middle);
    let (first, rest) = tokio::try_join!(counted(counts(&before), connection), counted(counts(&from), &mut second))?;
    second.commit().await?;
    Ok(first.into_iter().zip(rest).map(|(before, from)| before + from).collect())
}

fn parted(query: &ListQuery, middle: &str) -> [ListQuery; 2] {
    [Among::Before(middle.to_owned()), Among::From(middle.to_owned())].map(|half| among(query, half))
}

fn among(query: &ListQuery, among: Among) -> ListQuery {
    let mut part = query.clone();
    part.filter.among = among;
    part
}

async fn codes(mut lines: Sql, connection: &mut PgConnection) -> Result<Vec<String>, sqlx::Error> {
    let rows: Vec<FactRow> = lines.build_query_as().fetch_all(connection).await?;
    Ok(rows.into_iter().map(|row| row.uscc).collect())
}

/// The one row of a statement that counts.
pub async fn counted(mut counts: Sql, connection: &mut PgConnection) -> Result<Vec<i64>, sqlx::Error> {
    let (counts,): (Vec<i64>,) = counts.build_query_as().fetch_one(connection).await?;
    Ok(counts)
}
