//! The grade that acts on an enterprise on a day, for whatever follows from it (三 of the governing text): that of the year before, of
//! the run that binds. Who is graded in several categories has one grade that acts, by the district's order of them.

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate};
use sqlx::PgConnection;
use uuid::Uuid;

use super::store::acting::{self, Binding};
use crate::db::Scope;
use crate::policy::{ParameterError, Parameters};
use crate::scoring::scheme::Category;

/// How somebody stands on a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Acting {
    /// Of the year before.
    pub grade: String,
    pub graded: i32,
    /// The category whose grade acts.
    pub category: Category,
    /// The grade that binds, of each year up to the one before; a year without one is not there.
    pub grading: BTreeMap<i32, String>,
    /// The run that each of them is of.
    pub runs: BTreeMap<i32, Uuid>,
}

/// The categories of enterprises, the one whose grade acts first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Precedence(Vec<Category>);

/// Platforms and parcels are graded too; measures act on enterprises.
const OF_ENTERPRISES: [Category; 4] =
    [Category::IndustryAbove, Category::IndustryBelow, Category::ServicesAbove, Category::HighTech];

impl Precedence {
    /// Of two in one place the one that the text names first.
    ///
    /// # Errors
    /// When a category has no place on that day.
    pub fn from_parameters(parameters: &Parameters) -> Result<Self, ParameterError> {
        let place = |category: Category| {
            let name = format!("evaluation_acting_place_{}", category.code());
            parameters.count(&name).map(|place| (place, category))
        };
        let mut placed = OF_ENTERPRISES.into_iter().map(place).collect::<Result<Vec<_>, _>>()?;
        placed.sort_unstable();
        Ok(Precedence(placed.into_iter().map(|(_, category)| category).collect()))
    }

    pub fn place(&self, category: Category) -> Option<usize> {
        self.0.iter().position(|other| *other == category)
    }

    pub fn categories(&self) -> &[Category] {
        &self.0
    }
}

/// The year whose grades act on a day: the grade of a year acts in the next.
pub fn graded_year(day: NaiveDate) -> i32 {
    day.year() - 1
}

/// The grade that acts on one enterprise; none without a binding grade of the year before.
///
/// # Errors
/// When the database does not answer.
pub async fn acting_grade(
    connection: &mut PgConnection,
    scope: &Scope,
    (uscc, day): (&str, NaiveDate),
    precedence: &Precedence,
) -> Result<Option<Acting>, sqlx::Error> {
    let binding = acting::binding(connection, scope, graded_year(day)).await?;
    let these = [uscc.to_owned()];
    Ok(acting_grades(connection, scope, (&these, day), (precedence, &binding)).await?.remove(uscc))
}

/// The same of many at once. `binding` are the runs that bind up to the year before.
///
/// # Errors
/// When the database does not answer.
pub async fn acting_grades(
    connection: &mut PgConnection,
    scope: &Scope,
    (these, day): (&[String], NaiveDate),
    (precedence, binding): (&Precedence, &[Binding]),
) -> Result<BTreeMap<String, Acting>, sqlx::Error> {
    let graded = graded_year(day);
    let mut found: BTreeMap<String, BTreeMap<i32, (usize, Graded)>> = BTreeMap::new();
    for row in acting::grades(connection, scope, binding, these).await? {
        let Some(run) = binding.iter().find(|run| run.run == row.run && run.year <= graded) else { continue };
        let Some(place) = precedence.place(run.category) else { continue };
        let year = found.entry(row.key).or_default().entry(run.year);
        let grade = Graded { grade: row.grade, run: run.run, category: run.category };
        year.and_modify(|kept| {
            if place < kept.0 {
                *kept = (place, grade.clone());
            }
        })
        .or_insert((place, grade));
    }
    let stands = |years: BTreeMap<i32, (usize, Graded)>| {
        let (_, last) = years.get(&graded)?;
        Some(Acting {
            grade: last.grade.clone(),
            graded,
            category: last.category,
            grading: years.iter().map(|(year, (_, of))| (*year, of.grade.clone())).collect(),
            runs: years.iter().map(|(year, (_, of))| (*year, of.run)).collect(),
        })
    };
    Ok(found.into_iter().filter_map(|(uscc, years)| Some((uscc, stands(years)?))).collect())
}

#[derive(Clone)]
struct Graded {
    grade: String,
    run: Uuid,
    category: Category,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::catalogue::Catalogue;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn industry_acts_before_services_and_those_before_high_tech() {
        let parameters = Catalogue::embedded().unwrap().parameters_on(day("2026-11-30"));
        let precedence = Precedence::from_parameters(&parameters).unwrap();
        assert_eq!(precedence.categories(), OF_ENTERPRISES);
        assert_eq!(precedence.place(Category::Platform), None, "no enterprise");
        let before = Catalogue::embedded().unwrap().parameters_on(day("2018-12-31"));
        assert!(Precedence::from_parameters(&before).is_err());
    }

    #[test]
    fn the_grade_of_a_year_acts_from_the_first_day_of_the_next_to_its_last() {
        let years = ["2023-12-31", "2024-01-01", "2024-12-31", "2025-01-01"].map(|text| graded_year(day(text)));
        assert_eq!(years, [2022, 2023, 2023, 2024]);
    }
}
