//! Submissions on their way: kept with what was read, moved by one person, published by another.

mod advance;
mod cited;
mod refusal;

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::types::Json;
use sqlx::{PgConnection, Postgres, QueryBuilder};
use uuid::Uuid;

pub use advance::{advance, outlook};
pub use refusal::MoveError;

use crate::account::Act;
use crate::db::count::{Total, total as count};
use crate::db::keyset::{Page, Position};
use crate::db::{PgPool, Scope};
use crate::exchange::Fault;
use crate::policy::intake::{Action, IntakeKind, Offer, Reading, State, TABLE};
use crate::workflow::{Case, Key, Table};

#[derive(Clone, Debug)]
pub struct Submission {
    pub id: Uuid,
    pub kind: IntakeKind,
    pub file_name: String,
    pub file_sha256: String,
    pub starts_on: NaiveDate,
    pub offer: Offer,
    pub faults: Vec<Fault>,
    /// An error is among the faults.
    pub refused: bool,
    pub state: State,
    pub created_by: Uuid,
    pub created_by_name: String,
    pub created_at: DateTime<Utc>,
    pub decided_by_name: Option<String>,
    pub decided_at: Option<DateTime<Utc>>,
    pub reason: String,
    pub catalogue: Option<String>,
}

/// What is kept of an upload.
pub struct Upload<'a> {
    pub kind: IntakeKind,
    pub file_name: &'a str,
    pub file_sha256: &'a str,
    pub starts_on: NaiveDate,
    pub reading: &'a Reading,
}

/// Keeps an upload as its maker's draft.
pub async fn create(act: &Act, upload: &Upload<'_>) -> anyhow::Result<Uuid> {
    let id = Uuid::now_v7();
    sqlx::query!(
        "INSERT INTO policy_submission (district, id, kind, file_name, file_sha256, starts_on, offer, faults, refused,
                                        state, created_by, created_by_name, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'draft', $10, $11, $12)",
        act.scope.county(),
        id,
        upload.kind.code(),
        upload.file_name,
        upload.file_sha256,
        upload.starts_on,
        Json(&upload.reading.offer) as _,
        Json(&upload.reading.faults) as _,
        upload.reading.refused(),
        act.person()?,
        act.actor.name,
        act.now
    )
    .execute(&act.pool)
    .await?;
    Ok(id)
}

struct Row {
    id: Uuid,
    kind: IntakeKind,
    file_name: String,
    file_sha256: String,
    starts_on: NaiveDate,
    offer: Json<Offer>,
    faults: Json<Vec<Fault>>,
    refused: bool,
    state: State,
    created_by: Uuid,
    created_by_name: String,
    created_at: DateTime<Utc>,
    decided_by_name: Option<String>,
    decided_at: Option<DateTime<Utc>>,
    reason: String,
    catalogue: Option<String>,
}

impl From<Row> for Submission {
    fn from(row: Row) -> Self {
        Submission {
            id: row.id,
            kind: row.kind,
            file_name: row.file_name,
            file_sha256: row.file_sha256,
            starts_on: row.starts_on,
            offer: row.offer.0,
            faults: row.faults.0,
            refused: row.refused,
            state: row.state,
            created_by: row.created_by,
            created_by_name: row.created_by_name,
            created_at: row.created_at,
            decided_by_name: row.decided_by_name,
            decided_at: row.decided_at,
            reason: row.reason,
            catalogue: row.catalogue,
        }
    }
}

impl Case for Submission {
    type State = State;
    type Step = Action;

    const TABLE: &'static Table<State, Action> = &TABLE;
    const ROWS: &'static str = "policy_submission";
    const SUBJECT_KIND: &'static str = "policy_submission";

    fn key(&self) -> Key<State> {
        // Each step leaves its state for good, so that the state alone says whether somebody was faster.
        Key { id: self.id, state: self.state, version: 0, subject: self.id.to_string() }
    }

    async fn find(connection: &mut PgConnection, scope: &Scope, id: Uuid) -> Result<Option<Self>, sqlx::Error> {
        find(connection, scope, id).await
    }
}

pub async fn find(connection: &mut PgConnection, scope: &Scope, id: Uuid) -> Result<Option<Submission>, sqlx::Error> {
    let row = sqlx::query_as!(
        Row,
        r#"SELECT id, kind AS "kind: IntakeKind", file_name, file_sha256, starts_on, offer AS "offer: Json<Offer>",
                  faults AS "faults: Json<Vec<Fault>>", refused, state AS "state: State", created_by, created_by_name,
                  created_at, decided_by_name, decided_at, reason, catalogue
           FROM policy_submission WHERE district = $1 AND id = $2"#,
        scope.county(),
        id
    )
    .fetch_optional(connection)
    .await?;
    Ok(row.map(Submission::from))
}

/// One line of the list.
#[derive(sqlx::FromRow)]
pub struct Line {
    pub id: Uuid,
    pub kind: IntakeKind,
    pub file_name: String,
    pub starts_on: NaiveDate,
    pub state: State,
    pub created_by_name: String,
    pub created_at: DateTime<Utc>,
    pub decided_by_name: Option<String>,
}

/// When the last line of a page was brought, and its number.
pub type Cursor = (DateTime<Utc>, Uuid);

/// One page of at most `size` lines, newest first. A draft is its maker's alone.
pub async fn page(
    pool: &PgPool,
    scope: &Scope,
    (reader, state): (Uuid, Option<State>),
    position: &Position<Cursor>,
    size: u16,
) -> Result<Page<Line, Cursor>, sqlx::Error> {
    let mut sql =
        QueryBuilder::new("SELECT id, kind, file_name, starts_on, state, created_by_name, created_at, decided_by_name");
    push_found(&mut sql, scope, reader, state);
    let reading = position.reading(true);
    if let Some((at, id)) = position.key() {
        sql.push(" AND (created_at, id)")
            .push(reading.beyond)
            .push("(")
            .push_bind(*at)
            .push(", ")
            .push_bind(*id)
            .push(")");
    }
    sql.push(" ORDER BY created_at").push(reading.direction).push(", id").push(reading.direction);
    sql.push(" LIMIT ").push_bind(i64::from(size) + 1);
    let lines = sql.build_query_as().fetch_all(pool).await?;
    Ok(position.paginate(lines, size.into(), |line: &Line| (line.created_at, line.id)))
}

/// How many lines the list holds, as far as that is quickly said.
pub async fn total(pool: &PgPool, scope: &Scope, (reader, state): (Uuid, Option<State>)) -> Result<Total, sqlx::Error> {
    count(pool, |sql| {
        sql.push("SELECT");
        push_found(sql, scope, reader, state);
    })
    .await
}

fn push_found(sql: &mut QueryBuilder<Postgres>, scope: &Scope, reader: Uuid, state: Option<State>) {
    sql.push(" FROM policy_submission WHERE district = ").push_bind(scope.county().to_owned());
    sql.push(" AND (state <> 'draft' OR created_by = ").push_bind(reader).push(")");
    if let Some(state) = state {
        sql.push(" AND state = ").push_bind(state.code());
    }
}

#[cfg(test)]
mod tests;
