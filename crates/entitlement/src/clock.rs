//! How a rate moves: by the calendar, or by the years somebody has been in a grade. The grade of a year acts in the next.

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

base::terms! {
    /// What a year without a binding grade does to the count of years in a grade. A trial binds nobody.
    #[schema(as = MeasureGap)]
    pub enum Gap {
        /// The count starts again after it.
        Resets = "resets" => "重新计算",
        /// It is passed over, and not counted itself.
        PassedOver = "passed_over" => "不计入、不中断",
    }
}

/// Rates are yuan a unit, or percent of relief, as the effect says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
#[schema(as = MeasureClock)]
pub enum Clock {
    /// The same while the measure lasts; null where the effect has no rate.
    Steady { rate: Option<Decimal> },
    /// The rate of the year in which it acts; in a year that is not named it has none.
    Calendar { rates: BTreeMap<i32, Decimal> },
    /// By consecutive years in the grade; the last step goes on.
    Consecutive { steps: Vec<Decimal>, gap: Gap },
}

/// Binding grades of one enterprise in one category, by the year they are of.
pub type Grading = BTreeMap<i32, String>;

/// How somebody stands in a year in which measures act.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// Of the year before.
    pub grade: String,
    /// The year that was graded.
    pub graded: i32,
    /// Consecutive years in the grade, the graded one in; at least 1.
    pub years: usize,
}

/// The grade that acts in a year, with how long it has been had; none without a binding grade of the year before.
pub fn standing(grading: &Grading, acting: i32, gap: Gap) -> Option<Standing> {
    let graded = acting.checked_sub(1)?;
    let grade = grading.get(&graded)?;
    let first = *grading.keys().next()?;
    let mut years = 0;
    for year in (first..=graded).rev() {
        match (grading.get(&year), gap) {
            (Some(other), _) if other == grade => years += 1,
            (None, Gap::PassedOver) => {}
            (Some(_), _) | (None, Gap::Resets) => break,
        }
    }
    Some(Standing { grade: grade.clone(), graded, years })
}

impl Clock {
    /// As the clock counts years; where it counts none, every gap ends the count that is shown.
    pub fn gap(&self) -> Gap {
        match self {
            Clock::Consecutive { gap, .. } => *gap,
            Clock::Steady { .. } | Clock::Calendar { .. } => Gap::Resets,
        }
    }

    /// Whether it runs at all in that year.
    pub fn runs_in(&self, acting: i32) -> bool {
        match self {
            Clock::Calendar { rates } => rates.contains_key(&acting),
            Clock::Steady { .. } | Clock::Consecutive { .. } => true,
        }
    }

    pub fn rate(&self, acting: i32, years: usize) -> Option<Decimal> {
        match self {
            Clock::Steady { rate } => *rate,
            Clock::Calendar { rates } => rates.get(&acting).copied(),
            Clock::Consecutive { steps, .. } => steps.get(years.checked_sub(1)?).or(steps.last()).copied(),
        }
    }

    /// Every rate it may come to.
    pub fn rates(&self) -> Vec<Decimal> {
        match self {
            Clock::Steady { rate } => rate.iter().copied().collect(),
            Clock::Calendar { rates } => rates.values().copied().collect(),
            Clock::Consecutive { steps, .. } => steps.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use rust_decimal_macros::dec;

    use super::*;

    fn grading(years: &[(i32, &str)]) -> Grading {
        years.iter().map(|(year, grade)| (*year, (*grade).to_owned())).collect()
    }

    fn years(of: &[(i32, &str)], acting: i32, gap: Gap) -> Option<usize> {
        standing(&grading(of), acting, gap).map(|standing| standing.years)
    }

    #[test]
    fn the_grade_of_a_year_acts_in_the_next_and_no_longer() {
        let one = [(2022, "D")];
        assert_eq!(years(&one, 2022, Gap::Resets), None);
        assert_eq!(years(&one, 2023, Gap::Resets), Some(1));
        assert_eq!(years(&one, 2024, Gap::Resets), None, "no binding grade of 2023");
    }

    #[test]
    fn consecutive_years_are_counted_back_to_another_grade() {
        let all = [(2019, "D"), (2020, "C"), (2021, "D"), (2022, "D"), (2023, "D")];
        assert_eq!(years(&all, 2024, Gap::Resets), Some(3));
        assert_eq!(years(&all, 2024, Gap::PassedOver), Some(3), "another grade always ends the count");
        assert_eq!(years(&all, 2020, Gap::Resets), Some(1));
    }

    #[test]
    fn a_year_without_a_binding_grade_resets_or_is_passed_over() {
        let gap = [(2019, "D"), (2021, "D"), (2022, "D")];
        assert_eq!(years(&gap, 2023, Gap::Resets), Some(2));
        assert_eq!(years(&gap, 2023, Gap::PassedOver), Some(3), "the gap itself is not counted");
    }

    #[test]
    fn the_last_step_goes_on_and_a_year_that_is_not_named_has_no_rate() {
        let steps = Clock::Consecutive { steps: vec![dec!(0.05), dec!(0.08), dec!(0.10)], gap: Gap::Resets };
        let rates = [1, 2, 3, 4, 9].map(|years| steps.rate(2024, years).unwrap());
        assert_eq!(rates, [dec!(0.05), dec!(0.08), dec!(0.10), dec!(0.10), dec!(0.10)]);
        let calendar =
            Clock::Calendar { rates: [(2019, dec!(0.1)), (2020, dec!(0.2)), (2021, dec!(0.3))].into_iter().collect() };
        assert_eq!(
            [2018, 2019, 2021, 2022].map(|year| calendar.rate(year, 1)),
            [None, Some(dec!(0.1)), Some(dec!(0.3)), None]
        );
        assert!(calendar.runs_in(2020) && !calendar.runs_in(2022));
    }
}
