//! What moves from state to state: a round, a parcel of it, a difference.

use uuid::Uuid;

use super::store::differences::{self, Difference};
use super::store::parcels::{self, Entry};
use super::store::rounds::{self, Round};
use super::{DifferenceState, DifferenceStep, ParcelState, ParcelStep, RoundState, RoundStep};
use crate::db::{PgConnection, Scope, layer};
use crate::workflow::{Case, Key, Table, makes, moves};

pub static ROUND: Table<RoundState, RoundStep> = Table {
    noun: "摸底调查",
    missing: "没有这次摸底调查",
    begins: RoundState::Open,
    closed: &[RoundState::Closed],
    reopens: &[],
    ways: &[
        makes(RoundStep::Open, RoundState::Open, "survey.open"),
        moves(RoundStep::Close, &[RoundState::Open], RoundState::Closed, "survey.close"),
    ],
};

/// Visits may follow one another; the last counts.
pub static PARCEL: Table<ParcelState, ParcelStep> = Table {
    noun: "宗地调查表",
    missing: "这次摸底调查中没有这宗地，或不在您的辖区内",
    begins: ParcelState::Awaiting,
    closed: &[ParcelState::Surveyed],
    reopens: &[ParcelStep::Visit],
    ways: &[
        makes(ParcelStep::Freeze, ParcelState::Awaiting, "survey.freeze"),
        moves(
            ParcelStep::Visit,
            &[ParcelState::Awaiting, ParcelState::Surveyed],
            ParcelState::Surveyed,
            "survey.visit",
        ),
    ],
};

pub static DIFFERENCE: Table<DifferenceState, DifferenceStep> = Table {
    noun: "台账与现场差异",
    missing: "没有这条差异，或不在您的辖区内",
    begins: DifferenceState::Proposed,
    closed: &[DifferenceState::TakenOver, DifferenceState::Refused, DifferenceState::Overtaken],
    reopens: &[],
    ways: &[
        makes(DifferenceStep::Propose, DifferenceState::Proposed, "survey.propose"),
        moves(DifferenceStep::TakeOver, &[DifferenceState::Proposed], DifferenceState::TakenOver, "survey.take_over"),
        moves(DifferenceStep::Refuse, &[DifferenceState::Proposed], DifferenceState::Refused, "survey.refuse"),
        moves(DifferenceStep::Overtake, &[DifferenceState::Proposed], DifferenceState::Overtaken, "survey.overtake"),
    ],
};

impl Case for Round {
    type State = RoundState;
    type Step = RoundStep;

    const TABLE: &'static Table<RoundState, RoundStep> = &ROUND;
    const ROWS: &'static str = "survey_round";
    const SUBJECT_KIND: &'static str = "survey";
    const LAYER: Option<&'static str> = Some(layer::SURVEY);

    fn key(&self) -> Key<RoundState> {
        Key { id: self.id, state: self.state, version: self.version, subject: self.number().to_string() }
    }

    async fn find(connection: &mut PgConnection, scope: &Scope, id: Uuid) -> Result<Option<Self>, sqlx::Error> {
        rounds::find(connection, scope, id).await
    }
}

impl Case for Entry {
    type State = ParcelState;
    type Step = ParcelStep;

    const TABLE: &'static Table<ParcelState, ParcelStep> = &PARCEL;
    const ROWS: &'static str = "survey_parcel";
    const SUBJECT_KIND: &'static str = "parcel";
    const PART: Option<&'static str> = Some("survey_parcel");
    const LAYER: Option<&'static str> = Some(layer::SURVEY);

    fn key(&self) -> Key<ParcelState> {
        Key { id: self.id, state: self.state, version: self.version, subject: self.code.clone() }
    }

    async fn find(connection: &mut PgConnection, scope: &Scope, id: Uuid) -> Result<Option<Self>, sqlx::Error> {
        parcels::find(connection, scope, id).await
    }
}

impl Case for Difference {
    type State = DifferenceState;
    type Step = DifferenceStep;

    const TABLE: &'static Table<DifferenceState, DifferenceStep> = &DIFFERENCE;
    const ROWS: &'static str = "survey_difference";
    const SUBJECT_KIND: &'static str = "parcel";
    const PART: Option<&'static str> = Some("survey_difference");

    fn key(&self) -> Key<DifferenceState> {
        Key { id: self.id, state: self.state, version: self.version, subject: self.code.clone() }
    }

    async fn find(connection: &mut PgConnection, scope: &Scope, id: Uuid) -> Result<Option<Self>, sqlx::Error> {
        differences::find(connection, scope, id).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_state_is_reached_and_what_is_closed_stays_so() {
        assert_eq!(ROUND.faults(RoundState::ALL, RoundStep::ALL), Vec::<String>::new());
        assert_eq!(PARCEL.faults(ParcelState::ALL, ParcelStep::ALL), Vec::<String>::new());
        assert_eq!(DIFFERENCE.faults(DifferenceState::ALL, DifferenceStep::ALL), Vec::<String>::new());
    }
}
