//! What a scheme makes of facts: items, sums, ranks, grades. Pure: no clock, no database, and the same facts give the same
//! answer in whatever order they come.
//!
//! A [`Scheme`] is data. [`compute()`] takes it with the [`Benchmark`]s of its indicators and the [`Subject`]s that are ranked,
//! and answers with every step between a figure and a grade, so that anybody can reckon it again. Everything is decided on
//! exact fractions ([`base::ratio::Ratio`]) and rounded only for the eye.

pub mod benchmark;
mod compute;
mod cuts;
pub mod fact;
pub mod follow;
mod grades;
pub mod item;
pub mod layout;
pub mod made;
pub mod many;
mod near;
mod order;
mod peers;
mod rank;
pub mod result;
mod roll;
pub mod scheme;
pub mod shown;
pub mod subject;
mod total;

#[cfg(test)]
mod samples;

pub use benchmark::Benchmark;
pub use compute::{Bases, compute};
pub use cuts::Places;
pub use result::{Evaluation, Outcome};
pub use scheme::Scheme;
pub use subject::{Facts, Subject};
