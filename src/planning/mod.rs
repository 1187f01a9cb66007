//! Planning layers (规划图层) in dated editions, and whether a site conforms with them: 四(一) of the governing text, the
//! check that comes before every figure.
//!
//! A layer that is missing, outdated or broken is never read as clear.
//!
//! [`conformity`] examines a site, [`rules`] says what an overlay means, [`uses`] what may stand where.

pub mod api;
pub mod conformity;
pub mod pages;
mod room;
pub mod rules;
pub mod store;
pub mod uses;

#[cfg(test)]
pub(crate) mod testing;

pub use room::ROOM;

use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::base::period::Period;
use crate::policy::standard::LandKind;

crate::terms! {
    /// The plans of 四(一) that are drawn on a map.
    pub enum LayerKind {
        UrbanDevelopmentBoundary = "urban_development_boundary" => "城镇开发边界",
        PermanentBasicFarmland = "permanent_basic_farmland" => "永久基本农田",
        EcologicalRedLine = "ecological_red_line" => "生态保护红线",
        ControlPlanLandUse = "control_plan_land_use" => "控制性详细规划用地",
        IndustrialBlockLine = "industrial_block_line" => "工业区块线",
        EnvironmentalControlUnit = "environmental_control_unit" => "生态环境管控单元",
    }
}

crate::terms! {
    /// What a layer asks of a site.
    pub enum Demand {
        Inside = "inside" => "须位于其内",
        Clear = "clear" => "不得占用",
        AllowedUses = "allowed_uses" => "用途相符",
    }
}

crate::terms! {
    /// What came of holding a site against a layer.
    #[schema(as = LayerAnswer)]
    pub enum Answer {
        /// Some of the site conflicts with the layer.
        Hit = "hit" => "命中",
        Clear = "clear" => "已核查无冲突",
        /// The layer is missing, outdated, or does not say what would have to be known.
        NotChecked = "not_checked" => "未核查",
        /// It was tried and did not come off.
        Failed = "failed" => "核查失败",
    }
}

/// What a site is wanted for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Asked {
    pub land_kind: LandKind,
    /// A code of 用地用海分类2023 when it is known more exactly than by its kind: `100102`.
    pub land_use: Option<String>,
}

/// What one layer answers for one site. Areas are plane areas in the survey zone of the site, m² with two decimals.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct LayerResult {
    pub layer: LayerKind,
    pub demand: Demand,
    pub answer: Answer,
    /// The edition's name; missing when none is in force on the day.
    pub edition: Option<String>,
    pub edition_id: Option<i64>,
    #[schema(value_type = Option<Object>)]
    pub edition_valid: Option<Period>,
    /// The site's own area; missing when it could not be measured.
    #[serde(with = "rust_decimal::serde::str_option")]
    #[schema(value_type = Option<String>)]
    pub site_area_m2: Option<Decimal>,
    /// What was set aside along the edge; missing when nothing was compared.
    pub tolerance: Option<Tolerance>,
    /// What conflicts: inside the forbidden, outside the required, or on land planned for another use.
    #[serde(with = "rust_decimal::serde::str")]
    #[schema(value_type = String)]
    pub overlap_m2: Decimal,
    /// The same in per cent of the site.
    #[serde(with = "rust_decimal::serde::str")]
    #[schema(value_type = String)]
    pub share_percent: Decimal,
    /// Pieces along the edge of the site that are below the tolerance: shown, not counted.
    #[serde(with = "rust_decimal::serde::str")]
    #[schema(value_type = String)]
    pub sliver_m2: Decimal,
    /// Where the layer does not say what the land is for.
    #[serde(with = "rust_decimal::serde::str")]
    #[schema(value_type = String)]
    pub undetermined_m2: Decimal,
    pub pieces: Vec<Piece>,
    /// Why it was not checked or failed, for the officer.
    pub reason: Option<String>,
}

/// Below this area, or nowhere wider than this, a piece along the edge of a site is a sliver.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Tolerance {
    #[serde(with = "rust_decimal::serde::str")]
    #[schema(value_type = String)]
    pub area_m2: Decimal,
    #[serde(with = "rust_decimal::serde::str")]
    #[schema(value_type = String)]
    pub width_m: Decimal,
}

/// One connected part of a conflict, or of what is not determined.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Piece {
    /// The planning area's name; missing outside all areas and for areas without one.
    pub name: Option<String>,
    pub use_code: Option<String>,
    pub nature: PieceNature,
    #[serde(with = "rust_decimal::serde::str")]
    #[schema(value_type = String)]
    pub area_m2: Decimal,
    #[serde(with = "rust_decimal::serde::str")]
    #[schema(value_type = String)]
    pub share_percent: Decimal,
    /// False for slivers.
    pub counted: bool,
    /// GeoJSON in EPSG:4490, longitude before latitude.
    #[schema(value_type = Object)]
    pub geometry: serde_json::Value,
}

crate::terms! {
    pub enum PieceNature {
        Conflict = "conflict" => "冲突",
        /// The layer does not say what the land is for.
        Undetermined = "undetermined" => "用途不明",
    }
}

impl LayerKind {
    /// What the layer asks unless its edition says otherwise.
    pub fn usual_demand(self) -> Demand {
        match self {
            LayerKind::UrbanDevelopmentBoundary | LayerKind::IndustrialBlockLine => Demand::Inside,
            LayerKind::PermanentBasicFarmland | LayerKind::EcologicalRedLine => Demand::Clear,
            LayerKind::ControlPlanLandUse | LayerKind::EnvironmentalControlUnit => Demand::AllowedUses,
        }
    }
}

/// One edition of a layer, as the list shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[schema(as = PlanningEdition)]
pub struct Edition {
    pub id: i64,
    pub layer: LayerKind,
    pub name: String,
    pub demand: Demand,
    #[schema(value_type = Object)]
    pub valid: Period,
    pub source: String,
    /// The last day on which the edition may be relied on without a review.
    pub review_by: Option<NaiveDate>,
    /// Land kind or use code → planned uses (codes and everything under them) it may stand on.
    #[schema(value_type = Object)]
    pub allowed_uses: AllowedUses,
    pub areas: i64,
    #[serde(with = "rust_decimal::serde::str")]
    #[schema(value_type = String)]
    pub area_m2: Decimal,
    pub recorded_by: String,
}

crate::terms! {
    /// How an edition stands on a day.
    #[schema(as = PlanningState)]
    pub enum State {
        InForce = "in_force" => "有效",
        Outdated = "outdated" => "逾期未复核",
        Coming = "coming" => "尚未生效",
        Ended = "ended" => "已被替代",
    }
}

impl Edition {
    /// Worked out when asked, so that an edition that ran out never shows as good.
    pub fn state_on(&self, day: NaiveDate) -> State {
        if self.valid.from.is_some_and(|from| day < from) {
            State::Coming
        } else if !self.valid.contains(day) {
            State::Ended
        } else if self.review_by.is_some_and(|last| last < day) {
            State::Outdated
        } else {
            State::InForce
        }
    }
}

/// Land kind or use code → planned uses (codes and everything under them) it may stand on.
pub type AllowedUses = std::collections::BTreeMap<String, Vec<String>>;
