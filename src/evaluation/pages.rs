//! The pages of evaluation: runs, what one came to, the sheet of one enterprise, and the registers that a run counts.

mod compare;
mod left_out;
mod others;
mod pictures;
pub mod registers;
mod results;
mod running;
mod runs;
mod sheet;
mod what_if;

use crate::account::{Access, Officer, Routes, WorkItem};
use crate::evaluation::store::registers::changes::to_decide;
use crate::evaluation::store::runs::to_sign;
use crate::web::{AppState, Result};

pub fn routes() -> Routes {
    registers::routes()
        .list::<runs::RunList>(Access::ReadRegisters)
        .list::<results::ResultList>(Access::ReadRegisters)
        .post("/evaluation/compute", Access::RunEvaluation, runs::compute)
        .get("/evaluation/runs/{id}", Access::ReadRegisters, runs::show)
        .get("/evaluation/runs/{id}/progress", Access::ReadRegisters, running::progress)
        .post("/evaluation/runs/{id}/propose", Access::RunEvaluation, runs::propose)
        .post("/evaluation/runs/{id}/withdraw", Access::RunEvaluation, runs::withdraw)
        .post("/evaluation/runs/{id}/sign", Access::SignEvaluation, runs::sign)
        .post("/evaluation/runs/{id}/return", Access::SignEvaluation, runs::send_back)
        .list::<left_out::LeftOutList>(Access::ReadRegisters)
        .list::<compare::CompareList>(Access::ReadRegisters)
        .get("/evaluation/pictures", Access::ReadRegisters, pictures::show)
        .get("/evaluation/what-if", Access::RunWhatIf, what_if::ask)
        .post("/evaluation/what-if", Access::RunWhatIf, what_if::answer)
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
    let results = WorkItem {
        title: "待签发的评价结果",
        count: to_sign(&state.pool, &officer.scope, officer.account).await?,
        unit: "次",
        href: "/evaluation?state=proposed",
        explanation: "他人报请、须由另一人签发的亩均效益综合评价结果（二（一）4）。",
    };
    let changes = WorkItem {
        title: "待批准的调档",
        count: to_decide(&state.pool, &officer.scope, officer.account).await?,
        unit: "件",
        href: "/evaluation/changes?state=proposed",
        explanation: "他人提出、须由另一人批准的评价档次调整。",
    };
    Ok(vec![results, changes])
}
