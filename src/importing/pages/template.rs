//! The workbook that people fill in, for each kind of table.

use axum::extract::Path;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};

use crate::exchange::{TableSpec, template};
use crate::importing::{ImportKind, enterprises, occupancies, returns};
use crate::web::{Error, Result};

/// `GET /imports/templates/{kind}`.
pub async fn workbook(Path(kind): Path<String>) -> Result<Response> {
    let spec = ImportKind::parse(&kind).and_then(spec_of);
    let spec = spec.ok_or_else(|| Error::NotFound("这类导入没有表格模板".into()))?;
    let bytes = template::workbook(spec).map_err(anyhow::Error::from)?;
    let headers = [
        (
            header::CONTENT_TYPE,
            HeaderValue::from_static("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        ),
        (
            header::CONTENT_DISPOSITION,
            HeaderValue::from_str(&format!("attachment; filename=\"{kind}.xlsx\"")).map_err(anyhow::Error::from)?,
        ),
    ];
    Ok((headers, bytes).into_response())
}

fn spec_of(kind: ImportKind) -> Option<&'static TableSpec> {
    match kind {
        ImportKind::Enterprises => Some(&enterprises::SPEC),
        ImportKind::Occupancies => Some(&occupancies::SPEC),
        ImportKind::Returns => Some(&returns::SPEC),
        ImportKind::Parcels | ImportKind::Outlines | ImportKind::Planning => None,
    }
}
