//! The least that a contract promises of what is measured at its completion. A promise of the whole investment stands as a
//! sum, or as an intensity that says the same on the land that is granted.

use super::event::DutyKind;
use super::terms::{Commitment, FLOOR_AREA_RATIO, INVESTMENT, Terms};
use crate::base::ratio::Ratio;
use crate::base::unit::Mu;
use crate::policy::indicator::Indicators;
use crate::policy::quantity::QuantityError;
use crate::policy::range::{Range, Side, shown};

/// Investment, land price included, on each mu of granted land.
pub const INTENSITY: &str = "investment_intensity";
const PER_MU: &str = "万元/亩";
const SUM: &str = "万元";

/// A promise with a lower end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Promised {
    /// By this name its unit is read.
    pub indicator: &'static str,
    pub required: Range,
    pub unit: String,
    /// How it follows from what the contract says, where it does not say it itself.
    pub how: Option<String>,
}

impl Promised {
    fn stated(indicator: &'static str, promise: &Commitment) -> Self {
        Promised { indicator, required: promise.required.clone(), unit: promise.unit.clone(), how: None }
    }

    /// # Errors
    /// Its unit is none of money.
    pub fn in_yuan(&self, indicators: &Indicators) -> Result<Range, QuantityError> {
        indicators.range_in(self.indicator, &self.required, &self.unit, "元")
    }
}

/// Nothing where the contract promises no least.
pub fn of(terms: &Terms, kind: DutyKind) -> Option<Result<Promised, QuantityError>> {
    match kind {
        DutyKind::Investment => investment(&terms.commitments, terms.granted_area, Indicators::built_in()),
        DutyKind::FloorAreaRatio => {
            least(&terms.commitments, FLOOR_AREA_RATIO).map(|it| Ok(Promised::stated(FLOOR_AREA_RATIO, it)))
        }
        _ => None,
    }
}

/// The sum where one is promised, else the intensity on the granted land, exactly. Nothing where neither asks for a least.
///
/// # Errors
/// Inside: the intensity stands in a unit that does not measure it.
pub fn investment(
    commitments: &[Commitment],
    granted: Mu,
    indicators: &Indicators,
) -> Option<Result<Promised, QuantityError>> {
    if let Some(sum) = least(commitments, INVESTMENT) {
        return Some(Ok(Promised::stated(INVESTMENT, sum)));
    }
    let intensity = least(commitments, INTENSITY)?;
    let per_mu = indicators.range_in(INTENSITY, &intensity.required, &intensity.unit, PER_MU);
    Some(per_mu.map(|per_mu| Promised {
        indicator: INVESTMENT,
        required: per_mu.scaled(&Ratio::from(granted.0)),
        unit: SUM.to_owned(),
        how: intensity.required.lower().map(|end| {
            let (figure, unit) = (shown(&end.value, Side::Lower), &intensity.unit);
            format!("承诺投资总额按投资强度{figure}{unit} × 出让面积{}亩计", granted.0.normalize())
        }),
    }))
}

fn least<'a>(commitments: &'a [Commitment], indicator: &str) -> Option<&'a Commitment> {
    commitments.iter().find(|it| it.indicator == indicator && it.required.lower().is_some())
}

#[cfg(test)]
mod tests {
    use rust_decimal_macros::dec;

    use super::*;

    fn promise(indicator: &str, required: &str, unit: &str) -> Commitment {
        Commitment { indicator: indicator.into(), required: required.parse().unwrap(), unit: unit.into() }
    }

    fn yuan(commitments: &[Commitment]) -> Option<Result<String, &'static str>> {
        let promised = investment(commitments, Mu(dec!(100)), Indicators::built_in())?;
        let yuan = promised.and_then(|promised| promised.in_yuan(Indicators::built_in()));
        Some(yuan.map(|range| range.to_string()).map_err(|reason| reason.code()))
    }

    #[test]
    fn an_intensity_on_granted_land_is_a_sum() {
        for (required, unit) in [
            ("[357.14,)", "万元/亩"),
            ("[5357.1,)", "元/平方米"),
            ("[5357.1,)", "万元/公顷"),
            ("[53.571,)", "亿元/平方公里"),
        ] {
            let intensity = promise(INTENSITY, required, unit);
            assert_eq!(yuan(&[intensity]), Some(Ok("[357140000,)".into())), "{required} {unit}");
        }
        let endless = promise(INTENSITY, "[1071420000/3000001,)", "元/平方米");
        assert!(yuan(&[endless]).unwrap().unwrap().contains('/'), "exact, though no decimal can write it");
    }

    #[test]
    fn a_sum_comes_first_and_a_bound_above_is_no_least() {
        let (sum, intensity) = (promise(INVESTMENT, "[2,)", "亿元"), promise(INTENSITY, "[357.14,)", "万元/亩"));
        assert_eq!(yuan(&[intensity.clone(), sum]), Some(Ok("[200000000,)".into())));
        assert_eq!(yuan(&[promise(INVESTMENT, "(,9]", "亿元"), intensity]), Some(Ok("[357140000,)".into())));
        assert_eq!(yuan(&[promise(INTENSITY, "(,9]", "万元/亩")]), None);
        assert_eq!(yuan(&[promise(INTENSITY, "[9,)", "万元")]), Some(Err("unit_unknown")));
    }
}
