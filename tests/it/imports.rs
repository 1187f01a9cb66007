//! Imports for programs: upload, question, preview, commit, report.

use std::time::Duration;

use muheng::db::PgPool;
use reqwest::Client;
use reqwest::multipart::{Form, Part};
use serde_json::{Value, json};

use crate::support::TestApp;

async fn upload(app: &TestApp, client: &Client, form: Form) -> (u16, Value) {
    let request = client.post(app.url("/api/v1/imports")).header("sec-fetch-site", "same-origin").multipart(form);
    let response = request.send().await.unwrap();
    (response.status().as_u16(), response.json().await.unwrap())
}

async fn post(app: &TestApp, client: &Client, path: &str, body: Value) -> (u16, Value) {
    let request = client.post(app.url(path)).header("sec-fetch-site", "same-origin");
    let response = request.header("content-type", "application/json").body(body.to_string()).send().await.unwrap();
    (response.status().as_u16(), response.json().await.unwrap())
}

async fn get(app: &TestApp, client: &Client, path: &str) -> (u16, Value) {
    let response = client.get(app.url(path)).send().await.unwrap();
    (response.status().as_u16(), response.json().await.unwrap())
}

/// Asks until the work is over.
async fn settled(app: &TestApp, client: &Client, address: &str) -> Value {
    for _ in 0..200 {
        let (status, import) = get(app, client, address).await;
        assert_eq!(status, 200, "{import}");
        if import["state"] != "working" {
            return import;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("{address} is never done");
}

fn returns(uscc: &str) -> Form {
    let text = format!("统一社会信用代码,实缴税收（万元）\n{uscc},12.5\n91330105XXXXXXXXXX,1\n");
    Form::new().text("kind", "returns").part("file", Part::bytes(text.into_bytes()).file_name("税收.csv"))
}

#[sqlx::test(migrator = "muheng::db::MIGRATOR")]
async fn a_program_uploads_answers_commits_and_reads_the_report(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let client = app.signed_in("tax").await;
    let uscc: String =
        sqlx::query_scalar("SELECT uscc FROM enterprise_version WHERE superseded_at IS NULL ORDER BY uscc LIMIT 1")
            .fetch_one(&app.pool)
            .await
            .unwrap();
    let (status, import) = upload(&app, &client, returns(&uscc)).await;
    assert_eq!(status, 201, "{import}");
    let address = format!("/api/v1/imports/{}", import["id"].as_str().unwrap());
    let import = settled(&app, &client, &address).await;
    assert_eq!((&import["state"], &import["question"]["option"]), (&json!("question"), &json!("year")));
    assert_eq!(post(&app, &client, &format!("{address}/commit"), json!({})).await.0, 409);
    let (status, _) = post(&app, &client, &format!("{address}/options"), json!({ "year": "2025" })).await;
    assert_eq!(status, 202);
    let import = settled(&app, &client, &address).await;
    assert_eq!((&import["state"], &import["read"], &import["accepted"]), (&json!("previewed"), &json!(2), &json!(1)));
    let (status, report) = get(&app, &client, &format!("{address}/report")).await;
    assert_eq!((status, &report["faults"][0]["record"]), (200, &json!(2)));
    assert_eq!(post(&app, &client, &format!("{address}/commit"), json!({})).await.0, 202);
    let import = settled(&app, &client, &address).await;
    assert_eq!((&import["state"], &import["accepted"]), (&json!("committed"), &json!(1)));
    assert_eq!(post(&app, &client, &format!("{address}/commit"), json!({})).await.0, 409);
    // Nobody else sees it.
    let other = app.signed_in("statistics").await;
    assert_eq!(get(&app, &other, &address).await.0, 404);
}

#[sqlx::test(migrator = "muheng::db::MIGRATOR")]
async fn an_upload_is_given_up_and_rights_are_those_of_the_pages(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let client = app.signed_in("tax").await;
    let (status, import) = upload(&app, &client, returns("x")).await;
    assert_eq!(status, 201);
    let address = format!("/api/v1/imports/{}", import["id"].as_str().unwrap());
    settled(&app, &client, &address).await;
    let response = client.delete(app.url(&address)).header("sec-fetch-site", "same-origin").send().await.unwrap();
    assert_eq!(response.status(), 204);
    assert_eq!(get(&app, &client, &address).await.0, 404);
    let parcels = || Form::new().text("kind", "parcels").part("file", Part::bytes(b"{}".to_vec()).file_name("a.json"));
    assert_eq!(upload(&app, &client, parcels()).await.0, 403, "a steward brings no parcels");
    let inspector = app.signed_in("inspector").await;
    assert_eq!(upload(&app, &inspector, returns("x")).await.0, 403);
    let (status, problem) = upload(&app, &client, Form::new().text("kind", "returns")).await;
    assert_eq!((status, &problem["code"]), (400, &json!("bad_request")));
    let clerk = app.signed_in("contract").await;
    let confirming = returns("x").text("confirm_figures", "1");
    assert_eq!(upload(&app, &clerk, confirming).await.0, 400, "no department, nothing to confirm");
}
