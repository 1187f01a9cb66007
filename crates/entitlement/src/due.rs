//! What all measures come to for one enterprise on one day.

use base::ratio::Ratio;
use chrono::{Datelike, NaiveDate};
use rust_decimal::Decimal;
use scoring::scheme::Adoption;

use crate::clock::{Standing, standing};
use crate::found::{Entitlement, Outcome};
use crate::measure::{Effect, Measure};
use crate::stacking::stack;
use crate::subject::Subject;

/// One for each measure that concerns the subject on the day, in the order of `measures`. An example never acts. `in_force` says
/// whether the document that a measure rests on is: one whose ground has ended never acts.
pub fn due<'a>(
    measures: &'a [Measure],
    in_force: impl Fn(&Measure) -> bool,
    subject: &Subject,
    day: NaiveDate,
) -> Vec<Entitlement<'a>> {
    let adopted = measures.iter().filter(|measure| measure.adoption == Adoption::Adopted);
    let acting = adopted.filter(|measure| measure.acts_on(day) && in_force(measure));
    let mut found: Vec<Entitlement<'a>> = acting.filter_map(|measure| one(measure, subject, day.year())).collect();
    stack(&mut found);
    found
}

fn one<'a>(measure: &'a Measure, subject: &Subject, acting: i32) -> Option<Entitlement<'a>> {
    let standing = standing(&subject.grading, acting, measure.clock.gap())?;
    let concerns = measure.categories.contains(&subject.category) && measure.grades.contains(&standing.grade);
    if !concerns || !measure.clock.runs_in(acting) {
        return None;
    }
    let rate = measure.clock.rate(acting, standing.years);
    let found = |outcome, why: String| entitlement(measure, &standing, rate, outcome, why);
    if let Some(exemption) = measure.exemptions.iter().find(|exemption| subject.exemptions.contains(exemption)) {
        return Some(found(Outcome::Exempt, format!("处于{exemption}")));
    }
    match asked(measure, subject) {
        Asked::Holds => Some(acts(measure, &standing, rate, subject)),
        Asked::Open(question) => Some(found(Outcome::NotDeterminable, format!("须先核实：{question}"))),
        Asked::Fails(question) => Some(found(otherwise(measure), format!("“{question}”的答复为否"))),
    }
}

enum Asked<'a> {
    Holds,
    Open(&'a str),
    Fails(&'a str),
}

/// One answer of no decides; an open question is never answered for somebody.
fn asked<'a>(measure: &'a Measure, subject: &Subject) -> Asked<'a> {
    let answer = |key: &str| subject.answers.get(key).copied();
    let denied = measure.conditions.iter().find(|condition| answer(&condition.key) == Some(false));
    let open = measure.conditions.iter().find(|condition| answer(&condition.key).is_none());
    match (denied, open) {
        (Some(condition), _) => Asked::Fails(&condition.question),
        (None, Some(condition)) => Asked::Open(&condition.question),
        (None, None) => Asked::Holds,
    }
}

/// What a measure leaves when what it asks for is not so: a bar does not bar, anything else does not act.
fn otherwise(measure: &Measure) -> Outcome {
    if measure.effect == Effect::Bar { Outcome::Allowed } else { Outcome::Exempt }
}

fn acts<'a>(measure: &'a Measure, standing: &Standing, rate: Option<Decimal>, subject: &Subject) -> Entitlement<'a> {
    let found = |outcome, why| entitlement(measure, standing, rate, outcome, why);
    let Some((fact, base_year)) = measure.base() else {
        let outcome = if measure.effect == Effect::Bar { Outcome::Barred } else { Outcome::Allowed };
        return found(outcome, String::new());
    };
    let Some(quantity) = subject.quantities.get(&(fact.to_owned(), base_year)) else {
        return found(Outcome::NotDeterminable, format!("缺少{base_year}的{fact}"));
    };
    let Some(rate) = rate else { return found(Outcome::NotDeterminable, "没有规定标准".to_owned()) };
    Entitlement {
        base: Some(quantity.clone()),
        amount: Some(amount(&measure.effect, quantity, rate)),
        ..found(Outcome::Due, String::new())
    }
}

fn amount(effect: &Effect, quantity: &Ratio, rate: Decimal) -> Ratio {
    match effect {
        Effect::Relief { price, .. } => {
            let remains = Ratio::from(Decimal::ONE_HUNDRED - rate) / Decimal::ONE_HUNDRED;
            quantity.times(&Ratio::from(*price)).times(&remains)
        }
        Effect::Charge { .. } | Effect::Support | Effect::Bar => quantity.times(&rate.into()),
    }
}

fn entitlement<'a>(
    measure: &'a Measure,
    standing: &Standing,
    rate: Option<Decimal>,
    outcome: Outcome,
    why: String,
) -> Entitlement<'a> {
    Entitlement {
        measure,
        grade: standing.grade.clone(),
        years: standing.years,
        graded: standing.graded,
        base: None,
        rate,
        amount: None,
        outcome,
        why,
    }
}

#[cfg(test)]
mod tests;
