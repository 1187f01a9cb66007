//! What the form looks up while somebody types: industries, and the investor in the enterprise register.

use askama::Template;
use axum::extract::{Query, State};
use axum::response::Html;
use serde::Deserialize;

use crate::account::Officer;
use crate::base::code::Uscc;
use crate::base::text::Seen;
use crate::codelist::{IndustryRow, industries as all_industries};
use crate::enterprise;
use crate::web::{AppState, Result};

const MOST: usize = 12;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct IndustryParameters {
    industry: String,
}

#[derive(Template)]
#[template(path = "admission/case/industries.html")]
struct Industries {
    found: Vec<&'static IndustryRow>,
    asked: bool,
}

/// By part of the name, or by the beginning of the code.
pub async fn industries(Query(parameters): Query<IndustryParameters>) -> Result<Html<String>> {
    let text = parameters.industry.seen().to_uppercase();
    let fits = |row: &&IndustryRow| row.code.starts_with(&text) || row.name.contains(&text);
    let found = if text.is_empty() { Vec::new() } else { all_industries().iter().filter(fits).take(MOST).collect() };
    Ok(Html(Industries { found, asked: !text.is_empty() }.render()?))
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct InvestorParameters {
    uscc: String,
}

#[derive(Template)]
#[template(path = "admission/case/investor.html")]
struct Investor {
    uscc: String,
    name: Option<String>,
    industry: Option<String>,
    fault: Option<String>,
}

pub async fn investor(
    State(state): State<AppState>,
    officer: Officer,
    Query(parameters): Query<InvestorParameters>,
) -> Result<Html<String>> {
    let uscc = parameters.uscc.seen().to_uppercase();
    let fault = match uscc.parse::<Uscc>() {
        _ if uscc.is_empty() => None,
        Ok(_) => None,
        Err(_) => Some("请核对：18 位，含校验位".to_owned()),
    };
    let versions = if uscc.is_empty() {
        Vec::new()
    } else {
        enterprise::store::versions(&state.pool, &officer.scope, &uscc).await?
    };
    let latest = versions.into_iter().find(|version| version.superseded_at.is_none());
    let name = latest.as_ref().map(|version| version.name.clone());
    let industry = latest.and_then(|version| version.industry_name);
    Ok(Html(Investor { uscc, name, industry, fault }.render()?))
}
