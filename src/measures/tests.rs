use std::collections::BTreeMap;

use chrono::NaiveDate;
use rust_decimal_macros::dec;

use super::judge::{self, Inputs};
use super::line::Line;
use crate::entitlement::{Measure, Outcome, Stacking};
use crate::policy::catalogue::Catalogue;
use crate::scoring::scheme::{Adoption, Category};
use crate::scoring::subject::Fact;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn inputs(years: &[(i32, &str)]) -> Inputs {
    let fact = |name: &str, value| (name.to_owned(), Fact::from(value));
    let facts = || BTreeMap::from([fact("electricity_grid_kwh", dec!(1000000)), fact("land_m2", dec!(20000))]);
    Inputs {
        uscc: "91330105SYN0000001".into(),
        category: Category::IndustryAbove,
        grading: years.iter().map(|(year, grade)| (*year, (*grade).to_owned())).collect(),
        runs: BTreeMap::new(),
        facts: (2018..2030).map(|year| (year, facts())).collect(),
        exemptions: Default::default(),
        answers: Default::default(),
    }
}

/// What ships, with the examples adopted on a document that is in force, under names of the district.
fn adopting(examples: &[&str], document: (&str, &str)) -> Catalogue {
    let embedded = Catalogue::embedded().unwrap();
    let own = examples.iter().map(|id| {
        let (_, example) = embedded.measures.named(id).unwrap();
        Measure {
            id: id.replace("example/", "t/"),
            adoption: Adoption::Adopted,
            document: document.0.into(),
            article: document.1.into(),
            ..example.clone()
        }
    });
    let own: Vec<Measure> = own.collect();
    embedded.with_measures(own).unwrap()
}

const IN_FORCE: (&str, &str) = ("xiacheng-2019", "三(一)");

fn lines(catalogue: &Catalogue, on: &str, inputs: &Inputs) -> Vec<Line> {
    judge::results(&judge::acting(catalogue, day(on)), day(on), inputs).lines
}

fn amounts(catalogue: &Catalogue, on: &str, years: &[(i32, &str)]) -> Vec<String> {
    lines(catalogue, on, &inputs(years)).into_iter().filter_map(|line| line.amount).collect()
}

#[test]
fn a_surcharge_by_consecutive_years_comes_to_the_fen() {
    let catalogue = adopting(&["example/electricity-consecutive"], IN_FORCE);
    let d = [(2019, "D"), (2020, "D"), (2021, "D"), (2022, "D")];
    assert_eq!(amounts(&catalogue, "2020-01-01", &d[..1]), ["50000.00"]);
    assert_eq!(amounts(&catalogue, "2021-12-31", &d[..2]), ["80000.00"]);
    assert_eq!(amounts(&catalogue, "2022-06-30", &d[..3]), ["100000.00"]);
    assert_eq!(amounts(&catalogue, "2023-06-30", &d), ["100000.00"], "the last step goes on");
    assert_eq!(amounts(&catalogue, "2022-06-30", &[(2019, "D"), (2021, "D")]), ["50000.00"], "a gap resets");
    let mut passed_over = catalogue.clone();
    for measure in &mut passed_over.measures.own {
        if let crate::entitlement::Clock::Consecutive { gap, .. } = &mut measure.clock {
            *gap = crate::entitlement::Gap::PassedOver;
        }
    }
    assert_eq!(amounts(&passed_over, "2022-06-30", &[(2019, "D"), (2021, "D")]), ["80000.00"]);
    let line =
        lines(&catalogue, "2020-01-01", &inputs(&d[..1])).into_iter().find(|line| line.amount.is_some()).unwrap();
    assert_eq!((line.base.as_deref(), line.unit.as_deref()), (Some("1000000"), Some("千瓦时")));
    assert_eq!((line.rate.as_deref(), line.years, line.grade.as_str()), (Some("0.05"), 1, "D"));
    assert_eq!(line.why, "1000000千瓦时 × 0.05 元/千瓦时 = 50000.00 元");
}

#[test]
fn a_surcharge_by_the_calendar_takes_the_rate_of_the_year() {
    let catalogue = adopting(&["example/electricity-calendar"], IN_FORCE);
    let d = [(2018, "D"), (2019, "D"), (2020, "D"), (2021, "D")];
    let on = ["2019-01-01", "2020-12-31", "2021-06-30"].map(|on| amounts(&catalogue, on, &d));
    assert_eq!(on, [["100000.00"], ["200000.00"], ["300000.00"]]);
    assert_eq!(amounts(&catalogue, "2022-01-01", &d), [""; 0], "a year that is not named");
}

#[test]
fn of_both_clocks_in_one_group_the_highest_is_paid() {
    let catalogue = adopting(&["example/electricity-calendar", "example/electricity-consecutive"], IN_FORCE);
    let found = lines(&catalogue, "2020-06-30", &inputs(&[(2018, "D"), (2019, "D")]));
    let power: Vec<_> = found.iter().filter(|line| line.measure.starts_with("t/")).collect();
    assert_eq!([power[0].outcome, power[1].outcome], [Outcome::Due, Outcome::Exempt]);
    assert_eq!((power[0].amount.as_deref(), power[1].amount.as_deref()), (Some("200000.00"), None));
    assert!(power[1].why.contains("只执行最高的一项"));
}

#[test]
fn relief_leaves_what_remains_to_be_paid() {
    let examples = ["a", "b", "c", "d"].map(|grade| format!("example/land-use-tax-{grade}"));
    let catalogue = adopting(&examples.each_ref().map(String::as_str), IN_FORCE);
    let of = |grade| amounts(&catalogue, "2024-05-01", &[(2023, grade)]);
    assert_eq!(["A", "B", "C", "D"].map(of), [["0.00"], ["40000.00"], ["200000.00"], ["200000.00"]]);
    let line = lines(&catalogue, "2024-05-01", &inputs(&[(2023, "B")])).into_iter().find(|it| it.amount.is_some());
    assert_eq!(line.unwrap().why, "20000平方米 × 10 元/平方米 × (100% − 80%) = 40000.00 元");
}

#[test]
fn a_repealed_ground_never_acts_whatever_the_district_adopted() {
    let catalogue = adopting(&["example/electricity-consecutive"], ("hangzhou-2018-42", "差别化用能"));
    let d = [(2021, "D"), (2022, "D"), (2023, "D")];
    assert_eq!(amounts(&catalogue, "2023-12-31", &d), ["80000.00"], "the last day of the city's document");
    assert_eq!(amounts(&catalogue, "2024-01-01", &d), [""; 0]);
    assert_eq!(lines(&catalogue, "2024-01-01", &inputs(&d)).len(), 2, "the district's own principles go on");
}

#[test]
fn the_first_and_the_last_day_are_in_and_the_days_beside_them_are_not() {
    let mut catalogue = adopting(&["example/electricity-consecutive"], IN_FORCE);
    catalogue.measures.own[0].from = day("2021-03-01");
    catalogue.measures.own[0].to = Some(day("2021-09-30"));
    let on = ["2021-02-28", "2021-03-01", "2021-09-30", "2021-10-01"];
    assert_eq!(on.map(|on| amounts(&catalogue, on, &[(2020, "D")]).len()), [0, 1, 1, 0]);
}

#[test]
fn the_principles_of_the_text_act_on_a_b_and_d_and_not_on_c() {
    let catalogue = Catalogue::embedded().unwrap();
    let of = |grade| {
        let found = lines(&catalogue, "2024-05-01", &inputs(&[(2023, grade)]));
        found.into_iter().map(|line| (line.measure, line.outcome)).collect::<Vec<_>>()
    };
    for grade in ["A", "B"] {
        assert_eq!(of(grade).len(), 7, "rating, five kinds of credit, funds");
        assert!(of(grade).iter().all(|(_, outcome)| *outcome == Outcome::Allowed));
    }
    assert_eq!(of("C"), []);
    let d = [
        ("xiacheng/d-no-expansion-loans".to_owned(), Outcome::NotDeterminable),
        ("xiacheng/d-no-fiscal-awards".to_owned(), Outcome::Barred),
    ];
    assert_eq!(of("D"), d);
    assert_eq!(lines(&catalogue, "2018-12-31", &inputs(&[(2017, "A")])), [], "before the text");
    assert_eq!(lines(&catalogue, "2025-01-01", &inputs(&[(2023, "A")])), [], "no binding grade of the year before");
}

#[test]
fn what_a_loan_is_for_is_asked_and_never_guessed() {
    let catalogue = Catalogue::embedded().unwrap();
    let loan = |answer: Option<bool>| {
        let mut asked = inputs(&[(2023, "D")]);
        asked.answers = answer.map(|answer| ("loan_expands_capacity_only".to_owned(), answer)).into_iter().collect();
        lines(&catalogue, "2024-05-01", &asked).into_iter().find(|it| it.measure.ends_with("loans")).unwrap()
    };
    assert_eq!(loan(None).outcome, Outcome::NotDeterminable);
    assert!(loan(None).why.contains("单纯扩大产能"));
    assert_eq!(loan(Some(true)).outcome, Outcome::Barred);
    assert_eq!(loan(Some(false)).outcome, Outcome::Allowed);
}

#[test]
fn a_missing_figure_is_named_and_never_taken_for_zero() {
    let catalogue = adopting(&["example/electricity-consecutive"], IN_FORCE);
    let mut without = inputs(&[(2023, "D")]);
    without.facts.clear();
    let line = lines(&catalogue, "2024-05-01", &without).into_iter().find(|it| it.measure.starts_with("t/")).unwrap();
    assert_eq!((line.outcome, line.amount), (Outcome::NotDeterminable, None));
    assert!(line.why.contains("电网用电量"), "{}", line.why);
}

#[test]
fn an_answer_is_made_again_from_its_receipt() {
    let catalogue = adopting(&["example/electricity-consecutive"], IN_FORCE);
    let (on, mut asked) = (day("2024-05-01"), inputs(&[(2022, "D"), (2023, "D")]));
    asked.answers = [("loan_expands_capacity_only".to_owned(), false)].into();
    let results = judge::results(&judge::acting(&catalogue, on), on, &asked);
    let receipt = judge::receipt(&catalogue, on, &asked, &results).unwrap();
    assert_eq!(judge::again(&catalogue, on, &receipt.inputs).unwrap(), receipt.results);
    assert_eq!(receipt.catalogue, catalogue.sha256());
    asked.grading.insert(2023, "C".into());
    let other = judge::results(&judge::acting(&catalogue, on), on, &asked);
    assert_ne!(judge::receipt(&catalogue, on, &asked, &other).unwrap().id, receipt.id);
}

#[test]
fn one_measure_more_changes_no_other_unless_both_say_so() {
    let examples = ["example/electricity-consecutive", "example/land-use-tax-d"];
    let (one, both) = (adopting(&examples[..1], IN_FORCE), adopting(&examples, IN_FORCE));
    let of = |catalogue: &Catalogue| lines(catalogue, "2024-05-01", &inputs(&[(2023, "D")]));
    let added = of(&both).into_iter().filter(|line| line.measure != "t/land-use-tax-d").collect::<Vec<_>>();
    assert_eq!(added, of(&one));
    let mut grouped = both.clone();
    for measure in &mut grouped.measures.own {
        measure.stacking = Stacking::HighestOnly { group: "one".into() };
    }
    let due: Vec<_> = of(&grouped).into_iter().filter(|line| line.outcome == Outcome::Due).collect();
    assert_eq!(due.len(), 1);
    assert_eq!(due[0].measure, "t/land-use-tax-d", "200,000 yuan before 50,000");
}
