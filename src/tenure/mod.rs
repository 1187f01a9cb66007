//! The life of a land grant: the contract and its supplements, what happened, stages with their certificates, what is due
//! and what is broken. Articles 四(一)3 and 四(一)4 of the governing text, and order no. 53 of 2012 on idle land.
//!
//! What is due, late, owed or idle is stored nowhere: it is a pure function of a [`Contract`] as known, the day asked
//! about and the working-day calendar ([`check::judge`]).

pub mod api;
pub mod as_of;
pub mod asked;
pub mod breach;
pub mod certificate;
pub mod check;
pub mod consequence;
pub mod contract;
mod coverage;
pub mod days;
mod due;
pub mod event;
pub mod fault;
mod ground;
mod idle;
pub mod issuing;
pub mod line;
pub mod notice;
mod obligations;
pub mod pages;
mod paid;
pub mod practice;
pub mod present;
pub mod promise;
mod promised;
pub mod record;
mod refusal;
pub mod review;
#[cfg(test)]
pub mod sample;
pub mod stage;
pub mod standstill;
pub mod store;
pub mod summary;
mod supervision;
pub mod sweep;
pub mod table;
pub mod terms;
pub mod validate;
pub mod view;

pub use contract::{Contract, TermsVersion};
pub use coverage::RULES;
pub use event::{Duty, DutyKind, Event, Happening};
pub use line::{Line, State};
pub use practice::Practice;
pub use terms::{Commitment, ContractKind, DayCount, HandOverAfter, Instalment, Rates, Shortfall, Terms};
