//! `GET /policy/templates/{kind}`: the workbook that officers fill in.

use axum::extract::Path;
use axum::response::Response;

use crate::exchange::{Export, template};
use crate::policy::intake::{IntakeKind, spec};
use crate::web::{Error, Result};

pub async fn workbook(Path(kind): Path<String>) -> Result<Response> {
    let kind = IntakeKind::parse(&kind).ok_or_else(|| Error::NotFound("没有这种模板".into()))?;
    let bytes = template::workbook(&[spec::of(kind)]).map_err(anyhow::Error::from)?;
    Ok(Export::Xlsx.attachment(kind.code(), bytes))
}
