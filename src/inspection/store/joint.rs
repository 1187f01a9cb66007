//! Visits that several departments make together, ordered for a whole list at once.

use chrono::NaiveDate;
use serde_json::json;
use uuid::Uuid;

use super::{TaskError, check_assignee};
use crate::account::{Act, Deed, Department};
use crate::db::PgConnection;
use crate::inspection::Stage;
use crate::inspection::checklist::Checklists;

/// What is the same of all of them.
pub struct Joint<'a> {
    /// Whose questions are asked.
    pub departments: &'a [Department],
    pub purpose: &'a str,
    pub due: NaiveDate,
    /// Who carries the form.
    pub assignee: Uuid,
    /// What asks for them.
    pub subject: &'a str,
}

/// Where to: parcels that are on record in the scope, one array a column. The obligations tell them apart.
#[derive(Clone, Debug, Default)]
pub struct JointPlaces {
    pub parcels: Vec<String>,
    pub subdistricts: Vec<String>,
    pub obligations: Vec<String>,
}

/// Makes a task for each place; their ids, in the order of the places.
///
/// # Errors
/// When the assignee is no active inspector.
pub async fn assign_joint(
    connection: &mut PgConnection,
    act: &Act,
    what: &Joint<'_>,
    places: &JointPlaces,
) -> Result<Vec<Uuid>, TaskError> {
    check_assignee(connection, &act.scope, Some(what.assignee)).await?;
    let whole = Checklists::embedded().in_force(Stage::JointEnforcement, act.today());
    let checklist = whole.asked_by(what.departments).edition;
    let ids: Vec<Uuid> = places.parcels.iter().map(|_| Uuid::now_v7()).collect();
    sqlx::query!(
        "INSERT INTO inspection_task (district, id, parcel_code, subdistrict, stage, checklist, purpose, subject, obligation, due,
             assignee, state, created_at, created_by)
         SELECT $1, n.id, n.parcel, n.subdistrict, $2, $3, $4, $5, n.obligation, $6, $7, 'open', $8, $9
         FROM unnest($10::uuid[], $11::text[], $12::text[], $13::text[]) AS n (id, parcel, subdistrict, obligation)",
        act.scope.county() as _,
        Stage::JointEnforcement.code(),
        checklist,
        what.purpose,
        what.subject,
        what.due,
        what.assignee,
        act.now,
        act.actor.name,
        &ids,
        &places.parcels,
        &places.subdistricts,
        &places.obligations
    )
    .execute(&mut *connection)
    .await?;
    sqlx::query!(
        "INSERT INTO inspection_step (district, task, seq, step, state, reason, at, actor)
         SELECT $1, id, 1, 'assign', 'open', NULL, $3, $4 FROM unnest($2::uuid[]) AS n (id)",
        act.scope.county() as _,
        &ids,
        act.now,
        act.actor.name
    )
    .execute(&mut *connection)
    .await?;
    let detail =
        json!({ "stage": Stage::JointEnforcement.code(), "due": what.due, "assignee": what.assignee, "tasks": ids });
    let deed = Deed { action: "inspection.assign", subject_kind: "inspection_list", subject: what.subject, detail };
    act.record(connection, deed).await?;
    Ok(ids)
}
