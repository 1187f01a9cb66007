//! The SQL of the room.

pub mod campaigns;
pub mod findings;
pub mod listing;
pub mod targets;
pub mod vetoes;
