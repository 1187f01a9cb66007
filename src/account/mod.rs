//! People, what they may do, and the record of what they did.

pub mod role;

pub use role::{Department, Role};
