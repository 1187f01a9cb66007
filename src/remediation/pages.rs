//! The pages of the list.

use askama::Template;
use axum::body::Body;
use axum::extract::{Path, Query, State};
use axum::http::header;
use axum::response::{Html, IntoResponse, Response};
use chrono::Datelike;
use tokio::sync::mpsc::Receiver;

use super::list::{Choice, Counts, Entry, ListQuery, Page};
use super::parameters::{ListParameters, ParameterFault};
use super::store::{self, ListError};
use super::table::{SheetError, XlsxTable, csv_piece};
use super::view::tax;
use super::{Line, LineError, Outcome};
use crate::account::{Access, Officer, Routes};
use crate::base::unit::{grouped, rounded};
use crate::enterprise::SizeClass;
use crate::policy::{self, Article, ParameterError};
use crate::web::{self, AppState, Shell};

/// 低效企业清单: filters, counts, one page of lines.
#[derive(Template)]
#[template(path = "remediation/list_content.html")]
pub struct ListContent<'a> {
    pub parameters: &'a ListParameters,
    pub year: i32,
    /// Years for which there are returns, newest first.
    pub years: &'a [i32],
    pub subdistricts: &'a [Choice],
    pub sections: &'a [Choice],
    pub line: &'a Line,
    pub article: &'a Article,
    pub counts: &'a Counts,
    pub page: &'a Page,
}

#[derive(Template)]
#[template(path = "remediation/list.html")]
struct ListPage<'a> {
    shell: Shell,
    content: ListContent<'a>,
}

#[derive(Template)]
#[template(path = "remediation/detail.html")]
struct DetailPage<'a> {
    shell: Shell,
    content: DetailContent<'a>,
}

/// `/low-efficiency`, its exports, and one enterprise of it.
pub fn routes() -> Routes {
    Routes::new()
        .get("/low-efficiency", Access::ReadRegisters, list)
        .get("/low-efficiency.csv", Access::ReadRegisters, csv)
        .get("/low-efficiency.xlsx", Access::ReadRegisters, xlsx)
        .get("/low-efficiency/{year}/{uscc}", Access::ReadRegisters, detail)
}

pub(super) async fn list(
    State(state): State<AppState>,
    officer: Officer,
    Query(parameters): Query<ListParameters>,
) -> web::Result<Html<String>> {
    let (pool, scope) = (&state.pool, &officer.scope);
    let years = store::years(pool, scope).await?;
    let query = parameters.query(default_year(&years, &state))?;
    let line = store::line_of(pool, query.year).await?;
    let (after, size) = (parameters.after()?, parameters.page_size()?);
    let (page, counts) = tokio::try_join!(
        store::page(pool, scope, &query, &line, after.as_ref(), size),
        store::counts(pool, scope, &query, &line)
    )?;
    let content = ListContent {
        parameters: &parameters,
        year: query.year,
        years: &years,
        subdistricts: &store::subdistricts(pool, scope, query.year).await?,
        sections: &store::sections(pool).await?,
        line: &line,
        article: &article_of(&state, &line).await?,
        counts: &counts,
        page: &page,
    };
    let shell = officer.shell(&state, format!("{}年低效企业清单", query.year));
    Ok(Html(ListPage { shell, content }.render()?))
}

pub(super) async fn detail(
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

/// Sent while it is read: the whole list never stands in memory.
pub(super) async fn csv(
    State(state): State<AppState>,
    officer: Officer,
    Query(parameters): Query<ListParameters>,
) -> web::Result<Response> {
    let (year, line, chunks) = export(&state, &officer, &parameters).await?;
    let pieces = futures_util::stream::unfold((chunks, line, true), |(mut chunks, line, first)| async move {
        let entries = match chunks.recv().await {
            Some(Ok(entries)) => entries,
            Some(Err(error)) => return Some((Err(std::io::Error::other(error)), (chunks, line, false))),
            None if first => Vec::new(),
            None => return None,
        };
        Some((csv_piece(&entries, &line, first), (chunks, line, false)))
    });
    Ok(download(year, "csv", "text/csv; charset=utf-8", Body::from_stream(pieces)))
}

pub(super) async fn xlsx(
    State(state): State<AppState>,
    officer: Officer,
    Query(parameters): Query<ListParameters>,
) -> web::Result<Response> {
    let (year, line, mut chunks) = export(&state, &officer, &parameters).await?;
    let mut table = XlsxTable::begin().map_err(anyhow::Error::from)?;
    while let Some(entries) = chunks.recv().await {
        table.add(&entries?, &line).map_err(|error| match error {
            SheetError::TooLong => web::Error::BadRequest("行数超过一张工作表的上限，请缩小范围或导出 CSV".into()),
            other => web::Error::Internal(other.into()),
        })?;
    }
    let mut bytes = std::io::Cursor::new(Vec::new());
    table.finish(&mut bytes).map_err(anyhow::Error::from)?;
    const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    Ok(download(year, "xlsx", XLSX, Body::from(bytes.into_inner())))
}

type Export = (i32, Line, Receiver<Result<Vec<Entry>, ListError>>);

async fn export(state: &AppState, officer: &Officer, parameters: &ListParameters) -> web::Result<Export> {
    let years = store::years(&state.pool, &officer.scope).await?;
    let query = parameters.query(default_year(&years, state))?;
    let line = store::line_of(&state.pool, query.year).await?;
    let chunks = store::stream(state.pool.clone(), officer.scope.clone(), query.clone(), line.clone());
    Ok((query.year, line, chunks))
}

fn download(year: i32, extension: &str, media_type: &'static str, body: Body) -> Response {
    let disposition = format!("attachment; filename=\"low-efficiency-{year}.{extension}\"");
    ([(header::CONTENT_TYPE, media_type.to_owned()), (header::CONTENT_DISPOSITION, disposition)], body).into_response()
}

/// The newest year with returns; before there are any, last year.
pub(super) fn default_year(years: &[i32], state: &AppState) -> i32 {
    years.first().copied().unwrap_or_else(|| state.clock.today().year() - 1)
}

async fn article_of(state: &AppState, line: &Line) -> web::Result<Article> {
    let catalogue = policy::store::current(&state.pool, &state.settings.district).await?;
    let article = catalogue.article(&line.document, &line.article).cloned();
    Ok(article.ok_or_else(|| anyhow::anyhow!("{} {} is not published", line.document, line.article))?)
}

impl From<ParameterFault> for web::Error {
    fn from(fault: ParameterFault) -> Self {
        web::Error::BadRequest(fault.message.to_owned())
    }
}

impl From<ListError> for web::Error {
    fn from(error: ListError) -> Self {
        match error {
            ListError::Line { year, error: LineError::Parameter(ParameterError::NotInForce { .. }) } => {
                web::Error::BadRequest(format!("{year}年12月31日没有有效的亩均税收标准，不能列出清单"))
            }
            ListError::Year { .. } => web::Error::BadRequest("年度应在1990年至2100年之间".into()),
            other => web::Error::Internal(other.into()),
        }
    }
}

/// How one enterprise was judged.
#[derive(Template)]
#[template(path = "remediation/detail_content.html")]
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

    /// The address that sorts by `key`, the other way round when the list is sorted by it already.
    fn sorted(&self, key: &str) -> String {
        let turned = self.parameters.sort == key && self.parameters.order != "desc";
        let order = if turned { "desc" } else { "asc" };
        ListParameters { order: order.into(), ..self.parameters.clone() }.address("sort", key)
    }

    /// For `aria-sort`.
    fn direction(&self, key: &str) -> &'static str {
        match (self.parameters.sort == key, self.parameters.order.as_str()) {
            (false, _) => "none",
            (true, "desc") => "descending",
            (true, _) => "ascending",
        }
    }

    fn detail(&self, entry: &Entry) -> String {
        format!("/low-efficiency/{}/{}", self.year, entry.uscc)
    }
}

/// The colour of an outcome's badge; the word stands beside it.
pub fn badge(outcome: &Outcome) -> &'static str {
    match outcome {
        Outcome::Flagged => "bg-red-lt",
        Outcome::OnTheLine => "bg-orange-lt",
        Outcome::Clear => "bg-green-lt",
        Outcome::NotDeterminable => "bg-yellow-lt",
        Outcome::InTransition => "bg-blue-lt",
        Outcome::NotApplicable => "bg-secondary-lt",
    }
}

fn tax_text(entry: &Entry) -> String {
    tax(entry).map_or("缺报".into(), |tax| grouped(tax, 2))
}

fn mu_text(entry: &Entry) -> String {
    entry.judgement.land.map_or("—".into(), |land| grouped(land.to_mu().0, 4))
}

fn metres_text(entry: &Entry) -> String {
    entry.judgement.land.map_or("—".into(), |land| grouped(land.0, 2))
}

fn quotient_text(entry: &Entry) -> String {
    entry.judgement.tax_per_mu.map_or("—".into(), |quotient| grouped(quotient, 4))
}

fn place_text(entry: &Entry) -> &str {
    entry.subdistrict_name.as_deref().or(entry.subdistrict.as_deref()).unwrap_or("—")
}

fn area_text(area: &Option<rust_decimal::Decimal>) -> String {
    area.map_or("—".into(), |area| rounded(area, area.scale().max(2)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::enterprise::{EnterpriseState, Sector};
    use crate::policy::{Comparison, catalogue::Catalogue};
    use crate::remediation::list::{Cursor, LandPart};
    use crate::remediation::rules::{deciding_day, judge};
    use crate::remediation::{Facts, LandDays, Tax};

    fn entry(line: &Line) -> Entry {
        let parts = vec![LandPart {
            side: crate::enterprise::HoldingSide::Owned,
            parcel: Some("330105001001GB00001".into()),
            area: Some(rust_decimal_macros::dec!(2000)),
            odd: false,
            floor_only: false,
            floor: None,
            days: 366,
            valid: crate::base::period::Period::since(deciding_day(2010)),
            counterpart: None,
        }];
        let facts = Facts {
            year: 2024,
            operated: true,
            established_on: None,
            size_class: SizeClass::Below,
            above_size_since: None,
            project_until: None,
            tax: Tax::Paid(crate::base::unit::Yuan(rust_decimal_macros::dec!(29999.99))),
            land: LandDays::of(&parts),
            floor: None,
        };
        Entry {
            uscc: "91110000600037341L".into(),
            name: "<b>样例</b>企业".into(),
            state: EnterpriseState::Operating,
            sector: Sector::Industry,
            industry_edition: None,
            industry_code: None,
            subdistrict: Some("330105012".into()),
            subdistrict_name: Some("天水街道".into()),
            tax_state: None,
            judgement: judge(&facts, line),
            facts,
            parts,
            cursor: Cursor { rank: 1, key: None, uscc: "91110000600037341L".into() },
        }
    }

    fn line_and_article() -> (Line, Article) {
        let catalogue = Catalogue::embedded().unwrap();
        let article = catalogue.article("xiacheng-2019", "四(一)4").unwrap().clone();
        let parameters = policy::Parameters::on(deciding_day(2024), catalogue.parameters);
        (Line::from_parameters(&parameters).unwrap(), article)
    }

    fn list(entries: Vec<Entry>) -> String {
        let (line, article) = line_and_article();
        let next = entries.first().map(|entry| entry.cursor.clone());
        ListContent {
            parameters: &ListParameters { sort: "tax".into(), ..Default::default() },
            year: 2024,
            years: &[2024, 2023],
            subdistricts: &[Choice { code: "330105012".into(), name: "天水街道".into() }],
            sections: &[Choice { code: "C".into(), name: "制造业".into() }],
            line: &line,
            article: &article,
            counts: &Counts(vec![(Outcome::Flagged, entries.len() as i64)]),
            page: &Page { entries, next },
        }
        .render()
        .unwrap()
    }

    #[test]
    fn the_list_shows_units_outcome_and_article() {
        let (line, _) = line_and_article();
        assert_eq!(line.comparison, Comparison::Below);
        let html = list(vec![entry(&line)]);
        for text in [
            "29,999.99",
            "3.0000",
            "9,999.9967",
            "元/亩",
            "低效",
            "亩均税收1万元以下的低效企业",
            "?sort=tax&#38;order=desc",
            "下一页",
        ] {
            assert!(html.contains(text), "{text} in\n{html}");
        }
        assert!(!html.contains("<b>样例"));
    }

    #[test]
    fn an_empty_list_says_so() {
        assert!(list(vec![]).contains("没有符合条件的企业"));
    }

    #[test]
    fn the_detail_shows_how_the_land_is_made_up() {
        let (line, article) = line_and_article();
        let html = DetailContent { entry: &entry(&line), line: &line, article: &article }.render().unwrap();
        for text in ["330105001001GB00001", "2000.00", "366", "29999.99 × 2000 × 366"] {
            assert!(html.contains(text), "{text} in\n{html}");
        }
    }
}
