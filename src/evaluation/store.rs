//! The SQL of evaluation.

pub mod changes;
pub mod comparing;
pub mod entries;
pub mod frozen;
pub mod left_out;
pub mod lists;
pub mod members;
pub mod pictures;
pub mod platforms;
pub mod registers;
pub mod runs;
pub mod sheet;
pub mod subjects;
pub mod uses;
pub mod vetoes;
