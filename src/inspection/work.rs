//! What waits here for a person.

use super::store;
use crate::account::work::MAX_COUNTED;
use crate::account::{Access, Officer, WorkItem};
use crate::web::{AppState, Result};

pub async fn own_tasks(state: &AppState, officer: &Officer) -> Result<Vec<WorkItem>> {
    if !officer.may(Access::DoInspections) {
        return Ok(Vec::new());
    }
    let (person, today) = (officer.account, state.clock.today());
    let (due, overdue) = store::counts_for(&state.pool, &officer.scope, person, today, MAX_COUNTED + 1).await?;
    let mut items = vec![WorkItem {
        title: "我的检查任务",
        count: due,
        unit: "项",
        href: "/inspections/field",
        explanation: "等待您到现场检查的任务；手机页面在没有网络时也能填写。",
    }];
    if overdue > 0 {
        items.push(WorkItem {
            title: "其中已逾期",
            count: overdue,
            unit: "项",
            href: "/inspections?mine=1&state=overdue",
            explanation: "已过期限，还没有报送结果。",
        });
    }
    Ok(items)
}

pub async fn to_close(state: &AppState, officer: &Officer) -> Result<Vec<WorkItem>> {
    if !officer.may(Access::AssignInspections) {
        return Ok(Vec::new());
    }
    Ok(vec![WorkItem {
        title: "待办结的检查",
        count: store::reported_inspections(&state.pool, &officer.scope).await?,
        unit: "项",
        href: "/inspections?state=reported",
        explanation: "已报结果，等待办结或要求复查。",
    }])
}
