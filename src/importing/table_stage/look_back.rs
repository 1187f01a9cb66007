//! A second look at the file once it is known what became of its records: the first that are taken, as they will stand, and
//! those that are not, as the file has them, so that they can be put right and sent again.

use std::collections::BTreeSet;
use std::ops::ControlFlow;
use std::path::Path;

use super::read_options;
use crate::exchange::{ReadOptions, TableFile, TableRow, TableSpec, Unreadable};
use crate::importing::Order;
use crate::importing::report::{RefusedRow, RefusedTable, SampleRow, SampleTable};

/// Records by number: the first that are taken, and those that are not.
#[derive(Clone, Debug, Default, sqlx::FromRow)]
pub struct RecordsOf {
    pub accepted: Vec<i64>,
    pub rejected: Vec<i64>,
}

impl RecordsOf {
    /// So many of the records that are taken are shown.
    pub const SHOWN: i64 = 10;
    /// So many of those that are not are kept with the report.
    pub const KEPT: i64 = 5000;
}

#[derive(Debug, Default)]
pub struct LookedBack {
    pub samples: Vec<SampleTable>,
    pub refused: Vec<RefusedTable>,
}

/// # Errors
/// When the reading thread is gone.
pub async fn look_back(order: &Order, specs: &[&'static TableSpec], of: RecordsOf) -> anyhow::Result<LookedBack> {
    let (path, options, specs) = (order.path.clone(), read_options(order), specs.to_vec());
    let looked = tokio::task::spawn_blocking(move || look(&path, &options, &specs, &of)).await?;
    // What was read a moment ago is there still; should it be gone, the report has counts and faults all the same.
    Ok(looked.unwrap_or_default())
}

fn look(
    path: &Path,
    options: &ReadOptions,
    specs: &[&'static TableSpec],
    of: &RecordsOf,
) -> Result<LookedBack, Unreadable> {
    let files = match specs {
        [spec] => vec![(*spec, TableFile::open(path, spec, options)?)],
        several => TableFile::open_each(path, several, options)?.files,
    };
    let numbers =
        |list: &[i64]| list.iter().filter_map(|record| u64::try_from(*record).ok()).collect::<BTreeSet<u64>>();
    let (mut accepted, mut rejected) = (numbers(&of.accepted), numbers(&of.rejected));
    let mut looked = LookedBack::default();
    let mut before = 0;
    for (spec, mut file) in files {
        let mut sample =
            SampleTable { title: spec.title.to_owned(), columns: file.layout().sample_titles(), rows: Vec::new() };
        let columns = file.layout().titles_again();
        let mut refused = RefusedTable { title: spec.title.to_owned(), columns, rows: Vec::new() };
        let summary = file.read_sheet(&mut |row| {
            let record = before + row.record;
            if accepted.remove(&record) {
                sample.rows.push(SampleRow { record, cells: row.sample() });
            } else if rejected.remove(&record) {
                refused.rows.push(refused_row(record, &row));
            }
            // A sheet of several is read to its end, for the numbers of the next.
            let done = accepted.is_empty() && rejected.is_empty() && specs.len() == 1;
            if done { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        })?;
        before += summary.read;
        looked.samples.extend((!sample.rows.is_empty()).then_some(sample));
        looked.refused.extend((!refused.rows.is_empty()).then_some(refused));
    }
    Ok(looked)
}

fn refused_row(record: u64, row: &TableRow) -> RefusedRow {
    RefusedRow { record, line: row.line, cells: row.again() }
}
