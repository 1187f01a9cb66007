//! What was imported, newest first, and one import.

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::{Html, Response};
use chrono::{DateTime, Utc};
use serde::Deserialize;
use uuid::Uuid;

use super::{ReportPart, download};
use crate::account::Officer;
use crate::base::clock::china_time;
use crate::importing::draft_store::{self as store, Open, Run};
use crate::web::{AppState, Error, Result, Shell, cursor};

const PAGE: i64 = 50;
const OPEN_SHOWN: i64 = 20;

#[derive(Template)]
#[template(path = "importing/list.html")]
struct ListPage {
    shell: Shell,
    open: Vec<Open>,
    runs: Vec<Run>,
    next: Option<String>,
}

#[derive(Deserialize)]
pub struct ListQuery {
    after: Option<String>,
}

impl Open {
    fn when(&self) -> String {
        china_time(self.created_at).format("%Y-%m-%d %H:%M").to_string()
    }
}

/// Reports name enterprises and parcels of the whole file, so a clerk of one sub-district sees only their own.
fn whose(officer: &Officer) -> Option<Uuid> {
    officer.scope.subdistrict.as_ref().map(|_| officer.account)
}

impl Run {
    fn when(&self) -> String {
        china_time(self.created_at).format("%Y-%m-%d %H:%M").to_string()
    }
}

pub async fn list(
    State(state): State<AppState>,
    officer: Officer,
    Query(query): Query<ListQuery>,
) -> Result<Html<String>> {
    let after: Option<(DateTime<Utc>, Uuid)> = query.after.as_deref().map(cursor::decode).transpose()?;
    let mut runs = store::runs(&state.pool, &officer.scope, whose(&officer), after, PAGE + 1).await?;
    let more = runs.len() as i64 > PAGE;
    runs.truncate(PAGE as usize);
    let next = runs.last().filter(|_| more).map(|run| cursor::encode(&(run.created_at, run.id)));
    let open = store::open_of(&state.pool, &officer.scope, officer.account, OPEN_SHOWN).await?;
    let page = ListPage { shell: officer.shell(&state, "导入"), open, runs, next };
    Ok(Html(page.render()?))
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
    let report = report.as_ref().map(|report| ReportPart::new(report).render()).transpose()?.unwrap_or_default();
    let page = RunPage { shell: officer.shell(&state, format!("导入 {}", run.file_name)), run, report };
    Ok(Html(page.render()?))
}

pub async fn report(State(state): State<AppState>, officer: Officer, Path(id): Path<Uuid>) -> Result<Response> {
    let (_, report) = find(&state, &officer, id).await?;
    download(report.ok_or_else(|| Error::NotFound("此次导入没有留存报告".into()))?, &format!("import-{id}"))
}

async fn find(state: &AppState, officer: &Officer, id: Uuid) -> Result<(Run, Option<crate::importing::Report>)> {
    let found = store::run(&state.pool, &officer.scope, whose(officer), id).await?;
    found.ok_or_else(|| Error::NotFound("没有这次导入".into()))
}
