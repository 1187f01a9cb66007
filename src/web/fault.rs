//! One thing that is wrong with what was sent, as programs are told.

use serde::Serialize;

/// One thing that is wrong with what was sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct InputFault {
    /// Stable.
    pub code: &'static str,
    /// `error`, or `warning`: send it again with `confirm` when you vouch for it.
    pub severity: &'static str,
    /// Where: a JSON pointer (`/figures/annual_tax/unit`), or line and column of a text that is no JSON.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub place: String,
    /// Chinese: what is wrong and what to do.
    pub reason: String,
}

impl InputFault {
    pub fn new(code: &'static str, place: String, reason: String) -> Self {
        InputFault { code, severity: "error", place, reason }
    }
}
