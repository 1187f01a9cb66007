//! The SQL of remediation.

pub mod agreements;
pub mod batches;
pub mod evidence;
pub mod figures;
pub mod files;
pub mod grounds;
pub mod listing;
pub mod opening;
pub mod row;
pub mod samples;
pub mod standing;
pub mod steps;
pub mod subjects;
pub mod tasks;
pub mod totals;
