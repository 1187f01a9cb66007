//! One entry of the audit log and the hash that seals it.

use chrono::{DateTime, Utc};
use serde_json::Value;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::deeds;

#[derive(Clone, Debug)]
pub struct AuditEntry {
    pub seq: i64,
    pub at: DateTime<Utc>,
    pub account: Option<Uuid>,
    pub actor: String,
    pub action: String,
    pub subject_kind: String,
    pub subject: String,
    pub detail: Value,
    pub previous_hash: Vec<u8>,
    pub hash: Vec<u8>,
}

impl AuditEntry {
    /// What was done, in Chinese; none for an action this version does not know.
    pub fn words(&self) -> Option<&'static str> {
        deeds::words(&self.action)
    }

    /// SHA-256 over every field, each preceded by its length, and the hash before.
    pub(super) fn seal(&self) -> [u8; 32] {
        let mut hasher = Sha256::new();
        let mut field = |bytes: &[u8]| {
            hasher.update((bytes.len() as u64).to_be_bytes());
            hasher.update(bytes);
        };
        field(&self.previous_hash);
        field(&self.seq.to_be_bytes());
        field(self.at.timestamp_micros().to_string().as_bytes());
        field(self.account.map(|id| id.to_string()).unwrap_or_default().as_bytes());
        field(self.actor.as_bytes());
        field(self.action.as_bytes());
        field(self.subject_kind.as_bytes());
        field(self.subject.as_bytes());
        field(canonical(&self.detail).as_bytes());
        hasher.finalize().into()
    }
}

/// JSON with keys in order, as `serde_json`'s map keeps them; PostgreSQL's `jsonb` does not keep ours.
fn canonical(value: &Value) -> String {
    value.to_string()
}
