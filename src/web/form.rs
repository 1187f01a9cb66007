//! One form, whatever it is about: it is sent ([`Sent`], [`Posted`]), its fields are read with everything that is wrong with
//! them at once ([`Reader`]), and it comes back as it was typed, each fault beside its field ([`Shown`]).

mod reader;
mod sent;
mod shown;
mod upload;

pub(crate) use reader::field;
pub use reader::{Field, Reader};
pub use sent::{Posted, Sent};
pub use shown::{Shown, page};
pub use upload::Upload;

use super::{Error, Result};
use crate::exchange::{Fault, FaultCode};

/// What the person at the form can put right there; whatever else happened is a page of its own.
///
/// # Errors
/// What is no fault of the form.
pub fn faults_of<T, E: Into<Error>>(outcome: std::result::Result<T, E>) -> Result<Vec<Fault>> {
    match outcome.map_err(Into::into) {
        Ok(_) => Ok(Vec::new()),
        Err(Error::Input(faults)) => Ok(faults),
        Err(Error::BadRequest(words)) => Ok(vec![Fault::error(FaultCode::BadRequest, words)]),
        Err(other) => Err(other),
    }
}

/// That a field was not filled in, in words that say what to fill in.
pub fn missing(field: &str, words: impl Into<String>) -> Fault {
    Fault::error(FaultCode::ValueMissing, words).at_field(field)
}

/// That a field holds what cannot be so.
pub fn wrong(field: &str, words: impl Into<String>) -> Fault {
    Fault::error(FaultCode::BadRequest, words).at_field(field)
}

/// What a command refuses because of one field.
pub fn refused_at(field: &'static str, words: impl ToString) -> Error {
    Error::Input(vec![Field::new(field, "", "").fault(FaultCode::BadRequest, words.to_string())])
}

/// What a command refuses for no single field.
pub fn refused(words: impl ToString) -> Error {
    Error::Input(vec![Fault::error(FaultCode::BadRequest, words.to_string())])
}

/// The same on a page that shows the case as it stands: that somebody was faster is said there as well.
///
/// # Errors
/// What is no fault of the form.
pub fn faults_or_conflict<T, E: Into<Error>>(outcome: std::result::Result<T, E>) -> Result<Vec<Fault>> {
    match faults_of(outcome) {
        Err(Error::Conflict(words)) => Ok(vec![Fault::error(FaultCode::Conflict, words)]),
        other => other,
    }
}

/// How a command tells what is wrong with what it was sent: as the faults of a form, or in words.
pub type Refuse = fn(Vec<Fault>) -> Error;

/// In one sentence, for programs that know a step by status 400.
pub fn in_words(faults: Vec<Fault>) -> Error {
    Error::BadRequest(Error::Input(faults).to_string())
}

#[cfg(test)]
mod tests;
