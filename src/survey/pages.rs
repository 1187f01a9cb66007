//! The pages of the survey: rounds, one round with progress and sums, the ledger, a parcel's form, differences, the comparison.

mod field;
mod parcel;
mod rounds;

use super::compare::Comparison;
use super::difference_list::DifferenceList;
use super::ledger::Ledger;
use crate::account::{Access, Routes};

pub fn routes() -> Routes {
    Routes::new()
        .get("/survey", Access::ReadRegisters, rounds::all)
        .post("/survey", Access::RunSurvey, rounds::open)
        .list::<Ledger>(Access::ReadRegisters)
        .list::<DifferenceList>(Access::ReadRegisters)
        .list::<Comparison>(Access::ReadRegisters)
        .get("/survey/rounds/{no}", Access::ReadRegisters, rounds::one)
        .post("/survey/rounds/{no}/close", Access::RunSurvey, rounds::close)
        .get("/survey/rounds/{no}/parcels/{code}", Access::ReadRegisters, parcel::show)
        .post("/survey/rounds/{no}/parcels/{code}", Access::WorkSurvey, parcel::visit)
        .post("/survey/rounds/{no}/parcels/{code}/differences/{id}", Access::SettleSurvey, parcel::decide)
        .get("/survey/photos/{id}", Access::ReadRegisters, parcel::photo)
        .merge(field::routes())
}
