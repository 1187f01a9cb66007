use super::*;
use crate::evaluation::document::{CountedDocument, StepDocument};
use crate::evaluation::samples::result;

fn change<'a>(of: &'a Difference, part: &str) -> Option<&'a str> {
    of.parts.iter().find(|it| it.part == part).map(|it| it.change.as_str())
}

fn title(name: &str) -> String {
    format!("〔{name}〕")
}

#[test]
fn the_weightiest_part_comes_first_and_what_is_equal_is_left_out() {
    let before = result("2", "4", "30", "8", "16", "20", "50");
    let after = result("3", "4", "45", "8", "16", "20", "65");
    let difference = between(&before, &after);
    assert_eq!(difference.score, "15");
    assert_eq!(difference.parts.len(), 1);
    assert_eq!(change(&difference, "tax_per_mu"), Some("15"));
    let words = in_words(&difference, (Some(2), Some(1)), title);
    assert_eq!(words, "〔tax_per_mu〕 +15.00分");
    // Others rose more.
    let words = in_words(&difference, (Some(2), Some(4)), title);
    assert_eq!(words, "〔tax_per_mu〕 +15.00分；他人得分变动更大");
}

#[test]
fn parts_add_up_to_the_score_also_with_a_coefficient() {
    let mut before = result("2", "4", "30", "8", "16", "20", "50");
    let mut after = result("1", "4", "15", "16", "16", "40", "55");
    (before.coefficient, before.score) = ("0.9".into(), "45".into());
    (after.coefficient, after.score) = ("1.1".into(), "58.5".into());
    after.deduction = vec![CountedDocument { item: "late".into(), points: "2".into(), counted: "2".into() }];
    let difference = between(&before, &after);
    let sum: Ratio = difference.parts.iter().map(|part| number(&part.change)).sum();
    assert_eq!(shown(&sum), difference.score);
    assert_eq!(change(&difference, "deduction"), Some("-2"));
    assert_eq!(change(&difference, "coefficient"), Some("11"));
    assert_eq!(difference.parts[0].part, "value_added_per_mu", "the weightiest, whatever its sign");
}

#[test]
fn an_indicator_that_only_one_scheme_has_is_told_as_such() {
    let before = result("2", "4", "30", "8", "16", "20", "50");
    let mut after = before.clone();
    after.items.pop();
    (after.sum, after.score) = ("30".into(), "30".into());
    let difference = between(&before, &after);
    assert_eq!(difference.parts[0].after, None);
    assert_eq!(change(&difference, "value_added_per_mu"), Some("-20"));
}

#[test]
fn who_moves_without_a_change_of_its_own_is_told_why() {
    let same = result("2", "4", "30", "8", "16", "20", "50");
    let none = between(&same, &same);
    assert!(none.parts.is_empty());
    assert_eq!(in_words(&none, (Some(3), Some(4)), title), "自身得分未变，名次随他人变动");
    assert_eq!(in_words(&none, (Some(3), Some(3)), title), "得分和名次未变，名额变动");
    let mut barred = same.clone();
    barred.steps.push(StepDocument { step: "veto".into(), found: "A".into(), left: "C".into(), why: "合成".into() });
    assert_eq!(in_words(&between(&same, &barred), (Some(3), Some(3)), title), "一票否决");
    assert_eq!(in_words(&between(&barred, &same), (Some(3), Some(3)), title), "不再一票否决");
}

#[test]
fn a_change_is_shown_with_its_sign() {
    assert_eq!((signed("1.005").as_str(), signed("-0.3333").as_str()), ("+1.01", "−0.33"));
}
