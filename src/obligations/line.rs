//! One line of the check.

use chrono::NaiveDate;

use super::consequence::Consequence;
use crate::base::unit::{Yuan, grouped};
use crate::contract::event::Duty;

crate::terms! {
    pub enum State {
        NotYet = "not_yet" => "未到期",
        DueSoon = "due_soon" => "30日内到期",
        /// What it is owed after has not happened yet; the arithmetic says what.
        Waiting = "waiting" => "待条件成就",
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
    /// What has accrued to date; owed by the grantor for the hand-over, else by the grantee.
    pub consequence: Consequence,
    /// What was paid of it to date.
    pub paid: Yuan,
    /// What of it was paid before it was owed, and has been set against what accrued since.
    pub set_off: Yuan,
    /// The grantor may rescind the contract.
    pub may_rescind: bool,
    /// The days off of that year are not announced yet, so the due day may move.
    pub provisional: bool,
}

impl Line {
    /// A duty of which no more is known than its due day.
    pub fn nothing(duty: Duty, due: NaiveDate) -> Line {
        Line {
            duty,
            article: CLEARING,
            due,
            state: State::Overdue,
            days: 0,
            consequence: Consequence::default(),
            paid: Yuan::ZERO,
            set_off: Yuan::ZERO,
            may_rescind: false,
            provisional: false,
        }
    }

    pub fn yuan(&self) -> Option<Yuan> {
        self.consequence.yuan
    }

    /// What is still owed of what has accrued; nothing when no amount is known. Never below zero.
    pub fn remaining(&self) -> Option<Yuan> {
        self.yuan().map(|accrued| (accrued - self.paid).max(Yuan::ZERO))
    }

    /// What was paid beyond what has accrued; nothing when that cannot be known. Where nothing accrues, everything.
    pub fn overpaid(&self) -> Option<Yuan> {
        let accrued = match self.state {
            State::NotDeterminable => return None,
            _ => self.yuan().unwrap_or(Yuan::ZERO),
        };
        let beyond = (self.paid - accrued).max(Yuan::ZERO);
        (!self.consequence.is_too_large()).then_some(beyond)
    }

    /// What payments that came before they were owed have done, in words: set against what accrued since, or still too much.
    pub fn beyond(&self) -> Option<String> {
        let set_off =
            (self.set_off > Yuan::ZERO).then(|| format!("此前多缴{}元已抵此后应计", grouped(self.set_off.0, 2)));
        let over = self.overpaid().filter(|over| *over > Yuan::ZERO);
        let over = over.map(|over| format!("多缴{}元", grouped(over.0, 2)));
        let words: Vec<String> = set_off.into_iter().chain(over).collect();
        (!words.is_empty()).then(|| words.join("，"))
    }

    /// Adds a sentence to the arithmetic.
    pub fn explain(&mut self, words: Option<String>) {
        let Some(words) = words else { return };
        let arithmetic = &mut self.consequence.arithmetic;
        *arithmetic = if arithmetic.is_empty() { words } else { format!("{arithmetic}；{words}") };
    }

    /// State with its days: `逾期 12 日`.
    pub fn wording(&self) -> String {
        match self.state {
            State::Overdue | State::MetLate => format!("{}{}日", self.state, self.days),
            State::DueSoon | State::NotYet => format!("{}（剩余{}日）", self.state, self.days),
            State::Met | State::Waiting | State::Waived | State::NotDeterminable => self.state.label().to_owned(),
        }
    }
}
