//! The real server on a free port, with a database of its own.

use std::net::SocketAddr;
use std::sync::Arc;

use chrono::{DateTime, TimeZone, Utc};
use muheng::account::{self, DEMONSTRATION_PASSWORD};
use muheng::base::clock::Clock;
use muheng::db::{PgPool, Scope};
use muheng::jobs::{Context, runner};
use muheng::web::AppState;
use muheng::web::state::Settings;
use muheng::{allocation, app, codelist, demo, evaluation, importing, policy};
use reqwest::redirect::Policy;
use reqwest::{Client, Response};
use serde_json::Value;

pub struct TestApp {
    pub address: String,
    pub pool: PgPool,
    pub scope: Scope,
    pub home: tempfile::TempDir,
}

/// The day the tests live in.
pub fn now() -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2026, 11, 23, 4, 0, 0).unwrap()
}

impl TestApp {
    /// The demonstration district with its accounts.
    pub async fn start(pool: PgPool) -> Self {
        codelist::load(&pool).await.unwrap();
        policy::store::load(&pool).await.unwrap();
        demo::load(&pool).await.unwrap();
        let scope = Scope::district(demo::DISTRICT.parse().unwrap());
        account::create_demonstration_accounts(&pool, &scope, now()).await.unwrap();
        let home = tempfile::tempdir().unwrap();
        demo::inspections::load(&pool, &scope, home.path(), now()).await.unwrap();
        Self::serve(pool, scope, home).await
    }

    /// The server on a database that holds its district already.
    pub async fn serve(pool: PgPool, scope: Scope, home: tempfile::TempDir) -> Self {
        Self::serve_at(pool, scope, home, now()).await
    }

    /// The same on another day.
    pub async fn serve_at(pool: PgPool, scope: Scope, home: tempfile::TempDir, moment: DateTime<Utc>) -> Self {
        let settings = Settings {
            district: scope.district.clone(),
            district_name: demo::DISTRICT_NAME.to_owned(),
            synthetic: true,
            home: home.path().to_owned(),
            basemap: None,
            public_address: None,
        };
        let context =
            Context { pool: pool.clone(), clock: Clock::System, scope: scope.clone(), home: home.path().into() };
        let of_now = Context { clock: Clock::Fixed(moment), ..context.clone() };
        tokio::spawn(runner::work(of_now.clone(), evaluation::job::KIND));
        tokio::spawn(runner::work(of_now, allocation::job::KIND));
        tokio::spawn(runner::work(context, importing::draft_job::KIND));
        let state = AppState { pool: pool.clone(), clock: Clock::Fixed(moment), settings: Arc::new(settings) };
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let service = app::router(state).into_make_service_with_connect_info::<SocketAddr>();
        tokio::spawn(async move { axum::serve(listener, service).await.unwrap() });
        TestApp { address, pool, scope, home }
    }

    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.address)
    }

    /// A browser without a session. It does not follow redirects.
    pub fn stranger(&self) -> Client {
        Client::builder().cookie_store(true).redirect(Policy::none()).build().unwrap()
    }

    pub async fn signed_in(&self, login: &str) -> Client {
        let client = self.stranger();
        let response = self.sign_in(&client, login, DEMONSTRATION_PASSWORD).await;
        assert_eq!(response.status(), 303, "{login} could not sign in");
        client
    }

    pub async fn sign_in(&self, client: &Client, login: &str, password: &str) -> Response {
        post(client, &self.url("/sign-in"), &[("login", login), ("password", password)]).await
    }

    /// The code of a parcel that is in use today.
    pub async fn some_parcel(&self) -> String {
        let sql = "SELECT parcel_code FROM occupancy o WHERE kind = 'owned' AND EXISTS (SELECT FROM parcel_version p
                       WHERE p.code = o.parcel_code AND upper_inf(p.valid) AND p.superseded_at IS NULL)
                   ORDER BY parcel_code LIMIT 1";
        sqlx::query_scalar(sql).fetch_one(&self.pool).await.unwrap()
    }

    /// A task with a result and photos.
    pub async fn inspection_with_photos(&self) -> uuid::Uuid {
        let sql =
            "SELECT p.task FROM inspection_photo p JOIN inspection_visit v ON v.id = p.visit ORDER BY p.task LIMIT 1";
        sqlx::query_scalar(sql).fetch_one(&self.pool).await.unwrap()
    }

    pub async fn page(&self, client: &Client, path: &str) -> (u16, String) {
        let response = client.get(self.url(path)).send().await.unwrap();
        (response.status().as_u16(), response.text().await.unwrap())
    }
}

/// JSON as our own pages would send it.
pub async fn send(app: &TestApp, client: &Client, path: &str, body: &Value) -> Response {
    let request = client.post(app.url(path)).header("sec-fetch-site", "same-origin");
    request.header("content-type", "application/json").body(body.to_string()).send().await.unwrap()
}

/// The JSON answer to what must be taken.
pub async fn sent(app: &TestApp, client: &Client, path: &str, body: &Value) -> Value {
    let response = send(app, client, path, body).await;
    let status = response.status();
    let text = response.text().await.unwrap();
    assert_eq!(status, 200, "{path}: {text}");
    serde_json::from_str(&text).unwrap()
}

pub async fn json_of(app: &TestApp, client: &Client, path: &str) -> Value {
    let (status, text) = app.page(client, path).await;
    assert_eq!(status, 200, "{path}: {text}");
    serde_json::from_str(&text).unwrap()
}

/// A form, posted as a browser does from one of our own pages.
pub async fn post(client: &Client, url: &str, fields: &[(&str, &str)]) -> Response {
    client
        .post(url)
        .header("sec-fetch-site", "same-origin")
        .header("content-type", "application/x-www-form-urlencoded")
        .body(serde_urlencoded::to_string(fields).unwrap())
        .send()
        .await
        .unwrap()
}

/// What a PDF document says, without the breaks of lines and cells.
pub fn pdf_text(document: &[u8]) -> String {
    assert!(document.starts_with(b"%PDF-"));
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), document).unwrap();
    let output = std::process::Command::new("pdftotext").arg(file.path()).arg("-").output();
    let text = String::from_utf8(output.expect("pdftotext is installed by scripts/install test").stdout).unwrap();
    text.split_whitespace().collect()
}

pub fn pdf_pages(document: &[u8]) -> usize {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), document).unwrap();
    let output = std::process::Command::new("pdfinfo").arg(file.path()).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let line = text.lines().find_map(|line| line.strip_prefix("Pages:")).unwrap();
    line.trim().parse().unwrap()
}
