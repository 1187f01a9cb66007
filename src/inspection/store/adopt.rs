//! A result that was kept aside becomes the result of its task: by somebody else than its recorder, with a reason.

use serde_json::json;
use uuid::Uuid;

use super::{OnRecord, TaskError, line};
use crate::account::Act;
use crate::base::text::Seen;
use crate::db::PgConnection;
use crate::inspection::rules::StepError;
use crate::inspection::{Step, TaskState};
use crate::workflow::{self, Left, four_eyes};

/// What somebody wants to adopt, on the task as it was looked at.
#[derive(Clone, Copy, Debug)]
pub struct Adoption<'a> {
    pub task: Uuid,
    pub version: i32,
    pub visit: Uuid,
    pub reason: &'a str,
}

/// Marks the visit, moves the task to “reported” and seals the deed, inside the caller's transaction. Nothing that was
/// found before is changed.
///
/// # Errors
/// When the task was changed meanwhile, the visit was not kept aside or is adopted already, its recorder asks, or the
/// reason is missing.
pub async fn adopt(connection: &mut PgConnection, act: &Act, wanted: &Adoption<'_>) -> Result<TaskState, TaskError> {
    let person = act.person()?;
    let held = workflow::hold::<OnRecord>(connection, &act.scope, wanted.task, wanted.version).await?;
    let reason = wanted.reason.seen();
    if reason.is_empty() {
        return Err(StepError::ReasonMissing(Step::Adopt).into());
    }
    let state = held.state.after(Step::Adopt)?;
    let visit = sqlx::query!(
        r#"SELECT account, conflict IS NOT NULL AND adopted_at IS NULL AS "aside!" FROM inspection_visit
           WHERE district = $1 AND id = $2 AND task = $3 FOR UPDATE"#,
        act.scope.county(),
        wanted.visit,
        wanted.task
    );
    let visit = visit.fetch_optional(&mut *connection).await?.filter(|visit| visit.aside);
    four_eyes(Some(visit.ok_or(TaskError::NotAside)?.account), person)?;
    sqlx::query!(
        "UPDATE inspection_visit SET adopted_at = $3, adopted_by = $4, adopted_by_name = $5, adopted_reason = $6
         WHERE district = $1 AND id = $2",
        act.scope.county(),
        wanted.visit,
        act.now,
        person,
        act.actor.name,
        reason
    )
    .execute(&mut *connection)
    .await?;
    let row = sqlx::query!(
        "UPDATE inspection_task SET state = $3, version = version + 1 WHERE district = $1 AND id = $2",
        act.scope.county(),
        held.id,
        state.code()
    );
    let timeline = Some(line(act, held.id, Step::Adopt, state, Some(reason)));
    let detail = json!({ "visit": wanted.visit, "from": held.state.code(), "to": state.code(), "reason": reason });
    Ok(workflow::take(connection, act, &held, Step::Adopt, Left { row, timeline, detail }).await?)
}
