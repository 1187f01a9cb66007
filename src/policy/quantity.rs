//! A figure with its unit. Promised, measured and asked figures are compared as quantities: turned into one unit exactly, or
//! refused with the reason.

use serde::{Deserialize, Serialize};

use super::indicator::{Fact, Indicator, Indicators};
use super::measure::Asked;
use super::range::Range;
use crate::base::ratio::Ratio;

/// Contracts call the whole investment, land price included, by this name; as a fact it is `fixed_investment`.
pub const WHOLE_INVESTMENT: &str = "fixed_investment_yuan";
const WHOLE_INVESTMENT_FACT: &str = "fixed_investment";

/// A figure in a unit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quantity {
    pub figure: Ratio,
    pub unit: String,
}

/// Why figures cannot be compared.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum QuantityError {
    #[error("“{0}”不是标准地指标")]
    Indicator(String),
    #[error("“{unit}”不是{label}的计量单位，可用的如“{usual}”")]
    Unit { label: String, unit: String, usual: String },
    #[error("{0}为零，不能换算")]
    Zero(String),
}

impl QuantityError {
    /// Stable, for programs.
    pub fn code(&self) -> &'static str {
        match self {
            QuantityError::Indicator(_) => "indicator_unknown",
            QuantityError::Unit { .. } => "unit_unknown",
            QuantityError::Zero(_) => "value_unreadable",
        }
    }
}

/// What goes by a name in contracts: an indicator, or a fact taken as it is.
#[derive(Clone, Copy)]
enum Named<'a> {
    Indicator(&'a Indicator),
    Fact(&'a Fact),
}

impl<'a> Named<'a> {
    fn label(self) -> &'a str {
        match self {
            Named::Indicator(indicator) => &indicator.label,
            Named::Fact(fact) => &fact.label,
        }
    }

    fn usual(self) -> &'a str {
        match self {
            Named::Indicator(indicator) => &indicator.unit,
            Named::Fact(fact) => &fact.unit,
        }
    }
}

impl Indicators {
    /// The name by which a promise goes, from name or Chinese label: that of an indicator, or the whole investment.
    pub fn promised_name(&self, text: &str) -> Option<&str> {
        let text = text.trim();
        let whole = self.fact(WHOLE_INVESTMENT_FACT);
        if text == WHOLE_INVESTMENT || whole.is_some_and(|it| it.name == text || it.label == text || it.noun() == text)
        {
            return Some(WHOLE_INVESTMENT);
        }
        let known = |it: &&Indicator| it.name == text || it.label == text || it.reciprocal.as_deref() == Some(text);
        self.indicators.iter().find(known).map(|it| it.name.as_str())
    }

    /// For people; a name that is none stays as it is.
    pub fn promised_label<'a>(&'a self, name: &'a str) -> &'a str {
        self.named(name).map_or(name, Named::label)
    }

    /// How a unit asks for what goes by the name. An empty unit is that of a plain ratio.
    ///
    /// # Errors
    /// There is no such name, or the unit does not measure it.
    pub fn reading(&self, name: &str, unit: &str) -> Result<Asked, QuantityError> {
        let named = self.named(name).ok_or_else(|| QuantityError::Indicator(name.to_owned()))?;
        let asked = match named {
            Named::Indicator(indicator) => self.asked(indicator, plain(unit)),
            Named::Fact(fact) => {
                let scale = fact.measure().ok().and_then(|measure| measure.scale(plain(unit)));
                scale.map(|scale| Asked { inverse: false, scale })
            }
        };
        let wrong = || QuantityError::Unit {
            label: named.label().to_owned(),
            unit: unit.to_owned(),
            usual: named.usual().to_owned(),
        };
        asked.ok_or_else(wrong)
    }

    /// The same figure in another unit, exactly.
    ///
    /// # Errors
    /// There is no such name, a unit does not measure it, or zero would have to be turned over.
    pub fn converted(&self, name: &str, quantity: &Quantity, unit: &str) -> Result<Ratio, QuantityError> {
        let (from, to) = (self.reading(name, &quantity.unit)?, self.reading(name, unit)?);
        let stored = quantity.figure.times(&from.scale);
        let zero = || QuantityError::Zero(self.promised_label(name).to_owned());
        let turned = if from.inverse == to.inverse { stored } else { stored.reciprocal().ok_or_else(zero)? };
        turned.over(&to.scale).ok_or_else(zero)
    }

    /// A range in another unit that asks in the same direction, exactly.
    ///
    /// # Errors
    /// As [`Indicators::converted`]; a range is not turned over.
    pub fn range_in(&self, name: &str, range: &Range, unit: &str, wanted: &str) -> Result<Range, QuantityError> {
        let (from, to) = (self.reading(name, unit)?, self.reading(name, wanted)?);
        let wrong = || QuantityError::Unit {
            label: self.promised_label(name).to_owned(),
            unit: unit.to_owned(),
            usual: wanted.to_owned(),
        };
        let factor = from.scale.over(&to.scale).filter(|_| from.inverse == to.inverse).ok_or_else(wrong)?;
        Ok(range.scaled(&factor))
    }

    fn named(&self, name: &str) -> Option<Named<'_>> {
        let fact = if name == WHOLE_INVESTMENT { WHOLE_INVESTMENT_FACT } else { name };
        let indicator = self.indicator(name).map(Named::Indicator);
        indicator.or_else(|| self.fact(fact).map(Named::Fact))
    }
}

/// A plain ratio is written without a unit.
pub fn plain(unit: &str) -> &str {
    match unit.trim() {
        "" => "1",
        unit => unit,
    }
}

/// The unit as it stands behind a figure: nothing for a plain ratio, whose unit is 1 and would read as a digit.
pub fn behind_figure(unit: &str) -> &str {
    match plain(unit) {
        "1" => "",
        unit => unit,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rust_decimal::Decimal;
    use rust_decimal_macros::dec;

    use super::*;

    fn of(figure: Decimal, unit: &str) -> Quantity {
        Quantity { figure: figure.into(), unit: unit.into() }
    }

    fn converted(name: &str, figure: Decimal, unit: &str, wanted: &str) -> Result<Ratio, &'static str> {
        Indicators::built_in().converted(name, &of(figure, unit), wanted).map_err(|error| error.code())
    }

    #[test]
    fn units_of_money_land_and_both_are_turned_exactly() {
        for (name, figure, unit, wanted, expected) in [
            (WHOLE_INVESTMENT, dec!(300000000), "元", "万元", "30000"),
            (WHOLE_INVESTMENT, dec!(3.5714), "亿元", "元", "357140000"),
            ("site_area", dec!(1), "亩", "平方米", "2000/3"),
            ("site_area", dec!(1), "公顷", "亩", "15"),
            ("investment_intensity", dec!(300), "万元/亩", "元/平方米", "4500"),
            ("investment_intensity", dec!(1), "亿元/公顷", "万元/亩", "2000/3"),
            ("energy_per_value_added", dec!(0.52), "吨标准煤/万元", "千克标准煤/元", "0.052"),
            ("energy_per_value_added", dec!(0.5), "吨标准煤/万元", "万元/吨标准煤", "2"),
            ("building_coefficient", dec!(40), "%", "1", "0.4"),
            ("floor_area_ratio", dec!(1.5), "", "1", "1.5"),
        ] {
            let turned = converted(name, figure, unit, wanted).map(|it| it.to_string());
            assert_eq!(turned.as_deref(), Ok(expected), "{figure} {unit} of {name} in {wanted}");
        }
    }

    #[test]
    fn what_does_not_measure_the_same_is_refused_by_code() {
        assert_eq!(converted(WHOLE_INVESTMENT, dec!(1), "美元", "元"), Err("unit_unknown"));
        assert_eq!(converted(WHOLE_INVESTMENT, dec!(1), "", "元"), Err("unit_unknown"), "money has a unit");
        assert_eq!(converted("investment_intensity", dec!(1), "万元", "万元/亩"), Err("unit_unknown"));
        assert_eq!(converted("luck", dec!(1), "1", "1"), Err("indicator_unknown"));
        assert_eq!(converted("energy_per_output", dec!(0), "tce/万元", "万元/tce"), Err("value_unreadable"));
        let range = "[1,)".parse().unwrap();
        let turned = Indicators::built_in().range_in("energy_per_output", &range, "tce/万元", "万元/tce");
        assert!(matches!(turned, Err(QuantityError::Unit { .. })), "at least one is not at least the other");
    }

    #[test]
    fn a_promise_goes_by_name_or_label() {
        let named = |text: &str| Indicators::built_in().promised_name(text);
        assert_eq!(named("容积率"), Some("floor_area_ratio"));
        assert_eq!(named("floor_area_ratio"), Some("floor_area_ratio"));
        assert_eq!(named("固定资产投资"), Some(WHOLE_INVESTMENT));
        assert_eq!(named("fixed_investment"), Some(WHOLE_INVESTMENT));
        assert_eq!(named("单位能耗增加值"), Some("energy_per_value_added"));
        assert_eq!(named("运气"), None);
    }

    proptest! {
        #[test]
        fn there_and_back_is_the_same(figure in 1i64..i64::MAX, places in 0u32..9) {
            let figure = Decimal::new(figure, places);
            let there = Indicators::built_in().converted("tax_per_mu", &of(figure, "万元/亩"), "元/平方米").unwrap();
            let back = Quantity { figure: there, unit: "元/平方米".into() };
            let back = Indicators::built_in().converted("tax_per_mu", &back, "万元/亩").unwrap();
            prop_assert_eq!(back, Ratio::from(figure));
        }
    }
}
