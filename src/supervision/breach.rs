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

/// Every way from one state to another.
pub const MOVES: [(S, T, S); 20] = [
    (S::Opened, T::Notify, S::Noticed),
    (S::Noticed, T::Answer, S::Answered),
    (S::Answered, T::Rectify, S::Rectifying),
    (S::Answered, T::Propose, S::Proposed),
    (S::Rectifying, T::Propose, S::Proposed),
    (S::Proposed, T::Decide, S::Decided),
    (S::Proposed, T::Return, S::Answered),
    (S::Decided, T::Pay, S::PenaltyPaid),
    (S::Decided, T::TakeBack, S::TakenBack),
    (S::Opened, T::Heal, S::Healed),
    (S::Noticed, T::Heal, S::Healed),
    (S::Answered, T::Heal, S::Healed),
    (S::Rectifying, T::Heal, S::Healed),
    (S::Opened, T::Drop, S::Dropped),
    (S::Noticed, T::Drop, S::Dropped),
    (S::Answered, T::Drop, S::Dropped),
    (S::Rectifying, T::Drop, S::Dropped),
    (S::Rectifying, T::Rectify, S::Rectifying),
    (S::Noticed, T::Notify, S::Noticed),
    (S::Proposed, T::Drop, S::Dropped),
];

impl BreachState {
    /// The state after a step; `None` when it is not possible from here.
    pub fn after(self, step: BreachStep) -> Option<BreachState> {
        MOVES.iter().find(|(from, by, _)| *from == self && *by == step).map(|(_, _, to)| *to)
    }

    pub fn is_closed(self) -> bool {
        matches!(self, S::Healed | S::PenaltyPaid | S::TakenBack | S::Dropped)
    }
}
