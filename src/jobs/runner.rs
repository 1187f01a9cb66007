//! Does the jobs of one kind, one after the other, for as long as the program runs.

use std::future::Future;
use std::sync::{Arc, Mutex, PoisonError};

use chrono::Duration;

use super::{Job, store};
use crate::base::clock::Clock;
use crate::db::{PgPool, Scope};

const BETWEEN_LOOKS: std::time::Duration = std::time::Duration::from_millis(500);
/// After how long without a heartbeat a job's server counts as dead; heartbeats come at every look.
const SILENCE: Duration = Duration::seconds(30);
/// A job that took its server down this often is given up.
const ATTEMPTS: i32 = 3;

/// The last that a job said about itself. Cheap to tell; it reaches the table with the next heartbeat.
#[derive(Clone, Default)]
pub struct Told(Arc<Mutex<(&'static str, u64, Option<u64>)>>);

impl Told {
    pub fn tell(&self, step: &'static str, done: u64, total: Option<u64>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = (step, done, total);
    }

    fn last(&self) -> (&'static str, i64, Option<i64>) {
        let (step, done, total) = *self.0.lock().unwrap_or_else(PoisonError::into_inner);
        (step, done as i64, total.map(|total| total as i64))
    }
}

/// Never returns. The error of `handle` is logged; people are told `apology`.
pub async fn work<F, Fut>(
    pool: PgPool,
    clock: Clock,
    scope: Scope,
    kind: &'static str,
    apology: &'static str,
    handle: F,
) where
    F: Fn(Job, Told) -> Fut,
    Fut: Future<Output = anyhow::Result<()>> + Send + 'static,
{
    loop {
        match store::claim(&pool, &scope, kind, clock.now(), SILENCE).await {
            Ok(Some(job)) => {
                if let Err(error) = carry_out(&pool, clock, &scope, job, apology, &handle).await {
                    tracing::warn!(kind, %error, "the state of a job could not be written");
                }
            }
            Ok(None) => tokio::time::sleep(BETWEEN_LOOKS).await,
            Err(error) => {
                tracing::warn!(kind, %error, "cannot look for jobs");
                tokio::time::sleep(BETWEEN_LOOKS * 10).await;
            }
        }
    }
}

async fn carry_out<F, Fut>(
    pool: &PgPool,
    clock: Clock,
    scope: &Scope,
    job: Job,
    apology: &str,
    handle: &F,
) -> Result<(), sqlx::Error>
where
    F: Fn(Job, Told) -> Fut,
    Fut: Future<Output = anyhow::Result<()>> + Send + 'static,
{
    let id = job.id;
    if job.attempts > ATTEMPTS {
        return store::finish(pool, scope, id, Some(apology), clock.now()).await;
    }
    let told = Told::default();
    // On a task of its own, so that a panic ends the job and not the runner.
    let mut doing = tokio::spawn(handle(job, told.clone()));
    let outcome = loop {
        tokio::select! {
            outcome = &mut doing => break outcome,
            () = tokio::time::sleep(BETWEEN_LOOKS) => {
                store::report_progress(pool, scope, id, told.last(), clock.now()).await?;
            }
        }
    };
    let failure = match outcome {
        Ok(Ok(())) => None,
        Ok(Err(error)) => Some(format!("{error:#}")),
        Err(panic) => Some(panic.to_string()),
    };
    if let Some(cause) = &failure {
        tracing::error!(job = %id, cause, "job failed");
    }
    store::finish(pool, scope, id, failure.map(|_| apology), clock.now()).await
}
