//! Scores, ranks and grades of very many: as [`compute`](crate::compute()) gives them, without a fraction for everybody. Each
//! score lies between two bounds ([`Near`]); where two scores, a score and a cut, or a value and the end of a step lie too near to be told
//! apart, the exact ratio is worked out from the facts and decides.

mod listed;

use std::collections::BTreeMap;

use base::ratio::Ratio;
use rust_decimal::Decimal;

use crate::compute::Bases;
use crate::grades::{self, Graded, Ranked};
use crate::item::Item;
use crate::layout::{self, IndicatorAt, Row, Value};
use crate::near::{Near, Scale};
use crate::order::{Entry, order};
use crate::peers::{Peers, exact_of};
use crate::result::{Counted, GroupPlaces, Outcome, Taken};
use crate::roll::each;
use crate::scheme::Scheme;
use crate::shown::{shown, told};
use crate::total;

pub use crate::roll::{Beside, Roll};
pub use listed::Listed;

/// Where one stands.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Standing {
    /// Of [`Ranking::groups`].
    group: u32,
    /// Within the group; 0 for a grade fixed outside it.
    rank: u32,
    /// As a position in the scheme's grades, before any change by hand.
    automatic: u32,
    graded: Graded,
}

struct Group<'a> {
    name: String,
    /// Ranked ones, and then those whose grade is fixed: peers among themselves, each.
    ranked: Part<'a>,
    fixed: Part<'a>,
    quotas: GroupPlaces,
}

/// Some who are measured against each other.
struct Part<'a> {
    members: Vec<u32>,
    peers: Vec<Peers<'a>>,
}

/// Where everybody stands.
pub struct Ranking<'a, R> {
    scheme: &'a Scheme,
    roll: &'a R,
    coefficient: Option<Scale>,
    groups: Vec<Group<'a>>,
    standings: Vec<Standing>,
}

/// A card: what every run with a scheme shares.
pub struct Card<'a> {
    scheme: &'a Scheme,
    bases: &'a Bases,
    indicators: Vec<IndicatorAt<'a>>,
}

impl<'a> Card<'a> {
    pub fn new(scheme: &'a Scheme, bases: &'a Bases) -> Self {
        Card { scheme, bases, indicators: layout::indicators(scheme, &layout::names(scheme)) }
    }
}

/// One item as it is printed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShownItem {
    pub value: Option<String>,
    pub score: String,
    pub missing: Option<&'static str>,
}

/// One as it is printed: see [`Outcome`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShownOutcome {
    pub items: Vec<ShownItem>,
    pub sum: String,
    pub coefficient: Decimal,
    pub bonus: Vec<Counted>,
    pub deduction: Vec<Counted>,
    pub score: String,
    pub rank: Option<usize>,
    pub first_grade: String,
    pub steps: Vec<Taken>,
    pub automatic_grade: String,
    pub grade: String,
}

impl ShownOutcome {
    /// One that was worked out by fractions alone.
    pub fn of(outcome: Outcome) -> Self {
        let item = |item: Item| ShownItem {
            value: item.value.as_ref().map(shown),
            score: shown(&item.score),
            missing: item.missing,
        };
        ShownOutcome {
            items: outcome.items.into_iter().map(item).collect(),
            sum: shown(&outcome.sum),
            coefficient: outcome.coefficient,
            bonus: outcome.bonus,
            deduction: outcome.deduction,
            score: shown(&outcome.score),
            rank: outcome.rank,
            first_grade: outcome.first_grade,
            steps: outcome.steps,
            automatic_grade: outcome.automatic_grade,
            grade: outcome.grade,
        }
    }
}

/// Ranks everybody on a roll; see [`compute`](crate::compute()).
pub fn rank<'a, R: Roll>(card: &'a Card<'a>, roll: &'a R) -> Ranking<'a, R> {
    let mut members: BTreeMap<&str, (Vec<u32>, Vec<u32>)> = BTreeMap::new();
    for at in 0..roll.len() as u32 {
        let (ranked, fixed) = members.entry(roll.group(at)).or_default();
        if roll.beside(at).fixed.is_some() { fixed.push(at) } else { ranked.push(at) }
    }
    let nobody = Standing { group: 0, rank: 0, automatic: 0, graded: Graded { first: 0, now: 0, steps: Vec::new() } };
    let mut ranking = Ranking {
        scheme: card.scheme,
        roll,
        coefficient: Scale::of(&card.scheme.coefficient.into()),
        groups: Vec::new(),
        standings: vec![nobody; roll.len()],
    };
    for (name, (ranked, fixed)) in members {
        let group = Group {
            name: name.to_owned(),
            ranked: Part::of(card, roll, ranked),
            fixed: Part::of(card, roll, fixed),
            quotas: GroupPlaces { group: name.to_owned(), places: Vec::new() },
        };
        ranking.groups.push(group);
        ranking.grade(ranking.groups.len() - 1);
    }
    ranking
}

impl<'a> Part<'a> {
    fn of(card: &'a Card<'a>, roll: &impl Roll, members: Vec<u32>) -> Self {
        let of = |at: &'a IndicatorAt<'a>| Peers::of(at, card.bases.get(&at.indicator.indicator), roll, &members);
        let peers = if members.is_empty() { Vec::new() } else { card.indicators.iter().map(of).collect() };
        Part { members, peers }
    }
}

impl<R: Roll> Ranking<'_, R> {
    fn grade(&mut self, number: usize) {
        let group = &self.groups[number];
        let (ranked, fixed) = (&group.ranked, &group.fixed);
        let entries = each(&ranked.members, |some| {
            let mut row = Row::new();
            some.iter().map(|at| Entry { near: self.near_score(ranked, *at, &mut row), at: *at }).collect::<Vec<_>>()
        });
        let placed = order(entries, |close| self.exact_scores(ranked, close));
        let places: Vec<Ranked> = placed
            .iter()
            .map(|one| Ranked { place: one.place as usize, vetoed: self.roll.beside(one.at).vetoed })
            .collect();
        let (graded, quotas) = grades::grade(self.scheme, &places);
        let outside = fixed.members.iter().map(|at| (*at, 0, self.outside(*at)));
        let all: Vec<(u32, u32, Graded)> =
            placed.iter().zip(graded).map(|(one, graded)| (one.at, one.place, graded)).chain(outside).collect();
        for (at, rank, mut graded) in all {
            let automatic = graded.now as u32;
            let beside = self.roll.beside(at);
            if let Some(change) = beside.change {
                grades::change(self.scheme, beside.vetoed, &mut graded, change);
            }
            self.standings[at as usize] = Standing { group: number as u32, rank, automatic, graded };
        }
        self.groups[number].quotas.places = quotas;
    }

    fn outside(&self, at: u32) -> Graded {
        let beside = self.roll.beside(at);
        grades::outside(self.scheme, beside.fixed.unwrap_or_default(), beside.vetoed)
    }

    fn near_score(&self, part: &Part<'_>, at: u32, row: &mut Row) -> Near {
        self.roll.facts(at, row);
        let sum = part.peers.iter().try_fold(Near::ZERO, |sum, peers| {
            let value = peers.at.value.value(row);
            let points = peers.points(&value, at, self.roll, &part.members);
            sum.add(points.or(peers.stand_in)?)
        });
        let score = sum.and_then(|sum| self.total(sum, at));
        score.unwrap_or_else(|| Near::around(&self.exactly(part, at, row, true).score))
    }

    /// As [`total::score`], by bounds.
    fn total(&self, sum: Near, at: u32) -> Option<Near> {
        let beside = self.roll.beside(at);
        let multiplied = match beside.coefficient {
            None if self.scheme.coefficient == Decimal::ONE => sum,
            None => self.coefficient?.times(sum)?,
            Some(own) => Scale::of(&own.into())?.times(sum)?,
        };
        let score = match self.points_beside(beside) {
            points if points.is_zero() => multiplied,
            points => multiplied.add(Near::of(&points.into())?)?,
        };
        match self.scheme.rounding {
            None => Some(score),
            Some(places) => Near::of(&score.rounded(places)?.into()),
        }
    }

    /// Bonus less deductions.
    fn points_beside(&self, beside: Beside<'_>) -> Decimal {
        if beside.bonus.is_empty() && beside.deduction.is_empty() && self.has_no_odd_caps() {
            return Decimal::ZERO;
        }
        let (bonus, deduction) = self.counted(beside);
        total::together(&bonus, self.scheme.bonus_cap) - total::together(&deduction, self.scheme.deduction_cap)
    }

    /// A cap below zero would count for those without a claim.
    fn has_no_odd_caps(&self) -> bool {
        [self.scheme.bonus_cap, self.scheme.deduction_cap].into_iter().flatten().all(|cap| !cap.is_sign_negative())
    }

    fn counted(&self, beside: Beside<'_>) -> (Vec<Counted>, Vec<Counted>) {
        (total::counted(&self.scheme.bonus, beside.bonus), total::counted(&self.scheme.deduction, beside.deduction))
    }

    fn exactly(&self, part: &Part<'_>, at: u32, row: &mut Row, with_stand_ins: bool) -> Exact {
        self.roll.facts(at, row);
        let points = part.peers.iter().map(|peers| {
            let points = match peers.at.value.value(row) {
                Value::Missing => None,
                value => peers.exact_points(&exact_of(&value), at, self.roll, &part.members),
            };
            match points {
                Some(points) => points,
                None if peers.is_by_peers() && !with_stand_ins => Decimal::ZERO.into(),
                None => peers.exact_stand_in(self.roll, &part.members).clone(),
            }
        });
        let points: Vec<Ratio> = points.collect();
        let beside = self.roll.beside(at);
        let (bonus, deduction) = self.counted(beside);
        let sum: Ratio = points.iter().cloned().sum();
        let coefficient = beside.coefficient.unwrap_or(self.scheme.coefficient);
        let added = total::together(&bonus, self.scheme.bonus_cap);
        let taken = total::together(&deduction, self.scheme.deduction_cap);
        let score = total::score(self.scheme, &sum, coefficient, added, taken);
        Exact { points, sum, score }
    }

    /// Scores of some that are to be compared with each other. What the mean of all peers adds to each of them alike is left out: as a
    /// fraction it may have as many digits as there are peers.
    fn exact_scores(&self, part: &Part<'_>, close: &[u32]) -> Vec<Ratio> {
        let mut row = Row::new();
        let lifted = |at: &u32, row: &mut Row| {
            self.roll.facts(*at, row);
            let by_peers = part.peers.iter().map(|peers| {
                peers.is_by_peers() && peers.points(&peers.at.value.value(row), *at, self.roll, &part.members).is_none()
            });
            (by_peers.collect::<Vec<bool>>(), self.roll.beside(*at).coefficient)
        };
        let alike = part.peers.iter().any(Peers::is_by_peers) && self.scheme.rounding.is_none() && {
            let first = close.first().map(|at| lifted(at, &mut row));
            close.iter().all(|at| Some(lifted(at, &mut row)) == first)
        };
        close.iter().map(|at| self.exactly(part, *at, &mut row, !alike).score).collect()
    }

    pub fn quotas(&self) -> Vec<GroupPlaces> {
        self.groups.iter().map(|group| group.quotas.clone()).collect()
    }

    /// How many have each grade in the end, in the order of the scheme's grades.
    pub fn counts(&self) -> Vec<(String, usize)> {
        let mut counts = vec![0; self.scheme.grades.len()];
        self.standings.iter().for_each(|standing| counts[standing.graded.now] += 1);
        self.scheme.grades.iter().map(|band| band.grade.clone()).zip(counts).collect()
    }

    /// Positions by group, rank and key; whoever has no rank comes last in the group.
    pub fn in_order(&self) -> Vec<u32> {
        let mut all: Vec<u32> = (0..self.standings.len() as u32).collect();
        all.sort_by_key(|at| {
            let standing = &self.standings[*at as usize];
            (standing.group, standing.rank.wrapping_sub(1), *at)
        });
        all
    }

    pub fn group(&self, at: u32) -> &str {
        &self.groups[self.standings[at as usize].group as usize].name
    }

    /// One as it is printed.
    pub fn outcome(&self, at: u32) -> ShownOutcome {
        let standing = &self.standings[at as usize];
        let group = &self.groups[standing.group as usize];
        let beside = self.roll.beside(at);
        let part = if beside.fixed.is_some() { &group.fixed } else { &group.ranked };
        let mut row = Row::new();
        self.roll.facts(at, &mut row);
        let mut sum = Some(Near::ZERO);
        let mut items = Vec::with_capacity(part.peers.len());
        for peers in &part.peers {
            let value = peers.at.value.value(&row);
            let points = peers.points(&value, at, self.roll, &part.members);
            let near = points.or(peers.stand_in);
            sum = sum.zip(near).and_then(|(sum, near)| sum.add(near));
            let exact = || self.exactly(part, at, &mut Row::new(), true).points.swap_remove(items.len());
            items.push(ShownItem {
                score: told(near, exact),
                value: (!value.is_missing()).then(|| told(value.near(), || exact_of(&value))),
                missing: points.is_none().then(|| peers.at.indicator.missing.code()),
            });
        }
        let exact = || self.exactly(part, at, &mut Row::new(), true);
        let (bonus, deduction) = self.counted(beside);
        let name = |band: usize| self.scheme.grades[band].grade.clone();
        ShownOutcome {
            items,
            sum: told(sum, || exact().sum),
            coefficient: beside.coefficient.unwrap_or(self.scheme.coefficient),
            bonus,
            deduction,
            score: told(sum.and_then(|sum| self.total(sum, at)), || exact().score),
            rank: (standing.rank > 0).then_some(standing.rank as usize),
            first_grade: name(standing.graded.first),
            steps: standing.graded.steps.clone(),
            automatic_grade: name(standing.automatic as usize),
            grade: name(standing.graded.now),
        }
    }
}

struct Exact {
    points: Vec<Ratio>,
    sum: Ratio,
    score: Ratio,
}

#[cfg(test)]
mod tests;
