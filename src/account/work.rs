//! What waits for a person: rooms count it, the desk shows it.

use futures_util::future::BoxFuture;

use super::officer::Officer;
use crate::web::{AppState, Result};

/// One heap of waiting work: how much, and where to go on with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WorkItem {
    pub title: &'static str,
    /// Counted up to [`MAX_COUNTED`]; beyond that it only says "more".
    pub count: i64,
    pub unit: &'static str,
    pub href: &'static str,
    pub explanation: &'static str,
}

/// A desk that counts a million rows would keep people waiting for a number nobody needs exactly.
pub const MAX_COUNTED: i64 = 999;

impl WorkItem {
    pub fn count_text(&self) -> String {
        if self.count > MAX_COUNTED { format!("{MAX_COUNTED}+") } else { self.count.to_string() }
    }
}

/// What waits for a person of one kind, by one statement; nothing for whom it is none of their business.
pub type WorkItems = for<'a> fn(&'a AppState, &'a Officer) -> BoxFuture<'a, Result<Vec<WorkItem>>>;
