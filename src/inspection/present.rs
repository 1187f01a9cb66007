//! How tasks and their outcomes look.

use super::{Outcome, TaskState};

/// The colour of a state; the word stands beside it.
pub fn state_badge(state: &TaskState) -> &'static str {
    match state {
        TaskState::Open => "bg-azure-lt",
        TaskState::UnderWay => "bg-yellow-lt",
        TaskState::Reported => "bg-purple-lt",
        TaskState::Closed => "bg-green-lt",
        TaskState::Cancelled => "bg-secondary-lt",
    }
}

pub fn outcome_badge(outcome: &Outcome) -> &'static str {
    match outcome {
        Outcome::Pass => "bg-green-lt",
        Outcome::Fail => "bg-red-lt",
        Outcome::Incomplete => "bg-orange-lt",
    }
}
