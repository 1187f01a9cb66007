//! The only SQL of the survey.

pub mod comparing;
pub mod differences;
pub mod parcels;
pub mod photos;
pub mod register;
pub mod rounds;
pub mod totals;
pub mod visits;
