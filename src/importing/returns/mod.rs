//! Annual returns from a table: one row an enterprise and year, one figure an indicator. What is missing stays missing.
//!
//! A figure that differs supersedes the one in the register. A confirmed figure gives way only to another confirmed one,
//! or when the user waves the warning through. A figure told again as merely reported stays confirmed.

#[cfg(test)]
mod plausible_tests;
mod reader;
mod spec;
mod store;
#[cfg(test)]
mod tests;

use chrono::{DateTime, Datelike, Utc};

pub use spec::SPEC;

use super::table_stage::{self as stage, fill};
use super::{Mode, Order, Progress, Report};
use crate::account::Department;
use crate::base::clock::china_day;
use crate::db::PgPool;
use crate::policy;

/// Whose figures a file may confirm.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Confirms {
    Nothing,
    Of(Department),
    /// From the command line.
    Everything,
}

/// A steward says so when bringing the file, and for the own department only: "谁主管、谁统计、谁负责".
fn confirms(order: &Order) -> Confirms {
    match (order.scope.subdistrict.is_some(), order.actor.account, order.options.confirm) {
        (true, _, _) => Confirms::Nothing,
        (false, None, _) => Confirms::Everything,
        (false, Some(_), Some(own)) => Confirms::Of(own),
        (false, Some(_), None) => Confirms::Nothing,
    }
}

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
    let published = policy::store::parameters(pool).await?;
    let mut transaction = pool.begin().await?;
    stage::lock(&mut transaction, &order.scope, order.kind).await?;
    store::open_stage(&mut transaction).await?;
    let reader = reader::Reader {
        year: order.options.year,
        this_year: china_day(now).year(),
        may_confirm: confirms(order) != Confirms::Nothing,
    };
    let mut intake = match fill(&mut transaction, order, &SPEC, store::COPY, reader, progress).await? {
        Ok(intake) => intake,
        Err(unreadable) => return Ok(stage::refused(unreadable)),
    };
    progress.at(stage::CHECK, 0, Some(intake.read));
    intake.faults.extend(store::check(&mut transaction, order, &published).await?);
    progress.at(stage::WRITE, 0, Some(intake.read));
    let counts = store::apply(&mut transaction, order, now).await?;
    progress.at(stage::WRITE, intake.read, Some(intake.read));
    let outcome = stage::outcome(&mut transaction, store::STAGING).await?;
    let looked_back = stage::look_back(order, &[&SPEC], outcome).await?;
    stage::close(transaction, order, mode, now, intake, counts, looked_back).await
}
