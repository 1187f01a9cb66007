//! Land of an enterprise in a year, and whether the uses of a parcel fit into it.
//!
//! The convention: land of a year = Σ over what was held of (own + leased in + other − leased out) × days held ÷ days of
//! the year. A day counts on the first day of a holding and not on the day it ends; a leap year has 366. Sums are kept
//! in m²·days and divided only for display. A lease is one record with two sides, so what leaves one enterprise enters
//! the other and the sum over a district does not change.

use rust_decimal::Decimal;

use super::{HoldingSide, OccupancyKind};
use crate::base::period::{Period, length_of_year};
use crate::base::unit::SquareMetre;

/// How far the uses of a parcel may exceed its registered area, m². A local choice.
pub const PARCEL_SUM_TOLERANCE: SquareMetre = SquareMetre(rust_decimal_macros::dec!(1));

/// One side of an occupancy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Held {
    pub side: HoldingSide,
    /// m², positive on every side; missing when not on record.
    pub area: Option<Decimal>,
    /// Only floor area moves: no ground is held or given.
    pub floor_only: bool,
    pub valid: Period,
}

/// Land of one enterprise in one year, in m²·days.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LandOfYear {
    pub owned: Decimal,
    pub leased_in: Decimal,
    pub other: Decimal,
    /// Positive; it is taken off.
    pub leased_out: Decimal,
    /// Holdings of the year that state no area: with one of them the sum says too little.
    pub unmeasured: usize,
    /// Holdings that touch the year.
    pub records: usize,
}

impl LandOfYear {
    pub fn of(held: &[Held], year: i32) -> Self {
        let mut land = LandOfYear::default();
        for part in held {
            let days = part.valid.days_in_year(year);
            if days == 0 {
                continue;
            }
            land.records += 1;
            land.unmeasured += usize::from(part.area.is_none() && !part.floor_only);
            let area = part.area.unwrap_or_default() * Decimal::from(days);
            match part.side {
                HoldingSide::Owned => land.owned += area,
                HoldingSide::LeasedIn => land.leased_in += area,
                HoldingSide::Other => land.other += area,
                HoldingSide::LeasedOut => land.leased_out += area,
            }
        }
        land
    }

    /// Σ in m²·days, exact.
    pub fn square_metre_days(&self) -> Decimal {
        self.owned + self.leased_in + self.other - self.leased_out
    }

    /// The average over the days of the year, for the eye; none when an area or every record is missing.
    pub fn average(&self, year: i32) -> Option<SquareMetre> {
        let known = self.unmeasured == 0 && self.records > 0;
        known.then(|| SquareMetre(self.square_metre_days() / Decimal::from(length_of_year(year))))
    }
}

/// One use of a parcel on a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParcelUse {
    pub kind: OccupancyKind,
    /// m².
    pub area: Option<Decimal>,
    /// Whether the lessor is registered here: its land is counted already, as its own or as leased to it.
    pub lessor_registered: bool,
    pub floor_only: bool,
}

/// Whether the uses of a parcel fit into it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ParcelSum {
    Fits {
        used: SquareMetre,
    },
    Exceeds {
        used: SquareMetre,
        by: SquareMetre,
    },
    /// The parcel has no registered area, or a use states none.
    NotDeterminable,
}

/// Own land, other land and leases from outside the register against the area of the parcel. A lease between registered
/// enterprises moves land that is counted already.
pub fn parcel_sum(area: Option<SquareMetre>, uses: &[ParcelUse]) -> ParcelSum {
    let counted =
        uses.iter().filter(|part| !(part.floor_only || part.kind == OccupancyKind::Leased && part.lessor_registered));
    let used = counted.map(|part| part.area).sum::<Option<Decimal>>().map(SquareMetre);
    match (area, used) {
        (Some(area), Some(used)) if used.0 > area.0 + PARCEL_SUM_TOLERANCE.0 => {
            ParcelSum::Exceeds { used, by: SquareMetre(used.0 - area.0) }
        }
        (Some(_), Some(used)) => ParcelSum::Fits { used },
        _ => ParcelSum::NotDeterminable,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rust_decimal_macros::dec;

    use super::*;

    fn day(text: &str) -> chrono::NaiveDate {
        text.parse().unwrap()
    }

    fn held(side: HoldingSide, area: Decimal, valid: Period) -> Held {
        Held { side, area: Some(area), floor_only: false, valid }
    }

    #[test]
    fn half_a_year_counts_by_its_days() {
        let half = Period::since(day("2024-07-02"));
        let land = LandOfYear::of(&[held(HoldingSide::Owned, dec!(1000), half)], 2024);
        assert_eq!(land.square_metre_days(), dec!(183000));
        assert_eq!(land.average(2024), Some(SquareMetre(dec!(500))));
        let earlier = LandOfYear::of(&[held(HoldingSide::Owned, dec!(1000), half)], 2023);
        assert_eq!((earlier.records, earlier.average(2023)), (0, None));
    }

    #[test]
    fn leases_enter_and_leave_and_a_missing_area_is_no_zero() {
        let always = Period::since(day("2010-01-01"));
        let mut parts = vec![
            held(HoldingSide::Owned, dec!(3000), always),
            held(HoldingSide::LeasedIn, dec!(500), always),
            held(HoldingSide::Other, dec!(100), always),
            held(HoldingSide::LeasedOut, dec!(1600), always),
        ];
        assert_eq!(LandOfYear::of(&parts, 2023).average(2023), Some(SquareMetre(dec!(2000))));
        parts[1].area = None;
        assert_eq!(LandOfYear::of(&parts, 2023).average(2023), None);
        parts[1].floor_only = true;
        assert_eq!(LandOfYear::of(&parts, 2023).average(2023), Some(SquareMetre(dec!(1500))));
    }

    fn used(kind: OccupancyKind, area: Option<Decimal>, lessor_registered: bool) -> ParcelUse {
        ParcelUse { kind, area, lessor_registered, floor_only: false }
    }

    #[test]
    fn uses_fit_up_to_the_tolerance() {
        for (own, fits) in [(dec!(900.99), true), (dec!(901), true), (dec!(901.01), false)] {
            let uses = [
                used(OccupancyKind::Owned, Some(own), false),
                used(OccupancyKind::Leased, Some(dec!(100)), false),
                used(OccupancyKind::Leased, Some(dec!(800)), true),
            ];
            let sum = parcel_sum(Some(SquareMetre(dec!(1000))), &uses);
            assert_eq!(matches!(sum, ParcelSum::Fits { .. }), fits, "{sum:?}");
        }
        let missing = [used(OccupancyKind::Other, None, false)];
        assert_eq!(parcel_sum(Some(SquareMetre(dec!(1000))), &missing), ParcelSum::NotDeterminable);
        assert_eq!(parcel_sum(None, &[]), ParcelSum::NotDeterminable);
    }

    proptest! {
        /// A lease between two registered enterprises moves land and makes none.
        #[test]
        fn a_lease_keeps_the_sum(own in 1i64..100_000_000, leased in 1i64..100_000_000, from in 0u64..800, length in 1u64..800, year in 2022i32..2026) {
            let start = day("2022-06-01") + chrono::Days::new(from);
            let lease = Period::between(start, start + chrono::Days::new(length));
            let owned = held(HoldingSide::Owned, Decimal::new(own, 2), Period::since(day("2010-01-01")));
            let area = Decimal::new(leased, 2);
            let alone = LandOfYear::of(std::slice::from_ref(&owned), year).square_metre_days();
            let lessor = LandOfYear::of(&[owned, held(HoldingSide::LeasedOut, area, lease)], year);
            let tenant = LandOfYear::of(&[held(HoldingSide::LeasedIn, area, lease)], year);
            prop_assert_eq!(lessor.square_metre_days() + tenant.square_metre_days(), alone);
        }
    }
}
