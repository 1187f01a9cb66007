//! Whom measures are asked about, and what is known.

use std::collections::{BTreeMap, BTreeSet};

use base::ratio::Ratio;
use scoring::scheme::Category;

use crate::clock::Grading;
use crate::measure::{BaseYear, Exemption};

/// What a measure is laid on, of one year.
pub type Quantity = Ratio;

/// What was asked and answered, by the key of the condition.
pub type Answers = BTreeMap<String, bool>;

/// One enterprise on one day.
#[derive(Clone, Debug)]
pub struct Subject {
    /// The category whose grade acts on it.
    pub category: Category,
    pub grading: Grading,
    /// By fact and year; what is not there is missing.
    pub quantities: BTreeMap<(String, BaseYear), Quantity>,
    pub exemptions: BTreeSet<Exemption>,
    pub answers: Answers,
}
