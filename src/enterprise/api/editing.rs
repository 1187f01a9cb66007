//! Enterprises and uses of land changed by programs: the same fields, checks and warnings as the forms.

#![allow(unused_qualifications, reason = "the macro that documents a handler writes its parameters out in full")]

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde::Serialize;
use utoipa::{IntoResponses, ToSchema};

use crate::account::{Access, Officer, Routes};
use crate::enterprise::change::Outcome;
use crate::enterprise::commands;
use crate::enterprise::form::{EnterpriseForm, OccupancyForm};
use crate::web::error::Problem;
use crate::web::{self, AppState, Received};

pub fn routes() -> Routes {
    Routes::new()
        .post("/api/v1/enterprises", Access::WriteEnterprises, create)
        .post("/api/v1/enterprises/{uscc}/changes", Access::WriteEnterprises, change_from)
        .post("/api/v1/enterprises/{uscc}/corrections", Access::WriteEnterprises, correct)
        .post("/api/v1/occupancies", Access::WriteEnterprises, begin)
        .post("/api/v1/occupancies/{id}/end", Access::WriteEnterprises, end)
        .post("/api/v1/occupancies/{id}/areas", Access::WriteEnterprises, change_area)
        .post("/api/v1/occupancies/{id}/corrections", Access::WriteEnterprises, correct_use)
}

/// What was written.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
pub struct Written {
    /// The version or occupancy that now holds; name it as `base`, or in the address, when changing it again.
    pub id: i64,
}

/// What the document says of an entry.
#[derive(IntoResponses)]
#[expect(dead_code, reason = "read by the macro that documents a handler")]
enum Entry {
    #[response(status = 201, description = "Entered")]
    Written(Written),
    #[response(status = 422, description = "Faults, or warnings that nobody vouched for")]
    Faults(Problem),
}

/// What the document says of a change to what is on record.
#[derive(IntoResponses)]
#[expect(dead_code, reason = "read by the macro that documents a handler")]
enum Change {
    #[response(status = 201, description = "Written; the id is that of the row that now holds")]
    Written(Written),
    #[response(status = 409, description = "It was changed since; the detail says by whom")]
    Stale(Problem),
    #[response(status = 422, description = "Faults, or warnings that nobody vouched for")]
    Faults(Problem),
}

type Answer = web::Result<(StatusCode, Json<Written>)>;

fn written(outcome: Outcome<i64>) -> Answer {
    Ok((StatusCode::CREATED, Json(Written { id: outcome? })))
}

/// Enters an enterprise. A code whose check digit fails is taken with `confirm`, in the caller's name.
#[utoipa::path(post, path = "/api/v1/enterprises", tag = "enterprises", request_body = EnterpriseForm, responses(Entry))]
pub async fn create(
    State(state): State<AppState>,
    officer: Officer,
    Received(form): Received<EnterpriseForm>,
) -> Answer {
    written(commands::entered(&state, &officer, &form).await)
}

/// Changes an enterprise from a day on: all its fields, as they hold from then.
#[utoipa::path(
    post, path = "/api/v1/enterprises/{uscc}/changes", tag = "enterprises", request_body = EnterpriseForm,
    params(("uscc" = String, Path, description = "Unified social credit code, 18 characters")), responses(Change)
)]
pub async fn change_from(
    State(state): State<AppState>,
    officer: Officer,
    Path(uscc): Path<String>,
    Received(form): Received<EnterpriseForm>,
) -> Answer {
    written(commands::changed(&state, &officer, &uscc, &form).await)
}

/// Corrects what was recorded of an enterprise wrongly: the same period, other facts.
#[utoipa::path(
    post, path = "/api/v1/enterprises/{uscc}/corrections", tag = "enterprises", request_body = EnterpriseForm,
    params(("uscc" = String, Path, description = "Unified social credit code, 18 characters")), responses(Change)
)]
pub async fn correct(
    State(state): State<AppState>,
    officer: Officer,
    Path(uscc): Path<String>,
    Received(form): Received<EnterpriseForm>,
) -> Answer {
    written(commands::corrected(&state, &officer, &uscc, &form).await)
}

/// Enters a use of land. What exceeds the parcel, or lacks an area, is taken with `confirm`.
#[utoipa::path(post, path = "/api/v1/occupancies", tag = "enterprises", request_body = OccupancyForm, responses(Entry))]
pub async fn begin(State(state): State<AppState>, officer: Officer, Received(form): Received<OccupancyForm>) -> Answer {
    written(commands::begun(&state, &officer, &form).await)
}

/// Ends a use of land: `last`, `source` and `reason`.
#[utoipa::path(
    post, path = "/api/v1/occupancies/{id}/end", tag = "enterprises", request_body = OccupancyForm,
    params(("id" = i64, Path, description = "Occupancy")), responses(Change)
)]
pub async fn end(
    State(state): State<AppState>,
    officer: Officer,
    Path(id): Path<i64>,
    Received(form): Received<OccupancyForm>,
) -> Answer {
    written(commands::ended(&state, &officer, id, &form).await)
}

/// Another area from a day on: `effective_on`, `area_m2`, `floor_area_m2`, `source` and `reason`.
#[utoipa::path(
    post, path = "/api/v1/occupancies/{id}/areas", tag = "enterprises", request_body = OccupancyForm,
    params(("id" = i64, Path, description = "Occupancy")), responses(Change)
)]
pub async fn change_area(
    State(state): State<AppState>,
    officer: Officer,
    Path(id): Path<i64>,
    Received(form): Received<OccupancyForm>,
) -> Answer {
    written(commands::area_changed(&state, &officer, id, &form).await)
}

/// Corrects what was recorded of a use of land wrongly: all its fields.
#[utoipa::path(
    post, path = "/api/v1/occupancies/{id}/corrections", tag = "enterprises", request_body = OccupancyForm,
    params(("id" = i64, Path, description = "Occupancy")), responses(Change)
)]
pub async fn correct_use(
    State(state): State<AppState>,
    officer: Officer,
    Path(id): Path<i64>,
    Received(form): Received<OccupancyForm>,
) -> Answer {
    written(commands::use_corrected(&state, &officer, id, &form).await)
}
