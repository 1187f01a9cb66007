//! What is refused, as the web says it.

use super::conclude::ReviewError;
use crate::web::Error;

impl From<ReviewError> for Error {
    fn from(error: ReviewError) -> Self {
        let words = error.to_string();
        match error {
            ReviewError::NotFound => Error::NotFound(words),
            ReviewError::Case(refused) => refused.into(),
            ReviewError::Changed(_) | ReviewError::DoesNotConform(_) | ReviewError::NotReached(..) => {
                Error::Conflict(words)
            }
            ReviewError::Until | ReviewError::NoReason => Error::BadRequest(words),
            ReviewError::NotYourDepartment => Error::Forbidden,
            ReviewError::Record(error) => error.into(),
            ReviewError::Receipt(error) => Error::Internal(error.into()),
            ReviewError::Store(error) => error.into(),
            ReviewError::Database(error) => error.into(),
            ReviewError::Other(error) => Error::Internal(error),
        }
    }
}
