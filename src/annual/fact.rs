//! The facts of a year by the names that schemes use ([`crate::policy::scheme::fact::YearFact`]), each exact.

use std::collections::BTreeMap;

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
    let figure = |indicator: Indicator| of.facts.figures.of(indicator).value();
    let mut facts: BTreeMap<&'static str, Fact> = Indicator::ALL
        .iter()
        .filter(|indicator| sums.all().into_iter().all(|sum| sum.of != **indicator))
        .filter_map(|indicator| Some((indicator.fact(), Fact::from(figure(*indicator)?))))
        .collect();
    facts.extend(sums.all().into_iter().filter_map(|sum| Some((sum.of.fact(), sum.counted(figure)?))));
    let days = u32::try_from(length_of_year(of.facts.year)).unwrap_or(u32::MAX);
    if of.facts.land.average(of.facts.year).is_some() {
        let land = of.facts.land.total();
        facts.insert("land_mu", Fact { amount: land, over: days });
        facts.extend(square_metres(land).map(|amount| ("land_m2", Fact { amount, over: days * 3 })));
    }
    facts.extend(of.facts.floor.map(|floor| ("floor_m2", Fact { amount: floor, over: days })));
    facts
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
    fn every_figure_is_a_fact_that_schemes_may_use() {
        for indicator in Indicator::ALL {
            assert!(YearFact::of_code(indicator.fact()).is_some(), "{indicator}");
        }
        let others = ["land_m2", "land_mu", "floor_m2"];
        assert_eq!(YearFact::ALL.len(), Indicator::ALL.len() + others.len());
        assert!(others.iter().all(|name| YearFact::of_code(name).is_some()));
    }
}
