//! What a measure comes to for somebody.

use base::ratio::Ratio;
use rust_decimal::Decimal;

use crate::measure::Measure;

base::terms! {
    #[schema(as = EntitlementOutcome)]
    pub enum Outcome {
        /// An amount is to be paid or granted.
        Due = "due" => "应执行",
        Allowed = "allowed" => "可享受",
        Barred = "barred" => "不得享受",
        /// It would act, and something keeps it from it.
        Exempt = "exempt" => "不执行",
        NotDeterminable = "not_determinable" => "无法判定",
    }
}

/// What one measure comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entitlement<'a> {
    pub measure: &'a Measure,
    pub grade: String,
    /// Consecutive years in the grade, as the measure counts them.
    pub years: usize,
    /// The year whose grade acts.
    pub graded: i32,
    /// What the rate is laid on.
    pub base: Option<Ratio>,
    /// yuan a unit, or percent of relief.
    pub rate: Option<Decimal>,
    /// yuan, exact.
    pub amount: Option<Ratio>,
    pub outcome: Outcome,
    /// Chinese; empty where nothing needs a word.
    pub why: String,
}
