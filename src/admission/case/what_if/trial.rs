//! What is tried out: thresholds changed in rows that are published, and rows that are not.

use serde::{Deserialize, Serialize};

use crate::base::period::Period;
use crate::policy::catalogue::Catalogue;
use crate::policy::indicator::Indicators;
use crate::policy::intake;
use crate::policy::interval::Interval;
use crate::policy::standard::{Adoption, IndicatorSet, Requirement, hold_together};

/// One threshold of one set, changed. Without an interval it is no longer asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Change {
    pub set: String,
    pub indicator: String,
    #[schema(value_type = Option<String>)]
    pub interval: Option<Interval>,
    pub unit: String,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Trial {
    pub changes: Vec<Change>,
    /// Tried as if adopted, on every day.
    pub added: Vec<IndicatorSet>,
}

impl Trial {
    pub fn is_empty(&self) -> bool {
        self.changes.is_empty() && self.added.is_empty()
    }

    /// What it would mean to put a table of standards in the place of what is published: an adopted row for the same
    /// land, zone and industry (or of the same name) is asked what the table asks, in its own period and of everybody bound
    /// to it; a row that has no such place is added. An example is tried as if it were adopted.
    ///
    /// # Errors
    /// Every row that cannot be tried beside the others, in words for the person who asked.
    pub fn of_table(catalogue: &Catalogue, offered: &[IndicatorSet]) -> Result<Trial, Vec<String>> {
        let (mut trial, mut faults) = (Trial::default(), Vec::new());
        for (number, set) in offered.iter().enumerate() {
            if let Some(other) = offered[..number].iter().find(|other| same_place(set, other)) {
                faults.push(format!(
                    "“{}”与“{}”适用对象相同；推演只比较一种情形，请只留其中一组",
                    other.title, set.title
                ));
                continue;
            }
            let mut in_place = catalogue.standards.iter().filter(|it| is_adopted(it) && same_place(it, set)).peekable();
            if in_place.peek().is_none() {
                let always = Period { from: None, until: None };
                trial.added.push(IndicatorSet { adoption: Adoption::Adopted, valid: always, ..set.clone() });
            }
            in_place.for_each(|published| trial.changes.extend(differences(published, set, &catalogue.indicators)));
        }
        if faults.is_empty() { Ok(trial) } else { Err(faults) }
    }

    /// The catalogue as it is tried out.
    ///
    /// # Errors
    /// A set or an indicator that is not there, or rows that do not hold together, in words for the person who asked.
    pub fn applied(&self, catalogue: &Catalogue) -> Result<Catalogue, String> {
        let mut catalogue = catalogue.clone();
        for change in &self.changes {
            change.apply(&mut catalogue)?;
        }
        for set in &self.added {
            catalogue.standards.retain(|it| it.id != set.id);
            catalogue.standards.push(set.clone());
        }
        match self.added.is_empty() {
            true => Ok(catalogue),
            false => match hold_together(&catalogue.standards, &catalogue.indicators) {
                Ok(()) => Ok(catalogue),
                Err(error) => Err(intake::standard_in_words(&error)),
            },
        }
    }
}

impl Change {
    fn apply(&self, catalogue: &mut Catalogue) -> Result<(), String> {
        let indicators = &catalogue.indicators;
        let indicator = indicators.indicator(&self.indicator);
        let indicator = indicator.ok_or_else(|| format!("没有指标“{}”", self.indicator))?;
        if self.interval.is_some() && indicators.asked(indicator, &self.unit).is_none() {
            return Err(format!("“{}”不是{}的单位", self.unit, indicator.label));
        }
        let set = catalogue.standards.iter_mut().find(|set| set.id == self.set);
        let set = set.ok_or_else(|| format!("没有指标行“{}”", self.set))?;
        match self.interval {
            Some(interval) => {
                set.requirements.insert(self.indicator.clone(), Requirement { interval, unit: self.unit.clone() });
            }
            None => {
                set.requirements.remove(&self.indicator);
            }
        }
        Ok(())
    }
}

fn is_adopted(set: &IndicatorSet) -> bool {
    set.adoption == Adoption::Adopted
}

/// For the same land in the same zone and industry.
fn same_place(one: &IndicatorSet, other: &IndicatorSet) -> bool {
    let place = |set: &IndicatorSet| (set.land_kind, set.zone.clone(), set.industry.clone(), set.edition());
    place(one) == place(other)
}

/// In the order of the indicators.
fn differences(published: &IndicatorSet, offered: &IndicatorSet, indicators: &Indicators) -> Vec<Change> {
    let change = |name: &str| {
        let (before, after) = (published.requirements.get(name), offered.requirements.get(name));
        let unit = after.or(before)?.unit.clone();
        (before != after).then(|| Change {
            set: published.id.clone(),
            indicator: name.to_owned(),
            interval: after.map(|asked| asked.interval),
            unit,
        })
    };
    indicators.indicators.iter().filter_map(|indicator| change(&indicator.name)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::standard;

    /// Two adopted rows of invented industries beside the examples of the program.
    fn catalogue() -> Catalogue {
        let own = [row("own/35", "35", "adopted", "[25,)"), row("own/36", "36", "adopted", "[30,)")];
        Catalogue::embedded().unwrap().with(Vec::new(), own.to_vec(), Vec::new()).unwrap()
    }

    fn row(id: &str, industry: &str, adoption: &str, tax: &str) -> IndicatorSet {
        let text = format!(
            "[[set]]\nid = \"{id}\"\ntitle = \"{id}\"\nland_kind = \"industrial\"\nindustry = \"{industry}\"\nedition = \"2017\"\n\
             valid_from = 2026-01-01\nadoption = \"{adoption}\"\ndocument = \"xiacheng-2019\"\narticle = \"四(一)2\"\nsource = \"试\"\n\
             checked_on = 2026-11-23\nrequirements = {{ tax_per_mu = {{ interval = \"{tax}\", unit = \"万元/亩\" }} }}\n"
        );
        standard::parse(&text, &Indicators::embedded().unwrap()).unwrap().remove(0)
    }

    #[test]
    fn a_row_takes_the_place_of_the_one_for_the_same_land() {
        let trial = Trial::of_table(&catalogue(), &[row("new/35", "35", "adopted", "[40,)")]).unwrap();
        assert_eq!(trial.added, []);
        let [change] = trial.changes.as_slice() else { panic!("{trial:?}") };
        assert_eq!((change.set.as_str(), change.indicator.as_str()), ("own/35", "tax_per_mu"));
        let tried = trial.applied(&catalogue()).unwrap();
        let set = tried.standards.iter().find(|set| set.id == "own/35").unwrap();
        assert_eq!(set.requirements["tax_per_mu"].interval.to_string(), "[40,)");
        assert_eq!(set.valid.from, Some("2026-01-01".parse().unwrap()), "its period stays");
    }

    #[test]
    fn the_same_table_changes_nothing_and_one_that_asks_less_drops_what_it_leaves_out() {
        let same = Trial::of_table(&catalogue(), &[row("new/35", "35", "adopted", "[25,)")]).unwrap();
        assert!(same.is_empty());
        let mut other = row("new/35", "35", "adopted", "[25,)");
        let asked = other.requirements.remove("tax_per_mu").unwrap();
        other.requirements.insert("output_per_mu".into(), asked);
        let trial = Trial::of_table(&catalogue(), &[other]).unwrap();
        let dropped = trial.changes.iter().find(|change| change.indicator == "tax_per_mu").unwrap();
        assert_eq!(dropped.interval, None);
    }

    #[test]
    fn a_row_without_a_place_is_added_on_every_day_and_an_example_counts_as_adopted() {
        let trial = Trial::of_table(&catalogue(), &[row("new/3511", "3511", "example", "[40,)")]).unwrap();
        assert_eq!(trial.changes, []);
        assert_eq!(trial.added[0].adoption, Adoption::Adopted);
        assert_eq!(trial.added[0].valid, Period { from: None, until: None });
        let catalogue = catalogue();
        let glass = catalogue.standards.iter().find(|set| set.id == "longchang-2022/glass").unwrap().clone();
        let tried = Trial::of_table(&catalogue, &[glass]).unwrap().applied(&catalogue).unwrap();
        let adopted: Vec<_> = tried.standards.iter().filter(|set| set.id == "longchang-2022/glass").collect();
        assert!(adopted.len() == 1 && is_adopted(adopted[0]), "an example that is tried takes its own place");
    }

    #[test]
    fn two_rows_for_one_place_are_not_tried_at_once() {
        let rows = [row("a", "37", "adopted", "[1,)"), row("b", "37", "example", "[2,)")];
        let faults = Trial::of_table(&catalogue(), &rows).unwrap_err();
        assert!(faults.len() == 1 && faults[0].contains("请只留其中一组"), "{faults:?}");
    }

    #[test]
    fn what_is_not_there_is_said() {
        let change = |set: &str, indicator: &str, unit: &str| {
            let (set, indicator, unit) = (set.into(), indicator.into(), unit.into());
            let changes = vec![Change { set, indicator, interval: Some("[1,)".parse().unwrap()), unit }];
            Trial { changes, ..Trial::default() }.applied(&catalogue()).unwrap_err()
        };
        assert!(change("none", "tax_per_mu", "万元/亩").contains("没有指标行"));
        assert!(change("own/35", "luck", "万元/亩").contains("没有指标“luck”"));
        assert!(change("own/35", "tax_per_mu", "吨").contains("不是亩均税收的单位"));
    }
}
