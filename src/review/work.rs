//! What waits here for a person.

use super::queue::{count_waiting, department_of};
use super::store::panels;
use super::waiting::WaitsFor;
use crate::account::work::MAX_COUNTED;
use crate::account::{Access, Officer, WorkItem};
use crate::web::{AppState, Result};

pub async fn opinions_to_give(state: &AppState, officer: &Officer) -> Result<Vec<WorkItem>> {
    if department_of(officer).is_none() {
        return Ok(Vec::new());
    }
    Ok(vec![WorkItem {
        title: "待出具的复核意见",
        count: count(state, officer, WaitsFor::MyOpinion).await?,
        unit: "次",
        href: "/reviews?waiting=mine",
        explanation: "竣工综合复核验收、达产复核中本部门负责、尚未出具意见的（四（一）3）。",
    }])
}

pub async fn to_conclude(state: &AppState, officer: &Officer) -> Result<Vec<WorkItem>> {
    if !officer.may(Access::WriteContracts) {
        return Ok(Vec::new());
    }
    Ok(vec![WorkItem {
        title: "待作结论的复核",
        count: count(state, officer, WaitsFor::Conclusion).await?,
        unit: "次",
        href: "/reviews?waiting=conclusion",
        explanation: "各部门意见齐备、待作出结论的竣工综合复核验收和达产复核（四（一）3）。",
    }])
}

async fn count(state: &AppState, officer: &Officer, waits: WaitsFor) -> Result<i64> {
    let panels = panels::panels(&state.pool, &officer.scope).await?;
    let found = count_waiting(state, officer, &panels, waits, MAX_COUNTED + 1).await?;
    Ok(i64::try_from(found).unwrap_or(i64::MAX))
}
