//! What a list can be narrowed by is what the registers hold, whoever wrote it; and no list of work ends before its end.

use muheng::db::{PgPool, Scope};
use muheng::{annual, enterprise, map, parcel};
use reqwest::Client;

use crate::support::TestApp;

async fn texts(pool: &PgPool, sql: &'static str) -> Vec<String> {
    sqlx::query_scalar(sql).fetch_all(pool).await.unwrap()
}

async fn land_uses(app: &TestApp, scope: &Scope) -> Vec<String> {
    let found = parcel::store::land_uses_occurring(&app.pool, scope).await.unwrap();
    found.into_iter().map(|choice| choice.code).collect()
}

async fn industries(app: &TestApp) -> Vec<String> {
    let found = enterprise::store::industries(&app.pool, &app.scope).await.unwrap();
    found.into_iter().map(|choice| choice.code).collect()
}

async fn run(pool: &PgPool, sql: &'static str) {
    sqlx::raw_sql(sql).execute(pool).await.unwrap();
}

#[sqlx::test(migrator = "muheng::db::MIGRATOR")]
async fn land_uses_are_those_on_record_in_the_reader_s_scope(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let whole = "SELECT DISTINCT land_use_scheme || ':' || land_use_code FROM parcel_version
                 WHERE superseded_at IS NULL AND land_use_code IS NOT NULL ORDER BY 1";
    let before = land_uses(&app, &app.scope).await;
    assert_eq!(before, texts(&app.pool, whole).await);
    let clerk = Scope { subdistrict: Some("330105014".parse().unwrap()), ..app.scope.clone() };
    let own = "SELECT DISTINCT land_use_scheme || ':' || land_use_code FROM parcel_version WHERE superseded_at IS NULL
                 AND land_use_code IS NOT NULL AND COALESCE(subdistrict, registered_subdistrict) = '330105014' ORDER BY 1";
    assert_eq!(land_uses(&app, &clerk).await, texts(&app.pool, own).await);

    // A parcel comes in with a use that nobody had, in another sub-district than the clerk's; then it is corrected away.
    let rare = "GB/T 21010-2017:1204".to_owned();
    assert!(!before.contains(&rare));
    run(
        &app.pool,
        "UPDATE parcel_version SET land_use_scheme = 'GB/T 21010-2017', land_use_code = '1204' WHERE id = (SELECT max(id)
             FROM parcel_version WHERE superseded_at IS NULL AND COALESCE(subdistrict, registered_subdistrict) <> '330105014')",
    )
    .await;
    assert!(land_uses(&app, &app.scope).await.contains(&rare) && !land_uses(&app, &clerk).await.contains(&rare));
    run(&app.pool, "UPDATE parcel_version SET superseded_at = now() WHERE land_use_code = '1204'").await;
    assert!(!land_uses(&app, &app.scope).await.contains(&rare), "what was superseded is not offered");
}

#[sqlx::test(migrator = "muheng::db::MIGRATOR")]
async fn industries_and_years_are_those_on_record(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let sql = "SELECT DISTINCT i.code FROM industry i WHERE i.level <= 2 AND EXISTS (SELECT FROM enterprise_version v JOIN industry c
                   ON c.edition = v.industry_edition AND c.code = v.industry_code WHERE v.superseded_at IS NULL
                     AND (CASE i.level WHEN 1 THEN c.section = i.code ELSE left(c.code, 2) = i.code END)) ORDER BY 1";
    let before = industries(&app).await;
    assert_eq!(before, texts(&app.pool, sql).await);
    run(
        &app.pool,
        "UPDATE enterprise_version SET superseded_at = now() WHERE left(industry_code, 2) = (SELECT left(industry_code, 2)
             FROM enterprise_version WHERE superseded_at IS NULL GROUP BY 1 ORDER BY count(*), 1 LIMIT 1)",
    )
    .await;
    let after = industries(&app).await;
    assert!(after.len() < before.len() && after == texts(&app.pool, sql).await);

    let years = annual::store::years(&app.pool, &app.scope).await.unwrap();
    let plain = "SELECT DISTINCT year::integer FROM return_figure WHERE superseded_at IS NULL AND indicator = 'tax_paid' ORDER BY 1 DESC";
    assert_eq!(years, sqlx::query_scalar::<_, i32>(plain).fetch_all(&app.pool).await.unwrap());
    run(&app.pool, "UPDATE return_figure SET superseded_at = now() WHERE year = 2024 AND indicator = 'tax_paid'").await;
    let without = annual::store::years(&app.pool, &app.scope).await.unwrap();
    assert!(
        years.contains(&2024) && !without.contains(&2024) && without.len() + 1 == years.len(),
        "other figures do not count"
    );
}

#[sqlx::test(migrator = "muheng::db::MIGRATOR")]
async fn the_map_opens_on_everything_of_the_scope(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let plain = "SELECT ARRAY[ST_XMin(box), ST_YMin(box), ST_XMax(box), ST_YMax(box)] FROM (SELECT ST_Extent(geom) AS box FROM (
                     SELECT geom FROM parcel_version WHERE superseded_at IS NULL AND ($1::text IS NULL OR COALESCE(subdistrict, registered_subdistrict) = $1)
                     UNION ALL SELECT geom FROM outline WHERE superseded_at IS NULL AND ($1::text IS NULL OR code = $1)) s) e";
    // A parcel beyond each outline, so that the parcels decide.
    run(
        &app.pool,
        "UPDATE parcel_version SET geom = ST_Translate(geom, (n - 2) * 0.2, (n - 3) * 0.1) FROM (SELECT id, row_number() OVER (ORDER BY id) AS n
             FROM parcel_version WHERE superseded_at IS NULL LIMIT 4) s WHERE s.id = parcel_version.id",
    )
    .await;
    for subdistrict in [None, Some("330105014")] {
        let scope = Scope { subdistrict: subdistrict.map(|code| code.parse().unwrap()), ..app.scope.clone() };
        let expected: Vec<f64> = sqlx::query_scalar(plain).bind(subdistrict).fetch_one(&app.pool).await.unwrap();
        assert_eq!(map::store::extent(&app.pool, &scope).await.unwrap().unwrap().to_vec(), expected, "{subdistrict:?}");
    }
    run(&app.pool, "UPDATE parcel_version SET superseded_at = now(); UPDATE outline SET superseded_at = now()").await;
    assert_eq!(map::store::extent(&app.pool, &app.scope).await.unwrap(), None);
}

/// Rows of a file, without its header.
async fn exported(app: &TestApp, client: &Client, address: &str) -> usize {
    let (status, text) = app.page(client, address).await;
    assert_eq!(status, 200, "{address}");
    csv::Reader::from_reader(text.as_bytes()).records().count()
}

async fn shown(app: &TestApp, client: &Client, address: &str) -> usize {
    let (mut rows, mut next) = (0, Some(address.to_owned()));
    while let Some(asked) = next {
        let (status, page) = app.page(client, &asked).await;
        assert_eq!(status, 200, "{asked}");
        let table = page.split("<tbody").nth(1).and_then(|rest| rest.split("</tbody>").next()).unwrap_or_default();
        rows += table.matches("<tr").count();
        let address = page.split("rel=\"next\" href=\"").nth(1).and_then(|rest| rest.split('"').next());
        next = address.map(|next| next.replace("&#38;", "&").replace("&amp;", "&"));
    }
    rows
}

/// More than two thousand files and reviews wait; one in a hundred of the files for the approver, and those are the last.
#[sqlx::test(migrator = "muheng::db::MIGRATOR")]
async fn lists_of_work_hold_all_that_waits(pool: PgPool) {
    let app = TestApp::start(pool).await;
    run(
        &app.pool,
        "INSERT INTO contract (district, number, created_at, created_by)
             SELECT '330105', '很多〔2026〕' || n || '号', now(), 'x' FROM generate_series(1, 2300) n;
         INSERT INTO contract_review (district, id, contract, kind, state, opened_at, opened_by, changed_by)
             SELECT '330105', gen_random_uuid(), '很多〔2026〕' || n || '号', 'output', 'open', '2026-01-01'::timestamptz + n * interval '1 minute', 'x', 'x'
             FROM generate_series(1, 2300) n;
         INSERT INTO contract_breach (district, id, contract, duty, due, state, remedy, amount_yuan, proposed_by, opened_at, opened_by)
             SELECT '330105', gen_random_uuid(), '很多〔2026〕' || n || '号', 'start', date '2020-01-01' + n,
                 CASE WHEN n > 2277 THEN 'proposed' ELSE 'opened' END, CASE WHEN n > 2277 THEN 'penalty' END, CASE WHEN n > 2277 THEN 1 END,
                 CASE WHEN n > 2277 THEN gen_random_uuid() END, '2026-01-01', 'x'
             FROM generate_series(1, 2300) n",
    )
    .await;
    let (clerk, approver) = (app.signed_in("contract").await, app.signed_in("approver").await);
    assert_eq!(exported(&app, &clerk, "/breaches.csv?turn=clerk").await, 2277);
    assert_eq!(shown(&app, &clerk, "/breaches?turn=clerk").await, 2277);
    assert_eq!(exported(&app, &approver, "/breaches.csv?turn=approver").await, 23);
    assert_eq!(shown(&app, &approver, "/breaches?turn=approver").await, 23);
    assert_eq!(exported(&app, &approver, "/breaches.csv?turn=approver&state=opened").await, 0);
    assert_eq!(exported(&app, &clerk, "/reviews.csv?waiting=opinions").await, 2300);
    assert_eq!(shown(&app, &clerk, "/reviews?waiting=opinions").await, 2300);
    assert_eq!(exported(&app, &clerk, "/reviews.csv?waiting=opinions&kind=completion").await, 0);
    let (_, desk) = app.page(&clerk, "/").await;
    assert!(desk.contains("999+"), "the desk counts up to 999 and says that there is more");
}

/// A name that more than five hundred enterprises bear finds every contract of theirs.
#[sqlx::test(migrator = "muheng::db::MIGRATOR")]
async fn a_name_finds_the_contracts_of_all_who_bear_it(pool: PgPool) {
    let app = TestApp::start(pool).await;
    run(
        &app.pool,
        "INSERT INTO enterprise_version (district, uscc, valid, name, sector, size_class, state, source, reason, recorded_at, recorded_by, fingerprint)
             SELECT '330105', '91330105A' || lpad(n::text, 9, '0'), '[2020-01-01,)', '甲乙丙丁厂' || n, 'industry', 'below', 'operating', 'x', 'x', now(), 'x', ''
             FROM generate_series(1, 700) n;
         UPDATE contract_terms t SET grantee = '91330105A000000700' WHERE contract = (SELECT min(number) FROM contract)",
    )
    .await;
    let client = app.signed_in("contract").await;
    for search in ["甲乙丙丁厂", "乙丙", "甲乙丙丁厂700", "91330105A000000700"] {
        let (_, page) = app.page(&client, &format!("/contracts?q={search}")).await;
        assert!(page.contains("甲乙丙丁厂700"), "{search}");
        assert_eq!(exported(&app, &client, &format!("/contracts.csv?q={search}")).await, 1, "{search}");
        assert_eq!(exported(&app, &client, &format!("/contracts.csv?q={search}&sort=late")).await, 1, "{search}");
    }
}
