use rust_decimal_macros::dec;

use super::*;
use crate::fact::value_of;
use crate::samples::{facts, quotient, to_base};
use crate::scheme::Standard;
use crate::subject::Facts;

fn scores(indicator: &Indicator, values: &[Option<Decimal>]) -> Vec<Ratio> {
    let name = indicator.indicator.as_str();
    let all: Vec<Facts> =
        values.iter().map(|value| value.map_or(facts(&[]), |value| facts(&[(name, value)]))).collect();
    let base = match indicator.standard() {
        Some(Standard::Fixed(base)) => Some(Ratio::from(*base)),
        _ => None,
    };
    items(indicator, base.as_ref(), &all.iter().collect::<Vec<_>>()).into_iter().map(|item| item.score).collect()
}

fn ratios(values: &[Decimal]) -> Vec<Ratio> {
    values.iter().copied().map(Ratio::from).collect()
}

#[test]
fn a_value_is_a_quotient_and_a_missing_part_makes_it_missing() {
    let per_head = quotient("output", "heads");
    let of = |pairs: &[(&str, Decimal)]| value_of(&per_head, &facts(pairs));
    assert_eq!(of(&[("output", dec!(10)), ("heads", dec!(3))]), Ratio::of(dec!(10), dec!(3)));
    assert_eq!(of(&[("output", dec!(10))]), None);
    assert_eq!(of(&[("heads", dec!(3))]), None);
    assert_eq!(of(&[("output", dec!(10)), ("heads", dec!(0))]), None);
    assert_eq!(of(&[("output", dec!(10)), ("heads", dec!(-1))]), None);
    assert_eq!(of(&[("output", dec!(0)), ("heads", dec!(3))]), Some(dec!(0).into()));
}

#[test]
fn to_the_base_is_capped_and_never_below_zero() {
    let capped = to_base("tax", dec!(20), dec!(30), Some(dec!(1.5)));
    let values = [dec!(-1), dec!(0), dec!(10), dec!(29.999), dec!(30), dec!(30.001), dec!(900)].map(Some);
    let expected = [dec!(0), dec!(0), dec!(15), dec!(44.9985), dec!(45), dec!(45), dec!(45)];
    assert_eq!(scores(&capped, &values), ratios(&expected));
    let as_it_is = Indicator { negative: Negative::AsItIs, ..to_base("tax", dec!(20), dec!(30), None) };
    assert_eq!(scores(&as_it_is, &[Some(dec!(-1)), Some(dec!(900))]), ratios(&[dec!(-1.5), dec!(1350)]));
}

#[test]
fn less_can_be_better() {
    let down = |cap| Indicator { direction: Direction::Down, ..to_base("energy", dec!(2), dec!(10), cap) };
    assert_eq!(
        scores(&down(Some(dec!(1.5))), &[Some(dec!(4)), Some(dec!(1)), Some(dec!(0))]),
        ratios(&[dec!(5), dec!(15), dec!(15)])
    );
    let item = &items(&down(None), Some(&dec!(2).into()), &[&facts(&[("energy", dec!(0))])])[0];
    assert_eq!(item.missing, Some("zero"));
}

#[test]
fn each_indicator_says_what_stands_in_for_a_missing_figure() {
    let with = |missing| Indicator { missing, ..to_base("tax", dec!(10), dec!(30), Some(dec!(1))) };
    let values = [Some(dec!(5)), None, Some(dec!(20))];
    for (missing, expected) in [
        (Missing::Zero, dec!(0)),
        (Missing::Weight, dec!(30)),
        (Missing::PeerAverage, dec!(22.5)),
        (Missing::Minus(dec!(3)), dec!(-3)),
        (Missing::NotScored, dec!(0)),
    ] {
        assert_eq!(scores(&with(missing.clone()), &values), ratios(&[dec!(15), expected, dec!(30)]), "{missing:?}");
    }
    assert_eq!(scores(&with(Missing::PeerAverage), &[None]), ratios(&[dec!(0)]));
}

#[test]
fn min_max_gives_twenty_to_a_hundred() {
    let of = |direction| Indicator { family: Family::MinMax, direction, ..to_base("tax", dec!(1), dec!(50), None) };
    let values = [Some(dec!(2)), Some(dec!(4)), None, Some(dec!(10))];
    assert_eq!(scores(&of(Direction::Up), &values), ratios(&[dec!(10), dec!(20), dec!(0), dec!(50)]));
    assert_eq!(scores(&of(Direction::Down), &values), ratios(&[dec!(50), dec!(40), dec!(0), dec!(10)]));
    assert_eq!(scores(&of(Direction::Up), &[Some(dec!(3)), Some(dec!(3))]), ratios(&[dec!(50), dec!(50)]));
}

#[test]
fn places_are_worth_their_share_and_ties_share_them() {
    let of = Indicator { family: Family::Rank, ..to_base("tax", dec!(1), dec!(40), None) };
    let values = [Some(dec!(1)), Some(dec!(5)), Some(dec!(5)), Some(dec!(3)), None];
    assert_eq!(scores(&of, &values), ratios(&[dec!(10), dec!(40), dec!(40), dec!(20), dec!(0)]));
}

#[test]
fn the_better_half_is_ranked_again_by_the_second_key() {
    let family = Family::TwoStage { second: quotient("growth", "one"), second_direction: Direction::Up };
    let of = Indicator { family, ..to_base("tax", dec!(1), dec!(40), None) };
    let of_scores = |all: &[(Decimal, Decimal)]| {
        let all: Vec<Facts> = all.iter().map(|(tax, growth)| facts(&[("tax", *tax), ("growth", *growth)])).collect();
        let items = items(&of, None, &all.iter().collect::<Vec<_>>());
        items.into_iter().map(|item| item.score).collect::<Vec<_>>()
    };
    let found = of_scores(&[(dec!(9), dec!(1)), (dec!(8), dec!(2)), (dec!(2), dec!(9)), (dec!(1), dec!(9))]);
    assert_eq!(found, ratios(&[dec!(30), dec!(40), dec!(20), dec!(10)]));
    // Two tied across the cut stay below, so that the upper half is one.
    let found = of_scores(&[(dec!(9), dec!(1)), (dec!(8), dec!(2)), (dec!(8), dec!(9)), (dec!(1), dec!(9))]);
    assert_eq!(found, ratios(&[dec!(40), dec!(30), dec!(30), dec!(10)]));
}

/// Hangzhou's park card: a multiple of the mean of like parks.
#[test]
fn a_table_of_points_is_entered_at_its_edges() {
    let row = |from: Option<Decimal>, to: Option<Decimal>, points: i64| Points {
        from,
        above: false,
        to,
        through: false,
        points: points.into(),
    };
    let edges = [None, Some(dec!(1.5)), Some(dec!(2)), Some(dec!(2.5)), Some(dec!(3)), Some(dec!(3.5)), None];
    let table = edges.windows(2).zip([0, 2, 4, 6, 8, 10]).map(|(ends, points)| row(ends[0], ends[1], points)).collect();
    let family = Family::Steps { of: Within::OfBase, standard: Some(Standard::Fixed(dec!(1))), table };
    let of = Indicator { family, ..to_base("tax", dec!(1), dec!(10), None) };
    for (value, points) in [
        (dec!(1.4999), 0),
        (dec!(1.5), 2),
        (dec!(1.9999), 2),
        (dec!(2), 4),
        (dec!(2.5), 6),
        (dec!(3), 8),
        (dec!(3.4999), 8),
        (dec!(3.5), 10),
    ] {
        assert_eq!(scores(&of, &[Some(value)]), ratios(&[Decimal::from(points)]), "{value}");
    }
}

#[test]
fn a_multiple_of_the_peers_is_of_those_with_a_value() {
    let row = Points { from: Some(dec!(1)), above: false, to: None, through: false, points: dec!(5) };
    let family = Family::Steps { of: Within::OfPeerMean, standard: None, table: vec![row] };
    let of = Indicator { family, ..to_base("tax", dec!(1), dec!(10), None) };
    assert_eq!(
        scores(&of, &[Some(dec!(1)), Some(dec!(3)), Some(dec!(2)), None]),
        ratios(&[dec!(0), dec!(5), dec!(5), dec!(0)])
    );
}
