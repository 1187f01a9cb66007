//! What pages and programs enter alike: a form is read, held against the catalogue and written, or every fault comes back.

use uuid::Uuid;

use super::change::{self, ChangeError};
use super::entry::ItemUnclear;
use super::form::{ChangeForm, ClaimForm, CoefficientForm, ExemptionForm, VetoForm};
use super::{RegisterError, enter, scheme_of, veto_kinds};
use crate::account::Officer;
use crate::web::form::{refused, refused_at};
use crate::web::{self, AppState, Error};

/// # Errors
/// The faults of the form, or what the register refuses.
pub async fn veto(state: &AppState, officer: &Officer, form: &VetoForm) -> web::Result<Uuid> {
    let kinds = veto_kinds(&state.pool, &officer.scope).await.map_err(RegisterError::from)?;
    let new = form.read(&kinds, state.clock.today()).map_err(Error::Input)?;
    Ok(enter(&officer.act(state), &new).await?)
}

/// # Errors
/// The faults of the form, or what the register refuses.
pub async fn exemption(state: &AppState, officer: &Officer, form: &ExemptionForm) -> web::Result<Uuid> {
    let new = form.read().map_err(Error::Input)?;
    Ok(enter(&officer.act(state), &new).await?)
}

/// # Errors
/// The faults of the form, an item that the scheme in force does not have, or what the register refuses.
pub async fn claim(state: &AppState, officer: &Officer, form: &ClaimForm) -> web::Result<Uuid> {
    let claimed = form.read().map_err(Error::Input)?;
    let (category, year) = claimed.of();
    let scheme = scheme_of(&state.pool, &officer.scope, category, year).await?;
    Ok(enter(&officer.act(state), &claimed.under(&scheme)?).await?)
}

/// # Errors
/// The faults of the form, or what the register refuses.
pub async fn coefficient(state: &AppState, officer: &Officer, form: &CoefficientForm) -> web::Result<Uuid> {
    let new = form.read().map_err(Error::Input)?;
    scheme_of(&state.pool, &officer.scope, new.category, new.year).await?;
    Ok(enter(&officer.act(state), &new).await?)
}

/// # Errors
/// The faults of the form, or a grade that the scheme in force does not give.
pub async fn change(state: &AppState, officer: &Officer, form: &ChangeForm) -> web::Result<Uuid> {
    let new = form.read().map_err(Error::Input)?;
    Ok(change::propose(&officer.act(state), &new).await?)
}

impl From<RegisterError> for Error {
    fn from(error: RegisterError) -> Self {
        let words = error.to_string();
        match error {
            RegisterError::Database(error) => error.into(),
            RegisterError::Published(error) => Error::Internal(error.into()),
            RegisterError::NotFound(_) => Error::NotFound(words),
            RegisterError::NoSuchEnterprise(_) => refused_at("uscc", words),
            RegisterError::Twice(_) => refused_at("document", words),
            RegisterError::NoReason => refused_at("reason", words),
            RegisterError::NoScheme { .. } => refused_at("year", words),
            RegisterError::Item(ItemUnclear::BothSides { .. }) => refused_at("side", words),
            RegisterError::Item(ItemUnclear::Unknown { .. }) => refused_at("item", words),
            RegisterError::Grade { .. } => refused_at("grade", words),
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
            ChangeError::Twice => refused_at("uscc", words),
            ChangeError::NoReason => refused_at("reason", words),
            ChangeError::SamePerson | ChangeError::NotOwn => refused(words),
        }
    }
}
