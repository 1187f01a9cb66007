//! Low-efficiency land: which enterprises pay less tax per mu than the line of 四(一)4 of the governing text.
//!
//! [`rules`] decides one enterprise from its facts, [`store`] asks for a whole district; both are one judge ([`judge`]) of the facts
//! that `annual` keeps. [`mod@line`] is what they are held against.

pub mod api;
mod asked;
mod coverage;
mod explain;
mod judge;
pub mod line;
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
pub use line::{Line, LineError};
pub use room::ROOM;

use rust_decimal::Decimal;

use crate::annual::transition::Transition;
use crate::base::ratio::Ratio;

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

#[cfg(test)]
mod tests;
