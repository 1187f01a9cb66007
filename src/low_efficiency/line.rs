//! The line of 四(一)4 for the list of one year, by the parameters of its 31 December.

use rust_decimal::Decimal;
use rust_decimal_macros::dec;

use crate::base::period::Period;
use crate::policy::{Comparison, ParameterError, Parameters};

/// The line and the transition in force for the list of one year.
#[derive(Clone, Debug)]
pub struct Line {
    /// 元/亩, positive.
    pub floor: Decimal,
    pub comparison: Comparison,
    pub floor_valid: Period,
    pub comparison_note: String,
    pub comparison_is_local_choice: bool,
    pub document: String,
    pub article: String,
    pub transition_years: u32,
    pub transition_exempts: bool,
    pub transition_article: String,
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LineError {
    #[error(transparent)]
    Parameter(#[from] ParameterError),
    #[error("a tax-per-mu floor of {0} yuan per mu is not between 0 and 1,000,000,000 with at most 4 decimals")]
    Floor(Decimal),
    #[error("a transition of {0} years is longer than a century")]
    Transition(u32),
}

impl Line {
    /// # Errors
    /// When a parameter is not in force on that day or its value makes no sense.
    pub fn from_parameters(parameters: &Parameters) -> Result<Self, LineError> {
        let floor_parameter = parameters.get("tax_per_mu_floor")?;
        let floor = floor_parameter.decimal()?.normalize();
        if floor <= Decimal::ZERO || floor >= dec!(1_000_000_000) || floor.scale() > 4 {
            return Err(LineError::Floor(floor));
        }
        let transition_years = parameters.count("transition_years_at_most")?;
        if transition_years > 100 {
            return Err(LineError::Transition(transition_years));
        }
        let comparison = parameters.get("tax_per_mu_floor_comparison")?;
        Ok(Line {
            floor,
            comparison: comparison.comparison()?,
            floor_valid: floor_parameter.valid,
            comparison_note: comparison.note.clone(),
            comparison_is_local_choice: comparison.local_choice,
            document: floor_parameter.document.clone(),
            article: floor_parameter.article.clone(),
            transition_years,
            transition_exempts: parameters.flag("transition_exempts_from_remediation")?,
            transition_article: parameters.get("transition_exempts_from_remediation")?.article.clone(),
        })
    }
}
