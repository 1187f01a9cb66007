//! The pages of measures: what is due on a day, asking before something is granted, and the measures themselves.

mod accounts;
mod ask;
mod catalogue;
mod due;

use crate::account::{Access, Routes};
use crate::entitlement::Outcome;

pub fn routes() -> Routes {
    Routes::new()
        .list::<due::DueList>(Access::ReadRegisters)
        .list::<accounts::AccountList>(Access::ReadRegisters)
        .post("/measures/accounts", Access::KeepAdjustments, accounts::enter)
        .get("/measures/accounts/{id}", Access::KeepAdjustments, accounts::ending)
        .post("/measures/accounts/{id}", Access::KeepAdjustments, accounts::end)
        .get("/measures/ask", Access::ReadRegisters, ask::show)
        .post("/measures/ask", Access::ReadRegisters, ask::keep)
        .get("/measures/catalogue", Access::ReadRegisters, catalogue::show)
        .get("/measures/catalogue.json", Access::ReadRegisters, catalogue::download)
}

/// What colour an outcome has.
fn badge(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Due => "bg-blue-lt",
        Outcome::Allowed => "bg-green-lt",
        Outcome::Barred => "bg-red-lt",
        Outcome::Exempt => "bg-secondary-lt",
        Outcome::NotDeterminable => "bg-yellow-lt",
    }
}
