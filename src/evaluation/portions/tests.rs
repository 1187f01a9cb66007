use proptest::prelude::*;
use rust_decimal_macros::dec;

use super::*;
use crate::evaluation::samples::{member, scheme};

fn on(parcel: &str, uscc: &str, land: Decimal) -> Use {
    Use { parcel: Some(parcel.to_owned()), uscc: uscc.to_owned(), land, ..Use::default() }
}

fn parcels(codes: &[&str]) -> BTreeSet<String> {
    codes.iter().map(|code| (*code).to_owned()).collect()
}

fn ratio(above: i64, below: i64) -> Ratio {
    Ratio::of(above.into(), below.into()).unwrap()
}

#[test]
fn figures_are_split_by_land_and_days_and_nothing_is_lost() {
    let uses = [on("P", "1", dec!(365)), on("Q", "1", dec!(730)), on("P", "2", dec!(365))];
    let members = [member("1", 2023, Some(dec!(3)), Some(dec!(100))), member("2", 2023, Some(dec!(1)), Some(dec!(50)))];
    let parts = of_parcels(&parcels(&["P", "Q"]), &uses, &members, 2023);
    let p = &parts["P"];
    assert_eq!((p[0].share.clone(), p[1].share.clone()), (ratio(1, 3), ratio(1, 1)));
    assert_eq!(p[0].facts["tax_yuan"], ratio(100, 3));
    assert_eq!((p[0].facts["land_mu"].clone(), parts["Q"][0].facts["land_mu"].clone()), (ratio(1, 1), ratio(2, 1)));
    let all = p.iter().chain(&parts["Q"]).map(|part| part.facts["tax_yuan"].clone()).sum::<Ratio>();
    assert_eq!(all, ratio(150, 1));
}

#[test]
fn land_elsewhere_takes_its_part_and_a_lessor_who_gave_all_brings_none() {
    let elsewhere = Use { parcel: None, ..on("", "1", dec!(300)) };
    let uses = [on("P", "1", dec!(100)), elsewhere, on("P", "2", dec!(0)), on("Q", "2", dec!(50))];
    let members = [member("1", 2023, Some(dec!(1)), Some(dec!(400))), member("2", 2023, Some(dec!(1)), Some(dec!(7)))];
    let parts = of_parcels(&parcels(&["P"]), &uses, &members, 2023);
    assert_eq!(parts["P"].len(), 1, "2 holds nothing on P of its own");
    assert_eq!(parts["P"][0].facts["tax_yuan"], ratio(100, 1));
}

#[test]
fn a_tenant_of_floors_is_split_by_them_and_holds_no_land() {
    let floor = |parcel: &str, floor| Use { floor, ..on(parcel, "1", dec!(0)) };
    let mut tenant = member("1", 2023, None, Some(dec!(90)));
    tenant.floor_only = true;
    let uses = [floor("P", dec!(1000)), floor("Q", dec!(2000))];
    let parts = of_parcels(&parcels(&["P"]), &uses, &[tenant], 2023);
    assert_eq!(parts["P"][0].facts["tax_yuan"], ratio(30, 1));
    assert_eq!(parts["P"][0].facts["land_mu"], ratio(0, 1));
}

#[test]
fn of_whom_no_share_can_be_told_no_figure_counts_and_it_is_named() {
    let unmeasured = Use { unmeasured: true, ..on("Q", "1", dec!(0)) };
    let uses = [on("P", "1", dec!(10)), unmeasured];
    let parts = of_parcels(&parcels(&["P", "Q"]), &uses, &[member("1", 2023, None, Some(dec!(90)))], 2023);
    assert_eq!((parts["P"].len(), parts["Q"].len()), (1, 1));
    assert!(parts["P"][0].facts.is_empty() && parts["Q"][0].facts.is_empty());
    let place = Place {
        code: "P".into(),
        name: "P".into(),
        subdistrict: None,
        level: None,
        area_mu: None,
        lists: BTreeSet::new(),
        uncovered: false,
    };
    let made = made_of(SubjectKind::Parcel, &scheme(), place, parts["P"].clone()).made.unwrap();
    assert_eq!(made.sums["tax_per_mu"].left_out, ["1"]);
}

#[test]
fn a_platform_knows_its_own_area_and_how_many_it_has() {
    let place = Place {
        code: "X1".into(),
        name: "合成园区".into(),
        subdistrict: None,
        level: Some(4),
        area_mu: Some(dec!(150)),
        lists: BTreeSet::new(),
        uncovered: false,
    };
    let mut tenant = member("2", 2023, None, Some(dec!(10)));
    tenant.floor_only = true;
    let parts = vec![whole(&member("1", 2023, Some(dec!(5)), Some(dec!(30)))), whole(&tenant)];
    let park = made_of(SubjectKind::Platform, &scheme(), place, parts);
    assert_eq!(park.fact("platform_area_m2"), Some(ratio(100_000, 1)));
    assert_eq!(park.fact("platform_enterprises"), Some(ratio(2, 1)));
    assert_eq!(park.fact("land_mu"), Some(ratio(5, 1)));
    assert_eq!(park.fact("tax_yuan"), Some(ratio(40, 1)));
    assert!(park.made.unwrap().sums["tax_per_mu"].left_out.is_empty(), "a tenant of floors is known to hold no land");
}

proptest! {
    #[test]
    fn whatever_is_split_comes_to_the_whole_again(
        land in prop::collection::vec((0u8..4, 0u8..5, 0u32..100_000), 1..12), tax in 0u32..1_000_000
    ) {
        let mut uses: Vec<Use> = Vec::new();
        for (parcel, uscc, land) in land {
            let one = on(&parcel.to_string(), &uscc.to_string(), land.into());
            match uses.iter_mut().find(|it| (&it.parcel, &it.uscc) == (&one.parcel, &one.uscc)) {
                Some(same) => same.land += one.land,
                None => uses.push(one),
            }
        }
        let keys: BTreeSet<String> = uses.iter().map(|it| it.uscc.clone()).collect();
        let members: Vec<Member> = keys.iter().map(|key| member(key, 2023, None, Some(tax.into()))).collect();
        let all: BTreeSet<String> = uses.iter().filter_map(|it| it.parcel.clone()).collect();
        let parts = of_parcels(&all, &uses, &members, 2023);
        let with_land = keys.iter().filter(|key| uses.iter().any(|it| it.uscc == **key && !it.land.is_zero())).count();
        let sum = parts.values().flatten().filter_map(|part| part.facts.get("tax_yuan")).cloned().sum::<Ratio>();
        prop_assert_eq!(sum, Ratio::from(Decimal::from(tax)) * Decimal::from(with_land));
    }
}
