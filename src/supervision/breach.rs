//! Breach files (履约清理), 四(一)4: notice, hearing or answer, rectification until a day, then healed, the penalty paid, or
//! the land taken back. A penalty and a taking back are proposed by one person and decided by another.

pub mod api;
pub mod blockers;
pub mod decision;
pub mod pages;
pub mod queue;
pub mod step;
pub mod store;

#[cfg(test)]
mod tests;

use crate::workflow::{Table, moves};

crate::terms! {
    pub enum BreachState {
        Opened = "opened" => "已立案",
        Noticed = "noticed" => "已告知",
        Answered = "answered" => "已听取意见",
        Rectifying = "rectifying" => "限期整改",
        Proposed = "proposed" => "待审批",
        Decided = "decided" => "已决定",
        Healed = "healed" => "已纠正",
        PenaltyPaid = "penalty_paid" => "违约金已缴",
        TakenBack = "taken_back" => "已收回",
        Dropped = "dropped" => "已撤案",
    }
}

crate::terms! {
    pub enum Remedy {
        Penalty = "penalty" => "收取违约金",
        TakingBack = "taking_back" => "收回土地",
    }
}

crate::terms! {
    pub enum BreachStep {
        Notify = "notify" => "登记告知",
        Answer = "answer" => "登记答复或听证",
        Rectify = "rectify" => "责令限期整改",
        Propose = "propose" => "提出处理意见",
        Decide = "decide" => "批准",
        Return = "return" => "退回",
        Heal = "heal" => "确认已纠正",
        Pay = "pay" => "登记缴纳违约金",
        TakeBack = "take_back" => "登记收回",
        Drop = "drop" => "撤案",
    }
}

use BreachState as S;
use BreachStep as T;

/// Nobody has decided or proposed anything yet.
const EARLY: &[S] = &[S::Opened, S::Noticed, S::Answered, S::Rectifying];
const TAKEN: &str = "contract.breach";

pub static TABLE: Table<S, T> = Table {
    noun: "违约案卷",
    missing: "没有这个违约案卷，或不在您的辖区内",
    begins: S::Opened,
    closed: &[S::Healed, S::PenaltyPaid, S::TakenBack, S::Dropped],
    reopens: &[],
    ways: &[
        moves(T::Notify, &[S::Opened, S::Noticed], S::Noticed, TAKEN),
        moves(T::Answer, &[S::Noticed], S::Answered, TAKEN),
        moves(T::Rectify, &[S::Answered, S::Rectifying], S::Rectifying, TAKEN),
        moves(T::Propose, &[S::Answered, S::Rectifying], S::Proposed, TAKEN),
        moves(T::Decide, &[S::Proposed], S::Decided, TAKEN),
        moves(T::Return, &[S::Proposed], S::Answered, TAKEN),
        moves(T::Heal, EARLY, S::Healed, TAKEN),
        moves(T::Pay, &[S::Decided], S::PenaltyPaid, TAKEN),
        moves(T::TakeBack, &[S::Decided], S::TakenBack, TAKEN),
        moves(T::Drop, &[S::Opened, S::Noticed, S::Answered, S::Rectifying, S::Proposed], S::Dropped, TAKEN),
    ],
};

impl BreachState {
    /// The state after a step; `None` when it is not possible from here.
    pub fn after(self, step: BreachStep) -> Option<BreachState> {
        TABLE.after(self, step)
    }

    pub fn is_closed(self) -> bool {
        TABLE.is_closed(self)
    }
}
