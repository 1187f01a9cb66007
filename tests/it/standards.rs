//! Tables of standard land as files, in a real browser: published by two people, and tried out without deciding anything.

use std::path::{Path, PathBuf};

use muheng::admission::case::what_if;
use muheng::base::clock::Clock;
use muheng::db::PgPool;
use muheng::demo;
use muheng::jobs::{Context, runner};

use crate::browser::Browser;
use crate::commands::muheng;
use crate::support::TestApp;

const HEAD: &str = "编号,名称,用地类型,行业代码,行业分类版本,采用,依据文件,依据条款,出处,指标,要求,单位";

/// A table of one set for special equipment, as an officer fills it in.
fn table(place: &Path, name: &str, requirement: &str) -> PathBuf {
    let set = "browser-2027/35,专用设备制造业 2027 版,工业用地,35,2017,本区采用,xiacheng-2019,四(一)2,会议纪要";
    let file = place.join(name);
    std::fs::write(&file, format!("{HEAD}\n{set},亩均税收,{requirement},万元/亩\n")).unwrap();
    file
}

async fn choose(browser: &Browser, file: &Path) {
    browser.type_into("#file", file.to_str().unwrap()).await;
}

async fn agree(browser: &Browser) {
    browser.wait_for("dialog.mh-dialog button[value=yes]").await;
    browser.press("dialog.mh-dialog button[value=yes]").await;
}

#[sqlx::test(migrator = "muheng::db::MIGRATOR")]
async fn a_table_of_standards_is_uploaded_seen_and_published_by_a_second_person(pool: PgPool) {
    let app = TestApp::start(pool).await;
    demo::cases::load(&app.pool, &app.scope).await.unwrap();
    let place = tempfile::tempdir().unwrap();
    let browser = Browser::open(1280, 900).await;
    browser.sign_in(&app, "admission").await;

    // One that cannot be read says where and why, and cannot be submitted.
    browser.client.goto(&app.url("/policy/submissions")).await.unwrap();
    choose(&browser, &table(place.path(), "看不懂.csv", "很多")).await;
    browser.submit("form[action='/policy/submissions']").await;
    browser.wait_for_text("要求“很多”无法识别").await;
    assert!(!browser.text("main").await.contains("提交批准"));

    browser.client.goto(&app.url("/policy/submissions")).await.unwrap();
    browser.put("#starts_on", "2027-01-01").await;
    choose(&browser, &table(place.path(), "专用设备2027.csv", "≥30")).await;
    browser.submit("form[action='/policy/submissions']").await;
    browser.wait_for_text("亩均税收 ≥30 万元/亩").await;
    let preview = browser.text("main").await;
    assert!(preview.contains("2027-01-01 起"), "{preview}");
    assert!(preview.contains("“demo-2026/equipment”适用至 2026-12-31 止，自 2027-01-01 起由新指标接续"), "{preview}");
    let address = browser.client.current_url().await.unwrap().to_string();
    browser.submit("form[action$='/submit']").await;
    agree(&browser).await;
    browser.wait_for_text("待批准").await;

    browser.client.delete_all_cookies().await.unwrap();
    browser.sign_in(&app, "approver").await;
    browser.client.goto(&address).await.unwrap();
    browser.submit("form[action$='/publish']").await;
    agree(&browser).await;
    browser.wait_for_text("已发布").await;
    let published = browser.text("main").await;
    assert!(published.contains("示例准入审查员") && published.contains("示例审批人"), "{published}");

    let row = async |day: &str, id: &str| {
        browser.client.goto(&app.url(&format!("/policy/rules?as_of={day}"))).await.unwrap();
        browser.wait_for("main table").await;
        let script = "const row = [...document.querySelectorAll('main table tr')].find(it => it.querySelector('.mh-code')?.textContent === arguments[0]);
                      const badge = row.children[3].querySelector('.badge'); return [badge.textContent, badge.className.includes('green')]";
        browser.client.execute(script, vec![id.into()]).await.unwrap()
    };
    let old = "2026-01-01 起，至 2026-12-31";
    assert_eq!(row("2026-12-31", "demo-2026/equipment").await, serde_json::json!([old, true]));
    assert_eq!(row("2027-01-01", "demo-2026/equipment").await, serde_json::json!([old, false]));
    assert_eq!(row("2026-12-31", "browser-2027/35").await, serde_json::json!(["2027-01-01 起", false]));
    assert_eq!(row("2027-01-01", "browser-2027/35").await, serde_json::json!(["2027-01-01 起", true]));
    assert!(!browser.text("main").await.contains("有规则名没有对应的程序"));
    browser.close().await;

    let home = tempfile::tempdir().unwrap();
    let coverage = muheng(&app.pool, home.path(), &["policy", "coverage"]);
    assert_eq!(coverage.status.code(), Some(0), "{}", String::from_utf8_lossy(&coverage.stdout));
    let receipts = muheng(&app.pool, home.path(), &["recheck", "--all"]);
    assert_eq!(receipts.status.code(), Some(0), "what was decided before stays as it was");
}

#[sqlx::test(migrator = "muheng::db::MIGRATOR")]
async fn a_table_is_tried_out_over_all_cases_and_decides_nothing(pool: PgPool) {
    let app = TestApp::start(pool).await;
    demo::cases::load(&app.pool, &app.scope).await.unwrap();
    let (pool, scope, home) = (app.pool.clone(), app.scope.clone(), app.home.path().into());
    tokio::spawn(runner::work(Context { pool, clock: Clock::System, scope, home }, what_if::KIND));
    let state = "SELECT md5(string_agg(t::text, '|' ORDER BY t::text)) FROM (
        SELECT to_jsonb(c) FROM admission_case c UNION ALL SELECT to_jsonb(k) FROM admission_check k
        UNION ALL SELECT to_jsonb(d) FROM admission_decision d UNION ALL SELECT to_jsonb(p) FROM policy_standard p) t";
    let before: String = sqlx::query_scalar(state).fetch_one(&app.pool).await.unwrap();
    let place = tempfile::tempdir().unwrap();
    let browser = Browser::open(1280, 900).await;
    browser.sign_in(&app, "evaluator").await;

    browser.client.goto(&app.url("/admission/what-if")).await.unwrap();
    choose(&browser, &table(place.path(), "看不懂.csv", "很多")).await;
    browser.submit("#by-table").await;
    browser.wait_for("#faults").await;
    let faults = browser.text("main").await;
    assert!(faults.contains("要求“很多”无法识别") && faults.contains("value_unreadable"), "{faults}");
    assert!(!faults.contains("不产生任何决定"), "nothing to try out");

    browser.client.goto(&app.url("/admission/what-if")).await.unwrap();
    choose(&browser, &table(place.path(), "专用设备从严.csv", "≥1000")).await;
    browser.submit("#by-table").await;
    browser.wait_for("#trial").await;
    let trial = browser.text("#trial").await;
    assert!(trial.contains("≥25 万元/亩") && trial.contains("≥1000 万元/亩"), "{trial}");
    assert!(trial.contains("不再要求"), "what the table leaves out is no longer asked: {trial}");
    browser.submit("form[action='/admission/what-if/table']").await;
    browser.wait_for("#report").await;
    let report = browser.text("#report").await;
    assert!(report.contains("符合 → 不符合"), "{report}");
    browser.wait_for("body[data-map-idle]").await;
    let turned = browser.text("main table:not(#trial table)").await;
    assert!(!turned.is_empty());
    browser.press("tr[data-record] button").await;
    browser.wait_for("tr.table-active").await;
    assert!(browser.text("h1").await.contains("专用设备从严.csv"));
    browser.close().await;
    let after: String = sqlx::query_scalar(state).fetch_one(&app.pool).await.unwrap();
    assert_eq!(before, after, "no case, check, decision or standard was touched");
}
