//! What was paid beyond what was owed: instalments, and penalties held against what had accrued by the day of each payment.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::check::judge;
use super::line::{Line, State};
use crate::base::unit::{Yuan, grouped};
use crate::codelist::WorkCalendar;
use crate::contract::days::days_after;
use crate::contract::event::{Duty, Event, Happening};
use crate::contract::fault::{Fault, FaultCode, Place, warning};
use crate::contract::validate::{self, is_agreed, of_penalty};
use crate::contract::{Contract, Practice, paid};

/// Warnings, each at its payment: money paid as a penalty before anything is owed, or of more. Without an agreement nothing
/// can be told of what is owed.
pub fn penalties(contract: &Contract, practice: &Practice) -> Vec<Fault> {
    if contract.signed_on().is_none() {
        return Vec::new();
    }
    let mut sums: BTreeMap<Duty, Yuan> = BTreeMap::new();
    let mut faults = Vec::new();
    for event in &contract.events {
        let Some((duty, amount)) = of_penalty(event).filter(|(duty, _)| is_agreed(contract, *duty)) else { continue };
        let sum = sums.entry(duty).or_default();
        *sum = *sum + amount;
        faults.extend(beyond(contract, practice, duty, event, *sum));
    }
    faults
}

/// Every fault of a contract as known, with what was paid too much. Errors must be put right before it is recorded.
pub fn every_fault(contract: &Contract, practice: &Practice) -> Vec<Fault> {
    [validate::validate(contract, practice), penalties(contract, practice)].concat()
}

/// What was paid beyond what was owed, up to a day, in the words of its warnings.
pub fn up_to(contract: &Contract, practice: &Practice, day: NaiveDate) -> Vec<String> {
    let on = |id: i64| contract.events.iter().any(|event| event.id == id && event.on <= day);
    let found = validate::payments(contract).into_iter().chain(penalties(contract, practice));
    let of_day = |fault: &Fault| !fault.is_error() && matches!(Place::of(fault), Place::Event(id) if on(id));
    found.filter(of_day).map(|fault| fault.message).collect()
}

/// Penalties and fees paid up to a day beyond what has accrued by it, for all duties; a payment for a duty that is not in
/// the check is all of it too much. What cannot be known is left out.
pub fn penalties_beyond(contract: &Contract, lines: &[Line], day: NaiveDate) -> Yuan {
    let known: Yuan = lines.iter().filter(|line| line.duty.kind.may_cost()).filter_map(Line::overpaid).sum();
    let astray = |event: &Event| match event.happening {
        Happening::PenaltyPaid { duty, amount } if lines.iter().all(|line| line.duty != duty) => Some(amount),
        _ => None,
    };
    known + paid::before(contract, days_after(day, 1), astray)
}

/// What had accrued by the day of a payment, the day itself counted; where that cannot be worked out, nothing is said.
fn beyond(contract: &Contract, practice: &Practice, duty: Duty, event: &Event, sum: Yuan) -> Option<Fault> {
    let lines = judge(contract, event.on, practice, WorkCalendar::embedded());
    let line = lines.into_iter().find(|line| line.duty == duty);
    if line.as_ref().is_some_and(|line| line.state == State::NotDeterminable || line.consequence.is_too_large()) {
        return None;
    }
    let accrued = line.and_then(|line| line.yuan()).unwrap_or(Yuan::ZERO);
    let over = (sum - accrued).max(Yuan::ZERO);
    let (what, on, yuan) = (duty.label(), event.on, |money: Yuan| grouped(money.0, 2));
    let (code, message) = match (accrued > Yuan::ZERO, over > Yuan::ZERO) {
        (_, false) => return None,
        (false, true) => {
            let message =
                format!("“{what}”至 {on} 尚无应缴的违约金，累计缴纳 {}元，多缴 {}元，请核对", yuan(sum), yuan(over));
            (FaultCode::PenaltyNotOwed, message)
        }
        (true, true) => {
            let message = format!(
                "“{what}”累计缴纳违约金 {}元，超过至 {on} 应缴 {}元，多缴 {}元，请核对",
                yuan(sum),
                yuan(accrued),
                yuan(over)
            );
            (FaultCode::PenaltyOverpaid, message)
        }
    };
    Some(warning(code, Place::Event(event.id), message))
}

#[cfg(test)]
mod tests {
    use rust_decimal_macros::dec;

    use super::*;
    use crate::contract::sample::{contract_of, practice, terms};

    /// Of the first instalment 30 days late by 2022-03-12: 102,750.00 yuan.
    #[test]
    fn a_penalty_beyond_what_is_owed_is_told() {
        let penalty = |duty: &str, yuan| Happening::PenaltyPaid { duty: duty.parse().unwrap(), amount: Yuan(yuan) };
        let told = |terms: &crate::contract::Terms, happened: Vec<(&str, Happening)>| {
            let faults = every_fault(&contract_of(terms.clone(), happened), &practice());
            let found = faults.into_iter().filter(|fault| matches!(Place::of(fault), Place::Event(_)));
            found.map(|fault| (fault.code.code(), fault.is_error(), fault.message)).collect::<Vec<_>>()
        };
        let one = |on: &str, duty: &str, yuan| {
            let found = told(&terms(), vec![(on, penalty(duty, yuan))]);
            found.into_iter().map(|(code, error, _)| (code, error)).collect::<Vec<_>>()
        };
        assert_eq!(one("2022-03-12", "payment_1", dec!(102750)), []);
        assert_eq!(one("2022-03-12", "payment_1", dec!(102750.01)), [("penalty_overpaid", false)]);
        assert_eq!(one("2022-03-12", "payment_1", dec!(999999999999)), [("penalty_overpaid", false)]);
        assert_eq!(one("2022-02-10", "payment_1", dec!(1)), [("penalty_not_owed", false)], "the due day itself");
        assert_eq!(one("2022-02-11", "payment_1", dec!(3425)), [], "one day late");
        assert_eq!(one("2022-03-12", "investment", dec!(1)), [("penalty_not_owed", false)], "nothing is measured yet");
        assert_eq!(one("2022-03-12", "payment_3", dec!(1)), [("instalment_unknown", true)]);
        let twice =
            vec![("2022-03-12", penalty("payment_1", dec!(102750))), ("2022-03-12", penalty("payment_1", dec!(0.01)))];
        let found = told(&terms(), twice);
        assert_eq!((found.len(), found[0].0), (1, "penalty_overpaid"), "payments are added up");
        assert!(found[0].2.contains("多缴 0.01元"), "{found:?}");
        let mut bare = terms();
        (bare.start_on, bare.hand_over_on) = (None, None);
        bare.commitments.clear();
        for duty in ["start", "hand_over", "investment", "floor_area_ratio"] {
            let found = told(&bare, vec![("2022-03-12", penalty(duty, dec!(1)))]);
            assert!(matches!(found[..], [("duty_unknown", true, _)]), "{duty}: {found:?}");
        }
    }
}
