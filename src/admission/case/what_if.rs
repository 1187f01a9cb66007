//! What would change under other thresholds: every case that was ever handed in is checked again, as it was handed in,
//! against a changed set. Nothing that comes of it is a decision.

use std::sync::Arc;

use crate::db::{PgPool, Scope};
use crate::jobs::runner::Told;
use crate::jobs::{Context, Job, JobKind};
use crate::policy;

use super::store::what_if as store;

pub(super) mod report;
pub(super) mod trial;

pub use report::{JOB, Past, Payload, Report, Turned, compare};
pub use trial::{Change, Trial};

const APOLOGY: &str = "推演因系统内部错误中止，案件未作任何改动。请稍后重试；如仍出现，请联系系统管理员。";
/// Receipts read at a time.
const CHUNK: i64 = 500;

pub const KIND: JobKind =
    JobKind { name: JOB, apology: APOLOGY, carry_out: |context, job, told| Box::pin(carry_out(context, job, told)) };

async fn carry_out(context: Context, job: Job, told: Told) -> anyhow::Result<()> {
    let Context { pool, clock, scope, .. } = &context;
    let Payload { what_if } = serde_json::from_value(job.payload)?;
    let Some(asked) = store::find(pool, scope, what_if).await? else { return Ok(()) };
    let report = run(pool, scope, &asked.trial, &|done, total| told.tell("推演", done, Some(total))).await?;
    store::finish(pool, scope, what_if, &report, clock.now()).await?;
    Ok(())
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
