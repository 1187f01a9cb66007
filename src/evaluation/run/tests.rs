use crate::base::ratio::Ratio;
use crate::scoring::follow::{Follow, FollowReason};
use crate::scoring::subject::Subject;
use rust_decimal::Decimal;
use rust_decimal_macros::dec;

use super::*;
use crate::evaluation::samples::{member, scheme};

fn all() -> Coverage {
    Coverage { industry_land_at_least: dec!(0) }
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

/// Ten members in 2022 with 1 to 10 times 5,000 yuan of tax on one mu, and a base of 40,000 yuan per mu.
fn frozen() -> Frozen {
    let shared = Arc::new(scheme());
    let year = |of: i32, tax: Decimal| BaseYear::of(&shared, of, &[member("1", of, Some(dec!(3)), Some(tax))]);
    let of_years = [year(2019, dec!(60000)), year(2020, dec!(80000)), year(2021, dec!(100000))];
    let benchmarks = benchmarks(&scheme(), 2022, &of_years).unwrap();
    let members =
        (1..=10).map(|at| member(&format!("{at:02}"), 2022, Some(dec!(1)), Some(Decimal::from(at * 5_000)))).collect();
    let (inputs, left_out) = sort(&scheme(), all(), members, input);
    Frozen { year: 2022, scheme: scheme(), benchmarks, inputs, left_out }
}

#[test]
fn bases_are_of_the_three_years_before_and_half_as_much_again() {
    assert_eq!(base_years(&scheme(), 2022), [2019, 2020, 2021]);
    assert_eq!(base_years(&scheme(), 2024), [2019, 2020, 2021]);
    let base = &frozen().benchmarks[0];
    assert_eq!(base.mean, Some(Ratio::of(dec!(8), dec!(3)).unwrap()));
    assert_eq!(base.value, Ratio::from(dec!(4)));
}

#[test]
fn a_year_counts_rows_with_both_figures_of_the_category() {
    let mut other = member("4", 2021, Some(dec!(5)), Some(dec!(900000)));
    other.size = crate::enterprise::SizeClass::Below;
    let members = [
        member("1", 2021, Some(dec!(2)), Some(dec!(30000))),
        member("2", 2021, None, Some(dec!(90000))),
        member("3", 2021, Some(dec!(0)), Some(dec!(90000))),
        other,
        member("5", 2021, Some(dec!(1)), Some(dec!(60000))),
    ];
    let sums = BaseYear::of(&Arc::new(scheme()), 2021, &members).sums[0].of_year(2021);
    assert_eq!((sums.numerator, sums.denominator, sums.rows), (dec!(9).into(), dec!(3).into(), 2));
}

#[test]
fn a_run_prints_every_step_and_is_made_again_byte_for_byte() {
    let frozen = frozen();
    let computed = compute(&frozen, "catalogue").unwrap();
    let best = &computed.lines[0].result;
    assert_eq!((best.subject.id.as_str(), best.grade.as_str(), best.rank), ("10", "A", Some(1)));
    assert_eq!(best.facts["land_m2"].as_deref(), Some("666.666666666667"));
    assert_eq!((best.items[0].value.as_deref(), best.items[0].base.as_deref()), (Some("5"), Some("4")));
    assert_eq!((best.items[0].score.as_str(), best.score.as_str()), ("75", "125"));
    assert_eq!(
        computed.head.grades,
        [("A", 2), ("B", 5), ("C", 3), ("D", 0)].map(|(grade, count)| (grade.to_owned(), count))
    );
    let mut kept: Vec<(String, String)> =
        computed.lines.iter().map(|line| (line.result.subject.id.clone(), line.input.clone())).collect();
    kept.sort();
    let mut kept: Vec<String> = kept.into_iter().map(|(_, input)| input).collect();
    assert_eq!(again(&computed.receipt.inputs, &kept).unwrap(), computed.receipt.results);
    kept[3] = kept[3].replace("\"20000\"", "\"30000\"");
    assert!(matches!(again(&computed.receipt.inputs, &kept), Err(RunError::Inputs)));
}

#[test]
fn the_order_in_which_members_come_changes_nothing() {
    let mut turned = frozen();
    turned.inputs.reverse();
    let (one, other) = (compute(&frozen(), "").unwrap(), compute(&turned, "").unwrap());
    assert_eq!(one.receipt, other.receipt);
}

/// Who is left to the fractions alone is printed as the others are.
#[test]
fn bounds_and_fractions_print_the_same() {
    let frozen = frozen();
    let (bases, inputs) = (bases(&frozen.benchmarks), frozen.inputs.iter().collect::<Vec<_>>());
    let bounds = by_bounds(&frozen.scheme, &bases, &inputs).unwrap();
    let fractions = by_fractions(&frozen.scheme, &bases, &inputs).unwrap();
    assert_eq!(bounds.outcomes, fractions.outcomes);
    assert_eq!((bounds.order, bounds.quotas, bounds.grades), (fractions.order, fractions.quotas, fractions.grades));
}

#[test]
fn who_takes_the_grade_of_another_stands_last_and_is_made_again() {
    let mut frozen = frozen();
    let follow = Follow { key: "10".to_owned(), reason: FollowReason::Merged, elsewhere: None };
    frozen.inputs[0].subject.follows = Some(follow);
    let computed = compute(&frozen, "").unwrap();
    let last = &computed.lines[9].result;
    assert_eq!((last.subject.id.as_str(), last.rank, last.grade.as_str()), ("01", None, "A"));
    let mut kept: Vec<&Line> = computed.lines.iter().collect();
    kept.sort_by(|one, other| one.result.subject.id.cmp(&other.result.subject.id));
    let kept: Vec<String> = kept.into_iter().map(|line| line.input.clone()).collect();
    assert_eq!(again(&computed.receipt.inputs, &kept).unwrap(), computed.receipt.results);
}
