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

use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use uuid::Uuid;

use super::rules::Refusal;
use super::{Event, Stage, number};
use crate::account::Act;
use crate::account::audit::Deed;
use crate::db::{PgConnection, PgPool, Scope, layer};

#[derive(Debug, thiserror::Error)]
pub enum CaseError {
    #[error("there is no such case")]
    NotFound,
    #[error("the case was changed by {by}")]
    Stale { by: String, at: DateTime<Utc>, action: String },
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

/// A case whose row this transaction holds.
pub(super) struct Held {
    pub id: Uuid,
    pub stage: Stage,
    pub round: i32,
    pub version: i32,
    pub number: Option<String>,
    pub applied_on: Option<chrono::NaiveDate>,
    pub application: Value,
}

/// Holds the case until the transaction ends.
///
/// # Errors
/// When somebody changed it after `version`.
pub(super) async fn hold(connection: &mut PgConnection, act: &Act, id: Uuid, version: i32) -> Result<Held> {
    let row = sqlx::query!(
        r#"SELECT stage AS "stage: Stage", round, version, year, serial, applied_on, application, changed_at, changed_by, last_action
           FROM admission_case WHERE district = $1 AND id = $2 AND ($3::text IS NULL OR subdistrict = $3) FOR UPDATE"#,
        act.scope.county(),
        id,
        act.scope.subdistrict_code()
    )
    .fetch_optional(connection)
    .await?
    .ok_or(CaseError::NotFound)?;
    if row.version != version {
        return Err(CaseError::Stale { by: row.changed_by, at: row.changed_at, action: row.last_action });
    }
    Ok(Held {
        id,
        stage: row.stage,
        round: row.round,
        version,
        number: number(row.year, row.serial),
        applied_on: row.applied_on,
        application: row.application,
    })
}

/// What is written down about a step.
pub(super) struct Step<'a> {
    pub action: &'a str,
    pub to: Stage,
    pub round: i32,
    pub note: &'a str,
    /// For the audit entry, besides what every step has.
    pub detail: Value,
}

/// Writes the step: the case's row, its timeline, the audit log, the layer of the map.
pub(super) async fn settle(connection: &mut PgConnection, act: &Act, held: &Held, step: Step<'_>) -> Result<()> {
    let changed = sqlx::query!(
        "UPDATE admission_case SET stage = $4, round = $5, version = version + 1, changed_at = $6, changed_by = $7, last_action = $8
         WHERE district = $1 AND id = $2 AND version = $3",
        act.scope.county(),
        held.id,
        held.version,
        step.to as _,
        step.round,
        act.now,
        act.actor.name,
        step.action
    )
    .execute(&mut *connection)
    .await?;
    assert_one(changed.rows_affected())?;
    add_event(connection, act, held.id, Some(held.stage), &step).await?;
    let subject = held.number.clone().unwrap_or_else(|| held.id.to_string());
    seal(connection, act, &subject, held.id, Some(held.stage), &step).await
}

pub(super) async fn add_event(
    connection: &mut PgConnection,
    act: &Act,
    id: Uuid,
    from: Option<Stage>,
    step: &Step<'_>,
) -> Result<()> {
    sqlx::query!(
        "INSERT INTO admission_event (district, case_id, seq, at, account, actor, action, from_stage, to_stage, round, note)
         SELECT c.district, c.id, 1 + (SELECT count(*) FROM admission_event WHERE district = $1 AND case_id = $2),
                $3, $4, $5, $6, $7, $8, $9, $10
         FROM admission_case c WHERE c.district = $1 AND c.id = $2",
        act.scope.county(),
        id,
        act.now,
        act.person()?,
        act.actor.name,
        step.action,
        from as Option<Stage>,
        step.to as _,
        step.round,
        step.note
    )
    .execute(connection)
    .await?;
    Ok(())
}

pub(super) async fn seal(
    connection: &mut PgConnection,
    act: &Act,
    subject: &str,
    id: Uuid,
    from: Option<Stage>,
    step: &Step<'_>,
) -> Result<()> {
    layer::raise(connection, &act.scope, layer::CASES).await?;
    let detail = json!({
        "case": id, "from": from, "to": step.to, "round": step.round, "note": step.note, "detail": step.detail,
    });
    let action = format!("admission.{}", step.action);
    let deed = Deed { action: &action, subject_kind: "admission_case", subject, detail };
    act.record(connection, deed).await?;
    Ok(())
}

pub(super) fn assert_one(rows: u64) -> Result<()> {
    if rows == 1 { Ok(()) } else { Err(anyhow::anyhow!("{rows} rows were changed instead of one").into()) }
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
