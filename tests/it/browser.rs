//! A real browser on the real server: what the inspector and the clerk do first.

use std::net::TcpListener;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use fantoccini::{Client, ClientBuilder, Locator};
use muheng::account::DEMONSTRATION_PASSWORD;
use muheng::db::PgPool;
use serde_json::json;

use crate::support::TestApp;

struct Browser {
    driver: Child,
    client: Client,
    _profile: tempfile::TempDir,
}

impl Browser {
    async fn open(width: u32, height: u32) -> Self {
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let driver = Command::new("chromedriver")
            .arg(format!("--port={port}"))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("chromedriver is installed by scripts/install test");
        let profile = tempfile::tempdir().unwrap();
        let arguments = [
            "--headless=new".to_owned(),
            "--no-sandbox".to_owned(),
            "--disable-dev-shm-usage".to_owned(),
            "--disable-quic".to_owned(),
            "--no-first-run".to_owned(),
            "--disable-background-networking".to_owned(),
            "--disable-component-update".to_owned(),
            "--disable-sync".to_owned(),
            format!("--window-size={width},{height}"),
            format!("--user-data-dir={}", profile.path().display()),
        ];
        let mut capabilities = serde_json::Map::new();
        capabilities.insert("goog:chromeOptions".into(), json!({ "args": arguments, "binary": "/usr/bin/chromium" }));
        capabilities.insert("goog:loggingPrefs".into(), json!({ "browser": "ALL" }));
        let connector = hyper_util::client::legacy::connect::HttpConnector::new();
        let address = format!("http://127.0.0.1:{port}");
        let mut client = None;
        for _ in 0..100 {
            match ClientBuilder::new(connector.clone()).capabilities(capabilities.clone()).connect(&address).await {
                Ok(connected) => {
                    client = Some(connected);
                    break;
                }
                Err(_) => tokio::time::sleep(Duration::from_millis(100)).await,
            }
        }
        Browser { driver, client: client.expect("the browser starts"), _profile: profile }
    }

    async fn sign_in(&self, app: &TestApp, login: &str) {
        self.client.goto(&app.url("/sign-in")).await.unwrap();
        self.type_into("#login", login).await;
        self.type_into("#password", DEMONSTRATION_PASSWORD).await;
        self.click("button[type=submit]").await;
        self.wait_for("header .navbar-brand").await;
    }

    async fn type_into(&self, selector: &str, text: &str) {
        self.client.find(Locator::Css(selector)).await.unwrap().send_keys(text).await.unwrap();
    }

    async fn click(&self, selector: &str) {
        self.client.find(Locator::Css(selector)).await.unwrap().click().await.unwrap();
    }

    /// A click where the page may still be scrolling towards the element.
    async fn press(&self, selector: &str) {
        let script = "document.querySelector(arguments[0]).click()";
        self.client.execute(script, vec![json!(selector)]).await.unwrap();
    }

    async fn wait_for(&self, selector: &str) {
        self.client.wait().at_most(Duration::from_secs(30)).for_element(Locator::Css(selector)).await.unwrap();
    }

    async fn text(&self, selector: &str) -> String {
        self.client.find(Locator::Css(selector)).await.unwrap().text().await.unwrap()
    }

    /// How many pixels the page is wider than the window; a phone's page must not scroll sideways.
    async fn overflow(&self) -> i64 {
        let script = "return document.documentElement.scrollWidth - document.documentElement.clientWidth";
        self.client.execute(script, vec![]).await.unwrap().as_i64().unwrap()
    }

    async fn close(mut self) {
        let _ = self.client.clone().close().await;
        let _ = self.driver.kill();
        let _ = self.driver.wait();
    }
}

#[sqlx::test(migrator = "muheng::db::MIGRATOR")]
async fn the_desk_leads_to_the_low_efficiency_list_and_its_reasons(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let browser = Browser::open(1280, 800).await;
    browser.sign_in(&app, "inspector").await;
    browser.wait_for("[hx-get='/desk/low-efficiency'] table").await;
    browser.click("[hx-get='/desk/low-efficiency'] tbody tr:first-child a").await;
    browser.wait_for("h1").await;
    assert!(browser.text("h1").await.contains("低效企业清单"));
    assert!(browser.text("main").await.contains("元/亩"));
    browser.close().await;
}

#[sqlx::test(migrator = "muheng::db::MIGRATOR")]
async fn no_page_scrolls_sideways_on_a_phone(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let browser = Browser::open(390, 844).await;
    browser.sign_in(&app, "admin").await;
    let parcel = app.some_parcel().await;
    let dossier = format!("/parcels/{parcel}");
    let pages = [
        "/",
        "/low-efficiency",
        "/map",
        "/parcels",
        "/enterprises",
        "/imports",
        "/imports/new",
        "/policy",
        "/accounts",
        "/account",
        "/audit",
        "/admission/cases",
        "/admission/board",
        "/admission/offers",
        "/admission/consultations",
        "/admission/what-if",
        &dossier,
    ];
    for path in pages {
        browser.client.goto(&app.url(path)).await.unwrap();
        browser.wait_for("h1").await;
        assert_eq!(browser.overflow().await, 0, "{path} is wider than the phone");
    }
    browser.close().await;
}

#[sqlx::test(migrator = "muheng::db::MIGRATOR")]
async fn the_map_draws_finds_a_parcel_and_leads_to_its_dossier(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let parcel = app.some_parcel().await;
    let browser = Browser::open(1280, 800).await;
    browser.sign_in(&app, "inspector").await;
    browser.client.goto(&app.url("/map?year=2024")).await.unwrap();
    browser.wait_for("body[data-map-idle=true]").await;
    browser.type_into("#map-search", &parcel).await;
    browser.wait_for("#map-search-list [role=option]").await;
    browser.click("#map-search-list [role=option]").await;
    browser.wait_for(&format!("#map-panel a[href^='/parcels/{parcel}']")).await;
    assert!(browser.text("#map-panel").await.contains("平方米"));
    browser.client.goto(&app.url(&format!("/parcels/{parcel}"))).await.unwrap();
    browser.wait_for(".mini-map svg").await;
    assert!(browser.text("main").await.contains(&parcel));
    browser.close().await;
}

#[sqlx::test(migrator = "muheng::db::MIGRATOR")]
async fn a_clerk_uploads_a_file_answers_the_question_and_sees_each_refused_record(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let file = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/examples/parcels/bubenec.gpkg");
    let browser = Browser::open(1280, 800).await;
    browser.sign_in(&app, "contract").await;
    browser.client.goto(&app.url("/imports/new")).await.unwrap();
    browser.type_into("#file", file.canonicalize().unwrap().to_str().unwrap()).await;
    browser.click(".card-footer button[type=submit]").await;
    browser.wait_for("#srid, [name=srid], [name=layer]").await;
    assert!(browser.text("main").await.contains("图层") || browser.text("main").await.contains("坐标系"));
    browser.close().await;
}

/// From a form that is filled in to the printed opinion, each person at their own browser.
#[sqlx::test(migrator = "muheng::db::MIGRATOR")]
async fn a_project_is_applied_for_checked_decided_and_printed(pool: PgPool) {
    let app = TestApp::start(pool).await;
    muheng::demo::cases::load(&app.pool, &app.scope).await.unwrap();
    let sql = "SELECT id::text FROM admission_case WHERE stage = 'draft'";
    let id: String = sqlx::query_scalar(sql).fetch_one(&app.pool).await.unwrap();
    let address = app.url(&format!("/admission/cases/{id}"));

    let officer = Browser::open(1280, 900).await;
    officer.sign_in(&app, "admission").await;
    officer.client.goto(&format!("{address}/edit")).await.unwrap();
    officer.wait_for("#live [data-verdict=not_determinable]").await;
    // The check follows what is typed: too little tax fails at once.
    officer.client.find(Locator::Css("#figure-annual_tax")).await.unwrap().clear().await.unwrap();
    officer.type_into("#figure-annual_tax", "1").await;
    officer.wait_for("#live [data-verdict=does_not_conform]").await;
    officer.client.find(Locator::Css("#figure-annual_tax")).await.unwrap().clear().await.unwrap();
    officer.type_into("#figure-annual_tax", "9000").await;
    officer.wait_for("#live [data-verdict=not_determinable]").await;
    officer.press("button[name=intent][value=submit]").await;
    officer.wait_for("#stage[data-stage=submitted]").await;
    officer.press("button[name=action][value=accept]").await;
    officer.wait_for("#stage[data-stage=accepted]").await;
    officer.type_into("input[name=reason][aria-label='判断的理由']", "不属于限制类").await;
    officer.press("button[name=conforms][value='1']").await;
    officer.wait_for("#check [data-verdict=conforms]").await;
    officer.press("button[name=action][value=consult]").await;
    officer.wait_for("#stage[data-stage=opinions]").await;

    for login in ["land", "industry", "reform", "environment", "tax", "safety"] {
        officer.client.delete_all_cookies().await.unwrap();
        officer.sign_in(&app, login).await;
        officer.client.goto(&address).await.unwrap();
        officer.press("#my-opinion input[value=agree]").await;
        officer.press("#my-opinion button").await;
        officer.wait_for("#opinions").await;
    }
    officer.client.delete_all_cookies().await.unwrap();
    officer.sign_in(&app, "admission").await;
    officer.client.goto(&address).await.unwrap();
    officer.type_into("#recommend-reason", "核查符合，意见齐备").await;
    officer.press("#recommend button[value=admit]").await;
    officer.wait_for("#stage[data-stage=recommended]").await;

    officer.client.delete_all_cookies().await.unwrap();
    officer.sign_in(&app, "approver").await;
    officer.client.goto(&address).await.unwrap();
    officer.type_into("#decide-reason", "同意").await;
    officer.press("#decide button[value=admitted]").await;
    officer.wait_for("#outcome").await;
    officer.client.goto(&format!("{address}/opinion")).await.unwrap();
    officer.wait_for(".mini-map svg").await;
    assert_eq!(officer.text("#decision").await, "准予准入");
    let code = officer.text("#verify-code").await;
    officer.client.delete_all_cookies().await.unwrap();
    officer.client.goto(&app.url("/verify")).await.unwrap();
    officer.type_into("#code", &code).await;
    officer.press("main button").await;
    officer.wait_for("#verified").await;
    assert!(officer.text("#verified").await.contains("准予准入"));
    officer.close().await;
}
