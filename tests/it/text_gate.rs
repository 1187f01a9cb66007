//! The gate for text on every route there is: a NUL anywhere is refused, and never a fault of ours.

use std::collections::BTreeMap;

use muheng::account::{Role, RouteEntry, Verb};
use muheng::app;
use muheng::db::PgPool;
use reqwest::multipart::{Form, Part};
use reqwest::{Client, RequestBuilder};

use crate::support::{TestApp, post};

/// A demonstration account of each role.
const LOGINS: [(Role, &str); 11] = [
    (Role::AdmissionOfficer, "admission"),
    (Role::Approver, "approver"),
    (Role::Inspector, "inspector"),
    (Role::ContractClerk, "contract"),
    (Role::Evaluator, "evaluator"),
    (Role::GroupOffice, "office"),
    (Role::DataSteward, "land"),
    (Role::SubdistrictClerk, "changqing"),
    (Role::Auditor, "auditor"),
    (Role::Administrator, "admin"),
    (Role::DataSteward, "tax"),
];

struct Walk<'a> {
    app: &'a TestApp,
    clients: Vec<(Role, Client)>,
    wrong: Vec<String>,
    asked: usize,
}

impl Walk<'_> {
    fn client(&self, entry: &RouteEntry) -> &Client {
        let may = self.clients.iter().find(|(role, _)| role.may(entry.access));
        &may.unwrap_or_else(|| panic!("nobody may {}", entry.path)).1
    }

    fn request(&self, entry: &RouteEntry, address: &str) -> RequestBuilder {
        let (client, url) = (self.client(entry), self.app.url(address));
        let request = match entry.verb {
            Verb::Get => client.get(url),
            Verb::Post => client.post(url),
            Verb::Delete => client.delete(url),
        };
        request.header("sec-fetch-site", "same-origin")
    }

    async fn expect(&mut self, what: &str, entry: &RouteEntry, request: RequestBuilder, allowed: &[u16]) {
        let status = request.send().await.unwrap().status().as_u16();
        self.asked += 1;
        let fine = if allowed.is_empty() { status < 500 } else { allowed.contains(&status) };
        if !fine {
            self.wrong.push(format!("{:?} {} with {what}: {status}", entry.verb, entry.path));
        }
    }
}

/// The path with each `{parameter}` filled in.
fn filled(path: &str, with: &str) -> String {
    let mut parts = Vec::new();
    for part in path.split('/') {
        parts.push(match part.split_once('{') {
            Some((before, _)) => format!("{before}{with}"),
            None => part.to_owned(),
        });
    }
    parts.join("/")
}

#[sqlx::test(migrator = "muheng::db::MIGRATOR")]
async fn a_nul_in_any_place_of_any_route_is_refused(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let mut clients = Vec::new();
    for (role, login) in LOGINS {
        clients.push((role, app.signed_in(login).await));
    }
    let mut walk = Walk { app: &app, clients, wrong: Vec::new(), asked: 0 };
    // A cursor that is no cursor of ours but reads as one.
    let cursor = muheng::web::cursor::encode(&("a\0", "b\0"));
    for entry in &app::route_table() {
        let plain = filled(entry.path, "x");
        if entry.path.contains('{') {
            for part in ["%00", "a%00b", "%01", "%0a", "%C2%80"] {
                let request = walk.request(entry, &filled(entry.path, part));
                walk.expect(&format!("{part} in its path"), entry, request, &[400]).await;
            }
        }
        for query in ["q=%00", "after=a%00", "%00=1", "as_of=2024-01-01%00", "year=%00"] {
            let request = walk.request(entry, &format!("{plain}?{query}"));
            walk.expect(query, entry, request, &[400]).await;
        }
        if entry.verb == Verb::Get {
            let request = walk.request(entry, &format!("{plain}?after={cursor}"));
            walk.expect("a cursor that holds NUL", entry, request, &[]).await;
        }
        if entry.verb == Verb::Get || entry.path == "/sign-out" {
            continue;
        }
        let form = |body: &'static str| ("application/x-www-form-urlencoded", body);
        for (kind, body) in [
            form("reason=%00"),
            form("a%00=1"),
            form("version=1&name=a%1bb"),
            ("application/json", r#"{"a":"\u0000"}"#),
            ("application/json", r#"[{"a\u0000":1}]"#),
            ("application/json; charset=utf-8", r#"{"note":{"deep":["x","\u0001"]}}"#),
        ] {
            let request = walk.request(entry, &plain).header("content-type", kind).body(body);
            walk.expect(body, entry, request, &[422]).await;
        }
        for body in [
            Form::new().text("reason", "a\0b"),
            Form::new().text("shapes", "1,2\u{1}").part("file", Part::bytes(vec![0; 4]).file_name("a.txt")),
            Form::new().part("file", Part::bytes(vec![0; 4]).file_name("a%00b.txt")),
        ] {
            let request = walk.request(entry, &plain).multipart(body);
            walk.expect("a form with files", entry, request, &[]).await;
        }
    }
    for path in ["/parcels/new", "/imports", "/policy/submissions", "/admission/cases/new", "/admission/what-if/file"] {
        let table = app::route_table();
        let entry = table.iter().find(|entry| entry.path == path && entry.verb == Verb::Post).unwrap();
        for body in [Form::new().text("kind", "a\0b"), Form::new().text("starts_on", "a".repeat(501))] {
            let request = walk.request(entry, path).multipart(body);
            walk.expect("a text in a form with files", entry, request, &[422]).await;
        }
    }
    assert!(walk.asked > 2000, "{}", walk.asked);
    assert!(walk.wrong.is_empty(), "{} of {}:\n{}", walk.wrong.len(), walk.asked, walk.wrong.join("\n"));
}

#[sqlx::test(migrator = "muheng::db::MIGRATOR")]
async fn a_form_that_is_refused_comes_back_with_what_was_typed(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let client = app.signed_in("contract").await;
    let fields = [("name", "甲\u{0}公司"), ("reason", "第一行\r\n第二行"), ("uscc", "91330105MA0000000X")];
    let response = post(&client, &app.url("/enterprises/new"), &fields).await;
    assert_eq!(response.status(), 422);
    let page = response.text().await.unwrap();
    for part in [
        "控制字符（U+0000）",
        "action=\"/enterprises/new\"",
        ">甲公司</textarea>",
        "name=\"uscc\" value=\"91330105MA0000000X\"",
        "第二行",
        "重新提交",
    ] {
        assert!(page.contains(part), "{part} is not in {page}");
    }
    let response = post(&app.stranger(), &app.url("/sign-in"), &[("login", "a\0"), ("password", "hidden-word")]).await;
    assert_eq!(response.status(), 422);
    assert!(!response.text().await.unwrap().contains("hidden-word"), "a password is not written into a page");
}

#[sqlx::test(migrator = "muheng::db::MIGRATOR")]
async fn a_program_is_told_every_place(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let client = app.signed_in("contract").await;
    let request = client.post(app.url("/api/v1/enterprises")).header("sec-fetch-site", "same-origin");
    let body = serde_json::json!({ "name": "甲\0", "figures": { "a/b": ["x", "\u{1b}"] }, "uscc": "亩".repeat(501) });
    let response = request.header("content-type", "application/json").body(body.to_string()).send().await.unwrap();
    assert_eq!(response.status(), 422);
    assert_eq!(response.headers()["content-type"], "application/problem+json");
    let problem: serde_json::Value = serde_json::from_str(&response.text().await.unwrap()).unwrap();
    let faults = problem["faults"].as_array().unwrap();
    let told: BTreeMap<&str, &str> =
        faults.iter().map(|fault| (fault["place"].as_str().unwrap(), fault["code"].as_str().unwrap())).collect();
    let expected = [
        ("/name", "text_control_character"),
        ("/figures/a~1b/1", "text_control_character"),
        ("/uscc", "text_too_long"),
    ];
    assert_eq!(told, BTreeMap::from(expected));
}

#[sqlx::test(migrator = "muheng::db::MIGRATOR")]
async fn what_nobody_sees_is_no_text_and_a_name_reads_as_it_is_kept(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let client = app.signed_in("contract").await;
    let code = "91330105MA0000000X";
    for (fields, said) in [
        ([("name", "甲公司"), ("reason", "\u{200b}"), ("uscc", code)], "只有看不见的字符（U+200B）"),
        ([("name", " \u{feff}\u{2060}"), ("reason", "新设"), ("uscc", code)], "只有看不见的字符（U+FEFF）"),
        ([("name", "甲\u{202e}乙公司"), ("reason", "新设"), ("uscc", code)], "改变文字的方向（U+202E）"),
    ] {
        let response = post(&client, &app.url("/enterprises/new"), &fields).await;
        assert_eq!(response.status(), 422, "{fields:?}");
        let page = response.text().await.unwrap();
        assert!(page.contains(said), "{fields:?}: {page}");
    }
    let body = r#"{"judgements":{"industry_catalogue":{"conforms":true,"reason":"\u200b"}}}"#;
    let request = client.post(app.url("/api/v1/admission/check")).header("sec-fetch-site", "same-origin");
    let response = request.header("content-type", "application/json").body(body).send().await.unwrap();
    assert_eq!(response.status(), 422);
    let problem: serde_json::Value = response.json().await.unwrap();
    assert_eq!(problem["code"], "text_invisible", "{problem}");
    assert_eq!(problem["place"], "/judgements/industry_catalogue/reason");
    // What a program gets wrong is said in Chinese, with what may stand there.
    let request = client.post(app.url("/api/v1/admission/check")).header("sec-fetch-site", "same-origin");
    let request = request.header("content-type", "application/json").body(r#"{"land_kind":"swamp"}"#);
    let problem: serde_json::Value = request.send().await.unwrap().json().await.unwrap();
    let detail = problem["detail"].as_str().unwrap();
    assert!(detail.contains("不认识代码“swamp”") && detail.contains("industrial"), "{detail}");
    assert!(!detail.contains("unknown") && !detail.contains("expected"), "{detail}");
}
