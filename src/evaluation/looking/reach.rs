//! What it would take: what each figure alone would have to be for the grade above. For items measured against a base where more is
//! better: there a figure moves nobody else's score.
//!
//! Scores are read as they are printed, to twelve places. What is told is on the safe side of that, and above the score that has the
//! grade now: an equal one would be a tie at the cut, which leaves the grade together.

use rust_decimal::Decimal;
use rust_decimal_macros::dec;

use crate::base::ratio::Ratio;
use crate::evaluation::document::{ItemDocument, ResultDocument};
use crate::scoring::scheme::{Direction, Family, Indicator, Scheme};

/// More than what is lost in print can come to.
const MARGIN: Decimal = dec!(0.0000000001);
/// Decimals of what is told.
const PLACES: u32 = 4;

/// What one indicator alone would have to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reach {
    pub title: String,
    pub unit: String,
    pub value: String,
    /// The value at which the score is passed, rounded up; none where its cap keeps it below.
    pub needed: Option<String>,
}

/// The value of each indicator at which a subject alone would pass `score`, the others as they are. Indicators that are missing, or
/// of other families, are left out.
pub fn reach(scheme: &Scheme, result: &ResultDocument, score: &Ratio) -> Vec<Reach> {
    let Ok(own) = result.score.parse::<Ratio>() else { return Vec::new() };
    let Ok(coefficient) = result.coefficient.parse::<Ratio>() else { return Vec::new() };
    let Some(gap) = (score.clone() - own).over(&coefficient) else { return Vec::new() };
    let of = |(indicator, item): (&Indicator, &ItemDocument)| {
        let Family::ToBase { cap, .. } = &indicator.family else { return None };
        let told = indicator.direction == Direction::Up && !indicator.weight.is_zero();
        Some(Reach {
            title: indicator.title.clone(),
            unit: indicator.unit.clone(),
            value: item.value.clone().filter(|_| told)?,
            needed: needed(indicator, *cap, item, &gap),
        })
    };
    scheme.indicators.iter().zip(&result.items).filter_map(of).collect()
}

/// item = value ÷ base × weight, so the value for so many points is base × points ÷ weight.
fn needed(indicator: &Indicator, cap: Option<Decimal>, item: &ItemDocument, gap: &Ratio) -> Option<String> {
    let base: Ratio = item.base.as_deref()?.parse().ok()?;
    let points = item.score.parse::<Ratio>().ok()? + gap.clone() + MARGIN.into();
    if cap.is_some_and(|cap| points > Ratio::from(cap) * indicator.weight) {
        return None;
    }
    let value = base.times(&points) / indicator.weight + MARGIN.into();
    value.rounded_up(PLACES).map(|value| value.normalize().to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evaluation::samples::{result, scheme};

    #[test]
    fn a_value_is_named_at_which_the_score_is_reached_and_none_beyond_a_cap() {
        // Tax 2 against 4 (60 points), value added 8 against 16 (40 points): 30 + 20.
        let one = result("2", "4", "30", "8", "16", "20", "50");
        let found = reach(&scheme(), &one, &"65".parse().unwrap());
        assert_eq!(found[0].needed.as_deref(), Some("3.0001"), "3 would be a tie");
        assert_eq!(found[1].needed.as_deref(), Some("14.0001"));
        // 90 and 60 points are the caps: tax can give 60 more and value added 40 more.
        let found = reach(&scheme(), &one, &"100".parse().unwrap());
        assert_eq!((found[0].needed.as_deref(), found[1].needed.as_deref()), (Some("5.3334"), None));
    }
}
