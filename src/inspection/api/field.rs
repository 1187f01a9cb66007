//! What the phone takes along and what it brings back. Everything it sends may be sent again.

use std::borrow::Cow;
use std::collections::BTreeSet;

use axum::Json;
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{Path, Query, State};
use chrono::{DateTime, Utc};
use serde::Deserialize;
use utoipa::IntoParams;
use uuid::Uuid;

use crate::account::{Access, Officer, Routes};
use crate::inspection::checklist::Checklists;
use crate::inspection::photo::{self, LARGEST_ORIGINAL};
use crate::inspection::store::{self, NewPhoto, OnRecord, PhotoOf, Receipt};
use crate::inspection::view::{FieldPack, FieldTaskView, PhotoKept, Sent};
use crate::inspection::{Conflict, Finding, arrival};
use crate::web::{self, AppState, Error, Received};

pub fn routes() -> Routes {
    Routes::new()
        .get("/api/v1/inspections/field", Access::DoInspections, pack)
        .post("/api/v1/inspections/{id}/visits/{visit}", Access::DoInspections, visit)
        .upload(
            "/api/v1/inspections/{id}/visits/{visit}/photos/{photo}",
            Access::DoInspections,
            LARGEST_ORIGINAL + 1,
            photo,
        )
}

/// Tasks that wait for the reader, with outlines and checklists: all that is needed where there is no connection.
#[utoipa::path(
    get,
    path = "/api/v1/inspections/field",
    tag = "inspections",
    responses((status = 200, description = "What to take along", body = FieldPack))
)]
pub async fn pack(State(state): State<AppState>, officer: Officer) -> web::Result<Json<FieldPack>> {
    let today = state.clock.today();
    let tasks = store::pack(&state.pool, &officer.scope, officer.account).await?;
    let (waiting, _) = store::counts_for(&state.pool, &officer.scope, officer.account, today, i64::MAX).await?;
    let editions: BTreeSet<&str> = tasks.iter().map(|task| task.checklist.as_str()).collect();
    let checklists = editions.into_iter().filter_map(|edition| Checklists::embedded().edition(edition));
    Ok(Json(FieldPack {
        account: officer.account,
        person: officer.name,
        today,
        server_time: state.clock.now(),
        checklists: checklists.map(Cow::into_owned).collect(),
        left_out: (waiting - tasks.len() as i64).max(0),
        tasks: tasks.into_iter().map(|task| FieldTaskView::of(task, today)).collect(),
    }))
}

#[derive(Clone, Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct PhotoParameters {
    /// When it was taken, by the phone's clock.
    pub device_at: DateTime<Utc>,
    /// Where the phone was; both or none.
    pub longitude: Option<f64>,
    pub latitude: Option<f64>,
    /// Metres.
    pub accuracy_m: Option<f64>,
    /// The question it belongs to.
    pub item: Option<String>,
}

/// One photo of a visit, sent before its result. The body is the JPEG as the camera made it. The number is made on the phone;
/// the same photo sent again changes nothing.
#[utoipa::path(
    post,
    path = "/api/v1/inspections/{id}/visits/{visit}/photos/{photo}",
    tag = "inspections",
    params(
        ("id" = Uuid, Path, description = "The task"),
        ("visit" = Uuid, Path, description = "The visit, numbered on the phone"),
        ("photo" = Uuid, Path, description = "The photo, numbered on the phone"),
        PhotoParameters,
    ),
    request_body(content = Vec<u8>, content_type = "image/jpeg"),
    responses(
        (status = 200, description = "It is kept", body = PhotoKept),
        (status = 400, description = "It is not a JPEG, or damaged, or too large in pixels", body = web::error::Problem),
        (status = 404, description = "No such task", body = web::error::Problem),
        (status = 409, description = "The number stands for another photo", body = web::error::Problem),
        (status = 413, description = "Too many bytes, too many photos, or the storage is full", body = web::error::Problem),
    )
)]
pub async fn photo(
    State(state): State<AppState>,
    officer: Officer,
    Path((task, visit, id)): Path<(Uuid, Uuid, Uuid)>,
    Query(parameters): Query<PhotoParameters>,
    body: Result<Bytes, BytesRejection>,
) -> web::Result<Json<PhotoKept>> {
    let body = body.map_err(|_| Error::from(photo::PhotoError::TooManyBytes))?;
    let (pool, scope) = (&state.pool, &officer.scope);
    let known = store::task(pool, scope, task).await?.ok_or(store::TaskError::NotFound)?;
    let asked =
        |item: &String| Checklists::embedded().edition(&known.checklist).is_some_and(|list| list.item(item).is_some());
    if parameters.item.as_ref().is_some_and(|item| !asked(item)) {
        return Err(Error::BadRequest("检查表中没有照片所属的事项".into()));
    }
    let position = arrival::position((parameters.longitude, parameters.latitude), parameters.accuracy_m)?;
    let of = PhotoOf::Task(task);
    let new = NewPhoto { id, of, visit, item: parameters.item, device_at: parameters.device_at, position };
    let already = arrival::take_in::<OnRecord>(&officer.act(&state), &state.settings.home, &new, body).await?;
    Ok(Json(PhotoKept { id, already }))
}

/// The result of a visit, sent after its photos. The number is made on the phone; the same result sent again changes nothing.
/// A result for a task that was cancelled, closed or given to somebody else is kept, says so, and moves nothing.
#[utoipa::path(
    post,
    path = "/api/v1/inspections/{id}/visits/{visit}",
    tag = "inspections",
    params(
        ("id" = Uuid, Path, description = "The task"),
        ("visit" = Uuid, Path, description = "The visit, numbered on the phone"),
    ),
    request_body = Finding,
    responses(
        (status = 200, description = "What became of it", body = Sent),
        (status = 400, description = "An answer, a comment or a figure is missing or wrong", body = web::error::Problem),
        (status = 404, description = "No such task", body = web::error::Problem),
        (status = 409, description = "The number stands for another result", body = web::error::Problem),
    )
)]
pub async fn visit(
    State(state): State<AppState>,
    officer: Officer,
    Path((task, visit)): Path<(Uuid, Uuid)>,
    Received(finding): Received<Finding>,
) -> web::Result<Json<Sent>> {
    let mut transaction = state.pool.begin().await?;
    let receipt = store::record(&mut transaction, &officer.act(&state), (task, visit), &finding).await?;
    transaction.commit().await?;
    Ok(Json(match receipt {
        Receipt::Recorded(conflict) => sent("recorded", conflict),
        Receipt::Already(conflict) => sent("already", conflict),
        Receipt::WaitingForPhotos(missing) => Sent {
            detail: Some(format!("还有 {} 张照片没有送达", missing.len())),
            state: "waiting_for_photos",
            missing,
            conflict: None,
        },
    }))
}

fn sent(state: &'static str, conflict: Option<Conflict>) -> Sent {
    let words = |conflict| format!("{conflict}。结果和照片已保存，未改变任务状态，请与下达人联系");
    Sent { state, missing: Vec::new(), conflict, detail: conflict.map(words) }
}
