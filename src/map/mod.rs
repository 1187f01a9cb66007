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
mod drawn;
mod laid;
pub mod pages;
mod panel;
mod plan_tile_store;
mod plan_tiles;
mod remediation_colours;
mod remediation_tile_store;
mod remediation_tiles;
mod result_colours;
mod result_tile_store;
mod result_tiles;
mod room;
pub mod search;
pub mod store;
mod survey_colours;
mod survey_tile_store;
mod survey_tiles;
mod tile_cache;
pub mod tiles;
mod uses;
pub mod warm;
pub mod yields;

pub use room::ROOM;
pub use tile_cache::MapCache;

#[cfg(test)]
mod tests;
