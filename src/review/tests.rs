mod promises;

use chrono::NaiveDate;
use rust_decimal::Decimal;
use rust_decimal_macros::dec;

use super::*;
use crate::admission::Outcome;
use crate::base::unit::Mu;
use crate::contract::DutyKind;
use crate::contract::event::Duty;
use crate::policy::catalogue::Catalogue;
use crate::policy::receipt::CheckVersion;
use crate::policy::verdict::{Overall, Verdict};
use crate::web::form::Sent;

fn day() -> NaiveDate {
    "2026-11-20".parse().unwrap()
}

fn promise(indicator: &str, required: &str, unit: &str) -> Commitment {
    Commitment { indicator: indicator.into(), required: required.parse().unwrap(), unit: unit.into() }
}

fn figure(value: Decimal, unit: &str) -> Figure {
    Figure { value, unit: unit.into() }
}

fn floor(area: Decimal, height: Decimal) -> Floor {
    Floor { area_m2: area, height_m: Some(height), count: 1, label: None }
}

fn agrees(kind: ReviewKind) -> BTreeMap<String, Opinion> {
    let opinion = Opinion { agrees: true, reason: "属实".into(), by: "示例".into() };
    panel::example(kind).members.iter().map(|it| (it.department.code().to_owned(), opinion.clone())).collect()
}

/// Everything exactly as promised, on 20,000 m² (30 mu).
fn completion() -> Inputs {
    let figures = [
        ("fixed_investment", figure(dec!(9000), "万元")),
        ("investment_without_land", figure(dec!(8000), "万元")),
        ("built_area", figure(dec!(8000), "平方米")),
        ("office_land_area", figure(dec!(1400), "平方米")),
        ("office_floor_area", figure(dec!(4500), "平方米")),
        ("green_area", figure(dec!(4000), "平方米")),
    ];
    Inputs {
        kind: ReviewKind::Completion,
        contract: "示例-1".into(),
        agreed: Agreed {
            granted_area_m2: dec!(20000),
            granted_area_mu: Some(dec!(30)),
            planned_investment_yuan: Some(dec!(80000000)),
            commitments: vec![
                promise("fixed_investment_yuan", "[90000000,)", "元"),
                promise("investment_intensity", "[300,)", "万元/亩"),
                promise("floor_area_ratio", "[1.5,2.5]", "1"),
                promise("building_coefficient", "[40,)", "%"),
                promise("office_land_share", "(,7]", "%"),
                promise("office_floor_share", "(,15]", "%"),
                promise("green_ratio", "(,20]", "%"),
                promise("tax_per_mu", "[20,)", "万元/亩"),
            ],
        },
        as_built: AsBuilt {
            figures: figures.into_iter().map(|(name, figure)| (name.to_owned(), figure)).collect(),
            floors: vec![floor(dec!(30000), dec!(8))],
            occupied_area_m2: Some(dec!(20000)),
            years: BTreeMap::new(),
        },
        days: vec![kept(DutyKind::Start), kept(DutyKind::Completion)],
        years: BTreeMap::new(),
        opinions: agrees(ReviewKind::Completion),
        panel: Vec::new(),
        version: Default::default(),
    }
}

fn kept(kind: DutyKind) -> AgreedDay {
    let due = "2026-10-01".parse().unwrap();
    AgreedDay { duty: Duty::one(kind), due, state: State::Met, days: 0, owed_yuan: None, paid_yuan: Decimal::ZERO }
}

fn decide(inputs: &Inputs) -> Outcome {
    rules::decide(inputs, &Catalogue::embedded().unwrap(), day())
}

fn verdict(inputs: &Inputs, line: &str) -> Verdict {
    let outcome = decide(inputs);
    let found = outcome.results.iter().find(|finding| finding.rule.ends_with(line));
    found.unwrap_or_else(|| panic!("{line} in {:?}", outcome.results)).verdict
}

#[test]
fn what_was_promised_exactly_passes() {
    let outcome = decide(&completion());
    let open: Vec<_> = outcome.results.iter().filter(|it| it.verdict != Verdict::Pass).collect();
    assert!(open.is_empty(), "{open:?}");
    assert_eq!(outcome.verdict, Overall::Conforms);
    assert!(outcome.results.iter().all(|it| it.article == ARTICLE && !it.rule.contains("tax_per_mu")));
}

#[test]
fn one_step_short_of_a_promise_fails() {
    let short = |name: &str, value: Decimal, unit: &str, line: &str| {
        let mut inputs = completion();
        inputs.as_built.figures.insert(name.into(), figure(value, unit));
        assert_eq!(verdict(&inputs, line), Verdict::Fail, "{line}");
        assert_eq!(decide(&inputs).verdict, Overall::DoesNotConform);
    };
    short("fixed_investment", dec!(8999.999999), "万元", "/investment_intensity");
    short("fixed_investment", dec!(89999999.99), "元", "/fixed_investment");
    short("investment_without_land", dec!(79999999.99), "元", "/investment_without_land");
    short("built_area", dec!(7999.99), "平方米", "/building_coefficient");
    short("office_land_area", dec!(1400.01), "平方米", "/office_land_share");
    short("office_floor_area", dec!(4500.01), "平方米", "/office_floor_share");
    short("green_area", dec!(4000.01), "平方米", "/green_ratio");
    let mut inputs = completion();
    inputs.as_built.occupied_area_m2 = Some(dec!(20020));
    assert_eq!(verdict(&inputs, "/occupied_area"), Verdict::Pass, "one in a thousand is what surveys differ by");
    inputs.as_built.occupied_area_m2 = Some(dec!(20020.01));
    assert_eq!(verdict(&inputs, "/occupied_area"), Verdict::Fail);
}

#[test]
fn what_is_not_known_is_never_a_pass() {
    for name in completion().as_built.figures.keys() {
        let mut inputs = completion();
        inputs.as_built.figures.remove(name);
        assert_eq!(decide(&inputs).verdict, Overall::NotDeterminable, "{name}");
    }
    let mut inputs = completion();
    inputs.as_built.occupied_area_m2 = None;
    assert_eq!(verdict(&inputs, "/occupied_area"), Verdict::NotDeterminable);
    inputs = completion();
    inputs.as_built.floors.clear();
    assert_eq!(verdict(&inputs, "/floor_area_ratio"), Verdict::NotDeterminable);
}

#[test]
fn land_of_no_extent_never_passes() {
    let catalogue = Catalogue::embedded().unwrap();
    let with = |occupied, version| {
        let mut inputs = Inputs { version, ..completion() };
        inputs.as_built.occupied_area_m2 = Some(occupied);
        let outcome = decide(&inputs);
        outcome.results.into_iter().find(|it| it.rule.ends_with("/occupied_area")).unwrap()
    };
    for occupied in [dec!(0), dec!(-1), dec!(-20000)] {
        assert_eq!(with(occupied, CheckVersion::Third).verdict, Verdict::NotDeterminable, "{occupied}");
    }
    assert_eq!(with(dec!(0.01), CheckVersion::Third).verdict, Verdict::Pass);
    assert_eq!(with(dec!(20000), CheckVersion::Third).margin.as_deref(), Some("0.00"));
    assert_eq!(with(dec!(20000.001), CheckVersion::Third).margin.as_deref(), Some("0.00"), "no sign before a zero");
    assert_eq!(with(dec!(20001), CheckVersion::Third).margin.as_deref(), Some("-1.00"));
    // Receipts from before come out as they were.
    assert_eq!(with(dec!(20000), CheckVersion::Second).margin.as_deref(), Some("-0.00"));
    assert_eq!(with(dec!(0), CheckVersion::Second).verdict, Verdict::Pass);
    let read = |field: &str, text: &str| read_form(&Sent::default().with(field, text), &catalogue);
    for text in ["0", "0.00", "-0", "-1"] {
        assert!(read("occupied_area", text).is_err(), "{text}");
    }
    assert_eq!(read("occupied_area", "0.01").unwrap().occupied_area_m2, Some(dec!(0.01)));
    for text in ["0 4 1", "100 0 1", "100 4 0"] {
        assert!(read("floors", text).unwrap_err()[0].message.contains("第1行"), "{text}");
    }
}

#[test]
fn a_storey_above_eight_metres_counts_twice() {
    let mut inputs = completion();
    inputs.as_built.floors = vec![floor(dec!(15000), dec!(8))];
    assert_eq!(verdict(&inputs, "/floor_area_ratio"), Verdict::Fail, "0.75");
    inputs.as_built.floors = vec![floor(dec!(15000), dec!(8.01))];
    assert_eq!(verdict(&inputs, "/floor_area_ratio"), Verdict::Pass, "1.5");
}

#[test]
fn a_late_day_is_put_right_by_its_penalty() {
    let mut inputs = completion();
    inputs.days[1] =
        AgreedDay { state: State::MetLate, days: 30, owed_yuan: Some(dec!(1000)), ..inputs.days[1].clone() };
    assert_eq!(verdict(&inputs, "day/completion"), Verdict::Fail);
    inputs.days[1].paid_yuan = dec!(999.99);
    assert_eq!(verdict(&inputs, "day/completion"), Verdict::Fail);
    inputs.days[1].paid_yuan = dec!(1000);
    assert_eq!(verdict(&inputs, "day/completion"), Verdict::Pass);
    inputs.days[1].state = State::Waived;
    assert_eq!(verdict(&inputs, "day/completion"), Verdict::Pass);
    inputs.days[1].state = State::Overdue;
    assert_eq!(verdict(&inputs, "day/completion"), Verdict::NotDeterminable);
}

#[test]
fn a_department_that_is_silent_or_objects_holds_it_up() {
    let mut inputs = completion();
    inputs.opinions.remove("environment");
    assert_eq!(decide(&inputs).verdict, Overall::NotDeterminable);
    inputs = completion();
    inputs.opinions.get_mut("safety").unwrap().agrees = false;
    assert_eq!(decide(&inputs).verdict, Overall::DoesNotConform);
}

#[test]
fn every_agreed_year_is_held_against_the_promise() {
    let year = |tax: Decimal| BTreeMap::from([("annual_tax".to_owned(), figure(tax, "元"))]);
    let mut inputs = Inputs {
        kind: ReviewKind::Output,
        agreed: Agreed { commitments: vec![promise("tax_per_mu", "[20,)", "万元/亩")], ..completion().agreed },
        days: vec![kept(DutyKind::Production)],
        opinions: agrees(ReviewKind::Output),
        years: BTreeMap::new(),
        ..completion()
    };
    assert_eq!(decide(&inputs).verdict, Overall::NotDeterminable, "no whole year yet");
    inputs.years = BTreeMap::from([(2024, year(dec!(6000000))), (2025, year(dec!(6000000)))]);
    assert_eq!(decide(&inputs).verdict, Overall::Conforms);
    inputs.years.insert(2025, year(dec!(5999999.99)));
    assert_eq!(verdict(&inputs, "/tax_per_mu/2024"), Verdict::Pass);
    assert_eq!(verdict(&inputs, "/tax_per_mu/2025"), Verdict::Fail);
    inputs.years.insert(2025, BTreeMap::new());
    assert_eq!(decide(&inputs).verdict, Overall::NotDeterminable);
    let years = |production: &str| conclude::agreed_years(Some(production.parse().unwrap()), day());
    assert_eq!(years("2023-12-31"), [2024, 2025]);
    assert_eq!(years("2025-01-01"), [0i32; 0]);
}

#[test]
fn a_list_of_the_district_s_own_is_asked_in_place_of_the_example() {
    let mut inputs = completion();
    inputs.panel = vec![panel::Member { department: crate::account::Department::Science, part: "研发设施".into() }];
    assert_eq!(verdict(&inputs, "department/science"), Verdict::NotDeterminable);
    assert!(decide(&inputs).results.iter().all(|it| !it.rule.ends_with("department/safety")), "not on the list");
    let said = Opinion { agrees: true, reason: "属实".into(), by: "示例".into() };
    inputs.opinions.insert("science".into(), said);
    assert_eq!(decide(&inputs).verdict, Overall::Conforms);
    let old = serde_json::to_string(&completion()).unwrap();
    assert!(!old.contains("panel"), "receipts from before lists were data read as they did");
}

#[test]
fn a_receipt_run_again_gives_the_same_bytes() {
    let catalogue = Catalogue::embedded().unwrap();
    let (_, receipt) = rules::check(&completion(), &catalogue, day());
    let again = (rules::RECHECKS[0].run)(&catalogue, day(), &receipt.inputs).unwrap();
    assert_eq!(again, receipt.results);
}

#[test]
fn a_part_larger_than_the_granted_land_is_refused() {
    let catalogue = Catalogue::embedded().unwrap();
    let refuse = |built| {
        let as_built =
            AsBuilt { figures: [("built_area".to_owned(), figure(built, "平方米"))].into(), ..AsBuilt::default() };
        facts::refuse_impossible(&as_built, Mu(dec!(10)), &catalogue, day())
    };
    assert!(refuse(dec!(6666.66)).is_ok());
    assert!(refuse(dec!(6666.67)).unwrap_err()[0].message.contains("建筑系数"));
}

#[test]
fn promises_on_land_in_mu_are_exact() {
    let catalogue = Catalogue::embedded().unwrap();
    let intensity = |invested| {
        let mut inputs = completion();
        inputs.agreed.granted_area_m2 = dec!(6666.666666666667);
        inputs.agreed.granted_area_mu = Some(dec!(10));
        inputs.as_built.figures.insert("fixed_investment".into(), figure(invested, "万元"));
        let outcome = rules::decide(&inputs, &catalogue, day());
        outcome.results.into_iter().find(|it| it.rule.ends_with("/investment_intensity")).unwrap().verdict
    };
    assert_eq!(intensity(dec!(3000)), Verdict::Pass, "300 万元 on each of ten mu, exactly");
    assert_eq!(intensity(dec!(2999.999999)), Verdict::Fail);
}

#[test]
fn a_form_is_read_or_refused_with_its_place() {
    let catalogue = Catalogue::embedded().unwrap();
    let read = |field: &str, text: &str| read_form(&Sent::default().with(field, text), &catalogue);
    assert_eq!(read("figure.green_area", "1,200.5").unwrap().figures["green_area"].value, dec!(1200.5));
    assert!(read("figure.green_area", "  ").unwrap().figures.is_empty());
    assert!(read("figure.green_area", "-1").is_err() && read("figure.unheard_of", "1").is_err());
    let floors = read("floors", "3000 8.1 2\n500 4").unwrap().floors;
    assert_eq!((floors[0].count, floors[1].height_m), (2, Some(dec!(4))));
    assert!(read("floors", "3000 8.1 2\nx").unwrap_err()[0].message.contains("第2行"));
}

/// Rows never come to be withdrawn: the event is, and the review is read with it.
#[test]
fn the_table_of_steps_holds_together() {
    assert_eq!(TABLE.faults(&[ReviewState::Open, ReviewState::Concluded], ReviewStep::ALL), [""; 0]);
    assert_eq!(TABLE.faults(ReviewState::ALL, ReviewStep::ALL), ["Withdrawn is never reached"]);
}
