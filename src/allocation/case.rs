//! A finding as a case: its states, the ways between them, and who may take which step.

use uuid::Uuid;

use super::store::findings::{self, Finding};
use super::{State, Step};
use crate::account::Access;
use crate::db::{PgConnection, Scope};
use crate::workflow::{Case, Key, Table, makes, moves};

use State as S;
use Step as T;

/// What does not hold as an answer goes back; nobody closes what was not answered.
pub static TABLE: Table<S, T> = Table {
    noun: "审计问题",
    missing: "没有这件审计问题，或不在您的辖区内",
    begins: S::Opened,
    closed: &[S::Rectified, S::NotUpheld],
    reopens: &[],
    ways: &[
        makes(T::Open, S::Opened, "allocation.finding"),
        moves(T::Answer, &[S::Opened], S::Answered, "allocation.answer"),
        moves(T::Return, &[S::Answered], S::Opened, "allocation.return"),
        moves(T::Rectify, &[S::Answered], S::Rectified, "allocation.rectified"),
        moves(T::NotUphold, &[S::Answered], S::NotUpheld, "allocation.not_upheld"),
    ],
};

/// Who may take a step.
pub fn access(step: Step) -> Access {
    match step {
        T::Answer => Access::ReportAllocation,
        T::Open | T::Return | T::Rectify | T::NotUphold => Access::AuditAllocation,
    }
}

impl Case for Finding {
    type State = State;
    type Step = Step;

    const TABLE: &'static Table<State, Step> = &TABLE;
    const ROWS: &'static str = "allocation_finding";
    const SUBJECT_KIND: &'static str = "allocation_finding";

    fn key(&self) -> Key<State> {
        Key { id: self.id, state: self.state, version: self.version, subject: self.number().to_string() }
    }

    async fn find(connection: &mut PgConnection, scope: &Scope, id: Uuid) -> Result<Option<Self>, sqlx::Error> {
        findings::find(connection, scope, id).await
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
    fn nothing_is_closed_that_was_not_answered() {
        for step in [Step::Rectify, Step::NotUphold, Step::Return] {
            assert_eq!(TABLE.after(State::Opened, step), None, "{step}");
        }
    }
}
