use std::sync::Arc;

use rust_decimal_macros::dec;

use super::answer::{Before, compare};
use super::*;
use crate::evaluation::document::Input;
use crate::evaluation::looking::moved::Move;
use crate::evaluation::population::{Coverage, Member};
use crate::evaluation::run::{self, BaseYear, Frozen, sort};
use crate::evaluation::samples::{member, scheme};
use crate::scoring::subject::Subject;

fn change(indicator: &str) -> IndicatorChange {
    IndicatorChange { indicator: indicator.to_owned(), ..IndicatorChange::default() }
}

fn of(indicators: Vec<IndicatorChange>) -> WhatIf {
    WhatIf { indicators, ..WhatIf::default() }
}

fn input(member: Member, group: String) -> Input {
    Input {
        subject: Subject { key: member.uscc, group, facts: member.facts, ..Subject::default() },
        name: member.name,
        subdistrict: member.subdistrict,
        industry: member.industry.map(|place| place.code),
        vetoes: Vec::new(),
    }
}

/// Twenty members in 2022 with 5,000 to 100,000 yuan of tax on one mu.
fn frozen(scheme: &Scheme) -> Frozen {
    let shared = Arc::new(scheme.clone());
    let year = |of: i32, tax: Decimal| BaseYear::of(&shared, of, &[member("1", of, Some(dec!(3)), Some(tax))]);
    // No cap is reached, so that no two of them tie.
    let of_years = [year(2019, dec!(600000)), year(2020, dec!(800000)), year(2021, dec!(1000000))];
    let benchmarks = run::benchmarks(scheme, 2022, &of_years).unwrap();
    let members =
        (1..=20).map(|at| member(&format!("{at:02}"), 2022, Some(dec!(1)), Some(Decimal::from(at * 5_000)))).collect();
    let (inputs, left_out) = sort(scheme, Coverage { industry_land_at_least: dec!(0) }, members, input);
    Frozen { year: 2022, scheme: scheme.clone(), benchmarks, inputs, left_out }
}

#[test]
fn every_change_is_made_and_nothing_else() {
    let before = scheme();
    assert_eq!(WhatIf::default().applied(&before), Ok(before.clone()), "nothing asked, nothing changed");
    let what_if = WhatIf {
        indicators: vec![
            IndicatorChange { weight: Some(dec!(35)), cap: Some(Cap::None), ..change("tax_per_mu") },
            IndicatorChange { missing: Some(Missing::Weight), base: Some(dec!(7)), ..change("value_added_per_mu") },
        ],
        grades: vec![GradeChange { grade: "A".into(), percent: dec!(30) }],
        fill_up: Some(false),
        mean: Some(Mean::YearlyRatios),
        ..WhatIf::default()
    };
    let after = what_if.applied(&before).unwrap();
    let tax = &after.indicators[0];
    assert_eq!(tax.weight, dec!(35));
    assert!(matches!(
        tax.family,
        Family::ToBase { standard: Standard::Benchmark { mean: Mean::YearlyRatios, .. }, cap: None }
    ));
    let added = &after.indicators[1];
    assert_eq!((added.weight, &added.missing), (dec!(40), &Missing::Weight));
    assert_eq!(added.standard(), Some(&Standard::Fixed(dec!(7))));
    assert_eq!(after.grades[0].quota.as_ref().unwrap().percent, dec!(30));
    assert!(!after.veto.fill_up && after.population == before.population);
}

#[test]
fn what_the_scheme_does_not_have_is_refused_all_at_once() {
    let mut before = scheme();
    before.indicators[1].family = Family::Rank;
    let what_if = WhatIf {
        indicators: vec![
            change("luck"),
            IndicatorChange { base: Some(dec!(1)), ..change("value_added_per_mu") },
            IndicatorChange { cap: Some(Cap::Times(dec!(2))), ..change("value_added_per_mu") },
        ],
        grades: ["C", "E"].map(|grade| GradeChange { grade: grade.into(), percent: dec!(5) }).into(),
        ..WhatIf::default()
    };
    let unfit = what_if.applied(&before).unwrap_err();
    assert_eq!(unfit.len(), 5, "{unfit:?}");
    let other = Scheme { category: crate::scoring::scheme::Category::Platform, ..scheme() };
    let what_if = WhatIf { scheme: Some(other), ..WhatIf::default() };
    assert_eq!(what_if.applied(&before), Err(vec![Unfit::Category]));
}

#[test]
fn what_the_run_froze_is_enough_until_people_facts_or_years_change() {
    let before = scheme();
    let asks = |what_if: &WhatIf| rests_on(&before, &what_if.applied(&before).unwrap());
    let scoring = WhatIf { fill_up: Some(false), mean: Some(Mean::YearlyRatios), ..WhatIf::default() };
    assert_eq!(asks(&scoring), Source::Frozen);
    assert_eq!(asks(&of(vec![IndicatorChange { base: Some(dec!(3)), ..change("tax_per_mu") }])), Source::Frozen);
    let population = Population { land_at_least_mu: Some(dec!(5)), ..before.population.clone() };
    assert_eq!(asks(&WhatIf { population: Some(population), ..WhatIf::default() }), Source::Registers);
    let whole = |change: &dyn Fn(&mut Scheme)| {
        let mut scheme = before.clone();
        change(&mut scheme);
        asks(&WhatIf { scheme: Some(scheme), ..WhatIf::default() })
    };
    assert_eq!(whole(&|it| it.rounding = Some(2)), Source::Frozen);
    assert_eq!(whole(&|it| it.ranking.groups.clear()), Source::Registers);
    assert_eq!(whole(&|it| it.indicators[0].value.numerator[0].fact = "revenue_yuan".into()), Source::Registers);
    // The same facts, and the sums of another quotient of them were never kept.
    assert_eq!(whole(&|it| it.indicators[0].value.numerator[0].factor = dec!(1)), Source::Registers);
    assert_eq!(
        whole(&|it| {
            let Some(Standard::Benchmark { revised_for, .. }) = standard_of(&mut it.indicators[0]) else { return };
            *revised_for = 2020;
        }),
        Source::Registers
    );
    // A base that is worked out where none was before.
    let mut typed = before.clone();
    *standard_of(&mut typed.indicators[0]).unwrap() = Standard::Fixed(dec!(4));
    assert_eq!(rests_on(&typed, &before), Source::Registers);
}

#[test]
fn bases_worked_out_again_are_those_that_a_run_would_work_out() {
    let before = scheme();
    let kept = frozen(&before).benchmarks;
    assert_eq!(rebased(&before, 2022, &kept).unwrap(), kept);
    let after = WhatIf { mean: Some(Mean::YearlyRatios), ..WhatIf::default() }.applied(&before).unwrap();
    assert_eq!(rebased(&after, 2022, &kept).unwrap(), frozen(&after).benchmarks);
    let zero = of(vec![IndicatorChange { base: Some(dec!(0)), ..change("tax_per_mu") }]).applied(&before).unwrap();
    assert!(rebased(&zero, 2022, &kept).is_err());
}

#[test]
fn lines_and_receipt_are_those_of_a_run_with_the_changed_scheme() {
    let before = scheme();
    let what_if = of(vec![
        IndicatorChange { weight: Some(dec!(90)), cap: Some(Cap::Times(dec!(1))), ..change("tax_per_mu") },
        IndicatorChange { weight: Some(dec!(10)), ..change("value_added_per_mu") },
    ]);
    let after = what_if.applied(&before).unwrap();
    let kept = frozen(&before);
    let tried = Frozen { scheme: after.clone(), benchmarks: rebased(&after, 2022, &kept.benchmarks).unwrap(), ..kept };
    let (tried, run) =
        (run::compute(&tried, "catalogue").unwrap(), run::compute(&frozen(&after), "catalogue").unwrap());
    let details = |of: &run::Computed| of.lines.iter().map(|line| line.detail.clone()).collect::<Vec<_>>();
    assert_eq!(details(&tried), details(&run));
    assert_eq!(tried.receipt, run.receipt);
    assert_eq!(tried.head, run.head);
}

fn standings(computed: &run::Computed) -> Vec<Before> {
    let of = |line: &run::Line| Before {
        key: line.result.subject.id.clone(),
        name: line.result.name.clone(),
        subdistrict: None,
        group: line.result.group.clone(),
        grade: line.result.grade.clone(),
        score: line.result.score.clone(),
        rank: line.result.rank,
    };
    computed.lines.iter().map(of).collect()
}

#[test]
fn everybody_is_counted_once_and_each_mover_is_told_why() {
    let before = run::compute(&frozen(&scheme()), "").unwrap();
    let after = WhatIf { grades: vec![GradeChange { grade: "A".into(), percent: dec!(40) }], ..WhatIf::default() };
    let after = run::compute(&frozen(&after.applied(&scheme()).unwrap()), "").unwrap();
    let mut old = standings(&before);
    let gone = old.iter().position(|one| one.key == "03").unwrap();
    old.remove(gone);
    old.push(Before { key: "99".into(), grade: "B".into(), ..old[0].clone() });
    let mut found = compare(&before.head.grades, &old, &after);
    let counts: std::collections::BTreeMap<&str, usize> =
        found.counts.iter().map(|(how, count)| (how.code(), *count)).collect();
    assert_eq!(counts.values().sum::<usize>(), 21, "{counts:?}");
    assert_eq!((counts["up"], counts["entered"], counts["left"], counts["down"]), (4, 1, 1, 0));
    let a = &found.grades[0];
    assert_eq!((a.grade.as_str(), a.before, a.after), ("A", 4, 8));
    assert_eq!(found.movers.len(), 6);
    assert_eq!(found.movers.last().unwrap().moved, Move::Left, "whoever left comes last");
    let details = before.lines.iter().map(|line| (line.result.subject.id.clone(), line.result.clone())).collect();
    found.explain(&details, &after);
    let up = found.movers.iter().find(|mover| mover.moved == Move::Up).unwrap();
    assert!(up.why.as_ref().unwrap().parts.is_empty(), "only the quota is another");
    assert_eq!(found.score_changed, 0);
}

#[test]
fn what_is_asked_is_read_as_it_is_written() {
    let text = r#"{"indicators": [{"indicator": "tax_per_mu", "weight": "35", "cap": {"times": "2"}},
        {"indicator": "rd_share", "cap": "none", "missing": {"minus": "3"}}], "grades": [{"grade": "A", "percent": "15"}],
        "mean": "mean_of_yearly_ratios"}"#;
    let read: WhatIf = serde_json::from_str(text).unwrap();
    assert_eq!(read.indicators[0].cap, Some(Cap::Times(dec!(2))));
    assert_eq!(read.indicators[1].cap, Some(Cap::None));
    assert_eq!(read.indicators[1].missing, Some(Missing::Minus(dec!(3))));
    assert!(serde_json::from_str::<WhatIf>(r#"{"weights": []}"#).is_err(), "what is misspelt is said");
}
