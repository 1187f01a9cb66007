//! Reviews for programs.

#![allow(unused_qualifications, reason = "the macro that documents a handler writes its parameters out in full")]

use axum::Json;
use axum::extract::{Path, State};
use chrono::NaiveDate;
use serde::Serialize;
use uuid::Uuid;

use super::pages::{self, ConclusionForm};
use super::{ReviewKind, ReviewState, conclude};
use crate::account::{Access, Officer, Routes};
use crate::contract::event::ReviewOutcome;
use crate::policy;
use crate::policy::verdict::{Finding, Overall};
use crate::web::form::in_words;
use crate::web::{self, AppState};

pub fn routes() -> Routes {
    Routes::new().get("/api/v1/reviews/{id}", Access::ReadRegisters, one).post(
        "/api/v1/reviews/{id}/conclusion",
        Access::WriteContracts,
        finish,
    )
}

/// A review with its table as it stands.
#[derive(Serialize, utoipa::ToSchema)]
pub struct ReviewView {
    pub id: Uuid,
    pub contract: String,
    pub kind: ReviewKind,
    pub state: ReviewState,
    pub version: i32,
    /// Version of the contract, for the conclusion.
    pub contract_version: i32,
    pub reviewed_on: Option<NaiveDate>,
    pub outcome: Option<ReviewOutcome>,
    pub rectify_until: Option<NaiveDate>,
    pub receipt: Option<String>,
    /// Of the table below, for the conclusion.
    pub shown: String,
    pub verdict: Overall,
    pub results: Vec<Finding>,
}

/// A concluded review.
#[derive(Serialize, utoipa::ToSchema)]
pub struct Concluded {
    pub receipt: String,
    pub verdict: Overall,
}

/// One review: the contract against as-built, line by line.
#[utoipa::path(
    get,
    path = "/api/v1/reviews/{id}",
    tag = "contracts",
    params(("id" = Uuid, Path, description = "The review")),
    responses(
        (status = 200, description = "The review", body = ReviewView),
        (status = 404, description = "No such review in the reader's scope", body = web::error::Problem),
    )
)]
pub async fn one(
    State(state): State<AppState>,
    officer: Officer,
    Path(id): Path<Uuid>,
) -> web::Result<Json<ReviewView>> {
    let (review, registered) = pages::read(&state, &officer, id).await?;
    let catalogue = policy::store::current(&state.pool, &state.settings.district).await.map_err(anyhow::Error::from)?;
    let about = (&review, state.clock.today());
    let (inputs, outcome) = pages::decided(&state, &officer, about, &registered, &catalogue).await?;
    Ok(Json(ReviewView {
        id,
        contract: review.contract,
        kind: review.kind,
        state: review.state,
        version: review.version,
        contract_version: registered.version,
        reviewed_on: review.reviewed_on,
        outcome: review.outcome,
        rectify_until: review.rectify_until,
        receipt: review.receipt,
        shown: conclude::mark(&inputs, &outcome),
        verdict: outcome.verdict,
        results: outcome.results,
    }))
}

/// Concludes a review. A table that does not conform cannot be concluded as passed.
#[utoipa::path(
    post,
    path = "/api/v1/reviews/{id}/conclusion",
    tag = "contracts",
    params(("id" = Uuid, Path, description = "The review")),
    request_body = ConclusionForm,
    responses(
        (status = 200, description = "Concluded, with the receipt", body = Concluded),
        (status = 400, description = "Something is missing or cannot be read", body = web::error::Problem),
        (status = 409, description = "It does not conform, or somebody changed it", body = web::error::Problem),
    )
)]
pub async fn finish(
    State(state): State<AppState>,
    officer: Officer,
    Path(id): Path<Uuid>,
    Json(form): Json<ConclusionForm>,
) -> web::Result<Json<Concluded>> {
    let (outcome, receipt) = pages::conclude_as(&state, &officer, id, &form, in_words).await?;
    Ok(Json(Concluded { receipt: receipt.id, verdict: outcome.verdict }))
}
