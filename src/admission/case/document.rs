//! The admission opinion (准入意见书): what was decided and on what, frozen on the day of the decision.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{Outcome, Stance};
use crate::account::Department;
use crate::admission::standard::Exact;
use crate::admission::{AppliedSet, Figure};
use crate::base::ratio::Ratio;
use crate::base::unit::{SquareMetre, grouped};
use crate::policy::indicator::{Fact, Indicators};
use crate::policy::interval::Interval;
use crate::policy::range::{self, Side};
use crate::policy::verdict::{Aspect, Finding, Overall, Verdict};

/// Letters and digits that nobody takes for one another.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// What the opinion says. Its JSON text is what the hash on the public page is of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Content {
    pub district: String,
    /// The district is invented: so is the opinion.
    pub synthetic: bool,
    pub number: String,
    pub round: i32,
    pub project: String,
    pub summary: String,
    pub investor: String,
    pub uscc: Option<String>,
    pub industry: Option<String>,
    pub land_kind: Option<String>,
    pub site_kind: Option<String>,
    pub parcel: Option<String>,
    /// m².
    #[schema(value_type = Option<String>)]
    pub site_area_m2: Option<Decimal>,
    /// GeoJSON, longitude first.
    #[schema(value_type = Object)]
    pub site: Option<serde_json::Value>,
    pub applied_on: Option<NaiveDate>,
    pub decided_on: NaiveDate,
    pub outcome: Outcome,
    pub reason: String,
    pub verdict: Overall,
    pub receipt: String,
    pub catalogue: String,
    pub program: String,
    pub as_of: NaiveDate,
    pub set: Option<AppliedSet>,
    pub results: Vec<Finding>,
    pub notes: Vec<String>,
    pub opinions: Vec<Said>,
    pub commitments: Vec<Commitment>,
    pub recommended_by: String,
    pub decided_by: String,
}

/// What a department said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Said {
    pub department: Department,
    pub stance: Option<Stance>,
    pub comment: String,
}

/// What the project is bound to once it is admitted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Commitment {
    pub indicator: String,
    pub kind: Aspect,
    /// In the signs people write: `≥150`.
    pub required: Option<String>,
    /// In `unit`, for the eye: never more than was promised.
    pub committed: String,
    pub unit: String,
    pub rule: String,
    pub article: String,
    /// The interval that was asked. None in opinions from before it was kept, as the exact figure and the declared ones.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub asked: Option<Interval>,
    /// What was declared comes to exactly this, in `unit`: a decimal, or a fraction like `240000/599`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub exact: Option<Ratio>,
    /// What it follows from, as it was declared, by the names of the facts.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub declared: BTreeMap<String, Figure>,
}

impl Commitment {
    /// The declared figures it follows from: `固定资产投资 12000 万元；用地 20000 平方米`.
    pub fn declared_text(&self) -> String {
        let indicators = Indicators::built_in();
        let words = |(name, figure): (&String, &Figure)| {
            let noun = indicators.fact(name).map_or(name.as_str(), Fact::noun);
            format!("{noun} {} {}", figure.value.normalize(), figure.unit)
        };
        self.declared.iter().map(words).collect::<Vec<_>>().join("；")
    }

    /// The figure is shown rounded: no decimal can write it.
    pub fn is_shown_rounded(&self) -> bool {
        self.exact.as_ref().is_some_and(|exact| exact.as_decimal().is_none())
    }
}

/// A promise for the eye: on the side where one bound was asked it never says more than was promised.
fn shown(asked: &Interval, exact: &Ratio) -> Option<String> {
    match (asked.lower(), asked.upper()) {
        (Some(_), None) => Some(range::shown(exact, Side::Lower)),
        (None, Some(_)) => Some(range::shown(exact, Side::Upper)),
        _ => None,
    }
}

/// The declared figure of every indicator that was asked for and met: what is shown of it, and what it is exactly.
pub fn commitments(results: &[Finding], exact: &[Exact]) -> Vec<Commitment> {
    let binding = |finding: &&Finding| {
        !matches!(finding.kind, Aspect::Spatial | Aspect::Industry) && finding.verdict == Verdict::Pass
    };
    results
        .iter()
        .filter(binding)
        .filter_map(|finding| {
            finding.margin.as_ref()?;
            let exact = exact.iter().find(|exact| exact.rule == finding.rule);
            let committed = exact.and_then(|exact| shown(&exact.asked, &exact.figure));
            Some(Commitment {
                asked: exact.map(|exact| exact.asked),
                exact: exact.map(|exact| exact.figure.clone()),
                declared: exact.map(|exact| exact.declared.clone()).unwrap_or_default(),
                indicator: finding.indicator.clone(),
                kind: finding.kind,
                required: finding.required.clone(),
                committed: committed.or_else(|| finding.actual.clone())?,
                unit: finding.unit.clone(),
                rule: finding.rule.clone(),
                article: finding.article.clone(),
            })
        })
        .collect()
}

impl Content {
    pub fn area_text(&self) -> String {
        self.site_area_m2.map_or("—".into(), area_text)
    }
}

/// `12,000.00 平方米（18.0000 亩）`.
pub fn area_text(area: Decimal) -> String {
    format!("{} 平方米（{} 亩）", grouped(area, 2), grouped(SquareMetre(area).to_mu().0, 4))
}

/// A code nobody can guess, 80 bits.
pub fn new_code() -> String {
    // Two random identifiers give more bits than are needed; their fixed bits are left out.
    let (one, other) = (Uuid::new_v4().into_bytes(), Uuid::new_v4().into_bytes());
    let random = one[..6].iter().chain(&one[9..15]).chain(&other[..4]);
    random.map(|byte| ALPHABET[usize::from(byte & 31)] as char).collect()
}

/// `ABCD-EFGH-JKMN-PQRS`, as it stands on paper.
pub fn code_on_paper(code: &str) -> String {
    code.as_bytes().chunks(4).map(|group| String::from_utf8_lossy(group).into_owned()).collect::<Vec<_>>().join("-")
}

/// As people type it from paper: hyphens, blanks and small letters are fine, and letters that look like digits are read
/// as those. Nothing when it cannot be a code.
pub fn parse_code(text: &str) -> Option<String> {
    let plain: String = text
        .chars()
        .filter(|c| !matches!(c, '-' | ' ' | '－'))
        .map(|c| match c.to_ascii_uppercase() {
            'O' => '0',
            'I' | 'L' => '1',
            other => other,
        })
        .collect();
    let known = plain.len() == 16 && plain.bytes().all(|byte| ALPHABET.contains(&byte));
    known.then_some(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_survives_paper() {
        let code = new_code();
        assert_eq!(code.len(), 16);
        assert_eq!(parse_code(&code_on_paper(&code)), Some(code.clone()));
        assert_eq!(parse_code(&code.to_lowercase()), Some(code));
        assert_eq!(parse_code("oooo-0000-iiii-llll").as_deref(), Some("0000000011111111"));
        assert_eq!(parse_code("../../etc/passwd"), None);
        assert_eq!(parse_code("UUUU-UUUU-UUUU-UUUU"), None, "not in the alphabet");
    }
}
