//! A fault as a problem document tells it.

use serde::Serialize;

use crate::exchange::Fault;

/// One thing that is wrong with what was sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct InputFault {
    /// Stable.
    pub code: &'static str,
    /// `error`, or `warning`: send it again with `confirm` when you vouch for it.
    pub severity: &'static str,
    /// Where: a JSON pointer (`/figures/annual_tax/unit`), the name of a field, or line and column of a text that is no JSON.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub place: String,
    /// Chinese: what is wrong and what to do.
    pub reason: String,
}

impl From<&Fault> for InputFault {
    fn from(fault: &Fault) -> Self {
        let record = || fault.record.map_or_else(String::new, |record| format!("/{}", record - 1));
        let place = if fault.place.is_empty() { record() } else { fault.place.clone() };
        InputFault { code: fault.code.code(), severity: fault.severity.code(), place, reason: fault.message.clone() }
    }
}
