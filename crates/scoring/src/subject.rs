//! Who is ranked, and what is known of them.

use base::ratio::Ratio;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

pub use crate::fact::{Fact, Facts};
use crate::follow::Follow;
use crate::made::{Figures, Made};
use crate::scheme::{Indicator, Quotient};

/// What somebody proved towards an item of bonus or deduction.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claim {
    pub item: String,
    /// How often.
    pub times: Decimal,
    pub document: String,
}

/// A grade changed by document and second person (调档).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    pub grade: String,
    pub document: String,
    pub why: String,
}

/// One that is ranked: an enterprise, a platform or a parcel.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Subject {
    /// Unique within the run; what is tied is listed by it, and never decided by it.
    pub key: String,
    /// The ranking group.
    pub group: String,
    pub facts: Facts,
    /// Its own correction coefficient, instead of the scheme's.
    #[serde(default)]
    pub coefficient: Option<Decimal>,
    #[serde(default)]
    pub bonus: Vec<Claim>,
    #[serde(default)]
    pub deduction: Vec<Claim>,
    /// A veto acts on it in the year.
    #[serde(default)]
    pub vetoed: bool,
    /// A grade fixed outside population and quota.
    #[serde(default)]
    pub fixed: Option<String>,
    #[serde(default)]
    pub change: Option<Change>,
    /// Of one that is made of others, whose figures count instead of its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub made: Option<Made>,
    /// It is not ranked, and takes the grade of another.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub follows: Option<Follow>,
}

impl Figures for Subject {
    fn value(&self, indicator: &Indicator) -> Option<Ratio> {
        self.made.as_ref().map_or_else(|| self.facts.value(indicator), |made| made.value(indicator))
    }

    fn second(&self, indicator: &Indicator, second: &Quotient) -> Option<Ratio> {
        self.made.as_ref().map_or_else(|| self.facts.second(indicator, second), |made| made.second(indicator, second))
    }
}
