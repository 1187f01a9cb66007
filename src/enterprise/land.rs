//! Land of an enterprise in a year.
//!
//! The convention: land of a year = Σ over what was held of (own + leased in + other − leased out) × days held ÷ days of
//! the year. A day counts on the first day of a holding and not on the day it ends; a leap year has 366. Sums are kept
//! in mu·days and divided only for display. A lease is one record with two sides, so what leaves one enterprise enters
//! the other and the sum over a district does not change. It stands here, below the facts of a year that `annual` keeps,
//! because the enterprise's own page shows it.

use chrono::NaiveDate;
use rust_decimal::Decimal;
use sqlx::postgres::types::PgRange;

use super::HoldingSide;
use crate::base::bounds::{LAND_DAYS, USE_OF_LAND};
use crate::base::period::{Period, length_of_year};
use crate::base::ratio::Ratio;
use crate::base::unit::Mu;

/// One side of an occupancy seen from the enterprise: what it adds to the land of a year, or takes from it.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct LandPart {
    pub side: HoldingSide,
    pub parcel: Option<String>,
    /// mu, positive on every side; `None` when not on record, or odd.
    pub land: Option<Mu>,
    /// Land is on record that cannot be right: out of [`USE_OF_LAND`].
    pub odd: bool,
    /// It holds or gives floor area and no land.
    pub floor_only: bool,
    /// m² of floor area.
    pub floor: Option<Decimal>,
    /// How many days of the year it was held.
    pub days: i32,
    #[sqlx(try_from = "PgRange<NaiveDate>")]
    pub valid: Period,
    /// The other enterprise of a lease.
    pub counterpart: Option<String>,
}

impl LandPart {
    fn is_unmeasured(&self) -> bool {
        self.land.is_none() && !self.odd && !self.floor_only
    }

    fn is_odd(&self) -> bool {
        self.odd || self.land.is_some_and(|land| !USE_OF_LAND.holds(land.0))
    }

    /// What it holds, in mu·days; nothing when no decimal holds that.
    fn mu_days(&self) -> Option<Decimal> {
        self.land.unwrap_or_default().0.checked_mul(self.days.into())
    }
}

/// Land of one enterprise in one year, each side as Σ area × days held, in mu·days, so that nothing is divided or rounded
/// before it is compared.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LandDays {
    pub owned: Decimal,
    pub leased_in: Decimal,
    /// Positive; it is subtracted.
    pub leased_out: Decimal,
    pub other: Decimal,
    /// How many holdings touch the year. None at all is a missing record, not an absence of land.
    pub records: i64,
    /// How many of them state neither land nor floor area: with one of them the sum says too little.
    pub unmeasured: i64,
    /// An area cannot be right: too large or too finely divided.
    pub out_of_range: bool,
}

impl LandDays {
    pub fn of(parts: &[LandPart]) -> Self {
        let mut land = LandDays { records: parts.len() as i64, ..LandDays::default() };
        for part in parts {
            land.out_of_range |= part.is_odd();
            land.unmeasured += i64::from(part.is_unmeasured());
            let side = match part.side {
                HoldingSide::Owned => &mut land.owned,
                HoldingSide::LeasedIn => &mut land.leased_in,
                HoldingSide::LeasedOut => &mut land.leased_out,
                HoldingSide::Other => &mut land.other,
            };
            match part.mu_days().and_then(|held| side.checked_add(held)) {
                Some(sum) => *side = sum,
                None => land.out_of_range = true,
            }
        }
        land
    }

    /// own + leased in + other − leased out, in mu·days. Exact while each part is in range.
    pub fn total(&self) -> Decimal {
        self.owned + self.leased_in + self.other - self.leased_out
    }

    /// The average over the days of the year, in mu; none when an area or every record is missing, or cannot be right.
    pub fn average(&self, year: i32) -> Option<Ratio> {
        let known = self.records > 0 && self.unmeasured == 0 && self.is_in_range();
        known.then(|| Ratio::of(self.total(), length_of_year(year).into()))?
    }

    pub fn is_in_range(&self) -> bool {
        !self.out_of_range
            && self.sides().into_iter().all(|side| LAND_DAYS.holds(side))
            && LAND_DAYS.holds(self.owned + self.leased_in + self.other)
    }

    /// Holdings are on record, all measured, and none of them carries land.
    pub fn is_certainly_none(&self) -> bool {
        self.records > 0 && self.unmeasured == 0 && !self.out_of_range && self.sides().iter().all(Decimal::is_zero)
    }

    fn sides(&self) -> [Decimal; 4] {
        [self.owned, self.leased_in, self.leased_out, self.other]
    }
}

/// Floor area held without land, Σ area × days in m²·days; `None` when none is on record.
pub fn floor_days(parts: &[LandPart]) -> Option<Decimal> {
    let without_land =
        |part: &&LandPart| part.side != HoldingSide::LeasedOut && !part.odd && part.land.unwrap_or_default().is_zero();
    let mut sum = None;
    for (floor, days) in parts.iter().filter(without_land).filter_map(|part| Some((part.floor?, part.days))) {
        sum = Some(floor.checked_mul(days.into())?.checked_add(sum.unwrap_or_default())?);
    }
    sum
}

/// What an enterprise held on one parcel in a year, what it let out there taken off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OnParcel {
    /// mu·days, positive.
    Land(Decimal),
    Unmeasured,
    FloorOnly,
}

/// `None` when it held nothing there.
pub fn on_parcel(parts: &[LandPart], code: &str) -> Option<OnParcel> {
    let parts = || parts.iter().filter(|part| part.parcel.as_deref() == Some(code));
    let signed = |part: &LandPart| {
        let held = part.mu_days()?;
        Some(if part.side == HoldingSide::LeasedOut { -held } else { held })
    };
    let held = parts().map(signed).try_fold(Decimal::ZERO, |sum, held| sum.checked_add(held?));
    match held {
        _ if parts().any(|part| part.land.is_none() && !part.floor_only) => Some(OnParcel::Unmeasured),
        None => Some(OnParcel::Unmeasured),
        Some(held) if held > Decimal::ZERO => Some(OnParcel::Land(held)),
        Some(_) => {
            let floor = parts().any(|part| part.floor_only && part.side != HoldingSide::LeasedOut);
            floor.then_some(OnParcel::FloorOnly)
        }
    }
}

#[cfg(test)]
mod tests;
