//! A scheme laid out for many subjects: facts by position instead of by name, and quotients in whole numbers as long as they fit.

use base::ratio::Ratio;
use rust_decimal::Decimal;

use crate::fact;
use crate::near::Near;
use crate::scheme::{Family, Indicator, Quotient, Scheme, Term};
use crate::subject::Fact;

/// Facts by their position in [`names`].
pub type Row = Vec<Option<Fact>>;

/// The names of all facts a scheme is made of, in the order of the alphabet: the positions of a [`Row`].
pub fn names(scheme: &Scheme) -> Vec<String> {
    scheme.facts().into_iter().map(str::to_owned).collect()
}

/// What is known of a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// A figure is missing, or the denominator is not above zero.
    Missing,
    /// `above ÷ below`, `below` above zero, not in lowest terms.
    Small { above: i128, below: i128 },
    /// Whole numbers of 128 bits do not hold it.
    Large(Ratio),
}

impl Value {
    pub fn is_missing(&self) -> bool {
        *self == Value::Missing
    }

    pub fn is_negative(&self) -> bool {
        match self {
            Value::Missing => false,
            Value::Small { above, .. } => *above < 0,
            Value::Large(ratio) => ratio.is_negative(),
        }
    }

    /// Nothing where bounds do not hold it.
    pub fn near(&self) -> Option<Near> {
        match self {
            Value::Missing => None,
            Value::Small { above, below } => Near::quotient(*above, *below),
            Value::Large(ratio) => Near::of(ratio),
        }
    }
}

/// A quotient by positions.
pub struct QuotientAt {
    numerator: Vec<TermAt>,
    denominator: Vec<TermAt>,
}

struct TermAt {
    fact: usize,
    factor: Decimal,
}

/// A fraction in whole numbers; `below` is above zero.
#[derive(Clone, Copy)]
struct Small {
    above: i128,
    below: i128,
}

impl Small {
    fn plus(self, other: Small) -> Option<Small> {
        if self.below == other.below {
            return Some(Small { above: self.above.checked_add(other.above)?, ..self });
        }
        let (one, another) = (self.above.checked_mul(other.below)?, other.above.checked_mul(self.below)?);
        Some(Small { above: one.checked_add(another)?, below: self.below.checked_mul(other.below)? })
    }

    /// By what is above zero.
    fn over(self, divisor: Small) -> Option<(i128, i128)> {
        let plain =
            |one: Small, other: Small| Some((one.above.checked_mul(other.below)?, one.below.checked_mul(other.above)?));
        let lowered = || {
            let common = common_divisor(self.below, divisor.below);
            plain(Small { below: self.below / common, ..self }, Small { below: divisor.below / common, ..divisor })
        };
        plain(self, divisor).or_else(lowered)
    }
}

fn common_divisor(one: i128, other: i128) -> i128 {
    if other == 0 { one } else { common_divisor(other, one % other) }
}

/// A fact in whole numbers, times a factor.
fn small(fact: Fact, factor: Decimal) -> Option<Small> {
    let below = 10i128.checked_pow(fact.amount.scale() + factor.scale())?.checked_mul(fact.over.max(1).into())?;
    Some(Small { above: fact.amount.mantissa().checked_mul(factor.mantissa())?, below })
}

/// A fact between its bounds.
pub fn near(fact: Fact) -> Option<Near> {
    let small = small(fact, Decimal::ONE)?;
    Near::quotient(small.above, small.below)
}

impl QuotientAt {
    pub fn of(quotient: &Quotient, names: &[String]) -> QuotientAt {
        // A name that is not there is missing for everybody: a position that no row has.
        let at = |term: &Term| TermAt {
            fact: names.iter().position(|name| *name == term.fact).unwrap_or(usize::MAX),
            factor: term.factor,
        };
        QuotientAt {
            numerator: quotient.numerator.iter().map(at).collect(),
            denominator: quotient.denominator.iter().map(at).collect(),
        }
    }

    pub fn value(&self, row: &Row) -> Value {
        let there = |term: &TermAt| row.get(term.fact).is_some_and(Option::is_some);
        if !self.numerator.iter().chain(&self.denominator).all(there) {
            return Value::Missing;
        }
        let parts = sum(&self.numerator, row).zip(sum(&self.denominator, row));
        let Some((numerator, denominator)) = parts else { return self.large(row) };
        if denominator.above <= 0 {
            return Value::Missing;
        }
        match numerator.over(denominator) {
            Some((above, below)) => Value::Small { above, below },
            None => self.large(row),
        }
    }

    fn large(&self, row: &Row) -> Value {
        self.exact(row).map_or(Value::Missing, Value::Large)
    }

    pub fn exact(&self, row: &Row) -> Option<Ratio> {
        let terms = |terms: &[TermAt]| {
            fact::total(terms.iter().map(|term| Some((row.get(term.fact).copied().flatten()?, term.factor))))
        };
        fact::quotient(terms(&self.numerator), terms(&self.denominator))
    }
}

fn sum(terms: &[TermAt], row: &Row) -> Option<Small> {
    total(terms.iter().map(|term| Some(((*row.get(term.fact)?)?, term.factor))))
}

fn total(terms: impl Iterator<Item = Option<(Fact, Decimal)>>) -> Option<Small> {
    let mut sum: Option<Small> = None;
    for term in terms {
        let (fact, factor) = term?;
        let next = small(fact, factor)?;
        sum = Some(match sum {
            Some(sum) => sum.plus(next)?,
            None => next,
        });
    }
    Some(sum.unwrap_or(Small { above: 0, below: 1 }))
}

/// Σ of facts × factors in whole numbers: what is divided by what. Nothing where one is missing, or they do not hold it.
pub(crate) fn small_sum(terms: impl Iterator<Item = Option<(Fact, Decimal)>>) -> Option<(i128, i128)> {
    total(terms).map(|sum| (sum.above, sum.below))
}

/// An indicator by positions.
pub struct IndicatorAt<'a> {
    pub indicator: &'a Indicator,
    pub value: QuotientAt,
    /// Of two stages.
    pub second: Option<QuotientAt>,
}

pub fn indicators<'a>(scheme: &'a Scheme, names: &[String]) -> Vec<IndicatorAt<'a>> {
    let second = |indicator: &Indicator| match &indicator.family {
        Family::TwoStage { second, .. } => Some(QuotientAt::of(second, names)),
        _ => None,
    };
    let at = |indicator: &'a Indicator| IndicatorAt {
        indicator,
        value: QuotientAt::of(&indicator.value, names),
        second: second(indicator),
    };
    scheme.indicators.iter().map(at).collect()
}
