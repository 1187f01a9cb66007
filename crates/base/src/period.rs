//! Half-open periods of days, `[from, until)`: the day `until` is the first that no longer counts.

use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};
use sqlx::postgres::types::PgRange;
use std::ops::Bound;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Period {
    pub from: Option<NaiveDate>,
    pub until: Option<NaiveDate>,
}

impl Period {
    pub const ALWAYS: Period = Period { from: None, until: None };

    pub fn since(from: NaiveDate) -> Self {
        Period { from: Some(from), until: None }
    }

    pub fn between(from: NaiveDate, until: NaiveDate) -> Self {
        Period { from: Some(from), until: Some(until) }
    }

    /// 1 January of `year` up to, not including, 1 January of the next.
    pub fn year(year: i32) -> Self {
        let first = |year| NaiveDate::from_ymd_opt(year, 1, 1).expect("every year has a first of January");
        Period::between(first(year), first(year + 1))
    }

    pub fn contains(&self, day: NaiveDate) -> bool {
        self.from.is_none_or(|from| from <= day) && self.until.is_none_or(|until| day < until)
    }

    /// Whether some day lies in both.
    pub fn overlaps(&self, other: &Period) -> bool {
        let begins_in_time = |a: &Period, b: &Period| match (a.from, b.until) {
            (Some(from), Some(until)) => from < until,
            _ => true,
        };
        begins_in_time(self, other) && begins_in_time(other, self)
    }

    /// How many days of `year` this period covers.
    pub fn days_in_year(&self, year: i32) -> i64 {
        let Period { from: Some(first), until: Some(last) } = Period::year(year) else { return 0 };
        let from = self.from.map_or(first, |day| day.max(first));
        let until = self.until.map_or(last, |day| day.min(last));
        (until - from).num_days().max(0)
    }
}

pub fn length_of_year(year: i32) -> i64 {
    Period::year(year).days_in_year(year)
}

pub fn year_of(day: NaiveDate) -> i32 {
    day.year()
}

/// PostgreSQL writes every `daterange` as `[from, until)`.
impl From<PgRange<NaiveDate>> for Period {
    fn from(range: PgRange<NaiveDate>) -> Self {
        let from = match range.start {
            Bound::Included(day) => Some(day),
            Bound::Excluded(day) => day.succ_opt(),
            Bound::Unbounded => None,
        };
        let until = match range.end {
            Bound::Included(day) => day.succ_opt(),
            Bound::Excluded(day) => Some(day),
            Bound::Unbounded => None,
        };
        Period { from, until }
    }
}

impl From<Period> for PgRange<NaiveDate> {
    fn from(period: Period) -> Self {
        PgRange {
            start: period.from.map_or(Bound::Unbounded, Bound::Included),
            end: period.until.map_or(Bound::Unbounded, Bound::Excluded),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn the_last_day_is_outside() {
        let period = Period::between(day("2024-01-01"), day("2024-03-01"));
        assert!(period.contains(day("2024-02-29")));
        assert!(!period.contains(day("2024-03-01")));
        assert!(!period.contains(day("2023-12-31")));
    }

    #[test]
    fn periods_that_touch_do_not_overlap() {
        let first = Period::between(day("2024-01-01"), day("2024-03-01"));
        assert!(!first.overlaps(&Period::since(day("2024-03-01"))));
        assert!(first.overlaps(&Period::since(day("2024-02-29"))));
        assert!(Period { from: None, until: None }.overlaps(&first));
    }

    #[test]
    fn days_of_a_year_count_the_leap_day() {
        assert_eq!(length_of_year(2024), 366);
        assert_eq!(length_of_year(2023), 365);
        assert_eq!(Period::since(day("2024-07-01")).days_in_year(2024), 184);
        assert_eq!(Period::between(day("2020-01-01"), day("2024-01-01")).days_in_year(2024), 0);
        assert_eq!(Period { from: None, until: None }.days_in_year(2023), 365);
    }
}
