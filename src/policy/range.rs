//! What was promised: an interval whose ends are exact figures, also where no decimal can write them. A promise is what an
//! applicant declared, divided by what it declared, and that quotient need not end.

use rust_decimal::Decimal;

use super::interval::{End, Interval};
use crate::base::ratio::Ratio;

/// Decimals of an end that no decimal can write in full.
const PLACES: u32 = 6;
/// Decimals that are tried until a small end keeps so many digits.
const MOST_PLACES: u32 = 18;
const DIGITS: u32 = 4;

/// One end of a range.
pub type Edge = End<Ratio>;

/// What was promised or is asked, exactly.
pub type Range = Interval<Ratio>;

/// The side on which a figure misses a range.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Miss {
    Below(Edge),
    Above(Edge),
}

/// How finely an end that no decimal can write is shown; one that a decimal can write is always shown in full.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fineness {
    Usual,
    /// To so many decimals, never fewer than usual.
    Places(u32),
    /// As the fraction it is.
    Exact,
}

impl Miss {
    /// The end that was missed, as people read it.
    pub fn shown(&self, fineness: Fineness) -> String {
        match self {
            Miss::Below(edge) => edge.shown(Side::Lower, fineness),
            Miss::Above(edge) => edge.shown(Side::Upper, fineness),
        }
    }

    pub fn edge(&self) -> &Edge {
        let (Miss::Below(edge) | Miss::Above(edge)) = self;
        edge
    }
}

/// The end of a range that a figure is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    Lower,
    Upper,
}

/// For the eye: in full where a decimal can write it, else rounded so that it never asks more than the exact figure does.
pub fn shown(value: &Ratio, side: Side) -> String {
    shown_to(value, side, Fineness::Usual)
}

fn shown_to(value: &Ratio, side: Side, fineness: Fineness) -> String {
    let rounded = rounded(value, side, fineness);
    rounded.map_or_else(|| value.to_string(), |rounded| rounded.normalize().to_string())
}

/// The decimal that is shown; none where the fraction itself is.
fn rounded(value: &Ratio, side: Side, fineness: Fineness) -> Option<Decimal> {
    if let Some(decimal) = value.as_decimal() {
        return Some(decimal);
    }
    let at = |places: u32| match side {
        Side::Lower => value.rounded_down(places),
        Side::Upper => value.rounded_up(places),
    };
    let fine = |shown: &Decimal| shown.mantissa().unsigned_abs() >= 10u128.pow(DIGITS - 1);
    let usual = || (PLACES..=MOST_PLACES).filter_map(at).find(fine).or_else(|| at(PLACES));
    match fineness {
        Fineness::Exact => None,
        Fineness::Usual => usual(),
        Fineness::Places(places) => usual().and_then(|usual| at(usual.scale().max(places))),
    }
}

impl Edge {
    pub fn shown(&self, side: Side, fineness: Fineness) -> String {
        shown_to(&self.value, side, fineness)
    }

    /// How many decimals it is shown with.
    fn places(&self, side: Side) -> u32 {
        let shown = self.shown(side, Fineness::Usual);
        shown.split_once('.').map_or(0, |(_, decimals)| decimals.len() as u32)
    }
}

impl Range {
    /// The same range in another unit; `factor` is positive.
    pub fn scaled(&self, factor: &Ratio) -> Self {
        self.map(|value| value.times(factor))
    }

    pub fn contains(&self, figure: &Ratio) -> bool {
        self.miss(figure).is_none()
    }

    /// On which side the figure lies outside, if it does.
    pub fn miss(&self, figure: &Ratio) -> Option<Miss> {
        let below = |edge: &&Edge| *figure < edge.value || (!edge.closed && *figure == edge.value);
        let above = |edge: &&Edge| *figure > edge.value || (!edge.closed && *figure == edge.value);
        let missed_below = self.lower().filter(below).cloned().map(Miss::Below);
        missed_below.or_else(|| self.upper().filter(above).cloned().map(Miss::Above))
    }

    /// The distance to the nearer end, positive inside and negative outside; zero on an end.
    pub fn margin(&self, figure: &Ratio) -> Ratio {
        let over = self.lower().map(|edge| figure.clone() - edge.value.clone());
        let under = self.upper().map(|edge| edge.value.clone() - figure.clone());
        match (over, under) {
            (Some(over), Some(under)) => over.min(under),
            (Some(margin), None) | (None, Some(margin)) => margin,
            (None, None) => unreachable!("a range has at least one end"),
        }
    }

    /// The ends it has, each with its side.
    fn ends(&self) -> impl Iterator<Item = (&Edge, Side)> {
        let lower = self.lower().map(|edge| (edge, Side::Lower));
        lower.into_iter().chain(self.upper().map(|edge| (edge, Side::Upper)))
    }

    /// Whether `shown`, written for `figure`, lies to each end as it is written as the figure lies to the end.
    pub fn is_told_by(&self, figure: &Ratio, shown: &Decimal, fineness: Fineness) -> bool {
        self.ends().all(|(edge, side)| {
            let written = rounded(&edge.value, side, fineness);
            written.is_some_and(|written| shown.cmp(&written) == figure.cmp(&edge.value))
        })
    }

    /// The end that a figure is, as it is written; nothing when it is none of them.
    pub fn end_at(&self, figure: &Ratio, fineness: Fineness) -> Option<Decimal> {
        let (edge, side) = self.ends().find(|(edge, _)| edge.value == *figure)?;
        rounded(&edge.value, side, fineness)
    }

    /// In the signs people write: `≥150`, `≤0.52`, `≥1.5 且 <2.5`.
    pub fn wording(&self) -> String {
        self.wording_to(Fineness::Usual)
    }

    pub fn wording_to(&self, fineness: Fineness) -> String {
        let lower = self.lower().map(|end| {
            let sign = if end.closed { "≥" } else { ">" };
            format!("{sign}{}", end.shown(Side::Lower, fineness))
        });
        let upper = self.upper().map(|end| {
            let sign = if end.closed { "≤" } else { "<" };
            format!("{sign}{}", end.shown(Side::Upper, fineness))
        });
        match (lower, upper) {
            (Some(lower), Some(upper)) => format!("{lower} 且 {upper}"),
            (Some(end), None) | (None, Some(end)) => end,
            (None, None) => unreachable!("a range has at least one end"),
        }
    }

    /// The most decimals that an end is shown with.
    pub fn places(&self) -> u32 {
        let lower = self.lower().map(|edge| edge.places(Side::Lower));
        lower.max(self.upper().map(|edge| edge.places(Side::Upper))).unwrap_or_default()
    }

    /// Whether an end is shown rounded, because no decimal can write it.
    pub fn is_shown_rounded(&self) -> bool {
        self.lower().into_iter().chain(self.upper()).any(|edge| edge.value.as_decimal().is_none())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rust_decimal_macros::dec;

    use super::super::interval::IntervalError;
    use super::*;

    fn range(text: &str) -> Range {
        text.parse().unwrap()
    }

    #[test]
    fn an_end_without_end_is_exact_and_shown_on_the_safe_side() {
        // 3,997,733 ÷ 9,993 = 400.053337336…
        let promised = range("[3997733/9993,)");
        let figure = |above, below| Ratio::of(above, below).unwrap();
        assert!(promised.contains(&figure(dec!(3997733), dec!(9993))), "what was declared is enough");
        assert!(!promised.contains(&figure(dec!(3997732.999999), dec!(9993))), "a hair less is not");
        assert_eq!(promised.wording(), "≥400.053337");
        assert_eq!(range("(,3997733/9993]").wording(), "≤400.053338");
        assert_eq!(range("(,1/3000000]").wording(), "≤0.0000003334", "a small figure keeps its digits");
        assert!(promised.is_shown_rounded() && !range("[400.0261,)").is_shown_rounded());
        assert_eq!(range("[400.0261,)").wording(), "≥400.0261");
    }

    #[test]
    fn a_range_reads_and_writes_as_an_interval_does() {
        for text in ["[150,)", "(150.5,)", "(,0.52]", "(,7)", "[1.5,2.50]", "(1.2,2.5)", "[2,2]"] {
            let interval: Interval = text.parse().unwrap();
            assert_eq!(range(text), interval.exact());
            assert_eq!(range(text).wording(), interval.wording(), "{text}");
        }
        assert_eq!(range("[25.50,)").to_string(), "[25.5,)");
        for text in ["", "[", "150", "[150", "[,5]", "[5,]", "{1,2}", "[a,2]", "1,2", "[1/0,)"] {
            assert!(matches!(text.parse::<Range>(), Err(IntervalError::Syntax(_))), "{text}");
        }
        for text in ["[2,1]", "[1,1)", "[1/2,1/3]"] {
            assert!(matches!(text.parse::<Range>(), Err(IntervalError::Empty(_))), "{text}");
        }
        assert!(matches!("(,)".parse::<Range>(), Err(IntervalError::Unbounded(_))));
    }

    proptest! {
        /// What is shown of a promise never asks more than the promise: who keeps it reaches what is shown.
        #[test]
        fn what_is_shown_asks_no_more(above in 1i64..1_000_000_000, below in 1i64..1_000_000_000) {
            let figure = Ratio::of(above.into(), below.into()).unwrap();
            let shown = |range: Range| Interval::from_wording(&range.wording()).unwrap();
            prop_assert!(shown(Range::at_least(figure.clone())).contains(&figure));
            prop_assert!(shown(Range::at_most(figure.clone())).contains(&figure));
        }

        #[test]
        fn writing_and_reading_agree(low in 1i64..1_000_000, parts in 1i64..10_000, wide in 1i64..1000, open: bool) {
            let edge = |above: i64, closed| Some(Edge { value: Ratio::of(above.into(), parts.into()).unwrap(), closed });
            let range = Range::new(edge(low, !open), edge(low + wide, open)).unwrap();
            prop_assert_eq!(range.to_string().parse::<Range>().unwrap(), range);
        }
    }
}
