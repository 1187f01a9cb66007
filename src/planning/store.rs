//! The SQL of planning layers.

mod areas;
mod editions;
mod overlay;

pub use areas::{NewArea, cut_parts, measure, put_areas};
pub use editions::{Covering, Ended, NewEdition, edition_at, editions, end_for, record_edition};
pub use overlay::{Overlaid, Row, Want, overlay};
