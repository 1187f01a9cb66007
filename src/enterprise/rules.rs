//! Whether the uses of a parcel fit into it, and whether a construction period can be.

use chrono::NaiveDate;

use super::{OccupancyKind, wording};
use crate::base::unit::{Mu, SquareMetre};
use crate::exchange::Fault;

/// How far the uses of a parcel may exceed its registered area, m². A local choice.
pub const PARCEL_SUM_TOLERANCE: SquareMetre = SquareMetre(rust_decimal_macros::dec!(1));

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
    use rust_decimal::Decimal;
    use rust_decimal_macros::dec;

    use super::*;

    fn day(text: &str) -> chrono::NaiveDate {
        text.parse().unwrap()
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
}
