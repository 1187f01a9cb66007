//! Dossiers: everything that is known about one parcel, on one page that prints, and about one contract.

mod chart;
mod contract;
mod pages;
mod room;
mod rules;
mod store;

pub use room::ROOM;

#[cfg(test)]
mod tests;
