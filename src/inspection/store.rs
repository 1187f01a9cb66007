//! Tasks as they are on record: made once, moved by steps that are written down, read with what their visits came to.

mod adopt;
mod assign;
mod field;
mod joint;
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
pub use joint::{Joint, JointPlaces, assign_joint};
pub use list::{Page, Task, counts_for, page, task, tasks_of_parcel, tasks_of_subject, total};
pub use photo_files::{PhotoFault, PhotoFiles, examine as examine_photos};
pub use photos::{
    KeepError, NewPhoto, Photo, PhotoOf, Storage, keep, of_task as photos_of, on_the_way, picture, recorded, restore,
    set_limit, storage,
};
pub use visits::{Receipt, RecordError, RecordedAnswer, Visit, of_task as visits_of, record};
pub use waiting::reported_inspections;

use super::rules::{self, StepError, TABLE};
use super::{Outcome, Step, TaskState};
use crate::account::Act;
use crate::base::text::Seen;
use crate::db::{PgConnection, PgPool, Scope};
use crate::workflow::{self, Case, Key, Left, Refused, SamePerson, Statement, Table};

#[derive(Debug, thiserror::Error)]
pub enum TaskError {
    #[error("台账中没有宗地 {0}，或不在您的辖区内")]
    NoSuchParcel(String),
    #[error("被指派的人不是在用的巡查员账号")]
    NotAnInspector,
    #[error("联合执法检查由联合执法行动下达，请在“联合执法”中列入名单")]
    NotByHand,
    #[error("没有这个检查任务，或不在您的辖区内")]
    NotFound,
    #[error(transparent)]
    Case(#[from] Refused),
    #[error("这次结果没有被搁置，或已被采用")]
    NotAside,
    #[error("搁置的结果须由报送人以外的人采用")]
    OwnResult(#[from] SamePerson),
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
    let held = workflow::hold::<OnRecord>(connection, &act.scope, wanted.task, wanted.version).await?;
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
    let row = sqlx::query!(
        "UPDATE inspection_task SET state = $3, assignee = $4, due = $5, version = version + 1 WHERE district = $1 AND id = $2",
        act.scope.county(),
        held.id,
        state.code(),
        assignee,
        due
    );
    let timeline = Some(line(act, held.id, wanted.step, state, wanted.reason));
    let detail = json!({ "from": held.state.code(), "to": state.code(), "reason": wanted.reason, "assignee": assignee,
        "due": due });
    Ok(workflow::take(connection, act, &held, wanted.step, Left { row, timeline, detail }).await?)
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

/// A task as its steps need it.
pub struct OnRecord {
    id: Uuid,
    state: TaskState,
    version: i32,
    assignee: Option<Uuid>,
    due: NaiveDate,
    checklist: String,
}

impl Case for OnRecord {
    type State = TaskState;
    type Step = Step;

    const TABLE: &'static Table<TaskState, Step> = &TABLE;
    const ROWS: &'static str = "inspection_task";
    const SUBJECT_KIND: &'static str = "inspection";

    fn key(&self) -> Key<TaskState> {
        Key { id: self.id, state: self.state, version: self.version, subject: self.id.to_string() }
    }

    async fn find(connection: &mut PgConnection, scope: &Scope, id: Uuid) -> Result<Option<Self>, sqlx::Error> {
        sqlx::query_as!(
            OnRecord,
            r#"SELECT id, state AS "state: _", version, assignee, due, checklist FROM inspection_task
               WHERE district = $1 AND id = $2 AND ($3::text IS NULL OR subdistrict = $3)"#,
            scope.county(),
            id,
            scope.subdistrict_code()
        )
        .fetch_optional(connection)
        .await
    }
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

/// A step in the timeline of a task.
fn line(act: &Act, task: Uuid, step: Step, state: TaskState, reason: Option<&str>) -> Statement {
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
}

#[cfg(test)]
mod tests;
