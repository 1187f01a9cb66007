//! What can be done here: a run is computed and kept. Its way to an official result is [`case`](super::case).

mod gather;
mod keep;
mod registers;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use sqlx::PgConnection;
use uuid::Uuid;

use super::covered::is_exploration;
use super::document::Head;
use super::merge;
use super::population::{Coverage, Member, group_of};
use super::registers::veto_kinds;
use super::run::gathered::Gathered;
use super::run::{self, BaseYear, Frozen, RunError};
use super::store::members::{self, Wanted};
use super::store::registers::lists;
use super::store::subjects::population;
use super::store::uses;
use super::tenants::{self, Grades, Owners};
use crate::account::Act;
use crate::annual::store::snapshot;
use crate::annual::{Query, deciding_day};
use crate::base::code::CountyCode;
use crate::db::{PgPool, Scope};
use crate::enterprise::sums::{SumError, Sums};
use crate::low_efficiency::Line;
use crate::permits;
use crate::policy::scheme::Schemes;
use crate::policy::scheme::fact::unknown;
use crate::policy::{self, ParameterError, Parameters};
use crate::scoring::Scheme;
use crate::scoring::benchmark::BaseError;
use crate::scoring::follow::FollowReason;
use crate::scoring::scheme::{Adoption, Binding, Merge, SubjectKind, Tenants};
use gather::Sorted;
use keep::{Source, Work};
pub use keep::{Stage, Tell};
pub(super) use registers::all_known;
use registers::{Registers, frozen};

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

/// Facts, benchmarks and registers of a year as a run freezes them, whole in memory; all from one moment of the database.
///
/// # Errors
/// When the scheme does not evaluate the year, asks for what nobody knows, or a base has no figures.
pub async fn freeze(pool: &PgPool, scope: &Scope, scheme: &Scheme, year: i32) -> Result<Frozen, ComputeError> {
    fits(scheme, year)?;
    let parameters = parameters_of(pool, year).await?;
    let coverage = coverage(&parameters, year)?;
    let reading = Reading::of(scheme, &parameters)?.with_lines(pool, year).await?;
    let kinds = veto_kinds(pool, scope).await?;
    let mut transaction = snapshot(pool).await?;
    let of_years = base_years(&mut transaction, scope, &reading, year).await?;
    let benchmarks = run::benchmarks(scheme, year, &of_years)?;
    let everybody = read(&mut transaction, scope, &reading, year).await?;
    let registers = Registers::read(&mut transaction, scope, (scheme, &kinds), year).await?;
    let (tenants, everybody) = tenants::apart(scheme, everybody);
    let input = |member: Member, group: String| frozen(scheme, &registers, member, group);
    let (mut inputs, mut left_out) = run::sort(scheme, coverage, everybody, input);
    match scheme.population.merge {
        Merge::None => {}
        Merge::Parcel => {
            let keys: Vec<String> = inputs.iter().map(|input| input.subject.key.clone()).collect();
            let parcels = uses::holding(&mut transaction, scope, year, &keys).await?;
            merge::merge(scheme, &mut inputs, (FollowReason::Merged, &parcels));
        }
        Merge::Group => {
            let groups = lists::groups(&mut transaction, scope, deciding_day(year)).await?;
            merge::merge(scheme, &mut inputs, (FollowReason::Group, &groups));
        }
    }
    if !tenants.is_empty() {
        let known = owners(&mut transaction, scope, scheme, year, &tenants).await?;
        let input = |member: Member| {
            let group = group_of(scheme, &member);
            frozen(scheme, &registers, member, group)
        };
        let (following, without) = tenants::settle(scheme, tenants, &inputs, (&known.0, &known.1), input);
        inputs.extend(following);
        left_out.extend(without);
        inputs.sort_by(|one, other| one.subject.key.cmp(&other.subject.key));
        left_out.sort_by(|(one, _), (other, _)| one.uscc.cmp(&other.uscc));
    }
    transaction.commit().await?;
    registers.hold_to(scheme, &inputs)?;
    Ok(Frozen { year, scheme: scheme.clone(), benchmarks, inputs, left_out })
}

/// Whose parcels the tenants occupy, and what grades those have elsewhere.
async fn owners(
    connection: &mut PgConnection,
    scope: &Scope,
    scheme: &Scheme,
    year: i32,
    tenants: &[Member],
) -> Result<(Owners, Grades), sqlx::Error> {
    let keys: Vec<String> = tenants.iter().map(|tenant| tenant.uscc.clone()).collect();
    let owners = uses::owners(connection, scope, year, &keys).await?;
    let of: BTreeSet<&String> = owners.values().flatten().collect();
    let of: Vec<String> = of.into_iter().cloned().collect();
    let grades = uses::grades(connection, scope, year, (scheme.category, &of)).await?;
    Ok((owners, grades))
}

/// Whether each is judged by itself, by what is known of it alone: then a run need not hold everybody at once.
fn each_alone(scheme: &Scheme) -> bool {
    let population = &scheme.population;
    population.subject == SubjectKind::Enterprise
        && population.tenants == Tenants::Apart
        && population.merge == Merge::None
}

/// How the members of a year are read for a scheme.
pub struct Reading<'a> {
    scheme: &'a Scheme,
    transition_years: u32,
    sums: Sums,
    /// The 10,000-yuan lines, where parcels are evaluated; a year before there was one has none.
    lines: BTreeMap<i32, Line>,
}

impl<'a> Reading<'a> {
    /// # Errors
    /// When a parameter is not in force in the year that is evaluated.
    pub fn of(scheme: &'a Scheme, parameters: &Parameters) -> Result<Self, ComputeError> {
        Ok(Reading {
            scheme,
            transition_years: parameters.count("transition_years_at_most")?,
            sums: Sums::from_parameters(parameters)?,
            lines: BTreeMap::new(),
        })
    }

    /// With what parcels of the year and of the years of its base are chosen by.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn with_lines(mut self, pool: &PgPool, year: i32) -> Result<Self, sqlx::Error> {
        if self.scheme.population.subject == SubjectKind::Parcel {
            for of in run::base_years(self.scheme, year).into_iter().chain([year]) {
                let parameters = policy::store::parameters_on(pool, deciding_day(of)).await?;
                self.lines.extend(Line::from_parameters(&parameters).ok().map(|line| (of, line)));
            }
        }
        Ok(self)
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
    let mut found = Vec::new();
    each(connection, scope, reading, (year, true), |member| found.push(member)).await?;
    Ok(found)
}

/// The same one by one, in the order of their keys; `places`: with where each enterprise lies.
async fn each(
    connection: &mut PgConnection,
    scope: &Scope,
    reading: &Reading<'_>,
    (year, places): (i32, bool),
    take: impl FnMut(Member) + Send,
) -> Result<(), sqlx::Error> {
    let query = Query::of_year(year);
    let Reading { scheme, transition_years, sums, lines } = reading;
    let wanted = Wanted { query: &query, scheme, transition_years: *transition_years, sums, places };
    let line = match scheme.population.subject {
        SubjectKind::Enterprise => return members::each(connection, scope, &wanted, take).await,
        SubjectKind::Platform => None,
        SubjectKind::Parcel => lines.get(&year),
    };
    population(connection, scope, &wanted, line).await?.into_iter().for_each(take);
    Ok(())
}

/// What the years of the base come to.
async fn base_years(
    connection: &mut PgConnection,
    scope: &Scope,
    reading: &Reading<'_>,
    year: i32,
) -> Result<Vec<BaseYear>, sqlx::Error> {
    let scheme = Arc::new(reading.scheme.clone());
    let mut of_years = Vec::new();
    for base_year in run::base_years(&scheme, year) {
        let mut sums = BaseYear::new(Arc::clone(&scheme), base_year);
        each(connection, scope, reading, (base_year, false), |member| sums.add(&member)).await?;
        of_years.push(sums);
    }
    Ok(of_years)
}

pub(super) fn fits(scheme: &Scheme, year: i32) -> Result<(), RunError> {
    let id = || scheme.id.clone();
    if !scheme.holds_for(year) {
        return Err(RunError::Year { scheme: id(), year });
    }
    match unknown(scheme).first() {
        Some(fact) => Err(RunError::Fact { scheme: id(), fact: (*fact).to_owned() }),
        None => Ok(()),
    }
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
    let source = match each_alone(&scheme) {
        true => gathered(act, &scheme, year, &tell).await?,
        false => Source::Frozen(Box::new(freeze(&act.pool, &act.scope, &scheme, year).await?)),
    };
    let catalogue = policy::store::current(&act.pool, &act.scope.district).await?.sha256();
    let trial = is_trial(&scheme, trial || is_exploration(&scheme, year));
    let work = Work { id, county: act.scope.county().to_owned(), scheme, year, source, catalogue };
    keep::keep(act, work, trial, tell).await
}

/// Everybody of a year, packed as they come.
async fn gathered(act: &Act, scheme: &Arc<Scheme>, year: i32, tell: &Tell) -> Result<Source, ComputeError> {
    let mut gathered = Gathered::new(scheme);
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
    let benchmarks = gather::read(&act.pool, &act.scope, scheme, year, take).await?;
    gathered.sort();
    Ok(Source::Gathered(Box::new(gathered), benchmarks))
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

    #[test]
    fn only_enterprises_that_are_judged_alone_need_not_be_held_at_once() {
        assert!(each_alone(&scheme()));
        let with = |turn: fn(&mut crate::scoring::scheme::Population)| {
            let mut scheme = scheme();
            turn(&mut scheme.population);
            each_alone(&scheme)
        };
        assert!(!with(|population| population.subject = SubjectKind::Platform));
        assert!(!with(|population| population.tenants = Tenants::OwnersGrade));
        assert!(!with(|population| population.merge = Merge::Parcel));
        assert!(!with(|population| population.merge = Merge::Group));
    }
}
