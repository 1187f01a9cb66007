//! One contract in a line: its stage, what is late, what comes next. For lists, the board, the map and the desk, so that
//! all of them say the same.

use chrono::NaiveDate;

use super::line::{Line, State};
use crate::contract::event::{Duty, DutyKind};
use crate::contract::known::Contract;
use crate::contract::stage::{Standing, standing};

/// How the duties of a contract stand on a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Summary {
    pub standing: Standing,
    /// Duties of the two parties that are overdue; reminders and investigations, which are the bureau's, do not count.
    pub overdue: usize,
    /// The most days that any of them is late; standstills are not counted.
    pub days_late: i64,
    pub due_soon: usize,
    /// The bureau's own work that is due within 30 days or overdue: reminders, investigations.
    pub to_do: usize,
    pub idle: Suspicion,
    /// The certificate in force lapses within 30 days, or has lapsed.
    pub lapsing: bool,
    /// The next day on which one of the parties has to do something, today included.
    pub next: Option<(Duty, NaiveDate)>,
}

crate::terms! {
    /// Whether land is idle in the sense of order no. 53, as far as is known.
    pub enum Suspicion {
        No = "no" => "未见闲置",
        /// Within 30 days of the day on which it would be idle.
        Soon = "soon" => "30日内将满",
        Suspected = "suspected" => "疑似闲置",
        /// A figure is missing.
        NotDeterminable = "not_determinable" => "无法判定",
    }
}

/// What the duties of a contract come to. `None` when it was not concluded by that day.
pub fn summarize(contract: &Contract, day: NaiveDate, lines: &[Line]) -> Option<Summary> {
    let standing = standing(contract, day)?;
    let of_parties = || lines.iter().filter(|line| !is_the_bureau_s(line.duty.kind));
    let overdue = || of_parties().filter(|line| line.state == State::Overdue);
    let pressing = |line: &&Line| matches!(line.state, State::Overdue | State::DueSoon);
    let ahead = of_parties().filter(|line| matches!(line.state, State::DueSoon | State::NotYet) && line.due >= day);
    Some(Summary {
        standing,
        overdue: overdue().count(),
        days_late: overdue().map(|line| line.days).max().unwrap_or(0),
        due_soon: of_parties().filter(|line| line.state == State::DueSoon).count(),
        to_do: lines.iter().filter(|line| is_the_bureau_s(line.duty.kind)).filter(pressing).count(),
        idle: suspicion(lines),
        lapsing: lines.iter().any(|line| line.duty.kind == DutyKind::Certificate && pressing(&line)),
        next: ahead.min_by_key(|line| line.due).map(|line| (line.duty, line.due)),
    })
}

/// What the bureau itself has to do by a day, rather than a party to the contract.
pub fn is_the_bureau_s(kind: DutyKind) -> bool {
    kind.is_notice() || matches!(kind, DutyKind::Investigation | DutyKind::Answer)
}

fn suspicion(lines: &[Line]) -> Suspicion {
    match lines.iter().find(|line| line.duty.kind == DutyKind::IdleLand).map(|line| line.state) {
        Some(State::Overdue) => Suspicion::Suspected,
        Some(State::NotDeterminable) => Suspicion::NotDeterminable,
        Some(State::DueSoon) => Suspicion::Soon,
        _ => Suspicion::No,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codelist::WorkCalendar;
    use crate::contract::event::Happening;
    use crate::contract::sample::{contract, day, paid, practice};
    use crate::contract::stage::Stage;
    use crate::obligations::check::judge;

    fn on(contract: &Contract, on: &str) -> Summary {
        let on = day(on);
        let lines = judge(contract, on, &practice(), WorkCalendar::embedded());
        summarize(contract, on, &lines).unwrap()
    }

    #[test]
    fn the_day_after_is_late_and_the_day_itself_is_not() {
        let contract = contract(vec![("2022-02-10", paid(1, 3_425_000)), ("2022-03-01", Happening::HandedOver)]);
        let before = on(&contract, "2022-09-01");
        assert_eq!((before.overdue, before.days_late, before.idle), (0, 0, Suspicion::No));
        let after = on(&contract, "2022-09-02");
        assert_eq!((after.overdue, after.days_late, after.standing.stage), (1, 1, Stage::HandedOver));
        assert_eq!(on(&contract, "2023-08-31").idle, Suspicion::Soon);
        assert_eq!(on(&contract, "2023-09-01").idle, Suspicion::Suspected);
    }

    #[test]
    fn reminders_are_the_bureau_s_and_make_nobody_late() {
        let contract = contract(vec![("2022-02-10", paid(1, 3_425_000)), ("2022-03-01", Happening::HandedOver)]);
        let reminded = on(&contract, "2022-08-10");
        assert_eq!((reminded.overdue, reminded.due_soon, reminded.to_do), (0, 1, 1));
        assert_eq!(reminded.next, Some((Duty::one(DutyKind::Start), day("2022-09-01"))));
    }
}
