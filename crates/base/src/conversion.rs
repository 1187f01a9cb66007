//! Figures as people state them, with a unit, turned exactly into the unit in which they are stored. Nothing is divided on
//! the way in: what has no end in the stored unit is no figure of it.

use rust_decimal::Decimal;
use rust_decimal_macros::dec;
use serde::{Deserialize, Serialize};

use super::bounds::{self, Bounds};
use super::ratio::Ratio;
use super::text::narrow;

/// What a figure measures, and the unit it is stored in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Dimension {
    /// Mu: land that people state, in mu or in square metres. Every unit of it ends in mu.
    Land,
    /// Square metres: floor areas, and areas that are measured.
    Area,
    /// Yuan.
    Money,
    /// Tonnes of standard coal (tce).
    Energy,
    /// Kilowatt hours.
    Electricity,
    /// Tonnes.
    Mass,
    /// Kilograms: one pollutant let out.
    Discharge,
    /// Tonnes of water; a cubic metre counts as one, as it is billed.
    Water,
    /// Cubic metres.
    Volume,
    /// Metres.
    Length,
    /// Persons.
    Persons,
    /// A fraction of one.
    Ratio,
}

pub const DIMENSIONS: [Dimension; 12] = [
    Dimension::Land,
    Dimension::Area,
    Dimension::Money,
    Dimension::Energy,
    Dimension::Electricity,
    Dimension::Mass,
    Dimension::Discharge,
    Dimension::Water,
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

/// Why a figure is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refused {
    /// It has no end in the stored unit.
    Endless,
    TooLarge(Bounds),
    /// It has more decimals than the stored unit keeps.
    TooFine(Bounds),
}

impl Dimension {
    /// What a figure may be at most, in the stored unit.
    pub fn bounds(self) -> Bounds {
        match self {
            Dimension::Land => bounds::LAND,
            Dimension::Area => bounds::AREA,
            Dimension::Money => bounds::MONEY,
            Dimension::Energy => bounds::ENERGY,
            Dimension::Electricity => bounds::ELECTRICITY,
            Dimension::Mass => bounds::MASS,
            Dimension::Discharge => bounds::DISCHARGE,
            Dimension::Water => bounds::WATER,
            Dimension::Volume => bounds::VOLUME,
            Dimension::Length => bounds::LENGTH,
            Dimension::Persons => bounds::PERSONS,
            Dimension::Ratio => bounds::RATIO,
        }
    }
}

impl Unit {
    /// The figure in the stored unit, exactly.
    ///
    /// # Errors
    /// When it has no end there (mu in square metres, but for multiples of three), or is beyond what the quantity may be.
    pub fn to_stored(&self, figure: Decimal) -> Result<Decimal, Refused> {
        let bounds = self.dimension.bounds();
        let too_large = Refused::TooLarge(bounds);
        // Both are bounded before they are multiplied, so that the product is whole.
        let figure = figure.normalize();
        let unscaled = bounds.most.checked_mul(dec!(1000)).is_some_and(|most| figure.abs() <= most);
        if !unscaled {
            return Err(too_large);
        }
        if figure.scale() > bounds.places {
            return Err(Refused::TooFine(bounds));
        }
        let product = figure.checked_mul(self.numerator).ok_or(too_large)?.normalize();
        let stored = ended(product, self.denominator).ok_or(Refused::Endless)?;
        match () {
            () if bounds.hold(stored) => Ok(stored),
            () if stored.abs() > bounds.most => Err(too_large),
            () => Err(Refused::TooFine(bounds)),
        }
    }
}

/// The quotient by a whole number, where it has an end.
fn ended(product: Decimal, divisor: Decimal) -> Option<Decimal> {
    if divisor == Decimal::ONE {
        return Some(product);
    }
    let divisor = divisor.normalize();
    if divisor.scale() > 0 || product.mantissa() % divisor.mantissa() != 0 {
        return None;
    }
    Decimal::try_from_i128_with_scale(product.mantissa() / divisor.mantissa(), product.scale()).ok()
}

struct Entry(Dimension, &'static str, Decimal, Decimal, &'static [&'static str]);

const UNITS: &[Entry] = &[
    Entry(Dimension::Land, "平方米", dec!(0.0015), dec!(1), &["平方米", "平米", "m2", "m²", "㎡", "sqm", "平方公尺"]),
    Entry(Dimension::Land, "万平方米", dec!(15), dec!(1), &["万平方米", "万m2", "万m²", "万㎡"]),
    Entry(Dimension::Land, "亩", dec!(1), dec!(1), &["亩", "mu"]),
    Entry(Dimension::Land, "公顷", dec!(15), dec!(1), &["公顷", "ha", "hm2", "hm²"]),
    Entry(Dimension::Land, "平方公里", dec!(1500), dec!(1), &["平方公里", "平方千米", "km2", "km²"]),
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
    Entry(Dimension::Discharge, "千克", dec!(1), dec!(1), &["千克", "公斤", "kg"]),
    Entry(Dimension::Discharge, "吨", dec!(1000), dec!(1), &["吨", "t"]),
    Entry(Dimension::Discharge, "克", dec!(0.001), dec!(1), &["克", "g"]),
    Entry(Dimension::Water, "吨", dec!(1), dec!(1), &["吨", "t", "立方米", "m3", "m³", "方"]),
    Entry(Dimension::Water, "万吨", dec!(10000), dec!(1), &["万吨", "万立方米", "万m3", "万m³", "万方"]),
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

/// The unit in which figures of a dimension are stored.
pub fn stored(dimension: Dimension) -> Unit {
    let is_one = |entry: &&Entry| entry.0 == dimension && entry.2 == entry.3;
    let Entry(dimension, name, numerator, denominator, _) =
        UNITS.iter().find(is_one).expect("every dimension has one, held by a test");
    Unit { name, dimension: *dimension, numerator: *numerator, denominator: *denominator }
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
    fn every_dimension_has_the_unit_it_is_stored_in() {
        let names = DIMENSIONS.map(|dimension| super::stored(dimension).name);
        assert_eq!(names, ["亩", "平方米", "元", "吨标准煤", "千瓦时", "吨", "千克", "吨", "立方米", "米", "人", "1"]);
        assert!(DIMENSIONS.iter().all(|dimension| super::stored(*dimension).scale() == Ratio::from(Decimal::ONE)));
    }

    #[test]
    fn units_are_exact() {
        assert_eq!(stored(Dimension::Area, "亩", dec!(3)), dec!(2000));
        assert_eq!(stored(Dimension::Area, "公顷", dec!(1.2247)), dec!(12247));
        assert_eq!(stored(Dimension::Land, "亩", dec!(10)), dec!(10));
        assert_eq!(stored(Dimension::Land, "平方米", dec!(68507.52)), dec!(102.76128));
        assert_eq!(stored(Dimension::Land, "公顷", dec!(1.2247)), dec!(18.3705));
        assert_eq!(stored(Dimension::Money, "万元", dec!(12.3456)), dec!(123456));
        assert_eq!(stored(Dimension::Money, " 亿元 ", dec!(0.1)), dec!(10000000));
        assert_eq!(stored(Dimension::Electricity, "万ｋＷｈ", dec!(1.5)), dec!(15000));
        assert_eq!(stored(Dimension::Ratio, "％", dec!(2.5)), dec!(0.025));
        assert_eq!(stored(Dimension::Discharge, "吨", dec!(1.25)), dec!(1250));
        assert_eq!(stored(Dimension::Discharge, "KG", dec!(1.25)), dec!(1.25));
        assert_eq!(stored(Dimension::Water, "万立方米", dec!(0.5)), dec!(5000));
        assert_eq!(find(Dimension::Discharge, "千克当量"), None, "an equivalent is no weight");
        assert_eq!(find(Dimension::Money, "美元"), None);
        assert_eq!(find(Dimension::Area, "万元"), None);
    }

    #[test]
    fn what_has_no_end_in_square_metres_is_refused_not_rounded() {
        let mu = find(Dimension::Area, "亩").unwrap();
        assert_eq!(mu.to_stored(dec!(1)), Err(Refused::Endless));
        assert_eq!(mu.to_stored(dec!(0.3)), Ok(dec!(200)));
    }

    #[test]
    fn the_bound_is_that_of_the_stored_figure() {
        let square_metres = find(Dimension::Land, "平方米").unwrap();
        assert_eq!(square_metres.to_stored(dec!(1_000_000_000)), Ok(dec!(1_500_000)));
        for too_large in [dec!(1_000_000_000.01), dec!(1_000_000_000_000_000), Decimal::MAX, Decimal::MIN] {
            assert_eq!(square_metres.to_stored(too_large), Err(Refused::TooLarge(bounds::LAND)));
        }
        assert_eq!(stored(Dimension::Money, "亿元", dec!(10000)), dec!(1_000_000_000_000));
        let hundred_millions = find(Dimension::Money, "亿元").unwrap();
        assert!(hundred_millions.to_stored(dec!(10000.00000001)).is_err());
        assert!(hundred_millions.to_stored(dec!(100_000_000_000_000_000_000)).is_err());
    }

    #[test]
    fn every_unit_of_land_ends_in_mu_and_is_that_of_areas() {
        for Entry(_, name, numerator, denominator, names) in UNITS.iter().filter(|entry| entry.0 == Dimension::Land) {
            assert_eq!(*denominator, Decimal::ONE, "{name}");
            let area = UNITS.iter().find(|entry| entry.0 == Dimension::Area && entry.1 == *name).unwrap();
            assert_eq!(area.4, *names);
            assert_eq!(Ratio::of(area.2, area.3).unwrap() * dec!(0.0015), Ratio::from(*numerator), "{name}");
        }
    }

    proptest! {
        #[test]
        fn a_figure_is_the_same_land_in_whatever_unit(hundredths in 0i64..10_000_000_000) {
            let hectares = Decimal::new(hundredths, 6);
            prop_assert_eq!(stored(Dimension::Land, "公顷", hectares), stored(Dimension::Land, "平方米", hectares * dec!(10000)));
            prop_assert_eq!(stored(Dimension::Land, "公顷", hectares), stored(Dimension::Land, "亩", hectares * dec!(15)));
        }

        #[test]
        fn ten_thousands_of_yuan_lose_nothing(millionths in -1_000_000_000_000i64..1_000_000_000_000) {
            let wan = Decimal::new(millionths, 6);
            prop_assert_eq!(stored(Dimension::Money, "万元", wan) / dec!(10000), wan);
        }
    }
}
