//! A real browser on the real server: what the inspector and the clerk do first.

use std::net::TcpListener;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use fantoccini::{Client, ClientBuilder, Locator};
use muheng::account::DEMONSTRATION_PASSWORD;
use muheng::db::PgPool;
use rust_decimal_macros::dec;
use serde_json::json;

use crate::support::{TestApp, pdf_text};

pub struct Browser {
    driver: Child,
    pub client: Client,
    _profile: tempfile::TempDir,
}

impl Browser {
    /// How many colours the keys of the planning layers have, and whether each has the width to show it.
    async fn distinct_plan_keys(&self) -> serde_json::Value {
        let script = "const keys = [...document.querySelectorAll('#map-plans .mh-swatch')];
            const colours = new Set(keys.map((key) => getComputedStyle(key).backgroundColor));
            return [colours.size, keys.every((key) => key.offsetWidth >= 12)];";
        self.client.execute(script, Vec::new()).await.unwrap()
    }

    pub async fn open(width: u32, height: u32) -> Self {
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

    pub async fn sign_in(&self, app: &TestApp, login: &str) {
        self.sign_in_at(&app.address, login).await;
    }

    pub async fn sign_in_at(&self, address: &str, login: &str) {
        self.client.goto(&format!("{address}/sign-in")).await.unwrap();
        self.type_into("#login", login).await;
        self.type_into("#password", DEMONSTRATION_PASSWORD).await;
        self.click("button[type=submit]").await;
        self.wait_for("header .navbar-brand").await;
    }

    pub async fn type_into(&self, selector: &str, text: &str) {
        self.client.find(Locator::Css(selector)).await.unwrap().send_keys(text).await.unwrap();
    }

    pub async fn click(&self, selector: &str) {
        self.client.find(Locator::Css(selector)).await.unwrap().click().await.unwrap();
    }

    /// A click where the page may still be scrolling towards the element.
    pub async fn press(&self, selector: &str) {
        let script = "document.querySelector(arguments[0]).click()";
        self.client.execute(script, vec![json!(selector)]).await.unwrap();
    }

    pub async fn wait_for(&self, selector: &str) {
        self.client.wait().at_most(Duration::from_secs(30)).for_element(Locator::Css(selector)).await.unwrap();
    }

    pub async fn text(&self, selector: &str) -> String {
        self.client.find(Locator::Css(selector)).await.unwrap().text().await.unwrap()
    }

    /// How many pixels the page is wider than the window; a phone's page must not scroll sideways.
    pub async fn overflow(&self) -> i64 {
        let script = "return document.documentElement.scrollWidth - document.documentElement.clientWidth";
        self.client.execute(script, vec![]).await.unwrap().as_i64().unwrap()
    }

    pub async fn close(mut self) {
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
    let inspection = format!("/inspections/{}", app.inspection_with_photos().await);
    let record = format!("{inspection}/print?places=1");
    let pages = [
        "/",
        "/low-efficiency",
        "/map",
        "/parcels",
        "/enterprises",
        "/enterprises/new",
        "/occupancies/new",
        "/parcels/new",
        "/parcels/move-boundary",
        "/imports",
        "/imports/new",
        "/policy",
        "/accounts",
        "/account",
        "/audit",
        "/inspections",
        "/inspections/new?supply=idle",
        &inspection,
        &record,
        "/admission/cases",
        "/admission/board",
        "/admission/offers",
        "/admission/consultations",
        "/admission/map",
        "/admission/what-if",
        "/policy/rules",
        "/policy/submissions",
        "/planning",
        "/notices",
        "/breaches",
        "/contracts/board",
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
    assert_eq!(
        browser.distinct_plan_keys().await,
        json!([6, true]),
        "each layer has a colour of its own, wide enough to see"
    );
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
async fn the_map_understands_the_old_code_of_a_subdistrict_in_its_address(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let browser = Browser::open(1280, 800).await;
    browser.sign_in(&app, "inspector").await;
    for (day, place) in [("2026-11-23", "330103001"), ("2021-04-08", "330103001"), ("2021-04-08", "330105014")] {
        browser.client.goto(&app.url(&format!("/map?year=2024&as_of={day}&subdistrict={place}"))).await.unwrap();
        browser.wait_for("body[data-map-idle=true]").await;
        let chosen = "return document.getElementById('filter-subdistrict').selectedOptions[0].text";
        let chosen = browser.client.execute(chosen, vec![]).await.unwrap();
        assert_eq!(chosen, "长庆街道", "{day} {place}");
        let value = "return document.getElementById('filter-subdistrict').value";
        let value = browser.client.execute(value, vec![]).await.unwrap();
        assert_eq!(value, "330105014", "the code that the tiles carry");
    }
    browser.close().await;
}

#[sqlx::test(migrator = "muheng::db::MIGRATOR")]
async fn a_clerk_uploads_a_file_answers_the_question_and_sees_each_refused_record(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let folder = tempfile::tempdir().unwrap();
    let file = crate::made::geopackage::suburb(folder.path());
    let browser = Browser::open(1280, 800).await;
    browser.sign_in(&app, "contract").await;
    browser.client.goto(&app.url("/imports/new")).await.unwrap();
    browser.type_into("#file", file.to_str().unwrap()).await;
    browser.click(".card-footer button[type=submit]").await;
    browser.wait_for("[name=answer]").await;
    let asked = browser.text("main").await;
    assert!(asked.contains("图层") || asked.contains("坐标系"), "{asked}");
    browser.close().await;
}

impl Browser {
    /// Into fields that a keyboard fills by the customs of a country, and into long ones.
    pub async fn put(&self, selector: &str, value: &str) {
        let script = "document.querySelector(arguments[0]).value = arguments[1]";
        self.client.execute(script, vec![json!(selector), json!(value)]).await.unwrap();
    }

    /// What stands in a field becomes another value at once; an empty field in between would be checked too.
    async fn replace(&self, selector: &str, value: &str) {
        self.put(selector, value).await;
        let script = "document.querySelector(arguments[0]).dispatchEvent(new Event('input', { bubbles: true }))";
        self.client.execute(script, vec![json!(selector)]).await.unwrap();
    }

    pub async fn submit(&self, form: &str) {
        let script = "document.querySelector(arguments[0]).requestSubmit(document.querySelector(arguments[0] + ' button[type=submit]'))";
        self.client.execute(script, vec![json!(form)]).await.unwrap();
    }

    /// Types an application into the blank form, field by field.
    async fn fill_in(&self, application: &serde_json::Value) {
        let script = "const form = document.querySelector('#application'), typed = arguments[0];
            const put = (field, value) => {
                field.value = value;
                field.dispatchEvent(new Event('input', { bubbles: true }));
                field.dispatchEvent(new Event('change', { bubbles: true }));
            };
            for (const [name, value] of Object.entries(typed)) {
                if (typeof value === 'string' && form.elements[name]) put(form.elements[name], value);
            }
            for (const [name, figure] of Object.entries(typed.figures)) {
                put(form.elements['figure.' + name], figure.value);
                if (figure.unit) put(form.elements['unit.' + name], figure.unit);
            }
            typed.floors.forEach((floor, place) => {
                if (place > 0) form.querySelector('[data-mh-add]').click();
                const row = form.querySelectorAll('#floors tr')[place];
                for (const part of ['name', 'area', 'height']) put(row.querySelector(`[name=floor_${part}]`), floor[part]);
            });";
        self.client.execute(script, vec![application.clone()]).await.unwrap();
    }

    pub async fn wait_for_text(&self, text: &str) {
        let path = format!("//main[contains(., '{text}')]");
        let wait = self.client.wait().at_most(Duration::from_secs(30)).for_element(Locator::XPath(&path)).await;
        if wait.is_err() {
            panic!("“{text}” is not in: {}", self.text("main").await);
        }
    }

    async fn grounds(&self, part: &str, day: &str) {
        self.put(&format!("#effective_on-{part}"), day).await;
        self.put(&format!("#source-{part}"), "测绘报告").await;
        self.put(&format!("#reason-{part}"), "浏览器测试").await;
    }
}

#[sqlx::test(migrator = "muheng::db::MIGRATOR")]
async fn a_parcel_is_split_and_its_parts_merged_on_the_forms(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let halves = "WITH it AS (SELECT code, ST_Transform(geom, 4528) AS g FROM parcel_version WHERE superseded_at IS NULL AND upper_inf(valid)
                      AND lower(valid) < '2022-01-01' AND abs(official_area_m2 - plane_area_m2) < 0.01),
                  m AS (SELECT *, (ST_XMin(g) + ST_XMax(g)) / 2 AS x FROM it),
                  h AS (SELECT code, ST_Intersection(g, ST_MakeEnvelope(ST_XMin(g) - 1, ST_YMin(g) - 1, x, ST_YMax(g) + 1, 4528)) AS west,
                            ST_Intersection(g, ST_MakeEnvelope(x, ST_YMin(g) - 1, ST_XMax(g) + 1, ST_YMax(g) + 1, 4528)) AS east FROM m)
                  SELECT code, ST_AsGeoJSON(ST_Transform(west, 4490), 12, 0), ST_AsGeoJSON(ST_Transform(east, 4490), 12, 0)
                  FROM h WHERE ST_GeometryType(west) = 'ST_Polygon' AND ST_GeometryType(east) = 'ST_Polygon' ORDER BY code LIMIT 1";
    let (code, west, east): (String, String, String) = sqlx::query_as(halves).fetch_one(&app.pool).await.unwrap();
    let feature = |shape: &str| json!({ "type": "Feature", "properties": {}, "geometry": serde_json::from_str::<serde_json::Value>(shape).unwrap() });
    let shapes = json!({ "type": "FeatureCollection", "features": [feature(&west), feature(&east)] }).to_string();
    let [first, second, whole] = ["330105014001GB90001", "330105014001GB90002", "330105014001GB90003"];
    let browser = Browser::open(1280, 800).await;
    browser.sign_in(&app, "contract").await;
    let form = format!("form[action='/parcels/{code}/split']");
    browser.client.goto(&app.url(&format!("/parcels/{code}/split"))).await.unwrap();
    browser.put("#shapes", &shapes).await;
    browser.put("#successors", first).await;
    browser.grounds("split", "2026-01-01").await;
    browser.submit(&form).await;
    browser.wait_for_text("应一一对应").await;
    browser.put("#successors", &format!("{first}\n{second}")).await;
    browser.submit(&form).await;
    browser.wait_for_text("该宗地已于 2026-01-01 分割为").await;
    browser.client.goto(&app.url(&format!("/parcels/merge?codes={first},{second}"))).await.unwrap();
    browser.put("#successors", whole).await;
    browser.grounds("merge", "2026-02-01").await;
    browser.submit("form[action='/parcels/merge'][method=post]").await;
    browser.wait_for_text(whole).await;
    browser.wait_for(".mini-map svg").await;
    browser.client.goto(&app.url(&format!("/parcels/{first}"))).await.unwrap();
    browser.wait_for_text("该宗地已于 2026-02-01 合并为").await;
    browser.close().await;
}

#[sqlx::test(migrator = "muheng::db::MIGRATOR")]
async fn an_enterprise_is_entered_confirmed_and_renamed_by_hand(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let code: String = muheng::base::code::uscc_with_check_digit("91330105MA2TE0077").unwrap().into();
    let digit = if code.ends_with('0') { '1' } else { '0' };
    let wrong = format!("{}{digit}", &code[..17]);
    let browser = Browser::open(390, 844).await;
    browser.sign_in(&app, "tax").await;
    browser.client.goto(&app.url("/enterprises/new")).await.unwrap();
    assert_eq!(browser.overflow().await, 0);
    for (field, value) in [("#uscc", wrong.as_str()), ("#name", "手工登记的企业"), ("#industry", "3311")] {
        browser.type_into(field, value).await;
    }
    for (field, value) in
        [("#size_class", "below"), ("#effective_on", "2024-01-01"), ("#source", "执照"), ("#reason", "新设")]
    {
        browser.put(field, value).await;
    }
    browser.submit("form[action='/enterprises/new']").await;
    browser.wait_for("[data-code=uscc_check_digit]").await;
    browser.client.execute("document.querySelector('[name=confirm]').checked = true", vec![]).await.unwrap();
    browser.submit("form[action='/enterprises/new']").await;
    browser.wait_for_text("校验位不符，已由").await;
    browser.wait_for(&format!("a[href='/enterprises/{wrong}/edit']")).await;
    browser.client.goto(&app.url(&format!("/enterprises/{wrong}/edit"))).await.unwrap();
    browser.wait_for("[name=base]").await;
    browser.put("#name", "改名后的企业").await;
    browser.put("#source", "变更通知书").await;
    browser.put("#reason", "更名").await;
    browser.put("#effective_on", "2025-01-01").await;
    browser.submit(&format!("form[action='/enterprises/{wrong}/change']")).await;
    browser.wait_for_text("2025-01-01（不含）").await;
    assert!(browser.text("h1").await.contains("改名后的企业"));
    browser.close().await;
}

/// From a form that is filled in to the printed opinion, each person at their own browser.
#[sqlx::test(migrator = "muheng::db::MIGRATOR")]
async fn a_project_is_applied_for_checked_decided_and_printed(pool: PgPool) {
    let app = TestApp::start(pool).await;
    muheng::demo::cases::load(&app.pool, &app.scope).await.unwrap();
    let sql = "SELECT application FROM admission_case WHERE stage = 'draft'";
    let typed: serde_json::Value = sqlx::query_scalar(sql).fetch_one(&app.pool).await.unwrap();

    let officer = Browser::open(1280, 900).await;
    officer.sign_in(&app, "admission").await;
    officer.client.goto(&app.url("/admission/cases/new")).await.unwrap();
    officer.wait_for("#live .mh-check").await;
    officer.fill_in(&typed).await;
    officer.wait_for_text("内容齐备，可以提交").await;
    officer.wait_for("#live [data-verdict=not_determinable]").await;
    // The check follows what is typed: too little tax fails at once.
    officer.replace("#figure-annual_tax", "1").await;
    officer.wait_for("#live [data-verdict=does_not_conform]").await;
    officer.replace("#figure-annual_tax", "9000").await;
    officer.wait_for("#live [data-verdict=not_determinable]").await;
    let table = async |place: &str| {
        let script = "return document.querySelector(arguments[0] + ' .mh-check').innerHTML";
        officer.client.execute(script, vec![json!(place)]).await.unwrap()
    };
    let live = table("#live").await;
    officer.press("button[name=intent][value=submit]").await;
    officer.wait_for("#stage[data-stage=submitted]").await;
    assert_eq!(table("#check").await, live, "the stored check is the one that ran along");
    let address = officer.client.current_url().await.unwrap().to_string();
    let id = address.rsplit('/').next().unwrap();
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
        officer.wait_for("#my-opinion input[value=agree][checked]").await;
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
    // The paper says what the page says.
    let link = officer.client.find(Locator::Css("a[href$='/opinion.pdf']")).await.unwrap();
    assert_eq!(link.attr("href").await.unwrap().unwrap(), format!("/admission/cases/{id}/opinion.pdf"));
    let approver = app.signed_in("approver").await;
    let answer = approver.get(format!("{address}/opinion.pdf")).send().await.unwrap();
    assert_eq!(answer.headers()["content-type"], "application/pdf");
    let paper = pdf_text(&answer.bytes().await.unwrap());
    for expected in [code.as_str(), "准予准入", "四(一)2", "一律不予准入"] {
        assert!(paper.contains(expected), "{expected}: {paper}");
    }
    officer.client.delete_all_cookies().await.unwrap();
    officer.client.goto(&app.url("/verify")).await.unwrap();
    officer.type_into("#code", &code).await;
    officer.press("main button").await;
    officer.wait_for("#verified").await;
    assert!(officer.text("#verified").await.contains("准予准入"));
    officer.close().await;
}

#[sqlx::test(migrator = "muheng::db::MIGRATOR")]
async fn a_clerk_reads_what_a_late_contract_costs_and_converts_a_stage(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let browser = Browser::open(390, 844).await;
    browser.sign_in(&app, "contract").await;
    for page in ["/contracts", "/contracts/board", "/contracts/calendar", "/contracts/new"] {
        browser.client.goto(&app.url(page)).await.unwrap();
        browser.wait_for("h1").await;
        assert_eq!(browser.overflow().await, 0, "{page} is wider than the phone");
    }
    browser.client.goto(&app.url("/contracts?pressing=overdue&sort=late")).await.unwrap();
    browser.wait_for("#contracts tbody tr").await;
    let late = "document.querySelector('#contracts tbody tr td a').click()";
    browser.client.execute(late, vec![]).await.unwrap();
    browser.wait_for("#duties .mh-overdue summary").await;
    assert_eq!(browser.overflow().await, 0, "the contract is wider than the phone");
    let open = "document.querySelectorAll('#duties .mh-overdue').forEach(it => it.open = true)";
    browser.client.execute(open, vec![]).await.unwrap();
    assert!(browser.text("#duties").await.contains("逾期"));
    assert!(browser.text("#duties .mh-overdue").await.chars().count() > 6, "the arithmetic is written out");
    // A completed project is reviewed on its own page: what was built, the departments, the verdict, then the conclusion.
    let sql = "SELECT t.contract, round(t.granted_area_mu * 2000 / 3, 4) FROM contract_terms t
               JOIN contract_event e ON e.contract = t.contract AND e.kind = 'completion_declared'
               WHERE t.kind = 'staged' AND t.superseded_at IS NULL AND NOT EXISTS (
                   SELECT FROM contract_event r WHERE r.contract = t.contract AND r.kind = 'completion_reviewed')
               ORDER BY t.contract LIMIT 1";
    let (number, area): (String, rust_decimal::Decimal) = sqlx::query_as(sql).fetch_one(&app.pool).await.unwrap();
    let one = app.url(&muheng::contract::present::address_of(&number));
    browser.client.goto(&one).await.unwrap();
    browser.wait_for("#timeline svg").await;
    browser.client.goto(&format!("{one}/events/new")).await.unwrap();
    browser.wait_for("#kind-choice").await;
    assert!(!browser.text("#kind-choice").await.contains("复核"), "a review is no event to be written down");
    browser.client.goto(&one).await.unwrap();
    browser.submit("form[action='/reviews']").await;
    browser.wait_for("input[name='figure.fixed_investment']").await;
    let review = browser.client.current_url().await.unwrap().to_string();
    assert_eq!(browser.overflow().await, 0, "the review is wider than the phone");
    let share = |of: rust_decimal::Decimal| (area * of).round_dp(4).normalize().to_string();
    let figures = [
        ("figure.fixed_investment", dec!(0.6)),
        ("figure.investment_without_land", dec!(0.6)),
        ("figure.built_area", dec!(0.5)),
        ("figure.office_land_area", dec!(0.05)),
        ("figure.office_floor_area", dec!(0.05)),
        ("figure.green_area", dec!(0.1)),
        ("occupied_area", dec!(1)),
    ];
    for (field, of) in figures {
        browser.put(&format!("input[name='{field}']"), &share(of)).await;
    }
    browser.put("#floors-figures", &format!("{} 6 1", share(dec!(1.6)))).await;
    browser.submit("form[action$='/figures']").await;
    browser.wait_for("input[name='occupied_area'][value]:not([value=''])").await;
    for login in ["land", "industry", "environment", "safety"] {
        browser.client.delete_all_cookies().await.unwrap();
        browser.sign_in(&app, login).await;
        browser.client.goto(&review).await.unwrap();
        browser.wait_for("#opinions").await;
        browser.press("#opinions input[value=yes]").await;
        let words = format!("现场核实，符合要求（{login}）");
        browser.put("#reason-opinion", &words).await;
        browser.submit("#opinions").await;
        browser.wait_for_text(&words).await;
    }
    browser.client.delete_all_cookies().await.unwrap();
    browser.sign_in(&app, "contract").await;
    browser.client.goto(&review).await.unwrap();
    browser.wait_for("#outcome-conclusion option[value=passed]").await;
    for (field, value) in [("#outcome-conclusion", "passed"), ("#reason-conclusion", "综合复核验收")] {
        browser.put(field, value).await;
    }
    browser.submit("form[action$='/conclusion']").await;
    browser.wait_for_text("已作出结论").await;
    browser.client.goto(&one).await.unwrap();
    browser.wait_for("#timeline svg").await;
    assert!(browser.text("main").await.contains("已竣工验收"));
    browser.client.goto(&format!("{one}/certificates/new")).await.unwrap();
    browser.wait_for("#certificate-form").await;
    for (field, value) in [("#certificate", "浏览器投产证1号"), ("#source", "验收意见书"), ("#reason", "阶段转换")]
    {
        browser.put(field, value).await;
    }
    browser.submit("#certificate-form").await;
    browser.wait_for_text("权证已登记").await;
    let page = browser.text("main").await;
    assert!(page.contains("浏览器投产证1号") && page.contains("投产期"), "{page}");
    browser.close().await;
}
