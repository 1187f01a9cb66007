//! Standard land as data: what a place asks of a project, by land kind, zone and industry.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::indicator::Indicators;
use super::interval::Interval;
use crate::base::period::Period;
use crate::codelist::{Edition, Industry, IndustryError};

pub use crate::scoring::scheme::Adoption;

crate::terms! {
    /// The land that 四(一)2 names.
    pub enum LandKind {
        Industrial = "industrial" => "工业用地",
        CommercialService = "commercial_service" => "商业服务业设施用地",
        Logistics = "logistics" => "物流仓储用地",
    }
}

/// What one set asks of one indicator.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Requirement {
    pub interval: Interval,
    /// The unit of the interval's ends; a rule converts exactly.
    pub unit: String,
}

/// One row of a standard-land table: what is asked of one industry in one zone on one kind of land.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct IndicatorSet {
    /// Stable, unique among all sets: `longchang-2022/glass`.
    pub id: String,
    pub title: String,
    pub land_kind: LandKind,
    /// The industrial platform or planning zone; nothing means anywhere in the district.
    pub zone: Option<String>,
    /// An industry code of any depth (section letter to four digits); nothing means any industry.
    pub industry: Option<String>,
    /// The edition of GB/T 4754 that `industry` is written in.
    pub edition: Option<String>,
    /// Indicator name (as in the indicator list of the catalogue) → what is asked.
    pub requirements: BTreeMap<String, Requirement>,
    pub valid: Period,
    pub adoption: Adoption,
    pub document: String,
    pub article: String,
    /// Where the figures were read.
    pub source: String,
    pub checked_on: NaiveDate,
}

const EMBEDDED: &str = include_str!("../../policy/standards.toml");

#[derive(Debug, thiserror::Error)]
pub enum StandardError {
    #[error("the standard-land sets cannot be read: {0}")]
    Toml(#[from] toml::de::Error),
    #[error("“{0}” is not a day (YYYY-MM-DD)")]
    Day(String),
    #[error("the set {0} stands twice")]
    Twice(String),
    #[error("the set {0} asks nothing")]
    Empty(String),
    #[error("the set {0} ends before it starts")]
    Period(String),
    #[error("the set {set}: {source}")]
    Industry { set: String, source: IndustryError },
    #[error("the set {0} names an industry without the edition of its code, or an edition without an industry")]
    Edition(String),
    #[error("the set {set} asks for {indicator}, which is not an indicator")]
    NoSuchIndicator { set: String, indicator: String },
    #[error("the set {set} asks for {indicator} in “{unit}”, which does not measure it")]
    Unit { set: String, indicator: String, unit: String },
    #[error("the adopted sets {one} and {other} are in force on the same day for the same land, zone and industry")]
    Overlap { one: String, other: String },
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SetFile {
    #[serde(default)]
    set: Vec<SetEntry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SetEntry {
    id: String,
    title: String,
    land_kind: LandKind,
    zone: Option<String>,
    industry: Option<String>,
    edition: Option<String>,
    requirements: BTreeMap<String, Requirement>,
    valid_from: toml::value::Datetime,
    valid_until: Option<toml::value::Datetime>,
    adoption: Adoption,
    document: String,
    article: String,
    source: String,
    checked_on: toml::value::Datetime,
}

/// The example sets built into this program.
pub fn embedded(indicators: &Indicators) -> Result<Vec<IndicatorSet>, StandardError> {
    parse(EMBEDDED, indicators)
}

/// Reads sets from TOML and holds them against each other and the indicators.
///
/// # Errors
/// See [`hold_together`], and what cannot be read.
pub fn parse(text: &str, indicators: &Indicators) -> Result<Vec<IndicatorSet>, StandardError> {
    let file: SetFile = toml::from_str(text)?;
    let sets = file.set.into_iter().map(read).collect::<Result<Vec<_>, _>>()?;
    hold_together(&sets, indicators)?;
    Ok(sets)
}

/// # Errors
/// A name that stands twice, a set that asks nothing or for what nobody measures, an industry its edition does not have,
/// or two adopted sets for the same land on the same day.
pub fn hold_together(sets: &[IndicatorSet], indicators: &Indicators) -> Result<(), StandardError> {
    for (place, set) in sets.iter().enumerate() {
        set.holds_together(indicators)?;
        for other in &sets[..place] {
            if other.id == set.id {
                return Err(StandardError::Twice(set.id.clone()));
            }
            if set.in_the_way_of(other) {
                return Err(StandardError::Overlap { one: other.id.clone(), other: set.id.clone() });
            }
        }
    }
    Ok(())
}

impl IndicatorSet {
    pub fn edition(&self) -> Option<Edition> {
        self.edition.as_deref().and_then(Edition::parse)
    }

    fn holds_together(&self, indicators: &Indicators) -> Result<(), StandardError> {
        let set = || self.id.clone();
        if self.requirements.is_empty() {
            return Err(StandardError::Empty(set()));
        }
        if matches!(self.valid, Period { from: Some(from), until: Some(until) } if until <= from) {
            return Err(StandardError::Period(set()));
        }
        match (&self.industry, &self.edition) {
            (Some(industry), Some(edition)) => match Industry::parse(edition, industry) {
                // An older list that is not at hand cannot be asked; its codes are compared as they are.
                Ok(_) | Err(IndustryError::EditionNotLoaded(..)) => {}
                Err(source) => return Err(StandardError::Industry { set: set(), source }),
            },
            (None, None) => {}
            _ => return Err(StandardError::Edition(set())),
        }
        for (name, requirement) in &self.requirements {
            let missing = || StandardError::NoSuchIndicator { set: set(), indicator: name.clone() };
            let indicator = indicators.indicator(name).ok_or_else(missing)?;
            if indicators.asked(indicator, &requirement.unit).is_none() {
                let (indicator, unit) = (name.clone(), requirement.unit.clone());
                return Err(StandardError::Unit { set: set(), indicator, unit });
            }
        }
        Ok(())
    }

    fn in_the_way_of(&self, other: &IndicatorSet) -> bool {
        let before = |one: &Period, other: &Period| matches!((one.until, other.from), (Some(until), Some(from)) if until <= from);
        self.adoption == Adoption::Adopted
            && other.adoption == Adoption::Adopted
            && (self.land_kind, &self.zone, &self.industry, self.edition())
                == (other.land_kind, &other.zone, &other.industry, other.edition())
            && !before(&self.valid, &other.valid)
            && !before(&other.valid, &self.valid)
    }
}

fn read(entry: SetEntry) -> Result<IndicatorSet, StandardError> {
    let until = entry.valid_until.as_ref().map(day).transpose()?;
    Ok(IndicatorSet {
        valid: Period { from: Some(day(&entry.valid_from)?), until },
        checked_on: day(&entry.checked_on)?,
        id: entry.id,
        title: entry.title,
        land_kind: entry.land_kind,
        zone: entry.zone,
        industry: entry.industry,
        edition: entry.edition,
        requirements: entry.requirements,
        adoption: entry.adoption,
        document: entry.document,
        article: entry.article,
        source: entry.source,
    })
}

fn day(value: &toml::value::Datetime) -> Result<NaiveDate, StandardError> {
    let text = value.to_string();
    text.parse().map_err(|_| StandardError::Day(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(changes: &[(&str, &str)]) -> String {
        let base = r#"
            [[set]]
            id = "a"
            title = "甲"
            land_kind = "industrial"
            industry = "33"
            edition = "2017"
            valid_from = 2024-01-01
            valid_until = 2025-01-01
            adoption = "adopted"
            document = "d"
            article = "a"
            source = "s"
            checked_on = 2026-11-23
            requirements = { tax_per_mu = { interval = "[8,)", unit = "万元/亩" } }
        "#;
        changes.iter().fold(base.to_owned(), |text, (from, to)| text.replace(from, to))
    }

    fn read_all(texts: &[String]) -> Result<Vec<IndicatorSet>, StandardError> {
        parse(&texts.concat(), &Indicators::embedded().unwrap())
    }

    #[test]
    fn the_embedded_sets_are_examples_that_name_their_source() {
        let sets = embedded(&Indicators::embedded().unwrap()).unwrap();
        assert!(sets.len() >= 8);
        assert!(sets.iter().all(|set| set.adoption == Adoption::Example && !set.source.is_empty()));
        let chemicals = sets.iter().find(|set| set.id == "beihai-2023/chemicals").unwrap();
        assert_eq!(chemicals.requirements["floor_area_ratio"].interval.wording(), "≥0.7 且 ≤1.8");
    }

    #[test]
    fn what_does_not_hold_together_is_refused() {
        let broken = |from: &str, to: &str| read_all(&[set(&[(from, to)])]).unwrap_err();
        assert!(matches!(broken("\"33\"", "\"9999\""), StandardError::Industry { .. }));
        assert!(matches!(broken("edition = \"2017\"", ""), StandardError::Edition(_)));
        assert!(matches!(broken("tax_per_mu", "luck_per_mu"), StandardError::NoSuchIndicator { .. }));
        assert!(matches!(broken("万元/亩", "吨/亩"), StandardError::Unit { .. }));
        assert!(matches!(broken("2025-01-01", "2024-01-01"), StandardError::Period(_)));
        assert!(matches!(read_all(&[set(&[]), set(&[])]), Err(StandardError::Twice(_))));
    }

    #[test]
    fn two_adopted_sets_are_never_in_force_at_once() {
        let other = |changes: &[(&str, &str)]| {
            let mut all = vec![("\"a\"\n            title", "\"b\"\n            title")];
            all.extend_from_slice(changes);
            read_all(&[set(&[]), set(&all)])
        };
        assert!(matches!(other(&[]), Err(StandardError::Overlap { .. })));
        let until = ("valid_until = 2025-01-01", "");
        assert!(matches!(other(&[("2024-01-01", "2024-12-31"), until]), Err(StandardError::Overlap { .. })));
        assert!(other(&[("2024-01-01", "2025-01-01"), until]).is_ok(), "the day one ends is the first of the next");
        assert!(other(&[("\"33\"", "\"331\"")]).is_ok());
        assert!(other(&[("\"adopted\"", "\"example\"")]).is_ok());
    }
}
