use proptest::prelude::*;
use rust_decimal::Decimal;
use rust_decimal_macros::dec;

use super::*;
use crate::follow::{Elsewhere, Follow};
use crate::samples::{scheme, subject, to_base};
use crate::scheme::{Bonus, Missing, Standard};
use crate::subject::{Change, Claim};

fn bases(scheme: &Scheme) -> Bases {
    let fixed = |standard: &Standard| match standard {
        Standard::Fixed(base) => Some(Ratio::from(*base)),
        Standard::Benchmark { .. } => None,
    };
    let of = |indicator: &crate::scheme::Indicator| Some((indicator.indicator.clone(), fixed(indicator.standard()?)?));
    scheme.indicators.iter().filter_map(of).collect()
}

fn run(scheme: &Scheme, subjects: &[Subject]) -> Evaluation {
    compute(scheme, &bases(scheme), subjects)
}

/// 黄岩 2022, as published: bases and weights of above-size industry.
fn huangyan(cap: Option<Decimal>) -> Scheme {
    scheme(vec![
        to_base("tax_per_mu", dec!(24.097), dec!(30), cap),
        to_base("value_added_per_mu", dec!(136.16), dec!(20), cap),
        to_base("value_added_per_tce", dec!(2.694), dec!(20), cap),
        to_base("value_added_per_emission", dec!(4929.81), dec!(10), cap),
        to_base("labour_productivity", dec!(18.14), dec!(10), cap),
        to_base("rd_share", dec!(0.0302), dec!(10), cap),
    ])
}

const SIX: [&str; 6] = [
    "tax_per_mu",
    "value_added_per_mu",
    "value_added_per_tce",
    "value_added_per_emission",
    "labour_productivity",
    "rd_share",
];

fn six(values: [Option<Decimal>; 6]) -> Subject {
    let given: Vec<(&str, Decimal)> =
        SIX.into_iter().zip(values).filter_map(|(name, value)| Some((name, value?))).collect();
    subject("one", &given)
}

fn score(scheme: &Scheme, values: [Option<Decimal>; 6]) -> Decimal {
    run(scheme, &[six(values)]).outcomes[0].score.rounded(4).unwrap()
}

#[test]
fn the_published_scheme_of_huangyan_gives_the_published_scores() {
    let first = [dec!(31.5), dec!(150), dec!(3), dec!(6000), dec!(20), dec!(0.025)].map(Some);
    let second = [dec!(60), dec!(150), dec!(3), dec!(6000), dec!(20), dec!(0.025)].map(Some);
    assert_eq!(score(&huangyan(None), first), dec!(114.9955));
    assert_eq!(score(&huangyan(None), second), dec!(150.4771));
    assert_eq!(score(&huangyan(Some(dec!(1.5))), second), dec!(120.7790));
    let gap = [Some(dec!(31.5)), Some(dec!(-5)), Some(dec!(3)), None, Some(dec!(20)), Some(dec!(0))];
    assert_eq!(score(&huangyan(None), gap), dec!(72.5136));
    let mut weight = huangyan(None);
    weight.indicators[3].missing = Missing::Weight;
    assert_eq!(score(&weight, gap), dec!(82.5136));
}

fn item(name: &str, points: Decimal, cap: Option<Decimal>) -> Bonus {
    let text = || String::new();
    Bonus { item: name.to_owned(), title: text(), points, cap, evidence: text(), article: text() }
}

fn claim(name: &str, times: Decimal) -> Claim {
    Claim { item: name.to_owned(), times, document: "合成文件".to_owned() }
}

#[test]
fn the_bonus_is_not_multiplied() {
    let mut scheme = scheme(vec![to_base("tax", dec!(1), dec!(100), None)]);
    scheme.coefficient = dec!(0.9);
    scheme.bonus = vec![item("award", dec!(5), None)];
    let mut one = subject("one", &[("tax", dec!(1))]);
    one.bonus = vec![claim("award", dec!(1))];
    assert_eq!(run(&scheme, &[one.clone()]).outcomes[0].score, Ratio::from(dec!(95)));
    one.coefficient = Some(dec!(1.1));
    assert_eq!(run(&scheme, &[one]).outcomes[0].score, Ratio::from(dec!(115)));
}

#[test]
fn bonus_and_deduction_are_capped_each_and_together() {
    let mut scheme = scheme(vec![to_base("tax", dec!(1), dec!(100), None)]);
    scheme.bonus = vec![item("patent", dec!(2), Some(dec!(5))), item("award", dec!(4), None)];
    scheme.bonus_cap = Some(dec!(8));
    scheme.deduction = vec![item("late", dec!(60), None)];
    let mut one = subject("one", &[("tax", dec!(0.5))]);
    one.bonus = vec![claim("patent", dec!(1)), claim("patent", dec!(2)), claim("award", dec!(1))];
    one.deduction = vec![claim("late", dec!(1))];
    let outcome = run(&scheme, &[one]).outcomes.remove(0);
    let counted: Vec<Decimal> = outcome.bonus.iter().map(|item| item.counted).collect();
    assert_eq!(counted, [dec!(5), dec!(4)]);
    assert_eq!(outcome.score, Ratio::from(dec!(-2)));
}

/// Scores 1 … n, the best last.
fn ladder(count: i64) -> Vec<Subject> {
    (1..=count).map(|at| subject(&format!("{at:03}"), &[("tax", Decimal::from(at))])).collect()
}

fn single() -> Scheme {
    scheme(vec![to_base("tax", dec!(100), dec!(100), None)])
}

fn grades_of(evaluation: &Evaluation) -> String {
    evaluation.outcomes.iter().map(|outcome| outcome.grade.as_str()).collect()
}

#[test]
fn grades_follow_the_quotas_of_the_population() {
    let evaluation = run(&single(), &ladder(20));
    assert_eq!(grades_of(&evaluation), "AAAABBBBBBBBBBBCCCCD");
    assert_eq!(evaluation.outcomes[0].rank, Some(1));
    assert_eq!(grades_of(&run(&single(), &ladder(4))), "BBBC");
}

#[test]
fn a_tie_at_a_cut_leaves_the_limited_grade_together() {
    let mut all = ladder(20);
    all[15] = subject("016", &[("tax", dec!(17))]);
    all[1] = subject("002", &[("tax", dec!(1))]);
    let evaluation = run(&single(), &all);
    assert_eq!(grades_of(&evaluation), "AAABBBBBBBBBBBBCCCCC");
    let ranks: Vec<Option<usize>> = evaluation.outcomes.iter().skip(3).take(3).map(|outcome| outcome.rank).collect();
    assert_eq!(ranks, [Some(4), Some(4), Some(6)]);
}

#[test]
fn the_vetoed_are_never_a_or_b_and_their_places_go_on() {
    let mut all = ladder(20);
    all[19].vetoed = true;
    all[9].vetoed = true;
    let evaluation = run(&single(), &all);
    assert_eq!(grades_of(&evaluation), "CAAAABBBBBCBBBBBBCCD");
    let first = &evaluation.outcomes[0];
    assert_eq!((first.first_grade.as_str(), first.automatic_grade.as_str(), first.rank), ("A", "C", Some(1)));
    assert_eq!((first.steps[0].found.as_str(), first.steps[0].left.as_str()), ("A", "C"));
    let mut kept = single();
    kept.veto.fill_up = false;
    assert_eq!(grades_of(&run(&kept, &all)), "CAAABBBBBBCBBBBCCCCD");
}

#[test]
fn a_tie_for_the_last_open_place_leaves_it_open_and_d_is_never_emptied() {
    let mut all = ladder(20);
    all[19].vetoed = true;
    all[15] = subject("016", &[("tax", dec!(15))]);
    let evaluation = run(&single(), &all);
    assert_eq!(grades_of(&evaluation), "CAAABBBBBBBBBBBBCCCD");
    for one in &mut all {
        one.vetoed = true;
    }
    assert_eq!(grades_of(&run(&single(), &all)), "CCCCCCCCCCCCCCCCCCCD");
}

#[test]
fn a_manual_change_stands_beside_the_automatic_grade_and_lifts_nobody_who_is_barred() {
    let mut all = ladder(20);
    let change = |grade: &str| {
        Some(Change { grade: grade.into(), document: "合成〔2023〕1号".into(), why: "核实".into() })
    };
    all[0].change = change("B");
    all[1].vetoed = true;
    all[1].change = change("A");
    let evaluation = run(&single(), &all);
    let lifted = evaluation.outcomes.iter().find(|outcome| outcome.key == "001").unwrap();
    assert_eq!((lifted.automatic_grade.as_str(), lifted.grade.as_str()), ("D", "B"));
    let barred = evaluation.outcomes.iter().find(|outcome| outcome.key == "002").unwrap();
    assert_eq!((barred.automatic_grade.as_str(), barred.grade.as_str()), ("C", "C"));
    assert_eq!(barred.steps.len(), 1);
}

#[test]
fn a_fixed_grade_stands_outside_population_and_quota() {
    let mut all = ladder(20);
    all[0].fixed = Some("A".into());
    let evaluation = run(&single(), &all);
    assert_eq!(evaluation.quotas[0].places[0].population, 19);
    let fixed = evaluation.outcomes.iter().find(|outcome| outcome.key == "001").unwrap();
    assert_eq!((fixed.grade.as_str(), fixed.rank), ("A", None));
    assert_eq!(evaluation.outcomes.iter().filter(|outcome| outcome.grade == "A").count(), 4);
}

#[test]
fn groups_are_ranked_apart() {
    let mut all = ladder(10);
    all.iter_mut().take(5).for_each(|one| one.group = "食品".into());
    let evaluation = run(&single(), &all);
    assert_eq!(evaluation.outcomes.iter().filter(|outcome| outcome.rank == Some(1)).count(), 2);
    assert_eq!(evaluation.quotas.len(), 2);
}

#[test]
fn a_score_is_rounded_before_it_is_ranked_only_where_the_scheme_says_so() {
    let all = [subject("a", &[("tax", dec!(1.001))]), subject("b", &[("tax", dec!(1.002))])];
    let mut rounded = single();
    rounded.rounding = Some(2);
    let places = |scheme: &Scheme| run(scheme, &all).outcomes.iter().map(|one| one.rank).collect::<Vec<_>>();
    assert_eq!(places(&single()), [Some(1), Some(2)]);
    assert_eq!(places(&rounded), [Some(1), Some(1)]);
}

fn values() -> impl Strategy<Value = Option<Decimal>> {
    prop_oneof![1 => Just(None), 8 => (-20i64..200).prop_map(|at| Some(Decimal::new(at, 1)))]
}

prop_compose! {
    fn subjects()(of in prop::collection::vec((values(), values(), any::<bool>(), any::<bool>()), 1..60)) -> Vec<Subject> {
        of.into_iter().enumerate().map(|(at, (tax, energy, vetoed, second))| {
            let given: Vec<(&str, Decimal)> = [("tax", tax), ("energy", energy)].into_iter().filter_map(|(name, value)| Some((name, value?))).collect();
            Subject { vetoed: vetoed && second, ..subject(&format!("{at:03}"), &given) }
        }).collect()
    }
}

fn two() -> Scheme {
    scheme(vec![
        to_base("tax", dec!(10), dec!(60), Some(dec!(1.5))),
        to_base("energy", dec!(5), dec!(40), Some(dec!(1.5))),
    ])
}

fn worth(grade: &str) -> usize {
    ["D", "C", "B", "A"].iter().position(|it| *it == grade).unwrap()
}

proptest! {
    #[test]
    fn the_same_facts_in_any_order_give_the_same_answer((all, shuffled) in subjects().prop_flat_map(|all| (Just(all.clone()), Just(all).prop_shuffle()))) {
        prop_assert_eq!(run(&two(), &all), run(&two(), &shuffled));
    }

    #[test]
    fn no_quota_is_passed_and_nobody_barred_is_a_or_b(all in subjects()) {
        let evaluation = run(&two(), &all);
        let count = |grade: &str| evaluation.outcomes.iter().filter(|outcome| outcome.automatic_grade == grade).count();
        prop_assert_eq!(evaluation.outcomes.len(), all.len());
        prop_assert!(count("A") <= all.len() * 20 / 100);
        prop_assert!(count("D") <= all.len() * 5 / 100);
        prop_assert!(count("A") + count("B") <= all.len() * 75 / 100);
        for outcome in &evaluation.outcomes {
            let vetoed = all.iter().any(|one| one.key == outcome.key && one.vetoed);
            prop_assert!(!vetoed || worth(&outcome.grade) < 2);
        }
    }

    #[test]
    fn raising_a_figure_never_lowers_score_rank_or_grade(all in subjects(), at in any::<prop::sample::Index>(), by in 1i64..300) {
        let at = at.index(all.len());
        let mut raised = all.clone();
        let more = raised[at].facts.get("tax").map_or(Decimal::ZERO, |fact| fact.amount) + Decimal::new(by, 1);
        raised[at].facts.insert("tax".to_owned(), more.into());
        let find = |evaluation: Evaluation| evaluation.outcomes.into_iter().find(|one| one.key == all[at].key).unwrap();
        let (before, after) = (find(run(&two(), &all)), find(run(&two(), &raised)));
        prop_assert!(after.score >= before.score);
        prop_assert!(after.rank <= before.rank);
        prop_assert!(worth(&after.grade) >= worth(&before.grade));
    }
}

fn tax(key: &str, tax: i64) -> Subject {
    subject(key, &[("tax", tax.into())])
}

/// Ten with 1 to 10, the best two A, the worst none D.
fn ten() -> (Scheme, Vec<Subject>) {
    (scheme(vec![to_base("tax", dec!(10), dec!(100), None)]), (1..=10).map(|at| tax(&format!("{at:02}"), at)).collect())
}

fn following(key: &str, of: &str, reason: FollowReason) -> Subject {
    Subject { follows: Some(Follow { key: of.to_owned(), reason, elsewhere: None }), ..tax(key, 3) }
}

fn outcome_of<'a>(evaluation: &'a Evaluation, key: &str) -> &'a Outcome {
    evaluation.outcomes.iter().find(|outcome| outcome.key == key).unwrap()
}

#[test]
fn a_tenant_takes_the_final_grade_of_the_owner_and_no_place() {
    let (scheme, mut subjects) = ten();
    subjects[9].change = Some(Change { grade: "C".into(), document: "合成".into(), why: "核实".into() });
    let alone = run(&scheme, &subjects);
    subjects.push(following("tenant", "10", FollowReason::Owner));
    let evaluation = run(&scheme, &subjects);
    assert_eq!(evaluation.quotas, alone.quotas, "it is not of the population");
    let tenant = outcome_of(&evaluation, "tenant");
    assert_eq!((tenant.rank, tenant.grade.as_str()), (None, "C"), "the grade after the change");
    assert_eq!((tenant.steps[0].step, tenant.steps[0].why.contains("10")), (crate::result::Change::Owner, true));
    assert_eq!(&evaluation.outcomes[..10], &alone.outcomes[..], "nobody else is moved");
}

#[test]
fn a_veto_bars_whoever_follows_an_a() {
    let (scheme, mut subjects) = ten();
    subjects.push(Subject { vetoed: true, ..following("tenant", "10", FollowReason::Owner) });
    let evaluation = run(&scheme, &subjects);
    assert_eq!(outcome_of(&evaluation, "10").grade, "A");
    assert_eq!(outcome_of(&evaluation, "tenant").grade, "C");
}

#[test]
fn those_who_are_judged_as_one_share_score_and_grade_and_a_tenant_of_theirs_follows_on() {
    let (scheme, mut subjects) = ten();
    subjects.push(following("partner", "10", FollowReason::Merged));
    subjects.push(following("tenant", "partner", FollowReason::Owner));
    subjects.reverse();
    let evaluation = run(&scheme, &subjects);
    let (head, partner) = (outcome_of(&evaluation, "10"), outcome_of(&evaluation, "partner"));
    assert_eq!((&partner.score, &partner.grade, partner.rank), (&head.score, &head.grade, None));
    assert_eq!(outcome_of(&evaluation, "tenant").grade, "A");
    assert_ne!(outcome_of(&evaluation, "tenant").score, head.score, "a tenant has a score of its own");
}

#[test]
fn a_grade_from_another_run_is_taken_as_it_was_frozen() {
    let (scheme, mut subjects) = ten();
    let mut tenant = following("tenant", "owner elsewhere", FollowReason::Owner);
    let elsewhere = Elsewhere { grade: "B".into(), category: "industry_above".into(), run: "r".into() };
    tenant.follows.as_mut().unwrap().elsewhere = Some(elsewhere);
    subjects.push(tenant);
    assert_eq!(outcome_of(&run(&scheme, &subjects), "tenant").grade, "B");
}

#[test]
fn what_is_made_of_others_is_scored_by_its_sums() {
    let (scheme, mut subjects) = ten();
    let part = |key: &str, tax: i64| crate::made::Part {
        key: key.into(),
        share: Decimal::ONE.into(),
        facts: [("tax".to_owned(), Decimal::from(tax).into()), ("one".to_owned(), Decimal::ONE.into())].into(),
    };
    let made = crate::made::Made::of(&scheme, &Default::default(), vec![part("x", 30), part("y", 10)]);
    subjects.push(Subject { facts: Default::default(), made: Some(made), ..tax("park", 0) });
    let evaluation = run(&scheme, &subjects);
    assert_eq!(outcome_of(&evaluation, "park").items[0].value, Some(dec!(20).into()));
    assert_eq!(outcome_of(&evaluation, "park").rank, Some(1));
}
