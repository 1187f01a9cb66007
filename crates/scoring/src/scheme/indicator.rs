//! Indicators: a quotient of facts, its weight, and how a value becomes points. 二(一)2 and 3 of the governing text.

use base::ratio::Ratio;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

base::terms! {
    pub enum Direction {
        Up = "up" => "越大越好",
        Down = "down" => "越小越好",
    }
}

base::terms! {
    /// What a value below zero scores.
    pub enum Negative {
        Zero = "zero" => "记0分",
        AsItIs = "as_it_is" => "按负值计分",
    }
}

base::terms! {
    /// How the mean of the years of the base is worked out.
    pub enum Mean {
        /// Σ numerators ÷ Σ denominators over the district and all years of the base.
        RatioOfSums = "ratio_of_sums" => "合计之比",
        /// The mean of the district's yearly ratios of sums.
        YearlyRatios = "mean_of_yearly_ratios" => "各年比值的平均",
    }
}

/// What stands in for a figure that is missing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Missing {
    Zero,
    /// The full base score.
    Weight,
    /// The mean of what the others of the ranking group score, after their caps.
    PeerAverage,
    /// So many points are taken off; no floor lifts it.
    Minus(Decimal),
    /// Adds nothing; its weight is not spread again.
    NotScored,
}

impl Missing {
    /// As results name it.
    pub fn code(&self) -> &'static str {
        match self {
            Missing::Zero => "zero",
            Missing::Weight => "weight",
            Missing::PeerAverage => "peer_average",
            Missing::Minus(_) => "minus",
            Missing::NotScored => "not_scored",
        }
    }
}

/// What a value is measured against.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Standard {
    /// Worked out from the years before: mean × factor, the same for `years` years.
    Benchmark {
        mean: Mean,
        /// 1.5 in the governing text.
        factor: Decimal,
        /// How many years are averaged, and for how many years the base then holds.
        years: i32,
        /// A year for which it was revised; others follow every `years` years.
        revised_for: i32,
    },
    /// Typed by whoever may.
    Fixed(Decimal),
}

/// One row of a table of points.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Points {
    /// Inclusive unless `above`; null has no lower end.
    pub from: Option<Decimal>,
    /// The lower end itself is left out.
    #[serde(default)]
    pub above: bool,
    /// Exclusive unless `through`; null has no upper end.
    pub to: Option<Decimal>,
    /// The upper end itself belongs to the row.
    #[serde(default)]
    pub through: bool,
    pub points: Decimal,
}

impl Points {
    pub fn holds(&self, value: &Ratio) -> bool {
        let lower = self.from.map(Ratio::from).is_none_or(|end| *value > end || (*value == end && !self.above));
        let upper = self.to.map(Ratio::from).is_none_or(|end| *value < end || (*value == end && self.through));
        lower && upper
    }
}

base::terms! {
    /// What a table of points is entered with.
    pub enum Within {
        Value = "value" => "指标值",
        OfBase = "multiple_of_base" => "与基准值之比",
        OfPeerMean = "multiple_of_peer_mean" => "与同组平均值之比",
    }
}

/// How a value becomes points.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Family {
    /// value ÷ base × weight (base ÷ value where less is better), at most `cap` × weight, at least 0.
    ToBase {
        standard: Standard,
        /// Times the weight; null without a bound.
        cap: Option<Decimal>,
    },
    /// weight × (20 + 80 × (value − least) ÷ (most − least)) ÷ 100 within the ranking group.
    MinMax,
    /// weight × (n − place + 1) ÷ n within the ranking group.
    Rank,
    /// As `rank`, and the better half is ranked again by another quotient.
    TwoStage { second: Quotient, second_direction: Direction },
    /// A table of points.
    Steps { of: Within, standard: Option<Standard>, table: Vec<Points> },
}

/// A fact and what it counts: `{"fact": "tax_yuan", "factor": "0.0001"}` is tax in 万元.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Term {
    pub fact: String,
    pub factor: Decimal,
}

/// Σ of terms ÷ Σ of terms.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Quotient {
    pub numerator: Vec<Term>,
    pub denominator: Vec<Term>,
}

/// One indicator of a scheme.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = SchemeIndicator)]
#[serde(deny_unknown_fields)]
pub struct Indicator {
    /// `tax_per_mu`; a district's own have names of their own.
    pub indicator: String,
    pub title: String,
    pub unit: String,
    pub value: Quotient,
    pub direction: Direction,
    pub weight: Decimal,
    pub family: Family,
    pub missing: Missing,
    pub negative: Negative,
}

impl Indicator {
    /// Every term it is made of.
    pub fn terms(&self) -> impl Iterator<Item = &Term> {
        let second = match &self.family {
            Family::TwoStage { second, .. } => Some(second),
            _ => None,
        };
        std::iter::once(&self.value).chain(second).flat_map(|of| of.numerator.iter().chain(&of.denominator))
    }

    /// What its value is measured against, where it is.
    pub fn standard(&self) -> Option<&Standard> {
        match &self.family {
            Family::ToBase { standard, .. } => Some(standard),
            Family::Steps { standard, .. } => standard.as_ref(),
            _ => None,
        }
    }
}

/// Points added (or taken off) on proof, so many a time, at most `cap` together.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Bonus {
    pub item: String,
    pub title: String,
    /// Points a time.
    pub points: Decimal,
    pub cap: Option<Decimal>,
    pub evidence: String,
    pub article: String,
}
