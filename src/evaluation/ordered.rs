//! A run as somebody orders it, by page or program: the scheme that is meant, and what is refused in words.

use uuid::Uuid;

use super::commands::{self, ComputeError};
use super::wording;
use crate::account::Officer;
use crate::exchange::{Fault, FaultCode};
use crate::scoring::scheme::{Binding, Category};
use crate::web::{self, AppState, Error};

/// Computes a run by form or program.
///
/// # Errors
/// Faults in words, when no scheme holds or a base has no figures.
pub async fn computing(
    state: &AppState,
    officer: &Officer,
    of: Category,
    year: i32,
    (scheme, trial): (Option<String>, bool),
) -> web::Result<Uuid> {
    let schemes = commands::schemes(&state.pool, &officer.scope.district).await?;
    let named = scheme.as_deref().unwrap_or(of.code());
    let found = commands::scheme_named(&schemes, named, year).filter(|found| found.category == of);
    let refuse = |message: String| Error::Input(vec![Fault::error(FaultCode::BadRequest, message)]);
    let Some(found) = found else {
        return Err(refuse(format!("没有适用于{year}年{}的评价方案", of.label())));
    };
    let trial = trial || found.binding == Binding::Trial;
    match commands::compute(&officer.act(state), found, year, trial).await {
        Ok((id, _, _)) => Ok(id),
        Err(error) => match error.downcast::<ComputeError>() {
            Ok(ComputeError::Run(error)) => Err(refuse(wording::run_error(&error))),
            Ok(other) => Err(anyhow::Error::from(other).into()),
            Err(other) => Err(other.into()),
        },
    }
}
