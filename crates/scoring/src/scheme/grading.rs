//! Grades with their quotas, vetoes, and the order of steps. 二(一)4 of the governing text.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

base::terms! {
    pub enum Operator {
        /// Rounded down; a tie at the cut leaves the grade together.
        AtMost = "at_most" => "不超过",
        /// Rounded up; a tie at the cut is taken in together.
        AtLeast = "at_least" => "不少于",
    }
}

base::terms! {
    /// From which end of the ranking a grade is cut.
    pub enum Side {
        Top = "top" => "自前",
        Bottom = "bottom" => "自后",
    }
}

base::terms! {
    #[schema(as = SchemeStep)]
    pub enum Step {
        Bonus = "bonus" => "加分",
        Deduction = "deduction" => "减分",
        Ranking = "ranking" => "排名定档",
        Veto = "veto" => "一票否决",
        Manual = "manual" => "调档",
    }
}

/// One grade; those without a quota take whoever is left.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct GradeBand {
    pub grade: String,
    pub quota: Option<Quota>,
}

/// A share of the population of the ranking group, never of what other grades leave.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Quota {
    pub side: Side,
    pub operator: Operator,
    /// Percent of the population.
    pub percent: Decimal,
    /// The percentage counts from the end of the ranking, with the better (or worse) grades before it, and not this grade
    /// alone: A to 20, B to 75.
    #[serde(default)]
    pub cumulative: bool,
}

/// What a veto does. 二(一)4: whoever has one is never A or B.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct VetoRule {
    /// Grades that a vetoed subject cannot have.
    pub bars: Vec<String>,
    /// The grade it gets in their stead.
    pub becomes: String,
    /// Whether its place goes to the next by rank.
    pub fill_up: bool,
}
