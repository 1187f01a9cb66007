//! Colours and words of files.

use super::State;
use super::opening::Opened;
use super::rules::Timeliness;

pub fn badge(state: &State) -> &'static str {
    match state {
        State::Surveyed | State::Verified => "bg-blue-lt",
        State::Planned | State::Noticed | State::Heard => "bg-indigo-lt",
        State::CarryingOut => "bg-orange-lt",
        State::AcceptanceAsked => "bg-purple-lt",
        State::Accepted | State::StruckOff | State::LookedBack => "bg-green-lt",
        State::Suspended | State::Dropped => "bg-secondary-lt",
    }
}

pub fn timeliness_badge(timeliness: &Timeliness) -> &'static str {
    match timeliness {
        Timeliness::OnTime => "bg-green-lt",
        Timeliness::Soon => "bg-orange-lt",
        Timeliness::Late => "bg-red-lt",
        Timeliness::NotCounted => "bg-secondary-lt",
    }
}

pub fn opened_badge(outcome: &Opened) -> &'static str {
    match outcome {
        Opened::Opened => "bg-green-lt",
        Opened::Added => "bg-blue-lt",
        Opened::Already => "bg-secondary-lt",
        Opened::Left => "bg-orange-lt",
    }
}
