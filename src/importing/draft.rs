//! An upload on its way: kept with its options until it is committed.

use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{ImportKind, ImportOptions, Mode, Report};
use crate::account::Actor;
use crate::db::Scope;

pub const JOB: &str = "import";

pub struct Draft {
    pub id: Uuid,
    pub kind: ImportKind,
    pub file_name: String,
    /// The file to open in the draft's folder.
    pub stored_name: String,
    pub options: ImportOptions,
    pub report: Option<Report>,
    pub committed: bool,
    pub actor: Actor,
    /// What its maker may touch; the job that does it may touch no more.
    pub scope: Scope,
    pub created_at: DateTime<Utc>,
}

/// Where the files of a draft are kept.
pub fn folder(home: &Path, id: Uuid) -> PathBuf {
    home.join("uploads").join(id.to_string())
}

pub fn job_payload(draft: Uuid, mode: Mode) -> Value {
    json!({ "draft": draft, "commit": mode == Mode::Commit })
}

/// What the payload of a draft's jobs holds.
pub fn about(draft: Uuid) -> Value {
    json!({ "draft": draft })
}
