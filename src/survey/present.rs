//! Colours of classes and states.

use super::store::parcels::Stood;
use super::{DifferenceState, RoundState};

pub fn badge(stood: &Stood) -> &'static str {
    match stood {
        Stood::ApprovedNotSupplied => "bg-azure-lt",
        Stood::SuppliedNotUsed => "bg-indigo-lt",
        Stood::Idle => "bg-red-lt",
        Stood::LowEfficiency => "bg-orange-lt",
        Stood::ChangedUse => "bg-purple-lt",
        Stood::InUse => "bg-green-lt",
        Stood::NotDeterminable => "bg-yellow-lt",
        Stood::Awaiting => "bg-secondary-lt",
    }
}

pub fn round_badge(state: &RoundState) -> &'static str {
    match state {
        RoundState::Open => "bg-blue-lt",
        RoundState::Closed => "bg-secondary-lt",
    }
}

pub fn difference_badge(state: &DifferenceState) -> &'static str {
    match state {
        DifferenceState::Proposed => "bg-orange-lt",
        DifferenceState::TakenOver => "bg-green-lt",
        DifferenceState::Refused | DifferenceState::Overtaken => "bg-secondary-lt",
    }
}
