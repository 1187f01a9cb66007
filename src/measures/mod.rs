//! Measures that follow from a grade, 三 of the governing text: what an enterprise is entitled to or liable for on a day.
//!
//! Which measures there are is data of the policy ([`crate::policy::measures`]), what one comes to is [`crate::entitlement`], which
//! grade acts is [`crate::evaluation::acting`]. Here they are put together for a whole district, with a receipt for each enterprise
//! ([`judge`]).

pub mod accounts;
pub mod api;
pub mod asked;
mod coverage;
pub mod judge;
pub mod line;
pub mod list;
pub mod pages;
pub mod present;
pub mod reading;
mod recheck;
mod room;
mod store;
pub mod table;
pub mod utility;
pub mod walk;

#[cfg(test)]
mod tests;

pub use coverage::RULES;
pub use room::ROOM;
