//! Counting by the calendar.
//!
//! Conventions (Civil Code, articles 200 to 204): the day from which a period runs is not counted. A period of months or
//! years is full on the corresponding day of its last month, and where that month has no such day, on its last: a year
//! from 29 February 2024 is full on 28 February 2025. “At least one year” therefore holds on that day, not the day before.
//! A period of days set by law that ends on a day off ends on the next working day. An agreed day moves only under a
//! contract that counts working days; a term of use never moves.

use chrono::{Datelike, Days, NaiveDate};

use super::terms::{DayCount, Terms};
pub use crate::base::anniversary::{months_after, years_after};
use crate::base::period::Period;
use crate::codelist::{CountedDay, WorkCalendar};

pub fn days_after(day: NaiveDate, days: i64) -> NaiveDate {
    let moved = match u64::try_from(days) {
        Ok(forward) => day.checked_add_days(Days::new(forward)),
        Err(_) => day.checked_sub_days(Days::new(days.unsigned_abs())),
    };
    moved.unwrap_or(if days < 0 { NaiveDate::MIN } else { NaiveDate::MAX })
}

/// The last day of a period of `days` set by law, from the day after `from`.
pub fn period_of_days(from: NaiveDate, days: u32, calendar: &WorkCalendar) -> CountedDay {
    next_working_day(days_after(from, days.into()), calendar)
}

/// An agreed day as the contract counts.
pub fn agreed(day: NaiveDate, count: DayCount, calendar: &WorkCalendar) -> CountedDay {
    match count {
        DayCount::Calendar => CountedDay { day, provisional: false },
        DayCount::Working => next_working_day(day, calendar),
    }
}

fn next_working_day(day: NaiveDate, calendar: &WorkCalendar) -> CountedDay {
    if calendar.is_working_day(day) {
        return CountedDay { day, provisional: !calendar.is_announced(day) };
    }
    calendar.add_working_days(day, 1)
}

/// The term of use: from its first day up to, not including, the corresponding day after `term_years`.
pub fn term(terms: &Terms, handed_over: Option<NaiveDate>) -> Option<Period> {
    let from = terms.term_from.or(handed_over)?;
    Some(Period::between(from, years_after(from, terms.term_years.into())))
}

/// A length in whole years, then whole months, then days.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    pub years: u32,
    pub months: u32,
    pub days: i64,
}

impl Span {
    /// From `from` up to, not including, `until`; nothing when `until` is not later.
    pub fn between(from: NaiveDate, until: NaiveDate) -> Self {
        if until <= from {
            return Span { years: 0, months: 0, days: 0 };
        }
        let rough = (until.year() - from.year()) * 12 + until.month() as i32 - from.month() as i32;
        let rough = u32::try_from(rough).unwrap_or(0);
        let whole = if months_after(from, rough) > until { rough - 1 } else { rough };
        let days = (until - months_after(from, whole)).num_days();
        Span { years: whole / 12, months: whole % 12, days }
    }

    pub fn wording(self) -> String {
        let parts = [(i64::from(self.years), "年"), (i64::from(self.months), "个月"), (self.days, "日")];
        let text: String =
            parts.iter().filter(|(count, _)| *count > 0).map(|(count, unit)| format!("{count}{unit}")).collect();
        if text.is_empty() { "0日".to_owned() } else { text }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn an_agreed_day_moves_only_where_working_days_count() {
        let calendar = WorkCalendar::embedded();
        let saturday = day("2024-10-05");
        assert_eq!(agreed(saturday, DayCount::Calendar, calendar).day, saturday);
        assert_eq!(agreed(saturday, DayCount::Working, calendar).day, day("2024-10-08"));
        assert_eq!(agreed(day("2024-10-12"), DayCount::Working, calendar).day, day("2024-10-12"), "a make-up day");
        assert_eq!(agreed(day("2024-12-31"), DayCount::Working, calendar).day, day("2024-12-31"));
        assert_eq!(agreed(day("2025-01-01"), DayCount::Working, calendar).day, day("2025-01-02"));
    }

    #[test]
    fn thirty_days_set_by_law_end_on_a_working_day() {
        let calendar = WorkCalendar::embedded();
        assert_eq!(period_of_days(day("2024-09-05"), 30, calendar).day, day("2024-10-08"));
        assert_eq!(period_of_days(day("2024-03-01"), 30, calendar).day, day("2024-04-01"));
    }

    #[test]
    fn spans_in_words() {
        assert_eq!(Span::between(day("2020-02-29"), day("2022-02-28")).wording(), "2年");
        assert_eq!(Span::between(day("2020-01-31"), day("2020-03-01")).wording(), "1个月1日");
        assert_eq!(Span::between(day("2020-01-31"), day("2020-01-31")).wording(), "0日");
        assert_eq!(Span::between(day("2023-12-31"), day("2024-12-30")).wording(), "11个月30日");
    }

    proptest! {
        #[test]
        fn a_span_leads_back(offset in 0i64..20_000, length in 1i64..20_000) {
            let from = days_after(day("1990-01-01"), offset);
            let until = days_after(from, length);
            let span = Span::between(from, until);
            prop_assert!(span.months < 12 && span.days < 31);
            prop_assert_eq!(days_after(months_after(from, span.years * 12 + span.months), span.days), until);
        }
    }
}
