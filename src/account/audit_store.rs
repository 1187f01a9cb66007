//! The audit log's SQL.

use chrono::{DateTime, Utc};

use super::audit_entry::AuditEntry;
use crate::db::{PgConnection, PgPool, Scope};

/// Who did something, when, and what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Last {
    pub actor: String,
    pub at: DateTime<Utc>,
    pub action: String,
}

/// What the first entry continues.
pub const GENESIS: [u8; 32] = [0; 32];

/// Begins the chain of a district that has none.
pub async fn open(connection: &mut PgConnection, scope: &Scope) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "INSERT INTO audit_head (district, seq, hash) VALUES ($1, 0, $2) ON CONFLICT (district) DO NOTHING",
        scope.county(),
        &GENESIS[..]
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Holds the end of the chain until the transaction ends, so that entries stand in one line.
pub(super) async fn lock_head(connection: &mut PgConnection, scope: &Scope) -> Result<(i64, Vec<u8>), sqlx::Error> {
    open(connection, scope).await?;
    let head = sqlx::query!("SELECT seq, hash FROM audit_head WHERE district = $1 FOR UPDATE", scope.county())
        .fetch_one(connection)
        .await?;
    Ok((head.seq, head.hash))
}

pub(super) async fn head(pool: &PgPool, scope: &Scope) -> Result<(i64, Vec<u8>), sqlx::Error> {
    let head = sqlx::query!("SELECT seq, hash FROM audit_head WHERE district = $1", scope.county())
        .fetch_optional(pool)
        .await?;
    Ok(head.map_or((0, GENESIS.to_vec()), |head| (head.seq, head.hash)))
}

pub(super) async fn append(
    connection: &mut PgConnection,
    scope: &Scope,
    entry: &AuditEntry,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "INSERT INTO audit_entry (district, seq, at, account, actor, action, subject_kind, subject, detail, previous_hash, hash)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        scope.county(),
        entry.seq,
        entry.at,
        entry.account,
        entry.actor,
        entry.action,
        entry.subject_kind,
        entry.subject,
        entry.detail,
        entry.previous_hash,
        entry.hash
    )
    .execute(&mut *connection)
    .await?;
    sqlx::query!(
        "UPDATE audit_head SET seq = $2, hash = $3 WHERE district = $1",
        scope.county(),
        entry.seq,
        entry.hash
    )
    .execute(connection)
    .await?;
    Ok(())
}

pub(super) async fn page_after(
    pool: &PgPool,
    scope: &Scope,
    seq: i64,
    limit: i64,
) -> Result<Vec<AuditEntry>, sqlx::Error> {
    sqlx::query_as!(
        AuditEntry,
        "SELECT seq, at, account, actor, action, subject_kind, subject, detail, previous_hash, hash
         FROM audit_entry WHERE district = $1 AND seq > $2 ORDER BY seq LIMIT $3",
        scope.county(),
        seq,
        limit
    )
    .fetch_all(pool)
    .await
}

/// Newest first, before `seq` when given, of one subject when given.
pub async fn page_before(
    pool: &PgPool,
    scope: &Scope,
    before: Option<i64>,
    subject: Option<&str>,
    limit: i64,
) -> Result<Vec<AuditEntry>, sqlx::Error> {
    sqlx::query_as!(
        AuditEntry,
        "SELECT seq, at, account, actor, action, subject_kind, subject, detail, previous_hash, hash
         FROM audit_entry
         WHERE district = $1 AND ($2::bigint IS NULL OR seq < $2) AND ($3::text IS NULL OR subject = $3)
         ORDER BY seq DESC LIMIT $4",
        scope.county(),
        before,
        subject,
        limit
    )
    .fetch_all(pool)
    .await
}

/// Marks the details of an entry about something that changed nothing of its subject.
pub const ASIDE: &str = "aside";

/// The last that changed a subject; a part of it, where the details name one under a key.
pub async fn last(
    connection: &mut PgConnection,
    scope: &Scope,
    (subject_kind, subject): (&str, &str),
    part: Option<(&str, &str)>,
) -> Result<Option<Last>, sqlx::Error> {
    let (key, value) = part.unzip();
    sqlx::query_as!(
        Last,
        "SELECT actor, at, action FROM audit_entry
         WHERE district = $1 AND subject_kind = $2 AND subject = $3 AND ($4::text IS NULL OR detail ->> $4 = $5)
           AND detail ->> 'aside' IS NULL
         ORDER BY seq DESC LIMIT 1",
        scope.county(),
        subject_kind,
        subject,
        key,
        value
    )
    .fetch_optional(connection)
    .await
}
