//! Does the jobs of one kind, one after the other, for as long as the program runs.

use std::future::Future;
use std::sync::{Arc, Mutex, PoisonError};

use chrono::Duration;
use sqlx::postgres::PgListener;
use tokio::time::Instant;
use uuid::Uuid;

use super::{Context, Job, JobKind, Refused, store};
use crate::db::PgPool;

/// A job that was queued is told by the database; one whose server died is found by looking, now and then.
const BETWEEN_LOOKS: std::time::Duration = std::time::Duration::from_secs(15);
const AFTER_A_FAILURE: std::time::Duration = std::time::Duration::from_secs(5);
/// Progress that people watch is written this often; without any, only the heartbeat.
const BETWEEN_REPORTS: std::time::Duration = std::time::Duration::from_millis(500);
const BETWEEN_HEARTBEATS: std::time::Duration = std::time::Duration::from_secs(5);
/// After how long without a heartbeat a job's server counts as dead.
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

/// Waits until a job of the kind may be there: told by the database, or after a while.
struct Bell {
    kind: &'static str,
    listener: Option<PgListener>,
}

impl Bell {
    fn new(kind: &'static str) -> Self {
        Bell { kind, listener: None }
    }

    /// Listens from now on, so that nothing queued after it is missed.
    async fn listen(&mut self, pool: &PgPool) {
        if self.listener.is_none() {
            self.listener =
                listening(pool).await.map_err(|error| tracing::debug!(%error, "cannot listen for jobs")).ok();
        }
    }

    async fn wait(&mut self) {
        let kind = self.kind;
        let rung = async {
            let Some(listener) = &mut self.listener else { return std::future::pending().await };
            loop {
                match listener.try_recv().await {
                    Ok(Some(told)) if told.payload() == kind => return true,
                    Ok(Some(_)) => {}
                    // The connection was lost, and what was told meanwhile with it.
                    Ok(None) | Err(_) => return false,
                }
            }
        };
        if let Ok(false) = tokio::time::timeout(BETWEEN_LOOKS, rung).await {
            self.listener = None;
        }
    }
}

async fn listening(pool: &PgPool) -> Result<PgListener, sqlx::Error> {
    let mut listener = PgListener::connect_with(pool).await?;
    listener.listen(store::CHANNEL).await?;
    Ok(listener)
}

/// Does the jobs of a kind. Returns when the pool is closed. An error is logged; people are told the kind's apology.
pub async fn work(context: Context, kind: JobKind) {
    let within = context.clone();
    let handle = move |job, told| (kind.carry_out)(within.clone(), job, told);
    work_with(&context, kind.name, kind.apology, handle).await;
}

async fn work_with<F, Fut>(context: &Context, kind: &'static str, apology: &'static str, handle: F)
where
    F: Fn(Job, Told) -> Fut,
    Fut: Future<Output = anyhow::Result<()>> + Send + 'static,
{
    let mut bell = Bell::new(kind);
    while !context.pool.is_closed() {
        bell.listen(&context.pool).await;
        match store::claim(&context.pool, &context.scope, kind, context.clock.now(), SILENCE).await {
            Ok(Some(job)) => {
                if let Err(error) = carry_out(context, job, apology, &handle).await {
                    tracing::warn!(kind, %error, "the state of a job could not be written");
                }
            }
            Ok(None) => bell.wait().await,
            Err(sqlx::Error::PoolClosed) => return,
            Err(error) => {
                tracing::warn!(kind, %error, "cannot look for jobs");
                tokio::time::sleep(AFTER_A_FAILURE).await;
            }
        }
    }
}

async fn carry_out<F, Fut>(context: &Context, job: Job, apology: &str, handle: &F) -> Result<(), sqlx::Error>
where
    F: Fn(Job, Told) -> Fut,
    Fut: Future<Output = anyhow::Result<()>> + Send + 'static,
{
    let Context { pool, clock, scope, .. } = context;
    let id = job.id;
    if job.attempts > ATTEMPTS {
        return store::finish(pool, scope, id, Some(apology), clock.now()).await;
    }
    let told = Told::default();
    // On a task of its own, so that a panic ends the job and not the runner.
    let mut doing = tokio::spawn(handle(job, told.clone()));
    let (mut reported, mut at) = (told.last(), Instant::now());
    let outcome = loop {
        tokio::select! {
            outcome = &mut doing => break outcome,
            () = tokio::time::sleep(BETWEEN_REPORTS) => {
                let now = told.last();
                if now != reported || at.elapsed() >= BETWEEN_HEARTBEATS {
                    store::report_progress(pool, scope, id, now, clock.now()).await?;
                    (reported, at) = (now, Instant::now());
                }
            }
        }
    };
    let fault = match outcome {
        Ok(Ok(())) => None,
        Ok(Err(error)) => Some(words(id, error, apology)),
        Err(panic) => Some(words(id, panic.into(), apology)),
    };
    store::finish(pool, scope, id, fault.as_deref(), clock.now()).await
}

/// What people are told: what it was refused for, else the apology.
fn words(job: Uuid, error: anyhow::Error, apology: &str) -> String {
    match error.downcast::<Refused>() {
        Ok(Refused(words)) => words,
        Err(error) => {
            tracing::error!(%job, cause = format!("{error:#}"), "job failed");
            apology.to_owned()
        }
    }
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;
    use std::time::Duration as Span;

    use serde_json::json;
    use tokio::sync::mpsc;

    use super::*;
    use crate::account::{Act, Actor};
    use crate::base::clock::Clock;
    use crate::db::Scope;
    use crate::jobs::store::enqueue;

    const KIND: &str = "test";

    /// A runner that hands on each job it does, and when.
    fn running(pool: &PgPool, scope: &Scope) -> mpsc::UnboundedReceiver<Instant> {
        let (tell, told) = mpsc::unbounded_channel();
        let handle = move |_: Job, _: Told| {
            let tell = tell.clone();
            async move { Ok(tell.send(Instant::now())?) }
        };
        let context = Context { pool: pool.clone(), clock: Clock::System, scope: scope.clone(), home: PathBuf::new() };
        tokio::spawn(async move { work_with(&context, KIND, "apology", handle).await });
        told
    }

    async fn queue(pool: &PgPool, scope: &Scope, kind: &str) {
        let actor = Actor { account: None, name: "甲".into() };
        let mut transaction = pool.begin().await.unwrap();
        let act = Act { pool: pool.clone(), scope: scope.clone(), actor, now: Clock::System.now() };
        enqueue(&mut transaction, &act, kind, &json!({})).await.unwrap();
        transaction.commit().await.unwrap();
    }

    #[sqlx::test(migrator = "crate::db::MIGRATOR")]
    async fn a_job_is_begun_when_it_is_queued_and_not_at_the_next_look(pool: PgPool) {
        let scope = Scope::district("330105".parse().unwrap());
        crate::db::ensure_district(&pool, &scope.district).await.unwrap();
        queue(&pool, &scope, KIND).await;
        let mut done = running(&pool, &scope);
        done.recv().await.unwrap();
        for _ in 0..3 {
            tokio::time::sleep(Span::from_millis(300)).await;
            queue(&pool, &scope, "other").await;
            let began = Instant::now();
            queue(&pool, &scope, KIND).await;
            let at = tokio::time::timeout(BETWEEN_LOOKS / 2, done.recv()).await.expect("told at once").unwrap();
            assert!(at.duration_since(began) < BETWEEN_LOOKS / 2);
        }
    }

    #[sqlx::test(migrator = "crate::db::MIGRATOR")]
    async fn a_bell_whose_connection_is_cut_is_hung_again(pool: PgPool) {
        let scope = Scope::district("330105".parse().unwrap());
        crate::db::ensure_district(&pool, &scope.district).await.unwrap();
        let mut done = running(&pool, &scope);
        tokio::time::sleep(Span::from_millis(500)).await;
        let cut = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                   WHERE datname = current_database() AND pid <> pg_backend_pid() AND query LIKE 'LISTEN%'";
        let ended: Vec<bool> = sqlx::query_scalar(cut).fetch_all(&pool).await.unwrap();
        assert_eq!(ended, [true], "one connection listens");
        tokio::time::sleep(Span::from_millis(500)).await;
        queue(&pool, &scope, KIND).await;
        assert!(tokio::time::timeout(BETWEEN_LOOKS / 2, done.recv()).await.is_ok());
    }

    #[sqlx::test(migrator = "crate::db::MIGRATOR")]
    async fn jobs_that_are_over_are_forgotten_and_no_others(pool: PgPool) {
        let scope = Scope::district("330105".parse().unwrap());
        crate::db::ensure_district(&pool, &scope.district).await.unwrap();
        let line: chrono::DateTime<chrono::Utc> = "2025-06-30T04:00:00Z".parse().unwrap();
        let second = chrono::Duration::seconds(1);
        for (state, finished) in [
            ("done", Some(line - second)),
            ("failed", Some(line - second)),
            ("done", Some(line)),
            ("queued", None),
            ("running", None),
        ] {
            sqlx::query(
                "INSERT INTO job (district, id, kind, payload, state, actor, created_at, finished_at)
                 VALUES ('330105', gen_random_uuid(), 'test', '{}', $1, '甲', $2, $3)",
            )
            .bind(state)
            .bind(line - second * 90)
            .bind(finished)
            .execute(&pool)
            .await
            .unwrap();
        }
        let mut connection = pool.acquire().await.unwrap();
        assert_eq!(store::forget_before(&mut connection, &scope, line).await.unwrap(), 2);
        let left: Vec<String> =
            sqlx::query_scalar("SELECT state FROM job ORDER BY state").fetch_all(&pool).await.unwrap();
        assert_eq!(left, ["done", "queued", "running"]);
    }
}
