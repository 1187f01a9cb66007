//! Making a task, by hand or because another room asks.

use serde_json::json;
use uuid::Uuid;

use super::{OnRecord, TaskError, check_assignee, line};
use crate::account::Act;
use crate::db::{PgConnection, Scope};
use crate::inspection::checklist::Checklists;
use crate::inspection::{Assignment, Step, TaskState};
use crate::workflow;

/// Whether asking made a task or found it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Assigned {
    Created(Uuid),
    /// The same subject, obligation and due date were asked for before.
    Already(Uuid),
}

/// Makes a task, with its first step and audit entry. Asking again for the same subject, obligation and due date finds
/// the task that is there, whatever became of it.
///
/// # Errors
/// When the parcel is not on record in the scope, or the assignee is no active inspector.
pub async fn assign(connection: &mut PgConnection, act: &Act, what: &Assignment) -> Result<Assigned, TaskError> {
    if !what.stage.is_sent_by_hand() {
        return Err(TaskError::NotByHand);
    }
    let parcel = what.parcel.as_str();
    let subdistrict = subdistrict_of(connection, &act.scope, parcel).await?;
    let subdistrict = subdistrict.ok_or_else(|| TaskError::NoSuchParcel(parcel.to_owned()))?;
    check_assignee(connection, &act.scope, what.assignee).await?;
    let (subject, obligation) = match &what.subject {
        Some(named) => (Some(named.subject.as_str()), Some(named.obligation.as_str())),
        None => (None, None),
    };
    if subject.is_none()
        && let Some(there) = the_same_by_hand(connection, &act.scope, what).await?
    {
        return Ok(Assigned::Already(there));
    }
    let checklist = &Checklists::embedded().in_force(what.stage, act.today()).edition;
    let id = Uuid::now_v7();
    let made = sqlx::query!(
        "INSERT INTO inspection_task (district, id, parcel_code, subdistrict, stage, checklist, purpose, subject, obligation, due,
             assignee, state, created_at, created_by)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 'open', $12, $13)
         ON CONFLICT (district, subject, obligation, due) DO NOTHING",
        act.scope.county(),
        id,
        parcel,
        subdistrict,
        what.stage.code(),
        checklist,
        what.purpose,
        subject,
        obligation,
        what.due,
        what.assignee,
        act.now,
        act.actor.name
    )
    .execute(&mut *connection)
    .await?;
    if made.rows_affected() == 0 {
        let there = sqlx::query_scalar!(
            "SELECT id FROM inspection_task WHERE district = $1 AND subject = $2 AND obligation = $3 AND due = $4",
            act.scope.county(),
            subject,
            obligation,
            what.due
        );
        return Ok(Assigned::Already(there.fetch_one(connection).await?));
    }
    let timeline = Some(line(act, id, Step::Assign, TaskState::Open, None));
    let detail = json!({ "parcel": parcel, "stage": what.stage.code(), "due": what.due, "subject": subject,
        "obligation": obligation, "assignee": what.assignee });
    let told = ("inspection.assign", id.to_string());
    workflow::opened::<OnRecord>(connection, act, (told.0, &told.1), timeline, detail).await?;
    Ok(Assigned::Created(id))
}

/// A form sent twice asks for one visit, as long as nobody has made it.
async fn the_same_by_hand(
    connection: &mut PgConnection,
    scope: &Scope,
    what: &Assignment,
) -> Result<Option<Uuid>, sqlx::Error> {
    sqlx::query!("SELECT pg_advisory_xact_lock(hashtextextended('inspection ' || $1, 0))", what.parcel.as_str())
        .execute(&mut *connection)
        .await?;
    sqlx::query_scalar!(
        "SELECT id FROM inspection_task WHERE district = $1 AND parcel_code = $2 AND stage = $3 AND due = $4
           AND subject IS NULL AND state IN ('open', 'under_way') LIMIT 1",
        scope.county(),
        what.parcel.as_str(),
        what.stage.code(),
        what.due
    )
    .fetch_optional(connection)
    .await
}

async fn subdistrict_of(
    connection: &mut PgConnection,
    scope: &Scope,
    parcel: &str,
) -> Result<Option<String>, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT COALESCE(subdistrict, registered_subdistrict) AS "place!" FROM parcel_version
           WHERE district = $1 AND code = $2 AND superseded_at IS NULL
             AND ($3::text IS NULL OR COALESCE(subdistrict, registered_subdistrict) = $3)
           ORDER BY lower(valid) DESC LIMIT 1"#,
        scope.county(),
        parcel,
        scope.subdistrict_code()
    )
    .fetch_optional(connection)
    .await
}
