//! The 10,000-yuan rule, 四(一)4: “亩均税收1万元以下的低效企业”.
//!
//! Conventions, where the text is silent:
//! - **Which figures.** Tax actually paid in the calendar year against the land held in that year: own + leased in +
//!   other − leased out, each weighted by the days of the year it was held. `tax × days` is compared with
//!   `floor × Σ(mu × days)`, where land is what was stated, in mu exactly: nothing is divided or rounded before the decision.
//! - **Which day picks the parameters and the transition**: 31 December of the year, when the figures of the year are
//!   complete. A later amendment does not reach back. How a transition is counted: [`crate::annual::transition`].
//! - **Whom it concerns**: every enterprise that held land. The coverage of 一(二) limits the comprehensive evaluation;
//!   since 2019 it includes low-efficiency land whoever uses it, and 四(一)4 names enterprises without further limit.
//! - **Missing is not zero.** No holding on record is a missing fact; holdings that carry floor area but no land are
//!   an enterprise without land. Zero tax is a figure like any other and falls below the line; negative tax cannot be
//!   what was paid, so it is asked about, not judged.

use std::cmp::Ordering;

use rust_decimal::Decimal;
use rust_decimal_macros::dec;

use super::{Inapplicable, Judgement, Line, MissingFact, Outcome, explain};
pub use crate::annual::deciding_day;
use crate::annual::transition::transition;
use crate::annual::{Facts, Figure, LandDays};
use crate::base::bounds::FIGURE;
use crate::base::period::length_of_year;
use crate::base::ratio::Ratio;
use crate::enterprise::Indicator;
use crate::policy::Comparison;

/// Decides one enterprise. Never fails: whatever is missing or odd has an outcome.
pub fn judge(facts: &Facts, line: &Line) -> Judgement {
    let inapplicable = inapplicable(facts);
    let missing = if inapplicable.is_some() { Vec::new() } else { missing_facts(facts) };
    let transition = if inapplicable.is_some() { None } else { transition(facts, line.transition_years) };
    let position = position(facts, line);
    let outcome = match (inapplicable, transition, position) {
        (Some(_), _, _) => Outcome::NotApplicable,
        (None, Some(_), _) if line.transition_exempts => Outcome::InTransition,
        (None, _, _) if !missing.is_empty() => Outcome::NotDeterminable,
        (None, _, Some(Ordering::Less)) => Outcome::Flagged,
        (None, _, Some(Ordering::Equal)) => Outcome::OnTheLine,
        (None, _, Some(Ordering::Greater)) => Outcome::Clear,
        (None, _, None) => Outcome::NotDeterminable,
    };
    let mut judgement = Judgement {
        outcome,
        low_efficiency: counts_as_low(outcome, line.comparison),
        missing,
        inapplicable,
        transition,
        land: facts.land.average(facts.year),
        tax_per_mu: tax_per_mu(facts),
        tax_per_100_m2_floor: tax_per_floor(facts, inapplicable),
        explanation: String::new(),
    };
    judgement.explanation = explain::sentence(facts, line, &judgement, position);
    judgement
}

pub fn counts_as_low(outcome: Outcome, comparison: Comparison) -> bool {
    match outcome {
        Outcome::Flagged => true,
        Outcome::OnTheLine => comparison == Comparison::AtMost,
        _ => false,
    }
}

fn inapplicable(facts: &Facts) -> Option<Inapplicable> {
    if !facts.operated {
        Some(Inapplicable::LeftBefore)
    } else if facts.established_on.is_some_and(|day| day > deciding_day(facts.year)) {
        Some(Inapplicable::NotYetEstablished)
    } else if facts.land.is_certainly_none() {
        Some(Inapplicable::NoLand)
    } else {
        None
    }
}

fn missing_facts(facts: &Facts) -> Vec<MissingFact> {
    tax_fault(tax_of(facts)).into_iter().chain(land_fault(&facts.land)).collect()
}

fn tax_of(facts: &Facts) -> Figure {
    facts.figures.of(Indicator::TaxPaid)
}

fn tax_fault(tax: Figure) -> Option<MissingFact> {
    match tax {
        Figure::Missing => Some(MissingFact::Tax),
        Figure::OutOfRange(_) => Some(MissingFact::TaxOutOfRange),
        Figure::Stated(tax, _) if !FIGURE.holds(tax) => Some(MissingFact::TaxOutOfRange),
        Figure::Stated(tax, _) => (tax < Decimal::ZERO).then_some(MissingFact::TaxNegative),
    }
}

fn land_fault(land: &LandDays) -> Option<MissingFact> {
    if land.records == 0 {
        return Some(MissingFact::LandRecord);
    }
    if land.unmeasured > 0 {
        return Some(MissingFact::LandArea);
    }
    if !land.is_in_range() {
        return Some(MissingFact::LandOutOfRange);
    }
    match land.total().cmp(&Decimal::ZERO) {
        Ordering::Less => Some(MissingFact::LandOverLeased),
        Ordering::Equal => Some(MissingFact::LandAllLeasedOut),
        Ordering::Greater => None,
    }
}

/// Where the enterprise stands against the line, once tax and land are known and the land is positive: `tax × days` is held
/// against `floor × (mu·days)`, exactly.
fn position(facts: &Facts, line: &Line) -> Option<Ordering> {
    let (tax, land) = comparable(facts)?;
    let paid = Ratio::from(tax) * Decimal::from(length_of_year(facts.year));
    let asked = Ratio::from(line.floor) * land;
    Some(paid.cmp(&asked))
}

/// Tax in yuan and land in mu·days, when both can be compared.
fn comparable(facts: &Facts) -> Option<(Decimal, Decimal)> {
    let tax = tax_of(facts).value().filter(|_| missing_facts(facts).is_empty())?;
    Some((tax, facts.land.total()))
}

/// For the eye.
fn tax_per_mu(facts: &Facts) -> Option<Decimal> {
    let (tax, land) = comparable(facts)?;
    tax.checked_mul(length_of_year(facts.year).into())?.checked_div(land)
}

fn tax_per_floor(facts: &Facts, inapplicable: Option<Inapplicable>) -> Option<Decimal> {
    let tax = tax_of(facts).value()?;
    let floor = facts.floor.filter(|floor| FIGURE.holds(*floor) && *floor > Decimal::ZERO)?;
    if inapplicable != Some(Inapplicable::NoLand) || tax_fault(tax_of(facts)).is_some() {
        return None;
    }
    tax.checked_mul(dec!(100))?.checked_mul(length_of_year(facts.year).into())?.checked_div(floor)
}

#[cfg(test)]
mod tests;
