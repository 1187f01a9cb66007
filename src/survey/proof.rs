//! The class of a parcel as a receipt that can be run again: the facts of the visit's day, and the share in force on it.

use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::Class;
use super::rules::{Facts, Ground, Judgement, Missing, classify};
use crate::policy::catalogue::Catalogue;
use crate::policy::receipt::Receipt;
use crate::policy::recheck::Check;

/// The name of the check in receipts.
pub const CLASS: &str = "survey.class";

pub const RECHECKS: &[Check] = &[Check { name: CLASS, run: classed_again, expand: None }];

const SHARE: &str = "survey_low_efficiency_share";

#[derive(Clone, Debug, Serialize, Deserialize)]
struct Inputs {
    parcel: String,
    facts: Facts,
}

#[derive(Serialize)]
struct Results {
    verdict: &'static str,
    class: Option<Class>,
    ground: Option<Ground>,
    missing: Vec<Missing>,
    article: &'static str,
    why: String,
    share_percent: String,
}

fn results(judged: &Judgement, share: Decimal) -> Results {
    Results {
        verdict: if judged.class().is_some() { "computed" } else { "not_determinable" },
        class: judged.class(),
        ground: judged.ground(),
        missing: judged.missing().to_vec(),
        article: judged.article,
        why: judged.why.clone(),
        share_percent: share.normalize().to_string(),
    }
}

/// The class of a parcel by a visit of a day, and what it stands on.
///
/// # Errors
/// When no share was in force on the day.
pub(super) fn judged(
    catalogue: &Catalogue,
    day: NaiveDate,
    parcel: &str,
    facts: Facts,
) -> anyhow::Result<(Judgement, Receipt)> {
    let share = catalogue.parameters_on(day).decimal(SHARE)?;
    let judged = classify(&facts, share);
    let inputs = Inputs { parcel: parcel.to_owned(), facts };
    let receipt = Receipt::new(CLASS, day, &catalogue.sha256(), &inputs, &results(&judged, share))?;
    Ok((judged, receipt))
}

fn classed_again(catalogue: &Catalogue, as_of: NaiveDate, inputs: &str) -> anyhow::Result<String> {
    let inputs: Inputs = serde_json::from_str(inputs)?;
    let share = catalogue.parameters_on(as_of).decimal(SHARE)?;
    Ok(serde_json::to_string(&results(&classify(&inputs.facts, share), share))?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::survey::rules::Found;
    use crate::survey::{Standing, UseKind};

    #[test]
    fn a_receipt_comes_out_again_byte_for_byte() {
        let catalogue = &Catalogue::embedded().unwrap();
        let found = Some(Found { standing: Standing::Used, used_for: Some(UseKind::Industry) });
        let facts = Facts { register: None, contracts: vec![], holders: vec![], list_year: 2025, found };
        let day = "2026-11-23".parse().unwrap();
        let (judged, receipt) = judged(catalogue, day, "P", facts).unwrap();
        assert_eq!(judged.missing(), [Missing::Register]);
        assert_eq!(classed_again(catalogue, day, &receipt.inputs).unwrap(), receipt.results);
    }
}
