//! Tasks as they are on record: made once, moved by steps that are written down, read with what their visits came to.

mod adopt;
mod assign;
mod field;
mod list;
mod photo_files;
mod photos;
mod visits;
mod waiting;

use chrono::{DateTime, NaiveDate, Utc};
use serde_json::json;
use uuid::Uuid;

pub use adopt::{Adoption, adopt};
pub use assign::{Assigned, assign};
pub use field::{FieldTask, pack};
pub use list::{Page, Task, counts_for, page, task, tasks_of_parcel, tasks_of_subject};
pub use photo_files::{PhotoFault, PhotoFiles, examine as examine_photos};
pub use photos::{
    KeepError, NewPhoto, Photo, Storage, keep, of_task as photos_of, on_the_way, picture, recorded, restore, set_limit,
    storage,
};
pub use visits::{Receipt, RecordError, RecordedAnswer, Visit, of_task as visits_of, record};
pub use waiting::reported_inspections;

use super::rules::{self, StepError};
use super::{Outcome, Step, TaskState};
use crate::account::Act;
use crate::account::audit::Deed;
use crate::base::clock::china_minute;
use crate::base::text::Seen;
use crate::db::{PgConnection, PgPool, Scope};

#[derive(Debug, thiserror::Error)]
pub enum TaskError {
    #[error("台账中没有宗地 {0}，或不在您的辖区内")]
    NoSuchParcel(String),
    #[error("被指派的人不是在用的巡查员账号")]
    NotAnInspector,
    #[error("没有这个检查任务，或不在您的辖区内")]
    NotFound,
    #[error("任务已被他人变更：{actor} 于 {at} {step}。请查看后重新操作")]
    Stale { actor: String, at: String, step: &'static str },
    #[error("这次结果没有被搁置，或已被采用")]
    NotAside,
    #[error("搁置的结果须由报送人以外的人采用")]
    OwnResult,
    #[error("任务已指派给他人，不能由您开始")]
    SomebodyElses,
    #[error(transparent)]
    Step(#[from] StepError),
    #[error(transparent)]
    Database(#[from] sqlx::Error),
    #[error(transparent)]
    Other(#[from] anyhow::Error),
}

/// One step of a task by hand.
#[derive(Clone, Debug)]
pub struct Move<'a> {
    pub task: Uuid,
    /// The version the step was decided on.
    pub version: i32,
    pub step: Step,
    pub reason: Option<&'a str>,
    /// Reassign, and revisit when somebody else shall go. Start: who starts.
    pub assignee: Option<Uuid>,
    /// Reassign and revisit: a new due date.
    pub due: Option<NaiveDate>,
}

/// Takes the step: state, step and audit entry together.
///
/// # Errors
/// When the step is not possible from here, lacks its reason, or somebody else moved the task since.
pub async fn take(connection: &mut PgConnection, act: &Act, wanted: &Move<'_>) -> Result<TaskState, TaskError> {
    let held = hold(connection, &act.scope, wanted.task).await?.ok_or(TaskError::NotFound)?;
    if held.version != wanted.version {
        return Err(stale(connection, &act.scope, wanted.task).await?);
    }
    let state = held.state.after(wanted.step)?;
    let last = last_outcome(connection, &act.scope, wanted.task).await?;
    rules::check_reason(wanted.step, last, wanted.reason)?;
    let assignee = match wanted.step {
        Step::Start if held.assignee.is_some_and(|theirs| Some(theirs) != wanted.assignee) => {
            return Err(TaskError::SomebodyElses);
        }
        Step::Start => wanted.assignee,
        Step::Reassign | Step::Revisit => {
            check_assignee(connection, &act.scope, wanted.assignee).await?;
            wanted.assignee.or(held.assignee)
        }
        _ => held.assignee,
    };
    let due = wanted.due.filter(|_| matches!(wanted.step, Step::Reassign | Step::Revisit)).unwrap_or(held.due);
    let moved = sqlx::query!(
        "UPDATE inspection_task SET state = $4, assignee = $5, due = $6, version = version + 1
         WHERE district = $1 AND id = $2 AND version = $3",
        act.scope.county(),
        wanted.task,
        wanted.version,
        state.code(),
        assignee,
        due
    )
    .execute(&mut *connection)
    .await?;
    debug_assert_eq!(moved.rows_affected(), 1, "the row is held");
    note(connection, act, wanted.task, wanted.step, state, wanted.reason).await?;
    let detail = json!({ "from": held.state.code(), "to": state.code(), "reason": wanted.reason, "assignee": assignee,
        "due": due });
    seal(connection, act, wanted.step, wanted.task, detail).await?;
    Ok(state)
}

/// One step that was taken.
#[derive(Clone, Debug)]
pub struct StepTaken {
    pub step: Step,
    pub state: TaskState,
    pub reason: Option<String>,
    pub at: DateTime<Utc>,
    pub actor: String,
}

/// Oldest first.
pub async fn steps_of(pool: &PgPool, scope: &Scope, task: Uuid) -> Result<Vec<StepTaken>, sqlx::Error> {
    sqlx::query_as!(
        StepTaken,
        r#"SELECT step AS "step: _", state AS "state: _", reason, at, actor FROM inspection_step
           WHERE district = $1 AND task = $2 ORDER BY seq"#,
        scope.county(),
        task
    )
    .fetch_all(pool)
    .await
}

/// Somebody who can be sent.
#[derive(Clone, Debug)]
pub struct Inspector {
    pub id: Uuid,
    pub name: String,
    pub login: String,
}

/// Active inspectors of the district.
pub async fn inspectors(pool: &PgPool, scope: &Scope) -> Result<Vec<Inspector>, sqlx::Error> {
    sqlx::query_as!(
        Inspector,
        "SELECT id, name, login FROM account WHERE district = $1 AND active AND 'inspector' = ANY(roles) ORDER BY name, login",
        scope.county()
    )
    .fetch_all(pool)
    .await
}

struct Held {
    state: TaskState,
    version: i32,
    assignee: Option<Uuid>,
    due: NaiveDate,
    checklist: String,
}

/// The task, held until the transaction ends.
async fn hold(connection: &mut PgConnection, scope: &Scope, task: Uuid) -> Result<Option<Held>, sqlx::Error> {
    sqlx::query_as!(
        Held,
        r#"SELECT state AS "state: _", version, assignee, due, checklist FROM inspection_task
           WHERE district = $1 AND id = $2 AND ($3::text IS NULL OR subdistrict = $3) FOR UPDATE"#,
        scope.county(),
        task,
        scope.subdistrict_code()
    )
    .fetch_optional(connection)
    .await
}

async fn stale(connection: &mut PgConnection, scope: &Scope, task: Uuid) -> Result<TaskError, sqlx::Error> {
    let last = sqlx::query!(
        r#"SELECT step AS "step: Step", at, actor FROM inspection_step WHERE district = $1 AND task = $2 ORDER BY seq DESC LIMIT 1"#,
        scope.county(),
        task
    )
    .fetch_one(connection)
    .await?;
    let at = china_minute(&last.at);
    Ok(TaskError::Stale { actor: last.actor, at, step: last.step.label() })
}

async fn last_outcome(
    connection: &mut PgConnection,
    scope: &Scope,
    task: Uuid,
) -> Result<Option<Outcome>, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT outcome AS "outcome: Outcome" FROM inspection_visit WHERE district = $1 AND task = $2
             AND (conflict IS NULL OR adopted_at IS NOT NULL)
           ORDER BY COALESCE(adopted_at, received_at) DESC, id DESC LIMIT 1"#,
        scope.county(),
        task
    )
    .fetch_optional(connection)
    .await
}

async fn check_assignee(connection: &mut PgConnection, scope: &Scope, assignee: Option<Uuid>) -> Result<(), TaskError> {
    let Some(assignee) = assignee else { return Ok(()) };
    let fits = sqlx::query_scalar!(
        r#"SELECT EXISTS (SELECT FROM account WHERE district = $1 AND id = $2 AND active AND 'inspector' = ANY(roles)) AS "fits!""#,
        scope.county(),
        assignee
    );
    if fits.fetch_one(connection).await? { Ok(()) } else { Err(TaskError::NotAnInspector) }
}

#[allow(clippy::too_many_arguments, reason = "the columns of one row")]
async fn note(
    connection: &mut PgConnection,
    act: &Act,
    task: Uuid,
    step: Step,
    state: TaskState,
    reason: Option<&str>,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "INSERT INTO inspection_step (district, task, seq, step, state, reason, at, actor)
         SELECT $1::text, $2::uuid, COALESCE(max(seq), 0) + 1, $3, $4, $5, $6, $7 FROM inspection_step
         WHERE district = $1 AND task = $2",
        act.scope.county(),
        task,
        step.code(),
        state.code(),
        reason.map(Seen::seen).filter(|reason| !reason.is_empty()),
        act.now,
        act.actor.name
    )
    .execute(connection)
    .await?;
    Ok(())
}

async fn seal(
    connection: &mut PgConnection,
    act: &Act,
    step: Step,
    task: Uuid,
    detail: serde_json::Value,
) -> Result<(), sqlx::Error> {
    let action = match step {
        Step::Assign => "inspection.assign",
        Step::Start => "inspection.start",
        Step::Report => "inspection.report",
        Step::Revisit => "inspection.revisit",
        Step::Reassign => "inspection.reassign",
        Step::Close => "inspection.close",
        Step::Cancel => "inspection.cancel",
        Step::Adopt => "inspection.adopt",
    };
    let subject = task.to_string();
    act.record(connection, Deed { action, subject_kind: "inspection", subject: &subject, detail }).await
}

#[cfg(test)]
mod tests;
