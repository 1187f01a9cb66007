//! The audit log, newest first.

use askama::Template;
use axum::extract::{Query, State};
use axum::response::Html;
use serde::Deserialize;
use serde_json::Value;
use uuid::Uuid;

use crate::account::audit_entry::AuditEntry;
use crate::account::{Officer, audit_store};
use crate::base::clock::china_time;
use crate::base::text::Seen;
use crate::web::{AppState, Result, Shell, cursor};

const PAGE: i64 = 50;

/// As long as a short line of the detail may be, in characters.
const GIST: usize = 60;

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
    let subject = Some(query.subject.seen()).filter(|text| !text.is_empty());
    let entries = audit_store::page_before(&state.pool, &officer.scope, before, subject, PAGE).await?;
    let next = entries.last().filter(|_| entries.len() as i64 == PAGE).map(|entry| cursor::encode(&entry.seq));
    let subject = query.subject.seen().to_owned();
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
    /// The detail in one line: what people wrote, else its plain figures by name; none when it says nothing.
    fn gist(&self) -> Option<String> {
        let fields: Vec<_> = self.detail.as_object()?.iter().collect();
        if fields.is_empty() {
            return None;
        }
        let written: Vec<String> = fields.iter().filter_map(|(_, value)| in_chinese(value)).collect();
        let plain = || fields.iter().filter_map(|(name, value)| Some(format!("{name}：{}", plain(value)?))).collect();
        let parts: Vec<String> = if written.is_empty() { plain() } else { written };
        Some(if parts.is_empty() { "详情".into() } else { shortened(&parts.join("；")) })
    }

    /// The whole detail, a line to each field.
    fn whole(&self) -> String {
        serde_json::to_string_pretty(&self.detail).unwrap_or_else(|_| self.detail.to_string())
    }
}

fn in_chinese(value: &Value) -> Option<String> {
    value.as_str().filter(|text| text.chars().any(|sign| ('\u{4e00}'..='\u{9fff}').contains(&sign))).map(str::to_owned)
}

/// A figure or a word; identifiers and digests tell nobody anything at a glance.
fn plain(value: &Value) -> Option<String> {
    match value {
        Value::String(text) if text.is_empty() || text.len() >= 40 || text.parse::<Uuid>().is_ok() => None,
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(yes) => Some(if *yes { "是".into() } else { "否".into() }),
        Value::Array(items) => {
            let words: Vec<String> = items.iter().filter_map(plain).collect();
            (!words.is_empty()).then(|| words.join("、"))
        }
        Value::Null | Value::Object(_) => None,
    }
}

fn shortened(text: &str) -> String {
    match text.char_indices().nth(GIST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::DateTime;
    use serde_json::json;

    fn gist(detail: Value) -> Option<String> {
        let entry = AuditEntry {
            seq: 1,
            at: DateTime::UNIX_EPOCH,
            account: None,
            actor: String::new(),
            action: "parcel.adjust".into(),
            subject_kind: "parcel".into(),
            subject: String::new(),
            detail,
            previous_hash: Vec::new(),
            hash: Vec::new(),
        };
        entry.gist()
    }

    #[test]
    fn what_people_wrote_comes_before_codes() {
        let detail = json!({ "to": "decided", "note": "不予准入", "case": "01a20b30-3304-76e5-bbd5-2a4f1d7b77bb" });
        assert_eq!(gist(detail).as_deref(), Some("不予准入"));
    }

    #[test]
    fn without_words_the_figures_stand_by_name() {
        let detail = json!({ "day": "2026-09-21", "prepared": 64, "id": "01a20b30-3304-76e5-bbd5-2a4f1d7b77bb" });
        assert_eq!(gist(detail).as_deref(), Some("day：2026-09-21；prepared：64"));
        assert_eq!(
            gist(json!({ "roles": ["auditor"], "active": false })).as_deref(),
            Some("active：否；roles：auditor")
        );
    }

    #[test]
    fn nothing_said_is_no_line_and_nothing_plain_is_still_to_be_opened() {
        assert_eq!(gist(json!({})), None);
        assert_eq!(gist(json!({ "detail": {} })).as_deref(), Some("详情"));
    }

    #[test]
    fn a_line_is_cut_after_its_last_sign() {
        let of = |length| gist(json!({ "note": "字".repeat(length) })).unwrap().chars().count();
        assert_eq!((of(GIST - 1), of(GIST), of(GIST + 1)), (GIST - 1, GIST, GIST + 1));
        assert!(gist(json!({ "note": "字".repeat(GIST + 1) })).unwrap().ends_with('…'));
    }
}
