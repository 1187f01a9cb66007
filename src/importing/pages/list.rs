//! What was imported, as a page and as a file, and one import.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{Html, Response};
use uuid::Uuid;

use super::{download, download_sheet, in_full};
use crate::account::list::Paths;
use crate::account::{List, Officer};
use crate::base::clock::china_minute;
use crate::db::count::Total;
use crate::db::keyset::Position;
use crate::importing::ImportKind;
use crate::importing::draft_store::{self as drafts, Open};
use crate::importing::list::{Cursor, ListParameters, ListQuery};
use crate::importing::run_store::{self as store, Page, Run};
use crate::web::list::{Cell, Column, View};
use crate::web::{AppState, Error, Result, Shell};

/// Uploads of one's own that the page names; the rest it says there is.
const OPEN_SHOWN: usize = 20;

pub struct ImportList {
    state: AppState,
    officer: Officer,
    query: ListQuery,
}

#[derive(Template)]
#[template(path = "importing/list.html")]
struct ListPage {
    shell: Shell,
    view: View,
    open: Vec<Open>,
    more_open: bool,
}

impl List for ImportList {
    type Parameters = ListParameters;
    type Row = Run;
    type Key = Cursor;

    const PATHS: Paths = crate::list_paths!("/imports");
    const SHEET: &'static str = "导入";

    fn columns() -> Vec<Column<Self, Run>> {
        vec![
            Column::page("时间", |_, run: &Run| Cell::text(run.when())).sorted("time"),
            Column::file("导入时间", |_, run: &Run| run.when().into()),
            Column::both("内容", |_, run: &Run| Cell::text(run.kind), |_, run: &Run| run.kind.label().into()),
            Column::both(
                "文件",
                |_, run: &Run| Cell::link(format!("/imports/{}", run.id), &run.file_name),
                |_, run: &Run| run.file_name.as_str().into(),
            )
            .sorted("file"),
            Column::both("读取（条）", |_, run: &Run| Cell::text(run.read), |_, run: &Run| run.read.into()).number(),
            Column::both("接受（条）", |_, run: &Run| Cell::text(run.accepted), |_, run: &Run| run.accepted.into())
                .number(),
            Column::both("拒绝（条）", |_, run: &Run| Cell::text(run.rejected), |_, run: &Run| run.rejected.into())
                .number(),
            Column::both("未变（条）", |_, run: &Run| Cell::text(run.unchanged), |_, run: &Run| run.unchanged.into())
                .number(),
            Column::both("导入人", |_, run: &Run| Cell::text(&run.actor), |_, run: &Run| run.actor.as_str().into()),
            Column::file("编号", |_, run: &Run| run.id.to_string().into()),
        ]
    }

    async fn ask(state: &AppState, officer: Officer, parameters: &ListParameters) -> Result<Self> {
        Ok(ImportList { query: parameters.query()?, state: state.clone(), officer })
    }

    async fn page(&self, position: Position<Cursor>, size: u16) -> Result<Page> {
        let (pool, scope, account) = (&self.state.pool, &self.officer.scope, whose(&self.officer));
        Ok(store::page(pool, scope, account, &self.query, &position, size).await?)
    }

    async fn total(&self) -> Result<Total> {
        let (pool, scope, account) = (&self.state.pool, &self.officer.scope, whose(&self.officer));
        Ok(store::total(pool, scope, account, &self.query).await?)
    }

    async fn render(&self, state: &AppState, view: View) -> Result<String> {
        let (scope, account) = (&self.officer.scope, self.officer.account);
        let mut open = drafts::open_of(&state.pool, scope, account, OPEN_SHOWN as i64 + 1).await?;
        let more_open = open.len() > OPEN_SHOWN;
        open.truncate(OPEN_SHOWN);
        Ok(ListPage { shell: self.officer.shell(state, "导入"), view, open, more_open }.render()?)
    }
}

impl Open {
    fn when(&self) -> String {
        china_minute(&self.created_at)
    }
}

/// Reports name enterprises and parcels of the whole file, so a clerk of one sub-district sees only their own.
pub fn whose(officer: &Officer) -> Option<Uuid> {
    officer.scope.subdistrict.as_ref().map(|_| officer.account)
}

impl Run {
    fn when(&self) -> String {
        china_minute(&self.created_at)
    }
}

#[derive(Template)]
#[template(path = "importing/run.html")]
struct RunPage {
    shell: Shell,
    run: Run,
    report: String,
}

pub async fn show(State(state): State<AppState>, officer: Officer, Path(id): Path<Uuid>) -> Result<Html<String>> {
    let (run, report) = find(&state, &officer, id).await?;
    let report = report.as_ref().map(in_full).transpose()?.unwrap_or_default();
    let page = RunPage { shell: officer.shell(&state, format!("导入 {}", run.file_name)), run, report };
    Ok(Html(page.render()?))
}

pub async fn report(State(state): State<AppState>, officer: Officer, Path(id): Path<Uuid>) -> Result<Response> {
    let (_, report) = find(&state, &officer, id).await?;
    download(report.ok_or_else(|| Error::NotFound("此次导入没有留存报告".into()))?, &format!("import-{id}"))
}

pub async fn report_sheet(State(state): State<AppState>, officer: Officer, Path(id): Path<Uuid>) -> Result<Response> {
    let (run, report) = find(&state, &officer, id).await?;
    let report = report.ok_or_else(|| Error::NotFound("此次导入没有留存报告".into()))?;
    download_sheet(&report, &run.file_name)
}

async fn find(state: &AppState, officer: &Officer, id: Uuid) -> Result<(Run, Option<crate::importing::Report>)> {
    let found = store::run(&state.pool, &officer.scope, whose(officer), id).await?;
    found.ok_or_else(|| Error::NotFound("没有这次导入".into()))
}
