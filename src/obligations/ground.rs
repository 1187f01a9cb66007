//! What every rule of the check starts from: a contract as known, the day asked about, and how a duty stands on it.

use chrono::NaiveDate;

use super::consequence::Consequence;
use super::line::{Line, MANAGEMENT, SOON_DAYS, State};
use crate::base::unit::Yuan;
use crate::codelist::WorkCalendar;
use crate::contract::due::{Due, Reckoning};
use crate::contract::event::{Duty, Happening};
use crate::contract::known::Contract;
use crate::contract::practice::Practice;
use crate::contract::standstill::{Reach, Standstill};
use crate::contract::terms::Terms;

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

    fn reckoning(&self) -> Reckoning<'a> {
        Reckoning { contract: self.contract, calendar: self.calendar, signed_on: self.signed_on, last: self.last }
    }

    /// The due day as reckoned, with the extensions granted up to a day ([`Reckoning::due`]).
    pub fn due(&self, terms: &Terms, duty: Duty, granted_by: NaiveDate) -> Option<Due> {
        self.reckoning().due(terms, duty, granted_by)
    }

    pub fn standstill(&self, reach: Reach) -> Standstill {
        self.reckoning().standstill(self.terms, reach)
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
            paid: Yuan::ZERO,
            set_off: Yuan::ZERO,
            may_rescind: false,
            provisional: due.on.provisional,
        })
    }

    fn state(&self, due: &Due, done: Option<NaiveDate>) -> Option<(State, i64)> {
        let late = due.late_on(done.unwrap_or(self.last));
        if done.is_some() {
            return Some(if late > 0 { (State::MetLate, late) } else { (State::Met, 0) });
        }
        if late > 0 {
            return Some((State::Overdue, late));
        }
        if self.ended.is_some() {
            return None;
        }
        if due.waits() && due.on.day < self.last {
            return Some((State::Waiting, 0));
        }
        let left = (due.on.day - self.day).num_days().max(0);
        Some((if left <= SOON_DAYS { State::DueSoon } else { State::NotYet }, left))
    }
}
