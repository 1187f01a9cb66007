//! Differentiated allocation carried out (三, 五(二)): the lists that bodies are handed, what they report, how both agree, and the
//! audit of it.
//!
//! What is due is [`crate::measures`]; what a line of a reconciliation comes to is [`crate::entitlement::reconcile`]. Here lists are
//! frozen as they were handed over ([`lists`]), reports are kept ([`reports`]), a year is reconciled up to a quarter
//! ([`reconciliation`]), and lines are drawn for an auditor ([`audit`]), whose findings are cases ([`case`], [`steps`]).

pub mod api;
pub mod asked;
pub mod audit;
pub mod case;
mod coverage;
pub mod job;
pub mod lists;
pub mod pages;
mod quarter;
mod recheck;
pub mod reconciliation;
pub mod reports;
mod room;
pub mod rules;
pub mod steps;
pub mod store;
pub mod totals;
pub mod wording;
mod work;

#[cfg(test)]
mod tests;

pub use case::TABLE;
pub use coverage::RULES;
pub use quarter::Quarter;
pub use room::ROOM;

crate::terms! {
    /// Where an auditor's finding stands.
    #[schema(as = AllocationFindingState)]
    pub enum State {
        Opened = "opened" => "待答复",
        Answered = "answered" => "已答复",
        Rectified = "rectified" => "已整改",
        NotUpheld = "not_upheld" => "不成立",
    }
}

crate::terms! {
    #[schema(as = AllocationFindingStep)]
    pub enum Step {
        Open = "open" => "立案",
        Answer = "answer" => "答复",
        Return = "return" => "退回再答复",
        Rectify = "rectify" => "认可整改",
        NotUphold = "not_uphold" => "认定不成立",
    }
}
