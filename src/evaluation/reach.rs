//! What it would take: how much each figure alone would have to rise for the score of the grade above, and how far it may fall
//! before the present grade is lost. For items measured against a base, where a figure moves nobody else's score.

use crate::base::ratio::Ratio;
use crate::scoring::scheme::{Direction, Family, Indicator, Scheme};

use super::document::{ItemDocument, ResultDocument};

/// What one indicator alone would have to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reach {
    pub indicator: String,
    pub title: String,
    pub unit: String,
    pub value: String,
    /// The value at which the score is reached, rounded up to four places; none where its cap keeps it below.
    pub needed: Option<String>,
}

/// The value of each indicator at which a subject alone would have `score`, the others as they are.
pub fn reach(scheme: &Scheme, result: &ResultDocument, score: &Ratio) -> Vec<Reach> {
    let Ok(own) = result.score.parse::<Ratio>() else { return Vec::new() };
    let Ok(coefficient) = result.coefficient.parse::<Ratio>() else { return Vec::new() };
    let Some(gap) = (score.clone() - own).over(&coefficient) else { return Vec::new() };
    let of = |(indicator, item): (&Indicator, &ItemDocument)| {
        Some(Reach {
            indicator: indicator.indicator.clone(),
            title: indicator.title.clone(),
            unit: indicator.unit.clone(),
            value: item.value.clone()?,
            needed: needed(indicator, item, &gap),
        })
    };
    scheme.indicators.iter().zip(&result.items).filter_map(of).collect()
}

/// item = value ÷ base × weight, so the value for so many points more is base × points ÷ weight.
fn needed(indicator: &Indicator, item: &ItemDocument, gap: &Ratio) -> Option<String> {
    let Family::ToBase { cap, .. } = &indicator.family else { return None };
    let base: Ratio = item.base.as_deref()?.parse().ok()?;
    let points = item.score.parse::<Ratio>().ok()? + gap.clone();
    let capped = cap.is_some_and(|cap| points > Ratio::from(cap) * indicator.weight);
    if capped || indicator.direction == Direction::Down || indicator.weight.is_zero() {
        return None;
    }
    let value = base.times(&points) / indicator.weight;
    value.rounded_up(4).map(|value| value.normalize().to_string())
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
        assert_eq!(found[0].needed.as_deref(), Some("3"));
        assert_eq!(found[1].needed.as_deref(), Some("14"));
        // 90 and 60 points are the caps: tax can give 60 more and value added 40 more.
        let found = reach(&scheme(), &one, &"100".parse().unwrap());
        assert_eq!((found[0].needed.as_deref(), found[1].needed.as_deref()), (Some("5.3334"), None));
    }
}
