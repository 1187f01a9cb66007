//! Colours of states, and figures for the eye.

use rust_decimal::Decimal;

use super::{CampaignState, State, TargetState, VetoState};
use crate::base::unit::grouped;

pub fn campaign_badge(state: CampaignState) -> &'static str {
    match state {
        CampaignState::Open => "bg-blue-lt",
        CampaignState::Closed => "bg-secondary-lt",
    }
}

pub fn target_badge(state: TargetState) -> &'static str {
    match state {
        TargetState::Awaiting => "bg-blue-lt",
        TargetState::HandedOver => "bg-orange-lt",
        TargetState::Sound => "bg-green-lt",
        TargetState::Dropped => "bg-secondary-lt",
    }
}

pub fn badge(state: State) -> &'static str {
    match state {
        State::HandedOver => "bg-orange-lt",
        State::Filed => "bg-yellow-lt",
        State::Ordered => "bg-blue-lt",
        State::Rectified => "bg-green-lt",
        State::NotUpheld => "bg-secondary-lt",
    }
}

pub fn veto_badge(state: VetoState) -> &'static str {
    match state {
        VetoState::Proposed => "bg-orange-lt",
        VetoState::Entered => "bg-red-lt",
        VetoState::Refused => "bg-secondary-lt",
    }
}

/// To the fen.
pub fn yuan(amount: &Decimal) -> String {
    grouped(*amount, 2)
}
