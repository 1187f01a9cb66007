//! The pages of the registers that a run counts.

mod changes;
mod claims;
mod coefficients;
mod entries;
mod exemptions;
mod lists;
mod platforms;
mod vetoes;

use claims::Claims;
use coefficients::Coefficients;
use entries::{Book, EntryList};
use exemptions::Exemptions;
use lists::MemberList;
use platforms::PlatformList;
use vetoes::Vetoes;

use crate::account::list::enter;
use crate::account::{Access, Routes};
use crate::kept::list::end_routes;

pub fn routes() -> Routes {
    let routes = book::<Vetoes>(Routes::new(), "/evaluation/vetoes/{id}");
    let routes = book::<Exemptions>(routes, "/evaluation/exemptions/{id}");
    let routes = book::<Claims>(routes, "/evaluation/claims/{id}");
    let routes = book::<Coefficients>(routes, "/evaluation/coefficients/{id}");
    let routes = end_routes::<PlatformList>(routes, "/evaluation/platforms/{id}", Access::KeepEvaluationLists);
    end_routes::<MemberList>(routes, "/evaluation/lists/{id}", Access::KeepEvaluationLists)
        .post("/evaluation/vetoes", Vetoes::ACCESS, vetoes::enter)
        .post("/evaluation/exemptions", Exemptions::ACCESS, exemptions::enter)
        .post("/evaluation/claims", Claims::ACCESS, claims::enter)
        .post("/evaluation/coefficients", Coefficients::ACCESS, coefficients::enter)
        .list::<changes::ChangeList>(Access::ReadRegisters)
        .post("/evaluation/changes", Access::RunEvaluation, changes::propose)
        .get("/evaluation/changes/{id}", Access::ReadRegisters, changes::show)
        .post("/evaluation/changes/{id}/withdraw", Access::RunEvaluation, changes::withdraw)
        .post("/evaluation/changes/{id}/approve", Access::SignEvaluation, changes::approve)
        .post("/evaluation/changes/{id}/reject", Access::SignEvaluation, changes::reject)
        .post("/evaluation/changes/{id}/take-back", Access::SignEvaluation, changes::take_back)
        .list::<PlatformList>(Access::ReadRegisters)
        .post("/evaluation/platforms", Access::KeepEvaluationLists, enter::<PlatformList>)
        .list::<MemberList>(Access::ReadRegisters)
        .post("/evaluation/lists", Access::KeepEvaluationLists, enter::<MemberList>)
}

/// The list of a register, and the page on which an entry is withdrawn.
fn book<B: Book>(routes: Routes, one: &'static str) -> Routes {
    routes.list::<EntryList<B>>(Access::ReadRegisters).get(one, B::ACCESS, entries::withdrawal::<B>).post(
        one,
        B::ACCESS,
        entries::withdraw::<B>,
    )
}
