//! What can be wrong with a contract, its events and its certificates. The same codes by hand and by file.

use serde::Serialize;

use crate::exchange;
pub use crate::exchange::fault::{FaultCode, Severity};

/// The record at fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Place {
    Contract,
    Terms(i64),
    Event(i64),
    Certificate(i64),
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Fault {
    pub code: FaultCode,
    pub severity: Severity,
    pub place: Place,
    /// One sentence in Chinese: what is wrong, with the figures, and what to do.
    pub message: String,
}

impl Fault {
    pub fn error(code: FaultCode, place: Place, message: impl Into<String>) -> Self {
        Fault { code, severity: Severity::Error, place, message: message.into() }
    }

    pub fn warning(code: FaultCode, place: Place, message: impl Into<String>) -> Self {
        Fault { code, severity: Severity::Warning, place, message: message.into() }
    }

    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }
}

/// As an import report tells it; the place is the file's to name.
impl From<Fault> for exchange::Fault {
    fn from(fault: Fault) -> Self {
        exchange::Fault { record: None, line: None, code: fault.code, severity: fault.severity, message: fault.message }
    }
}

/// Terms that name a case of this register which was not admitted.
pub fn case_not_admitted(number: &str) -> Fault {
    let message = format!("准入案件 {number} 没有准予准入的决定，不能作为出让合同的来源；请核对编号");
    Fault::error(FaultCode::CaseNotAdmitted, Place::Contract, message)
}
