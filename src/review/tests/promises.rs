//! From a declaration to the reviews: what was declared passes, a hair less on the binding side does not.

use proptest::prelude::*;
use proptest::sample::Index;

use super::*;
use crate::admission::case::document::{self, Commitment as Promise};
use crate::admission::case::promise;
use crate::admission::check::check;
use crate::admission::{Facts, IndustryCode, standard};
use crate::base::ratio::Ratio;
use crate::base::unit::SquareMetre;
use crate::policy::indicator::Indicators;
use crate::policy::standard::{IndicatorSet, LandKind};

const REQUIREMENTS: &str = "investment_intensity = { interval = '[1,)', unit = '万元/亩' }, \
    tax_per_mu = { interval = '[0.1,)', unit = '万元/亩' }, output_per_mu = { interval = '[1,)', unit = '元/平方米' }, \
    value_added_per_mu = { interval = '(0.1,)', unit = '万元/亩' }, rd_share = { interval = '[0.01,)', unit = '%' }, \
    energy_per_output = { interval = '(,100]', unit = 'tce/万元' }, \
    energy_per_value_added = { interval = '[0.0001,)', unit = '万元/吨标准煤' }, \
    emissions_per_value_added = { interval = '(,100)', unit = '吨/万元' }, \
    floor_area_ratio = { interval = '[0.01,)', unit = '1' }, building_coefficient = { interval = '[1,)', unit = '%' }, \
    office_land_share = { interval = '(,99]', unit = '%' }, office_floor_share = { interval = '(,99]', unit = '%' }, \
    green_ratio = { interval = '[0,99]', unit = '%' }";

fn row() -> IndicatorSet {
    let text = format!(
        "[[set]]\nid = '甲'\ntitle = '甲'\nland_kind = 'industrial'\nvalid_from = 2024-01-01\nadoption = 'adopted'\n\
         document = 'xiacheng-2019'\narticle = '四(一)2'\nsource = '试验'\nchecked_on = 2026-11-23\nrequirements = {{ {REQUIREMENTS} }}\n"
    );
    crate::policy::standard::parse(&text, Indicators::built_in()).unwrap().remove(0)
}

fn catalogue() -> Catalogue {
    Catalogue::embedded().unwrap().with(Vec::new(), vec![row()], Vec::new()).unwrap()
}

/// Figures with odd decimals and in odd units.
fn projects() -> impl Strategy<Value = Facts> {
    let money = || (1_000_001i64..900_000_000, prop::sample::select(vec!["万元", "元", "千元"]));
    let area = || 100_001i64..2_000_000;
    (
        (1_000_001i64..9_000_000),
        [money(), money(), money(), money(), money()],
        [area(), area(), area()],
        1i64..99_999,
        1i64..999_999,
    )
        .prop_map(|(site, sums, areas, mass, energy)| {
            let mut facts = Facts {
                land_kind: Some(LandKind::Industrial),
                industry: Some(IndustryCode { code: "3311".into(), edition: "2017".into() }),
                ..Facts::default()
            };
            let mut put = |name: &str, value: Decimal, unit: &str| {
                facts.figures.insert(name.into(), figure(value, unit));
            };
            put("site_area", Decimal::new(site, 2), "平方米");
            let names = ["fixed_investment", "annual_tax", "annual_value_added", "annual_output", "annual_revenue"];
            for (name, (value, unit)) in names.into_iter().zip(sums) {
                let large = if unit == "万元" { 3 } else { 0 };
                put(name, Decimal::new(value, large), unit);
            }
            put("annual_rd", Decimal::new(sums[1].0, 4), "元");
            for (name, value) in ["built_area", "office_land_area", "green_area"].into_iter().zip(areas) {
                put(name, Decimal::new(value.min(site / 2), 2), "平方米");
            }
            put("office_floor_area", Decimal::new(areas[0], 3), "平方米");
            put("annual_energy", Decimal::new(energy, 3), "吨标准煤");
            put("annual_emissions", Decimal::new(mass, 4), "吨");
            facts.floors =
                vec![floor(Decimal::new(areas[1], 2), dec!(8.01)), floor(Decimal::new(areas[2], 2), dec!(4))];
            facts
        })
}

/// The contract of an admitted project, as its form takes the promises over.
fn agreed(facts: &Facts) -> Option<(Agreed, Vec<Promise>)> {
    let catalogue = catalogue();
    let as_of = "2025-06-01".parse().unwrap();
    let checked = check(facts, &catalogue, as_of);
    let asked = checked.results.iter().filter(|it| it.rule.starts_with("admission.standard_land"));
    if asked.clone().any(|it| it.verdict != Verdict::Pass) {
        return None;
    }
    let promises = document::commitments(&checked.results, &standard::exactly(&row(), facts, &catalogue, as_of));
    assert_eq!(promises.len(), asked.count());
    // Through the text of the form, as a clerk sends it.
    let typed = |it: Commitment| {
        let line = crate::contract::form::terms::commitment_line(&it);
        let mut parts = line.split(' ');
        let (indicator, required) = (parts.next().unwrap().to_owned(), parts.next().unwrap().parse().unwrap());
        Commitment { indicator, required, unit: parts.collect::<Vec<_>>().join(" ") }
    };
    let commitments = promises.iter().filter_map(promise::taken_over).map(typed).collect();
    let granted_area_m2 = facts.figures["site_area"].value;
    let granted_area_mu = Some(SquareMetre(granted_area_m2).to_mu().0);
    Some((Agreed { granted_area_m2, granted_area_mu, planned_investment_yuan: None, commitments }, promises))
}

fn built(agreed: &Agreed, facts: &Facts) -> Inputs {
    let figures = facts.figures.clone().into_iter().filter(|(name, _)| name != "site_area").collect();
    let as_built = AsBuilt {
        figures,
        floors: facts.floors.clone(),
        occupied_area_m2: Some(agreed.granted_area_m2),
        years: BTreeMap::new(),
    };
    Inputs { agreed: agreed.clone(), as_built, ..completion() }
}

fn produced(agreed: &Agreed, facts: &Facts) -> Inputs {
    Inputs {
        kind: ReviewKind::Output,
        agreed: agreed.clone(),
        days: vec![kept(DutyKind::Production)],
        opinions: agrees(ReviewKind::Output),
        years: BTreeMap::from([(2025, facts.figures.clone())]),
        ..completion()
    }
}

fn failing(inputs: &Inputs) -> Vec<String> {
    let outcome = decide(inputs);
    outcome.results.into_iter().filter(|it| it.verdict != Verdict::Pass).map(|it| it.rule).collect()
}

/// The fact that is moved to miss a promise, and in which direction.
fn moved(indicator: &str) -> Option<(&'static str, Decimal)> {
    let hair = dec!(0.000000001);
    Some(match indicator {
        "investment_intensity" => ("fixed_investment", -hair),
        "tax_per_mu" => ("annual_tax", -hair),
        "output_per_mu" => ("annual_output", -hair),
        "value_added_per_mu" => ("annual_value_added", -hair),
        "rd_share" => ("annual_rd", -hair),
        "energy_per_output" | "energy_per_value_added" => ("annual_energy", hair),
        "emissions_per_value_added" => ("annual_emissions", hair),
        "building_coefficient" => ("built_area", -hair),
        "office_land_share" => ("office_land_area", hair),
        "office_floor_share" => ("office_floor_area", hair),
        _ => return None,
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn what_was_declared_passes_and_a_hair_less_fails(facts in projects(), which: Index) {
        let Some((agreed, promises)) = agreed(&facts) else { return Err(TestCaseError::reject("not admitted")) };
        prop_assert_eq!(failing(&built(&agreed, &facts)), Vec::<String>::new());
        prop_assert_eq!(failing(&produced(&agreed, &facts)), Vec::<String>::new());
        let one = which.get(&agreed.commitments);
        if let Some((fact, by)) = moved(&one.indicator) {
            let mut less = facts.clone();
            less.figures.get_mut(fact).unwrap().value += by;
            let missed = [failing(&built(&agreed, &less)), failing(&produced(&agreed, &less))].concat();
            prop_assert!(missed.iter().any(|rule| rule.contains(&one.indicator)), "{} by {fact}: {missed:?}", one.indicator);
        }
        for promise in &promises {
            // What is shown of a promise asks no more than the promise itself.
            let (Some(exact), Some(asked)) = (&promise.exact, &promise.asked) else { continue };
            let Ok(shown) = promise.committed.parse::<Decimal>().map(Ratio::from) else { continue };
            prop_assert!(asked.upper().is_some() || shown <= *exact, "{promise:?}");
            prop_assert!(asked.lower().is_some() || shown >= *exact, "{promise:?}");
        }
    }
}

#[test]
fn a_figure_that_no_decimal_writes_is_promised_as_it_is() {
    let mut inputs = completion();
    // 40,002,610 yuan on 66,667 m², which is 100.0005 mu and a bit: 400.026…, shown as 400.03 until now.
    inputs.agreed.granted_area_m2 = dec!(66667);
    inputs.agreed.granted_area_mu = Some(dec!(100.0005));
    inputs.agreed.commitments = vec![promise("investment_intensity", "[80005220000/200001,)", "元/亩")];
    inputs.as_built.figures.insert("fixed_investment".into(), figure(dec!(40002610), "元"));
    inputs.as_built.occupied_area_m2 = Some(dec!(66667));
    assert_eq!(verdict(&inputs, "/investment_intensity"), Verdict::Pass);
    inputs.as_built.figures.insert("fixed_investment".into(), figure(dec!(40002609.99), "元"));
    assert_eq!(verdict(&inputs, "/investment_intensity"), Verdict::Fail);
}

#[test]
fn a_promise_in_another_unit_is_the_same_promise() {
    for (required, unit) in [("[90000000,)", "元"), ("[9000,)", "万元"), ("[0.9,)", "亿元"), ("[90,)", "百万元")]
    {
        let mut inputs = completion();
        inputs.agreed.commitments = vec![promise("fixed_investment_yuan", required, unit)];
        assert_eq!(verdict(&inputs, "/fixed_investment"), Verdict::Pass, "{required} {unit}");
        inputs.as_built.figures.insert("fixed_investment".into(), figure(dec!(8999.9999), "万元"));
        assert_eq!(verdict(&inputs, "/fixed_investment"), Verdict::Fail, "{required} {unit}");
        inputs.as_built.figures.insert("fixed_investment".into(), figure(dec!(90000), "千元"));
        assert_eq!(verdict(&inputs, "/fixed_investment"), Verdict::Pass, "measured in 千元");
        inputs.as_built.figures.insert("fixed_investment".into(), figure(dec!(9000), "美元"));
        assert_eq!(verdict(&inputs, "/fixed_investment"), Verdict::NotDeterminable);
    }
}

#[test]
fn a_promise_that_nothing_can_be_held_against_is_said_and_passes_nobody() {
    let mut inputs = completion();
    inputs.agreed.commitments.push(promise("luck", "[7,)", "1"));
    assert_eq!(verdict(&inputs, "/luck"), Verdict::NotDeterminable);
    assert_eq!(decide(&inputs).verdict, Overall::NotDeterminable);
    inputs = completion();
    inputs.agreed.commitments[0].unit = "美元".into();
    assert_eq!(verdict(&inputs, "/fixed_investment"), Verdict::NotDeterminable);
    inputs = completion();
    inputs.agreed.commitments[1].unit = "万元".into();
    assert_eq!(verdict(&inputs, "/investment_intensity"), Verdict::NotDeterminable, "money is not money per land");
}

/// Receipts from before promises were quantities come out as they did: the unit of the whole investment was not read.
#[test]
fn a_receipt_of_the_first_version_comes_out_as_it_was() {
    let mut inputs = Inputs { version: crate::policy::receipt::CheckVersion::First, ..completion() };
    inputs.agreed.commitments[0] = promise("fixed_investment_yuan", "[9001,)", "万元");
    inputs.agreed.commitments.push(promise("luck", "[7,)", "1"));
    assert_eq!(verdict(&inputs, "/fixed_investment"), Verdict::Pass);
    assert_eq!(decide(&inputs).verdict, Overall::Conforms);
    let text = serde_json::to_string(&inputs).unwrap();
    assert!(!text.contains("\"version\""), "as it was written then: {text}");
    assert_eq!(serde_json::from_str::<Inputs>(&text).unwrap(), inputs);
    assert!(serde_json::to_string(&completion()).unwrap().contains("\"version\":\"third\""));
}

fn finding(inputs: &Inputs, line: &str) -> crate::policy::verdict::Finding {
    decide(inputs).results.into_iter().find(|it| it.rule.ends_with(line)).unwrap()
}

/// Promised and reached never read alike where they differ, also where the promise has no end.
#[test]
fn a_hair_short_reads_as_short() {
    let mut inputs = completion();
    inputs.agreed.granted_area_m2 = dec!(10000);
    inputs.agreed.granted_area_mu = Some(dec!(15));
    // 78,749,994.5 yuan on 15 mu: 524.99996333… 万元/亩.
    inputs.agreed.commitments = vec![promise("investment_intensity", "[15749999/30000,)", "万元/亩")];
    let with = |yuan| {
        let mut inputs = inputs.clone();
        inputs.as_built.figures.insert("fixed_investment".into(), figure(yuan, "元"));
        let line = finding(&inputs, "/investment_intensity");
        (line.verdict, line.actual.unwrap(), line.required.unwrap(), line.explanation)
    };
    let (verdict, actual, required, words) = with(dec!(78749994.99));
    assert_eq!(
        (verdict, actual.as_str(), required.as_str()),
        (Verdict::Fail, "524.99996660", "≥524.99996666"),
        "{words}"
    );
}

/// What is promised on each mu is promised in all; both lines say the same.
#[test]
fn a_promise_of_intensity_is_a_sum_on_the_granted_land() {
    for (required, unit) in
        [("[300,)", "万元/亩"), ("[4500,)", "元/平方米"), ("[4500,)", "万元/公顷"), ("[45,)", "亿元/平方公里")]
    {
        let with = |value| {
            let mut inputs = completion();
            inputs.agreed.commitments = vec![promise("investment_intensity", required, unit)];
            inputs.as_built.figures.insert("fixed_investment".into(), figure(value, "元"));
            let line = finding(&inputs, "/fixed_investment");
            assert_eq!(line.verdict, verdict(&inputs, "/investment_intensity"), "{unit}");
            (line.verdict, line.required.unwrap(), line.margin.unwrap())
        };
        assert_eq!(with(dec!(90000000)), (Verdict::Pass, "≥90,000,000.00".into(), "0.00".into()), "{unit}");
        assert_eq!(with(dec!(89999999.999)), (Verdict::Fail, "≥90,000,000.00".into(), "-0.001".into()), "{unit}");
    }
    let mut inputs = completion();
    inputs.agreed.commitments = vec![promise("investment_intensity", "[300,)", "万元")];
    assert_eq!(verdict(&inputs, "/fixed_investment"), Verdict::NotDeterminable, "said, and no pass");
    let old = Inputs { version: CheckVersion::Second, ..inputs };
    assert!(decide(&old).results.iter().all(|it| !it.rule.ends_with("/fixed_investment")), "as it was then");
}
