//! What another scheme would come to, asked of a kept run. Nothing is kept of the answer.

use std::collections::HashMap;

use uuid::Uuid;

use super::commands::{self, ComputeError};
use super::document::{Input, ResultDocument};
use super::run::{self, Basis, Computed, Frozen, RunError};
use super::store::frozen;
use super::store::runs::{self, Run};
use super::what_if::answer::{Answer, Moved, compare};
use super::what_if::{Source, Unfit, WhatIf, rebased, rests_on};
use super::wording;
use crate::db::{PgPool, Scope};
use crate::exchange::{Fault, FaultCode};
use crate::permits::{self, Step};
use crate::policy::{self, scheme as law};
use crate::scoring::Scheme;
use crate::scoring::scheme::Adoption;

#[derive(Debug, thiserror::Error)]
pub enum AskError {
    #[error("没有这次评价核算，或不在您的辖区内")]
    NoRun,
    /// In words, with the field where there is one.
    #[error("what is asked cannot be reckoned")]
    Input(Vec<Fault>),
    #[error(transparent)]
    Compute(#[from] ComputeError),
    #[error(transparent)]
    Database(#[from] sqlx::Error),
    #[error(transparent)]
    Other(#[from] anyhow::Error),
}

/// A kept run with the scheme and the bases that it froze.
pub struct Asked {
    pub run: Run,
    pub basis: Basis,
}

/// # Errors
/// When there is no such run.
pub async fn asked(pool: &PgPool, scope: &Scope, id: Uuid) -> Result<Asked, AskError> {
    // Ranks and quotas are of the whole district.
    if scope.subdistrict.is_some() {
        return Err(ComputeError::from(RunError::PartOfDistrict).into());
    }
    let mut connection = pool.acquire().await?;
    let run = runs::find(&mut connection, scope, id).await?.ok_or(AskError::NoRun)?;
    drop(connection);
    let receipt = policy::store::receipts::find(pool, scope, &run.receipt).await.map_err(anyhow::Error::from)?;
    let receipt = receipt.ok_or_else(|| anyhow::anyhow!("the receipt {} of a run is not there", run.receipt))?;
    let basis = run::basis_of(&receipt.receipt.inputs).map_err(anyhow::Error::from)?;
    Ok(Asked { run, basis })
}

/// What a change comes to, with the whole computation behind it.
pub struct Tried {
    pub answer: Answer,
    pub scheme: Scheme,
    pub computed: Computed,
}

/// # Errors
/// What is asked does not fit the scheme, or cannot be computed.
pub async fn ask(pool: &PgPool, scope: &Scope, asked: &Asked, what_if: &WhatIf) -> Result<Tried, AskError> {
    let Asked { run, basis } = asked;
    let scheme = what_if.applied(&basis.scheme).map_err(|unfit| AskError::Input(faults(&unfit)))?;
    let catalogue = policy::store::current(pool, &scope.district).await.map_err(ComputeError::from)?;
    sound(&scheme, &catalogue.parameters)?;
    let breaches = breaches(&scheme, &catalogue.parameters);
    commands::fits(&scheme, basis.year).map_err(ComputeError::from)?;
    let source = if what_if.as_on_record { Source::Registers } else { rests_on(&basis.scheme, &scheme) };
    let frozen = match source {
        Source::Frozen => kept(pool, scope, asked, &scheme).await?,
        Source::Registers => commands::freeze(pool, scope, &scheme, basis.year).await?,
    };
    let (before, sha256) = (frozen::standings(pool, scope, run.id).await?, catalogue.sha256());
    let grades = run.head.grades.clone();
    let computed = permits::blocking(Step::Evaluation, move || {
        let computed = run::compute(&frozen, &sha256)?;
        let moved = compare(&grades, &before, &computed);
        Ok::<_, RunError>((computed, moved))
    });
    let (mut computed, mut moved) = computed.await.map_err(ComputeError::from)?.map_err(ComputeError::from)?;
    if source == Source::Frozen {
        // Whoever is left out is left out all the same.
        computed.head.left_out = run.head.left_out.clone();
    }
    let details: HashMap<String, ResultDocument> = frozen::details(pool, scope, run.id, &moved.to_explain()).await?;
    moved.explain(&details, &computed);
    let answer = told(run, &computed, moved, (source, breaches));
    Ok(Tried { answer, scheme, computed })
}

fn told(run: &Run, computed: &Computed, moved: Moved, (source, breaches): (Source, Vec<String>)) -> Answer {
    Answer {
        run: run.id,
        year: run.head.year,
        category: run.head.category.clone(),
        source,
        receipt: computed.receipt.id.clone(),
        breaches,
        grades: moved.grades,
        moves: moved.counts,
        score_changed: moved.score_changed,
        benchmarks: computed.head.benchmarks.clone(),
        quotas: computed.head.quotas.clone(),
        movers: moved.movers,
        cut: moved.cut,
    }
}

/// What the run froze, with the bases of the changed scheme.
async fn kept(pool: &PgPool, scope: &Scope, asked: &Asked, scheme: &Scheme) -> Result<Frozen, AskError> {
    let Asked { run, basis } = asked;
    let benchmarks = rebased(scheme, basis.year, &basis.benchmarks).map_err(ComputeError::from)?;
    let texts = runs::inputs(pool, scope, &run.receipt).await?;
    let inputs: Result<Vec<Input>, _> = texts.iter().map(|text| serde_json::from_str(text)).collect();
    let inputs = inputs.map_err(anyhow::Error::from)?;
    hold_to(scheme, &inputs).map_err(ComputeError::from)?;
    Ok(Frozen { year: basis.year, scheme: scheme.clone(), benchmarks, inputs, left_out: Vec::new() })
}

/// As a run asks it of the registers: no claim and no change of grade is lost without a word.
fn hold_to(scheme: &Scheme, inputs: &[Input]) -> Result<(), RunError> {
    for input in inputs {
        commands::claims_known(scheme, input)?;
        let lost =
            input.subject.change.as_ref().filter(|change| scheme.grades.iter().all(|it| it.grade != change.grade));
        if let Some(change) = lost {
            return Err(RunError::Grade { uscc: input.subject.key.clone(), grade: change.grade.clone() });
        }
    }
    Ok(())
}

/// A scheme that is none cannot be reckoned with; one that breaks the law can, since it binds nobody.
fn sound(scheme: &Scheme, parameters: &[policy::Parameter]) -> Result<(), AskError> {
    let as_example = Scheme { adoption: Adoption::Example, ..scheme.clone() };
    let told = law::faults(&as_example, parameters).into_iter();
    let faults: Vec<Fault> = told.filter(|fault| fault.is_error() && fault.code != FaultCode::YearOutOfRange).collect();
    if faults.is_empty() { Ok(()) } else { Err(AskError::Input(faults)) }
}

fn breaches(scheme: &Scheme, parameters: &[policy::Parameter]) -> Vec<String> {
    match law::broken(scheme, parameters) {
        Ok(broken) => broken.into_iter().map(|breach| breach.message).collect(),
        Err(_) => vec!["没有已发布的评价界限（权重、比例、基准值），未能核对".to_owned()],
    }
}

fn faults(unfit: &[Unfit]) -> Vec<Fault> {
    unfit.iter().map(|unfit| Fault::error(FaultCode::BadRequest, wording::unfit(unfit))).collect()
}
