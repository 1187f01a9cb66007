//! What was imported, for programs.

#![allow(unused_qualifications, reason = "the macro that documents a handler writes its parameters out in full")]

use axum::Json;
use axum::extract::{Query, State};
use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::account::Officer;
use crate::importing::ImportKind;
use crate::importing::list::ListParameters;
use crate::importing::pages::list::whose;
use crate::importing::run_store::{self as store, Run};
use crate::web::list::Parameters;
use crate::web::{self, AppState, cursor};

/// A committed import; read = accepted + rejected + unchanged.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ImportLine {
    pub id: Uuid,
    pub kind: ImportKind,
    pub file_name: String,
    pub read: i64,
    pub accepted: i64,
    pub rejected: i64,
    pub unchanged: i64,
    pub imported_by: String,
    pub imported_at: DateTime<Utc>,
}

impl From<Run> for ImportLine {
    fn from(run: Run) -> Self {
        ImportLine {
            id: run.id,
            kind: run.kind,
            file_name: run.file_name,
            read: run.read,
            accepted: run.accepted,
            rejected: run.rejected,
            unchanged: run.unchanged,
            imported_by: run.actor,
            imported_at: run.created_at,
        }
    }
}

#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ImportList {
    pub imports: Vec<ImportLine>,
    pub next: Option<String>,
}

/// What was committed, newest first unless another order is asked for. A clerk of one sub-district sees their own.
#[utoipa::path(
    get, path = "/api/v1/imports", tag = "imports", params(ListParameters),
    responses(
        (status = 200, description = "One page of the list", body = ImportList),
        (status = 400, description = "A parameter cannot be read", body = web::error::Problem),
    )
)]
pub async fn list(
    State(state): State<AppState>,
    officer: Officer,
    Query(parameters): Query<ListParameters>,
) -> web::Result<Json<ImportList>> {
    let (query, position, size) = (parameters.query()?, parameters.position()?, parameters.page_size()?);
    let page = store::page(&state.pool, &officer.scope, whose(&officer), &query, &position, size).await?;
    let next = page.next.as_ref().map(cursor::encode);
    Ok(Json(ImportList { imports: page.rows.into_iter().map(ImportLine::from).collect(), next }))
}
