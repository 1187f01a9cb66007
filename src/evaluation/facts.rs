//! The facts that schemes are made of, by name: what each is, in which unit, and where it comes from.

use crate::scoring::subject::{Fact, Facts};
use rust_decimal::Decimal;

use crate::base::period::length_of_year;
use crate::enterprise::Indicator;

/// Land of the year: own + leased in + other − leased out, by days held.
pub const LAND_MU: &str = "land_mu";
pub const LAND_M2: &str = "land_m2";

/// Figures of the return by the name that schemes use.
pub const FIGURES: &[(&str, Indicator)] = &[
    ("tax_yuan", Indicator::TaxPaid),
    ("revenue_yuan", Indicator::Revenue),
    ("value_added_yuan", Indicator::ValueAdded),
    ("energy_tce", Indicator::Energy),
    ("emission_t", Indicator::Emission),
    ("headcount", Indicator::Headcount),
    ("rd_yuan", Indicator::ResearchSpending),
    ("electricity_kwh", Indicator::Electricity),
];

/// The name of a figure, as schemes use it.
pub fn name_of(indicator: Indicator) -> Option<&'static str> {
    FIGURES.iter().find(|(_, other)| *other == indicator).map(|(name, _)| *name)
}

/// Every name a scheme may use.
pub fn names() -> impl Iterator<Item = &'static str> {
    [LAND_MU, LAND_M2].into_iter().chain(FIGURES.iter().map(|(name, _)| *name))
}

/// The land of a year in mu, and in m² (2000/3 of a mu each): Σ mu × days over the days of the year.
pub fn put_land(facts: &mut Facts, mu_days: Decimal, year: i32) {
    let days = length_of_year(year) as u32;
    facts.insert(LAND_MU.to_owned(), Fact { amount: mu_days, over: days });
    if let Some(amount) = mu_days.checked_mul(Decimal::from(2000)) {
        facts.insert(LAND_M2.to_owned(), Fact { amount, over: days * 3 });
    }
}

#[cfg(test)]
mod tests {
    use rust_decimal_macros::dec;

    use super::*;
    use crate::base::ratio::Ratio;

    #[test]
    fn land_of_a_year_is_by_days_held_and_exact_in_both_units() {
        let mut facts = Facts::new();
        // 10 mu for 73 days of 365.
        put_land(&mut facts, dec!(730), 2023);
        assert_eq!(facts[LAND_MU].exact(), Ratio::from(dec!(2)));
        assert_eq!(facts[LAND_M2].exact(), Ratio::of(dec!(4000), dec!(3)).unwrap());
        put_land(&mut facts, dec!(732), 2024);
        assert_eq!(facts[LAND_MU].exact(), Ratio::from(dec!(2)));
    }

    #[test]
    fn names_stand_once() {
        let all: std::collections::BTreeSet<_> = names().collect();
        assert_eq!(all.len(), names().count());
    }
}
