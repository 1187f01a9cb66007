//! Shapes that the change of frame has bent across themselves: refused one by one, whatever they are shapes of.

use geo_types::Coord;

use crate::exchange::{Fault, gcj02, validity, wording};

/// A record and the place, in the file's own frame, where it crosses itself in the register's.
pub struct Bent {
    pub record: i64,
    pub line: Option<i64>,
    pub x: f64,
    pub y: f64,
}

impl Bent {
    /// `shifted`: the file is in GCJ-02 and was brought back while it was read.
    pub fn fault(&self, shifted: bool) -> Fault {
        let place = Coord { x: self.x, y: self.y };
        let place = if shifted { gcj02::from_cgcs2000(place) } else { place };
        wording::bent(validity::at(place)).at(Some(self.record as u64), self.line.map(|line| line as u64))
    }
}
