//! Penalties and fees that were paid, held against the duties that the contract has.

use crate::base::bounds::MONEY;
use crate::base::unit::Yuan;
use crate::contract::due::agreed_day;
use crate::contract::event::{Duty, DutyKind, Event, Happening};
use crate::contract::fault::{Fault, FaultCode, Place, error};
use crate::contract::known::Contract;
use crate::contract::promised;
use crate::contract::terms::Terms;

/// A duty that no version of the contract has.
pub fn check(contract: &Contract) -> Vec<Fault> {
    let paid = contract.events.iter().filter_map(|event| of_penalty(event).map(|(duty, _)| (event, duty)));
    paid.filter(|(_, duty)| !is_agreed(contract, *duty)).map(|(event, duty)| unknown(duty, event)).collect()
}

/// The duty and the money of a payment that can be one for a penalty.
pub fn of_penalty(event: &Event) -> Option<(Duty, Yuan)> {
    match event.happening {
        Happening::PenaltyPaid { duty, amount } if duty.kind.may_cost() && MONEY.hold(amount.0) => Some((duty, amount)),
        _ => None,
    }
}

/// Whether some version of the terms has a duty that may cost money.
pub fn is_agreed(contract: &Contract, duty: Duty) -> bool {
    contract.versions.iter().any(|version| has(&version.terms, duty))
}

/// Any land may lie idle.
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
        return error(FaultCode::InstalmentUnknown, place, message);
    }
    let message = format!("合同没有约定“{}”，不能登记其违约金（{on}）；请核对所选事项", duty.label());
    error(FaultCode::DutyUnknown, place, message)
}
