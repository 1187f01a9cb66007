//! The many are held to the few: whatever the scheme and the figures, what is printed is what plain fractions give.

use proptest::prelude::*;
use rust_decimal::Decimal;
use rust_decimal_macros::dec;

use super::*;
use crate::compute::compute;
use crate::follow::{Follow, FollowReason};
use crate::made::{Exact, Made};
use crate::samples::{band, quotient, scheme, subject, to_base};
use crate::scheme::{
    Bonus, Direction, Family, Indicator, Mean, Missing, Negative, Operator, Points, Quotient, Side, Standard, Term,
    Within,
};
use crate::subject::{Change, Claim, Fact, Subject};

fn hold(scheme: &Scheme, bases: &Bases, subjects: &[Subject]) -> Result<(), TestCaseError> {
    let expected = compute(scheme, bases, subjects);
    let roll = Listed::new(scheme, subjects).unwrap();
    let card = Card::new(scheme, bases);
    let ranking = rank(&card, &roll);
    prop_assert_eq!(ranking.quotas(), expected.quotas);
    let count = |grade: &str| expected.outcomes.iter().filter(|outcome| outcome.grade == grade).count();
    for (grade, found) in ranking.counts() {
        prop_assert_eq!(found, count(&grade));
    }
    let order = ranking.in_order();
    prop_assert_eq!(order.len(), expected.outcomes.len());
    for (at, outcome) in order.into_iter().zip(expected.outcomes) {
        prop_assert_eq!(&roll.subject(at).key, &outcome.key);
        prop_assert_eq!(ranking.group(at), &outcome.group);
        prop_assert_eq!(ranking.outcome(at), ShownOutcome::of(outcome));
    }
    Ok(())
}

const FACTS: [&str; 5] = ["a", "b", "c", "d", "one"];

/// Few different ones, so that there are ties; and now and then one that no whole number of 128 bits goes through.
fn facts() -> impl Strategy<Value = Option<Fact>> {
    let plain = |amount: Decimal| Some(Fact { amount, over: 1 });
    prop_oneof![
        2 => Just(None),
        8 => (-3i64..12).prop_map(move |of| plain(Decimal::from(of))),
        4 => (-30i64..120, 1u32..5).prop_map(|(of, over)| Some(Fact { amount: Decimal::new(of, 1), over: over * 3 })),
        3 => (any::<i32>(), 0u32..12, 1u32..400).prop_map(|(of, places, over)| Some(Fact { amount: Decimal::new(of.into(), places), over })),
        1 => prop::sample::select(vec![Decimal::MAX, Decimal::MIN, Decimal::new(1, 28), Decimal::new(-1, 28), dec!(1e18), dec!(333333333333333333.3333)])
            .prop_map(plain),
    ]
}

fn terms() -> impl Strategy<Value = Vec<Term>> {
    let factor = prop::sample::select(vec![dec!(1), dec!(0.0001), dec!(-1), dec!(0.3333), dec!(7)]);
    let term = (0usize..5, factor).prop_map(|(fact, factor)| Term { fact: FACTS[fact].to_owned(), factor });
    prop::collection::vec(term, 1..3)
}

fn quotients() -> impl Strategy<Value = Quotient> {
    let plain = (0usize..4, 0usize..5).prop_map(|(above, below)| quotient(FACTS[above], FACTS[below]));
    let any = (terms(), terms()).prop_map(|(numerator, denominator)| Quotient { numerator, denominator });
    prop_oneof![3 => plain, 1 => any]
}

fn directions() -> impl Strategy<Value = Direction> {
    prop::sample::select(vec![Direction::Up, Direction::Down])
}

fn points() -> impl Strategy<Value = Points> {
    let ends = || {
        prop::option::of(prop::sample::select(vec![
            dec!(-1),
            dec!(0),
            dec!(0.1),
            dec!(0.5),
            dec!(1),
            dec!(1.5),
            dec!(3),
        ]))
    };
    (ends(), any::<bool>(), ends(), any::<bool>(), -2i64..11).prop_map(|(from, above, to, through, points)| Points {
        from,
        above,
        to,
        through,
        points: Decimal::from(points),
    })
}

fn standard() -> Standard {
    Standard::Benchmark { mean: Mean::RatioOfSums, factor: dec!(1.5), years: 3, revised_for: 2019 }
}

fn families() -> impl Strategy<Value = Family> {
    let cap = prop::option::of(prop::sample::select(vec![dec!(1), dec!(1.5), dec!(2)]));
    let within = prop::sample::select(vec![Within::Value, Within::OfBase, Within::OfPeerMean]);
    prop_oneof![
        3 => cap.prop_map(|cap| Family::ToBase { standard: standard(), cap }),
        2 => Just(Family::MinMax),
        2 => Just(Family::Rank),
        2 => (quotients(), directions()).prop_map(|(second, second_direction)| Family::TwoStage { second, second_direction }),
        2 => (within, prop::collection::vec(points(), 0..5))
            .prop_map(|(of, table)| Family::Steps { of, standard: Some(standard()), table }),
    ]
}

prop_compose! {
    fn indicators()(
        value in quotients(), direction in directions(), family in families(),
        weight in prop::sample::select(vec![dec!(0), dec!(10), dec!(33.3), dec!(40)]),
        missing in prop::sample::select(vec![Missing::Zero, Missing::Weight, Missing::PeerAverage, Missing::Minus(dec!(5)), Missing::NotScored]),
        as_it_is in any::<bool>(),
    ) -> Indicator {
        let negative = if as_it_is { Negative::AsItIs } else { Negative::Zero };
        Indicator { value, direction, family, missing, negative, ..to_base("i", dec!(1), weight, None) }
    }
}

fn bonus(points: Decimal, cap: Option<Decimal>) -> Bonus {
    let text = String::new;
    Bonus { item: "award".to_owned(), title: text(), points, cap, evidence: text(), article: text() }
}

prop_compose! {
    fn schemes()(
        mut all in prop::collection::vec(indicators(), 1..5),
        coefficient in prop::sample::select(vec![dec!(1), dec!(1), dec!(0.9), dec!(-1)]),
        rounding in prop::option::of(0u32..6),
        fill_up in any::<bool>(),
        at_least in any::<bool>(),
    ) -> Scheme {
        all.iter_mut().enumerate().for_each(|(number, indicator)| indicator.indicator = format!("i{number}"));
        let mut made = scheme(all);
        made.coefficient = coefficient;
        made.rounding = rounding;
        made.bonus = vec![bonus(dec!(2), Some(dec!(3)))];
        made.veto.fill_up = fill_up;
        if at_least {
            made.grades[0] = band("A", Some((Side::Top, Operator::AtLeast, dec!(20), false)));
        }
        made
    }
}

prop_compose! {
    fn subjects()(all in prop::collection::vec((prop::collection::vec(facts(), 4), 0u32..100, 0u32..3), 1..50)) -> Vec<Subject> {
        let one = |(number, (facts, dice, claims)): (usize, (Vec<Option<Fact>>, u32, u32))| {
            let mut made = subject(&format!("{number:02}"), &[]);
            made.facts.extend(FACTS.iter().zip(facts).filter_map(|(name, fact)| Some(((*name).to_owned(), fact?))));
            made.group = if dice.is_multiple_of(7) { "另一组" } else { "全部" }.to_owned();
            made.vetoed = dice.is_multiple_of(5);
            made.fixed = dice.is_multiple_of(13).then(|| "A".to_owned());
            made.coefficient = dice.is_multiple_of(11).then_some(dec!(1.1));
            made.bonus = (0..claims).map(|_| Claim { item: "award".to_owned(), times: dec!(1), document: String::new() }).collect();
            made.change = (dice.is_multiple_of(17))
                .then(|| Change { grade: "B".to_owned(), document: "合成文件".to_owned(), why: "核实".to_owned() });
            made
        };
        all.into_iter().enumerate().map(one).collect()
    }
}

fn bases(scheme: &Scheme, base: Decimal) -> Bases {
    scheme.indicators.iter().map(|indicator| (indicator.indicator.clone(), Ratio::of(base, dec!(7)).unwrap())).collect()
}

#[test]
fn who_is_made_of_others_or_follows_one_is_left_to_the_fractions() {
    let scheme = scheme(vec![to_base("tax", dec!(3), dec!(100), None)]);
    let plain = subject("a", &[("tax", dec!(1))]);
    let made = Subject { made: Some(Made::of(&scheme, &Exact::new(), Vec::new())), ..plain.clone() };
    let follows = Follow { key: "b".to_owned(), reason: FollowReason::Merged, elsewhere: None };
    let following = Subject { follows: Some(follows), ..plain.clone() };
    assert!(Listed::new(&scheme, [&plain]).is_some());
    assert!(Listed::new(&scheme, [&plain, &made]).is_none());
    assert!(Listed::new(&scheme, [&following]).is_none());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    #[test]
    fn the_many_are_printed_as_the_few(scheme in schemes(), all in subjects(), base in prop::sample::select(vec![dec!(3), dec!(7), dec!(700000000), dec!(0.00001), dec!(-7), dec!(0)]), with_bases in prop::bool::weighted(0.9)) {
        let bases = if with_bases { bases(&scheme, base) } else { Bases::new() };
        hold(&scheme, &bases, &all)?;
    }
}

/// Scores that differ in the thirtieth decimal are no tie, and scores that are one fraction are.
#[test]
fn what_lies_between_the_bounds_is_decided_by_the_fraction() {
    let scheme = scheme(vec![to_base("tax", dec!(3), dec!(100), None)]);
    let tax = |key: &str, amount: Decimal, over: u32| {
        let mut made = subject(key, &[]);
        made.facts.insert("tax".to_owned(), Fact { amount, over });
        made
    };
    let all = [
        tax("a", dec!(1.0000000000000000000000000001), 3),
        tax("b", dec!(1), 3),
        tax("c", dec!(2), 6),
        tax("d", dec!(0.9999999999999999999999999999), 3),
    ];
    let bases = Bases::from([("tax".to_owned(), Ratio::from(dec!(3)))]);
    let roll = Listed::new(&scheme, &all).unwrap();
    let card = Card::new(&scheme, &bases);
    let ranking = rank(&card, &roll);
    let places: Vec<_> = (0..4).map(|at| ranking.outcome(at).rank).collect();
    assert_eq!(places, [Some(1), Some(2), Some(2), Some(4)]);
}

/// The mean of very many different figures has as many digits; it is never written out where bounds and equality decide.
#[test]
fn many_who_lack_a_figure_tie_by_the_mean_of_their_peers() {
    let mut own =
        scheme(vec![to_base("tax", dec!(3), dec!(100), None), to_base("rd", dec!(7), dec!(40), Some(dec!(1.5)))]);
    own.indicators[1].missing = Missing::PeerAverage;
    let all: Vec<Subject> = (1..4_000i64)
        .map(|at| match at % 4 {
            0 => subject(&format!("{at:04}"), &[("tax", Decimal::from(at / 8))]),
            _ => {
                let mut made = subject(&format!("{at:04}"), &[("tax", Decimal::from(at % 97))]);
                made.facts.insert("rd".to_owned(), Fact { amount: Decimal::from(at), over: 9_973 - at as u32 });
                made
            }
        })
        .collect();
    let bases: Bases = [("tax".to_owned(), dec!(3).into()), ("rd".to_owned(), dec!(7).into())].into();
    let roll = Listed::new(&own, &all).unwrap();
    let card = Card::new(&own, &bases);
    let ranking = rank(&card, &roll);
    let (one, other) = (ranking.outcome(15), ranking.outcome(11));
    assert_eq!(roll.subject(15).key, "0016");
    assert!(one.items[1].missing.is_some() && one.rank < other.rank);
}
