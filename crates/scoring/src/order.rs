//! Places among many by bounds: whoever lies apart is ordered by them, whoever does not by the exact ratio.

use base::ratio::Ratio;

use crate::near::Near;

/// One that is to be placed. Where scores are equal the smaller position comes first, and the place is shared.
#[derive(Clone, Copy, Debug)]
pub struct Entry {
    pub near: Near,
    pub at: u32,
}

/// One with its place, from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Placed {
    pub at: u32,
    pub place: u32,
}

/// The best first: the largest. `exact` gives the ratios of some who lie too near to each other, in their order.
pub fn order(mut entries: Vec<Entry>, exact: impl Fn(&[u32]) -> Vec<Ratio>) -> Vec<Placed> {
    entries.sort_unstable_by(|one, other| other.near.low.cmp(&one.near.low).then(one.at.cmp(&other.at)));
    let ends = ends(&entries);
    let mut placed = Vec::with_capacity(entries.len());
    for (begin, end) in std::iter::once(0).chain(ends.iter().copied()).zip(ends.iter().copied()) {
        place(&entries[begin..end], &exact, &mut placed);
    }
    placed
}

/// Where those end who cannot be told from each other: everybody after it is certainly less than everybody before.
fn ends(entries: &[Entry]) -> Vec<usize> {
    let mut ends = Vec::with_capacity(entries.len());
    let mut highest_after = i128::MIN;
    for (number, entry) in entries.iter().enumerate().rev() {
        if number + 1 == entries.len() || highest_after < entry.near.low {
            ends.push(number + 1);
        }
        highest_after = highest_after.max(entry.near.high);
    }
    ends.reverse();
    ends
}

fn place(close: &[Entry], exact: &impl Fn(&[u32]) -> Vec<Ratio>, placed: &mut Vec<Placed>) {
    let before = placed.len() as u32;
    // Bounds that are one have been ordered by what they are.
    if close.iter().all(|entry| entry.near.is_exact()) {
        let mut place = before + 1;
        for (number, entry) in close.iter().enumerate() {
            if number > 0 && entry.near != close[number - 1].near {
                place = before + number as u32 + 1;
            }
            placed.push(Placed { at: entry.at, place });
        }
        return;
    }
    if let [alone] = close {
        return placed.push(Placed { at: alone.at, place: before + 1 });
    }
    let mut positions: Vec<u32> = close.iter().map(|entry| entry.at).collect();
    positions.sort_unstable();
    let mut ratios: Vec<(Ratio, u32)> = exact(&positions).into_iter().zip(positions).collect();
    ratios.sort_by(|(one, at), (other, also_at)| other.cmp(one).then(at.cmp(also_at)));
    let mut place = before + 1;
    for number in 0..ratios.len() {
        if number > 0 && ratios[number].0 != ratios[number - 1].0 {
            place = before + number as u32 + 1;
        }
        placed.push(Placed { at: ratios[number].1, place });
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rust_decimal::Decimal;

    use super::*;
    use crate::rank::places;
    use crate::scheme::Direction;

    proptest! {
        /// However wide the bounds are, the places are those of the figures.
        #[test]
        fn bounds_decide_nothing_that_the_figures_do_not(all in prop::collection::vec((-20i64..20, 0i64..15, 0i64..15), 0..60)) {
            let part = |of: i64| i128::from(of) << 80;
            let entries: Vec<Entry> = all.iter().enumerate().map(|(at, (of, below, above))| Entry {
                near: Near { low: part(of - below), high: part(of + above) }, at: at as u32,
            }).collect();
            let figure = |at: u32| Ratio::from(Decimal::from(all[at as usize].0));
            let found = order(entries, |close| close.iter().map(|at| figure(*at)).collect());
            let values: Vec<Option<Ratio>> = (0..all.len()).map(|at| Some(figure(at as u32))).collect();
            let expected = places(&values, Direction::Up);
            prop_assert_eq!(found.len(), all.len());
            prop_assert!(found.windows(2).all(|pair| (pair[0].place, pair[0].at) < (pair[1].place, pair[1].at)));
            for placed in found {
                prop_assert_eq!(Some(placed.place as usize), expected[placed.at as usize]);
            }
        }
    }
}
