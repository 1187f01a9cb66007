//! What every committed import leaves behind, in its own transaction: a run and an audit entry.

use std::io::Read;
use std::path::PathBuf;

use chrono::{DateTime, Utc};
use serde_json::json;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::{Order, Report};
use crate::account::Deed;
use crate::account::audit;
use crate::db::PgConnection;

/// Writes the run and its audit entry; answers the run's id.
pub async fn record(
    connection: &mut PgConnection,
    order: &Order,
    report: &Report,
    now: DateTime<Utc>,
) -> anyhow::Result<Uuid> {
    let id = Uuid::now_v7();
    let path = order.path.clone();
    let digest = tokio::task::spawn_blocking(move || file_digest(path)).await??;
    let kept = serde_json::to_value(report.kept())?;
    sqlx::query!(
        "INSERT INTO import_run (district, id, kind, file_name, file_sha256, options, state, report, read, accepted,
             rejected, unchanged, account, actor, created_at, committed_at)
         VALUES ($1, $2, $3, $4, $5, $6, 'committed', $7, $8, $9, $10, $11, $12, $13, $14, $14)",
        order.scope.county(),
        id,
        order.kind.code(),
        order.file_name,
        &digest[..],
        serde_json::to_value(&order.options)?,
        kept,
        report.read as i64,
        report.accepted as i64,
        report.rejected as i64,
        report.unchanged as i64,
        order.actor.account,
        order.actor.name,
        now
    )
    .execute(&mut *connection)
    .await?;
    let deed = Deed {
        action: "import.commit",
        subject_kind: "import_run",
        subject: &id.to_string(),
        detail: json!({
            "kind": order.kind.code(), "file": order.file_name, "sha256": hex::encode(digest), "read": report.read,
            "accepted": report.accepted, "rejected": report.rejected, "unchanged": report.unchanged,
        }),
    };
    audit::record(connection, &order.scope, &order.actor, deed, now).await?;
    Ok(id)
}

fn file_digest(path: PathBuf) -> std::io::Result<[u8; 32]> {
    let mut file = std::fs::File::open(path)?;
    let mut hash = Sha256::new();
    let mut buffer = vec![0; 1 << 16];
    loop {
        match file.read(&mut buffer)? {
            0 => return Ok(hash.finalize().into()),
            length => hash.update(&buffer[..length]),
        }
    }
}
