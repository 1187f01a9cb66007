//! What a parcel yields in a year: the figures behind its colour, worked out for a whole district at once and kept until
//! something they rest on changes.
//!
//! Conventions:
//! - An enterprise's tax is spread over the land it holds in the year (m² × days on each parcel, leased-out land taken
//!   off), and a parcel's tax per mu is the sum of these shares over the sum of that land: a ratio of sums.
//! - Enterprises that were not operating, or not established yet, do not count. Those that hold floor area alone have no
//!   land to spread their tax over: they are present, and add nothing.
//! - Missing is not zero: when tax or land of one enterprise that holds land there is missing, the parcel is not
//!   determinable.
//! - Shares are carried to 60 decimals and their sum is rounded to 50 before it is held against a band edge, so that a
//!   sum exactly on an edge is found on it.

use rust_decimal::Decimal;
use sha2::{Digest, Sha256};

use super::bands;
pub use super::store::yields::ensure;
use crate::low_efficiency::Line;

/// What the registers say, by the revision of everything the map draws. Flags and bands rest on occupancies, returns
/// and enterprises as much as on parcels, so the map's revision is the sum over these layers: each only ever rises.
pub const LAYERS: [&str; 5] = ["parcels", "outlines", "occupancies", "returns", "enterprises"];

pub fn layers() -> Vec<String> {
    LAYERS.map(str::to_owned).to_vec()
}

/// The line of a year and the band edges that follow from it.
#[derive(Clone, Debug)]
pub struct Rule {
    pub year: i32,
    pub line: Line,
    pub edges: Vec<Decimal>,
}

impl Rule {
    pub fn new(year: i32, line: Line) -> Self {
        let edges = bands::edges(line.floor);
        Rule { year, line, edges }
    }

    /// Eight hexadecimal digits that change with anything the colours rest on besides the registers.
    pub fn digest(&self) -> String {
        let line = &self.line;
        let text = format!(
            "{} {} {} {} {} {:?}",
            env!("CARGO_PKG_VERSION"),
            line.floor.normalize(),
            line.comparison.code(),
            line.transition_years,
            line.transition_exempts,
            self.edges
        );
        hex::encode(&Sha256::digest(text)[..4])
    }
}
