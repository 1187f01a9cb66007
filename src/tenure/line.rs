//! One line of the check.

use chrono::NaiveDate;

use super::consequence::Consequence;
use super::event::Duty;
use crate::base::unit::Yuan;

crate::terms! {
    pub enum State {
        NotYet = "not_yet" => "未到期",
        DueSoon = "due_soon" => "30日内到期",
        Overdue = "overdue" => "逾期",
        Met = "met" => "已履行",
        MetLate = "met_late" => "逾期履行",
        /// On paper.
        Waived = "waived" => "已免除",
        /// A figure is missing; the arithmetic says which.
        NotDeterminable = "not_determinable" => "无法判定",
    }
}

/// “Due within 30 days” of the lists; the day itself included.
pub const SOON_DAYS: i64 = 30;

/// The articles of the governing text.
pub const MANAGEMENT: &str = "四(一)3";
pub const CLEARING: &str = "四(一)4";

/// A duty as it stands on a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    pub duty: Duty,
    /// Of the governing text, or of order no. 53 with its name.
    pub article: &'static str,
    /// The last day on which it is met in time.
    pub due: NaiveDate,
    pub state: State,
    /// Days late when overdue or met late, else days left; standstills are not counted.
    pub days: i64,
    /// To date; owed by the grantor for the hand-over, else by the grantee.
    pub consequence: Consequence,
    /// The grantor may rescind the contract.
    pub may_rescind: bool,
    /// The days off of that year are not announced yet, so the due day may move.
    pub provisional: bool,
}

impl Line {
    pub fn yuan(&self) -> Option<Yuan> {
        self.consequence.yuan
    }

    /// State with its days: `逾期 12 日`.
    pub fn wording(&self) -> String {
        match self.state {
            State::Overdue | State::MetLate => format!("{}{}日", self.state, self.days),
            State::DueSoon | State::NotYet => format!("{}（剩余{}日）", self.state, self.days),
            State::Met | State::Waived | State::NotDeterminable => self.state.label().to_owned(),
        }
    }
}
