//! What pages and programs enter alike: a form is read, held against the catalogue and written, or every fault comes back.

use uuid::Uuid;

use super::change::{self, ChangeError};
use super::entry::ItemUnclear;
use super::form::{ChangeForm, ClaimForm, CoefficientForm, ExemptionForm, VetoForm};
use super::register::{self, RegisterError, scheme_of, veto_kinds};
use crate::account::Officer;
use crate::exchange::FaultCode;
use crate::web::form::Field;
use crate::web::{self, AppState, Error};

/// # Errors
/// The faults of the form, or what the register refuses.
pub async fn veto(state: &AppState, officer: &Officer, form: &VetoForm) -> web::Result<Uuid> {
    let kinds = veto_kinds(&state.pool, &officer.scope).await.map_err(RegisterError::from)?;
    let new = form.read(&kinds, state.clock.today()).map_err(Error::Input)?;
    Ok(register::enter(&officer.act(state), &new).await?)
}

/// # Errors
/// The faults of the form, or what the register refuses.
pub async fn exemption(state: &AppState, officer: &Officer, form: &ExemptionForm) -> web::Result<Uuid> {
    let new = form.read().map_err(Error::Input)?;
    Ok(register::enter(&officer.act(state), &new).await?)
}

/// # Errors
/// The faults of the form, an item that the scheme in force does not have, or what the register refuses.
pub async fn claim(state: &AppState, officer: &Officer, form: &ClaimForm) -> web::Result<Uuid> {
    let claimed = form.read().map_err(Error::Input)?;
    let (category, year) = claimed.of();
    let scheme = scheme_of(&state.pool, &officer.scope, category, year).await?;
    Ok(register::enter(&officer.act(state), &claimed.under(&scheme)?).await?)
}

/// # Errors
/// The faults of the form, or what the register refuses.
pub async fn coefficient(state: &AppState, officer: &Officer, form: &CoefficientForm) -> web::Result<Uuid> {
    let new = form.read().map_err(Error::Input)?;
    scheme_of(&state.pool, &officer.scope, new.category, new.year).await?;
    Ok(register::enter(&officer.act(state), &new).await?)
}

/// # Errors
/// The faults of the form, or a grade that the scheme in force does not give.
pub async fn change(state: &AppState, officer: &Officer, form: &ChangeForm) -> web::Result<Uuid> {
    let new = form.read().map_err(Error::Input)?;
    Ok(change::propose(&officer.act(state), &new).await?)
}

fn at(field: &'static str, message: String) -> Error {
    Error::Input(vec![Field::new(field, "", "").fault(FaultCode::BadRequest, message)])
}

impl From<RegisterError> for Error {
    fn from(error: RegisterError) -> Self {
        let words = error.to_string();
        match error {
            RegisterError::Database(error) => error.into(),
            RegisterError::Published(error) => Error::Internal(error.into()),
            RegisterError::NotFound(_) => Error::NotFound(words),
            RegisterError::NoSuchEnterprise(_) => at("uscc", words),
            RegisterError::Twice(_) => at("document", words),
            RegisterError::NoReason => at("reason", words),
            RegisterError::NoScheme { .. } => at("year", words),
            RegisterError::Item(ItemUnclear::BothSides { .. }) => at("side", words),
            RegisterError::Item(ItemUnclear::Unknown { .. }) => at("item", words),
            RegisterError::Grade { .. } => at("grade", words),
        }
    }
}

impl From<ChangeError> for Error {
    fn from(error: ChangeError) -> Self {
        let words = error.to_string();
        match error {
            ChangeError::Case(refused) => refused.into(),
            ChangeError::Register(error) => error.into(),
            ChangeError::Database(error) => error.into(),
            ChangeError::Other(error) => error.into(),
            ChangeError::Twice => at("uscc", words),
            ChangeError::NoReason => at("reason", words),
            ChangeError::SamePerson | ChangeError::NotOwn => {
                Error::Input(vec![crate::exchange::Fault::error(FaultCode::BadRequest, words)])
            }
        }
    }
}
