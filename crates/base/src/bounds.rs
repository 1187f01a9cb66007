//! What a figure may plausibly be at most. One definition for each quantity, the same for pages, API, files and, as the
//! last line, the database (`CHECK` constraints, held to these by a test). Within them every sum and product that is
//! worked out stays far inside what a decimal holds exactly.

use rust_decimal::Decimal;
use rust_decimal_macros::dec;

/// The farthest a figure may lie from zero, in its stored unit, and its decimals. Whether it may be negative or zero is
/// for each figure to say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounds {
    pub most: Decimal,
    pub unit: &'static str,
    pub places: u32,
    /// The same bound in words people know, where the stored unit makes it hard to read.
    also: &'static str,
}

const fn bounds(most: Decimal, unit: &'static str, places: u32, also: &'static str) -> Bounds {
    Bounds { most, unit, places, also }
}

/// Land of one use, contract or application: 1,000 km², more than most districts have. Sixteen decimals of a mu are
/// twelve of a square metre, so that both kinds of figure are kept whole.
pub const LAND: Bounds = bounds(dec!(1_500_000), "亩", 16, "1000 平方千米");
/// Area of a parcel or a building, m².
pub const AREA: Bounds = bounds(dec!(1_000_000_000), "平方米", 12, "1000 平方千米");
/// A tax, a revenue, a price, an investment of one enterprise or contract.
pub const MONEY: Bounds = bounds(dec!(1_000_000_000_000), "元", 12, "1 万亿元");
pub const ENERGY: Bounds = bounds(dec!(1_000_000_000), "吨标准煤", 12, "10 亿吨标准煤");
pub const ELECTRICITY: Bounds = bounds(dec!(1_000_000_000_000), "千瓦时", 12, "1 万亿千瓦时");
/// Pollutants and whatever else is weighed.
pub const MASS: Bounds = bounds(dec!(1_000_000_000), "吨", 12, "10 亿吨");
/// A pollutant let out in a year.
pub const DISCHARGE: Bounds = bounds(dec!(1_000_000_000_000), "千克", 12, "10 亿吨");
pub const WATER: Bounds = bounds(dec!(1_000_000_000), "吨", 12, "10 亿吨");
pub const VOLUME: Bounds = bounds(dec!(1_000_000_000_000), "立方米", 12, "1 万亿立方米");
pub const LENGTH: Bounds = bounds(dec!(10_000_000), "米", 12, "1 万千米");
pub const PERSONS: Bounds = bounds(dec!(10_000_000), "人", 12, "1000 万人");
/// A fraction of one; which shares cannot pass the whole is for the figure to say.
pub const RATIO: Bounds = bounds(dec!(1_000_000), "", 12, "");

/// The years figures are kept for.
pub const YEARS: std::ops::RangeInclusive<i32> = 1990..=2100;

/// What a year outside [`YEARS`] is answered with.
pub fn year_wording() -> String {
    format!("年度应在{}年至{}年之间", YEARS.start(), YEARS.end())
}

impl Bounds {
    pub fn hold(&self, value: Decimal) -> bool {
        value.abs() <= self.most && value.normalize().scale() <= self.places
    }

    /// The stored unit, for a message.
    pub fn unit_or_one(&self) -> &'static str {
        if self.unit.is_empty() { "1" } else { self.unit }
    }

    /// What is allowed, for a message: `不超过 1500000 亩（1000 平方千米），小数不超过 16 位`.
    pub fn wording(&self) -> String {
        let also = if self.also.is_empty() { String::new() } else { format!("（{}）", self.also) };
        format!("不超过 {} {}{also}，小数不超过 {} 位", self.most, self.unit, self.places)
    }
}

/// How far a figure is worked with. What is entered now stays far inside; what was taken before there were bounds stays on record,
/// and beyond this it is asked about, because no sum or product of it would be exact.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Range {
    pub below: Decimal,
    pub places: u32,
}

/// One use of land, in mu: below 10^12 m², and what has twelve decimals of a square metre has sixteen of a mu.
pub const USE_OF_LAND: Range = Range { below: dec!(1_500_000_000), places: 16 };
/// Sums of mu·days.
pub const LAND_DAYS: Range = Range { below: dec!(1_500_000_000_000), places: 16 };
/// Floor area of one use, m².
pub const FLOOR: Range = Range { below: dec!(1_000_000_000_000), places: 12 };
/// A figure of an annual return, or a sum of floor area by days.
pub const FIGURE: Range = Range { below: dec!(1_000_000_000_000_000), places: 12 };

impl Range {
    pub fn holds(&self, value: Decimal) -> bool {
        value.abs() < self.below && value.normalize().scale() <= self.places
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bound_itself_still_holds() {
        assert!(MONEY.hold(dec!(1_000_000_000_000)) && MONEY.hold(dec!(-1_000_000_000_000)));
        assert!(!MONEY.hold(dec!(1_000_000_000_000.01)) && !MONEY.hold(dec!(-1_000_000_000_000.01)));
        assert!(LAND.hold(dec!(0.0000000000000001)) && !LAND.hold(dec!(0.00000000000000001)));
        assert!(LAND.hold(dec!(1.50000000000000000000)), "noughts at the end are no decimals");
    }

    #[test]
    fn land_and_areas_have_the_same_bound() {
        assert_eq!(LAND.most, AREA.most * crate::unit::MU_PER_SQUARE_METRE);
    }
}
