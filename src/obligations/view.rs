//! Contracts and checks as programs read them.

use chrono::{DateTime, NaiveDate, Utc};
use rust_decimal::Decimal;
use serde::Serialize;
use utoipa::ToSchema;

use crate::contract::certificate::{Certificate, CertificateStage};
use crate::contract::event::{Event, EventKind, ReviewOrigin};
use crate::contract::issuing::term_use;
use crate::contract::known::{Contract, TermsRole, TermsVersion};
use crate::contract::stage::{Condition, Stage, standing};
use crate::contract::terms::ContractKind;
use crate::obligations::check::{Change, ChangeKind};
use crate::obligations::line::{Line, State};
use crate::obligations::sweep::Checked;

/// One duty on the day asked about. `consequence_yuan` and `remaining_yuan` are null where nothing is agreed or no amount
/// follows.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct CheckLine {
    pub contract: String,
    /// `start`, `payment_2`, …
    pub obligation: String,
    pub article: &'static str,
    pub due: NaiveDate,
    pub state: State,
    /// Days late when overdue or met late, else days left.
    pub days: i64,
    /// What has accrued to date.
    #[schema(value_type = Option<String>)]
    pub consequence_yuan: Option<Decimal>,
    /// What was paid of it: penalties and fees booked against this duty.
    #[schema(value_type = String)]
    pub paid_yuan: Decimal,
    /// What of it was paid before it was owed, and has been set against what accrued since.
    #[schema(value_type = String)]
    pub set_off_yuan: Decimal,
    /// What was paid beyond what has accrued; null where that cannot be known.
    #[schema(value_type = Option<String>)]
    pub overpaid_yuan: Option<Decimal>,
    /// What has accrued less what was paid, never below zero.
    #[schema(value_type = Option<String>)]
    pub remaining_yuan: Option<Decimal>,
    /// The grantor may rescind the contract: a payment is later than the contract bears.
    pub may_rescind: bool,
    /// The days off of the year of `due` are not announced yet, so it may move.
    pub provisional: bool,
    pub arithmetic: String,
}

impl CheckLine {
    pub fn new(contract: &str, line: Line) -> Self {
        CheckLine {
            contract: contract.to_owned(),
            obligation: line.duty.to_string(),
            article: line.article,
            due: line.due,
            state: line.state,
            days: line.days,
            consequence_yuan: line.consequence.yuan.map(|yuan| yuan.0),
            paid_yuan: line.paid.0,
            set_off_yuan: line.set_off.0,
            overpaid_yuan: line.duty.kind.may_cost().then(|| line.overpaid().map(|yuan| yuan.0)).flatten(),
            remaining_yuan: line.remaining().map(|yuan| yuan.0),
            may_rescind: line.may_rescind,
            provisional: line.provisional,
            arithmetic: line.consequence.arithmetic,
        }
    }
}

/// A duty that stands differently on the later of two days; a state is null where there was no such duty.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ChangeLine {
    pub contract: String,
    pub obligation: String,
    pub change: ChangeKind,
    pub due: Option<NaiveDate>,
    pub before: Option<State>,
    pub after: Option<State>,
    /// On the later day the grantor may rescind the contract.
    pub may_rescind: bool,
    #[schema(value_type = Option<String>)]
    pub consequence_before_yuan: Option<Decimal>,
    #[schema(value_type = Option<String>)]
    pub consequence_after_yuan: Option<Decimal>,
    pub arithmetic: String,
}

impl ChangeLine {
    pub fn new(contract: &str, change: Change) -> Self {
        let yuan = |line: &Option<Line>| line.as_ref().and_then(Line::yuan).map(|yuan| yuan.0);
        let state = |line: &Option<Line>| line.as_ref().map(|line| line.state);
        ChangeLine {
            contract: contract.to_owned(),
            obligation: change.duty.to_string(),
            change: change.kind,
            due: change.after.as_ref().or(change.before.as_ref()).map(|line| line.due),
            before: state(&change.before),
            after: state(&change.after),
            may_rescind: change.after.as_ref().is_some_and(|line| line.may_rescind),
            consequence_before_yuan: yuan(&change.before),
            consequence_after_yuan: yuan(&change.after),
            arithmetic: change.after.or(change.before).map(|line| line.consequence.arithmetic).unwrap_or_default(),
        }
    }
}

pub fn lines_of(checked: Checked) -> impl Iterator<Item = CheckLine> {
    let Checked { contract, lines, .. } = checked;
    lines.into_iter().map(move |line| CheckLine::new(&contract, line))
}

pub fn changes_of(checked: Checked) -> impl Iterator<Item = ChangeLine> {
    let Checked { contract, changes, .. } = checked;
    changes.into_iter().map(move |change| ChangeLine::new(&contract, change))
}

/// A page of the check: all duties of some contracts.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct CheckList {
    pub as_of: NaiveDate,
    pub known_at: DateTime<Utc>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub compare: Option<NaiveDate>,
    pub lines: Vec<CheckLine>,
    /// When two days are compared.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub changes: Option<Vec<ChangeLine>>,
    /// Passed as `after` for the next page; null on the last.
    pub next: Option<String>,
}

/// A contract in the register, as it stands on a day.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ContractLine {
    pub number: String,
    pub kind: ContractKind,
    pub grantee: String,
    pub parcels: Vec<String>,
    /// In mu, exactly as it was agreed.
    #[schema(value_type = String)]
    pub granted_area_mu: Decimal,
    /// The same in square metres: exact where they end, else rounded half up to 12 decimals.
    #[schema(value_type = Option<String>)]
    pub granted_area_m2: Option<Decimal>,
    #[schema(value_type = String)]
    pub price_yuan: Decimal,
    pub signed_on: NaiveDate,
    pub stage: Stage,
    pub stage_since: NaiveDate,
    pub condition: Condition,
}

impl ContractLine {
    /// `None` when the contract was not concluded by that day.
    pub fn new(contract: &Contract, day: NaiveDate) -> Option<Self> {
        let terms = contract.terms_on(day)?;
        let standing = standing(contract, day)?;
        Some(ContractLine {
            number: contract.number.clone(),
            kind: terms.kind,
            grantee: terms.grantee.clone(),
            parcels: terms.parcels.clone(),
            granted_area_mu: terms.granted_area.0,
            granted_area_m2: terms.granted_area.shown_square_metres(),
            price_yuan: terms.price.0,
            signed_on: contract.signed_on()?,
            stage: standing.stage,
            stage_since: standing.since,
            condition: standing.condition,
        })
    }
}

#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ContractList {
    pub as_of: NaiveDate,
    pub contracts: Vec<ContractLine>,
    pub next: Option<String>,
}

/// Terms that hold from `effective_on` until the next version.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct TermsView {
    pub id: i64,
    pub role: TermsRole,
    pub document: String,
    pub signed_on: NaiveDate,
    pub effective_on: NaiveDate,
    #[schema(value_type = Object)]
    pub terms: crate::contract::Terms,
    pub recorded_at: DateTime<Utc>,
}

impl From<&TermsVersion> for TermsView {
    fn from(version: &TermsVersion) -> Self {
        TermsView {
            id: version.id,
            role: version.role,
            document: version.document.clone(),
            signed_on: version.signed_on,
            effective_on: version.effective_on,
            terms: version.terms.clone(),
            recorded_at: version.recorded_at,
        }
    }
}

#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct EventView {
    pub id: i64,
    pub kind: EventKind,
    pub on: NaiveDate,
    /// What happened, in words.
    pub wording: String,
    pub document: Option<String>,
    /// Where a review comes from: concluded here, or carried over from a file.
    pub review_origin: Option<ReviewOrigin>,
    pub recorded_at: DateTime<Utc>,
}

impl From<&Event> for EventView {
    fn from(event: &Event) -> Self {
        EventView {
            id: event.id,
            kind: event.happening.kind(),
            on: event.on,
            wording: event.happening.wording(),
            document: event.document.clone(),
            review_origin: event.review,
            recorded_at: event.recorded_at,
        }
    }
}

#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct CertificateView {
    pub number: String,
    pub parcel: String,
    pub stage: CertificateStage,
    pub valid_from: Option<NaiveDate>,
    /// The first day on which it is no longer valid.
    pub valid_until: Option<NaiveDate>,
    pub allows: String,
}

impl From<&Certificate> for CertificateView {
    fn from(certificate: &Certificate) -> Self {
        CertificateView {
            number: certificate.number.clone(),
            parcel: certificate.parcel.clone(),
            stage: certificate.stage,
            valid_from: certificate.valid.from,
            valid_until: certificate.valid.until,
            allows: certificate.allows.clone(),
        }
    }
}

/// The term of use, used and remaining, exact by the calendar.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct TermView {
    pub from: Option<NaiveDate>,
    /// The first day on which the right has ended.
    pub until: Option<NaiveDate>,
    pub used: String,
    pub remaining: String,
    pub remaining_days: i64,
}

/// Everything known about one contract on a day.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ContractDetail {
    #[serde(flatten)]
    pub line: ContractLine,
    pub as_of: NaiveDate,
    pub known_at: DateTime<Utc>,
    /// Raised by every change.
    pub version: i32,
    pub subdistrict: Option<String>,
    pub term: Option<TermView>,
    pub terms: Vec<TermsView>,
    pub events: Vec<EventView>,
    pub certificates: Vec<CertificateView>,
    pub obligations: Vec<CheckLine>,
}

pub fn term_of(contract: &Contract, day: NaiveDate) -> Option<TermView> {
    let term = term_use(contract, day)?;
    Some(TermView {
        from: term.term.from,
        until: term.term.until,
        used: term.used.wording(),
        remaining: term.remaining.wording(),
        remaining_days: term.remaining_days,
    })
}
