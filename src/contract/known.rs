//! A contract as it was known at some moment: its terms from day to day, its events, its certificates.

use chrono::{DateTime, NaiveDate, Utc};

use super::certificate::Certificate;
use super::event::{Event, Happening};
use super::terms::Terms;

crate::terms! {
    pub enum TermsRole {
        Agreement = "agreement" => "合同",
        Supplement = "supplement" => "补充协议",
    }
}

/// The terms that hold from a day until the next version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TermsVersion {
    pub id: i64,
    pub role: TermsRole,
    /// The paper: the contract itself, or the supplement.
    pub document: String,
    pub signed_on: NaiveDate,
    pub effective_on: NaiveDate,
    pub terms: Terms,
    pub recorded_at: DateTime<Utc>,
    /// When it was corrected; `None` while it stands.
    pub superseded_at: Option<DateTime<Utc>>,
}

/// The paper that holds terms.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Paper {
    pub role: TermsRole,
    pub document: String,
    pub signed_on: NaiveDate,
    /// The same day for the agreement itself.
    pub effective_on: NaiveDate,
}

/// Everything known about one contract. Versions are in the order of `effective_on`, events in the order of their days.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contract {
    pub number: String,
    pub versions: Vec<TermsVersion>,
    pub events: Vec<Event>,
    pub certificates: Vec<Certificate>,
}

impl Contract {
    /// Puts versions, events and certificates into their order.
    pub fn new(
        number: impl Into<String>,
        mut versions: Vec<TermsVersion>,
        mut events: Vec<Event>,
        mut certificates: Vec<Certificate>,
    ) -> Self {
        versions.sort_by_key(|version| (version.effective_on, version.id));
        // On one day a hand-over comes before a start, a start before a completion.
        events.sort_by_key(|event| (event.on, event.happening.kind(), event.id));
        certificates.sort_by_key(|certificate| (certificate.valid.from, certificate.id));
        Contract { number: number.into(), versions, events, certificates }
    }

    /// What was known at a moment: rows recorded by then and not yet corrected.
    pub fn known_at(&self, moment: DateTime<Utc>) -> Contract {
        let known = |recorded: DateTime<Utc>, superseded: Option<DateTime<Utc>>| {
            recorded <= moment && superseded.is_none_or(|superseded| superseded > moment)
        };
        Contract {
            number: self.number.clone(),
            versions: self.versions.iter().filter(|row| known(row.recorded_at, row.superseded_at)).cloned().collect(),
            events: self.events.iter().filter(|row| known(row.recorded_at, row.superseded_at)).cloned().collect(),
            certificates: self
                .certificates
                .iter()
                .filter(|row| known(row.recorded_at, row.superseded_at))
                .cloned()
                .collect(),
        }
    }

    /// The day the contract was concluded; `None` when it is not known yet.
    pub fn signed_on(&self) -> Option<NaiveDate> {
        self.versions.first().map(|version| version.effective_on)
    }

    /// The terms in force on a day; before the contract there are none.
    pub fn terms_on(&self, day: NaiveDate) -> Option<&Terms> {
        self.versions.iter().rev().find(|version| version.effective_on <= day).map(|version| &version.terms)
    }

    /// The last event up to a day for which `pick` answers.
    pub fn last<'a, T>(&'a self, until: NaiveDate, pick: impl Fn(&'a Event) -> Option<T>) -> Option<T> {
        self.events.iter().rev().filter(|event| event.on <= until).find_map(pick)
    }

    /// The first event up to a day for which `pick` answers.
    pub fn first<'a, T>(&'a self, until: NaiveDate, pick: impl FnMut(&'a Event) -> Option<T>) -> Option<T> {
        self.events.iter().take_while(|event| event.on <= until).find_map(pick)
    }

    /// The first day, up to `until`, on which this happened.
    pub fn day_of(&self, until: NaiveDate, happening: &Happening) -> Option<NaiveDate> {
        self.first(until, |event| (event.happening == *happening).then_some(event.on))
    }
}
