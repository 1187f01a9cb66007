//! The pages of joint enforcement: campaigns, one campaign, its list, one visit, findings and one finding.

mod campaign;
mod campaigns;
mod finding;
mod findings;
mod target;
mod targets;

use crate::account::{Access, Routes};

pub fn routes() -> Routes {
    Routes::new()
        .list::<campaigns::Campaigns>(Access::ReadRegisters)
        .post("/enforcement", Access::RunEnforcement, campaigns::open)
        .list::<targets::Targets>(Access::ReadRegisters)
        .list::<findings::Findings>(Access::ReadRegisters)
        .get("/enforcement/campaigns/{no}", Access::ReadRegisters, campaign::show)
        .post("/enforcement/campaigns/{no}/targets", Access::RunEnforcement, campaign::add)
        .post("/enforcement/campaigns/{no}/close", Access::RunEnforcement, campaign::close)
        .get("/enforcement/campaigns/{no}/{uscc}", Access::ReadRegisters, target::show)
        .post("/enforcement/campaigns/{no}/{uscc}", Access::RunEnforcement, target::hand_over)
        .post("/enforcement/campaigns/{no}/{uscc}/drop", Access::RunEnforcement, target::leave_out)
        .get("/enforcement/findings/{no}", Access::ReadRegisters, finding::show)
        .post("/enforcement/findings/{no}", Access::WorkEnforcement, finding::step)
        .post("/enforcement/findings/{no}/vetoes", Access::WorkEnforcement, finding::propose)
        .post("/enforcement/findings/{no}/vetoes/{id}", Access::KeepVetoes, finding::decide)
}
