//! The audit log: append-only, each entry sealed by a hash over itself and the one before.

use chrono::{DateTime, SubsecRound, Utc};
use serde_json::Value;
use uuid::Uuid;

use super::audit_entry::AuditEntry;
use super::audit_store as store;
use crate::db::{PgConnection, PgPool, Scope};

/// Who did it: a person with an account, or the command line by the name of its user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Actor {
    pub account: Option<Uuid>,
    pub name: String,
}

impl Actor {
    /// A person, by name and login.
    pub fn person(account: Uuid, name: &str, login: &str) -> Self {
        Actor { account: Some(account), name: format!("{name}（{login}）") }
    }

    pub fn command_line() -> Self {
        let user = nix::unistd::User::from_uid(nix::unistd::Uid::current()).ok().flatten();
        Actor { account: None, name: format!("命令行（{}）", user.map_or("?".into(), |user| user.name)) }
    }
}

/// What was done to what. `action` is a stable verb such as `parcel.split`.
#[derive(Clone, Debug)]
pub struct Deed<'a> {
    pub action: &'a str,
    pub subject_kind: &'a str,
    pub subject: &'a str,
    pub detail: Value,
}

/// Appends an entry inside the caller's transaction: the deed and its record stand or fall together.
pub async fn record(
    connection: &mut PgConnection,
    scope: &Scope,
    actor: &Actor,
    deed: Deed<'_>,
    at: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    let (seq, previous_hash) = store::lock_head(connection, scope).await?;
    let mut entry = AuditEntry {
        seq: seq + 1,
        at: at.trunc_subsecs(6),
        account: actor.account,
        actor: actor.name.clone(),
        action: deed.action.to_owned(),
        subject_kind: deed.subject_kind.to_owned(),
        subject: deed.subject.to_owned(),
        detail: deed.detail,
        previous_hash,
        hash: Vec::new(),
    };
    entry.hash = entry.seal().to_vec();
    store::append(connection, scope, &entry).await
}

/// What a walk along the chain found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verification {
    Intact { entries: i64 },
    Broken { seq: i64, what: &'static str },
}

/// Walks the whole chain in pages of bounded size.
pub async fn verify(pool: &PgPool, scope: &Scope) -> Result<Verification, sqlx::Error> {
    let mut previous_hash = store::GENESIS.to_vec();
    let mut seq = 0;
    loop {
        let page = store::page_after(pool, scope, seq, 1000).await?;
        if page.is_empty() {
            break;
        }
        for entry in page {
            let what = if entry.seq != seq + 1 {
                Some("an entry is missing before it")
            } else if entry.previous_hash != previous_hash {
                Some("it does not continue the entry before")
            } else if entry.seal().as_slice() != entry.hash {
                Some("its content was changed")
            } else {
                None
            };
            if let Some(what) = what {
                return Ok(Verification::Broken { seq: entry.seq, what });
            }
            seq = entry.seq;
            previous_hash = entry.hash;
        }
    }
    let (head, head_hash) = store::head(pool, scope).await?;
    if head != seq || head_hash != previous_hash {
        return Ok(Verification::Broken { seq: seq + 1, what: "entries are missing at the end" });
    }
    Ok(Verification::Intact { entries: seq })
}
