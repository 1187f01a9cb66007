//! Exact quantities. Areas are stored in square metres and money in yuan; mu and 万元 are displays.

use std::fmt;
use std::iter::Sum;
use std::ops::{Add, Neg, Sub};

use rust_decimal::{Decimal, RoundingStrategy};
use rust_decimal_macros::dec;
use serde::{Deserialize, Serialize};

/// One square metre in mu, exactly: 1 mu = 2000/3 m².
pub const MU_PER_SQUARE_METRE: Decimal = dec!(0.0015);

macro_rules! quantity {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, sqlx::Type)]
        #[serde(transparent)]
        #[sqlx(transparent)]
        pub struct $name(pub Decimal);

        impl $name {
            pub const ZERO: Self = Self(Decimal::ZERO);
            pub fn is_zero(self) -> bool { self.0.is_zero() }
            pub fn is_negative(self) -> bool { self.0.is_sign_negative() && !self.0.is_zero() }
        }
        impl Add for $name { type Output = Self; fn add(self, other: Self) -> Self { Self(self.0 + other.0) } }
        impl Sub for $name { type Output = Self; fn sub(self, other: Self) -> Self { Self(self.0 - other.0) } }
        impl Neg for $name { type Output = Self; fn neg(self) -> Self { Self(-self.0) } }
        impl Sum for $name { fn sum<I: Iterator<Item = Self>>(items: I) -> Self { items.fold(Self::ZERO, Add::add) } }
        impl fmt::Display for $name { fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { self.0.fmt(f) } }
        impl From<Decimal> for $name { fn from(value: Decimal) -> Self { Self(value) } }
    };
}

quantity! {
    /// An area in square metres (平方米).
    SquareMetre
}
quantity! {
    /// An area in mu (亩), 2000/3 m² each.
    Mu
}
quantity! {
    /// Money in yuan (元).
    Yuan
}

impl SquareMetre {
    /// Exact: no rounding takes place.
    pub fn to_mu(self) -> Mu {
        Mu(self.0 * MU_PER_SQUARE_METRE)
    }
}

impl Mu {
    /// Multiplied before it is divided, so that whole multiples of 3 mu stay exact.
    pub fn to_square_metre(self) -> SquareMetre {
        SquareMetre(self.0 * dec!(2000) / dec!(3))
    }
}

impl Yuan {
    /// From 万元, ten thousand yuan each.
    pub fn from_wan(wan: Decimal) -> Self {
        Yuan(wan * dec!(10000))
    }

    pub fn to_wan(self) -> Decimal {
        self.0 / dec!(10000)
    }
}

/// A figure for the eye: half away from zero at `places` decimals, all of them printed.
pub fn rounded(value: Decimal, places: u32) -> String {
    let rounded = value.round_dp_with_strategy(places, RoundingStrategy::MidpointAwayFromZero);
    format!("{rounded:.*}", places as usize)
}

/// [`rounded`] with a comma every three digits of the whole part.
pub fn grouped(value: Decimal, places: u32) -> String {
    let text = rounded(value, places);
    let (sign, digits) = match text.strip_prefix('-') {
        Some(rest) => ("-", rest),
        None => ("", text.as_str()),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let mut out = String::from(sign);
    for (place, digit) in whole.chars().enumerate() {
        if place > 0 && (whole.len() - place).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    if !fraction.is_empty() {
        out.push('.');
        out.push_str(fraction);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_square_metre_is_exactly_fifteen_ten_thousandths_of_a_mu() {
        assert_eq!(SquareMetre(dec!(1)).to_mu(), Mu(dec!(0.0015)));
        assert_eq!(SquareMetre(dec!(2000)).to_mu(), Mu(dec!(3)));
        assert_eq!(SquareMetre(dec!(68507.52)).to_mu(), Mu(dec!(102.76128)));
        assert_ne!(SquareMetre(dec!(666.67)).to_mu(), Mu(dec!(1)));
        assert_eq!(Mu(dec!(3)).to_square_metre(), SquareMetre(dec!(2000)));
    }

    #[test]
    fn figures_for_the_eye() {
        assert_eq!(rounded(dec!(73.7156), 2), "73.72");
        assert_eq!(rounded(dec!(5), 4), "5.0000");
        assert_eq!(rounded(dec!(-0.5), 0), "-1");
        assert_eq!(grouped(dec!(1234567.891), 2), "1,234,567.89");
        assert_eq!(grouped(dec!(-1000), 0), "-1,000");
        assert_eq!(grouped(dec!(999), 0), "999");
    }

    proptest! {
        #[test]
        fn mu_never_loses_a_square_metre(hundredths in 0i64..10_000_000_000) {
            let area = SquareMetre(Decimal::new(hundredths, 2));
            prop_assert_eq!(area.to_mu().0 * dec!(2000), area.0 * dec!(3));
        }
    }
}
