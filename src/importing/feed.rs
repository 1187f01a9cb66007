//! A file of shapes on its way into a staging table: read on a thread of its own, copied while it is read.

use std::ops::ControlFlow;

use tokio::sync::mpsc;

use super::{Order, Progress, Report};
use crate::db::PgConnection;
use crate::db::copy::CopyRows;
use crate::exchange::frame::{self, Agreement, FrameDecision, FrameEvidence, Purpose};
use crate::exchange::{Fault, FaultCode, FeatureFile, FeatureRecord, Format, ReadOptions, ReadSummary, Unreadable};

/// Bytes of rows handed over at a time; with the channel's length this bounds what is held in memory.
const BATCH: usize = 1 << 20;
const BATCHES_WAITING: usize = 4;
const RECORDS_BETWEEN_REPORTS: u64 = 500;

/// Turns records into rows of one staging table and keeps what it noticed.
pub trait Rows: Send + 'static {
    fn take(&mut self, record: FeatureRecord, rows: &mut CopyRows);
    /// Names of the columns it looks for.
    fn names(&self) -> Vec<&'static str>;
    /// What was noticed so far.
    fn faults(&self) -> &[Fault];
}

/// What came of reading a file to its end.
pub struct Fed<R> {
    pub rows: R,
    pub format: Format,
    pub summary: ReadSummary,
}

impl<R: Rows> Fed<R> {
    /// What is known of the file before its records are judged.
    pub fn report(&self) -> Report {
        Report {
            read: self.summary.read,
            faults: self.summary.faults.clone(),
            format: Some(self.format.label().to_owned()),
            encoding: self.summary.encoding.map(str::to_owned),
            ..Report::default()
        }
    }

    /// The frame in which the shapes are staged. `None` when the report says why not.
    pub fn decide(&self, order: &Order, purpose: Purpose, agreement: Agreement, report: &mut Report) -> Option<Framed> {
        let evidence = FrameEvidence {
            declared: self.summary.declared.clone(),
            extent: self.summary.extent,
            named: order.options.srid,
            purpose,
        };
        let (decision, astray) = frame::decide_among(&evidence, &self.summary.places, agreement);
        match decision {
            FrameDecision::Decided { srid, survey_truth, notes } => {
                let label = frame::frame_label(srid);
                report.frame = Some(std::iter::once(label).chain(notes).collect::<Vec<_>>().join("；"));
                let records = astray.iter().filter_map(|fault| fault.record).map(|record| record as i64).collect();
                report.faults.extend(astray);
                // GCJ-02 was brought back while reading.
                let staged = if srid == frame::GCJ02 { frame::CGCS2000 } else { srid };
                Some(Framed { srid: staged, survey_truth, astray: records })
            }
            FrameDecision::Question(question) => {
                // Nothing counts until it is answered.
                report.read = 0;
                report.question = Some(question);
                None
            }
            FrameDecision::Refused { code, message } => {
                report.unreadable = true;
                report.rejected = report.read;
                report.faults.extend(self.rows.faults().iter().filter(|fault| fault.is_error()).cloned());
                // Where every record says why it has no coordinates, that none were read is no news.
                if code != FaultCode::GeometryEmpty || !report.faults.iter().any(Fault::is_error) {
                    report.faults.push(Fault::error(code, message));
                }
                None
            }
        }
    }
}

/// In which frame the shapes are staged.
pub struct Framed {
    pub srid: i32,
    /// Whether it is a surveyed one.
    pub survey_truth: bool,
    /// Records that stand elsewhere and have been refused by a fault of their own.
    pub astray: Vec<i64>,
}

enum Message {
    Batch { rows: Vec<u8>, read: u64 },
}

/// Copies every record of the order's file by `copy`, a `COPY … FROM STDIN`. The inner error is the file's fault.
pub async fn feed<R: Rows>(
    connection: &mut PgConnection,
    copy: &'static str,
    order: &Order,
    rows: R,
    progress: &dyn Progress,
) -> anyhow::Result<Result<Fed<R>, Unreadable>> {
    let (sender, mut receiver) = mpsc::channel(BATCHES_WAITING);
    let options = ReadOptions {
        encoding: order.options.encoding.clone(),
        layer: order.options.layer.clone(),
        names: rows.names(),
        ..ReadOptions::default()
    };
    let path = order.path.clone();
    let reading = tokio::task::spawn_blocking(move || read(&path, &options, rows, &sender));
    let mut sink = connection.copy_in_raw(copy).await?;
    while let Some(Message::Batch { rows, read }) = receiver.recv().await {
        if !rows.is_empty() {
            sink.send(rows).await?;
        }
        progress.at("读取", read, None);
    }
    let fed = reading.await?;
    sink.finish().await?;
    Ok(fed)
}

fn read<R: Rows>(
    path: &std::path::Path,
    options: &ReadOptions,
    mut rows: R,
    sender: &mpsc::Sender<Message>,
) -> Result<Fed<R>, Unreadable> {
    let mut file = FeatureFile::open(path, options)?;
    let format = file.format();
    let mut buffer = CopyRows::new();
    let mut read = 0;
    let summary = file.read(&mut |record| {
        rows.take(record, &mut buffer);
        read += 1;
        if buffer.len() < BATCH && read % RECORDS_BETWEEN_REPORTS != 0 {
            return ControlFlow::Continue(());
        }
        match sender.blocking_send(Message::Batch { rows: buffer.take(), read }) {
            Ok(()) => ControlFlow::Continue(()),
            // The copying side is gone, and it knows why.
            Err(_) => ControlFlow::Break(()),
        }
    })?;
    let _ = sender.blocking_send(Message::Batch { rows: buffer.take(), read });
    Ok(Fed { rows, format, summary })
}
