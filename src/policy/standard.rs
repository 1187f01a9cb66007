//! Standard land as data: what a place asks of a project, by land kind, zone and industry.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::interval::Interval;
use crate::base::period::Period;

crate::terms! {
    /// The land that 四(一)2 names.
    pub enum LandKind {
        Industrial = "industrial" => "工业用地",
        CommercialService = "commercial_service" => "商业服务业设施用地",
        Logistics = "logistics" => "物流仓储用地",
    }
}

crate::terms! {
    pub enum Adoption {
        /// Shown and tried out, never the ground of a decision of its own accord.
        Example = "example" => "示例（未采用）",
        Adopted = "adopted" => "本区采用",
    }
}

/// What one set asks of one indicator.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Requirement {
    pub interval: Interval,
    /// The unit of the interval's ends; a rule converts exactly.
    pub unit: String,
}

/// One row of a standard-land table: what is asked of one industry in one zone on one kind of land.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct IndicatorSet {
    /// Stable, unique among all sets: `longchang-2022/glass`.
    pub id: String,
    pub title: String,
    pub land_kind: LandKind,
    /// The industrial platform or planning zone; nothing means anywhere in the district.
    pub zone: Option<String>,
    /// An industry code of any depth (section letter to four digits); nothing means any industry.
    pub industry: Option<String>,
    /// The edition of GB/T 4754 that `industry` is written in.
    pub edition: Option<String>,
    /// Indicator name (as in the indicator list of the catalogue) → what is asked.
    pub requirements: BTreeMap<String, Requirement>,
    pub valid: Period,
    pub adoption: Adoption,
    pub document: String,
    pub article: String,
    /// Where the figures were read.
    pub source: String,
    pub checked_on: NaiveDate,
}
