//! Inspections for programs. What the phone sends is in [`field`].

#![allow(unused_qualifications, reason = "the macro that documents a handler writes its parameters out in full")]

pub mod field;

use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::list::ListParameters;
use super::store::{self, Assigned};
use super::view::{TaskDetail, TaskList, TaskView, VisitView};
use super::{Assignment, Stage, Subject};
use crate::account::{Access, Officer, Routes};
use crate::base::code::ParcelCode;
use crate::base::text::Seen;
use crate::web::list::Parameters;
use crate::web::{self, AppState, Error, Received, cursor};

pub fn routes() -> Routes {
    Routes::new()
        .get("/api/v1/inspections", Access::ReadInspections, list)
        .post("/api/v1/inspections", Access::AssignInspections, create)
        .get("/api/v1/inspections/{id}", Access::ReadInspections, one)
        .merge(field::routes())
}

/// Inspection tasks, the earliest due first.
#[utoipa::path(
    get,
    path = "/api/v1/inspections",
    tag = "inspections",
    params(ListParameters),
    responses(
        (status = 200, description = "One page of the list", body = TaskList),
        (status = 400, description = "A parameter cannot be read", body = web::error::Problem),
    )
)]
pub async fn list(
    State(state): State<AppState>,
    officer: Officer,
    Query(parameters): Query<ListParameters>,
) -> web::Result<Json<TaskList>> {
    let today = state.clock.today();
    let query = parameters.query(officer.account, today)?;
    let (position, size) = (parameters.position()?, parameters.page_size()?);
    let page = store::page(&state.pool, &officer.scope, &query, &position, size).await?;
    Ok(Json(TaskList {
        district: officer.scope.county().to_owned(),
        inspections: page.rows.iter().map(|task| TaskView::of(task, today)).collect(),
        next: page.next.as_ref().map(cursor::encode),
    }))
}

/// One task with all its results. Places are null for readers who may not see them.
#[utoipa::path(
    get,
    path = "/api/v1/inspections/{id}",
    tag = "inspections",
    params(("id" = Uuid, Path, description = "The task")),
    responses(
        (status = 200, description = "The task", body = TaskDetail),
        (status = 404, description = "Not on record, or not in your area", body = web::error::Problem),
    )
)]
pub async fn one(
    State(state): State<AppState>,
    officer: Officer,
    Path(id): Path<Uuid>,
) -> web::Result<Json<TaskDetail>> {
    let (pool, scope) = (&state.pool, &officer.scope);
    let task = store::task(pool, scope, id).await?.ok_or(store::TaskError::NotFound)?;
    let visits = store::visits_of(pool, scope, id).await?;
    let photos = store::photos_of(pool, scope, id).await?;
    let places = officer.may(Access::SeeInspectionPlaces);
    Ok(Json(TaskDetail {
        task: TaskView::of(&task, state.clock.today()),
        results: visits.iter().map(|visit| VisitView::of(visit, &photos, places)).collect(),
        photos_on_the_way: store::on_the_way(pool, scope, id).await?,
    }))
}

/// A visit to be made. `subject` and `obligation` come together and make asking twice harmless.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewTask {
    #[schema(value_type = String, example = "330105014001GB00001")]
    pub parcel: ParcelCode,
    pub stage: Stage,
    pub purpose: String,
    pub due: NaiveDate,
    pub assignee: Option<Uuid>,
    pub subject: Option<String>,
    pub obligation: Option<String>,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct TaskMade {
    pub id: Uuid,
    /// It was asked for before.
    pub already: bool,
}

/// Assigns a visit to a parcel.
#[utoipa::path(
    post,
    path = "/api/v1/inspections",
    tag = "inspections",
    request_body = NewTask,
    responses(
        (status = 201, description = "A new task", body = TaskMade),
        (status = 200, description = "It was asked for before", body = TaskMade),
        (status = 400, description = "The parcel is not on record, or nobody can be sent like that", body = web::error::Problem),
    )
)]
pub async fn create(
    State(state): State<AppState>,
    officer: Officer,
    Received(new): Received<NewTask>,
) -> web::Result<(StatusCode, Json<TaskMade>)> {
    let subject = match (new.subject, new.obligation) {
        (Some(subject), Some(obligation)) => Some(Subject { subject, obligation }),
        (None, None) => None,
        _ => return Err(Error::BadRequest("subject 与 obligation 须同时给出".into())),
    };
    if new.purpose.is_blank() {
        return Err(Error::BadRequest("请说明检查内容".into()));
    }
    let assignment = Assignment {
        parcel: new.parcel,
        stage: new.stage,
        purpose: new.purpose.seen().to_owned(),
        due: new.due,
        assignee: new.assignee,
        subject,
    };
    let mut transaction = state.pool.begin().await?;
    let made = store::assign(&mut transaction, &officer.act(&state), &assignment).await?;
    transaction.commit().await?;
    Ok(match made {
        Assigned::Created(id) => (StatusCode::CREATED, Json(TaskMade { id, already: false })),
        Assigned::Already(id) => (StatusCode::OK, Json(TaskMade { id, already: true })),
    })
}
