//! Declared figures in stored units, exactly; and why a figure cannot be used.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::floors::{self, FloorArea};
use super::gap::Gap;
use super::{Facts, Warning};
use crate::base::ratio::Ratio;
use crate::policy::catalogue::Catalogue;
use crate::policy::indicator::{Fact, Indicators};
use crate::policy::receipt::CheckVersion;

pub const SITE_AREA: &str = "site_area";
pub const FLOOR_AREA: &str = "floor_area";
pub const COUNTED_FLOOR_AREA: &str = "counted_floor_area";

/// The figures of one project, by name.
pub struct Known<'a> {
    figures: BTreeMap<&'a str, Result<Ratio, Gap>>,
    /// Of the check that asks.
    pub version: CheckVersion,
}

impl<'a> Known<'a> {
    /// A site area that was not declared is the one that was measured; total and counted floor area follow from the floors wherever there is a list of them.
    pub fn read(facts: &Facts, catalogue: &'a Catalogue, as_of: NaiveDate) -> Self {
        let declared = catalogue.indicators.facts.iter().map(|fact| (fact.name.as_str(), declared(facts, fact)));
        let mut figures: BTreeMap<_, _> = declared.collect();
        if !facts.figures.contains_key(SITE_AREA)
            && let Some(area) = measured_site(facts)
        {
            figures.insert(SITE_AREA, Ok(area));
        }
        if !facts.floors.is_empty() {
            let FloorArea { total, counted } = floors::area(&facts.floors, catalogue, as_of);
            figures.insert(FLOOR_AREA, total);
            figures.insert(COUNTED_FLOOR_AREA, counted);
        }
        Known { figures, version: facts.version }
    }

    /// # Errors
    /// What is missing, in words.
    pub fn figure(&self, name: &str) -> Result<&Ratio, Gap> {
        match self.figures.get(name) {
            Some(Ok(figure)) => Ok(figure),
            Some(Err(gap)) => Err(gap.clone()),
            None => Err(Gap(name.to_owned())),
        }
    }

    /// # Errors
    /// Everything that is missing for the sum.
    pub fn sum(&self, names: &[String]) -> Result<Ratio, Vec<Gap>> {
        let (found, gaps): (Vec<_>, Vec<_>) = names.iter().map(|name| self.figure(name)).partition(Result::is_ok);
        if gaps.is_empty() {
            Ok(found.into_iter().flatten().cloned().sum())
        } else {
            Err(gaps.into_iter().filter_map(Result::err).collect())
        }
    }
}

/// The plane area of the site as the planning layers measured it, m².
pub fn measured_site(facts: &Facts) -> Option<Ratio> {
    let measured = facts.spatial.iter().find_map(|result| result.site_area_m2);
    measured.filter(|area| *area > Decimal::ZERO).map(Ratio::from)
}

/// As it was declared, whatever the floors say.
pub fn declared(facts: &Facts, fact: &Fact) -> Result<Ratio, Gap> {
    let label = &fact.label;
    let figure = facts.figures.get(&fact.name).ok_or_else(|| Gap(label.clone()))?;
    if figure.value < Decimal::ZERO {
        return Err(Gap(format!("{label}（填报为负数）")));
    }
    if fact.name == SITE_AREA && figure.value.is_zero() {
        return Err(Gap(format!("{label}（填报为零）")));
    }
    let scale = fact.measure().ok().and_then(|measure| measure.scale(&figure.unit));
    let scale = scale.ok_or_else(|| Gap(format!("{label}（无法识别单位“{}”）", figure.unit)))?;
    Ok(scale * figure.value)
}

/// Where a declared area is not what the list of floors gives; the list counts.
pub fn contradictions(facts: &Facts, indicators: &Indicators, known: &Known<'_>) -> Vec<Warning> {
    let areas = if facts.floors.is_empty() { [].as_slice() } else { &[FLOOR_AREA, COUNTED_FLOOR_AREA] };
    let differ = areas.iter().filter_map(|name| {
        let fact = indicators.fact(name)?;
        let (listed, declared) = (known.figure(name).ok()?, declared(facts, fact).ok()?);
        let square_metres = |area: &Ratio| area.rounded(2).map(|area| area.to_string()).unwrap_or_default();
        (listed != &declared).then(|| Warning {
            code: "floors_differ".into(),
            place: format!("/figures/{name}"),
            message: format!(
                "填报的{}为 {} 平方米，按楼层清单计算为 {} 平方米；核查采用楼层清单。",
                fact.label,
                square_metres(&declared),
                square_metres(listed)
            ),
        })
    });
    differ.collect()
}
