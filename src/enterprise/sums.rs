//! Figures that are sums of others: electricity of grid and own generation, emission of four pollutants as equivalents.
//!
//! The parts win. A sum that was stated beside all of its parts counts for nothing, and where it differs from them that is
//! doubtful and said. Where a part is missing the sum is missing, unless it was stated; a part stated as zero says that nothing
//! was let out or generated.

use rust_decimal::Decimal;
use rust_decimal_macros::dec;

use super::Indicator;
use crate::base::ratio::Ratio;
use crate::policy::{ParameterError, Parameters};
use crate::scoring::subject::Fact;

/// Whose equivalents add up, with the name of the parameter that says how many kilograms one equivalent is.
pub const POLLUTANTS: [(Indicator, &str); 4] = [
    (Indicator::Cod, "emission_kg_per_equivalent_cod"),
    (Indicator::AmmoniaNitrogen, "emission_kg_per_equivalent_ammonia_nitrogen"),
    (Indicator::SulfurDioxide, "emission_kg_per_equivalent_sulfur_dioxide"),
    (Indicator::NitrogenOxides, "emission_kg_per_equivalent_nitrogen_oxides"),
];

/// How one figure is the sum of others: Σ part × weight over `over`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Sum {
    pub of: Indicator,
    pub parts: Vec<(Indicator, Decimal)>,
    pub over: u32,
    /// A stated sum that differs from its parts by more than this percentage of them is doubtful.
    pub tolerance: Decimal,
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SumError {
    #[error(transparent)]
    Parameter(#[from] ParameterError),
    #[error("“{0}” kilograms cannot be those of one equivalent")]
    Equivalent(Decimal),
}

/// The sums of a year, by the parameters of its 31 December.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Sums {
    /// kWh: grid + own generation.
    pub electricity: Sum,
    /// Tonnes of equivalents.
    pub emission: Sum,
}

impl Sums {
    /// # Errors
    /// When a parameter is not in force, or is no weight of an equivalent.
    pub fn from_parameters(parameters: &Parameters) -> Result<Self, SumError> {
        let tolerance = parameters.decimal("return_sum_tolerance_percent")?;
        let parts = [Indicator::ElectricityGrid, Indicator::ElectricityOwn].map(|part| (part, Decimal::ONE)).into();
        let mut kilograms = Vec::with_capacity(POLLUTANTS.len());
        for (indicator, name) in POLLUTANTS {
            kilograms.push((indicator, parameters.decimal(name)?));
        }
        Ok(Sums {
            electricity: Sum { of: Indicator::Electricity, parts, over: 1, tolerance },
            emission: equivalents(&kilograms, parameters.count("emission_equivalents_per_tonne")?, tolerance)?,
        })
    }

    pub fn all(&self) -> [&Sum; 2] {
        [&self.electricity, &self.emission]
    }
}

/// Σ kg ÷ kg per equivalent, in tonnes of equivalents, brought over one whole number so that nothing is divided before it is
/// compared.
fn equivalents(kilograms: &[(Indicator, Decimal)], per_tonne: u32, tolerance: Decimal) -> Result<Sum, SumError> {
    let mut over: u64 = 1;
    let mut inverse = Vec::with_capacity(kilograms.len());
    for (indicator, kg) in kilograms {
        let wrong = || SumError::Equivalent(*kg);
        let kg = kg.normalize();
        let below = u64::try_from(kg.mantissa()).ok().filter(|below| *below > 0).ok_or_else(wrong)?;
        let above = 10u64.checked_pow(kg.scale()).ok_or_else(wrong)?;
        let common = common_divisor(above, below);
        over = (over / common_divisor(over, below / common)).checked_mul(below / common).ok_or_else(wrong)?;
        inverse.push((*indicator, above / common, below / common));
    }
    let whole = over.checked_mul(per_tonne.into()).and_then(|over| u32::try_from(over).ok()).filter(|over| *over > 0);
    let over_all = whole.ok_or(SumError::Equivalent(Decimal::from(over)))?;
    let weight = |(indicator, above, below): (Indicator, u64, u64)| (indicator, Decimal::from(above * (over / below)));
    let parts = inverse.into_iter().map(weight).collect();
    Ok(Sum { of: Indicator::Emission, parts, over: over_all, tolerance })
}

fn common_divisor(a: u64, b: u64) -> u64 {
    if b == 0 { a } else { common_divisor(b, a % b) }
}

impl Sum {
    /// The sum of the parts; `None` when one of them is missing, or the sum is beyond what a decimal holds.
    pub fn of_parts(&self, part: impl Fn(Indicator) -> Option<Decimal>) -> Option<Fact> {
        let amount = self.parts.iter().try_fold(Decimal::ZERO, |sum, (indicator, weight)| {
            part(*indicator)?.checked_mul(*weight).and_then(|weighed| sum.checked_add(weighed))
        })?;
        Some(Fact { amount, over: self.over })
    }

    /// The figure that counts: the parts where all are there, else what was stated.
    pub fn counted(&self, figure: impl Fn(Indicator) -> Option<Decimal>) -> Option<Fact> {
        self.of_parts(&figure).or_else(|| figure(self.of).map(Fact::from))
    }

    /// Whether a stated sum lies farther from that of its parts than is taken for rounding; the bound itself is not.
    pub fn differs(&self, stated: Decimal, parts: Fact) -> bool {
        let parts = parts.exact();
        let stated = Ratio::from(stated);
        let apart = if stated > parts { stated - parts.clone() } else { parts.clone() - stated };
        apart * dec!(100) > parts * self.tolerance
    }
}

#[cfg(test)]
pub fn for_tests() -> Sums {
    let catalogue = crate::policy::catalogue::Catalogue::embedded().unwrap();
    let day = chrono::NaiveDate::from_ymd_opt(2024, 12, 31).unwrap();
    Sums::from_parameters(&catalogue.parameters_on(day)).unwrap()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn of(figures: &[(Indicator, Decimal)]) -> impl Fn(Indicator) -> Option<Decimal> {
        move |asked| figures.iter().find(|(indicator, _)| *indicator == asked).map(|(_, value)| *value)
    }

    const PARTS: [(Indicator, Decimal); 4] = [
        (Indicator::Cod, dec!(10)),
        (Indicator::AmmoniaNitrogen, dec!(1)),
        (Indicator::SulfurDioxide, dec!(2)),
        (Indicator::NitrogenOxides, dec!(3)),
    ];

    #[test]
    fn equivalents_add_up_exactly_and_a_thousand_are_a_tonne() {
        let emission = for_tests().emission;
        let sum = emission.of_parts(of(&PARTS)).unwrap();
        assert_eq!((sum.amount, sum.over), (dec!(1255), 76_000));
        assert_eq!((sum.exact() * dec!(1000)).rounded(6), Some(dec!(16.513158)));
        assert_eq!((sum.exact() * dec!(1000)).to_string(), "1255/76");
    }

    #[test]
    fn one_pollutant_missing_makes_the_sum_missing_and_a_zero_does_not() {
        let emission = for_tests().emission;
        for left_out in 0..PARTS.len() {
            let mut parts = PARTS.to_vec();
            let gone = parts.remove(left_out);
            assert_eq!(emission.of_parts(of(&parts)), None);
            assert_eq!(emission.counted(of(&parts)), None);
            let stated = [parts.as_slice(), &[(Indicator::Emission, dec!(0.02))]].concat();
            assert_eq!(emission.counted(of(&stated)), Some(dec!(0.02).into()), "what was stated counts meanwhile");
            parts.push((gone.0, dec!(0)));
            assert!(emission.of_parts(of(&parts)).is_some());
        }
        let none = POLLUTANTS.map(|(pollutant, _)| (pollutant, dec!(0)));
        assert!(emission.counted(of(&none)).unwrap().exact().is_zero(), "lets out nothing, and that is on record");
    }

    #[test]
    fn the_parts_win_over_a_stated_sum_and_a_difference_is_told() {
        let electricity = for_tests().electricity;
        let figures = [
            (Indicator::Electricity, dec!(500)),
            (Indicator::ElectricityGrid, dec!(300)),
            (Indicator::ElectricityOwn, dec!(100)),
        ];
        assert_eq!(electricity.counted(of(&figures)), Some(dec!(400).into()));
        let parts = Fact::from(dec!(400));
        for (stated, differs) in [("404", false), ("404.01", true), ("396", false), ("395.99", true), ("400", false)] {
            assert_eq!(electricity.differs(stated.parse().unwrap(), parts), differs, "{stated}");
        }
        assert!(electricity.differs(dec!(0.01), dec!(0).into()) && !electricity.differs(dec!(0), dec!(0).into()));
    }

    #[test]
    fn the_largest_figures_still_add_up() {
        let most = POLLUTANTS.map(|(pollutant, _)| (pollutant, pollutant.dimension().bounds().most));
        assert!(for_tests().emission.of_parts(of(&most)).is_some());
    }

    #[test]
    fn a_weight_that_is_none_is_refused() {
        for kg in [dec!(0), dec!(-1)] {
            assert_eq!(equivalents(&[(Indicator::Cod, kg)], 1000, dec!(1)), Err(SumError::Equivalent(kg)));
        }
        assert!(equivalents(&[(Indicator::Cod, dec!(1))], 0, dec!(1)).is_err());
    }

    proptest! {
        #[test]
        fn the_sum_is_that_of_the_quotients(kg in prop::array::uniform4(0i64..1_000_000_000)) {
            let figures: Vec<_> = PARTS.iter().zip(kg).map(|((it, _), kg)| (*it, Decimal::new(kg, 3))).collect();
            let sum = for_tests().emission.of_parts(of(&figures)).unwrap().exact() * dec!(1000);
            let per = [dec!(1), dec!(0.8), dec!(0.95), dec!(0.95)];
            let quotients: Ratio = figures.iter().zip(per).map(|((_, kg), per)| Ratio::of(*kg, per).unwrap()).sum();
            prop_assert_eq!(sum, quotients);
        }
    }
}
