//! The work desk: what waits for the person who signs in.

pub mod pages;
mod store;

/// One heap of waiting work: how much, and where to go on with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiting {
    pub title: &'static str,
    /// Counted up to [`MOST_COUNTED`]; beyond that it only says "more".
    pub count: i64,
    pub unit: &'static str,
    pub href: String,
    pub explanation: &'static str,
}

/// A desk that counts a million rows would keep people waiting for a number nobody needs exactly.
pub const MOST_COUNTED: i64 = 999;

impl Waiting {
    pub fn count_text(&self) -> String {
        if self.count > MOST_COUNTED { format!("{MOST_COUNTED}+") } else { self.count.to_string() }
    }
}
