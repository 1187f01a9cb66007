//! Completeness for programs.

#![allow(unused_qualifications, reason = "the macro that documents a handler writes its parameters out in full")]

use axum::extract::{Query, State};
use axum::{Extension, Json};

use super::view::{Completeness, CompletenessCell, CompletenessLine, CompletenessList};
use super::{Counted, ListParameters, MatrixParameters, asked, store};
use crate::account::{Access, Officer, Routes};
use crate::web::list::Parameters;
use crate::web::{self, AppState, cursor};

pub fn routes() -> Routes {
    Routes::new().get("/api/v1/returns/completeness", Access::ReadRegisters, matrix).get(
        "/api/v1/returns/completeness/enterprises",
        Access::ReadRegisters,
        enterprises,
    )
}

/// How many figures of a year are missing, reported, confirmed and doubtful, by department, sub-district and indicator.
#[utoipa::path(
    get,
    path = "/api/v1/returns/completeness",
    tag = "returns",
    params(MatrixParameters),
    responses(
        (status = 200, description = "The matrix", body = Completeness),
        (status = 400, description = "A parameter cannot be read, or no rule was in force that year", body = web::error::Problem),
    )
)]
pub async fn matrix(
    State(state): State<AppState>,
    officer: Officer,
    Extension(counted): Extension<Counted>,
    Query(parameters): Query<MatrixParameters>,
) -> web::Result<Json<Completeness>> {
    let found = asked::matrix(&state, &officer, &counted, &parameters).await?;
    Ok(Json(Completeness {
        year: found.year,
        district: officer.scope.county().to_owned(),
        counted_at: found.counted_at,
        is_outdated: found.is_outdated,
        cells: found.cells.iter().map(CompletenessCell::from).collect(),
    }))
}

/// The enterprises behind one count, page by page.
#[utoipa::path(
    get,
    path = "/api/v1/returns/completeness/enterprises",
    tag = "returns",
    params(ListParameters),
    responses(
        (status = 200, description = "One page of the list", body = CompletenessList),
        (status = 400, description = "A parameter cannot be read, or no rule was in force that year", body = web::error::Problem),
    )
)]
pub async fn enterprises(
    State(state): State<AppState>,
    officer: Officer,
    Extension(counted): Extension<Counted>,
    Query(parameters): Query<ListParameters>,
) -> web::Result<Json<CompletenessList>> {
    let behind = asked::behind(&state, &officer, &counted, &parameters).await?;
    let (position, size) = (parameters.position::<String>()?, parameters.page_size()?);
    let held = (&behind.rule, behind.matrix.peers.as_slice());
    let found = store::enterprises(&state.pool, &officer.scope, &behind.sought, held, (&position, size)).await?;
    Ok(Json(CompletenessList {
        year: behind.sought.year,
        indicator: behind.sought.indicator,
        unit: behind.sought.indicator.unit(),
        kind: behind.sought.kind,
        enterprises: found.rows.iter().map(CompletenessLine::from).collect(),
        next: found.next.as_ref().map(cursor::encode),
    }))
}
