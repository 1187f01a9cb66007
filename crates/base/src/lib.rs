//! The ground: units, codes, words, dates and the clock. No I/O here.

pub mod anniversary;
pub mod bounds;
pub mod clock;
pub mod code;
pub mod conversion;
pub mod period;
pub mod ratio;
pub mod term;
pub mod text;
pub mod unit;

/// For what [`terms!`] writes where it is called.
#[doc(hidden)]
pub use sqlx;
