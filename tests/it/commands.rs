//! Commands over the demonstration district: their answers and what their exit status says.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use muheng::db::PgPool;
use muheng::demo;
use serde_json::{Value, json};
use sqlx::ConnectOptions;

use crate::support::TestApp;

pub fn muheng(pool: &PgPool, home: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_muheng"));
    command
        .env_clear()
        .env("PATH", std::env::var("PATH").unwrap())
        .env("MUHENG_HOME", home)
        .env("DATABASE_URL", pool.connect_options().to_url_lossy().as_str());
    command.args(arguments).output().unwrap()
}

/// A project of the demonstration that conforms, as a request: number of its receipt, and what the check was asked.
pub async fn conforming(pool: &PgPool) -> (String, Value) {
    let sql = "SELECT r.id, r.as_of::text, r.inputs, c.application->>'land_use', ST_AsGeoJSON(c.site, 15)
               FROM admission_case c JOIN admission_check k ON k.case_id = c.id AND k.current JOIN receipt r ON r.id = k.receipt
               WHERE k.verdict = 'conforms' AND r.inputs::jsonb->'set_aside' IS NULL ORDER BY c.serial LIMIT 1";
    let (receipt, as_of, inputs, land_use, site): (String, String, String, String, String) =
        sqlx::query_as(sql).fetch_one(pool).await.unwrap();
    let facts: Value = serde_json::from_str(&inputs).unwrap();
    let mut request = json!({ "as_of": as_of, "site": serde_json::from_str::<Value>(&site).unwrap() });
    if !land_use.is_empty() {
        request["land_use"] = land_use.into();
    }
    for name in
        ["land_kind", "land_source", "zone", "industry", "offered", "bound_to", "figures", "floors", "judgements"]
    {
        if let Some(value) = facts.get(name) {
            request[name] = value.clone();
        }
    }
    (receipt, request)
}

#[sqlx::test(migrator = "muheng::db::MIGRATOR")]
async fn the_check_command_says_its_verdict_by_its_status(pool: PgPool) {
    let app = TestApp::start(pool).await;
    demo::cases::load(&app.pool, &app.scope).await.unwrap();
    let home = tempfile::tempdir().unwrap();
    let file = home.path().join("project.json");
    let path = file.to_str().unwrap();
    let check = |text: &str, more: &[&str]| {
        fs::write(&file, text).unwrap();
        let output = muheng(&app.pool, home.path(), &[&["admission", "check", path], more].concat());
        let answer: Value = serde_json::from_slice(&output.stdout).unwrap_or(Value::Null);
        (output.status.code(), answer)
    };
    let (receipt, request) = conforming(&app.pool).await;

    let (status, answer) = check(&request.to_string(), &[]);
    assert_eq!((status, &answer["verdict"]), (Some(0), &json!("conforms")), "{answer:#}");
    assert_eq!(answer["receipt"], receipt, "the same facts have the number of the case's own check");
    let from_api = app.signed_in("admission").await;
    let asked =
        from_api.post(app.url("/api/v1/admission/check")).header("sec-fetch-site", "same-origin").json(&request);
    assert_eq!(asked.send().await.unwrap().json::<Value>().await.unwrap(), answer, "program and API say the same");

    let mut poor = request.clone();
    poor["figures"]["annual_tax"]["value"] = "0".into();
    let (status, answer) = check(&poor.to_string(), &[]);
    assert_eq!((status, &answer["verdict"]), (Some(1), &json!("does_not_conform")));

    let mut silent = request.clone();
    silent["figures"].as_object_mut().unwrap().remove("annual_tax");
    let (status, answer) = check(&silent.to_string(), &[]);
    assert_eq!((status, &answer["verdict"]), (Some(2), &json!("not_determinable")));

    let (status, answer) = check(&request.to_string(), &["--as-of", "2019-06-01"]);
    assert_eq!((status, &answer["as_of"]), (Some(2), &json!("2019-06-01")), "the option goes before the file");

    let (status, answer) = check("{\"land_kind\": ", &[]);
    assert_eq!((status, &answer["faults"][0]["code"]), (Some(3), &json!("unreadable")), "{answer:#}");
    fs::remove_file(&file).unwrap();
    assert_eq!(muheng(&app.pool, home.path(), &["admission", "check", path]).status.code(), Some(3));
}

#[sqlx::test(migrator = "muheng::db::MIGRATOR")]
async fn every_receipt_of_the_demonstration_comes_out_again(pool: PgPool) {
    let app = TestApp::start(pool).await;
    demo::cases::load(&app.pool, &app.scope).await.unwrap();
    let receipts: i64 = sqlx::query_scalar("SELECT count(*) FROM receipt").fetch_one(&app.pool).await.unwrap();
    assert!(receipts > 10);
    let home = tempfile::tempdir().unwrap();
    let output = muheng(&app.pool, home.path(), &["recheck", "--all"]);
    let text = String::from_utf8_lossy(&output.stdout);
    assert_eq!(text, format!("{receipts} equal, 0 different\n"));
    assert_eq!(output.status.code(), Some(0));
}

#[sqlx::test(migrator = "muheng::db::MIGRATOR")]
async fn the_catalogue_is_listed_shown_and_held_against_the_rules(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let home = tempfile::tempdir().unwrap();
    let policy = |arguments: &[&str]| {
        let output = muheng(&app.pool, home.path(), &[&["policy"], arguments].concat());
        (output.status.code(), String::from_utf8(output.stdout).unwrap())
    };
    let (status, list) = policy(&["list"]);
    assert_eq!(status, Some(0));
    for expected in ["xiacheng-2019", "idle_years", "longchang-2022/glass", "[2018-01-01, 2024-01-01)"] {
        assert!(list.contains(expected), "{expected}: {list}");
    }
    let (status, list) = policy(&["list", "--format", "json"]);
    let list: Value = serde_json::from_str(&list).unwrap();
    assert!(status == Some(0) && !list["documents"].as_array().unwrap().is_empty());
    let (status, article) = policy(&["show", "四(一)2"]);
    assert_eq!(status, Some(0));
    assert!(article.contains("一律不予准入") && article.contains("admission.standard_land"), "{article}");
    assert_eq!(policy(&["show", "九(九)"]).0, Some(1), "there is no such article");
    let (status, coverage) = policy(&["coverage"]);
    assert!(status == Some(0) && coverage.contains("四(一)4"), "{coverage}");
    let (status, coverage) = policy(&["coverage", "--format", "json"]);
    assert!(status == Some(0) && serde_json::from_str::<Value>(&coverage).is_ok());
}
