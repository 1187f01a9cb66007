//! Findings of auditors.

use askama::Template;
use serde::{Deserialize, Serialize};

use super::yuan;
use crate::account::list::Paths;
use crate::account::{List, Officer};
use crate::allocation::State;
use crate::allocation::store::findings::{self as store, Finding, FindingFilter, FindingKey};
use crate::db::count::Total;
use crate::db::keyset::{Page, Position};
use crate::entitlement::Body;
use crate::web::list::{Cell, Column, Parameters, View, non_empty, read};
use crate::web::{self, AppState, Shell};

/// Every field may be absent or empty, which is the same.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ListParameters {
    pub state: String,
    pub body: String,
    /// `1`: only those whose answer is late.
    pub late: String,
    /// The whole credit code.
    pub q: String,
    pub after: String,
    pub size_of_page: String,
}

impl Parameters for ListParameters {}

pub struct Findings {
    state: AppState,
    officer: Officer,
    filter: FindingFilter,
}

#[derive(Template)]
#[template(path = "allocation/findings.html")]
struct FindingsPage {
    shell: Shell,
    view: View,
}

/// What colour a state has.
pub fn state_badge(state: State) -> &'static str {
    match state {
        State::Opened => "bg-orange-lt",
        State::Answered => "bg-blue-lt",
        State::Rectified => "bg-green-lt",
        State::NotUpheld => "bg-secondary-lt",
    }
}

impl List for Findings {
    type Parameters = ListParameters;
    type Row = Finding;
    type Key = FindingKey;

    const PATHS: Paths = crate::list_paths!("/allocation/findings");
    const SHEET: &'static str = "审计问题";

    fn columns() -> Vec<Column<Self, Finding>> {
        vec![
            Column::both(
                "编号",
                |_, row: &Finding| Cell::code(format!("/allocation/findings/{}", row.number()), row.number()),
                |_, row: &Finding| row.number().to_string().into(),
            ),
            Column::both(
                "企业",
                |_, row: &Finding| Cell::text(row.name.as_deref().unwrap_or("（不在册）")).note(&row.uscc),
                |_, row: &Finding| row.name.clone().into(),
            ),
            Column::file("统一社会信用代码", |_, row: &Finding| row.uscc.as_str().into()),
            Column::both(
                "执行单位",
                |_, row: &Finding| Cell::text(row.body).note(row.finding),
                |_, row: &Finding| row.body.label().into(),
            ),
            Column::file("核对结果", |_, row: &Finding| row.finding.label().into()),
            Column::both(
                "问题",
                |_, row: &Finding| Cell::text(&row.words),
                |_, row: &Finding| row.words.as_str().into(),
            ),
            Column::both("差额（元）", |_, row: &Finding| Cell::text(yuan(row.gap)), |_, row: &Finding| row.gap.into())
                .number(),
            Column::both(
                "状态",
                |list: &Self, row: &Finding| {
                    let cell = Cell::badge(state_badge(row.state), row.state);
                    let late = row.is_late(list.state.clock.today());
                    if late { cell.and_badge("bg-red-lt", "逾期未答复") } else { cell }.note_of(row.due)
                },
                |_, row: &Finding| row.state.label().into(),
            ),
            Column::file("答复期限", |_, row: &Finding| row.due.into()),
            Column::both(
                "整改金额（元）",
                |_, row: &Finding| Cell::text(yuan(row.rectified_yuan)),
                |_, row: &Finding| row.rectified_yuan.into(),
            )
            .number(),
        ]
    }

    async fn ask(state: &AppState, officer: Officer, parameters: &ListParameters) -> web::Result<Self> {
        let filter = FindingFilter {
            state: read(&parameters.state, "没有这种状态")?,
            body: read(&parameters.body, "没有这种执行单位")?,
            late_on: non_empty(&parameters.late).map(|_| state.clock.today()),
            uscc: non_empty(&parameters.q).map(str::to_uppercase),
        };
        Ok(Findings { state: state.clone(), officer, filter })
    }

    async fn page(&self, position: Position<FindingKey>, size: u16) -> web::Result<Page<Finding, FindingKey>> {
        Ok(store::page(&self.state.pool, &self.officer.scope, &self.filter, &position, size).await?)
    }

    async fn total(&self) -> web::Result<Total> {
        Ok(store::total(&self.state.pool, &self.officer.scope, &self.filter).await?)
    }

    async fn render(&self, state: &AppState, view: View) -> web::Result<String> {
        Ok(FindingsPage { shell: self.officer.shell(state, "审计问题"), view }.render()?)
    }
}
