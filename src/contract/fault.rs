//! What can be wrong with a contract, its events and its certificates. The same codes by hand and by file.

use crate::exchange::fault::Row;
pub use crate::exchange::fault::{Fault, FaultCode, Severity};

/// The record at fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    Contract,
    Terms(i64),
    Event(i64),
    Certificate(i64),
}

impl Place {
    fn row(self) -> Option<Row> {
        match self {
            Place::Contract => None,
            Place::Terms(id) => Some(("terms", id)),
            Place::Event(id) => Some(("event", id)),
            Place::Certificate(id) => Some(("certificate", id)),
        }
    }

    /// The record that a fault is about.
    pub fn of(fault: &Fault) -> Self {
        match fault.row {
            Some(("terms", id)) => Place::Terms(id),
            Some(("event", id)) => Place::Event(id),
            Some(("certificate", id)) => Place::Certificate(id),
            _ => Place::Contract,
        }
    }
}

pub fn error(code: FaultCode, place: Place, message: impl Into<String>) -> Fault {
    Fault::error(code, message).about(place.row())
}

pub fn warning(code: FaultCode, place: Place, message: impl Into<String>) -> Fault {
    Fault::warning(code, message).about(place.row())
}

/// Terms that name a case of this register which was not admitted.
pub fn case_not_admitted(number: &str) -> Fault {
    let message = format!("准入案件 {number} 没有准予准入的决定，不能作为出让合同的来源；请核对编号");
    error(FaultCode::CaseNotAdmitted, Place::Contract, message)
}
