//! Figures for the eye that never contradict the decision: as many decimals as it takes.

use rust_decimal::Decimal;

use crate::base::ratio::Ratio;
use crate::policy::quantity::behind_figure;
use crate::policy::range::{Fineness, Range};

/// Further decimals that are tried before giving up.
const MORE: u32 = 10;
/// All that a decimal can have.
const ALL: u32 = 28;

/// A figure beside what is asked of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Apart {
    pub figure: String,
    /// How finely the ends have to be written beside it.
    pub fineness: Fineness,
}

/// The figure at `places` decimals, and as many more for both sides as it takes that figure and ends read alike only where
/// they are equal.
pub fn apart(figure: &Ratio, range: &Range, places: u32) -> Apart {
    let told = (places..=ALL).find_map(|places| {
        let fineness = Fineness::Places(places);
        if let Some(end) = range.end_at(figure, fineness) {
            return Some(Apart { figure: padded(end, places), fineness });
        }
        let rounded = figure.rounded(places)?;
        range.is_told_by(figure, &rounded, fineness).then_some(())?;
        Some(Apart { figure: padded(rounded, places), fineness })
    });
    told.unwrap_or_else(|| Apart { figure: figure.to_string(), fineness: Fineness::Exact })
}

/// With at least so many decimals.
fn padded(shown: Decimal, places: u32) -> String {
    let mut shown = shown.normalize();
    if shown.scale() < places {
        shown.rescale(places);
    }
    shown.to_string()
}

/// A distance at `places` decimals; at as many as it takes, when rounding would make it vanish.
pub fn distance(margin: &Ratio, places: u32) -> String {
    let shown = (places..=ALL).filter_map(|places| margin.rounded(places));
    let told = shown.into_iter().find(|shown| shown.is_zero() == margin.is_zero());
    told.map_or_else(|| margin.to_string(), |shown| shown.to_string())
}

/// The figure at `places` decimals; at more, when rounding would carry it over an end of the range.
pub fn figure(figure: &Ratio, range: &Range, places: u32) -> String {
    let inside = range.contains(figure);
    let faithful = |shown: &Decimal| range.contains(&Ratio::from(*shown)) == inside;
    written(figure, places, faithful)
}

/// A distance at `places` decimals; at more, when rounding would make it vanish.
pub fn margin(margin: &Ratio, places: u32) -> String {
    written(margin, places, |shown| shown.is_zero() == margin.is_zero())
}

fn written(figure: &Ratio, places: u32, faithful: impl Fn(&Decimal) -> bool) -> String {
    let tried = (places..=places + MORE).filter_map(|places| figure.rounded(places));
    let mut last = None;
    for shown in tried {
        if faithful(&shown) {
            return shown.to_string();
        }
        last = Some(shown);
    }
    last.map_or_else(|| "超出可显示范围".to_owned(), |shown| shown.to_string())
}

/// `160.00 万元/亩`, `12%`, `1.20`.
pub fn with_unit(figure: &str, unit: &str) -> String {
    match behind_figure(unit) {
        "" => figure.to_owned(),
        "%" | "‰" => format!("{figure}{unit}"),
        unit => format!("{figure} {unit}"),
    }
}

#[cfg(test)]
mod tests {
    use rust_decimal_macros::dec;

    use super::*;

    fn told(figure: &Ratio, range: &Range, places: u32) -> (String, String) {
        let apart = apart(figure, range, places);
        (apart.figure, range.wording_to(apart.fineness))
    }

    #[test]
    fn figures_that_differ_are_written_so_that_they_differ() {
        let line = Range::at_least(dec!(150).into());
        let of = |figure: Decimal| told(&figure.into(), &line, 2).0;
        assert_eq!(of(dec!(150)), "150.00");
        assert_eq!((of(dec!(149.9999)).as_str(), of(dec!(149.9949)).as_str()), ("149.9999", "149.99"));
        assert_eq!(of(dec!(149.5678)), "149.57", "rounded as usual where that is apart");
        assert_eq!(of(dec!(149.99967)), "149.9997", "more decimals where two are not apart");
        assert_eq!((of(dec!(150.004)).as_str(), of(dec!(150.005)).as_str()), ("150.004", "150.01"));
        let most = Range::at_most(dec!(7).into());
        assert_eq!(told(&dec!(7.0001).into(), &most, 2).0, "7.0001");
        assert_eq!(told(&dec!(7.00012).into(), &most, 2).0, "7.0001");
        // 7,874,999.45 ÷ 15,000 = 524.999963333…, of which a hair was not reached.
        let promised = Ratio::of(dec!(7874999.45), dec!(15000)).unwrap();
        let endless = Range::at_least(promised.clone());
        let (reached, asked) = told(&(promised.clone() - dec!(0.00000001).into()), &endless, 2);
        assert_eq!((reached.as_str(), asked.as_str()), ("524.99996", "≥524.999963"));
        assert_eq!(
            told(&promised, &endless, 2),
            ("524.999963".into(), "≥524.999963".into()),
            "exactly what was promised"
        );
        assert_eq!(distance(&dec!(-0.0000000000000001).into(), 2), "-0.0000000000000001");
        assert_eq!(distance(&dec!(0).into(), 2), "0.00");
    }

    proptest::proptest! {
        /// Figure and end read alike only where they are equal, and the end asks no more than it does.
        #[test]
        fn what_is_shown_tells_what_was_decided(
            above in 1i64..1_000_000_000,
            below in 1i64..1_000_000,
            apart in -100i64..100,
            finer in 0u32..18,
            places in 0u32..5,
            least: bool,
        ) {
            let end = Ratio::of(above.into(), below.into()).unwrap();
            let figure = end.clone() + Decimal::new(apart, finer).into();
            let range = if least { Range::at_least(end.clone()) } else { Range::at_most(end.clone()) };
            let (shown, asked) = told(&figure, &range, places);
            let exact = |text: &str| text.parse::<Ratio>().unwrap();
            let (shown, asked) = (exact(&shown), exact(asked.trim_start_matches(['≥', '≤'])));
            proptest::prop_assert_eq!(shown.cmp(&asked), figure.cmp(&end));
            let no_more = if least { asked <= end } else { asked >= end };
            proptest::prop_assert!(no_more);
        }
    }

    #[test]
    fn a_figure_just_below_never_reads_as_if_it_reached() {
        let line = Range::at_least(dec!(150).into());
        assert_eq!(figure(&dec!(149.9999).into(), &line, 2), "149.9999");
        assert_eq!(figure(&dec!(149.99).into(), &line, 2), "149.99");
        assert_eq!(figure(&dec!(150).into(), &line, 2), "150.00");
        assert_eq!(margin(&dec!(-0.0001).into(), 2), "-0.0001");
        assert_eq!(margin(&dec!(0).into(), 2), "0.00");
    }
}
