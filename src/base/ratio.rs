//! Exact quotients. A figure per mu or per tonne is compared as the fraction it is; it is rounded only for the eye.

use std::iter::Sum;
use std::ops::{Add, Div, Mul, Sub};

use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::{Pow, Signed, ToPrimitive, Zero};
use rust_decimal::Decimal;

/// The exact quotient of decimals.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Ratio(BigRational);

impl Ratio {
    /// `numerator ÷ denominator`; nothing when the denominator is zero.
    pub fn of(numerator: Decimal, denominator: Decimal) -> Option<Ratio> {
        (!denominator.is_zero()).then(|| Ratio(exact(numerator) / exact(denominator)))
    }

    /// `1 ÷ self`; nothing when it is zero.
    pub fn reciprocal(&self) -> Option<Ratio> {
        (!self.0.is_zero()).then(|| Ratio(self.0.recip()))
    }

    pub fn is_negative(&self) -> bool {
        self.0.is_negative()
    }

    pub fn is_zero(&self) -> bool {
        self.0.is_zero()
    }

    /// `self ÷ divisor`; nothing when the divisor is zero.
    pub fn over(&self, divisor: &Ratio) -> Option<Ratio> {
        (!divisor.0.is_zero()).then(|| Ratio(&self.0 / &divisor.0))
    }

    pub fn times(&self, factor: &Ratio) -> Ratio {
        Ratio(&self.0 * &factor.0)
    }

    /// For the eye: half away from zero at `places` decimals. Nothing when it does not fit a decimal.
    pub fn rounded(&self, places: u32) -> Option<Decimal> {
        let scaled = (&self.0 * power_of_ten(places)).round().to_integer().to_i128()?;
        Decimal::try_from_i128_with_scale(scaled, places).ok()
    }

    /// The smallest decimal with `places` decimals that is not below: how much has to be added to reach a line.
    pub fn rounded_up(&self, places: u32) -> Option<Decimal> {
        let scaled = (&self.0 * power_of_ten(places)).ceil().to_integer().to_i128()?;
        Decimal::try_from_i128_with_scale(scaled, places).ok()
    }

    /// For programs: as it is where it ends within `places`, without noughts at the end; else half away from zero.
    pub fn shown(&self, places: u32) -> Option<Decimal> {
        self.rounded(places).map(|rounded| rounded.normalize())
    }
}

impl From<Decimal> for Ratio {
    fn from(value: Decimal) -> Self {
        Ratio(exact(value))
    }
}

impl Mul<Decimal> for Ratio {
    type Output = Ratio;
    fn mul(self, factor: Decimal) -> Ratio {
        Ratio(self.0 * exact(factor))
    }
}

/// By a decimal that is not zero.
impl Div<Decimal> for Ratio {
    type Output = Ratio;
    fn div(self, divisor: Decimal) -> Ratio {
        Ratio(self.0 / exact(divisor))
    }
}

impl Add for Ratio {
    type Output = Ratio;
    fn add(self, other: Ratio) -> Ratio {
        Ratio(self.0 + other.0)
    }
}

impl Sum for Ratio {
    fn sum<I: Iterator<Item = Ratio>>(items: I) -> Ratio {
        items.fold(Ratio::from(Decimal::ZERO), Add::add)
    }
}

impl Sub for Ratio {
    type Output = Ratio;
    fn sub(self, other: Ratio) -> Ratio {
        Ratio(self.0 - other.0)
    }
}

fn exact(value: Decimal) -> BigRational {
    BigRational::new(BigInt::from(value.mantissa()), power_of_ten(value.scale()).to_integer())
}

fn power_of_ten(exponent: u32) -> BigRational {
    BigRational::from_integer(BigInt::from(10).pow(exponent))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rust_decimal_macros::dec;

    use super::*;

    #[test]
    fn a_quotient_without_end_is_compared_as_it_is() {
        let third = Ratio::of(dec!(1), dec!(3)).unwrap();
        assert!(third > Ratio::from(dec!(0.3333333333333333333333333333)));
        assert!(third < Ratio::from(dec!(0.3333333333333333333333333334)));
        assert_eq!(third * dec!(3), Ratio::from(dec!(1.00)));
        assert_eq!(Ratio::of(dec!(1), dec!(0)), None);
    }

    #[test]
    fn rounding_is_for_the_eye() {
        assert_eq!(Ratio::of(dec!(2), dec!(3)).unwrap().rounded(4), Some(dec!(0.6667)));
        assert_eq!(Ratio::of(dec!(-1), dec!(8)).unwrap().rounded(2), Some(dec!(-0.13)));
        assert_eq!(Ratio::of(dec!(1), dec!(3)).unwrap().rounded_up(2), Some(dec!(0.34)));
        assert_eq!(Ratio::from(dec!(0.34)).rounded_up(2), Some(dec!(0.34)));
        assert_eq!(Ratio::of(Decimal::MAX, dec!(0.001)).unwrap().rounded(2), None);
    }

    #[test]
    fn programs_are_told_what_ends_as_it_is() {
        assert_eq!(Ratio::of(dec!(2), dec!(3)).unwrap().shown(12), Some(dec!(0.666666666667)));
        assert_eq!(Ratio::of(dec!(1), dec!(8)).unwrap().shown(12), Some(dec!(0.125)));
    }

    proptest! {
        #[test]
        fn order_follows_the_cross_product(a in -1_000_000i64..1_000_000, b in 1i64..1_000_000, c: i32) {
            let ratio = Ratio::of(Decimal::new(a, 2), Decimal::new(b, 4)).unwrap();
            let line = Decimal::new(c.into(), 3);
            prop_assert_eq!(ratio.cmp(&Ratio::from(line)), Decimal::new(a, 2).cmp(&(line * Decimal::new(b, 4))));
        }
    }
}
