//! Figures for the eye that never contradict the decision: as many decimals as it takes.

use rust_decimal::Decimal;

use crate::base::ratio::Ratio;
use crate::policy::range::Range;

/// Further decimals that are tried before giving up.
const MORE: u32 = 10;

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
    match unit {
        "1" | "" => figure.to_owned(),
        "%" | "‰" => format!("{figure}{unit}"),
        unit => format!("{figure} {unit}"),
    }
}

#[cfg(test)]
mod tests {
    use rust_decimal_macros::dec;

    use super::*;

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
