//! Grant contracts: terms with their supplements, what happened, stages with their certificates. Article 四(一)3 of the
//! governing text, and what order no. 53 of 2012 asks of the day a duty falls due.
//!
//! What is due, late, owed or idle is stored nowhere and is worked out one floor up, in [`crate::obligations`].

pub mod api;
pub mod as_of;
pub mod asked;
pub mod certificate;
mod coverage;
pub mod days;
pub mod due;
pub mod event;
pub mod fault;
pub mod form;
pub mod issuing;
pub mod known;
pub mod pages;
pub mod paid;
pub mod practice;
pub mod present;
pub mod promised;
pub mod record;
pub mod refusal;
mod room;
#[cfg(test)]
pub mod sample;
pub mod stage;
pub mod standstill;
pub mod store;
pub mod terms;
pub mod validate;

pub use coverage::RULES;
pub use event::{Duty, DutyKind, Event, Happening};
pub use known::{Contract, TermsVersion};
pub use practice::Practice;
pub use room::ROOM;
pub use terms::{Commitment, ContractKind, DayCount, HandOverAfter, Instalment, Rates, Shortfall, Terms};
