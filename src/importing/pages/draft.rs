//! An upload before its commit: how far its job is, what was found, the question to answer, the button that takes it.

use askama::Template;
use axum::extract::{Path, RawForm, State};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Redirect, Response};
use uuid::Uuid;

use super::{ReportPart, download, upload};
use crate::account::Officer;
use crate::exchange::frame;
use crate::importing::draft::{self, Draft};
use crate::importing::{ImportKind, Mode, draft_store as store};
use crate::jobs::{self, JobState, JobStatus};
use crate::planning::{Demand, LayerKind};
use crate::web::{AppState, Error, Result, Shell};

#[derive(Template)]
#[template(path = "importing/draft.html")]
struct DraftPage {
    shell: Shell,
    draft: Draft,
    job: Option<JobStatus>,
    /// Rendered part; none while the job runs.
    report: Option<String>,
    /// GeoJSON for the map, safe inside a script element.
    map: Option<String>,
    rows: Vec<PreviewRow>,
    frame_named: String,
    layers: &'static [LayerKind],
    demands: &'static [Demand],
    /// Something would be taken.
    can_commit: bool,
}

struct PreviewRow {
    record: u64,
    code: String,
    state: &'static str,
}

#[derive(Template)]
#[template(path = "importing/progress.html")]
struct ProgressPart {
    id: Uuid,
    job: JobStatus,
}

pub async fn show(State(state): State<AppState>, officer: Officer, Path(id): Path<Uuid>) -> Result<Html<String>> {
    let draft = find(&state, &officer, id).await?;
    let job = status(&state, &officer, id).await?;
    let over = job.as_ref().is_none_or(JobStatus::is_over);
    let seen = draft.report.as_ref().filter(|_| over);
    let report = seen.map(|report| ReportPart::new(report).render()).transpose()?;
    let preview = seen.and_then(|report| report.preview.as_ref());
    let can_commit = !draft.committed
        && seen.is_some_and(|report| {
            report.question.is_none() && !report.unreadable && report.accepted + report.unchanged > 0
        });
    let page = DraftPage {
        shell: officer.shell(&state, format!("导入{}：{}", draft.kind, draft.file_name)),
        report,
        map: preview.map(|map| map.to_string().replace('<', "\\u003c")),
        rows: preview.map(rows).unwrap_or_default(),
        frame_named: match draft.options.srid {
            Some(frame::GCJ02) => "gcj02".into(),
            Some(srid) => srid.to_string(),
            None => String::new(),
        },
        layers: LayerKind::ALL,
        demands: Demand::ALL,
        can_commit,
        job,
        draft,
    };
    Ok(Html(page.render()?))
}

/// Polled while the job runs; when it is over the page is asked to load again.
pub async fn progress(State(state): State<AppState>, officer: Officer, Path(id): Path<Uuid>) -> Result<Response> {
    match status(&state, &officer, id).await? {
        Some(job) if !job.is_over() => Ok(Html(ProgressPart { id, job }.render()?).into_response()),
        _ => Ok((StatusCode::OK, [("hx-refresh", "true")]).into_response()),
    }
}

/// Reads the file again under other options.
pub async fn preview(
    State(state): State<AppState>,
    officer: Officer,
    Path(id): Path<Uuid>,
    RawForm(body): RawForm,
) -> Result<Redirect> {
    let draft = idle(&state, &officer, id).await?;
    let options = upload::options(&answers(&body))?;
    let mut transaction = state.pool.begin().await?;
    store::set_options(&mut transaction, &officer.scope, draft.id, &options).await?;
    queue(&state, &officer, &mut transaction, id, Mode::Preview).await?;
    transaction.commit().await?;
    Ok(Redirect::to(&format!("/imports/drafts/{id}")))
}

pub async fn commit(State(state): State<AppState>, officer: Officer, Path(id): Path<Uuid>) -> Result<Redirect> {
    idle(&state, &officer, id).await?;
    let mut transaction = state.pool.begin().await?;
    queue(&state, &officer, &mut transaction, id, Mode::Commit).await?;
    transaction.commit().await?;
    Ok(Redirect::to(&format!("/imports/drafts/{id}")))
}

/// Forgets the upload and its files; the register never saw it.
pub async fn discard(State(state): State<AppState>, officer: Officer, Path(id): Path<Uuid>) -> Result<Redirect> {
    idle(&state, &officer, id).await?;
    let mut transaction = state.pool.begin().await?;
    if !store::discard(&mut transaction, &officer.scope, id).await? {
        return Err(Error::Conflict("此次上传已经导入，不能再放弃".into()));
    }
    transaction.commit().await?;
    // Nothing names the folder any more; one that cannot be removed harms nobody.
    let _ = tokio::fs::remove_dir_all(draft::folder(&state.settings.home, id)).await;
    Ok(Redirect::to("/imports"))
}

pub async fn report(State(state): State<AppState>, officer: Officer, Path(id): Path<Uuid>) -> Result<Response> {
    let report = find(&state, &officer, id).await?.report;
    download(report.ok_or_else(|| Error::NotFound("尚无报告".into()))?, &format!("import-{id}"))
}

async fn queue(
    state: &AppState,
    officer: &Officer,
    connection: &mut crate::db::PgConnection,
    id: Uuid,
    mode: Mode,
) -> Result<()> {
    let payload = draft::job_payload(id, mode);
    let (actor, now) = (officer.actor(), state.clock.now());
    jobs::store::enqueue(connection, &officer.scope, &actor, draft::JOB, &payload, now).await?;
    Ok(())
}

async fn find(state: &AppState, officer: &Officer, id: Uuid) -> Result<Draft> {
    let found = store::find(&state.pool, &officer.scope, id).await?;
    // An upload is its maker's until it is committed: what it does is done in that name.
    let draft = found
        .filter(|draft| draft.actor.account == Some(officer.account))
        .ok_or_else(|| Error::NotFound("没有这次上传".into()))?;
    upload::allow(officer, draft.kind)?;
    Ok(draft)
}

/// The form's fields, and after them the answer to the question under the name of the option it answers.
fn answers(body: &[u8]) -> Vec<(String, String)> {
    let mut fields: Vec<(String, String)> = form_urlencoded::parse(body).into_owned().collect();
    let value = |name: &str| fields.iter().find(|(key, _)| key == name).map(|(_, value)| value.clone());
    if let (Some(option), Some(answer)) = (value("question"), value("answer")) {
        // Options of two words are written with a hyphen on the command line.
        fields.push((option.replace('-', "_"), answer));
    }
    fields
}

/// A draft with nothing going on, that is not yet taken.
async fn idle(state: &AppState, officer: &Officer, id: Uuid) -> Result<Draft> {
    let draft = find(state, officer, id).await?;
    if draft.committed {
        return Err(Error::Conflict("此文件已经导入".into()));
    }
    match status(state, officer, id).await? {
        Some(job) if !job.is_over() => Err(Error::Conflict("此文件正在处理，请等它结束".into())),
        _ => Ok(draft),
    }
}

async fn status(state: &AppState, officer: &Officer, id: Uuid) -> Result<Option<JobStatus>> {
    Ok(jobs::store::newest_about(&state.pool, &officer.scope, draft::JOB, &draft::about(id)).await?)
}

fn rows(preview: &serde_json::Value) -> Vec<PreviewRow> {
    let features = preview["features"].as_array().map(Vec::as_slice).unwrap_or_default();
    let row = |feature: &serde_json::Value| {
        let properties = &feature["properties"];
        Some(PreviewRow {
            record: properties["record"].as_u64()?,
            code: properties["code"].as_str().unwrap_or("—").to_owned(),
            state: match properties["state"].as_str()? {
                "rejected" => "拒绝",
                "unchanged" => "未变",
                _ => "接受",
            },
        })
    };
    features.iter().filter_map(row).collect()
}
