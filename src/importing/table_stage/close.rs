//! The end of an import: the report, the row of the run, the audit entry; then commit or roll back.

use chrono::{DateTime, Utc};
use sqlx::{Postgres, Transaction};

use super::{Intake, LookedBack};
use crate::db::layer;
use crate::importing::report::Counts;
use crate::importing::{ImportKind, Mode, Order, Report, ledger};

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
    looked_back: LookedBack,
) -> anyhow::Result<Report> {
    let LookedBack { samples, refused } = looked_back;
    let report = Report { samples, refused, ..report(intake, counts)? };
    if mode == Mode::Preview {
        transaction.rollback().await?;
        return Ok(report);
    }
    if let Some(layer) = layer_of(order.kind).filter(|_| report.accepted > 0) {
        layer::raise(&mut transaction, &order.scope, layer).await?;
    }
    ledger::record(&mut transaction, order, &report, now).await?;
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

/// What a map drawn before the import no longer shows rightly.
fn layer_of(kind: ImportKind) -> Option<&'static str> {
    Some(match kind {
        ImportKind::Parcels => layer::PARCELS,
        ImportKind::Outlines => layer::OUTLINES,
        ImportKind::Planning => layer::PLANNING,
        ImportKind::Enterprises => layer::ENTERPRISES,
        ImportKind::Occupancies => layer::OCCUPANCIES,
        ImportKind::Returns => layer::RETURNS,
        ImportKind::Contracts => layer::CONTRACTS,
        ImportKind::Vetoes
        | ImportKind::Exemptions
        | ImportKind::Claims
        | ImportKind::Coefficients
        | ImportKind::Platforms
        | ImportKind::Members
        | ImportKind::Accounts
        | ImportKind::Reports => return None,
    })
}
