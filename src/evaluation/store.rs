//! The SQL of evaluation.

pub mod changes;
pub mod entries;
pub mod lists;
pub mod members;
pub mod platforms;
pub mod registers;
pub mod runs;
pub mod subjects;
pub mod uses;
pub mod vetoes;
