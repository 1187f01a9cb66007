use super::*;

const EIGHT: [(&str, &str); 8] = [
    ("330103001", "330105014"),
    ("330103002", "330105013"),
    ("330103003", "330105012"),
    ("330103005", "330105015"),
    ("330103006", "330105016"),
    ("330103007", "330105017"),
    ("330103008", "330105018"),
    ("330103009", "330105019"),
];

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn renumbered(from: &str, to: &str) -> Resolution {
    Resolution::Renumbered { from: from.into(), to: to.into(), on: day("2021-04-09") }
}

#[test]
fn the_eight_subdistricts_were_renumbered_out_of_order() {
    let walk = CrossWalk::embedded();
    for (old, new) in EIGHT {
        assert_eq!(walk.resolve_subdistrict(old, day("2021-04-08")), Resolution::Current(old.into()));
        assert_eq!(walk.resolve_subdistrict(old, day("2021-04-09")), renumbered(old, new));
        assert_eq!(walk.resolve_subdistrict(old, day("2024-12-31")).code(), Some(new));
        assert_eq!(walk.resolve_subdistrict(new, day("2021-04-09")), Resolution::Current(new.into()));
        assert_eq!(walk.resolve_subdistrict(new, day("2021-04-08")), Resolution::Unknown);
        assert_eq!(walk.subdistrict_predecessors(new), [old]);
    }
}

#[test]
fn names_stay_while_codes_change() {
    let name = |code: &str| list::subdistricts().iter().find(|row| row.code == code).map(|row| row.name.as_str());
    for (old, new) in EIGHT {
        assert!(name(old).is_some());
        assert_eq!(name(old), name(new));
    }
}

#[test]
fn a_subdistrict_that_was_always_there_stays() {
    let walk = CrossWalk::embedded();
    for on in ["2000-01-01", "2021-04-09", "2024-01-01"] {
        assert_eq!(walk.resolve_subdistrict("330105001", day(on)), Resolution::Current("330105001".into()));
    }
    assert_eq!(walk.resolve_subdistrict("330103004", day("2024-01-01")), Resolution::Unknown);
}

#[test]
fn one_county_became_two() {
    let walk = CrossWalk::embedded();
    let split = Resolution::SplitInto(vec!["330102".into(), "330114".into()]);
    assert_eq!(walk.resolve_county("330104", day("2021-04-09")), split);
    assert_eq!(split.code(), None);
    assert_eq!(walk.resolve_county("330104", day("2021-04-08")), Resolution::Current("330104".into()));
    assert_eq!(walk.resolve_county("330103", day("2022-01-01")), renumbered("330103", "330105"));
}

#[test]
fn an_old_parcel_code_resolves_by_date_and_stays_itself() {
    let code: ParcelCode = "330103002001GB00001".parse().unwrap();
    let before = CrossWalk::embedded().resolve_parcel(&code, day("2021-04-08"));
    assert_eq!(before.county.code(), Some("330103"));
    assert_eq!(before.subdistrict, Resolution::Current("330103002".into()));
    let after = CrossWalk::embedded().resolve_parcel(&code, day("2021-04-09"));
    assert_eq!(after.county.code(), Some("330105"));
    assert_eq!(after.subdistrict, renumbered("330103002", "330105013"));
}

#[test]
fn chains_splits_and_circles_end() {
    let open = |code: &str, from: &str| (code.to_owned(), Period::since(day(from)));
    let ended = |code: &str, until: &str| (code.to_owned(), Period { from: None, until: Some(day(until)) });
    let step = |old: &str, new: &str, on: &str| Succession {
        kind: SuccessionKind::County,
        old: old.into(),
        new: new.into(),
        on: day(on),
        source: String::new(),
    };
    let counties = vec![ended("a", "2001-01-01"), open("c", "2010-01-01"), open("d", "2010-01-01")];
    let steps = [
        step("a", "b", "2001-01-01"),
        step("b", "c", "2010-01-01"),
        step("b", "d", "2010-01-01"),
        step("x", "y", "2001-01-01"),
        step("y", "x", "2002-01-01"),
    ];
    let walk = CrossWalk::new(counties, vec![], &steps);
    assert_eq!(walk.resolve_county("a", day("2000-01-01")).code(), Some("a"));
    assert_eq!(walk.resolve_county("a", day("2005-01-01")), Resolution::Unknown);
    assert_eq!(walk.resolve_county("a", day("2010-01-01")), Resolution::SplitInto(vec!["c".into(), "d".into()]));
    assert_eq!(walk.resolve_county("x", day("2010-01-01")), Resolution::Unknown);
    assert_eq!(walk.county_predecessors("c"), ["b", "a"]);
}

#[test]
fn an_old_sub_district_is_asked_for_by_its_present_code() {
    let crosswalk = CrossWalk::embedded();
    for (asked, present) in
        [("330103001", "330105014"), ("330103003", "330105012"), ("330105014", "330105014"), ("999999999", "999999999")]
    {
        assert_eq!(crosswalk.present_subdistrict(asked), present);
    }
}
