//! Contracts for people: the list, the board of stages, the calendar of what falls due.
//!
//! Whatever is late, due or idle is computed when a page is read, by the same check that the terminal prints.

mod board;
mod calendar;
pub mod desk_card;
mod event_form;
pub mod found;
pub mod list;

use crate::account::{Access, Routes};

pub fn routes() -> Routes {
    Routes::new()
        .list::<list::ContractList>(Access::ReadRegisters)
        .get("/contracts/board", Access::ReadRegisters, board::show)
        .get("/contracts/calendar", Access::ReadRegisters, calendar::show)
        .get(desk_card::ADDRESS, Access::ReadRegisters, desk_card::show)
        .merge(event_form::routes())
}
