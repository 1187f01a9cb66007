//! A password that somebody types, at the sign-in or to change it: counted, throttled, and checked under a turn.

use chrono::{DateTime, Duration, Utc};

use super::{password, store};
use crate::db::{PgPool, Scope};
use crate::permits::{self, Step, Who};
use crate::web::Result;

/// Failures count for so long.
pub const WINDOW: Duration = Duration::minutes(15);
const FAILURES_BY_LOGIN: i64 = 5;
const FAILURES_BY_ORIGIN: i64 = 30;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Attempt {
    Right,
    Wrong,
    /// Not looked at.
    TooMany,
}

impl Attempt {
    /// For the person, when no further attempt is taken.
    pub fn refusal() -> String {
        format!("密码连续输错次数过多，请在 {} 分钟后再试", WINDOW.num_minutes())
    }
}

/// What is attempted.
pub struct Attempted {
    /// In small letters.
    pub login: String,
    pub origin: String,
    pub password: String,
    /// None where there is no such account; that takes as long.
    pub stored: Option<String>,
}

/// One attempt of a login at a time, from counting failures to noting this one: a crowd of simultaneous guesses is not counted as the
/// first. An attempt that was begun is ended and noted, also when nobody waits for the answer.
///
/// # Errors
/// When there is no turn, or the database fails.
pub async fn check(pool: &PgPool, scope: &Scope, attempted: Attempted, now: DateTime<Utc>) -> Result<Attempt> {
    let turn = permits::turn_of(Step::Password, &Who::Login(attempted.login.clone())).await?;
    let (pool, scope) = (pool.clone(), scope.clone());
    let checking = tokio::spawn(async move {
        let outcome = look(&pool, &scope, attempted, now).await;
        drop(turn);
        outcome
    });
    Ok(checking.await.map_err(anyhow::Error::from)??)
}

async fn look(pool: &PgPool, scope: &Scope, attempted: Attempted, now: DateTime<Utc>) -> anyhow::Result<Attempt> {
    let Attempted { login, origin, password, stored } = attempted;
    let (by_login, by_origin) = store::recent_failures(pool, scope, &login, &origin, WINDOW, now).await?;
    if by_login >= FAILURES_BY_LOGIN || by_origin >= FAILURES_BY_ORIGIN {
        return Ok(Attempt::TooMany);
    }
    let right = password::verify(password, stored).await?;
    store::note_attempt(pool, scope, &login, &origin, right, now).await?;
    Ok(if right { Attempt::Right } else { Attempt::Wrong })
}
