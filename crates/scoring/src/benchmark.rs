//! What a value is measured against: the mean of the years before, × 1.5, revised every three years. 二(一)2 of the
//! governing text.

use base::ratio::Ratio;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::fact;
use crate::layout;
use crate::made::Sides;
use crate::scheme::{Mean, Quotient, Standard, Term};
use crate::subject::Facts;

/// What the district's members of a category came to in one year: rows with both figures and a denominator above zero.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct YearSums {
    pub year: i32,
    pub numerator: Ratio,
    pub denominator: Ratio,
    pub rows: u64,
}

/// Sums of one year as they grow, each fraction added to those of its denominator: few denominators occur, and whole numbers are
/// quickly added.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sums {
    numerator: Total,
    denominator: Total,
    rows: u64,
}

impl Sums {
    /// Takes a row with both figures and a denominator above zero; others do not count.
    pub fn add(&mut self, quotient: &Quotient, facts: &Facts) {
        let whole = small_sum(&quotient.numerator, facts).zip(small_sum(&quotient.denominator, facts));
        if let Some((numerator, denominator)) = whole {
            if denominator.0 > 0 {
                self.numerator.add(numerator);
                self.denominator.add(denominator);
                self.rows += 1;
            }
            return;
        }
        let (numerator, denominator) = (fact::sum(&quotient.numerator, facts), fact::sum(&quotient.denominator, facts));
        self.add_sides(Sides { numerator, denominator });
    }

    /// The same of one that is made of others.
    pub fn add_sides(&mut self, sides: Sides) {
        if let (Some(numerator), Some(denominator)) = (sides.numerator, sides.denominator)
            && !denominator.is_zero()
            && !denominator.is_negative()
        {
            self.numerator.large.push(numerator);
            self.denominator.large.push(denominator);
            self.rows += 1;
        }
    }

    pub fn of_year(&self, year: i32) -> YearSums {
        YearSums { year, numerator: self.numerator.exact(), denominator: self.denominator.exact(), rows: self.rows }
    }
}

/// Whole numbers by what they are divided by, and what does not fit those.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Total {
    whole: Vec<(i128, i128)>,
    large: Vec<Ratio>,
}

impl Total {
    fn add(&mut self, (above, below): (i128, i128)) {
        match self.whole.iter_mut().find(|(_, other)| *other == below) {
            None => self.whole.push((above, below)),
            Some((sum, _)) => match sum.checked_add(above) {
                Some(more) => *sum = more,
                None => self.large.push(fraction(above, below)),
            },
        }
    }

    fn exact(&self) -> Ratio {
        self.whole.iter().map(|(above, below)| fraction(*above, *below)).chain(self.large.iter().cloned()).sum()
    }
}

fn fraction(above: i128, below: i128) -> Ratio {
    Ratio::whole(above).over(&Ratio::whole(below)).unwrap_or_else(|| Decimal::ZERO.into())
}

/// Σ of terms in whole numbers: what is divided by what. Nothing where a figure is missing, or they do not hold it.
fn small_sum(terms: &[Term], facts: &Facts) -> Option<(i128, i128)> {
    layout::small_sum(terms.iter().map(|term| Some((*facts.get(&term.fact)?, term.factor))))
}

/// The base of one indicator, with what it was worked out from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Benchmark {
    pub indicator: String,
    /// The first year it holds for; none of a base that was typed.
    pub revised_for: Option<i32>,
    /// The mean that the scheme asks for.
    pub mean: Option<Ratio>,
    /// The other mean, for comparison.
    pub other_mean: Option<Ratio>,
    /// The base itself.
    pub value: Ratio,
    /// Years of the base that have figures.
    pub years: Vec<YearSums>,
    /// Years of the base without a figure: the mean is of the others.
    pub years_missing: Vec<i32>,
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BaseError {
    #[error("no year of the base of {indicator} has figures ({first} to {last})")]
    NoFigures { indicator: String, first: i32, last: i32 },
    #[error("the base of {indicator} is not above zero")]
    NotPositive { indicator: String },
}

/// The year for which the base that holds in `year` was revised.
pub fn revised_for(year: i32, first: i32, every: i32) -> i32 {
    year - (year - first).rem_euclid(every.max(1))
}

/// The years a base is the mean of: never the scored year itself.
pub fn years_of(standard: &Standard, year: i32) -> std::ops::Range<i32> {
    match *standard {
        Standard::Benchmark { years, revised_for: first, .. } => {
            let revised = revised_for(year, first, years);
            revised - years..revised
        }
        Standard::Fixed(_) => year..year,
    }
}

/// The base that holds in `year`; `sums` are of the years of the base, others are not looked at.
///
/// # Errors
/// No figures in any year of the base, or a base that is not above zero: nothing can be measured against it.
pub fn benchmark(indicator: &str, standard: &Standard, year: i32, sums: &[YearSums]) -> Result<Benchmark, BaseError> {
    let positive = |value: Ratio| {
        let above_zero = !value.is_negative() && !value.is_zero();
        above_zero.then_some(value).ok_or_else(|| BaseError::NotPositive { indicator: indicator.to_owned() })
    };
    let (mean, factor, every, first) = match *standard {
        Standard::Fixed(base) => return fixed(indicator, positive(base.into())?),
        Standard::Benchmark { mean, factor, years, revised_for } => (mean, factor, years, revised_for),
    };
    let wanted = years_of(standard, year);
    let counted = |sums: &&YearSums| wanted.contains(&sums.year) && !sums.denominator.is_zero();
    let mut years: Vec<YearSums> = sums.iter().filter(counted).cloned().collect();
    years.sort_by_key(|sums| sums.year);
    let missing = wanted.clone().filter(|year| years.iter().all(|sums| sums.year != *year)).collect();
    let (Some(of_sums), Some(of_years)) = (ratio_of_sums(&years), mean_of_yearly_ratios(&years)) else {
        return Err(BaseError::NoFigures {
            indicator: indicator.to_owned(),
            first: wanted.start,
            last: wanted.end - 1,
        });
    };
    let (asked, other) = match mean {
        Mean::RatioOfSums => (of_sums, of_years),
        Mean::YearlyRatios => (of_years, of_sums),
    };
    Ok(Benchmark {
        indicator: indicator.to_owned(),
        revised_for: Some(revised_for(year, first, every)),
        value: positive(asked.clone() * factor)?,
        mean: Some(asked),
        other_mean: Some(other),
        years,
        years_missing: missing,
    })
}

fn fixed(indicator: &str, value: Ratio) -> Result<Benchmark, BaseError> {
    Ok(Benchmark {
        indicator: indicator.to_owned(),
        revised_for: None,
        mean: None,
        other_mean: None,
        value,
        years: Vec::new(),
        years_missing: Vec::new(),
    })
}

fn ratio_of_sums(years: &[YearSums]) -> Option<Ratio> {
    let numerator: Ratio = years.iter().map(|sums| sums.numerator.clone()).sum();
    let denominator: Ratio = years.iter().map(|sums| sums.denominator.clone()).sum();
    numerator.over(&denominator)
}

fn mean_of_yearly_ratios(years: &[YearSums]) -> Option<Ratio> {
    let ratios: Vec<Ratio> = years.iter().filter_map(|sums| sums.numerator.over(&sums.denominator)).collect();
    let count = Decimal::from(ratios.len());
    ratios.into_iter().sum::<Ratio>().over(&count.into())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rust_decimal_macros::dec;

    use super::*;
    use crate::samples::quotient;
    use crate::subject::Fact;

    fn policy(mean: Mean) -> Standard {
        Standard::Benchmark { mean, factor: dec!(1.5), years: 3, revised_for: 2019 }
    }

    fn sums(year: i32, numerator: Decimal, denominator: Decimal) -> YearSums {
        YearSums { year, numerator: numerator.into(), denominator: denominator.into(), rows: 1 }
    }

    #[test]
    fn a_base_is_revised_every_third_year_and_never_rests_on_the_scored_year() {
        let standard = policy(Mean::RatioOfSums);
        for (year, revised, years) in [
            (2018, 2016, 2013..2016),
            (2019, 2019, 2016..2019),
            (2021, 2019, 2016..2019),
            (2022, 2022, 2019..2022),
            (2024, 2022, 2019..2022),
            (2025, 2025, 2022..2025),
        ] {
            assert_eq!(revised_for(year, 2019, 3), revised, "{year}");
            assert_eq!(years_of(&standard, year), years, "{year}");
            assert!(!years_of(&standard, year).contains(&year));
        }
    }

    proptest! {
        #[test]
        fn sums_are_what_the_fractions_add_up_to(all in prop::collection::vec((prop::option::of((any::<i64>(), 0u32..28, 1u32..9)), prop::option::of((-5i64..50, 0u32..3, 1u32..9))), 0..20)) {
            let fact = |(amount, scale, over): (i64, u32, u32)| Fact { amount: Decimal::new(amount, scale), over };
            let quotient = quotient("above", "below");
            let zero = || Ratio::from(Decimal::ZERO);
            let (mut sums, mut expected) = (Sums::default(), YearSums { year: 2022, numerator: zero(), denominator: zero(), rows: 0 });
            for (above, below) in all {
                let named = [("above", above.map(fact)), ("below", below.map(fact))];
                sums.add(&quotient, &named.iter().filter_map(|(name, fact)| Some(((*name).to_owned(), (*fact)?))).collect());
                if let (Some(above), Some(below)) = (named[0].1, named[1].1.filter(|below| below.amount > Decimal::ZERO)) {
                    expected.numerator = expected.numerator + above.exact();
                    expected.denominator = expected.denominator + below.exact();
                    expected.rows += 1;
                }
            }
            prop_assert_eq!(sums.of_year(2022), expected);
        }
    }

    #[test]
    fn the_two_means_differ_and_each_is_what_it_says() {
        let years = [sums(2019, dec!(100), dec!(10)), sums(2020, dec!(40), dec!(1)), sums(2021, dec!(10), dec!(1))];
        let base = benchmark("tax_per_mu", &policy(Mean::RatioOfSums), 2022, &years).unwrap();
        assert_eq!(base.mean, Some(Ratio::from(dec!(12.5))));
        assert_eq!(base.other_mean, Some(Ratio::from(dec!(20))));
        assert_eq!(base.value, Ratio::from(dec!(18.75)));
        let base = benchmark("tax_per_mu", &policy(Mean::YearlyRatios), 2022, &years).unwrap();
        assert_eq!((base.mean.unwrap(), base.value), (Ratio::from(dec!(20)), Ratio::from(dec!(30))));
    }

    #[test]
    fn a_missing_year_is_named_and_not_filled() {
        let years = [sums(2019, dec!(100), dec!(10)), sums(2021, dec!(20), dec!(1)), sums(2022, dec!(9), dec!(1))];
        let base = benchmark("tax_per_mu", &policy(Mean::YearlyRatios), 2023, &years).unwrap();
        assert_eq!(base.years_missing, [2020]);
        assert_eq!(base.mean, Some(Ratio::from(dec!(15))));
        let none = benchmark("tax_per_mu", &policy(Mean::RatioOfSums), 2019, &years).unwrap_err();
        assert_eq!(none, BaseError::NoFigures { indicator: "tax_per_mu".into(), first: 2016, last: 2018 });
        let below = benchmark("tax_per_mu", &policy(Mean::RatioOfSums), 2022, &[sums(2020, dec!(-1), dec!(1))]);
        assert_eq!(below, Err(BaseError::NotPositive { indicator: "tax_per_mu".into() }));
    }
}
