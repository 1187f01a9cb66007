//! From facts to grades.

use std::collections::BTreeMap;

use base::ratio::Ratio;

use crate::cuts::Places;
use crate::follow::FollowReason;
use crate::grades::{self, Graded, Ranked};
use crate::item::{self, Item};
use crate::rank::places;
use crate::result::{Counted, Evaluation, GroupPlaces, Outcome, Taken};
use crate::scheme::{Direction, Scheme};
use crate::subject::Subject;
use crate::total;

/// What the indicators of a scheme are measured against, by indicator.
pub type Bases = BTreeMap<String, Ratio>;

/// One subject with its score, before it is ranked.
struct Scored<'a> {
    subject: &'a Subject,
    items: Vec<Item>,
    sum: Ratio,
    bonus: Vec<Counted>,
    deduction: Vec<Counted>,
    score: Ratio,
}

/// Scores, ranks and grades of everybody in `subjects`. Each ranking group is looked at by itself; whose grade is fixed is
/// scored and neither ranked nor counted.
pub fn compute(scheme: &Scheme, bases: &Bases, subjects: &[Subject]) -> Evaluation {
    let mut groups: BTreeMap<&str, Vec<&Subject>> = BTreeMap::new();
    let (following, judged): (Vec<&Subject>, Vec<&Subject>) = subjects.iter().partition(|it| it.follows.is_some());
    for subject in judged {
        groups.entry(&subject.group).or_default().push(subject);
    }
    let mut evaluation = Evaluation { outcomes: Vec::with_capacity(subjects.len()), quotas: Vec::new() };
    for (group, mut members) in groups {
        members.sort_by(|one, other| one.key.cmp(&other.key));
        let (fixed, ranked): (Vec<&Subject>, Vec<&Subject>) = members.into_iter().partition(|it| it.fixed.is_some());
        let (outcomes, quotas) = of_group(scheme, bases, &ranked);
        evaluation.outcomes.extend(outcomes);
        evaluation.outcomes.extend(score(scheme, bases, &fixed).into_iter().map(|scored| outside(scheme, scored)));
        evaluation.quotas.push(GroupPlaces { group: group.to_owned(), places: quotas });
    }
    for reason in [FollowReason::Merged, FollowReason::Group, FollowReason::Owner] {
        let of_reason = |it: &&Subject| it.follows.as_ref().is_some_and(|follow| follow.reason == reason);
        let mut these: Vec<&Subject> = following.iter().copied().filter(of_reason).collect();
        these.sort_by(|one, other| (&one.group, &one.key).cmp(&(&other.group, &other.key)));
        let outcomes = follow(scheme, bases, &these, &evaluation.outcomes);
        evaluation.outcomes.extend(outcomes);
    }
    evaluation
}

/// Outcomes of those who take the grade of another. A tenant is scored by what is known of itself; whoever is judged as one with
/// another shares all of its score.
fn follow(scheme: &Scheme, bases: &Bases, following: &[&Subject], outcomes: &[Outcome]) -> Vec<Outcome> {
    if following.is_empty() {
        return Vec::new();
    }
    let by_key: BTreeMap<&str, &Outcome> = outcomes.iter().map(|outcome| (outcome.key.as_str(), outcome)).collect();
    let one = |scored: Scored<'_>| {
        let follow = scored.subject.follows.as_ref()?;
        let shared = by_key.get(follow.key.as_str()).filter(|_| follow.reason.shares_score());
        let grade = follow.grade(&by_key).and_then(|grade| scheme.grades.iter().position(|band| band.grade == grade));
        let band = grade.or(scheme.remainder()).unwrap_or_default();
        let name = &scheme.grades[band].grade;
        let step = Taken { step: follow.step(), found: name.clone(), left: name.clone(), why: follow.why() };
        let mut graded = Graded { first: band, now: band, steps: vec![step] };
        grades::bar(scheme, scored.subject.vetoed, &mut graded);
        let own = outcome(scheme, scored, graded, None);
        Some(match shared {
            None => own,
            Some(other) => Outcome {
                items: other.items.clone(),
                sum: other.sum.clone(),
                coefficient: other.coefficient,
                bonus: other.bonus.clone(),
                deduction: other.deduction.clone(),
                score: other.score.clone(),
                ..own
            },
        })
    };
    score(scheme, bases, following).into_iter().filter_map(one).collect()
}

fn of_group(scheme: &Scheme, bases: &Bases, members: &[&Subject]) -> (Vec<Outcome>, Vec<Places>) {
    let mut scored = score(scheme, bases, members);
    scored.sort_by(|one, other| other.score.cmp(&one.score));
    let scores: Vec<Option<Ratio>> = scored.iter().map(|one| Some(one.score.clone())).collect();
    let places: Vec<usize> = places(&scores, Direction::Up).into_iter().flatten().collect();
    let ranked: Vec<Ranked> =
        scored.iter().zip(&places).map(|(one, place)| Ranked { place: *place, vetoed: one.subject.vetoed }).collect();
    let (graded, quotas) = grades::grade(scheme, &ranked);
    let outcomes = scored.into_iter().zip(graded).zip(places);
    (outcomes.map(|((scored, graded), place)| outcome(scheme, scored, graded, Some(place))).collect(), quotas)
}

fn score<'a>(scheme: &Scheme, bases: &Bases, members: &[&'a Subject]) -> Vec<Scored<'a>> {
    let mut items: Vec<Vec<Item>> = members.iter().map(|_| Vec::with_capacity(scheme.indicators.len())).collect();
    for indicator in &scheme.indicators {
        let of_all = item::items(indicator, bases.get(&indicator.indicator), members);
        items.iter_mut().zip(of_all).for_each(|(own, item)| own.push(item));
    }
    members.iter().zip(items).map(|(member, items)| of_one(scheme, member, items)).collect()
}

fn of_one<'a>(scheme: &Scheme, subject: &'a Subject, items: Vec<Item>) -> Scored<'a> {
    let sum: Ratio = items.iter().map(|item| item.score.clone()).sum();
    let bonus = total::counted(&scheme.bonus, &subject.bonus);
    let deduction = total::counted(&scheme.deduction, &subject.deduction);
    let added = total::together(&bonus, scheme.bonus_cap);
    let taken = total::together(&deduction, scheme.deduction_cap);
    let coefficient = subject.coefficient.unwrap_or(scheme.coefficient);
    let score = total::score(scheme, &sum, coefficient, added, taken);
    Scored { subject, items, sum, bonus, deduction, score }
}

fn outside(scheme: &Scheme, scored: Scored<'_>) -> Outcome {
    let given = scored.subject.fixed.as_deref().unwrap_or_default();
    let graded = grades::outside(scheme, given, scored.subject.vetoed);
    outcome(scheme, scored, graded, None)
}

fn outcome(scheme: &Scheme, scored: Scored<'_>, mut graded: Graded, rank: Option<usize>) -> Outcome {
    let subject = scored.subject;
    let name = |band: usize| scheme.grades[band].grade.clone();
    let automatic = graded.now;
    if let Some(change) = &subject.change {
        grades::change(scheme, subject.vetoed, &mut graded, change);
    }
    Outcome {
        key: subject.key.clone(),
        group: subject.group.clone(),
        items: scored.items,
        sum: scored.sum,
        coefficient: subject.coefficient.unwrap_or(scheme.coefficient),
        bonus: scored.bonus,
        deduction: scored.deduction,
        score: scored.score,
        rank,
        first_grade: name(graded.first),
        automatic_grade: name(automatic),
        grade: name(graded.now),
        steps: graded.steps,
    }
}

#[cfg(test)]
mod tests;
