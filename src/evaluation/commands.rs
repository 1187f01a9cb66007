//! What can be done here: a run is computed and kept, proposed, signed.

use std::collections::BTreeMap;

use crate::scoring::Scheme;
use crate::scoring::scheme::{Category, SubjectKind};
use crate::scoring::subject::Subject;
use sqlx::PgConnection;
use uuid::Uuid;

use super::document::Input;
use super::population::{Coverage, Member};
use super::run::{self, Computed, Frozen, RunError};
use super::store::members::{Wanted, members};
use super::store::{registers, runs};
use crate::account::Act;
use crate::account::audit::Deed;
use crate::annual::store::snapshot;
use crate::annual::{Query, deciding_day};
use crate::base::code::CountyCode;
use crate::db::{PgPool, Scope};
use crate::enterprise::sums::{SumError, Sums};
use crate::policy::scheme::Schemes;
use crate::policy::scheme::fact::unknown;
use crate::policy::{self, ParameterError, Parameters};

#[derive(Debug, thiserror::Error)]
pub enum ComputeError {
    #[error(transparent)]
    Run(#[from] RunError),
    #[error(transparent)]
    Parameter(#[from] ParameterError),
    #[error(transparent)]
    Sum(#[from] SumError),
    #[error(transparent)]
    Database(#[from] sqlx::Error),
}

impl From<crate::scoring::benchmark::BaseError> for ComputeError {
    fn from(error: crate::scoring::benchmark::BaseError) -> Self {
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

/// A scheme by its name, or the one that holds for a category in a year; an example where none does.
pub fn scheme_named<'a>(schemes: &'a Schemes, named: &str, year: i32) -> Option<&'a Scheme> {
    let found = match Category::ALL.iter().find(|category| category.code() == named) {
        Some(category) => schemes.holding_or_example(*category, year),
        None => schemes.named(named),
    };
    found.map(|(_, scheme)| scheme)
}

/// Facts, benchmarks and registers of a year as a run freezes them; all from one moment of the database.
///
/// # Errors
/// When the scheme does not evaluate the year, asks for what nobody knows, or a base has no figures.
pub async fn freeze(pool: &PgPool, scope: &Scope, scheme: &Scheme, year: i32) -> Result<Frozen, ComputeError> {
    fits(scheme, year)?;
    let parameters = parameters_of(pool, year).await?;
    let coverage = coverage(&parameters, year)?;
    let reading = Reading::of(scheme, &parameters)?;
    let mut transaction = snapshot(pool).await?;
    let mut of_years = BTreeMap::new();
    for base_year in run::base_years(scheme, year) {
        of_years.insert(base_year, read(&mut transaction, scope, &reading, base_year).await?);
    }
    let benchmarks = run::benchmarks(scheme, year, &of_years)?;
    drop(of_years);
    let everybody = read(&mut transaction, scope, &reading, year).await?;
    let registers = Registers::read(&mut transaction, scope, scheme, year).await?;
    transaction.commit().await?;
    registers.hold_to(scheme)?;
    let (inputs, left_out) = run::sort(scheme, coverage, everybody, |member, group| registers.input(member, group));
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
    let wanted = Wanted { query: &query, scheme, transition_years: *transition_years, sums };
    members(connection, scope, &wanted).await
}

fn fits(scheme: &Scheme, year: i32) -> Result<(), RunError> {
    let id = || scheme.id.clone();
    if !scheme.holds_for(year) {
        return Err(RunError::Year { scheme: id(), year });
    }
    let subject = scheme.population.subject;
    if subject != SubjectKind::Enterprise {
        return Err(RunError::Subject { scheme: id(), kind: subject.code().to_owned() });
    }
    match unknown(scheme).first() {
        Some(fact) => Err(RunError::Fact { scheme: id(), fact: (*fact).to_owned() }),
        None => Ok(()),
    }
}

/// What the registers say of a year, by enterprise.
struct Registers {
    vetoes: std::collections::HashMap<String, Vec<super::document::VetoDocument>>,
    claims: std::collections::HashMap<String, registers::Claims>,
    changes: std::collections::HashMap<String, crate::scoring::subject::Change>,
}

impl Registers {
    async fn read(
        connection: &mut PgConnection,
        scope: &Scope,
        scheme: &Scheme,
        year: i32,
    ) -> Result<Self, sqlx::Error> {
        Ok(Registers {
            vetoes: registers::vetoes(connection, scope, year).await?,
            claims: registers::claims(connection, scope, year).await?,
            changes: registers::changes(connection, scope, scheme.category.code(), year).await?,
        })
    }

    /// A claim or a grade that the scheme does not know would be lost without a word.
    fn hold_to(&self, scheme: &Scheme) -> Result<(), RunError> {
        let known = |items: &[crate::scoring::scheme::Bonus], item: &str| items.iter().any(|own| own.item == item);
        for (uscc, claims) in &self.claims {
            let of = |claims: &[crate::scoring::subject::Claim], items: &[crate::scoring::scheme::Bonus]| {
                claims.iter().find(|claim| !known(items, &claim.item)).map(|claim| claim.item.clone())
            };
            let unknown = of(&claims.bonus, &scheme.bonus).or_else(|| of(&claims.deduction, &scheme.deduction));
            if let Some(item) = unknown {
                return Err(RunError::Item { uscc: uscc.clone(), item });
            }
        }
        let is_grade = |grade: &str| scheme.grades.iter().any(|band| band.grade == grade);
        match self.changes.iter().find(|(_, change)| !is_grade(&change.grade)) {
            Some((uscc, change)) => Err(RunError::Grade { uscc: uscc.clone(), grade: change.grade.clone() }),
            None => Ok(()),
        }
    }

    fn input(&self, member: Member, group: String) -> Input {
        let vetoes = self.vetoes.get(&member.uscc).cloned().unwrap_or_default();
        let claims = self.claims.get(&member.uscc).cloned().unwrap_or_default();
        Input {
            subject: Subject {
                group,
                facts: member.facts,
                coefficient: None,
                bonus: claims.bonus,
                deduction: claims.deduction,
                vetoed: !vetoes.is_empty(),
                fixed: None,
                change: self.changes.get(&member.uscc).cloned(),
                key: member.uscc,
            },
            name: member.name,
            subdistrict: member.subdistrict,
            industry: member.industry.map(|place| place.code),
            vetoes,
        }
    }
}

/// Computes a run of a year and keeps it: results, frozen inputs and receipt in one transaction.
///
/// # Errors
/// As [`freeze`], or when it cannot be kept.
pub async fn compute(act: &Act, scheme: &Scheme, year: i32, trial: bool) -> anyhow::Result<(Uuid, Computed, Frozen)> {
    let frozen = freeze(&act.pool, &act.scope, scheme, year).await?;
    let catalogue = policy::store::current(&act.pool, &act.scope.district).await?;
    let computed = run::compute(&frozen, &catalogue.sha256())?;
    let mut transaction = act.begin().await?;
    policy::store::receipts::save(&mut transaction, act, &computed.receipt).await?;
    let id = Uuid::now_v7();
    runs::keep(&mut transaction, act, id, &runs::Kept { computed: &computed, frozen: &frozen, trial }).await?;
    let year = year.to_string();
    let detail = serde_json::json!({
        "category": scheme.category.code(), "year": year, "scheme": scheme.id, "trial": trial,
        "receipt": computed.receipt.id, "ranked": computed.lines.len(), "left_out": frozen.left_out.len(),
    });
    let subject = id.to_string();
    let deed = Deed { action: "evaluation.compute", subject_kind: "evaluation_run", subject: &subject, detail };
    act.record(&mut transaction, deed).await?;
    transaction.commit().await?;
    Ok((id, computed, frozen))
}
