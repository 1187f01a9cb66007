//! The pages of the list.

pub(super) mod desk_card;
pub(super) mod export;

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::Html;

use super::asked::Asked;
use super::list::{Counts, Entry, ListQuery, Page};
use super::parameters::ListParameters;
use super::present::badge;
use super::store::{self, ListError};
use super::view::tax;
use super::{Line, LineError, Outcome};
use crate::account::{Access, Officer, Routes};
use crate::annual::deciding_day;
use crate::base::bounds::year_wording;
use crate::base::ratio::Ratio;
use crate::base::unit::{Mu, grouped, rounded, square_metres_of};
use crate::codelist;
use crate::enterprise::SizeClass;
use crate::policy::{self, Article, ParameterError};
use crate::web::list::Parameters;
use crate::web::{self, AppState, Shell};

/// 低效企业清单: filters, counts, one page of lines.
#[derive(Template)]
#[template(path = "low_efficiency/list_content.html")]
pub struct ListContent<'a> {
    pub parameters: &'a ListParameters,
    pub year: i32,
    /// Years for which there are returns, newest first.
    pub years: &'a [i32],
    pub subdistricts: &'a [codelist::Choice],
    pub sections: &'a [codelist::Choice],
    pub line: &'a Line,
    pub article: &'a Article,
    pub counts: &'a Counts,
    pub page: &'a Page,
}

#[derive(Template)]
#[template(path = "low_efficiency/list.html")]
struct ListPage<'a> {
    shell: Shell,
    content: ListContent<'a>,
}

#[derive(Template)]
#[template(path = "low_efficiency/detail.html")]
struct DetailPage<'a> {
    shell: Shell,
    content: DetailContent<'a>,
}

/// `/low-efficiency`, its exports, and one enterprise of it.
pub fn routes() -> Routes {
    Routes::new()
        .get("/low-efficiency", Access::ReadRegisters, list)
        .get("/low-efficiency.csv", Access::ReadRegisters, export::export)
        .get("/low-efficiency.xlsx", Access::ReadRegisters, export::export)
        .get("/low-efficiency/{year}/{uscc}", Access::ReadRegisters, detail)
        .get(desk_card::ADDRESS, Access::ReadRegisters, desk_card::show)
}

pub async fn list(
    State(state): State<AppState>,
    officer: Officer,
    Query(parameters): Query<ListParameters>,
) -> web::Result<Html<String>> {
    let (pool, scope) = (&state.pool, &officer.scope);
    let asked = Asked::read(&state, &officer, &parameters).await?;
    let (page, counts) = asked.page(&state, &officer, &parameters).await?;
    let Asked { query, line, years } = asked;
    let content = ListContent {
        parameters: &parameters,
        year: query.facts.year,
        years: &years,
        subdistricts: &codelist::subdistricts(pool, scope, deciding_day(query.facts.year)).await?,
        sections: &codelist::sections(pool).await?,
        line: &line,
        article: &article_of(&state, &line).await?,
        counts: &counts,
        page: &page,
    };
    let shell = officer.shell(&state, format!("{}年低效企业清单", query.facts.year));
    Ok(Html(ListPage { shell, content }.render()?))
}

pub async fn detail(
    State(state): State<AppState>,
    officer: Officer,
    Path((year, uscc)): Path<(i32, String)>,
) -> web::Result<Html<String>> {
    let line = store::line_of(&state.pool, year).await?;
    let entry = store::entry(&state.pool, &officer.scope, &ListQuery::of_year(year), &line, &uscc).await?;
    let entry = entry.ok_or_else(|| web::Error::NotFound(format!("{year}年的清单中没有信用代码为 {uscc} 的企业")))?;
    let content = DetailContent { entry: &entry, line: &line, article: &article_of(&state, &line).await? };
    let shell = officer.shell(&state, entry.name.clone());
    Ok(Html(DetailPage { shell, content }.render()?))
}

async fn article_of(state: &AppState, line: &Line) -> web::Result<Article> {
    let catalogue = policy::store::current(&state.pool, &state.settings.district).await?;
    let article = catalogue.article(&line.document, &line.article).cloned();
    Ok(article.ok_or_else(|| anyhow::anyhow!("{} {} is not published", line.document, line.article))?)
}

impl From<ListError> for web::Error {
    fn from(error: ListError) -> Self {
        match error {
            ListError::Line { year, error: LineError::Parameter(ParameterError::NotInForce { .. }) } => {
                web::Error::BadRequest(format!("{year}年12月31日没有有效的亩均税收标准，不能列出清单"))
            }
            ListError::Year { .. } => web::Error::BadRequest(year_wording()),
            other => web::Error::Internal(other.into()),
        }
    }
}

/// How one enterprise was judged.
#[derive(Template)]
#[template(path = "low_efficiency/detail_content.html")]
pub struct DetailContent<'a> {
    pub entry: &'a Entry,
    pub line: &'a Line,
    pub article: &'a Article,
}

impl ListContent<'_> {
    fn sizes(&self) -> &'static [SizeClass] {
        SizeClass::ALL
    }

    fn outcomes(&self) -> &'static [Outcome] {
        Outcome::ALL
    }

    fn next(&self) -> Option<String> {
        self.page.next.as_ref().map(|key| self.parameters.page_after(key))
    }

    fn detail(&self, entry: &Entry) -> String {
        format!("/low-efficiency/{}/{}", self.year, entry.uscc)
    }
}

fn tax_text(entry: &Entry) -> String {
    tax(entry).map_or("缺报".into(), |tax| grouped(tax, 2))
}

fn mu_text(entry: &Entry) -> String {
    shown(entry.judgement.land.as_ref(), 4)
}

fn metres_text(entry: &Entry) -> String {
    shown(entry.judgement.land.as_ref().map(square_metres_of).as_ref(), 2)
}

fn shown(value: Option<&Ratio>, places: u32) -> String {
    value.and_then(|value| value.rounded(places)).map_or("—".into(), |value| grouped(value, places))
}

fn quotient_text(entry: &Entry) -> String {
    entry.judgement.tax_per_mu.map_or("—".into(), |quotient| grouped(quotient, 4))
}

fn place_text(entry: &Entry) -> &str {
    entry.subdistrict_name.as_deref().or(entry.subdistrict.as_deref()).unwrap_or("—")
}

/// Land as it was stated: square metres where they end, else mu with square metres beside it.
fn land_text(land: &Option<Mu>) -> String {
    let Some(land) = land else { return "—".into() };
    match land.exact_square_metres() {
        Some(area) => rounded(area.0, area.0.scale().max(2)),
        None => {
            let metres = land.square_metres().rounded(2).map_or("—".into(), |area| rounded(area, 2));
            format!("{metres}（{land} 亩）")
        }
    }
}

fn area_text(area: &Option<rust_decimal::Decimal>) -> String {
    area.map_or("—".into(), |area| rounded(area, area.scale().max(2)))
}

#[cfg(test)]
mod tests;
