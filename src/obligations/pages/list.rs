//! `GET /contracts`: the register with filters by stage and by what is late, as a page and as a file.

use askama::Template;
use axum::extract::{Query, State};
use axum::response::{Html, Response};
use chrono::{DateTime, NaiveDate, Utc};
use serde::Deserialize;

use super::found::{self, Cursor, Page, Pressing, Row, SortKey, Wanted};
use crate::account::{Access, Officer};
use crate::base::clock::china_minute;
use crate::codelist::{Choice, subdistricts};
use crate::contract::present::{condition_badge, mu, segment, square_metres, wan};
use crate::contract::stage::{Condition, Stage};
use crate::contract::terms::ContractKind;
use crate::exchange::sheet::Value;
use crate::obligations::asked::{narrowed, question};
use crate::obligations::present::suspicion_badge;
use crate::obligations::summary::Suspicion;
use crate::web::list::{Asked, EXPORT_PAGE, Most, address, after, given, is_descending, page_size, read, whole};
use crate::web::{self, AppState, Export, Shell};

pub const HEADERS: [&str; 18] = [
    "合同编号",
    "供地方式",
    "受让人信用代码",
    "受让人",
    "宗地代码",
    "出让面积（平方米）",
    "出让面积（亩）",
    "合同总价（元）",
    "签订日期",
    "阶段",
    "阶段起始日",
    "状况",
    "逾期事项（项）",
    "最长逾期（日）",
    "30日内到期（项）",
    "闲置判断",
    "下一事项",
    "下一到期日",
];

/// The address of the list. Every field may be absent or empty.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct ListParameters {
    pub q: String,
    pub stage: String,
    pub pressing: String,
    pub kind: String,
    pub subdistrict: String,
    pub as_of: String,
    pub known_at: String,
    pub sort: String,
    pub order: String,
    pub size_of_page: String,
    pub after: String,
}

impl Asked for ListParameters {
    const SORTED_BY: &'static str = "number";

    fn fields(&self) -> Vec<(&'static str, &str)> {
        vec![
            ("q", &self.q),
            ("stage", &self.stage),
            ("pressing", &self.pressing),
            ("kind", &self.kind),
            ("subdistrict", &self.subdistrict),
            ("as_of", &self.as_of),
            ("known_at", &self.known_at),
            ("sort", &self.sort),
            ("order", &self.order),
            ("size_of_page", &self.size_of_page),
        ]
    }
}

impl ListParameters {
    async fn wanted(&self, state: &AppState) -> web::Result<Wanted> {
        is_descending(&self.order)?;
        let question = question(state, &self.as_of, &self.known_at, None).await?;
        Ok(Wanted {
            question,
            text: given(&self.q).map(str::to_owned),
            stage: read(&self.stage, "没有这样的阶段")?,
            pressing: read(&self.pressing, "没有这样的履行情况")?,
            kind: read(&self.kind, "没有这样的供地方式")?,
            sort: read(&self.sort, "不能按此排序")?.unwrap_or(SortKey::Number),
        })
    }

    fn after(&self) -> web::Result<Option<Cursor>> {
        after(&self.after)
    }
}

#[derive(Template)]
#[template(path = "obligations/list.html")]
struct ListPage<'a> {
    shell: Shell,
    parameters: &'a ListParameters,
    subdistricts: &'a [Choice],
    page: &'a Page,
    as_of: NaiveDate,
    known_at: Option<DateTime<Utc>>,
    may_write: bool,
    may_import: bool,
}

impl ListPage<'_> {
    fn stages(&self) -> &'static [Stage] {
        Stage::ALL
    }

    fn kinds(&self) -> &'static [ContractKind] {
        ContractKind::ALL
    }

    fn pressing(&self) -> &'static [Pressing] {
        Pressing::ALL
    }

    fn next(&self) -> Option<String> {
        self.parameters.next_page(self.page.next.as_ref())
    }

    /// A contract's page on the same day and with the same knowledge.
    fn href(&self, row: &Row) -> String {
        let fields = [("as_of", self.parameters.as_of.as_str()), ("known_at", &self.parameters.known_at)];
        format!("/contracts/{}{}", segment(&row.number), address(&fields, "", ""))
    }
}

pub async fn show(
    State(state): State<AppState>,
    officer: Officer,
    Query(parameters): Query<ListParameters>,
) -> web::Result<Html<String>> {
    let scope = narrowed(&officer, &parameters.subdistrict)?;
    let wanted = parameters.wanted(&state).await?;
    let size = page_size(&parameters.size_of_page)?;
    let page = found::page(&state.pool, &scope, &wanted, parameters.after()?.as_ref(), size.into()).await?;
    let as_of = wanted.question.as_of;
    let page = ListPage {
        shell: officer.shell(&state, "合同"),
        parameters: &parameters,
        subdistricts: &subdistricts(&state.pool, &officer.scope, as_of).await?,
        page: &page,
        as_of,
        known_at: given(&parameters.known_at).map(|_| wanted.question.known_at),
        may_write: officer.may(Access::WriteContracts),
        may_import: officer.may(Access::ImportFiles),
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
    file.download("contracts", "合同", &HEADERS, rows.into_iter().map(|row| cells(&row))).await
}

/// Everything the filters leave, in the order of the page.
async fn exported(state: &AppState, officer: &Officer, parameters: &ListParameters) -> web::Result<Vec<Row>> {
    let (pool, scope, wanted) =
        (&state.pool, &narrowed(officer, &parameters.subdistrict)?, &parameters.wanted(state).await?);
    whole(Most::MILLION, |after| async move {
        let page = found::page(pool, scope, wanted, after.as_ref(), EXPORT_PAGE.into()).await?;
        Ok((page.rows, page.next))
    })
    .await
}

fn cells(row: &Row) -> Vec<Value> {
    let summary = &row.summary;
    vec![
        row.number.as_str().into(),
        row.kind.label().into(),
        row.grantee.as_str().into(),
        row.grantee_name.clone().into(),
        row.parcels.join("、").into(),
        row.granted_area.shown_square_metres().into(),
        row.granted_area.0.normalize().into(),
        row.price.0.into(),
        row.signed_on.into(),
        summary.standing.stage.label().into(),
        summary.standing.since.into(),
        summary.standing.condition.label().into(),
        (summary.overdue as i64).into(),
        summary.days_late.into(),
        (summary.due_soon as i64).into(),
        summary.idle.label().into(),
        summary.next.map(|(duty, _)| duty.label()).into(),
        summary.next.map(|(_, day)| day).into(),
    ]
}
