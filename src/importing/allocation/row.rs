//! What a row of either table comes to.

use chrono::NaiveDate;
use rust_decimal::Decimal;

use crate::allocation::Quarter;
use crate::db::copy::CopyRows;
use crate::entitlement::Body;
use crate::exchange::{Fault, TableRow};

/// One staging row.
#[derive(Debug, Default)]
pub struct Staged {
    pub uscc: Option<String>,
    pub body: Option<Body>,
    /// The number of the customer.
    pub account: Option<String>,
    /// Percent, of a meter that several share.
    pub share: Option<Decimal>,
    pub since: Option<NaiveDate>,
    /// The first day that no longer counts.
    pub until: Option<NaiveDate>,
    pub measure: Option<String>,
    pub quarter: Option<Quarter>,
    pub done: Option<bool>,
    pub quantity: Option<Decimal>,
    pub amount: Option<Decimal>,
    pub done_on: Option<NaiveDate>,
    pub note: String,
    pub document: Option<String>,
    /// By what a row is the same as another; none of a row that is refused.
    pub key: Vec<String>,
}

impl Staged {
    pub fn push(&self, row: &TableRow, faults: &[Fault], rows: &mut CopyRows) {
        let rejected = faults.iter().any(Fault::is_error);
        rows.plain(row.record).plain(row.line).plain(rejected);
        rows.optional_text(self.uscc.as_deref()).optional(self.body.map(Body::code));
        rows.optional_text(self.account.as_deref()).optional(self.share).optional(self.since).optional(self.until);
        rows.optional_text(self.measure.as_deref());
        rows.optional(self.quarter.map(Quarter::year)).optional(self.quarter.map(Quarter::number));
        rows.optional(self.done).optional(self.quantity).optional(self.amount).optional(self.done_on);
        rows.text(&self.note).optional_text(self.document.as_deref());
        let key = Some(self.key.join("\u{1f}")).filter(|_| !rejected);
        rows.optional_text(key.as_deref()).end_row();
    }
}
