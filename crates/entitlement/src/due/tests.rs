use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use rust_decimal_macros::dec;
use scoring::scheme::{Adoption, Category};

use super::*;
use crate::body::Body;
use crate::clock::{Clock, Gap};
use crate::measure::{BaseYear, Condition, Exemption, Stacking};

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn charge(base: &str) -> Effect {
    Effect::Charge { base: base.into(), base_year: BaseYear::Acting }
}

fn measure(id: &str, grade: &str, effect: Effect, clock: Clock) -> Measure {
    Measure {
        id: id.into(),
        title: format!("合成措施{id}"),
        adoption: Adoption::Adopted,
        categories: vec![Category::IndustryAbove],
        grades: vec![grade.into()],
        effect,
        clock,
        stacking: Stacking::Added,
        conditions: Vec::new(),
        exemptions: Vec::new(),
        executing: Body::Power,
        from: day("2019-01-01"),
        to: None,
        document: "合成".into(),
        article: "1".into(),
        source: "合成".into(),
    }
}

fn subject(years: &[(i32, &str)], quantities: &[(&str, Decimal)]) -> Subject {
    Subject {
        category: Category::IndustryAbove,
        grading: years.iter().map(|(year, grade)| (*year, (*grade).to_owned())).collect(),
        quantities: quantities
            .iter()
            .map(|(fact, value)| (((*fact).to_owned(), BaseYear::Acting), Ratio::from(*value)))
            .collect(),
        exemptions: BTreeSet::new(),
        answers: BTreeMap::new(),
    }
}

fn amounts(measures: &[Measure], subject: &Subject, on: &str) -> Vec<Option<Decimal>> {
    let found = due(measures, |_| true, subject, day(on));
    found.into_iter().map(|one| one.amount.and_then(|amount| amount.rounded(2))).collect()
}

fn consecutive(gap: Gap) -> Clock {
    Clock::Consecutive { steps: vec![dec!(0.05), dec!(0.08), dec!(0.10)], gap }
}

#[test]
fn a_surcharge_by_consecutive_years_to_the_fen() {
    let measures = [measure("t/power", "D", charge("electricity_kwh"), consecutive(Gap::Resets))];
    let of = |years: &[(i32, &str)], on| amounts(&measures, &subject(years, &[("electricity_kwh", dec!(1000000))]), on);
    let long = [(2019, "D"), (2020, "D"), (2021, "D"), (2022, "D")];
    assert_eq!(of(&long[..1], "2020-06-30"), [Some(dec!(50000.00))]);
    assert_eq!(of(&long[..2], "2021-06-30"), [Some(dec!(80000.00))]);
    assert_eq!(of(&long[..3], "2022-06-30"), [Some(dec!(100000.00))]);
    assert_eq!(of(&long, "2023-06-30"), [Some(dec!(100000.00))], "the last step goes on");
    assert_eq!(of(&long, "2024-06-30"), [], "2023 has no binding grade");
    assert_eq!(of(&[(2019, "D"), (2021, "D")], "2022-01-01"), [Some(dec!(50000.00))]);
    let passed_over = [measure("t/power", "D", charge("electricity_kwh"), consecutive(Gap::PassedOver))];
    let gap = subject(&[(2019, "D"), (2021, "D")], &[("electricity_kwh", dec!(1000000))]);
    assert_eq!(amounts(&passed_over, &gap, "2022-01-01"), [Some(dec!(80000.00))]);
}

#[test]
fn a_surcharge_by_the_calendar_takes_the_grade_of_the_year_before() {
    let rates = [(2019, dec!(0.1)), (2020, dec!(0.2)), (2021, dec!(0.3))].into();
    let measures = [measure("t/power", "D", charge("electricity_kwh"), Clock::Calendar { rates })];
    let of = |years: &[(i32, &str)], on| amounts(&measures, &subject(years, &[("electricity_kwh", dec!(1000000))]), on);
    let all = [(2018, "D"), (2019, "D"), (2020, "D"), (2021, "D")];
    assert_eq!(of(&all, "2019-01-01"), [Some(dec!(100000.00))]);
    assert_eq!(of(&all, "2020-12-31"), [Some(dec!(200000.00))]);
    assert_eq!(of(&all, "2021-12-31"), [Some(dec!(300000.00))]);
    assert_eq!(of(&all, "2022-01-01"), [], "a year that is not named");
}

#[test]
fn relief_leaves_what_remains_to_be_paid() {
    let relief = || Effect::Relief { base: "land_m2".into(), base_year: BaseYear::Acting, price: dec!(10) };
    let percent = |id: &str, grade: &str, percent| {
        measure(id, grade, relief(), Clock::Steady { rate: Some(Decimal::from(percent)) })
    };
    let measures = [percent("t/a", "A", 100), percent("t/b", "B", 80), percent("t/c", "C", 0), percent("t/d", "D", 0)];
    let of = |grade| amounts(&measures, &subject(&[(2023, grade)], &[("land_m2", dec!(20000))]), "2024-05-01");
    assert_eq!(of("A"), [Some(dec!(0.00))]);
    assert_eq!(of("B"), [Some(dec!(40000.00))]);
    assert_eq!(of("C"), [Some(dec!(200000.00))]);
    assert_eq!(of("D"), [Some(dec!(200000.00))]);
}

#[test]
fn an_example_never_acts() {
    let one = measure("t/power", "D", charge("electricity_kwh"), consecutive(Gap::Resets));
    let all = [Measure { adoption: Adoption::Example, ..one }];
    let graded = subject(&[(2022, "D")], &[("electricity_kwh", dec!(1))]);
    assert_eq!(due(&all, |_| true, &graded, day("2023-06-01")).len(), 0);
}

#[test]
fn the_last_day_is_in_and_a_ground_that_has_ended_never_acts() {
    let mut one = measure("t/power", "D", charge("electricity_kwh"), consecutive(Gap::Resets));
    one.to = Some(day("2023-12-31"));
    let all = [one];
    let graded = subject(&[(2022, "D"), (2023, "D")], &[("electricity_kwh", dec!(1))]);
    assert_eq!(due(&all, |_| true, &graded, day("2023-12-31")).len(), 1);
    assert_eq!(due(&all, |_| true, &graded, day("2024-01-01")).len(), 0);
    assert_eq!(due(&all, |_| false, &graded, day("2023-06-01")).len(), 0);
}

#[test]
fn what_no_register_knows_is_asked_and_what_is_missing_is_named() {
    let condition = Condition { key: "loan_expands".into(), question: "贷款是否用于单纯扩大产能".into() };
    let bar =
        Measure { conditions: vec![condition], ..measure("t/loan", "D", Effect::Bar, Clock::Steady { rate: None }) };
    let all = [bar, measure("t/power", "D", charge("electricity_kwh"), consecutive(Gap::Resets))];
    let mut graded = subject(&[(2022, "D")], &[]);
    let outcomes = |subject: &Subject| {
        let found = due(&all, |_| true, subject, day("2023-06-01"));
        found.into_iter().map(|one| (one.outcome, one.why)).collect::<Vec<_>>()
    };
    let open = outcomes(&graded);
    assert_eq!((open[0].0, open[1].0), (Outcome::NotDeterminable, Outcome::NotDeterminable));
    assert!(open[0].1.contains("单纯扩大产能") && open[1].1.contains("electricity_kwh"), "{open:?}");
    graded.answers.insert("loan_expands".into(), true);
    assert_eq!(outcomes(&graded)[0].0, Outcome::Barred);
    graded.answers.insert("loan_expands".into(), false);
    assert_eq!(outcomes(&graded)[0].0, Outcome::Allowed, "other loans are not barred");
}

#[test]
fn an_exemption_keeps_a_measure_from_acting_and_says_so() {
    let exempting = Measure {
        exemptions: vec![Exemption::Protection],
        ..measure("t/power", "D", charge("electricity_kwh"), consecutive(Gap::Resets))
    };
    let mut graded = subject(&[(2022, "D")], &[("electricity_kwh", dec!(1000000))]);
    graded.exemptions.insert(Exemption::Protection);
    let all = [exempting];
    let found = due(&all, |_| true, &graded, day("2023-06-01"));
    assert_eq!((found[0].outcome, found[0].amount.clone()), (Outcome::Exempt, None));
    assert!(found[0].why.contains("保护期"));
}

fn highest(id: &str, rate: Decimal, from: &str) -> Measure {
    Measure {
        stacking: Stacking::HighestOnly { group: "power".into() },
        from: day(from),
        ..measure(id, "D", charge("electricity_kwh"), Clock::Steady { rate: Some(rate) })
    }
}

#[test]
fn only_the_highest_of_a_group_and_of_equal_ones_the_earlier() {
    let graded = subject(&[(2022, "D")], &[("electricity_kwh", dec!(100))]);
    let kept = |measures: &[Measure]| {
        let found = due(measures, |_| true, &graded, day("2023-06-01"));
        let due = found.iter().filter(|one| one.outcome == Outcome::Due);
        due.map(|one| one.measure.id.clone()).collect::<Vec<_>>()
    };
    assert_eq!(kept(&[highest("t/1", dec!(0.1), "2020-01-01"), highest("t/2", dec!(0.2), "2021-01-01")]), ["t/2"]);
    assert_eq!(kept(&[highest("t/2", dec!(0.2), "2021-01-01"), highest("t/1", dec!(0.2), "2020-01-01")]), ["t/1"]);
    let beside = measure("t/3", "D", charge("electricity_kwh"), Clock::Steady { rate: Some(dec!(9)) });
    assert_eq!(kept(&[highest("t/1", dec!(0.1), "2020-01-01"), beside]), ["t/1", "t/3"], "added to the group");
}

prop_compose! {
    fn measures()(of in prop::collection::vec((0u32..300, 0u8..3, 2018i32..2024, any::<bool>()), 1..8)) -> Vec<Measure> {
        of.into_iter().enumerate().map(|(at, (rate, group, from, added))| {
            let one = highest(&format!("t/{at}"), Decimal::new(rate.into(), 3), &format!("{from}-01-01"));
            let stacking = match added {
                true => Stacking::Added,
                false => Stacking::HighestOnly { group: group.to_string() },
            };
            Measure { stacking, ..one }
        }).collect()
    }
}

proptest! {
    /// A measure more changes no other, unless both stand in a group of which only the highest is paid.
    #[test]
    fn a_measure_more_changes_no_other_outside_its_group(all in measures()) {
        let graded = subject(&[(2022, "D")], &[("electricity_kwh", dec!(1234.5))]);
        let with = due(&all, |_| true, &graded, day("2023-06-01"));
        let (last, fewer) = all.split_last().unwrap();
        let without = due(fewer, |_| true, &graded, day("2023-06-01"));
        for (one, before) in with.iter().zip(&without) {
            prop_assert_eq!(&one.amount, &before.amount);
            if one.measure.stacking != last.stacking || last.stacking == Stacking::Added {
                prop_assert_eq!(one, before);
            }
        }
        // One of each group is paid.
        let groups: BTreeSet<&str> = all.iter().filter_map(|it| match &it.stacking {
            Stacking::HighestOnly { group } => Some(group.as_str()),
            Stacking::Added => None,
        }).collect();
        let paid = with.iter().filter(|it| it.outcome == Outcome::Due && it.measure.stacking != Stacking::Added);
        prop_assert_eq!(paid.count(), groups.len());
    }
}
