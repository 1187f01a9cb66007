//! Who is ranked, and what is known of them.

use std::collections::BTreeMap;

use base::ratio::Ratio;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::follow::Follow;
use crate::made::Made;

/// An exact figure: an amount in whole parts, `over` of which make one. Land of a year is Σ mu × days over the days of the
/// year; a sum of equivalents is over the least common multiple of what each is divided by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fact {
    pub amount: Decimal,
    #[serde(default = "one", skip_serializing_if = "is_one")]
    pub over: u32,
}

fn one() -> u32 {
    1
}

fn is_one(over: &u32) -> bool {
    *over == 1
}

impl Fact {
    pub fn exact(self) -> Ratio {
        Ratio::from(self.amount) / Decimal::from(self.over.max(1))
    }
}

impl From<Decimal> for Fact {
    fn from(amount: Decimal) -> Self {
        Fact { amount, over: 1 }
    }
}

/// Facts by name; a fact that is not there is missing.
pub type Facts = BTreeMap<String, Fact>;

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
