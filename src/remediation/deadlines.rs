//! The periods of a file, which the district chooses: dated parameters.

use chrono::NaiveDate;

use super::wording::RemediationError;
use crate::db::PgPool;
use crate::policy;

/// Days of the local choice, by the parameters in force on a day.
#[derive(Clone, Copy, Debug)]
pub struct Deadlines {
    pub verify: u32,
    pub plan: u32,
    pub hearing: u32,
    pub accept: u32,
    pub look_back_months: u32,
    /// Days before the last one in which a file is told to be due soon.
    pub soon: u32,
}

/// # Errors
/// When one was not in force.
pub async fn deadlines(pool: &PgPool, day: NaiveDate) -> Result<Deadlines, RemediationError> {
    let parameters = policy::store::parameters_on(pool, day).await?;
    Ok(Deadlines {
        verify: parameters.count("remediation_days_to_verify")?,
        plan: parameters.count("remediation_days_to_plan")?,
        hearing: parameters.count("remediation_days_to_be_heard")?,
        accept: parameters.count("remediation_days_to_accept")?,
        look_back_months: parameters.count("remediation_months_to_look_back")?,
        soon: parameters.count("remediation_days_due_soon")?,
    })
}

/// The day that files are held against, and the last one that is soon.
#[derive(Clone, Copy, Debug)]
pub struct Days {
    pub today: NaiveDate,
    pub soon: NaiveDate,
}

impl Days {
    /// # Errors
    /// When the parameter was not in force.
    pub async fn on(pool: &PgPool, today: NaiveDate) -> Result<Self, RemediationError> {
        Ok(Days { today, soon: days_on(today, deadlines(pool, today).await?.soon) })
    }
}

/// So many days on.
pub fn days_on(day: NaiveDate, days: u32) -> NaiveDate {
    day.checked_add_days(chrono::Days::new(days.into())).unwrap_or(NaiveDate::MAX)
}
