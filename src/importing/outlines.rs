//! Outlines of the district, its sub-districts and its platforms, from a file of shapes.

mod read;
mod store;

#[cfg(test)]
mod tests;

use chrono::NaiveDate;

use super::report::Counts;
use super::shapes::{Run, Shapes};
use super::{Order, Report};
use crate::db::{PgConnection, layer};
use crate::exchange::frame::Purpose;
use crate::exchange::{Fault, FaultCode, FileOption};
use read::OutlineRows;

crate::terms! {
    pub enum OutlineKind {
        District = "district" => "区县",
        Subdistrict = "subdistrict" => "街道",
        Platform = "platform" => "平台",
    }
}

pub struct Outlines;

impl Shapes for Outlines {
    type Rows = OutlineRows;
    const COPY: &'static str = read::COPY;
    const LAYER: &'static str = layer::OUTLINES;
    const PURPOSE: Purpose = Purpose::Outlines;

    fn rows(run: &Run<'_>) -> OutlineRows {
        OutlineRows::new(run.order.scope.district.clone(), run.as_of, run.shifted)
    }

    async fn open_stage(connection: &mut PgConnection) -> Result<(), sqlx::Error> {
        store::open_stage(connection).await
    }

    async fn leave_out(connection: &mut PgConnection, records: &[i64]) -> Result<u64, sqlx::Error> {
        store::leave_out(connection, records).await
    }

    async fn check(
        run: &Run<'_>,
        connection: &mut PgConnection,
        rows: OutlineRows,
        srid: i32,
        report: &mut Report,
    ) -> Result<u64, sqlx::Error> {
        run.at("检查", report);
        report.faults.extend(rows.faults);
        store::place(connection, srid).await?;
        report.faults.extend(store::bent(connection, srid).await?.iter().map(|bent| bent.fault(run.shifted)));
        judge(connection, run.order, run.as_of, report).await?;
        Ok(rows.refused)
    }

    async fn count(connection: &mut PgConnection) -> Result<Counts, sqlx::Error> {
        store::count(connection).await
    }

    async fn preview(connection: &mut PgConnection, limit: i64) -> Result<serde_json::Value, sqlx::Error> {
        store::preview(connection, limit).await
    }

    async fn write(run: &Run<'_>, connection: &mut PgConnection, _survey_truth: bool) -> Result<(), sqlx::Error> {
        let scope = &run.order.scope;
        // Parcels are placed anew by what is loaded.
        layer::lock(connection, scope, layer::PARCELS).await?;
        store::supersede(connection, run.order, run.as_of, run.now).await?;
        store::insert(connection, run.order, run.as_of, run.now).await?;
        if store::place_parcels_again(connection, run.order, run.as_of, run.now).await? > 0 {
            layer::raise(connection, scope, layer::PARCELS).await?;
        }
        Ok(())
    }
}

async fn judge(
    connection: &mut PgConnection,
    order: &Order,
    as_of: NaiveDate,
    report: &mut Report,
) -> Result<(), sqlx::Error> {
    let place = |fault: Fault, record: i64, line: Option<i64>| fault.at(Some(record as u64), line.map(|l| l as u64));
    for found in store::duplicates(connection).await? {
        let message = format!("界线 {} 在文件中不止一条。同类同码只能有一条，请合并或删去。", found.what);
        report.faults.push(place(Fault::error(FaultCode::CodeDuplicate, message), found.record, found.line));
    }
    store::compare(connection, &order.scope, as_of).await?;
    for found in store::known_on_other_days(connection, &order.scope).await? {
        let message = format!("界线 {} 在册，但有效期不含 {as_of}。请核对{}。", found.what, FileOption::AsOf.named());
        let fault = Fault::error(FaultCode::ConflictsWithRegister, message);
        report.faults.push(place(fault, found.record, found.line));
    }
    Ok(())
}
