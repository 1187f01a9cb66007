//! What goes wrong is a problem document for programs and a page for people, also where the framework refuses first.

use muheng::db::PgPool;
use reqwest::{Client, Response};
use serde_json::Value;

use crate::support::TestApp;

async fn problem(response: Response) -> (u16, Value) {
    let kind = response.headers()["content-type"].to_str().unwrap().to_owned();
    let status = response.status().as_u16();
    let text = response.text().await.unwrap();
    assert_eq!(kind, "application/problem+json", "{text}");
    (status, serde_json::from_str(&text).unwrap())
}

async fn get(app: &TestApp, client: &Client, path: &str) -> (u16, Value) {
    problem(client.get(app.url(path)).send().await.unwrap()).await
}

#[sqlx::test(migrator = "muheng::db::MIGRATOR")]
async fn every_refusal_of_the_api_is_a_problem_document(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let client = app.signed_in("contract").await;
    for (path, expected) in [
        ("/api/v1/parcels?colour=red", 400),
        ("/api/v1/parcels?size_of_page=501", 400),
        ("/api/v1/parcels?after=!", 400),
        ("/api/v1/parcels/330105001001GB99999", 404),
        ("/api/v1/imports/7", 400),
        ("/api/v1/nothing", 404),
    ] {
        let (status, problem) = get(&app, &client, path).await;
        assert_eq!((status, &problem["status"]), (expected, &expected.into()), "{path}: {problem}");
        assert!(problem["detail"].as_str().is_some_and(|detail| !detail.is_empty()), "{path}: {problem}");
    }
    let send = |path: &'static str, kind: &'static str, body: &'static str| {
        let request = client.post(app.url(path)).header("sec-fetch-site", "same-origin");
        request.header("content-type", kind).body(body).send()
    };
    for (path, kind, body, expected) in [
        ("/api/v1/breaches", "application/json", "{", 400),
        ("/api/v1/breaches", "application/json", "{\"odd\":1}", 422),
        ("/api/v1/breaches", "text/plain", "{}", 415),
        ("/api/v1/enterprises", "application/json", "[", 400),
        ("/api/v1/parcels", "application/json", "{}", 405),
    ] {
        let response = send(path, kind, body).await.unwrap();
        let allowed = response.headers().get("allow").cloned();
        let (status, problem) = problem(response).await;
        assert_eq!(status, expected, "{path} {body}: {problem}");
        assert_eq!(allowed.is_some(), expected == 405, "{path}");
    }
    let (status, problem) = get(&app, &app.stranger(), "/api/v1/parcels").await;
    assert_eq!((status, &problem["code"]), (401, &"not_signed_in".into()));
}

#[sqlx::test(migrator = "muheng::db::MIGRATOR")]
async fn every_refusal_of_a_page_is_a_page(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let client = app.signed_in("inspector").await;
    for (path, expected) in [("/parcels?colour=red", 400), ("/low-efficiency/x/y", 400), ("/nothing", 404)] {
        let (status, page) = app.page(&client, path).await;
        assert_eq!(status, expected, "{path}");
        assert!(page.contains("<!doctype html>") && page.contains("无法完成操作"), "{path}: {page}");
    }
}
