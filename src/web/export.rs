//! A list as a file: `/….csv` and `/….xlsx` are one handler, which takes an [`Export`]. A file of any size is written on the
//! disk row by row and sent from there: what goes wrong on the way is said instead of a file, and memory holds one page of it.

use std::fs::File;
use std::io::{self, BufWriter, Seek};

use axum::body::Body;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderValue, header};
use axum::response::Response;
use bytes::Bytes;
use futures_util::Stream;
use tokio::io::AsyncReadExt;

use crate::exchange::sheet::{CsvLines, SheetError, Value, XlsxLines};
use crate::web::download::{XLSX, download};
use crate::web::{Error, Result};

/// Bytes sent at a time.
const PIECE: usize = 64 * 1024;

/// What a list is exported as; the ending of the address says it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Export {
    Csv,
    Xlsx,
}

impl<S: Send + Sync> FromRequestParts<S> for Export {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self> {
        match parts.uri.path().rsplit_once('.') {
            Some((_, "csv")) => Ok(Export::Csv),
            Some((_, "xlsx")) => Ok(Export::Xlsx),
            _ => Err(Error::NotFound("清单可以导出为 .csv 或 .xlsx".into())),
        }
    }
}

impl Export {
    /// A file that was written, called `stem` and the ending of its kind.
    ///
    /// # Errors
    /// When it cannot be read again.
    pub fn send(self, stem: &str, file: File) -> Result<Response> {
        let length = file.metadata().map_err(anyhow::Error::from)?.len();
        let mut response = self.attachment(stem, Body::from_stream(pieces(file)));
        response.headers_mut().insert(header::CONTENT_LENGTH, HeaderValue::from(length));
        Ok(response)
    }

    /// What is written already, or is still being written.
    pub fn attachment(self, stem: &str, body: impl Into<Body>) -> Response {
        match self {
            Export::Csv => download(&format!("{stem}.csv"), "text/csv; charset=utf-8", body),
            Export::Xlsx => download(&format!("{stem}.xlsx"), XLSX, body),
        }
    }
}

fn pieces(file: File) -> impl Stream<Item = io::Result<Bytes>> {
    futures_util::stream::unfold(tokio::fs::File::from_std(file), |mut file| async move {
        let mut piece = vec![0; PIECE];
        match file.read(&mut piece).await {
            Ok(0) => None,
            Ok(read) => {
                piece.truncate(read);
                Some((Ok(piece.into()), file))
            }
            Err(error) => Some((Err(error), file)),
        }
    })
}

/// A list that is being written to a file without a name, which is gone when it is closed.
pub enum FileLines {
    Csv(File, Box<CsvLines<BufWriter<File>>>),
    Xlsx(Box<XlsxLines>),
}

impl FileLines {
    /// `title` names the sheet of a workbook.
    ///
    /// # Errors
    /// When there is no room on the disk.
    pub fn begin(kind: Export, title: &str, headers: &[&str]) -> Result<Self> {
        match kind {
            Export::Csv => {
                let file = tempfile::tempfile().map_err(anyhow::Error::from)?;
                let out = BufWriter::new(file.try_clone().map_err(anyhow::Error::from)?);
                Ok(FileLines::Csv(file, Box::new(CsvLines::begin(out, headers).map_err(anyhow::Error::from)?)))
            }
            Export::Xlsx => Ok(FileLines::Xlsx(Box::new(XlsxLines::begin(title, headers)?))),
        }
    }

    /// # Errors
    /// When a workbook cannot hold the row, or there is no room on the disk.
    pub fn add(&mut self, row: &[Value]) -> Result<()> {
        match self {
            FileLines::Csv(_, lines) => Ok(lines.add(row).map_err(anyhow::Error::from)?),
            FileLines::Xlsx(lines) => Ok(lines.add(row)?),
        }
    }

    /// The file, to be read from its beginning.
    ///
    /// # Errors
    /// When there is no room on the disk.
    pub fn finish(self) -> Result<File> {
        let mut written = match self {
            FileLines::Csv(file, lines) => {
                lines.finish().map_err(anyhow::Error::from)?;
                file
            }
            FileLines::Xlsx(lines) => {
                let mut file = tempfile::tempfile().map_err(anyhow::Error::from)?;
                lines.finish(&mut file)?;
                file
            }
        };
        written.rewind().map_err(anyhow::Error::from)?;
        Ok(written)
    }
}

impl From<SheetError> for Error {
    fn from(error: SheetError) -> Self {
        match error {
            SheetError::TooLong => Error::TooLarge("行数超过一张工作表的上限，请缩小范围或导出 CSV".into()),
            SheetError::Xlsx(other) => Error::Internal(other.into()),
        }
    }
}

#[cfg(test)]
mod tests {
    use axum::http::Request;

    use super::*;

    async fn of(address: &str) -> Result<Export> {
        let (mut parts, ()) = Request::get(address).body(()).unwrap().into_parts();
        Export::from_request_parts(&mut parts, &()).await
    }

    #[tokio::test]
    async fn the_ending_of_the_address_says_the_kind() {
        assert_eq!(of("/parcels.csv?q=a.xlsx").await.unwrap(), Export::Csv);
        assert_eq!(of("/parcels.xlsx").await.unwrap(), Export::Xlsx);
        for other in ["/parcels", "/parcels.pdf", "/parcels.CSV"] {
            assert!(matches!(of(other).await, Err(Error::NotFound(_))), "{other}");
        }
    }

    fn file(kind: Export, rows: usize) -> Response {
        let mut lines = FileLines::begin(kind, "宗地", &["代码"]).unwrap();
        for _ in 0..rows {
            lines.add(&["=1".into()]).unwrap();
        }
        kind.send("parcels", lines.finish().unwrap()).unwrap()
    }

    #[tokio::test]
    async fn a_file_says_what_it_is() {
        let said = |response: &Response, name| response.headers()[name].to_str().unwrap().to_owned();
        let csv = file(Export::Csv, 1);
        assert_eq!(said(&csv, header::CONTENT_TYPE), "text/csv; charset=utf-8");
        assert_eq!(said(&csv, header::CONTENT_DISPOSITION), "attachment; filename=\"parcels.csv\"");
        assert_eq!(said(&file(Export::Xlsx, 1), header::CONTENT_DISPOSITION), "attachment; filename=\"parcels.xlsx\"");
    }

    #[tokio::test]
    async fn a_long_file_arrives_whole() {
        for kind in [Export::Csv, Export::Xlsx] {
            let response = file(kind, 40_000);
            let length: usize = response.headers()[header::CONTENT_LENGTH].to_str().unwrap().parse().unwrap();
            let body = axum::body::to_bytes(response.into_body(), usize::MAX).await.unwrap();
            assert_eq!(body.len(), length);
            if kind == Export::Csv {
                assert!(length > PIECE && body.iter().filter(|byte| **byte == b'\n').count() == 40_001);
            }
        }
    }
}
