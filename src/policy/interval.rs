//! An interval whose ends are open or closed, or missing: what a standard asks of an indicator, and what was promised.
//!
//! A published threshold has ends in decimals; a promise has exact ones ([`Range`](super::range::Range)), which need not be decimals. As text both
//! look alike: `[150,)`, `(,0.52]`, `[240000/599,)`.

use std::fmt::{self, Display};
use std::str::FromStr;

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::base::ratio::Ratio;

/// One end of an interval.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct End<V = Decimal> {
    pub value: V,
    /// The value itself belongs to the interval.
    pub closed: bool,
}

/// From `lower` to `upper`; a missing end sets no bound. Never empty.
///
/// Written as in mathematics: `[150,)` at least 150, `(,0.52]` at most 0.52, `[1.5,2.5)` from 1.5 to below 2.5.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
#[serde(bound(serialize = "V: Clone + Display", deserialize = "V: Ord + Display + FromStr"))]
pub struct Interval<V = Decimal> {
    lower: Option<End<V>>,
    upper: Option<End<V>>,
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum IntervalError {
    #[error("“{0}” is not an interval like [150,) or (,0.52] or [1.5,2.5)")]
    Syntax(String),
    #[error("the interval {0} contains nothing")]
    Empty(String),
    #[error("the interval {0} bounds nothing")]
    Unbounded(String),
}

impl<V> Interval<V> {
    pub fn at_least(value: V) -> Self {
        Interval { lower: Some(End { value, closed: true }), upper: None }
    }

    pub fn at_most(value: V) -> Self {
        Interval { lower: None, upper: Some(End { value, closed: true }) }
    }

    pub fn lower(&self) -> Option<&End<V>> {
        self.lower.as_ref()
    }

    pub fn upper(&self) -> Option<&End<V>> {
        self.upper.as_ref()
    }

    /// The same interval in another unit; `turned` must keep the order.
    pub fn map<W>(&self, turned: impl Fn(&V) -> W) -> Interval<W> {
        let end = |end: &End<V>| End { value: turned(&end.value), closed: end.closed };
        Interval { lower: self.lower().map(end), upper: self.upper().map(end) }
    }
}

impl<V: Ord + Display> Interval<V> {
    /// # Errors
    /// When no value lies between the ends, or there is no end at all.
    pub fn new(lower: Option<End<V>>, upper: Option<End<V>>) -> Result<Self, IntervalError> {
        let interval = Interval { lower, upper };
        match (interval.lower(), interval.upper()) {
            (None, None) => Err(IntervalError::Unbounded(interval.to_string())),
            (Some(low), Some(high)) if low.value > high.value => Err(IntervalError::Empty(interval.to_string())),
            (Some(low), Some(high)) if low.value == high.value && !(low.closed && high.closed) => {
                Err(IntervalError::Empty(interval.to_string()))
            }
            _ => Ok(interval),
        }
    }
}

impl Interval {
    /// With exact ends, which is how a figure is held against it and how it is told.
    pub fn exact(&self) -> Interval<Ratio> {
        self.map(|value| Ratio::from(*value))
    }

    pub fn contains(&self, figure: &Ratio) -> bool {
        self.exact().contains(figure)
    }

    /// In the signs people write: `≥150`, `≤0.52`, `≥1.5 且 <2.5`.
    pub fn wording(&self) -> String {
        self.exact().wording()
    }

    /// Reads what [`wording`](Self::wording) writes; `None` for anything else.
    pub fn from_wording(text: &str) -> Option<Self> {
        let (mut lower, mut upper) = (None, None);
        for part in text.split('且').map(str::trim) {
            let sign = part.chars().next()?;
            let value = part[sign.len_utf8()..].trim().replace(',', "").parse().ok()?;
            let end = Some(End { value, closed: matches!(sign, '≥' | '≤') });
            match sign {
                '≥' | '>' if lower.is_none() => lower = end,
                '≤' | '<' if upper.is_none() => upper = end,
                _ => return None,
            }
        }
        Interval::new(lower, upper).ok()
    }
}

impl<V: Display> Display for Interval<V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.lower().is_some_and(|end| end.closed) { "[" } else { "(" })?;
        if let Some(end) = self.lower() {
            write!(f, "{}", end.value)?;
        }
        f.write_str(",")?;
        if let Some(end) = self.upper() {
            write!(f, "{}", end.value)?;
        }
        f.write_str(if self.upper().is_some_and(|end| end.closed) { "]" } else { ")" })
    }
}

impl<V: Ord + Display + FromStr> FromStr for Interval<V> {
    type Err = IntervalError;

    fn from_str(text: &str) -> Result<Self, IntervalError> {
        let syntax = || IntervalError::Syntax(text.chars().take(80).collect());
        let mut inner = text.trim().chars();
        let opening = inner.next().ok_or_else(syntax)?;
        let closing = inner.next_back().ok_or_else(syntax)?;
        let (low, high) = inner.as_str().split_once(',').ok_or_else(syntax)?;
        let end = |value: &str, closed: bool| match value.trim() {
            "" if closed => Err(syntax()),
            "" => Ok(None),
            value => value.parse().map(|value| Some(End { value, closed })).map_err(|_| syntax()),
        };
        if !matches!(opening, '[' | '(') || !matches!(closing, ']' | ')') {
            return Err(syntax());
        }
        Interval::new(end(low, opening == '[')?, end(high, closing == ']')?)
    }
}

impl<V: Ord + Display + FromStr> TryFrom<String> for Interval<V> {
    type Error = IntervalError;
    fn try_from(text: String) -> Result<Self, IntervalError> {
        text.parse()
    }
}

impl<V: Display> From<Interval<V>> for String {
    fn from(interval: Interval<V>) -> String {
        interval.to_string()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rust_decimal_macros::dec;

    use super::super::range::Miss;
    use super::*;

    fn holds(interval: &str, figure: Decimal) -> bool {
        interval.parse::<Interval>().unwrap().contains(&figure.into())
    }

    #[test]
    fn below_at_and_above_each_end() {
        for (interval, below, at, above) in [
            ("[150,)", false, true, true),
            ("(150,)", false, false, true),
            ("(,150]", true, true, false),
            ("(,150)", true, false, false),
            ("[150,150]", false, true, false),
        ] {
            assert_eq!(holds(interval, dec!(149.9999999999)), below, "{interval} just below");
            assert_eq!(holds(interval, dec!(150.00)), at, "{interval} at");
            assert_eq!(holds(interval, dec!(150.0000000001)), above, "{interval} just above");
        }
    }

    #[test]
    fn what_people_read_is_read_back() {
        for text in ["[150,)", "(150.5,)", "(,0.52]", "(,7)", "[1.5,2.5]", "(1.2,2.5)", "[2,2]"] {
            let interval: Interval = text.parse().unwrap();
            assert_eq!(Interval::from_wording(&interval.wording()), Some(interval), "{text}");
        }
        for odd in ["", "150", "≥", "≥1 且 ≥2", "≥2 且 ≤1", "≥x", "[1,2]"] {
            assert_eq!(Interval::from_wording(odd), None, "{odd}");
        }
    }

    #[test]
    fn what_is_not_an_interval_is_refused() {
        for text in ["", "[", "150", "[150", "[,5]", "[5,]", "{1,2}", "[a,2]", "1,2"] {
            assert!(matches!(text.parse::<Interval>(), Err(IntervalError::Syntax(_))), "{text}");
        }
        for text in ["[2,1]", "[1,1)", "(1,1]", "(1,1)"] {
            assert!(matches!(text.parse::<Interval>(), Err(IntervalError::Empty(_))), "{text}");
        }
        assert!(matches!("(,)".parse::<Interval>(), Err(IntervalError::Unbounded(_))));
    }

    #[test]
    fn words_and_margins() {
        let far: Interval = "[1.5,2.50)".parse().unwrap();
        assert_eq!(far.wording(), "≥1.5 且 <2.5");
        assert_eq!(far.to_string(), "[1.5,2.50)");
        assert_eq!(far.exact().margin(&dec!(2).into()), Ratio::from(dec!(0.5)));
        assert_eq!(far.exact().margin(&dec!(3).into()), Ratio::from(dec!(-0.5)));
        assert!(matches!(far.exact().miss(&dec!(2.5).into()), Some(Miss::Above(_))));
        assert_eq!(far.exact().margin(&dec!(2.5).into()), Ratio::from(dec!(0)));
    }

    proptest! {
        #[test]
        fn writing_and_reading_agree(low in -1000i64..1000, width in 1i64..1000, open_low: bool, open_high: bool) {
            let end = |units, closed| Some(End { value: Decimal::new(units, 2), closed });
            let interval = Interval::new(end(low, !open_low), end(low + width, !open_high)).unwrap();
            prop_assert_eq!(interval.to_string().parse::<Interval>().unwrap(), interval);
        }

        #[test]
        fn widening_never_shuts_a_figure_out(low in -1000i64..1000, width in 1i64..1000, more in 0i64..100, figure in -2000i64..3000) {
            let narrow: Interval = Interval::new(
                Some(End { value: low.into(), closed: false }), Some(End { value: (low + width).into(), closed: false })).unwrap();
            let wide: Interval = Interval::new(
                Some(End { value: (low - more).into(), closed: true }), Some(End { value: (low + width + more).into(), closed: true })).unwrap();
            let figure = Ratio::from(Decimal::from(figure));
            prop_assert!(!narrow.contains(&figure) || wide.contains(&figure));
        }
    }
}
