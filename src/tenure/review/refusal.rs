//! What is refused, as the web says it.

use super::conclude::ReviewError;
use crate::base::clock::china_time;
use crate::tenure::record::RecordError;
use crate::web::Error;

/// What the register refuses, in words.
pub fn of_record(error: RecordError) -> Error {
    match error {
        RecordError::NotFound(number) => Error::NotFound(format!("没有编号为“{number}”的合同")),
        RecordError::Taken(number) => Error::Conflict(format!("合同编号“{number}”已经登记")),
        RecordError::Stale { number, by, at, action } => {
            let at = china_time(at).format("%Y-%m-%d %H:%M");
            Error::Conflict(format!("合同“{number}”已被他人变更：{by} 于 {at}（{action}）。请刷新后重新操作"))
        }
        RecordError::NoSuchRow(_) => Error::Conflict("这条记录已被更正，请刷新".into()),
        RecordError::HoldsCertificate(_) => Error::Conflict("已有权证以这条记录为依据，不能变更".into()),
        RecordError::Faults(faults) => {
            let words: Vec<String> = faults.into_iter().map(|fault| fault.message).collect();
            Error::BadRequest(words.join("；"))
        }
        RecordError::Store(error) => error.into(),
    }
}

impl From<ReviewError> for Error {
    fn from(error: ReviewError) -> Self {
        let words = error.to_string();
        match error {
            ReviewError::NotFound => Error::NotFound(words),
            ReviewError::Stale(_) | ReviewError::DoesNotConform(_) | ReviewError::NotReached(..) => {
                Error::Conflict(words)
            }
            ReviewError::Until | ReviewError::NoReason => Error::BadRequest(words),
            ReviewError::NotYourDepartment => Error::Forbidden,
            ReviewError::Record(error) => of_record(error),
            ReviewError::Receipt(error) => Error::Internal(error.into()),
            ReviewError::Store(error) => error.into(),
            ReviewError::Database(error) => error.into(),
            ReviewError::Other(error) => Error::Internal(error),
        }
    }
}
