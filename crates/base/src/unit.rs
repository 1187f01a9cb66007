//! Exact quantities. Money is stored in yuan, and what is measured in square metres.
//!
//! Land that people state is kept in mu: 1 m² is 0.0015 mu, so a figure in mu and a figure in square metres both have an
//! end there, and are summed, subtracted and compared as they were given. 1 mu is 2000/3 m², which has none: square metres
//! of land kept in mu are for the eye, unless they end.

use std::fmt;
use std::iter::Sum;
use std::ops::{Add, Neg, Sub};

use rust_decimal::{Decimal, RoundingStrategy};
use rust_decimal_macros::dec;
use serde::{Deserialize, Serialize};

use super::ratio::Ratio;

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

/// Decimals of square metres that programs are told where they have no end.
pub const SHOWN_PLACES: u32 = 12;

impl Mu {
    pub fn square_metres(self) -> Ratio {
        square_metres_of(&self.0.into())
    }

    /// Where the figure in square metres has an end.
    pub fn exact_square_metres(self) -> Option<SquareMetre> {
        let mu = self.0.normalize();
        let thirds = mu.mantissa().checked_mul(2000)?;
        if thirds % 3 != 0 {
            return None;
        }
        Decimal::try_from_i128_with_scale(thirds / 3, mu.scale()).ok().map(|area| SquareMetre(area.normalize()))
    }

    /// For programs: exact where it ends, else half up at [`SHOWN_PLACES`]. Nothing when it does not fit a decimal.
    pub fn shown_square_metres(self) -> Option<Decimal> {
        let exact = self.exact_square_metres().map(|area| area.0);
        exact.or_else(|| self.square_metres().rounded(SHOWN_PLACES).map(|area| area.normalize()))
    }
}

impl Mu {
    /// As people stated it, or the same: `2000 平方米` where square metres end, else `10 亩`.
    pub fn stated(self) -> String {
        match self.exact_square_metres() {
            Some(area) => format!("{area} 平方米"),
            None => format!("{} 亩", self.0.normalize()),
        }
    }

    /// Square metres for the eye: as they are where they end, else with two decimals; the largest decimal for what fits none.
    pub fn eye_square_metres(self) -> SquareMetre {
        let rounded = || self.square_metres().rounded(2).map(SquareMetre);
        self.exact_square_metres().or_else(rounded).unwrap_or(SquareMetre(Decimal::MAX))
    }

    /// [`Self::eye_square_metres`] in a sentence.
    pub fn square_metres_text(self) -> String {
        format!("{} 平方米", self.eye_square_metres().0.normalize())
    }
}

/// Of mu that need not be a decimal, as averages over the days of a year are.
pub fn square_metres_of(mu: &Ratio) -> Ratio {
    mu.clone() * dec!(2000) / dec!(3)
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
    let rounded = if rounded.is_zero() { rounded.abs() } else { rounded };
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
    fn no_zero_is_written_with_a_sign() {
        for nothing in [-Decimal::ZERO, dec!(-0.00), dec!(-0.004), Decimal::ZERO] {
            assert_eq!((rounded(nothing, 2), grouped(nothing, 2)), ("0.00".to_owned(), "0.00".to_owned()));
        }
        assert_eq!(grouped(dec!(-0.005), 2), "-0.01");
    }

    #[test]
    fn a_square_metre_is_exactly_fifteen_ten_thousandths_of_a_mu() {
        assert_eq!(SquareMetre(dec!(1)).to_mu(), Mu(dec!(0.0015)));
        assert_eq!(SquareMetre(dec!(2000)).to_mu(), Mu(dec!(3)));
        assert_eq!(SquareMetre(dec!(68507.52)).to_mu(), Mu(dec!(102.76128)));
        assert_ne!(SquareMetre(dec!(666.67)).to_mu(), Mu(dec!(1)));
        assert_eq!(Mu(dec!(3)).exact_square_metres(), Some(SquareMetre(dec!(2000))));
    }

    #[test]
    fn square_metres_of_land_in_mu_are_rounded_only_where_they_have_no_end() {
        assert_eq!(Mu(dec!(10)).exact_square_metres(), None);
        assert_eq!(Mu(dec!(10)).square_metres(), Ratio::of(dec!(20000), dec!(3)).unwrap());
        assert_eq!(Mu(dec!(10)).shown_square_metres(), Some(dec!(6666.666666666667)));
        assert_eq!(Mu(dec!(20)).shown_square_metres(), Some(dec!(13333.333333333333)));
        assert_eq!(Mu(dec!(0.1500)).shown_square_metres(), Some(dec!(100)));
        assert_eq!(Mu(dec!(-3.6)).exact_square_metres(), Some(SquareMetre(dec!(-2400))));
        assert_eq!(Mu(Decimal::MAX).shown_square_metres(), None);
        assert_eq!(Mu(dec!(10)).square_metres_text(), "6666.67 平方米");
        assert_eq!((Mu(dec!(3)).stated(), Mu(dec!(10.0)).stated()), ("2000 平方米".to_owned(), "10 亩".to_owned()));
        assert_eq!(Mu(Decimal::MAX).eye_square_metres(), SquareMetre(Decimal::MAX));
    }

    #[test]
    fn ten_mu_let_in_two_halves_leave_nothing() {
        assert_eq!(Mu(dec!(10)) - Mu(dec!(5)) - Mu(dec!(5)), Mu::ZERO);
        assert_eq!(Mu(dec!(10)) - SquareMetre(dec!(2000)).to_mu() - Mu(dec!(7)), Mu::ZERO);
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

    /// Land as people state it: in mu or in square metres.
    fn stated() -> impl Strategy<Value = (bool, Decimal)> {
        (any::<bool>(), 0i64..10_000_000_000, 0u32..9).prop_map(|(in_mu, n, scale)| (in_mu, Decimal::new(n, scale)))
    }

    fn kept((in_mu, figure): (bool, Decimal)) -> Mu {
        if in_mu { Mu(figure) } else { SquareMetre(figure).to_mu() }
    }

    /// What the figure is by definition, reckoned in thirds of a square metre.
    fn thirds((in_mu, figure): (bool, Decimal)) -> Ratio {
        Ratio::from(figure) * if in_mu { dec!(2000) } else { dec!(3) }
    }

    proptest! {
        #[test]
        fn sums_and_differences_are_exact_in_any_order(parts in prop::collection::vec((stated(), any::<bool>()), 1..40), turn in 0usize..40) {
            let mut turned = parts.clone();
            turned.rotate_left(turn % parts.len());
            let sum = |parts: &[((bool, Decimal), bool)]| parts.iter().map(|(part, taken_off)| if *taken_off { -kept(*part) } else { kept(*part) }).sum::<Mu>();
            prop_assert_eq!(sum(&parts), sum(&turned));
            let defined: Ratio = parts.iter().map(|(part, taken_off)| if *taken_off { thirds(*part) * dec!(-1) } else { thirds(*part) }).sum();
            prop_assert_eq!(sum(&parts).square_metres() * dec!(3), defined);
        }

        #[test]
        fn a_whole_and_its_parts_are_the_same(whole in stated(), cut in 0u32..1000) {
            let whole = kept(whole);
            let part = Mu(whole.0 * Decimal::new(cut.into(), 3));
            prop_assert_eq!(whole - part - (whole - part), Mu::ZERO);
            prop_assert_eq!(part + (whole - part), whole);
        }

        #[test]
        fn comparison_is_that_of_the_definition(one in stated(), other in stated()) {
            prop_assert_eq!(kept(one).cmp(&kept(other)), thirds(one).cmp(&thirds(other)));
        }

        #[test]
        fn square_metres_come_back_as_they_were(hundredths in 0i64..10_000_000_000) {
            let area = SquareMetre(Decimal::new(hundredths, 2));
            prop_assert_eq!(area.to_mu().exact_square_metres(), Some(area));
            prop_assert_eq!(area.to_mu().shown_square_metres(), Some(area.0.normalize()));
        }

        #[test]
        fn mu_never_loses_a_square_metre(hundredths in 0i64..10_000_000_000) {
            let area = SquareMetre(Decimal::new(hundredths, 2));
            prop_assert_eq!(area.to_mu().0 * dec!(2000), area.0 * dec!(3));
        }
    }
}
