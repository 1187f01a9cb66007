//! What became of parcels that were split, merged or redrawn under another code.

use chrono::NaiveDate;

use super::LineageKind;

/// What became of a parcel that is no longer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Succession {
    pub kind: LineageKind,
    pub on: NaiveDate,
    pub successors: Vec<String>,
}

impl Succession {
    /// `2024-03-01 合并为 330105018001GB00016`.
    pub fn sentence(&self) -> String {
        format!("{} {}为 {}", self.on, self.kind, self.successors.join("、"))
    }
}
