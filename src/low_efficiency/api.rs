//! The list for programs.

use axum::Json;
use axum::extract::{Query, State};

use super::asked::Asked;
use super::parameters::ListParameters;
use super::view::{LineView, LowEfficiencyLine, LowEfficiencyList, OutcomeCount};
use crate::account::{Access, Officer, Routes};
use crate::web::{self, AppState, cursor};

pub fn routes() -> Routes {
    Routes::new().get("/api/v1/low-efficiency", Access::ReadRegisters, list)
}

/// Tax per mu of every enterprise of a year, held against the line in force on its 31 December.
#[utoipa::path(
    get,
    path = "/api/v1/low-efficiency",
    tag = "remediation",
    params(ListParameters),
    responses(
        (status = 200, description = "One page of the list", body = LowEfficiencyList),
        (status = 400, description = "A parameter cannot be read, or no line was in force that year", body = web::error::Problem),
    )
)]
pub async fn list(
    State(state): State<AppState>,
    officer: Officer,
    Query(parameters): Query<ListParameters>,
) -> web::Result<Json<LowEfficiencyList>> {
    let asked = Asked::read(&state, &officer, &parameters).await?;
    let (page, counts) = asked.page(&state, &officer, &parameters).await?;
    let Asked { query, line, .. } = asked;
    Ok(Json(LowEfficiencyList {
        year: query.facts.year,
        district: officer.scope.county().to_owned(),
        rule: LineView::from(&line),
        counts: OutcomeCount::all(&counts),
        lines: page.entries.iter().map(|entry| LowEfficiencyLine::new(entry, &line)).collect(),
        next: page.next.as_ref().map(cursor::encode),
    }))
}
