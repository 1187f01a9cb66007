//! What programs record under a contract.

#![allow(unused_qualifications, reason = "the macro that documents a handler writes its parameters out in full")]

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde::Serialize;
use utoipa::ToSchema;

use super::form::event::{self, EventForm};
use crate::account::{Access, Officer, Routes};
use crate::web::{self, AppState, Received};

pub fn routes() -> Routes {
    Routes::new().post("/api/v1/contracts/{number}/events", Access::WriteContracts, record_event)
}

/// What was written.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
pub struct EventWritten {
    /// The event that now holds.
    pub id: i64,
}

/// Records what happened under a contract: a payment, a start, a penalty that was paid, and so on, with the fields, the
/// checks and the words of the form. `version` is that of the contract as it was looked at; reviews, notices and breach
/// files have routes of their own.
#[utoipa::path(
    post,
    path = "/api/v1/contracts/{number}/events",
    tag = "contracts",
    params(("number" = String, Path, description = "The number of the contract")),
    request_body = EventForm,
    responses(
        (status = 201, description = "Recorded", body = EventWritten),
        (status = 404, description = "No such contract in the reader's scope", body = web::error::Problem),
        (status = 409, description = "It was changed since, or is on record already", body = web::error::Problem),
        (status = 422, description = "Every fault at once", body = web::error::Problem),
    )
)]
pub async fn record_event(
    State(state): State<AppState>,
    officer: Officer,
    Path(number): Path<String>,
    Received(form): Received<EventForm>,
) -> web::Result<(StatusCode, Json<EventWritten>)> {
    let written = event::write(&state, &officer, &number, None, &form).await?;
    let id = written.ok_or_else(|| anyhow::anyhow!("an event was recorded without a number"))?;
    Ok((StatusCode::CREATED, Json(EventWritten { id })))
}
