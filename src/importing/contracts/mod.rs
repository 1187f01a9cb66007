//! Grant contracts from a workbook or a .csv: agreements and supplements, instalments, commitments, what happened.
//!
//! The file is read whole, its contracts are held against what is on record by [`plan`], and what is new is written by
//! COPY in one transaction. A contract whose terms cannot be taken is refused with all of its rows; an event that does not
//! fit is refused alone.

mod cells;
mod event;
mod plan;
mod reader;
mod rows;
pub mod spec;
mod store;
mod terms;
#[cfg(test)]
mod tests;
mod wording;

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};

use super::table_stage::{self as stage, Counts, Intake, RecordsOf};
use super::{Mode, Order, Progress, Report};
use crate::base::clock::china_day;
use crate::contract;
use crate::db::PgPool;
use crate::parcel::claims;

/// A record with an error is not taken; every record that is not has one.
fn records(intake: &Intake) -> RecordsOf {
    let rejected: BTreeSet<u64> =
        intake.faults.iter().filter(|fault| fault.is_error()).filter_map(|fault| fault.record).collect();
    let accepted = (1..=intake.read).filter(|record| !rejected.contains(record)).take(RecordsOf::SHOWN as usize);
    let numbers =
        |records: &mut dyn Iterator<Item = u64>| records.filter_map(|record| i64::try_from(record).ok()).collect();
    RecordsOf {
        accepted: numbers(&mut accepted.into_iter()),
        rejected: numbers(&mut rejected.iter().copied().take(RecordsOf::KEPT as usize)),
    }
}

/// Imports one file in one transaction.
///
/// # Errors
/// When the database fails or the file vanishes; what is wrong with the file is in the report.
pub async fn run(
    pool: &PgPool,
    order: &Order,
    mode: Mode,
    now: DateTime<Utc>,
    progress: &dyn Progress,
) -> anyhow::Result<Report> {
    progress.at(stage::READ, 0, None);
    let (path, options) = (order.path.clone(), stage::read_options(order));
    let (rows, mut intake) = match tokio::task::spawn_blocking(move || reader::read(&path, &options)).await? {
        Ok(read) => read,
        Err(unreadable) => return Ok(stage::refused(unreadable)),
    };
    progress.at(stage::CHECK, 0, Some(intake.read));
    let practice = contract::store::practice_at(pool, now).await?;
    let tolerance = claims::store::tolerance(pool, china_day(now)).await?;
    let mut transaction = pool.begin().await?;
    stage::lock(&mut transaction, &order.scope, order.kind).await?;
    let known = store::known(&mut transaction, order, &rows, now).await?;
    let mut plan = plan::plan(rows, &known, &practice, now);
    intake.faults.extend(store::not_registered(&mut transaction, order, &plan).await?);
    progress.at(stage::WRITE, 0, Some(intake.read));
    store::write(&mut transaction, order, &mut plan, tolerance, now).await?;
    intake.faults.append(&mut plan.faults);
    progress.at(stage::WRITE, intake.read, Some(intake.read));
    let counts = Counts {
        accepted: i64::try_from(plan.accepted)?,
        rejected: i64::try_from(plan.rejected)?,
        unchanged: i64::try_from(plan.unchanged)?,
    };
    let looked_back = stage::look_back(order, &spec::TABLES, records(&intake)).await?;
    stage::close(transaction, order, mode, now, intake, counts, looked_back).await
}
