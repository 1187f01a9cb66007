//! Industrial policy: industries and processes that are encouraged, restricted or to be given up, with their days.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::standard::Adoption;
use crate::base::period::Period;

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
