//! The due day as reckoned: the one place in which an agreed day becomes the day that counts. Days on which the clock
//! stands still are added, an extension takes its place, a hand-over waits for what the contract makes its condition, and
//! under a contract that counts working days a day off moves to the next working day. Whoever holds an actual day against
//! an agreed one asks here.
//!
//! Conventions: an extension holds from the day it was granted on, as a supplement does; what had accrued before stays. A
//! hand-over is due on the agreed day or on the day its condition is met, whichever is later.

use chrono::NaiveDate;

use super::days::{agreed, days_after};
use super::event::{Duty, DutyKind, Happening};
use super::paid;
use super::standstill::{Reach, Standstill};
use super::terms::{HandOverAfter, Terms};
use crate::base::unit::{Yuan, grouped};
use crate::codelist::{CountedDay, WorkCalendar};
use crate::contract::known::Contract;

/// When a duty falls due, and the days on which its clock stands still.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Due {
    pub on: CountedDay,
    pub standstill: Standstill,
    /// What a hand-over is owed after; none for other duties, and where nothing has to be paid before.
    pub condition: Option<Condition>,
}

/// What the grantee has to have paid before the grantor owes the land.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Condition {
    pub after: HandOverAfter,
    /// The day it was met; `None` while it is open.
    pub met_on: Option<NaiveDate>,
    /// The first instalment that is open, what it asks and what was paid of it.
    open: Option<(u16, Yuan, Yuan)>,
}

/// What the due days of a contract are reckoned from.
#[derive(Clone, Copy, Debug)]
pub struct Reckoning<'a> {
    pub contract: &'a Contract,
    pub calendar: &'a WorkCalendar,
    pub signed_on: NaiveDate,
    /// The last day whose events count.
    pub last: NaiveDate,
}

impl Due {
    /// A day that nothing moves.
    pub fn fixed(on: CountedDay) -> Self {
        Due { on, standstill: Standstill::default(), condition: None }
    }

    /// The duty is not owed yet, however late it is.
    pub fn waits(&self) -> bool {
        self.condition.as_ref().is_some_and(|condition| condition.met_on.is_none())
    }

    /// Days late on a day, the day itself counted.
    pub fn late_on(&self, day: NaiveDate) -> i64 {
        if self.waits() { 0 } else { self.standstill.running(days_after(self.on.day, 1), day) }
    }
}

impl Condition {
    /// Why the hand-over is not owed, or is owed later than agreed; nothing when the condition moved nothing.
    pub fn wording(&self, agreed: NaiveDate, due: NaiveDate) -> Option<String> {
        let after = self.after;
        match (self.met_on, self.open) {
            (Some(met), _) if met > agreed => {
                Some(format!("交地以“{after}”为条件，{met}缴清，交地期限由{agreed}顺延至{due}"))
            }
            (None, Some((number, asked, paid))) => Some(format!(
                "交地以“{after}”为条件；第{number}期应缴{}元，已缴{}元，条件未成就，交地期限不起算",
                grouped(asked.0, 2),
                grouped(paid.0, 2)
            )),
            _ => None,
        }
    }
}

impl Reckoning<'_> {
    /// When a duty falls due under some version of the terms, with the extensions granted up to `granted_by`; `None` when no
    /// day is agreed.
    pub fn due(&self, terms: &Terms, duty: Duty, granted_by: NaiveDate) -> Option<Due> {
        if duty.kind == DutyKind::HandOver {
            return self.hand_over(terms);
        }
        let reach = if duty.kind == DutyKind::Payment { Reach::Payments } else { Reach::Works };
        let standstill = self.standstill(terms, reach);
        let mut day = standstill.defer(agreed_day(terms, duty)?, self.signed_on);
        let extension = self.contract.last(granted_by.min(self.last), |event| match event.happening {
            Happening::Extended { duty: extended, until } if extended == duty => Some((event.on, until)),
            _ => None,
        });
        if let Some((granted, until)) = extension {
            day = day.max(standstill.defer(until, granted));
        }
        Some(Due { on: agreed(day, terms.day_count, self.calendar), standstill, condition: None })
    }

    fn hand_over(&self, terms: &Terms) -> Option<Due> {
        let standstill = self.standstill(terms, Reach::HandOver);
        let condition = self.condition(terms);
        let met = condition.as_ref().and_then(|condition| condition.met_on);
        let owed = terms.hand_over_on?.max(met.unwrap_or(NaiveDate::MIN));
        let day = standstill.defer(owed, self.signed_on);
        Some(Due { on: agreed(day, terms.day_count, self.calendar), standstill, condition })
    }

    /// Which instalments belong to the condition is told by two agreed days; nothing that happens changes it.
    fn condition(&self, terms: &Terms) -> Option<Condition> {
        let after = terms.hand_over_after;
        let belongs = |due: NaiveDate| match after {
            HandOverAfter::DuePayments => Some(due) <= terms.hand_over_on,
            HandOverAfter::FullPrice => true,
            HandOverAfter::Nothing => false,
        };
        let mut condition = None;
        for (place, part) in terms.instalments.iter().enumerate().filter(|(_, part)| belongs(part.due)) {
            let number = u16::try_from(place + 1).unwrap_or(u16::MAX);
            let Some(covered) = paid::covered_on(self.contract, terms, number, self.last) else {
                let so_far = paid::of_instalment_before(self.contract, number, days_after(self.last, 1));
                return Some(Condition { after, met_on: None, open: Some((number, part.amount, so_far)) });
            };
            let met: &mut Condition = condition.get_or_insert(Condition { after, met_on: None, open: None });
            met.met_on = met.met_on.max(Some(covered));
        }
        condition
    }

    /// The days on which the clock stands still, as on record up to the last day. Land handed over late is a cause on the
    /// government's side (order no. 53, article 8): it stops the works for as many days as the hand-over is late.
    pub fn standstill(&self, terms: &Terms, reach: Reach) -> Standstill {
        let mut periods = Standstill::on_record(self.contract, reach, self.last);
        if reach == Reach::Works {
            periods.extend(self.late_hand_over(terms));
        }
        Standstill::merged(periods)
    }

    /// From the day on which the hand-over was due as reckoned to the actual one.
    fn late_hand_over(&self, terms: &Terms) -> Option<(NaiveDate, NaiveDate)> {
        let due = self.hand_over(terms).filter(|due| !due.waits())?.on.day;
        let actual = self.contract.day_of(self.last, &Happening::HandedOver).unwrap_or(self.last);
        (due < actual).then_some((due, actual))
    }
}

/// The agreed day of a duty that can be extended.
pub fn agreed_day(terms: &Terms, duty: Duty) -> Option<NaiveDate> {
    match duty.kind {
        DutyKind::Payment => terms.instalment(duty.number).map(|instalment| instalment.due),
        DutyKind::Start => terms.start_on,
        DutyKind::Completion => terms.completion_on,
        DutyKind::Production => terms.production_on,
        DutyKind::OutputReview => terms.output_review_on,
        _ => None,
    }
}
