//! What makes a measure none, and what two of them cannot do beside each other.

use std::collections::{BTreeMap, BTreeSet};

use rust_decimal::Decimal;

use crate::clock::Clock;
use crate::measure::{Effect, Measure};

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MeasureFault {
    #[error("{0} stands twice")]
    Twice(String),
    #[error("{id} has no {what}")]
    Blank { id: String, what: &'static str },
    #[error("{0} ends before it starts")]
    Days(String),
    #[error("{0} lays a rate on something and has none")]
    NoRate(String),
    #[error("{0} has a rate and nothing to lay it on")]
    NoBase(String),
    #[error("a rate or price of {0} is below zero")]
    Negative(String),
    #[error("{0} gives a relief of more than 100 percent")]
    Relief(String),
    #[error("the condition {key} of {id} is asked in other words elsewhere")]
    Asked { id: String, key: String },
    #[error("{one} and {other} say the same of one grade on one day")]
    Overlap { one: String, other: String },
}

/// Everything that is wrong, in the order of the measures.
pub fn check(measures: &[Measure]) -> Vec<MeasureFault> {
    let mut seen = BTreeSet::new();
    let twice = measures.iter().filter(|measure| !seen.insert(measure.id.as_str()));
    let mut faults: Vec<MeasureFault> = twice.map(|measure| MeasureFault::Twice(measure.id.clone())).collect();
    faults.extend(measures.iter().flat_map(of_one));
    faults.extend(asked_differently(measures));
    for (at, one) in measures.iter().enumerate() {
        let others = measures[at + 1..].iter().filter(|other| overlap(one, other));
        faults.extend(others.map(|other| MeasureFault::Overlap { one: one.id.clone(), other: other.id.clone() }));
    }
    faults
}

/// One answer is given to one question, whichever measure asks it.
fn asked_differently(measures: &[Measure]) -> Vec<MeasureFault> {
    let mut known: BTreeMap<&str, &str> = BTreeMap::new();
    let mut faults = Vec::new();
    for measure in measures {
        for condition in &measure.conditions {
            let first = *known.entry(&condition.key).or_insert(&condition.question);
            if first != condition.question {
                faults.push(MeasureFault::Asked { id: measure.id.clone(), key: condition.key.clone() });
            }
        }
    }
    faults
}

fn of_one(measure: &Measure) -> Vec<MeasureFault> {
    let id = || measure.id.clone();
    let texts = [
        ("title", measure.title.trim().is_empty()),
        ("grade", measure.grades.is_empty()),
        ("category", measure.categories.is_empty()),
        ("document", measure.document.trim().is_empty()),
        ("article", measure.article.trim().is_empty()),
        ("source", measure.source.trim().is_empty()),
        ("condition", measure.conditions.iter().any(|it| it.key.trim().is_empty() || it.question.trim().is_empty())),
    ];
    let mut faults: Vec<MeasureFault> =
        texts.into_iter().filter(|(_, blank)| *blank).map(|(what, _)| MeasureFault::Blank { id: id(), what }).collect();
    let rates = measure.clock.rates();
    let checks = [
        (measure.to.is_some_and(|last| last < measure.from), MeasureFault::Days(id())),
        (measure.base().is_some() && rates.is_empty(), MeasureFault::NoRate(id())),
        (measure.base().is_none() && !rates.is_empty(), MeasureFault::NoBase(id())),
        (rates.iter().any(Decimal::is_sign_negative) || has_negative_price(measure), MeasureFault::Negative(id())),
        (relieves_too_much(measure, &rates), MeasureFault::Relief(id())),
    ];
    faults.extend(checks.into_iter().filter(|(broken, _)| *broken).map(|(_, fault)| fault));
    faults
}

fn has_negative_price(measure: &Measure) -> bool {
    matches!(&measure.effect, Effect::Relief { price, .. } if price.is_sign_negative())
}

fn relieves_too_much(measure: &Measure, rates: &[Decimal]) -> bool {
    matches!(measure.effect, Effect::Relief { .. }) && rates.iter().any(|rate| *rate > Decimal::ONE_HUNDRED)
}

/// Two that charge or relieve the same fact for one grade of one category on one day, and do not say how they stand to each other:
/// both are meant to be paid, and nobody could tell.
fn overlap(one: &Measure, other: &Measure) -> bool {
    let (Some((fact, _)), Some((another, _))) = (one.base(), other.base()) else { return false };
    let same_effect = std::mem::discriminant(&one.effect) == std::mem::discriminant(&other.effect);
    let together = |last: Option<chrono::NaiveDate>, from| last.is_none_or(|last| from <= last);
    fact == another
        && same_effect
        && one.adoption == other.adoption
        && one.stacking == other.stacking
        && one.stacking == crate::measure::Stacking::Added
        && one.executing == other.executing
        && one.categories.iter().any(|category| other.categories.contains(category))
        && one.grades.iter().any(|grade| other.grades.contains(grade))
        && together(one.to, other.from)
        && together(other.to, one.from)
        && years_meet(&one.clock, &other.clock)
}

fn years_meet(one: &Clock, other: &Clock) -> bool {
    match (one, other) {
        (Clock::Calendar { rates }, Clock::Calendar { rates: others }) => {
            rates.keys().any(|year| others.contains_key(year))
        }
        _ => true,
    }
}

#[cfg(test)]
mod tests;
