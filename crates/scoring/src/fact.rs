//! Exact figures by name, and the quotients that are made of them.

use std::collections::BTreeMap;

use base::ratio::Ratio;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::scheme::{Quotient, Term};

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

/// Σ of facts × factors; none when one of them is missing. Missing is never zero.
pub fn sum(terms: &[Term], facts: &Facts) -> Option<Ratio> {
    total(terms.iter().map(|term| Some((*facts.get(&term.fact)?, term.factor))))
}

pub(crate) fn total(terms: impl Iterator<Item = Option<(Fact, Decimal)>>) -> Option<Ratio> {
    terms.map(|term| term.map(|(fact, factor)| fact.exact() * factor)).sum()
}

/// None when a figure is missing or the denominator is not above zero.
pub fn value_of(of: &Quotient, facts: &Facts) -> Option<Ratio> {
    quotient(sum(&of.numerator, facts), sum(&of.denominator, facts))
}

pub(crate) fn quotient(numerator: Option<Ratio>, denominator: Option<Ratio>) -> Option<Ratio> {
    let denominator = denominator.filter(|sum| !sum.is_negative())?;
    numerator?.over(&denominator)
}
