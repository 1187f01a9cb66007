//! The kernel that every case runs on: whatever is opened, moved by steps that people take, and closed.
//!
//! A room brings its [`Table`] of steps, its guards and its columns. The kernel keeps the order: hold the row, see that
//! nobody was faster, ask the table, write the row and see that it was one, then timeline, layer and audit entry, all in
//! the caller's transaction. Every statement that knows columns is the room's, checked where it is written; it is handed
//! over unexecuted.

mod number;
mod refusal;
pub mod sample;
mod table;

use std::ops::{Deref, DerefMut};

use serde_json::Value;
use sqlx::postgres::PgArguments;
use sqlx::{AssertSqlSafe, Postgres};
use uuid::Uuid;

pub use number::{Number, Series};
pub use refusal::{Refused, SamePerson, Stale, four_eyes};
pub use table::{Table, Way, Word, makes, moves, stays};

use crate::account::{Act, Deed, audit_store};
use crate::db::{PgConnection, Scope, layer};

/// A checked statement that nobody has executed yet.
pub type Statement = sqlx::query::Query<'static, Postgres, PgArguments>;

/// A case as its row says.
pub trait Case: Sized + Send + Sync {
    type State: Word;
    type Step: Word;

    const TABLE: &'static Table<Self::State, Self::Step>;
    /// The table of the database that holds its row, under `(district, id)`.
    const ROWS: &'static str;
    /// Of its audit entries.
    const SUBJECT_KIND: &'static str;
    /// Where the subject of its audit entries is something larger: the key under which their details name the case.
    const PART: Option<&'static str> = None;
    /// What is drawn of it.
    const LAYER: Option<&'static str> = None;

    fn key(&self) -> Key<Self::State>;

    /// `None` when the scope does not hold it, by district and, through what it belongs to, by sub-district.
    fn find(
        connection: &mut PgConnection,
        scope: &Scope,
        id: Uuid,
    ) -> impl Future<Output = Result<Option<Self>, sqlx::Error>> + Send;
}

/// What the kernel has to know of a case.
#[derive(Clone, Debug)]
pub struct Key<S> {
    pub id: Uuid,
    pub state: S,
    /// Raised by each step; always zero of a case whose state alone says whether somebody was faster.
    pub version: i32,
    /// Of its audit entries.
    pub subject: String,
}

/// A case whose row this transaction holds. Only [`hold`] and its sisters make one.
#[derive(Debug)]
pub struct Held<C>(C);

impl<C> Deref for Held<C> {
    type Target = C;

    fn deref(&self) -> &C {
        &self.0
    }
}

/// What a step makes of the case in memory, for what is written after it.
impl<C> DerefMut for Held<C> {
    fn deref_mut(&mut self) -> &mut C {
        &mut self.0
    }
}

/// Where a step of a case leads.
///
/// # Errors
/// The table does not know it from here.
pub fn after<C: Case>(case: &C, step: C::Step) -> Result<C::State, Refused> {
    let state = case.key().state;
    Ok(way::<C>(state, step)?.leads(state))
}

fn way<C: Case>(state: C::State, step: C::Step) -> Result<&'static Way<C::State, C::Step>, Refused> {
    C::TABLE.way(state, step).ok_or_else(|| Refused::step(C::TABLE.noun, state, step))
}

/// Holds a case until the transaction ends.
///
/// # Errors
/// The scope does not hold it, or somebody changed it after the version that was seen.
pub async fn hold<C: Case>(
    connection: &mut PgConnection,
    scope: &Scope,
    id: Uuid,
    seen: i32,
) -> Result<Held<C>, Refused> {
    let held = hold_any::<C>(connection, scope, id).await?;
    unchanged(connection, scope, &*held, seen).await?;
    Ok(held)
}

/// Holds a case of which no version was seen, for a step that its state must still allow: else somebody was faster.
///
/// # Errors
/// The scope does not hold it, or the step is not possible any more.
pub async fn hold_for<C: Case>(
    connection: &mut PgConnection,
    scope: &Scope,
    id: Uuid,
    step: C::Step,
) -> Result<Held<C>, Refused> {
    let held = hold_any::<C>(connection, scope, id).await?;
    let Err(impossible) = way::<C>(held.key().state, step) else { return Ok(held) };
    Err(last_change(connection, scope, &*held).await?.map_or(impossible, Refused::Stale))
}

/// Holds a case whatever became of it.
///
/// # Errors
/// The scope does not hold it.
pub async fn hold_any<C: Case>(connection: &mut PgConnection, scope: &Scope, id: Uuid) -> Result<Held<C>, Refused> {
    let row = format!("SELECT id FROM {} WHERE district = $1 AND id = $2 FOR UPDATE", C::ROWS);
    sqlx::query(AssertSqlSafe(row)).bind(scope.county()).bind(id).execute(&mut *connection).await?;
    // Read after the row is held, so that it is the last word.
    C::find(connection, scope, id).await?.map(Held).ok_or(Refused::NotFound(C::TABLE.missing))
}

/// Whether a case stands in a state; it stays there until the transaction ends, beside others that rest on the same.
pub async fn stands<C: Case>(
    connection: &mut PgConnection,
    scope: &Scope,
    id: Uuid,
    state: C::State,
) -> Result<bool, sqlx::Error> {
    let row = format!("SELECT id FROM {} WHERE district = $1 AND id = $2 FOR SHARE", C::ROWS);
    sqlx::query(AssertSqlSafe(row)).bind(scope.county()).bind(id).execute(&mut *connection).await?;
    Ok(C::find(connection, scope, id).await?.is_some_and(|case| case.key().state == state))
}

/// Refuses a version that is not the case's any more, before anything is worked out on it.
///
/// # Errors
/// Who changed it, when and how.
pub async fn unchanged<C: Case>(
    connection: &mut PgConnection,
    scope: &Scope,
    case: &C,
    seen: i32,
) -> Result<(), Refused> {
    if case.key().version == seen { Ok(()) } else { Err(stale(connection, scope, case).await?) }
}

/// Somebody was faster.
pub async fn stale<C: Case>(connection: &mut PgConnection, scope: &Scope, case: &C) -> Result<Refused, sqlx::Error> {
    let last = last_change(connection, scope, case).await?;
    Ok(last.map_or(Refused::NoSuchVersion(C::TABLE.noun), Refused::Stale))
}

/// The last entry of the audit log about the case says who, when and what; of one that was only opened it may say nothing.
async fn last_change<C: Case>(
    connection: &mut PgConnection,
    scope: &Scope,
    case: &C,
) -> Result<Option<Stale>, sqlx::Error> {
    let Key { id, state, subject, .. } = case.key();
    let id = id.to_string();
    let part = C::PART.map(|key| (key, id.as_str()));
    let last = audit_store::last(connection, scope, (C::SUBJECT_KIND, &subject), part).await?;
    Ok(last.map(|last| Stale {
        noun: C::TABLE.noun,
        state: state.to_string(),
        by: last.actor,
        at: last.at,
        action: last.action,
    }))
}

/// What a step leaves behind, besides state and audit entry.
pub struct Left {
    /// Writes the row: its state, its columns, its version.
    pub row: Statement,
    /// Writes the line of the case's own timeline, where it keeps one.
    pub timeline: Option<Statement>,
    /// Of the audit entry; names the case under [`Case::PART`].
    pub detail: Value,
}

/// Takes a step of a case that is held, in the transaction that holds it.
///
/// # Errors
/// The table does not know the step from here, or not exactly one row was written.
pub async fn take<C: Case>(
    connection: &mut PgConnection,
    act: &Act,
    held: &Held<C>,
    step: C::Step,
    left: Left,
) -> Result<C::State, Refused> {
    let Key { state, subject, .. } = held.key();
    let way = way::<C>(state, step)?;
    one(left.row.execute(&mut *connection).await?.rows_affected())?;
    if let Some(line) = left.timeline {
        one(line.execute(&mut *connection).await?.rows_affected())?;
    }
    written::<C>(connection, act, way.action, &subject, left.detail).await?;
    Ok(way.leads(state))
}

/// Tells the audit log, and the map, of a case whose row was just made: under which action, on which subject.
///
/// # Errors
/// Not exactly one line of the timeline was written.
pub async fn opened<C: Case>(
    connection: &mut PgConnection,
    act: &Act,
    (action, subject): (&str, &str),
    timeline: Option<Statement>,
    detail: Value,
) -> Result<(), Refused> {
    if let Some(line) = timeline {
        one(line.execute(&mut *connection).await?.rows_affected())?;
    }
    written::<C>(connection, act, action, subject, detail).await
}

/// Tells the audit log of something that was done about a case and moved nothing.
pub async fn aside<C: Case>(
    connection: &mut PgConnection,
    act: &Act,
    case: &C,
    step: C::Step,
    mut detail: Value,
) -> Result<(), Refused> {
    let way = C::TABLE.ways.iter().find(|way| way.step == step);
    let Key { state, subject, .. } = case.key();
    let way = way.ok_or_else(|| Refused::step(C::TABLE.noun, state, step))?;
    detail[audit_store::ASIDE] = Value::Bool(true);
    act.record(connection, Deed { action: way.action, subject_kind: C::SUBJECT_KIND, subject: &subject, detail })
        .await?;
    Ok(())
}

async fn written<C: Case>(
    connection: &mut PgConnection,
    act: &Act,
    action: &str,
    subject: &str,
    detail: Value,
) -> Result<(), Refused> {
    if let Some(layer) = C::LAYER {
        layer::raise(connection, &act.scope, layer).await?;
    }
    act.record(connection, Deed { action, subject_kind: C::SUBJECT_KIND, subject, detail }).await?;
    Ok(())
}

/// Whoever writes a row that is held writes exactly one.
///
/// # Errors
/// Another number: what was written is not what was meant, and the transaction must not be committed.
pub fn one(rows: u64) -> anyhow::Result<()> {
    if rows == 1 { Ok(()) } else { Err(anyhow::anyhow!("{rows} rows were changed instead of one")) }
}

#[cfg(test)]
mod tests;
