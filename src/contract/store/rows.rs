//! Rows as they are on record, and what they mean.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use rust_decimal::Decimal;
use sqlx::postgres::types::PgRange;
use sqlx::types::Json;

use super::StoreError;
use crate::base::unit::{Mu, Yuan};
use crate::contract::certificate::{Certificate, CertificateStage};
use crate::contract::event::{
    Cause, Covers, Duty, Event, EventKind, Figure, Happening, Review, ReviewOrigin, ReviewOutcome,
};
use crate::contract::known::{Contract, TermsRole, TermsVersion};
use crate::contract::terms::{Commitment, ContractKind, DayCount, HandOverAfter, Instalment, Rates, Shortfall, Terms};
use crate::db::{PgConnection, Scope};

pub(super) struct TermsRow {
    pub contract: String,
    pub id: i64,
    pub role: TermsRole,
    pub document: String,
    pub signed_on: NaiveDate,
    pub effective_on: NaiveDate,
    pub kind: ContractKind,
    pub parcels: Vec<String>,
    pub granted_area_mu: Decimal,
    pub grantee: String,
    pub price_yuan: Decimal,
    pub instalment_due: Vec<NaiveDate>,
    pub instalment_yuan: Vec<Decimal>,
    pub hand_over_on: Option<NaiveDate>,
    pub hand_over_after: HandOverAfter,
    pub start_on: Option<NaiveDate>,
    pub completion_on: Option<NaiveDate>,
    pub production_on: Option<NaiveDate>,
    pub output_review_on: Option<NaiveDate>,
    pub term_years: i16,
    pub term_from: Option<NaiveDate>,
    pub construction_months: Option<i16>,
    pub production_months: Option<i16>,
    pub day_count: DayCount,
    pub planned_investment_yuan: Option<Decimal>,
    pub late_payment_permille: Option<Decimal>,
    pub rescind_after_days: Option<i16>,
    pub late_start_permille: Option<Decimal>,
    pub late_completion_permille: Option<Decimal>,
    pub late_production_permille: Option<Decimal>,
    pub late_hand_over_permille: Option<Decimal>,
    pub cap_percent: Option<Decimal>,
    pub investment_shortfall: Shortfall,
    pub far_shortfall: Shortfall,
    pub commitments: Json<Vec<Commitment>>,
    pub admission_case: Option<String>,
    pub recorded_at: DateTime<Utc>,
    pub superseded_at: Option<DateTime<Utc>>,
}

/// A length that the table keeps positive.
fn length(value: i16) -> u16 {
    value.unsigned_abs()
}

impl From<TermsRow> for TermsVersion {
    fn from(row: TermsRow) -> Self {
        let parts = row.instalment_due.into_iter().zip(row.instalment_yuan);
        let terms = Terms {
            kind: row.kind,
            parcels: row.parcels,
            granted_area: Mu(row.granted_area_mu),
            grantee: row.grantee,
            price: Yuan(row.price_yuan),
            instalments: parts.map(|(due, amount)| Instalment { due, amount: Yuan(amount) }).collect(),
            hand_over_on: row.hand_over_on,
            hand_over_after: row.hand_over_after,
            start_on: row.start_on,
            completion_on: row.completion_on,
            production_on: row.production_on,
            output_review_on: row.output_review_on,
            term_years: length(row.term_years),
            term_from: row.term_from,
            construction_months: row.construction_months.map(length),
            production_months: row.production_months.map(length),
            day_count: row.day_count,
            planned_investment: row.planned_investment_yuan.map(Yuan),
            rates: Rates {
                late_payment: row.late_payment_permille,
                rescind_after_days: row.rescind_after_days.map(length),
                late_start: row.late_start_permille,
                late_completion: row.late_completion_permille,
                late_production: row.late_production_permille,
                late_hand_over: row.late_hand_over_permille,
                cap_percent: row.cap_percent,
                investment_shortfall: row.investment_shortfall,
                far_shortfall: row.far_shortfall,
            },
            commitments: row.commitments.0,
            admission_case: row.admission_case,
        };
        TermsVersion {
            id: row.id,
            role: row.role,
            document: row.document,
            signed_on: row.signed_on,
            effective_on: row.effective_on,
            terms,
            recorded_at: row.recorded_at,
            superseded_at: row.superseded_at,
        }
    }
}

pub(super) struct EventRow {
    pub contract: String,
    pub id: i64,
    pub kind: EventKind,
    pub happened_on: NaiveDate,
    pub until: Option<NaiveDate>,
    pub duty: Option<String>,
    pub instalment: Option<i16>,
    pub amount_yuan: Option<Decimal>,
    pub outcome: Option<ReviewOutcome>,
    pub cause: Option<Cause>,
    pub covers: Option<Covers>,
    pub figure: Option<Figure>,
    pub value: Option<Decimal>,
    pub reached_on: Option<NaiveDate>,
    pub document: Option<String>,
    pub review_origin: Option<ReviewOrigin>,
    pub recorded_at: DateTime<Utc>,
    pub superseded_at: Option<DateTime<Utc>>,
}

impl TryFrom<EventRow> for Event {
    type Error = StoreError;

    fn try_from(row: EventRow) -> Result<Self, StoreError> {
        match happening(&row) {
            Some(happening) => Ok(Event {
                id: row.id,
                on: row.happened_on,
                happening,
                document: row.document,
                review: row.review_origin,
                recorded_at: row.recorded_at,
                superseded_at: row.superseded_at,
            }),
            None => Err(StoreError::Unreadable { contract: row.contract, what: "event", id: row.id }),
        }
    }
}

/// What the columns say; `None` when one that the kind needs is missing, which the table's checks prevent.
fn happening(row: &EventRow) -> Option<Happening> {
    let duty = || row.duty.as_deref()?.parse::<Duty>().ok();
    let review = || Some(Review { outcome: row.outcome?, rectify_until: row.until });
    Some(match row.kind {
        EventKind::HandedOver => Happening::HandedOver,
        EventKind::Paid => Happening::Paid { instalment: length(row.instalment?), amount: Yuan(row.amount_yuan?) },
        EventKind::Started => Happening::Started,
        EventKind::CompletionDeclared => Happening::CompletionDeclared,
        EventKind::CompletionReviewed => Happening::CompletionReviewed(review()?),
        EventKind::ProductionStarted => Happening::ProductionStarted,
        EventKind::OutputReviewed => Happening::OutputReviewed(review()?),
        EventKind::Suspended => Happening::Suspended { until: row.until, cause: row.cause?, covers: row.covers? },
        EventKind::Resumed => Happening::Resumed,
        EventKind::Extended => Happening::Extended { duty: duty()?, until: row.until? },
        EventKind::Waived => Happening::Waived { duty: duty()? },
        EventKind::Notified => Happening::Notified { duty: duty()? },
        EventKind::Measured => {
            Happening::Measured { figure: row.figure?, value: row.value?, reached_on: row.reached_on }
        }
        EventKind::PenaltyPaid => Happening::PenaltyPaid { duty: duty()?, amount: Yuan(row.amount_yuan?) },
        EventKind::InvestigationOpened => Happening::InvestigationOpened,
        EventKind::InvestigationAnswered => Happening::InvestigationAnswered,
        EventKind::IdleConfirmed => Happening::IdleConfirmed { fee: row.amount_yuan.map(Yuan) },
        EventKind::IdleSettled => Happening::IdleSettled,
        EventKind::Rescinded => Happening::Rescinded,
        EventKind::Terminated => Happening::Terminated,
        EventKind::TakenBack => Happening::TakenBack,
    })
}

/// The columns of an event that its happening fills.
#[derive(Default)]
pub(super) struct EventColumns {
    pub until: Option<NaiveDate>,
    pub duty: Option<String>,
    pub instalment: Option<i16>,
    pub amount: Option<Decimal>,
    pub outcome: Option<ReviewOutcome>,
    pub cause: Option<Cause>,
    pub covers: Option<Covers>,
    pub figure: Option<Figure>,
    pub value: Option<Decimal>,
    pub reached_on: Option<NaiveDate>,
}

impl From<&Happening> for EventColumns {
    fn from(happening: &Happening) -> Self {
        let none = EventColumns::default();
        match happening {
            Happening::Paid { instalment, amount } => {
                EventColumns { instalment: i16::try_from(*instalment).ok(), amount: Some(amount.0), ..none }
            }
            Happening::CompletionReviewed(review) | Happening::OutputReviewed(review) => {
                EventColumns { outcome: Some(review.outcome), until: review.rectify_until, ..none }
            }
            Happening::Suspended { until, cause, covers } => {
                EventColumns { until: *until, cause: Some(*cause), covers: Some(*covers), ..none }
            }
            Happening::Extended { duty, until } => {
                EventColumns { duty: Some(duty.to_string()), until: Some(*until), ..none }
            }
            Happening::Waived { duty } | Happening::Notified { duty } => {
                EventColumns { duty: Some(duty.to_string()), ..none }
            }
            Happening::Measured { figure, value, reached_on } => {
                EventColumns { figure: Some(*figure), value: Some(*value), reached_on: *reached_on, ..none }
            }
            Happening::IdleConfirmed { fee } => EventColumns { amount: fee.map(|fee| fee.0), ..none },
            Happening::PenaltyPaid { duty, amount } => {
                EventColumns { duty: Some(duty.to_string()), amount: Some(amount.0), ..none }
            }
            _ => none,
        }
    }
}

pub(super) struct CertificateRow {
    pub contract: String,
    pub id: i64,
    pub parcel_code: String,
    pub stage: CertificateStage,
    pub number: String,
    pub valid: PgRange<NaiveDate>,
    pub allows: String,
    pub review: Option<i64>,
    pub recorded_at: DateTime<Utc>,
    pub superseded_at: Option<DateTime<Utc>>,
}

impl From<CertificateRow> for Certificate {
    fn from(row: CertificateRow) -> Self {
        Certificate {
            id: row.id,
            parcel: row.parcel_code,
            stage: row.stage,
            number: row.number,
            valid: row.valid.into(),
            allows: row.allows,
            review: row.review,
            recorded_at: row.recorded_at,
            superseded_at: row.superseded_at,
        }
    }
}

/// The three selects, each for one contract and for a whole district: the columns are written once.
macro_rules! select_terms {
    ($condition:tt, $($argument:expr),+) => {
        sqlx::query_as!(
            $crate::contract::store::rows::TermsRow,
            r#"SELECT t.contract, t.id, t.role AS "role: _", t.document, t.signed_on, t.effective_on, t.kind AS "kind: _", t.parcels,
               t.granted_area_mu, t.grantee, t.price_yuan, t.instalment_due, t.instalment_yuan AS "instalment_yuan: _", t.hand_over_on,
               t.hand_over_after AS "hand_over_after: _", t.start_on,
               t.completion_on, t.production_on, t.output_review_on, t.term_years, t.term_from, t.construction_months,
               t.production_months, t.day_count AS "day_count: _", t.planned_investment_yuan, t.late_payment_permille,
               t.rescind_after_days, t.late_start_permille, t.late_completion_permille, t.late_production_permille,
               t.late_hand_over_permille, t.cap_percent, t.investment_shortfall AS "investment_shortfall: _",
               t.far_shortfall AS "far_shortfall: _", t.commitments AS "commitments: _", t.admission_case, t.recorded_at,
               t.superseded_at
               FROM contract_terms t WHERE t.district = $1 AND t.recorded_at <= $2
               AND (t.superseded_at IS NULL OR t.superseded_at > $2) AND "# + $condition + " ORDER BY t.contract, t.effective_on",
            $($argument),+
        )
    };
}
pub(super) use select_terms;

macro_rules! select_events {
    ($condition:tt, $($argument:expr),+) => {
        sqlx::query_as!(
            $crate::contract::store::rows::EventRow,
            r#"SELECT t.contract, t.id, t.kind AS "kind: _", t.happened_on, t.until, t.duty, t.instalment, t.amount_yuan,
               t.outcome AS "outcome: _", t.cause AS "cause: _", t.covers AS "covers: _", t.figure AS "figure: _", t.value,
               t.reached_on, t.document, t.review_origin AS "review_origin: _", t.recorded_at, t.superseded_at
               FROM contract_event t WHERE t.district = $1 AND t.recorded_at <= $2
               AND (t.superseded_at IS NULL OR t.superseded_at > $2) AND "# + $condition + " ORDER BY t.contract, t.happened_on",
            $($argument),+
        )
    };
}
pub(super) use select_events;

macro_rules! select_certificates {
    ($condition:tt, $($argument:expr),+) => {
        sqlx::query_as!(
            $crate::contract::store::rows::CertificateRow,
            r#"SELECT t.contract, t.id, t.parcel_code, t.stage AS "stage: _", t.number, t.valid, t.allows, t.review, t.recorded_at,
               t.superseded_at
               FROM staged_certificate t WHERE t.district = $1 AND t.recorded_at <= $2
               AND (t.superseded_at IS NULL OR t.superseded_at > $2) AND "# + $condition + " ORDER BY t.contract, t.id",
            $($argument),+
        )
    };
}
pub(super) use select_certificates;

/// Contracts by their numbers, as known at a moment; a number that was not known then is left out.
pub(super) async fn contracts(
    connection: &mut PgConnection,
    scope: &Scope,
    numbers: &[String],
    known_at: DateTime<Utc>,
) -> Result<Vec<Contract>, StoreError> {
    let district = scope.county();
    let terms = select_terms!("t.contract = ANY($3)", district, known_at, numbers).fetch_all(&mut *connection).await?;
    let events =
        select_events!("t.contract = ANY($3)", district, known_at, numbers).fetch_all(&mut *connection).await?;
    let certificates =
        select_certificates!("t.contract = ANY($3)", district, known_at, numbers).fetch_all(&mut *connection).await?;
    let mut found: BTreeMap<String, Parts> = BTreeMap::new();
    for row in terms {
        found.entry(row.contract.clone()).or_default().0.push(row.into());
    }
    for row in events {
        if let Some(parts) = found.get_mut(&row.contract) {
            parts.1.push(row.try_into()?);
        }
    }
    for row in certificates {
        if let Some(parts) = found.get_mut(&row.contract) {
            parts.2.push(row.into());
        }
    }
    Ok(found
        .into_iter()
        .map(|(number, (terms, events, issued))| Contract::new(number, terms, events, issued))
        .collect())
}

type Parts = (Vec<TermsVersion>, Vec<Event>, Vec<Certificate>);
