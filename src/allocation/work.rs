//! What waits here for a person.

use super::State;
use super::asked::reporter;
use super::store::{findings, lists};
use crate::account::{Access, Officer, WorkItem};
use crate::entitlement::Body;
use crate::web::{AppState, Result};

pub async fn items(state: &AppState, officer: &Officer) -> Result<Vec<WorkItem>> {
    let (pool, scope) = (&state.pool, &officer.scope);
    let mut items = Vec::new();
    if officer.may(Access::HandOverMeasures) {
        items.push(WorkItem {
            title: "待签收的措施清单",
            count: lists::open(pool, scope).await?,
            unit: "份",
            href: "/allocation?open=1",
            explanation: "已交办、执行单位尚未签收的差别化措施清单（三）。",
        });
    }
    let reporter = reporter(officer);
    let own: Vec<Body> = Body::ALL.iter().copied().filter(|body| reporter.may(*body)).collect();
    if officer.may(Access::ReportAllocation) && !own.is_empty() {
        items.push(WorkItem {
            title: "待答复的审计问题",
            count: findings::waiting(pool, scope, State::Opened, &own).await?,
            unit: "件",
            href: "/allocation/findings?state=opened",
            explanation: "审计差别化资源配置发现、须在期限内答复的问题（五（二））。",
        });
    }
    if officer.may(Access::AuditAllocation) {
        items.push(WorkItem {
            title: "已答复的审计问题",
            count: findings::waiting(pool, scope, State::Answered, Body::ALL).await?,
            unit: "件",
            href: "/allocation/findings?state=answered",
            explanation: "执行单位已答复、待审计人员认可整改或退回的问题（五（二））。",
        });
    }
    Ok(items)
}
