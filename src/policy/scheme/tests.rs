//! The bounds of the law at, just below and just above each line.

use rust_decimal::Decimal;
use rust_decimal_macros::dec;

use super::*;
use crate::policy::catalogue::Catalogue;
use crate::scoring::scheme::{Direction, Family, FixedGrade, Operator, Points, Quota, Side, Standard, Within};

fn catalogue() -> Catalogue {
    Catalogue::embedded().unwrap()
}

/// One of those that ship.
pub fn shipped(id: &str) -> Scheme {
    Schemes::embedded().unwrap().named(id).unwrap().1.clone()
}

fn above() -> Scheme {
    shipped("muheng/industry-above")
}

fn bounds(year: i32) -> Bounds {
    Bounds::of_year(year, &catalogue().parameters).unwrap()
}

fn codes(scheme: &Scheme) -> Vec<FaultCode> {
    breaches(scheme, &bounds(2022)).into_iter().map(|breach| breach.code).collect()
}

fn weigh(mut scheme: Scheme, weights: &[(&str, Decimal)]) -> Scheme {
    for (name, weight) in weights {
        scheme.indicators.iter_mut().find(|it| it.indicator == *name).unwrap().weight = *weight;
    }
    scheme
}

fn grade<'a>(scheme: &'a mut Scheme, name: &str) -> &'a mut Option<Quota> {
    &mut scheme.grades.iter_mut().find(|band| band.grade == name).unwrap().quota
}

#[test]
fn what_ships_for_the_text_keeps_the_law_and_all_is_sound() {
    let catalogue = catalogue();
    for (_, scheme) in catalogue.schemes.all() {
        let faults = faults(scheme, &catalogue.parameters);
        assert!(!faults.iter().any(Fault::is_error), "{}: {faults:?}", scheme.id);
        let is_example = scheme.adoption == Adoption::Example;
        assert_eq!(is_example, scheme.id.starts_with("example/"), "{}", scheme.id);
        assert!(is_example || faults.is_empty(), "{}: {faults:?}", scheme.id);
    }
    let of = |category| catalogue.schemes.holding(category, 2023).map(|(origin, it)| (origin, it.id.as_str()));
    assert_eq!(of(Category::IndustryAbove), Some((Origin::Shipped, "muheng/industry-above")));
    assert_eq!(of(Category::ServicesAbove), Some((Origin::Shipped, "muheng/services-above")));
    assert_eq!(of(Category::Platform), None, "an example never holds");
    let example = catalogue.schemes.holding_or_example(Category::Platform, 2023).unwrap();
    assert_eq!(example.1.id, "example/platform");
}

#[test]
fn weights_at_just_below_and_just_above_each_bound() {
    // 35, 30, 20 and 10 are inside.
    let at = [
        ("tax_per_mu", dec!(35)),
        ("value_added_per_mu", dec!(20)),
        ("value_added_per_tce", dec!(15)),
        ("rd_share", dec!(10)),
    ];
    assert_eq!(codes(&weigh(above(), &at)), []);
    let least = [
        ("tax_per_mu", dec!(30)),
        ("value_added_per_mu", dec!(30)),
        ("rd_share", dec!(10)),
        ("value_added_per_tce", dec!(10)),
    ];
    assert_eq!(codes(&weigh(above(), &least)), []);
    let broken = |changes: &[(&str, Decimal)]| breaches(&weigh(above(), changes), &bounds(2022));
    for (changes, of, required) in [
        (
            [("tax_per_mu", dec!(35.01)), ("rd_share", dec!(10)), ("value_added_per_tce", dec!(14.99))],
            "tax_per_mu",
            "不超过35%",
        ),
        (
            [("tax_per_mu", dec!(29.99)), ("rd_share", dec!(15.01)), ("value_added_per_tce", dec!(15))],
            "tax_per_mu",
            "一般不低于30%",
        ),
        (
            [("value_added_per_mu", dec!(19.99)), ("rd_share", dec!(15.01)), ("value_added_per_tce", dec!(15))],
            "value_added_per_mu",
            "一般不低于20%",
        ),
        (
            [("rd_share", dec!(9.99)), ("tax_per_mu", dec!(34)), ("value_added_per_tce", dec!(16.01))],
            "rd_share",
            "一般不低于10%",
        ),
        (
            [("labour_productivity", dec!(9.99)), ("rd_share", dec!(15.01)), ("value_added_per_tce", dec!(15))],
            "labour_productivity",
            "一般不低于10%",
        ),
    ] {
        let found = broken(&changes);
        let [only] = found.as_slice() else { panic!("{changes:?}: {found:?}") };
        assert_eq!((only.code, only.article, only.of.as_deref()), (FaultCode::SchemeWeight, "二(一)3", Some(of)));
        assert_eq!(only.required, required);
        assert!(only.message.contains(required) && only.message.contains("规上工业企业综合评价"), "{}", only.message);
    }
    for sum in [dec!(14.99), dec!(15.01)] {
        let found = broken(&[("rd_share", sum)]);
        let [only] = found.as_slice() else { panic!("{found:?}") };
        assert_eq!(
            (only.code, only.actual.as_str()),
            (FaultCode::SchemeWeightSum, format!("{}%", sum + dec!(85)).as_str())
        );
    }
}

#[test]
fn weights_of_other_places_are_refused() {
    for weight in [dec!(40), dec!(45), dec!(70)] {
        let scheme =
            weigh(above(), &[("tax_per_mu", weight), ("rd_share", dec!(10)), ("value_added_per_tce", dec!(10))]);
        assert!(codes(&scheme).contains(&FaultCode::SchemeWeight), "{weight}");
        let told = faults(&scheme, &catalogue().parameters);
        assert!(
            told.iter().any(|it| it.is_error() && it.message.contains(&format!("为{weight}%，依据二(一)3应不超过35%"))),
            "{told:?}"
        );
    }
    // A table of points that gives more than the weight says is the same in disguise.
    let mut scheme = above();
    let table = vec![Points { from: None, above: false, to: None, through: false, points: dec!(70) }];
    scheme.indicators[0].family = Family::Steps { of: Within::Value, standard: None, table };
    assert_eq!(codes(&scheme), [FaultCode::SchemeWeight]);
}

#[test]
fn a_document_lifts_only_what_the_text_calls_general() {
    let mut scheme = weigh(
        above(),
        &[
            ("tax_per_mu", dec!(25)),
            ("value_added_per_mu", dec!(15)),
            ("value_added_per_tce", dec!(25)),
            ("rd_share", dec!(15)),
        ],
    );
    grade(&mut scheme, "A").as_mut().unwrap().percent = dec!(25);
    assert_eq!(codes(&scheme), [FaultCode::SchemeWeight, FaultCode::SchemeWeight, FaultCode::SchemeQuota]);
    scheme.departure = Some("　".into());
    assert_eq!(codes(&scheme).len(), 3, "a blank is no document");
    scheme.departure = Some("合成领导小组〔2026〕1号".into());
    assert_eq!(codes(&scheme), []);
    let over = weigh(scheme.clone(), &[("value_added_per_tce", dec!(36)), ("rd_share", dec!(4))]);
    assert_eq!(codes(&over), [FaultCode::SchemeWeight], "35 stays");
    assert_eq!(codes(&weigh(scheme.clone(), &[("rd_share", dec!(14))])), [FaultCode::SchemeWeightSum]);
    let mut typed = scheme.clone();
    typed.indicators[0].family = Family::ToBase { standard: Standard::Fixed(dec!(20)), cap: None };
    assert_eq!(codes(&typed), [FaultCode::SchemeBenchmark]);
    scheme.veto.bars = vec!["A".into()];
    assert_eq!(codes(&scheme), [FaultCode::SchemeVeto]);
}

#[test]
fn quotas_at_just_below_and_just_above_each_bound() {
    for id in ["muheng/industry-above", "muheng/industry-below"] {
        for (name, at, above) in [("A", dec!(20), dec!(20.01)), ("D", dec!(5), dec!(5.01))] {
            let with = |percent: Decimal| {
                let mut scheme = shipped(id);
                grade(&mut scheme, name).as_mut().unwrap().percent = percent;
                breaches(&scheme, &bounds(2022))
            };
            assert_eq!(with(at), []);
            assert_eq!(with(at - dec!(0.01)), []);
            let found = with(above);
            let [only] = found.as_slice() else { panic!("{found:?}") };
            assert_eq!((only.code, only.article, only.of.as_deref()), (FaultCode::SchemeQuota, "二(一)4", Some(name)));
        }
        let mut at_least = shipped(id);
        grade(&mut at_least, "D").as_mut().unwrap().operator = Operator::AtLeast;
        assert_eq!(codes(&at_least), [FaultCode::SchemeQuota], "others say at least; here it is at most");
        let mut without = shipped(id);
        *grade(&mut without, "A") = None;
        let quota = Quota { side: Side::Bottom, operator: Operator::AtMost, percent: dec!(60), cumulative: false };
        *grade(&mut without, "C") = Some(quota);
        assert_eq!(codes(&without), [FaultCode::SchemeQuota]);
    }
    let mut services = shipped("muheng/services-above");
    grade(&mut services, "A").as_mut().unwrap().percent = dec!(40);
    assert_eq!(codes(&services), [], "left to the department");
}

#[test]
fn industry_has_four_grades() {
    let mut scheme = above();
    scheme.grades[1].grade = "A-".into();
    let found = breaches(&scheme, &bounds(2022));
    assert_eq!(found.iter().map(|it| it.code).collect::<Vec<_>>(), [FaultCode::SchemeGrades]);
    assert!(found[0].message.contains("A、A-、C、D"), "{}", found[0].message);
}

#[test]
fn a_veto_bars_a_and_b_whatever_a_document_says() {
    for id in ["muheng/industry-above", "muheng/industry-below", "muheng/services-above", "example/high-tech"] {
        for bars in [vec![], vec!["A"], vec!["B"]] {
            let mut scheme = shipped(id);
            scheme.departure = Some("合成领导小组〔2026〕1号".into());
            scheme.veto.bars = bars.into_iter().map(str::to_owned).collect();
            assert_eq!(codes(&scheme), [FaultCode::SchemeVeto], "{id}");
        }
    }
    let mut soft = above();
    soft.veto.bars = vec!["A".into()];
    soft.veto.becomes = "B".into();
    assert_eq!(codes(&soft), [FaultCode::SchemeVeto]);
}

#[test]
fn a_benchmark_is_the_mean_of_three_years_times_one_and_a_half() {
    for id in ["muheng/industry-above", "muheng/industry-below", "muheng/services-above"] {
        let with = |factor: Decimal, years: i32, revised_for: i32| {
            let mut scheme = shipped(id);
            let Family::ToBase { standard: Standard::Benchmark { mean, .. }, cap } = &scheme.indicators[0].family
            else {
                panic!("{id} has no benchmark")
            };
            let standard = Standard::Benchmark { mean: *mean, factor, years, revised_for };
            scheme.indicators[0].family = Family::ToBase { standard, cap: *cap };
            codes(&scheme)
        };
        for year in [2016, 2019, 2022, 2025] {
            assert_eq!(with(dec!(1.50), 3, year), [], "{year}");
        }
        for (factor, years, revised_for) in [
            (dec!(1.49), 3, 2019),
            (dec!(1.51), 3, 2019),
            (dec!(1.5), 3, 2018),
            (dec!(1.5), 3, 2020),
            (dec!(1.5), 3, 2021),
        ] {
            assert_eq!(
                with(factor, years, revised_for),
                [FaultCode::SchemeBenchmark],
                "{factor} {years} {revised_for}"
            );
        }
        for years in [2, 4] {
            assert_eq!(with(dec!(1.5), years, 2019), [FaultCode::SchemeBenchmark, FaultCode::SchemeBenchmark]);
        }
        let mut typed = shipped(id);
        typed.indicators[0].family = Family::ToBase { standard: Standard::Fixed(dec!(24.097)), cap: None };
        let found = breaches(&typed, &bounds(2022));
        assert!(found[0].message.contains("直接填写的24.097，依据二(一)2应按近3年平均值的1.5倍确定"), "{found:?}");
    }
    let mut platform = shipped("example/platform");
    platform.indicators[0].family = Family::ToBase { standard: Standard::Fixed(dec!(20)), cap: None };
    assert_eq!(codes(&platform), [], "left to the department");
}

#[test]
fn exactly_the_six_indicators_and_each_means_what_it_says() {
    let mut five = weigh(above(), &[("tax_per_mu", dec!(35)), ("value_added_per_mu", dec!(30))]);
    five.indicators.retain(|it| it.indicator != "rd_share");
    assert_eq!(codes(&five), [FaultCode::SchemeIndicators]);
    let mut seven = weigh(above(), &[("value_added_per_tce", dec!(10)), ("rd_share", dec!(10))]);
    let mut more = shipped("muheng/services-above").indicators[1].clone();
    more.weight = dec!(10);
    seven.indicators.push(more);
    assert_eq!(codes(&seven), [FaultCode::SchemeIndicators]);
    let mut other = above();
    other.indicators[0].value.numerator[0].fact = "revenue_yuan".into();
    let found = breaches(&other, &bounds(2022));
    assert!(found[0].message.contains("revenue_yuan÷land_mu"), "{found:?}");
    let mut turned = above();
    turned.indicators[2].direction = Direction::Down;
    assert_eq!(codes(&turned), [FaultCode::SchemeIndicators]);
}

#[test]
fn below_size_goes_by_tax_and_services_by_tax_and_revenue() {
    let mut below = shipped("example/huangyan-2022-below");
    assert_eq!(codes(&below), [FaultCode::SchemeBenchmark; 2], "half and half still goes by tax");
    below.indicators[1].weight = dec!(50.01);
    assert!(codes(&below).contains(&FaultCode::SchemeWeight));
    below.indicators.remove(0);
    assert!(codes(&below).contains(&FaultCode::SchemeIndicators));
    let mut services = shipped("muheng/services-above");
    services.indicators.pop();
    assert_eq!(codes(&services), [FaultCode::SchemeIndicators]);
}

#[test]
fn industry_of_three_mu_in_2019_and_all_of_it_from_2020() {
    let with = |land: Decimal, year: i32| {
        let mut scheme = shipped("muheng/industry-below");
        scheme.population.land_at_least_mu = Some(land);
        breaches(&scheme, &bounds(year)).into_iter().map(|it| (it.code, it.actual)).collect::<Vec<_>>()
    };
    assert_eq!(with(dec!(3), 2019), []);
    assert_eq!(with(dec!(3.01), 2019), [(FaultCode::SchemeCoverage, "3.01亩".into())]);
    assert_eq!(with(dec!(0.01), 2020), [(FaultCode::SchemeCoverage, "0.01亩".into())]);
    assert_eq!(with(dec!(0), 2020), []);
    // Asked of every year that the scheme evaluates.
    let mut open = shipped("muheng/industry-below");
    open.population.land_at_least_mu = Some(dec!(3));
    assert_eq!(broken(&open, &catalogue().parameters).unwrap().len(), 1);
    open.to_year = Some(2019);
    assert_eq!(broken(&open, &catalogue().parameters).unwrap(), []);
    let mut few = above();
    few.population.industries = vec!["B".into(), "C".into()];
    assert!(breaches(&few, &bounds(2022))[0].message.contains("44、45、46"));
    few.population.industries = Vec::new();
    few.population.size = None;
    assert_eq!(codes(&few), [FaultCode::SchemeCoverage]);
}

#[test]
fn services_leave_out_what_the_text_leaves_out() {
    let mut scheme = shipped("muheng/services-above");
    let holds = |scheme: &Scheme, section: &str, code: &str| scheme.population.holds_industry(section, code);
    assert!(holds(&scheme, "J", "6940") && holds(&scheme, "K", "7020"), "69 stays, and the rest of real estate");
    assert!(!holds(&scheme, "K", "7010") && !holds(&scheme, "J", "6620"));
    scheme.population.except.retain(|code| code != "701");
    let found = breaches(&scheme, &bounds(2022));
    assert_eq!(found.iter().map(|it| it.actual.as_str()).collect::<Vec<_>>(), ["包含行业701"]);
}

#[test]
fn an_example_is_told_and_not_refused() {
    let parameters = catalogue().parameters;
    let huangyan = shipped("example/huangyan-2022-above");
    let told = faults(&huangyan, &parameters);
    assert_eq!(told.len(), 6, "{told:?}");
    assert!(told.iter().all(|it| !it.is_error() && it.message.contains("示例")));
    let adopted = Scheme { adoption: Adoption::Adopted, ..huangyan };
    assert!(faults(&adopted, &parameters).iter().all(Fault::is_error));
    assert!(matches!(obeys(&adopted, &parameters), Err(SchemeError::Law { article: "二(一)2", .. })));
    assert_eq!(faults(&shipped("example/min-max"), &parameters), []);
}

#[test]
fn a_scheme_names_facts_and_industries_that_are_there() {
    let parameters = catalogue().parameters;
    let mut scheme = above();
    scheme.indicators[0].value.numerator[0].fact = "luck_yuan".into();
    scheme.population.except = vec!["9999".into()];
    scheme.population.size = Some("规上".into());
    let found: Vec<FaultCode> = faults(&scheme, &parameters).into_iter().map(|it| it.code).collect();
    for code in [FaultCode::FactUnknown, FaultCode::IndustryUnknown, FaultCode::ValueUnknown] {
        assert!(found.contains(&code), "{code:?} in {found:?}");
    }
    let early = Scheme { from_year: 2018, ..above() };
    let found: Vec<FaultCode> = faults(&early, &parameters).into_iter().map(|it| it.code).collect();
    assert_eq!(found, [FaultCode::YearOutOfRange], "no bounds were published for 2018");
}

#[test]
fn every_fact_has_its_own_name_and_a_unit() {
    for fact in fact::YearFact::ALL {
        assert_eq!(fact::YearFact::of_code(fact.code()), Some(*fact));
        assert!(!fact.unit().is_empty());
    }
    assert_eq!(fact::YearFact::of_code("实缴税金"), None, "by the code alone");
}

#[test]
fn industry_is_graded_by_rank_within_the_quotas_and_platforms_may_have_a_fixed_grade() {
    let fixed = || vec![FixedGrade { list: Some("named".to_owned()), level_at_least: None, grade: "A".to_owned() }];
    let mut industry = above();
    assert_eq!(codes(&industry), []);
    industry.population.fixed = fixed();
    assert_eq!(codes(&industry).len(), 1);
    industry.departure = Some("合成文件".to_owned());
    assert_eq!(codes(&industry), [], "the text says 原则上");
    let mut platform = shipped("example/platform");
    platform.population.fixed = fixed();
    assert_eq!(codes(&platform), []);
}

#[test]
fn the_park_card_gives_parks_of_four_and_five_stars_an_a_outside_the_quota() {
    let card = shipped("example/hangzhou-park-card");
    let grade = |stars: Option<u8>| card.population.fixed_grade(stars, |_| false);
    assert_eq!([None, Some(3), Some(4), Some(5)].map(grade), [None, None, Some("A"), Some("A")]);
}
