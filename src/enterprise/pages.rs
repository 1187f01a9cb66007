//! 企业: the list with its filters and exports, and one enterprise with everything on record about it.

mod editing;
mod occupying;
mod one;

use askama::Template;
use axum::extract::{Query, State};
use axum::response::{Html, Response};
use rust_decimal::Decimal;

use super::list::{ListParameters, Row};
use super::store::{self, Page};
use super::{EnterpriseState, Sector, SizeClass};
use crate::account::{Access, Officer, Routes};
use crate::base::unit::{Mu, grouped};
use crate::codelist;
use crate::exchange::sheet::Value;
use crate::web::list::{Asked, EXPORT_PAGE, Most, whole};
use crate::web::{self, AppState, Export, Shell};

pub const HEADERS: [&str; 13] = [
    "统一社会信用代码",
    "企业名称",
    "经营状态",
    "类别",
    "规模",
    "行业标准",
    "行业代码",
    "行业名称",
    "高新技术企业",
    "产业平台",
    "街道代码",
    "街道",
    "成立日期",
];

pub fn routes() -> Routes {
    Routes::new()
        .get("/enterprises", Access::ReadRegisters, list)
        .get("/enterprises.csv", Access::ReadRegisters, export)
        .get("/enterprises.xlsx", Access::ReadRegisters, export)
        .get("/enterprises/{uscc}", Access::ReadRegisters, one::show)
        .post("/enterprises/{uscc}/figures/{id}/confirm", Access::ConfirmFigures, one::confirm)
        .post("/enterprises/{uscc}/figures/{id}/correct", Access::ConfirmFigures, one::correct)
        .merge(editing::routes())
        .merge(occupying::routes())
}

#[derive(Template)]
#[template(path = "enterprise/list.html")]
struct ListPage<'a> {
    shell: Shell,
    parameters: &'a ListParameters,
    subdistricts: &'a [codelist::Choice],
    industries: &'a [codelist::Choice],
    page: &'a Page,
    may_write: bool,
}

impl ListPage<'_> {
    fn sectors(&self) -> &'static [Sector] {
        Sector::ALL
    }

    fn sizes(&self) -> &'static [SizeClass] {
        SizeClass::ALL
    }

    fn states(&self) -> &'static [EnterpriseState] {
        EnterpriseState::ALL
    }

    fn next(&self) -> Option<String> {
        self.parameters.next_page(self.page.next.as_ref())
    }
}

pub async fn list(
    State(state): State<AppState>,
    officer: Officer,
    Query(parameters): Query<ListParameters>,
) -> web::Result<Html<String>> {
    let (pool, scope) = (&state.pool, &officer.scope);
    let query = parameters.query(state.clock.today())?;
    let (after, size) = (parameters.after()?, parameters.page_size()?);
    let (page, subdistricts, industries) = tokio::try_join!(
        store::page(pool, scope, &query, after.as_ref(), size),
        codelist::subdistricts(pool, scope, query.on),
        store::industries(pool, scope)
    )?;
    let page = ListPage {
        shell: officer.shell(&state, "企业"),
        parameters: &parameters,
        subdistricts: &subdistricts,
        industries: &industries,
        page: &page,
        may_write: officer.may(Access::WriteEnterprises),
    };
    Ok(Html(page.render()?))
}

pub async fn export(
    State(state): State<AppState>,
    officer: Officer,
    Query(parameters): Query<ListParameters>,
    file: Export,
) -> web::Result<Response> {
    let rows = exported(&state, &officer, &parameters).await?;
    file.download("enterprises", "企业", &HEADERS, rows.into_iter().map(|row| cells(&row))).await
}

/// Everything the filters leave, in the order of the page.
async fn exported(state: &AppState, officer: &Officer, parameters: &ListParameters) -> web::Result<Vec<Row>> {
    let (pool, scope, query) = (&state.pool, &officer.scope, &parameters.query(state.clock.today())?);
    whole(Most::MILLION, |after| async move {
        let page = store::page(pool, scope, query, after.as_ref(), EXPORT_PAGE).await?;
        Ok((page.rows, page.next))
    })
    .await
}

fn cells(row: &Row) -> Vec<Value> {
    vec![
        row.uscc.as_str().into(),
        row.name.as_str().into(),
        row.state.label().into(),
        row.sector.label().into(),
        row.size_class.label().into(),
        row.industry_edition.clone().into(),
        row.industry_code.clone().into(),
        row.industry_name.clone().into(),
        row.high_tech.map(|yes| if yes { "是" } else { "否" }).into(),
        row.platform.clone().into(),
        row.subdistrict.clone().into(),
        row.subdistrict_name.clone().into(),
        row.established_on.into(),
    ]
}

/// The colour of a state; the word stands beside it.
fn badge(state: &EnterpriseState) -> &'static str {
    match state {
        EnterpriseState::Operating => "bg-green-lt",
        EnterpriseState::Moved => "bg-yellow-lt",
        EnterpriseState::Cancelled => "bg-secondary-lt",
    }
}

/// Square metres of land, for the eye.
fn metres(land: &Option<Mu>) -> String {
    land.and_then(|land| land.square_metres().rounded(2)).map_or("—".into(), |area| grouped(area, 2))
}

fn area(area: &Option<Decimal>) -> String {
    area.map_or("—".into(), |area| grouped(area, 2))
}
