//! What waits here for a person, and what a contract's page shows.

use super::State;
use super::store::{files, tasks, totals};
use super::wording::address;
use crate::account::{Access, Officer, WorkItem};
use crate::room::Link;
use crate::web::{AppState, Result};

/// States in which whoever handles files has the next step.
const TO_HANDLE: &[State] = &[State::Verified, State::Planned, State::Noticed, State::Heard];

pub async fn items(state: &AppState, officer: &Officer) -> Result<Vec<WorkItem>> {
    let (pool, scope) = (&state.pool, &officer.scope);
    let mut items = Vec::new();
    if officer.may(Access::WorkRemediation) {
        items.push(WorkItem {
            title: "待核实的整治对象",
            count: totals::in_states(pool, scope, &[State::Surveyed]).await?,
            unit: "件",
            href: "/remediation?state=surveyed",
            explanation: "已列入整治、须到现场核实情况的企业和宗地（四（一）4）。",
        });
    }
    if officer.may(Access::HandleRemediation) {
        items.push(WorkItem {
            title: "待办理的整治档案",
            count: totals::in_states(pool, scope, TO_HANDLE).await?,
            unit: "件",
            href: "/remediation?state=open",
            explanation: "核实后制定方案、告知、听取意见、组织实施的整治档案（四（一）4）。",
        });
        items.push(WorkItem {
            title: "逾期的整治档案",
            count: totals::late(pool, scope, state.clock.today()).await?,
            unit: "件",
            href: "/remediation?late=1",
            explanation: "超过当前环节期限的整治档案，可催办或督办（四（一）4）。",
        });
    }
    if let Some(department) = officer.department.filter(|_| officer.may(Access::WorkRemediation)) {
        items.push(WorkItem {
            title: "本部门的整治任务",
            count: tasks::waiting(pool, scope, department).await?,
            unit: "项",
            href: "/remediation?state=carrying_out",
            explanation: "方案和联合执法下达给本部门、尚未办结的任务（四（一）4）。",
        });
    }
    if let Some(department) = officer.department.filter(|_| officer.may(Access::AcceptRemediation)) {
        items.push(WorkItem {
            title: "待本部门验收的整治档案",
            count: totals::to_accept(pool, scope, (department, officer.account)).await?,
            unit: "件",
            href: "/remediation?state=acceptance_asked",
            explanation: "已申请联合验收、本部门尚未出具意见的整治档案（四（一）4）。",
        });
    }
    if officer.may(Access::StrikeOffRemediation) {
        items.push(WorkItem {
            title: "待销号的整治档案",
            count: totals::to_strike_off(pool, scope, officer.account).await?,
            unit: "件",
            href: "/remediation?state=accepted",
            explanation: "联合验收通过、须由制定方案以外的人销号的整治档案（四（一）4）。",
        });
    }
    Ok(items)
}

/// Files whose plan ends a contract.
pub async fn of_contract(state: &AppState, officer: &Officer, contract: &str) -> Result<Vec<Link>> {
    let mut connection = state.pool.acquire().await?;
    Ok(links(files::of_contract(&mut connection, &officer.scope, contract).await?))
}

/// Every file of an enterprise or a parcel, the newest first.
pub async fn of_subject(state: &AppState, officer: &Officer, code: &str) -> Result<Vec<Link>> {
    let mut connection = state.pool.acquire().await?;
    Ok(links(files::of_subject(&mut connection, &officer.scope, code).await?))
}

fn links(files: Vec<files::File>) -> Vec<Link> {
    let link = |file: files::File| Link {
        href: address(file.number()),
        label: format!("{}　{}", file.number(), file.name),
        state: file.state.to_string(),
    };
    files.into_iter().map(link).collect()
}
