//! Changes of the contract register. Each is one transaction: the rows, the contract's version, the map layer and the audit
//! entry stand or fall together. Whoever changed it in between is named, and nothing is overwritten.

mod certificates;
mod events;
mod land;
mod source;

pub use certificates::correct_certificate;
pub use events::review_within;
pub use events::{Recorded, correct_event, event, event_within, review_elsewhere};

use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use sqlx::{Postgres, Transaction};

use super::certificate::Certificate;
use super::event::Event;
use super::fault::Fault;
use super::practice::Practice;
use super::store::{self, NewCertificate, NewEvent, Paper, Registered, StoreError, Written};
use super::terms::Terms;
use super::{issuing, validate};
use crate::account::{Act, Deed, audit_store};
use crate::contract::known::{Contract, TermsRole, TermsVersion};
use crate::db::{Scope, layer};
use crate::parcel::claims;

/// The contract as somebody had it before them when they decided.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Base {
    pub number: String,
    pub version: i32,
}

/// Why, and from where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grounds {
    pub reason: String,
    pub source: String,
}

#[derive(Debug, thiserror::Error)]
pub enum RecordError {
    #[error("contract {0} is not on record")]
    NotFound(String),
    #[error("contract {0} is on record already")]
    Taken(String),
    /// Somebody changed it in between; the last entries of the audit log say who and what.
    #[error("contract {number} was changed by {by}: {action}")]
    Stale { number: String, by: String, at: DateTime<Utc>, action: String },
    #[error("the row {0} is not in force any more")]
    NoSuchRow(i64),
    /// A certificate rests on the event, so it cannot be withdrawn or changed.
    #[error("a certificate rests on the event {0}")]
    HoldsCertificate(i64),
    #[error("{} faults", .0.len())]
    Faults(Vec<Fault>),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Other(#[from] anyhow::Error),
}

impl From<sqlx::Error> for RecordError {
    fn from(error: sqlx::Error) -> Self {
        RecordError::Store(error.into())
    }
}

type Outcome<T = ()> = Result<T, RecordError>;

/// A contract that nobody else changes until the change is done.
struct Held<'a> {
    act: &'a Act,
    practice: Practice,
    transaction: Transaction<'static, Postgres>,
    registered: Registered,
}

/// Enters a contract with its agreed terms. `beside` is why it may stand beside what else holds the land, by the person at the desk.
///
/// # Errors
/// Its number is taken, or [`RecordError::Faults`] with every error at once.
pub async fn conclude(
    act: &Act,
    number: &str,
    paper: &Paper,
    terms: &Terms,
    grounds: &Grounds,
    beside: Option<&str>,
) -> Outcome {
    let version = draft_version(act, paper, terms);
    let contract = Contract::new(number, vec![version], Vec::new(), Vec::new());
    let practice = store::practice_at(&act.pool, act.now).await?;
    refuse(validate::validate(&contract, &practice).into_iter().filter(Fault::is_error).collect())?;
    let mut transaction = act.begin().await?;
    let written = written(act, grounds, None);
    if !store::add_contract(&mut transaction, &act.scope, number, &terms.parcels[0], written).await? {
        return Err(RecordError::Taken(number.to_owned()));
    }
    store::add_terms(&mut transaction, &act.scope, number, paper, terms, written).await?;
    source::check(act, &mut transaction, terms, &[]).await?;
    land::claim(act, &mut transaction, number, terms, terms.parcels.clone(), beside).await?;
    let detail = json!({ "document": paper.document, "signed_on": paper.signed_on, "price_yuan": terms.price, "reason": grounds.reason });
    seal(act, &mut transaction, "contract.conclude", number, detail).await?;
    transaction.commit().await?;
    Ok(())
}

/// Enters a supplement: the whole of the terms as it leaves them, from its day on.
pub async fn supplement(
    act: &Act,
    base: &Base,
    paper: &Paper,
    terms: &Terms,
    grounds: &Grounds,
    beside: Option<&str>,
) -> Outcome<i64> {
    let mut held = Held::of(act, base).await?;
    let added = held.added(terms);
    held.refuse_change(|contract| contract.versions.push(draft_version(act, paper, terms)))?;
    let written = written(act, grounds, None);
    let id = store::add_terms(&mut held.transaction, &act.scope, &base.number, paper, terms, written).await?;
    source::check(act, &mut held.transaction, terms, &held.registered.contract.versions).await?;
    land::claim(act, &mut held.transaction, &base.number, terms, added, beside).await?;
    let detail = json!({ "terms": id, "document": paper.document, "effective_on": paper.effective_on, "reason": grounds.reason });
    held.finish("contract.supplement", detail).await?;
    Ok(id)
}

/// Puts right what was recorded wrongly of one version of the terms. What was known before stays on record.
pub async fn correct_terms(
    act: &Act,
    base: &Base,
    id: i64,
    paper: &Paper,
    terms: &Terms,
    grounds: &Grounds,
    beside: Option<&str>,
) -> Outcome<i64> {
    let mut held = Held::of(act, base).await?;
    let added = held.added(terms);
    if !held.contract().versions.iter().any(|version| version.id == id) {
        return Err(RecordError::NoSuchRow(id));
    }
    held.refuse_change(|contract| {
        contract.versions.retain(|version| version.id != id);
        contract.versions.push(draft_version(act, paper, terms));
    })?;
    touched(store::supersede_terms(&mut held.transaction, &act.scope, &base.number, id, act.now).await?, id)?;
    let written = written(act, grounds, Some(id));
    let new = store::add_terms(&mut held.transaction, &act.scope, &base.number, paper, terms, written).await?;
    source::check(act, &mut held.transaction, terms, &held.registered.contract.versions).await?;
    land::claim(act, &mut held.transaction, &base.number, terms, added, beside).await?;
    held.finish("contract.correct_terms", json!({ "corrects": id, "terms": new, "reason": grounds.reason })).await?;
    Ok(new)
}

/// Issues the certificate of the next stage. The one in force ends the day the new one begins.
pub async fn issue(act: &Act, base: &Base, new: &NewCertificate, grounds: &Grounds) -> Outcome<i64> {
    let mut held = Held::of(act, base).await?;
    let change = issuing::conversion(held.contract(), new).map_err(|fault| RecordError::Faults(vec![fault]))?;
    let review = change.review;
    held.refuse_change(|contract| {
        if let Some(ending) = &change.ending {
            contract.certificates.retain(|certificate| certificate.id != ending.id);
            contract.certificates.push(ending.clone());
        }
        contract.certificates.push(draft_certificate(act, new, review));
    })?;
    if let Some(ending) = &change.ending {
        held.shorten(ending, grounds).await?;
    }
    let certificate = NewCertificate { review, ..new.clone() };
    let written = written(act, grounds, None);
    let id = store::add_certificate(&mut held.transaction, &act.scope, &base.number, &certificate, written).await?;
    let detail = json!({
        "certificate": new.number, "stage": new.stage, "parcel": new.parcel, "valid": new.valid,
        "ends": change.ending.map(|certificate| certificate.number), "reason": grounds.reason,
    });
    held.finish("contract.issue_certificate", detail).await?;
    Ok(id)
}

fn written<'a>(act: &'a Act, grounds: &'a Grounds, corrects: Option<i64>) -> Written<'a> {
    Written { at: act.now, by: &act.actor.name, reason: &grounds.reason, source: &grounds.source, corrects }
}

async fn seal(
    act: &Act,
    transaction: &mut Transaction<'static, Postgres>,
    action: &str,
    number: &str,
    detail: Value,
) -> Outcome {
    layer::raise(transaction, &act.scope, layer::CONTRACTS).await?;
    act.record(transaction, Deed { action, subject_kind: "contract", subject: number, detail }).await?;
    Ok(())
}

impl<'a> Held<'a> {
    async fn of(act: &'a Act, base: &Base) -> Outcome<Self> {
        let practice = store::practice_at(&act.pool, act.now).await?;
        let mut transaction = act.begin().await?;
        let version = store::lock(&mut transaction, &act.scope, &base.number).await?;
        let version = version.ok_or_else(|| RecordError::NotFound(base.number.clone()))?;
        if version != base.version {
            return Err(stale(&mut transaction, &act.scope, &base.number).await?);
        }
        let registered = store::load(&mut transaction, &act.scope, &base.number, act.now).await?;
        let registered = registered.ok_or_else(|| RecordError::NotFound(base.number.clone()))?;
        Ok(Held { act, practice, transaction, registered })
    }

    fn contract(&self) -> &Contract {
        &self.registered.contract
    }

    /// Refuses the errors that a change would bring.
    fn refuse_change(&self, change: impl FnOnce(&mut Contract)) -> Outcome {
        let mut after = self.contract().clone();
        change(&mut after);
        let after = Contract::new(after.number, after.versions, after.events, after.certificates);
        refuse(validate::new_errors(self.contract(), &after, &self.practice))
    }

    /// Parcels that no version of the contract held before.
    fn added(&self, terms: &Terms) -> Vec<String> {
        let known =
            |code: &&String| self.contract().versions.iter().any(|version| version.terms.parcels.contains(code));
        terms.parcels.iter().filter(|code| !known(code)).cloned().collect()
    }

    async fn shorten(&mut self, ending: &Certificate, grounds: &Grounds) -> Outcome {
        let (scope, number) = (&self.act.scope, &self.registered.contract.number);
        let gone = store::supersede_certificate(&mut self.transaction, scope, number, ending.id, self.act.now).await?;
        touched(gone, ending.id)?;
        let shortened = NewCertificate {
            parcel: ending.parcel.clone(),
            stage: ending.stage,
            number: ending.number.clone(),
            valid: ending.valid,
            allows: ending.allows.clone(),
            review: ending.review,
        };
        let written = written(self.act, grounds, Some(ending.id));
        store::add_certificate(&mut self.transaction, scope, number, &shortened, written).await?;
        Ok(())
    }

    async fn finish(mut self, action: &str, detail: Value) -> Outcome {
        let number = self.registered.contract.number.clone();
        if store::bump(&mut self.transaction, &self.act.scope, &number, self.registered.version).await? != 1 {
            return Err(stale(&mut self.transaction, &self.act.scope, &number).await?);
        }
        claims::store::settle(&mut self.transaction, &self.act.scope, std::slice::from_ref(&number)).await?;
        seal(self.act, &mut self.transaction, action, &number, detail).await?;
        self.transaction.commit().await?;
        Ok(())
    }
}

async fn stale(transaction: &mut Transaction<'static, Postgres>, scope: &Scope, number: &str) -> Outcome<RecordError> {
    let last = audit_store::last(transaction, scope, ("contract", number), None).await?;
    Ok(match last {
        Some(change) => {
            RecordError::Stale { number: number.to_owned(), by: change.actor, at: change.at, action: change.action }
        }
        None => RecordError::NotFound(number.to_owned()),
    })
}

fn touched(rows: u64, id: i64) -> Outcome {
    if rows == 1 { Ok(()) } else { Err(RecordError::NoSuchRow(id)) }
}

fn refuse(faults: Vec<Fault>) -> Outcome {
    if faults.is_empty() { Ok(()) } else { Err(RecordError::Faults(faults)) }
}

/// Rows that are not on record yet have the number zero.
fn draft_version(act: &Act, paper: &Paper, terms: &Terms) -> TermsVersion {
    TermsVersion {
        id: 0,
        role: paper.role,
        document: paper.document.clone(),
        signed_on: paper.signed_on,
        effective_on: if paper.role == TermsRole::Agreement { paper.signed_on } else { paper.effective_on },
        terms: terms.clone(),
        recorded_at: act.now,
        superseded_at: None,
    }
}

fn draft_event(act: &Act, event: &NewEvent) -> Event {
    Event {
        id: 0,
        on: event.on,
        happening: event.happening.clone(),
        document: event.document.clone(),
        review: None,
        recorded_at: act.now,
        superseded_at: None,
    }
}

fn draft_certificate(act: &Act, new: &NewCertificate, review: Option<i64>) -> Certificate {
    Certificate {
        id: 0,
        parcel: new.parcel.clone(),
        stage: new.stage,
        number: new.number.clone(),
        valid: new.valid,
        allows: new.allows.clone(),
        review,
        recorded_at: act.now,
        superseded_at: None,
    }
}
