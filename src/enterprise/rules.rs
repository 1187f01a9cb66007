//! Land of an enterprise in a year, and whether the uses of a parcel fit into it.
//!
//! The convention: land of a year = Σ over what was held of (own + leased in + other − leased out) × days held ÷ days of
//! the year. A day counts on the first day of a holding and not on the day it ends; a leap year has 366. Sums are kept
//! in mu·days and divided only for display. A lease is one record with two sides, so what leaves one enterprise enters
//! the other and the sum over a district does not change.

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::{HoldingSide, OccupancyKind, wording};
use crate::base::period::{Period, length_of_year};
use crate::base::ratio::Ratio;
use crate::base::unit::{Mu, SquareMetre};
use crate::exchange::Fault;

/// How far the uses of a parcel may exceed its registered area, m². A local choice.
pub const PARCEL_SUM_TOLERANCE: SquareMetre = SquareMetre(rust_decimal_macros::dec!(1));

/// One side of an occupancy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Held {
    pub side: HoldingSide,
    /// Positive on every side; missing when not on record.
    pub land: Option<Mu>,
    /// Only floor area moves: no ground is held or given.
    pub floor_only: bool,
    pub valid: Period,
}

/// Land of one enterprise in one year, in mu·days.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LandOfYear {
    pub owned: Ratio,
    pub leased_in: Ratio,
    pub other: Ratio,
    /// Positive; it is taken off.
    pub leased_out: Ratio,
    /// Holdings of the year that state no area: with one of them the sum says too little.
    pub unmeasured: usize,
    /// Holdings that touch the year.
    pub records: usize,
}

impl Default for LandOfYear {
    fn default() -> Self {
        let zero = || Ratio::from(Decimal::ZERO);
        LandOfYear { owned: zero(), leased_in: zero(), other: zero(), leased_out: zero(), unmeasured: 0, records: 0 }
    }
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
            land.unmeasured += usize::from(part.land.is_none() && !part.floor_only);
            let side = match part.side {
                HoldingSide::Owned => &mut land.owned,
                HoldingSide::LeasedIn => &mut land.leased_in,
                HoldingSide::Other => &mut land.other,
                HoldingSide::LeasedOut => &mut land.leased_out,
            };
            *side = side.clone() + Ratio::from(part.land.unwrap_or_default().0) * Decimal::from(days);
        }
        land
    }

    /// Σ in mu·days, exact whatever is on record.
    pub fn mu_days(&self) -> Ratio {
        self.owned.clone() + self.leased_in.clone() + self.other.clone() - self.leased_out.clone()
    }

    /// The average over the days of the year, in mu; none when an area or every record is missing.
    pub fn average(&self, year: i32) -> Option<Ratio> {
        let known = self.unmeasured == 0 && self.records > 0;
        known.then(|| self.mu_days() / Decimal::from(length_of_year(year)))
    }
}

/// What is wrong with the construction period of a major project: a start alone says nothing of its end.
pub fn project_fault(since: Option<NaiveDate>, until: Option<NaiveDate>) -> Option<Fault> {
    match (since?, until) {
        (_, None) => Some(wording::project_day_alone()),
        (since, Some(until)) => (until < since).then(|| wording::project_ends_before_start(since, until)),
    }
}

/// One use of a parcel on a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParcelUse {
    pub kind: OccupancyKind,
    pub land: Option<Mu>,
    /// Whether the lessor is registered here: its land is counted already, as its own or as leased to it.
    pub lessor_registered: bool,
    pub floor_only: bool,
}

/// Whether the uses of a parcel fit into it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ParcelSum {
    Fits {
        used: Mu,
    },
    Exceeds {
        used: Mu,
        by: Mu,
    },
    /// The parcel has no registered area, or a use states none.
    NotDeterminable,
}

/// Own land, other land and leases from outside the register against the area of the parcel. A lease between registered
/// enterprises moves land that is counted already.
pub fn parcel_sum(area: Option<SquareMetre>, uses: &[ParcelUse]) -> ParcelSum {
    let counted =
        uses.iter().filter(|part| !(part.floor_only || part.kind == OccupancyKind::Leased && part.lessor_registered));
    let used = counted.map(|part| part.land).try_fold(Mu::ZERO, |sum, land| Some(Mu(sum.0.checked_add(land?.0)?)));
    match (area, used) {
        (Some(area), Some(used)) if used > (area + PARCEL_SUM_TOLERANCE).to_mu() => {
            ParcelSum::Exceeds { used, by: used - area.to_mu() }
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

    fn held(side: HoldingSide, mu: Decimal, valid: Period) -> Held {
        Held { side, land: Some(Mu(mu)), floor_only: false, valid }
    }

    fn mu(average: Decimal) -> Option<Ratio> {
        Some(Ratio::from(average))
    }

    #[test]
    fn half_a_year_counts_by_its_days() {
        let half = Period::since(day("2024-07-02"));
        let land = LandOfYear::of(&[held(HoldingSide::Owned, dec!(1000), half)], 2024);
        assert_eq!(land.mu_days(), Ratio::from(dec!(183000)));
        assert_eq!(land.average(2024), mu(dec!(500)));
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
        assert_eq!(LandOfYear::of(&parts, 2023).average(2023), mu(dec!(2000)));
        parts[1].land = None;
        assert_eq!(LandOfYear::of(&parts, 2023).average(2023), None);
        parts[1].floor_only = true;
        assert_eq!(LandOfYear::of(&parts, 2023).average(2023), mu(dec!(1500)));
    }

    fn used(kind: OccupancyKind, area: Option<Decimal>, lessor_registered: bool) -> ParcelUse {
        ParcelUse { kind, land: area.map(|area| SquareMetre(area).to_mu()), lessor_registered, floor_only: false }
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

    #[test]
    fn land_in_mu_is_taken_apart_without_a_rest() {
        let always = Period::since(day("2010-01-01"));
        let let_out = |parts: &[Decimal]| {
            let mut held_parts = vec![held(HoldingSide::Owned, dec!(10), always)];
            held_parts.extend(parts.iter().map(|part| held(HoldingSide::LeasedOut, *part, always)));
            LandOfYear::of(&held_parts, 2024).average(2024)
        };
        assert_eq!(let_out(&[dec!(5), dec!(5)]), mu(dec!(0)));
        assert_eq!(let_out(&[dec!(3.3), dec!(3.3), dec!(3.4)]), mu(dec!(0)));
        assert_eq!(let_out(&[dec!(9.9999999999)]), mu(dec!(0.0000000001)));
    }

    #[test]
    fn a_parcel_of_ten_mu_is_full_with_ten_mu() {
        let parcel = Some(SquareMetre(dec!(6666.67)));
        let owned = |mu| ParcelUse { land: Some(Mu(mu)), ..used(OccupancyKind::Owned, None, false) };
        let by = |uses: &[ParcelUse]| match parcel_sum(parcel, uses) {
            ParcelSum::Fits { .. } => None,
            other => Some(other),
        };
        assert_eq!(by(&[owned(dec!(5)), owned(dec!(5))]), None);
        assert_eq!(by(&[owned(dec!(10)), owned(dec!(0.001505))]), None, "a square metre more, exactly");
        let used = dec!(10.001505000000001);
        let beyond = ParcelSum::Exceeds { used: Mu(used), by: Mu(dec!(0.001500000000001)) };
        assert_eq!(by(&[owned(dec!(10)), owned(dec!(0.001505000000001))]), Some(beyond));
        assert_eq!(parcel_sum(parcel, &[owned(Decimal::MAX), owned(Decimal::MAX)]), ParcelSum::NotDeterminable);
    }

    #[test]
    fn whatever_is_on_record_a_year_can_be_summed() {
        let always = Period::since(day("2010-01-01"));
        let vast = held(HoldingSide::Owned, Decimal::MAX, always);
        let land = LandOfYear::of(&[vast.clone(), vast], 2024);
        assert_eq!(land.average(2024), Some(Ratio::from(Decimal::MAX) * dec!(2)));
    }

    #[test]
    fn a_construction_period_has_an_end_and_a_start_before_it() {
        let fault = |since: Option<&str>, until: Option<&str>| {
            project_fault(since.map(day), until.map(day)).map(|fault| fault.code)
        };
        use crate::exchange::FaultCode;
        assert_eq!(fault(Some("2022-01-01"), Some("2022-01-01")), None);
        assert_eq!(fault(Some("2022-01-02"), Some("2022-01-01")), Some(FaultCode::PeriodInvalid));
        assert_eq!(fault(Some("2022-01-02"), None), Some(FaultCode::ValueMissing));
        assert_eq!((fault(None, Some("2022-01-01")), fault(None, None)), (None, None));
    }

    proptest! {
        /// A lease between two registered enterprises moves land and makes none.
        #[test]
        fn a_lease_keeps_the_sum(own in 1i64..100_000_000, leased in 1i64..100_000_000, from in 0u64..800, length in 1u64..800, year in 2022i32..2026) {
            let start = day("2022-06-01") + chrono::Days::new(from);
            let lease = Period::between(start, start + chrono::Days::new(length));
            let owned = held(HoldingSide::Owned, Decimal::new(own, 2), Period::since(day("2010-01-01")));
            let area = Decimal::new(leased, 2);
            let alone = LandOfYear::of(std::slice::from_ref(&owned), year).mu_days();
            let lessor = LandOfYear::of(&[owned, held(HoldingSide::LeasedOut, area, lease)], year);
            let tenant = LandOfYear::of(&[held(HoldingSide::LeasedIn, area, lease)], year);
            prop_assert_eq!(lessor.mu_days() + tenant.mu_days(), alone);
        }
    }
}
