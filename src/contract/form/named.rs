//! The contract that an address names.

use chrono::{DateTime, Utc};

use crate::account::Officer;
use crate::contract::store::{self, Registered};
use crate::web::{self, AppState, Error};

/// A contract as known, or the page that says there is none.
pub async fn loaded(
    state: &AppState,
    officer: &Officer,
    number: &str,
    known_at: DateTime<Utc>,
) -> web::Result<Registered> {
    let mut connection = state.pool.acquire().await?;
    let found = store::load(&mut connection, &officer.scope, number, known_at).await?;
    found.ok_or_else(|| Error::NotFound(format!("没有编号为“{number}”的合同，或当时尚未登记")))
}
