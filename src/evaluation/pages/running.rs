//! A run that is being computed.

use axum::extract::{Path, State};
use axum::response::Response;
use uuid::Uuid;

use crate::account::Officer;
use crate::evaluation::case::TABLE;
use crate::evaluation::job;
use crate::jobs::page::{self, Made};
use crate::web::{AppState, Error, Result};

const RUN: Made = Made { title: "评价核算", back: "/evaluation", back_label: "全部核算", unit: "家" };

fn address(id: Uuid) -> String {
    format!("/evaluation/runs/{id}/progress")
}

/// In the place of a run that is not there yet.
pub async fn page(state: &AppState, officer: &Officer, id: Uuid) -> Result<Response> {
    let job = job::status(&state.pool, &officer.scope, id).await?;
    let job = job.ok_or_else(|| Error::NotFound(TABLE.missing.into()))?;
    page::running(state, officer, RUN, (&job, &address(id)))
}

pub async fn progress(State(state): State<AppState>, officer: Officer, Path(id): Path<Uuid>) -> Result<Response> {
    let job = job::status(&state.pool, &officer.scope, id).await?;
    page::progress(RUN, job.as_ref(), &address(id))
}
