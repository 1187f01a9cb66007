//! The file as a case: its states, the ways between them, and who may take which step.

use uuid::Uuid;

use super::store::files::{self, File};
use super::{State, Step};
use crate::account::Access;
use crate::db::{PgConnection, Scope, layer};
use crate::workflow::{Case, Key, Table, makes, moves, stays};

use State as S;
use Step as T;

/// Nothing is carried out yet.
const EARLY: &[S] = &[S::Surveyed, S::Verified, S::Planned, S::Noticed, S::Heard];
/// A person still works on it.
const AT_WORK: &[S] =
    &[S::Surveyed, S::Verified, S::Planned, S::Noticed, S::Heard, S::CarryingOut, S::AcceptanceAsked, S::Accepted];
const DROPPABLE: &[S] =
    &[S::Surveyed, S::Verified, S::Planned, S::Noticed, S::Heard, S::CarryingOut, S::Suspended, S::AcceptanceAsked];

/// A plan that is changed is told anew; what was struck off stays so, and who falls back gets another file.
pub static TABLE: Table<S, T> = Table {
    noun: "整治档案",
    missing: "没有这份整治档案，或不在您的辖区内",
    begins: S::Surveyed,
    closed: &[S::LookedBack, S::Dropped],
    reopens: &[],
    ways: &[
        makes(T::Open, S::Surveyed, "remediation.open"),
        stays(T::AddGround, DROPPABLE, "remediation.ground"),
        moves(T::Verify, &[S::Surveyed], S::Verified, "remediation.verify"),
        moves(T::Plan, &[S::Verified, S::Planned, S::Heard, S::CarryingOut], S::Planned, "remediation.plan"),
        moves(T::Notify, &[S::Planned], S::Noticed, "remediation.notify"),
        moves(T::Hear, &[S::Noticed], S::Heard, "remediation.hear"),
        moves(T::Start, &[S::Heard], S::CarryingOut, "remediation.start"),
        stays(T::SetTask, &[S::CarryingOut], "remediation.task"),
        stays(T::FinishTask, &[S::CarryingOut], "remediation.task_done"),
        stays(T::Attach, AT_WORK, "remediation.evidence"),
        moves(T::Suspend, &[S::CarryingOut], S::Suspended, "remediation.suspend"),
        moves(T::Resume, &[S::Suspended], S::CarryingOut, "remediation.resume"),
        stays(T::Escalate, AT_WORK, "remediation.escalate"),
        moves(T::AskAcceptance, &[S::CarryingOut], S::AcceptanceAsked, "remediation.ask_acceptance"),
        stays(T::Agree, &[S::AcceptanceAsked], "remediation.agree"),
        moves(T::Accept, &[S::AcceptanceAsked], S::Accepted, "remediation.accept"),
        moves(T::Return, &[S::AcceptanceAsked, S::Accepted], S::CarryingOut, "remediation.return"),
        moves(T::StrikeOff, &[S::Accepted], S::StruckOff, "remediation.strike_off"),
        moves(T::LookBack, &[S::StruckOff], S::LookedBack, "remediation.look_back"),
        moves(T::Drop, DROPPABLE, S::Dropped, "remediation.drop"),
    ],
};

impl State {
    pub fn is_closed(self) -> bool {
        TABLE.is_closed(self)
    }

    /// Nothing was done on the ground yet.
    pub fn is_early(self) -> bool {
        EARLY.contains(&self)
    }

    /// No second file is opened beside it.
    pub fn is_open(self) -> bool {
        !matches!(self, State::StruckOff | State::LookedBack | State::Dropped)
    }
}

/// Who may take a step.
pub fn access(step: Step) -> Access {
    match step {
        T::Verify | T::Attach | T::FinishTask => Access::WorkRemediation,
        T::Agree | T::Accept | T::Return => Access::AcceptRemediation,
        T::StrikeOff => Access::StrikeOffRemediation,
        T::Open
        | T::AddGround
        | T::Plan
        | T::Notify
        | T::Hear
        | T::Start
        | T::SetTask
        | T::Suspend
        | T::Resume
        | T::Escalate
        | T::AskAcceptance
        | T::LookBack
        | T::Drop => Access::HandleRemediation,
    }
}

impl Case for File {
    type State = State;
    type Step = Step;

    const TABLE: &'static Table<State, Step> = &TABLE;
    const ROWS: &'static str = "remediation_file";
    const SUBJECT_KIND: &'static str = "remediation";
    const LAYER: Option<&'static str> = Some(layer::REMEDIATION);

    fn key(&self) -> Key<State> {
        Key { id: self.id, state: self.state, version: self.version, subject: self.number().to_string() }
    }

    async fn find(connection: &mut PgConnection, scope: &Scope, id: Uuid) -> Result<Option<Self>, sqlx::Error> {
        files::find(connection, scope, id).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_state_is_reached_and_what_is_closed_stays_so() {
        assert_eq!(TABLE.faults(State::ALL, Step::ALL), Vec::<String>::new());
    }

    #[test]
    fn nothing_is_struck_off_that_was_not_accepted() {
        for state in State::ALL.iter().filter(|state| **state != State::Accepted) {
            assert_eq!(TABLE.after(*state, Step::StrikeOff), None, "{state}");
        }
        for (state, step) in State::ALL.iter().flat_map(|state| TABLE.steps(*state).map(move |step| (*state, step))) {
            if TABLE.after(state, step) == Some(State::Accepted) && state != State::Accepted {
                assert_eq!((state, step), (State::AcceptanceAsked, Step::Accept));
            }
        }
    }
}
