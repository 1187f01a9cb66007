//! Parcels from a file of shapes: staged in the file's frame, set over and checked by the database, taken or refused one by
//! one. Overlaps are warnings: of two surveys that differ, the file alone does not say which is right.

pub(super) mod attributes;
mod checks;
mod common_ground;
mod neighbours;
mod overlaps;
mod read;
mod store;

#[cfg(test)]
mod tests;

use rust_decimal::{Decimal, RoundingStrategy};
use rust_decimal_macros::dec;

use super::Report;
use super::report::Counts;
use super::shapes::{Run, Shapes};
use crate::db::{PgConnection, layer};
use crate::exchange::frame::{self, Purpose};
use crate::exchange::{Fault, FaultCode};
use crate::parcel::SupplyStatus;
use read::ParcelRows;

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

pub struct Parcels;

impl Shapes for Parcels {
    type Rows = ParcelRows;
    const COPY: &'static str = read::COPY;
    const LAYER: &'static str = layer::PARCELS;
    const PURPOSE: Purpose = Purpose::Parcels;

    fn rows(run: &Run<'_>) -> ParcelRows {
        ParcelRows::new(run.order.scope.district.clone(), run.as_of, run.shifted)
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
        rows: ParcelRows,
        srid: i32,
        report: &mut Report,
    ) -> Result<u64, sqlx::Error> {
        let scope = &run.order.scope;
        run.at("转换与量算", report);
        store::place(connection, scope, run.as_of, srid, frame::is_plane(srid).then_some(srid)).await?;
        run.at("检查", report);
        report.faults.extend(rows.faults);
        let bent = store::bent(connection, srid).await?;
        checks::refuse(connection, &mut report.faults, bent.iter().map(|bent| bent.fault(run.shifted))).await?;
        checks::run(connection, scope, run.as_of, &mut report.faults).await?;
        let Report { faults, parcels, .. } = report;
        store::for_each_measured(connection, |measured| {
            faults.extend(checks::area_fault(&measured));
            parcels.push(measured.areas);
        })
        .await?;
        if rows.without_supply_status > 0 {
            report.faults.push(unstated_supply(rows.without_supply_status));
        }
        Ok(rows.without_shape)
    }

    async fn count(connection: &mut PgConnection) -> Result<Counts, sqlx::Error> {
        store::count(connection).await
    }

    async fn preview(connection: &mut PgConnection, limit: i64) -> Result<serde_json::Value, sqlx::Error> {
        store::preview(connection, limit).await
    }

    async fn write(run: &Run<'_>, connection: &mut PgConnection, survey_truth: bool) -> Result<(), sqlx::Error> {
        let order = run.order;
        let reason = format!("导入 {}", order.file_name);
        let correction = format!("导入更正 {}", order.file_name);
        let words = Words {
            survey_truth,
            supply_status: UNSTATED_SUPPLY.code(),
            source: &order.file_name,
            reason: &reason,
            correction: &correction,
        };
        store::supersede(connection, &order.scope, run.as_of, run.now, &order.actor, &reason).await?;
        store::insert(connection, &order.scope, run.as_of, run.now, &order.actor, &words).await?;
        Ok(())
    }
}

fn unstated_supply(count: u64) -> Fault {
    let message = format!(
        "{count} 条记录没有供应状态：在册宗地沿用原状态，新宗地按“{UNSTATED_SUPPLY}”登记。如有不同请补上“供应状态”一列。"
    );
    Fault::warning(FaultCode::ValueMissing, message)
}
