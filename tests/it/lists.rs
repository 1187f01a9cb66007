//! A list, its pages and its exports hold the same rows in the same order.

use std::io::Cursor;

use calamine::{Data, Reader, Xlsx};
use muheng::db::PgPool;
use muheng::demo;
use reqwest::Client;
use serde_json::Value;

use crate::support::TestApp;

/// Who asks, for which list, filtered and sorted how, and the column by which a row is known on the page.
const LISTS: [(&str, &str, &str, usize); 40] = [
    ("inspector", "/parcels", "supply=in_use&sort=area&order=desc&size_of_page=130", 0),
    ("inspector", "/parcels", "sort=area&size_of_page=130", 0),
    ("inspector", "/enterprises", "size=above&sort=uscc&size_of_page=70", 0),
    ("inspector", "/low-efficiency", "year=2024&outcome=flagged,on_the_line&sort=tax&size_of_page=20", 0),
    ("contract", "/contracts", "kind=staged&sort=late&size_of_page=30", 0),
    ("contract", "/contracts", "size_of_page=30", 0),
    ("contract", "/notices", "kind=payment", 1),
    ("contract", "/breaches", "state=open", 0),
    ("contract", "/reviews", "", 0),
    ("inspector", "/inspections", "state=waiting&size_of_page=5", 1),
    ("admission", "/admission/cases", "verdict=conforms", 0),
    ("contract", "/imports", "kind=returns&size_of_page=2", 2),
    ("evaluator", "/evaluation", "size_of_page=3", 3),
    ("evaluator", "/evaluation/results", "run={run}&size_of_page=40", 2),
    ("evaluator", "/evaluation/results", "run={run}&grade=B&size_of_page=20", 2),
    ("evaluator", "/evaluation/left-out", "run={run}&size_of_page=4", 0),
    ("evaluator", "/evaluation/exemptions", "size_of_page=1", 0),
    ("evaluator", "/evaluation/claims", "size_of_page=2", 0),
    ("evaluator", "/evaluation/changes", "size_of_page=1", 0),
    ("evaluator", "/evaluation/platforms", "size_of_page=1", 0),
    ("evaluator", "/leading-group", "size_of_page=2", 0),
    ("evaluator", "/leading-group/resolutions", "size_of_page=2", 1),
    ("inspector", "/survey/parcels", "size_of_page=60", 0),
    ("inspector", "/survey/differences", "size_of_page=2", 0),
    ("inspector", "/survey/compare", "size_of_page=2", 0),
    ("evaluator", "/enforcement", "size_of_page=1", 0),
    ("evaluator", "/enforcement/targets", "size_of_page=4", 1),
    ("evaluator", "/enforcement/findings", "size_of_page=3", 0),
    ("contract", "/imports", "refused=1&sort=file&order=desc&size_of_page=1", 2),
    ("evaluator", "/measures", "on=2024-05-01&grade=D&size_of_page=20", 1),
    ("evaluator", "/measures/accounts", "size_of_page=2", 1),
    ("evaluator", "/allocation", "size_of_page=3", 0),
    ("evaluator", "/allocation/lines", "list={list}&size_of_page=3", 1),
    ("evaluator", "/allocation/reports", "size_of_page=7", 1),
    ("evaluator", "/allocation/reconciliations", "size_of_page=1", 0),
    ("evaluator", "/allocation/reconciled", "size_of_page=9", 1),
    ("auditor", "/allocation/audits", "size_of_page=1", 0),
    ("auditor", "/allocation/findings", "size_of_page=1", 0),
    ("evaluator", "/remediation", "size_of_page=20", 0),
    ("evaluator", "/remediation", "state=struck_off&size_of_page=2", 0),
];

/// What is worked out as it is read; counting it is working all of it out.
const NOT_COUNTED: [&str; 2] = ["/low-efficiency", "/measures"];

/// The address behind a link of a page: `next` or `prev`.
fn linked(page: &str, relation: &str) -> Option<String> {
    let link = page.split(&format!("rel=\"{relation}\" href=\"")).nth(1).and_then(|rest| rest.split('"').next());
    link.map(|link| link.replace("&#38;", "&").replace("&amp;", "&"))
}

fn rows_of(page: &str) -> &str {
    page.split("<tbody").nth(1).and_then(|rest| rest.split("</tbody>").next()).unwrap_or_default()
}

/// Every page one after the other, and how many rows they show. Back from the last, the same pages come again.
async fn walked(app: &TestApp, client: &Client, path: &str, filter: &str) -> (String, usize) {
    let (mut pages, mut address) = (Vec::new(), Some(format!("{path}?{filter}")));
    while let Some(asked) = address {
        let (status, page) = app.page(client, &asked).await;
        assert_eq!(status, 200, "{asked}\n{page}");
        address = linked(&page, "next");
        pages.push(page);
    }
    let rows: Vec<usize> = pages.iter().map(|page| rows_of(page).matches("<tr").count()).collect();
    let count = rows.iter().sum();
    if !NOT_COUNTED.contains(&path) {
        assert!(pages[0].contains(&format!("共 {count} 条")), "{path} does not say that it has {count}");
    }
    if path != "/low-efficiency" {
        let mut address = pages.last().and_then(|last| linked(last, "prev"));
        for earlier in pages.iter().rev().skip(1) {
            let asked = address.unwrap_or_else(|| panic!("{path} does not lead back"));
            let (status, page) = app.page(client, &asked).await;
            assert_eq!((status, rows_of(&page)), (200, rows_of(earlier)), "{asked}");
            address = linked(&page, "prev");
        }
        assert_eq!(address, None, "{path}: nothing comes before the first page");
    }
    (pages.iter().map(|page| rows_of(page)).collect(), count)
}

/// The cells of a CSV that has no line breaks inside its cells.
fn csv_rows(bytes: &[u8]) -> Vec<Vec<String>> {
    let text = bytes.strip_prefix(b"\xEF\xBB\xBF").expect("a byte-order mark");
    let mut reader = csv::Reader::from_reader(text);
    reader.records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect()
}

async fn file(app: &TestApp, client: &Client, address: &str) -> Vec<u8> {
    let response = client.get(app.url(address)).send().await.unwrap();
    assert_eq!(response.status(), 200, "{address}");
    let name = response.headers()["content-disposition"].to_str().unwrap().to_owned();
    let ending = address.split('?').next().unwrap().rsplit('.').next().unwrap();
    assert!(name.starts_with("attachment; filename=\"") && name.ends_with(&format!(".{ending}\"")), "{name}");
    response.bytes().await.unwrap().to_vec()
}

/// Seven committed imports of two kinds; every third refused a record.
async fn seven_imports(app: &TestApp) {
    let sql = "INSERT INTO import_run (district, id, kind, file_name, file_sha256, options, state, read, accepted, rejected,
                   actor, created_at, committed_at)
               SELECT $1, gen_random_uuid(), CASE WHEN n < 5 THEN 'returns' ELSE 'enterprises' END, 'file ' || n || '.csv', '',
                   '{}', 'committed', 3, 3 - (n % 3 = 0)::int, (n % 3 = 0)::int, 'x', now() + make_interval(hours => n % 4), now()
               FROM generate_series(1, 7) n";
    sqlx::query(sql).bind(app.scope.county()).execute(&app.pool).await.unwrap();
}

/// The demonstration has one reconciliation, one audit and one finding; a list has two pages.
async fn a_second_of_each(app: &TestApp) {
    for sql in [
        "INSERT INTO allocation_reconciliation SELECT district, gen_random_uuid(), year, 3, 0, 0, '[]', receipt, computed_at - interval '1 day', computed_by
             FROM allocation_reconciliation",
        "INSERT INTO allocation_audit SELECT district, '00000000-0000-0000-0000-000000000001', year, 99, reconciliation, seed, percent,
             body, only_gaps, among, drawn, drawn_at, drawn_by FROM allocation_audit",
        "INSERT INTO allocation_drawn (district, audit, uscc, measure)
             SELECT district, '00000000-0000-0000-0000-000000000001', uscc, measure FROM allocation_drawn LIMIT 1",
        "INSERT INTO allocation_finding (district, id, year, serial, audit, uscc, measure, body, name, finding, words, state, due, opened_at,
             opened_on, opened_by, opened_by_name)
             SELECT f.district, gen_random_uuid(), f.year, 99, d.audit, d.uscc, d.measure, f.body, f.name, f.finding, f.words, 'opened',
                 '2025-03-12', f.opened_at, f.opened_on, f.opened_by, f.opened_by_name
             FROM allocation_finding f, allocation_drawn d WHERE d.audit = '00000000-0000-0000-0000-000000000001'",
        "ANALYZE",
    ] {
        sqlx::query(sql).execute(&app.pool).await.unwrap();
    }
}

#[sqlx::test(migrator = "muheng::db::MIGRATOR")]
async fn programs_read_the_list_of_imports_page_by_page(pool: PgPool) {
    let app = TestApp::start(pool).await;
    seven_imports(&app).await;
    let client = app.signed_in("tax").await;
    let (mut names, mut after) = (Vec::new(), String::new());
    loop {
        let address = app.url(&format!("/api/v1/imports?sort=file&size_of_page=3&after={after}"));
        let page: Value = client.get(address).send().await.unwrap().json().await.unwrap();
        let imports = page["imports"].as_array().unwrap();
        names.extend(imports.iter().map(|import| import["file_name"].as_str().unwrap().to_owned()));
        match page["next"].as_str() {
            Some(next) => after = next.to_owned(),
            None => break,
        }
    }
    assert_eq!(names, (1..=7).map(|n| format!("file {n}.csv")).collect::<Vec<_>>());
    // A clerk of one sub-district sees only their own.
    let clerk = app.signed_in("changqing").await;
    let own: Value = clerk.get(app.url("/api/v1/imports")).send().await.unwrap().json().await.unwrap();
    assert_eq!(own["imports"].as_array().unwrap().len(), 0);
}

/// A round before the one of the demonstration, of the same parcels, most of them otherwise.
async fn another_survey(app: &TestApp) {
    let sql = "WITH earlier AS (INSERT INTO survey_round (district, id, year, serial, name, subdistrict, list_year, state, opened_on, opened_at,
                   opened_by, opened_by_name, parcels, closed_on, closed_at, closed_by, closed_by_name)
               SELECT district, gen_random_uuid(), year - 1, serial, '上一次', subdistrict, list_year, 'closed', opened_on - 365, opened_at, opened_by,
                   opened_by_name, parcels, opened_on - 300, opened_at, gen_random_uuid(), '另一人' FROM survey_round RETURNING district, id)
               INSERT INTO survey_parcel (district, id, round, code, parcel_version, area_m2, land_use_scheme, land_use_code, supply_status,
                   subdistrict, listed_by)
               SELECT s.district, gen_random_uuid(), e.id, s.code, s.parcel_version, s.area_m2, s.land_use_scheme, s.land_use_code,
                   s.supply_status, s.subdistrict, s.listed_by FROM survey_parcel s, earlier e";
    sqlx::query(sql).execute(&app.pool).await.unwrap();
}

/// A list of one row proves nothing about its pages.
async fn another_campaign(app: &TestApp) {
    let sql = "INSERT INTO enforcement_campaign (district, id, year, serial, name, document, lead, departments, due, inspector, state, opened_on,
                   opened_at, opened_by, opened_by_name)
               SELECT district, gen_random_uuid(), year, serial + 1, '又一行动', document, lead, departments, due, inspector, state, opened_on,
                   opened_at, opened_by, opened_by_name FROM enforcement_campaign";
    sqlx::query(sql).execute(&app.pool).await.unwrap();
}

#[sqlx::test(migrator = "muheng::db::MIGRATOR")]
async fn an_export_holds_what_the_filtered_list_shows(pool: PgPool) {
    let app = TestApp::start(pool).await;
    demo::cases::load(&app.pool, &app.scope).await.unwrap();
    demo::clearing::load(&app.pool, &app.scope).await.unwrap();
    demo::evaluations::load(&app.pool, &app.scope).await.unwrap();
    demo::measures::load(&app.pool, &app.scope).await.unwrap();
    demo::allocation::load(&app.pool, &app.scope).await.unwrap();
    a_second_of_each(&app).await;
    demo::remediation::load(&app.pool, &app.scope, app.home.path()).await.unwrap();
    demo::enforcement::load(&app.pool, &app.scope).await.unwrap();
    another_campaign(&app).await;
    demo::survey::load(&app.pool, &app.scope).await.unwrap();
    another_survey(&app).await;
    seven_imports(&app).await;
    let list: uuid::Uuid =
        sqlx::query_scalar("SELECT id FROM allocation_list WHERE body = 'power' AND year = 2024 AND quarter = 4")
            .fetch_one(&app.pool)
            .await
            .unwrap();
    let run: uuid::Uuid = sqlx::query_scalar(
        "SELECT id FROM evaluation_run WHERE state = 'official' AND category = 'industry_above' ORDER BY year DESC LIMIT 1",
    )
    .fetch_one(&app.pool)
    .await
    .unwrap();
    for (login, path, filter, key) in LISTS {
        let filter = filter.replace("{run}", &run.to_string()).replace("{list}", &list.to_string());
        let filter = filter.as_str();
        let client = app.signed_in(login).await;
        let (shown, count) = walked(&app, &client, path, filter).await;
        let rows = csv_rows(&file(&app, &client, &format!("{path}.csv?{filter}")).await);
        assert!(count > 1 && rows.len() == count, "{path}: {count} shown, {} exported", rows.len());
        let mut rest = shown.as_str();
        for row in &rows {
            let at = rest.find(&row[key]).unwrap_or_else(|| panic!("{path}: {} is out of place", row[key]));
            rest = &rest[at + row[key].len()..];
        }
        let workbook = file(&app, &client, &format!("{path}.xlsx?{filter}")).await;
        let mut workbook: Xlsx<_> = Xlsx::new(Cursor::new(workbook)).unwrap();
        let sheet = workbook.worksheet_range_at(0).unwrap().unwrap();
        let keys: Vec<String> = sheet.rows().skip(1).map(|row| row[key].to_string()).collect();
        assert_eq!(keys, rows.iter().map(|row| row[key].clone()).collect::<Vec<_>>(), "{path}");
        assert!(sheet.rows().flatten().all(|cell| !matches!(cell, Data::Error(_))));
    }
}
