//! `GET /policy/templates/{kind}`: the workbook, or the sample, that officers fill in.

use axum::extract::Path;
use axum::response::Response;

use crate::exchange::template;
use crate::policy::intake::{IntakeKind, spec};
use crate::policy::scheme::Schemes;
use crate::web::download::XLSX;
use crate::web::{self, Error, Result};

pub async fn workbook(Path(kind): Path<String>) -> Result<Response> {
    let kind = IntakeKind::parse(&kind).ok_or_else(|| Error::NotFound("没有这种模板".into()))?;
    let Some(spec) = spec::of(kind) else {
        return match kind {
            IntakeKind::VetoKinds => Ok(veto_kinds()),
            IntakeKind::Measures => Ok(measures()),
            _ => scheme(),
        };
    };
    let bytes = template::workbook(&[spec]).map_err(anyhow::Error::from)?;
    Ok(web::download_named(&format!("{}.xlsx", kind.code()), &format!("{kind}模板.xlsx"), XLSX, bytes))
}

/// What ships for above-size industry, in the form that can be submitted.
fn scheme() -> Result<Response> {
    let schemes = Schemes::embedded().map_err(anyhow::Error::from)?;
    let sample = schemes.shipped.first().ok_or_else(|| Error::NotFound("没有这种模板".into()))?;
    let text = serde_json::to_string_pretty(sample).map_err(anyhow::Error::from)? + "\n";
    Ok(web::download_named("schemes.json", "综合评价方案模板.json", "application/json", text))
}

/// One that charges and one that asks, in the form that can be submitted.
fn measures() -> Response {
    let text = include_str!("../../../templates/policy/measures.json");
    web::download_named("measures.json", "差别化措施模板.json", "application/json", text)
}

/// One kind, in the form that can be submitted.
fn veto_kinds() -> Response {
    let text = include_str!("../../../templates/policy/veto_kinds.toml");
    web::download_named("veto_kinds.toml", "一票否决事由模板.toml", "application/toml", text)
}
