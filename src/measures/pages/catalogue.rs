//! The measures with their articles and sources: which ship, which the district published, and which act on a day.

use askama::Template;
use axum::extract::{Query, State};
use axum::response::{Html, Response};
use chrono::NaiveDate;
use serde::Deserialize;

use crate::account::{Access, Officer};
use crate::base::text::Seen;
use crate::entitlement::Measure;
use crate::measures::asked;
use crate::policy::catalogue::Catalogue;
use crate::policy::measures::{MeasureInWords, ground};
use crate::policy::scheme::Origin;
use crate::policy::store;
use crate::scoring::scheme::Adoption;
use crate::web::{self, AppState, Error, Result, Shell};

#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct CatalogueQuery {
    on: String,
}

#[derive(Template)]
#[template(path = "measures/catalogue.html")]
struct CataloguePage {
    shell: Shell,
    on: NaiveDate,
    may_submit: bool,
    items: Vec<Item>,
}

struct Item {
    measure: Measure,
    words: MeasureInWords,
    origin: Origin,
    /// Title of the document it rests on.
    document: String,
    /// Why it does not act on the day; none when it does.
    rests: Option<&'static str>,
}

pub async fn show(
    State(state): State<AppState>,
    officer: Officer,
    Query(query): Query<CatalogueQuery>,
) -> Result<Html<String>> {
    let on = asked::day(&query.on, state.clock.today())?;
    let catalogue = store::current(&state.pool, &state.settings.district).await?;
    let page = CataloguePage {
        shell: officer.shell(&state, "差别化措施目录"),
        on,
        may_submit: officer.may(Access::SubmitPolicy),
        items: catalogue.measures.all().map(|(origin, measure)| item(&catalogue, origin, measure, on)).collect(),
    };
    Ok(Html(page.render()?))
}

fn item(catalogue: &Catalogue, origin: Origin, measure: &Measure, on: NaiveDate) -> Item {
    Item {
        words: MeasureInWords::of(measure),
        origin,
        document: ground(&catalogue.documents, measure).map(|it| it.title.clone()).unwrap_or_default(),
        rests: rests(catalogue, measure, on),
        measure: measure.clone(),
    }
}

fn rests(catalogue: &Catalogue, measure: &Measure, on: NaiveDate) -> Option<&'static str> {
    if measure.adoption == Adoption::Example {
        return Some("示例，不执行");
    }
    if !measure.acts_on(on) {
        return Some("不在期间内");
    }
    (!catalogue.rests_on(measure, on)).then_some("依据文件当日不生效")
}

/// Whose it is.
fn standing(origin: Origin, adoption: Adoption) -> &'static str {
    match (origin, adoption) {
        (Origin::Shipped, Adoption::Adopted) => "正文规定",
        (_, adoption) => adoption.label(),
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MeasureQuery {
    id: String,
}

/// Exactly the form that can be submitted.
pub async fn download(
    State(state): State<AppState>,
    _: Officer,
    Query(query): Query<MeasureQuery>,
) -> Result<Response> {
    let catalogue = store::current(&state.pool, &state.settings.district).await?;
    let named = catalogue.measures.named(query.id.seen());
    let (_, measure) = named.ok_or_else(|| Error::NotFound("没有这项措施".into()))?;
    let text = serde_json::to_string_pretty(&[measure]).map_err(anyhow::Error::from)? + "\n";
    Ok(web::download_named("measure.json", &format!("{}.json", measure.title), "application/json", text))
}
