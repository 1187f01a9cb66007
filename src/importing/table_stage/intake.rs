//! Rows of a file into a staging table. The file is read on a thread of its own, which never gets further ahead of the
//! database than a few buffers, so that a file of any length takes the same memory.

use std::ops::ControlFlow;
use std::path::PathBuf;

use tokio::sync::mpsc;

use crate::db::PgConnection;
use crate::db::copy::CopyRows;
use crate::exchange::table::Layout;
use crate::exchange::{Fault, ReadOptions, TableFile, TableRow, TableSpec, Unreadable};
use crate::importing::{Order, Progress};

/// Bytes of one message to the database.
const CHUNK: usize = 256 * 1024;
/// How many of them may wait.
const WAITING: usize = 4;

/// Turns the rows of one kind of table into rows of its staging table.
pub trait RowReader: Send + 'static {
    /// Looks at the columns before any row is read. Answers what is worth a warning.
    ///
    /// # Errors
    /// When rows of this layout could not be understood without asking.
    fn look_at(&mut self, layout: &Layout) -> Result<Vec<Fault>, Unreadable>;

    /// Writes exactly one staging row, marked as rejected when one of the faults is an error.
    fn stage(&mut self, row: &TableRow, faults: &mut Vec<Fault>, rows: &mut CopyRows);
}

/// What came out of the file.
#[derive(Debug, Default)]
pub struct Intake {
    pub read: u64,
    pub faults: Vec<Fault>,
    pub format: &'static str,
    pub encoding: Option<&'static str>,
}

struct Chunk {
    rows: Vec<u8>,
    faults: Vec<Fault>,
    read: u64,
}

/// Streams the file through `reader` into the table that `copy` names.
///
/// # Errors
/// The outer one is the database's; the inner one says why the file gives no records.
pub async fn fill<R: RowReader>(
    connection: &mut PgConnection,
    order: &Order,
    spec: &'static TableSpec,
    copy: &'static str,
    reader: R,
    progress: &dyn Progress,
) -> anyhow::Result<Result<Intake, Unreadable>> {
    let (sender, mut receiver) = mpsc::channel(WAITING);
    let (path, options) = (order.path.clone(), read_options(order));
    let reading = tokio::task::spawn_blocking(move || read(path, &options, spec, reader, &sender));
    let mut faults = Vec::new();
    let mut stage = connection.copy_in_raw(copy).await?;
    while let Some(chunk) = receiver.recv().await {
        let Chunk { rows, faults: found, read } = chunk;
        stage.send(rows).await?;
        faults.extend(found);
        progress.at(super::READ, read, None);
    }
    stage.finish().await?;
    Ok(reading.await?.map(|mut intake| {
        intake.faults.append(&mut faults);
        intake
    }))
}

/// What the user said about reading the file.
pub fn read_options(order: &Order) -> ReadOptions {
    let options = &order.options;
    ReadOptions {
        encoding: options.encoding.clone(),
        layer: options.layer.clone(),
        figures: options.figures,
        ..ReadOptions::default()
    }
}

fn read<R: RowReader>(
    path: PathBuf,
    options: &ReadOptions,
    spec: &'static TableSpec,
    mut reader: R,
    sender: &mpsc::Sender<Chunk>,
) -> Result<Intake, Unreadable> {
    let mut file = TableFile::open(&path, spec, options)?;
    let mut warnings = reader.look_at(file.layout())?;
    let format = file.format();
    let mut rows = CopyRows::new();
    let mut faults = Vec::new();
    let mut read = 0;
    let summary = file.read(&mut |row| {
        let mut found = Vec::from_iter(row.surplus());
        reader.stage(&row, &mut found, &mut rows);
        faults.extend(found.into_iter().map(|fault| fault.at(Some(row.record), Some(row.line))));
        read = row.record;
        if rows.len() < CHUNK {
            return ControlFlow::Continue(());
        }
        // Nobody listens any more when the database is gone.
        let chunk = Chunk { rows: rows.take(), faults: std::mem::take(&mut faults), read };
        if sender.blocking_send(chunk).is_ok() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    })?;
    let _ = sender.blocking_send(Chunk { rows: rows.take(), faults, read });
    warnings.splice(0..0, summary.faults);
    Ok(Intake { read: summary.read, faults: warnings, format, encoding: summary.encoding })
}
