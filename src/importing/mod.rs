//! Imports: a file becomes register rows whole, or each refused record is listed. The command line and the pages run
//! the same code; a preview is a commit that is rolled back.

mod agreement;
pub mod allocation;
pub mod api;
mod bent;
pub mod contracts;
pub mod draft;
pub mod draft_job;
mod draft_store;
pub mod enterprises;
pub mod evaluation;
mod feed;
mod ledger;
pub mod list;
pub mod occupancies;
pub mod order;
pub mod outlines;
pub mod pages;
pub mod parcels;
pub mod planning;
pub mod report;
pub mod report_sheet;
pub mod returns;
mod room;
mod run_store;
mod shapes;
#[cfg(test)]
mod sound_shapes_tests;
mod store;
pub mod sweep;
mod table_stage;
mod table_wording;
pub mod uploads;
mod work;

use anyhow::Context;
use chrono::{DateTime, Utc};

pub use order::{ImportKind, ImportOptions, Mode, Order, Progress};
pub use report::{Outcome, ParcelAreas, Report};
pub use room::ROOM;

use crate::db::PgPool;

/// Runs one import in one transaction. Killing the process at any moment leaves the old state.
///
/// # Errors
/// Only what is our fault (the database is gone); what is wrong with the file is in the report.
pub async fn run(
    pool: &PgPool,
    order: &Order,
    mode: Mode,
    now: DateTime<Utc>,
    progress: &dyn Progress,
) -> anyhow::Result<Report> {
    let report = match order.kind {
        ImportKind::Parcels => shapes::run::<parcels::Parcels>(pool, order, mode, now, progress).await,
        ImportKind::Outlines => shapes::run::<outlines::Outlines>(pool, order, mode, now, progress).await,
        ImportKind::Planning => planning::run(pool, order, mode, now, progress).await,
        ImportKind::Enterprises => enterprises::run(pool, order, mode, now, progress).await,
        ImportKind::Occupancies => occupancies::run(pool, order, mode, now, progress).await,
        ImportKind::Returns => returns::run(pool, order, mode, now, progress).await,
        ImportKind::Contracts => contracts::run(pool, order, mode, now, progress).await,
        ImportKind::Vetoes
        | ImportKind::Exemptions
        | ImportKind::Claims
        | ImportKind::Coefficients
        | ImportKind::Platforms
        | ImportKind::Members => {
            let target = evaluation::Target::of(order.kind).context("a list of the evaluation has a register")?;
            evaluation::run(pool, (order, target), mode, now, progress).await
        }
        ImportKind::Accounts | ImportKind::Reports => {
            let target = allocation::Target::of(order.kind).context("a table of the allocation has a register")?;
            allocation::run(pool, (order, target), mode, now, progress).await
        }
    };
    report.map(Report::with_faults_on_the_map)
}
