//! The list of a district, set-based: a page, the counts, or all of it as a stream.

mod halves;
mod lines;
mod sql;

use futures_util::TryStreamExt;
use sqlx::{PgConnection, Postgres, Transaction};
use tokio::sync::mpsc;

use super::list::{Among, Counts, Cursor, Entry, ListQuery, Page};
use super::rules::deciding_day;
use super::{Line, LineError, Outcome};
use crate::base::bounds::YEARS;
use crate::codelist::Choice;
use crate::db::distinct::Distinct;
use crate::db::{PgPool, Scope};
use crate::policy;
use lines::{FactRow, complete};
// Other rooms join their own figures to the same outcome instead of working it out again.
pub(crate) use sql::{Sql, push_listed};

/// Enough memory to sort a million lines, and the tables read in the order of their indexes, so that sorted streams are
/// merged: by its own estimates the planner gathers a million groups from parallel hash tables, which took longer.
const SETTINGS: &str = "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY;
    SET LOCAL work_mem = '256MB'; SET LOCAL enable_hashagg = off; SET LOCAL enable_hashjoin = off; SET LOCAL random_page_cost = 1.1;
    SET LOCAL max_parallel_workers_per_gather = 0";
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
    let lines = |query: &ListQuery| list_statement(scope, query, line, after, Some(i64::from(size) + 1));
    let first = match halves::middle_of_many(&mut transaction, &query.filter).await? {
        Some(middle) => &halves::first_of_each(pool, &mut transaction, query, &middle, lines).await?,
        None => query,
    };
    let mut rows: Vec<FactRow> = lines(first).build_query_as().fetch_all(&mut *transaction).await?;
    let more = rows.len() > usize::from(size);
    rows.truncate(size.into());
    let entries = complete(&mut transaction, scope, query, line, rows).await?;
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
    let mut only = ListQuery::of_year(query.year);
    only.known_before = query.known_before;
    only.filter.among = Among::These(vec![uscc.to_owned()]);
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
    only.filter.among = Among::These(enterprises);
    Ok(page(pool, scope, &only, line, None, size).await?.entries)
}

/// How many enterprises have each outcome, whatever outcomes the query asks for.
pub async fn counts(pool: &PgPool, scope: &Scope, query: &ListQuery, line: &Line) -> Result<Counts, ListError> {
    let mut transaction = snapshot(pool).await?;
    let counting = |query: &ListQuery| counts_statement(scope, query, line);
    let counts = match halves::middle_of_many(&mut transaction, &query.filter).await? {
        Some(middle) => halves::counts_of_both(pool, &mut transaction, query, &middle, counting).await?,
        None => halves::counted(counting(query), &mut transaction).await?,
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

const FIGURES: Distinct = Distinct {
    table: "return_figure",
    on_record: "superseded_at IS NULL",
    columns: &[("year", "year"), ("indicator", "indicator")],
};

/// Years with a tax return, newest first.
pub async fn years(pool: &PgPool, scope: &Scope) -> Result<Vec<i32>, sqlx::Error> {
    let mut sql = Sql::new("");
    FIGURES.push(&mut sql, |sql| {
        sql.push(" AND district = ").push_bind(scope.county().to_owned());
    });
    sql.push("SELECT year::integer FROM occurring WHERE indicator = 'tax_paid' ORDER BY year DESC");
    sql.build_query_scalar().fetch_all(pool).await
}

/// Sections of GB/T 4754, for choosing one; the newest edition names them.
pub async fn sections(pool: &PgPool) -> Result<Vec<Choice>, sqlx::Error> {
    sqlx::query_as!(
        Choice,
        "SELECT DISTINCT ON (code) code, name FROM industry WHERE level = 1 ORDER BY code, edition DESC"
    )
    .fetch_all(pool)
    .await
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
    let mut rows = statement.build_query_as::<FactRow>().fetch(&mut *reading);
    let mut chunk = Vec::with_capacity(CHUNK);
    loop {
        let row = rows.try_next().await?;
        let last = row.is_none();
        chunk.extend(row);
        if chunk.len() == CHUNK || (last && !chunk.is_empty()) {
            let entries = complete(&mut completing, scope, query, line, std::mem::take(&mut chunk)).await?;
            if sender.send(Ok(entries)).await.is_err() {
                return Ok(());
            }
        }
        if last {
            return Ok(());
        }
    }
}

/// A read-only transaction in which every statement sees the same state.
async fn snapshot(pool: &PgPool) -> Result<Transaction<'static, Postgres>, sqlx::Error> {
    let mut transaction = pool.begin().await?;
    sqlx::raw_sql(SETTINGS).execute(&mut *transaction).await?;
    Ok(transaction)
}

async fn same_snapshot(pool: &PgPool, other: &mut PgConnection) -> Result<Transaction<'static, Postgres>, sqlx::Error> {
    let name = sqlx::query_scalar!("SELECT pg_export_snapshot()").fetch_one(other).await?.unwrap_or_default();
    let mut transaction = snapshot(pool).await?;
    // The statement takes no parameters; the name comes from the server and holds hexadecimal digits and dashes.
    let mut statement = Sql::new("SET TRANSACTION SNAPSHOT '");
    statement.push(name).push("'").build().execute(&mut *transaction).await?;
    Ok(transaction)
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
