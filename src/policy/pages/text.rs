//! `GET /policy`: the governing documents word for word, with the parameters that rest on each article.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::Html;

use crate::account::Officer;
use crate::policy::catalogue::Catalogue;
use crate::policy::{Article, Parameter, store};
use crate::web::{AppState, Result, Shell};

#[derive(Template)]
#[template(path = "policy/policy.html")]
struct PolicyPage {
    shell: Shell,
    catalogue: Arc<Catalogue>,
}

pub async fn show(State(state): State<AppState>, officer: Officer) -> Result<Html<String>> {
    let catalogue = store::current(&state.pool, &state.settings.district).await?;
    let page = PolicyPage { shell: officer.shell(&state, "政策条文与参数"), catalogue };
    Ok(Html(page.render()?))
}

impl PolicyPage {
    fn resting_on<'a>(&'a self, article: &'a Article) -> impl Iterator<Item = &'a Parameter> {
        let parameters = self.catalogue.parameters.iter();
        parameters.filter(|parameter| parameter.document == article.document && parameter.article == article.key)
    }
}
