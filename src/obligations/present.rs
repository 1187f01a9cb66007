//! Badges of what is due, and where an article is shown.

use super::line::State;
use super::summary::Suspicion;
use crate::contract::present::segment;

/// The colour of a state; the word stands beside it.
pub fn badge(state: &State) -> &'static str {
    match state {
        State::Overdue => "bg-red-lt",
        State::DueSoon => "bg-yellow-lt",
        State::MetLate => "bg-orange-lt",
        State::Met => "bg-green-lt",
        State::Waived | State::NotYet | State::Waiting => "bg-secondary-lt",
        State::NotDeterminable => "bg-purple-lt",
    }
}

pub fn suspicion_badge(idle: &Suspicion) -> &'static str {
    match idle {
        Suspicion::Suspected => "bg-red-lt",
        Suspicion::Soon => "bg-yellow-lt",
        Suspicion::No | Suspicion::NotDeterminable => "bg-purple-lt",
    }
}

/// The article of the governing text that a line names, on the policy page. Order no. 53 numbers its own.
pub fn policy_anchor(article: &str) -> String {
    let key = article.strip_prefix("53号令").unwrap_or(article);
    format!("/policy#{}", segment(key))
}
