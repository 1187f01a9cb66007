//! The check for programs.

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;

use super::answer::{self, CheckAnswer, CheckError};
use super::request::CheckRequest;
use crate::account::{Access, Officer, Routes};
use crate::web::{self, AppState, Error};
use crate::{permits, policy};

/// A site of very many vertices fits; a whole register does not.
const LARGEST: usize = 4 << 20;

pub fn routes() -> Routes {
    Routes::new().upload("/api/v1/admission/check", Access::ReadRegisters, LARGEST, check)
}

/// Holds a project against plans, industrial policy and standard land as of a day. Nothing is kept.
#[utoipa::path(
    post,
    path = "/api/v1/admission/check",
    tag = "admission",
    request_body = CheckRequest,
    responses(
        (status = 200, description = "The verdict on every line", body = CheckAnswer),
        (status = 422, description = "Something in the request cannot be checked; every fault has code, place and reason", body = web::error::Problem),
    )
)]
pub async fn check(State(state): State<AppState>, officer: Officer, body: Bytes) -> web::Result<Json<CheckAnswer>> {
    let request = CheckRequest::read(&body).map_err(|fault| Error::Input(vec![fault]))?;
    let as_of = request.as_of.unwrap_or_else(|| state.clock.today());
    let catalogue = policy::store::current(&state.pool, &officer.scope.district).await;
    let catalogue = catalogue.map_err(|error| Error::Internal(error.into()))?;
    let _turn = permits::turn_if_crowded(body.len()).await?;
    match answer::answer(&state.pool, &officer.scope, &request, &catalogue, as_of, state.clock.today()).await {
        Ok(answer) => Ok(Json(answer)),
        Err(CheckError::Input(faults)) => Err(Error::Input(faults)),
        Err(CheckError::Database(error)) => Err(error.into()),
    }
}
