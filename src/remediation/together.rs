//! One step of many files at once, each in a transaction of its own: what one refuses keeps no other back.

use serde::Serialize;

use super::form::{self, StepForm};
use super::{State, Step};
use crate::account::Officer;
use crate::web::{AppState, Error, Result};

/// Files of one order, at most.
pub const MAX_FILES: usize = 500;

/// Steps that are said alike of many.
pub const STEPS: [Step; 5] = [Step::Verify, Step::Plan, Step::Notify, Step::Hear, Step::Start];

/// The state from which most files take a step.
pub fn usual_state(step: Step) -> State {
    match step {
        Step::Plan => State::Verified,
        Step::Notify => State::Planned,
        Step::Hear => State::Noticed,
        Step::Start => State::Heard,
        _ => State::Surveyed,
    }
}

/// A file in the version that was seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chosen {
    pub no: String,
    pub version: i32,
}

impl Chosen {
    /// `2026-0012:3`.
    pub fn read(text: &str) -> Option<Self> {
        let (no, version) = text.rsplit_once(':')?;
        Some(Chosen { no: no.to_owned(), version: version.parse().ok()? })
    }
}

/// What became of one.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
#[schema(as = RemediationTogether)]
pub struct Done {
    pub no: String,
    pub done: bool,
    /// Chinese: why not.
    pub why: Option<String>,
}

/// Takes one step of every file in turn. What the form itself lacks each of them says.
///
/// # Errors
/// A role that may not, or the database does not answer: what was done before stands.
pub async fn take_all(state: &AppState, officer: &Officer, chosen: &[Chosen], form: &StepForm) -> Result<Vec<Done>> {
    let mut all = Vec::with_capacity(chosen.len());
    for one in chosen {
        let form = StepForm { version: one.version, ..form.clone() };
        let why = match form::take(state, officer, &one.no, &form).await {
            Ok(()) => None,
            Err(refused @ (Error::Input(_) | Error::BadRequest(_) | Error::Conflict(_) | Error::NotFound(_))) => {
                Some(refused.to_string())
            }
            Err(other) => return Err(other),
        };
        all.push(Done { no: one.no.clone(), done: why.is_none(), why });
    }
    Ok(all)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::remediation::TABLE;

    #[test]
    fn a_file_is_named_with_the_version_that_was_seen() {
        let read = Chosen::read("2026-0012:3");
        assert_eq!(read, Some(Chosen { no: "2026-0012".into(), version: 3 }));
        for text in ["", "2026-0012", "2026-0012:", "2026-0012:x"] {
            assert_eq!(Chosen::read(text), None, "{text}");
        }
    }

    #[test]
    fn each_step_is_taken_from_its_usual_state() {
        for step in STEPS {
            assert!(TABLE.allows(usual_state(step), step), "{step}");
        }
    }
}
