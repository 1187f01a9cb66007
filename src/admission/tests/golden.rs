//! The sentences officers and applicants read, word for word.

use super::*;
use crate::policy::verdict::Verdict;

fn told(checked: &Checked) -> String {
    let lines = checked.results.iter().map(|finding| {
        let remedies: String = finding.remedies.iter().map(|remedy| format!("\n    或 {remedy}")).collect();
        format!("[{} {}] {}{remedies}", finding.verdict, finding.article, finding.explanation)
    });
    let warnings = checked.warnings.iter().map(|warning| format!("[提示 {}] {}", warning.place, warning.message));
    let all: Vec<_> = std::iter::once(checked.verdict.to_string()).chain(lines).chain(warnings).collect();
    all.join("\n")
}

#[test]
fn a_project_that_conforms() {
    insta::assert_snapshot!(told(&on(&project(), &catalogue(&[all_kinds()]))));
}

#[test]
fn a_project_that_misses_everything() {
    let mut facts = project();
    facts.land_source = Some(super::super::LandSource::Existing);
    for (name, value) in [
        ("fixed_investment", dec!(3260)),
        ("annual_tax", dec!(239.999)),
        ("annual_rd", dec!(100)),
        ("annual_energy", dec!(1000)),
        ("annual_emissions", dec!(5)),
        ("built_area", dec!(7000)),
        ("office_land_area", dec!(2000)),
        ("office_floor_area", dec!(3000)),
        ("green_area", dec!(5000)),
    ] {
        set(&mut facts, name, value);
    }
    facts.floors[0].area_m2 = dec!(9000);
    facts.spatial[2] = layer(LayerKind::EcologicalRedLine, Answer::Hit);
    facts.industry.as_mut().unwrap().code = "3311".into();
    let checked = on(&facts, &catalogue(&[all_kinds()]));
    assert!(checked.results.iter().filter(|finding| finding.verdict == Verdict::Fail).count() >= 11);
    insta::assert_snapshot!(told(&checked));
}

#[test]
fn a_draft_that_says_little() {
    let mut facts = Facts { spatial: vec![layer(LayerKind::IndustrialBlockLine, Answer::NotChecked)], ..project() };
    facts.figures.retain(|name, _| name == "site_area" || name == "annual_output");
    facts.floors.clear();
    insta::assert_snapshot!(told(&on(&facts, &catalogue(&[all_kinds()]))));
}
