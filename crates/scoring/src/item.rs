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

/// The items of one indicator for a ranking group, in the order of `group`.
pub fn items<F: Figures>(indicator: &Indicator, base: Option<&Ratio>, group: &[&F]) -> Vec<Item> {
    let values: Vec<Option<Ratio>> = group.iter().map(|one| one.value(indicator)).collect();
    let scores: Vec<Option<Ratio>> = match &indicator.family {
        Family::ToBase { cap, .. } => to_base(indicator, base, *cap, &values),
        Family::MinMax => min_max(indicator, &values),
        Family::Rank => by_place(indicator, &places(&values, indicator.direction)),
        Family::TwoStage { second, second_direction } => {
            let again: Vec<Option<Ratio>> = group.iter().map(|one| one.second(indicator, second)).collect();
            by_place(indicator, &two_stage_places(indicator.direction, &values, *second_direction, &again))
        }
        Family::Steps { of, table, .. } => steps(*of, table, base, &values),
    };
    let scores: Vec<Option<Ratio>> =
        scores.into_iter().zip(&values).map(|(score, value)| negative(indicator, score, value.as_ref())).collect();
    let stand_in = stand_in(indicator, &scores);
    let item = |(value, score): (Option<Ratio>, Option<Ratio>)| match score {
        Some(score) => Item { value, score, missing: None },
        None => Item { value, score: stand_in.clone(), missing: Some(indicator.missing.code()) },
    };
    values.into_iter().zip(scores).map(item).collect()
}

/// A value below zero scores nothing, unless the scheme counts it as it is.
fn negative(indicator: &Indicator, score: Option<Ratio>, value: Option<&Ratio>) -> Option<Ratio> {
    let below = value.is_some_and(Ratio::is_negative) && indicator.negative == Negative::Zero;
    if below { score.map(|_| Ratio::from(Decimal::ZERO)) } else { score }
}

fn stand_in(indicator: &Indicator, scores: &[Option<Ratio>]) -> Ratio {
    match indicator.missing {
        Missing::Zero | Missing::NotScored => Decimal::ZERO.into(),
        Missing::Weight => indicator.weight.into(),
        Missing::Minus(points) => (-points).into(),
        Missing::PeerAverage => mean(scores).unwrap_or_else(|| Decimal::ZERO.into()),
    }
}

/// Of those that are there.
fn mean(values: &[Option<Ratio>]) -> Option<Ratio> {
    let there = values.iter().flatten().count();
    values.iter().flatten().cloned().sum::<Ratio>().over(&Decimal::from(there).into())
}

fn to_base(
    indicator: &Indicator,
    base: Option<&Ratio>,
    cap: Option<Decimal>,
    values: &[Option<Ratio>],
) -> Vec<Option<Ratio>> {
    let most = cap.map(|cap| Ratio::from(cap) * indicator.weight);
    let score = |value: &Ratio| {
        let part = match indicator.direction {
            Direction::Up => value.over(base?),
            Direction::Down => base?.over(value),
        };
        // Nothing is better than none of what should be little; without a cap that has no figure.
        let Some(part) = part else { return most.clone() };
        let points = part * indicator.weight;
        Some(most.clone().map_or(points.clone(), |most| most.min(points)))
    };
    values.iter().map(|value| value.as_ref().and_then(score)).collect()
}

fn min_max(indicator: &Indicator, values: &[Option<Ratio>]) -> Vec<Option<Ratio>> {
    let (least, most) = (values.iter().flatten().min(), values.iter().flatten().max());
    let score = |value: &Ratio| {
        let (least, most) = (least?.clone(), most?.clone());
        let above = match indicator.direction {
            Direction::Up => value.clone() - least.clone(),
            Direction::Down => most.clone() - value.clone(),
        };
        let part = above
            .over(&(most - least))
            .map_or(Ratio::from(Decimal::ONE_HUNDRED), |part| part * Decimal::from(80) + Decimal::from(20).into());
        Some(part * indicator.weight / Decimal::ONE_HUNDRED)
    };
    values.iter().map(|value| value.as_ref().and_then(score)).collect()
}

fn by_place(indicator: &Indicator, places: &[Option<usize>]) -> Vec<Option<Ratio>> {
    let count = places.iter().flatten().count();
    let score = |place: usize| Ratio::from(indicator.weight) * Decimal::from(count - place + 1) / Decimal::from(count);
    places.iter().map(|place| place.map(score)).collect()
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

fn steps(of: Within, table: &[Points], base: Option<&Ratio>, values: &[Option<Ratio>]) -> Vec<Option<Ratio>> {
    let against = match of {
        Within::Value => Some(Decimal::ONE.into()),
        Within::OfBase => base.cloned(),
        Within::OfPeerMean => mean(values).filter(|mean| !mean.is_negative()),
    };
    let score = |value: &Ratio| {
        let entered = value.over(against.as_ref()?)?;
        let row = table.iter().find(|row| row.holds(&entered));
        Some(row.map_or(Decimal::ZERO, |row| row.points).into())
    };
    values.iter().map(|value| value.as_ref().and_then(score)).collect()
}

#[cfg(test)]
mod tests;
