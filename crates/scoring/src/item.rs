//! One item of a card: what a value scores.

use base::ratio::Ratio;
use rust_decimal::Decimal;

use crate::made::Figures;
use crate::rank::places;
use crate::scheme::{Direction, Family, Indicator, Missing, Negative, Points, Within};

/// What one indicator makes of one subject.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// Numerator ÷ denominator; none when either is missing or the denominator is not above zero.
    pub value: Option<Ratio>,
    /// After cap and floor.
    pub score: Ratio,
    /// What stood in for the missing figure.
    pub missing: Option<&'static str>,
}

/// What an item rests on beside its own value: the base, and the ranking group.
#[derive(Clone, Debug, Default)]
pub struct Against {
    pub base: Option<Ratio>,
    /// Of the values that are there.
    pub least: Option<Ratio>,
    pub most: Option<Ratio>,
    pub mean: Option<Ratio>,
    /// How many have a place.
    pub placed: usize,
}

/// The items of one indicator for a ranking group, in the order of `group`.
pub fn items<F: Figures>(indicator: &Indicator, base: Option<&Ratio>, group: &[&F]) -> Vec<Item> {
    let values: Vec<Option<Ratio>> = group.iter().map(|one| one.value(indicator)).collect();
    let placed = match &indicator.family {
        Family::Rank => places(&values, indicator.direction),
        Family::TwoStage { second, second_direction } => {
            let again: Vec<Option<Ratio>> = group.iter().map(|one| one.second(indicator, second)).collect();
            two_stage_places(indicator.direction, &values, *second_direction, &again)
        }
        _ => vec![None; values.len()],
    };
    let against = Against {
        base: base.cloned(),
        least: values.iter().flatten().min().cloned(),
        most: values.iter().flatten().max().cloned(),
        mean: matches!(indicator.family, Family::Steps { of: Within::OfPeerMean, .. }).then(|| mean(&values)).flatten(),
        placed: placed.iter().flatten().count(),
    };
    let score = |(value, place): (&Option<Ratio>, &Option<usize>)| score(indicator, &against, value.as_ref()?, *place);
    let scores: Vec<Option<Ratio>> = values.iter().zip(&placed).map(score).collect();
    let stand_in = stand_in(indicator, &scores);
    let item = |(value, score): (Option<Ratio>, Option<Ratio>)| match score {
        Some(score) => Item { value, score, missing: None },
        None => Item { value, score: stand_in.clone(), missing: Some(indicator.missing.code()) },
    };
    values.into_iter().zip(scores).map(item).collect()
}

/// What a value scores; none where it scores as if it were missing. A value below zero scores nothing, unless the scheme counts it
/// as it is.
pub fn score(indicator: &Indicator, against: &Against, value: &Ratio, place: Option<usize>) -> Option<Ratio> {
    let score = match &indicator.family {
        Family::ToBase { cap, .. } => to_base(indicator, against.base.as_ref(), *cap, value),
        Family::MinMax => min_max(indicator, against, value),
        Family::Rank | Family::TwoStage { .. } => Some(by_place(indicator, against.placed, place?)),
        Family::Steps { of, table, .. } => steps(*of, table, against, value),
    };
    let below = value.is_negative() && indicator.negative == Negative::Zero;
    if below { score.map(|_| Ratio::from(Decimal::ZERO)) } else { score }
}

fn stand_in(indicator: &Indicator, scores: &[Option<Ratio>]) -> Ratio {
    match fixed_stand_in(indicator) {
        Some(points) => points.into(),
        None => mean(scores).unwrap_or_else(|| Decimal::ZERO.into()),
    }
}

/// What stands in for a missing figure, where it is not the mean of the peers.
pub fn fixed_stand_in(indicator: &Indicator) -> Option<Decimal> {
    match indicator.missing {
        Missing::Zero | Missing::NotScored => Some(Decimal::ZERO),
        Missing::Weight => Some(indicator.weight),
        Missing::Minus(points) => Some(-points),
        Missing::PeerAverage => None,
    }
}

/// Of those that are there.
fn mean(values: &[Option<Ratio>]) -> Option<Ratio> {
    let there = values.iter().flatten().count();
    values.iter().flatten().cloned().sum::<Ratio>().over(&Decimal::from(there).into())
}

fn to_base(indicator: &Indicator, base: Option<&Ratio>, cap: Option<Decimal>, value: &Ratio) -> Option<Ratio> {
    let most = cap.map(|cap| Ratio::from(cap) * indicator.weight);
    let part = match indicator.direction {
        Direction::Up => value.over(base?),
        Direction::Down => base?.over(value),
    };
    // Nothing is better than none of what should be little; without a cap that has no figure.
    let Some(part) = part else { return most };
    let points = part * indicator.weight;
    Some(most.map_or(points.clone(), |most| most.min(points)))
}

fn min_max(indicator: &Indicator, against: &Against, value: &Ratio) -> Option<Ratio> {
    let (least, most) = (against.least.clone()?, against.most.clone()?);
    let above = match indicator.direction {
        Direction::Up => value.clone() - least.clone(),
        Direction::Down => most.clone() - value.clone(),
    };
    let part = above
        .over(&(most - least))
        .map_or(Ratio::from(Decimal::ONE_HUNDRED), |part| part * Decimal::from(80) + Decimal::from(20).into());
    Some(part * indicator.weight / Decimal::ONE_HUNDRED)
}

fn by_place(indicator: &Indicator, placed: usize, place: usize) -> Ratio {
    Ratio::from(indicator.weight) * Decimal::from(placed - place + 1) / Decimal::from(placed)
}

fn steps(of: Within, table: &[Points], against: &Against, value: &Ratio) -> Option<Ratio> {
    let against = match of {
        Within::Value => Some(Decimal::ONE.into()),
        Within::OfBase => against.base.clone(),
        Within::OfPeerMean => against.mean.clone().filter(|mean| !mean.is_negative()),
    };
    let entered = value.over(&against?)?;
    let row = table.iter().find(|row| row.holds(&entered));
    Some(row.map_or(Decimal::ZERO, |row| row.points).into())
}

/// The better half by the first key is ranked again by the second; a tie at the cut stays in the lower half. Whoever lacks the
/// second figure comes last in its half.
fn two_stage_places(
    first_direction: Direction,
    first: &[Option<Ratio>],
    second_direction: Direction,
    second: &[Option<Ratio>],
) -> Vec<Option<usize>> {
    let by_first = places(first, first_direction);
    let half = by_first.iter().flatten().count() / 2;
    let tied_at = |place: usize| by_first.iter().filter(|other| **other == Some(place)).count();
    let in_top: Vec<bool> =
        by_first.iter().map(|place| place.is_some_and(|place| place + tied_at(place) - 1 <= half)).collect();
    let top: Vec<Option<Ratio>> =
        second.iter().zip(&in_top).map(|(value, top)| value.clone().filter(|_| *top)).collect();
    let again = places(&top, second_direction);
    let last = again.iter().flatten().count() + 1;
    let place = |at: usize| if in_top[at] { Some(again[at].unwrap_or(last)) } else { by_first[at] };
    (0..first.len()).map(place).collect()
}

#[cfg(test)]
mod tests;
