use chrono::NaiveDate;
use proptest::prelude::*;

use super::*;
use crate::annual::transition::{Transition, TransitionGround};
use crate::annual::{Figures, Project, ProjectStart};
use crate::base::period::Period;
use crate::base::unit::{Mu, SquareMetre};
use crate::enterprise::{FigureState, SizeClass};

fn line() -> Line {
    Line {
        floor: dec!(10000),
        comparison: Comparison::Below,
        floor_valid: Period::since(day("2019-01-01")),
        comparison_note: String::new(),
        comparison_is_local_choice: true,
        document: "xiacheng-2019".into(),
        article: "四(一)4".into(),
        transition_years: 3,
        transition_exempts: true,
        transition_article: "二(一)3".into(),
    }
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// Mu of so many square metres.
fn mu(area: Decimal) -> Decimal {
    SquareMetre(area).to_mu().0
}

fn paid(tax: Decimal) -> Figures {
    Figures(vec![(Indicator::TaxPaid, Figure::Stated(tax, FigureState::Reported))])
}

/// An enterprise that owned `area` m² all through 2024.
fn owner(tax: Decimal, area: Decimal) -> Facts {
    Facts {
        year: 2024,
        operated: true,
        established_on: Some(day("2005-03-01")),
        size_class: SizeClass::Below,
        above_size_since: None,
        project: None,
        figures: paid(tax),
        land: LandDays { owned: mu(area) * dec!(366), records: 1, ..LandDays::default() },
        floor: None,
    }
}

fn outcome(facts: &Facts) -> Outcome {
    judge(facts, &line()).outcome
}

#[test]
fn the_parameters_of_the_catalogue_make_a_line() {
    let catalogue = crate::policy::catalogue::Catalogue::embedded().unwrap();
    for year in [2019, 2024, 2030] {
        let parameters = crate::policy::Parameters::on(deciding_day(year), catalogue.parameters.clone());
        let line = Line::from_parameters(&parameters).unwrap();
        assert_eq!((line.floor, line.comparison), (dec!(10000), Comparison::Below));
    }
    let early = crate::policy::Parameters::on(deciding_day(2018), catalogue.parameters);
    assert!(Line::from_parameters(&early).is_err());
}

#[test]
fn at_below_and_above_the_line() {
    // 2000 m² are exactly 3 mu.
    assert_eq!(outcome(&owner(dec!(30000), dec!(2000))), Outcome::OnTheLine);
    assert_eq!(outcome(&owner(dec!(29999.99), dec!(2000))), Outcome::Flagged);
    assert_eq!(outcome(&owner(dec!(30000.01), dec!(2000))), Outcome::Clear);
    assert_eq!(outcome(&owner(dec!(30000), dec!(2000.01))), Outcome::Flagged);
    assert_eq!(outcome(&owner(dec!(30000), dec!(1999.99))), Outcome::Clear);
    // 666.67 m² are more than one mu, 666.66 m² less.
    assert_eq!(outcome(&owner(dec!(10000), dec!(666.67))), Outcome::Flagged);
    assert_eq!(outcome(&owner(dec!(10000), dec!(666.66))), Outcome::Clear);
}

#[test]
fn on_the_line_counts_as_the_comparison_says() {
    let facts = owner(dec!(30000), dec!(2000));
    let including = Line { comparison: Comparison::AtMost, ..line() };
    assert!(!judge(&facts, &line()).low_efficiency);
    assert!(judge(&facts, &including).low_efficiency);
    assert_eq!(judge(&facts, &including).outcome, Outcome::OnTheLine);
    assert!(judge(&owner(dec!(1), dec!(2000)), &line()).low_efficiency);
}

#[test]
fn the_days_of_the_year_weigh_the_land() {
    let mut facts = owner(dec!(15000), dec!(2000));
    facts.land.owned = dec!(3) * dec!(183);
    assert_eq!(outcome(&facts), Outcome::OnTheLine, "half of a leap year");
    facts.land.owned = dec!(3) * dec!(184);
    assert_eq!(outcome(&facts), Outcome::Flagged, "one day more");
    facts.land.owned = dec!(3) * dec!(182);
    assert_eq!(outcome(&facts), Outcome::Clear, "one day less");
}

#[test]
fn zero_negative_and_missing_tax() {
    assert_eq!(outcome(&owner(dec!(0), dec!(2000))), Outcome::Flagged);
    let negative = judge(&owner(dec!(-0.01), dec!(2000)), &line());
    assert_eq!((negative.outcome, negative.missing), (Outcome::NotDeterminable, vec![MissingFact::TaxNegative]));
    let missing = judge(&Facts { figures: Figures::default(), ..owner(dec!(0), dec!(2000)) }, &line());
    assert_eq!((missing.outcome, missing.missing), (Outcome::NotDeterminable, vec![MissingFact::Tax]));
    assert_eq!(missing.tax_per_mu, None);
}

#[test]
fn land_that_is_missing_is_not_land_that_is_none() {
    let with = |land: LandDays| judge(&Facts { land, ..owner(dec!(0), dec!(0)) }, &line());
    let no_record = with(LandDays::default());
    assert_eq!((no_record.outcome, no_record.missing), (Outcome::NotDeterminable, vec![MissingFact::LandRecord]));
    let unmeasured = with(LandDays { owned: dec!(366000), records: 2, unmeasured: 1, ..LandDays::default() });
    assert_eq!((unmeasured.outcome, unmeasured.missing), (Outcome::NotDeterminable, vec![MissingFact::LandArea]));
    let none = with(LandDays { records: 1, ..LandDays::default() });
    assert_eq!((none.outcome, none.inapplicable), (Outcome::NotApplicable, Some(Inapplicable::NoLand)));
    let sides = LandDays { owned: dec!(366), leased_out: dec!(366), records: 2, ..LandDays::default() };
    assert_eq!(with(sides).missing, vec![MissingFact::LandAllLeasedOut]);
    let too_much = LandDays { leased_out: dec!(366.01), ..sides };
    assert_eq!(with(too_much).missing, vec![MissingFact::LandOverLeased]);
    let remainder = LandDays { leased_out: dec!(365.99), ..sides };
    assert_eq!(with(remainder).outcome, Outcome::Flagged);
    let both = judge(&Facts { figures: Figures::default(), land: sides, ..owner(dec!(0), dec!(0)) }, &line());
    assert_eq!(both.missing, vec![MissingFact::Tax, MissingFact::LandAllLeasedOut]);
}

#[test]
fn without_land_the_floor_is_shown() {
    let mut facts = owner(dec!(5000), dec!(0));
    facts.floor = Some(dec!(250) * dec!(366));
    let judgement = judge(&facts, &line());
    assert_eq!(judgement.outcome, Outcome::NotApplicable);
    assert_eq!(judgement.tax_per_100_m2_floor, Some(dec!(2000)));
    assert!(judgement.explanation.contains("每百平方米建筑面积税收2,000.0000元"), "{}", judgement.explanation);
    facts.figures = Figures::default();
    assert_eq!(judge(&facts, &line()).tax_per_100_m2_floor, None);
}

#[test]
fn who_left_before_or_came_after_is_not_concerned() {
    let left = judge(&Facts { operated: false, ..owner(dec!(0), dec!(2000)) }, &line());
    assert_eq!(left.inapplicable, Some(Inapplicable::LeftBefore));
    let later = Facts { established_on: Some(day("2025-01-01")), ..owner(dec!(0), dec!(2000)) };
    assert_eq!(judge(&later, &line()).inapplicable, Some(Inapplicable::NotYetEstablished));
    let last_day = Facts { established_on: Some(day("2024-12-31")), ..later };
    assert_eq!(outcome(&last_day), Outcome::InTransition);
}

#[test]
fn a_transition_ends_with_its_anniversary() {
    let established = |text| Facts { established_on: Some(day(text)), ..owner(dec!(0), dec!(2000)) };
    assert_eq!(outcome(&established("2022-01-01")), Outcome::InTransition, "ends with the first day of 2025");
    assert_eq!(outcome(&established("2021-12-31")), Outcome::InTransition, "ends with the deciding day");
    assert_eq!(outcome(&established("2021-12-30")), Outcome::Flagged, "ended the day before");
    let judgement = judge(&established("2021-12-31"), &line());
    let expected = Transition { ground: TransitionGround::New, until: day("2025-01-01"), start_unknown: false };
    assert_eq!(judgement.transition, Some(expected));
    assert!(judgement.explanation.contains("过渡期至2024-12-31"), "{}", judgement.explanation);
    let from_2018 = |year| Facts { year, ..established("2018-12-31") };
    assert_eq!(outcome(&from_2018(2021)), Outcome::InTransition, "three years from 2018-12-31 end with 2021-12-31");
    assert_eq!(judge(&from_2018(2022), &line()).transition, None);
    let leap = |year| Facts { year, ..established("2020-02-29") };
    assert_eq!(judge(&leap(2022), &line()).transition.map(|it| it.until), Some(day("2023-03-01")), "to 28 February");
}

#[test]
fn the_grounds_of_a_transition() {
    let base = owner(dec!(0), dec!(2000));
    let risen = Facts { size_class: SizeClass::Above, above_size_since: Some(day("2023-02-01")), ..base.clone() };
    assert_eq!(judge(&risen, &line()).transition.unwrap().ground, TransitionGround::NewlyAboveSize);
    let fallen = Facts { size_class: SizeClass::Below, ..risen.clone() };
    assert_eq!(judge(&fallen, &line()).transition, None, "no longer above size");
    let project = |since: &str, until: &str| Project { start: ProjectStart::Stated(day(since)), until: day(until) };
    let building = Facts { project: Some(project("2022-05-01", "2024-12-31")), ..base.clone() };
    assert_eq!(judge(&building, &line()).transition.unwrap().ground, TransitionGround::MajorProject);
    let finished = Facts { project: Some(project("2022-05-01", "2024-12-30")), ..base };
    assert_eq!(judge(&finished, &line()).transition, None);
    let longest = Facts { project: Some(project("2023-06-30", "2030-06-30")), ..risen.clone() };
    assert_eq!(judge(&longest, &line()).transition.unwrap().ground, TransitionGround::MajorProject);
    let shorter = Facts { project: Some(project("2023-01-31", "2030-06-30")), ..risen };
    assert_eq!(judge(&shorter, &line()).transition.unwrap().ground, TransitionGround::NewlyAboveSize);
}

#[test]
fn a_major_project_has_three_years_from_its_start_at_most() {
    let until_2035 = |start| {
        let facts = Facts { project: Some(Project { start, until: day("2035-12-31") }), ..owner(dec!(0), dec!(2000)) };
        judge(&facts, &line())
    };
    let stated = |text| until_2035(ProjectStart::Stated(day(text)));
    assert_eq!(stated("2021-12-31").outcome, Outcome::InTransition, "the anniversary still belongs to it");
    assert_eq!(stated("2021-12-30").outcome, Outcome::Flagged);
    assert_eq!(stated("2024-12-31").outcome, Outcome::InTransition);
    assert_eq!(stated("2025-01-01").outcome, Outcome::Flagged, "not begun yet");
    assert_eq!(stated("2022-02-28").transition.unwrap().until, day("2025-03-01"));
    let sentence = stated("2022-06-01").explanation;
    assert!(sentence.contains("重大项目建设期内企业，依二(一)3过渡期至2025-06-01"), "{sentence}");

    let known = |text| until_2035(ProjectStart::KnownFrom(day(text)));
    assert_eq!(known("2021-12-30").outcome, Outcome::Flagged);
    let judgement = known("2022-06-01");
    assert_eq!(judgement.transition.map(|it| (it.until, it.start_unknown)), Some((day("2025-06-02"), true)));
    assert!(judgement.explanation.contains("开工日期未登记，自该项目在册最早一日起算"), "{}", judgement.explanation);
}

/// n mu and n 万元 are on the line, however the land came in, and in however many parts.
#[test]
fn as_many_mu_as_ten_thousand_yuan_are_on_the_line() {
    let whole = (1..=60).map(Decimal::from);
    let fractional = [dec!(0.1), dec!(3.7), dec!(26.8), dec!(33.3), dec!(0.01), dec!(7.77), dec!(1234.5678)];
    for n in whole.chain(fractional) {
        let mut facts = owner(n * dec!(10000), dec!(0));
        facts.land.owned = n * dec!(366);
        assert_eq!(outcome(&facts), Outcome::OnTheLine, "{n} mu");
        assert!(judge(&facts, &line()).explanation.contains("等于10,000元/亩"), "{n} mu");
        facts.land.owned = (n + dec!(0.0000000001)) * dec!(366);
        assert_eq!(outcome(&facts), Outcome::Flagged, "{n} mu and a trace");
        facts.land.owned = (n - dec!(0.0000000001)) * dec!(366);
        assert_eq!(outcome(&facts), Outcome::Clear, "{n} mu less a trace");
    }
}

#[test]
fn land_in_mu_that_is_let_out_whole_leaves_none() {
    let parts = |owned: Decimal, let_out: &[Decimal]| {
        let year = dec!(366);
        let land = LandDays {
            owned: owned * year,
            leased_out: let_out.iter().map(|mu| mu * year).sum(),
            records: 1 + let_out.len() as i64,
            ..LandDays::default()
        };
        judge(&Facts { land, ..owner(dec!(100000), dec!(0)) }, &line())
    };
    for (owned, let_out) in
        [(dec!(10), [dec!(5), dec!(5)]), (dec!(20), [dec!(10), dec!(10)]), (dec!(1), [dec!(0.3), dec!(0.7)])]
    {
        let judgement = parts(owned, &let_out);
        assert_eq!(
            (judgement.outcome, judgement.missing),
            (Outcome::NotDeterminable, vec![MissingFact::LandAllLeasedOut])
        );
        assert_eq!(judgement.tax_per_mu, None, "no land, no quotient");
    }
    assert_eq!(parts(dec!(20), &[dec!(10), dec!(10.0001)]).missing, [MissingFact::LandOverLeased]);
    assert_eq!(parts(dec!(20), &[dec!(10)]).outcome, Outcome::OnTheLine, "ten mu and 100,000 yuan are left");
}

#[test]
fn a_transition_that_does_not_exempt_leaves_the_outcome_alone() {
    let facts = Facts { established_on: Some(day("2023-06-01")), ..owner(dec!(0), dec!(2000)) };
    let judgement = judge(&facts, &Line { transition_exempts: false, ..line() });
    assert_eq!(judgement.outcome, Outcome::Flagged);
    assert!(judgement.transition.is_some());
    assert!(judgement.explanation.contains("过渡期不免除认定"));
    let exempt = judge(&Facts { figures: Figures::default(), ..facts }, &line());
    assert_eq!((exempt.outcome, exempt.missing), (Outcome::InTransition, vec![MissingFact::Tax]));
}

#[test]
fn figures_at_the_edge_of_a_decimal_are_asked_about_and_never_overflow() {
    let edge: Decimal = "79228162514264337593543950335".parse().unwrap();
    let finest: Decimal = "7.9228162514264337593543950335".parse().unwrap();
    for odd in [edge, -edge, finest, dec!(1_000_000_000_000_000), dec!(0.00000000000000001)] {
        let taxed = judge(&Facts { figures: paid(odd), ..owner(dec!(0), dec!(2000)) }, &line());
        assert_eq!(taxed.missing, vec![MissingFact::TaxOutOfRange], "{odd}");
        let land =
            LandDays { owned: odd, leased_in: odd, leased_out: odd, other: odd, records: 1, ..LandDays::default() };
        let landed = judge(&Facts { land, floor: Some(odd), ..owner(dec!(0), dec!(0)) }, &line());
        assert_eq!(landed.missing, vec![MissingFact::LandOutOfRange], "{odd}");
    }
    let mut facts = owner(dec!(999_999_999_999_999.999999999999), dec!(0));
    facts.land.owned = dec!(1_499_999_999_999.9999999999999999);
    let highest = Line { floor: dec!(999_999_999.9999), ..line() };
    assert_eq!(judge(&facts, &highest).outcome, Outcome::Flagged);
    facts.land.owned = dec!(0.0000000000000001);
    assert_eq!(judge(&facts, &highest).outcome, Outcome::Clear);
}

#[test]
fn the_sentence_shows_the_arithmetic() {
    let mut facts = owner(dec!(29999.99), dec!(3000));
    facts.land.leased_out = dec!(1.5) * dec!(366);
    facts.land.records = 2;
    assert_eq!(
        judge(&facts, &line()).explanation,
        "2024年实缴税收29,999.99元；用地2,000.00平方米（3.0000亩，按全年366天加权：自有3,000.00－租出1,000.00）；\
         亩均税收9,999.9967元/亩，低于10,000元/亩（29999.99 × 366天 < 10000 × 1098亩·天）；依四(一)4列为低效企业。"
    );
    let nearly = owner(dec!(29999.9999), dec!(2000));
    assert!(judge(&nearly, &line()).explanation.contains("亩均税收10,000.0000元/亩，低于10,000元/亩（按未舍入数值）"));
}

fn rank(outcome: Outcome) -> u8 {
    match outcome {
        Outcome::Flagged => 0,
        Outcome::OnTheLine => 1,
        Outcome::Clear => 2,
        other => panic!("{other} has no rank"),
    }
}

fn cents(value: i64) -> Decimal {
    Decimal::new(value, 2)
}

/// Amounts crowd around the line, where mistakes would show.
fn tax_and_area() -> impl Strategy<Value = (i64, i64)> {
    let anywhere = (0i64..10_000_000_000_000, 1i64..100_000_000_000);
    let near =
        (1i64..1_000_000, -2i64..=2).prop_map(|(triples, off)| ((triples * 1_000_000 + off).max(0), triples * 66_666));
    let on = (1i64..1_000_000, -1i64..=1, -1i64..=1).prop_map(|(k, t, a)| (k * 3_000_000 + t, k * 200_000 + a));
    prop_oneof![anywhere, near, on]
}

proptest! {
    #[test]
    fn equals_plain_whole_number_arithmetic((tax, area) in tax_and_area(), held in 1i64..=366, floor in 1i64..2_000_000) {
        let mut facts = owner(cents(tax), cents(area));
        facts.land.owned = mu(cents(area)) * Decimal::from(held);
        let line = Line { floor: Decimal::from(floor), ..line() };
        let left = i128::from(tax) * 2000 * 366;
        let right = i128::from(floor) * i128::from(area) * i128::from(held) * 3;
        let expected = match left.cmp(&right) {
            Ordering::Less => Outcome::Flagged,
            Ordering::Equal => Outcome::OnTheLine,
            Ordering::Greater => Outcome::Clear,
        };
        prop_assert_eq!(judge(&facts, &line).outcome, expected);
    }

    #[test]
    fn land_in_mu_equals_plain_whole_number_arithmetic(tax in 0i64..10_000_000_000, mu_thousandths in 1i64..10_000_000, held in 1i64..=366) {
        let mut facts = owner(cents(tax), dec!(0));
        facts.land.owned = Mu(Decimal::new(mu_thousandths, 3)).0 * Decimal::from(held);
        let (left, right) = (i128::from(tax) * 366 * 10, i128::from(mu_thousandths) * 10_000 * i128::from(held));
        let expected = match left.cmp(&right) {
            Ordering::Less => Outcome::Flagged,
            Ordering::Equal => Outcome::OnTheLine,
            Ordering::Greater => Outcome::Clear,
        };
        prop_assert_eq!(judge(&facts, &line()).outcome, expected);
    }

    #[test]
    fn more_tax_never_lowers_and_more_land_never_raises((tax, area) in tax_and_area(), more in 1i64..1_000_000) {
        let here = rank(outcome(&owner(cents(tax), cents(area))));
        prop_assert!(rank(outcome(&owner(cents(tax + more), cents(area)))) >= here);
        prop_assert!(rank(outcome(&owner(cents(tax), cents(area + more)))) <= here);
    }

    #[test]
    fn size_does_not_matter((tax, area) in tax_and_area(), factor in 1i64..1000) {
        let one = outcome(&owner(cents(tax), cents(area)));
        let many = outcome(&owner(cents(tax) * Decimal::from(factor), cents(area) * Decimal::from(factor)));
        prop_assert_eq!(one, many);
    }

    #[test]
    fn a_lease_moves_land_and_keeps_the_sum(own in 2i64..1_000_000, other in 1i64..1_000_000, share in 0.0f64..1.0, days in 1i64..=366) {
        let leased = mu(cents(((own - 1) as f64 * share) as i64)) * Decimal::from(days);
        let year = dec!(366);
        let before = [owner(dec!(1), cents(own)), owner(dec!(1), cents(other))];
        let mut after = before.clone();
        after[0].land.leased_out = leased;
        after[1].land.leased_in = leased;
        let sum = |facts: &[Facts; 2]| facts.iter().map(|facts| facts.land.total()).sum::<Decimal>();
        prop_assert_eq!(sum(&before), sum(&after));
        prop_assert_eq!(sum(&after), mu(cents(own) + cents(other)) * year);
        prop_assert_eq!(before[0].land.total() - after[0].land.total(), leased);
    }
}
