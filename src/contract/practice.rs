//! What is not in the contract but in the rules: periods of order no. 53, the fee, the longest extension.

use rust_decimal::Decimal;

use crate::policy::{ParameterError, Parameters};

/// The document that fixes the idle-land rules.
pub const IDLE_LAND_ORDER: &str = "order-53-2012";

/// Values in force on the day asked about. What was not in force then is `None`, and is not judged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Practice {
    /// Reminders go out so many days before a deadline.
    pub notice_days: Option<u32>,
    /// An extension reaches at most so many months beyond the agreed day.
    pub extension_months: Option<u32>,
    pub idle: Option<IdlePractice>,
}

/// The numbers of order no. 53.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdlePractice {
    pub investigation_days: u32,
    pub answer_days: u32,
    /// Idle from so many years on: the fee.
    pub years: u32,
    /// Idle from so many years on: taken back.
    pub taking_back_years: u32,
    /// Percent of the land price.
    pub fee_percent: Decimal,
    /// Idle when less than one part in so many is built on.
    pub developed_one_in: u32,
    /// Idle when less than so many percent are invested.
    pub invested_percent: Decimal,
}

impl Practice {
    /// # Errors
    /// When a value in force cannot be read, or order no. 53 is in force with a value missing.
    pub fn from_parameters(parameters: &Parameters) -> Result<Self, ParameterError> {
        Ok(Practice {
            notice_days: count_in_force(parameters, "contract_notice_days")?,
            extension_months: count_in_force(parameters, "contract_extension_months_at_most")?,
            idle: match count_in_force(parameters, "idle_years")? {
                Some(years) => Some(IdlePractice {
                    years,
                    investigation_days: parameters.count("idle_investigation_days")?,
                    answer_days: parameters.count("idle_answer_days")?,
                    taking_back_years: parameters.count("idle_taking_back_years")?,
                    fee_percent: parameters.decimal("idle_fee_percent")?,
                    developed_one_in: parameters.count("idle_developed_one_in")?,
                    invested_percent: parameters.decimal("idle_invested_percent")?,
                }),
                None => None,
            },
        })
    }
}

fn count_in_force(parameters: &Parameters, name: &str) -> Result<Option<u32>, ParameterError> {
    match parameters.count(name) {
        Ok(count) => Ok(Some(count)),
        Err(ParameterError::NotInForce { .. }) => Ok(None),
        Err(error) => Err(error),
    }
}
