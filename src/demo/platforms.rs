//! The two invented platforms in their register: one was raised from three stars to four, the other was never rated before 2020.

use rust_decimal::Decimal;
use rust_decimal_macros::dec;

use super::quarter::PLATFORMS;
use super::register::day;
use crate::base::period::Period;

pub struct PlatformRow {
    pub code: &'static str,
    pub name: &'static str,
    pub kind: &'static str,
    /// Stars, of a park; the level, of another.
    pub level: Option<i16>,
    /// Mu.
    pub area: Decimal,
    pub valid: Period,
}

/// That a platform was on a list.
pub struct ListedRow {
    pub list: &'static str,
    pub platform: &'static str,
    pub valid: Period,
}

pub fn platforms() -> Vec<PlatformRow> {
    let since = |year| day(year, 1, 1);
    let [a, b] = PLATFORMS;
    let park =
        |level, valid| PlatformRow { code: "SL-A", name: a, kind: "industrial_park", level, area: dec!(240), valid };
    let small = |level, valid| PlatformRow {
        code: "SL-B",
        name: b,
        kind: "small_enterprise_park",
        level,
        area: dec!(210),
        valid,
    };
    vec![
        park(Some(3), Period::between(since(2018), since(2022))),
        park(Some(4), Period::since(since(2022))),
        small(None, Period::between(since(2018), since(2020))),
        small(Some(2), Period::since(since(2020))),
    ]
}

/// Which of them was a key platform in 2019.
pub fn listed() -> Vec<ListedRow> {
    let valid = Period::between(day(2019, 1, 1), day(2020, 1, 1));
    vec![ListedRow { list: "key_platform", platform: "SL-A", valid }]
}
