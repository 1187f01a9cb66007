use rust_decimal_macros::dec;
use scoring::scheme::{Adoption, Category};

use super::*;
use crate::body::Body;
use crate::measure::{BaseYear, Stacking};

fn power(id: &str) -> Measure {
    Measure {
        id: id.into(),
        title: "合成加价".into(),
        adoption: Adoption::Adopted,
        categories: vec![Category::IndustryAbove],
        grades: vec!["D".into()],
        effect: Effect::Charge { base: "electricity_kwh".into(), base_year: BaseYear::Acting },
        clock: Clock::Steady { rate: Some(dec!(0.1)) },
        stacking: Stacking::Added,
        conditions: Vec::new(),
        exemptions: Vec::new(),
        executing: Body::Power,
        from: "2020-01-01".parse().unwrap(),
        to: None,
        document: "合成".into(),
        article: "1".into(),
        source: "合成".into(),
    }
}

fn only(measure: Measure) -> Option<MeasureFault> {
    let faults = check(&[measure]);
    assert!(faults.len() < 2, "{faults:?}");
    faults.into_iter().next()
}

#[test]
fn a_rate_needs_a_base_and_a_base_a_rate() {
    assert_eq!(only(power("t/1")), None);
    let none = Clock::Steady { rate: None };
    assert_eq!(only(Measure { clock: none.clone(), ..power("t/1") }), Some(MeasureFault::NoRate("t/1".into())));
    assert_eq!(only(Measure { effect: Effect::Bar, ..power("t/1") }), Some(MeasureFault::NoBase("t/1".into())));
    assert_eq!(only(Measure { effect: Effect::Support, clock: none, ..power("t/1") }), None);
}

#[test]
fn rates_stay_within_what_they_mean() {
    let rate = |rate| Clock::Steady { rate: Some(rate) };
    assert_eq!(only(Measure { clock: rate(dec!(-0.01)), ..power("t/1") }), Some(MeasureFault::Negative("t/1".into())));
    let relief = |percent| Measure {
        effect: Effect::Relief { base: "land_m2".into(), base_year: BaseYear::Acting, price: dec!(10) },
        clock: rate(percent),
        ..power("t/1")
    };
    assert_eq!(only(relief(dec!(100))), None);
    assert_eq!(only(relief(dec!(100.01))), Some(MeasureFault::Relief("t/1".into())));
}

#[test]
fn days_and_names() {
    let early = Measure { to: Some("2019-12-31".parse().unwrap()), ..power("t/1") };
    assert_eq!(only(early), Some(MeasureFault::Days("t/1".into())));
    let blank = Measure { article: " ".into(), ..power("t/1") };
    assert!(matches!(only(blank), Some(MeasureFault::Blank { .. })));
    let twice = [power("t/1"), Measure { to: Some("2020-01-01".parse().unwrap()), ..power("t/1") }];
    assert!(check(&twice).contains(&MeasureFault::Twice("t/1".into())));
}

#[test]
fn two_that_charge_the_same_on_one_day_must_say_how_they_stand_to_each_other() {
    let overlap = |other: Measure| check(&[power("t/1"), other]).len();
    assert_eq!(overlap(power("t/2")), 1);
    let first_ends = Measure { to: Some("2020-12-31".parse().unwrap()), ..power("t/1") };
    let next = Measure { from: "2021-01-01".parse().unwrap(), ..power("t/2") };
    assert_eq!(check(&[first_ends.clone(), next.clone()]).len(), 0);
    let early = Measure { from: "2020-12-31".parse().unwrap(), ..next };
    assert_eq!(check(&[first_ends, early]).len(), 1, "the last day is in");
    assert_eq!(overlap(Measure { grades: vec!["C".into()], ..power("t/2") }), 0);
    let group = Stacking::HighestOnly { group: "power".into() };
    assert_eq!(overlap(Measure { stacking: group, ..power("t/2") }), 0, "said");
    assert_eq!(overlap(Measure { executing: Body::Water, ..power("t/2") }), 0);
    assert_eq!(overlap(Measure { adoption: Adoption::Example, ..power("t/2") }), 0);
}

#[test]
fn one_question_is_asked_in_one_wording() {
    let asks = |question: &str| crate::measure::Condition { key: "k".into(), question: question.into() };
    let bar = |id: &str, question: &str| Measure {
        effect: Effect::Bar,
        clock: Clock::Steady { rate: None },
        conditions: vec![asks(question)],
        ..power(id)
    };
    assert_eq!(check(&[bar("t/1", "是否甲"), bar("t/2", "是否甲")]), []);
    let differs = MeasureFault::Asked { id: "t/2".into(), key: "k".into() };
    assert_eq!(check(&[bar("t/1", "是否甲"), bar("t/2", "是否乙")]), [differs]);
    assert!(matches!(only(bar("t/1", " ")), Some(MeasureFault::Blank { what: "condition", .. })));
}
