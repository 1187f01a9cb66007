use chrono::{DateTime, Utc};
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;
use rust_decimal::Decimal;
use rust_decimal_macros::dec;

use super::*;
use crate::annual::testing::{DISTRICT, Firm, Use, add, add_tax, code, day, district, firm, many, owner, scope, then};
use crate::base::period::Period;
use crate::base::unit::SquareMetre;
use crate::enterprise::SizeClass;
use crate::low_efficiency::list::SortKey;
use crate::low_efficiency::{MissingFact, view};
use crate::web::cursor;

const PARCEL: &str = "330105001001GB00001";

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn the_counts_are_those_of_the_lines(pool: PgPool) {
    district(&pool).await;
    let mut runner = TestRunner::deterministic();
    let firms: Vec<Firm> = (0..100).map(|_| firm().new_tree(&mut runner).unwrap().current()).collect();
    for (number, firm) in firms.iter().enumerate() {
        add(&pool, number, firm, firms.len()).await;
    }
    let (line, query) = (line_of(&pool, 2024).await.unwrap(), ListQuery::of_year(2024));
    let page = page(&pool, &scope(), &query, &line, None, 1000).await.unwrap();
    let counts = counts(&pool, &scope(), &query, &line).await.unwrap();
    for outcome in Outcome::ALL {
        let lines = page.entries.iter().filter(|entry| entry.judgement.outcome == *outcome);
        assert_eq!(counts.of(*outcome), lines.count() as i64, "{outcome}");
    }
    assert_eq!(counts.total(), page.entries.len() as i64);
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn pages_and_the_stream_hold_every_line_once(pool: PgPool) {
    district(&pool).await;
    let mut runner = TestRunner::deterministic();
    let firms: Vec<Firm> = (0..60).map(|_| firm().new_tree(&mut runner).unwrap().current()).collect();
    for (number, firm) in firms.iter().enumerate() {
        add(&pool, number, firm, firms.len()).await;
    }
    let line = line_of(&pool, 2024).await.unwrap();
    for sort in SortKey::ALL.iter().copied() {
        for descending in [false, true] {
            let query = ListQuery { sort, descending, ..ListQuery::of_year(2024) };
            let mut paged = Vec::new();
            let mut after = None;
            loop {
                let page = page(&pool, &scope(), &query, &line, after.as_ref(), 7).await.unwrap();
                paged.extend(page.entries.into_iter().map(|entry| entry.of.uscc));
                after = page.next.map(|next| cursor::decode(&cursor::encode(&next)).unwrap());
                if after.is_none() {
                    break;
                }
            }
            let mut chunks = stream(pool.clone(), scope(), query, line.clone());
            let mut streamed = Vec::new();
            while let Some(chunk) = chunks.recv().await {
                streamed.extend(chunk.unwrap().into_iter().map(|entry| entry.of.uscc));
            }
            assert_eq!(paged, streamed, "{sort} {descending}");
        }
    }
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn two_halves_say_what_the_whole_says(pool: PgPool) {
    district(&pool).await;
    let mut runner = TestRunner::deterministic();
    let firms: Vec<Firm> = (0..60).map(|_| firm().new_tree(&mut runner).unwrap().current()).collect();
    for (number, firm) in firms.iter().enumerate() {
        add(&pool, number, firm, firms.len()).await;
    }
    let line = line_of(&pool, 2024).await.unwrap();
    let counted = counts(&pool, &scope(), &ListQuery::of_year(2024), &line).await.unwrap();
    for (middle, sort) in [0, 1, 29, 59, 60].into_iter().zip(SortKey::ALL.iter().copied().cycle()) {
        let query = ListQuery { sort, descending: middle % 2 == 1, ..ListQuery::of_year(2024) };
        let lines = |facts: &Query| list_statement(&scope(), &query.over(facts), &line, None, Some(7));
        let counting = |facts: &Query| counts_statement(&scope(), &query.over(facts), &line);
        let mut transaction = snapshot(&pool).await.unwrap();
        let connection: &mut PgConnection = &mut transaction;
        let halves = PartitionedRead::at(&code(middle), &pool, connection, &query.facts).await.unwrap();
        let first = query.facts.within(first_of_each(halves, connection, lines).await.unwrap());
        let halves = PartitionedRead::at(&code(middle), &pool, connection, &query.facts).await.unwrap();
        let counts = counts_of_both(halves, connection, counting).await.unwrap();
        let parted: Vec<ListRow> = lines(&first).build_query_as().fetch_all(&mut *connection).await.unwrap();
        let whole: Vec<ListRow> = lines(&query.facts).build_query_as().fetch_all(&mut *connection).await.unwrap();
        let codes = |rows: Vec<ListRow>| rows.into_iter().map(|row| row.fact.uscc).collect::<Vec<_>>();
        assert_eq!(codes(parted), codes(whole), "parted at {middle}, by {sort}");
        assert_eq!(counts, counted.0.iter().map(|(_, count)| *count).collect::<Vec<_>>());
    }
}

fn tenant(tax: Decimal, area: Option<Decimal>, floor: Option<Decimal>) -> Firm {
    let mut firm = owner(tax, dec!(0));
    firm.uses = vec![Use {
        kind: "leased",
        lessor: 1,
        land: area.map(|area| SquareMetre(area).to_mu().0),
        floor,
        valid: Period::since(day("2010-01-01")),
    }];
    firm
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_lease_moves_land_and_a_lease_of_floor_does_not(pool: PgPool) {
    district(&pool).await;
    let firms = [
        tenant(dec!(9999), Some(dec!(666)), None),
        owner(dec!(20000), dec!(2000)),
        tenant(dec!(500), None, Some(dec!(100))),
        owner(dec!(30000), dec!(2000)),
    ];
    for (number, firm) in firms.iter().enumerate() {
        add(&pool, number, firm, firms.len()).await;
    }
    let line = line_of(&pool, 2024).await.unwrap();
    let query = ListQuery::of_year(2024);
    let one = async |number| entry(&pool, &scope(), &query, &line, &code(number)).await.unwrap().unwrap();
    let lessor = one(1).await;
    assert_eq!(view::square_metres(&lessor), Some(dec!(1334)));
    assert_eq!(lessor.judgement.outcome, Outcome::Flagged, "20,000 yuan on 2.001 mu");
    assert_eq!(lessor.parts.len(), 2);
    assert_eq!(lessor.parts[1].counterpart, Some(code(0)));
    assert_eq!(one(0).await.judgement.outcome, Outcome::Clear, "9,999 yuan on 0.999 mu");
    let floor = one(2).await;
    assert_eq!(floor.judgement.outcome, Outcome::NotApplicable);
    assert_eq!(floor.judgement.tax_per_100_m2_floor, Some(dec!(500)));
    assert_eq!(one(3).await.judgement.outcome, Outcome::OnTheLine, "its tenant took no land from it");
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn as_many_mu_as_ten_thousand_yuan_are_on_the_line_in_the_list(pool: PgPool) {
    district(&pool).await;
    let fractional = [dec!(0.1), dec!(3.7), dec!(26.8), dec!(33.3)];
    let mu: Vec<Decimal> = (1..=60).map(Decimal::from).chain(fractional).collect();
    for (number, mu) in mu.iter().enumerate() {
        let mut firm = owner(mu * dec!(10000), dec!(0));
        firm.uses[0].land = Some(*mu);
        add(&pool, number, &firm, 100).await;
    }
    let line = line_of(&pool, 2024).await.unwrap();
    let counts = counts(&pool, &scope(), &ListQuery::of_year(2024), &line).await.unwrap();
    assert_eq!((counts.of(Outcome::OnTheLine), counts.total()), (64, 64));
    let page = page(&pool, &scope(), &ListQuery::of_year(2024), &line, None, 100).await.unwrap();
    assert!(page.entries.iter().all(|entry| entry.judgement.outcome == Outcome::OnTheLine));
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn land_in_mu_let_out_in_two_halves_leaves_none(pool: PgPool) {
    district(&pool).await;
    let held =
        |kind, lessor, mu| Use { kind, lessor, land: Some(mu), floor: None, valid: Period::since(day("2010-01-01")) };
    let firm = |uses| Firm { uses, ..owner(dec!(100000), dec!(0)) };
    let firms = [
        firm(vec![held("leased", 2, dec!(5))]),
        firm(vec![held("leased", 1, dec!(5))]),
        firm(vec![held("owned", 0, dec!(10))]),
        firm(vec![held("leased", 2, dec!(10))]),
        firm(vec![held("leased", 1, dec!(10))]),
        firm(vec![held("owned", 0, dec!(20))]),
    ];
    for (number, firm) in firms.iter().enumerate() {
        add(&pool, number, firm, firms.len()).await;
    }
    let line = line_of(&pool, 2024).await.unwrap();
    let query = ListQuery::of_year(2024);
    let one = async |number| entry(&pool, &scope(), &query, &line, &code(number)).await.unwrap().unwrap().judgement;
    for lessor in [2, 5] {
        let judgement = one(lessor).await;
        assert_eq!(judgement.missing, [MissingFact::LandAllLeasedOut], "{}", judgement.explanation);
    }
    assert_eq!(one(0).await.outcome, Outcome::Clear);
    assert_eq!((one(3).await.outcome, one(4).await.outcome), (Outcome::OnTheLine, Outcome::OnTheLine));
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_project_without_a_start_counts_from_the_earliest_day_it_is_known(pool: PgPool) {
    district(&pool).await;
    let versions = |first: &str, second: &str| {
        vec![(Period::between(day(first), day(second)), "operating"), (Period::since(day(second)), "operating")]
    };
    let until = day("2035-12-31");
    let firms = [
        ("2021-12-30", None),
        ("2021-12-31", None),
        ("2000-01-01", Some("2021-12-31")),
        ("2000-01-01", Some("2021-12-30")),
    ];
    for (number, (from, since)) in firms.iter().enumerate() {
        let project = Some((since.map(day), until));
        let firm = Firm { versions: versions(from, "2023-01-01"), project, ..owner(dec!(1), dec!(2000)) };
        add(&pool, number, &firm, firms.len()).await;
    }
    // The register has the project in the earlier version as well.
    sqlx::query("UPDATE enterprise_version SET project_until = $1").bind(until).execute(&pool).await.unwrap();
    let line = line_of(&pool, 2024).await.unwrap();
    let query = ListQuery::of_year(2024);
    let one = async |number| entry(&pool, &scope(), &query, &line, &code(number)).await.unwrap().unwrap().judgement;
    assert_eq!(one(0).await.outcome, Outcome::Flagged);
    let known = one(1).await;
    assert_eq!((known.outcome, known.transition.unwrap().start_unknown), (Outcome::InTransition, true));
    assert!(known.explanation.contains("自该项目在册最早一日起算"), "{}", known.explanation);
    let stated = one(2).await;
    assert_eq!((stated.outcome, stated.transition.unwrap().start_unknown), (Outcome::InTransition, false));
    assert_eq!(one(3).await.outcome, Outcome::Flagged);
}

/// Versions of one enterprise: the first day of each, and the recognised end it names.
async fn add_projects(pool: &PgPool, number: usize, versions: &[(&str, Option<&str>)]) {
    let next = versions.iter().skip(1).map(|(from, _)| Some(*from)).chain([None]);
    let valid = versions.iter().zip(next).map(|((from, _), next)| match next {
        Some(next) => (Period::between(day(from), day(next)), "operating"),
        None => (Period::since(day(from)), "operating"),
    });
    add(pool, number, &Firm { versions: valid.collect(), ..owner(dec!(10000), dec!(20000)) }, 20).await;
    for (from, until) in versions {
        sqlx::query("UPDATE enterprise_version SET project_until = $3 WHERE uscc = $1 AND lower(valid) = $2")
            .bind(code(number))
            .bind(day(from))
            .bind(until.map(day))
            .execute(pool)
            .await
            .unwrap();
    }
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn another_project_is_known_from_its_own_first_day_and_a_prolonged_one_from_its_first(pool: PgPool) {
    district(&pool).await;
    // What is tried, the versions with the ends they name, and the day the transition ends.
    type Case<'a> = (&'a str, &'a [(&'a str, Option<&'a str>)], Option<&'a str>);
    let cases: [Case<'_>; 10] = [
        (
            "another one, long after",
            &[("2010-01-01", Some("2012-12-31")), ("2024-01-01", Some("2026-12-31"))],
            Some("2026-12-31"),
        ),
        (
            "prolonged: three years from 2010 are over",
            &[("2010-01-01", Some("2024-12-31")), ("2024-01-01", Some("2026-12-31"))],
            None,
        ),
        (
            "prolonged within its three years",
            &[("2022-06-01", Some("2024-12-31")), ("2024-01-01", Some("2026-12-31"))],
            Some("2025-06-01"),
        ),
        (
            "prolonged twice",
            &[
                ("2010-01-01", Some("2015-12-31")),
                ("2013-01-01", Some("2024-12-31")),
                ("2024-01-01", Some("2026-12-31")),
            ],
            None,
        ),
        (
            "a version without any between",
            &[("2010-01-01", Some("2026-12-31")), ("2015-01-01", None), ("2024-01-01", Some("2026-12-31"))],
            Some("2026-12-31"),
        ),
        (
            "the end is the day before",
            &[("2010-01-01", Some("2023-12-31")), ("2024-01-01", Some("2026-12-31"))],
            Some("2026-12-31"),
        ),
        ("the end is that very day", &[("2010-01-01", Some("2024-01-01")), ("2024-01-01", Some("2026-12-31"))], None),
        ("the end is the day after", &[("2010-01-01", Some("2024-01-02")), ("2024-01-01", Some("2026-12-31"))], None),
        (
            "another one, the old end still said for a while",
            &[
                ("2010-01-01", Some("2012-12-31")),
                ("2014-01-01", Some("2012-12-31")),
                ("2024-01-01", Some("2026-12-31")),
            ],
            Some("2026-12-31"),
        ),
        (
            "what comes later says nothing of now",
            &[("2010-01-01", Some("2026-12-31")), ("2025-01-01", None), ("2026-01-01", Some("2027-12-31"))],
            None,
        ),
    ];
    for (number, (_, versions, _)) in cases.iter().enumerate() {
        add_projects(&pool, number, versions).await;
    }
    let line = line_of(&pool, 2024).await.unwrap();
    let query = ListQuery::of_year(2024);
    for (number, (what, _, until)) in cases.iter().enumerate() {
        let judged = entry(&pool, &scope(), &query, &line, &code(number)).await.unwrap().unwrap().judgement;
        let expected = if until.is_some() { Outcome::InTransition } else { Outcome::Flagged };
        assert_eq!(judged.outcome, expected, "{what}: {}", judged.explanation);
        assert_eq!(
            judged.transition.map(|transition| transition.until),
            until.map(|last| day(last).succ_opt().unwrap()),
            "{what}"
        );
    }
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn days_without_a_record_do_not_begin_a_project_anew(pool: PgPool) {
    district(&pool).await;
    let ends = [("2024-03-01", Outcome::Flagged), ("2024-02-29", Outcome::InTransition)];
    for (number, (end, _)) in ends.iter().enumerate() {
        add_projects(&pool, number, &[("2010-01-01", Some(end)), ("2024-03-01", Some("2026-12-31"))]).await;
    }
    sqlx::query(
        "UPDATE enterprise_version SET valid = daterange('2010-01-01', '2020-01-01') WHERE lower(valid) = '2010-01-01'",
    )
    .execute(&pool)
    .await
    .unwrap();
    let line = line_of(&pool, 2024).await.unwrap();
    for (number, (end, expected)) in ends.iter().enumerate() {
        let listed = entry(&pool, &scope(), &ListQuery::of_year(2024), &line, &code(number)).await.unwrap().unwrap();
        assert_eq!(listed.judgement.outcome, *expected, "{end}: {}", listed.judgement.explanation);
    }
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn the_list_as_it_was_known(pool: PgPool) {
    district(&pool).await;
    add(&pool, 0, &owner(dec!(1), dec!(2000)), 1).await;
    let corrected: DateTime<Utc> = "2025-06-01T00:00:00Z".parse().unwrap();
    sqlx::query("UPDATE return_figure SET superseded_at = $1").bind(corrected).execute(&pool).await.unwrap();
    add_tax(&pool, 0, dec!(90000), corrected).await;
    let line = line_of(&pool, 2024).await.unwrap();
    let outcome = async |known_before: Option<DateTime<Utc>>| {
        let mut query = ListQuery::of_year(2024);
        query.facts.known_before = known_before;
        page(&pool, &scope(), &query, &line, None, 10).await.unwrap().entries.first().map(|line| line.judgement.outcome)
    };
    assert_eq!(outcome(None).await, Some(Outcome::Clear));
    assert_eq!(outcome(Some(corrected)).await, Some(Outcome::Flagged));
    assert_eq!(outcome(Some(corrected + chrono::TimeDelta::seconds(1))).await, Some(Outcome::Clear));
    assert_eq!(outcome(Some(then())).await, None, "nothing was on record yet");
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn filters_and_the_scope_of_a_subdistrict(pool: PgPool) {
    district(&pool).await;
    sqlx::query(
        "INSERT INTO industry (edition, code, level, name, section) VALUES ('2017', '2511', 4, '原油加工', 'C')",
    )
    .execute(&pool)
    .await
    .unwrap();
    add(&pool, 0, &owner(dec!(1), dec!(2000)), 2).await;
    add(&pool, 1, &Firm { above: true, uses: vec![], ..owner(dec!(1), dec!(0)) }, 2).await;
    sqlx::query("UPDATE enterprise_version SET industry_edition = '2017', industry_code = '2511' WHERE uscc = $1")
        .bind(code(0))
        .execute(&pool)
        .await
        .unwrap();
    sqlx::query(
        "INSERT INTO parcel_version (district, code, valid, geom, survey_srid, survey_truth, plane_area_m2,
             geodesic_area_m2, supply_status, subdistrict, registered_subdistrict, source, reason, recorded_at,
             recorded_by, fingerprint)
         VALUES ($1, $2, '[2010-01-01,)', ST_GeomFromText('MULTIPOLYGON(((120 30,120.1 30,120 30.1,120 30)))', 4490),
             4528, true, 1, 1, 'in_use', '330105016', '330105014', 'test', 'test', $3, 'test', '')",
    )
    .bind(DISTRICT)
    .bind(PARCEL)
    .bind(then())
    .execute(&pool)
    .await
    .unwrap();
    let line = line_of(&pool, 2024).await.unwrap();
    let found = async |scope: Scope, change: fn(&mut ListQuery)| {
        let mut query = ListQuery::of_year(2024);
        change(&mut query);
        let page = page(&pool, &scope, &query, &line, None, 10).await.unwrap();
        page.entries.into_iter().map(|line| line.of.uscc).collect::<Vec<_>>()
    };
    let filtered = async |change| found(scope(), change).await;
    assert_eq!(
        filtered(|q| q.facts.filter.subdistrict = Some("330105016".into())).await,
        [code(0)],
        "where its parcel lies"
    );
    assert_eq!(
        filtered(|q| q.facts.filter.subdistrict = Some("330105012".into())).await,
        [code(1)],
        "where it is registered"
    );
    assert_eq!(filtered(|q| q.facts.filter.industry_section = Some("C".into())).await, [code(0)]);
    assert_eq!(filtered(|q| q.facts.filter.industry_division = Some("25".into())).await, [code(0)]);
    assert_eq!(filtered(|q| q.facts.filter.size_class = Some(SizeClass::Above)).await, [code(1)]);
    assert_eq!(filtered(|q| q.outcomes = vec![Outcome::Flagged]).await, [code(0)]);
    assert_eq!(filtered(|q| q.facts.filter.text = Some("企业7919".into())).await, [code(1)]);
    assert!(filtered(|q| q.facts.filter.text = Some("%".into())).await.is_empty(), "a wildcard is a character");
    let clerk = |code: &str| Scope { subdistrict: Some(code.parse().unwrap()), ..scope() };
    assert_eq!(found(clerk("330105016"), |_| ()).await, [code(0)]);
    assert!(found(clerk("330105016"), |q| q.facts.filter.subdistrict = Some("330105012".into())).await.is_empty());
    let elsewhere = Scope::district("330106".parse().unwrap());
    assert!(found(elsewhere, |_| ()).await.is_empty());
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_year_without_a_line_is_an_error(pool: PgPool) {
    district(&pool).await;
    assert!(matches!(line_of(&pool, 2018).await, Err(ListError::Line { year: 2018, .. })));
    assert!(matches!(line_of(&pool, 99999).await, Err(ListError::Year { .. })));
    assert_eq!(deciding_day(2024), day("2024-12-31"));
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_large_district_is_read_in_two_parts(pool: PgPool) {
    many(&pool, 2_000).await;
    // As if so many had been counted.
    sqlx::query("UPDATE pg_class SET reltuples = 100000 WHERE oid = 'enterprise_version'::regclass")
        .execute(&pool)
        .await
        .unwrap();
    let line = line_of(&pool, 2024).await.unwrap();
    let page = page(&pool, &scope(), &ListQuery::of_year(2024), &line, None, 50).await.unwrap();
    assert_eq!((page.entries.len(), page.next.is_some()), (50, true));
    assert_eq!(counts(&pool, &scope(), &ListQuery::of_year(2024), &line).await.unwrap().total(), 2_000);
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn the_whole_list_is_read_side_by_side_and_not_line_by_line(pool: PgPool) {
    many(&pool, 20_000).await;
    let query = ListQuery::of_year(2024);
    let line = line_of(&pool, 2024).await.unwrap();
    let mut transaction = snapshot(&pool).await.unwrap();
    let mut statement = Sql::new("EXPLAIN (COSTS OFF) ");
    push_listed(&mut statement, &scope(), &query, &line);
    sql::push_lines(&mut statement, &query, None, Some(51));
    let plan: Vec<(String,)> = statement.build_query_as().fetch_all(&mut *transaction).await.unwrap();
    let plan = plan.into_iter().map(|(line,)| line).collect::<Vec<_>>().join("\n");
    for needed in ["Merge Left Join", "enterprise_version_current", "occupancy_occupant", "return_figure_current"] {
        assert!(plan.contains(needed), "{needed} is missing:\n{plan}");
    }
    for slow in ["Nested Loop", "Seq Scan", "Hash Join", "Bitmap"] {
        assert!(!plan.contains(slow), "{slow}:\n{plan}");
    }
    // The few versions of an enterprise whose project began on an unknown day are put in order where they are looked at.
    let whole = plan.split("SubPlan").next().unwrap_or_default();
    assert_eq!(whole.matches("Sort Key").count(), 1, "the page is sorted, and nothing else:\n{plan}");
}
