//! What is refused, as the web says it.

use super::photo::PhotoError;
use super::store::{KeepError, RecordError, TaskError};
use crate::web::Error;

impl From<TaskError> for Error {
    fn from(error: TaskError) -> Self {
        let words = error.to_string();
        match error {
            TaskError::NoSuchParcel(_) | TaskError::NotAnInspector | TaskError::NotByHand => Error::BadRequest(words),
            TaskError::NotFound => Error::NotFound(words),
            TaskError::Case(refused) => refused.into(),
            TaskError::SomebodyElses | TaskError::NotAside | TaskError::OwnResult(_) | TaskError::Step(_) => {
                Error::Conflict(words)
            }
            TaskError::Database(error) => error.into(),
            TaskError::Other(error) => Error::Internal(error),
        }
    }
}

impl From<RecordError> for Error {
    fn from(error: RecordError) -> Self {
        let words = error.to_string();
        match error {
            RecordError::Case(refused) => refused.into(),
            RecordError::Different => Error::Conflict(words),
            RecordError::Faults(_) => Error::BadRequest(words),
            RecordError::Database(error) => error.into(),
            RecordError::Other(error) => Error::Internal(error),
        }
    }
}

impl From<KeepError> for Error {
    fn from(error: KeepError) -> Self {
        let words = error.to_string();
        match error {
            KeepError::Case(refused) => refused.into(),
            KeepError::Different => Error::Conflict(words),
            KeepError::TooMany | KeepError::StorageFull(_) => Error::TooLarge(words),
            KeepError::Disk(error) => Error::Internal(error.into()),
            KeepError::Database(error) => error.into(),
            KeepError::Other(error) => Error::Internal(error),
        }
    }
}

impl From<PhotoError> for Error {
    fn from(error: PhotoError) -> Self {
        match error {
            PhotoError::TooManyBytes => Error::TooLarge(error.to_string()),
            _ => Error::BadRequest(format!("{error}（{}）", error.code())),
        }
    }
}
