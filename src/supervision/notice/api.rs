//! Notices for programs.

#![allow(unused_qualifications, reason = "the macro that documents a handler writes its parameters out in full")]

use axum::Json;
use axum::extract::{Path, Query, State};
use serde::Serialize;
use uuid::Uuid;

use super::outgoing::Outgoing;
use super::pages::one::{Look, look_at};
use super::pages::step::{StepForm, Taken, take};
use super::pages::{self, ListParameters};
use super::store::{self, Notice, NoticeError};
use crate::account::{Access, List, Officer, Routes};
use crate::web::form::in_words;
use crate::web::list::Parameters;
use crate::web::{self, AppState, cursor};

pub fn routes() -> Routes {
    Routes::new()
        .get("/api/v1/notices", Access::ReadRegisters, list)
        .get("/api/v1/notices/{id}", Access::ReadRegisters, one)
        .post("/api/v1/notices/prepare", Access::WriteContracts, prepare)
        .post("/api/v1/notices/{id}/step", Access::WriteContracts, step)
}

/// One page of notices, newest due day first.
#[derive(Serialize, utoipa::ToSchema)]
pub struct NoticeList {
    pub notices: Vec<Notice>,
    pub next: Option<String>,
}

/// What preparing came to.
#[derive(Serialize, utoipa::ToSchema)]
pub struct Prepared {
    /// New ones; what was prepared before is not prepared again.
    pub prepared: u64,
}

/// Notices under grant contracts.
#[utoipa::path(
    get,
    path = "/api/v1/notices",
    tag = "contracts",
    params(ListParameters),
    responses(
        (status = 200, description = "One page", body = NoticeList),
        (status = 400, description = "A parameter cannot be read", body = web::error::Problem),
    )
)]
pub async fn list(
    State(state): State<AppState>,
    officer: Officer,
    Query(parameters): Query<ListParameters>,
) -> web::Result<Json<NoticeList>> {
    let list = pages::NoticeList::ask(&state, officer, &parameters).await?;
    let page = list.page(parameters.position()?, parameters.page_size()?).await?;
    Ok(Json(NoticeList { notices: page.rows, next: page.next.as_ref().map(cursor::encode) }))
}

/// A notice, and what it would say if it went out on the day asked about.
#[derive(Serialize, utoipa::ToSchema)]
pub struct NoticeView {
    #[serde(flatten)]
    pub notice: Notice,
    /// While it waits: to the letter. Its `mark` goes with the step that sends it.
    pub outgoing: Option<Outgoing>,
    /// Why it is not sent any more.
    pub over: Option<String>,
}

/// One notice; while it waits, worked out anew for the day asked about.
#[utoipa::path(
    get,
    path = "/api/v1/notices/{id}",
    tag = "contracts",
    params(("id" = Uuid, Path, description = "The notice"), Look),
    responses(
        (status = 200, description = "The notice", body = NoticeView),
        (status = 400, description = "A parameter cannot be read", body = web::error::Problem),
        (status = 404, description = "No such notice in the reader's scope", body = web::error::Problem),
    )
)]
pub async fn one(
    State(state): State<AppState>,
    officer: Officer,
    Path(id): Path<Uuid>,
    Query(look): Query<Look>,
) -> web::Result<Json<NoticeView>> {
    let (notice, draft) = look_at(&state, &officer, id, &look).await?;
    let over = draft.as_ref().and_then(|draft| draft.as_ref().err()).map(ToString::to_string);
    Ok(Json(NoticeView { notice, outgoing: draft.and_then(Result::ok), over }))
}

/// Prepares what the check of today calls for. Sends nothing.
#[utoipa::path(
    post,
    path = "/api/v1/notices/prepare",
    tag = "contracts",
    responses((status = 200, description = "How many are new", body = Prepared))
)]
pub async fn prepare(State(state): State<AppState>, officer: Officer) -> web::Result<Json<Prepared>> {
    let prepared = store::prepare_all(&officer.act(&state), state.clock.today()).await?;
    Ok(Json(Prepared { prepared }))
}

/// Sends, delivers or withdraws a notice.
#[utoipa::path(
    post,
    path = "/api/v1/notices/{id}/step",
    tag = "contracts",
    params(("id" = Uuid, Path, description = "The notice")),
    request_body = StepForm,
    responses(
        (status = 200, description = "The notice after the step", body = Notice),
        (status = 400, description = "Something is missing or cannot be read", body = web::error::Problem),
        (status = 404, description = "No such notice in the reader's scope", body = web::error::Problem),
        (status = 409, description = "Not possible from here, over, or another text than was seen", body = web::error::Problem),
    )
)]
pub async fn step(
    State(state): State<AppState>,
    officer: Officer,
    Path(id): Path<Uuid>,
    Json(form): Json<StepForm>,
) -> web::Result<Json<Notice>> {
    match take(&state, &officer, id, &form, in_words).await? {
        Taken::Done(notice) => Ok(Json(*notice)),
        Taken::OtherText(on) => Err(NoticeError::Changed(on).into()),
    }
}
