//! What waits here for a person.

use super::store;
use crate::account::{Access, Officer, WorkItem};
use crate::web::{AppState, Result};

pub async fn to_approve(state: &AppState, officer: &Officer) -> Result<Vec<WorkItem>> {
    if !officer.may(Access::ApprovePolicy) {
        return Ok(Vec::new());
    }
    Ok(vec![WorkItem {
        title: "待批准的政策与指标",
        count: store::policy_to_approve(&state.pool, &officer.scope, officer.account).await?,
        unit: "件",
        href: "/policy/submissions?state=submitted",
        explanation: "他人提交、须由另一人批准的政策文件、标准地指标和产业目录。",
    }])
}
