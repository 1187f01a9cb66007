//! An edition of a planning layer from a file of shapes. It is taken whole or not at all: a record that is left out would
//! make land look free that is not.

mod read;
mod said;
mod store;

#[cfg(test)]
mod tests;

use chrono::{DateTime, Utc};

use super::feed::{self, Fed, Framed};
use super::{Mode, Order, Progress, Report, agreement, ledger};
use crate::base::clock::china_day;
use crate::db::{PgConnection, PgPool, layer};
use crate::exchange::frame::Purpose;
use crate::exchange::{Fault, FaultCode, FileOption};
use crate::planning::store::{self as editions, NewEdition};
use crate::planning::{Demand, uses};
use read::PlanningRows;
use said::Said;

const PREVIEWED: i64 = 200;

/// Imports an edition; see [`super::run`].
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
    let said = match Said::by(&order.options) {
        Ok(said) => said,
        Err(report) => return Ok(*report),
    };
    let agreement = agreement::on(pool, china_day(now)).await?;
    let mut transaction = pool.begin().await?;
    if mode == Mode::Commit {
        layer::lock(&mut transaction, &order.scope, layer::PLANNING).await?;
    }
    store::open_stage(&mut transaction).await?;
    let rows = PlanningRows::new(uses::scheme_of(said.layer));
    let fed = match feed::feed(&mut transaction, read::COPY, order, rows, progress).await? {
        Ok(fed) => fed,
        Err(unreadable) => return Ok(Report::unreadable(unreadable)),
    };
    let mut report = fed.report();
    if let Some(fault) = nothing_drawn(&report, &said, order) {
        report.unreadable = fault.is_error();
        report.faults.push(fault);
        if report.unreadable {
            return Ok(report);
        }
    }
    let (srid, astray) = match report.read {
        0 => (crate::exchange::frame::CGCS2000, Vec::new()),
        _ => match fed.decide(order, Purpose::Parcels, agreement, &mut report) {
            Some(Framed { srid, survey_truth: true, astray }) => (srid, astray),
            Some(_) => return Ok(not_surveyed(report)),
            None => return Ok(report),
        },
    };
    let left_out = if astray.is_empty() { 0 } else { store::leave_out(&mut transaction, &astray).await? };
    progress.at("转换与量算", 0, Some(report.read));
    let Fed { rows: PlanningRows { faults, without_shape, .. }, .. } = fed;
    report.faults.extend(faults);
    store::place(&mut transaction, srid).await?;
    progress.at("检查", 0, Some(report.read));
    check(&mut transaction, srid, &mut report).await?;
    let staged = store::count(&mut transaction).await?;
    let mark = said.fingerprint(&staged.fingerprint, srid);
    let refused = staged.rejected as u64 + without_shape + left_out;
    let before = editions::edition_at(&mut transaction, &order.scope, said.layer, said.from).await?;
    let known = before.is_some_and(|edition| edition.valid.from == Some(said.from) && edition.fingerprint == mark);
    settle(&mut report, refused, known);
    report.faults.sort_by_key(|fault| (fault.record, fault.line));
    if mode == Mode::Preview {
        report.preview = Some(store::preview(&mut transaction, PREVIEWED, refused > 0, known).await?);
        return Ok(report);
    }
    progress.at("写入", 0, Some(report.read));
    if refused == 0 && !known {
        record(&mut transaction, order, &said, &mark, &staged, now).await?;
        layer::raise(&mut transaction, &order.scope, layer::PLANNING).await?;
    }
    ledger::record(&mut transaction, order, &report, now).await?;
    transaction.commit().await?;
    Ok(report)
}

/// A layer without areas is either a mistake or a statement, and only a person can say which.
fn nothing_drawn(report: &Report, said: &Said, order: &Order) -> Option<Fault> {
    if report.read > 0 {
        return None;
    }
    let (layer, demand) = (said.layer, said.demand);
    Some(if demand == Demand::Clear && order.options.accept_warnings {
        Fault::warning(FaultCode::FileEmpty, format!("文件没有图形：按本区没有{layer}登记。"))
    } else if demand == Demand::Clear {
        let message =
            format!("文件没有图形。如果本区确实没有{layer}，请以{}重新导入。", FileOption::AcceptWarnings.named());
        Fault::error(FaultCode::FileEmpty, message)
    } else {
        Fault::error(FaultCode::FileEmpty, "文件没有图形。请重新导出后再导入。")
    })
}

fn not_surveyed(report: Report) -> Report {
    let message = "规划图层须用测绘坐标（CGCS2000），网络地图坐标还原后有米级误差，不能用来核查。请取得原始数据。";
    let fault = Fault::error(FaultCode::FrameNotSurvey, message);
    Report { unreadable: true, rejected: report.read, faults: [report.faults, vec![fault]].concat(), ..report }
}

async fn check(connection: &mut PgConnection, srid: i32, report: &mut Report) -> Result<(), sqlx::Error> {
    report.faults.extend(store::bent(connection, srid).await?.iter().map(|bent| bent.fault(false)));
    for found in store::without_zone(connection).await? {
        let fault = Fault::error(FaultCode::FrameOutOfRange, "图形在中国各 3° 分带之外。请核对坐标系。");
        report.faults.push(fault.at(Some(found.record as u64), found.line.map(|line| line as u64)));
    }
    Ok(())
}

/// read = accepted + rejected + unchanged, where an edition is one.
fn settle(report: &mut Report, refused: u64, known: bool) {
    if refused > 0 {
        report.rejected = report.read;
        let message =
            format!("有 {refused} 条记录不能采用。图层须完整，否则缺失处会被当作没有冲突，所以整个版本都未采用。");
        report.faults.push(Fault::error(FaultCode::EditionIncomplete, message));
    } else if known {
        report.unchanged = report.read;
    } else {
        report.accepted = report.read;
    }
}

async fn record(
    connection: &mut PgConnection,
    order: &Order,
    said: &Said,
    mark: &[u8],
    staged: &store::Staged,
    now: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    let edition = NewEdition {
        layer: said.layer,
        name: &said.name,
        from: said.from,
        demand: said.demand,
        allowed_uses: &said.allowed_uses,
        review_by: said.review_by,
        source: &order.file_name,
        fingerprint: mark,
        areas: staged.areas,
        area_m2: staged.area_m2,
        recorded_at: now,
        recorded_by: &order.actor.name,
    };
    editions::end_for(connection, &order.scope, said.layer, said.from, now, &order.actor.name).await?;
    let id = editions::record_edition(connection, &order.scope, &edition).await?;
    store::insert(connection, &order.scope, id).await?;
    editions::cut_parts(connection, &order.scope, id).await
}
