//! The pages of remediation: the board, the list, one file.

mod board;
mod one;
mod paper;
mod together;

use super::list;
use crate::account::{Access, Routes};
use crate::home::attachment;

/// The content, and what is typed beside it.
const LARGEST_UPLOAD: usize = attachment::LARGEST + 64 * 1024;

pub fn routes() -> Routes {
    Routes::new()
        .list::<list::RemediationFiles>(Access::ReadRegisters)
        .post("/remediation", Access::HandleRemediation, list::enter)
        .get("/remediation/board", Access::ReadRegisters, board::show)
        .post("/remediation/lists", Access::HandleRemediation, board::enter_all)
        .post("/remediation/samples", Access::HandleRemediation, board::draw)
        .get("/remediation/together", Access::ReadRegisters, together::show)
        .post("/remediation/together", Access::ReadRegisters, together::take)
        .get("/remediation/{no}", Access::ReadRegisters, one::show)
        .get("/remediation/{no}/paper.pdf", Access::ReadRegisters, paper::show)
        .post("/remediation/{no}/step", Access::ReadRegisters, one::step)
        .post("/remediation/{no}/tasks", Access::HandleRemediation, one::set_task)
        .post("/remediation/{no}/tasks/{task}", Access::WorkRemediation, one::finish_task)
        .upload("/remediation/{no}/evidence", Access::WorkRemediation, LARGEST_UPLOAD, one::attach)
        .get("/remediation/{no}/evidence/{id}", Access::ReadRegisters, one::content)
}
