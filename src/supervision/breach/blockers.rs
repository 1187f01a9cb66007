//! What is holding a file up: computed whenever it is read, from the file, its notice and the check of the day.

use chrono::NaiveDate;

use super::store::Breach;
use super::{BreachState, Remedy};
use crate::base::unit::grouped;
use crate::codelist::WorkCalendar;
use crate::contract::days::period_of_days;
use crate::obligations::line::{Line, State};
use crate::supervision::notice::NoticeState;

/// Days to answer after delivery, as the notice says.
pub const ANSWER_DAYS: u32 = 15;

/// The last day to answer; one that is a day off ends on the next working day.
pub fn answer_until(delivered: NaiveDate) -> NaiveDate {
    period_of_days(delivered, ANSWER_DAYS, WorkCalendar::embedded()).day
}

/// How the notice of a file stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoticeStanding {
    pub state: NoticeState,
    pub delivered_on: Option<NaiveDate>,
}

/// One sentence each, the most pressing first; nothing when the file is closed.
pub fn blockers(file: &Breach, notice: Option<&NoticeStanding>, line: Option<&Line>, today: NaiveDate) -> Vec<String> {
    if file.state.is_closed() {
        return Vec::new();
    }
    let mut found = Vec::new();
    if is_healed(line) {
        found.push("核查显示该事项已履行或免除，待确认纠正".to_owned());
    }
    match file.state {
        BreachState::Opened => found.push(match notice.map(|notice| notice.state) {
            None => "违约告知书尚未生成".to_owned(),
            Some(NoticeState::Prepared) => "违约告知书尚未发送".to_owned(),
            Some(NoticeState::Withdrawn) => "违约告知书已撤回".to_owned(),
            Some(NoticeState::Sent | NoticeState::Delivered) => "违约告知书已发送，待登记告知".to_owned(),
        }),
        BreachState::Noticed => found.push(waits_for_answer(notice, today)),
        BreachState::Answered => found.push("待责令限期整改或提出处理意见".to_owned()),
        BreachState::Rectifying => found.push(match file.rectify_until {
            Some(until) => rectification(until, today),
            None => "当时的整改期限没有留存".to_owned(),
        }),
        BreachState::Proposed => found.push("待审批：须由提出人以外的审批人批准或退回".to_owned()),
        BreachState::Decided => found.push(match (file.remedy, file.amount_yuan) {
            (Some(Remedy::Penalty), Some(amount)) => format!("违约金{}元尚未登记缴纳", grouped(amount, 2)),
            _ => "尚未登记收回".to_owned(),
        }),
        _ => {}
    }
    found
}

crate::terms! {
    /// Whose step is due.
    pub enum Turn {
        /// The clerk's: to send, to register, to heal or to propose.
        Clerk = "clerk" => "待经办人办理",
        Approver = "approver" => "待审批",
    }
}

/// Whose step a file waits for today; nobody's while a period of the grantee's runs, or when it is closed. What the check
/// says of the duty is left out: it takes the whole contract. A file under rectification always has its last day, except as
/// of a past day for which it was not kept: then nobody can say.
pub fn turn(
    state: BreachState,
    notice: Option<&NoticeStanding>,
    rectify_until: Option<NaiveDate>,
    today: NaiveDate,
) -> Option<Turn> {
    let runs = |last: NaiveDate| today <= last;
    match state {
        BreachState::Proposed => Some(Turn::Approver),
        BreachState::Noticed => {
            let delivered = notice.and_then(|notice| notice.delivered_on);
            let answering = delivered.is_some_and(|on| runs(answer_until(on)));
            (!answering).then_some(Turn::Clerk)
        }
        BreachState::Rectifying => rectify_until.filter(|until| !runs(*until)).map(|_| Turn::Clerk),
        BreachState::Opened | BreachState::Answered | BreachState::Decided => Some(Turn::Clerk),
        BreachState::Healed | BreachState::PenaltyPaid | BreachState::TakenBack | BreachState::Dropped => None,
    }
}

/// The check no longer finds the duty open.
pub fn is_healed(line: Option<&Line>) -> bool {
    line.is_none_or(|line| matches!(line.state, State::Met | State::MetLate | State::Waived))
}

fn waits_for_answer(notice: Option<&NoticeStanding>, today: NaiveDate) -> String {
    match notice.and_then(|notice| notice.delivered_on) {
        None => "违约告知书尚未登记送达".to_owned(),
        Some(delivered) => {
            let last = answer_until(delivered);
            if today <= last {
                format!("陈述申辩期至{last}，尚未登记答复")
            } else {
                format!("陈述申辩期已于{last}届满，待登记无答复或听取意见")
            }
        }
    }
}

fn rectification(until: NaiveDate, today: NaiveDate) -> String {
    if today <= until {
        format!("整改期至{until}，剩余{}日", (until - today).num_days())
    } else {
        format!("整改期已于{until}届满{}日，待确认纠正或提出处理意见", (today - until).num_days())
    }
}
