//! What the bureau watches besides the grantee's duties: its own reminders, certificates that lapse, the end of the term.

use chrono::NaiveDate;

use super::consequence::Consequence;
use super::ground::Ground;
use super::line::{Line, MANAGEMENT, State};
use crate::base::unit::Yuan;
use crate::codelist::CountedDay;
use crate::contract::days::{self, days_after};
use crate::contract::due::Due;
use crate::contract::event::{Duty, DutyKind, Happening};
use crate::contract::known::Contract;

/// Reminders before payments, start and completion, in calendar days before the day as it stands postponed. Nothing is
/// asked for once the duty is done or waived, or its day has passed; a reminder that was sent keeps its line.
pub fn notices(ground: &Ground<'_>, lines: &mut Vec<Line>) {
    let Some(before) = ground.practice.notice_days else { return };
    let duties: Vec<(Duty, NaiveDate, bool)> = lines
        .iter()
        .filter_map(|line| {
            let done = matches!(line.state, State::Met | State::MetLate | State::Waived);
            Some((notice_of(line.duty)?, line.due, done || line.due < ground.last))
        })
        .collect();
    for (notice, main_due, over) in duties {
        let sent = sent(ground.contract, notice, ground.last);
        if over && sent.is_none() {
            continue;
        }
        let on = days_after(main_due, -i64::from(before)).max(ground.signed_on);
        lines.extend(ground.line(notice, &Due::fixed(CountedDay { day: on, provisional: false }), sent));
    }
}

/// The bureau's own duty to remind of a duty.
pub fn notice_of(duty: Duty) -> Option<Duty> {
    let kind = match duty.kind {
        DutyKind::Payment => DutyKind::NoticePayment,
        DutyKind::Start => DutyKind::NoticeStart,
        DutyKind::Completion => DutyKind::NoticeCompletion,
        _ => return None,
    };
    Some(Duty { kind, number: duty.number })
}

/// When the reminder of a duty went out; it names the duty itself or the reminder.
fn sent(contract: &Contract, notice: Duty, until: NaiveDate) -> Option<NaiveDate> {
    contract.first(until, |event| match event.happening {
        Happening::Notified { duty } if duty == notice || notice_of(duty) == Some(notice) => Some(event.on),
        _ => None,
    })
}

/// The certificate in force, on its last valid day; the certificate of the last stage ends with the term.
pub fn certificate(ground: &Ground<'_>) -> Option<Line> {
    let begun = ground.contract.certificates.iter().filter(|it| it.valid.from <= Some(ground.last));
    let latest = begun.max_by_key(|certificate| certificate.valid.from)?;
    let handed_over = ground.contract.day_of(ground.last, &Happening::HandedOver);
    let term_end = days::term(ground.terms, handed_over).and_then(|term| term.until);
    let until = latest.valid.until.filter(|until| Some(*until) != term_end)?;
    let on = CountedDay { day: days_after(until, -1), provisional: false };
    let mut line = ground.line(Duty::one(DutyKind::Certificate), &Due::fixed(on), None)?;
    line.consequence.arithmetic = format!("{}权证 {}", latest.stage, latest.number);
    Some(line)
}

/// The last day of the term of use. A right ends when it ends: a day off does not move it.
pub fn term_end(ground: &Ground<'_>) -> Option<Line> {
    if ground.ended.is_some() {
        return None;
    }
    let handed_over = ground.contract.day_of(ground.last, &Happening::HandedOver);
    let term = days::term(ground.terms, handed_over)?;
    let until = term.until?;
    let due = days_after(until, -1);
    let left = (due - ground.day).num_days();
    let state = match left {
        ..0 => State::Met,
        0..=super::line::SOON_DAYS => State::DueSoon,
        _ => State::NotYet,
    };
    let stays = if ground.calendar.is_working_day(due) { "" } else { "；届满日为休息日，不顺延" };
    let arithmetic = format!("使用年期{}年，自{}起至{due}止{stays}", ground.terms.term_years, term.from?);
    Some(Line {
        duty: Duty::one(DutyKind::TermEnd),
        article: MANAGEMENT,
        due,
        state,
        // The last day is a day of use: counted as wherever used and remaining days make the whole term.
        days: (until - ground.day).num_days().max(0),
        consequence: Consequence { yuan: None, arithmetic },
        paid: Yuan::ZERO,
        set_off: Yuan::ZERO,
        may_rescind: false,
        provisional: false,
    })
}
