//! Comparing tax and land without rounding. The products need more than the 96 bits of a decimal.

use std::cmp::Ordering;

use rust_decimal::Decimal;

/// `tax × 2000 × days` against `floor × land × 3`, exactly. With `land` in m²·days this holds tax per mu against the
/// floor: 1 mu is 2000/3 m².
///
/// All four are positive or zero and within the bounds of `rules::in_range` and `Line::from_parameters`, so that each
/// factor below fits 128 bits: at most 10^27 beside 732,000 × 10^16, and 10^27 beside 3 × 10^13 × 10^12.
pub fn against_the_floor(tax: Decimal, days: i64, floor: Decimal, land: Decimal) -> Ordering {
    let (tax, floor, land) = (tax.normalize(), floor.normalize(), land.normalize());
    let left_scale = tax.scale();
    let right_scale = land.scale() + floor.scale();
    let scale = left_scale.max(right_scale);
    let left = 2000 * days.unsigned_abs() as u128 * 10u128.pow(scale - left_scale);
    let right = 3 * floor.mantissa().unsigned_abs() * 10u128.pow(scale - right_scale);
    product(tax.mantissa().unsigned_abs(), left).cmp(&product(land.mantissa().unsigned_abs(), right))
}

/// The 256-bit product as (high, low) halves; tuples compare high half first.
fn product(a: u128, b: u128) -> (u128, u128) {
    const LOW: u128 = u64::MAX as u128;
    let (a_high, a_low, b_high, b_low) = (a >> 64, a & LOW, b >> 64, b & LOW);
    let low = a_low * b_low;
    let middle = a_high * b_low + (low >> 64);
    let carried = a_low * b_high + (middle & LOW);
    (a_high * b_high + (middle >> 64) + (carried >> 64), (carried << 64) | (low & LOW))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_largest_product_does_not_overflow() {
        assert_eq!(product(u128::MAX, u128::MAX), (u128::MAX - 1, 1));
        assert_eq!(product(u128::MAX, 1), (0, u128::MAX));
    }

    proptest! {
        #[test]
        fn small_products_agree_with_the_machine(a in 0..u128::from(u64::MAX), b in 0..u128::from(u64::MAX)) {
            prop_assert_eq!(product(a, b), (0, a * b));
        }

        #[test]
        fn products_distribute(a: u128, b in 0..u128::MAX / 2) {
            let (high, low) = product(a, b);
            let (sum_low, carry) = low.overflowing_add(a);
            prop_assert_eq!(product(a, b + 1), (high + u128::from(carry), sum_low));
        }
    }
}
