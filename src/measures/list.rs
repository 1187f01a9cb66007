//! What can be asked of the list of a day, and what a line of it holds.

use std::sync::Arc;

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::judge;
use super::line::{DueLine, Line};
use super::utility::OnDay;
use crate::entitlement::{Body, Kind, Measure, Outcome};
use crate::evaluation::store::acting::Subject;
use crate::policy::receipt::Receipt;

/// Which lines.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    pub executing: Option<Body>,
    pub measure: Option<String>,
    pub grade: Option<String>,
    pub outcome: Option<Outcome>,
    pub subdistrict: Option<String>,
    /// Part of the name or of the credit code.
    pub text: Option<String>,
}

impl Filter {
    pub fn takes_measure(&self, measure: &Measure) -> bool {
        self.executing.is_none_or(|body| measure.executing == body)
            && self.measure.as_ref().is_none_or(|id| *id == measure.id)
            && self.grade.as_ref().is_none_or(|grade| measure.grades.contains(grade))
    }

    pub fn takes(&self, line: &Line) -> bool {
        self.outcome.is_none_or(|outcome| line.outcome == outcome)
            && self.grade.as_ref().is_none_or(|grade| line.grade == *grade)
    }
}

/// Credit code and measure: the order of the list.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Key {
    #[serde(rename = "u")]
    pub uscc: String,
    #[serde(rename = "m")]
    pub measure: String,
}

/// An enterprise with everything that its measures come to.
#[derive(Clone, Debug)]
pub struct Judged {
    pub subject: Subject,
    pub results: judge::Results,
    pub receipt: Arc<Receipt>,
    /// With power, water and gas, on the day.
    pub accounts: Vec<OnDay>,
}

/// A line of the list.
#[derive(Clone, Debug)]
pub struct Row {
    pub subject: Subject,
    pub line: Line,
    /// Of the measure.
    pub title: String,
    pub kind: Kind,
    /// yuan a unit of the base, after relief.
    pub per_unit: Option<Decimal>,
    pub executing: Body,
    /// Of the enterprise; its lines share it.
    pub receipt: Arc<Receipt>,
    /// With whoever carries the measure out.
    pub accounts: Vec<OnDay>,
}

impl Row {
    pub fn key(&self) -> Key {
        Key { uscc: self.subject.uscc.clone(), measure: self.line.measure.clone() }
    }

    /// Numbers of the customer, each with its share of a meter that several use.
    pub fn customers(&self) -> String {
        let numbers = self.accounts.iter().map(|account| match account.share {
            Some(share) => format!("{}（共用{}%）", account.customer, share.normalize()),
            None => account.customer.clone(),
        });
        numbers.collect::<Vec<_>>().join("、")
    }

    pub fn into_due(self) -> DueLine {
        DueLine { uscc: self.subject.uscc, line: self.line, receipt: self.receipt.id.clone() }
    }
}
