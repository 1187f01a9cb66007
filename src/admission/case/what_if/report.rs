//! What comes of a trial: which cases would come out otherwise.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::admission::check::decide;
use crate::admission::{Facts, Outcome};
use crate::policy::catalogue::Catalogue;
use crate::policy::verdict::{Overall, Verdict};

pub const JOB: &str = "admission.what_if";
/// Cases listed by name; beyond that they are only counted.
const MOST_LISTED: usize = 2_000;

/// What a job of this kind is told.
#[derive(Serialize, Deserialize)]
pub struct Payload {
    pub what_if: Uuid,
}

/// A case that would come out otherwise.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Turned {
    pub case: Uuid,
    pub number: String,
    pub project: String,
    pub before: Overall,
    pub after: Overall,
    /// Indicators whose verdict differs.
    pub indicators: Vec<String>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Report {
    pub cases: u64,
    /// `before → after` → count.
    pub counts: BTreeMap<String, u64>,
    pub turned: Vec<Turned>,
    /// More turned than are listed.
    pub cut: bool,
}

/// A case with the check that is current.
#[derive(Clone, Debug)]
pub struct Past {
    pub case: Uuid,
    pub number: String,
    pub project: String,
    pub as_of: NaiveDate,
    pub inputs: String,
}

/// Checks one case under both catalogues.
///
/// # Errors
/// When the receipt's inputs are not facts.
pub fn compare(past: &Past, before: &Catalogue, after: &Catalogue) -> anyhow::Result<(Outcome, Outcome)> {
    let facts: Facts = serde_json::from_str(&past.inputs)?;
    Ok((decide(&facts, before, past.as_of), decide(&facts, after, past.as_of)))
}

impl Report {
    pub fn take(&mut self, past: &Past, before: &Outcome, after: &Outcome) {
        self.cases += 1;
        let step = format!("{} → {}", before.verdict, after.verdict);
        *self.counts.entry(step).or_default() += 1;
        if before.verdict == after.verdict {
            return;
        }
        if self.turned.len() >= MOST_LISTED {
            self.cut = true;
            return;
        }
        let earlier: BTreeMap<&str, Verdict> = before.results.iter().map(|it| (it.rule.as_str(), it.verdict)).collect();
        let now: BTreeMap<&str, Verdict> = after.results.iter().map(|it| (it.rule.as_str(), it.verdict)).collect();
        let all = before.results.iter().chain(&after.results);
        let mut indicators: Vec<String> = all
            .filter(|it| earlier.get(it.rule.as_str()) != now.get(it.rule.as_str()))
            .map(|it| it.indicator.clone())
            .collect();
        indicators.dedup();
        indicators.sort();
        indicators.dedup();
        self.turned.push(Turned {
            case: past.case,
            number: past.number.clone(),
            project: past.project.clone(),
            before: before.verdict,
            after: after.verdict,
            indicators,
        });
    }
}
