//! What every committed import leaves behind, in its own transaction: a run and an audit entry.

use std::io::Read;
use std::path::PathBuf;

use chrono::{DateTime, Utc};
use serde_json::json;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::{Order, Report, store};
use crate::account::{Deed, audit};
use crate::db::{PgConnection, statistics};

/// Tells the planner what was written, and writes the run and its audit entry; answers the run's id.
pub async fn record(
    connection: &mut PgConnection,
    order: &Order,
    report: &Report,
    now: DateTime<Utc>,
) -> anyhow::Result<Uuid> {
    statistics::refresh(connection).await?;
    let id = Uuid::now_v7();
    let path = order.path.clone();
    let digest = tokio::task::spawn_blocking(move || file_digest(path)).await??;
    store::insert_run(connection, id, order, report, &digest, now).await?;
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
