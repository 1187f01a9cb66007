//! Receiving a file with its options.

use askama::Template;
use axum::extract::{Query, State};
use axum::response::{Html, Redirect};
use serde::Deserialize;

use crate::account::{Department, Officer};
use crate::importing::{ImportKind, uploads};
use crate::planning::{Demand, LayerKind};
use crate::web::{AppState, Multipart, Result, Shell};

#[derive(Template)]
#[template(path = "importing/new.html")]
struct NewPage {
    shell: Shell,
    kinds: &'static [ImportKind],
    chosen: Option<ImportKind>,
    layers: &'static [LayerKind],
    demands: &'static [Demand],
    /// Whose figures the reader may confirm by a file.
    confirms: Option<Department>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct NewParameters {
    kind: String,
}

pub async fn form(
    State(state): State<AppState>,
    officer: Officer,
    Query(parameters): Query<NewParameters>,
) -> Result<Html<String>> {
    let page = NewPage {
        shell: officer.shell(&state, "新建导入"),
        kinds: ImportKind::ALL,
        chosen: ImportKind::parse(&parameters.kind),
        layers: LayerKind::ALL,
        demands: Demand::ALL,
        confirms: uploads::confirms_for(&officer),
    };
    Ok(Html(page.render()?))
}

/// Keeps the files, queues the preview and leads to its page.
pub async fn receive(State(state): State<AppState>, officer: Officer, multipart: Multipart) -> Result<Redirect> {
    let id = uploads::receive(&state, &officer, multipart).await?;
    Ok(Redirect::to(&format!("/imports/drafts/{id}")))
}
