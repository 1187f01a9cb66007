//! Imports for programs: the same uploads, previews and commits as on the pages.

#![allow(unused_qualifications, reason = "the macro that documents a handler writes its parameters out in full")]

pub mod list;

use axum::Json;
use axum::extract::multipart::MultipartRejection;
use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::draft::Draft;
use super::{ImportKind, Report, uploads};
use crate::account::{Access, Officer, Routes};
use crate::exchange::Question;
use crate::jobs::{JobState, JobStatus};
use crate::web::{self, AppState, Error, Multipart, Received};

pub fn routes() -> Routes {
    Routes::new()
        .get("/api/v1/imports", Access::ImportFiles, list::list)
        .upload("/api/v1/imports", Access::ImportFiles, uploads::LARGEST, receive)
        .get("/api/v1/imports/{id}", Access::ImportFiles, status)
        .delete("/api/v1/imports/{id}", Access::ImportFiles, discard)
        .post("/api/v1/imports/{id}/options", Access::ImportFiles, answer)
        .post("/api/v1/imports/{id}/commit", Access::ImportFiles, commit)
        .get("/api/v1/imports/{id}/report", Access::ImportFiles, report)
}

crate::terms! {
    /// How far an import has come.
    pub enum ImportState {
        Working = "working" => "处理中",
        Failed = "failed" => "中止",
        /// Nothing is taken until the question is answered.
        Question = "question" => "待答复",
        Unreadable = "unreadable" => "无法读取",
        Previewed = "previewed" => "已预览",
        Committed = "committed" => "已导入",
    }
}

/// An import on its way.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ImportStatus {
    pub id: Uuid,
    pub kind: ImportKind,
    pub file_name: String,
    pub state: ImportState,
    /// What is being done, in Chinese, and how many records of how many.
    pub step: Option<String>,
    pub done: Option<i64>,
    pub total: Option<i64>,
    /// Why it failed.
    pub fault: Option<String>,
    pub question: Option<Question>,
    /// Counts of the last preview or of the commit; read = accepted + rejected + unchanged.
    pub read: Option<u64>,
    pub accepted: Option<u64>,
    pub rejected: Option<u64>,
    pub unchanged: Option<u64>,
    pub created_at: DateTime<Utc>,
}

impl ImportStatus {
    fn of(draft: Draft, job: Option<JobStatus>) -> Self {
        let working = job.as_ref().filter(|job| !job.is_over());
        let report = draft.report.as_ref().filter(|_| working.is_none());
        let state = match (&job, report) {
            (Some(job), _) if !job.is_over() => ImportState::Working,
            _ if draft.committed => ImportState::Committed,
            (Some(job), _) if job.state == JobState::Failed => ImportState::Failed,
            (_, Some(report)) if report.question.is_some() => ImportState::Question,
            (_, Some(report)) if report.unreadable => ImportState::Unreadable,
            (_, Some(_)) => ImportState::Previewed,
            (_, None) => ImportState::Working,
        };
        ImportStatus {
            id: draft.id,
            kind: draft.kind,
            state,
            step: working.map(|job| job.step.clone()).filter(|step| !step.is_empty()),
            done: working.map(|job| job.done),
            total: working.and_then(|job| job.total),
            fault: job.as_ref().and_then(|job| job.fault.clone()),
            question: report.and_then(|report| report.question.clone()),
            read: report.map(|report| report.read),
            accepted: report.map(|report| report.accepted),
            rejected: report.map(|report| report.rejected),
            unchanged: report.map(|report| report.unchanged),
            file_name: draft.file_name.clone(),
            created_at: draft.created_at,
        }
    }
}

/// What is said of a file, as text; an empty field says nothing. The answer to a question goes under the name of its
/// `option`.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct OptionsTyped {
    /// EPSG code, or `gcj02`.
    pub srid: String,
    pub encoding: String,
    pub layer: String,
    /// YYYY-MM-DD.
    pub as_of: String,
    pub year: String,
    /// `stored` or `shown`: which figure counts where a cell of a workbook shows one and holds another.
    pub figures: String,
    /// `1`: take records with warnings that a person must wave through, in the caller's name.
    pub accept_warnings: String,
    /// `1`: the file confirms the figures of the caller's own department.
    pub confirm_figures: String,
}

impl OptionsTyped {
    fn answers(self) -> Vec<(String, String)> {
        let fields = [
            ("srid", self.srid),
            ("encoding", self.encoding),
            ("layer", self.layer),
            ("as_of", self.as_of),
            ("year", self.year),
            ("figures", self.figures),
            ("accept_warnings", self.accept_warnings),
            ("confirm_figures", self.confirm_figures),
        ];
        fields.map(|(name, value)| (name.to_owned(), value)).into()
    }
}

/// The parts of an upload.
#[derive(ToSchema)]
#[allow(dead_code, reason = "only documents the parts")]
pub struct Upload {
    pub kind: ImportKind,
    /// One file, or a shapefile with its siblings; repeat the part.
    #[schema(format = Binary)]
    pub file: String,
    /// The options, each a part of its own.
    #[schema(inline)]
    pub options: Option<OptionsTyped>,
}

async fn standing(state: &AppState, officer: &Officer, id: Uuid) -> web::Result<ImportStatus> {
    let draft = uploads::find(state, officer, id).await?;
    let job = uploads::status(state, officer, id).await?;
    Ok(ImportStatus::of(draft, job))
}

/// Keeps the files and begins to preview them; nothing is written to the registers. An upload that is not committed is
/// forgotten after fourteen days.
#[utoipa::path(
    post, path = "/api/v1/imports", tag = "imports",
    request_body(content = Upload, content_type = "multipart/form-data"),
    responses(
        (status = 201, description = "Kept; ask its address until `state` is no longer `working`", body = ImportStatus),
        (status = 400, description = "A part is missing or cannot be read", body = web::error::Problem),
        (status = 403, description = "The caller may not change what the file holds", body = web::error::Problem),
    )
)]
pub async fn receive(
    State(state): State<AppState>,
    officer: Officer,
    multipart: Result<Multipart, MultipartRejection>,
) -> web::Result<Response> {
    let multipart = multipart.map_err(|_| Error::BadRequest("请以 multipart/form-data 上传文件".into()))?;
    let id = uploads::receive(&state, &officer, multipart).await?;
    let status = standing(&state, &officer, id).await?;
    let address = format!("/api/v1/imports/{id}");
    Ok((StatusCode::CREATED, [(header::LOCATION, address)], Json(status)).into_response())
}

/// How far an import of the caller's has come.
#[utoipa::path(
    get, path = "/api/v1/imports/{id}", tag = "imports",
    params(("id" = Uuid, Path, description = "Import")),
    responses(
        (status = 200, description = "Its state, progress and counts", body = ImportStatus),
        (status = 404, description = "Not there, or not the caller's", body = web::error::Problem),
    )
)]
pub async fn status(
    State(state): State<AppState>,
    officer: Officer,
    Path(id): Path<Uuid>,
) -> web::Result<Json<ImportStatus>> {
    Ok(Json(standing(&state, &officer, id).await?))
}

/// Gives an upload up; the registers never saw it.
#[utoipa::path(
    delete, path = "/api/v1/imports/{id}", tag = "imports",
    params(("id" = Uuid, Path, description = "Import")),
    responses(
        (status = 204, description = "Forgotten, with its files"),
        (status = 409, description = "It is committed, or being worked on", body = web::error::Problem),
    )
)]
pub async fn discard(State(state): State<AppState>, officer: Officer, Path(id): Path<Uuid>) -> web::Result<StatusCode> {
    uploads::discard(&state, &officer, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Answers the question, or says other things of the file, and previews it again. These options take the place of those
/// before.
#[utoipa::path(
    post, path = "/api/v1/imports/{id}/options", tag = "imports", request_body = OptionsTyped,
    params(("id" = Uuid, Path, description = "Import")),
    responses(
        (status = 202, description = "Previewing again", body = ImportStatus),
        (status = 409, description = "It is committed, or being worked on", body = web::error::Problem),
    )
)]
pub async fn answer(
    State(state): State<AppState>,
    officer: Officer,
    Path(id): Path<Uuid>,
    Received(typed): Received<OptionsTyped>,
) -> web::Result<(StatusCode, Json<ImportStatus>)> {
    let options = uploads::options(&typed.answers(), &officer)?;
    uploads::look_again(&state, &officer, id, &options).await?;
    Ok((StatusCode::ACCEPTED, Json(standing(&state, &officer, id).await?)))
}

/// Takes what was previewed into the registers; refused records stay out.
#[utoipa::path(
    post, path = "/api/v1/imports/{id}/commit", tag = "imports",
    params(("id" = Uuid, Path, description = "Import")),
    responses(
        (status = 202, description = "Being taken; ask its address until `state` is `committed`", body = ImportStatus),
        (status = 409, description = "It is committed already, being worked on, or a question is open", body = web::error::Problem),
    )
)]
pub async fn commit(
    State(state): State<AppState>,
    officer: Officer,
    Path(id): Path<Uuid>,
) -> web::Result<(StatusCode, Json<ImportStatus>)> {
    let before = standing(&state, &officer, id).await?;
    if matches!(before.state, ImportState::Question | ImportState::Unreadable) {
        return Err(Error::Conflict(format!("此文件{}，不能导入", before.state)));
    }
    uploads::commit(&state, &officer, id).await?;
    Ok((StatusCode::ACCEPTED, Json(standing(&state, &officer, id).await?)))
}

/// The report of the last preview, or of the commit: counts, every fault, the areas of every shape, first shapes as GeoJSON.
#[utoipa::path(
    get, path = "/api/v1/imports/{id}/report", tag = "imports",
    params(("id" = Uuid, Path, description = "Import")),
    responses(
        (status = 200, description = "The report; decimals are strings", body = Object),
        (status = 404, description = "None yet", body = web::error::Problem),
    )
)]
pub async fn report(
    State(state): State<AppState>,
    officer: Officer,
    Path(id): Path<Uuid>,
) -> web::Result<Json<Report>> {
    let report = uploads::find(&state, &officer, id).await?.report;
    report.map(Json).ok_or_else(|| Error::NotFound("尚无报告".into()))
}
