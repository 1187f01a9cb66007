//! A list as a file: `/….csv` and `/….xlsx` are one handler, which takes an [`Export`].

use axum::body::Body;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::response::Response;

use crate::exchange::sheet::{self, SheetError, Value};
use crate::permits::{self, Step};
use crate::web::download::{XLSX, download};
use crate::web::{Error, Result};

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
    /// A file called `stem` and the ending of its kind; `title` names the sheet of a workbook.
    ///
    /// # Errors
    /// When a workbook cannot hold the rows, or there is no turn.
    pub async fn download<Rows>(
        self,
        stem: &str,
        title: &'static str,
        headers: &'static [&'static str],
        rows: Rows,
    ) -> Result<Response>
    where
        Rows: IntoIterator<Item = Vec<Value>> + Send + 'static,
    {
        let written = permits::blocking(Step::Export, move || -> Result<Vec<u8>> {
            let mut bytes = Vec::new();
            match self {
                Export::Csv => sheet::write_csv(&mut bytes, headers, rows).map_err(anyhow::Error::from)?,
                Export::Xlsx => bytes = sheet::write_xlsx(title, headers, rows)?,
            }
            Ok(bytes)
        });
        Ok(self.attachment(stem, written.await??))
    }

    /// What is written already, or is still being written.
    pub fn attachment(self, stem: &str, body: impl Into<Body>) -> Response {
        match self {
            Export::Csv => download(&format!("{stem}.csv"), "text/csv; charset=utf-8", body),
            Export::Xlsx => download(&format!("{stem}.xlsx"), XLSX, body),
        }
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
    use axum::http::{Request, header};

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

    #[tokio::test]
    async fn a_file_says_what_it_is() {
        let file = async |kind: Export| kind.download("parcels", "宗地", &["代码"], [vec!["=1".into()]]).await.unwrap();
        let said = |response: &Response, name| response.headers()[name].to_str().unwrap().to_owned();
        let csv = file(Export::Csv).await;
        assert_eq!(said(&csv, header::CONTENT_TYPE), "text/csv; charset=utf-8");
        assert_eq!(said(&csv, header::CONTENT_DISPOSITION), "attachment; filename=\"parcels.csv\"");
        assert_eq!(
            said(&file(Export::Xlsx).await, header::CONTENT_DISPOSITION),
            "attachment; filename=\"parcels.xlsx\""
        );
    }
}
