//! Industrial policy: industries and processes that are encouraged, restricted or to be given up, with their days.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::standard::Adoption;
use crate::base::period::Period;
use crate::base::text::Seen;
use crate::codelist::{Industry, IndustryError};

crate::terms! {
    /// The classes of 产业结构调整指导目录.
    pub enum DirectoryClass {
        Encouraged = "encouraged" => "鼓励类",
        /// New projects are refused.
        Restricted = "restricted" => "限制类",
        Prohibited = "prohibited" => "淘汰类",
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DirectoryEntry {
    /// Stable and unique: `ndrc-2024/restricted-wood-2`.
    pub id: String,
    pub class: DirectoryClass,
    /// What the list says.
    pub wording: String,
    /// Industry codes of any depth that the entry can concern.
    pub industries: Vec<String>,
    /// The edition of GB/T 4754 of those codes.
    pub edition: String,
    /// Every project of these industries falls under it. Else only those the wording describes, which a person says.
    pub whole_industry: bool,
    pub valid: Period,
    pub adoption: Adoption,
    /// A document of the catalogue, and the place in it.
    pub document: String,
    pub article: String,
    pub source: String,
    pub checked_on: NaiveDate,
}

#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum DirectoryError {
    #[error("the entry {0} stands twice")]
    Twice(String),
    #[error("the entry {0} ends before it starts, or has no first day")]
    Period(String),
    #[error("the entry {0} says nothing, or names no industry")]
    Empty(String),
    #[error("the entry {entry}: {source}")]
    Industry { entry: String, source: IndustryError },
}

impl DirectoryEntry {
    /// Whether the district goes by it, and refuses what it lists: what is only encouraged says nothing of the rest.
    pub fn is_adopted_bar(&self) -> bool {
        self.adoption == Adoption::Adopted && self.class != DirectoryClass::Encouraged
    }

    /// # Errors
    /// An entry without a wording, an industry or a first day, one that ends before it starts, or a code that its edition
    /// does not have.
    pub fn holds_together(&self) -> Result<(), DirectoryError> {
        let entry = || self.id.clone();
        if self.wording.is_blank() || self.industries.is_empty() {
            return Err(DirectoryError::Empty(entry()));
        }
        if self.valid.from.is_none() || self.valid.until.is_some_and(|until| Some(until) <= self.valid.from) {
            return Err(DirectoryError::Period(entry()));
        }
        for code in &self.industries {
            match Industry::parse(&self.edition, code) {
                // An older list that is not at hand cannot be asked; its codes are compared as they are.
                Ok(_) | Err(IndustryError::EditionNotLoaded(..)) => {}
                Err(source) => return Err(DirectoryError::Industry { entry: entry(), source }),
            }
        }
        Ok(())
    }
}

/// # Errors
/// A name that stands twice, and see [`DirectoryEntry::holds_together`].
pub fn hold_together(entries: &[DirectoryEntry]) -> Result<(), DirectoryError> {
    let mut seen = BTreeSet::new();
    for entry in entries {
        if !seen.insert(&entry.id) {
            return Err(DirectoryError::Twice(entry.id.clone()));
        }
        entry.holds_together()?;
    }
    Ok(())
}
