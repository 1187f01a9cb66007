//! The pages of evaluation: runs, what one came to, and the sheet of one enterprise.

mod results;
mod running;
mod runs;
mod sheet;
mod vetoes;

use crate::account::{Access, Officer, Routes, WorkItem};
use crate::evaluation::store::runs::to_sign;
use crate::web::{AppState, Result};

pub fn routes() -> Routes {
    Routes::new()
        .list::<runs::RunList>(Access::ReadRegisters)
        .list::<results::ResultList>(Access::ReadRegisters)
        .post("/evaluation/compute", Access::RunEvaluation, runs::compute)
        .get("/evaluation/runs/{id}", Access::ReadRegisters, runs::show)
        .get("/evaluation/runs/{id}/progress", Access::ReadRegisters, running::progress)
        .post("/evaluation/runs/{id}/propose", Access::RunEvaluation, runs::propose)
        .post("/evaluation/runs/{id}/withdraw", Access::RunEvaluation, runs::withdraw)
        .post("/evaluation/runs/{id}/sign", Access::SignEvaluation, runs::sign)
        .post("/evaluation/runs/{id}/return", Access::SignEvaluation, runs::send_back)
        .list::<vetoes::VetoList>(Access::ReadRegisters)
        .post("/evaluation/vetoes", Access::KeepVetoes, vetoes::enter)
        .get("/evaluation/vetoes/{id}", Access::KeepVetoes, vetoes::withdrawal)
        .post("/evaluation/vetoes/{id}", Access::KeepVetoes, vetoes::withdraw)
        .get("/evaluation/runs/{id}/{key}", Access::ReadRegisters, sheet::show)
}

/// What waits for a person here.
///
/// # Errors
/// When the database does not answer.
pub async fn waiting(state: &AppState, officer: &Officer) -> Result<Vec<WorkItem>> {
    if !officer.may(Access::SignEvaluation) {
        return Ok(Vec::new());
    }
    Ok(vec![WorkItem {
        title: "待签发的评价结果",
        count: to_sign(&state.pool, &officer.scope, officer.account).await?,
        unit: "次",
        href: "/evaluation?state=proposed",
        explanation: "他人报请、须由另一人签发的亩均效益综合评价结果（二（一）4）。",
    }])
}
