use std::collections::BTreeSet;

use super::*;
use crate::codelist::WorkCalendar;
use crate::contract::DutyKind;
use crate::contract::certificate::Certificate;
use crate::contract::event::Event;
use crate::contract::known::{Contract, TermsVersion};
use crate::contract::sample::practice;
use crate::contract::stage::{Condition, Stage, standing};
use crate::demo::Demonstration;
use crate::demo::register::noon;
use crate::obligations::{State, check, overpaid};

fn contracts() -> Vec<Contract> {
    Demonstration::generate().contracts.iter().map(read).collect()
}

/// As it will be read back.
fn read(row: &ContractRow) -> Contract {
    let version = |(place, (paper, terms)): (usize, &(Paper, Terms))| TermsVersion {
        id: place as i64 + 1,
        role: paper.role,
        document: paper.document.clone(),
        signed_on: paper.signed_on,
        effective_on: paper.effective_on,
        terms: terms.clone(),
        recorded_at: noon(paper.signed_on),
        superseded_at: None,
    };
    let event = |(place, event): (usize, &NewEvent)| Event {
        id: place as i64 + 1,
        on: event.on,
        happening: event.happening.clone(),
        document: event.document.clone(),
        review: event.happening.kind().is_review().then_some(crate::contract::event::ReviewOrigin::Historic),
        recorded_at: noon(event.on),
        superseded_at: None,
    };
    let certificate = |(place, new): (usize, &NewCertificate)| Certificate {
        id: place as i64 + 1,
        parcel: new.parcel.clone(),
        stage: new.stage,
        number: new.number.clone(),
        valid: new.valid,
        allows: new.allows.clone(),
        review: new.review,
        recorded_at: noon(new.valid.from.unwrap()),
        superseded_at: None,
    };
    Contract::new(
        row.number.clone(),
        row.versions.iter().enumerate().map(version).collect(),
        row.events.iter().enumerate().map(event).collect(),
        row.certificates.iter().enumerate().map(certificate).collect(),
    )
}

#[test]
fn about_a_hundred_and_fifty_without_a_fault_and_the_same_every_time() {
    let contracts = contracts();
    assert!((145..=170).contains(&contracts.len()), "{}", contracts.len());
    assert_eq!(contracts, self::contracts());
    for contract in &contracts {
        let faults = overpaid::every_fault(contract, &practice());
        let errors: Vec<_> = faults.iter().filter(|fault| fault.is_error()).collect();
        assert!(errors.is_empty(), "{}: {errors:?}", contract.number);
    }
    let years: BTreeSet<i32> =
        contracts.iter().filter_map(Contract::signed_on).map(|day| chrono::Datelike::year(&day)).collect();
    assert!(years.len() >= 10, "{years:?}");
}

#[test]
fn every_stage_condition_duty_and_state_is_there() {
    let contracts = contracts();
    let mut stages = BTreeSet::new();
    let mut conditions = Vec::new();
    let (mut duties, mut states) = (BTreeSet::new(), Vec::new());
    let (mut may_rescind, mut fee, mut back) = (0, 0, 0);
    for contract in &contracts {
        let standing = standing(contract, last_day()).unwrap();
        stages.insert(standing.stage);
        conditions.push(standing.condition);
        for line in check::judge(contract, last_day(), &practice(), WorkCalendar::embedded()) {
            may_rescind += usize::from(line.may_rescind);
            fee += usize::from(line.duty.kind == DutyKind::IdleLand && line.yuan().is_some());
            back += usize::from(line.consequence.arithmetic.contains("无偿收回"));
            duties.insert(line.duty.kind);
            states.push(line.state);
        }
    }
    for stage in Stage::ALL {
        assert!(stages.contains(stage), "{stage}");
    }
    for condition in Condition::ALL {
        assert!(conditions.contains(condition), "{condition}");
    }
    for duty in DutyKind::ALL {
        assert!(duties.contains(duty), "{duty}");
    }
    for state in State::ALL {
        assert!(states.contains(state), "{state}");
    }
    assert!(may_rescind >= 3 && fee >= 4 && back >= 3, "{may_rescind} {fee} {back}");
}
