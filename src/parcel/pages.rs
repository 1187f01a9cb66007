//! 宗地: the list with its filters and exports. What changes parcels is in [`changes`].

pub mod changes;

use askama::Template;
use axum::extract::{Query, State};
use axum::response::{Html, Response};
use rust_decimal::Decimal;

use super::SupplyStatus;
use super::list::{ListParameters, ListQuery, Row};
use super::store::{self, Page};
use crate::account::{Access, Officer, Routes};
use crate::base::unit::{SquareMetre, grouped};
use crate::codelist;
use crate::exchange::sheet::Value;
use crate::web::list::{Asked, EXPORT_PAGE, Most, whole};
use crate::web::{self, AppState, Export, Shell};

pub const HEADERS: [&str; 15] = [
    "宗地代码",
    "宗地名称",
    "街道代码",
    "街道",
    "代码所示街道代码",
    "登记面积（平方米）",
    "登记面积（亩）",
    "平面面积（平方米）",
    "椭球面积（平方米）",
    "用地分类标准",
    "用地代码",
    "用地名称",
    "供应状态",
    "起始日期",
    "终止日期（不含当日）",
];

pub fn routes() -> Routes {
    Routes::new()
        .get("/parcels", Access::ReadRegisters, list)
        .get("/parcels.csv", Access::ReadRegisters, export)
        .get("/parcels.xlsx", Access::ReadRegisters, export)
        .merge(changes::routes())
}

#[derive(Template)]
#[template(path = "parcel/list.html")]
struct ListPage<'a> {
    shell: Shell,
    parameters: &'a ListParameters,
    query: &'a ListQuery,
    subdistricts: &'a [codelist::Choice],
    land_uses: &'a [codelist::Choice],
    page: &'a Page,
    may_write: bool,
}

pub async fn list(
    State(state): State<AppState>,
    officer: Officer,
    Query(parameters): Query<ListParameters>,
) -> web::Result<Html<String>> {
    let (pool, scope) = (&state.pool, &officer.scope);
    let query = parameters.query(state.clock.today())?;
    let (after, size) = (parameters.after()?, parameters.page_size()?);
    let (page, subdistricts, land_uses) = tokio::try_join!(
        store::page(pool, scope, &query, after.as_ref(), size, false),
        codelist::subdistricts(pool, scope, query.on),
        store::land_uses_occurring(pool, scope)
    )?;
    let page = ListPage {
        shell: officer.shell(&state, "宗地"),
        parameters: &parameters,
        query: &query,
        subdistricts: &subdistricts,
        land_uses: &land_uses,
        page: &page,
        may_write: officer.may(Access::WriteParcels),
    };
    Ok(Html(page.render()?))
}

impl ListPage<'_> {
    fn supplies(&self) -> &'static [SupplyStatus] {
        SupplyStatus::ALL
    }

    fn next(&self) -> Option<String> {
        self.parameters.next_page(self.page.next.as_ref())
    }
}

pub async fn export(
    State(state): State<AppState>,
    officer: Officer,
    Query(parameters): Query<ListParameters>,
    file: Export,
) -> web::Result<Response> {
    let rows = exported(&state, &officer, &parameters).await?;
    file.download("parcels", "宗地", &HEADERS, rows.into_iter().map(|row| cells(&row))).await
}

/// Everything the filters leave, in the order of the page.
async fn exported(state: &AppState, officer: &Officer, parameters: &ListParameters) -> web::Result<Vec<Row>> {
    let (pool, scope, query) = (&state.pool, &officer.scope, &parameters.query(state.clock.today())?);
    whole(Most::MILLION, |after| async move {
        let page = store::page(pool, scope, query, after.as_ref(), EXPORT_PAGE, false).await?;
        Ok((page.rows, page.next))
    })
    .await
}

fn cells(row: &Row) -> Vec<Value> {
    vec![
        row.code.as_str().into(),
        row.name.clone().into(),
        row.subdistrict.clone().into(),
        row.subdistrict_name.clone().into(),
        row.registered_subdistrict.as_str().into(),
        row.official_area_m2.into(),
        row.official_area_m2.map(|area| SquareMetre(area).to_mu().0.normalize()).into(),
        row.plane_area_m2.into(),
        row.geodesic_area_m2.into(),
        row.land_use_scheme.clone().into(),
        row.land_use_code.clone().into(),
        row.land_use_name.clone().into(),
        row.supply_status.label().into(),
        row.valid.from.into(),
        row.valid.until.into(),
    ]
}

fn metres(area: &Option<Decimal>) -> String {
    area.map_or("未登记".into(), |area| grouped(area, 2))
}

fn mu(area: &Option<Decimal>) -> String {
    area.map_or("—".into(), |area| grouped(SquareMetre(area).to_mu().0, 4))
}

/// The colour of a supply status; the word stands beside it.
fn badge(status: &SupplyStatus) -> &'static str {
    match status {
        SupplyStatus::ApprovedNotSupplied => "bg-azure-lt",
        SupplyStatus::SuppliedNotUsed => "bg-yellow-lt",
        SupplyStatus::InUse => "bg-green-lt",
        SupplyStatus::Idle => "bg-orange-lt",
        SupplyStatus::LowEfficiency => "bg-red-lt",
    }
}
