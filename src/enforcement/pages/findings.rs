//! Findings of joint enforcement.

use askama::Template;

use crate::account::list::Paths;
use crate::account::{Department, List, Officer};
use crate::db::count::Total;
use crate::db::keyset::{Page, Position};
use crate::enforcement::State;
use crate::enforcement::asked::FindingParameters;
use crate::enforcement::present::{badge, yuan};
use crate::enforcement::store::finding_list::{self as store, FindingFilter, FindingKey};
use crate::enforcement::store::findings::Finding;
use crate::enforcement::wording::{address, finding_address};
use crate::web::list::{Cell, Column, View};
use crate::web::{self, AppState, Shell};

pub struct Findings {
    state: AppState,
    officer: Officer,
    filter: FindingFilter,
}

#[derive(Template)]
#[template(path = "enforcement/findings.html")]
struct FindingsPage {
    shell: Shell,
    view: View,
}

impl List for Findings {
    type Parameters = FindingParameters;
    type Row = Finding;
    type Key = FindingKey;

    const PATHS: Paths = crate::list_paths!("/enforcement/findings");
    const SHEET: &'static str = "联合执法问题";

    fn columns() -> Vec<Column<Self, Finding>> {
        vec![
            Column::both(
                "编号",
                |_, row: &Finding| Cell::code(finding_address(row.number()), row.number()),
                |_, row: &Finding| row.number().to_string().into(),
            ),
            Column::both(
                "企业",
                |_, row: &Finding| Cell::text(&row.name).note(&row.uscc),
                |_, row: &Finding| row.name.as_str().into(),
            ),
            Column::file("统一社会信用代码", |_, row: &Finding| row.uscc.as_str().into()),
            Column::both(
                "承办部门",
                |_, row: &Finding| Cell::text(row.department),
                |_, row: &Finding| row.department.label().into(),
            ),
            Column::both(
                "问题",
                |_, row: &Finding| Cell::text(&row.words).note(&row.question),
                |_, row: &Finding| row.words.as_str().into(),
            ),
            Column::file("检查事项", |_, row: &Finding| row.question.as_str().into()),
            Column::file("依据", |_, row: &Finding| row.basis.as_str().into()),
            Column::both(
                "行动",
                |_, row: &Finding| {
                    Cell::code(address(row.campaign()), row.campaign()).note(format!("移交 {}", row.handed_on))
                },
                |_, row: &Finding| row.campaign().to_string().into(),
            ),
            Column::file("移交日期", |_, row: &Finding| row.handed_on.into()),
            Column::both(
                "状态",
                |list: &Self, row: &Finding| {
                    let cell = Cell::badge(badge(row.state), row.state);
                    let late = row.days_late(list.state.clock.today());
                    let cell = if late > 0 { cell.and_badge("bg-red-lt", format!("逾期 {late} 日")) } else { cell };
                    cell.note_of(row.due.map(|due| format!("期限 {due}")))
                },
                |_, row: &Finding| row.state.label().into(),
            ),
            Column::file("期限", |_, row: &Finding| row.due.into()),
            Column::both(
                "罚款（元）",
                |_, row: &Finding| Cell::or_missing(row.fine_yuan.as_ref().map(yuan)),
                |_, row: &Finding| row.fine_yuan.into(),
            )
            .number(),
        ]
    }

    async fn ask(state: &AppState, officer: Officer, parameters: &FindingParameters) -> web::Result<Self> {
        let filter = parameters.filter(&officer, state.clock.today())?;
        Ok(Findings { state: state.clone(), officer, filter })
    }

    async fn page(&self, position: Position<FindingKey>, size: u16) -> web::Result<Page<Finding, FindingKey>> {
        Ok(store::page(&self.state.pool, &self.officer.scope, &self.filter, &position, size).await?)
    }

    async fn total(&self) -> web::Result<Total> {
        Ok(store::total(&self.state.pool, &self.officer.scope, &self.filter).await?)
    }

    async fn render(&self, state: &AppState, view: View) -> web::Result<String> {
        Ok(FindingsPage { shell: self.officer.shell(state, "联合执法问题"), view }.render()?)
    }
}
