//! Signing in: a name and a password against an account, throttled, kept and written down.

use serde_json::json;

use super::attempt::{self, Attempt, Attempted};
use super::audit::{self, Actor, Deed};
use super::gate::Gate;
use super::session::{self, Credential};
use super::store;
use crate::base::text::Seen;
use crate::permits::{self, Step, Who};
use crate::web::Result;

/// What somebody typed, and from where.
pub struct Entered {
    pub login: String,
    pub password: String,
    pub origin: String,
}

/// What comes of it.
pub enum Outcome {
    /// A session began; its secret is for the cookie.
    SignedIn {
        secret: String,
    },
    Wrong,
    TooMany,
}

/// Begins a session for whom the password is right.
///
/// # Errors
/// When there is no turn for a stranger, or the database fails.
pub async fn sign_in(gate: &Gate, entered: Entered) -> Result<Outcome> {
    let Entered { login, password, origin } = entered;
    let login = login.seen().to_lowercase();
    let (pool, scope, now) = (gate.pool(), gate.scope(), gate.clock().now());
    let _heard = permits::turn_of(Step::Stranger, &Who::Origin(origin.clone())).await?;
    let found = store::find_login(pool, &scope.district, &login).await?;
    let (account, stored) = found.map_or((None, None), |found| (Some(found.account), Some(found.password_hash)));
    let attempted = Attempted { login: login.clone(), origin: origin.clone(), password, stored };
    let outcome = attempt::check(pool, &scope, attempted, now).await?;
    if outcome == Attempt::TooMany {
        return Ok(Outcome::TooMany);
    }
    let Some(account) = account.filter(|_| outcome == Attempt::Right) else { return Ok(Outcome::Wrong) };
    let secret = session::new_secret();
    let mut transaction = pool.begin().await?;
    store::start_session(&mut transaction, &scope, account, Credential::Session(secret.clone()).hash(), now).await?;
    let actor = Actor { account: Some(account), name: login.clone() };
    let deed =
        Deed { action: "session.start", subject_kind: "account", subject: &login, detail: json!({ "origin": origin }) };
    audit::record(&mut transaction, &scope, &actor, deed, now).await?;
    transaction.commit().await?;
    gate.forget_all();
    Ok(Outcome::SignedIn { secret })
}
