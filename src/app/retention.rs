//! What is kept for a time only: traces of work that is over, and attempts to sign in.

use std::time::Duration;

use chrono::{DateTime, Days, Utc};
use serde_json::json;

use crate::account::audit::{self, Actor, Deed};
use crate::account::store as accounts;
use crate::db::{PgPool, Scope};
use crate::jobs::{self, Context};

/// A job's page is looked at within days; what it did stands in registers, runs and reports. A local choice.
pub const JOBS_KEPT_DAYS: u64 = 90;
/// Records of network security are kept for six months at least (Cybersecurity Law, article 21(3)); a month more than that, and no longer,
/// for they are of persons.
pub const ATTEMPTS_KEPT_DAYS: u64 = 215;

const BETWEEN_SWEEPS: Duration = Duration::from_secs(60 * 60);

/// Sweeps now and then until the program ends.
pub async fn keep(context: Context) {
    let Context { pool, clock, scope, .. } = context;
    loop {
        match sweep(&pool, &scope, clock.now()).await {
            Ok(swept) if swept == Swept::default() => {}
            Ok(swept) => {
                tracing::info!(jobs = swept.jobs, attempts = swept.attempts, "what is kept for a time only is gone");
            }
            Err(error) => tracing::warn!(%error, "old jobs and attempts to sign in could not be swept"),
        }
        tokio::time::sleep(BETWEEN_SWEEPS).await;
    }
}

/// How many rows went.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Swept {
    pub jobs: u64,
    pub attempts: i64,
}

/// Forgets what is past its time, in one transaction. That attempts to sign in are gone is written into the audit log, with their number;
/// jobs leave nothing that anybody would ask for.
///
/// # Errors
/// When the database fails; nothing is gone then.
pub async fn sweep(pool: &PgPool, scope: &Scope, now: DateTime<Utc>) -> anyhow::Result<Swept> {
    let mut transaction = pool.begin().await?;
    let jobs = jobs::store::forget_before(&mut transaction, scope, now - Days::new(JOBS_KEPT_DAYS)).await?;
    let before = now - Days::new(ATTEMPTS_KEPT_DAYS);
    let gone = accounts::forget_attempts_before(&mut transaction, scope, before).await?;
    if gone.attempts > 0 {
        let detail = json!({ "before": before, "attempts": gone.attempts, "failed": gone.failed });
        let deed =
            Deed { action: "session.attempts_forgotten", subject_kind: "district", subject: scope.county(), detail };
        let actor = Actor { account: None, name: "系统（到期清理）".into() };
        audit::record(&mut transaction, scope, &actor, deed, now).await?;
    }
    transaction.commit().await?;
    Ok(Swept { jobs, attempts: gone.attempts })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[sqlx::test(migrator = "crate::db::MIGRATOR")]
    async fn attempts_wait_their_days_and_their_end_is_on_record(pool: PgPool) {
        let scope = Scope::district("330105".parse().unwrap());
        crate::db::ensure_district(&pool, &scope.district).await.unwrap();
        let now: DateTime<Utc> = "2026-11-23T04:00:00Z".parse().unwrap();
        let line = now - Days::new(ATTEMPTS_KEPT_DAYS);
        assert!(line < "2026-05-23T04:00:00Z".parse::<DateTime<Utc>>().unwrap(), "six months are kept whole");
        for (at, succeeded) in [
            (line - chrono::Duration::seconds(1), false),
            (line - chrono::Duration::days(9), true),
            (line, false),
            (now, true),
        ] {
            sqlx::query("INSERT INTO sign_in_attempt (district, login, origin, at, succeeded) VALUES ('330105', 'li', '::1', $1, $2)")
                .bind(at)
                .bind(succeeded)
                .execute(&pool)
                .await
                .unwrap();
        }
        assert_eq!(sweep(&pool, &scope, now).await.unwrap(), Swept { jobs: 0, attempts: 2 });
        assert_eq!(sweep(&pool, &scope, now).await.unwrap(), Swept::default());
        let left: i64 = sqlx::query_scalar("SELECT count(*) FROM sign_in_attempt").fetch_one(&pool).await.unwrap();
        assert_eq!(left, 2);
        let said: Vec<serde_json::Value> =
            sqlx::query_scalar("SELECT detail FROM audit_entry WHERE action = 'session.attempts_forgotten'")
                .fetch_all(&pool)
                .await
                .unwrap();
        assert_eq!(said.len(), 1, "once, and not again when nothing went");
        assert_eq!((&said[0]["attempts"], &said[0]["failed"]), (&2.into(), &1.into()));
    }
}
