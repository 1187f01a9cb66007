//! What a fact or an indicator measures, and the exact size of the units it may be written in.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use crate::base::conversion::{self as unit, Dimension};
use crate::base::ratio::Ratio;

/// What a figure measures.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Measure {
    Dimension(Dimension),
    /// Units of its own, with the size of each.
    Own(BTreeMap<String, Ratio>),
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("“{factor}” is not a factor of the unit {unit}: a positive decimal or a quotient of two")]
pub struct OwnUnitError {
    unit: String,
    factor: String,
}

/// A figure as it is asked for: in the direction of the indicator or the other way round, in units of `scale`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// The denominator over the numerator.
    pub inverse: bool,
    /// One of the unit, in stored units.
    pub scale: Ratio,
}

/// What an indicator measures.
pub enum Measures {
    Single(Measure),
    Quotient { numerator: Measure, denominator: Measure, invertible: bool },
}

impl Measure {
    /// `unit` is the one the figure is stored in.
    ///
    /// # Errors
    /// A factor that is not a positive number.
    pub fn own(unit: &str, units: &BTreeMap<String, String>) -> Result<Self, OwnUnitError> {
        let mut sizes = BTreeMap::from([(unit.to_owned(), Ratio::from(Decimal::ONE))]);
        for (name, factor) in units {
            let wrong = || OwnUnitError { unit: name.clone(), factor: factor.clone() };
            sizes.insert(name.clone(), size(factor).ok_or_else(wrong)?);
        }
        Ok(Measure::Own(sizes))
    }

    /// One of `unit` in the stored unit; nothing when it does not measure this.
    pub fn scale(&self, unit: &str) -> Option<Ratio> {
        match self {
            Measure::Dimension(dimension) => unit::find(*dimension, unit).map(|unit| unit.scale()),
            Measure::Own(sizes) => sizes.get(unit.trim()).cloned(),
        }
    }

    /// The units people may write, as a message lists them.
    pub fn names(&self) -> Vec<String> {
        match self {
            Measure::Dimension(dimension) => unit::titles(*dimension).map(str::to_owned).collect(),
            Measure::Own(sizes) => sizes.keys().cloned().collect(),
        }
    }
}

impl Measures {
    /// Nothing when `unit` does not measure this.
    pub fn asked(&self, unit: &str) -> Option<Asked> {
        let straight = |scale| Asked { inverse: false, scale };
        match self {
            Measures::Single(measure) => measure.scale(unit).map(straight),
            Measures::Quotient { numerator, denominator, .. } if numerator == denominator => {
                unit::find(Dimension::Ratio, unit).map(|unit| straight(unit.scale()))
            }
            Measures::Quotient { numerator, denominator, invertible } => {
                let (above, below) = unit.split_once(['/', '／', '每'])?;
                let quotient = |above: Option<Ratio>, below: Option<Ratio>| above?.over(&below?);
                let forward = quotient(numerator.scale(above), denominator.scale(below)).map(straight);
                let inverse = || quotient(denominator.scale(above), numerator.scale(below));
                forward.or_else(|| inverse().filter(|_| *invertible).map(|scale| Asked { inverse: true, scale }))
            }
        }
    }
}

fn size(factor: &str) -> Option<Ratio> {
    let number = |text: &str| text.trim().parse::<Decimal>().ok().filter(|number| *number > Decimal::ZERO);
    match factor.split_once('/') {
        Some((above, below)) => Ratio::of(number(above)?, number(below)?),
        None => number(factor).map(Ratio::from),
    }
}

#[cfg(test)]
mod tests {
    use rust_decimal_macros::dec;

    use super::*;

    fn per_mu(unit: &str) -> Option<Asked> {
        let [numerator, denominator] = [Dimension::Money, Dimension::Area].map(Measure::Dimension);
        Measures::Quotient { numerator, denominator, invertible: false }.asked(unit)
    }

    #[test]
    fn a_unit_of_two_is_exact() {
        assert_eq!(per_mu("万元/亩").unwrap().scale, Ratio::from(dec!(15)), "yuan per square metre");
        assert_eq!(per_mu("元／平方米").unwrap().scale, Ratio::from(dec!(1)));
        assert_eq!(per_mu("万元每亩").unwrap().scale, Ratio::from(dec!(15)));
        assert_eq!(per_mu("亩/万元"), None, "nobody asks for land per money");
        assert_eq!(per_mu("万元"), None);
    }

    #[test]
    fn the_inverse_is_told_by_its_unit() {
        let [numerator, denominator] = [Dimension::Energy, Dimension::Money].map(Measure::Dimension);
        let measures = Measures::Quotient { numerator, denominator, invertible: true };
        assert!(!measures.asked("tce/万元").unwrap().inverse);
        let inverse = measures.asked("万元/吨标准煤").unwrap();
        assert_eq!((inverse.inverse, inverse.scale), (true, Ratio::from(dec!(10000))));
    }

    #[test]
    fn alike_over_alike_is_a_share() {
        let area = || Measure::Dimension(Dimension::Area);
        let measures = Measures::Quotient { numerator: area(), denominator: area(), invertible: false };
        assert_eq!(measures.asked("%").unwrap().scale, Ratio::from(dec!(0.01)));
        assert_eq!(measures.asked("1").unwrap().scale, Ratio::from(dec!(1)));
        assert_eq!(measures.asked("亩"), None);
    }
}
