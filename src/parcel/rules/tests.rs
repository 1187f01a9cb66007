use proptest::prelude::*;

use super::*;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn before(code: &str, official: Decimal) -> Before {
    let official = SquareMetre(official);
    Before { code: code.into(), since: Some(day("2020-01-01")), until: None, official: Some(official), plane: official }
}

fn after(code: &str, official: Decimal) -> After {
    After { code: code.into(), official: SquareMetre(official), plane: SquareMetre(official), known: false }
}

fn split() -> Redrawing {
    Redrawing {
        kind: LineageKind::Split,
        effective_on: day("2024-06-01"),
        today: day("2024-06-30"),
        before: vec![before("A", dec!(10000))],
        after: vec![after("B", dec!(4000)), after("C", dec!(6000))],
        measured: Measured::default(),
    }
}

fn codes(redrawing: &Redrawing) -> Vec<FaultCode> {
    check(redrawing).into_iter().map(|fault| fault.code).collect()
}

#[test]
fn a_split_that_keeps_all_land_stands() {
    assert_eq!(check(&split()), vec![]);
}

#[test]
fn land_may_be_lost_gained_or_doubled_up_to_the_tolerance() {
    for (area, faulty) in [(dec!(0.9999), false), (dec!(1), false), (dec!(1.0001), true)] {
        let area = SquareMetre(area);
        let cases: [(Measured, FaultCode); 3] = [
            (Measured { uncovered: area, ..Measured::default() }, FaultCode::Uncovered),
            (Measured { outside: area, ..Measured::default() }, FaultCode::Outside),
            (Measured { overlaps: vec![(0, 1, area)], ..Measured::default() }, FaultCode::Overlap),
        ];
        for (measured, code) in cases {
            let found = codes(&Redrawing { measured, ..split() });
            assert_eq!(found, if faulty { vec![code] } else { vec![] }, "{area} {code}");
        }
    }
}

#[test]
fn an_overlap_is_one_by_its_size_or_by_its_share() {
    let overlap = |common, smaller| is_overlap(SquareMetre(common), SquareMetre(smaller));
    assert!(overlap(dec!(3945), dec!(4_000_000)), "less than a thousandth of a large parcel");
    assert!(!overlap(dec!(1), dec!(1000)) && overlap(dec!(1.0001), dec!(1_000_000)));
    assert!(!overlap(dec!(0.1), dec!(100)) && overlap(dec!(0.1001), dec!(100)));
    assert!(!overlap(dec!(0), dec!(0)));

    let mut small = split();
    small.after[0].plane = SquareMetre(dec!(500));
    for (area, faulty) in [(dec!(0.5), false), (dec!(0.5001), true)] {
        small.measured.overlaps = vec![(0, 1, SquareMetre(area))];
        assert_eq!(codes(&small).contains(&FaultCode::Overlap), faulty, "{area}");
    }
}

#[test]
fn no_parcel_is_larger_than_a_district() {
    assert_eq!(vast("A", SquareMetre(dec!(1_000_000_000))), None);
    let fault = vast("A", SquareMetre(dec!(1_000_000_000.0001))).unwrap();
    assert_eq!(fault.code, FaultCode::Shape);
    assert!(fault.message.contains("1000 平方千米"), "{}", fault.message);
}

#[test]
fn registered_areas_add_up_within_a_thousandth() {
    for (second, faulty) in [(dec!(6009.99), false), (dec!(6010), false), (dec!(6010.01), true), (dec!(5989.99), true)]
    {
        let redrawing = Redrawing { after: vec![after("B", dec!(4000)), after("C", second)], ..split() };
        assert_eq!(codes(&redrawing).contains(&FaultCode::AreaSum), faulty, "{second}");
    }
}

#[test]
fn small_parcels_have_a_whole_square_metre() {
    assert_eq!(area_tolerance(SquareMetre(dec!(999))), SquareMetre(dec!(1)));
    assert_eq!(area_tolerance(SquareMetre(dec!(1000))), SquareMetre(dec!(1)));
    assert_eq!(area_tolerance(SquareMetre(dec!(1001))), SquareMetre(dec!(1.001)));
}

#[test]
fn a_registered_area_must_fit_its_shape() {
    for (plane, faulty) in [(dec!(4004), false), (dec!(4004.005), true), (dec!(3996.01), false), (dec!(3995), true)] {
        let mut redrawing = split();
        redrawing.after[0].plane = SquareMetre(plane);
        assert_eq!(codes(&redrawing).contains(&FaultCode::AreaDiffers), faulty, "{plane}");
    }
}

#[test]
fn a_missing_area_is_no_zero() {
    let mut redrawing = split();
    redrawing.before[0].official = None;
    assert_eq!(check(&redrawing), vec![]);
}

#[test]
fn codes_are_new_and_used_once() {
    let mut redrawing = split();
    redrawing.after[1].code = "B".into();
    redrawing.after[1].known = true;
    assert_eq!(codes(&redrawing), vec![FaultCode::CodeTwice, FaultCode::CodeTaken]);
}

#[test]
fn a_split_needs_two_and_a_merger_makes_one() {
    let one = Redrawing { after: vec![after("B", dec!(10000))], ..split() };
    assert_eq!(codes(&one), vec![FaultCode::Count]);
    let merger = Redrawing {
        kind: LineageKind::Merge,
        before: vec![before("A", dec!(4000)), before("D", dec!(6000))],
        after: vec![after("B", dec!(10000))],
        ..split()
    };
    assert_eq!(check(&merger), vec![]);
    let scattered = Measured { scattered: true, ..Measured::default() };
    assert_eq!(codes(&Redrawing { measured: scattered, ..merger }), vec![FaultCode::Scattered]);
}

#[test]
fn a_moved_boundary_keeps_the_codes() {
    let mut moved = Redrawing {
        kind: LineageKind::Adjust,
        before: vec![before("A", dec!(4000)), before("D", dec!(6000))],
        after: vec![after("A", dec!(5000)), after("D", dec!(5000))],
        ..split()
    };
    moved.after.iter_mut().for_each(|parcel| parcel.known = true);
    assert_eq!(check(&moved), vec![]);
    moved.after[1].code = "E".into();
    assert_eq!(codes(&moved), vec![FaultCode::CodesDiffer]);
}

#[test]
fn the_day_lies_after_the_beginning_and_not_in_the_future() {
    for (effective, fault) in [
        ("2020-01-01", Some(FaultCode::TooEarly)),
        ("2020-01-02", None),
        ("2024-06-30", None),
        ("2024-07-01", Some(FaultCode::InFuture)),
    ] {
        let found = codes(&Redrawing { effective_on: day(effective), ..split() });
        assert_eq!(found, fault.into_iter().collect::<Vec<_>>(), "{effective}");
    }
    let mut ended = split();
    ended.before[0].until = Some(day("2024-06-15"));
    assert_eq!(codes(&ended), vec![FaultCode::AlreadyEnded]);
}

proptest! {
    /// However one parcel is cut, the pieces pass; take away more than the tolerance and they do not.
    #[test]
    fn pieces_that_add_up_pass_and_others_do_not(pieces in prop::collection::vec(1i64..10_000_000, 2..8), off in -100_000i64..100_000) {
        let area = |cents: i64| Decimal::new(cents, 2);
        let whole: i64 = pieces.iter().sum();
        let mut redrawing = split();
        redrawing.before = vec![before("A", area(whole))];
        redrawing.after = pieces.iter().enumerate().map(|(place, cents)| after(&format!("P{place}"), area(*cents))).collect();
        prop_assert!(check(&redrawing).is_empty());
        redrawing.before[0].official = Some(SquareMetre(area(whole + off)));
        let allowed = area_tolerance(SquareMetre(area(whole + off)));
        let found = codes(&redrawing).contains(&FaultCode::AreaSum);
        prop_assert_eq!(found, area(off.abs()) > allowed.0);
    }
}
