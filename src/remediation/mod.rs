//! Low-efficiency land: which enterprises pay less tax per mu than the line of 四(一)4 of the governing text.
//!
//! [`rules`] decides one enterprise from its facts, [`store`] fetches the facts of a whole district.

pub mod api;
mod coverage;
mod explain;
pub mod list;
pub mod pages;
pub mod parameters;
pub mod present;
mod room;
pub mod rules;
pub mod store;
pub mod table;
pub mod view;

pub use coverage::RULES;
pub use room::ROOM;

use chrono::NaiveDate;
use rust_decimal::Decimal;
use rust_decimal_macros::dec;
use serde::Serialize;

use crate::base::period::Period;
use crate::base::ratio::Ratio;
use crate::base::unit::Yuan;
use crate::enterprise::SizeClass;
use crate::policy::{Comparison, ParameterError, Parameters};

crate::terms! {
    #[schema(as = LowEfficiencyOutcome)]
    pub enum Outcome {
        /// Below the line.
        Flagged = "flagged" => "低效",
        /// Exactly on the line; whether that counts as low-efficiency follows the comparison in force.
        OnTheLine = "on_the_line" => "恰在线上",
        Clear = "clear" => "达标",
        /// A fact is missing or cannot be right; the judgement names it.
        NotDeterminable = "not_determinable" => "无法判定",
        /// Listed apart while the transition of 二(一)3 exempts it.
        InTransition = "in_transition" => "过渡期",
        NotApplicable = "not_applicable" => "不适用",
    }
}

crate::terms! {
    /// Why nothing can be determined.
    pub enum MissingFact {
        Tax = "tax" => "实缴税收缺报",
        TaxNegative = "tax_negative" => "实缴税收为负数，须由税务部门核实",
        TaxOutOfRange = "tax_out_of_range" => "实缴税收数值超出可核算范围",
        LandRecord = "land_record" => "该年度没有用地记录",
        LandArea = "land_area" => "有用地记录缺少面积",
        LandOutOfRange = "land_out_of_range" => "用地面积数值超出可核算范围",
        LandAllLeasedOut = "land_all_leased_out" => "扣除租出后用地为零",
        LandOverLeased = "land_over_leased" => "租出面积超过所持用地",
    }
}

crate::terms! {
    /// Why the line does not concern an enterprise.
    pub enum Inapplicable {
        NoLand = "no_land" => "全年无用地，按建筑面积列示",
        LeftBefore = "left_before" => "该年度之前已迁出或注销",
        NotYetEstablished = "not_yet_established" => "该年度尚未设立",
    }
}

crate::terms! {
    /// The three grounds of 二(一)3.
    pub enum TransitionGround {
        New = "new" => "新设企业",
        NewlyAboveSize = "newly_above_size" => "新升规企业",
        MajorProject = "major_project" => "重大项目建设期内企业",
    }
}

/// Land of one enterprise in one year, each side as Σ area × days held, in mu·days, so that nothing is divided or rounded
/// before it is compared. Land of the year = (own + leased in + other − leased out) ÷ days of the year.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LandDays {
    pub owned: Decimal,
    pub leased_in: Decimal,
    /// Positive; it is subtracted.
    pub leased_out: Decimal,
    pub other: Decimal,
    /// How many holdings touch the year. None at all is a missing record, not an absence of land.
    pub records: i64,
    /// How many of them state neither land nor floor area.
    pub unmeasured: i64,
    /// An area cannot be right: too large or too finely divided (see [`list::LandPart::odd`], [`rules::in_range`]).
    pub out_of_range: bool,
}

/// Tax actually paid in a year (实缴税收).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tax {
    Missing,
    OutOfRange,
    Paid(Yuan),
}

/// What the rule has to know about one enterprise in one year.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Facts {
    pub year: i32,
    /// It was operating on at least one day of the year.
    pub operated: bool,
    pub established_on: Option<NaiveDate>,
    pub size_class: SizeClass,
    pub above_size_since: Option<NaiveDate>,
    pub project: Option<Project>,
    pub tax: Tax,
    pub land: LandDays,
    /// Floor area held without land, Σ area × days in m²·days; `None` when not known.
    pub floor: Option<Decimal>,
}

/// A major project under construction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Project {
    pub start: ProjectStart,
    /// The last day of the construction period that the district recognised.
    pub until: NaiveDate,
}

/// When the construction began.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", content = "day", rename_all = "snake_case")]
pub enum ProjectStart {
    /// As the register states it.
    Stated(NaiveDate),
    /// The register does not state it: the earliest day from which it knows of the project.
    KnownFrom(NaiveDate),
}

impl ProjectStart {
    pub fn day(self) -> NaiveDate {
        match self {
            ProjectStart::Stated(day) | ProjectStart::KnownFrom(day) => day,
        }
    }
}

/// The transition an enterprise is in on 31 December of the year.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Transition {
    pub ground: TransitionGround,
    /// The first day that is no longer part of it.
    pub until: NaiveDate,
    /// The day it is counted from is not that of the ground, but the earliest the register knows of it.
    pub start_unknown: bool,
}

/// What the rule found. Quotients are for the eye; the outcome was decided without dividing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Judgement {
    pub outcome: Outcome,
    /// Whether it stands on the low-efficiency list: flagged, or on the line where the comparison includes it.
    pub low_efficiency: bool,
    pub missing: Vec<MissingFact>,
    pub inapplicable: Option<Inapplicable>,
    pub transition: Option<Transition>,
    /// Land of the year in mu, averaged over its days; `None` when it cannot be determined.
    pub land: Option<Ratio>,
    /// 元/亩.
    pub tax_per_mu: Option<Decimal>,
    /// 元/百平方米建筑面积, for enterprises without land.
    pub tax_per_100_m2_floor: Option<Decimal>,
    /// One sentence in Chinese with the arithmetic.
    pub explanation: String,
}

/// The line and the transition in force for the list of one year.
#[derive(Clone, Debug)]
pub struct Line {
    /// 元/亩, positive.
    pub floor: Decimal,
    pub comparison: Comparison,
    pub floor_valid: Period,
    pub comparison_note: String,
    pub comparison_is_local_choice: bool,
    pub document: String,
    pub article: String,
    pub transition_years: u32,
    pub transition_exempts: bool,
    pub transition_article: String,
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LineError {
    #[error(transparent)]
    Parameter(#[from] ParameterError),
    #[error("a tax-per-mu floor of {0} yuan per mu is not between 0 and 1,000,000,000 with at most 4 decimals")]
    Floor(Decimal),
    #[error("a transition of {0} years is longer than a century")]
    Transition(u32),
}

impl Line {
    /// # Errors
    /// When a parameter is not in force on that day or its value makes no sense.
    pub fn from_parameters(parameters: &Parameters) -> Result<Self, LineError> {
        let floor_parameter = parameters.get("tax_per_mu_floor")?;
        let floor = floor_parameter.decimal()?.normalize();
        if floor <= Decimal::ZERO || floor >= dec!(1_000_000_000) || floor.scale() > 4 {
            return Err(LineError::Floor(floor));
        }
        let transition_years = parameters.count("transition_years_at_most")?;
        if transition_years > 100 {
            return Err(LineError::Transition(transition_years));
        }
        let comparison = parameters.get("tax_per_mu_floor_comparison")?;
        Ok(Line {
            floor,
            comparison: comparison.comparison()?,
            floor_valid: floor_parameter.valid,
            comparison_note: comparison.note.clone(),
            comparison_is_local_choice: comparison.local_choice,
            document: floor_parameter.document.clone(),
            article: floor_parameter.article.clone(),
            transition_years,
            transition_exempts: parameters.flag("transition_exempts_from_remediation")?,
            transition_article: parameters.get("transition_exempts_from_remediation")?.article.clone(),
        })
    }
}

#[cfg(test)]
mod tests;
