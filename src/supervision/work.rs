//! What waits here for a person.

use super::breach::blockers::Turn;
use super::breach::queue::count_due;
use super::notice::store::waiting::notices_to_send;
use crate::account::work::MAX_COUNTED;
use crate::account::{Access, Officer, WorkItem};
use crate::contract::as_of::AsOf;
use crate::web::{AppState, Result};

pub async fn notices(state: &AppState, officer: &Officer) -> Result<Vec<WorkItem>> {
    if !officer.may(Access::WriteContracts) {
        return Ok(Vec::new());
    }
    Ok(vec![WorkItem {
        title: "待发送的通知",
        count: notices_to_send(&state.pool, &officer.scope).await?,
        unit: "份",
        href: "/notices?state=prepared",
        explanation: "按核查拟好的提醒、告知和决定，由人核对后发送（四（一）4）。",
    }])
}

pub async fn breaches_to_handle(state: &AppState, officer: &Officer) -> Result<Vec<WorkItem>> {
    if !officer.may(Access::WriteContracts) {
        return Ok(Vec::new());
    }
    Ok(vec![WorkItem {
        title: "待办理的违约案卷",
        count: count(state, officer, Turn::Clerk).await?,
        unit: "件",
        href: "/breaches?turn=clerk",
        explanation: "告知、听取意见、整改期满后的处理、登记缴纳：今天轮到经办人办理的违约案卷（四（一）4）。",
    }])
}

pub async fn breaches_to_approve(state: &AppState, officer: &Officer) -> Result<Vec<WorkItem>> {
    if !officer.may(Access::DecideBreaches) {
        return Ok(Vec::new());
    }
    Ok(vec![WorkItem {
        title: "待审批的违约案卷",
        count: count(state, officer, Turn::Approver).await?,
        unit: "件",
        href: "/breaches?turn=approver",
        explanation: "已提出处理意见、须由另一人审批的违约案卷（四（一）4）。",
    }])
}

async fn count(state: &AppState, officer: &Officer, turn: Turn) -> Result<i64> {
    let found = count_due(state, officer, turn, AsOf::today(state.clock), MAX_COUNTED + 1).await?;
    Ok(i64::try_from(found).unwrap_or(i64::MAX))
}
