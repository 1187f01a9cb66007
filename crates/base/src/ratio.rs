//! Exact quotients. A figure per mu or per tonne is compared as the fraction it is; it is rounded only for the eye.

use std::fmt;
use std::iter::Sum;
use std::ops::{Add, Div, Mul, Sub};
use std::str::FromStr;

use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::{One, Pow, Signed, ToPrimitive, Zero};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// The exact quotient of decimals. As text it is a decimal where one can write it in full, else a fraction: `240000/599`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Ratio(BigRational);

/// Longer texts are no figure anybody writes.
const LONGEST: usize = 400;
/// Decimals that [`Decimal`] can hold.
const MOST_PLACES: u32 = 28;

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("“{0}” is neither a decimal nor a fraction like 240000/599")]
pub struct RatioError(String);

impl Ratio {
    /// `numerator ÷ denominator`; nothing when the denominator is zero.
    pub fn of(numerator: Decimal, denominator: Decimal) -> Option<Ratio> {
        (!denominator.is_zero()).then(|| Ratio(exact(numerator) / exact(denominator)))
    }

    pub fn whole(number: i128) -> Ratio {
        Ratio(BigRational::from_integer(number.into()))
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

    /// In full, when a decimal can write it.
    pub fn as_decimal(&self) -> Option<Decimal> {
        let places = decimal_places(self.0.denom())?;
        let scaled = (&self.0 * power_of_ten(places)).to_integer().to_i128()?;
        Decimal::try_from_i128_with_scale(scaled, places).ok()
    }

    /// Numerator and denominator in lowest terms, whole numbers; the denominator is positive.
    pub fn in_lowest_terms(&self) -> (String, String) {
        (self.0.numer().to_string(), self.0.denom().to_string())
    }

    /// The largest decimal with `places` decimals that is not above.
    pub fn rounded_down(&self, places: u32) -> Option<Decimal> {
        let scaled = (&self.0 * power_of_ten(places)).floor().to_integer().to_i128()?;
        Decimal::try_from_i128_with_scale(scaled, places).ok()
    }

    /// The smallest decimal with `places` decimals that is not below: how much has to be added to reach a line.
    pub fn rounded_up(&self, places: u32) -> Option<Decimal> {
        let scaled = (&self.0 * power_of_ten(places)).ceil().to_integer().to_i128()?;
        Decimal::try_from_i128_with_scale(scaled, places).ok()
    }

    /// How many parts of 2^-`bits` it holds, rounded down, and whether that is all of it. Nothing where so many do not fit.
    pub fn in_parts(&self, bits: u32) -> Option<(i128, bool)> {
        let scaled = self.0.numer() << bits;
        let mut whole = &scaled / self.0.denom();
        let ends = &whole * self.0.denom() == scaled;
        if !ends && scaled.is_negative() {
            whole -= BigInt::one();
        }
        Some((whole.to_i128()?, ends))
    }

    /// About log2 of its size, at most one off; nothing for zero.
    pub fn size_in_bits(&self) -> Option<i64> {
        let bits = |of: &BigInt| i64::try_from(of.bits()).unwrap_or(i64::MAX / 2);
        (!self.is_zero()).then(|| bits(self.0.numer()) - bits(self.0.denom()))
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

impl fmt::Display for Ratio {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.as_decimal() {
            Some(decimal) => decimal.fmt(f),
            None => write!(f, "{}/{}", self.0.numer(), self.0.denom()),
        }
    }
}

impl FromStr for Ratio {
    type Err = RatioError;

    fn from_str(text: &str) -> Result<Self, RatioError> {
        let wrong = || RatioError(text.chars().take(40).collect());
        if text.len() > LONGEST {
            return Err(wrong());
        }
        let part = |text: &str| {
            let whole = text.parse::<BigInt>().map(BigRational::from_integer);
            whole.ok().or_else(|| text.parse::<Decimal>().ok().map(exact))
        };
        match text.trim().split_once('/') {
            None => part(text.trim()).map(Ratio).ok_or_else(wrong),
            Some((above, below)) => {
                let (above, below) = (part(above.trim()).ok_or_else(wrong)?, part(below.trim()).ok_or_else(wrong)?);
                if below.is_zero() { Err(wrong()) } else { Ok(Ratio(above / below)) }
            }
        }
    }
}

impl TryFrom<String> for Ratio {
    type Error = RatioError;
    fn try_from(text: String) -> Result<Self, RatioError> {
        text.parse()
    }
}

impl From<Ratio> for String {
    fn from(ratio: Ratio) -> String {
        ratio.to_string()
    }
}

/// How many decimals a fraction in lowest terms needs; nothing when it never ends, or too late.
fn decimal_places(denominator: &BigInt) -> Option<u32> {
    let twos = denominator.trailing_zeros().unwrap_or(0);
    let mut rest = denominator >> twos;
    let (five, mut fives) = (BigInt::from(5), 0u64);
    while !rest.is_one() {
        if !(&rest % &five).is_zero() {
            return None;
        }
        rest /= &five;
        fives += 1;
    }
    u32::try_from(twos.max(fives)).ok().filter(|places| *places <= MOST_PLACES)
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
    fn parts_are_counted_from_below() {
        let third = Ratio::of(dec!(1), dec!(3)).unwrap();
        assert_eq!(third.in_parts(2), Some((1, false)));
        assert_eq!(Ratio::of(dec!(-1), dec!(3)).unwrap().in_parts(2), Some((-2, false)));
        assert_eq!(Ratio::from(dec!(-0.75)).in_parts(2), Some((-3, true)));
        assert_eq!(Ratio::from(dec!(3)).in_parts(126), None);
        assert_eq!((third.size_in_bits(), Ratio::from(dec!(0)).size_in_bits()), (Some(-1), None));
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

    #[test]
    fn a_figure_is_written_in_full_or_as_a_fraction_and_read_back() {
        for (text, written) in [
            ("400.0261", "400.0261"),
            ("25.50", "25.5"),
            (" 240000 / 599 ", "240000/599"),
            ("1.5/0.75", "2"),
            ("-1/3", "-1/3"),
            ("7/1000000000000000000000000000000", "7/1000000000000000000000000000000"),
        ] {
            let ratio: Ratio = text.parse().unwrap();
            assert_eq!(ratio.to_string(), written);
            assert_eq!(written.parse::<Ratio>().unwrap(), ratio);
        }
        for odd in ["", "a", "1/0", "1/", "/2", "1/2/3", "1e5/x"] {
            assert!(odd.parse::<Ratio>().is_err(), "{odd}");
        }
        assert!("9".repeat(LONGEST + 1).parse::<Ratio>().is_err());
        assert_eq!(Ratio::of(dec!(1), dec!(3)).unwrap().rounded_down(2), Some(dec!(0.33)));
        assert_eq!(Ratio::of(dec!(-1), dec!(3)).unwrap().rounded_down(2), Some(dec!(-0.34)));
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_back(above: i64, below in 1i64..i64::MAX, places in 0u32..9) {
            let ratio = Ratio::of(Decimal::new(above, places), Decimal::from(below)).unwrap();
            prop_assert_eq!(ratio.to_string().parse::<Ratio>().unwrap(), ratio);
        }

        #[test]
        fn order_follows_the_cross_product(a in -1_000_000i64..1_000_000, b in 1i64..1_000_000, c: i32) {
            let ratio = Ratio::of(Decimal::new(a, 2), Decimal::new(b, 4)).unwrap();
            let line = Decimal::new(c.into(), 3);
            prop_assert_eq!(ratio.cmp(&Ratio::from(line)), Decimal::new(a, 2).cmp(&(line * Decimal::new(b, 4))));
        }
    }
}
