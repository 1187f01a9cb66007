use rust_decimal_macros::dec;

use super::*;
use crate::samples::{band, grades};

fn counts(bands: &[GradeBand], population: usize) -> Vec<(String, usize)> {
    places(bands, population).into_iter().map(|places| (places.grade, places.places)).collect()
}

fn of(bands: &[GradeBand], population: usize, grade: &str) -> Places {
    places(bands, population).into_iter().find(|places| places.grade == grade).unwrap()
}

#[test]
fn at_most_rounds_down_so_below_twenty_there_is_no_d_and_below_five_no_a() {
    for (population, a, b, d) in [(4, 0, 3, 0), (5, 1, 2, 0), (19, 3, 11, 0), (20, 4, 11, 1), (100, 20, 55, 5)] {
        let expected = [("D", d), ("A", a), ("B", b)].map(|(grade, count)| (grade.to_owned(), count));
        assert_eq!(counts(&grades(), population), expected, "{population}");
    }
}

/// Hangzhou's park card: A and B rounded down, D rounded up, C the remainder; stars stand outside.
#[test]
fn shares_of_parks_are_each_rounded_apart() {
    let bands = vec![
        band("A", Some((Side::Top, Operator::AtMost, dec!(20), false))),
        band("B", Some((Side::Top, Operator::AtMost, dec!(30), false))),
        band("C", None),
        band("D", Some((Side::Bottom, Operator::AtLeast, dec!(5), false))),
    ];
    for (population, a, b, c, d) in [(11, 2, 3, 5, 1), (20, 4, 6, 9, 1), (7, 1, 2, 3, 1), (9, 1, 2, 5, 1)] {
        let found = counts(&bands, population);
        assert_eq!(found, [("D", d), ("A", a), ("B", b)].map(|(grade, count)| (grade.to_owned(), count)));
        assert_eq!(population - a - b - d, c);
    }
}

/// A bug seen in practice, 20/32/16/32, cannot be written: a share is always of the population.
#[test]
fn shares_are_never_of_what_is_left() {
    let top = |percent| Some((Side::Top, Operator::AtMost, percent, false));
    let bands = vec![band("A", top(dec!(20))), band("B", top(dec!(40))), band("C", top(dec!(35))), band("D", None)];
    let found: Vec<usize> = places(&bands, 100).iter().map(|places| places.places).collect();
    assert_eq!(found, [20, 40, 35]);
}

#[test]
fn a_tie_at_a_cut_never_passes_a_quota_of_at_most() {
    let a = of(&grades(), 20, "A");
    assert!(a.take(4, 4) && !a.take(4, 5) && !a.take(5, 5));
    let d = of(&grades(), 20, "D");
    assert!(d.take(20, 20) && !d.take(19, 20) && !d.take(19, 19));
}

#[test]
fn a_quota_of_at_least_takes_the_tie_in() {
    let bands = vec![band("C", None), band("D", Some((Side::Bottom, Operator::AtLeast, dec!(5), false)))];
    let d = of(&bands, 21, "D");
    assert_eq!(d.places, 2);
    assert!(d.take(20, 20) && d.take(18, 20) && !d.take(18, 19));
}

#[test]
fn worst_grades_are_cut_first_and_a_place_is_given_once() {
    let bands = vec![
        band("A", Some((Side::Top, Operator::AtLeast, dec!(60), false))),
        band("C", None),
        band("D", Some((Side::Bottom, Operator::AtLeast, dec!(50), false))),
    ];
    let expected = [("D", 2), ("A", 1)].map(|(grade, count)| (grade.to_owned(), count));
    assert_eq!(counts(&bands, 3), expected);
    assert_eq!(counts(&bands, 0), [("D", 0), ("A", 0)].map(|(grade, count)| (grade.to_owned(), count)));
}
