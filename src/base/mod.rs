//! The ground: units, codes, words, dates and the clock. No I/O here.

pub mod clock;
pub mod code;
pub mod period;
pub mod ratio;
pub mod term;
pub mod text;
pub mod unit;
