//! Completion review (竣工综合复核验收) and output review (达产复核), 四(一)3: the contract against what was built and what
//! came of it, with what each joint department says. The rules of admission decide each figure; a table that does not
//! conform cannot be recorded as passed.

pub mod api;
pub mod conclude;
mod facts;
mod finding;
mod investment;
pub mod pages;
pub mod panel;
pub mod queue;
mod refusal;
mod room;
pub mod rules;
pub mod store;
pub mod waiting;
mod work;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use panel::Member;

pub use room::ROOM;

pub use facts::{FigureForm, fields, floors_text, read_form};

use crate::admission::{Figure, Floor};
use crate::contract::event::{Duty, EventKind};
use crate::contract::terms::Commitment;
use crate::obligations::line::State;
use crate::policy::receipt::CheckVersion;
use crate::workflow::{Table, moves, stays};

/// The governing text and its article on reviews.
pub const DOCUMENT: &str = "xiacheng-2019";
pub const ARTICLE: &str = "四(一)3";

crate::terms! {
    pub enum ReviewKind {
        Completion = "completion" => "竣工综合复核验收",
        Output = "output" => "达产复核",
    }
}

crate::terms! {
    pub enum ReviewState {
        Open = "open" => "进行中",
        Concluded = "concluded" => "已作出结论",
        Withdrawn = "withdrawn" => "已撤回",
    }
}

crate::terms! {
    pub enum ReviewStep {
        Figures = "figures" => "登记核查数据",
        Opinion = "opinion" => "提出意见",
        Conclude = "conclude" => "作出结论",
    }
}

use ReviewState as S;
use ReviewStep as T;

/// What was concluded wrongly is withdrawn with the event that records it, and the row stays concluded.
pub static TABLE: Table<S, T> = Table {
    noun: "复核",
    missing: "没有这次复核，或不在您的辖区内",
    begins: S::Open,
    closed: &[S::Concluded, S::Withdrawn],
    reopens: &[],
    ways: &[
        stays(T::Figures, &[S::Open], "contract.review_figures"),
        stays(T::Opinion, &[S::Open], "contract.review_opinion"),
        moves(T::Conclude, &[S::Open], S::Concluded, "contract.review_concluded"),
    ],
};

impl ReviewKind {
    pub fn event(self) -> EventKind {
        match self {
            ReviewKind::Completion => EventKind::CompletionReviewed,
            ReviewKind::Output => EventKind::OutputReviewed,
        }
    }

    /// The name of its check in receipts and rules.
    pub fn check(self) -> &'static str {
        match self {
            ReviewKind::Completion => "tenure.completion_review",
            ReviewKind::Output => "tenure.output_review",
        }
    }
}

/// What was found on the ground and in the returns. What is left out is missing, which is never zero.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AsBuilt {
    /// By the names of `policy/indicators.toml`.
    #[serde(default)]
    pub figures: BTreeMap<String, Figure>,
    #[serde(default)]
    pub floors: Vec<Floor>,
    /// m² of land in actual use, as surveyed.
    #[serde(default)]
    pub occupied_area_m2: Option<Decimal>,
    /// Figures of each agreed year that no annual return holds, such as output.
    #[serde(default)]
    pub years: BTreeMap<i32, BTreeMap<String, Figure>>,
}

impl AsBuilt {
    /// Of these figures: an opinion is given on those that were seen.
    pub fn mark(&self) -> String {
        let text = serde_json::to_string(self).expect("figures are plain JSON");
        hex::encode(Sha256::digest(text))
    }
}

/// What the contract says, as far as it is reviewed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Agreed {
    /// For the eye; receipts of the time before land was kept in mu decide on it.
    pub granted_area_m2: Decimal,
    /// What the contract grants, exactly.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub granted_area_mu: Option<Decimal>,
    pub planned_investment_yuan: Option<Decimal>,
    pub commitments: Vec<Commitment>,
}

/// An agreed day as the check of the contract sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AgreedDay {
    pub duty: Duty,
    pub due: NaiveDate,
    pub state: State,
    pub days: i64,
    pub owed_yuan: Option<Decimal>,
    pub paid_yuan: Decimal,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Opinion {
    pub agrees: bool,
    pub reason: String,
    pub by: String,
}

/// Everything that a review is decided on; the receipt keeps it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Inputs {
    pub kind: ReviewKind,
    pub contract: String,
    pub agreed: Agreed,
    pub as_built: AsBuilt,
    pub days: Vec<AgreedDay>,
    /// Years that an output review looks at, with the returns of each.
    pub years: BTreeMap<i32, BTreeMap<String, Figure>>,
    /// By the code of the department.
    pub opinions: BTreeMap<String, Opinion>,
    /// Who reviews together. Receipts of the time when the program had one list leave it out.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub panel: Vec<Member>,
    /// In the first, promises were plain numbers whose unit nobody read.
    #[serde(default = "CheckVersion::first", skip_serializing_if = "CheckVersion::is_first")]
    pub version: CheckVersion,
}

impl Inputs {
    /// The departments that are asked.
    pub fn members(&self) -> Vec<Member> {
        if self.panel.is_empty() { panel::example(self.kind).members } else { self.panel.clone() }
    }
}
