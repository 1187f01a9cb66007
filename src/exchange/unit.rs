//! Units as headers and cells state them, turned exactly into the one in which the figure is stored.

use rust_decimal::{Decimal, RoundingStrategy};
use rust_decimal_macros::dec;
use serde::{Deserialize, Serialize};

use super::text::narrow;
use crate::base::ratio::Ratio;

/// What a figure measures, and the unit it is stored in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Dimension {
    /// Square metres.
    Area,
    /// Yuan.
    Money,
    /// Tonnes of standard coal (tce).
    Energy,
    /// Kilowatt hours.
    Electricity,
    /// Tonnes.
    Mass,
    /// Cubic metres.
    Volume,
    /// Metres.
    Length,
    /// Persons.
    Persons,
    /// A fraction of one.
    Ratio,
}

pub const DIMENSIONS: [Dimension; 9] = [
    Dimension::Area,
    Dimension::Money,
    Dimension::Energy,
    Dimension::Electricity,
    Dimension::Mass,
    Dimension::Volume,
    Dimension::Length,
    Dimension::Persons,
    Dimension::Ratio,
];

/// A unit: one of it is `numerator / denominator` of the stored unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unit {
    pub name: &'static str,
    pub dimension: Dimension,
    numerator: Decimal,
    denominator: Decimal,
}

impl Unit {
    /// One of this unit in the stored unit, exactly.
    pub fn scale(&self) -> Ratio {
        Ratio::of(self.numerator, self.denominator).expect("the table holds no zero")
    }
}

/// Decimals kept where a unit does not divide evenly (mu).
pub const PLACES: u32 = 10;

impl Unit {
    /// Exact, except that thirds (mu) are rounded at [`PLACES`] decimals. None when the figure is too large.
    pub fn to_stored(&self, figure: Decimal) -> Option<Decimal> {
        let product = figure.checked_mul(self.numerator)?;
        if self.denominator == Decimal::ONE {
            return Some(product.normalize());
        }
        let quotient = product.checked_div(self.denominator)?;
        Some(quotient.round_dp_with_strategy(PLACES, RoundingStrategy::MidpointAwayFromZero).normalize())
    }
}

struct Entry(Dimension, &'static str, Decimal, Decimal, &'static [&'static str]);

const UNITS: &[Entry] = &[
    Entry(Dimension::Area, "平方米", dec!(1), dec!(1), &["平方米", "平米", "m2", "m²", "㎡", "sqm", "平方公尺"]),
    Entry(Dimension::Area, "万平方米", dec!(10000), dec!(1), &["万平方米", "万m2", "万m²", "万㎡"]),
    Entry(Dimension::Area, "亩", dec!(2000), dec!(3), &["亩", "mu"]),
    Entry(Dimension::Area, "公顷", dec!(10000), dec!(1), &["公顷", "ha", "hm2", "hm²"]),
    Entry(Dimension::Area, "平方公里", dec!(1000000), dec!(1), &["平方公里", "平方千米", "km2", "km²"]),
    Entry(Dimension::Money, "元", dec!(1), dec!(1), &["元", "人民币元", "yuan", "rmb", "cny"]),
    Entry(Dimension::Money, "千元", dec!(1000), dec!(1), &["千元"]),
    Entry(Dimension::Money, "万元", dec!(10000), dec!(1), &["万元", "人民币万元", "万"]),
    Entry(Dimension::Money, "百万元", dec!(1000000), dec!(1), &["百万元"]),
    Entry(Dimension::Money, "亿元", dec!(100000000), dec!(1), &["亿元", "亿"]),
    Entry(Dimension::Energy, "吨标准煤", dec!(1), dec!(1), &["吨标准煤", "吨标煤", "tce", "吨", "吨ce"]),
    Entry(Dimension::Energy, "千克标准煤", dec!(0.001), dec!(1), &["千克标准煤", "千克标煤", "公斤标准煤", "kgce"]),
    Entry(Dimension::Energy, "万吨标准煤", dec!(10000), dec!(1), &["万吨标准煤", "万吨标煤", "万tce", "万吨"]),
    Entry(Dimension::Electricity, "千瓦时", dec!(1), dec!(1), &["千瓦时", "千瓦小时", "度", "kwh", "kw·h", "kw.h"]),
    Entry(Dimension::Electricity, "万千瓦时", dec!(10000), dec!(1), &["万千瓦时", "万千瓦小时", "万度", "万kwh"]),
    Entry(Dimension::Electricity, "兆瓦时", dec!(1000), dec!(1), &["兆瓦时", "mwh"]),
    Entry(Dimension::Electricity, "亿千瓦时", dec!(100000000), dec!(1), &["亿千瓦时", "亿度"]),
    Entry(Dimension::Mass, "吨", dec!(1), dec!(1), &["吨", "t", "当量吨", "吨当量", "吨污染当量", "污染当量吨"]),
    Entry(Dimension::Mass, "千克", dec!(0.001), dec!(1), &["千克", "公斤", "kg", "千克当量", "kg当量"]),
    Entry(Dimension::Mass, "万吨", dec!(10000), dec!(1), &["万吨"]),
    Entry(Dimension::Volume, "立方米", dec!(1), dec!(1), &["立方米", "m3", "m³", "方"]),
    Entry(Dimension::Volume, "万立方米", dec!(10000), dec!(1), &["万立方米", "万m3", "万m³", "万方"]),
    Entry(Dimension::Length, "米", dec!(1), dec!(1), &["米", "m"]),
    Entry(Dimension::Persons, "人", dec!(1), dec!(1), &["人", "名"]),
    Entry(Dimension::Persons, "万人", dec!(10000), dec!(1), &["万人"]),
    Entry(Dimension::Ratio, "%", dec!(0.01), dec!(1), &["%", "百分比", "百分数", "百分之"]),
    Entry(Dimension::Ratio, "‰", dec!(0.001), dec!(1), &["‰", "千分比"]),
    Entry(Dimension::Ratio, "1", dec!(1), dec!(1), &["1", "小数", "比值"]),
];

/// The unit of a dimension that goes by a name, whatever its widths, capitals and spaces.
pub fn find(dimension: Dimension, name: &str) -> Option<Unit> {
    let name: String = narrow(name).to_lowercase().chars().filter(|c| !c.is_whitespace()).collect();
    let name = name.trim_start_matches("单位").trim_start_matches([':', '=']);
    let Entry(dimension, title, numerator, denominator, _) =
        UNITS.iter().find(|entry| entry.0 == dimension && entry.4.contains(&name))?;
    Some(Unit { name: title, dimension: *dimension, numerator: *numerator, denominator: *denominator })
}

/// The usual name of each unit of a dimension.
pub fn titles(dimension: Dimension) -> impl Iterator<Item = &'static str> {
    UNITS.iter().filter(move |entry| entry.0 == dimension).map(|entry| entry.1)
}

/// The names of a dimension's units, longest first, for taking a unit off the end of a text.
pub fn names(dimension: Dimension) -> Vec<&'static str> {
    let mut names: Vec<_> =
        UNITS.iter().filter(|entry| entry.0 == dimension).flat_map(|entry| entry.4.iter().copied()).collect();
    names.sort_by_key(|name| std::cmp::Reverse(name.chars().count()));
    names
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn stored(dimension: Dimension, unit: &str, figure: Decimal) -> Decimal {
        find(dimension, unit).unwrap().to_stored(figure).unwrap()
    }

    #[test]
    fn units_are_exact() {
        assert_eq!(stored(Dimension::Area, "亩", dec!(3)), dec!(2000));
        assert_eq!(stored(Dimension::Area, "亩", dec!(1)), dec!(666.6666666667));
        assert_eq!(stored(Dimension::Area, "公顷", dec!(1.2247)), dec!(12247));
        assert_eq!(stored(Dimension::Money, "万元", dec!(12.3456)), dec!(123456));
        assert_eq!(stored(Dimension::Money, " 亿元 ", dec!(0.1)), dec!(10000000));
        assert_eq!(stored(Dimension::Electricity, "万ｋＷｈ", dec!(1.5)), dec!(15000));
        assert_eq!(stored(Dimension::Ratio, "％", dec!(2.5)), dec!(0.025));
        assert_eq!(find(Dimension::Money, "美元"), None);
        assert_eq!(find(Dimension::Area, "万元"), None);
    }

    proptest! {
        #[test]
        fn mu_come_back_to_the_last_digit(ten_thousandths in 0i64..100_000_000_000) {
            let mu = Decimal::new(ten_thousandths, 4);
            let back = stored(Dimension::Area, "亩", mu) * dec!(0.0015);
            prop_assert_eq!(back.round_dp(4), mu);
        }

        #[test]
        fn ten_thousands_of_yuan_lose_nothing(millionths in -1_000_000_000_000i64..1_000_000_000_000) {
            let wan = Decimal::new(millionths, 6);
            prop_assert_eq!(stored(Dimension::Money, "万元", wan) / dec!(10000), wan);
        }
    }
}
