//! Notices (提醒、告知、决定) under a grant contract. A job proposes them from the check, once for each duty and due day; a
//! person sends, and the contract learns of it in the same transaction.

pub mod api;
pub mod daily;
pub mod outgoing;
pub mod over;
pub mod pages;
pub mod propose;
pub mod store;
pub mod template;

#[cfg(test)]
mod tests;

use crate::workflow::{Table, moves};

crate::terms! {
    pub enum NoticeKind {
        Payment = "payment" => "缴款提醒",
        Start = "start" => "开工提醒",
        Completion = "completion" => "竣工提醒",
        Breach = "breach" => "违约告知",
        IdleInvestigation = "idle_investigation" => "闲置调查通知",
        Decision = "decision" => "处理决定",
    }
}

crate::terms! {
    pub enum NoticeState {
        Prepared = "prepared" => "待发送",
        Sent = "sent" => "已发送",
        Delivered = "delivered" => "已送达",
        Withdrawn = "withdrawn" => "已撤回",
    }
}

crate::terms! {
    pub enum NoticeStep {
        Send = "send" => "发送",
        Deliver = "deliver" => "登记送达",
        Withdraw = "withdraw" => "撤回",
    }
}

crate::terms! {
    /// How a notice goes out.
    pub enum DeliveryWay {
        InPerson = "in_person" => "直接送达",
        RegisteredMail = "registered_mail" => "邮寄送达",
        Electronic = "electronic" => "电子送达",
        LeftAtPlace = "left_at_place" => "留置送达",
        PublicNotice = "public_notice" => "公告送达",
    }
}

use NoticeState as S;
use NoticeStep as T;

/// What has been sent cannot be taken back, only followed by another notice.
pub static TABLE: Table<S, T> = Table {
    noun: "通知",
    missing: "没有这份通知，或不在您的辖区内",
    begins: S::Prepared,
    closed: &[S::Delivered, S::Withdrawn],
    reopens: &[],
    ways: &[
        moves(T::Send, &[S::Prepared], S::Sent, "contract.notice_sent"),
        moves(T::Withdraw, &[S::Prepared], S::Withdrawn, "contract.notice_withdrawn"),
        moves(T::Deliver, &[S::Sent], S::Delivered, "contract.notice_delivered"),
    ],
};

impl NoticeState {
    /// The state after a step; `None` when it is not possible from here.
    pub fn after(self, step: NoticeStep) -> Option<NoticeState> {
        TABLE.after(self, step)
    }
}
