//! The enterprise register from a table: one row says what holds of an enterprise from a day on.

mod reader;
mod spec;
mod store;
#[cfg(test)]
mod tests;

use chrono::{DateTime, Utc};

pub use spec::SPEC;

use super::table_stage::{self as stage, fill, named};
use super::{Mode, Order, Progress, Report};
use crate::base::clock::china_day;
use crate::db::PgPool;

/// Imports one table in one transaction.
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
    let today = china_day(now);
    let mut transaction = pool.begin().await?;
    stage::lock(&mut transaction, &order.scope, order.kind).await?;
    named::open(&mut transaction, store::STAGING).await?;
    let reader = reader::Reader {
        subdistricts: store::subdistricts(&mut transaction, &order.scope, today).await?,
        as_of: order.options.as_of,
        today,
        edition_column: false,
    };
    let mut intake = match fill(&mut transaction, order, &SPEC, store::COPY, reader, progress).await? {
        Ok(intake) => intake,
        Err(unreadable) => return Ok(stage::refused(unreadable)),
    };
    progress.at(stage::CHECK, 0, Some(intake.read));
    store::complete_from_register(&mut transaction, order, today).await?;
    intake.faults.extend(store::check(&mut transaction, order).await?);
    progress.at(stage::WRITE, 0, Some(intake.read));
    let counts = store::apply(&mut transaction, order, now).await?;
    progress.at(stage::WRITE, intake.read, Some(intake.read));
    let outcome = stage::outcome(&mut transaction, store::STAGING).await?;
    let looked_back = stage::look_back(order, &[&SPEC], outcome).await?;
    stage::close(transaction, order, mode, now, intake, counts, looked_back).await
}
