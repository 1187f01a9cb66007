//! What waits here for a person.

use super::store;
use crate::account::{Officer, Role, WorkItem};
use crate::web::{AppState, Result};

/// For those who go and look.
pub async fn land_to_look_at(state: &AppState, officer: &Officer) -> Result<Vec<WorkItem>> {
    if !officer.roles.iter().any(|role| matches!(role, Role::Inspector | Role::SubdistrictClerk)) {
        return Ok(Vec::new());
    }
    Ok(vec![WorkItem {
        title: "闲置与低效利用宗地",
        count: store::parcels_to_look_at(&state.pool, &officer.scope).await?,
        unit: "宗",
        href: "/map?theme=supply",
        explanation: "供应状态为闲置或低效利用的宗地（四（一）1）。",
    }])
}
