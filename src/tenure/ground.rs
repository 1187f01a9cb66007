//! What every rule of the check starts from: a contract as known, the day asked about, and when each duty falls due.

use chrono::NaiveDate;

use super::consequence::Consequence;
use super::contract::Contract;
use super::days::{agreed, days_after};
use super::event::{Duty, DutyKind, Happening};
use super::line::{Line, MANAGEMENT, SOON_DAYS, State};
use super::practice::Practice;
use super::standstill::{Reach, Standstill};
use super::terms::Terms;
use super::validate::agreed_day;
use crate::codelist::{CountedDay, WorkCalendar};

pub struct Ground<'a> {
    pub contract: &'a Contract,
    pub practice: &'a Practice,
    pub calendar: &'a WorkCalendar,
    pub day: NaiveDate,
    pub signed_on: NaiveDate,
    /// The day the contract ended, when it did.
    pub ended: Option<NaiveDate>,
    /// The last day that counts: the day asked about, or the end of the contract.
    pub last: NaiveDate,
    /// In force on the last day.
    pub terms: &'a Terms,
}

/// When a duty falls due, and the days on which its clock stands still.
pub struct Due {
    pub on: CountedDay,
    pub standstill: Standstill,
}

impl<'a> Ground<'a> {
    /// `None` when the contract was not concluded by that day.
    pub fn new(
        contract: &'a Contract,
        day: NaiveDate,
        practice: &'a Practice,
        calendar: &'a WorkCalendar,
    ) -> Option<Self> {
        let signed_on = contract.signed_on().filter(|signed| *signed <= day)?;
        let ended = contract.first(day, |event| {
            let ends = matches!(event.happening, Happening::Rescinded | Happening::Terminated | Happening::TakenBack);
            ends.then_some(event.on)
        });
        let last = ended.unwrap_or(day).min(day).max(signed_on);
        let terms = contract.terms_on(last)?;
        Some(Ground { contract, practice, calendar, day, signed_on, ended, last, terms })
    }

    /// When a duty falls due under some version of the terms; `None` when no day is agreed.
    ///
    /// An extension takes the place of the agreed day, also for the days before it was granted.
    pub fn due(&self, terms: &Terms, duty: Duty) -> Option<Due> {
        let (day, reach) = match duty.kind {
            DutyKind::HandOver => (terms.hand_over_on?, Reach::HandOver),
            DutyKind::Payment => (agreed_day(terms, duty)?, Reach::Payments),
            _ => (agreed_day(terms, duty)?, Reach::Works),
        };
        let standstill = Standstill::of(self.contract, terms, reach, self.last);
        let mut due = standstill.defer(day, self.signed_on);
        let extension = self.contract.last(self.last, |event| match event.happening {
            Happening::Extended { duty: extended, until } if extended == duty => Some((event.on, until)),
            _ => None,
        });
        if let Some((granted, until)) = extension {
            due = due.max(standstill.defer(until, granted));
        }
        Some(Due { on: agreed(due, terms.day_count, self.calendar), standstill })
    }

    /// The paper on which a duty was waived, also after the contract has ended.
    pub fn waiver(&self, duty: Duty) -> Option<&'a str> {
        self.contract.last(self.day, |event| match event.happening {
            Happening::Waived { duty: waived } if waived == duty => Some(event.document.as_deref().unwrap_or("")),
            _ => None,
        })
    }

    /// A duty without consequence: how it stands, and no line when the contract ended before it fell due.
    pub fn line(&self, duty: Duty, due: &Due, done: Option<NaiveDate>) -> Option<Line> {
        let (state, days) = self.state(due, done)?;
        Some(Line {
            duty,
            article: MANAGEMENT,
            due: due.on.day,
            state,
            days,
            consequence: Consequence::default(),
            may_rescind: false,
            provisional: due.on.provisional,
        })
    }

    pub fn state(&self, due: &Due, done: Option<NaiveDate>) -> Option<(State, i64)> {
        let until = done.unwrap_or(self.last);
        let late = due.standstill.running(days_after(due.on.day, 1), until);
        if done.is_some() {
            return Some(if late > 0 { (State::MetLate, late) } else { (State::Met, 0) });
        }
        if late > 0 {
            return Some((State::Overdue, late));
        }
        if self.ended.is_some() {
            return None;
        }
        let left = (due.on.day - self.day).num_days().max(0);
        Some((if left <= SOON_DAYS { State::DueSoon } else { State::NotYet }, left))
    }
}

impl Due {
    /// A day that no standstill moves.
    pub fn fixed(on: CountedDay) -> Self {
        Due { on, standstill: Standstill::default() }
    }
}
