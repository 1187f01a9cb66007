//! Who occupies which parcel, from a table. A lease is one row of the register whichever side tells it: 租入 makes the
//! teller the occupant, 租出 makes it the lessor; told by both sides it is still one.

mod reader;
mod spec;
mod store;
#[cfg(test)]
mod tests;

use chrono::{DateTime, Utc};
use sqlx::{Connection, Postgres, Transaction};

pub use spec::SPEC;

use self::store::{parcel_checks, twins};
use super::table_stage::{self as stage, Counts, fill, named};
use super::{Mode, Order, Progress, Report};
use crate::db::{PgConnection, PgPool};
use crate::exchange::Fault;

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
    let mut transaction = pool.begin().await?;
    stage::lock(&mut transaction, &order.scope, order.kind).await?;
    named::open(&mut transaction, store::STAGING).await?;
    let reader = reader::Reader { as_of: order.options.as_of };
    let mut intake = match fill(&mut transaction, order, &SPEC, store::COPY, reader, progress).await? {
        Ok(intake) => intake,
        Err(unreadable) => return Ok(stage::refused(unreadable)),
    };
    progress.at(stage::CHECK, 0, Some(intake.read));
    intake.faults.extend(check(&mut transaction, order).await?);
    progress.at(stage::WRITE, 0, Some(intake.read));
    let counts = apply_within_parcels(&mut transaction, order, now, &mut intake.faults).await?;
    progress.at(stage::WRITE, intake.read, Some(intake.read));
    let outcome = stage::outcome(&mut transaction, store::STAGING).await?;
    let looked_back = stage::look_back(order, &[&SPEC], outcome).await?;
    stage::close(transaction, order, mode, now, intake, counts, looked_back).await
}

/// Whether the uses of a parcel fit on it is known once they are written. Those that do not are taken back, unless somebody
/// waves them through.
async fn apply_within_parcels(
    transaction: &mut Transaction<'_, Postgres>,
    order: &Order,
    now: DateTime<Utc>,
    faults: &mut Vec<Fault>,
) -> Result<Counts, sqlx::Error> {
    let mut attempt = transaction.begin().await?;
    let counts = store::apply(&mut attempt, order, now).await?;
    let found = parcel_checks::exceeded(&mut attempt, order).await?;
    if found.is_empty() || order.options.accept_warnings {
        faults.extend(parcel_checks::told(&mut attempt, order, &found).await?);
        attempt.commit().await?;
        return Ok(counts);
    }
    attempt.rollback().await?;
    faults.extend(parcel_checks::told(transaction, order, &found).await?);
    store::apply(transaction, order, now).await
}

/// Marks what the register does not take, and says why.
async fn check(connection: &mut PgConnection, order: &Order) -> Result<Vec<Fault>, sqlx::Error> {
    sqlx::raw_sql("ANALYZE staging_occupancy").execute(&mut *connection).await?;
    let mut faults = named::refuse_unknown_enterprises(connection, order, store::STAGING).await?;
    faults.extend(store::look_at_counterparts(connection, order).await?);
    faults.extend(parcel_checks::refuse_unknown(connection, order).await?);
    faults.extend(parcel_checks::warn_of_later(connection, order).await?);
    if let Some(own) = order.scope.subdistrict_code() {
        faults.extend(named::refuse_outside(connection, order, (store::STAGING, own)).await?);
        faults.extend(parcel_checks::refuse_outside(connection, order, own).await?);
    }
    faults.extend(twins::settle(connection).await?);
    faults.extend(store::compare_with_register(connection, order).await?);
    faults.extend(twins::refuse_overlaps(connection, order).await?);
    Ok(faults)
}
