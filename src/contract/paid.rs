//! What was paid under a contract by some day: of an instalment, of the price, and of the penalty for a duty.

use chrono::NaiveDate;

use super::days::days_after;
use super::event::{Duty, Event, Happening};
use super::terms::Terms;
use crate::base::unit::Yuan;
use crate::contract::known::Contract;

pub fn of_instalment_before(contract: &Contract, number: u16, day: NaiveDate) -> Yuan {
    before(contract, day, |event| match event.happening {
        Happening::Paid { instalment, amount } if instalment == number => Some(amount),
        _ => None,
    })
}

/// Everything paid of the price before a day.
pub fn of_price_before(contract: &Contract, day: NaiveDate) -> Yuan {
    before(contract, day, |event| match event.happening {
        Happening::Paid { amount, .. } => Some(amount),
        _ => None,
    })
}

/// What was paid up to a day as the penalty, or the fee, for a duty.
pub fn of_penalty(contract: &Contract, duty: Duty, until: NaiveDate) -> Yuan {
    before(contract, days_after(until, 1), |event| match event.happening {
        Happening::PenaltyPaid { duty: paid, amount } if paid == duty => Some(amount),
        _ => None,
    })
}

/// The day, up to `until`, of the last payment of a penalty.
pub fn last_penalty(contract: &Contract, duty: Duty, until: NaiveDate) -> Option<NaiveDate> {
    contract.last(until, |event| match event.happening {
        Happening::PenaltyPaid { duty: paid, .. } if paid == duty => Some(event.on),
        _ => None,
    })
}

/// The day, up to `until`, on which the payments of an instalment reached what these terms ask; the day of its waiver when
/// that came first. `None` while it is open; an instalment that the terms do not have is paid from the beginning.
pub fn covered_on(contract: &Contract, terms: &Terms, number: u16, until: NaiveDate) -> Option<NaiveDate> {
    let Some(asked) = terms.instalment(number) else { return contract.signed_on() };
    let mut sum = Yuan::ZERO;
    contract.first(until, |event| match event.happening {
        Happening::Paid { instalment, amount } if instalment == number => {
            sum = sum + amount;
            (sum >= asked.amount).then_some(event.on)
        }
        Happening::Waived { duty } if duty == Duty::payment(number) => Some(event.on),
        _ => None,
    })
}

/// What events before a day come to.
pub fn before(contract: &Contract, day: NaiveDate, amount: impl Fn(&Event) -> Option<Yuan>) -> Yuan {
    contract.events.iter().take_while(|event| event.on < day).filter_map(amount).sum()
}
