//! A run that is being computed: how far it is, or what it was refused for.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};
use uuid::Uuid;

use crate::account::Officer;
use crate::evaluation::case::TABLE;
use crate::evaluation::job;
use crate::jobs::{JobState, JobStatus};
use crate::web::{AppState, Error, Result, Shell};

#[derive(Template)]
#[template(path = "evaluation/running.html")]
struct RunningPage {
    shell: Shell,
    progress: String,
    fault: Option<String>,
}

#[derive(Template)]
#[template(path = "evaluation/progress.html")]
struct ProgressPart {
    id: Uuid,
    job: JobStatus,
}

/// In the place of a run that is not there yet.
pub async fn page(state: &AppState, officer: &Officer, id: Uuid) -> Result<Response> {
    let job = job::status(&state.pool, &officer.scope, id).await?;
    let job = job.ok_or_else(|| Error::NotFound(TABLE.missing.into()))?;
    let page = RunningPage {
        shell: officer.shell(state, "评价核算"),
        fault: job.fault.clone(),
        progress: ProgressPart { id, job }.render()?,
    };
    Ok(Html(page.render()?).into_response())
}

/// Polled while it runs; when it is over the page is asked to load again.
pub async fn progress(State(state): State<AppState>, officer: Officer, Path(id): Path<Uuid>) -> Result<Response> {
    match job::status(&state.pool, &officer.scope, id).await? {
        Some(job) if !job.is_over() => Ok(Html(ProgressPart { id, job }.render()?).into_response()),
        _ => Ok((StatusCode::OK, [("hx-refresh", "true")]).into_response()),
    }
}
