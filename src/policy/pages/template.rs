//! `GET /policy/templates/{kind}`: the workbook that officers fill in.

use axum::extract::Path;
use axum::response::Response;

use crate::exchange::template;
use crate::policy::intake::{IntakeKind, spec};
use crate::web::download::XLSX;
use crate::web::{self, Error, Result};

pub async fn workbook(Path(kind): Path<String>) -> Result<Response> {
    let kind = IntakeKind::parse(&kind).ok_or_else(|| Error::NotFound("没有这种模板".into()))?;
    let bytes = template::workbook(&[spec::of(kind)]).map_err(anyhow::Error::from)?;
    Ok(web::download_named(&format!("{}.xlsx", kind.code()), &format!("{kind}模板.xlsx"), XLSX, bytes))
}
