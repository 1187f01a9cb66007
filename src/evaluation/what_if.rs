//! What would come of another scheme: a change to the scheme of a kept run, or another in its place. Nothing of it is kept.
//!
//! Pure: [`WhatIf::applied`] makes the scheme, [`rests_on`] says whether what the run froze is enough to reckon with, [`rebased`]
//! works its bases out again, and [`answer`] says who changes grade. [`asking`](super::asking) puts them together.

pub mod answer;
pub mod form;

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::scoring::benchmark::{BaseError, Benchmark, benchmark};
use crate::scoring::scheme::{Family, Indicator, Mean, Missing, Population, Scheme, Standard};

/// What is to be different.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(default, deny_unknown_fields)]
#[schema(as = EvaluationWhatIf)]
pub struct WhatIf {
    /// Another scheme in the place of the run's; what else is given here changes that one.
    pub scheme: Option<Scheme>,
    pub indicators: Vec<IndicatorChange>,
    pub grades: Vec<GradeChange>,
    /// Whether places of the vetoed go to the next by rank.
    pub fill_up: Option<bool>,
    /// How the mean of every base that is worked out is taken.
    pub mean: Option<Mean>,
    /// Who is evaluated.
    pub population: Option<Population>,
    /// Facts, vetoes, claims and changes of grade as they are on record now, and not as the run froze them.
    pub as_on_record: bool,
}

/// What is left out stays as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(default, deny_unknown_fields)]
#[schema(as = EvaluationWhatIfIndicator)]
pub struct IndicatorChange {
    pub indicator: String,
    pub weight: Option<Decimal>,
    /// A base that is typed.
    pub base: Option<Decimal>,
    pub cap: Option<Cap>,
    pub missing: Option<Missing>,
}

/// The most an item gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = EvaluationWhatIfCap)]
pub enum Cap {
    /// So many times the weight.
    Times(Decimal),
    None,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = EvaluationWhatIfGrade)]
pub struct GradeChange {
    pub grade: String,
    /// Percent of the population.
    pub percent: Decimal,
}

/// What cannot be done to the scheme.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unfit {
    #[error("the scheme has no indicator {0}")]
    NoIndicator(String),
    #[error("{0} is not measured against a base")]
    NoBase(String),
    #[error("the scheme has no grade {0} with a quota")]
    NoQuota(String),
    #[error("the scheme is of another category")]
    Category,
}

impl WhatIf {
    /// The scheme with everything that is changed in it. Whether it is one, and what the law says of it, is asked of
    /// [`policy::scheme`](crate::policy::scheme).
    ///
    /// # Errors
    /// Everything that names what the scheme does not have.
    pub fn applied(&self, of: &Scheme) -> Result<Scheme, Vec<Unfit>> {
        let mut scheme = self.scheme.clone().unwrap_or_else(|| of.clone());
        let mut unfit = Vec::new();
        if scheme.category != of.category {
            unfit.push(Unfit::Category);
        }
        if let Some(mean) = self.mean {
            scheme.indicators.iter_mut().for_each(|indicator| take_mean(indicator, mean));
        }
        unfit.extend(self.indicators.iter().filter_map(|change| change.apply(&mut scheme).err()));
        unfit.extend(self.grades.iter().filter_map(|change| change.apply(&mut scheme).err()));
        scheme.veto.fill_up = self.fill_up.unwrap_or(scheme.veto.fill_up);
        if let Some(population) = &self.population {
            scheme.population = population.clone();
        }
        if unfit.is_empty() { Ok(scheme) } else { Err(unfit) }
    }
}

fn take_mean(indicator: &mut Indicator, wanted: Mean) {
    if let Some(Standard::Benchmark { mean, .. }) = standard_of(indicator) {
        *mean = wanted;
    }
}

fn standard_of(indicator: &mut Indicator) -> Option<&mut Standard> {
    match &mut indicator.family {
        Family::ToBase { standard, .. } => Some(standard),
        Family::Steps { standard, .. } => standard.as_mut(),
        _ => None,
    }
}

impl IndicatorChange {
    fn apply(&self, scheme: &mut Scheme) -> Result<(), Unfit> {
        let no_base = || Unfit::NoBase(self.indicator.clone());
        let named = scheme.indicators.iter_mut().find(|indicator| indicator.indicator == self.indicator);
        let indicator = named.ok_or_else(|| Unfit::NoIndicator(self.indicator.clone()))?;
        indicator.weight = self.weight.unwrap_or(indicator.weight);
        indicator.missing = self.missing.clone().unwrap_or_else(|| indicator.missing.clone());
        if let Some(base) = self.base {
            *standard_of(indicator).ok_or_else(no_base)? = Standard::Fixed(base);
        }
        if let Some(wanted) = self.cap {
            let Family::ToBase { cap, .. } = &mut indicator.family else { return Err(no_base()) };
            *cap = match wanted {
                Cap::Times(times) => Some(times),
                Cap::None => None,
            };
        }
        Ok(())
    }
}

impl GradeChange {
    fn apply(&self, scheme: &mut Scheme) -> Result<(), Unfit> {
        let band = scheme.grades.iter_mut().find(|band| band.grade == self.grade);
        let quota = band.and_then(|band| band.quota.as_mut()).ok_or_else(|| Unfit::NoQuota(self.grade.clone()))?;
        quota.percent = self.percent;
        Ok(())
    }
}

crate::terms! {
    /// What is reckoned with.
    #[schema(as = EvaluationWhatIfSource)]
    pub enum Source {
        /// What the run froze.
        Frozen = "frozen" => "核算时冻结的数据",
        /// The registers as they are now, as a trial run would find them.
        Registers = "registers" => "现时登记的数据",
    }
}

/// Who is evaluated, and what is known of whom, stands in what the run froze unless the scheme asks for more than it held.
pub fn rests_on(before: &Scheme, after: &Scheme) -> Source {
    let same_people = before.category == after.category
        && before.population == after.population
        && before.ranking == after.ranking
        && before.facts() == after.facts();
    let known = |indicator: &Indicator| match indicator.standard() {
        Some(standard) => before.indicator(&indicator.indicator).is_some_and(|old| has_years(old, indicator, standard)),
        None => true,
    };
    if same_people && after.indicators.iter().all(known) { Source::Frozen } else { Source::Registers }
}

/// The sums of the years of a base were kept with it.
fn has_years(before: &Indicator, after: &Indicator, wanted: &Standard) -> bool {
    match (before.standard(), wanted) {
        (_, Standard::Fixed(_)) => true,
        (
            Some(Standard::Benchmark { years, revised_for, .. }),
            Standard::Benchmark { years: wanted, revised_for: since, .. },
        ) => before.value == after.value && (years, revised_for) == (wanted, since),
        _ => false,
    }
}

/// The bases of the changed scheme, from the sums that were kept with those of the run.
///
/// # Errors
/// A base that is not above zero.
pub fn rebased(after: &Scheme, year: i32, kept: &[Benchmark]) -> Result<Vec<Benchmark>, BaseError> {
    let of = |indicator: &Indicator| {
        let standard = indicator.standard()?;
        let sums = kept.iter().find(|base| base.indicator == indicator.indicator).map(|base| base.years.as_slice());
        Some(benchmark(&indicator.indicator, standard, year, sums.unwrap_or_default()))
    };
    after.indicators.iter().filter_map(of).collect()
}

#[cfg(test)]
mod tests;
