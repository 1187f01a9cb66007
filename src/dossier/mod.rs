//! The dossier: everything that is known about one parcel, on one page that prints.

mod chart;
mod pages;
mod rules;
mod store;

use crate::account::{Access, Routes};

/// `/parcels/{code}`, and the same as PDF.
pub fn routes() -> Routes {
    Routes::new().get("/parcels/{code}", Access::ReadRegisters, pages::show).get(
        "/parcels/{code}/dossier.pdf",
        Access::ReadRegisters,
        pages::pdf,
    )
}

#[cfg(test)]
mod tests;
