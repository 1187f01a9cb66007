//! The SQL of evaluation.

pub mod acting;
pub mod comparing;
pub mod frozen;
pub mod left_out;
pub mod members;
pub mod pictures;
pub mod registers;
pub mod runs;
pub mod sheet;
pub mod subjects;
pub mod uses;
