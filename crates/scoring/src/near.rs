//! Where a figure lies, without its fraction: between two bounds that were each rounded outward. What the bounds leave open is
//! decided on the exact ratio; what they decide, they decide as the ratio would.

use base::ratio::Ratio;
use rust_decimal::Decimal;

/// Bounds are counted in parts of 2^-80: some 24 decimals.
const BITS: u32 = 80;
/// Bounds beyond this many parts are not reckoned with: 2^46 whole ones.
const MOST: i128 = 1 << 126;
/// Decimals that [`Decimal`] can hold, and the largest whole number behind them.
const MOST_PLACES: u32 = 28;
const MOST_MANTISSA: u128 = 1 << 96;

/// `low` ≤ the figure in parts ≤ `high`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Near {
    pub low: i128,
    pub high: i128,
}

impl Near {
    pub const ZERO: Near = Near { low: 0, high: 0 };

    /// `above ÷ below`, where `below` is above zero; nothing where it is too large.
    pub fn quotient(above: i128, below: i128) -> Option<Near> {
        let divisor = u128::try_from(below).ok().filter(|divisor| *divisor > 0)?;
        let size = above.unsigned_abs();
        let (mut whole, mut rest) = (size / divisor, size % divisor);
        let mut left = BITS;
        if whole >= (1 << (126 - BITS)) {
            return None;
        }
        while left > 0 {
            let step = left.min(rest.leading_zeros());
            if step == 0 {
                return None;
            }
            rest <<= step;
            whole = (whole << step) | (rest / divisor);
            rest %= divisor;
            left -= step;
        }
        let low = i128::try_from(whole).ok()?;
        let high = low + i128::from(rest != 0);
        Some(if above < 0 { Near { low: -high, high: -low } } else { Near { low, high } })
    }

    pub fn of(ratio: &Ratio) -> Option<Near> {
        let (low, ends) = ratio.in_parts(BITS)?;
        (low.unsigned_abs() < MOST.unsigned_abs()).then(|| Near { low, high: low + i128::from(!ends) })
    }

    /// As [`Near::of`], and for whatever is larger the bounds of all that is.
    pub fn around(ratio: &Ratio) -> Near {
        let beyond = || match ratio.is_negative() {
            true => Near { low: -i128::MAX, high: -MOST },
            false => Near { low: MOST, high: i128::MAX },
        };
        Near::of(ratio).unwrap_or_else(beyond)
    }

    /// Bounds that are one are the figure.
    pub fn is_exact(self) -> bool {
        self.low == self.high
    }

    pub fn add(self, other: Near) -> Option<Near> {
        within(self.low.checked_add(other.low)?, self.high.checked_add(other.high)?)
    }

    pub fn sub(self, other: Near) -> Option<Near> {
        within(self.low.checked_sub(other.high)?, self.high.checked_sub(other.low)?)
    }

    /// The smaller of two, whichever it is.
    pub fn min(self, other: Near) -> Near {
        Near { low: self.low.min(other.low), high: self.high.min(other.high) }
    }

    /// The other way round: what was more is less.
    pub fn turned(self) -> Near {
        Near { low: -self.high, high: -self.low }
    }

    /// A share of it: `÷ count`.
    pub fn over(self, count: u64) -> Option<Near> {
        let count = i128::from(count);
        (count > 0).then(|| Near { low: self.low.div_euclid(count), high: -(-self.high).div_euclid(count) })
    }

    /// Half away from zero; nothing where the bounds differ about it, or a decimal does not hold it.
    pub fn rounded(self, places: u32) -> Option<Decimal> {
        let low = round(self.low, places)?;
        if self.low != self.high && round(self.high, places)? != low {
            return None;
        }
        Decimal::try_from_i128_with_scale(low, places).ok()
    }
}

fn within(low: i128, high: i128) -> Option<Near> {
    (-MOST < low && high < MOST).then_some(Near { low, high })
}

fn round(parts: i128, places: u32) -> Option<i128> {
    if places > MOST_PLACES {
        return None;
    }
    let (over, under) = wide(parts.unsigned_abs(), 10u128.pow(places));
    let (under, carried) = under.overflowing_add(1 << (BITS - 1));
    let size = shifted(over + u128::from(carried), under, BITS).filter(|size| *size < MOST_MANTISSA)? as i128;
    Some(if parts < 0 { -size } else { size })
}

/// A factor that is not negative, between two bounds of so many parts of 2^-`bits` that it is known to some thirty digits
/// however small it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Scale {
    low: u128,
    high: u128,
    bits: u32,
}

impl Scale {
    /// Digits of a factor, in bits.
    const DIGITS: i64 = 100;
    const MOST_BITS: i64 = 220;

    /// Nothing for what is negative or too large.
    pub fn of(ratio: &Ratio) -> Option<Scale> {
        let Some(size) = ratio.size_in_bits() else { return Some(Scale { low: 0, high: 0, bits: 0 }) };
        let bits = u32::try_from((Scale::DIGITS - size).clamp(0, Scale::MOST_BITS)).ok()?;
        let (low, ends) = ratio.in_parts(bits)?;
        let low = u128::try_from(low).ok()?;
        Some(Scale { low, high: low + u128::from(!ends), bits })
    }

    pub fn times(self, near: Near) -> Option<Near> {
        let low = if near.low < 0 { self.product(near.low, self.high)?.0 } else { self.product(near.low, self.low)?.0 };
        let high =
            if near.high < 0 { self.product(near.high, self.low)?.1 } else { self.product(near.high, self.high)?.1 };
        within(low, high)
    }

    /// The product with one of the bounds, rounded down and up.
    fn product(self, parts: i128, factor: u128) -> Option<(i128, i128)> {
        let (over, under) = wide(parts.unsigned_abs(), factor);
        let whole = i128::try_from(shifted(over, under, self.bits)?).ok().filter(|whole| *whole < MOST)?;
        let more = whole + i128::from(has_rest(over, under, self.bits));
        Some(if parts < 0 { (-more, -whole) } else { (whole, more) })
    }
}

/// The product of two in 256 bits: the upper and the lower half.
fn wide(one: u128, other: u128) -> (u128, u128) {
    const HALF: u128 = u64::MAX as u128;
    let (a, b, c, d) = (one >> 64, one & HALF, other >> 64, other & HALF);
    let low = b * d;
    let (middle, carried) = (a * d).overflowing_add(b * c);
    let (under, more) = low.overflowing_add(middle << 64);
    (a * c + (middle >> 64) + (u128::from(carried) << 64) + u128::from(more), under)
}

/// Without its last `bits`; nothing where more than 128 are left.
fn shifted(over: u128, under: u128, bits: u32) -> Option<u128> {
    match bits {
        0 => (over == 0).then_some(under),
        1..128 => (over >> bits == 0).then(|| (over << (128 - bits)) | (under >> bits)),
        128 => Some(over),
        _ => Some(over.checked_shr(bits - 128).unwrap_or(0)),
    }
}

fn has_rest(over: u128, under: u128, bits: u32) -> bool {
    let tail = |of: u128, bits: u32| bits > 0 && of.trailing_zeros() < bits && of != 0;
    if bits < 128 { tail(under, bits) } else { under != 0 || tail(over, bits - 128) }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rust_decimal_macros::dec;

    use super::*;

    fn parts(parts: i128) -> Ratio {
        // Two steps, for a decimal does not hold 2^80.
        let half = Decimal::from(1u64 << 40);
        let (whole, rest) = (parts.div_euclid(1 << 60), parts.rem_euclid(1 << 60));
        let whole = Ratio::from(Decimal::from_i128_with_scale(whole, 0)) * Decimal::from(1u64 << 60);
        (whole + Decimal::from_i128_with_scale(rest, 0).into()) / half / half
    }

    fn holds(near: Near, ratio: &Ratio) -> bool {
        parts(near.low) <= *ratio && *ratio <= parts(near.high) && near.high - near.low <= 2
    }

    #[test]
    fn what_ends_in_parts_is_exact_and_what_is_too_large_is_beyond_all() {
        let quarter = Near::quotient(-3, 4).unwrap();
        assert!(quarter.is_exact() && holds(quarter, &dec!(-0.75).into()));
        assert!(!Near::quotient(1, 3).unwrap().is_exact());
        assert_eq!(Near::quotient(1 << 50, 1), None);
        assert_eq!(Near::quotient(1, i128::MAX), Some(Near { low: 0, high: 1 }));
        let large = Near::around(&dec!(-100000000000000000).into());
        assert_eq!((large.low, large.high), (-i128::MAX, -MOST));
        assert_eq!(large.add(quarter), None);
    }

    #[test]
    fn a_rounding_that_the_bounds_leave_open_is_not_told() {
        assert_eq!(Near::of(&dec!(0.5).into()).unwrap().rounded(0), Some(dec!(1)));
        assert_eq!(Near::of(&dec!(-0.5).into()).unwrap().rounded(0), Some(dec!(-1)));
        assert_eq!(Near::of(&dec!(0.05).into()).unwrap().rounded(1), None, "no binary fraction ends there");
        assert_eq!(Near::of(&dec!(0.051).into()).unwrap().rounded(1), Some(dec!(0.1)));
        assert_eq!(Near::of(&dec!(9000000000000).into()).unwrap().rounded(28), None);
    }

    fn decimals() -> impl Strategy<Value = Decimal> {
        (-1_000_000_000_000i64..1_000_000_000_000, 0u32..13).prop_map(|(of, places)| Decimal::new(of, places))
    }

    proptest! {
        #[test]
        fn a_quotient_lies_between_its_bounds(above in any::<i64>(), below in 1i128..1 << 100) {
            let exact = Ratio::from(Decimal::from(above)).over(&Ratio::from(Decimal::from_i128_with_scale(below >> 10, 0)));
            if let (Some(near), Some(exact)) = (Near::quotient(above.into(), below >> 10), exact) {
                prop_assert!(holds(near, &exact));
                prop_assert!(holds(Near::of(&exact).unwrap(), &exact));
            }
        }

        #[test]
        fn sums_and_products_lie_between_theirs(a in decimals(), b in decimals(), c in decimals()) {
            let (one, other, factor) = (Ratio::from(a), Ratio::from(b), Ratio::from(c.abs()));
            let (near, far) = (Near::of(&one).unwrap(), Near::of(&other).unwrap());
            prop_assert!(holds(near.add(far).unwrap(), &(one.clone() + other.clone())));
            prop_assert!(holds(near.sub(far).unwrap(), &(one.clone() - other)));
            let scale = Scale::of(&factor).unwrap();
            if let Some(product) = scale.times(near) {
                let exact = one.times(&factor);
                prop_assert!(parts(product.low) <= exact && exact <= parts(product.high));
                prop_assert!(exact.rounded(12).is_none() || product.rounded(6).is_none() || product.rounded(6) == exact.rounded(6));
            }
            prop_assert_eq!(near.rounded(4).unwrap_or(one.rounded(4).unwrap()), one.rounded(4).unwrap());
        }
    }
}
