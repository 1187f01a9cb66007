//! A run as a job: ordered by a page or a program, computed by the server outside of the request, and found under the number that it
//! was given when it was ordered. Safe to repeat: a run is there whole or not at all.

use std::sync::Arc;

use uuid::Uuid;

use super::commands::{self, ComputeError, Stage};
use super::order::{Order, find_scheme, no_scheme};
use super::store::runs;
use super::wording;
use crate::account::Act;
use crate::db::{PgPool, Scope};
use crate::jobs::ordered::{self, Ordered};
use crate::jobs::runner::Told;
use crate::jobs::{Context, Job, JobKind, JobStatus, Refused};

pub const JOB: &str = "evaluation.run";
const APOLOGY: &str = "核算因系统内部错误中止，没有留下任何结果。请稍后重试；如仍出现，请联系系统管理员。";

pub const KIND: JobKind =
    JobKind { name: JOB, apology: APOLOGY, carry_out: |context, job, told| Box::pin(carry_out(context, job, told)) };

/// Queues a run; says under which number it will be found.
///
/// # Errors
/// When the database does not answer.
pub async fn queue(act: &Act, order: &Order) -> anyhow::Result<Uuid> {
    ordered::queue(act, JOB, order).await
}

/// How far the job is that computes a run; nothing where there is none.
///
/// # Errors
/// When the database does not answer.
pub async fn status(pool: &PgPool, scope: &Scope, run: Uuid) -> Result<Option<JobStatus>, sqlx::Error> {
    ordered::status(pool, scope, JOB, run).await
}

async fn carry_out(context: Context, job: Job, told: Told) -> anyhow::Result<()> {
    let Context { pool, clock, scope, .. } = context;
    let ordered = Ordered::<Order>::read(job.payload)?;
    let (run, order, actor) = (ordered.made, &ordered.order, ordered.actor());
    // A server that died after the last word to the database left nothing to do.
    if runs::find(&mut *pool.acquire().await?, &scope, run).await?.is_some() {
        return Ok(());
    }
    let schemes = commands::schemes(&pool, &scope.district).await?;
    let Some(scheme) = find_scheme(&schemes, order) else { return Err(Refused(no_scheme(order)).into()) };
    let act = Act { pool, scope, actor, now: clock.now() };
    let tell = Arc::new(move |stage: Stage, done, total| told.tell(stage.label(), done, total));
    match commands::compute_as(&act, run, (scheme, order.year, order.trial), tell).await {
        Ok(_) => Ok(()),
        Err(ComputeError::Run(error)) => Err(Refused(wording::run_error(&error)).into()),
        Err(other) => Err(other.into()),
    }
}
