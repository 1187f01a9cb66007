//! What is decided on a breach: the figure of the day, and how a decision is told.

use chrono::{DateTime, NaiveDate, Utc};
use rust_decimal::Decimal;

use super::{BreachState, Remedy};
use crate::base::unit::{Yuan, grouped};
use crate::contract::event::{Duty, Event, Happening};
use crate::contract::known::Contract;
use crate::contract::stage::Stage;
use crate::obligations::line::Line;
use crate::supervision::notice::over::Over;

/// A decision that was taken, as its notice tells it: the figures are those of the day it was taken on and stay.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decided {
    pub on: NaiveDate,
    pub state: BreachState,
    pub remedy: Option<Remedy>,
    pub amount: Option<Decimal>,
    pub arithmetic: Option<String>,
    /// When it was recorded.
    pub at: DateTime<Utc>,
}

impl Decided {
    pub fn words(&self) -> String {
        match (self.remedy, self.amount) {
            (Some(Remedy::Penalty), Some(amount)) => {
                let arithmetic = self.arithmetic.as_deref().unwrap_or_default();
                format!("收取违约金{}元（计至{}：{arithmetic}）", grouped(amount, 2), self.on)
            }
            _ => "收回国有建设用地使用权".to_owned(),
        }
    }

    /// # Errors
    /// The file is closed or was never decided, its penalty is paid, or the land of a contract that has ended was to be
    /// taken back.
    pub fn still_to_be_told(&self, contract: &Contract, duty: Duty, ended: Option<Stage>) -> Result<(), Over> {
        let penalty = self.amount.filter(|_| self.remedy == Some(Remedy::Penalty));
        let paid = penalty.is_some_and(|amount| outstanding(contract, duty, amount, self.at).0.is_zero());
        match (self.state, self.remedy, ended) {
            (BreachState::PenaltyPaid, ..) => Err(Over::Paid),
            (BreachState::Decided, ..) if paid => Err(Over::Paid),
            (state, ..) if state.is_closed() => Err(Over::Closed(state.label())),
            (BreachState::Decided, Some(Remedy::TakingBack), Some(stage)) => Err(Over::Ended(stage)),
            (BreachState::Decided, ..) => Ok(()),
            _ => Err(Over::NotDecided),
        }
    }
}

/// What a penalty comes to by the check of a day, less what was paid of it, and how; nothing when nothing is owed.
pub fn owed(line: Option<&Line>) -> Option<(Yuan, String)> {
    let line = line?;
    let remaining = line.remaining().filter(|money| *money > Yuan::ZERO)?;
    let arithmetic = line.consequence.arithmetic.clone();
    if line.paid.is_zero() {
        return Some((remaining, arithmetic));
    }
    let (paid, left) = (grouped(line.paid.0, 2), grouped(remaining.0, 2));
    let beyond = line.beyond().map(|words| format!("（{words}）")).unwrap_or_default();
    Some((remaining, format!("{arithmetic}；已缴{paid}元{beyond}，尚欠{left}元")))
}

/// What is still to be booked of a decided penalty: payments recorded after the decision count against it. With the last
/// of them.
pub fn outstanding(contract: &Contract, duty: Duty, decided: Decimal, at: DateTime<Utc>) -> (Yuan, Option<i64>) {
    let since = |event: &&Event| event.recorded_at > at;
    let payment = |event: &Event| match event.happening {
        Happening::PenaltyPaid { duty: paid, amount } if paid == duty => Some((event.id, amount)),
        _ => None,
    };
    let payments: Vec<(i64, Yuan)> = contract.events.iter().filter(since).filter_map(payment).collect();
    let paid: Yuan = payments.iter().map(|(_, amount)| *amount).sum();
    ((Yuan(decided) - paid).max(Yuan::ZERO), payments.last().map(|(id, _)| *id))
}
