//! A notice as it would go out on a day: worked out anew from the check of that day, or why it is over. Pure, so that the
//! page, the sending and programs all have the same text.

use chrono::NaiveDate;
use serde::Serialize;
use sha2::{Digest, Sha256};

use super::over::Over;
use super::template::{self, Values};
use super::{NoticeKind, propose};
use crate::contract::event::Duty;
use crate::contract::known::Contract;
use crate::contract::stage::standing;
use crate::obligations::bureau::notice_of;
use crate::obligations::line::{Line, State};
use crate::supervision::breach::decision::Decided;

/// What goes out, to the letter.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Outgoing {
    /// The day it goes out on, whose figures it tells.
    pub on: NaiveDate,
    /// The due day of the duty as it stands on that day.
    pub due: NaiveDate,
    /// The grantee of that day.
    pub addressee: String,
    pub title: String,
    pub article: String,
    pub body: String,
    /// The edition of the wording.
    pub template: String,
    /// Of everything above: whoever sends hands it back, to show that this is what they saw.
    pub mark: String,
}

/// What a notice is, and the day it was prepared for.
#[derive(Clone, Copy, Debug)]
pub struct About {
    pub kind: NoticeKind,
    pub duty: Duty,
    pub due: NaiveDate,
}

/// The text of a notice on a day, from the contract as known and its check of that day. `decided`: of its breach file.
///
/// # Errors
/// What it is about is over.
pub fn work_out(
    about: About,
    contract: &Contract,
    lines: &[Line],
    on: NaiveDate,
    decided: Option<&Decided>,
) -> Result<Outgoing, Over> {
    let terms = contract.terms_on(on).ok_or(Over::Gone)?;
    let ended = standing(contract, on).map(|it| it.stage).filter(|stage| !stage.is_open());
    let line = lines.iter().find(|line| line.duty == about.duty);
    if let (Some(stage), true) = (ended, ends_with_the_contract(about.kind)) {
        return Err(Over::Ended(stage));
    }
    if let Some(line) = line.filter(|line| line.state == State::Waived) {
        return Err(Over::Settled(line.state));
    }
    if about.kind == NoticeKind::Decision {
        let decided = decided.ok_or(Over::NotDecided)?;
        decided.still_to_be_told(contract, about.duty, ended)?;
        let line = line.cloned().unwrap_or_else(|| Line::nothing(about.duty, about.due));
        let words = decided.words();
        let values = Values::of(&line, &words, on).decided_on(decided.on);
        let body = template::filled(about.kind, contract, terms, &values);
        return Ok(outgoing(about.kind, on, line.due, body, terms));
    }
    let line = line.ok_or(Over::Gone)?;
    standing_of(about, line, lines, on)?;
    let body = template::body(about.kind, contract, terms, propose::explained(line, lines), on);
    Ok(outgoing(about.kind, on, line.due, body, terms))
}

/// What was owed when a contract ended is told of after it; reminders and investigations end with it.
fn ends_with_the_contract(kind: NoticeKind) -> bool {
    !matches!(kind, NoticeKind::Breach | NoticeKind::Decision)
}

/// Whether there is still reason to tell of a duty.
fn standing_of(about: About, line: &Line, lines: &[Line], on: NaiveDate) -> Result<(), Over> {
    if matches!(line.state, State::Met | State::MetLate) {
        let told = about.kind == NoticeKind::IdleInvestigation;
        return Err(if told { Over::Told } else { Over::Settled(line.state) });
    }
    match about.kind {
        NoticeKind::Breach if line.state != State::Overdue => Err(Over::NotLate(line.due)),
        NoticeKind::Payment | NoticeKind::Start | NoticeKind::Completion => {
            if line.due < on {
                return Err(Over::Passed(line.due));
            }
            let reminder = notice_of(about.duty).ok_or(Over::Gone)?;
            let reminder = lines.iter().find(|line| line.duty == reminder).ok_or(Over::Gone)?;
            match reminder.state {
                State::Met | State::MetLate => Err(Over::Told),
                _ if reminder.due > on => Err(Over::TooEarly(reminder.due)),
                _ => Ok(()),
            }
        }
        _ => Ok(()),
    }
}

fn outgoing(kind: NoticeKind, on: NaiveDate, due: NaiveDate, body: String, terms: &crate::contract::Terms) -> Outgoing {
    let template = template::of(kind);
    let mut outgoing = Outgoing {
        on,
        due,
        addressee: terms.grantee.clone(),
        title: template.title.clone(),
        article: template.article.clone(),
        body,
        template: template.edition.clone(),
        mark: String::new(),
    };
    outgoing.mark = mark(&outgoing);
    outgoing
}

fn mark(it: &Outgoing) -> String {
    let mut hash = Sha256::new();
    let (on, due) = (it.on.to_string(), it.due.to_string());
    for part in [&on, &due, &it.addressee, &it.title, &it.article, &it.body, &it.template] {
        hash.update(part.as_bytes());
        hash.update([0]);
    }
    hex::encode(hash.finalize())
}
