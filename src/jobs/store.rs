//! The jobs' SQL.

use chrono::{DateTime, Duration, Utc};
use serde_json::Value;
use uuid::Uuid;

use super::{Job, JobState, JobStatus};
use crate::account::Act;
use crate::db::{PgConnection, PgPool, Scope};

/// Where it is told that a job was queued; the message is its kind.
pub const CHANNEL: &str = "muheng_job";

pub async fn enqueue(
    connection: &mut PgConnection,
    act: &Act,
    kind: &str,
    payload: &Value,
) -> Result<Uuid, sqlx::Error> {
    let id = Uuid::now_v7();
    sqlx::query!(
        "INSERT INTO job (district, id, kind, payload, state, account, actor, created_at)
         VALUES ($1, $2, $3, $4, 'queued', $5, $6, $7)",
        act.scope.county(),
        id,
        kind,
        payload,
        act.actor.account,
        act.actor.name,
        act.now
    )
    .execute(&mut *connection)
    .await?;
    // Heard when the transaction is committed.
    sqlx::query!("SELECT pg_notify($1, $2)", CHANNEL, kind).execute(connection).await?;
    Ok(id)
}

/// Forgets jobs that were over before a moment; how many.
pub async fn forget_before(
    connection: &mut PgConnection,
    scope: &Scope,
    before: DateTime<Utc>,
) -> Result<u64, sqlx::Error> {
    let forgotten = sqlx::query!(
        "DELETE FROM job WHERE district = $1 AND finished_at < $2 AND state IN ('done', 'failed')",
        scope.county(),
        before
    )
    .execute(connection)
    .await?;
    Ok(forgotten.rows_affected())
}

/// Takes the oldest job that waits, or whose server fell silent `silence` ago. Two servers never take the same.
pub async fn claim(
    pool: &PgPool,
    scope: &Scope,
    kind: &str,
    now: DateTime<Utc>,
    silence: Duration,
) -> Result<Option<Job>, sqlx::Error> {
    sqlx::query_as!(
        Job,
        "UPDATE job SET state = 'running', attempts = attempts + 1, heartbeat_at = $3, step = '', done = 0, total = NULL
         WHERE district = $1 AND id = (
             SELECT id FROM job
             WHERE district = $1 AND kind = $2 AND (state = 'queued' OR (state = 'running' AND heartbeat_at < $4))
             ORDER BY created_at, id LIMIT 1 FOR UPDATE SKIP LOCKED)
         RETURNING id, payload, attempts",
        scope.county(),
        kind,
        now,
        now - silence
    )
    .fetch_optional(pool)
    .await
}

pub async fn report_progress(
    pool: &PgPool,
    scope: &Scope,
    id: Uuid,
    (step, done, total): (&str, i64, Option<i64>),
    now: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "UPDATE job SET heartbeat_at = $3, step = $4, done = $5, total = $6
         WHERE district = $1 AND id = $2 AND state = 'running'",
        scope.county(),
        id,
        now,
        step,
        done,
        total
    )
    .execute(pool)
    .await?;
    Ok(())
}

/// `fault` is none for a job that is done.
pub async fn finish(
    pool: &PgPool,
    scope: &Scope,
    id: Uuid,
    fault: Option<&str>,
    now: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    let state = if fault.is_some() { JobState::Failed } else { JobState::Done };
    sqlx::query!(
        "UPDATE job SET state = $3, fault = $4, finished_at = $5 WHERE district = $1 AND id = $2",
        scope.county(),
        id,
        state as _,
        fault,
        now
    )
    .execute(pool)
    .await?;
    Ok(())
}

/// The newest job of a kind whose payload holds all of `about`.
pub async fn newest_about(
    pool: &PgPool,
    scope: &Scope,
    kind: &str,
    about: &Value,
) -> Result<Option<JobStatus>, sqlx::Error> {
    sqlx::query_as!(
        JobStatus,
        r#"SELECT state AS "state: JobState", step, done, total, fault, created_at
           FROM job WHERE district = $1 AND kind = $2 AND payload @> $3 ORDER BY created_at DESC, id DESC LIMIT 1"#,
        scope.county(),
        kind,
        about
    )
    .fetch_optional(pool)
    .await
}
