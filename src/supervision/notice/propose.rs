//! Which notices the check calls for. Nothing is sent by this.

use chrono::NaiveDate;

use super::{NoticeKind, template};
use crate::contract::event::{Duty, DutyKind};
use crate::contract::known::Contract;
use crate::obligations::line::{Line, State};

/// A notice to be prepared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proposal {
    pub contract: String,
    pub kind: NoticeKind,
    pub duty: Duty,
    /// The day of the duty itself.
    pub due: NaiveDate,
    /// The grantee's unified social credit code.
    pub addressee: String,
    pub body: String,
}

/// What the lines of a contract call for on a day.
pub fn propose(contract: &Contract, lines: &[Line], day: NaiveDate) -> Vec<Proposal> {
    let Some(terms) = contract.terms_on(day) else { return Vec::new() };
    let wanted = lines.iter().filter_map(|line| Some((called_for(line, lines, day)?, line)));
    wanted
        .map(|((kind, duty), line)| {
            let about = lines.iter().find(|line| line.duty == duty).unwrap_or(line);
            Proposal {
                contract: contract.number.clone(),
                kind,
                duty,
                due: about.due,
                addressee: terms.grantee.clone(),
                body: template::body(kind, contract, terms, explained(about, lines), day),
            }
        })
        .collect()
}

/// An investigation explains itself by the suspicion.
pub(super) fn explained<'a>(line: &'a Line, lines: &'a [Line]) -> &'a Line {
    let suspicion = lines.iter().find(|line| line.duty.kind == DutyKind::IdleLand);
    suspicion.filter(|_| line.duty.kind == DutyKind::Investigation).unwrap_or(line)
}

fn called_for(line: &Line, lines: &[Line], day: NaiveDate) -> Option<(NoticeKind, Duty)> {
    let open = matches!(line.state, State::Overdue | State::DueSoon);
    let number = line.duty.number;
    let reminded = |kind, notice| {
        let duty = Duty { kind, number };
        let main = lines.iter().find(|line| line.duty == duty)?;
        (open && line.due <= day && main.due >= day).then_some((notice, duty))
    };
    match line.duty.kind {
        DutyKind::NoticePayment => reminded(DutyKind::Payment, NoticeKind::Payment),
        DutyKind::NoticeStart => reminded(DutyKind::Start, NoticeKind::Start),
        DutyKind::NoticeCompletion => reminded(DutyKind::Completion, NoticeKind::Completion),
        DutyKind::Investigation => open.then_some((NoticeKind::IdleInvestigation, line.duty)),
        // Idle land is investigated first; its breach notice comes with the file.
        kind if is_grantees(kind) && kind != DutyKind::IdleLand => {
            (line.state == State::Overdue).then_some((NoticeKind::Breach, line.duty))
        }
        _ => None,
    }
}

/// Duties whose breach is the grantee's.
pub fn is_grantees(kind: DutyKind) -> bool {
    matches!(
        kind,
        DutyKind::Payment
            | DutyKind::Start
            | DutyKind::Completion
            | DutyKind::Production
            | DutyKind::RectifyCompletion
            | DutyKind::RectifyOutput
            | DutyKind::Investment
            | DutyKind::FloorAreaRatio
            | DutyKind::IdleLand
    )
}
