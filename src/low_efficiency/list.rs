//! What can be asked of the list, and what a line of it holds.

use std::ops::Deref;

use serde::{Deserialize, Serialize};

use super::{Judgement, Outcome};
use crate::annual::{EnterpriseYear, Figure, Query};
use crate::enterprise::Indicator;

crate::terms! {
    #[schema(as = LowEfficiencySortKey)]
    pub enum SortKey {
        /// By outcome in the order of [`Outcome`] as listed apart, then by tax per mu.
        Outcome = "outcome" => "认定结果",
        TaxPerMu = "tax_per_mu" => "亩均税收",
        Tax = "tax" => "实缴税收",
        Land = "land" => "用地",
        Name = "name" => "企业名称",
    }
}

/// Which enterprises, in which order. Lines without the sorted figure come last either way.
#[derive(Clone, Debug)]
pub struct ListQuery {
    pub facts: Query,
    /// None named means all of them.
    pub outcomes: Vec<Outcome>,
    pub sort: SortKey,
    pub descending: bool,
}

impl ListQuery {
    pub fn of_year(year: i32) -> Self {
        ListQuery { facts: Query::of_year(year), outcomes: Vec::new(), sort: SortKey::Outcome, descending: false }
    }

    /// The same of other facts.
    pub fn over(&self, facts: &Query) -> Self {
        ListQuery { facts: facts.clone(), ..self.clone() }
    }
}

/// Where a page ended. It travels in addresses as unreadable text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cursor {
    /// The place of its outcome, for lists ordered by outcome.
    #[serde(rename = "r")]
    pub rank: i32,
    #[serde(rename = "k")]
    pub key: Option<String>,
    #[serde(rename = "u")]
    pub uscc: String,
}

/// An enterprise of the list. Everything of its year is read through it.
#[derive(Clone, Debug)]
pub struct Entry {
    pub of: EnterpriseYear,
    pub judgement: Judgement,
    pub cursor: Cursor,
}

impl Deref for Entry {
    type Target = EnterpriseYear;

    fn deref(&self) -> &EnterpriseYear {
        &self.of
    }
}

impl Entry {
    pub fn tax(&self) -> Figure {
        self.facts.figures.of(Indicator::TaxPaid)
    }
}

#[derive(Clone, Debug)]
pub struct Page {
    pub entries: Vec<Entry>,
    /// `None` on the last page.
    pub next: Option<Cursor>,
}

/// How many enterprises have each outcome, under all filters but the one on outcomes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counts(pub Vec<(Outcome, i64)>);

impl Counts {
    pub fn of(&self, outcome: Outcome) -> i64 {
        self.0.iter().find(|(other, _)| *other == outcome).map_or(0, |(_, count)| *count)
    }

    pub fn total(&self) -> i64 {
        self.0.iter().map(|(_, count)| count).sum()
    }
}
