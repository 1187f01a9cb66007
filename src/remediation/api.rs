//! Files for programs.

#![allow(unused_qualifications, reason = "the macro that documents a handler writes its parameters out in full")]

use axum::Json;
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::evidence::{self, Paper};
use super::form::{self, DoneForm, EntryForm, ListForm, SampleForm, StepForm, TaskForm};
use super::list::{ListParameters, RemediationFiles};
use super::opening::Opening;
use super::store::samples::Sample;
use super::view::{self, Line, Whole};
use super::{EvidenceKind, acceptance};
use crate::account::{Access, List, Officer, Routes};
use crate::home::attachment;
use crate::web::error::Problem;
use crate::web::list::Parameters;
use crate::web::{self, AppState, Error, Received, cursor};

pub fn routes() -> Routes {
    Routes::new()
        .get("/api/v1/remediation", Access::ReadRegisters, list)
        .post("/api/v1/remediation", Access::HandleRemediation, enter)
        .post("/api/v1/remediation/lists", Access::HandleRemediation, enter_all)
        .post("/api/v1/remediation/samples", Access::HandleRemediation, draw)
        .get("/api/v1/remediation/{no}", Access::ReadRegisters, one)
        .post("/api/v1/remediation/{no}/steps", Access::ReadRegisters, step)
        .post("/api/v1/remediation/{no}/tasks", Access::HandleRemediation, set_task)
        .post("/api/v1/remediation/{no}/tasks/{task}", Access::WorkRemediation, finish_task)
        .upload("/api/v1/remediation/{no}/evidence", Access::WorkRemediation, attachment::LARGEST, attach)
}

/// One page of files, the newest number first.
#[derive(Serialize, utoipa::ToSchema)]
#[schema(as = RemediationList)]
pub struct FileList {
    pub files: Vec<Line>,
    /// Pass it as `after` to get the next page; null on the last.
    pub next: Option<String>,
}

/// Files with what is holding each up today.
#[utoipa::path(
    get,
    path = "/api/v1/remediation",
    tag = "remediation",
    params(ListParameters),
    responses(
        (status = 200, description = "One page", body = FileList),
        (status = 400, description = "A parameter cannot be read", body = Problem),
    )
)]
pub async fn list(
    State(state): State<AppState>,
    officer: Officer,
    Query(parameters): Query<ListParameters>,
) -> web::Result<Json<FileList>> {
    let list = RemediationFiles::ask(&state, officer, &parameters).await?;
    let page = list.page(parameters.position()?, parameters.page_size()?).await?;
    let next = page.next.as_ref().map(cursor::encode);
    Ok(Json(FileList { files: page.rows.into_iter().map(|(_, line)| line).collect(), next }))
}

async fn shown(state: &AppState, officer: &Officer, number: &str) -> web::Result<Json<Whole>> {
    let file = form::file_of(state, officer, number).await?;
    Ok(Json(view::whole(&state.pool, &officer.scope, &file, state.clock.today()).await?))
}

/// One file with plan, figures by year, tasks, evidence and timeline.
#[utoipa::path(
    get,
    path = "/api/v1/remediation/{no}",
    tag = "remediation",
    params(("no" = String, Path, description = "Its number, such as 2026-0012")),
    responses(
        (status = 200, description = "The file", body = Whole),
        (status = 404, description = "No such file in the reader's scope", body = Problem),
    )
)]
pub async fn one(
    State(state): State<AppState>,
    officer: Officer,
    Path(number): Path<String>,
) -> web::Result<Json<Whole>> {
    shown(&state, &officer, &number).await
}

/// Enters an enterprise or a parcel. A ground of a subject whose file is open goes into that file.
#[utoipa::path(
    post,
    path = "/api/v1/remediation",
    tag = "remediation",
    request_body = EntryForm,
    responses(
        (status = 201, description = "The file", body = Whole),
        (status = 422, description = "Faults, each at its field: entered already, not borne out by the registers, left", body = Problem),
    )
)]
pub async fn enter(
    State(state): State<AppState>,
    officer: Officer,
    Received(form): Received<EntryForm>,
) -> web::Result<(StatusCode, Json<Whole>)> {
    let number = form::enter(&state, &officer, &form).await?;
    Ok((StatusCode::CREATED, shown(&state, &officer, &number.to_string()).await?))
}

/// Enters everybody below the line of a year, or everybody of grade D in an official result, and says what became of each.
#[utoipa::path(
    post,
    path = "/api/v1/remediation/lists",
    tag = "remediation",
    request_body = ListForm,
    responses(
        (status = 201, description = "What became of each", body = Opening),
        (status = 422, description = "Faults, each at its field", body = Problem),
    )
)]
pub async fn enter_all(
    State(state): State<AppState>,
    officer: Officer,
    Received(form): Received<ListForm>,
) -> web::Result<(StatusCode, Json<Opening>)> {
    Ok((StatusCode::CREATED, Json(form::enter_all(&state, &officer, &form).await?)))
}

/// Takes a step of a file. Whoever planned neither accepts nor strikes off; two departments accept.
#[utoipa::path(
    post,
    path = "/api/v1/remediation/{no}/steps",
    tag = "remediation",
    params(("no" = String, Path, description = "Its number")),
    request_body = StepForm,
    responses(
        (status = 200, description = "The file after the step", body = Whole),
        (status = 403, description = "The role may not take this step", body = Problem),
        (status = 404, description = "No such file in the reader's scope", body = Problem),
        (status = 409, description = "Not possible from here, or somebody was faster", body = Problem),
        (status = 422, description = "Faults, each at its field", body = Problem),
    )
)]
pub async fn step(
    State(state): State<AppState>,
    officer: Officer,
    Path(number): Path<String>,
    Received(form): Received<StepForm>,
) -> web::Result<Json<Whole>> {
    form::take(&state, &officer, &number, &form).await?;
    shown(&state, &officer, &number).await
}

/// Under which number something was made.
#[derive(Clone, Copy, Debug, Serialize, utoipa::ToSchema)]
#[schema(as = RemediationMade)]
pub struct Made {
    pub id: Uuid,
}

/// Sets a department a task.
#[utoipa::path(
    post,
    path = "/api/v1/remediation/{no}/tasks",
    tag = "remediation",
    params(("no" = String, Path, description = "The number of the file")),
    request_body = TaskForm,
    responses(
        (status = 201, description = "The task", body = Made),
        (status = 409, description = "The file is not being carried out", body = Problem),
        (status = 422, description = "Faults, each at its field", body = Problem),
    )
)]
pub async fn set_task(
    State(state): State<AppState>,
    officer: Officer,
    Path(number): Path<String>,
    Received(form): Received<TaskForm>,
) -> web::Result<(StatusCode, Json<Made>)> {
    Ok((StatusCode::CREATED, Json(Made { id: form::set_task(&state, &officer, &number, &form).await? })))
}

/// Reports a task of one's department as done.
#[utoipa::path(
    post,
    path = "/api/v1/remediation/{no}/tasks/{task}",
    tag = "remediation",
    params(("no" = String, Path, description = "The number of the file"), ("task" = Uuid, Path, description = "The task")),
    request_body = DoneForm,
    responses(
        (status = 200, description = "The file after it", body = Whole),
        (status = 422, description = "Another department's, done already, or a paper is missing", body = Problem),
    )
)]
pub async fn finish_task(
    State(state): State<AppState>,
    officer: Officer,
    Path((number, task)): Path<(String, Uuid)>,
    Received(form): Received<DoneForm>,
) -> web::Result<Json<Whole>> {
    form::finish_task(&state, &officer, (&number, task), &form).await?;
    shown(&state, &officer, &number).await
}

/// What is attached; the body is the content.
#[derive(Clone, Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct EvidenceParameters {
    #[param(inline)]
    pub kind: EvidenceKind,
    /// When it was made.
    pub taken_on: NaiveDate,
    pub name: String,
    /// The task it belongs to.
    pub task: Option<Uuid>,
    #[serde(default)]
    pub words: String,
}

/// Attaches a PDF, JPEG, PNG or WebP, told by its content and kept under its hash.
#[utoipa::path(
    post,
    path = "/api/v1/remediation/{no}/evidence",
    tag = "remediation",
    params(("no" = String, Path, description = "The number of the file"), EvidenceParameters),
    request_body(content = Vec<u8>, content_type = "application/octet-stream"),
    responses(
        (status = 201, description = "It is kept", body = Made),
        (status = 422, description = "It is no such content, or another file has it", body = Problem),
    )
)]
pub async fn attach(
    State(state): State<AppState>,
    officer: Officer,
    Path(number): Path<String>,
    Query(parameters): Query<EvidenceParameters>,
    body: Result<Bytes, BytesRejection>,
) -> web::Result<(StatusCode, Json<Made>)> {
    let content = body.map_err(|_| Error::TooLarge("材料超过 20 MB".into()))?.to_vec();
    let file = form::file_of(&state, &officer, &number).await?;
    let EvidenceParameters { kind, taken_on, name, task, words } = parameters;
    let paper = Paper { kind, task, taken_on, words, name, content };
    let home = &state.settings.home;
    let id = evidence::attach(&officer.act(&state), home, file.id, officer.department, paper).await?;
    Ok((StatusCode::CREATED, Json(Made { id })))
}

/// Draws who is looked at on the spot among those that ask for acceptance; closures all are.
#[utoipa::path(
    post,
    path = "/api/v1/remediation/samples",
    tag = "remediation",
    request_body = SampleForm,
    responses(
        (status = 201, description = "Who was drawn, and among whom", body = Sample),
        (status = 422, description = "No seed, or nobody to draw among", body = Problem),
    )
)]
pub async fn draw(
    State(state): State<AppState>,
    officer: Officer,
    Received(form): Received<SampleForm>,
) -> web::Result<(StatusCode, Json<Sample>)> {
    let sample = acceptance::draw(&officer.act(&state), form.seed.trim()).await?;
    Ok((StatusCode::CREATED, Json(sample)))
}
