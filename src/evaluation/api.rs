//! Runs, vetoes and claims for programs.

#![allow(unused_qualifications, reason = "the macro that documents a handler writes its parameters out in full")]

use std::time::Duration;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::RunState;
use super::document::Head;
use super::job;
use super::looking::asking;
use super::looking::what_if::WhatIf;
use super::looking::what_if::answer::Answer;
use super::ordered::{self, Order};
use super::registers::entering;
use super::registers::form::{ClaimForm, VetoForm};
use super::store::runs::{self, Run};
use crate::account::{Access, Officer, Routes};
use crate::jobs::{JobState, JobStatus};
use crate::web::error::Problem;
use crate::web::{self, AppState, Error, Received};

pub fn routes() -> Routes {
    Routes::new()
        .post("/api/v1/evaluation/runs", Access::RunEvaluation, compute)
        .get("/api/v1/evaluation/runs/{id}", Access::ReadRegisters, one)
        .post("/api/v1/evaluation/vetoes", Access::KeepVetoes, veto)
        .post("/api/v1/evaluation/claims", Access::KeepAdjustments, claim)
        .post("/api/v1/evaluation/what-if", Access::RunWhatIf, what_if)
}

/// A kept run, and what is to be different.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = EvaluationWhatIfOrder)]
pub struct WhatIfOrder {
    pub run: Uuid,
    pub change: WhatIf,
}

/// Who would change grade under another scheme. Nothing is kept; it is byte for byte what a trial run with the same change gives.
#[utoipa::path(
    post,
    path = "/api/v1/evaluation/what-if",
    tag = "evaluation",
    request_body = WhatIfOrder,
    responses(
        (status = 200, description = "Who would move, and why", body = Answer),
        (status = 404, description = "There is no such run"),
        (status = 422, description = "The change does not fit the scheme, or cannot be computed"),
    )
)]
pub async fn what_if(
    State(state): State<AppState>,
    officer: Officer,
    Json(order): Json<WhatIfOrder>,
) -> web::Result<Json<Answer>> {
    let asked = asking::asked(&state.pool, &officer.scope, order.run).await?;
    Ok(Json(asking::ask(&state.pool, &officer.scope, &asked, &order.change).await?.answer))
}

/// A run without its lines; those are in the exports of `/evaluation/results`.
#[derive(Serialize, utoipa::ToSchema)]
#[schema(as = EvaluationRun)]
pub struct RunView {
    pub id: Uuid,
    pub state: RunState,
    pub trial: bool,
    pub receipt: String,
    pub version: i32,
    pub computed_by: String,
    pub proposed_by: Option<String>,
    pub decided_by: Option<String>,
    pub document: Option<String>,
    pub supersedes: Option<Uuid>,
    #[serde(flatten)]
    pub head: Head,
}

impl From<Run> for RunView {
    fn from(run: Run) -> Self {
        RunView {
            id: run.id,
            state: run.state,
            trial: run.trial,
            receipt: run.receipt,
            version: run.version,
            computed_by: run.computed_by,
            proposed_by: run.proposed_by_name,
            decided_by: run.decided_by_name,
            document: run.document,
            supersedes: run.supersedes,
            head: run.head,
        }
    }
}

/// A run that is still being computed.
#[derive(Serialize, utoipa::ToSchema)]
#[schema(as = EvaluationRunInHand)]
pub struct InHand {
    /// Under this number the run will be found.
    pub id: Uuid,
    pub job: JobState,
    /// In Chinese, as the page shows it.
    pub step: String,
    pub done: i64,
    pub total: Option<i64>,
    /// What it was refused for; null while it goes on.
    pub fault: Option<String>,
}

/// A program waits this long for its answer.
const PATIENCE: Duration = Duration::from_secs(30);

/// Scores, ranks and grades a category in a year, and keeps the run with its receipt. What takes longer than half a minute is
/// answered with 202 and goes on; ask for the run by its number until it is there.
#[utoipa::path(
    post,
    path = "/api/v1/evaluation/runs",
    tag = "evaluation",
    request_body = Order,
    responses(
        (status = 201, description = "The run", body = RunView),
        (status = 202, description = "It is being computed", body = InHand),
        (status = 422, description = "No scheme holds, or a base has no figures"),
    )
)]
pub async fn compute(
    State(state): State<AppState>,
    officer: Officer,
    Json(order): Json<Order>,
) -> web::Result<Response> {
    let id = ordered::compute(&state, &officer, &order, PATIENCE).await?;
    match find(&state, &officer, id).await? {
        Some(run) => Ok((StatusCode::CREATED, Json(RunView::from(run))).into_response()),
        None => in_hand(&state, &officer, id).await,
    }
}

async fn in_hand(state: &AppState, officer: &Officer, id: Uuid) -> web::Result<Response> {
    let job = job::status(&state.pool, &officer.scope, id).await?;
    let job = job.ok_or_else(|| Error::NotFound("没有这次评价核算，或不在您的辖区内".into()))?;
    let JobStatus { state: job_state, step, done, total, fault, .. } = job;
    let view = InHand { id, job: job_state, step, done, total, fault };
    Ok((StatusCode::ACCEPTED, Json(view)).into_response())
}

/// One run with benchmarks, quotas and counts.
#[utoipa::path(
    get,
    path = "/api/v1/evaluation/runs/{id}",
    tag = "evaluation",
    params(("id" = Uuid, Path, description = "The run")),
    responses(
        (status = 200, description = "The run", body = RunView),
        (status = 202, description = "It is being computed, or was refused", body = InHand),
        (status = 404, description = "There is none"),
    )
)]
pub async fn one(State(state): State<AppState>, officer: Officer, Path(id): Path<Uuid>) -> web::Result<Response> {
    match find(&state, &officer, id).await? {
        Some(run) => Ok(Json(RunView::from(run)).into_response()),
        None => in_hand(&state, &officer, id).await,
    }
}

async fn find(state: &AppState, officer: &Officer, id: Uuid) -> web::Result<Option<Run>> {
    let mut connection = state.pool.acquire().await?;
    Ok(runs::find(&mut connection, &officer.scope, id).await?)
}

/// What was entered.
#[derive(Clone, Copy, Debug, Serialize, utoipa::ToSchema)]
#[schema(as = EvaluationEntered)]
pub struct Entered {
    pub id: Uuid,
}

/// Enters an event that bars from A and B. It counts in runs that are computed afterwards.
#[utoipa::path(
    post,
    path = "/api/v1/evaluation/vetoes",
    tag = "evaluation",
    request_body = VetoForm,
    responses(
        (status = 201, description = "Entered", body = Entered),
        (status = 422, description = "Faults, each at its field", body = Problem)
    )
)]
pub async fn veto(
    State(state): State<AppState>,
    officer: Officer,
    Received(form): Received<VetoForm>,
) -> web::Result<(StatusCode, Json<Entered>)> {
    Ok((StatusCode::CREATED, Json(Entered { id: entering::veto(&state, &officer, &form).await? })))
}

/// Enters what was proved towards an item of bonus or deduction. It counts in runs that are computed afterwards.
#[utoipa::path(
    post,
    path = "/api/v1/evaluation/claims",
    tag = "evaluation",
    request_body = ClaimForm,
    responses(
        (status = 201, description = "Entered", body = Entered),
        (status = 422, description = "Faults, each at its field", body = Problem)
    )
)]
pub async fn claim(
    State(state): State<AppState>,
    officer: Officer,
    Received(form): Received<ClaimForm>,
) -> web::Result<(StatusCode, Json<Entered>)> {
    Ok((StatusCode::CREATED, Json(Entered { id: entering::claim(&state, &officer, &form).await? })))
}
