use proptest::prelude::*;
use rust_decimal_macros::dec;

use super::*;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// Still to be laid against a year.
fn held(side: HoldingSide, mu: Decimal, valid: Period) -> LandPart {
    let land = Some(Mu(mu));
    let (parcel, floor, counterpart) = (None, None, None);
    LandPart { side, parcel, land, odd: false, floor_only: false, floor, days: 0, valid, counterpart }
}

fn of(parts: &[LandPart], year: i32) -> LandDays {
    let in_year = |part: &LandPart| LandPart { days: part.valid.days_in_year(year) as i32, ..part.clone() };
    LandDays::of(&parts.iter().map(in_year).filter(|part| part.days > 0).collect::<Vec<_>>())
}

fn mu(average: Decimal) -> Option<Ratio> {
    Some(Ratio::from(average))
}

#[test]
fn half_a_year_counts_by_its_days() {
    let half = Period::since(day("2024-07-02"));
    let land = of(&[held(HoldingSide::Owned, dec!(1000), half)], 2024);
    assert_eq!(land.total(), dec!(183000));
    assert_eq!(land.average(2024), mu(dec!(500)));
    let earlier = of(&[held(HoldingSide::Owned, dec!(1000), half)], 2023);
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
    assert_eq!(of(&parts, 2023).average(2023), mu(dec!(2000)));
    parts[1].land = None;
    assert_eq!(of(&parts, 2023).average(2023), None);
    parts[1].floor_only = true;
    assert_eq!(of(&parts, 2023).average(2023), mu(dec!(1500)));
}

#[test]
fn land_in_mu_is_taken_apart_without_a_rest() {
    let always = Period::since(day("2010-01-01"));
    let let_out = |parts: &[Decimal]| {
        let mut held_parts = vec![held(HoldingSide::Owned, dec!(10), always)];
        held_parts.extend(parts.iter().map(|part| held(HoldingSide::LeasedOut, *part, always)));
        of(&held_parts, 2024).average(2024)
    };
    assert_eq!(let_out(&[dec!(5), dec!(5)]), mu(dec!(0)));
    assert_eq!(let_out(&[dec!(3.3), dec!(3.3), dec!(3.4)]), mu(dec!(0)));
    assert_eq!(let_out(&[dec!(9.9999999999)]), mu(dec!(0.0000000001)));
}

#[test]
fn whatever_is_on_record_a_year_can_be_summed() {
    let always = Period::since(day("2010-01-01"));
    let vast = held(HoldingSide::Owned, Decimal::MAX, always);
    let land = of(&[vast.clone(), vast], 2024);
    assert_eq!((land.is_in_range(), land.average(2024)), (false, None), "what no land can be is not summed, and said");
    let most = held(HoldingSide::Owned, dec!(1_499_999_999.9999999999999999), always);
    let land = of(&[most.clone(), most.clone()], 2024);
    assert_eq!(land.average(2024), mu(dec!(2_999_999_999.9999999999999998)));
    let finer = held(HoldingSide::Owned, dec!(0.00000000000000001), always);
    assert!(!of(&[finer], 2024).is_in_range());
}

proptest! {
    /// A lease between two registered enterprises moves land and makes none.
    #[test]
    fn a_lease_keeps_the_sum(own in 1i64..100_000_000, leased in 1i64..100_000_000, from in 0u64..800, length in 1u64..800, year in 2022i32..2026) {
        let start = day("2022-06-01") + chrono::Days::new(from);
        let lease = Period::between(start, start + chrono::Days::new(length));
        let owned = held(HoldingSide::Owned, Decimal::new(own, 2), Period::since(day("2010-01-01")));
        let area = Decimal::new(leased, 2);
        let alone = of(std::slice::from_ref(&owned), year).total();
        let lessor = of(&[owned, held(HoldingSide::LeasedOut, area, lease)], year);
        let tenant = of(&[held(HoldingSide::LeasedIn, area, lease)], year);
        prop_assert_eq!(lessor.total() + tenant.total(), alone);
    }
}

#[test]
fn what_is_let_out_on_a_parcel_is_taken_off_there() {
    let always = Period::since(day("2010-01-01"));
    let on = |code: &str, part: LandPart| LandPart { parcel: Some(code.into()), days: 366, ..part };
    let mut parts = vec![
        on("A", held(HoldingSide::Owned, dec!(3), always)),
        on("A", held(HoldingSide::LeasedOut, dec!(1), always)),
        on("B", held(HoldingSide::Owned, dec!(1), always)),
        on("B", held(HoldingSide::LeasedOut, dec!(1), always)),
        on("C", LandPart { land: None, floor_only: true, ..held(HoldingSide::LeasedIn, dec!(0), always) }),
    ];
    assert_eq!(on_parcel(&parts, "A"), Some(OnParcel::Land(dec!(732))));
    assert_eq!((on_parcel(&parts, "B"), on_parcel(&parts, "D")), (None, None));
    assert_eq!(on_parcel(&parts, "C"), Some(OnParcel::FloorOnly));
    parts[1].land = None;
    assert_eq!(on_parcel(&parts, "A"), Some(OnParcel::Unmeasured));
}
