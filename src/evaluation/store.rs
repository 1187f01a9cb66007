//! The SQL of evaluation.

pub mod members;
pub mod registers;
pub mod runs;
pub mod vetoes;
