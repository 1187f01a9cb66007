//! The audit log, newest first.

use askama::Template;
use axum::extract::{Query, State};
use axum::response::Html;
use serde::Deserialize;

use crate::account::audit_entry::AuditEntry;
use crate::account::{Officer, audit_store};
use crate::base::clock::china_time;
use crate::web::{AppState, Result, Shell, cursor};

const PAGE: i64 = 50;

#[derive(Template)]
#[template(path = "account/audit.html")]
struct AuditPage {
    shell: Shell,
    entries: Vec<AuditEntry>,
    subject: String,
    next: Option<String>,
}

#[derive(Deserialize)]
pub struct AuditQuery {
    #[serde(default)]
    subject: String,
    after: Option<String>,
}

pub async fn show(
    State(state): State<AppState>,
    officer: Officer,
    Query(query): Query<AuditQuery>,
) -> Result<Html<String>> {
    let before = query.after.as_deref().map(cursor::decode::<i64>).transpose()?;
    let subject = Some(query.subject.trim()).filter(|text| !text.is_empty());
    let entries = audit_store::page_before(&state.pool, &officer.scope, before, subject, PAGE).await?;
    let next = entries.last().filter(|_| entries.len() as i64 == PAGE).map(|entry| cursor::encode(&entry.seq));
    let subject = query.subject.trim().to_owned();
    let page = AuditPage { shell: officer.shell(&state, "审计日志"), entries, subject, next };
    Ok(Html(page.render()?))
}

impl AuditEntry {
    fn china_time(&self) -> String {
        china_time(self.at).format("%Y-%m-%d %H:%M:%S").to_string()
    }

    fn short_hash(&self) -> String {
        hex::encode(&self.hash[..self.hash.len().min(6)])
    }
}
