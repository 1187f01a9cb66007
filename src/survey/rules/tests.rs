use proptest::prelude::*;
use rust_decimal_macros::dec;

use super::*;

const HALF: Decimal = dec!(50);

fn facts(supply: SupplyStatus, standing: Standing) -> Facts {
    Facts {
        register: Some(Registered {
            supply,
            land_use: Some(("GB/T 21010-2017".into(), "0601".into())),
            kinds: vec![UseKind::Industry],
        }),
        contracts: Vec::new(),
        holders: vec![holder("A", Some(dec!(10)), Yield::NotLow)],
        list_year: 2025,
        found: Some(Found { standing, used_for: Some(UseKind::Industry) }),
    }
}

fn holder(name: &str, mu: Option<Decimal>, yields: Yield) -> Holder {
    Holder { uscc: name.into(), name: None, mu, yields }
}

fn granted(idle: IdleStanding) -> Vec<Granted> {
    vec![Granted { number: "合成〔2024〕1号".into(), idle, words: None }]
}

fn class(facts: &Facts) -> Option<(Class, Ground)> {
    classify(facts, HALF).outcome.ok()
}

fn missing(facts: &Facts) -> Vec<Missing> {
    classify(facts, HALF).outcome.unwrap_err()
}

#[test]
fn nothing_is_classed_before_somebody_was_there() {
    for supply in SupplyStatus::ALL {
        let facts = Facts { found: None, ..facts(*supply, Standing::Used) };
        assert_eq!(missing(&facts), [Missing::Visit]);
    }
}

#[test]
fn a_parcel_that_is_no_more_has_no_class() {
    let facts = Facts { register: None, ..facts(SupplyStatus::InUse, Standing::Used) };
    assert_eq!(missing(&facts), [Missing::Register]);
}

#[test]
fn approved_land_is_not_supplied_until_a_contract_holds_it() {
    let approved = facts(SupplyStatus::ApprovedNotSupplied, Standing::Vacant);
    assert_eq!(class(&approved), Some((Class::ApprovedNotSupplied, Ground::NotSupplied)));
    let used = facts(SupplyStatus::ApprovedNotSupplied, Standing::Used);
    assert_eq!(class(&used), Some((Class::ApprovedNotSupplied, Ground::NotSupplied)), "whoever uses it already");
    assert!(classify(&used, HALF).why.contains("未供先用"));
    let granted = Facts { contracts: granted(IdleStanding::No), ..approved };
    assert_eq!(class(&granted), Some((Class::SuppliedNotUsed, Ground::NotUsed)), "the register lags");
}

#[test]
fn what_was_confirmed_as_idle_stays_so_whatever_is_found() {
    for standing in Standing::ALL {
        let facts = Facts { contracts: granted(IdleStanding::Confirmed), ..facts(SupplyStatus::InUse, *standing) };
        assert_eq!(class(&facts), Some((Class::Idle, Ground::IdleConfirmed)), "{standing}");
    }
}

#[test]
fn bare_land_under_a_contract_is_idle_when_its_year_is_full_and_not_before() {
    let of = |idle| Facts { contracts: granted(idle), ..facts(SupplyStatus::SuppliedNotUsed, Standing::Vacant) };
    assert_eq!(class(&of(IdleStanding::No)), Some((Class::SuppliedNotUsed, Ground::NotUsed)));
    assert_eq!(class(&of(IdleStanding::Suspected)), Some((Class::Idle, Ground::IdleSuspected)));
    assert_eq!(missing(&of(IdleStanding::NotDeterminable)), [Missing::IdleFigures]);
}

#[test]
fn buildings_that_nobody_uses_are_no_idle_land() {
    for idle in [IdleStanding::No, IdleStanding::Suspected, IdleStanding::NotDeterminable] {
        let facts = Facts { contracts: granted(idle), ..facts(SupplyStatus::InUse, Standing::StandingEmpty) };
        assert_eq!(class(&facts), Some((Class::SuppliedNotUsed, Ground::NotUsed)), "{idle}");
    }
}

#[test]
fn without_a_contract_the_register_decides_as_far_as_the_ground_agrees() {
    let vacant = |supply| facts(supply, Standing::Vacant);
    assert_eq!(class(&vacant(SupplyStatus::Idle)), Some((Class::Idle, Ground::IdleRegistered)));
    assert_eq!(class(&vacant(SupplyStatus::SuppliedNotUsed)), Some((Class::SuppliedNotUsed, Ground::NotUsed)));
    assert_eq!(missing(&vacant(SupplyStatus::InUse)), [Missing::AgreedStart]);
    assert_eq!(missing(&vacant(SupplyStatus::LowEfficiency)), [Missing::AgreedStart]);
    assert_eq!(class(&facts(SupplyStatus::Idle, Standing::Used)), Some((Class::InUse, Ground::Used)));
}

#[test]
fn land_being_built_on_is_in_use() {
    for idle in [IdleStanding::No, IdleStanding::Suspected] {
        let facts = Facts {
            contracts: granted(idle),
            holders: vec![],
            ..facts(SupplyStatus::SuppliedNotUsed, Standing::Building)
        };
        assert_eq!(class(&facts), Some((Class::InUse, Ground::UnderConstruction)), "{idle}");
    }
}

#[test]
fn another_use_than_the_registered_one_is_changed_before_it_is_low() {
    let mut found = facts(SupplyStatus::InUse, Standing::Used);
    found.holders = vec![holder("A", Some(dec!(10)), Yield::Low)];
    found.found = Some(Found { standing: Standing::Used, used_for: Some(UseKind::Commerce) });
    assert_eq!(class(&found), Some((Class::ChangedUse, Ground::OtherUse)));
    found.register.as_mut().unwrap().kinds = vec![UseKind::Industry, UseKind::Commerce];
    assert_eq!(class(&found), Some((Class::LowEfficiency, Ground::LowYield)), "a wider use holds it");
    found.register.as_mut().unwrap().kinds = vec![];
    assert_eq!(missing(&found), [Missing::ApprovedUse]);
    found.register.as_mut().unwrap().kinds = vec![UseKind::Industry];
    found.found = Some(Found { standing: Standing::Used, used_for: None });
    assert_eq!(missing(&found), [Missing::UseFound]);
}

fn held_by(low: Decimal, others: Decimal) -> Facts {
    let holders = vec![holder("低", Some(low), Yield::Low), holder("高", Some(others), Yield::NotLow)];
    Facts { holders, ..facts(SupplyStatus::InUse, Standing::Used) }
}

#[test]
fn at_just_below_and_just_above_the_share() {
    assert_eq!(class(&held_by(dec!(5), dec!(5))), Some((Class::InUse, Ground::Used)), "half is not more than half");
    assert_eq!(class(&held_by(dec!(4.999999), dec!(5.000001))), Some((Class::InUse, Ground::Used)));
    assert_eq!(class(&held_by(dec!(5.000001), dec!(4.999999))), Some((Class::LowEfficiency, Ground::LowYield)));
    let none = Facts { holders: vec![], ..held_by(dec!(1), dec!(1)) };
    assert_eq!(missing(&none), [Missing::Holders]);
}

#[test]
fn whoever_is_not_known_counts_for_neither_side() {
    let with = |low: Decimal, unknown: Decimal, others: Decimal| {
        let mut facts = held_by(low, others);
        facts.holders.push(holder("缺", Some(unknown), Yield::Unknown));
        facts
    };
    assert_eq!(class(&with(dec!(6), dec!(1), dec!(3))), Some((Class::LowEfficiency, Ground::LowYield)));
    assert_eq!(class(&with(dec!(4), dec!(1), dec!(5))), Some((Class::InUse, Ground::Used)), "even if it were low");
    assert_eq!(missing(&with(dec!(4), dec!(1.01), dec!(4.99))), [Missing::Yields]);
    let mut unmeasured = held_by(dec!(4), dec!(6));
    unmeasured.holders[1].mu = None;
    assert_eq!(missing(&unmeasured), [Missing::HeldLand]);
    unmeasured.holders[1].yields = Yield::Low;
    assert_eq!(
        class(&unmeasured),
        Some((Class::LowEfficiency, Ground::LowYield)),
        "all of them are low, whatever they hold"
    );
    unmeasured.holders.iter_mut().for_each(|holder| holder.yields = Yield::NotLow);
    assert_eq!(class(&unmeasured), Some((Class::InUse, Ground::Used)));
}

fn any_holder() -> impl Strategy<Value = Holder> {
    let mu = prop_oneof![Just(None), (0u32..1000).prop_map(|tenths| Some(Decimal::new(tenths.into(), 1)))];
    (mu, prop::sample::select(Yield::ALL)).prop_map(|(mu, yields)| holder("X", mu, yields))
}

fn any_facts() -> impl Strategy<Value = Facts> {
    let kinds = prop::sample::subsequence(UseKind::ALL.to_vec(), 0..3);
    let register = (prop::sample::select(SupplyStatus::ALL), kinds);
    let register =
        prop::option::weighted(0.9, register.prop_map(|(supply, kinds)| Registered { supply, land_use: None, kinds }));
    let contracts = prop::collection::vec(prop::sample::select(IdleStanding::ALL), 0..3);
    let used_for = prop::option::of(prop::sample::select(UseKind::ALL));
    let found = prop::option::weighted(0.9, (prop::sample::select(Standing::ALL), used_for));
    (register, contracts, prop::collection::vec(any_holder(), 0..4), found).prop_map(
        |(register, idle, holders, found)| Facts {
            register,
            contracts: idle.into_iter().flat_map(granted).collect(),
            holders,
            list_year: 2025,
            found: found.map(|(standing, used_for)| Found { standing, used_for }),
        },
    )
}

proptest! {
    #[test]
    fn each_parcel_has_exactly_one_class_or_what_is_missing(facts in any_facts(), share in 0u32..=100) {
        let judged = classify(&facts, share.into());
        prop_assert_eq!(judged.class().is_some(), judged.missing().is_empty());
        prop_assert_eq!(judged.class().is_some(), judged.ground().is_some());
        prop_assert!(!judged.why.is_empty() && !judged.article.is_empty());
    }

    #[test]
    fn the_order_of_holders_and_contracts_does_not_matter(facts in any_facts()) {
        let mut turned = facts.clone();
        turned.holders.reverse();
        turned.contracts.reverse();
        prop_assert_eq!(classify(&facts, HALF).outcome, classify(&turned, HALF).outcome);
    }

    #[test]
    fn only_land_without_a_contract_is_not_supplied(facts in any_facts()) {
        if classify(&facts, HALF).class() == Some(Class::ApprovedNotSupplied) {
            prop_assert!(facts.contracts.is_empty());
        }
    }
}
