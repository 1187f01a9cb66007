//! What was imported, as a page and as a file, and one import.

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::{Html, Response};
use uuid::Uuid;

use super::{download, download_sheet, in_full};
use crate::account::Officer;
use crate::base::clock::china_minute;
use crate::exchange::sheet::Value;
use crate::importing::ImportKind;
use crate::importing::draft_store::{self as drafts, Open};
use crate::importing::list::ListParameters;
use crate::importing::run_store::{self as store, Page, Run};
use crate::web::list::{Asked, EXPORT_PAGE, Most, whole};
use crate::web::{AppState, Error, Export, Result, Shell};

/// Uploads of one's own that the page names; the rest it says there is.
const OPEN_SHOWN: usize = 20;

const HEADERS: [&str; 9] =
    ["导入时间", "内容", "文件", "读取（条）", "接受（条）", "拒绝（条）", "未变（条）", "导入人", "编号"];

#[derive(Template)]
#[template(path = "importing/list.html")]
struct ListPage<'a> {
    shell: Shell,
    parameters: &'a ListParameters,
    open: Vec<Open>,
    more_open: bool,
    page: &'a Page,
}

impl ListPage<'_> {
    fn kinds(&self) -> &'static [ImportKind] {
        ImportKind::ALL
    }

    fn next(&self) -> Option<String> {
        self.parameters.next_page(self.page.next.as_ref())
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

pub async fn list(
    State(state): State<AppState>,
    officer: Officer,
    Query(parameters): Query<ListParameters>,
) -> Result<Html<String>> {
    let (pool, scope, query) = (&state.pool, &officer.scope, parameters.query()?);
    let (after, size) = (parameters.after()?, parameters.page_size()?);
    let mut open = drafts::open_of(pool, scope, officer.account, OPEN_SHOWN as i64 + 1).await?;
    let more_open = open.len() > OPEN_SHOWN;
    open.truncate(OPEN_SHOWN);
    let page = ListPage {
        shell: officer.shell(&state, "导入"),
        parameters: &parameters,
        open,
        more_open,
        page: &store::page(pool, scope, whose(&officer), &query, after.as_ref(), size).await?,
    };
    Ok(Html(page.render()?))
}

pub async fn export(
    State(state): State<AppState>,
    officer: Officer,
    Query(parameters): Query<ListParameters>,
    file: Export,
) -> Result<Response> {
    let (pool, scope, account, query) = (&state.pool, &officer.scope, whose(&officer), &parameters.query()?);
    let runs = whole(Most::MILLION, |after| async move {
        let page = store::page(pool, scope, account, query, after.as_ref(), EXPORT_PAGE).await?;
        Ok((page.runs, page.next))
    })
    .await?;
    file.download("imports", "导入", &HEADERS, runs.into_iter().map(|run| cells(&run))).await
}

fn cells(run: &Run) -> Vec<Value> {
    vec![
        run.when().into(),
        run.kind.label().into(),
        run.file_name.as_str().into(),
        run.read.into(),
        run.accepted.into(),
        run.rejected.into(),
        run.unchanged.into(),
        run.actor.as_str().into(),
        run.id.to_string().into(),
    ]
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
