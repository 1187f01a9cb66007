//! What can be done here: a run is computed and kept. Its way to an official result is [`case`](super::case).

mod gather;
mod keep;

use std::sync::Arc;

use sqlx::PgConnection;
use uuid::Uuid;

use super::document::Head;
use super::population::{Coverage, Member};
use super::run::gathered::Gathered;
use super::run::{Frozen, RunError};
use super::store::members::{Wanted, members};
use crate::account::Act;
use crate::annual::{Query, deciding_day};
use crate::base::code::CountyCode;
use crate::db::{PgPool, Scope};
use crate::enterprise::sums::{SumError, Sums};
use crate::permits;
use crate::policy::scheme::Schemes;
use crate::policy::{self, ParameterError, Parameters};
use crate::scoring::Scheme;
use crate::scoring::benchmark::BaseError;
use crate::scoring::scheme::{Adoption, Binding};
use gather::Sorted;
use keep::Work;
pub use keep::{Stage, Tell};

#[derive(Debug, thiserror::Error)]
pub enum ComputeError {
    #[error(transparent)]
    Run(#[from] RunError),
    #[error(transparent)]
    Parameter(#[from] ParameterError),
    #[error(transparent)]
    Sum(#[from] SumError),
    #[error(transparent)]
    Published(#[from] policy::store::PublishError),
    #[error(transparent)]
    Receipt(#[from] policy::store::receipts::ReceiptError),
    #[error(transparent)]
    Refused(#[from] permits::Refused),
    #[error(transparent)]
    Database(#[from] sqlx::Error),
}

impl From<BaseError> for ComputeError {
    fn from(error: BaseError) -> Self {
        ComputeError::Run(error.into())
    }
}

/// The first year of the governing text; what it says of the year before is published with it.
const FIRST_YEAR: i32 = 2019;

/// The parameters of a year: those of its 31 December.
///
/// # Errors
/// When the database does not answer.
pub async fn parameters_of(pool: &PgPool, year: i32) -> Result<Parameters, sqlx::Error> {
    policy::store::parameters_on(pool, deciding_day(year.max(FIRST_YEAR))).await
}

/// From how much land industry is evaluated in a year, 一(二).
///
/// # Errors
/// When the parameter was not published.
pub fn coverage(parameters: &Parameters, year: i32) -> Result<Coverage, ParameterError> {
    let name =
        if year < FIRST_YEAR { "evaluation_industry_land_at_least_2018" } else { "evaluation_industry_land_at_least" };
    Ok(Coverage { industry_land_at_least: parameters.decimal(name)? })
}

/// What a district may evaluate by.
///
/// # Errors
/// When the database does not answer.
pub async fn schemes(pool: &PgPool, district: &CountyCode) -> Result<Schemes, policy::store::PublishError> {
    Ok(policy::store::current(pool, district).await?.schemes.clone())
}

/// Facts, benchmarks and registers of a year as a run freezes them; all from one moment of the database.
///
/// # Errors
/// When the scheme does not evaluate the year, asks for what nobody knows, or a base has no figures.
pub async fn freeze(pool: &PgPool, scope: &Scope, scheme: &Scheme, year: i32) -> Result<Frozen, ComputeError> {
    let (mut inputs, mut left_out) = (Vec::new(), Vec::new());
    let take = |sorted| match sorted {
        Sorted::Ranked(input) => inputs.push(*input),
        Sorted::LeftOut(member, why) => left_out.push((*member, why)),
    };
    let benchmarks = gather::read(pool, scope, &Arc::new(scheme.clone()), year, take).await?;
    inputs.sort_by(|one, other| one.subject.key.cmp(&other.subject.key));
    left_out.sort_by(|(one, _), (other, _)| one.uscc.cmp(&other.uscc));
    Ok(Frozen { year, scheme: scheme.clone(), benchmarks, inputs, left_out })
}

/// How the members of a year are read for a scheme.
pub struct Reading<'a> {
    scheme: &'a Scheme,
    transition_years: u32,
    sums: Sums,
}

impl<'a> Reading<'a> {
    /// # Errors
    /// When a parameter is not in force in the year that is evaluated.
    pub fn of(scheme: &'a Scheme, parameters: &Parameters) -> Result<Self, ComputeError> {
        Ok(Reading {
            scheme,
            transition_years: parameters.count("transition_years_at_most")?,
            sums: Sums::from_parameters(parameters)?,
        })
    }
}

/// Everybody of a year, as a run with this scheme sees them.
///
/// # Errors
/// When the database does not answer.
pub async fn read(
    connection: &mut PgConnection,
    scope: &Scope,
    reading: &Reading<'_>,
    year: i32,
) -> Result<Vec<Member>, sqlx::Error> {
    let query = Query::of_year(year);
    let Reading { scheme, transition_years, sums } = reading;
    let wanted = Wanted { query: &query, scheme, transition_years: *transition_years, sums, places: true };
    members(connection, scope, &wanted).await
}

/// Whether a run with a scheme binds nobody: where it is asked for, and always by a trial scheme or an example.
pub fn is_trial(scheme: &Scheme, asked: bool) -> bool {
    asked || scheme.binding == Binding::Trial || scheme.adoption == Adoption::Example
}

/// A run that was computed and is kept; its lines are in the database.
#[derive(Clone, Debug)]
pub struct Kept {
    pub id: Uuid,
    pub trial: bool,
    pub receipt: String,
    pub head: Head,
}

/// Computes a run of a year and keeps it: results, frozen inputs and receipt in one transaction.
///
/// # Errors
/// As [`freeze`], or when it cannot be kept.
pub async fn compute(act: &Act, scheme: &Scheme, year: i32, trial: bool) -> Result<Kept, ComputeError> {
    compute_as(act, Uuid::now_v7(), (scheme, year, trial), Arc::new(|_, _, _| {})).await
}

/// The same under a number that was given out before, and telling how far it is.
///
/// # Errors
/// As [`compute`].
pub async fn compute_as(
    act: &Act,
    id: Uuid,
    (scheme, year, trial): (&Scheme, i32, bool),
    tell: Tell,
) -> Result<Kept, ComputeError> {
    // Bases, ranks and quotas are of the whole district.
    if act.scope.subdistrict.is_some() {
        return Err(RunError::PartOfDistrict.into());
    }
    let scheme = Arc::new(scheme.clone());
    let mut gathered = Gathered::new(&scheme);
    let mut read = 0_usize;
    let take = |sorted| {
        match sorted {
            Sorted::Ranked(input) => gathered.rank(*input),
            Sorted::LeftOut(member, why) => gathered.leave_out(*member, why),
        }
        read += 1;
        if read.is_multiple_of(keep::BATCH_ROWS) {
            tell(Stage::Reading, read as u64, None);
        }
    };
    let benchmarks = gather::read(&act.pool, &act.scope, &scheme, year, take).await?;
    gathered.sort();
    let catalogue = policy::store::current(&act.pool, &act.scope.district).await?.sha256();
    let work = Work { id, county: act.scope.county().to_owned(), scheme, year, benchmarks, gathered, catalogue };
    let trial = is_trial(&work.scheme, trial);
    keep::keep(act, work, trial, tell).await
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evaluation::samples::scheme;

    #[test]
    fn an_example_and_a_trial_scheme_bind_nobody_whatever_is_asked() {
        let own = scheme();
        assert!(!is_trial(&own, false) && is_trial(&own, true));
        assert!(is_trial(&Scheme { adoption: Adoption::Example, ..scheme() }, false));
        assert!(is_trial(&Scheme { binding: Binding::Trial, ..scheme() }, false));
    }
}
