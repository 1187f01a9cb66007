//! When the clock stands still: causes on the government's side and force majeure, and land handed over late.
//!
//! Conventions: the days on which the clock stands still are taken out of the count. A deadline moves later by those of
//! them that lie between the contract (or the grant of an extension) and the deadline itself, its postponed days
//! included; a delay that has begun does not grow on such days. What the grantee causes stops nothing.

use chrono::NaiveDate;

use super::days::days_after;
use super::event::{Cause, Covers, Happening};
use crate::contract::known::Contract;

/// Whose deadlines are meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// Start, completion, production, output review, idle land. A late hand-over counts too.
    Works,
    Payments,
    /// The grantor's own: only force majeure excuses it.
    HandOver,
}

/// Days on which the clock stands still, as separate half-open periods in order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Standstill(Vec<(NaiveDate, NaiveDate)>);

impl Standstill {
    /// The periods on record up to `day`, as they come. A standstill without an end lasts through `day`.
    pub fn on_record(contract: &Contract, reach: Reach, day: NaiveDate) -> Vec<(NaiveDate, NaiveDate)> {
        let tomorrow = days_after(day, 1);
        let mut periods: Vec<(NaiveDate, NaiveDate)> = Vec::new();
        for event in contract.events.iter().take_while(|event| event.on <= day) {
            match event.happening {
                Happening::Suspended { until, cause, covers } if reach.stopped_by(cause, covers) => {
                    periods.push((event.on, until.unwrap_or(tomorrow)));
                }
                Happening::Resumed => {
                    for period in &mut periods {
                        period.1 = period.1.min(event.on);
                    }
                }
                _ => {}
            }
        }
        periods
    }

    /// Joins what overlaps or touches; empty periods are left out.
    pub fn merged(mut periods: Vec<(NaiveDate, NaiveDate)>) -> Self {
        periods.retain(|(from, until)| from < until);
        periods.sort_unstable();
        let mut merged: Vec<(NaiveDate, NaiveDate)> = Vec::with_capacity(periods.len());
        for (from, until) in periods {
            match merged.last_mut() {
                Some(last) if from <= last.1 => last.1 = last.1.max(until),
                _ => merged.push((from, until)),
            }
        }
        Standstill(merged)
    }

    /// A deadline that began to run on `since`, with the days of standstill added.
    pub fn defer(&self, due: NaiveDate, since: NaiveDate) -> NaiveDate {
        self.0.iter().fold(due, |due, &(from, until)| {
            let from = from.max(since);
            if from <= due && from < until { days_after(due, (until - from).num_days()) } else { due }
        })
    }

    /// Days from `first` to `last`, both counted, on which the clock runs.
    pub fn running(&self, first: NaiveDate, last: NaiveDate) -> i64 {
        let all = ((last - first).num_days() + 1).max(0);
        let stopped = |&(from, until): &(NaiveDate, NaiveDate)| {
            let end = until.min(days_after(last, 1));
            (end - from.max(first)).num_days().max(0)
        };
        all - self.0.iter().map(stopped).sum::<i64>()
    }
}

impl Reach {
    fn stopped_by(self, cause: Cause, covers: Covers) -> bool {
        match self {
            Reach::Works => cause != Cause::Grantee,
            Reach::Payments => cause != Cause::Grantee && covers == Covers::All,
            Reach::HandOver => cause == Cause::ForceMajeure && covers == Covers::All,
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn one(from: &str, until: &str) -> Standstill {
        Standstill::merged(vec![(day(from), day(until))])
    }

    #[test]
    fn a_deadline_moves_by_the_days_before_it() {
        let stop = one("2024-02-01", "2024-03-01");
        let since = day("2024-01-01");
        assert_eq!(stop.defer(day("2024-06-30"), since), day("2024-07-29"), "29 days of a leap February");
        assert_eq!(stop.defer(day("2024-01-31"), since), day("2024-01-31"), "over before it begins");
        assert_eq!(stop.defer(day("2024-02-01"), since), day("2024-03-01"), "the last day itself stands still");
        assert_eq!(stop.defer(day("2024-06-30"), day("2024-02-20")), day("2024-07-10"), "running only since then");
        assert_eq!(stop.defer(day("2024-06-30"), day("2024-03-01")), day("2024-06-30"));
    }

    #[test]
    fn a_postponed_deadline_can_run_into_the_next_standstill() {
        let stops =
            Standstill::merged(vec![(day("2024-01-10"), day("2024-01-20")), (day("2024-01-25"), day("2024-02-04"))]);
        assert_eq!(stops.defer(day("2024-01-20"), day("2024-01-01")), day("2024-02-09"));
    }

    #[test]
    fn a_delay_does_not_grow_while_the_clock_stands() {
        let stop = one("2024-02-01", "2024-03-01");
        assert_eq!(stop.running(day("2024-01-30"), day("2024-03-02")), 4);
        assert_eq!(stop.running(day("2024-02-05"), day("2024-02-10")), 0);
        assert_eq!(stop.running(day("2024-03-01"), day("2024-02-28")), 0);
        assert_eq!(stop.running(day("2024-03-01"), day("2024-03-01")), 1);
    }

    fn periods() -> impl Strategy<Value = Vec<(NaiveDate, NaiveDate)>> {
        let start = day("2020-01-01");
        let period = (0i64..1500, 1i64..200)
            .prop_map(move |(from, length)| (days_after(start, from), days_after(start, from + length)));
        proptest::collection::vec(period, 0..6)
    }

    proptest! {
        #[test]
        fn one_more_standstill_makes_nothing_earlier_and_no_delay_longer(
            some in periods(), more in periods(), due in 0i64..1500, late in 0i64..500,
        ) {
            let since = day("2020-01-01");
            let due = days_after(since, due);
            let (before, after) = (Standstill::merged(some.clone()), Standstill::merged([some, more].concat()));
            prop_assert!(after.defer(due, since) >= before.defer(due, since));
            let last = days_after(due, late);
            prop_assert!(after.running(due, last) <= before.running(due, last));
            // What remains until the deadline is the same number of running days.
            let postponed = before.defer(due, since);
            prop_assert_eq!(before.running(since, postponed), (due - since).num_days() + 1);
        }
    }
}
