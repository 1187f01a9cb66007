//! What waits here for a person.

use super::store::listing;
use crate::account::work::MAX_COUNTED;
use crate::account::{Access, Officer, WorkItem};
use crate::web::{AppState, Result};

/// One statement counts all of it.
pub async fn cases(state: &AppState, officer: &Officer) -> Result<Vec<WorkItem>> {
    let department = officer.department.filter(|_| officer.may(Access::GiveOpinions));
    let (handles, decides) = (officer.may(Access::HandleCases), officer.may(Access::DecideCases));
    if !handles && !decides && department.is_none() {
        return Ok(Vec::new());
    }
    let most = MAX_COUNTED + 1;
    let counts = listing::waiting(&state.pool, &officer.scope, officer.account, department, most).await?;
    let handling = WorkItem {
        title: "待办理的准入案件",
        count: counts.handling,
        unit: "件",
        href: "/admission/board",
        explanation: "待受理、待征求意见、待提出建议、待送达，以及退回补正的准入案件（四（一）2）。",
    };
    let deciding = WorkItem {
        title: "待决定的准入案件",
        count: counts.deciding,
        unit: "件",
        href: "/admission/cases?stage=recommended",
        explanation: "承办人已提出审查建议、须由另一人决定的准入案件。",
    };
    let opinions = WorkItem {
        title: "待答复的准入意见",
        count: counts.opinions,
        unit: "件",
        href: "/admission/cases?stage=opinions",
        explanation: "征求本部门意见、尚未答复的准入案件。",
    };
    let items = [(handles, handling), (decides, deciding), (department.is_some(), opinions)];
    Ok(items.into_iter().filter(|(is_theirs, _)| *is_theirs).map(|(_, item)| item).collect())
}
