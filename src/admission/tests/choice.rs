//! Which row is asked: the narrowest, adopted, in force, of the same edition.

use super::super::{STANDARD_SET, Unproven};
use super::*;
use crate::policy::receipt::CheckVersion;
use crate::policy::verdict::{Overall, Verdict};

const TAX: &str = "tax_per_mu = { interval = '[8,)', unit = '万元/亩' }";

fn row(id: &str, place: &str) -> String {
    adopted(id, place, TAX)
}

fn industry(code: &str) -> String {
    format!("industry = '{code}'\nedition = '2017'")
}

/// The row that is asked, or the words of why there is none.
fn chosen(facts: &Facts, catalogue: &Catalogue) -> Result<String, String> {
    let checked = on(facts, catalogue);
    let finding = line(&checked, STANDARD_SET);
    match (&checked.set, finding.verdict) {
        (Some(set), Verdict::Pass) => Ok(set.id.clone()),
        _ => Err(format!("{}: {}", finding.verdict.code(), finding.explanation)),
    }
}

#[test]
fn the_narrowest_industry_wins() {
    let rows = [row("any", ""), row("C", &industry("C")), row("33", &industry("33")), row("331", &industry("331"))];
    let mut facts = project();
    for (number, expected) in [(4, "331"), (3, "33"), (2, "C"), (1, "any")] {
        assert_eq!(chosen(&facts, &catalogue(&rows[..number])).as_deref(), Ok(expected));
    }
    facts.industry.as_mut().unwrap().code = "3511".into();
    assert_eq!(chosen(&facts, &catalogue(&rows)).as_deref(), Ok("C"));
    facts.industry.as_mut().unwrap().code = "33".into();
    assert!(chosen(&facts, &catalogue(&rows)).unwrap_err().contains("过粗"), "331 may or may not be meant");
}

#[test]
fn the_narrower_zone_goes_first() {
    let park = row("park", "zone = '电子园'");
    let north = row("north", "zone = '电子园/北区'");
    let catalogue = catalogue(&[row("33", &industry("33")), park, north]);
    let at = |zone: Option<&str>| chosen(&Facts { zone: zone.map(str::to_owned), ..project() }, &catalogue).unwrap();
    assert_eq!(at(Some("电子园/北区")), "north");
    assert_eq!(at(Some("电子园/南区")), "park");
    assert_eq!(at(Some("电子园区")), "33", "another zone that begins with the same words");
    assert_eq!(at(None), "33");
}

#[test]
fn the_day_of_application_picks_the_row() {
    let until = "valid_from = 2024-01-01\nvalid_until = 2025-01-01";
    let first = row("first", "").replace("valid_from = 2024-01-01", until);
    let second = row("second", "").replace("2024-01-01", "2025-01-01");
    let catalogue = catalogue(&[first, second]);
    let on = |as_of: &str| check(&project(), &catalogue, day(as_of)).set.map(|set| set.id);
    assert_eq!(on("2023-12-31"), None);
    assert_eq!(on("2024-01-01").as_deref(), Some("first"));
    assert_eq!(on("2024-12-31").as_deref(), Some("first"));
    assert_eq!(on("2025-01-01").as_deref(), Some("second"));
}

#[test]
fn a_row_that_has_ended_is_asked_of_nobody() {
    let only = row("only", "").replace("valid_from = 2024-01-01", "valid_from = 2024-01-01\nvalid_until = 2025-01-01");
    let catalogue = catalogue(&[only]);
    for bound_to in [None, Some("only".to_owned())] {
        let facts = Facts { offered: bound_to.iter().cloned().collect(), bound_to, ..project() };
        let on = |as_of: &str| {
            let checked = check(&facts, &catalogue, day(as_of));
            (checked.verdict == Overall::NotDeterminable, line(&checked, STANDARD_SET).verdict)
        };
        for before_or_after in ["2023-12-31", "2025-01-01", "2025-01-02"] {
            assert_eq!(on(before_or_after), (true, Verdict::NotDeterminable), "{before_or_after}");
        }
        for within in ["2024-01-01", "2024-01-02", "2024-12-31"] {
            assert_eq!(on(within).1, Verdict::Pass, "{within}");
        }
    }
}

#[test]
fn no_row_is_never_a_pass() {
    let checked = on(&project(), &catalogue(&[]));
    assert_eq!(checked.verdict, Overall::NotDeterminable);
    let said = &line(&checked, STANDARD_SET).explanation;
    assert!(said.contains("没有适用") && said.contains("示例"), "{said}");
    let other = catalogue(&[row("a", "").replace("industrial", "logistics")]);
    assert!(chosen(&project(), &other).is_err(), "another kind of land");
    let blank = Facts { land_kind: None, ..project() };
    assert!(chosen(&blank, &catalogue(&[row("a", "")])).unwrap_err().contains("用地类型"));
}

#[test]
fn another_edition_is_never_read_as_this_one() {
    let old = row("old", "industry = '33'\nedition = '2011'");
    let general = row("any", "");
    let refused = chosen(&project(), &catalogue(&[old.clone(), general.clone()])).unwrap_err();
    assert!(refused.contains("GB/T 4754-2011") && refused.starts_with("not_determinable"), "{refused}");
    let both = catalogue(&[old, general, row("33", &industry("33"))]);
    assert_eq!(chosen(&project(), &both).as_deref(), Ok("33"));
    let mut facts = project();
    facts.industry.as_mut().unwrap().edition = "2011".into();
    assert_eq!(chosen(&facts, &both).as_deref(), Ok("old"));
    facts.industry.as_mut().unwrap().edition = "2020".into();
    assert!(chosen(&facts, &both).unwrap_err().contains("2020"));
}

#[test]
fn a_row_the_applicant_is_bound_to_overrides_the_search() {
    let catalogue = catalogue(&[row("33", &industry("33")), row("35", &industry("35")), row("any", "")]);
    let bound = |id: &str| Facts { bound_to: Some(id.into()), offered: vec![id.into()], ..project() };
    assert_eq!(chosen(&bound("any"), &catalogue).as_deref(), Ok("any"));
    let other = chosen(&bound("35"), &catalogue).unwrap_err();
    assert!(other.starts_with("fail") && other.contains("一律不予准入"), "{other}");
    assert!(chosen(&bound("none"), &catalogue).unwrap_err().starts_with("not_determinable"));
}

/// Whatever is named: an example, a row that was never offered for the site, one that is not in force.
#[test]
fn only_an_adopted_row_that_is_in_force_and_offered_decides() {
    let until = "valid_from = 2024-01-01\nvalid_until = 2025-01-01";
    let ended = row("ended", "").replace("valid_from = 2024-01-01", until);
    let catalogue = catalogue(&[row("33", &industry("33")), row("35", &industry("35")), ended]);
    let poor = |facts: Facts| {
        let mut facts = facts;
        set(&mut facts, "annual_tax", dec!(1));
        facts
    };
    let named = |id: &str, offered: &[&str]| Facts {
        bound_to: Some(id.into()),
        offered: offered.iter().map(|id| (*id).to_owned()).collect(),
        ..project()
    };
    for (facts, reason) in [
        (named("longchang-2022/glass", &[]), "示例"),
        (named("longchang-2022/glass", &["longchang-2022/glass"]), "示例"),
        (named("33", &[]), "在供"),
        (named("33", &["35"]), "不在该出让地块"),
        (named("ended", &["ended"]), "不在有效期内"),
        (named("none", &["none"]), "没有名为"),
        (Facts { offered: vec!["longchang-2022/glass".into()], ..project() }, "示例"),
    ] {
        for facts in [facts.clone(), poor(facts)] {
            let checked = on(&facts, &catalogue);
            assert_eq!(checked.verdict, Overall::NotDeterminable, "{:?}: it neither passes nor fails", facts.bound_to);
            let finding = line(&checked, STANDARD_SET);
            assert_eq!(finding.verdict, Verdict::NotDeterminable);
            assert!(finding.explanation.contains(reason), "{}", finding.explanation);
            let tried = checked.results.iter().filter(|it| it.rule.starts_with(super::super::STANDARD_LAND));
            assert!(tried.into_iter().all(|it| it.verdict == Verdict::NotDeterminable && !it.missing.is_empty()));
        }
    }
    let example = on(&named("longchang-2022/glass", &[]), &catalogue);
    assert!(example.warnings.iter().any(|warning| warning.code == "example_set"), "it can still be tried");
    assert!(example.results.iter().any(|it| it.explanation.starts_with("仅为试算")));
}

#[test]
fn what_nothing_on_record_bears_out_decides_nothing() {
    let catalogue = catalogue(&[row("33", &industry("33"))]);
    let reason = "填报用地位于“电子园”，没有该区域的登记界线。".to_owned();
    let unproven = vec![Unproven { what: "用地所在区域".into(), reason }];
    let checked = on(&Facts { unproven, ..project() }, &catalogue);
    assert_eq!(checked.verdict, Overall::NotDeterminable);
    assert_eq!(line(&checked, STANDARD_SET).missing, ["用地所在区域"]);
}

/// A receipt from before comes out as it was, though the check was put right since.
#[test]
fn a_receipt_of_the_first_version_comes_out_as_it_was() {
    let catalogue = catalogue(&[row("33", &industry("33"))]);
    let first = Facts { bound_to: Some("33".into()), version: CheckVersion::First, ..project() };
    let checked = on(&first, &catalogue);
    assert_eq!(checked.set.as_ref().map(|set| set.id.as_str()), Some("33"), "nobody asked for an offer then");
    assert_eq!(line(&checked, STANDARD_SET).verdict, Verdict::Pass);
    assert!(!checked.receipt.inputs.contains("\"version\""), "as it was written then");
    let read: Facts = serde_json::from_str(&checked.receipt.inputs).unwrap();
    assert_eq!(read, super::super::check::in_order(&first));
    assert_eq!(on(&read, &catalogue).receipt, checked.receipt);
}

#[test]
fn of_several_rows_on_offer_one_has_to_be_named() {
    let catalogue = catalogue(&[row("33", &industry("33")), row("35", &industry("35"))]);
    let mut facts = Facts { offered: vec!["35".into(), "33".into()], ..project() };
    assert!(chosen(&facts, &catalogue).unwrap_err().contains("选定"));
    facts.bound_to = Some("33".into());
    assert_eq!(chosen(&facts, &catalogue).as_deref(), Ok("33"));
    facts.offered = vec!["35".into()];
    assert!(chosen(&facts, &catalogue).unwrap_err().contains("不在该出让地块"));
    facts.bound_to = None;
    assert!(chosen(&facts, &catalogue).unwrap_err().starts_with("fail"), "the only row is another industry's");
}
