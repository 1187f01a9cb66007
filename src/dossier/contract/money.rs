//! Instalments with what was paid on each, and what is still open.

use chrono::NaiveDate;

use crate::base::unit::Yuan;
use crate::contract::event::Happening;
use crate::contract::known::Contract;
use crate::obligations::line::Line;
use crate::obligations::overpaid;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    pub instalments: Vec<Paid>,
    pub price: Yuan,
    pub paid: Yuan,
    /// Never below zero; what was paid too much is told beside it.
    pub outstanding: Yuan,
    pub overpaid: Yuan,
    pub penalties: Yuan,
    /// What of the penalties is beyond what has accrued.
    pub penalties_beyond: Yuan,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Paid {
    pub number: u16,
    pub due: NaiveDate,
    pub amount: Yuan,
    pub paid: Yuan,
    pub outstanding: Yuan,
    /// Day and amount of each payment.
    pub payments: Vec<(NaiveDate, Yuan)>,
}

/// The money of a contract on a day. `None` when it was not concluded by then.
pub fn account(contract: &Contract, lines: &[Line], day: NaiveDate) -> Option<Account> {
    let terms = contract.terms_on(day)?;
    let mut instalments = Vec::new();
    for (place, part) in terms.instalments.iter().enumerate() {
        let number = u16::try_from(place + 1).unwrap_or(u16::MAX);
        let payments: Vec<(NaiveDate, Yuan)> = contract
            .events
            .iter()
            .filter(|event| event.on <= day)
            .filter_map(|event| match event.happening {
                Happening::Paid { instalment, amount } if instalment == number => Some((event.on, amount)),
                _ => None,
            })
            .collect();
        let paid: Yuan = payments.iter().map(|(_, amount)| *amount).sum();
        let outstanding = (part.amount - paid).max(Yuan::ZERO);
        instalments.push(Paid { number, due: part.due, amount: part.amount, paid, outstanding, payments });
    }
    let paid = sum(contract, day, |happening| match happening {
        Happening::Paid { amount, .. } => Some(*amount),
        _ => None,
    });
    let penalties = sum(contract, day, |happening| match happening {
        Happening::PenaltyPaid { amount, .. } => Some(*amount),
        _ => None,
    });
    Some(Account {
        instalments,
        price: terms.price,
        paid,
        outstanding: (terms.price - paid).max(Yuan::ZERO),
        overpaid: (paid - terms.price).max(Yuan::ZERO),
        penalties,
        penalties_beyond: overpaid::penalties_beyond(contract, lines, day),
    })
}

fn sum(contract: &Contract, day: NaiveDate, pick: impl Fn(&Happening) -> Option<Yuan>) -> Yuan {
    contract.events.iter().filter(|event| event.on <= day).filter_map(|event| pick(&event.happening)).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::sample::{contract, day, paid};

    #[test]
    fn what_is_open_is_what_was_agreed_less_what_was_paid_by_the_day() {
        let contract = contract(vec![("2022-02-10", paid(1, 3_000_000)), ("2022-03-10", paid(1, 425_000))]);
        let open = |on| account(&contract, &[], day(on)).unwrap().outstanding;
        assert_eq!(open("2022-02-09"), Yuan(6_850_000.into()));
        assert_eq!(open("2022-02-10"), Yuan(3_850_000.into()));
        let later = account(&contract, &[], day("2022-03-10")).unwrap();
        assert_eq!((later.instalments[0].outstanding, later.instalments[0].payments.len()), (Yuan::ZERO, 2));
        assert_eq!(account(&contract, &[], day("2022-01-09")), None);
    }
}
