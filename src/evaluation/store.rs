//! The SQL of evaluation.

pub mod changes;
pub mod entries;
pub mod members;
pub mod registers;
pub mod runs;
pub mod vetoes;
