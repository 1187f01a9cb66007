//! The SQL of a parcel import: set-based, over temporary tables that end with the transaction.

mod answer;
mod duplicates;
mod outline;
mod overlap;
mod register;
mod stage;
mod write;

pub use answer::{Measured, count, for_each_measured, preview};
pub use duplicates::{Shared, same_codes, same_shapes};
pub use outline::{has_outlines, outside_district, place_in_subdistricts};
pub use overlap::{Overlap, Pair, across_zones, against_register, for_each_from_west};
pub use register::{Vast, has_parcels, index_codes, known_on_other_days, larger_than};
pub use stage::{bent, leave_out, open_stage, place, reject};
pub use write::{insert, supersede};
