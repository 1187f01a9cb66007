//! What the rows of the four tables say, each with its place.

use chrono::NaiveDate;
use rust_decimal::Decimal;

use crate::base::unit::{Mu, Yuan};
use crate::contract::event::Happening;
use crate::contract::known::TermsRole;
use crate::contract::terms::{Commitment, ContractKind, DayCount, HandOverAfter, Instalment, Shortfall};
use crate::exchange::Fault;

/// A row and where it stands. Records are counted through all sheets of a file.
#[derive(Clone, Debug)]
pub struct Placed<T> {
    pub record: u64,
    pub line: u64,
    pub row: T,
}

impl<T> Placed<T> {
    pub fn fault(&self, fault: Fault) -> Fault {
        fault.at(Some(self.record), Some(self.line))
    }
}

/// The agreement, or a supplement; what it leaves open is `None`.
#[derive(Clone, Debug, Default)]
pub struct Stated {
    pub kind: Option<ContractKind>,
    pub parcels: Option<Vec<String>>,
    pub granted_area: Option<Mu>,
    pub grantee: Option<String>,
    pub price: Option<Yuan>,
    /// The day by which the whole price is due, for a price in one piece.
    pub paid_by: Option<NaiveDate>,
    pub hand_over_on: Option<NaiveDate>,
    pub hand_over_after: Option<HandOverAfter>,
    pub start_on: Option<NaiveDate>,
    pub completion_on: Option<NaiveDate>,
    pub production_on: Option<NaiveDate>,
    pub output_review_on: Option<NaiveDate>,
    pub term_years: Option<u16>,
    pub term_from: Option<NaiveDate>,
    pub construction_months: Option<u16>,
    pub production_months: Option<u16>,
    pub day_count: Option<DayCount>,
    pub planned_investment: Option<Yuan>,
    pub late_payment: Option<Decimal>,
    pub rescind_after_days: Option<u16>,
    pub late_start: Option<Decimal>,
    pub late_completion: Option<Decimal>,
    pub late_production: Option<Decimal>,
    pub late_hand_over: Option<Decimal>,
    pub cap_percent: Option<Decimal>,
    pub investment_shortfall: Option<Shortfall>,
    pub far_shortfall: Option<Shortfall>,
    pub admission_case: Option<String>,
    /// Why it may stand beside what else holds the land.
    pub beside: Option<String>,
}

#[derive(Clone, Debug)]
pub struct TermsRow {
    pub number: String,
    pub role: TermsRole,
    /// The paper's name; the contract's number for the agreement.
    pub document: String,
    pub signed_on: NaiveDate,
    pub effective_on: NaiveDate,
    pub stated: Stated,
}

/// A part of something that belongs to a contract, or to one of its supplements.
#[derive(Clone, Debug)]
pub struct PartRow<T> {
    pub number: String,
    pub document: Option<String>,
    pub part: T,
}

/// An instalment with its number, from 1.
#[derive(Clone, Copy, Debug)]
pub struct Numbered {
    pub ordinal: i64,
    pub instalment: Instalment,
}

#[derive(Clone, Debug)]
pub struct EventRow {
    pub number: String,
    pub on: NaiveDate,
    pub happening: Happening,
    pub document: Option<String>,
}

/// Everything a file holds that could be read.
#[derive(Clone, Debug, Default)]
pub struct Rows {
    pub terms: Vec<Placed<TermsRow>>,
    pub instalments: Vec<Placed<PartRow<Numbered>>>,
    pub commitments: Vec<Placed<PartRow<Commitment>>>,
    pub events: Vec<Placed<EventRow>>,
    pub refused: Vec<Refused>,
}

/// A record that could not be read.
#[derive(Clone, Debug)]
pub struct Refused {
    /// The contract it names, if that could be read.
    pub number: Option<String>,
    /// It belongs to the terms, which would be half without it.
    pub of_terms: bool,
}
