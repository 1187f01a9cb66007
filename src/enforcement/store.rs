//! The SQL of the room.

pub mod campaigns;
pub mod finding_list;
pub mod findings;
pub mod targets;
pub mod vetoes;
