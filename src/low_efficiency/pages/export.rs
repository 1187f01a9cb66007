//! `/low-efficiency.csv` and `.xlsx`: everything the filters leave, in the order of the page.

use axum::body::Body;
use axum::extract::{Query, State};
use axum::response::Response;
use futures_util::Stream;
use tokio::sync::mpsc::Receiver;

use crate::account::Officer;
use crate::exchange::sheet::{CsvLines, XlsxLines};
use crate::low_efficiency::Line;
use crate::low_efficiency::asked::Asked;
use crate::low_efficiency::list::Entry;
use crate::low_efficiency::parameters::ListParameters;
use crate::low_efficiency::store::{self, ListError};
use crate::low_efficiency::table::{HEADERS, TITLE, cells};
use crate::permits::{self, Step};
use crate::web::{self, AppState, Export};

/// The CSV is sent while the list is read, so that it never stands in memory as a whole.
pub async fn export(
    State(state): State<AppState>,
    officer: Officer,
    Query(parameters): Query<ListParameters>,
    file: Export,
) -> web::Result<Response> {
    let Asked { query, line, .. } = Asked::read(&state, &officer, &parameters).await?;
    let stem = format!("low-efficiency-{}", query.facts.year);
    let chunks = store::stream(state.pool.clone(), officer.scope.clone(), query, line.clone());
    let body = match file {
        Export::Csv => Body::from_stream(csv_pieces(chunks, line)),
        Export::Xlsx => Body::from(permits::blocking(Step::Export, move || workbook(chunks, &line)).await??),
    };
    Ok(file.attachment(&stem, body))
}

type Chunks = Receiver<Result<Vec<Entry>, ListError>>;

fn csv_pieces(chunks: Chunks, line: Line) -> impl Stream<Item = std::io::Result<Vec<u8>>> {
    futures_util::stream::unfold((chunks, line, true), |(mut chunks, line, first)| async move {
        let entries = match chunks.recv().await {
            Some(Ok(entries)) => entries,
            Some(Err(error)) => return Some((Err(std::io::Error::other(error)), (chunks, line, false))),
            None if first => Vec::new(),
            None => return None,
        };
        Some((csv_piece(&entries, &line, first), (chunks, line, false)))
    })
}

/// The first piece has the headers.
fn csv_piece(entries: &[Entry], line: &Line, first: bool) -> std::io::Result<Vec<u8>> {
    let mut piece = Vec::new();
    let mut lines = if first { CsvLines::begin(&mut piece, &HEADERS)? } else { CsvLines::resume(&mut piece) };
    for entry in entries {
        lines.add(&cells(entry, line))?;
    }
    lines.finish()?;
    Ok(piece)
}

/// On a thread of its own: packing takes seconds for a long list.
fn workbook(mut chunks: Chunks, line: &Line) -> web::Result<Vec<u8>> {
    let mut lines = XlsxLines::begin(TITLE, &HEADERS)?;
    while let Some(entries) = chunks.blocking_recv() {
        for entry in entries? {
            lines.add(&cells(&entry, line))?;
        }
    }
    Ok(lines.bytes()?)
}
