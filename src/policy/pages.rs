//! `GET /policy`: the governing documents word for word, with the parameters that rest on each article.

use askama::Template;
use axum::extract::State;
use axum::response::Html;

use super::{Article, Document, Parameter, store};
use crate::account::{Access, Officer, Routes};
use crate::base::period::Period;
use crate::web::{AppState, Result, Shell};

pub fn routes() -> Routes {
    Routes::new().get("/policy", Access::SignedIn, show)
}

#[derive(Template)]
#[template(path = "policy/policy.html")]
struct PolicyPage {
    shell: Shell,
    documents: Vec<Document>,
    parameters: Vec<Parameter>,
}

async fn show(State(state): State<AppState>, officer: Officer) -> Result<Html<String>> {
    let catalogue = store::current(&state.pool, &state.settings.district).await?;
    let page = PolicyPage {
        shell: officer.shell(&state, "政策条文与参数"),
        documents: catalogue.documents.clone(),
        parameters: catalogue.parameters.clone(),
    };
    Ok(Html(page.render()?))
}

impl PolicyPage {
    fn resting_on<'a>(&'a self, article: &'a Article) -> impl Iterator<Item = &'a Parameter> {
        self.parameters
            .iter()
            .filter(|parameter| parameter.document == article.document && parameter.article == article.key)
    }
}

/// The last day is said as people say it: the day before the half-open end.
fn period_text(period: &Period) -> String {
    let from = period.from.map_or("—".to_owned(), |day| format!("{day} 起"));
    match period.until.and_then(|day| day.pred_opt()) {
        Some(last) => format!("{from}，至 {last}"),
        None => from,
    }
}
