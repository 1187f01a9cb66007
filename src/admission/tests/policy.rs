//! Conformity with industrial policy and plans.

use super::super::{INDUSTRIAL_POLICY, Judgement, SPATIAL_CONFORMITY};
use super::*;
use crate::policy::verdict::{Overall, Verdict};

fn with(entries: &[DirectoryEntry]) -> Catalogue {
    let mut catalogue = catalogue(&[all_kinds()]);
    catalogue.directory.extend_from_slice(entries);
    catalogue
}

#[test]
fn what_is_prohibited_is_refused() {
    for class in [DirectoryClass::Prohibited, DirectoryClass::Restricted] {
        let checked = on(&project(), &with(&[entry("x", class, "331", "2017", true)]));
        assert_eq!(line(&checked, "admission.industrial_policy/x").verdict, Verdict::Fail);
        assert_eq!(checked.verdict, Overall::DoesNotConform);
    }
    let encouraged = on(&project(), &with(&[entry("x", DirectoryClass::Encouraged, "331", "2017", true)]));
    assert_eq!(line(&encouraged, INDUSTRIAL_POLICY).verdict, Verdict::Pass);
}

#[test]
fn what_the_wording_describes_is_for_a_person_to_say() {
    let catalogue = with(&[entry("x", DirectoryClass::Restricted, "33", "2017", false)]);
    let rule = "admission.industrial_policy/x";
    let mut facts = project();
    assert_eq!(line(&on(&facts, &catalogue), rule).verdict, Verdict::NeedsJudgement);
    assert_eq!(on(&facts, &catalogue).verdict, Overall::NotDeterminable);
    for (conforms, verdict) in [(true, Verdict::Pass), (false, Verdict::Fail)] {
        let judgement = Judgement { conforms, reason: "不是该工艺".into(), by: "发改局".into() };
        facts.judgements = [(rule.to_owned(), judgement)].into();
        let checked = on(&facts, &catalogue);
        assert_eq!(line(&checked, rule).verdict, verdict);
        assert!(line(&checked, rule).explanation.contains("不是该工艺"));
    }
    let other_edition = with(&[entry("x", DirectoryClass::Prohibited, "44", "2011", true)]);
    assert_eq!(line(&on(&project(), &other_edition), rule).verdict, Verdict::NeedsJudgement);
}

#[test]
fn nobody_talks_a_prohibition_away() {
    let catalogue = with(&[entry("x", DirectoryClass::Prohibited, "33", "2017", true)]);
    let judgement = Judgement { conforms: true, reason: "无".into(), by: "某".into() };
    let facts = Facts { judgements: [("admission.industrial_policy/x".into(), judgement)].into(), ..project() };
    assert_eq!(on(&facts, &catalogue).verdict, Overall::DoesNotConform);
}

#[test]
fn without_a_directory_nothing_was_checked() {
    let mut catalogue = catalogue(&[all_kinds()]);
    catalogue.directory.retain(|entry| entry.adoption == Adoption::Example);
    let mut facts = project();
    assert_eq!(line(&on(&facts, &catalogue), INDUSTRIAL_POLICY).verdict, Verdict::NeedsJudgement);
    catalogue.directory.push(entry("x", DirectoryClass::Encouraged, "44", "2017", true));
    assert_eq!(
        line(&on(&facts, &catalogue), INDUSTRIAL_POLICY).verdict,
        Verdict::NeedsJudgement,
        "praise alone is no list"
    );
    facts.industry.as_mut().unwrap().code = "1610".into();
    let checked = on(&facts, &catalogue);
    assert!(checked.warnings.iter().any(|warning| warning.code == "example_directory_entry"));
}

#[test]
fn a_layer_that_was_not_checked_is_not_clear() {
    let catalogue = catalogue(&[all_kinds()]);
    let mut facts = project();
    for (answer, verdict, overall) in [
        (Answer::Hit, Verdict::Fail, Overall::DoesNotConform),
        (Answer::Clear, Verdict::Pass, Overall::Conforms),
        (Answer::NotChecked, Verdict::NotDeterminable, Overall::NotDeterminable),
        (Answer::Failed, Verdict::NotDeterminable, Overall::NotDeterminable),
    ] {
        facts.spatial[1] = layer(LayerKind::PermanentBasicFarmland, answer);
        let checked = on(&facts, &catalogue);
        assert_eq!(line(&checked, "admission.spatial_conformity/permanent_basic_farmland").verdict, verdict);
        assert_eq!(checked.verdict, overall, "{answer}");
    }
    facts.spatial.clear();
    let checked = on(&facts, &catalogue);
    let lines = checked.results.iter().filter(|finding| finding.rule.starts_with(SPATIAL_CONFORMITY));
    assert!(lines.clone().all(|finding| finding.verdict == Verdict::NotDeterminable) && lines.count() == 6);
}
