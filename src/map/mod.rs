//! The map: parcels coloured by what they yield, straight from the database as vector tiles; search, and what a click shows.
//!
//! [`yields`] works out the colours of a district for a year, [`warm`] does so before anyone asks, [`tiles`] serves them,
//! [`pages`] is the page around them.

pub mod address;
mod answer;
mod bands;
pub mod card;
mod coding;
pub mod contract_colours;
pub mod contract_states;
mod contract_tile_store;
mod contract_tiles;
pub mod pages;
mod panel;
mod plan_tile_store;
mod plan_tiles;
pub mod search;
pub mod store;
mod tile_cache;
pub mod tiles;
mod uses;
pub mod warm;
pub mod yields;

pub use tile_cache::MapCache;

use crate::account::{Access, Routes};

/// `/map` and what it loads.
pub fn routes() -> Routes {
    Routes::new()
        .get("/map", Access::ReadRegisters, pages::show)
        .get("/map/outlines.geojson", Access::ReadRegisters, pages::outlines)
        .get("/map/search", Access::ReadRegisters, search::find)
        .get("/map/panel", Access::ReadRegisters, panel::show)
        .get("/tiles/parcels/{revision}/{year}/{as_of}/{z}/{x}/{y}", Access::ReadRegisters, tiles::serve)
        .get("/tiles/contracts/{revision}/{year}/{as_of}/{z}/{x}/{y}", Access::ReadRegisters, contract_tiles::serve)
        .get("/tiles/planning/{layer}/{revision}/{as_of}/{z}/{x}/{y}", Access::ReadRegisters, plan_tiles::serve)
}

#[cfg(test)]
mod tests;
