//! How a contract gets its certificates, 四(一)3: one valid at a time on a parcel, the next one only after the review
//! passed; how long they run, and how much of the term is used.

use chrono::NaiveDate;

use super::certificate::{Certificate, CertificateStage, NewCertificate};
use super::days::{self, Span};
use super::event::{Happening, ReviewOutcome};
use super::fault::{Fault, FaultCode, Place, error};
use super::stage::{Stage, standing};
use crate::base::period::Period;
use crate::contract::known::Contract;

/// What issuing a certificate changes besides adding it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conversion {
    /// The certificate in force, ending on the day the new one begins.
    pub ending: Option<Certificate>,
    /// The review on which the new one rests.
    pub review: Option<i64>,
}

/// How a contract gets the certificate of its next stage.
///
/// # Errors
/// The fault when the stage before has not passed its review, or its certificate is already the newest.
pub fn conversion(contract: &Contract, new: &NewCertificate) -> Result<Conversion, Fault> {
    let from = new.valid.from.ok_or_else(|| fault(FaultCode::CertificatePeriod, "权证没有起日".into()))?;
    let review = passed_review(contract, new.stage, from);
    if new.stage != CertificateStage::Construction && review.is_none() {
        let message = format!("{}权证须在上一阶段复核通过后颁发；{from} 没有通过的复核记录", new.stage);
        return Err(fault(FaultCode::CertificateStageNotReached, message));
    }
    let on_parcel = contract.certificates.iter().filter(|certificate| certificate.parcel == new.parcel);
    let Some(latest) = on_parcel.max_by_key(|certificate| certificate.valid.from) else {
        return Ok(Conversion { ending: None, review });
    };
    if latest.stage >= new.stage || latest.valid.from >= Some(from) {
        let message = format!("宗地 {} 已有{}权证 {}", new.parcel, latest.stage, latest.number);
        return Err(fault(FaultCode::CertificateOverlap, message));
    }
    let runs_on = latest.valid.until.is_none_or(|until| until > from);
    let shortened = || Certificate { valid: Period { until: Some(from), ..latest.valid }, ..latest.clone() };
    Ok(Conversion { ending: runs_on.then(shortened), review })
}

fn fault(code: FaultCode, message: String) -> Fault {
    error(code, Place::Contract, message)
}

/// The review that lets a certificate of this stage be issued on a day.
fn passed_review(contract: &Contract, stage: CertificateStage, on: NaiveDate) -> Option<i64> {
    let passes = |happening: &Happening| match (stage, happening) {
        (CertificateStage::Production, Happening::CompletionReviewed(review))
        | (CertificateStage::Remaining, Happening::OutputReviewed(review)) => review.outcome == ReviewOutcome::Passed,
        _ => false,
    };
    contract.last(on, |event| passes(&event.happening).then_some(event.id))
}

/// The period of the certificate of a stage that begins on a day: its length as the contract says, the rest of the term
/// for the last stage, and never beyond the term. `None` while the term has no first day or the stage has no length.
pub fn period(contract: &Contract, stage: CertificateStage, from: NaiveDate) -> Option<Period> {
    let terms = contract.terms_on(from)?;
    let end = days::term(terms, contract.day_of(from, &Happening::HandedOver))?.until?;
    let until = match stage {
        CertificateStage::Construction => days::months_after(from, terms.construction_months?.into()),
        CertificateStage::Production => days::months_after(from, terms.production_months?.into()),
        CertificateStage::Remaining => end,
    };
    Some(Period::between(from, until.min(end)))
}

/// The term of use as it stands on a day: used and remaining, exact by the calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TermUse {
    pub term: Period,
    pub used: Span,
    pub remaining: Span,
    /// Days from the day on to the end of the term; used and remaining days make the whole.
    pub used_days: i64,
    pub remaining_days: i64,
}

/// `None` before the term begins, or while it has no first day.
pub fn term_use(contract: &Contract, day: NaiveDate) -> Option<TermUse> {
    let terms = contract.terms_on(day)?;
    let term = days::term(terms, contract.day_of(day, &Happening::HandedOver))?;
    let (from, until) = term.from.zip(term.until)?;
    if day < from {
        return None;
    }
    let day = day.min(until);
    Some(TermUse {
        term,
        used: Span::between(from, day),
        remaining: Span::between(day, until),
        used_days: (day - from).num_days(),
        remaining_days: (until - day).num_days(),
    })
}

/// The certificate that can be issued next, for at least one parcel of the contract.
pub fn next_stage(contract: &Contract, today: NaiveDate) -> Option<CertificateStage> {
    let stage = match standing(contract, today)?.stage {
        Stage::HandedOver | Stage::Construction => CertificateStage::Construction,
        Stage::Completed | Stage::Production => CertificateStage::Production,
        Stage::OutputPassed | Stage::Remaining => CertificateStage::Remaining,
        Stage::Granted | Stage::Expired | Stage::Terminated | Stage::TakenBack => return None,
    };
    (!waiting(contract, stage, today).is_empty()).then_some(stage)
}

/// Parcels that have no certificate of that stage yet.
pub fn waiting(contract: &Contract, stage: CertificateStage, today: NaiveDate) -> Vec<String> {
    let has = |parcel: &str| contract.certificates.iter().any(|it| it.parcel == parcel && it.stage >= stage);
    let parcels = contract.terms_on(today).map(|terms| terms.parcels.clone()).unwrap_or_default();
    parcels.into_iter().filter(|parcel| !has(parcel)).collect()
}
