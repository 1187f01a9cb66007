//! `GET /policy/schemes` and `/policy/scheme`: the schemes of evaluation, which one holds in a year, and one of them in words.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Query, State};
use axum::response::{Html, Response};
use chrono::Datelike;
use serde::Deserialize;

use super::years_text;
use crate::account::Officer;
use crate::base::text::Seen;
use crate::exchange::Fault;
use crate::policy::catalogue::Catalogue;
use crate::policy::scheme::{self, Origin, SchemeInWords};
use crate::policy::store;
use crate::scoring::Scheme;
use crate::scoring::scheme::{Adoption, Category};
use crate::web::{self, AppState, Error, Result, Shell};

#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SchemesQuery {
    /// Without one, the year before this one: it is what is evaluated now.
    year: String,
}

#[derive(Template)]
#[template(path = "policy/schemes.html")]
struct SchemesPage {
    shell: Shell,
    year: i32,
    categories: Vec<InCategory>,
}

struct InCategory {
    category: Category,
    lines: Vec<Line>,
}

struct Line {
    scheme: Scheme,
    origin: Origin,
    /// By which the category is evaluated in the year asked about.
    holds: bool,
}

pub async fn show_list(
    State(state): State<AppState>,
    officer: Officer,
    Query(query): Query<SchemesQuery>,
) -> Result<Html<String>> {
    let year = match query.year.seen() {
        "" => state.clock.today().year() - 1,
        text => text.parse().map_err(|_| Error::BadRequest("年度应写成四位数字".into()))?,
    };
    let catalogue = store::current(&state.pool, &state.settings.district).await?;
    let categories = Category::ALL.iter().map(|category| of_category(&catalogue, *category, year)).collect();
    Ok(Html(SchemesPage { shell: officer.shell(&state, "评价方案"), year, categories }.render()?))
}

fn of_category(catalogue: &Catalogue, category: Category, year: i32) -> InCategory {
    let holding = catalogue.schemes.holding(category, year);
    let of = catalogue.schemes.all().filter(|(_, scheme)| scheme.category == category);
    let line = |(origin, scheme): (Origin, &Scheme)| Line {
        holds: holding.is_some_and(|(from, it)| from == origin && it.id == scheme.id),
        scheme: scheme.clone(),
        origin,
    };
    InCategory { category, lines: of.map(line).collect() }
}

/// What the badge of a scheme says: whose it is.
fn standing(origin: Origin, adoption: Adoption) -> &'static str {
    match (origin, adoption) {
        (Origin::Shipped, Adoption::Adopted) => "系统随附（本区未另行发布时适用）",
        (_, adoption) => adoption.label(),
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SchemeQuery {
    id: String,
}

#[derive(Template)]
#[template(path = "policy/scheme.html")]
struct SchemePage {
    shell: Shell,
    it: Scheme,
    origin: Origin,
    words: SchemeInWords,
    /// What the law would say of an example.
    remarks: Vec<Fault>,
}

pub async fn show(
    State(state): State<AppState>,
    officer: Officer,
    Query(query): Query<SchemeQuery>,
) -> Result<Html<String>> {
    let catalogue = store::current(&state.pool, &state.settings.district).await?;
    let (origin, it) = named(&catalogue, &query.id)?;
    let page = SchemePage {
        shell: officer.shell(&state, it.title.clone()),
        words: SchemeInWords::of(it),
        remarks: scheme::faults(it, &catalogue.parameters),
        it: it.clone(),
        origin,
    };
    Ok(Html(page.render()?))
}

/// Exactly the form that can be submitted.
pub async fn download(State(state): State<AppState>, _: Officer, Query(query): Query<SchemeQuery>) -> Result<Response> {
    let catalogue = store::current(&state.pool, &state.settings.district).await?;
    let (_, it) = named(&catalogue, &query.id)?;
    let text = serde_json::to_string_pretty(it).map_err(anyhow::Error::from)? + "\n";
    Ok(web::download_named("scheme.json", &format!("{}.json", it.title), "application/json", text))
}

fn named<'a>(catalogue: &'a Arc<Catalogue>, id: &str) -> Result<(Origin, &'a Scheme)> {
    catalogue.schemes.named(id.seen()).ok_or_else(|| Error::NotFound("没有这个评价方案".into()))
}
