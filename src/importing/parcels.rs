//! Parcels from a file of shapes: staged in the file's frame, set over and checked by the database, taken or refused one by
//! one. Overlaps are warnings: of two surveys that differ, the file alone does not say which is right.

pub(super) mod attributes;
mod checks;
mod read;
mod store;

#[cfg(test)]
mod tests;

use chrono::{DateTime, NaiveDate, Utc};
use rust_decimal::{Decimal, RoundingStrategy};
use rust_decimal_macros::dec;

use super::feed;
use super::{Mode, Order, Progress, Report, ledger};
use crate::base::clock::china_day;
use crate::db::layer;
use crate::db::{PgConnection, PgPool};
use crate::exchange::frame::{self, Purpose};
use crate::exchange::{Fault, FaultCode};
use crate::parcel::SupplyStatus;
use read::ParcelRows;

const PREVIEWED: i64 = 200;
/// What a parcel is registered as when neither the file nor the register says how far it has come.
const UNSTATED_SUPPLY: SupplyStatus = SupplyStatus::InUse;

/// What goes into every row of one import.
pub struct Words<'a> {
    pub survey_truth: bool,
    pub supply_status: &'a str,
    pub source: &'a str,
    pub reason: &'a str,
    pub correction: &'a str,
}

/// Square metres in mu (2000/3 m²), four decimals.
fn mu(square_metres: Decimal) -> Decimal {
    (square_metres * dec!(3) / dec!(2000)).round_dp_with_strategy(4, RoundingStrategy::MidpointAwayFromZero)
}

/// Imports parcels; see [`super::run`].
///
/// # Errors
/// When the database fails; what is wrong with the file is in the report.
pub async fn run(
    pool: &PgPool,
    order: &Order,
    mode: Mode,
    now: DateTime<Utc>,
    progress: &dyn Progress,
) -> anyhow::Result<Report> {
    let as_of = order.options.as_of.unwrap_or_else(|| china_day(now));
    let shifted = order.options.srid == Some(frame::GCJ02);
    let mut transaction = pool.begin().await?;
    if mode == Mode::Commit {
        layer::lock(&mut transaction, &order.scope, layer::PARCELS).await?;
    }
    store::open_stage(&mut transaction).await?;
    let rows = ParcelRows::new(order.scope.district.clone(), as_of, shifted);
    let fed = match feed::feed(&mut transaction, read::COPY, order, rows, progress).await? {
        Ok(fed) => fed,
        Err(unreadable) => return Ok(Report::unreadable(unreadable)),
    };
    let mut report = fed.report();
    let Some((srid, survey_truth)) = fed.decide(order, Purpose::Parcels, &mut report) else { return Ok(report) };
    let total = Some(report.read);
    progress.at("转换与量算", 0, total);
    store::place(&mut transaction, srid, frame::is_plane(srid).then_some(srid)).await?;
    progress.at("检查", 0, total);
    let ParcelRows { faults, without_shape, without_supply_status, .. } = fed.rows;
    report.faults.extend(faults);
    check(&mut transaction, order, as_of, &mut report).await?;
    if without_supply_status > 0 {
        report.faults.push(unstated_supply(without_supply_status));
    }
    let counts = store::count(&mut transaction).await?;
    report.accepted = counts.accepted as u64;
    report.unchanged = counts.unchanged as u64;
    report.rejected = counts.rejected as u64 + without_shape;
    report.faults.sort_by_key(|fault| (fault.record, fault.line));
    if mode == Mode::Preview {
        report.preview = Some(store::preview(&mut transaction, PREVIEWED).await?);
        return Ok(report);
    }
    progress.at("写入", 0, total);
    apply(&mut transaction, order, as_of, survey_truth, now).await?;
    if report.accepted > 0 {
        layer::raise(&mut transaction, &order.scope, layer::PARCELS).await?;
    }
    ledger::record(&mut transaction, order, &report, now).await?;
    transaction.commit().await?;
    progress.at("完成", report.read, total);
    Ok(report)
}

async fn check(
    connection: &mut PgConnection,
    order: &Order,
    as_of: NaiveDate,
    report: &mut Report,
) -> Result<(), sqlx::Error> {
    checks::run(connection, &order.scope, as_of, &mut report.faults).await?;
    let Report { faults, parcels, .. } = report;
    store::for_each_measured(connection, |measured| {
        faults.extend(checks::area_fault(&measured));
        parcels.push(measured.areas);
    })
    .await
}

fn unstated_supply(count: u64) -> Fault {
    let message = format!(
        "{count} 条记录没有供应状态：在册宗地沿用原状态，新宗地按“{UNSTATED_SUPPLY}”登记。如有不同请补上“供应状态”一列。"
    );
    Fault::warning(FaultCode::ValueMissing, message)
}

async fn apply(
    connection: &mut PgConnection,
    order: &Order,
    as_of: NaiveDate,
    survey_truth: bool,
    now: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    let reason = format!("导入 {}", order.file_name);
    let correction = format!("导入更正 {}", order.file_name);
    let words = Words {
        survey_truth,
        supply_status: UNSTATED_SUPPLY.code(),
        source: &order.file_name,
        reason: &reason,
        correction: &correction,
    };
    store::supersede(connection, &order.scope, as_of, now, &order.actor, &reason).await?;
    store::insert(connection, &order.scope, as_of, now, &order.actor, &words).await?;
    Ok(())
}
