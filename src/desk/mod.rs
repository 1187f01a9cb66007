//! The work desk: what waits for the person who signs in, as the rooms count it.

mod pages;
mod room;

pub use room::ROOM;
