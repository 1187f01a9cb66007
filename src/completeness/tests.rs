//! Whose figures are missed, which are doubtful, and that the statements and the rule say the same.

use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use rust_decimal::Decimal;
use rust_decimal_macros::dec;

use super::rules::{Beside, DoubtRule, asked_of, is_asked};
use super::store::{self, Place, Sought};
use super::{Cell, Counted, Doubt, Kind};
use crate::annual::testing::{code, scope, then};
use crate::db::keyset::Position;
use crate::db::{PgPool, Scope, layer};
use crate::enterprise::{Indicator, Sector, SizeClass};
use crate::policy::catalogue::Catalogue;
use crate::scoring::subject::Fact;

const YEAR: i32 = 2024;

fn rule() -> DoubtRule {
    let catalogue = Catalogue::embedded().unwrap();
    DoubtRule::from_parameters(&catalogue.parameters_on("2024-12-31".parse().unwrap())).unwrap()
}

#[test]
fn what_is_asked_follows_the_article() {
    let asked = |sector, size| Indicator::ALL.iter().filter(|it| is_asked(**it, sector, size)).count();
    assert_eq!(asked(Sector::Industry, SizeClass::Above), 10, "the six indicators, pollutants apart");
    assert_eq!(asked(Sector::Service, SizeClass::Above), 2);
    for (sector, size) in
        [(Sector::Industry, SizeClass::Below), (Sector::Service, SizeClass::Below), (Sector::Other, SizeClass::Above)]
    {
        assert_eq!(asked(sector, size), 1, "{sector} {size}");
    }
    assert_eq!(asked_of(Indicator::Cod), [(Sector::Industry, SizeClass::Above)]);
    assert!(asked_of(Indicator::Gas).is_empty());
}

#[test]
fn a_figure_is_doubtful_from_the_bound_on() {
    let rule = rule();
    let doubts = |value, beside| rule.doubts(Indicator::Revenue, value, beside);
    let last = |last| Beside { last_year: Some(last), ..Beside::default() };
    assert_eq!(doubts(dec!(499.99), last(dec!(100))), []);
    assert_eq!(doubts(dec!(500), last(dec!(100))), [Doubt::LastYear]);
    assert_eq!(doubts(dec!(20), last(dec!(100))), [Doubt::LastYear]);
    assert_eq!(doubts(dec!(20.01), last(dec!(100))), []);
    for none in [dec!(0), dec!(-1)] {
        assert_eq!(doubts(dec!(1000000), last(none)), [], "nothing is no measure");
        assert_eq!(doubts(none, last(dec!(1000000))), []);
    }
    let peers = Beside { middle_of_peers: Some(dec!(10)), ..Beside::default() };
    assert_eq!((doubts(dec!(499.99), peers), doubts(dec!(500), peers)), (vec![], vec![Doubt::Peers]));
    let parts = Beside { parts: Some(Fact { amount: dec!(1255), over: 76_000 }), ..Beside::default() };
    assert_eq!(rule.doubts(Indicator::Emission, dec!(0.0168), parts), [Doubt::Parts]);
    assert_eq!(rule.doubts(Indicator::Emission, dec!(0.0165), parts), []);
    assert_eq!(doubts(dec!(1), parts), [], "revenue has no parts");
}

async fn district(pool: &PgPool) {
    sqlx::query("INSERT INTO district (code, name) VALUES ('330105', '拱墅区')").execute(pool).await.unwrap();
    crate::policy::store::load(pool).await.unwrap();
}

async fn enterprise(pool: &PgPool, number: usize, sector: &str, size: &str, place: Option<&str>) {
    sqlx::query(
        "INSERT INTO enterprise_version (district, uscc, valid, name, sector, size_class, industry_edition, industry_code, subdistrict,
             state, source, reason, recorded_at, recorded_by, fingerprint)
         VALUES ('330105', $1, '[2015-01-01,)', $1, $2, $3, NULL, NULL, $4, 'operating', 'test', 'test', now(), 'test', '')",
    )
    .bind(code(number))
    .bind(sector)
    .bind(size)
    .bind(place)
    .execute(pool)
    .await
    .unwrap();
}

async fn figure(pool: &PgPool, number: usize, year: i32, indicator: Indicator, value: Decimal, state: &str) {
    sqlx::query(
        "INSERT INTO return_figure (district, year, indicator, uscc, value, department, state, confirmed_by, source, reason, recorded_at, recorded_by)
         VALUES ('330105', $1, $2, $3, $4, $5, $6, CASE $6 WHEN 'confirmed' THEN 'test' END, 'test', 'test', now(), 'test')",
    )
    .bind(year as i16)
    .bind(indicator.code())
    .bind(code(number))
    .bind(value)
    .bind(indicator.department().code())
    .bind(state)
    .execute(pool)
    .await
    .unwrap();
}

fn cell(cells: &[Cell], indicator: Indicator, place: Option<&str>) -> (i64, i64, i64, i64, i64) {
    let cell = cells.iter().find(|cell| cell.indicator == indicator && cell.subdistrict.as_deref() == place).unwrap();
    (cell.asked, cell.missing, cell.reported, cell.confirmed, cell.doubtful)
}

const HERE: &str = "330105012";

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn counts_and_lists_say_the_same(pool: PgPool) {
    district(&pool).await;
    enterprise(&pool, 1, "industry", "above", Some(HERE)).await;
    enterprise(&pool, 2, "industry", "above", Some(HERE)).await;
    enterprise(&pool, 3, "industry", "below", Some(HERE)).await;
    enterprise(&pool, 4, "service", "above", None).await;
    figure(&pool, 1, YEAR, Indicator::TaxPaid, dec!(100), "confirmed").await;
    figure(&pool, 2, YEAR, Indicator::TaxPaid, dec!(0), "reported").await;
    figure(&pool, 3, YEAR, Indicator::Revenue, dec!(5000), "reported").await;
    figure(&pool, 3, YEAR - 1, Indicator::Revenue, dec!(1000), "confirmed").await;
    figure(&pool, 1, YEAR, Indicator::Electricity, dec!(500), "confirmed").await;
    figure(&pool, 1, YEAR, Indicator::ElectricityGrid, dec!(300), "confirmed").await;
    figure(&pool, 1, YEAR, Indicator::ElectricityOwn, dec!(100), "confirmed").await;
    let rule = store::rule_of(&pool, YEAR).await.unwrap();
    let matrix = store::matrix(&pool, &scope(), YEAR, &rule).await.unwrap();
    assert_eq!(cell(&matrix.cells, Indicator::TaxPaid, Some(HERE)), (3, 1, 1, 1, 0), "a zero is a figure");
    assert_eq!(cell(&matrix.cells, Indicator::TaxPaid, None), (1, 1, 0, 0, 0));
    assert_eq!(
        cell(&matrix.cells, Indicator::Revenue, Some(HERE)),
        (2, 2, 1, 0, 1),
        "what nobody asked for counts, too"
    );
    assert_eq!(cell(&matrix.cells, Indicator::Electricity, Some(HERE)), (0, 0, 0, 1, 1));
    assert_eq!(cell(&matrix.cells, Indicator::Cod, Some(HERE)), (2, 2, 0, 0, 0));
    assert!(!matrix.cells.iter().any(|cell| cell.indicator == Indicator::Gas), "neither asked nor returned");

    for cell in &matrix.cells {
        for kind in Kind::ALL {
            let place = cell.subdistrict.clone().map_or(Place::Unregistered, Place::Subdistrict);
            let sought = Sought { year: YEAR, indicator: cell.indicator, kind: *kind, place };
            let found = all(&pool, &scope(), &sought, &rule, &matrix.peers).await;
            assert_eq!(found.len() as i64, cell.of(*kind), "{cell:?} {kind}");
        }
    }
    let clerk = Scope { subdistrict: Some("330105013".parse().unwrap()), ..scope() };
    let everywhere =
        Sought { year: YEAR, indicator: Indicator::TaxPaid, kind: Kind::Missing, place: Place::Everywhere };
    assert!(all(&pool, &clerk, &everywhere, &rule, &matrix.peers).await.is_empty(), "a clerk sees the own ones");
}

async fn all(
    pool: &PgPool,
    scope: &Scope,
    sought: &Sought,
    rule: &DoubtRule,
    peers: &[super::Peers],
) -> Vec<super::Line> {
    let (mut lines, mut position) = (Vec::new(), Position::Start);
    loop {
        let page = store::enterprises(pool, scope, sought, (rule, peers), (&position, 2)).await.unwrap();
        lines.extend(page.rows);
        match page.next {
            Some(next) => position = Position::After(next),
            None => return lines,
        }
    }
}

/// The statement that finds doubtful figures is held to the rule by the list itself, which refuses to differ.
#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn doubtful_by_the_statement_is_doubtful_by_the_rule(pool: PgPool) {
    district(&pool).await;
    let mut runner = TestRunner::deterministic();
    let figures = prop::collection::vec(prop::sample::select(vec!["1", "2", "5", "10", "50", "0", "-3", "4.999"]), 6);
    for number in 0..120 {
        enterprise(&pool, number, "industry", "above", Some(HERE)).await;
        let values: Vec<Decimal> =
            figures.new_tree(&mut runner).unwrap().current().iter().map(|value| value.parse().unwrap()).collect();
        figure(&pool, number, YEAR, Indicator::Profit, values[0], "reported").await;
        figure(&pool, number, YEAR - 1, Indicator::Profit, values[1], "confirmed").await;
        figure(&pool, number, YEAR, Indicator::Electricity, values[2].abs(), "reported").await;
        figure(&pool, number, YEAR, Indicator::ElectricityGrid, values[3].abs(), "reported").await;
        if number % 5 > 0 {
            figure(&pool, number, YEAR, Indicator::ElectricityOwn, values[4].abs(), "reported").await;
        }
    }
    let rule = store::rule_of(&pool, YEAR).await.unwrap();
    let matrix = store::matrix(&pool, &scope(), YEAR, &rule).await.unwrap();
    for indicator in [Indicator::Profit, Indicator::Electricity] {
        let sought = Sought { year: YEAR, indicator, kind: Kind::Doubtful, place: Place::Everywhere };
        let found = all(&pool, &scope(), &sought, &rule, &matrix.peers).await;
        assert!(found.len() > 5 && found.len() < 110, "{indicator}: {}", found.len());
        let reported = Sought { kind: Kind::Reported, ..sought };
        assert_eq!(all(&pool, &scope(), &reported, &rule, &matrix.peers).await.len(), 120);
    }
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn peers_are_of_the_same_division_and_size(pool: PgPool) {
    crate::codelist::load(&pool).await.unwrap();
    district(&pool).await;
    for number in 1..=12 {
        enterprise(&pool, number, "industry", "above", Some(HERE)).await;
        let value = if number == 12 { dec!(50) } else { dec!(1) };
        figure(&pool, number, YEAR, Indicator::Revenue, value, "reported").await;
    }
    sqlx::query("UPDATE enterprise_version SET industry_edition = '2017', industry_code = '3411'")
        .execute(&pool)
        .await
        .unwrap();
    let rule = store::rule_of(&pool, YEAR).await.unwrap();
    let matrix = store::matrix(&pool, &scope(), YEAR, &rule).await.unwrap();
    assert_eq!(matrix.peers.len(), 1);
    assert_eq!((matrix.peers[0].division.as_str(), matrix.peers[0].middle), ("34", dec!(1)));
    assert_eq!(cell(&matrix.cells, Indicator::Revenue, Some(HERE)), (12, 0, 12, 0, 1));
    sqlx::query("DELETE FROM return_figure WHERE uscc IN ($1, $2, $3)")
        .bind(code(1))
        .bind(code(2))
        .bind(code(3))
        .execute(&pool)
        .await
        .unwrap();
    let matrix = store::matrix(&pool, &scope(), YEAR, &rule).await.unwrap();
    assert!(matrix.peers.is_empty(), "nine are too few");
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn what_was_counted_stays_until_a_register_changes(pool: PgPool) {
    district(&pool).await;
    enterprise(&pool, 1, "industry", "below", Some(HERE)).await;
    let rule = store::rule_of(&pool, YEAR).await.unwrap();
    let counted = Counted::default();
    let missing = async || {
        let matrix = counted.matrix(&pool, &scope(), (YEAR, &rule), then()).await.unwrap().matrix;
        cell(&matrix.cells, Indicator::TaxPaid, Some(HERE)).1
    };
    assert_eq!(missing().await, 1);
    figure(&pool, 1, YEAR, Indicator::TaxPaid, dec!(1), "reported").await;
    assert_eq!(missing().await, 1, "nobody said that a register changed");
    layer::raise(&mut pool.acquire().await.unwrap(), &scope(), layer::RETURNS).await.unwrap();
    assert_eq!(missing().await, 0);
    assert!(store::rule_of(&pool, 2018).await.is_err(), "no rule is in force before the policy");
}
