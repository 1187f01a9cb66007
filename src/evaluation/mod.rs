//! Evaluation: every enterprise of a category weighed once a year by the land it uses. 二(一) of the governing text.
//!
//! [`population`] says who is ranked and who is left out, [`annual::fact`](crate::annual::fact) what is known of them, the crate `scoring` what a scheme makes
//! of that; [`run`] puts them together, and [`document`] prints every step of it.

pub mod api;
pub mod case;
pub mod commands;
mod coverage;
pub mod document;
pub mod job;
pub mod ordered;
pub mod pages;
pub mod population;
pub mod present;
pub mod reach;
pub mod recheck;
mod room;
pub mod run;
#[cfg(test)]
mod samples;
pub mod store;
pub mod table;
pub mod veto;
pub mod wording;

pub use coverage::RULES;
pub use room::ROOM;

use chrono::NaiveDate;

use crate::account::Department;
use crate::base::code::Uscc;
use crate::base::period::Period;

crate::terms! {
    /// Why somebody of the category is not ranked; each is listed and counted apart.
    #[schema(as = EvaluationLeftOut)]
    pub enum LeftOut {
        Exempt = "exempt" => "免评",
        Protection = "protection" => "保护期",
        /// 二(一)3: new, newly above-size, major project under construction.
        Transition = "transition" => "过渡期",
        /// It holds floor area and no land.
        Tenant = "tenant" => "无自有用地，按建筑面积列示",
        /// No figure that the scheme asks for is on record.
        NoRecord = "no_record" => "数据缺失",
        /// Land of the year is zero or less.
        ZeroDenominator = "zero_denominator" => "用地为零",
        /// 一(二): below the land from which enterprises were evaluated in that year, or land not on record.
        NotCovered = "not_covered" => "不在当年评价范围",
    }
}

crate::terms! {
    /// What bars from A and B, 二(一)4.
    pub enum VetoKind {
        SafetyAccident = "safety_accident" => "重大安全生产事故",
        EnvironmentalAccident = "environmental_accident" => "重大环境事故",
        FoodSafetyAccident = "food_safety_accident" => "食品安全事故",
        TaxOffence = "tax_offence" => "严重涉税违法",
        EnergyTaskUnmet = "energy_task_unmet" => "未完成年度节能任务",
        EmissionTaskUnmet = "emission_task_unmet" => "未完成年度减排任务",
        CapacityTaskUnmet = "capacity_task_unmet" => "未完成年度去产能任务",
        EnvironmentalIndicators = "environmental_indicators" => "环保指标不达标",
        EnergyIndicators = "energy_indicators" => "能耗指标不达标",
        QualityIndicators = "quality_indicators" => "质量指标不达标",
        SafetyIndicators = "safety_indicators" => "安全指标不达标",
    }
}

crate::terms! {
    #[schema(as = EvaluationRunState)]
    pub enum RunState {
        Computed = "computed" => "已核算",
        Proposed = "proposed" => "待签发",
        Official = "official" => "正式结果",
        Superseded = "superseded" => "已被替代",
        Withdrawn = "withdrawn" => "已撤回",
    }
}

/// An event as it is entered.
#[derive(Clone, Debug)]
pub struct NewVeto {
    pub uscc: Uscc,
    pub kind: VetoKind,
    pub happened_on: NaiveDate,
    /// It acts in every calendar year that this touches.
    pub valid: Period,
    pub department: Department,
    pub document: String,
}
