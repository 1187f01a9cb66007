//! Dossiers: everything that is known about one parcel, on one page that prints, and about one contract.

mod chart;
mod contract;
mod pages;
mod rules;
mod store;

use crate::account::{Access, Routes};

pub fn routes() -> Routes {
    Routes::new()
        .get("/parcels/{code}", Access::ReadRegisters, pages::show)
        .get("/parcels/{code}/dossier.pdf", Access::ReadRegisters, pages::pdf)
        .get("/contracts/{number}", Access::ReadRegisters, contract::show)
}

#[cfg(test)]
mod tests;
