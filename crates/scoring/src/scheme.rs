//! A scheme as data: who is ranked with whom, by what, and which grade follows. 二(一)2–4 of the governing text.

mod fault;
mod grading;
mod indicator;
mod population;

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

pub use fault::{SchemeFault, check};
pub use grading::{GradeBand, Operator, Quota, Side, Step, VetoRule};
pub use indicator::{
    Bonus, Direction, Family, Indicator, Mean, Missing, Negative, Points, Quotient, Standard, Term, Within,
};
pub use population::{FixedGrade, Grouping, Merge, Population, RankingGroup, SubjectKind, Tenants};

base::terms! {
    /// The lists in which enterprises are evaluated.
    pub enum Category {
        IndustryAbove = "industry_above" => "规上工业",
        IndustryBelow = "industry_below" => "规下工业",
        ServicesAbove = "services_above" => "规上服务业",
        Platform = "platform" => "产业平台",
        HighTech = "high_tech" => "高新技术企业",
        LowEfficiencyLand = "low_efficiency_land" => "低效用地",
    }
}

base::terms! {
    /// Whether a district goes by what is published.
    pub enum Adoption {
        /// Shown and tried out, never the ground of a decision of its own accord.
        Example = "example" => "示例（未采用）",
        Adopted = "adopted" => "本区采用",
    }
}

base::terms! {
    pub enum Binding {
        Binding = "binding" => "正式评价",
        /// Shown, and binds nobody.
        Trial = "trial" => "试评价",
    }
}

/// Everything that turns facts into grades in one category. Written as JSON it is what is submitted, published, frozen in a
/// run and printed: one form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Scheme {
    /// Stable, unique among all schemes of a district: `xiacheng/industry-above-2019`.
    pub id: String,
    pub title: String,
    pub category: Category,
    /// The first year it evaluates.
    pub from_year: i32,
    /// The last year it evaluates; null while no other follows.
    pub to_year: Option<i32>,
    pub binding: Binding,
    pub adoption: Adoption,
    pub document: String,
    pub article: String,
    /// Where its figures were read, and what the district chose of its own accord.
    pub source: String,
    /// Document of the leading group for what departs from 一般 and 原则上 of the governing text.
    #[serde(default)]
    pub departure: Option<String>,
    pub population: Population,
    pub ranking: Grouping,
    pub indicators: Vec<Indicator>,
    /// Multiplies the sum of the items, where an enterprise has none of its own.
    pub coefficient: Decimal,
    #[serde(default)]
    pub bonus: Vec<Bonus>,
    /// The most that all bonus items give together; null without a bound.
    #[serde(default)]
    pub bonus_cap: Option<Decimal>,
    #[serde(default)]
    pub deduction: Vec<Bonus>,
    #[serde(default)]
    pub deduction_cap: Option<Decimal>,
    /// Decimals to which the score is rounded half up before it is ranked; null ranks it as it is.
    #[serde(default)]
    pub rounding: Option<u32>,
    /// From the best to the worst; exactly one has no quota and takes the remainder.
    pub grades: Vec<GradeBand>,
    pub veto: VetoRule,
    /// Bonus, deduction and ranking in this order, then veto and manual change.
    pub steps: Vec<Step>,
}

impl Scheme {
    pub fn holds_for(&self, year: i32) -> bool {
        self.from_year <= year && self.to_year.is_none_or(|last| year <= last)
    }

    pub fn indicator(&self, name: &str) -> Option<&Indicator> {
        self.indicators.iter().find(|indicator| indicator.indicator == name)
    }

    /// The names of all facts its indicators are made of, each once, in the order of the alphabet.
    pub fn facts(&self) -> std::collections::BTreeSet<&str> {
        let terms = self.indicators.iter().flat_map(Indicator::terms);
        terms.map(|term| term.fact.as_str()).collect()
    }

    /// The band that takes whoever no quota takes.
    pub fn remainder(&self) -> Option<usize> {
        self.grades.iter().position(|band| band.quota.is_none())
    }
}
