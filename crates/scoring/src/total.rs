//! From items to the score: Σ × coefficient + bonus − deductions.

use std::collections::BTreeMap;

use base::ratio::Ratio;
use rust_decimal::Decimal;

use crate::result::Counted;
use crate::scheme::{Bonus, Scheme};
use crate::subject::Claim;

/// What claims come to, item by item in the order of the scheme: each at most its cap.
pub fn counted(items: &[Bonus], claims: &[Claim]) -> Vec<Counted> {
    let mut times: BTreeMap<&str, Decimal> = BTreeMap::new();
    for claim in claims {
        *times.entry(&claim.item).or_default() += claim.times;
    }
    let count = |item: &Bonus| {
        let points = item.points * times.get(item.item.as_str())?;
        let counted = item.cap.map_or(points, |cap| cap.min(points));
        Some(Counted { item: item.item.clone(), points, counted })
    };
    items.iter().filter_map(count).collect()
}

/// All items together, at most the cap over them.
pub fn together(counted: &[Counted], cap: Option<Decimal>) -> Decimal {
    let sum: Decimal = counted.iter().map(|item| item.counted).sum();
    cap.map_or(sum, |cap| cap.min(sum))
}

/// The bonus is not multiplied. It may be negative or above 100.
pub fn score(scheme: &Scheme, sum: &Ratio, coefficient: Decimal, bonus: Decimal, deduction: Decimal) -> Ratio {
    let score = sum.times(&coefficient.into()) + (bonus - deduction).into();
    match scheme.rounding.and_then(|places| score.rounded(places)) {
        Some(rounded) => rounded.into(),
        None => score,
    }
}
