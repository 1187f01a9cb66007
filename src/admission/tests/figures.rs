//! Each indicator at, just below and just above its ends.

use super::super::standard::rule;
use super::*;
use crate::policy::verdict::{Overall, Verdict};

fn verdict_of(indicator: &str, interval: &str, unit: &str, change: impl Fn(&mut Facts)) -> Finding {
    let row = adopted("甲", "", &format!("{indicator} = {{ interval = '{interval}', unit = '{unit}' }}"));
    let mut facts = project();
    change(&mut facts);
    line(&on(&facts, &catalogue(&[row])), &rule(indicator)).clone()
}

#[test]
fn a_project_exactly_on_every_line_conforms() {
    let checked = on(&project(), &catalogue(&[all_kinds()]));
    let failing: Vec<_> = checked.results.iter().filter(|finding| finding.verdict != Verdict::Pass).collect();
    assert_eq!(checked.verdict, Overall::Conforms, "{failing:#?}");
    assert_eq!(checked.results.len(), 6 + 1 + 1 + 10);
    let on_the_line = |name: &str| line(&checked, &rule(name)).margin.clone().unwrap();
    for name in ["investment_intensity", "tax_per_mu", "rd_share", "energy_per_output", "emissions_per_value_added"] {
        assert!(on_the_line(name).parse::<Decimal>().unwrap().is_zero(), "{name}: {}", on_the_line(name));
    }
}

/// The fact that is moved, and by how little it crosses the line.
#[test]
fn one_step_beyond_each_line_fails() {
    let catalogue = catalogue(&[all_kinds()]);
    for (indicator, fact, step) in [
        ("investment_intensity", "fixed_investment", dec!(-0.000001)),
        ("tax_per_mu", "annual_tax", dec!(-0.000001)),
        ("rd_share", "annual_rd", dec!(-0.000001)),
        ("energy_per_output", "annual_energy", dec!(0.000001)),
        ("emissions_per_value_added", "annual_emissions", dec!(0.000001)),
        ("building_coefficient", "built_area", dec!(-0.000001)),
        ("office_land_share", "office_land_area", dec!(0.000001)),
        ("office_floor_share", "office_floor_area", dec!(0.000001)),
        ("green_ratio", "green_area", dec!(0.000001)),
    ] {
        let mut facts = project();
        let at = facts.figures[fact].value;
        set(&mut facts, fact, at + step);
        let beyond = on(&facts, &catalogue);
        assert_eq!(line(&beyond, &rule(indicator)).verdict, Verdict::Fail, "{indicator}");
        assert_eq!(beyond.verdict, Overall::DoesNotConform);
        set(&mut facts, fact, at - step);
        assert_eq!(line(&on(&facts, &catalogue), &rule(indicator)).verdict, Verdict::Pass, "{indicator}");
    }
}

#[test]
fn open_and_closed_ends() {
    for (interval, verdict) in [
        ("[150,)", Verdict::Pass),
        ("(150,)", Verdict::Fail),
        ("(,150]", Verdict::Pass),
        ("(,150)", Verdict::Fail),
        ("[150,150]", Verdict::Pass),
        ("(100,150)", Verdict::Fail),
    ] {
        assert_eq!(verdict_of("investment_intensity", interval, "万元/亩", |_| {}).verdict, verdict, "{interval}");
    }
}

/// What [`project`] comes to, exactly: every indicator a row may ask for.
const EXACTLY: [(&str, &str, Decimal); 15] = [
    ("investment_intensity", "万元/亩", dec!(150)),
    ("tax_per_mu", "万元/亩", dec!(8)),
    ("value_added_per_mu", "万元/亩", dec!(100)),
    ("output_per_mu", "万元/亩", dec!(250)),
    ("rd_share", "%", dec!(2)),
    ("energy_per_output", "吨标准煤/万元", dec!(0.052)),
    ("energy_per_value_added", "吨标准煤/万元", dec!(0.13)),
    ("emissions_per_output", "吨/万元", dec!(0.0004)),
    ("emissions_per_value_added", "吨/万元", dec!(0.001)),
    ("floor_area_ratio", "1", dec!(1.2)),
    ("building_coefficient", "%", dec!(40)),
    ("office_land_share", "%", dec!(7)),
    ("office_floor_share", "%", dec!(15)),
    ("green_ratio", "%", dec!(20)),
    ("investment_intensity", "元/平方米", dec!(2250)),
];

#[test]
fn each_end_of_each_indicator_below_at_and_above_open_and_closed() {
    let listed: std::collections::BTreeSet<&str> = EXACTLY.iter().map(|(name, ..)| *name).collect();
    let indicators = Indicators::embedded().unwrap();
    assert!(indicators.indicators.iter().all(|indicator| listed.contains(indicator.name.as_str())));
    let hair = dec!(0.0000000001);
    for (indicator, unit, at) in EXACTLY {
        let (below, above) = (at - hair, at + hair);
        for (interval, verdict) in [
            // A lower end above the figure, at it and below it.
            (format!("[{above},)"), Verdict::Fail),
            (format!("({above},)"), Verdict::Fail),
            (format!("[{at},)"), Verdict::Pass),
            (format!("({at},)"), Verdict::Fail),
            (format!("[{below},)"), Verdict::Pass),
            (format!("({below},)"), Verdict::Pass),
            // An upper end below the figure, at it and above it.
            (format!("(,{below}]"), Verdict::Fail),
            (format!("(,{below})"), Verdict::Fail),
            (format!("(,{at}]"), Verdict::Pass),
            (format!("(,{at})"), Verdict::Fail),
            (format!("(,{above}]"), Verdict::Pass),
            (format!("(,{above})"), Verdict::Pass),
            // Both.
            (format!("[{at},{above})"), Verdict::Pass),
            (format!("({below},{at}]"), Verdict::Pass),
            (format!("({at},{above}]"), Verdict::Fail),
            (format!("[{below},{at})"), Verdict::Fail),
        ] {
            let finding = verdict_of(indicator, &interval, unit, |_| {});
            assert_eq!(finding.verdict, verdict, "{indicator} {interval} {unit}: {}", finding.explanation);
        }
    }
}

#[test]
fn a_mu_is_not_rounded() {
    // 20,000.01 m² are 30.000015 mu: 4,500 万元 no longer reach 150 a mu.
    let finding =
        verdict_of("investment_intensity", "[150,)", "万元/亩", |facts| set(facts, "site_area", dec!(20000.01)));
    assert_eq!(finding.verdict, Verdict::Fail);
    assert_ne!(finding.actual.as_deref(), Some("150.00"), "a failing figure never reads as if it reached the line");
    // One third of a mu cannot be written in square metres; in mu it is exact.
    let thirds = |facts: &mut Facts| {
        facts.figures.insert("site_area".into(), Figure { value: dec!(1), unit: "亩".into() });
        facts.figures.insert("fixed_investment".into(), Figure { value: dec!(1500000), unit: "元".into() });
    };
    assert_eq!(verdict_of("investment_intensity", "[150,150]", "万元/亩", thirds).verdict, Verdict::Pass);
}

#[test]
fn units_of_the_standard_and_of_the_applicant_are_exact() {
    let kilograms = |facts: &mut Facts| {
        facts.figures.insert("annual_energy".into(), Figure { value: dec!(390000), unit: "千克标准煤".into() });
    };
    for (interval, unit, verdict) in [
        ("(,0.052]", "tce/万元", Verdict::Pass),
        ("(,0.052)", "吨标准煤/万元", Verdict::Fail),
        ("(,52]", "千克标准煤/万元", Verdict::Pass),
        ("[19.2307692307692307692307,)", "万元/吨标准煤", Verdict::Pass),
        ("[19.2307692307692307692308,)", "万元/吨标准煤", Verdict::Fail),
    ] {
        let finding = verdict_of("energy_per_output", interval, unit, kilograms);
        assert_eq!(finding.verdict, verdict, "{interval} {unit}");
        assert_eq!(finding.indicator == "单位能耗产值", unit.starts_with("万元"));
    }
}

#[test]
fn storeys_above_eight_metres_count_twice() {
    let height = |height: Decimal| move |facts: &mut Facts| facts.floors[0].height_m = Some(height);
    let ratio = |metres| verdict_of("floor_area_ratio", "[1.2,)", "1", height(metres));
    assert_eq!(ratio(dec!(8.01)).actual.as_deref(), Some("1.20"));
    assert_eq!(ratio(dec!(8.00)).actual.as_deref(), Some("0.80"));
    assert_eq!(ratio(dec!(7.99)).verdict, Verdict::Fail);
    let none = verdict_of("floor_area_ratio", "[1.2,)", "1", |facts| facts.floors[0].height_m = None);
    assert_eq!(
        (none.verdict, none.missing.as_slice()),
        (Verdict::NotDeterminable, &["楼层清单中的层高".to_owned()][..])
    );
}

#[test]
fn missing_is_never_zero() {
    let without = |fact: &'static str| move |facts: &mut Facts| drop(facts.figures.remove(fact));
    let energy = verdict_of("energy_per_output", "(,0.052]", "tce/万元", without("annual_energy"));
    assert_eq!(energy.verdict, Verdict::NotDeterminable);
    assert_eq!(energy.missing, ["年综合能源消费量"]);
    assert!(energy.explanation.contains("年综合能源消费量"));
    let zero = |fact: &'static str| move |facts: &mut Facts| set(facts, fact, dec!(0));
    assert_eq!(verdict_of("energy_per_output", "(,0.052]", "tce/万元", zero("annual_energy")).verdict, Verdict::Pass);
    assert_eq!(verdict_of("energy_per_output", "(,0.052]", "tce/万元", zero("annual_output")).verdict, Verdict::Fail);
    assert_eq!(verdict_of("tax_per_mu", "[8,)", "万元/亩", zero("site_area")).verdict, Verdict::NotDeterminable);
    let negative = verdict_of("tax_per_mu", "[8,)", "万元/亩", |facts| set(facts, "annual_tax", dec!(-1)));
    assert_eq!(negative.verdict, Verdict::NotDeterminable);
    let unit = |facts: &mut Facts| facts.figures.get_mut("annual_tax").unwrap().unit = "美元".into();
    assert!(verdict_of("tax_per_mu", "[8,)", "万元/亩", unit).missing[0].contains("美元"));
}

#[test]
fn advice_is_exact_and_on_the_safe_side() {
    let short = |facts: &mut Facts| set(facts, "fixed_investment", dec!(4035.5));
    let finding = verdict_of("investment_intensity", "[150,)", "万元/亩", short);
    assert_eq!(finding.remedies, ["增加固定资产投资 464.5 万元", "减少用地 3.1 亩"]);
    let over = verdict_of("investment_intensity", "(150,)", "万元/亩", |_| {});
    assert_eq!(over.remedies, ["增加固定资产投资 0.01 万元", "减少用地 0.01 亩"], "the line itself is not enough");
    let hungry = verdict_of("energy_per_output", "[20,)", "万元/吨标准煤", |_| {});
    assert_eq!(hungry.remedies, ["增加达产年产值 300 万元", "减少年综合能源消费量 15 吨标准煤"]);
    let green = verdict_of("green_ratio", "(,18]", "%", |_| {});
    assert_eq!(green.remedies, ["减少绿地面积 400 平方米"], "nobody is told to take more land");
    let narrow = verdict_of("tax_per_mu", "[8.00001,8.00002]", "万元/亩", |_| {});
    assert_eq!(narrow.remedies, ["增加达产年税收 0.0003 万元", "减少用地 0.00004 亩"]);
}

#[test]
fn a_figure_in_the_wrong_unit_is_pointed_out_and_decides_nothing() {
    let mut facts = project();
    facts.figures.get_mut("annual_tax").unwrap().value = dec!(2400000);
    let checked = on(&facts, &catalogue(&[all_kinds()]));
    let warning = checked.warnings.iter().find(|warning| warning.place == "/figures/annual_tax").unwrap();
    assert_eq!(warning.code, "outside_plausible_range");
    assert!(warning.message.contains("80000.00 万元/亩") && warning.message.contains("一万倍"), "{}", warning.message);
    assert_eq!(checked.verdict, Overall::Conforms);
}

#[test]
fn floors_go_before_a_declared_floor_area() {
    let mut facts = project();
    facts.figures.insert("counted_floor_area".into(), Figure { value: dec!(24000), unit: "平方米".into() });
    let catalogue = catalogue(&[all_kinds()]);
    assert!(on(&facts, &catalogue).warnings.is_empty());
    set(&mut facts, "counted_floor_area", dec!(30000));
    let checked = on(&facts, &catalogue);
    assert_eq!(checked.warnings[0].code, "floors_differ");
    assert_eq!(line(&checked, &rule("floor_area_ratio")).actual.as_deref(), Some("1.20"));
    facts.floors.clear();
    assert_eq!(line(&on(&facts, &catalogue), &rule("floor_area_ratio")).actual.as_deref(), Some("1.50"));
}
