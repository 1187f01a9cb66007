//! What became of a code. Old codes live on inside parcel codes and old documents, and mean what they meant on their day.

use std::collections::{BTreeSet, HashMap};
use std::sync::LazyLock;

use chrono::NaiveDate;

use super::list::{self, Succession, SuccessionKind};
use crate::base::code::ParcelCode;
use crate::base::period::Period;

/// What a code stands for on a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Resolution {
    /// It was in force itself.
    Current(String),
    /// One other code had taken its place; `on` is the day of the last change.
    Renumbered { from: String, to: String, on: NaiveDate },
    /// Several had, so that the code alone does not say which: ask where the land lies.
    SplitInto(Vec<String>),
    /// No list has it, or not yet on that day.
    Unknown,
}

impl Resolution {
    /// The one code it stands for, when there is one.
    pub fn code(&self) -> Option<&str> {
        match self {
            Resolution::Current(code) | Resolution::Renumbered { to: code, .. } => Some(code),
            Resolution::SplitInto(_) | Resolution::Unknown => None,
        }
    }
}

/// Where a parcel code says that the parcel lies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParcelPlace {
    pub county: Resolution,
    pub subdistrict: Resolution,
}

#[derive(Clone, Debug, Default)]
struct Codes {
    valid: HashMap<String, Period>,
    successors: HashMap<String, Vec<(NaiveDate, String)>>,
}

/// The dated crosswalk of county and sub-district codes.
#[derive(Clone, Debug, Default)]
pub struct CrossWalk {
    counties: Codes,
    subdistricts: Codes,
}

static EMBEDDED: LazyLock<CrossWalk> = LazyLock::new(|| {
    let counties = list::counties().iter().map(|row| (row.code.clone(), row.valid));
    let subdistricts = list::subdistricts().iter().map(|row| (row.code.clone(), row.valid));
    CrossWalk::new(counties.collect(), subdistricts.collect(), list::successions())
});

impl CrossWalk {
    /// Built from the lists in `geodata/`.
    pub fn embedded() -> &'static CrossWalk {
        &EMBEDDED
    }

    pub fn new(
        counties: Vec<(String, Period)>,
        subdistricts: Vec<(String, Period)>,
        successions: &[Succession],
    ) -> Self {
        CrossWalk {
            counties: Codes::new(counties, successions, SuccessionKind::County),
            subdistricts: Codes::new(subdistricts, successions, SuccessionKind::Subdistrict),
        }
    }

    pub fn resolve_county(&self, code: &str, on: NaiveDate) -> Resolution {
        self.counties.resolve(code, on)
    }

    pub fn resolve_subdistrict(&self, code: &str, on: NaiveDate) -> Resolution {
        self.subdistricts.resolve(code, on)
    }

    /// The code that a sub-district has now, under which the registers keep it; an unknown or divided one is left as it is.
    pub fn present_subdistrict(&self, code: &str) -> String {
        self.resolve_subdistrict(code, NaiveDate::MAX).code().unwrap_or(code).to_owned()
    }

    /// County and sub-district of a parcel code on a day. The code itself never changes.
    pub fn resolve_parcel(&self, code: &ParcelCode, on: NaiveDate) -> ParcelPlace {
        ParcelPlace {
            county: self.resolve_county(code.county(), on),
            subdistrict: self.resolve_subdistrict(code.registered_subdistrict(), on),
        }
    }

    /// The codes that were used before `code`, the nearest first; for reading old files.
    pub fn subdistrict_predecessors(&self, code: &str) -> Vec<&str> {
        self.subdistricts.predecessors(code)
    }

    /// The county codes that were used before `code`.
    pub fn county_predecessors(&self, code: &str) -> Vec<&str> {
        self.counties.predecessors(code)
    }
}

impl Codes {
    fn new(valid: Vec<(String, Period)>, successions: &[Succession], kind: SuccessionKind) -> Self {
        let mut codes = Codes { valid: valid.into_iter().collect(), successors: HashMap::new() };
        for step in successions.iter().filter(|step| step.kind == kind) {
            codes.successors.entry(step.old.clone()).or_default().push((step.on, step.new.clone()));
        }
        codes
    }

    fn resolve(&self, code: &str, on: NaiveDate) -> Resolution {
        let mut ends = BTreeSet::new();
        self.follow(code, on, NaiveDate::MIN, &mut Vec::new(), &mut ends);
        let mut ends = ends.into_iter();
        match (ends.next(), ends.next()) {
            (None, _) => Resolution::Unknown,
            (Some((to, _)), None) if to == code => Resolution::Current(to),
            (Some((to, changed)), None) => Resolution::Renumbered { from: code.to_owned(), to, on: changed },
            (Some(first), Some(second)) => {
                let all = [first, second].into_iter().chain(ends).map(|(to, _)| to);
                Resolution::SplitInto(all.collect())
            }
        }
    }

    /// Walks from old to new until codes in force on the day are reached. `seen` ends a list that runs in a circle.
    fn follow<'a>(
        &'a self,
        code: &'a str,
        on: NaiveDate,
        changed: NaiveDate,
        seen: &mut Vec<&'a str>,
        ends: &mut BTreeSet<(String, NaiveDate)>,
    ) {
        if seen.contains(&code) {
            return;
        }
        seen.push(code);
        if self.valid.get(code).is_some_and(|valid| valid.contains(on)) {
            ends.insert((code.to_owned(), changed));
            return;
        }
        for (day, next) in self.successors.get(code).into_iter().flatten().filter(|(day, _)| *day <= on) {
            self.follow(next, on, *day, seen, ends);
        }
    }

    fn predecessors(&self, code: &str) -> Vec<&str> {
        let mut found: Vec<&str> = Vec::new();
        let mut wanted = vec![code];
        while let Some(code) = wanted.pop() {
            let before = self.successors.iter().filter(|(_, steps)| steps.iter().any(|(_, new)| new == code));
            let mut before: Vec<&str> =
                before.map(|(old, _)| old.as_str()).filter(|old| !found.contains(old)).collect();
            before.sort_unstable();
            found.extend(&before);
            wanted.extend(before);
        }
        found
    }
}

#[cfg(test)]
#[path = "crosswalk_tests.rs"]
mod tests;
