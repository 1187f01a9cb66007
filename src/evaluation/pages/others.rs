//! Runs that one may be laid beside.

use crate::account::Officer;
use crate::db::keyset::Position;
use crate::evaluation::store::runs::Run;
use crate::evaluation::store::runs::listing::{self, RunFilter, RunLine};
use crate::web::{self, AppState};

/// Runs offered beside one.
const OFFERED: u16 = 30;

/// The newest runs of the same category.
pub async fn others(state: &AppState, officer: &Officer, run: &Run) -> web::Result<Vec<RunLine>> {
    let filter = RunFilter { category: Some(run.head.category.clone()), ..RunFilter::default() };
    let page = listing::runs(&state.pool, &officer.scope, &filter, &Position::Start, OFFERED).await?;
    Ok(page.rows.into_iter().filter(|other| other.id != run.id).collect())
}
