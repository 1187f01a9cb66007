//! What the forms share: how a refusal is told, and where they lead.

use axum::Form;
use axum::extract::rejection::FormRejection;
use axum::response::{IntoResponse, Redirect, Response};

use crate::contract::fault::{Fault, FaultCode, Place};
use crate::contract::present::address_of;
use crate::contract::record::RecordError;
use crate::contract::refusal;
use crate::web::{self, Error};

pub type Typed<T> = Result<Form<T>, FormRejection>;

pub fn read<T>(typed: Typed<T>) -> web::Result<T> {
    typed.map(|Form(typed)| typed).map_err(|_| Error::BadRequest("表单内容无法读取，请刷新页面后重试".into()))
}

/// Back on the contract's page, which says what was done.
pub fn done(number: &str, what: &str) -> Response {
    Redirect::to(&format!("{}?done={what}", address_of(number))).into_response()
}

/// Nothing, or the faults to show on the form; a stale form and the like are pages of their own.
pub fn settled<T>(outcome: Result<T, RecordError>) -> web::Result<Vec<Fault>> {
    match outcome {
        Ok(_) => Ok(Vec::new()),
        Err(RecordError::Faults(faults)) => Ok(faults),
        Err(error) => match code_on_the_form(&error) {
            Some(code) => Ok(vec![Fault::error(code, Place::Contract, Error::from(error).to_string())]),
            None => Err(error.into()),
        },
    }
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
