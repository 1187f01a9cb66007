//! How tasks and their outcomes look.

use super::{Outcome, TaskState, store};
use crate::account::Officer;
use crate::room::Link;
use crate::web::{self, AppState};

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

/// The tasks that were given because of a contract.
pub async fn links_of_contract(state: &AppState, officer: &Officer, contract: &str) -> web::Result<Vec<Link>> {
    let tasks = store::tasks_of_subject(&state.pool, &officer.scope, contract).await?;
    let link = |task: store::Task| Link {
        href: format!("/inspections/{}", task.id),
        label: task.purpose,
        state: task.state.to_string(),
    };
    Ok(tasks.into_iter().map(link).collect())
}
