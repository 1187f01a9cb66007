//! What would change under other thresholds: every case that was ever handed in is checked again, as it was handed in,
//! against a changed set. Nothing that comes of it is a decision.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::admission::check::decide;
use crate::admission::{Facts, Outcome};
use crate::base::clock::Clock;
use crate::db::{PgPool, Scope};
use crate::jobs::runner::Told;
use crate::jobs::{self, Job};
use crate::policy;
use crate::policy::catalogue::Catalogue;
use crate::policy::verdict::{Overall, Verdict};

use super::store::what_if as store;

mod trial;

pub use trial::{Change, Trial};

pub const JOB: &str = "admission.what_if";
const APOLOGY: &str = "推演因系统内部错误中止，案件未作任何改动。请稍后重试；如仍出现，请联系系统管理员。";
/// Receipts read at a time.
const CHUNK: i64 = 500;
/// Cases listed by name; beyond that they are only counted.
const MOST_LISTED: usize = 2_000;

/// A case that would come out otherwise.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Turned {
    pub case: Uuid,
    pub number: String,
    pub project: String,
    pub before: Overall,
    pub after: Overall,
    /// Indicators whose verdict differs.
    pub indicators: Vec<String>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Report {
    pub cases: u64,
    /// `before → after` → count.
    pub counts: BTreeMap<String, u64>,
    pub turned: Vec<Turned>,
    /// More turned than are listed.
    pub cut: bool,
}

/// A case with the check that is current.
#[derive(Clone, Debug)]
pub struct Past {
    pub case: Uuid,
    pub number: String,
    pub project: String,
    pub as_of: NaiveDate,
    pub inputs: String,
}

/// Checks one case under both catalogues.
///
/// # Errors
/// When the receipt's inputs are not facts.
pub fn compare(past: &Past, before: &Catalogue, after: &Catalogue) -> anyhow::Result<(Outcome, Outcome)> {
    let facts: Facts = serde_json::from_str(&past.inputs)?;
    Ok((decide(&facts, before, past.as_of), decide(&facts, after, past.as_of)))
}

impl Report {
    pub fn take(&mut self, past: &Past, before: &Outcome, after: &Outcome) {
        self.cases += 1;
        let step = format!("{} → {}", before.verdict, after.verdict);
        *self.counts.entry(step).or_default() += 1;
        if before.verdict == after.verdict {
            return;
        }
        if self.turned.len() >= MOST_LISTED {
            self.cut = true;
            return;
        }
        let earlier: BTreeMap<&str, Verdict> = before.results.iter().map(|it| (it.rule.as_str(), it.verdict)).collect();
        let now: BTreeMap<&str, Verdict> = after.results.iter().map(|it| (it.rule.as_str(), it.verdict)).collect();
        let all = before.results.iter().chain(&after.results);
        let mut indicators: Vec<String> = all
            .filter(|it| earlier.get(it.rule.as_str()) != now.get(it.rule.as_str()))
            .map(|it| it.indicator.clone())
            .collect();
        indicators.dedup();
        indicators.sort();
        indicators.dedup();
        self.turned.push(Turned {
            case: past.case,
            number: past.number.clone(),
            project: past.project.clone(),
            before: before.verdict,
            after: after.verdict,
            indicators,
        });
    }
}

#[derive(Serialize, Deserialize)]
pub struct Payload {
    pub what_if: Uuid,
}

/// Does what-if jobs until the program ends.
pub async fn work(pool: PgPool, clock: Clock, scope: Scope) {
    let (jobs_pool, jobs_scope) = (pool.clone(), scope.clone());
    let handle = move |job: Job, told: Told| {
        let (pool, scope) = (pool.clone(), scope.clone());
        async move {
            let Payload { what_if } = serde_json::from_value(job.payload)?;
            let Some(asked) = store::find(&pool, &scope, what_if).await? else { return Ok(()) };
            let report = run(&pool, &scope, &asked.trial, &|done, total| told.tell("推演", done, Some(total))).await?;
            store::finish(&pool, &scope, what_if, &report, clock.now()).await?;
            Ok(())
        }
    };
    jobs::runner::work(jobs_pool, clock, jobs_scope, JOB, APOLOGY, handle).await;
}

/// Every case that has a check, chunk by chunk; `tell` hears how many are done of how many.
///
/// # Errors
/// When the database fails or a receipt cannot be read.
pub async fn run(
    pool: &PgPool,
    scope: &Scope,
    trial: &Trial,
    tell: &(dyn Fn(u64, u64) + Send + Sync),
) -> anyhow::Result<Report> {
    let before = policy::store::current(pool, &scope.district).await?;
    let after = Arc::new(trial.applied(&before).map_err(anyhow::Error::msg)?);
    let total = store::count(pool, scope).await?;
    let (mut report, mut last) = (Report::default(), None);
    loop {
        let chunk = store::past(pool, scope, last, CHUNK).await?;
        let Some(end) = chunk.last() else { return Ok(report) };
        last = Some(end.case);
        let (earlier, later) = (Arc::clone(&before), Arc::clone(&after));
        report = tokio::task::spawn_blocking(move || {
            for past in &chunk {
                let (one, other) = compare(past, &earlier, &later)?;
                report.take(past, &one, &other);
            }
            anyhow::Ok(report)
        })
        .await??;
        tell(report.cases, total);
    }
}
