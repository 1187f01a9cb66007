//! A run as somebody orders it, by page or program: the scheme that is meant, and what is refused in words.

use serde::Deserialize;
use uuid::Uuid;

use super::commands::{self, ComputeError};
use super::wording;
use crate::account::Officer;
use crate::exchange::{Fault, FaultCode};
use crate::policy::scheme::lead;
use crate::policy::store::parameters_on;
use crate::scoring::scheme::Category;
use crate::web::{self, AppState, Error};

/// What is to be computed.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = EvaluationOrder)]
pub struct Order {
    pub year: i32,
    pub category: Category,
    /// A scheme by its id, instead of the one in force.
    #[serde(default)]
    pub scheme: Option<String>,
    /// Shown, and binds nobody.
    #[serde(default)]
    pub trial: bool,
}

/// Computes what was ordered and keeps it.
///
/// # Errors
/// Faults in words, when no scheme holds or a base has no figures.
pub async fn compute(state: &AppState, officer: &Officer, order: &Order) -> web::Result<Uuid> {
    let schemes = commands::schemes(&state.pool, &officer.scope.district).await?;
    let named = order.scheme.as_deref().unwrap_or(order.category.code());
    let found = schemes.meant(named, order.year).filter(|(_, found)| found.category == order.category);
    let refuse = |message: String| Error::Input(vec![Fault::error(FaultCode::BadRequest, message)]);
    let Some((_, scheme)) = found else {
        return Err(refuse(format!("没有适用于{}年{}的评价方案", order.year, order.category.label())));
    };
    if !commands::is_trial(scheme, order.trial) {
        led_by(state, officer, order.category).await?;
    }
    match commands::compute(&officer.act(state), scheme, order.year, order.trial).await {
        Ok(kept) => Ok(kept.id),
        Err(ComputeError::Run(error)) => Err(refuse(wording::run_error(&error))),
        Err(other) => Err(anyhow::Error::from(other).into()),
    }
}

/// What binds is computed and proposed by the department that leads the category today (二(一)1); a trial is anybody's who evaluates.
///
/// # Errors
/// Another department leads it.
pub async fn led_by(state: &AppState, officer: &Officer, category: Category) -> web::Result<()> {
    let parameters = parameters_on(&state.pool, state.clock.today()).await?;
    Ok(lead::leads(&parameters, category, officer.department)?)
}
