use rust_decimal_macros::dec;

use super::*;
use crate::evaluation::samples::{member, scheme};
use crate::policy::catalogue::Catalogue;

fn all() -> Coverage {
    Coverage { industry_land_at_least: dec!(0) }
}

fn coverage_of(year: i32) -> Coverage {
    let parameters = Catalogue::embedded().unwrap().parameters_on(crate::annual::deciding_day(year.max(2019)));
    crate::evaluation::commands::coverage(&parameters, year).unwrap()
}

fn in_year(year: i32, mu: Option<Decimal>) -> Belongs {
    belongs(&scheme(), coverage_of(year), &member("1", year, mu, Some(dec!(1))))
}

fn ranked() -> Belongs {
    Belongs::Ranked { group: "其他".to_owned() }
}

fn left(why: LeftOut) -> Belongs {
    Belongs::LeftOut(why)
}

#[test]
fn industry_is_covered_from_five_mu_in_2018_and_three_in_2019_and_all_of_it_since() {
    for (year, mu, expected) in [
        (2018, dec!(4.9999), left(LeftOut::NotCovered)),
        (2018, dec!(5), ranked()),
        (2018, dec!(5.0001), ranked()),
        (2019, dec!(2.9999), left(LeftOut::NotCovered)),
        (2019, dec!(3), ranked()),
        (2020, dec!(0.0001), ranked()),
        (2024, dec!(0.0001), ranked()),
    ] {
        assert_eq!(in_year(year, Some(mu)), expected, "{year} {mu}");
    }
    assert_eq!(in_year(2018, None), left(LeftOut::NotCovered));
    assert_eq!(in_year(2019, None), left(LeftOut::NotCovered));
    assert_eq!(in_year(2020, None), ranked(), "land that is missing is a missing item");
}

#[test]
fn a_category_is_of_an_industry_and_a_size() {
    let mut one = member("1", 2022, Some(dec!(9)), Some(dec!(1)));
    for (section, code, expected) in [
        ("B", "0610", ranked()),
        ("C", "1311", Belongs::Ranked { group: "食品".to_owned() }),
        ("D", "4620", ranked()),
        ("E", "4710", Belongs::No),
        ("A", "0111", Belongs::No),
    ] {
        one.industry = Some(Place { section: section.to_owned(), code: code.to_owned() });
        assert_eq!(belongs(&scheme(), all(), &one), expected, "{section}{code}");
    }
    one.industry = None;
    assert_eq!(belongs(&scheme(), all(), &one), ranked(), "the sector decides where the industry is not on record");
    one.sector = Sector::Service;
    assert_eq!(belongs(&scheme(), all(), &one), Belongs::No);
    one.sector = Sector::Industry;
    one.size = SizeClass::Below;
    assert_eq!(belongs(&scheme(), all(), &one), Belongs::No);
}

#[test]
fn a_list_names_its_members() {
    let mut high_tech = scheme();
    high_tech.population.list = Some("high_tech".to_owned());
    let mut one = member("1", 2022, Some(dec!(9)), Some(dec!(1)));
    assert_eq!(belongs(&high_tech, all(), &one), Belongs::No);
    one.lists.insert("high_tech".to_owned());
    assert_eq!(belongs(&high_tech, all(), &one), ranked());
}

#[test]
fn each_reason_to_be_left_out_has_its_label_and_the_first_counts() {
    let base = || member("1", 2022, Some(dec!(9)), Some(dec!(1)));
    let of = |spoil: fn(&mut Member)| {
        let mut one = base();
        spoil(&mut one);
        belongs(&scheme(), all(), &one)
    };
    assert_eq!(of(|one| one.exempt = true), left(LeftOut::Exempt));
    assert_eq!(of(|one| one.protected = true), left(LeftOut::Protection));
    assert_eq!(of(|one| one.in_transition = true), left(LeftOut::Transition));
    assert_eq!(of(|one| one.floor_only = true), left(LeftOut::Tenant));
    assert_eq!(of(|one| one.facts.retain(|name, _| name.starts_with("land_"))), left(LeftOut::NoRecord));
    assert_eq!(
        of(|one| {
            one.facts.remove("tax_yuan");
        }),
        ranked(),
        "one figure is enough to be ranked"
    );
    for mu in [dec!(0), dec!(-1)] {
        let one = member("1", 2022, Some(mu), Some(dec!(1)));
        assert_eq!(belongs(&scheme(), all(), &one), left(LeftOut::ZeroDenominator));
    }
    assert_eq!(of(|one| (one.exempt, one.in_transition) = (true, true)), left(LeftOut::Exempt));
}

fn services() -> Scheme {
    crate::policy::scheme::tests::shipped("muheng/services-above")
}

/// Of services above size, with a figure of theirs.
fn serving(edition: &str, code: &str) -> Belongs {
    let mut one = member("1", 2022, Some(dec!(9)), Some(dec!(1)));
    one.sector = Sector::Service;
    one.industry = crate::codelist::in_2017(edition, code)
        .map(|industry| Place { section: industry.section.to_owned(), code: industry.code.to_owned() });
    assert!(one.industry.is_some(), "{edition} {code}");
    belongs(&services(), all(), &one)
}

#[test]
fn services_leave_out_trade_hotels_banks_and_development_in_every_edition() {
    let out = [
        ("2017", &["5111", "5299", "6110", "6210", "6621", "6712", "6811", "7010"][..]),
        ("2011", &["5111", "5299", "6110", "6210", "6620", "6710", "6811", "7010"][..]),
        ("2002", &["6311", "6599", "6610", "6710", "6820", "6910", "7010", "7210"][..]),
    ];
    let stay = [
        ("2017", &["5810", "6311", "6410", "6513", "6911", "7020", "7030", "7211"][..]),
        ("2011", &["5821", "6311", "6410", "6510", "6910", "7020", "7030", "7211"][..]),
        ("2002", &["5720", "6010", "6110", "6212", "7110", "7220", "7230", "7411"][..]),
    ];
    for (edition, codes) in out {
        codes.iter().for_each(|code| assert_eq!(serving(edition, code), Belongs::No, "{edition} {code}"));
    }
    for (edition, codes) in stay {
        for code in codes {
            assert!(matches!(serving(edition, code), Belongs::Ranked { .. }), "{edition} {code}");
        }
    }
}

#[test]
fn whoever_was_not_evaluated_yet_in_the_year_is_told_so() {
    let one = Member { uncovered: true, ..member("1", 2019, Some(dec!(9)), Some(dec!(1))) };
    assert_eq!(belongs(&scheme(), all(), &one), left(LeftOut::NotCovered));
    let platform = Member { kind: SubjectKind::Platform, ..member("1", 2022, Some(dec!(9)), Some(dec!(1))) };
    assert_eq!(belongs(&scheme(), all(), &platform), Belongs::No, "a scheme of enterprises ranks enterprises");
}
