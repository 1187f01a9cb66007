//! The frame of an import of shapes: read into a staging table, the frame of the coordinates decided, checked, counted,
//! and written or rolled back, all in one transaction. What differs between parcels and outlines is their [`Shapes`].

use chrono::{DateTime, NaiveDate, Utc};

use super::feed::{self, Framed, Rows};
use super::report::Counts;
use super::{Mode, Order, Progress, Report, agreement, ledger};
use crate::base::clock::china_day;
use crate::db::{PgConnection, PgPool, layer};
use crate::exchange::frame::{self, Purpose};

const PREVIEWED: i64 = 200;

/// One import of shapes under way.
pub struct Run<'a> {
    pub order: &'a Order,
    pub as_of: NaiveDate,
    pub now: DateTime<Utc>,
    /// The file's coordinates are in GCJ-02 and are brought back while reading.
    pub shifted: bool,
    progress: &'a dyn Progress,
}

impl Run<'_> {
    /// Tells the user which step begins, of all that was read.
    pub fn at(&self, step: &'static str, report: &Report) {
        self.progress.at(step, 0, Some(report.read));
    }
}

/// What one kind of shapes does of its own.
pub trait Shapes {
    type Rows: Rows;
    /// `COPY … FROM STDIN` into the first staging table.
    const COPY: &'static str;
    const LAYER: &'static str;
    const PURPOSE: Purpose;

    fn rows(run: &Run<'_>) -> Self::Rows;

    fn open_stage(connection: &mut PgConnection) -> impl Future<Output = Result<(), sqlx::Error>> + Send;

    /// Takes records out of the first staging table, and answers how many of them stood there.
    fn leave_out(
        connection: &mut PgConnection,
        records: &[i64],
    ) -> impl Future<Output = Result<u64, sqlx::Error>> + Send;

    /// Sets the staged shapes, which are in the frame `srid`, into the register's frame, marks what is refused and says why.
    /// Answers how many records were refused while reading and never staged.
    fn check(
        run: &Run<'_>,
        connection: &mut PgConnection,
        rows: Self::Rows,
        srid: i32,
        report: &mut Report,
    ) -> impl Future<Output = Result<u64, sqlx::Error>> + Send;

    fn count(connection: &mut PgConnection) -> impl Future<Output = Result<Counts, sqlx::Error>> + Send;

    /// The first records as a GeoJSON collection.
    fn preview(
        connection: &mut PgConnection,
        limit: i64,
    ) -> impl Future<Output = Result<serde_json::Value, sqlx::Error>> + Send;

    /// Makes versions of the register of what is neither refused nor unchanged.
    fn write(
        run: &Run<'_>,
        connection: &mut PgConnection,
        survey_truth: bool,
    ) -> impl Future<Output = Result<(), sqlx::Error>> + Send;
}

/// Imports one file; see [`super::run`].
///
/// # Errors
/// When the database fails; what is wrong with the file is in the report.
pub async fn run<S: Shapes>(
    pool: &PgPool,
    order: &Order,
    mode: Mode,
    now: DateTime<Utc>,
    progress: &dyn Progress,
) -> anyhow::Result<Report> {
    let as_of = order.options.as_of.unwrap_or_else(|| china_day(now));
    let run = Run { order, as_of, now, shifted: order.options.srid == Some(frame::GCJ02), progress };
    let agreement = agreement::on(pool, china_day(now)).await?;
    let mut transaction = pool.begin().await?;
    if mode == Mode::Commit {
        layer::lock(&mut transaction, &order.scope, S::LAYER).await?;
    }
    S::open_stage(&mut transaction).await?;
    let fed = match feed::feed(&mut transaction, S::COPY, order, S::rows(&run), progress).await? {
        Ok(fed) => fed,
        Err(unreadable) => return Ok(Report::unreadable(unreadable)),
    };
    let mut report = fed.report();
    let Some(Framed { srid, survey_truth, astray }) = fed.decide(order, S::PURPOSE, agreement, &mut report) else {
        return Ok(report);
    };
    let left_out = if astray.is_empty() { 0 } else { S::leave_out(&mut transaction, &astray).await? };
    let never_staged = left_out + S::check(&run, &mut transaction, fed.rows, srid, &mut report).await?;
    let counts = S::count(&mut transaction).await?;
    report.accepted = counts.accepted as u64;
    report.unchanged = counts.unchanged as u64;
    report.rejected = counts.rejected as u64 + never_staged;
    report.faults.sort_by_key(|fault| (fault.record, fault.line));
    if mode == Mode::Preview {
        report.preview = Some(S::preview(&mut transaction, PREVIEWED).await?);
        return Ok(report);
    }
    run.at("写入", &report);
    if report.accepted > 0 {
        S::write(&run, &mut transaction, survey_truth).await?;
        layer::raise(&mut transaction, &order.scope, S::LAYER).await?;
    }
    ledger::record(&mut transaction, order, &report, now).await?;
    transaction.commit().await?;
    progress.at("完成", report.read, Some(report.read));
    Ok(report)
}
