//! Why a case does not move, in the same words on every page and for every program.

use std::fmt;

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::table::Word;
use crate::account::deeds;
use crate::base::clock::china_minute;
use crate::web;

/// Somebody was faster: who, when, and what they did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stale {
    /// What the case is called.
    pub noun: &'static str,
    /// Where it stands now, in Chinese.
    pub state: String,
    pub by: String,
    pub at: DateTime<Utc>,
    /// As the audit log calls it.
    pub action: String,
}

impl fmt::Display for Stale {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Stale { noun, state, by, at, action } = self;
        let (at, action) = (china_minute(at), deeds::words(action).unwrap_or(action));
        write!(
            f,
            "{noun}已由{by}于 {at} 变更（{action}），现为“{state}”；您看到的是变更前的内容，本次操作没有生效。请刷新后重新办理"
        )
    }
}

#[derive(Debug, thiserror::Error)]
pub enum Refused {
    /// The scope does not hold it.
    #[error("{0}")]
    NotFound(&'static str),
    #[error(transparent)]
    Stale(#[from] Stale),
    /// Nobody changed it, and the version that was named is not its.
    #[error("{0}没有这个版本，请刷新后重新办理")]
    NoSuchVersion(&'static str),
    #[error("{noun}现处于“{state}”，不能{step}")]
    Step { noun: &'static str, state: String, step: String },
    #[error(transparent)]
    Database(#[from] sqlx::Error),
    #[error(transparent)]
    Other(#[from] anyhow::Error),
}

impl std::error::Error for Stale {}

impl Refused {
    pub(super) fn step(noun: &'static str, state: impl Word, step: impl Word) -> Self {
        Refused::Step { noun, state: state.to_string(), step: step.to_string() }
    }
}

impl From<Refused> for web::Error {
    fn from(refused: Refused) -> Self {
        let words = refused.to_string();
        match refused {
            Refused::NotFound(_) => web::Error::NotFound(words),
            Refused::Stale(_) | Refused::NoSuchVersion(_) | Refused::Step { .. } => web::Error::Conflict(words),
            Refused::Database(error) => error.into(),
            Refused::Other(error) => web::Error::Internal(error),
        }
    }
}

/// One person would be both pairs of eyes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the same person would do both")]
pub struct SamePerson;

/// Four eyes are two persons', whatever their roles. Where nobody is on record as the first, nobody is the same. The
/// tables refuse it once more.
///
/// # Errors
/// The second is the first.
pub fn four_eyes(first: Option<Uuid>, second: Uuid) -> Result<(), SamePerson> {
    if first == Some(second) { Err(SamePerson) } else { Ok(()) }
}
