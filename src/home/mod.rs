//! The data directory: nobody else on the machine may read it, and what is put into it is there whole or not at all.

mod access;
pub mod attachment;
mod files;

pub use access::{close, loose, private_from_now_on, tighten};
pub use files::{keep, make_folder, make_home, put, sync_folder};

/// Folders of a home that hold what people sent.
pub const KEPT: [&str; 3] = ["uploads", "inspection", "attachments"];
/// The private database, where it lies in the home.
pub const DATABASE: &str = "postgres";
/// Says where the private database of the home lies.
pub const PLACE: &str = "database.place";
