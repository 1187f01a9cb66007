//! Muheng (亩衡): standard land, the life of a land grant, and what every mu yields.
//!
//! The floors of the house are listed in ARCHITECTURE.md; a module imports only from floors below it.

pub use base::{self, terms};
pub use entitlement;
pub use exchange;
pub use scoring;

pub mod account;
pub mod admission;
pub mod allocation;
pub mod annual;
pub mod app;
pub mod cli;
pub mod codelist;
pub mod completeness;
pub mod contract;
pub mod db;
pub mod demo;
pub mod desk;
pub mod dossier;
pub mod enforcement;
pub mod enterprise;
pub mod evaluation;
pub mod home;
pub mod importing;
pub mod inspection;
pub mod jobs;
pub mod kept;
pub mod leading_group;
pub mod low_efficiency;
/// Made-up input files, shared with `tests/it`.
#[cfg(test)]
#[path = "../tests/made/mod.rs"]
mod made;
pub mod map;
pub mod measures;
pub mod obligations;
pub mod parcel;
pub mod permits;
pub mod planning;
pub mod policy;
pub mod print;
pub mod remediation;
pub mod review;
pub mod room;
pub mod supervision;
pub mod survey;
pub mod web;
pub mod workflow;
