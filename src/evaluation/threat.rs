//! What threatens the present grade: how far each figure alone may fall, and by how much the next below would have to rise.
//!
//! Scores are read as they are printed. What is told is on the safe side: above the score of the next below, since an equal one would
//! be a tie at the cut.

use rust_decimal::Decimal;
use rust_decimal_macros::dec;

use super::document::{ItemDocument, ResultDocument};
use crate::base::ratio::Ratio;
use crate::scoring::scheme::{Direction, Family, Indicator, Scheme};

/// More than what is lost in print can come to.
const MARGIN: Decimal = dec!(0.0000000001);
/// Decimals of what is told.
const PLACES: u32 = 4;

/// How far one figure may fall while the others stay.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Floor {
    pub title: String,
    pub unit: String,
    pub value: String,
    /// The least value that keeps the grade, rounded up; none where even nothing of it does.
    pub least: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Threat {
    /// What would take its place.
    pub grade: String,
    /// The score of the best who has a worse grade.
    pub score: String,
    /// With so many points more that one draws level, rounded down.
    pub distance: String,
    pub floors: Vec<Floor>,
}

/// `next` is the best ranked after it with a worse grade: its grade and score.
pub fn threat(scheme: &Scheme, result: &ResultDocument, (grade, score): (&str, &str)) -> Option<Threat> {
    let (own, below) = (result.score.parse::<Ratio>().ok()?, score.parse::<Ratio>().ok()?);
    let coefficient = result.coefficient.parse::<Ratio>().ok()?;
    let room = own - below;
    let distance = room.rounded_down(PLACES)?.normalize().to_string();
    // Where scores are rounded, less than a step above would be level.
    let step = scheme.rounding.map_or(Decimal::ZERO, |places| Decimal::new(1, places));
    let lost = (room - step.into()).over(&coefficient)?;
    let each = scheme.indicators.iter().zip(&result.items);
    let floors = each.filter_map(|(indicator, item)| floor(indicator, item, &lost)).collect();
    Some(Threat { grade: grade.to_owned(), score: score.to_owned(), distance, floors })
}

/// item = value ÷ base × weight, so the value for so many points is base × points ÷ weight.
fn floor(indicator: &Indicator, item: &ItemDocument, lost: &Ratio) -> Option<Floor> {
    let Family::ToBase { .. } = &indicator.family else { return None };
    let told = indicator.direction == Direction::Up && !indicator.weight.is_zero();
    let value = item.value.clone().filter(|_| told)?;
    let base: Ratio = item.base.as_deref()?.parse().ok()?;
    let points = item.score.parse::<Ratio>().ok()? - lost.clone() + MARGIN.into();
    let zero = Ratio::from(Decimal::ZERO);
    // An item is never below nothing.
    let least = (points > zero).then(|| base.times(&points) / indicator.weight + MARGIN.into());
    Some(Floor {
        title: indicator.title.clone(),
        unit: indicator.unit.clone(),
        value,
        least: least.and_then(|least| least.rounded_up(PLACES)).map(|least| least.normalize().to_string()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evaluation::samples::{result, scheme};

    #[test]
    fn a_figure_may_fall_to_just_above_the_next_below() {
        // Tax 2 against 4 (60 points), value added 8 against 16 (40 points): 30 + 20.
        let one = result("2", "4", "30", "8", "16", "20", "50");
        let found = threat(&scheme(), &one, ("D", "41")).unwrap();
        assert_eq!((found.grade.as_str(), found.distance.as_str()), ("D", "9"));
        // 21 points of tax are 1.4; there it would be a tie.
        assert_eq!(found.floors[0].least.as_deref(), Some("1.4001"));
        assert_eq!(found.floors[1].least.as_deref(), Some("4.4001"));
    }

    #[test]
    fn whatever_cannot_cost_the_grade_by_itself_is_told_as_such() {
        let one = result("2", "4", "30", "8", "16", "20", "50");
        let at = threat(&scheme(), &one, ("D", "30")).unwrap();
        assert_eq!(at.floors[1].least.as_deref(), Some("0.0001"), "at nothing it would be a tie");
        let below = threat(&scheme(), &one, ("D", "29.9")).unwrap();
        assert_eq!(below.floors[1].least, None);
        assert!(below.floors[0].least.is_some());
    }

    #[test]
    fn what_is_above_its_cap_has_that_much_room() {
        // Tax 10 against 4 is capped at 90 points.
        let one = result("10", "4", "90", "8", "16", "20", "110");
        let found = threat(&scheme(), &one, ("B", "100")).unwrap();
        assert_eq!(found.floors[0].least.as_deref(), Some("5.3334"), "80 points");
    }

    #[test]
    fn a_coefficient_makes_a_fall_count_more_or_less() {
        let mut one = result("2", "4", "30", "8", "16", "20", "50");
        (one.coefficient, one.score) = ("0.5".into(), "25".into());
        let found = threat(&scheme(), &one, ("D", "20")).unwrap();
        assert_eq!(found.distance, "5");
        assert_eq!(found.floors[0].least.as_deref(), Some("1.3334"), "ten points of thirty");
    }

    #[test]
    fn missing_figures_and_other_families_are_left_out() {
        let mut one = result("2", "4", "30", "8", "16", "20", "50");
        one.items[0].value = None;
        let mut own = scheme();
        own.indicators[1].family = Family::Rank;
        assert_eq!(threat(&own, &one, ("D", "41")).unwrap().floors, []);
    }

    proptest::proptest! {
        /// What is told keeps the score above; a little less of it does not.
        #[test]
        fn what_is_told_is_the_least_that_keeps_the_score(tax in 1i64..4000, added in 1i64..16000, below in 0i64..9000) {
            let (tax, added) = (Decimal::new(tax, 3), Decimal::new(added, 3));
            let score = |tax: Decimal| tax / dec!(4) * dec!(60);
            let rest = added / dec!(16) * dec!(40);
            let (own, below) = (score(tax) + rest, Decimal::new(below, 2));
            proptest::prop_assume!(below < own);
            let text = |value: Decimal| value.normalize().to_string();
            let one = result(&text(tax), "4", &text(score(tax)), &text(added), "16", &text(rest), &text(own));
            let found = threat(&scheme(), &one, ("D", &text(below))).unwrap();
            match &found.floors[0].least {
                Some(least) => {
                    let least: Decimal = least.parse().unwrap();
                    proptest::prop_assert!(score(least) + rest > below);
                    let less = (least - dec!(0.0002)).max(Decimal::ZERO);
                    proptest::prop_assert!(score(less) + rest <= below || least < dec!(0.0003));
                }
                None => proptest::prop_assert!(rest > below - dec!(0.000000001)),
            }
        }
    }
}
