//! The pages of evaluation: runs, what one came to, the sheet of one enterprise, and the registers that a run counts.

mod changes;
mod claims;
mod coefficients;
mod compare;
mod entries;
mod exemptions;
mod left_out;
mod lists;
mod others;
mod pictures;
mod platforms;
mod results;
mod running;
mod runs;
mod sheet;
mod vetoes;
mod what_if;

use claims::Claims;
use coefficients::Coefficients;
use entries::EntryList;
use exemptions::Exemptions;

use crate::account::{Access, Officer, Routes, WorkItem};
use crate::evaluation::store::changes::to_decide;
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
        .list::<EntryList<Exemptions>>(Access::ReadRegisters)
        .post("/evaluation/exemptions", Access::KeepAdjustments, exemptions::enter)
        .get("/evaluation/exemptions/{id}", Access::KeepAdjustments, entries::withdrawal::<Exemptions>)
        .post("/evaluation/exemptions/{id}", Access::KeepAdjustments, entries::withdraw::<Exemptions>)
        .list::<EntryList<Claims>>(Access::ReadRegisters)
        .post("/evaluation/claims", Access::KeepAdjustments, claims::enter)
        .get("/evaluation/claims/{id}", Access::KeepAdjustments, entries::withdrawal::<Claims>)
        .post("/evaluation/claims/{id}", Access::KeepAdjustments, entries::withdraw::<Claims>)
        .list::<EntryList<Coefficients>>(Access::ReadRegisters)
        .post("/evaluation/coefficients", Access::KeepAdjustments, coefficients::enter)
        .get("/evaluation/coefficients/{id}", Access::KeepAdjustments, entries::withdrawal::<Coefficients>)
        .post("/evaluation/coefficients/{id}", Access::KeepAdjustments, entries::withdraw::<Coefficients>)
        .list::<changes::ChangeList>(Access::ReadRegisters)
        .post("/evaluation/changes", Access::RunEvaluation, changes::propose)
        .get("/evaluation/changes/{id}", Access::ReadRegisters, changes::show)
        .post("/evaluation/changes/{id}/withdraw", Access::RunEvaluation, changes::withdraw)
        .post("/evaluation/changes/{id}/approve", Access::SignEvaluation, changes::approve)
        .post("/evaluation/changes/{id}/reject", Access::SignEvaluation, changes::reject)
        .post("/evaluation/changes/{id}/take-back", Access::SignEvaluation, changes::take_back)
        .list::<platforms::PlatformList>(Access::ReadRegisters)
        .post("/evaluation/platforms", Access::KeepEvaluationLists, platforms::enter)
        .get("/evaluation/platforms/{id}", Access::KeepEvaluationLists, platforms::ending)
        .post("/evaluation/platforms/{id}", Access::KeepEvaluationLists, platforms::end)
        .list::<lists::MemberList>(Access::ReadRegisters)
        .post("/evaluation/lists", Access::KeepEvaluationLists, lists::enter)
        .get("/evaluation/lists/{id}", Access::KeepEvaluationLists, lists::ending)
        .post("/evaluation/lists/{id}", Access::KeepEvaluationLists, lists::end)
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
