//! The 10,000-yuan rule, 四(一)4: “亩均税收1万元以下的低效企业”.
//!
//! Conventions, where the text is silent:
//! - **Which figures.** Tax actually paid in the calendar year against the land held in that year: own + leased in +
//!   other − leased out, each weighted by the days of the year it was held. `tax × days` is compared with
//!   `floor × Σ(mu × days)`, where land is what was stated, in mu exactly: nothing is divided or rounded before the decision.
//! - **Which day picks the parameters and the transition**: 31 December of the year, when the figures of the year are
//!   complete. A later amendment does not reach back. A transition of three years is counted as the Civil Code counts
//!   (articles 201 and 202, [`crate::base::anniversary`]): its last day is the anniversary, and the year whose 31 December is that day
//!   still belongs to it.
//! - **Whom it concerns**: every enterprise that held land. The coverage of 一(二) limits the comprehensive evaluation;
//!   since 2019 it includes low-efficiency land whoever uses it, and 四(一)4 names enterprises without further limit.
//! - **Missing is not zero.** No holding on record is a missing fact; holdings that carry floor area but no land are
//!   an enterprise without land. Zero tax is a figure like any other and falls below the line; negative tax cannot be
//!   what was paid, so it is asked about, not judged.

use std::cmp::Ordering;

use chrono::NaiveDate;
use rust_decimal::Decimal;
use rust_decimal_macros::dec;

use super::{
    Facts, Inapplicable, Judgement, LandDays, Line, MissingFact, Outcome, ProjectStart, Tax, Transition,
    TransitionGround, explain,
};
use crate::base::anniversary::years_after;
use crate::base::period::length_of_year;
use crate::base::ratio::Ratio;
use crate::enterprise::SizeClass;
use crate::policy::Comparison;

/// The day whose parameters and transitions the list of `year` uses.
pub fn deciding_day(year: i32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, 12, 31).expect("every year has a 31 December")
}

/// Money and floor areas are judged below 10^15 and with at most 12 decimals. Beyond that something is wrong with the
/// figure, and it is asked about. What is entered now is bounded more tightly ([`crate::base::bounds`]); what was taken
/// before stays on record.
pub fn in_range(value: Decimal) -> bool {
    value.abs() < dec!(1_000_000_000_000_000) && value.normalize().scale() <= 12
}

/// One use of land: below 10^12 m², and what has twelve decimals of a square metre has sixteen of a mu.
pub const LAND_BELOW: Decimal = dec!(1_500_000_000);
/// Sums of mu·days: below it sixteen decimals fit, so that sums are exact.
pub const LAND_DAYS_BELOW: Decimal = dec!(1_500_000_000_000);
pub const LAND_PLACES: u32 = 16;

fn is_land(mu_days: Decimal) -> bool {
    mu_days.abs() < LAND_DAYS_BELOW && mu_days.normalize().scale() <= LAND_PLACES
}

/// Decides one enterprise. Never fails: whatever is missing or odd has an outcome.
pub fn judge(facts: &Facts, line: &Line) -> Judgement {
    let inapplicable = inapplicable(facts);
    let missing = if inapplicable.is_some() { Vec::new() } else { missing_facts(facts) };
    let transition = if inapplicable.is_some() { None } else { transition(facts, line) };
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
        land: land_of_year(facts),
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
    tax_fault(facts.tax).into_iter().chain(land_fault(&facts.land)).collect()
}

fn tax_fault(tax: Tax) -> Option<MissingFact> {
    match tax {
        Tax::Missing => Some(MissingFact::Tax),
        Tax::OutOfRange => Some(MissingFact::TaxOutOfRange),
        Tax::Paid(tax) if !in_range(tax.0) => Some(MissingFact::TaxOutOfRange),
        Tax::Paid(tax) if tax.is_negative() => Some(MissingFact::TaxNegative),
        Tax::Paid(_) => None,
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
    match facts.tax {
        Tax::Paid(tax) if missing_facts(facts).is_empty() => Some((tax.0, facts.land.total())),
        _ => None,
    }
}

/// The transition of 二(一)3 that lasts longest, if the deciding day falls into one. Each of its three kinds lasts at most
/// so many years from its start, and a construction period no longer than the district recognised.
fn transition(facts: &Facts, line: &Line) -> Option<Transition> {
    let day = deciding_day(facts.year);
    let lasts_until = |start: NaiveDate| (start <= day).then(|| years_after(start, line.transition_years));
    let above_size_since = facts.above_size_since.filter(|_| facts.size_class == SizeClass::Above);
    let project = facts.project.and_then(|project| Some(lasts_until(project.start.day())?.min(project.until)));
    let start_unknown = facts.project.is_some_and(|project| matches!(project.start, ProjectStart::KnownFrom(_)));
    [
        (TransitionGround::New, facts.established_on.and_then(lasts_until), false),
        (TransitionGround::NewlyAboveSize, above_size_since.and_then(lasts_until), false),
        (TransitionGround::MajorProject, project, start_unknown),
    ]
    .into_iter()
    .filter_map(|(ground, last, start_unknown)| {
        let last = last.filter(|last| day <= *last)?;
        Some(Transition { ground, until: last.succ_opt()?, start_unknown })
    })
    .max_by_key(|transition| transition.until)
}

fn land_of_year(facts: &Facts) -> Option<Ratio> {
    let land = &facts.land;
    if land.records == 0 || land.unmeasured > 0 || !land.is_in_range() {
        return None;
    }
    Ratio::of(land.total(), length_of_year(facts.year).into())
}

/// For the eye.
fn tax_per_mu(facts: &Facts) -> Option<Decimal> {
    let (tax, land) = comparable(facts)?;
    tax.checked_mul(length_of_year(facts.year).into())?.checked_div(land)
}

fn tax_per_floor(facts: &Facts, inapplicable: Option<Inapplicable>) -> Option<Decimal> {
    let Tax::Paid(tax) = facts.tax else { return None };
    let floor = facts.floor.filter(|floor| in_range(*floor) && *floor > Decimal::ZERO)?;
    if inapplicable != Some(Inapplicable::NoLand) || tax_fault(facts.tax).is_some() {
        return None;
    }
    tax.0.checked_mul(dec!(100))?.checked_mul(length_of_year(facts.year).into())?.checked_div(floor)
}

impl LandDays {
    /// own + leased in + other − leased out, in mu·days. Exact while each part is in range.
    pub fn total(&self) -> Decimal {
        self.owned + self.leased_in + self.other - self.leased_out
    }

    fn sides(&self) -> [Decimal; 4] {
        [self.owned, self.leased_in, self.leased_out, self.other]
    }

    fn is_in_range(&self) -> bool {
        !self.out_of_range && self.sides().into_iter().all(is_land) && is_land(self.owned + self.leased_in + self.other)
    }

    /// Holdings are on record, all measured, and none of them carries land.
    fn is_certainly_none(&self) -> bool {
        self.records > 0 && self.unmeasured == 0 && !self.out_of_range && self.sides().iter().all(Decimal::is_zero)
    }
}

#[cfg(test)]
mod tests;
