//! Breach files for programs.

#![allow(unused_qualifications, reason = "the macro that documents a handler writes its parameters out in full")]

use axum::Json;
use axum::extract::{Path, Query, State};
use serde::Serialize;
use uuid::Uuid;

use super::pages::list::{BreachFiles, ListParameters};
use super::pages::{self, DutyForm, StepForm};
use super::step::BreachError;
use super::store::{self, Breach};
use crate::account::{Access, List, Officer, Routes};
use crate::web::form::in_words;
use crate::web::list::Parameters;
use crate::web::{self, AppState, cursor};

pub fn routes() -> Routes {
    Routes::new()
        .get("/api/v1/breaches", Access::ReadRegisters, list)
        .post("/api/v1/breaches", Access::WriteContracts, open)
        .post("/api/v1/breaches/{id}/step", Access::ReadRegisters, step)
}

/// A file with what is holding it up on the day asked about.
#[derive(Serialize, utoipa::ToSchema)]
pub struct BreachView {
    #[serde(flatten)]
    pub file: Breach,
    pub blockers: Vec<String>,
}

/// One page of files, oldest due day first.
#[derive(Serialize, utoipa::ToSchema)]
pub struct BreachList {
    pub breaches: Vec<BreachView>,
    pub next: Option<String>,
}

/// Breach files with their blockers.
#[utoipa::path(
    get,
    path = "/api/v1/breaches",
    tag = "contracts",
    params(ListParameters),
    responses(
        (status = 200, description = "One page", body = BreachList),
        (status = 400, description = "A parameter cannot be read", body = web::error::Problem),
    )
)]
pub async fn list(
    State(state): State<AppState>,
    officer: Officer,
    Query(parameters): Query<ListParameters>,
) -> web::Result<Json<BreachList>> {
    let list = BreachFiles::ask(&state, officer, &parameters).await?;
    let page = list.page(parameters.position()?, parameters.page_size()?).await?;
    let page = page.map(|(file, blockers)| BreachView { file, blockers });
    Ok(Json(BreachList { breaches: page.rows, next: page.next.as_ref().map(cursor::encode) }))
}

/// Opens a file on an overdue duty, or finds the one that is there.
#[utoipa::path(
    post,
    path = "/api/v1/breaches",
    tag = "contracts",
    request_body = DutyForm,
    responses(
        (status = 200, description = "The file", body = Breach),
        (status = 404, description = "No such contract in the reader's scope", body = web::error::Problem),
        (status = 409, description = "The duty is not overdue", body = web::error::Problem),
    )
)]
pub async fn open(
    State(state): State<AppState>,
    officer: Officer,
    Json(form): Json<DutyForm>,
) -> web::Result<Json<Breach>> {
    let id = pages::open_as(&state, &officer, &form).await?;
    Ok(Json(store::find(&state.pool, &officer.scope, id).await?.ok_or(BreachError::NotFound)?))
}

/// Takes a step of a file. Whoever proposed a penalty or a taking back cannot decide on it.
#[utoipa::path(
    post,
    path = "/api/v1/breaches/{id}/step",
    tag = "contracts",
    params(("id" = Uuid, Path, description = "The file")),
    request_body = StepForm,
    responses(
        (status = 200, description = "The file after the step", body = Breach),
        (status = 400, description = "Something is missing or cannot be read", body = web::error::Problem),
        (status = 403, description = "The role may not take this step", body = web::error::Problem),
        (status = 404, description = "No such file in the reader's scope", body = web::error::Problem),
        (status = 409, description = "Not possible from here, or by this person", body = web::error::Problem),
    )
)]
pub async fn step(
    State(state): State<AppState>,
    officer: Officer,
    Path(id): Path<Uuid>,
    Json(form): Json<StepForm>,
) -> web::Result<Json<Breach>> {
    Ok(Json(pages::take_as(&state, &officer, id, &form, in_words).await?))
}
