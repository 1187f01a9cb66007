//! What the lines of a reconciliation come to, by body and grade. Pure.

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::entitlement::{Body, Done, Entitled, Finding, Reconciled};

/// What the finding of a line rests on, as it is kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Input {
    pub uscc: String,
    pub measure: String,
    pub body: Body,
    /// Of the year before; none of what no list names.
    pub grade: Option<String>,
    pub entitled: Option<Entitled>,
    pub done: Vec<Done>,
}

/// What the lines of one body and grade come to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sums {
    pub lines: i64,
    pub gaps: i64,
    /// yuan for the year.
    pub due: Decimal,
    /// yuan by quarter, the first in front.
    pub done: [Decimal; 4],
    /// Lines by finding.
    pub findings: BTreeMap<Finding, i64>,
}

impl Sums {
    pub fn done_in_all(&self) -> Decimal {
        self.done.iter().sum()
    }

    pub fn add(&mut self, input: &Input, found: &Reconciled) {
        self.lines += 1;
        self.gaps += i64::from(found.finding.is_gap());
        self.due += found.due.unwrap_or_default();
        for done in input.done.iter().filter(|done| done.done) {
            let quarter = usize::from(done.quarter).checked_sub(1).and_then(|at| self.done.get_mut(at));
            if let Some(sum) = quarter {
                *sum += done.amount.unwrap_or_default();
            }
        }
        *self.findings.entry(found.finding).or_default() += 1;
    }
}

/// By body and grade; what no list names has none.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Totals(pub Vec<(Body, Option<String>, Sums)>);

impl Totals {
    pub fn lines(&self) -> i32 {
        i32::try_from(self.0.iter().map(|(_, _, sums)| sums.lines).sum::<i64>()).unwrap_or(i32::MAX)
    }

    pub fn gaps(&self) -> i32 {
        i32::try_from(self.0.iter().map(|(_, _, sums)| sums.gaps).sum::<i64>()).unwrap_or(i32::MAX)
    }
}
