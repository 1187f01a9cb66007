//! Inspections as JSON. Where somebody stood is told only to whom may see it.

use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::checklist::Checklist;
use super::store::{FieldTask, Photo, Task, Visit};
use super::{Answer, Conflict, Outcome, Position, Stage, TaskState};

#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct TaskView {
    pub id: Uuid,
    #[schema(example = "330105014001GB00001")]
    pub parcel: String,
    pub parcel_name: Option<String>,
    pub subdistrict: String,
    pub subdistrict_name: Option<String>,
    pub stage: Stage,
    /// Edition of its checklist.
    pub checklist: String,
    pub purpose: String,
    /// What asked for it, for example a contract number.
    pub subject: Option<String>,
    pub obligation: Option<String>,
    pub due: NaiveDate,
    /// Days past the due date while nobody has reported; null when it is not overdue.
    pub overdue_days: Option<i64>,
    pub assignee: Option<Uuid>,
    pub assignee_name: Option<String>,
    pub state: TaskState,
    pub version: i32,
    pub visits: i64,
    pub failures: i64,
    pub last_outcome: Option<Outcome>,
}

impl TaskView {
    pub fn of(task: &Task, today: NaiveDate) -> Self {
        let task = task.clone();
        TaskView {
            overdue_days: task.overdue(today),
            id: task.id,
            parcel: task.parcel_code,
            parcel_name: task.parcel_name,
            subdistrict: task.subdistrict,
            subdistrict_name: task.subdistrict_name,
            stage: task.stage,
            checklist: task.checklist,
            purpose: task.purpose,
            subject: task.subject,
            obligation: task.obligation,
            due: task.due,
            assignee: task.assignee,
            assignee_name: task.assignee_name,
            state: task.state,
            version: task.version,
            visits: task.visits,
            failures: task.failures,
            last_outcome: task.last_outcome,
        }
    }
}

#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct TaskList {
    pub district: String,
    pub inspections: Vec<TaskView>,
    /// Pass it as `after` for the next page; null on the last.
    pub next: Option<String>,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct TaskDetail {
    #[serde(flatten)]
    pub task: TaskView,
    /// The first one first; a failed one stays when a later one passes.
    pub results: Vec<VisitView>,
    /// Photos whose result has not arrived.
    pub photos_on_the_way: i64,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct VisitView {
    pub id: Uuid,
    pub outcome: Outcome,
    pub note: Option<String>,
    /// By the phone's clock.
    pub device_at: DateTime<Utc>,
    pub received_at: DateTime<Utc>,
    /// Null also for readers who may not see places.
    pub position: Option<Position>,
    /// Metres from the parcel; zero inside.
    pub distance_m: Option<f64>,
    pub person: String,
    /// What had become of the task when this arrived; it then moved nothing.
    pub conflict: Option<Conflict>,
    /// When somebody else than its recorder made it the task's result in spite of the conflict, and why.
    pub adopted_at: Option<DateTime<Utc>>,
    pub adopted_reason: Option<String>,
    pub answers: Vec<AnswerView>,
    pub photos: Vec<PhotoView>,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct AnswerView {
    pub item: String,
    pub answer: Answer,
    /// Decimal string in the unit of the question.
    pub figure: Option<String>,
    pub comment: Option<String>,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct PhotoView {
    pub id: Uuid,
    /// Where the picture is, without metadata.
    pub href: String,
    pub sha256: String,
    pub item: Option<String>,
    pub width: i32,
    pub height: i32,
    pub device_at: DateTime<Utc>,
    /// By the camera's clock, without a zone.
    pub camera_at: Option<NaiveDateTime>,
    pub position: Option<Position>,
    pub camera_position: Option<Position>,
}

fn position(
    longitude: Option<f64>,
    latitude: Option<f64>,
    accuracy: Option<&rust_decimal::Decimal>,
) -> Option<Position> {
    let accuracy_m = accuracy.and_then(|metres| metres.to_string().parse().ok());
    Some(Position { longitude: longitude?, latitude: latitude?, accuracy_m })
}

impl VisitView {
    pub fn of(visit: &Visit, photos: &[Photo], places: bool) -> Self {
        VisitView {
            id: visit.id,
            outcome: visit.outcome,
            note: visit.note.clone(),
            device_at: visit.device_at,
            received_at: visit.received_at,
            position: position(visit.longitude, visit.latitude, visit.accuracy_m.as_ref()).filter(|_| places),
            distance_m: visit.distance_m.filter(|_| places),
            person: visit.actor.clone(),
            conflict: visit.conflict,
            adopted_at: visit.adopted.as_ref().map(|adopted| adopted.at),
            adopted_reason: visit.adopted.as_ref().map(|adopted| adopted.reason.clone()),
            answers: visit
                .answers
                .iter()
                .map(|each| AnswerView {
                    item: each.item.clone(),
                    answer: each.answer,
                    figure: each.figure.map(|figure| figure.to_string()),
                    comment: each.comment.clone(),
                })
                .collect(),
            photos: photos.iter().filter(|p| p.visit == visit.id).map(|p| PhotoView::of(p, places)).collect(),
        }
    }
}

impl PhotoView {
    fn of(photo: &Photo, places: bool) -> Self {
        let camera = position(photo.camera_longitude, photo.camera_latitude, None);
        PhotoView {
            id: photo.id,
            href: format!("/inspections/photos/{}", photo.id),
            sha256: hex::encode(&photo.sha256),
            item: photo.item.clone(),
            width: photo.width,
            height: photo.height,
            device_at: photo.device_at,
            camera_at: photo.camera_at,
            position: position(photo.longitude, photo.latitude, photo.accuracy_m.as_ref()).filter(|_| places),
            camera_position: camera.filter(|_| places),
        }
    }
}

/// What the phone takes along.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct FieldPack {
    /// Whose it is: what another person left unsent on the same phone stays theirs.
    pub account: Uuid,
    pub person: String,
    pub today: NaiveDate,
    pub server_time: DateTime<Utc>,
    pub tasks: Vec<FieldTaskView>,
    /// Tasks of this person, due later, that are not taken along.
    pub left_out: i64,
    /// The editions that the tasks ask.
    pub checklists: Vec<Checklist>,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct FieldTaskView {
    pub id: Uuid,
    pub parcel: String,
    pub parcel_name: Option<String>,
    pub subdistrict_name: Option<String>,
    pub stage: Stage,
    pub stage_name: &'static str,
    pub checklist: String,
    pub purpose: String,
    pub subject: Option<String>,
    pub due: NaiveDate,
    pub overdue_days: Option<i64>,
    pub state: TaskState,
    /// GeoJSON geometry, longitude first; null when the parcel has none on record.
    #[schema(value_type = Option<Object>)]
    pub geometry: Option<serde_json::Value>,
    /// GeoJSON geometry of what lies around.
    #[schema(value_type = Option<Object>)]
    pub neighbours: Option<serde_json::Value>,
    pub longitude: Option<f64>,
    pub latitude: Option<f64>,
    pub last_outcome: Option<Outcome>,
}

impl FieldTaskView {
    pub fn of(task: FieldTask, today: NaiveDate) -> Self {
        FieldTaskView {
            overdue_days: task.state.overdue(task.due, today),
            id: task.id,
            parcel: task.parcel_code,
            parcel_name: task.parcel_name,
            subdistrict_name: task.subdistrict_name,
            stage: task.stage,
            stage_name: task.stage.label(),
            checklist: task.checklist,
            purpose: task.purpose,
            subject: task.subject,
            due: task.due,
            state: task.state,
            geometry: task.geometry,
            neighbours: task.neighbours,
            longitude: task.longitude,
            latitude: task.latitude,
            last_outcome: task.last_outcome,
        }
    }
}

/// What became of a result that was sent.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Sent {
    /// `recorded`, `already` or `waiting_for_photos`.
    pub state: &'static str,
    /// Photos of it that have not arrived.
    pub missing: Vec<Uuid>,
    pub conflict: Option<Conflict>,
    /// In words, when there is something to know.
    pub detail: Option<String>,
}

/// A photo that is kept.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct PhotoKept {
    pub id: Uuid,
    /// It was there before.
    pub already: bool,
}
