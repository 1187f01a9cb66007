//! Prepares the notices of the day by itself, once a day in China, for as long as the program serves. It proposes; a person
//! sends.

use std::time::Duration;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};

use super::store::{self, NoticeError, runs};
use crate::account::{Act, Actor};
use crate::base::clock::china_day;
use crate::db::{PgPool, Scope};
use crate::jobs::Context;

const BETWEEN_LOOKS: Duration = Duration::from_secs(60);
/// A run that has not ended after so long died with its server.
const GIVEN_UP_AFTER: TimeDelta = TimeDelta::hours(1);

/// Never returns.
pub async fn keep(context: Context) {
    let Context { pool, clock, scope, .. } = context;
    let mut done = None;
    loop {
        match look(&pool, &scope, clock.now(), &mut done).await {
            Ok(Some(prepared)) => tracing::info!(prepared, "the notices of the day are prepared"),
            Ok(None) => {}
            Err(error) => tracing::warn!(%error, "the notices of the day could not be prepared"),
        }
        tokio::time::sleep(BETWEEN_LOOKS).await;
    }
}

/// Prepares what the day of `now` calls for, unless that was done: how many are new. `done` spares asking again.
pub async fn look(
    pool: &PgPool,
    scope: &Scope,
    now: DateTime<Utc>,
    done: &mut Option<NaiveDate>,
) -> Result<Option<u64>, NoticeError> {
    let day = china_day(now);
    if *done == Some(day) {
        return Ok(None);
    }
    if !runs::begin(pool, scope, day, now, now - GIVEN_UP_AFTER).await? {
        if runs::is_finished(pool, scope, day).await? {
            *done = Some(day);
        }
        return Ok(None);
    }
    let act = Act { pool: pool.clone(), scope: scope.clone(), actor: actor(), now };
    let prepared = store::prepare_all(&act, day).await?;
    runs::finish(pool, scope, day, now, prepared).await?;
    *done = Some(day);
    Ok(Some(prepared))
}

/// Nobody: what it prepares waits for a person.
fn actor() -> Actor {
    Actor { account: None, name: "系统（每日核查）".into() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::demo;

    #[sqlx::test(migrator = "crate::db::MIGRATOR")]
    async fn once_a_day_and_nothing_twice(pool: PgPool) {
        crate::codelist::load(&pool).await.unwrap();
        crate::policy::store::load(&pool).await.unwrap();
        demo::load(&pool).await.unwrap();
        let scope = Scope::district(demo::DISTRICT.parse().unwrap());
        let at = |text: &str| text.parse::<DateTime<Utc>>().unwrap();
        let count = async || {
            sqlx::query_scalar::<_, i64>("SELECT count(*) FROM contract_notice WHERE state = 'prepared'")
                .fetch_one(&pool)
                .await
                .unwrap()
        };
        let first = look(&pool, &scope, at("2026-11-22T16:00:00Z"), &mut None).await.unwrap().unwrap();
        assert!(first > 10, "{first}: midnight in China begins the 23rd");
        assert_eq!(count().await, first as i64, "they are proposed, none is sent");
        let mut done = None;
        let restarted = look(&pool, &scope, at("2026-11-23T15:59:59Z"), &mut done).await.unwrap();
        assert_eq!((restarted, done), (None, Some(china_day(at("2026-11-23T00:00:00Z")))), "done by another server");
        sqlx::query("DELETE FROM contract_notice_run").execute(&pool).await.unwrap();
        assert_eq!(look(&pool, &scope, at("2026-11-23T08:00:00Z"), &mut None).await.unwrap(), Some(0), "a second run");
        assert_eq!(count().await, first as i64);

        let next = at("2026-11-23T16:00:00Z");
        assert!(runs::begin(&pool, &scope, china_day(next), next, next - GIVEN_UP_AFTER).await.unwrap());
        let soon = next + TimeDelta::minutes(60);
        assert_eq!(look(&pool, &scope, soon, &mut None).await.unwrap(), None, "another server is at it");
        let later = soon + TimeDelta::seconds(1);
        assert!(look(&pool, &scope, later, &mut None).await.unwrap().is_some(), "that server died");
        assert_eq!(runs::last(&pool, &scope).await.unwrap().unwrap().day, china_day(next));
    }
}
