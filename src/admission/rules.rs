//! How an exact figure is held against what a standard asks.

use rust_decimal::Decimal;

use crate::base::ratio::Ratio;
use crate::policy::range::{Miss, Range};

/// The figure that is asked for, as the division it is; both sides in stored units and not negative.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quotient {
    pub above: Ratio,
    pub below: Ratio,
}

/// What the division gives, in the asked unit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    Finite(Ratio),
    /// Something over nothing, as the inverse of zero: output per energy of a project that uses no energy.
    Infinite,
}

impl Quotient {
    /// A single declared figure.
    pub fn whole(figure: Ratio) -> Self {
        Quotient { above: figure, below: Decimal::ONE.into() }
    }

    /// In units of `scale`; nothing when both sides are zero.
    pub fn value(&self, scale: &Ratio) -> Option<Value> {
        match self.above.over(&self.below) {
            Some(quotient) => quotient.over(scale).map(Value::Finite),
            None if self.above.is_zero() => None,
            None => Some(Value::Infinite),
        }
    }
}

impl Value {
    pub fn meets(&self, range: &Range) -> bool {
        self.miss(range).is_none()
    }

    pub fn miss(&self, range: &Range) -> Option<Miss> {
        match self {
            Value::Finite(figure) => range.miss(figure),
            Value::Infinite => range.upper().cloned().map(Miss::Above),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rust_decimal_macros::dec;

    use super::*;
    use crate::policy::interval::{End, Interval};

    fn meets(above: Decimal, below: Decimal, interval: &str) -> Option<bool> {
        let quotient = Quotient { above: above.into(), below: below.into() };
        Some(quotient.value(&dec!(1).into())?.meets(&interval.parse().unwrap()))
    }

    #[test]
    fn nothing_over_nothing_is_not_known_and_something_over_nothing_is_beyond_every_end() {
        assert_eq!(meets(dec!(0), dec!(0), "[1,)"), None);
        assert_eq!(meets(dec!(5), dec!(0), "[1,)"), Some(true));
        assert_eq!(meets(dec!(5), dec!(0), "(,100]"), Some(false));
        assert_eq!(meets(dec!(0), dec!(5), "(,100]"), Some(true));
    }

    proptest! {
        /// Energy per output at most e is output per energy at least 1/e, to the last digit.
        #[test]
        fn both_directions_of_a_ratio_agree(above in 0u32..2000, below in 0u32..2000, end in 1u32..1000, closed: bool) {
            let (above, below) = (Decimal::from(above), Decimal::from(below));
            // Ends whose inverse is a decimal too.
            let power = 1u64 << (end % 12);
            let (end, inverse) = (Decimal::from(power), Decimal::ONE / Decimal::from(power));
            let at_most = Interval::new(None, Some(End { value: end, closed })).unwrap().to_string();
            let at_least = Interval::new(Some(End { value: inverse, closed }), None).unwrap().to_string();
            prop_assert_eq!(meets(above, below, &at_most), meets(below, above, &at_least));
        }
    }
}
