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

/// A fault of a file or a form, as an answer to a request tells it.
impl From<exchange::Fault> for InputFault {
    fn from(fault: exchange::Fault) -> Self {
        let place = fault.record.map_or_else(String::new, |record| format!("/{}", record - 1));
        InputFault { code: fault.code.code(), severity: fault.severity.code(), place, reason: fault.message }
    }
}
