//! A quarter of a year, as bodies are told and report by it.

use std::fmt;
use std::str::FromStr;

use chrono::{Datelike, Days, NaiveDate};
use serde::{Deserialize, Serialize};

/// `2024-3`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Quarter {
    year: i16,
    number: u8,
}

impl Quarter {
    /// None where there is no such quarter since the governing text.
    pub fn of(year: i32, number: u8) -> Option<Quarter> {
        let year = i16::try_from(year).ok().filter(|year| (2019..=2100).contains(year))?;
        (1..=4).contains(&number).then_some(Quarter { year, number })
    }

    pub fn holding(day: NaiveDate) -> Option<Quarter> {
        Quarter::of(day.year(), u8::try_from(day.month0() / 3 + 1).ok()?)
    }

    pub fn year(self) -> i16 {
        self.year
    }

    pub fn number(self) -> u8 {
        self.number
    }

    pub fn contains(self, day: NaiveDate) -> bool {
        Quarter::holding(day) == Some(self)
    }

    pub fn first_day(self) -> Option<NaiveDate> {
        NaiveDate::from_ymd_opt(self.year.into(), u32::from(self.number) * 3 - 2, 1)
    }

    pub fn last_day(self) -> Option<NaiveDate> {
        let next = match self.number {
            4 => NaiveDate::from_ymd_opt(i32::from(self.year) + 1, 1, 1),
            number => NaiveDate::from_ymd_opt(self.year.into(), u32::from(number) * 3 + 1, 1),
        };
        next?.checked_sub_days(Days::new(1))
    }

    /// In words: 2024年第三季度.
    pub fn label(self) -> String {
        format!("{}年第{}季度", self.year, ["一", "二", "三", "四"][usize::from(self.number) - 1])
    }
}

impl fmt::Display for Quarter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.year, self.number)
    }
}

impl FromStr for Quarter {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let parts = text.split_once(['-', 'Q', 'q']).filter(|(_, number)| number.len() == 1);
        let read = parts
            .and_then(|(year, number)| Quarter::of(year.trim_end_matches('-').parse().ok()?, number.parse().ok()?));
        read.ok_or_else(|| format!("“{text}” is no quarter such as 2024-3"))
    }
}

impl TryFrom<String> for Quarter {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

impl From<Quarter> for String {
    fn from(quarter: Quarter) -> String {
        quarter.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn a_quarter_holds_its_first_and_its_last_day_and_no_other() {
        let first: Quarter = "2024-1".parse().unwrap();
        assert_eq!((first.first_day(), first.last_day()), (Some(day("2024-01-01")), Some(day("2024-03-31"))));
        for (text, within) in [("2023-12-31", false), ("2024-01-01", true), ("2024-03-31", true), ("2024-04-01", false)]
        {
            assert_eq!(first.contains(day(text)), within, "{text}");
        }
        let last: Quarter = "2024Q4".parse().unwrap();
        assert_eq!((last.first_day(), last.last_day()), (Some(day("2024-10-01")), Some(day("2024-12-31"))));
        assert_eq!((last.to_string(), last.label()), ("2024-4".to_owned(), "2024年第四季度".to_owned()));
    }

    #[test]
    fn what_is_no_quarter_is_not_read() {
        for text in ["", "2024", "2024-0", "2024-5", "2018-4", "2101-1", "2024-12", "2024-+1", "二〇二四-1"] {
            assert!(text.parse::<Quarter>().is_err(), "{text}");
        }
    }
}
