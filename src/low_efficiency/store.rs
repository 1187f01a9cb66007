//! The list of a district, set-based: a page, the counts, or all of it as a stream.

mod flagged;
mod sql;

use futures_util::TryStreamExt;
use sqlx::postgres::PgRow;
use sqlx::{FromRow, PgConnection, Row};
use tokio::sync::mpsc;

use super::list::{Counts, Cursor, Entry, ListQuery, Page};
use super::rules::judge;
use super::{Line, LineError, Outcome};
use crate::annual::store::{FactRow, PartitionedRead, Sql, complete, same_snapshot, snapshot};
use crate::annual::{EnterpriseYear, Partition, Query, deciding_day};
use crate::base::bounds::YEARS;
use crate::db::{PgPool, Scope};
use crate::policy;
pub use flagged::flagged;
use sql::push_listed;
pub use sql::{FIGURES, push_judged};

const CHUNK: usize = 1000;

#[derive(Debug, thiserror::Error)]
pub enum ListError {
    #[error("the line of {year} cannot be drawn: {error}")]
    Line { year: i32, error: LineError },
    #[error("{year} is not a year that can be listed ({} to {})", YEARS.start(), YEARS.end())]
    Year { year: i32 },
    #[error("the query finds {uscc} {query} and the rule {rule}", query = query.code(), rule = rule.code())]
    Divergence { uscc: String, query: Outcome, rule: Outcome },
    #[error(transparent)]
    Database(#[from] sqlx::Error),
}

/// The line in force for the list of `year`, by the parameters of its 31 December.
///
/// # Errors
/// When no value was in force then.
pub async fn line_of(pool: &PgPool, year: i32) -> Result<Line, ListError> {
    if !YEARS.contains(&year) {
        return Err(ListError::Year { year });
    }
    let parameters = policy::store::parameters_on(pool, deciding_day(year)).await?;
    Line::from_parameters(&parameters).map_err(|error| ListError::Line { year, error })
}

/// One page of at most `size` lines after `after`.
pub async fn page(
    pool: &PgPool,
    scope: &Scope,
    query: &ListQuery,
    line: &Line,
    after: Option<&Cursor>,
    size: u16,
) -> Result<Page, ListError> {
    let mut transaction = snapshot(pool).await?;
    let limit = Some(i64::from(size) + 1);
    let lines = |facts: &Query| list_statement(scope, &query.over(facts), line, after, limit);
    let first = match PartitionedRead::of_many(pool, &mut transaction, &query.facts).await? {
        Some(halves) => query.facts.within(first_of_each(halves, &mut transaction, lines).await?),
        None => query.facts.clone(),
    };
    let mut rows: Vec<ListRow> = lines(&first).build_query_as().fetch_all(&mut *transaction).await?;
    let more = rows.len() > usize::from(size);
    rows.truncate(size.into());
    let entries = judged(&mut transaction, scope, query, line, rows).await?;
    transaction.commit().await?;
    let next = entries.last().filter(|_| more).map(|entry| entry.cursor.clone());
    Ok(Page { entries, next })
}

/// The line of one enterprise; `None` when it is not in the list of that year, or not in the scope.
pub async fn entry(
    pool: &PgPool,
    scope: &Scope,
    query: &ListQuery,
    line: &Line,
    uscc: &str,
) -> Result<Option<Entry>, ListError> {
    let mut only = ListQuery::of_year(query.facts.year);
    only.facts.known_before = query.facts.known_before;
    only.facts.partition = Partition::These(vec![uscc.to_owned()]);
    let page = page(pool, scope, &only, line, None, 2).await?;
    Ok(page.entries.into_iter().find(|entry| entry.uscc == uscc))
}

/// The lines of some enterprises, in no order; those outside the scope or the year are left out.
pub async fn entries_of(
    pool: &PgPool,
    scope: &Scope,
    year: i32,
    line: &Line,
    enterprises: Vec<String>,
) -> Result<Vec<Entry>, ListError> {
    let size = u16::try_from(enterprises.len()).unwrap_or(u16::MAX);
    let mut only = ListQuery::of_year(year);
    only.facts.partition = Partition::These(enterprises);
    Ok(page(pool, scope, &only, line, None, size).await?.entries)
}

/// How many enterprises have each outcome, whatever outcomes the query asks for.
pub async fn counts(pool: &PgPool, scope: &Scope, query: &ListQuery, line: &Line) -> Result<Counts, ListError> {
    let mut transaction = snapshot(pool).await?;
    let counting = |facts: &Query| counts_statement(scope, &query.over(facts), line);
    let counts = match PartitionedRead::of_many(pool, &mut transaction, &query.facts).await? {
        Some(halves) => counts_of_both(halves, &mut transaction, counting).await?,
        None => counted(counting(&query.facts), &mut transaction).await?,
    };
    transaction.commit().await?;
    Ok(Counts(Outcome::ALL.iter().copied().zip(counts).collect()))
}

/// The whole list in chunks, for exports of any size: memory holds a few chunks at a time. Dropping the receiver stops
/// the reading. All chunks see the database as it was when the stream began.
pub fn stream(
    pool: PgPool,
    scope: Scope,
    query: ListQuery,
    line: Line,
) -> mpsc::Receiver<Result<Vec<Entry>, ListError>> {
    let (sender, receiver) = mpsc::channel(2);
    tokio::spawn(async move {
        if let Err(error) = feed(&pool, &scope, &query, &line, &sender).await {
            let _ = sender.send(Err(error)).await;
        }
    });
    receiver
}

/// Those who come first in either half; the first of the whole are among them.
async fn first_of_each(
    mut halves: PartitionedRead,
    connection: &mut PgConnection,
    lines: impl Fn(&Query) -> Sql,
) -> Result<Partition, sqlx::Error> {
    let (before, from) = (lines(&halves.before), lines(&halves.from));
    let (mut first, rest) = tokio::try_join!(codes(before, connection), codes(from, &mut halves.second))?;
    halves.second.commit().await?;
    first.extend(rest);
    Ok(Partition::These(first))
}

async fn codes(mut lines: Sql, connection: &mut PgConnection) -> Result<Vec<String>, sqlx::Error> {
    let rows: Vec<ListRow> = lines.build_query_as().fetch_all(connection).await?;
    Ok(rows.into_iter().map(|row| row.fact.uscc).collect())
}

async fn counts_of_both(
    mut halves: PartitionedRead,
    connection: &mut PgConnection,
    counts: impl Fn(&Query) -> Sql,
) -> Result<Vec<i64>, sqlx::Error> {
    let (before, from) = (counts(&halves.before), counts(&halves.from));
    let (first, rest) = tokio::try_join!(counted(before, connection), counted(from, &mut halves.second))?;
    halves.second.commit().await?;
    Ok(first.into_iter().zip(rest).map(|(before, from)| before + from).collect())
}

/// The one row of a statement that counts.
async fn counted(mut counts: Sql, connection: &mut PgConnection) -> Result<Vec<i64>, sqlx::Error> {
    counts.build_query_scalar().fetch_one(connection).await
}

/// A line as the statement finds it.
struct ListRow {
    fact: FactRow,
    outcome: Outcome,
    rank: i32,
    key: Option<String>,
}

impl FromRow<'_, PgRow> for ListRow {
    fn from_row(row: &PgRow) -> Result<Self, sqlx::Error> {
        Ok(ListRow {
            fact: FactRow::read(row, FIGURES)?,
            outcome: row.try_get("outcome")?,
            rank: row.try_get("rank")?,
            key: row.try_get("key")?,
        })
    }
}

/// The lines with their facts in full, each judged again.
async fn judged(
    connection: &mut PgConnection,
    scope: &Scope,
    query: &ListQuery,
    line: &Line,
    rows: Vec<ListRow>,
) -> Result<Vec<Entry>, ListError> {
    let split = |row: ListRow| (row.fact, (row.outcome, row.rank, row.key));
    let (facts, found): (Vec<_>, Vec<_>) = rows.into_iter().map(split).unzip();
    let facts = complete(connection, scope, &query.facts, facts).await?;
    facts.into_iter().zip(found).map(|(facts, found)| entry_of(facts, found, line)).collect()
}

fn entry_of(
    of: EnterpriseYear,
    (outcome, rank, key): (Outcome, i32, Option<String>),
    line: &Line,
) -> Result<Entry, ListError> {
    let judgement = judge(&of.facts, line);
    if judgement.outcome != outcome {
        return Err(ListError::Divergence { uscc: of.uscc, query: outcome, rule: judgement.outcome });
    }
    Ok(Entry { cursor: Cursor { rank, key, uscc: of.uscc.clone() }, of, judgement })
}

type ChunkSender = mpsc::Sender<Result<Vec<Entry>, ListError>>;

async fn feed(
    pool: &PgPool,
    scope: &Scope,
    query: &ListQuery,
    line: &Line,
    sender: &ChunkSender,
) -> Result<(), ListError> {
    let mut reading = snapshot(pool).await?;
    // The second connection looks up the parts while the first is still sending lines.
    let mut completing = same_snapshot(pool, &mut reading).await?;
    let mut statement = list_statement(scope, query, line, None, None);
    let mut rows = statement.build_query_as::<ListRow>().fetch(&mut *reading);
    let mut chunk = Vec::with_capacity(CHUNK);
    loop {
        let row = rows.try_next().await?;
        let last = row.is_none();
        chunk.extend(row);
        if chunk.len() == CHUNK || (last && !chunk.is_empty()) {
            let entries = judged(&mut completing, scope, query, line, std::mem::take(&mut chunk)).await?;
            if sender.send(Ok(entries)).await.is_err() {
                return Ok(());
            }
        }
        if last {
            return Ok(());
        }
    }
}

fn list_statement(scope: &Scope, query: &ListQuery, line: &Line, after: Option<&Cursor>, limit: Option<i64>) -> Sql {
    let mut statement = Sql::new("");
    push_listed(&mut statement, scope, query, line);
    sql::push_lines(&mut statement, query, after, limit);
    statement
}

fn counts_statement(scope: &Scope, query: &ListQuery, line: &Line) -> Sql {
    let mut statement = Sql::new("");
    push_listed(&mut statement, scope, query, line);
    sql::push_counts(&mut statement);
    statement
}

#[cfg(test)]
mod tests;
