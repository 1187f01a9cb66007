//! What standard land measures, as data: declared facts, and the indicators that are formed from them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

use super::interval::Interval;
use super::measure::{Asked, Measure, Measures, OwnUnitError};
use super::verdict::Aspect;
use crate::base::conversion::Dimension;

const EMBEDDED: &str = include_str!("../../policy/indicators.toml");

crate::terms! {
    /// A way in which a fact may sensibly be changed to conform.
    pub enum Advice {
        Increase = "increase" => "增加",
        Decrease = "decrease" => "减少",
    }
}

/// A figure that an applicant declares, or that follows from the site and the floors.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fact {
    pub name: String,
    pub label: String,
    /// The word for it in advice, where it differs from the label.
    #[serde(default)]
    pub noun: Option<String>,
    #[serde(default)]
    pub dimension: Option<Dimension>,
    /// Own units beside `unit`, each with its exact factor to it: `1/1000`.
    #[serde(default)]
    pub units: BTreeMap<String, String>,
    /// The unit of tables and advice.
    pub unit: String,
    /// Decimals of tables and advice.
    pub places: u32,
    #[serde(default)]
    pub advice: Vec<Advice>,
    #[serde(default)]
    pub note: String,
}

/// How facts become the figure that a standard asks about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Indicator {
    pub name: String,
    pub label: String,
    /// The name of the inverse, when a standard may ask for it: output per energy for energy per output.
    #[serde(default)]
    pub reciprocal: Option<String>,
    pub aspect: Aspect,
    /// Facts whose sum is divided.
    #[serde(default)]
    pub numerator: Vec<String>,
    /// Facts whose sum divides.
    #[serde(default)]
    pub denominator: Vec<String>,
    /// One fact, taken as it is.
    #[serde(default)]
    pub declared: Option<String>,
    /// The usual unit.
    pub unit: String,
    /// Decimals for the eye.
    pub places: u32,
    /// In `unit`; a figure outside is pointed out, nothing more.
    #[serde(default)]
    pub plausible: Option<Interval>,
    /// A part of a whole: more than all of it cannot be, and is refused.
    #[serde(default, skip_serializing_if = "is_false")]
    pub share: bool,
    pub document: String,
    pub article: String,
    #[serde(default)]
    pub note: String,
}

/// All of them. Whatever is in here was found to hold together.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Indicators {
    #[serde(rename = "fact")]
    pub facts: Vec<Fact>,
    #[serde(rename = "indicator")]
    pub indicators: Vec<Indicator>,
}

#[derive(Debug, thiserror::Error)]
pub enum IndicatorError {
    #[error("the indicators cannot be read: {0}")]
    Toml(#[from] toml::de::Error),
    #[error("the name {0} stands twice in the indicators")]
    Twice(String),
    #[error("the indicator {indicator} is formed from {fact}, which is not declared")]
    NoSuchFact { indicator: String, fact: String },
    #[error("the indicator {0} names neither one declared fact nor both a numerator and a denominator")]
    Formula(String),
    #[error("the facts added up for {0} do not measure the same")]
    Sum(String),
    #[error("“{unit}” is not a unit of {name}")]
    Unit { name: String, unit: String },
    #[error(transparent)]
    OwnUnit(#[from] OwnUnitError),
}

fn is_false(value: &bool) -> bool {
    !value
}

impl Indicators {
    /// The ones built into this program.
    pub fn embedded() -> Result<Self, IndicatorError> {
        Self::parse(EMBEDDED)
    }

    /// The same, read once.
    pub fn built_in() -> &'static Self {
        static BUILT_IN: LazyLock<Indicators> =
            LazyLock::new(|| Indicators::embedded().expect("the embedded indicators.toml holds together"));
        &BUILT_IN
    }

    /// # Errors
    /// A name that stands twice, an indicator over facts that are not there, facts added up that measure different
    /// things, or a unit that does not fit.
    pub fn parse(text: &str) -> Result<Self, IndicatorError> {
        let indicators: Indicators = toml::from_str(text)?;
        indicators.hold_together()?;
        Ok(indicators)
    }

    pub fn fact(&self, name: &str) -> Option<&Fact> {
        self.facts.iter().find(|fact| fact.name == name)
    }

    pub fn indicator(&self, name: &str) -> Option<&Indicator> {
        self.indicators.iter().find(|indicator| indicator.name == name)
    }

    /// What `unit` makes of the indicator: the direction it asks in and the size of one of it. Nothing when the unit does
    /// not measure the indicator.
    pub fn asked(&self, indicator: &Indicator, unit: &str) -> Option<Asked> {
        let measure = |name: &str| self.fact(name).and_then(|fact| fact.measure().ok());
        let measures = match &indicator.declared {
            Some(fact) => Measures::Single(measure(fact)?),
            None => Measures::Quotient {
                numerator: measure(indicator.numerator.first()?)?,
                denominator: measure(indicator.denominator.first()?)?,
                invertible: indicator.reciprocal.is_some(),
            },
        };
        measures.asked(unit)
    }

    fn hold_together(&self) -> Result<(), IndicatorError> {
        let mut names = BTreeSet::new();
        let all = self.facts.iter().map(|fact| &fact.name).chain(self.indicators.iter().map(|entry| &entry.name));
        if let Some(twice) = all.into_iter().find(|name| !names.insert(*name)) {
            return Err(IndicatorError::Twice(twice.clone()));
        }
        for fact in &self.facts {
            let unit = || IndicatorError::Unit { name: fact.name.clone(), unit: fact.unit.clone() };
            fact.measure()?.scale(&fact.unit).ok_or_else(unit)?;
        }
        self.indicators.iter().try_for_each(|indicator| self.formed(indicator))
    }

    fn formed(&self, indicator: &Indicator) -> Result<(), IndicatorError> {
        let quotient = !indicator.numerator.is_empty() && !indicator.denominator.is_empty();
        let none = indicator.numerator.is_empty() && indicator.denominator.is_empty();
        if !(indicator.declared.is_none() && quotient || indicator.declared.is_some() && none) {
            return Err(IndicatorError::Formula(indicator.name.clone()));
        }
        for side in [&indicator.numerator, &indicator.denominator] {
            self.measured_alike(indicator, side)?;
        }
        self.measured_alike(indicator, indicator.declared.as_slice())?;
        let unit = || IndicatorError::Unit { name: indicator.name.clone(), unit: indicator.unit.clone() };
        self.asked(indicator, &indicator.unit).filter(|asked| !asked.inverse).map(drop).ok_or_else(unit)
    }

    fn measured_alike(&self, indicator: &Indicator, names: &[String]) -> Result<(), IndicatorError> {
        let mut first: Option<Measure> = None;
        for name in names {
            let missing = || IndicatorError::NoSuchFact { indicator: indicator.name.clone(), fact: name.clone() };
            let measure = self.fact(name).ok_or_else(missing)?.measure()?;
            if first.get_or_insert_with(|| measure.clone()) != &measure {
                return Err(IndicatorError::Sum(indicator.name.clone()));
            }
        }
        Ok(())
    }
}

impl Fact {
    pub fn noun(&self) -> &str {
        self.noun.as_deref().unwrap_or(&self.label)
    }

    pub fn may(&self, advice: Advice) -> bool {
        self.advice.contains(&advice)
    }

    /// # Errors
    /// When an own unit has no factor that can be read.
    pub fn measure(&self) -> Result<Measure, OwnUnitError> {
        match self.dimension {
            Some(dimension) => Ok(Measure::Dimension(dimension)),
            None => Measure::own(&self.unit, &self.units),
        }
    }
}

impl Indicator {
    /// The names of the facts it is formed from.
    pub fn facts(&self) -> impl Iterator<Item = &String> {
        self.numerator.iter().chain(&self.denominator).chain(&self.declared)
    }

    /// Its name in the direction asked for.
    pub fn label_of(&self, asked: &Asked) -> &str {
        self.reciprocal.as_deref().filter(|_| asked.inverse).unwrap_or(&self.label)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WATER: &str = r#"
        [[fact]]
        name = "water"
        label = "年取水量"
        unit = "立方米"
        units = { "千立方米" = "1000" }
        places = 0
        [[fact]]
        name = "output"
        label = "年产值"
        dimension = "money"
        unit = "万元"
        places = 2
        [[indicator]]
        name = "water_per_output"
        label = "单位产值水耗"
        reciprocal = "单位水耗产值"
        aspect = "environment"
        numerator = ["water"]
        denominator = ["output"]
        unit = "立方米/万元"
        places = 2
        document = "d"
        article = "a"
    "#;

    #[test]
    fn the_embedded_indicators_hold_together() {
        let indicators = Indicators::embedded().unwrap();
        assert!(indicators.indicators.len() >= 14);
        let kinds: BTreeSet<_> = indicators.indicators.iter().map(|entry| entry.aspect).collect();
        assert_eq!(kinds.len(), 5, "all five kinds of 四(一)2 are there: {kinds:?}");
    }

    #[test]
    fn a_new_indicator_needs_no_program() {
        let indicators = Indicators::parse(WATER).unwrap();
        let indicator = indicators.indicator("water_per_output").unwrap();
        let unit = |unit: &str| indicators.asked(indicator, unit).map(|asked| asked.inverse);
        assert_eq!(unit("千立方米/亿元"), Some(false));
        assert_eq!(unit("万元/立方米"), Some(true));
        assert_eq!(unit("吨/万元"), None);
    }

    #[test]
    fn what_does_not_hold_together_is_refused() {
        let broken = |from: &str, to: &str| Indicators::parse(&WATER.replace(from, to)).unwrap_err();
        assert!(matches!(broken("name = \"output\"", "name = \"water\""), IndicatorError::Twice(_)));
        assert!(matches!(broken("[\"output\"]", "[\"sales\"]"), IndicatorError::NoSuchFact { .. }));
        assert!(matches!(broken("denominator = [\"output\"]", ""), IndicatorError::Formula(_)));
        assert!(matches!(broken("[\"water\"]", "[\"water\", \"output\"]"), IndicatorError::Sum(_)));
        assert!(matches!(broken("\"立方米/万元\"", "\"立方米/亩\""), IndicatorError::Unit { .. }));
        assert!(matches!(broken("\"立方米/万元\"", "\"万元/立方米\""), IndicatorError::Unit { .. }));
        assert!(matches!(broken("\"1000\"", "\"0\""), IndicatorError::OwnUnit(_)));
    }
}
