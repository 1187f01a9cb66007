//! The end of an import: the report, the row of the run, the audit entry; then commit or roll back.

use std::fs::File;
use std::io::{self, Read};
use std::path::PathBuf;

use chrono::{DateTime, Utc};
use serde_json::json;
use sha2::{Digest, Sha256};
use sqlx::{Postgres, Transaction};
use uuid::Uuid;

use super::Intake;
use crate::account::audit::{self, Deed};
use crate::db::PgConnection;
use crate::importing::{Mode, Order, Report};

/// Records of the staging table by what became of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Counts {
    pub accepted: i64,
    pub rejected: i64,
    pub unchanged: i64,
}

/// Writes the run and its audit entry and commits; a preview is rolled back as if nothing had been.
///
/// # Errors
/// When the counts do not add up, the file is gone, or the database refuses.
pub async fn close(
    mut transaction: Transaction<'_, Postgres>,
    order: &Order,
    mode: Mode,
    now: DateTime<Utc>,
    intake: Intake,
    counts: Counts,
) -> anyhow::Result<Report> {
    let report = report(intake, counts)?;
    if mode == Mode::Preview {
        transaction.rollback().await?;
        return Ok(report);
    }
    let run = Uuid::now_v7();
    let sha256 = digest(order.path.clone()).await?;
    put_run(&mut transaction, order, now, run, &sha256, &report).await?;
    let deed = Deed {
        action: "import.commit",
        subject_kind: "import_run",
        subject: &run.to_string(),
        detail: json!({
            "kind": order.kind.code(),
            "file": order.file_name,
            "sha256": hex::encode(&sha256),
            "read": report.read,
            "accepted": report.accepted,
            "rejected": report.rejected,
            "unchanged": report.unchanged,
            "accept_warnings": order.options.accept_warnings,
        }),
    };
    audit::record(&mut transaction, &order.scope, &order.actor, deed, now).await?;
    transaction.commit().await?;
    Ok(report)
}

fn report(intake: Intake, counts: Counts) -> anyhow::Result<Report> {
    let mut faults = intake.faults;
    faults.sort_by_key(|fault| fault.record);
    let report = Report {
        read: intake.read,
        accepted: u64::try_from(counts.accepted)?,
        rejected: u64::try_from(counts.rejected)?,
        unchanged: u64::try_from(counts.unchanged)?,
        faults,
        format: Some(intake.format.to_owned()),
        encoding: intake.encoding.map(str::to_owned),
        ..Report::default()
    };
    let told = report.accepted + report.rejected + report.unchanged;
    anyhow::ensure!(told == report.read, "{} records were read, {told} accounted for", report.read);
    Ok(report)
}

async fn digest(path: PathBuf) -> anyhow::Result<Vec<u8>> {
    let hash = tokio::task::spawn_blocking(move || -> io::Result<Vec<u8>> {
        let mut file = File::open(path)?;
        let mut hash = Sha256::new();
        let mut buffer = vec![0; 1 << 16];
        loop {
            match file.read(&mut buffer)? {
                0 => return Ok(hash.finalize().to_vec()),
                count => hash.update(&buffer[..count]),
            }
        }
    });
    Ok(hash.await??)
}

async fn put_run(
    connection: &mut PgConnection,
    order: &Order,
    now: DateTime<Utc>,
    run: Uuid,
    sha256: &[u8],
    report: &Report,
) -> anyhow::Result<()> {
    sqlx::query!(
        "INSERT INTO import_run (district, id, kind, file_name, file_sha256, options, state, report,
             read, accepted, rejected, unchanged, account, actor, created_at, committed_at)
         VALUES ($1, $2, $3, $4, $5, $6, 'committed', $7, $8, $9, $10, $11, $12, $13, $14, $14)",
        order.scope.county(),
        run,
        order.kind.code(),
        order.file_name,
        sha256,
        serde_json::to_value(&order.options)?,
        serde_json::to_value(report)?,
        i64::try_from(report.read)?,
        i64::try_from(report.accepted)?,
        i64::try_from(report.rejected)?,
        i64::try_from(report.unchanged)?,
        order.actor.account,
        order.actor.name,
        now
    )
    .execute(connection)
    .await?;
    Ok(())
}
