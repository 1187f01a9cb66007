//! Long work outside of requests: queued in a table, done by the server one at a time, its progress for all to see.
//!
//! A job must be safe to run again from its beginning: when a server dies, another takes its jobs over once their
//! heartbeat has been still for a while.

pub mod ordered;
pub mod page;
pub mod runner;
pub mod store;

use std::path::PathBuf;

use chrono::{DateTime, Utc};
use futures_util::future::BoxFuture;
use serde_json::Value;
use uuid::Uuid;

use crate::base::clock::Clock;
use crate::db::{PgPool, Scope};
use runner::Told;

crate::terms! {
    pub enum JobState {
        Queued = "queued" => "排队中",
        Running = "running" => "进行中",
        Done = "done" => "已完成",
        Failed = "failed" => "失败",
    }
}

/// A job that was taken to be done.
#[derive(Clone, Debug)]
pub struct Job {
    pub id: Uuid,
    pub payload: Value,
    pub attempts: i32,
}

/// What the server hands to whatever it does outside of requests.
#[derive(Clone)]
pub struct Context {
    pub pool: PgPool,
    pub clock: Clock,
    /// The whole district.
    pub scope: Scope,
    /// Where uploads and documents are kept.
    pub home: PathBuf,
}

/// What a job cannot be done for, in words for whoever ordered it: told in the place of the apology.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Refused(pub String);

/// Jobs of one kind, as a room brings them.
#[derive(Clone, Copy)]
pub struct JobKind {
    /// As it stands in the table.
    pub name: &'static str,
    /// Told to people when one fails.
    pub apology: &'static str,
    pub carry_out: fn(Context, Job, Told) -> BoxFuture<'static, anyhow::Result<()>>,
}

/// What goes on for as long as the server runs; it never returns.
pub type Service = fn(Context) -> BoxFuture<'static, ()>;

/// How far a job is, for a page.
#[derive(Clone, Debug)]
pub struct JobStatus {
    pub state: JobState,
    pub step: String,
    pub done: i64,
    pub total: Option<i64>,
    pub fault: Option<String>,
    pub created_at: DateTime<Utc>,
}

impl JobStatus {
    pub fn is_over(&self) -> bool {
        matches!(self.state, JobState::Done | JobState::Failed)
    }
}
