//! How measures are shown.

use crate::entitlement::Outcome;

/// What colour an outcome has.
pub fn outcome_badge(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Due => "bg-blue-lt",
        Outcome::Allowed => "bg-green-lt",
        Outcome::Barred => "bg-red-lt",
        Outcome::Exempt => "bg-secondary-lt",
        Outcome::NotDeterminable => "bg-yellow-lt",
    }
}
