//! Looking at results: what another scheme would come to, what lies between two, what it would take for the next grade, and what
//! threatens the present one.

pub mod asking;
pub mod difference;
pub mod flow;
pub mod moved;
pub mod reach;
pub mod threat;
pub mod what_if;
