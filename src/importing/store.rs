//! The SQL that all imports share.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{Order, Report};
use crate::db::PgConnection;

/// The row of a committed run.
pub async fn insert_run(
    connection: &mut PgConnection,
    id: Uuid,
    order: &Order,
    report: &Report,
    digest: &[u8; 32],
    now: DateTime<Utc>,
) -> anyhow::Result<()> {
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
        serde_json::to_value(report.kept())?,
        report.read as i64,
        report.accepted as i64,
        report.rejected as i64,
        report.unchanged as i64,
        order.actor.account,
        order.actor.name,
        now
    )
    .execute(connection)
    .await?;
    Ok(())
}
