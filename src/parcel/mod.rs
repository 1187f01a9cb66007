//! Parcels (宗地): their versions, areas, lineage and where they lie.
//!
//! [`rules`] says what a change must keep, [`store`] keeps the versions, [`change`] changes them.

pub mod api;
pub mod change;
pub mod claims;
mod list;
pub mod pages;
mod room;
pub mod rules;
pub mod shapes;
pub mod store;
pub mod succession;
pub mod view;
mod work;

pub use list::{Filter, ListParameters, ListQuery, Row, SortKey};
pub use room::ROOM;

crate::terms! {
    /// How far the land has come, 四(一)1 of the governing text.
    pub enum SupplyStatus {
        ApprovedNotSupplied = "approved_not_supplied" => "批而未供",
        SuppliedNotUsed = "supplied_not_used" => "供而未用",
        InUse = "in_use" => "已利用",
        Idle = "idle" => "闲置",
        LowEfficiency = "low_efficiency" => "低效利用",
    }
}

crate::terms! {
    /// What links a parcel to those it came from.
    pub enum LineageKind {
        Split = "split" => "分割",
        Merge = "merge" => "合并",
        Adjust = "adjust" => "调整",
    }
}
