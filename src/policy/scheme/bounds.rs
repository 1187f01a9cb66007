//! The bounds of the law in one year: dated parameters.

use std::collections::BTreeSet;

use chrono::{Datelike, NaiveDate};
use rust_decimal::Decimal;

use crate::policy::{Parameter, ParameterError, Parameters};
use crate::scoring::scheme::Scheme;

const WEIGHT: &str = "evaluation_weight_at_most";
const TAX: &str = "evaluation_weight_tax_per_mu_at_least";
const VALUE_ADDED: &str = "evaluation_weight_value_added_per_mu_at_least";
const OTHER: &str = "evaluation_weight_other_at_least";
const SUM: &str = "evaluation_weight_sum";
const A: &str = "evaluation_grade_a_at_most";
const D: &str = "evaluation_grade_d_at_most";
const FACTOR: &str = "evaluation_benchmark_factor";
const YEARS: &str = "evaluation_benchmark_years";
const REVISION: &str = "evaluation_benchmark_revision_years";
const FIRST: &str = "evaluation_benchmark_first_revised_for";
const LAND: &str = "evaluation_industry_land_at_least";
const ALL: [&str; 12] = [WEIGHT, TAX, VALUE_ADDED, OTHER, SUM, A, D, FACTOR, YEARS, REVISION, FIRST, LAND];

/// What the governing text allows of a scheme. Weights and shares in percent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bounds {
    pub weight_at_most: Decimal,
    pub tax_per_mu_at_least: Decimal,
    pub value_added_per_mu_at_least: Decimal,
    /// Each of the other four.
    pub other_at_least: Decimal,
    pub weight_sum: Decimal,
    pub grade_a_at_most: Decimal,
    pub grade_d_at_most: Decimal,
    pub benchmark_factor: Decimal,
    /// How many years are averaged.
    pub benchmark_years: i32,
    /// For how many years a benchmark holds.
    pub revision_years: i32,
    /// A year for which benchmarks are revised; others follow at that distance.
    pub first_revised_for: i32,
    /// mu: industry with this much land, inclusive, must be evaluated; zero is all industry.
    pub industry_land_at_least: Decimal,
}

impl Bounds {
    /// # Errors
    /// When one of them was not in force on 31 December of the year.
    pub fn of_year(year: i32, parameters: &[Parameter]) -> Result<Self, ParameterError> {
        let day = NaiveDate::from_ymd_opt(year, 12, 31).unwrap_or(NaiveDate::MAX);
        let known = Parameters::on(day, parameters.iter().filter(|it| it.name.starts_with("evaluation_")).cloned());
        let count = |name: &str| Ok::<i32, ParameterError>(i32::try_from(known.count(name)?).unwrap_or(i32::MAX));
        Ok(Bounds {
            weight_at_most: known.decimal(WEIGHT)?,
            tax_per_mu_at_least: known.decimal(TAX)?,
            value_added_per_mu_at_least: known.decimal(VALUE_ADDED)?,
            other_at_least: known.decimal(OTHER)?,
            weight_sum: known.decimal(SUM)?,
            grade_a_at_most: known.decimal(A)?,
            grade_d_at_most: known.decimal(D)?,
            benchmark_factor: known.decimal(FACTOR)?,
            benchmark_years: count(YEARS)?,
            revision_years: count(REVISION)?,
            first_revised_for: count(FIRST)?,
            industry_land_at_least: known.decimal(LAND)?,
        })
    }
}

/// The first year of a scheme, and every later one of its years in which a bound begins.
pub fn years_to_ask(scheme: &Scheme, parameters: &[Parameter]) -> BTreeSet<i32> {
    let begins = parameters.iter().filter(|it| ALL.contains(&it.name.as_str())).filter_map(|it| it.valid.from);
    let within = begins.map(|day| day.year()).filter(|year| scheme.holds_for(*year));
    within.chain([scheme.from_year]).collect()
}
