//! The SQL of cases, one file to each action. Every transition is one transaction: the case's row is locked, the rules are
//! asked, and state, timeline, audit entry and layer revision stand or fall together.

pub mod attachments;
pub mod beside;
pub mod cases;
pub mod checks;
pub mod commitments;
pub mod decide;
pub mod docket;
pub mod listing;
pub mod moves;
pub mod offers;
pub mod opinions;
pub mod set_aside;
pub mod site;
pub mod submit;
pub mod what_if;

use chrono::NaiveDate;
use serde_json::{Value, json};
use sqlx::Postgres;
use uuid::Uuid;

use super::rules::{self, Refusal, TABLE};
use super::{CaseStep, Event, Outcome, Stage};
use crate::account::Act;
use crate::db::{PgConnection, PgPool, Scope, layer};
use crate::workflow::{self, Key, Left, Number, Statement, Table};

#[derive(Debug, thiserror::Error)]
pub enum CaseError {
    #[error("there is no such case")]
    NotFound,
    #[error(transparent)]
    Case(#[from] workflow::Refused),
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The text says what cannot be used and what to do.
    #[error("{0}")]
    Invalid(String),
    #[error(transparent)]
    Database(#[from] sqlx::Error),
    #[error(transparent)]
    Internal(#[from] anyhow::Error),
}

pub type Result<T, E = CaseError> = std::result::Result<T, E>;

/// A case as its steps need it. A step writes what it makes of these columns; the application has a statement of its own.
pub(super) struct OnRecord {
    pub id: Uuid,
    pub stage: Stage,
    pub round: i32,
    pub version: i32,
    pub year: Option<i16>,
    pub serial: Option<i32>,
    pub applied_on: Option<NaiveDate>,
    pub handler: Option<Uuid>,
    pub handler_name: Option<String>,
    pub outcome: Option<Outcome>,
    pub application: Value,
}

impl OnRecord {
    pub fn number(&self) -> Option<Number> {
        Number::of(self.year, self.serial)
    }
}

impl workflow::Case for OnRecord {
    type State = Stage;
    type Step = CaseStep;

    const TABLE: &'static Table<Stage, CaseStep> = &TABLE;
    const ROWS: &'static str = "admission_case";
    const SUBJECT_KIND: &'static str = "admission_case";
    const LAYER: Option<&'static str> = Some(layer::CASES);

    fn key(&self) -> Key<Stage> {
        let subject = self.number().map_or_else(|| self.id.to_string(), |number| number.to_string());
        Key { id: self.id, state: self.stage, version: self.version, subject }
    }

    async fn find(connection: &mut PgConnection, scope: &Scope, id: Uuid) -> Result<Option<Self>, sqlx::Error> {
        sqlx::query_as!(
            OnRecord,
            r#"SELECT id, stage AS "stage: _", round, version, year, serial, applied_on, handler, handler_name,
                      outcome AS "outcome: _", application
               FROM admission_case WHERE district = $1 AND id = $2 AND ($3::text IS NULL OR subdistrict = $3)"#,
            scope.county(),
            id,
            scope.subdistrict_code()
        )
        .fetch_optional(connection)
        .await
    }
}

pub(super) type Held = workflow::Held<OnRecord>;
pub(super) type Transaction = sqlx::Transaction<'static, Postgres>;

/// Holds the case until the transaction ends.
///
/// # Errors
/// When somebody changed it after `version`.
pub(super) async fn hold(act: &Act, id: Uuid, version: i32) -> Result<(Transaction, Held)> {
    let mut transaction = act.begin().await?;
    let held = workflow::hold(&mut transaction, &act.scope, id, version).await?;
    Ok((transaction, held))
}

/// The same, for a step that nothing but the stage has to allow.
pub(super) async fn hold_for(act: &Act, id: Uuid, version: i32, step: CaseStep) -> Result<(Transaction, Held)> {
    let (transaction, held) = hold(act, id, version).await?;
    rules::after(held.stage, step)?;
    Ok((transaction, held))
}

/// Writes the step and commits: the case's row, its timeline, the audit log, the layer of the map.
pub(super) async fn settle(
    mut transaction: Transaction,
    act: &Act,
    held: Held,
    step: CaseStep,
    note: &str,
    detail: Value,
) -> Result<()> {
    let to = workflow::after(&*held, step)?;
    let row = sqlx::query!(
        "UPDATE admission_case SET stage = $3, round = $4, year = $5, serial = $6, applied_on = $7, handler = $8,
             handler_name = $9, outcome = $10, version = version + 1, changed_at = $11, changed_by = $12, last_action = $13
         WHERE district = $1 AND id = $2",
        act.scope.county(),
        held.id,
        to as _,
        held.round,
        held.year,
        held.serial,
        held.applied_on,
        held.handler,
        held.handler_name,
        held.outcome as Option<Outcome>,
        act.now,
        act.actor.name,
        step.code()
    );
    let timeline = Some(line(act, held.id, step, (Some(held.stage), to), (held.round, note))?);
    let detail = told(held.id, (Some(held.stage), to), (held.round, note), detail);
    workflow::take(&mut transaction, act, &held, step, Left { row, timeline, detail }).await?;
    transaction.commit().await?;
    Ok(())
}

/// A step in the timeline of a case.
pub(super) fn line(
    act: &Act,
    id: Uuid,
    step: CaseStep,
    (from, to): (Option<Stage>, Stage),
    (round, note): (i32, &str),
) -> Result<Statement> {
    Ok(sqlx::query!(
        "INSERT INTO admission_event (district, case_id, seq, at, account, actor, action, from_stage, to_stage, round, note)
         SELECT c.district, c.id, 1 + (SELECT count(*) FROM admission_event WHERE district = $1 AND case_id = $2),
                $3, $4, $5, $6, $7, $8, $9, $10
         FROM admission_case c WHERE c.district = $1 AND c.id = $2",
        act.scope.county(),
        id,
        act.now,
        act.person()?,
        act.actor.name,
        step.code(),
        from as Option<Stage>,
        to as _,
        round,
        note
    ))
}

/// What the audit entry of every step has, with what the step adds.
pub(super) fn told(id: Uuid, (from, to): (Option<Stage>, Stage), (round, note): (i32, &str), detail: Value) -> Value {
    json!({ "case": id, "from": from, "to": to, "round": round, "note": note, "detail": detail })
}

/// The timeline, oldest first.
pub async fn events(pool: &PgPool, scope: &Scope, id: Uuid) -> Result<Vec<Event>, sqlx::Error> {
    sqlx::query_as!(
        Event,
        r#"SELECT seq, at, actor, action, from_stage AS "from_stage: Stage", to_stage AS "to_stage: Stage", round, note
           FROM admission_event WHERE district = $1 AND case_id = $2 ORDER BY seq"#,
        scope.county(),
        id
    )
    .fetch_all(pool)
    .await
}
