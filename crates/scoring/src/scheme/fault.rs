//! What makes a scheme none: it could not be worked out, or two readers could work it out differently. The bounds of the law
//! are another matter and stand with the policy.

use std::collections::BTreeSet;

use base::ratio::Ratio;
use rust_decimal::Decimal;

use super::{Bonus, Family, GradeBand, Indicator, Points, Quotient, Scheme, Side, Standard, Step, Within};

/// The first decimals anybody could tell apart on a page.
const MAX_ROUNDING: u32 = 12;

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SchemeFault {
    #[error("the scheme ends before it starts")]
    Years,
    #[error("the scheme has no indicator")]
    NoIndicator,
    #[error("{0} stands twice")]
    Twice(String),
    #[error("{0} has no name, or one of other characters than a-z, 0-9 and _")]
    Name(String),
    #[error("the weight of {0} is below zero")]
    Weight(String),
    #[error("the quotient of {0} lacks a numerator or a denominator, or counts a fact zero times")]
    Quotient(String),
    #[error("the base or the cap of {0} is not above zero")]
    Base(String),
    #[error("the benchmark of {0} is the mean of no year, or its factor is not above zero")]
    Benchmark(String),
    #[error("{0} is measured against a base and has none")]
    NoStandard(String),
    #[error("the table of {0} has no row, an empty row, or two rows for one value")]
    Table(String),
    #[error("the points or the cap of {0} are below zero")]
    Points(String),
    #[error("the coefficient is not above zero")]
    Coefficient,
    #[error("scores are rounded to {0} decimals; at most {MAX_ROUNDING}")]
    Rounding(u32),
    #[error("exactly one grade takes the remainder, and not {0}")]
    Remainder(usize),
    #[error("the grade {0} stands on the wrong side of the remainder for its quota")]
    Order(String),
    #[error("the quota of {0} is not between 0 and 100 percent, or below that of the grade before")]
    Quota(String),
    #[error("there is no grade {0}")]
    NoSuchGrade(String),
    #[error("the grade {0} is fixed for whoever has a list or a level, and names neither")]
    FixedForAll(String),
    #[error("a veto leaves {0}, which it bars")]
    VetoBars(String),
    #[error("the steps must be bonus and deduction, then ranking, then veto and manual change, each once")]
    Steps,
}

/// Everything that is wrong, in the order of the form.
pub fn check(scheme: &Scheme) -> Vec<SchemeFault> {
    let mut faults = Vec::new();
    if scheme.to_year.is_some_and(|last| last < scheme.from_year) {
        faults.push(SchemeFault::Years);
    }
    if scheme.indicators.is_empty() {
        faults.push(SchemeFault::NoIndicator);
    }
    let names = scheme.indicators.iter().map(|indicator| indicator.indicator.as_str());
    let items = scheme.bonus.iter().chain(&scheme.deduction).map(|item| item.item.as_str());
    faults.extend(twice(names.chain(items)).map(SchemeFault::Twice));
    scheme.indicators.iter().for_each(|indicator| of_indicator(indicator, &mut faults));
    scheme.bonus.iter().chain(&scheme.deduction).for_each(|item| of_bonus(item, &mut faults));
    let caps = [("bonus_cap", scheme.bonus_cap), ("deduction_cap", scheme.deduction_cap)];
    let below = caps.into_iter().filter(|(_, cap)| cap.is_some_and(|cap| cap < Decimal::ZERO));
    faults.extend(below.map(|(name, _)| SchemeFault::Points(name.to_owned())));
    if scheme.coefficient <= Decimal::ZERO {
        faults.push(SchemeFault::Coefficient);
    }
    faults.extend(scheme.rounding.filter(|places| *places > MAX_ROUNDING).map(SchemeFault::Rounding));
    of_grades(&scheme.grades, &mut faults);
    of_veto(scheme, &mut faults);
    of_fixed(scheme, &mut faults);
    if !steps_in_order(&scheme.steps) {
        faults.push(SchemeFault::Steps);
    }
    faults
}

fn twice<'a>(names: impl Iterator<Item = &'a str>) -> impl Iterator<Item = String> {
    let mut seen = BTreeSet::new();
    names.filter(move |name| !seen.insert(*name)).map(str::to_owned)
}

fn is_name(name: &str) -> bool {
    !name.is_empty() && name.chars().all(|it| matches!(it, 'a'..='z' | '0'..='9' | '_'))
}

fn of_indicator(indicator: &Indicator, faults: &mut Vec<SchemeFault>) {
    let name = || indicator.indicator.clone();
    if !is_name(&indicator.indicator) {
        faults.push(SchemeFault::Name(name()));
    }
    if indicator.weight < Decimal::ZERO {
        faults.push(SchemeFault::Weight(name()));
    }
    let second = match &indicator.family {
        Family::TwoStage { second, .. } => Some(second),
        _ => None,
    };
    if !is_quotient(&indicator.value) || !second.is_none_or(is_quotient) {
        faults.push(SchemeFault::Quotient(name()));
    }
    of_standard(indicator, faults);
    match &indicator.family {
        Family::ToBase { cap: Some(cap), .. } if *cap <= Decimal::ZERO => faults.push(SchemeFault::Base(name())),
        Family::Steps { of: Within::OfBase, standard: None, .. } => faults.push(SchemeFault::NoStandard(name())),
        Family::Steps { table, .. } if !is_table(table) => faults.push(SchemeFault::Table(name())),
        _ => {}
    }
}

fn of_standard(indicator: &Indicator, faults: &mut Vec<SchemeFault>) {
    let name = || indicator.indicator.clone();
    match indicator.standard() {
        Some(Standard::Fixed(base)) if *base <= Decimal::ZERO => faults.push(SchemeFault::Base(name())),
        Some(Standard::Benchmark { factor, years, .. }) if *factor <= Decimal::ZERO || *years < 1 => {
            faults.push(SchemeFault::Benchmark(name()));
        }
        _ => {}
    }
}

fn is_quotient(quotient: &Quotient) -> bool {
    let sides = [&quotient.numerator, &quotient.denominator];
    sides.iter().all(|side| !side.is_empty() && side.iter().all(|term| is_name(&term.fact) && !term.factor.is_zero()))
}

/// Rows that hold something, of which no two hold one value.
fn is_table(table: &[Points]) -> bool {
    !table.is_empty() && table.iter().all(holds_something) && table.windows(2).all(|pair| follows(&pair[0], &pair[1]))
}

fn holds_something(row: &Points) -> bool {
    match (row.from, row.to) {
        (Some(from), Some(to)) => from < to || (from == to && !row.above && row.through),
        _ => true,
    }
}

/// Rows go upwards, and one begins where the one before has ended or later.
fn follows(row: &Points, next: &Points) -> bool {
    match (row.to, next.from) {
        (Some(end), Some(start)) => end < start || (end == start && !(row.through && next.holds(&Ratio::from(start)))),
        _ => false,
    }
}

fn of_bonus(item: &Bonus, faults: &mut Vec<SchemeFault>) {
    if !is_name(&item.item) {
        faults.push(SchemeFault::Name(item.item.clone()));
    }
    if item.points < Decimal::ZERO || item.cap.is_some_and(|cap| cap < Decimal::ZERO) {
        faults.push(SchemeFault::Points(item.item.clone()));
    }
}

fn of_grades(grades: &[GradeBand], faults: &mut Vec<SchemeFault>) {
    faults.extend(twice(grades.iter().map(|band| band.grade.as_str())).map(SchemeFault::Twice));
    let remainders: Vec<usize> =
        grades.iter().enumerate().filter(|(_, band)| band.quota.is_none()).map(|(at, _)| at).collect();
    let [remainder] = remainders[..] else { return faults.push(SchemeFault::Remainder(remainders.len())) };
    for (at, band) in grades.iter().enumerate() {
        let Some(quota) = &band.quota else { continue };
        if (quota.side == Side::Top) != (at < remainder) {
            faults.push(SchemeFault::Order(band.grade.clone()));
        }
        if quota.percent < Decimal::ZERO || quota.percent > Decimal::ONE_HUNDRED {
            faults.push(SchemeFault::Quota(band.grade.clone()));
        }
    }
    let (top, bottom) = grades.split_at(remainder);
    falls_back(&mut top.iter(), faults);
    falls_back(&mut bottom[1..].iter().rev(), faults);
}

/// A cumulative share must not be below what the grades before it come to.
fn falls_back(bands: &mut dyn Iterator<Item = &GradeBand>, faults: &mut Vec<SchemeFault>) {
    let mut through = Decimal::ZERO;
    for (band, quota) in bands.filter_map(|band| band.quota.as_ref().map(|quota| (band, quota))) {
        let reached = if quota.cumulative { quota.percent } else { through + quota.percent };
        if reached < through || reached > Decimal::ONE_HUNDRED {
            faults.push(SchemeFault::Quota(band.grade.clone()));
        }
        through = reached;
    }
}

fn of_veto(scheme: &Scheme, faults: &mut Vec<SchemeFault>) {
    let is_grade = |name: &String| scheme.grades.iter().any(|band| band.grade == *name);
    let named = scheme.veto.bars.iter().chain([&scheme.veto.becomes]);
    faults.extend(named.filter(|name| !is_grade(name)).cloned().map(SchemeFault::NoSuchGrade));
    if scheme.veto.bars.contains(&scheme.veto.becomes) {
        faults.push(SchemeFault::VetoBars(scheme.veto.becomes.clone()));
    }
}

/// A fixed grade is of the scheme, and of a subset that is named.
fn of_fixed(scheme: &Scheme, faults: &mut Vec<SchemeFault>) {
    for fixed in &scheme.population.fixed {
        if scheme.grades.iter().all(|band| band.grade != fixed.grade) {
            faults.push(SchemeFault::NoSuchGrade(fixed.grade.clone()));
        }
        if fixed.list.is_none() && fixed.level_at_least.is_none() {
            faults.push(SchemeFault::FixedForAll(fixed.grade.clone()));
        }
    }
}

fn steps_in_order(steps: &[Step]) -> bool {
    let phase = |step: &Step| match step {
        Step::Bonus | Step::Deduction => 0,
        Step::Ranking => 1,
        Step::Veto | Step::Manual => 2,
    };
    let once: BTreeSet<Step> = steps.iter().copied().collect();
    steps.len() == Step::ALL.len() && once.len() == steps.len() && steps.is_sorted_by_key(phase)
}

#[cfg(test)]
mod tests;
