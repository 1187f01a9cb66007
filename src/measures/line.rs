//! One measure for one enterprise, as it is printed: figures as texts, amounts to the fen.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::base::ratio::Ratio;
use crate::entitlement::{Effect, Entitlement, Outcome};
use crate::policy::measures::{fact, rate_unit};
use crate::scoring::shown::shown;

/// Exactly what programs read, without whose it is and on which receipt.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = MeasureLine)]
pub struct Line {
    /// Its id.
    pub measure: String,
    /// Document and place in it.
    pub article: String,
    /// Of the year before.
    pub grade: String,
    /// Consecutive years in the grade, as the measure counts them.
    pub years: usize,
    /// What the rate is laid on.
    pub base: Option<String>,
    /// Of the base.
    pub unit: Option<String>,
    /// Yuan a unit; percent of a relief.
    pub rate: Option<String>,
    /// Yuan to the fen; only of what is due.
    pub amount: Option<String>,
    pub outcome: Outcome,
    /// Chinese: the arithmetic, or why not.
    pub why: String,
}

/// A line with whose it is, and the receipt from which it can be made again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[schema(as = MeasureDue)]
pub struct DueLine {
    pub uscc: String,
    #[serde(flatten)]
    pub line: Line,
    pub receipt: String,
}

impl Line {
    pub fn of(found: &Entitlement<'_>) -> Self {
        let measure = found.measure;
        let unit = fact(measure).map(|fact| fact.unit().to_owned());
        let amount = found.amount.as_ref().filter(|_| found.outcome == Outcome::Due).and_then(fen);
        Line {
            measure: measure.id.clone(),
            article: format!("{} {}", measure.document, measure.article),
            grade: found.grade.clone(),
            years: found.years,
            base: found.base.as_ref().map(shown),
            unit,
            rate: found.rate.map(|rate| rate.to_string()),
            why: why(found, amount.as_deref()),
            amount,
            outcome: found.outcome,
        }
    }
}

/// Half away from zero, with both places.
fn fen(amount: &Ratio) -> Option<String> {
    amount.rounded(2).map(|mut yuan: Decimal| {
        yuan.rescale(2);
        yuan.to_string()
    })
}

fn why(found: &Entitlement<'_>, amount: Option<&str>) -> String {
    let measure = found.measure;
    if !found.why.is_empty() {
        // The crate knows facts by their codes.
        let named = fact(measure).map(|fact| found.why.replace(fact.code(), fact.label()));
        return named.unwrap_or_else(|| found.why.clone());
    }
    let (Some(base), Some(rate), Some(amount), Some(fact)) = (&found.base, found.rate, amount, fact(measure)) else {
        return format!("{}年度评为{}档", found.graded, found.grade);
    };
    let (base, unit) = (shown(base), fact.unit());
    match &measure.effect {
        Effect::Relief { price, .. } => {
            format!("{base}{unit} × {} 元/{unit} × (100% − {rate}%) = {amount} 元", price.normalize())
        }
        Effect::Charge { .. } | Effect::Support | Effect::Bar => {
            let unit_of_rate = rate_unit(measure).unwrap_or_default();
            format!("{base}{unit} × {rate} {unit_of_rate} = {amount} 元")
        }
    }
}
