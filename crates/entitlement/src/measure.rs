//! A measure as data: adopted like standards, with its days and its article.

use chrono::NaiveDate;
use rust_decimal::Decimal;
use scoring::scheme::{Adoption, Category};
use serde::{Deserialize, Serialize};

use crate::body::Body;
use crate::clock::Clock;

base::terms! {
    /// Of which year the quantity is that a rate is laid on. A year's quantity is not split by days.
    pub enum BaseYear {
        /// The year in which the measure acts.
        Acting = "acting" => "执行年度",
        /// The year that was graded, the one before.
        Graded = "graded" => "评价年度",
    }
}

base::terms! {
    /// What keeps a measure from acting on somebody whom it names.
    pub enum Exemption {
        /// 二(一)3 on 31 December of the year that was graded.
        Transition = "transition" => "过渡期",
        Protection = "protection" => "保护期",
        /// On the list of those who are not evaluated.
        Exempt = "exempt" => "免评",
    }
}

base::terms! {
    /// What there is to be seen of a measure that was carried out.
    #[schema(as = MeasureKind)]
    pub enum Kind {
        /// Yuan.
        Amount = "amount" => "金额",
        Support = "support" => "支持",
        /// That nothing was given.
        Bar = "bar" => "限制",
    }
}

/// What a measure does.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
#[schema(as = MeasureEffect)]
pub enum Effect {
    /// quantity × rate of the clock, in yuan.
    Charge {
        /// A fact of the year, as `electricity_grid_kwh`.
        base: String,
        base_year: BaseYear,
    },
    /// quantity × price × (100 − percent of the clock) ÷ 100, in yuan: what remains to be paid.
    Relief {
        base: String,
        base_year: BaseYear,
        /// yuan a unit, before relief.
        price: Decimal,
    },
    /// Encouraged or supported; no amount.
    Support,
    /// Not to be given.
    Bar,
}

/// A fact that no register knows: it is asked, never guessed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = MeasureCondition)]
pub struct Condition {
    /// As `loan_expands_capacity_only`.
    pub key: String,
    /// Chinese; answered yes, the measure acts.
    pub question: String,
}

/// What becomes of it beside others of one group.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
#[schema(as = MeasureStacking)]
pub enum Stacking {
    /// Each is paid.
    Added,
    /// Only the highest of the group is; of equal ones the earlier.
    HighestOnly { group: String },
}

/// One measure.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Measure {
    /// Stable, unique among all measures of a district: `xiacheng/d-no-expansion-loans`.
    pub id: String,
    pub title: String,
    pub adoption: Adoption,
    pub categories: Vec<Category>,
    pub grades: Vec<String>,
    pub effect: Effect,
    pub clock: Clock,
    pub stacking: Stacking,
    /// All must be answered yes.
    #[serde(default)]
    pub conditions: Vec<Condition>,
    #[serde(default)]
    pub exemptions: Vec<Exemption>,
    /// Who carries it out.
    pub executing: Body,
    /// The first day.
    pub from: NaiveDate,
    /// The last day; null while no end is set.
    pub to: Option<NaiveDate>,
    /// The document it rests on, and the place in it. When the document ends, so does the measure.
    pub document: String,
    pub article: String,
    /// Where its figures were read, and what the district chose of its own accord.
    pub source: String,
}

impl Measure {
    pub fn acts_on(&self, day: NaiveDate) -> bool {
        self.from <= day && self.to.is_none_or(|last| day <= last)
    }

    pub fn kind(&self) -> Kind {
        match self.effect {
            Effect::Charge { .. } | Effect::Relief { .. } => Kind::Amount,
            Effect::Support => Kind::Support,
            Effect::Bar => Kind::Bar,
        }
    }

    /// yuan a unit of its base at a rate of its clock.
    pub fn per_unit(&self, rate: Decimal) -> Option<Decimal> {
        match &self.effect {
            Effect::Charge { .. } => Some(rate),
            Effect::Relief { price, .. } => price.checked_mul((Decimal::ONE_HUNDRED - rate) / Decimal::ONE_HUNDRED),
            Effect::Support | Effect::Bar => None,
        }
    }

    /// The fact that is charged or relieved.
    pub fn base(&self) -> Option<(&str, BaseYear)> {
        match &self.effect {
            Effect::Charge { base, base_year } | Effect::Relief { base, base_year, .. } => Some((base, *base_year)),
            Effect::Support | Effect::Bar => None,
        }
    }
}
