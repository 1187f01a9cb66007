//! A run as somebody orders it, by page or program: who may, and what is refused in words.

use std::time::Duration;

use tokio::time::{Instant, sleep};
use uuid::Uuid;

use super::job;
use super::order::{find_scheme, no_scheme};
use super::run::RunError;
use super::wording;
use crate::account::Officer;
use crate::evaluation::commands;
use crate::exchange::{Fault, FaultCode};
use crate::jobs::JobState;
use crate::policy::scheme::lead;
use crate::policy::store::parameters_on;
use crate::scoring::scheme::Category;
use crate::web::{self, AppState, Error};

pub use super::order::Order;

/// Between two looks at a job that is waited for.
const BETWEEN_LOOKS: Duration = Duration::from_millis(100);

fn refuse(message: String) -> Error {
    Error::Input(vec![Fault::error(FaultCode::BadRequest, message)])
}

/// Orders a run, and says under which number it is or will be found: it is waited for as long as `patience` lasts, which is enough
/// for an ordinary district.
///
/// # Errors
/// Faults in words, when no scheme holds, another department leads the category, or the run was refused meanwhile.
pub async fn compute(state: &AppState, officer: &Officer, order: &Order, patience: Duration) -> web::Result<Uuid> {
    if officer.scope.subdistrict.is_some() {
        return Err(refuse(wording::run_error(&RunError::PartOfDistrict)));
    }
    let schemes = commands::schemes(&state.pool, &officer.scope.district).await.map_err(anyhow::Error::from)?;
    let Some(scheme) = find_scheme(&schemes, order) else { return Err(refuse(no_scheme(order))) };
    if !commands::is_trial(scheme, order.trial) {
        led_by(state, officer, order.category).await?;
    }
    let run = job::queue(&officer.act(state), order).await?;
    let began = Instant::now();
    while began.elapsed() < patience {
        match job::status(&state.pool, &officer.scope, run).await? {
            Some(job) if job.state == JobState::Failed => return Err(refuse(job.fault.unwrap_or_default())),
            Some(job) if !job.is_over() => sleep(BETWEEN_LOOKS).await,
            _ => break,
        }
    }
    Ok(run)
}

/// What binds is computed and proposed by the department that leads the category today (二(一)1); a trial is anybody's who evaluates.
///
/// # Errors
/// Another department leads it.
pub async fn led_by(state: &AppState, officer: &Officer, category: Category) -> web::Result<()> {
    let parameters = parameters_on(&state.pool, state.clock.today()).await?;
    Ok(lead::leads(&parameters, category, officer.department)?)
}
