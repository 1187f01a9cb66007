//! Receiving a file with its options.

use askama::Template;
use axum::extract::{Multipart, State};
use axum::response::{Html, Redirect};

use crate::account::{Department, Officer};
use crate::importing::{ImportKind, uploads};
use crate::web::{AppState, Result, Shell};

#[derive(Template)]
#[template(path = "importing/new.html")]
struct NewPage {
    shell: Shell,
    kinds: &'static [ImportKind],
    /// Whose figures the reader may confirm by a file.
    confirms: Option<Department>,
}

pub async fn form(State(state): State<AppState>, officer: Officer) -> Result<Html<String>> {
    let confirms = uploads::confirms_for(&officer);
    let page = NewPage { shell: officer.shell(&state, "新建导入"), kinds: ImportKind::ALL, confirms };
    Ok(Html(page.render()?))
}

/// Keeps the files, queues the preview and leads to its page.
pub async fn receive(State(state): State<AppState>, officer: Officer, multipart: Multipart) -> Result<Redirect> {
    let id = uploads::receive(&state, &officer, multipart).await?;
    Ok(Redirect::to(&format!("/imports/drafts/{id}")))
}
