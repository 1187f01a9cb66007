//! The check of one contract: every duty, with its due day, how it stands, and what it costs to date.

use chrono::NaiveDate;

use super::ground::Ground;
use super::line::{Line, State};
use super::{bureau, duties, idle};
use crate::base::unit::Yuan;
use crate::codelist::WorkCalendar;
use crate::contract::event::Duty;
use crate::contract::known::Contract;
use crate::contract::paid;
use crate::contract::practice::Practice;

/// Every duty of a contract on a day, in the order in which a contract names them. `contract` holds what was known when
/// asked ([`Contract::known_at`]); nothing is returned before it was concluded.
pub fn judge(contract: &Contract, day: NaiveDate, practice: &Practice, calendar: &WorkCalendar) -> Vec<Line> {
    let mut lines = accrued(contract, day, practice, calendar);
    for line in lines.iter_mut().filter(|line| line.duty.kind.may_cost()) {
        line.paid = paid::of_penalty(contract, line.duty, day);
        let Some(last) = paid::last_penalty(contract, line.duty, day) else { continue };
        // Only where a payment went beyond what had accrued is there anything to set off.
        let then = accrued(contract, last, practice, calendar).into_iter().find(|then| then.duty == line.duty);
        let then = then.and_then(|then| then.yuan()).unwrap_or(Yuan::ZERO);
        let since = line.yuan().map_or(Yuan::ZERO, |now| (now - then).max(Yuan::ZERO));
        line.set_off = (line.paid - then).max(Yuan::ZERO).min(since);
    }
    lines
}

/// Every duty with what has accrued, before anything that was paid of it.
fn accrued(contract: &Contract, day: NaiveDate, practice: &Practice, calendar: &WorkCalendar) -> Vec<Line> {
    let mut lines = Vec::with_capacity(16);
    let Some(ground) = Ground::new(contract, day, practice, calendar) else { return lines };
    duties::payments(&ground, &mut lines);
    lines.extend(duties::hand_over(&ground));
    lines.extend(duties::start(&ground));
    lines.extend(duties::completion(&ground));
    bureau::notices(&ground, &mut lines);
    lines.extend(duties::production(&ground));
    lines.extend(duties::output_review(&ground));
    duties::rectifications(&ground, &mut lines);
    duties::shortfalls(&ground, &mut lines);
    idle::idle(&ground, &mut lines);
    lines.extend(bureau::certificate(&ground));
    lines.extend(bureau::term_end(&ground));
    lines
}

crate::terms! {
    /// What became of a duty between two days.
    pub enum ChangeKind {
        BecameDue = "became_due" => "转为30日内到期",
        BecameOverdue = "became_overdue" => "转为逾期",
        Healed = "healed" => "已纠正",
    }
}

/// A duty that stands differently on the later of two days.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    pub kind: ChangeKind,
    pub duty: Duty,
    pub before: Option<Line>,
    /// None when the duty is no longer there: the land is not idle any more, the contract has ended.
    pub after: Option<Line>,
}

/// What became due, overdue or was healed between two checks of the same contract.
pub fn compare(before: Vec<Line>, after: Vec<Line>) -> Vec<Change> {
    let mut before: Vec<Option<Line>> = before.into_iter().map(Some).collect();
    let mut changes = Vec::new();
    for line in after {
        let place = before.iter().position(|old| old.as_ref().is_some_and(|old| old.duty == line.duty));
        let old = place.and_then(|place| before[place].take());
        if let Some(kind) = change(old.as_ref().map(|old| old.state), Some(line.state)) {
            changes.push(Change { kind, duty: line.duty, before: old, after: Some(line) });
        }
    }
    for old in before.into_iter().flatten() {
        // A reminder that nobody needs any more was not made good by that.
        if let Some(kind) = change(Some(old.state), None).filter(|_| !old.duty.kind.is_notice()) {
            changes.push(Change { kind, duty: old.duty, before: Some(old), after: None });
        }
    }
    changes
}

fn change(before: Option<State>, after: Option<State>) -> Option<ChangeKind> {
    match (before, after) {
        (Some(State::Overdue), Some(State::Overdue)) => None,
        (_, Some(State::Overdue)) => Some(ChangeKind::BecameOverdue),
        (Some(State::Overdue), Some(State::Met | State::MetLate | State::Waived) | None) => Some(ChangeKind::Healed),
        (Some(State::DueSoon), Some(State::DueSoon)) => None,
        (_, Some(State::DueSoon)) => Some(ChangeKind::BecameDue),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
