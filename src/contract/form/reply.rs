//! Where the forms lead, and what of a refusal is told on them.

use axum::response::{IntoResponse, Redirect, Response};

use crate::contract::fault::{Fault, FaultCode};
use crate::contract::present::address_of;
use crate::contract::record::RecordError;
use crate::contract::refusal;
use crate::web::form;
use crate::web::{self, Error};

/// Back on the contract's page, which says what was done.
pub fn done(number: &str, what: &str) -> Response {
    Redirect::to(&format!("{}?done={what}", address_of(number))).into_response()
}

/// Nothing, or the faults to show on the form; a stale form and the like are pages of their own.
pub fn faults_of<T>(outcome: Result<T, RecordError>) -> web::Result<Vec<Fault>> {
    let told = |error: RecordError| match code_on_the_form(&error) {
        Some(code) => Error::Input(vec![Fault::error(code, Error::from(error).to_string())]),
        None => error.into(),
    };
    form::faults_of(outcome.map_err(told))
}

/// What the person at the form can put right there.
fn code_on_the_form(error: &RecordError) -> Option<FaultCode> {
    match error {
        RecordError::Taken(_) => Some(FaultCode::DuplicateRecord),
        RecordError::HoldsCertificate(_) => Some(FaultCode::ConflictsWithRegister),
        RecordError::Store(error) => refusal::kept_out(error).map(|(code, _)| code),
        _ => None,
    }
}
