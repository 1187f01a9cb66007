//! What the readers of district tables are given, and what they give back.

use chrono::NaiveDate;

use super::{IntakeKind, Offer};
use crate::exchange::Fault;
use crate::policy::Parameter;
use crate::policy::indicator::Indicators;

/// What was read; an offer with an error among its faults is not submitted.
#[derive(Clone, Debug, Default)]
pub struct Reading {
    pub offer: Offer,
    pub faults: Vec<Fault>,
}

impl Reading {
    pub fn refused(&self) -> bool {
        self.faults.iter().any(Fault::is_error)
    }

    pub(super) fn fault(fault: Fault) -> Self {
        Reading { offer: Offer::default(), faults: vec![fault] }
    }
}

/// What readers need besides the file.
#[derive(Clone, Copy)]
pub struct Frame<'a> {
    pub kind: IntakeKind,
    /// For rows that name no day of their own.
    pub starts_on: NaiveDate,
    pub today: NaiveDate,
    pub indicators: &'a Indicators,
    /// What is published, of whatever period: the law's bounds are among them.
    pub parameters: &'a [Parameter],
}
