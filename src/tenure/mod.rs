//! The life of a land grant: the contract and its supplements, what happened, stages with their certificates, what is due
//! and what is broken. Articles 四(一)3 and 四(一)4 of the governing text, and order no. 53 of 2012 on idle land.
//!
//! What is due, late, owed or idle is stored nowhere: it is a pure function of a [`Contract`] as known, the day asked
//! about and the working-day calendar ([`check::judge`]).

pub mod certificate;
pub mod contract;
pub mod days;
pub mod event;
pub mod fault;
pub mod practice;
pub mod record;
pub mod stage;
pub mod store;
pub mod terms;
pub mod validate;

pub use contract::{Contract, TermsVersion};
pub use event::{Duty, DutyKind, Event, Happening};
pub use terms::{Commitment, ContractKind, DayCount, Instalment, Rates, Shortfall, Terms};
