//! What can be asked of the list, and what a line of it holds.

use chrono::{DateTime, NaiveDate, Utc};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::{Facts, Judgement, LandDays, Outcome};
use crate::base::period::Period;
use crate::base::unit::Mu;
use crate::enterprise::{EnterpriseState, FigureState, HoldingSide, Sector, SizeClass};

crate::terms! {
    #[schema(as = LowEfficiencySortKey)]
    pub enum SortKey {
        /// By outcome in the order of [`Outcome`] as listed apart, then by tax per mu.
        Outcome = "outcome" => "认定结果",
        TaxPerMu = "tax_per_mu" => "亩均税收",
        Tax = "tax" => "实缴税收",
        Land = "land" => "用地",
        Name = "name" => "企业名称",
    }
}

/// Which enterprises, in which order. Lines without the sorted figure come last either way.
#[derive(Clone, Debug)]
pub struct ListQuery {
    pub year: i32,
    /// What was on record before this moment; `None` is what is on record now.
    pub known_before: Option<DateTime<Utc>>,
    pub filter: Filter,
    pub sort: SortKey,
    pub descending: bool,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    pub subdistrict: Option<String>,
    /// A section of GB/T 4754, one capital letter.
    pub industry_section: Option<String>,
    /// A division of GB/T 4754, two digits.
    pub industry_division: Option<String>,
    pub size_class: Option<SizeClass>,
    pub sector: Option<Sector>,
    /// None named means all of them.
    pub outcomes: Vec<Outcome>,
    /// Part of the name or of the credit code.
    pub text: Option<String>,
    /// Not asked for by anybody: how the list is read in parts.
    pub among: Among,
}

/// Whom a statement looks at. Every table is read by it, so that a part of the district takes its part of the time.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Among {
    #[default]
    All,
    /// These credit codes.
    These(Vec<String>),
    /// The credit codes before this one.
    Before(String),
    /// This credit code and those after it.
    From(String),
}

impl ListQuery {
    pub fn of_year(year: i32) -> Self {
        ListQuery { year, known_before: None, filter: Filter::default(), sort: SortKey::Outcome, descending: false }
    }
}

/// Where a page ended. It travels in addresses as unreadable text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cursor {
    /// The place of its outcome, for lists ordered by outcome.
    #[serde(rename = "r")]
    pub rank: i32,
    #[serde(rename = "k")]
    pub key: Option<String>,
    #[serde(rename = "u")]
    pub uscc: String,
}

/// One occupancy seen from the enterprise: what it adds to the land of the year, or takes from it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LandPart {
    pub side: HoldingSide,
    pub parcel: Option<String>,
    /// mu, positive on every side; `None` when not on record, or odd.
    pub land: Option<Mu>,
    /// Land is on record that cannot be right: [`super::rules::LAND_BELOW`] or more, or of too many decimals.
    pub odd: bool,
    /// It holds or gives floor area and no land.
    pub floor_only: bool,
    /// m² of floor area.
    pub floor: Option<Decimal>,
    /// How many days of the year it was held.
    pub days: i32,
    pub valid: Period,
    /// The other enterprise of a lease.
    pub counterpart: Option<String>,
}

impl LandDays {
    /// Sums the parts by side, in mu·days.
    pub fn of(parts: &[LandPart]) -> Self {
        let mut land = LandDays { records: parts.len() as i64, ..LandDays::default() };
        for part in parts {
            land.out_of_range |= part.odd;
            land.unmeasured += i64::from(part.land.is_none() && !part.odd && !part.floor_only);
            let side = match part.side {
                HoldingSide::Owned => &mut land.owned,
                HoldingSide::LeasedIn => &mut land.leased_in,
                HoldingSide::LeasedOut => &mut land.leased_out,
                HoldingSide::Other => &mut land.other,
            };
            let held = part.land.unwrap_or_default().0;
            let sum = held.checked_mul(part.days.into()).and_then(|held| side.checked_add(held));
            match sum {
                Some(sum) => *side = sum,
                None => land.out_of_range = true,
            }
        }
        land
    }
}

/// Floor area held without land, Σ area × days; `None` when none is on record.
pub fn floor_days(parts: &[LandPart]) -> Option<Decimal> {
    let without_land =
        |part: &&LandPart| part.side != HoldingSide::LeasedOut && !part.odd && part.land.unwrap_or_default().is_zero();
    let mut sum = None;
    for (floor, days) in parts.iter().filter(without_land).filter_map(|part| Some((part.floor?, part.days))) {
        sum = Some(floor.checked_mul(days.into())?.checked_add(sum.unwrap_or_default())?);
    }
    sum
}

#[derive(Clone, Debug)]
pub struct Entry {
    pub uscc: String,
    pub name: String,
    pub state: EnterpriseState,
    pub sector: Sector,
    pub industry_edition: Option<String>,
    pub industry_code: Option<String>,
    /// Where its main parcel lies, else where it is registered.
    pub subdistrict: Option<String>,
    pub subdistrict_name: Option<String>,
    pub tax_state: Option<FigureState>,
    pub facts: Facts,
    pub judgement: Judgement,
    pub parts: Vec<LandPart>,
    pub cursor: Cursor,
}

#[derive(Clone, Debug)]
pub struct Page {
    pub entries: Vec<Entry>,
    /// `None` on the last page.
    pub next: Option<Cursor>,
}

/// How many enterprises have each outcome, under all filters but the one on outcomes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counts(pub Vec<(Outcome, i64)>);

impl Counts {
    pub fn of(&self, outcome: Outcome) -> i64 {
        self.0.iter().find(|(other, _)| *other == outcome).map_or(0, |(_, count)| *count)
    }

    pub fn total(&self) -> i64 {
        self.0.iter().map(|(_, count)| count).sum()
    }
}

/// The first moment after `day` in China: knowledge as of a day includes the whole day.
pub fn end_of_day(day: NaiveDate) -> Option<DateTime<Utc>> {
    let midnight = day.succ_opt()?.and_hms_opt(0, 0, 0)?.and_utc();
    midnight.checked_sub_signed(chrono::TimeDelta::hours(8))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_in_china_ends_at_sixteen_hours_utc() {
        assert_eq!(end_of_day("2024-12-31".parse().unwrap()).unwrap().to_string(), "2024-12-31 16:00:00 UTC");
    }
}
