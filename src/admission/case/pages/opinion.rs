//! The printable opinion, as a page and as PDF, and the public page that says whether a paper is one of ours.

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::{Html, IntoResponse, Redirect, Response};
use serde::Deserialize;
use uuid::Uuid;

use super::edit::find;
use super::part;
use crate::account::{Officer, Public};
use crate::admission::Outcome as CheckOutcome;
use crate::admission::case::document::{Content, code_on_paper, parse_code};
use crate::admission::case::store::decide;
use crate::print::{self, Sketch};
use crate::web::{AppState, Error, Result, Shell};

#[derive(Template)]
#[template(path = "admission/case/opinion.html")]
struct OpinionPage {
    shell: Shell,
    id: Uuid,
    content: Content,
    table: String,
    code: String,
    /// Where anybody holds the code against the register.
    verified_at: String,
    sha256: String,
    sketch: Sketch,
    articles: Vec<Cited>,
}

pub async fn show(State(state): State<AppState>, officer: Officer, Path(id): Path<Uuid>) -> Result<Html<String>> {
    Ok(Html(opinion(&state, &officer, id).await?.render()?))
}

/// The same page on A4, dated the day of the decision.
pub async fn pdf(State(state): State<AppState>, officer: Officer, Path(id): Path<Uuid>) -> Result<Response> {
    let opinion = opinion(&state, &officer, id).await?;
    let name = format!("准入意见书 {}", opinion.content.number);
    print::answer(&opinion.render()?, &name, opinion.content.decided_on).await
}

async fn opinion(state: &AppState, officer: &Officer, id: Uuid) -> Result<OpinionPage> {
    let case = find(state, officer, id).await?;
    let decision = decide::find(&state.pool, &officer.scope, id).await?;
    let decision = decision.ok_or_else(|| Error::NotFound("案件尚未作出决定，没有准入意见书".into()))?;
    let content = decision.content;
    let spatial = part::spatial_of(state, officer, &content.receipt).await?;
    let land = part::around(state, officer, id, content.site.clone(), &spatial).await?;
    let outcome = CheckOutcome {
        verdict: content.verdict,
        set: content.set.clone(),
        results: content.results.clone(),
        warnings: Vec::new(),
    };
    Ok(OpinionPage {
        shell: officer.shell(state, format!("准入意见书 {}", case.number_or_draft())),
        id,
        table: part::table(&outcome, &spatial)?,
        code: code_on_paper(&decision.code),
        verified_at: format!("{}/verify", state.settings.public_address.as_deref().unwrap_or_default()),
        sha256: decision.sha256,
        sketch: Sketch::of(land),
        articles: articles(state, &content).await?,
        content,
    })
}

/// An article that results rest on, with its words.
struct Cited {
    title: String,
    document: String,
    key: String,
    wording: String,
}

/// Each once, in the order of the results.
async fn articles(state: &AppState, content: &Content) -> Result<Vec<Cited>> {
    let catalogue = crate::policy::store::catalogue(&state.pool, &content.catalogue).await?;
    let Some(catalogue) = catalogue else { return Ok(Vec::new()) };
    let mut cited: Vec<Cited> = Vec::new();
    for finding in &content.results {
        if cited.iter().any(|it| it.key == finding.article && it.document == finding.document) {
            continue;
        }
        let document = catalogue.documents.iter().find(|document| document.id == finding.document);
        if let (Some(document), Some(article)) = (document, catalogue.article(&finding.document, &finding.article)) {
            cited.push(Cited {
                title: document.title.clone(),
                document: document.id.clone(),
                key: article.key.clone(),
                wording: article.wording.clone(),
            });
        }
    }
    Ok(cited)
}

#[derive(Template)]
#[template(path = "admission/case/verify.html")]
struct VerifyPage {
    shell: Shell,
    asked: String,
    found: Option<decide::Published>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct VerifyParameters {
    code: String,
}

/// Public: a field for the code.
pub async fn verify_form(public: Public, Query(parameters): Query<VerifyParameters>) -> Result<Response> {
    match parse_code(&parameters.code) {
        Some(code) => Ok(Redirect::to(&format!("/verify/{code}")).into_response()),
        None => Ok(page(&public, parameters.code, None)?.into_response()),
    }
}

/// Public: number, outcome, day and hash of the opinion that carries the code, and nothing else.
pub async fn verify(State(state): State<AppState>, public: Public, Path(code): Path<String>) -> Result<Html<String>> {
    let found = match parse_code(&code) {
        Some(code) => decide::published(&state.pool, &public, &code).await?,
        None => None,
    };
    page(&public, code, found)
}

fn page(public: &Public, asked: String, found: Option<decide::Published>) -> Result<Html<String>> {
    Ok(Html(VerifyPage { shell: public.shell("准入意见书核验"), asked, found }.render()?))
}
