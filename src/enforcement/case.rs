//! What moves from state to state: a campaign, somebody on its list, a finding, what is proposed as a veto.

use uuid::Uuid;

use super::store::campaigns::{self, Campaign};
use super::store::findings::{self, Finding};
use super::store::targets::{self, Target};
use super::store::vetoes::{self, Proposal};
use super::{CampaignState, CampaignStep, State, Step, TargetState, TargetStep, VetoState, VetoStep};
use crate::db::{PgConnection, Scope};
use crate::workflow::{Case, Key, Table, makes, moves, stays};

use State as S;
use Step as T;

pub static CAMPAIGN: Table<CampaignState, CampaignStep> = Table {
    noun: "联合执法行动",
    missing: "没有这次联合执法行动",
    begins: CampaignState::Open,
    closed: &[CampaignState::Closed],
    reopens: &[],
    ways: &[
        makes(CampaignStep::Open, CampaignState::Open, "enforcement.open"),
        moves(CampaignStep::Close, &[CampaignState::Open], CampaignState::Closed, "enforcement.close"),
    ],
};

pub static TARGET: Table<TargetState, TargetStep> = Table {
    noun: "联合执法对象",
    missing: "这次联合执法的名单上没有这家企业，或不在您的辖区内",
    begins: TargetState::Awaiting,
    closed: &[TargetState::HandedOver, TargetState::Sound, TargetState::Dropped],
    reopens: &[],
    ways: &[
        makes(TargetStep::List, TargetState::Awaiting, "enforcement.list"),
        moves(TargetStep::HandOver, &[TargetState::Awaiting], TargetState::HandedOver, "enforcement.hand_over"),
        moves(TargetStep::Conclude, &[TargetState::Awaiting], TargetState::Sound, "enforcement.conclude"),
        moves(TargetStep::Drop, &[TargetState::Awaiting], TargetState::Dropped, "enforcement.drop"),
    ],
};

/// A fine does not close a case, and nothing is closed as put right that was not ordered to be.
pub static FINDING: Table<S, T> = Table {
    noun: "联合执法问题",
    missing: "没有这件联合执法问题，或不在您的辖区内",
    begins: S::HandedOver,
    closed: &[S::Rectified, S::NotUpheld],
    reopens: &[],
    ways: &[
        makes(T::HandOver, S::HandedOver, "enforcement.finding"),
        moves(T::File, &[S::HandedOver], S::Filed, "enforcement.file"),
        moves(T::Order, &[S::HandedOver, S::Filed], S::Ordered, "enforcement.order"),
        stays(T::Fine, &[S::Filed, S::Ordered], "enforcement.fine"),
        stays(T::Recheck, &[S::Ordered], "enforcement.recheck"),
        moves(T::Rectify, &[S::Ordered], S::Rectified, "enforcement.rectified"),
        moves(T::NotUphold, &[S::HandedOver, S::Filed], S::NotUpheld, "enforcement.not_upheld"),
    ],
};

pub static VETO: Table<VetoState, VetoStep> = Table {
    noun: "否决建议",
    missing: "没有这条否决建议，或不在您的辖区内",
    begins: VetoState::Proposed,
    closed: &[VetoState::Entered, VetoState::Refused],
    reopens: &[],
    ways: &[
        makes(VetoStep::Propose, VetoState::Proposed, "enforcement.veto"),
        moves(VetoStep::Enter, &[VetoState::Proposed], VetoState::Entered, "enforcement.veto_entered"),
        moves(VetoStep::Refuse, &[VetoState::Proposed], VetoState::Refused, "enforcement.veto_refused"),
    ],
};

impl Case for Campaign {
    type State = CampaignState;
    type Step = CampaignStep;

    const TABLE: &'static Table<CampaignState, CampaignStep> = &CAMPAIGN;
    const ROWS: &'static str = "enforcement_campaign";
    const SUBJECT_KIND: &'static str = "enforcement";

    fn key(&self) -> Key<CampaignState> {
        Key { id: self.id, state: self.state, version: self.version, subject: self.number().to_string() }
    }

    async fn find(connection: &mut PgConnection, scope: &Scope, id: Uuid) -> Result<Option<Self>, sqlx::Error> {
        campaigns::find(connection, scope, id).await
    }
}

impl Case for Target {
    type State = TargetState;
    type Step = TargetStep;

    const TABLE: &'static Table<TargetState, TargetStep> = &TARGET;
    const ROWS: &'static str = "enforcement_target";
    const SUBJECT_KIND: &'static str = "enterprise";
    const PART: Option<&'static str> = Some("enforcement_target");

    fn key(&self) -> Key<TargetState> {
        Key { id: self.id, state: self.state, version: self.version, subject: self.uscc.clone() }
    }

    async fn find(connection: &mut PgConnection, scope: &Scope, id: Uuid) -> Result<Option<Self>, sqlx::Error> {
        targets::find(connection, scope, id).await
    }
}

impl Case for Finding {
    type State = S;
    type Step = T;

    const TABLE: &'static Table<S, T> = &FINDING;
    const ROWS: &'static str = "enforcement_finding";
    const SUBJECT_KIND: &'static str = "enforcement_finding";

    fn key(&self) -> Key<S> {
        Key { id: self.id, state: self.state, version: self.version, subject: self.number().to_string() }
    }

    async fn find(connection: &mut PgConnection, scope: &Scope, id: Uuid) -> Result<Option<Self>, sqlx::Error> {
        findings::find(connection, scope, id).await
    }
}

impl Case for Proposal {
    type State = VetoState;
    type Step = VetoStep;

    const TABLE: &'static Table<VetoState, VetoStep> = &VETO;
    const ROWS: &'static str = "enforcement_veto";
    const SUBJECT_KIND: &'static str = "enterprise";
    const PART: Option<&'static str> = Some("enforcement_veto");

    fn key(&self) -> Key<VetoState> {
        Key { id: self.id, state: self.state, version: self.version, subject: self.uscc.clone() }
    }

    async fn find(connection: &mut PgConnection, scope: &Scope, id: Uuid) -> Result<Option<Self>, sqlx::Error> {
        vetoes::find(connection, scope, id).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_state_is_reached_and_what_is_closed_stays_so() {
        assert_eq!(CAMPAIGN.faults(CampaignState::ALL, CampaignStep::ALL), Vec::<String>::new());
        assert_eq!(TARGET.faults(TargetState::ALL, TargetStep::ALL), Vec::<String>::new());
        assert_eq!(FINDING.faults(S::ALL, T::ALL), Vec::<String>::new());
        assert_eq!(VETO.faults(VetoState::ALL, VetoStep::ALL), Vec::<String>::new());
    }

    #[test]
    fn nothing_is_put_right_that_nobody_was_ordered_to_put_right() {
        for state in S::ALL.iter().filter(|state| **state != S::Ordered) {
            assert_eq!(FINDING.after(*state, T::Rectify), None, "{state}");
        }
    }
}
