//! Periods of months and years, as the Civil Code counts them.
//!
//! Article 201: 按照年、月、日计算期间的，开始的当日不计入，自下一日开始计算。 The day something happens is not counted.
//! Article 202: 按照年、月计算期间的，到期月的对应日为期间的最后一日；没有对应日的，月末日为期间的最后一日。 So a period of three years
//! from 31 December 2018 ends with 31 December 2021, a year from 29 February 2024 with 28 February 2025, and the day it
//! ends with still belongs to it.

use chrono::{Months, NaiveDate};

/// The last day of a period of `months` that runs from `day`.
pub fn months_after(day: NaiveDate, months: u32) -> NaiveDate {
    day.checked_add_months(Months::new(months)).unwrap_or(NaiveDate::MAX)
}

/// The last day of a period of `years` that runs from `day`.
pub fn years_after(day: NaiveDate, years: u32) -> NaiveDate {
    months_after(day, years.saturating_mul(12))
}

/// The first day whose period of `years` still runs on `day`, a 31 December: what began on it or later has not ended
/// before. For questions to the database; [`years_after`] decides.
pub fn earliest_still_running(day: NaiveDate, years: u32) -> NaiveDate {
    day.checked_sub_months(Months::new(years.saturating_mul(12))).unwrap_or(NaiveDate::MIN)
}

#[cfg(test)]
mod tests {
    use chrono::Datelike;
    use proptest::prelude::*;

    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn a_period_ends_with_the_corresponding_day() {
        assert_eq!(years_after(day("2018-12-31"), 3), day("2021-12-31"));
        assert_eq!(years_after(day("2018-12-30"), 3), day("2021-12-30"));
        assert_eq!(years_after(day("2019-01-01"), 3), day("2022-01-01"));
        assert_eq!(
            months_after(day("2024-05-31"), 1),
            day("2024-06-30"),
            "no corresponding day: the last of the month"
        );
        assert_eq!(months_after(day("2023-12-31"), 2), day("2024-02-29"));
        assert_eq!(months_after(day("2024-05-31"), 0), day("2024-05-31"));
    }

    #[test]
    fn a_leap_day_has_its_corresponding_day_every_fourth_year() {
        assert_eq!(years_after(day("2024-02-29"), 1), day("2025-02-28"));
        assert_eq!(years_after(day("2024-02-29"), 3), day("2027-02-28"));
        assert_eq!(years_after(day("2024-02-29"), 4), day("2028-02-29"));
        assert_eq!(years_after(day("2023-02-28"), 1), day("2024-02-28"), "not the 29th");
        assert_eq!(years_after(NaiveDate::MAX, 3), NaiveDate::MAX);
    }

    proptest! {
        #[test]
        fn looking_back_and_looking_ahead_agree(start in 0i64..40_000, year in 1990i32..2100, years in 0u32..12) {
            let start = day("1980-01-01") + chrono::TimeDelta::days(start);
            let last = NaiveDate::from_ymd_opt(year, 12, 31).unwrap();
            prop_assert_eq!(start >= earliest_still_running(last, years), years_after(start, years) >= last);
            prop_assert!(years_after(start, years).year() == start.year() + years as i32);
        }
    }
}
