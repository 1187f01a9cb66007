//! The timeline of a file.

use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use serde_json::Value;
use uuid::Uuid;

use crate::account::Act;
use crate::db::{PgConnection, Scope};
use crate::remediation::{State, Step};
use crate::workflow::Statement;

/// One step that was taken.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
#[schema(as = RemediationStepTaken)]
pub struct StepTaken {
    pub step: Step,
    /// Where it led.
    pub state: State,
    pub happened_on: NaiveDate,
    pub reason: String,
    pub document: Option<String>,
    #[schema(value_type = Object)]
    pub detail: Value,
    pub at: DateTime<Utc>,
    pub actor: String,
}

/// What a step says of itself.
#[derive(Clone, Debug, Default)]
pub struct Said<'a> {
    pub reason: &'a str,
    pub document: Option<&'a str>,
    pub detail: Value,
}

pub fn line(act: &Act, file: Uuid, (step, state): (Step, State), on: NaiveDate, said: &Said<'_>) -> Statement {
    let detail = if said.detail.is_null() { Value::Object(serde_json::Map::new()) } else { said.detail.clone() };
    sqlx::query!(
        "INSERT INTO remediation_step (district, file, step, state, happened_on, reason, document, detail, at, account, actor)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        act.scope.county(),
        file,
        step.code(),
        state.code(),
        on,
        said.reason,
        said.document,
        detail,
        act.now,
        act.actor.account,
        act.actor.name
    )
}

/// Oldest first.
pub async fn of_file(connection: &mut PgConnection, scope: &Scope, file: Uuid) -> Result<Vec<StepTaken>, sqlx::Error> {
    sqlx::query_as!(
        StepTaken,
        r#"SELECT step AS "step: _", state AS "state: _", happened_on, reason, document, detail, at, actor
           FROM remediation_step WHERE district = $1 AND file = $2 ORDER BY id"#,
        scope.county(),
        file
    )
    .fetch_all(connection)
    .await
}
