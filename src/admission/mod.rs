//! Admission (准入): may a project take a site? First conformity with plans and industrial policy, then standard land:
//! 四(一) and 四(一)2 of the governing text. A project that misses standard land is refused without exception, also on
//! existing land or plant.
//!
//! [`check::check`] is pure: facts and the catalogue in, a verdict on every line out, with a receipt.

pub mod answer;
pub mod api;
mod branch;
pub mod case;
pub mod check;
mod choice;
mod coverage;
mod explain;
pub mod fault;
mod floors;
mod gap;
pub mod ground;
mod industry;
mod known;
mod remedy;
pub mod request;
mod room;
pub mod rules;
pub mod shares;
pub mod show;
pub mod site;
mod spatial;
pub mod standard;
pub mod store;
pub mod view;

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

pub use coverage::{RECHECK, RULES};
pub use industry::prohibited;
pub use room::ROOM;

use crate::planning::{LayerKind, LayerResult};
use crate::policy::receipt::{CheckVersion, Receipt};
use crate::policy::standard::{Adoption, LandKind};
use crate::policy::verdict::{Finding, Overall};

/// The governing text.
pub const DOCUMENT: &str = "xiacheng-2019";
/// Conformity with industrial policy and plans.
pub const ARTICLE_CONFORMITY: &str = "四(一)";
/// Standard land.
pub const ARTICLE_STANDARD: &str = "四(一)2";

// Names of the rules. A line on one indicator, layer or entry carries its name after a slash.
pub const SPATIAL_CONFORMITY: &str = "admission.spatial_conformity";
pub const INDUSTRIAL_POLICY: &str = "admission.industrial_policy";
pub const STANDARD_SET: &str = "admission.standard_set";
pub const STANDARD_LAND: &str = "admission.standard_land";

crate::terms! {
    /// Where the project goes. Standard land is asked of both alike.
    pub enum LandSource {
        NewGrant = "new_grant" => "新供应土地",
        Existing = "existing" => "利用存量用地、厂房",
    }
}

/// What is known of a project. Whatever is left out is missing, which is never zero.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Facts {
    pub land_kind: Option<LandKind>,
    pub land_source: Option<LandSource>,
    /// The industrial platform or planning zone the site lies in, the narrower after a slash; nothing outside of all.
    pub zone: Option<String>,
    pub industry: Option<IndustryCode>,
    /// The rows a parcel on offer carries; empty when the site is not on offer.
    #[serde(default)]
    pub offered: Vec<String>,
    /// The row the applicant binds itself to, one of those offered. It overrides the search by land kind, zone and industry.
    pub bound_to: Option<String>,
    /// Declared figures by the names of `policy/indicators.toml`.
    #[serde(default)]
    pub figures: BTreeMap<String, Figure>,
    /// From these follow total and counted floor area; empty when there is no list.
    #[serde(default)]
    pub floors: Vec<Floor>,
    /// What each planning layer answers for the site.
    #[serde(default)]
    pub spatial: Vec<LayerResult>,
    /// Hits that two persons found to be false; the hit itself stays in `spatial`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    #[schema(value_type = Object)]
    pub set_aside: BTreeMap<LayerKind, SetAside>,
    /// What a person said where a rule cannot decide, by [`Finding::rule`].
    #[serde(default)]
    pub judgements: BTreeMap<String, Judgement>,
    /// What somebody said of the site that the registers do not bear out and that would pick the standard.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unproven: Vec<Unproven>,
    /// In the first, a set decided because it was named, whether or not it was adopted or offered for the site.
    #[serde(default = "CheckVersion::first", skip_serializing_if = "CheckVersion::is_first")]
    #[schema(value_type = String)]
    pub version: CheckVersion,
}

/// A statement that nothing on record stands behind.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Unproven {
    /// What would have to be known: `用地所在区域`.
    pub what: String,
    /// A sentence.
    pub reason: String,
}

/// A code of GB/T 4754 and its edition (`2017`): 144 codes changed meaning between two of them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct IndustryCode {
    pub code: String,
    pub edition: String,
}

/// A figure in the unit in which it was declared.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = DeclaredFigure)]
pub struct Figure {
    #[schema(value_type = String, example = "12000")]
    pub value: Decimal,
    #[schema(example = "万元")]
    pub unit: String,
}

/// A storey, or several alike.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = DeclaredFloor)]
pub struct Floor {
    /// Floor area of one, m².
    #[schema(value_type = String)]
    pub area_m2: Decimal,
    /// Height of the storey, m.
    #[schema(value_type = Option<String>)]
    pub height_m: Option<Decimal>,
    #[serde(default = "once")]
    pub count: u32,
    pub label: Option<String>,
}

fn once() -> u32 {
    1
}

/// A hit on one edition of a layer that one person proposed and another agreed to set aside.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SetAside {
    pub edition_id: Option<i64>,
    pub reason: String,
    pub proposed_by: String,
    pub confirmed_by: String,
}

/// What a person decided where the rule needs judgement.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Judgement {
    pub conforms: bool,
    pub reason: String,
    pub by: String,
}

/// The row that was asked, as the answer names it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct AppliedSet {
    pub id: String,
    pub title: String,
    pub adoption: Adoption,
    pub source: String,
    /// The applicant named it; else it was found by land kind, zone and industry.
    pub bound: bool,
}

/// Something to look at again; it decides nothing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Warning {
    /// Stable: `outside_plausible_range`.
    pub code: String,
    /// Where in the input, as a JSON pointer.
    pub place: String,
    /// Chinese.
    pub message: String,
}

/// What the check answered, as it is kept in the receipt.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outcome {
    pub verdict: Overall,
    pub set: Option<AppliedSet>,
    pub results: Vec<Finding>,
    pub warnings: Vec<Warning>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checked {
    pub verdict: Overall,
    pub set: Option<AppliedSet>,
    /// Spatial first, then industry, then the five kinds of standard.
    pub results: Vec<Finding>,
    pub warnings: Vec<Warning>,
    pub receipt: Receipt,
}

impl Checked {
    /// What the receipt keeps.
    pub fn outcome(&self) -> Outcome {
        let (set, results, warnings) = (self.set.clone(), self.results.clone(), self.warnings.clone());
        Outcome { verdict: self.verdict, set, results, warnings }
    }
}

#[cfg(test)]
mod tests;
