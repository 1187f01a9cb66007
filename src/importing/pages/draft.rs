//! An upload before its commit: how far its job is, what was found, the question to answer, the button that takes it.

use askama::Template;
use axum::extract::{Path, RawForm, State};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Redirect, Response};
use uuid::Uuid;

use super::{FaultsPart, ReportPart, download, download_sheet};
use crate::account::{Department, Officer};
use crate::exchange::{Question, frame};
use crate::importing::draft::Draft;
use crate::importing::{ImportKind, uploads};
use crate::jobs::{JobState, JobStatus};
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
    /// Rendered list; empty when nothing is wrong.
    faults: String,
    /// GeoJSON for the map, safe inside a script element.
    map: Option<String>,
    rows: Vec<PreviewRow>,
    frame_named: String,
    layers: &'static [LayerKind],
    demands: &'static [Demand],
    /// Something would be taken.
    can_commit: bool,
    /// Whose figures the reader may confirm by a file.
    confirms: Option<Department>,
}

impl DraftPage {
    fn question(&self) -> Option<&Question> {
        self.draft.report.as_ref()?.question.as_ref()
    }

    /// A planning layer needs options; so does a question that has no answers to choose from.
    fn options_open(&self) -> bool {
        self.draft.kind == ImportKind::Planning || self.question().is_some_and(|asked| asked.candidates.is_empty())
    }
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
    let draft = uploads::find(&state, &officer, id).await?;
    let job = uploads::status(&state, &officer, id).await?;
    let over = job.as_ref().is_none_or(JobStatus::is_over);
    let seen = draft.report.as_ref().filter(|_| over);
    let report = seen.map(|report| ReportPart::new(report).render()).transpose()?;
    let faults = seen.map(|report| FaultsPart::new(report).render()).transpose()?.unwrap_or_default();
    let preview = seen.and_then(|report| report.preview.as_ref());
    let can_commit = !draft.committed
        && seen.is_some_and(|report| {
            report.question.is_none() && !report.unreadable && report.accepted + report.unchanged > 0
        });
    let page = DraftPage {
        shell: officer.shell(&state, format!("导入{}：{}", draft.kind, draft.file_name)),
        report,
        faults,
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
        confirms: uploads::confirms_for(&officer),
        job,
        draft,
    };
    Ok(Html(page.render()?))
}

/// Polled while the job runs; when it is over the page is asked to load again.
pub async fn progress(State(state): State<AppState>, officer: Officer, Path(id): Path<Uuid>) -> Result<Response> {
    match uploads::status(&state, &officer, id).await? {
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
    let options = uploads::options(&answers(&body), &officer)?;
    uploads::look_again(&state, &officer, id, &options).await?;
    Ok(Redirect::to(&format!("/imports/drafts/{id}")))
}

pub async fn commit(State(state): State<AppState>, officer: Officer, Path(id): Path<Uuid>) -> Result<Redirect> {
    uploads::commit(&state, &officer, id).await?;
    Ok(Redirect::to(&format!("/imports/drafts/{id}")))
}

pub async fn discard(State(state): State<AppState>, officer: Officer, Path(id): Path<Uuid>) -> Result<Redirect> {
    uploads::discard(&state, &officer, id).await?;
    Ok(Redirect::to("/imports"))
}

pub async fn report(State(state): State<AppState>, officer: Officer, Path(id): Path<Uuid>) -> Result<Response> {
    let report = uploads::find(&state, &officer, id).await?.report;
    download(report.ok_or_else(|| Error::NotFound("尚无报告".into()))?, &format!("import-{id}"))
}

pub async fn report_sheet(State(state): State<AppState>, officer: Officer, Path(id): Path<Uuid>) -> Result<Response> {
    let draft = uploads::find(&state, &officer, id).await?;
    let report = draft.report.ok_or_else(|| Error::NotFound("尚无报告".into()))?;
    download_sheet(&report, &draft.file_name)
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
