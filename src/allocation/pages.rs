//! The pages of allocation: lists handed over, reports, reconciliations, drawings and findings.

mod audits;
mod drawn;
mod findings;
mod lines;
mod lists;
mod one_finding;
mod one_list;
mod reconciled;
mod reconciliations;
mod reports;

use crate::account::{Access, Routes};
use crate::entitlement::Finding;

pub fn routes() -> Routes {
    Routes::new()
        .list::<lists::HandedOver>(Access::ReadRegisters)
        .post("/allocation", Access::HandOverMeasures, lists::draw)
        .get("/allocation/lists/{id}", Access::ReadRegisters, one_list::show)
        .get("/allocation/lists/{id}/progress", Access::ReadRegisters, one_list::progress)
        .post("/allocation/lists/{id}/acknowledgement", Access::HandOverMeasures, one_list::acknowledge)
        .post("/allocation/lists/{id}/withdrawal", Access::HandOverMeasures, one_list::withdraw)
        .list::<lines::LinesOfList>(Access::ReadRegisters)
        .list::<reports::Reports>(Access::ReadRegisters)
        .post("/allocation/reports", Access::ReportAllocation, reports::enter)
        .get("/allocation/reports/{id}", Access::ReportAllocation, reports::withdrawal)
        .post("/allocation/reports/{id}", Access::ReportAllocation, reports::withdraw)
        .list::<reconciliations::Reconciliations>(Access::ReadRegisters)
        .post("/allocation/reconciliations", Access::HandOverMeasures, reconciliations::order)
        .get("/allocation/reconciliations/{id}", Access::ReadRegisters, reconciliations::one)
        .get("/allocation/reconciliations/{id}/progress", Access::ReadRegisters, reconciliations::progress)
        .list::<reconciled::ReconciledLines>(Access::ReadRegisters)
        .list::<audits::Audits>(Access::ReadRegisters)
        .post("/allocation/audits", Access::AuditAllocation, audits::draw)
        .get("/allocation/audits/{no}", Access::ReadRegisters, drawn::show)
        .post("/allocation/audits/{no}", Access::AuditAllocation, drawn::look)
        .list::<findings::Findings>(Access::ReadRegisters)
        .get("/allocation/findings/{no}", Access::ReadRegisters, one_finding::show)
        .post("/allocation/findings/{no}", Access::ReadRegisters, one_finding::step)
}

/// What colour a finding has.
pub fn badge(finding: Finding) -> &'static str {
    match finding {
        Finding::WithoutGround | Finding::Against | Finding::WrongAccount => "bg-red-lt",
        Finding::Miscalculated | Finding::TooMuch | Finding::TooLittle | Finding::NotDone => "bg-orange-lt",
        Finding::NotReported | Finding::NotDeterminable => "bg-yellow-lt",
        Finding::UnderWay => "bg-blue-lt",
        Finding::NotUsed => "bg-secondary-lt",
        Finding::Agrees => "bg-green-lt",
    }
}

/// Yuan for the eye: with both places of the fen.
fn yuan(amount: Option<rust_decimal::Decimal>) -> String {
    amount.map_or_else(|| "—".to_owned(), fen)
}

fn fen(mut amount: rust_decimal::Decimal) -> String {
    amount.rescale(2);
    amount.to_string()
}
