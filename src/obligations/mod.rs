//! What a grant contract asks of both sides: when each duty is due, whether it was met, what a breach costs, and land that
//! lies idle. Article 四(一)4 of the governing text, and order no. 53 of 2012.
//!
//! Nothing of it is stored: it is a pure function of a [`crate::contract::Contract`] as known, the day asked about and the
//! working-day calendar ([`check::judge`]).

pub mod api;
pub mod asked;
pub mod bureau;
pub mod check;
pub mod consequence;
mod coverage;
mod duties;
mod ground;
mod idle;
pub mod line;
pub mod overpaid;
pub mod pages;
pub mod present;
mod room;
pub mod summary;
pub mod sweep;
pub mod table;
pub mod view;

pub use coverage::RULES;
pub use idle::is_confirmed;
pub use line::{Line, State};
pub use room::ROOM;
