//! Accounts with power, water and gas, and what bodies report to have done, from tables. A row on record already is left as it is;
//! what a row would change is ended or withdrawn by a person first.

mod accounts;
mod reports;
mod row;
mod store;
#[cfg(test)]
mod tests;
mod wording;

use chrono::{DateTime, Utc};

use super::table_stage::{self as stage, Intake, RowReader, fill, named};
use super::{ImportKind, Mode, Order, Progress, Report};
use crate::base::clock::china_day;
use crate::db::{PgConnection, PgPool};
use crate::exchange::{Fault, TableSpec, Unreadable};
use crate::policy;

/// What a table is taken into.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    Accounts,
    Reports,
}

impl Target {
    pub fn of(kind: ImportKind) -> Option<Self> {
        match kind {
            ImportKind::Accounts => Some(Target::Accounts),
            ImportKind::Reports => Some(Target::Reports),
            _ => None,
        }
    }

    /// The columns of the table.
    pub fn spec(self) -> &'static TableSpec {
        match self {
            Target::Accounts => &accounts::SPEC,
            Target::Reports => &reports::SPEC,
        }
    }
}

/// Imports one table in one transaction.
///
/// # Errors
/// When the database fails or the file vanishes; what is wrong with the file is in the report.
pub async fn run(
    pool: &PgPool,
    (order, target): (&Order, Target),
    mode: Mode,
    now: DateTime<Utc>,
    progress: &dyn Progress,
) -> anyhow::Result<Report> {
    let reports = reports::Reader {
        catalogue: policy::store::current(pool, &order.scope.district).await?,
        reporter: order.options.reporter,
        year: order.options.year,
        today: china_day(now),
    };
    let mut transaction = pool.begin().await?;
    stage::lock(&mut transaction, &order.scope, order.kind).await?;
    named::open(&mut transaction, store::STAGING).await?;
    let filled = match target {
        Target::Accounts => read(&mut transaction, order, (target, accounts::Reader), progress).await?,
        Target::Reports => read(&mut transaction, order, (target, reports), progress).await?,
    };
    let mut intake = match filled {
        Ok(intake) => intake,
        Err(unreadable) => return Ok(stage::refused(unreadable)),
    };
    progress.at(stage::CHECK, 0, Some(intake.read));
    intake.faults.extend(check(&mut transaction, order, target).await?);
    progress.at(stage::WRITE, 0, Some(intake.read));
    match target {
        Target::Accounts => store::accounts::insert(&mut transaction, order, now).await?,
        Target::Reports => store::reports::insert(&mut transaction, order, now).await?,
    }
    let counts = stage::counts(&mut transaction, store::STAGING).await?;
    progress.at(stage::WRITE, intake.read, Some(intake.read));
    let outcome = stage::outcome(&mut transaction, store::STAGING).await?;
    let looked_back = stage::look_back(order, &[target.spec()], outcome).await?;
    stage::close(transaction, order, mode, now, intake, counts, looked_back).await
}

async fn read<R: RowReader>(
    connection: &mut PgConnection,
    order: &Order,
    (target, reader): (Target, R),
    progress: &dyn Progress,
) -> anyhow::Result<Result<Intake, Unreadable>> {
    fill(connection, order, target.spec(), store::COPY, reader, progress).await
}

/// Marks what the register does not take, and says why.
async fn check(connection: &mut PgConnection, order: &Order, target: Target) -> Result<Vec<Fault>, sqlx::Error> {
    sqlx::raw_sql("ANALYZE staging_allocation").execute(&mut *connection).await?;
    let mut faults = named::refuse_unknown_enterprises(connection, order, store::STAGING).await?;
    if let Some(own) = order.scope.subdistrict_code() {
        faults.extend(named::refuse_outside(connection, order, (store::STAGING, own)).await?);
    }
    faults.extend(named::refuse_duplicates(connection, (store::STAGING, "企业")).await?);
    faults.extend(match target {
        Target::Accounts => store::accounts::compare(connection, order).await?,
        Target::Reports => store::reports::compare(connection, order).await?,
    });
    Ok(faults)
}
