//! What waits here for a person, and what an enterprise's page shows.

use super::store::{finding_list, targets, vetoes};
use super::wording::target_address;
use crate::account::{Access, Officer, WorkItem};
use crate::room::Link;
use crate::web::{AppState, Result};

pub async fn items(state: &AppState, officer: &Officer) -> Result<Vec<WorkItem>> {
    let (pool, scope) = (&state.pool, &officer.scope);
    let mut items = Vec::new();
    if officer.may(Access::RunEnforcement) {
        items.push(WorkItem {
            title: "待移交的联合执法结果",
            count: targets::to_hand_over(pool, scope).await?,
            unit: "家",
            href: "/enforcement/targets?reported=1",
            explanation: "巡查员已报送、须当日移交承办部门的联合执法检查结果（四（一）4）。",
        });
    }
    if let Some(department) = officer.department.filter(|_| officer.may(Access::WorkEnforcement)) {
        items.push(WorkItem {
            title: "本部门的联合执法问题",
            count: finding_list::waiting(pool, scope, department).await?,
            unit: "件",
            href: "/enforcement/findings?own=1&open=1",
            explanation: "联合执法移交本部门、尚未办结的问题（四（一）4）。",
        });
    }
    if officer.may(Access::KeepVetoes) {
        items.push(WorkItem {
            title: "待决定的否决建议",
            count: vetoes::to_decide(pool, scope, officer.account).await?,
            unit: "条",
            href: "/enforcement/findings?veto=1",
            explanation: "联合执法发现、建议登记一票否决的问题（二（一）4）。",
        });
    }
    Ok(items)
}

/// In which campaigns an enterprise, or whoever is on a parcel, was.
pub async fn of_subject(state: &AppState, officer: &Officer, code: &str) -> Result<Vec<Link>> {
    let found = targets::of_subject(&state.pool, &officer.scope, code).await?;
    let link = |target: targets::Target| Link {
        href: target_address(target.campaign_number(), &target.uscc),
        label: format!("联合执法 {}　{}", target.campaign_number(), target.name),
        state: match target.findings {
            0 => target.state.to_string(),
            findings => format!("{}（{findings} 件）", target.state),
        },
    };
    Ok(found.into_iter().map(link).collect())
}
