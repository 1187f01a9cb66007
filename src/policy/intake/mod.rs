//! What an officer brings: documents, standard-land sets, entries of the industrial directory, schemes of evaluation, kinds of
//! veto and measures from a file, seen before they are submitted, published by a second person.

mod frame;
mod json_file;
pub mod plan;
mod read;
pub mod spec;
mod table;
mod toml_file;
mod wording;

#[cfg(test)]
pub(super) mod tests;

use serde::{Deserialize, Serialize};

use super::Document;
use super::directory::DirectoryEntry;
use super::standard::IndicatorSet;
use super::veto::VetoKind;
use crate::entitlement::Measure;
use crate::scoring::Scheme;
use crate::workflow::{Table, moves};

pub use frame::{Frame, Reading};
pub use read::read;
pub use wording::standard as standard_in_words;

crate::terms! {
    pub enum IntakeKind {
        Standards = "standards" => "标准地指标",
        Documents = "documents" => "政策文件",
        Directory = "directory" => "产业目录",
        Schemes = "schemes" => "综合评价方案",
        VetoKinds = "veto_kinds" => "一票否决事由",
        Measures = "measures" => "差别化措施",
    }
}

crate::terms! {
    #[schema(as = IntakeState)]
    pub enum State {
        /// Uploaded and seen by its maker.
        Draft = "draft" => "草稿",
        Submitted = "submitted" => "待批准",
        Published = "published" => "已发布",
        Rejected = "rejected" => "已退回",
        Withdrawn = "withdrawn" => "已撤回",
    }
}

crate::terms! {
    #[schema(as = IntakeAction)]
    pub enum Action {
        Submit = "submit" => "提交",
        Withdraw = "withdraw" => "撤回",
        Publish = "publish" => "批准发布",
        Reject = "reject" => "退回",
    }
}

pub static TABLE: Table<State, Action> = Table {
    noun: "这次提交",
    missing: "没有这次提交",
    begins: State::Draft,
    closed: &[State::Published, State::Rejected, State::Withdrawn],
    reopens: &[],
    ways: &[
        moves(Action::Submit, &[State::Draft], State::Submitted, "policy.submit"),
        moves(Action::Withdraw, &[State::Draft, State::Submitted], State::Withdrawn, "policy.withdraw"),
        moves(Action::Publish, &[State::Submitted], State::Published, "policy.publish"),
        moves(Action::Reject, &[State::Submitted], State::Rejected, "policy.reject"),
    ],
};

/// What a file says, read and not yet held against what is published.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Offer {
    pub documents: Vec<Document>,
    pub standards: Vec<IndicatorSet>,
    #[serde(default)]
    pub directory: Vec<DirectoryEntry>,
    #[serde(default)]
    pub schemes: Vec<Scheme>,
    #[serde(default)]
    pub veto_kinds: Vec<VetoKind>,
    #[serde(default)]
    pub measures: Vec<Measure>,
}

impl Offer {
    pub fn is_empty(&self) -> bool {
        self.documents.is_empty()
            && self.standards.is_empty()
            && self.directory.is_empty()
            && self.schemes.is_empty()
            && self.veto_kinds.is_empty()
            && self.measures.is_empty()
    }
}
