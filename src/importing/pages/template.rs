//! The workbook that people fill in, for each kind of table.

use axum::extract::Path;
use axum::response::Response;

use crate::exchange::{TableSpec, template};
use crate::importing::{ImportKind, allocation, contracts, enterprises, evaluation, occupancies, returns};
use crate::web::download::XLSX;
use crate::web::{self, Error, Result};

/// `GET /imports/templates/{kind}`.
pub async fn workbook(Path(kind): Path<String>) -> Result<Response> {
    let found = ImportKind::parse(&kind).and_then(|kind| Some((kind, tables_of(kind)?)));
    let (kind, tables) = found.ok_or_else(|| Error::NotFound("这类导入没有表格模板".into()))?;
    let bytes = template::workbook(&tables).map_err(anyhow::Error::from)?;
    Ok(web::download_named(&format!("{}.xlsx", kind.code()), &format!("{kind}导入模板.xlsx"), XLSX, bytes))
}

fn tables_of(kind: ImportKind) -> Option<Vec<&'static TableSpec>> {
    match kind {
        ImportKind::Enterprises => Some(vec![&enterprises::SPEC]),
        ImportKind::Occupancies => Some(vec![&occupancies::SPEC]),
        ImportKind::Returns => Some(vec![&returns::SPEC]),
        ImportKind::Contracts => Some(contracts::spec::TABLES.to_vec()),
        ImportKind::Parcels | ImportKind::Outlines | ImportKind::Planning => None,
        ImportKind::Accounts | ImportKind::Reports => allocation::Target::of(kind).map(|target| vec![target.spec()]),
        _ => evaluation::Target::of(kind).map(|target| vec![target.spec()]),
    }
}
