use rust_decimal_macros::dec;

use super::super::application;
use super::*;

fn indicators() -> Indicators {
    Indicators::embedded().unwrap()
}

fn figure(value: &str, unit: &str) -> application::Figure {
    application::Figure { value: value.into(), unit: unit.into() }
}

fn reading_of(change: impl FnOnce(&mut Application)) -> Reading {
    let mut application = Application { industry: "3311".into(), edition: "2017".into(), ..Application::default() };
    change(&mut application);
    read(&application, &indicators(), &Site::default(), &[])
}

fn has(reading: &Reading, code: &str) -> bool {
    reading.gaps.iter().any(|gap| gap.code == code)
}

#[test]
fn missing_is_not_zero_and_negative_is_refused() {
    let reading = reading_of(|it| {
        it.figures.insert("annual_tax".into(), figure("-1", "万元"));
        it.figures.insert("annual_output".into(), figure("0", "万元"));
    });
    assert!(has(&reading, "negative"));
    assert!(!reading.facts.figures.contains_key("annual_tax"));
    assert_eq!(reading.facts.figures["annual_output"].value, dec!(0));
    assert!(!reading.facts.figures.contains_key("fixed_investment"));
}

#[test]
fn figures_beyond_their_bounds_are_gaps() {
    let beyond = |name: &str, value: &str, unit: &str| {
        let reading = reading_of(|it| {
            it.figures.insert(name.into(), figure(value, unit));
        });
        has(&reading, "figure_out_of_range")
    };
    assert!(!beyond("fixed_investment", "10000", "亿元") && beyond("fixed_investment", "10000.01", "亿元"));
    assert!(!beyond("site_area", "1500000", "亩") && beyond("site_area", "1500000.1", "亩"));
    assert!(beyond("annual_energy", "100000000000000000000", "吨标准煤"));
    let tall = reading_of(|it| {
        it.floors.push(application::Floor { name: "一层".into(), area: "1".into(), height: "201".into() })
    });
    assert!(has(&tall, "floor_invalid"));
}

#[test]
fn what_cannot_be_read_is_named() {
    let reading = reading_of(|it| {
        it.figures.insert("annual_tax".into(), figure("八百", "万元"));
        it.figures.insert("annual_output".into(), figure("1", "美元"));
        it.uscc = "91330".into();
        it.floors.push(application::Floor { name: "一层".into(), area: "0".into(), height: "9".into() });
    });
    for code in ["not_a_number", "unit_unknown", "uscc_invalid", "floor_invalid"] {
        assert!(has(&reading, code), "{code}: {:?}", reading.gaps);
    }
}

#[test]
fn an_industry_of_another_edition_is_not_read_as_this_one() {
    let reading = reading_of(|it| it.edition = "2011".into());
    assert!(has(&reading, "industry_edition"));
    assert_eq!(reading.facts.industry, None);
}

#[test]
fn figures_are_read_as_people_type_them() {
    assert_eq!(decimal("１，２３４．５"), Some(dec!(1234.5)));
    assert_eq!(decimal(" 1,234 "), Some(dec!(1234)));
    assert_eq!(decimal("1e5x"), None);
}

#[test]
fn an_approval_depends_on_what_was_seen_only() {
    let indicators = indicators();
    let site = Site::default();
    let mut application = Application::default();
    application.figures.insert("annual_tax".into(), figure("800", "万元"));
    let hash = |application: &Application, seen: &[Sight]| {
        let reading = read(application, &indicators, &site, &[]);
        sight_of(&sights(application, &reading, &indicators, &site), seen)
    };
    let (tax, energy) = ([Sight::Output, Sight::Investment], [Sight::Energy]);
    let before = (hash(&application, &tax), hash(&application, &energy));
    application.figures.insert("annual_tax".into(), figure("900", "万元"));
    assert_ne!(hash(&application, &tax), before.0);
    assert_eq!(hash(&application, &energy), before.1);
    assert_eq!(hash(&application, &[Sight::Investment, Sight::Output]), hash(&application, &tax), "in any order");
}
