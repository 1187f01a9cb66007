//! What waits here for a person.

use super::store;
use crate::account::{Access, Officer, WorkItem};
use crate::web::{AppState, Result};

/// Of their own department.
pub async fn figures_to_confirm(state: &AppState, officer: &Officer) -> Result<Vec<WorkItem>> {
    let Some(department) = officer.department.filter(|_| officer.may(Access::ConfirmFigures)) else {
        return Ok(Vec::new());
    };
    Ok(vec![WorkItem {
        title: "待确认的年度数据",
        count: store::unconfirmed_figures(&state.pool, &officer.scope, department).await?,
        unit: "项",
        href: "/enterprises",
        explanation: "谁主管、谁统计、谁负责：本部门的数据申报后须由本部门确认（二（一）1）。",
    }])
}
