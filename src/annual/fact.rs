//! The facts of a year by the names that schemes use ([`crate::policy::scheme::fact::YearFact`]), each exact.

use std::collections::{BTreeMap, BTreeSet};

use rust_decimal::Decimal;
use rust_decimal_macros::dec;

use super::EnterpriseYear;
use crate::base::period::length_of_year;
use crate::base::ratio::Ratio;
use crate::enterprise::Indicator;
use crate::enterprise::sums::Sums;
use crate::scoring::subject::Fact;

/// What is known of an enterprise's year; what is missing, or on record and cannot be right, is not there. Sums are those of their
/// parts where all parts are there ([`crate::enterprise::sums`]). All figures of the year must have been asked for.
pub fn named(of: &EnterpriseYear, sums: &Sums) -> BTreeMap<&'static str, Fact> {
    let mut facts = figures(|indicator| of.facts.figures.of(indicator).value(), sums);
    if of.facts.land.average(of.facts.year).is_some() {
        facts.extend(land(of.facts.land.total(), of.facts.year));
    }
    let days = days(of.facts.year);
    facts.extend(of.facts.floor.map(|floor| ("floor_m2", Fact { amount: floor, over: days })));
    facts
}

/// The figures of a return by name; a sum counts as its parts do.
pub fn figures(figure: impl Fn(Indicator) -> Option<Decimal>, sums: &Sums) -> BTreeMap<&'static str, Fact> {
    let is_sum = |indicator: Indicator| sums.all().into_iter().any(|sum| sum.of == indicator);
    let plain = Indicator::ALL.iter().filter(|indicator| !is_sum(**indicator));
    let mut facts: BTreeMap<&'static str, Fact> =
        plain.filter_map(|indicator| Some((indicator.fact(), Fact::from(figure(*indicator)?)))).collect();
    facts.extend(sums.all().into_iter().filter_map(|sum| Some((sum.of.fact(), sum.counted(&figure)?))));
    facts
}

/// The figures that some facts are made of: their own, and the parts of those that are sums.
pub fn figures_behind(asked: &BTreeSet<&str>, sums: &Sums) -> Vec<Indicator> {
    let parts = |sum: &crate::enterprise::sums::Sum| sum.parts.iter().map(|(part, _)| *part).collect::<Vec<_>>();
    let summed = sums.all().into_iter().filter(|sum| asked.contains(sum.of.fact())).flat_map(parts);
    let parts: BTreeSet<Indicator> = summed.collect();
    let wanted = |indicator: &&Indicator| asked.contains(indicator.fact()) || parts.contains(indicator);
    Indicator::ALL.iter().filter(wanted).copied().collect()
}

/// Land of a year in mu and, where a decimal holds it, in m²: Σ mu × days over the days of the year.
pub fn land(mu_days: Decimal, year: i32) -> impl Iterator<Item = (&'static str, Fact)> {
    let days = days(year);
    let metres = square_metres(mu_days).map(|amount| ("land_m2", Fact { amount, over: days * 3 }));
    [("land_mu", Fact { amount: mu_days, over: days })].into_iter().chain(metres)
}

fn days(year: i32) -> u32 {
    u32::try_from(length_of_year(year)).unwrap_or(u32::MAX)
}

/// Mu as thirds of a square metre; nothing where no decimal holds them exactly.
fn square_metres(land: Decimal) -> Option<Decimal> {
    let land = land.normalize();
    let thirds = land.checked_mul(dec!(2000))?;
    (Ratio::from(thirds) == Ratio::from(land) * dec!(2000)).then_some(thirds)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::annual::{Facts, Figure, Figures, LandDays};
    use crate::enterprise::sums::for_tests;
    use crate::enterprise::{EnterpriseState, FigureState, Sector, SizeClass};
    use crate::policy::scheme::fact::YearFact;

    fn year(figures: &[(Indicator, Decimal)], owned: Decimal) -> EnterpriseYear {
        let stated = |(indicator, value): &(_, _)| (*indicator, Figure::Stated(*value, FigureState::Confirmed));
        EnterpriseYear {
            uscc: String::new(),
            name: String::new(),
            state: EnterpriseState::Operating,
            sector: Sector::Industry,
            industry_edition: None,
            industry_code: None,
            subdistrict: None,
            subdistrict_name: None,
            facts: Facts {
                year: 2023,
                operated: true,
                established_on: None,
                size_class: SizeClass::Above,
                above_size_since: None,
                project: None,
                figures: Figures(figures.iter().map(stated).collect()),
                land: LandDays { owned, records: 1, ..LandDays::default() },
                floor: None,
            },
            parts: Vec::new(),
        }
    }

    #[test]
    fn facts_go_by_their_names_and_what_is_missing_is_not_there() {
        let figures = [
            (Indicator::TaxPaid, dec!(0)),
            (Indicator::Electricity, dec!(9)),
            (Indicator::ElectricityGrid, dec!(300)),
            (Indicator::ElectricityOwn, dec!(100)),
            (Indicator::Emission, dec!(0.5)),
            (Indicator::Cod, dec!(10)),
        ];
        let facts = named(&year(&figures, dec!(3650)), &for_tests());
        assert_eq!(facts["land_mu"].exact(), Ratio::from(dec!(10)));
        assert_eq!(facts["land_m2"].exact(), Ratio::of(dec!(20000), dec!(3)).unwrap());
        assert_eq!(facts["tax_yuan"], dec!(0).into(), "a zero is a figure");
        assert_eq!(facts["electricity_kwh"], dec!(400).into(), "the parts win");
        assert_eq!(facts["emission_t"], dec!(0.5).into(), "three pollutants are missing: what was stated counts");
        let names: Vec<_> = facts.keys().copied().collect();
        let expected = [
            "cod_kg",
            "electricity_grid_kwh",
            "electricity_kwh",
            "electricity_own_kwh",
            "emission_t",
            "land_m2",
            "land_mu",
            "tax_yuan",
        ];
        assert_eq!(names, expected);
    }

    #[test]
    fn a_sum_asks_for_its_parts() {
        let asked = ["tax_yuan", "electricity_kwh"].into();
        let expected =
            [Indicator::TaxPaid, Indicator::Electricity, Indicator::ElectricityGrid, Indicator::ElectricityOwn];
        assert_eq!(figures_behind(&asked, &for_tests()), expected);
    }

    #[test]
    fn land_of_a_year_is_by_days_held_and_exact_in_both_units() {
        // 10 mu for 73 days of 365.
        let facts: BTreeMap<_, _> = land(dec!(730), 2023).collect();
        assert_eq!(facts["land_mu"].exact(), Ratio::from(dec!(2)));
        assert_eq!(facts["land_m2"].exact(), Ratio::of(dec!(4000), dec!(3)).unwrap());
        let facts: BTreeMap<_, _> = land(dec!(732), 2024).collect();
        assert_eq!(facts["land_mu"].exact(), Ratio::from(dec!(2)));
    }

    #[test]
    fn every_figure_is_a_fact_that_schemes_may_use() {
        for indicator in Indicator::ALL {
            assert!(YearFact::of_code(indicator.fact()).is_some(), "{indicator}");
        }
        let of_platforms = ["platform_area_m2", "platform_area_mu", "platform_enterprises"];
        let others = [&["land_m2", "land_mu", "floor_m2"], &of_platforms[..]].concat();
        assert_eq!(YearFact::ALL.len(), Indicator::ALL.len() + others.len());
        assert!(others.iter().all(|name| YearFact::of_code(name).is_some()));
    }
}
