//! The page in the place of what a job is still making: how far it is, or what it was refused for.

use askama::Template;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};

use super::{JobState, JobStatus};
use crate::account::Officer;
use crate::web::{AppState, Result, Shell};

/// What is being made.
#[derive(Clone, Copy, Debug)]
pub struct Made {
    pub title: &'static str,
    /// Where its list is.
    pub back: &'static str,
    pub back_label: &'static str,
    /// What is counted on the way.
    pub unit: &'static str,
}

#[derive(Template)]
#[template(path = "jobs/running.html")]
struct RunningPage {
    shell: Shell,
    made: Made,
    progress: String,
    fault: Option<String>,
}

#[derive(Template)]
#[template(path = "jobs/progress.html")]
struct ProgressPart<'a> {
    /// Where the rest of the way is asked for.
    address: &'a str,
    unit: &'static str,
    job: &'a JobStatus,
}

/// # Errors
/// When the page cannot be written.
pub fn running(
    state: &AppState,
    officer: &Officer,
    made: Made,
    (job, address): (&JobStatus, &str),
) -> Result<Response> {
    let page = RunningPage {
        shell: officer.shell(state, made.title),
        made,
        progress: ProgressPart { address, unit: made.unit, job }.render()?,
        fault: job.fault.clone(),
    };
    Ok(Html(page.render()?).into_response())
}

/// Asked for again and again while the job runs; when it is over the page is asked to load again.
///
/// # Errors
/// When the part cannot be written.
pub fn progress(made: Made, job: Option<&JobStatus>, address: &str) -> Result<Response> {
    match job {
        Some(job) if !job.is_over() => {
            Ok(Html(ProgressPart { address, unit: made.unit, job }.render()?).into_response())
        }
        _ => Ok((StatusCode::OK, [("hx-refresh", "true")]).into_response()),
    }
}
