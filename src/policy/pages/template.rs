//! `GET /policy/templates/{kind}`: the workbook that officers fill in.

use axum::extract::Path;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};

use crate::exchange::template;
use crate::policy::intake::{IntakeKind, spec};
use crate::web::{Error, Result};

pub async fn workbook(Path(kind): Path<String>) -> Result<Response> {
    let kind = IntakeKind::parse(&kind).ok_or_else(|| Error::NotFound("没有这种模板".into()))?;
    let bytes = template::workbook(&[spec::of(kind)]).map_err(anyhow::Error::from)?;
    let headers = [
        (
            header::CONTENT_TYPE,
            HeaderValue::from_static("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        ),
        (
            header::CONTENT_DISPOSITION,
            HeaderValue::from_str(&format!("attachment; filename=\"{}.xlsx\"", kind.code()))
                .map_err(anyhow::Error::from)?,
        ),
    ];
    Ok((headers, bytes).into_response())
}
