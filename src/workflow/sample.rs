//! Which of many are looked at more closely: drawn from a seed, so that anybody can draw them again.

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use sha2::{Digest, Sha256};

/// How many of so many are drawn: the share rounded up, one at least.
pub fn size(among: usize, percent: Decimal) -> usize {
    let share = Decimal::from(among) * percent / Decimal::ONE_HUNDRED;
    share.ceil().to_usize().unwrap_or(among).clamp(among.min(1), among)
}

/// Those drawn, in their order. Each number gets its place by the hash of the seed and itself, so neither the order in which
/// they come nor anybody's wish moves it.
pub fn drawn(seed: &str, among: &[String], percent: Decimal) -> Vec<String> {
    let mut placed: Vec<_> = among.iter().map(|number| (place(seed, number), number)).collect();
    placed.sort();
    placed.dedup();
    let taken = size(placed.len(), percent);
    let mut drawn: Vec<String> = placed.into_iter().take(taken).map(|(_, number)| number.clone()).collect();
    drawn.sort();
    drawn
}

fn place(seed: &str, number: &str) -> [u8; 32] {
    Sha256::digest(format!("{seed}:{number}")).into()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rust_decimal_macros::dec;

    use super::*;

    fn numbers(count: usize) -> Vec<String> {
        (1..=count).map(|serial| format!("2026-{serial:04}")).collect()
    }

    #[test]
    fn a_share_is_rounded_up_and_never_nothing() {
        assert_eq!(size(0, dec!(20)), 0);
        assert_eq!(size(1, dec!(20)), 1);
        assert_eq!((size(5, dec!(20)), size(6, dec!(20))), (1, 2));
        assert_eq!((size(100, dec!(20)), size(101, dec!(20))), (20, 21));
        assert_eq!(size(7, dec!(100)), 7);
    }

    #[test]
    fn the_same_seed_draws_the_same_whatever_the_order() {
        let mut turned = numbers(50);
        turned.reverse();
        let first = drawn("2026年第一批", &numbers(50), dec!(20));
        assert_eq!(first.len(), 10);
        assert_eq!(drawn("2026年第一批", &turned, dec!(20)), first);
        assert_ne!(drawn("2026年第二批", &turned, dec!(20)), first);
    }

    proptest! {
        #[test]
        fn those_drawn_are_among_those_asked(seed in "[a-z]{1,12}", count in 1usize..80, percent in 1u32..=100) {
            let among = numbers(count);
            let drawn = drawn(&seed, &among, percent.into());
            prop_assert_eq!(drawn.len(), size(count, percent.into()));
            prop_assert!(drawn.iter().all(|number| among.contains(number)));
        }
    }
}
