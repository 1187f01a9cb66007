//! What holds whatever the figures are.

use std::sync::LazyLock;

use proptest::prelude::*;
use proptest::sample::{Index, subsequence};

use super::*;
use crate::policy::interval::{End, Interval};
use crate::policy::receipt::Receipt;
use crate::policy::verdict::{Overall, Verdict};

/// A project whose figures are scaled up and down around their lines, some of them left out.
fn projects() -> impl Strategy<Value = Facts> {
    let names: Vec<String> = project().figures.into_keys().collect();
    let count = names.len();
    (subsequence(names.clone(), count / 2..=count), proptest::collection::vec(90i64..=110, count)).prop_map(
        move |(kept, percents)| {
            let mut facts = project();
            facts.figures.retain(|name, _| kept.contains(name));
            for (name, percent) in names.iter().zip(percents) {
                if let Some(figure) = facts.figures.get_mut(name) {
                    figure.value *= Decimal::new(percent, 2);
                }
            }
            facts
        },
    )
}

fn wider(interval: &Interval, by: Decimal) -> Interval {
    let out = |end: End, by: Decimal| End { value: end.value + by, closed: true };
    Interval::new(interval.lower().map(|end| out(*end, -by)), interval.upper().map(|end| out(*end, by))).unwrap()
}

static CATALOGUE: LazyLock<Catalogue> = LazyLock::new(|| catalogue(&[all_kinds()]));

fn decided(verdict: Verdict) -> bool {
    matches!(verdict, Verdict::Pass | Verdict::Fail)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn relaxing_a_threshold_never_turns_pass_into_fail(facts in projects(), which: Index, by in 0i64..50) {
        let strict = &*CATALOGUE;
        let mut relaxed = strict.clone();
        let requirements = &mut relaxed.standards.iter_mut().find(|set| set.id == "甲").unwrap().requirements;
        let which = which.index(requirements.len());
        let requirement = requirements.values_mut().nth(which).unwrap();
        requirement.interval = wider(&requirement.interval, Decimal::new(by, 2));
        let (before, after) = (on(&facts, strict), on(&facts, &relaxed));
        for (one, other) in before.results.iter().zip(&after.results) {
            prop_assert_eq!(&one.rule, &other.rule);
            prop_assert!(one.verdict != Verdict::Pass || other.verdict == Verdict::Pass);
            prop_assert!(one.verdict == other.verdict || other.verdict == Verdict::Pass);
        }
        prop_assert!(before.verdict != Overall::Conforms || after.verdict == Overall::Conforms);
    }

    #[test]
    fn a_further_fact_never_makes_a_line_undecided(facts in projects(), name: Index, value in 0i64..10_000) {
        let catalogue = &*CATALOGUE;
        let mut left_out = project().figures;
        left_out.retain(|name, _| !facts.figures.contains_key(name));
        prop_assume!(!left_out.is_empty());
        let (name, figure) = left_out.iter().nth(name.index(left_out.len())).unwrap();
        let mut more = facts.clone();
        more.figures.insert(name.clone(), Figure { value: Decimal::from(value + 1), unit: figure.unit.clone() });
        let (before, after) = (on(&facts, catalogue), on(&more, catalogue));
        for (one, other) in before.results.iter().zip(&after.results) {
            prop_assert!(!decided(one.verdict) || one.verdict == other.verdict, "{} moved", one.rule);
        }
    }

    #[test]
    fn the_order_of_facts_says_nothing_and_the_same_gives_the_same_bytes(facts in projects(), turn in 0usize..6) {
        let catalogue = &*CATALOGUE;
        let mut turned = facts.clone();
        turned.spatial.rotate_left(turn);
        turned.floors.reverse();
        let (one, other): (Receipt, Receipt) = (on(&facts, catalogue).receipt, on(&turned, catalogue).receipt);
        prop_assert_eq!(&one, &other);
        let read: Facts = serde_json::from_str(&one.inputs).unwrap();
        prop_assert_eq!(on(&read, catalogue).receipt, one, "a receipt runs again from its own inputs");
    }

    #[test]
    fn nothing_missing_conforms_and_advice_helps(facts in projects()) {
        let catalogue = &*CATALOGUE;
        let checked = on(&facts, catalogue);
        let open = checked.results.iter().any(|finding| finding.verdict == Verdict::NotDeterminable);
        prop_assert!(!open || checked.verdict != Overall::Conforms);
        for finding in checked.results.iter().filter(|finding| finding.verdict == Verdict::NotDeterminable) {
            prop_assert!(!finding.missing.is_empty(), "{} names what is missing", finding.rule);
        }
        for finding in checked.results.iter().filter(|it| it.verdict == Verdict::Fail && it.rule.contains("intensity")) {
            let more: Decimal = finding.remedies[0].split(' ').nth(1).unwrap().replace(',', "").parse().unwrap();
            let mut helped = facts.clone();
            helped.figures.get_mut("fixed_investment").unwrap().value += more;
            prop_assert_eq!(line(&on(&helped, catalogue), &finding.rule).verdict, Verdict::Pass);
            helped.figures.get_mut("fixed_investment").unwrap().value -= dec!(0.01);
            prop_assert_eq!(line(&on(&helped, catalogue), &finding.rule).verdict, Verdict::Fail, "no more than needed");
        }
    }
}
