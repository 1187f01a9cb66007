//! The SQL of the leading group.

pub mod meetings;
pub mod members;
pub mod resolutions;
