//! Outlines of the district, its sub-districts and its platforms, from a file of shapes.

mod read;
mod store;

#[cfg(test)]
mod tests;

use chrono::{DateTime, NaiveDate, Utc};

use super::feed::{self, Fed};
use super::{Mode, Order, Progress, Report, ledger};
use crate::base::clock::china_day;
use crate::db::layer;
use crate::db::{PgConnection, PgPool};
use crate::exchange::frame::{self, Purpose};
use crate::exchange::{Fault, FaultCode};
use read::OutlineRows;

crate::terms! {
    pub enum OutlineKind {
        District = "district" => "区县",
        Subdistrict = "subdistrict" => "街道",
        Platform = "platform" => "平台",
    }
}

const PREVIEWED: i64 = 200;

/// Imports outlines; see [`super::run`].
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
        layer::lock(&mut transaction, &order.scope, layer::OUTLINES).await?;
        // Parcels are placed anew by what is loaded.
        layer::lock(&mut transaction, &order.scope, layer::PARCELS).await?;
    }
    store::open_stage(&mut transaction).await?;
    let rows = OutlineRows::new(order.scope.district.clone(), as_of, shifted);
    let fed = match feed::feed(&mut transaction, read::COPY, order, rows, progress).await? {
        Ok(fed) => fed,
        Err(unreadable) => return Ok(Report::unreadable(unreadable)),
    };
    let mut report = fed.report();
    let Some((srid, _)) = fed.decide(order, Purpose::Outlines, &mut report) else { return Ok(report) };
    progress.at("检查", 0, Some(report.read));
    let Fed { rows: OutlineRows { faults, refused, .. }, .. } = fed;
    report.faults.extend(faults);
    store::place(&mut transaction, srid).await?;
    check(&mut transaction, order, as_of, &mut report).await?;
    let counts = store::count(&mut transaction).await?;
    report.accepted = counts.accepted as u64;
    report.unchanged = counts.unchanged as u64;
    report.rejected = counts.rejected as u64 + refused;
    report.faults.sort_by_key(|fault| (fault.record, fault.line));
    if mode == Mode::Preview {
        report.preview = Some(store::preview(&mut transaction, PREVIEWED).await?);
        return Ok(report);
    }
    progress.at("写入", 0, Some(report.read));
    store::supersede(&mut transaction, order, as_of, now).await?;
    store::insert(&mut transaction, order, as_of, now).await?;
    if report.accepted > 0 {
        layer::raise(&mut transaction, &order.scope, layer::OUTLINES).await?;
        if store::place_parcels_again(&mut transaction, order, as_of, now).await? > 0 {
            layer::raise(&mut transaction, &order.scope, layer::PARCELS).await?;
        }
    }
    ledger::record(&mut transaction, order, &report, now).await?;
    transaction.commit().await?;
    Ok(report)
}

async fn check(
    connection: &mut PgConnection,
    order: &Order,
    as_of: NaiveDate,
    report: &mut Report,
) -> Result<(), sqlx::Error> {
    let place = |fault: Fault, record: i64, line: Option<i64>| fault.at(Some(record as u64), line.map(|l| l as u64));
    for found in store::invalid(connection).await? {
        let message = format!("转换到经纬度后图形无效（{}）。请修正图形。", found.what);
        report.faults.push(place(Fault::error(FaultCode::GeometryInvalid, message), found.record, found.line));
    }
    for found in store::duplicates(connection).await? {
        let message = format!("界线 {} 在文件中不止一条。同类同码只能有一条，请合并或删去。", found.what);
        report.faults.push(place(Fault::error(FaultCode::CodeDuplicate, message), found.record, found.line));
    }
    store::compare(connection, &order.scope, as_of).await?;
    for found in store::known_on_other_days(connection, &order.scope).await? {
        let message = format!("界线 {} 在册，但有效期不含 {as_of}。请核对 --as-of。", found.what);
        let fault = Fault::error(FaultCode::ConflictsWithRegister, message);
        report.faults.push(place(fault, found.record, found.line));
    }
    Ok(())
}
