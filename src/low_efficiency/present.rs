//! How a line of the list looks.

use super::Outcome;

/// The colour of an outcome's badge; the word stands beside it.
pub fn badge(outcome: &Outcome) -> &'static str {
    match outcome {
        Outcome::Flagged => "bg-red-lt",
        Outcome::OnTheLine => "bg-orange-lt",
        Outcome::Clear => "bg-green-lt",
        Outcome::NotDeterminable => "bg-yellow-lt",
        Outcome::InTransition => "bg-blue-lt",
        Outcome::NotApplicable => "bg-secondary-lt",
    }
}
