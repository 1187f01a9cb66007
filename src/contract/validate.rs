//! What does not hold together in a contract, its events and its certificates: every fault at once, nothing dropped.

mod penalties;
mod terms;

pub use penalties::{is_agreed, of_penalty};

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::certificate::{Certificate, CertificateStage};
use super::days;
use super::due::{Reckoning, agreed_day};
use super::event::{Event, Happening, ReviewOutcome};
use super::fault::{Fault, FaultCode, Place, error, warning};
use super::practice::Practice;
use super::stage::{Refusal, Stage};
use crate::base::bounds::MONEY;
use crate::base::clock::china_day;
use crate::base::unit::Yuan;
use crate::codelist::WorkCalendar;
use crate::contract::known::{Contract, TermsRole, TermsVersion};

/// Every fault of a contract as known. Errors must be put right before it is recorded; warnings are shown and pass.
pub fn validate(contract: &Contract, practice: &Practice) -> Vec<Fault> {
    let agreement = contract.versions.iter().find(|version| version.role == TermsRole::Agreement);
    let Some(agreement) = agreement else {
        return vec![error(FaultCode::NoAgreement, Place::Contract, "没有合同正文，只有补充协议或事件")];
    };
    let mut faults: Vec<Fault> = contract.versions.iter().flat_map(terms::check).collect();
    faults.extend(supplements(contract, agreement));
    faults.extend(contract.events.iter().filter_map(|event| day_of_event(event, agreement)));
    faults.extend(contract.events.iter().filter_map(incomplete));
    faults.extend(stages(contract));
    faults.extend(payments(contract));
    faults.extend(penalties::check(contract));
    faults.extend(contract.events.iter().filter_map(|event| extension(contract, event, practice)));
    faults.extend(certificates(contract));
    faults
}

/// What does not hold together within one version of the terms.
pub fn of_terms(version: &TermsVersion) -> Vec<Fault> {
    terms::check(version)
}

/// The errors that a change brings: those that were not there before it.
pub fn new_errors(before: &Contract, after: &Contract, practice: &Practice) -> Vec<Fault> {
    let known = validate(before, practice);
    validate(after, practice).into_iter().filter(|fault| fault.is_error() && !known.contains(fault)).collect()
}

fn supplements(contract: &Contract, agreement: &TermsVersion) -> Vec<Fault> {
    let early = |version: &&TermsVersion| {
        version.role == TermsRole::Supplement && version.signed_on.min(version.effective_on) < agreement.signed_on
    };
    let fault = |version: &TermsVersion| {
        let message = format!(
            "补充协议《{}》的日期 {} 早于合同签订日 {}，请核对",
            version.document,
            version.signed_on.min(version.effective_on),
            agreement.signed_on
        );
        error(FaultCode::SupplementBeforeContract, Place::Terms(version.id), message)
    };
    let mut faults: Vec<Fault> = contract.versions.iter().filter(early).map(fault).collect();
    for (index, version) in contract.versions.iter().enumerate() {
        let same =
            |other: &&TermsVersion| (other.effective_on, &other.document) == (version.effective_on, &version.document);
        if contract.versions[..index].iter().any(|other| same(&other)) {
            let message = format!("《{}》已经登记过（{}起）", version.document, version.effective_on);
            faults.push(error(FaultCode::SupplementTwice, Place::Terms(version.id), message));
        }
    }
    faults
}

/// What an event of its kind has to say.
fn incomplete(event: &Event) -> Option<Fault> {
    let kind = event.happening.kind();
    let what = match &event.happening {
        Happening::Paid { amount, .. } | Happening::PenaltyPaid { amount, .. }
            if *amount <= Yuan::ZERO || !MONEY.hold(amount.0) =>
        {
            "金额应大于零且在可信范围内（不超过 1 万亿元）"
        }
        Happening::CompletionReviewed(review) | Happening::OutputReviewed(review) => {
            match (review.outcome, review.rectify_until) {
                (ReviewOutcome::Rectify, None) => "限期整改应写明期限",
                (_, Some(until)) if until <= event.on => "整改期限应晚于复核日期",
                _ => return None,
            }
        }
        Happening::Suspended { until: Some(until), .. } if *until <= event.on => "恢复日期应晚于中止日期",
        Happening::Measured { reached_on: Some(reached), .. } if *reached > event.on => "达到日期不能晚于核实日期",
        Happening::PenaltyPaid { duty, .. } if !duty.kind.may_cost() => "所选事项没有违约金或闲置费可缴",
        Happening::IdleConfirmed { fee: Some(fee) } if *fee <= Yuan::ZERO || !MONEY.hold(fee.0) => {
            "闲置费应大于零且在可核算范围内；没有闲置费的不填"
        }
        _ if kind.needs_document() && event.document.is_none() => "应写明所依据的文件",
        _ => return None,
    };
    let message = format!("{kind}（{}）：{what}", event.on);
    Some(error(FaultCode::EventIncomplete, Place::Event(event.id), message))
}

fn day_of_event(event: &Event, agreement: &TermsVersion) -> Option<Fault> {
    let place = Place::Event(event.id);
    let what = event.happening.kind();
    if event.on < agreement.signed_on {
        let message = format!("{what}日期 {} 早于合同签订日 {}", event.on, agreement.signed_on);
        return Some(error(FaultCode::EventBeforeContract, place, message));
    }
    let recorded = china_day(event.recorded_at);
    (event.on > recorded).then(|| {
        let message = format!("{what}日期 {} 晚于登记日 {recorded}；只登记已经发生的事", event.on);
        error(FaultCode::EventInFuture, place, message)
    })
}

/// Walks through events and certificates in the order of their days.
fn stages(contract: &Contract) -> Vec<Fault> {
    let mut faults = Vec::new();
    let mut stage = Stage::Granted;
    let mut failed = None;
    let mut certificates = contract.certificates.iter().peekable();
    for event in &contract.events {
        while let Some(certificate) = certificates.next_if(|it| it.valid.from < Some(event.on)) {
            stage = certified(stage, certificate, &mut faults);
        }
        if let Some(kind) = failed.filter(|kind| *kind == event.happening.kind()) {
            let message = format!("{kind}此前已最终不通过，不能再次登记（{}）", event.on);
            faults.push(error(FaultCode::FailedForGood, Place::Event(event.id), message));
            continue;
        }
        match stage.after(&event.happening) {
            Ok(next) => stage = next,
            Err(refusal) => faults.push(misfit(contract, event, stage, refusal)),
        }
        let review = match event.happening {
            Happening::CompletionReviewed(review) | Happening::OutputReviewed(review) => Some(review),
            _ => None,
        };
        if review.is_some_and(|review| review.outcome == ReviewOutcome::Failed) {
            failed = Some(event.happening.kind());
        }
    }
    for certificate in certificates {
        stage = certified(stage, certificate, &mut faults);
    }
    faults
}

fn certified(stage: Stage, certificate: &Certificate, faults: &mut Vec<Fault>) -> Stage {
    // Several parcels under one contract have a certificate each; the first of them moves the stage.
    let same = match certificate.stage {
        CertificateStage::Remaining => stage == Stage::Remaining,
        CertificateStage::Production => stage == Stage::Production,
        CertificateStage::Construction => false,
    };
    if same {
        return stage;
    }
    stage.after_certificate(certificate.stage).unwrap_or_else(|_| {
        let message = format!(
            "{}权证 {} 不能在“{stage}”阶段颁发：上一阶段的复核尚未通过或阶段已过",
            certificate.stage, certificate.number
        );
        faults.push(error(FaultCode::CertificateStageNotReached, Place::Certificate(certificate.id), message));
        stage
    })
}

fn misfit(contract: &Contract, event: &Event, stage: Stage, refusal: Refusal) -> Fault {
    let what = event.happening.kind();
    let place = Place::Event(event.id);
    let started_later = || {
        let start = contract.events.iter().find(|other| other.happening == Happening::Started);
        start.filter(|start| start.on > event.on)
    };
    let ends_work = matches!(event.happening, Happening::CompletionDeclared | Happening::CompletionReviewed(_));
    match (refusal, &event.happening) {
        (Refusal::Ended, _) => {
            let message = format!("{what}（{}）登记在合同{stage}之后", event.on);
            error(FaultCode::AfterTheEnd, place, message)
        }
        (Refusal::Already, Happening::HandedOver) => {
            let message = format!("土地已经交付，不能于 {} 再次交付；如原登记有误请更正原记录", event.on);
            error(FaultCode::HandedOverTwice, place, message)
        }
        (Refusal::Already, _) => {
            let message = format!("{what}（{}）已经登记过；如原登记有误请更正原记录", event.on);
            error(FaultCode::HappenedAlready, place, message)
        }
        (Refusal::NotReached, _) if ends_work => match started_later() {
            Some(start) => {
                let message = format!("{what}日期 {} 早于开工日期 {}", event.on, start.on);
                error(FaultCode::CompletionBeforeStart, place, message)
            }
            None => {
                let message = format!("{what}（{}）之前没有开工记录", event.on);
                error(FaultCode::CompletionBeforeStart, place, message)
            }
        },
        (Refusal::NotReached, _) => {
            let message = format!("{what}（{}）不能在“{stage}”阶段登记：前一步尚无记录", event.on);
            error(FaultCode::StageNotReached, place, message)
        }
    }
}

/// Payments of the price: an instalment that is not agreed is an error, one paid in excess a warning.
pub fn payments(contract: &Contract) -> Vec<Fault> {
    let mut paid: BTreeMap<u16, Yuan> = BTreeMap::new();
    let mut faults = Vec::new();
    for event in &contract.events {
        let Happening::Paid { instalment, amount } = event.happening else { continue };
        if !MONEY.hold(amount.0) {
            continue;
        }
        let agreed = contract.versions.iter().rev().find_map(|version| version.terms.instalment(instalment));
        let Some(agreed) = agreed else {
            let message = format!("合同没有第{instalment}期价款（{} 缴款 {amount}元）", event.on);
            faults.push(error(FaultCode::InstalmentUnknown, Place::Event(event.id), message));
            continue;
        };
        let sum = paid.entry(instalment).or_default();
        *sum = *sum + amount;
        if *sum > agreed.amount {
            let message = format!("第{instalment}期累计缴款 {sum}元，超过应缴 {}元", agreed.amount);
            faults.push(warning(FaultCode::Overpaid, Place::Event(event.id), message));
        }
    }
    faults
}

fn extension(contract: &Contract, event: &Event, practice: &Practice) -> Option<Fault> {
    let Happening::Extended { duty, until } = event.happening else { return None };
    let place = Place::Event(event.id);
    let terms = contract.terms_on(event.on)?;
    let calendar = WorkCalendar::embedded();
    let Some(agreed) = agreed_day(terms, duty) else {
        let message = format!("“{}”没有约定日期或不能延期", duty.label());
        return Some(error(FaultCode::ExtensionImpossible, place, message));
    };
    if days::agreed(until, terms.day_count, calendar).day <= days::agreed(agreed, terms.day_count, calendar).day {
        let message = format!("延期后的日期 {until} 不晚于约定日期 {agreed}（期限计算：{}）", terms.day_count);
        return Some(error(FaultCode::ExtensionNotLater, place, message));
    }
    let months = practice.extension_months?;
    // Counted from the due day as reckoned before this and every other extension.
    let reckoning = Reckoning { contract, calendar, signed_on: contract.signed_on()?, last: event.on };
    let due = reckoning.due(terms, duty, NaiveDate::MIN)?.on.day;
    let latest = days::months_after(due, months);
    (until > latest).then(|| {
        let message = format!(
            "延期至 {until} 超过应履行日期 {due} 之后{months}个月，最迟可延至 {latest}；更长的延期须签补充协议"
        );
        error(FaultCode::ExtensionTooLong, place, message)
    })
}

fn certificates(contract: &Contract) -> Vec<Fault> {
    let mut faults = Vec::new();
    for (index, certificate) in contract.certificates.iter().enumerate() {
        let place = Place::Certificate(certificate.id);
        let number = &certificate.number;
        let (Some(from), Some(until)) = (certificate.valid.from, certificate.valid.until) else {
            let message = format!("权证 {number} 没有起止日期");
            faults.push(error(FaultCode::CertificatePeriod, place, message));
            continue;
        };
        if until <= from {
            let message = format!("权证 {number} 的止日不晚于起日 {from}");
            faults.push(error(FaultCode::CertificatePeriod, place, message));
        }
        let Some(terms) = contract.terms_on(from) else {
            let message = format!("权证 {number} 的起日 {from} 早于合同");
            faults.push(error(FaultCode::CertificatePeriod, place, message));
            continue;
        };
        if !terms.parcels.contains(&certificate.parcel) {
            let message = format!("权证 {number} 的宗地 {} 不在合同内", certificate.parcel);
            faults.push(error(FaultCode::CertificateParcel, place, message));
        }
        let overlap = |other: &&Certificate| {
            other.parcel == certificate.parcel && other.valid.from < Some(until) && Some(from) < other.valid.until
        };
        if let Some(other) = contract.certificates[..index].iter().find(overlap) {
            let message = format!("宗地 {} 的权证 {number} 与 {} 同时有效", certificate.parcel, other.number);
            faults.push(error(FaultCode::CertificateOverlap, place, message));
        }
        let term = days::term(terms, contract.day_of(from, &Happening::HandedOver));
        if let Some(end) = term.and_then(|term| term.until).filter(|end| until > *end) {
            let message = format!("权证 {number} 至 {until}（不含），超出使用年期届满日 {end}（不含）");
            faults.push(error(FaultCode::CertificatePastTerm, place, message));
        }
    }
    faults
}

#[cfg(test)]
mod tests;
