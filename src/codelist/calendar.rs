//! Working days in China: Monday to Friday, less the days off and plus the make-up days that the State Council announces
//! for each year.

use std::collections::HashMap;
use std::sync::LazyLock;

use chrono::{Datelike, Days, NaiveDate, Weekday};

use super::list::{ListError, rows};

/// A day reached by counting working days.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CountedDay {
    pub day: NaiveDate,
    /// The count ran into a year whose days off are not announced (or not listed); there only weekends were left out.
    pub provisional: bool,
}

/// What deviates from Monday to Friday, and the years for which that is known.
#[derive(Clone, Debug)]
pub struct WorkCalendar {
    deviations: HashMap<NaiveDate, bool>,
    first_year: i32,
    last_year: i32,
}

impl WorkCalendar {
    /// The list built into the program.
    pub fn embedded() -> &'static WorkCalendar {
        static CALENDAR: LazyLock<WorkCalendar> = LazyLock::new(|| {
            WorkCalendar::parse(include_str!("../../geodata/working_days.tsv")).expect("the embedded list can be read")
        });
        &CALENDAR
    }

    /// Reads lines of `day` and `off` or `on`. Every year from the first to the last is taken as completely listed.
    ///
    /// # Errors
    /// A line that is not a day and a kind, a day off at a weekend, a make-up day on a weekday, or an empty list.
    pub fn parse(text: &str) -> Result<Self, ListError> {
        let listed = rows(text, 2, |fields| {
            let day: NaiveDate = fields[0].parse().map_err(|_| format!("“{}” is not a day", fields[0]))?;
            match (fields[1], at_weekend(day)) {
                ("off", false) => Ok((day, false)),
                ("on", true) => Ok((day, true)),
                _ => Err(format!("{day} cannot be “{}”", fields[1])),
            }
        })?;
        let years = || listed.iter().map(|(day, _)| day.year());
        let nothing = || ListError { line: 1, reason: "no day is listed".to_owned() };
        let first_year = years().min().ok_or_else(nothing)?;
        let last_year = years().max().ok_or_else(nothing)?;
        Ok(WorkCalendar { deviations: listed.into_iter().collect(), first_year, last_year })
    }

    pub fn is_working_day(&self, day: NaiveDate) -> bool {
        self.deviations.get(&day).copied().unwrap_or_else(|| !at_weekend(day))
    }

    /// Whether the days off of that day's year are known.
    pub fn is_announced(&self, day: NaiveDate) -> bool {
        (self.first_year..=self.last_year).contains(&day.year())
    }

    /// The `count`th working day after `from`; `from` itself is not counted. With a count of zero: `from`.
    pub fn add_working_days(&self, from: NaiveDate, count: u32) -> CountedDay {
        let mut reached = CountedDay { day: from, provisional: !self.is_announced(from) };
        let mut left = count;
        while left > 0 && reached.day < NaiveDate::MAX {
            reached.day = reached.day + Days::new(1);
            reached.provisional |= !self.is_announced(reached.day);
            left -= u32::from(self.is_working_day(reached.day));
        }
        reached
    }

    /// Working days after `from` up to and including `until`; negative when `until` is earlier.
    pub fn working_days_between(&self, from: NaiveDate, until: NaiveDate) -> i64 {
        let (early, late, sign) = if from <= until { (from, until, 1) } else { (until, from, -1) };
        let days = early.iter_days().skip(1).take_while(|day| *day <= late);
        sign * days.filter(|day| self.is_working_day(*day)).count() as i64
    }
}

fn at_weekend(day: NaiveDate) -> bool {
    matches!(day.weekday(), Weekday::Sat | Weekday::Sun)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn after(from: &str, count: u32) -> CountedDay {
        WorkCalendar::embedded().add_working_days(day(from), count)
    }

    #[test]
    fn national_day_is_skipped_and_make_up_days_count() {
        let calendar = WorkCalendar::embedded();
        assert!(!calendar.is_working_day(day("2024-10-01")));
        assert!(calendar.is_working_day(day("2024-09-29")), "a Sunday worked in exchange");
        assert!(calendar.is_working_day(day("2024-10-12")), "a Saturday worked in exchange");
        assert_eq!(after("2024-09-30", 1).day, day("2024-10-08"));
        assert_eq!(after("2024-09-30", 5).day, day("2024-10-12"));
    }

    #[test]
    fn the_day_itself_is_not_counted() {
        assert_eq!(after("2026-11-20", 0).day, day("2026-11-20"));
        assert_eq!(after("2026-11-20", 1).day, day("2026-11-23"));
        assert_eq!(WorkCalendar::embedded().working_days_between(day("2026-11-20"), day("2026-11-23")), 1);
        assert_eq!(WorkCalendar::embedded().working_days_between(day("2026-11-23"), day("2026-11-20")), -1);
    }

    #[test]
    fn beyond_what_is_announced_the_answer_says_so() {
        assert!(!after("2026-11-23", 5).provisional);
        let beyond = after("2026-12-31", 1);
        assert_eq!((beyond.day, beyond.provisional), (day("2027-01-01"), true));
        assert!(after("2004-12-31", 1).provisional);
    }

    #[test]
    fn a_list_that_contradicts_the_week_is_refused() {
        let refused = |line: &str| WorkCalendar::parse(&format!("day\tkind\n{line}\n")).unwrap_err().line;
        assert_eq!(refused("2024-10-05\toff"), 2, "a Saturday is off anyway");
        assert_eq!(refused("2024-10-08\ton"), 2);
        assert_eq!(refused("2024-02-30\toff"), 2);
        assert!(WorkCalendar::parse("day\tkind\n").is_err());
    }

    proptest! {
        #[test]
        fn counting_there_and_back_agrees(offset in 0u64..7000, count in 0u32..200) {
            let from = day("2006-01-01") + Days::new(offset);
            let calendar = WorkCalendar::embedded();
            let reached = calendar.add_working_days(from, count).day;
            prop_assert_eq!(calendar.working_days_between(from, reached), i64::from(count));
            prop_assert!(count == 0 || calendar.is_working_day(reached));
        }
    }
}
