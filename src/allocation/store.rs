//! The SQL of the room.

pub mod audits;
pub mod findings;
pub mod lines;
pub mod lists;
pub mod reconciled;
pub mod reconciliations;
pub mod reports;
