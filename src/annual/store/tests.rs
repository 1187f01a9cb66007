use std::collections::{BTreeSet, HashMap};
use std::path::Path;

use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use sqlx::Row;

use super::partition::middle_of_many;
use super::*;
use crate::annual::testing::{Firm, add, code, district, facts, firm, many, near_the_line, scope, then};
use crate::annual::{EnterpriseYear, Judge, Partition, Query};
use crate::low_efficiency::Line;
use crate::low_efficiency::store::line_of;
use crate::policy::Comparison;

/// Every judge in each of its ways to decide, and how many outcomes it can come to.
async fn judges(pool: &PgPool) -> Vec<(&'static str, Box<dyn Judge>, usize)> {
    let line = line_of(pool, 2024).await.unwrap();
    let not_exempting = Line { transition_exempts: false, ..line.clone() };
    let at_most = Line { comparison: Comparison::AtMost, ..line.clone() };
    vec![("Line", Box::new(line), 6), ("Line", Box::new(not_exempting), 5), ("Line", Box::new(at_most), 6)]
}

/// What the files of the program say `impl Judge for` of.
fn judges_in(folder: &Path, found: &mut BTreeSet<String>) {
    for entry in std::fs::read_dir(folder).unwrap().map(Result::unwrap) {
        if entry.path().is_dir() {
            judges_in(&entry.path(), found);
            continue;
        }
        let text = std::fs::read_to_string(entry.path()).unwrap();
        let named = text.lines().filter_map(|line| line.strip_prefix("impl Judge for "));
        found.extend(named.map(|name| name.trim_end_matches([' ', '{']).to_owned()));
    }
}

async fn invented(pool: &PgPool, count: usize) -> Vec<Firm> {
    district(pool).await;
    let mut runner = TestRunner::deterministic();
    let mixed = prop_oneof![3 => firm(), 1 => near_the_line()];
    let firms: Vec<Firm> = (0..count).map(|_| mixed.new_tree(&mut runner).unwrap().current()).collect();
    for (number, firm) in firms.iter().enumerate() {
        add(pool, number, firm, firms.len()).await;
    }
    firms
}

/// The facts of everybody, and what the database decides on them.
async fn decided(pool: &PgPool, query: &Query, judge: &dyn Judge) -> HashMap<String, (EnterpriseYear, String)> {
    let mut transaction = snapshot(pool).await.unwrap();
    let mut sql = Sql::new("");
    push_judged(&mut sql, &scope(), query, judge);
    sql.push(" SELECT ");
    push_fact_columns(&mut sql, judge.figures());
    sql.push(", outcome FROM judged");
    let rows = sql.build().fetch_all(&mut *transaction).await.unwrap();
    let outcomes: Vec<String> = rows.iter().map(|row| row.get("outcome")).collect();
    let rows = rows.iter().map(|row| FactRow::read(row, judge.figures()).unwrap()).collect();
    let found = complete(&mut transaction, &scope(), query, rows).await.unwrap();
    found.into_iter().zip(outcomes).map(|(found, outcome)| (found.uscc.clone(), (found, outcome))).collect()
}

/// The one test that holds what a judge says in SQL to what it says in Rust, and both to the registers.
#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn the_database_decides_as_the_rule_does(pool: PgPool) {
    let firms = invented(&pool, 400).await;
    for (name, judge, outcomes) in judges(&pool).await {
        let mut found = decided(&pool, &Query::of_year(2024), &*judge).await;
        let mut seen = BTreeSet::new();
        for number in 0..firms.len() {
            let expected = facts(number, &firms);
            let Some((of, outcome)) = found.remove(&code(number)) else {
                assert_eq!(expected, None, "{name}: {:?}", firms[number]);
                continue;
            };
            assert_eq!(Some(&of.facts), expected.as_ref(), "{name}: {:?}", firms[number]);
            assert_eq!(outcome, judge.outcome(&of), "{name}: {:?}", firms[number]);
            seen.insert(outcome);
        }
        assert!(found.is_empty());
        assert_eq!(seen.len(), outcomes, "{name}: every outcome occurs: {seen:?}");
    }
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn every_judge_is_held_to_its_twin(pool: PgPool) {
    crate::policy::store::load(&pool).await.unwrap();
    let mut written = BTreeSet::new();
    judges_in(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut written);
    let held: BTreeSet<String> = judges(&pool).await.into_iter().map(|(name, ..)| name.to_owned()).collect();
    assert_eq!(written, held);
}

/// One enterprise in one year: credit code, year, land, and each of the figures with its state.
type Told = (String, i32, Option<String>, Vec<(Option<String>, Option<String>)>);

async fn told(pool: &PgPool, mut sql: Sql, figures: &[Indicator]) -> Vec<Told> {
    let rows = sql.build().fetch_all(pool).await.unwrap();
    let mut told: Vec<Told> = rows
        .iter()
        .map(|row| {
            let text = |name: String| row.get::<Option<String>, _>(name.as_str());
            let figures = figures.iter().map(|it| (text(it.code().to_owned()), text(format!("{}_state", it.code()))));
            (row.get("uscc"), row.get("year"), text("land".to_owned()), figures.collect())
        })
        .collect();
    told.sort();
    told
}

/// Whoever needs more than tax of one year joins nothing himself.
#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn several_years_and_figures_come_of_one_statement(pool: PgPool) {
    let firms = invented(&pool, 40).await;
    for (number, year, indicator) in [(0, 2023, "value_added"), (1, 2024, "value_added"), (1, 2023, "tax_paid")] {
        sqlx::query(
            "INSERT INTO return_figure (district, year, indicator, uscc, value, department, state, confirmed_by, confirmed_at, source,
                 reason, recorded_at, recorded_by)
             VALUES ('330105', $1, $2, $3, -1234.5, 'statistics', 'confirmed', 'test', $4, 'test', 'test', $4, 'test')",
        )
        .bind(year)
        .bind(indicator)
        .bind(code(number))
        .bind(then())
        .execute(&pool)
        .await
        .unwrap();
    }
    const ASKED: &[Indicator] = &[Indicator::ValueAdded, Indicator::TaxPaid];
    let columns = "SELECT uscc, year, land::text AS land, value_added::text AS value_added, value_added_state, \
                   tax_paid::text AS tax_paid, tax_paid_state FROM (";
    let of = |years: &[i32]| {
        let mut sql = Sql::new(columns);
        for (place, year) in years.iter().enumerate() {
            sql.push(if place == 0 { "(" } else { " UNION ALL (" });
            push_facts(&mut sql, &scope(), &Query::of_year(*year), ASKED);
            sql.push(")");
        }
        sql.push(") facts");
        sql
    };
    let both = told(&pool, of(&[2023, 2024]), ASKED).await;
    let mut apart = told(&pool, of(&[2023]), ASKED).await;
    apart.extend(told(&pool, of(&[2024]), ASKED).await);
    apart.sort();
    assert_eq!(both, apart);
    let stated = (Some("-1234.5".to_owned()), Some("confirmed".to_owned()));
    let figures = |number: usize, year: i32| {
        let found = both.iter().find(|(uscc, of, ..)| *uscc == code(number) && *of == year);
        found.map(|(.., figures)| figures.clone())
    };
    let nothing = (None, None);
    assert_eq!(figures(0, 2023), Some(vec![stated.clone(), nothing]), "{:?}", firms[0]);
    assert_eq!(figures(1, 2024).map(|figures| figures[0].clone()), Some(stated.clone()), "{:?}", firms[1]);
    assert_eq!(figures(1, 2023).map(|figures| figures[1].clone()), Some(stated));
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn figures_are_returned_with_their_state_and_odd_ones_without_a_value(pool: PgPool) {
    district(&pool).await;
    for (year, value) in [(2024, "9.75"), (2023, "1e15"), (2022, "1")] {
        sqlx::query(
            "INSERT INTO return_figure (district, year, indicator, uscc, value, department, state, source, reason, recorded_at, recorded_by)
             VALUES ('330105', $1, 'tax_paid', $2, $3::numeric, 'tax', 'reported', 'test', 'test', $4, 'test')",
        )
        .bind(year)
        .bind(code(0))
        .bind(value)
        .bind(then())
        .execute(&pool)
        .await
        .unwrap();
    }
    let found = returned(&pool, &scope(), &[code(0), code(1)], 2023).await.unwrap();
    let found: Vec<_> = found.into_iter().map(|it| (it.year, it.figure)).collect();
    let stated = Figure::Stated("9.75".parse().unwrap(), FigureState::Reported);
    assert_eq!(found, [(2024, stated), (2023, Figure::OutOfRange(FigureState::Reported))]);
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn only_a_large_district_is_parted(pool: PgPool) {
    many(&pool, 2_000).await;
    let mut connection = pool.acquire().await.unwrap();
    let all = Query::of_year(2024);
    let middle = async |connection: &mut PgConnection, query: &Query| middle_of_many(connection, query).await.unwrap();
    assert_eq!(middle(&mut connection, &all).await, None);
    // As if so many had been counted.
    sqlx::query("UPDATE pg_class SET reltuples = 100000 WHERE oid = 'enterprise_version'::regclass")
        .execute(&pool)
        .await
        .unwrap();
    let found = middle(&mut connection, &all).await.unwrap();
    assert!(("913301050000000800".."913301050000001200").contains(&found.as_str()), "{found}");
    let named = all.within(Partition::These(vec![code(0)]));
    assert_eq!(middle(&mut connection, &named).await, None);
}
