//! Penalties and fees that were paid, held against what the contract says and what had accrued by the day of each payment.

use std::collections::BTreeMap;

use crate::base::bounds::MONEY;
use crate::base::unit::{Yuan, grouped};
use crate::codelist::WorkCalendar;
use crate::tenure::check::judge;
use crate::tenure::contract::Contract;
use crate::tenure::due::agreed_day;
use crate::tenure::event::{Duty, DutyKind, Event, Happening};
use crate::tenure::fault::{Fault, FaultCode, Place};
use crate::tenure::line::State;
use crate::tenure::practice::Practice;
use crate::tenure::promised;
use crate::tenure::terms::Terms;

/// A duty that no version of the contract has is an error; a payment before anything is owed, or of more, a warning.
pub fn check(contract: &Contract, practice: &Practice) -> Vec<Fault> {
    let mut paid: BTreeMap<Duty, Yuan> = BTreeMap::new();
    let mut faults = Vec::new();
    for event in &contract.events {
        let Happening::PenaltyPaid { duty, amount } = event.happening else { continue };
        if !duty.kind.may_cost() || !MONEY.hold(amount.0) {
            continue;
        }
        if !contract.versions.iter().any(|version| has(&version.terms, duty)) {
            faults.push(unknown(duty, event));
            continue;
        }
        let sum = paid.entry(duty).or_default();
        *sum = *sum + amount;
        faults.extend(beyond(contract, practice, duty, event, *sum));
    }
    faults
}

/// Whether terms have a duty that may cost money. Any land may lie idle.
fn has(terms: &Terms, duty: Duty) -> bool {
    match duty.kind {
        DutyKind::HandOver => terms.hand_over_on.is_some(),
        DutyKind::Investment | DutyKind::FloorAreaRatio => promised::of(terms, duty.kind).is_some(),
        DutyKind::IdleLand => true,
        _ => agreed_day(terms, duty).is_some(),
    }
}

fn unknown(duty: Duty, event: &Event) -> Fault {
    let (place, on) = (Place::Event(event.id), event.on);
    if duty.kind == DutyKind::Payment {
        let message = format!("合同没有第{}期价款（{on} 缴纳违约金）", duty.number);
        return Fault::error(FaultCode::InstalmentUnknown, place, message);
    }
    let message = format!("合同没有约定“{}”，不能登记其违约金（{on}）；请核对所选事项", duty.label());
    Fault::error(FaultCode::DutyUnknown, place, message)
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
    Some(Fault::warning(code, Place::Event(event.id), message))
}
