//! What lies between two results of one subject: the score, item by item, and which item moved it most.

use serde::{Deserialize, Serialize};

use super::document::{ResultDocument, shown};
use crate::base::ratio::Ratio;
use crate::scoring::result::Change;

/// One part of the score in both results.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = EvaluationPartDifference)]
pub struct Part {
    /// The indicator, `coefficient`, `bonus` or `deduction`.
    pub part: String,
    /// None where that scheme does not have it.
    pub before: Option<String>,
    pub after: Option<String>,
    /// What it adds to the score more than before, with the coefficient; what a scheme does not have adds nothing to it.
    pub change: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = EvaluationDifference)]
pub struct Difference {
    /// Score after − score before, as both are printed.
    pub score: String,
    /// The parts that differ, the weightiest first.
    pub parts: Vec<Part>,
    /// Steps that only the later took, as `veto`.
    pub steps: Vec<String>,
    /// Steps that only the earlier took.
    pub steps_before: Vec<String>,
}

/// Of the scores as they are printed.
pub fn between(before: &ResultDocument, after: &ResultDocument) -> Difference {
    let mut parts: Vec<(Ratio, Part)> = names(before, after)
        .into_iter()
        .filter_map(|name| part(name, item(before, name), item(after, name), &number(&before.coefficient)))
        .chain(beside("bonus", counted(&before.bonus), counted(&after.bonus), false))
        .chain(beside("deduction", counted(&before.deduction), counted(&after.deduction), true))
        .chain(coefficient(before, after))
        .collect();
    parts.sort_by(|(one, a), (other, b)| magnitude(other).cmp(&magnitude(one)).then_with(|| a.part.cmp(&b.part)));
    Difference {
        score: shown(&(number(&after.score) - number(&before.score))),
        parts: parts.into_iter().map(|(_, part)| part).collect(),
        steps: steps_of_one(after, before),
        steps_before: steps_of_one(before, after),
    }
}

fn zero() -> Ratio {
    rust_decimal::Decimal::ZERO.into()
}

/// Our own print; what is no number there adds nothing.
fn number(text: &str) -> Ratio {
    text.parse().unwrap_or_else(|_| zero())
}

fn magnitude(ratio: &Ratio) -> Ratio {
    if ratio.is_negative() { zero() - ratio.clone() } else { ratio.clone() }
}

fn names<'a>(before: &'a ResultDocument, after: &'a ResultDocument) -> Vec<&'a str> {
    let mut names: Vec<&str> = after.items.iter().map(|item| item.indicator.as_str()).collect();
    let gone = before.items.iter().map(|item| item.indicator.as_str()).filter(|name| !names.contains(name));
    let gone: Vec<&str> = gone.collect();
    names.extend(gone);
    names
}

fn item<'a>(of: &'a ResultDocument, name: &str) -> Option<&'a str> {
    of.items.iter().find(|item| item.indicator == name).map(|item| item.score.as_str())
}

fn part(name: &str, before: Option<&str>, after: Option<&str>, coefficient: &Ratio) -> Option<(Ratio, Part)> {
    let change = (after.map_or_else(zero, number) - before.map_or_else(zero, number)).times(coefficient);
    let part = Part {
        part: name.to_owned(),
        before: before.map(str::to_owned),
        after: after.map(str::to_owned),
        change: shown(&change),
    };
    (!change.is_zero()).then_some((change, part))
}

fn counted(items: &[super::document::CountedDocument]) -> Ratio {
    items.iter().map(|item| number(&item.counted)).sum()
}

/// Points beside the items; deductions count the other way.
fn beside(name: &str, before: Ratio, after: Ratio, taken: bool) -> Option<(Ratio, Part)> {
    let more = after.clone() - before.clone();
    let change = if taken { zero() - more } else { more };
    let part = Part {
        part: name.to_owned(),
        before: Some(shown(&before)),
        after: Some(shown(&after)),
        change: shown(&change),
    };
    (!change.is_zero()).then_some((change, part))
}

/// What the other coefficient makes of the sum as it is after.
fn coefficient(before: &ResultDocument, after: &ResultDocument) -> Option<(Ratio, Part)> {
    let (old, new) = (number(&before.coefficient), number(&after.coefficient));
    let change = number(&after.sum).times(&(new - old));
    let part = Part {
        part: "coefficient".to_owned(),
        before: Some(before.coefficient.clone()),
        after: Some(after.coefficient.clone()),
        change: shown(&change),
    };
    (!change.is_zero()).then_some((change, part))
}

/// What `one` took and the other did not.
fn steps_of_one(one: &ResultDocument, other: &ResultDocument) -> Vec<String> {
    let takes = |of: &ResultDocument, code: &str| of.steps.iter().any(|step| step.step == code);
    let codes = Change::ALL.iter().map(|change| change.code());
    codes.filter(|code| takes(one, code) && !takes(other, code)).map(str::to_owned).collect()
}

/// In one sentence: `title` names an indicator.
pub fn in_words(
    difference: &Difference,
    (before, after): (Option<usize>, Option<usize>),
    title: impl Fn(&str) -> String,
) -> String {
    let labels = |codes: &[String]| -> Vec<&'static str> {
        codes.iter().filter_map(|code| Change::parse(code)).map(|step| step.label()).collect()
    };
    let mut words: Vec<String> = labels(&difference.steps).into_iter().map(str::to_owned).collect();
    words.extend(labels(&difference.steps_before).into_iter().map(|label| format!("不再{label}")));
    match difference.parts.first() {
        Some(part) => words.push(format!("{} {}分", part_title(&part.part, &title), signed(&part.change))),
        None if before != after => words.push("自身得分未变，名次随他人变动".to_owned()),
        None if words.is_empty() => words.push("得分和名次未变，名额变动".to_owned()),
        None => {}
    }
    if !difference.parts.is_empty() && against_its_score(&difference.score, before, after) {
        words.push("他人得分变动更大".to_owned());
    }
    words.join("；")
}

/// It gained places with fewer points, or lost some with as many or more.
fn against_its_score(score: &str, before: Option<usize>, after: Option<usize>) -> bool {
    let fell = score.starts_with('-');
    before.zip(after).is_some_and(|(before, after)| (after < before && fell) || (after > before && !fell))
}

fn part_title(part: &str, title: &impl Fn(&str) -> String) -> String {
    match part {
        "bonus" => "加分".to_owned(),
        "deduction" => "减分".to_owned(),
        "coefficient" => "调整系数".to_owned(),
        indicator => title(indicator),
    }
}

/// With its sign, to two places for the eye.
pub fn signed(change: &str) -> String {
    let brief = super::present::brief(change, 2);
    if brief.starts_with('-') { brief.replacen('-', "−", 1) } else { format!("+{brief}") }
}

#[cfg(test)]
mod tests;
