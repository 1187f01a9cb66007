//! A file of remediation from its entry to its striking-off, clicked through the pages by those whose steps they are, and found
//! on the map.

use std::path::{Path, PathBuf};
use std::time::Duration;

use fantoccini::Locator;
use muheng::db::PgPool;
use serde_json::json;

use crate::browser::Browser;
use crate::inspection::jpeg;
use crate::support::TestApp;

/// What a closure is proven by, with the place on record for each picture.
const PAPERS: [&str; 8] = [
    "dismantled",
    "power_ended",
    "water_ended",
    "licence",
    "photo_before",
    "photo_during",
    "photo_after",
    "site_acceptance",
];

/// A file that is walked through its steps.
struct Walk<'a> {
    app: &'a TestApp,
    browser: &'a Browser,
    /// Its page.
    address: String,
}

impl Walk<'_> {
    /// Somebody else sits down before the page of the file.
    async fn hand_to(&self, login: &str) {
        self.browser.client.delete_all_cookies().await.unwrap();
        self.browser.sign_in(self.app, login).await;
        self.browser.client.goto(&self.address).await.unwrap();
        self.browser.wait_for("main").await;
    }

    /// Fills in one of the forms of the page and clicks its button.
    async fn send(&self, form: &str, fields: &[(&str, &str)]) {
        for (name, value) in fields {
            self.browser.put(&format!("{form} [name={name}]"), value).await;
        }
        self.browser.press(&format!("{form} button[type=submit]")).await;
    }

    async fn step(&self, step: &str, fields: &[(&str, &str)]) {
        self.send(&format!("form:has([name=step][value={step}])"), fields).await;
    }

    async fn wait_for(&self, path: &str) {
        let wait = self.browser.client.wait().at_most(Duration::from_secs(30));
        if wait.for_element(Locator::XPath(path)).await.is_err() {
            panic!("{path} is not in: {}", self.browser.text("main").await);
        }
    }

    /// The file says of itself how it stands.
    async fn stands(&self, state: &str) {
        self.wait_for(&format!("//main//dd/span[contains(@class, 'badge') and text()='{state}']")).await;
    }

    async fn attach(&self, kind: &str, file: &Path) {
        let form = "form[action$='/evidence']";
        self.browser.type_into(&format!("{form} [name=file]"), file.to_str().unwrap()).await;
        self.send(form, &[("kind", kind)]).await;
        let name = file.file_name().unwrap().to_str().unwrap();
        self.wait_for(&format!("//main//td//a[text()='{name}']")).await;
    }
}

/// A picture of its own shade for each kind, as no paper proves twice.
fn picture(folder: &Path, place: usize, kind: &str) -> PathBuf {
    let file = folder.join(format!("{kind}.jpg"));
    std::fs::write(&file, jpeg(16, 16, 20 * place as u8)).unwrap();
    file
}

/// Somebody on the list of 2024 who uses land today.
async fn somebody_below_the_line(app: &TestApp) -> String {
    let evaluator = app.signed_in("evaluator").await;
    let (_, list) = app.page(&evaluator, "/api/v1/low-efficiency?year=2024&outcome=flagged&size_of_page=500").await;
    let list: serde_json::Value = serde_json::from_str(&list).unwrap();
    let codes: Vec<&str> =
        list["lines"].as_array().unwrap().iter().map(|line| line["uscc"].as_str().unwrap()).collect();
    let sql =
        "SELECT o.occupant FROM occupancy o JOIN parcel_version p ON p.code = o.parcel_code AND p.superseded_at IS NULL
                   AND upper_inf(p.valid) WHERE o.occupant = ANY ($1) AND o.superseded_at IS NULL AND upper_inf(o.valid)
               GROUP BY 1 HAVING count(*) = 1 ORDER BY 1 LIMIT 1";
    sqlx::query_scalar(sql).bind(&codes).fetch_one(&app.pool).await.unwrap()
}

#[sqlx::test(migrator = "muheng::db::MIGRATOR")]
async fn a_closure_is_clicked_from_entry_to_striking_off_and_stands_on_the_map(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let uscc = somebody_below_the_line(&app).await;
    let browser = Browser::open(1280, 900).await;
    browser.sign_in(&app, "evaluator").await;
    browser.client.goto(&app.url("/remediation")).await.unwrap();
    browser.click("details summary").await;
    let entry = "form[action='/remediation'][method=post]";
    for (field, value) in [("subject_kind", "enterprise"), ("subject", uscc.as_str()), ("ground", "below_line")] {
        browser.put(&format!("{entry} [name={field}]"), value).await;
    }
    browser.submit(entry).await;
    browser.wait_for_text("未能列入").await;
    browser.put(&format!("{entry} [name=year]"), "2024").await;
    browser.submit(entry).await;
    browser.wait_for("form:has([name=step][value=drop])").await;

    let address = browser.client.current_url().await.unwrap().to_string();
    let walk = Walk { app: &app, browser: &browser, address };
    until_carried_out(&walk).await;
    task_done_and_proven(&walk).await;
    accepted_and_struck_off(&walk).await;
    found_on_the_map(&walk).await;
    browser.close().await;
}

async fn until_carried_out(walk: &Walk<'_>) {
    walk.stands("已摸排").await;
    walk.hand_to("inspector").await;
    walk.step("verify", &[("reason", "现场核实，停产多年")]).await;
    walk.stands("已核实").await;

    walk.hand_to("evaluator").await;
    let plan =
        [("way", "close"), ("due", "2027-06-30"), ("lead", "economy_and_tourism"), ("measures", "拆除设备，停止生产")];
    walk.step("plan", &plan).await;
    walk.stands("已定方案").await;
    walk.step("notify", &[("document", "合成告〔2026〕1号")]).await;
    walk.stands("已告知").await;
    walk.step("hear", &[("hearing", "heard"), ("reason", "企业表示同意")]).await;
    walk.stands("已听取意见").await;
    walk.step("start", &[("reason", "按方案组织实施")]).await;
    walk.stands("整治中").await;
}

async fn task_done_and_proven(walk: &Walk<'_>) {
    let task = [("kind", "order"), ("department", "environment"), ("what", "责令停止排污"), ("due", "2026-12-31")];
    walk.send("form[action$='/tasks']", &task).await;
    walk.browser.wait_for_text("责令停止排污").await;
    walk.step("ask_acceptance", &[]).await;
    walk.browser.wait_for_text("还有1项任务未办结").await;

    walk.hand_to("environment").await;
    let done = [("result", "已停止排污"), ("document", "合成责改〔2026〕1号")];
    walk.send("form[action*='/tasks/']", &done).await;
    walk.browser.wait_for_text("已停止排污").await;
    let folder = tempfile::tempdir().unwrap();
    for (place, kind) in PAPERS.iter().enumerate() {
        walk.attach(kind, &picture(folder.path(), place, kind)).await;
    }
}

async fn accepted_and_struck_off(walk: &Walk<'_>) {
    walk.hand_to("evaluator").await;
    walk.step("ask_acceptance", &[("reason", "设备已拆除")]).await;
    walk.stands("待验收").await;
    for (login, state) in [("environment", "待验收"), ("land", "已验收")] {
        walk.hand_to(login).await;
        walk.step("agree", &[("reason", "现场与材料一致，同意")]).await;
        walk.browser.wait_for_text("现场与材料一致，同意").await;
        walk.stands(state).await;
    }
    walk.hand_to("approver").await;
    walk.step("strike_off", &[("document", "合成公示〔2026〕1号"), ("mu_freed", "12.5")]).await;
    walk.stands("已销号").await;
    walk.browser.wait_for_text("腾出土地 12.5 亩").await;
}

/// From the page of the file to its parcel, coloured by it, with the way back; on a phone as well.
async fn found_on_the_map(walk: &Walk<'_>) {
    let Walk { app, browser, address } = walk;
    let file = address.strip_prefix(&app.address).unwrap();
    browser.click("a[href^='/map?theme=progress&parcel=']").await;
    browser.wait_for("body[data-map-idle=true]").await;
    browser.wait_for(&format!("#map-panel a[href='{file}']")).await;
    assert!(browser.text("#map-panel").await.contains("已销号"));
    assert!(browser.text("#map-legend").await.contains("待验收"));
    browser.press("label[for=theme-deadline]").await;
    assert!(browser.text("#map-legend").await.contains("即将到期"));
    browser.put("#filter-deadline", "late").await;
    let change = "document.querySelector('#filter-deadline').dispatchEvent(new Event('change'))";
    browser.client.execute(change, vec![]).await.unwrap();
    let address = browser.client.current_url().await.unwrap().to_string();
    assert!(address.contains("theme=deadline") && address.contains("deadline=late"), "{address}");

    browser.client.set_window_size(390, 844).await.unwrap();
    browser.client.goto(&app.url("/map?theme=way")).await.unwrap();
    browser.wait_for("body[data-map-idle=true]").await;
    browser.press("[data-mh-toggle='#map-filters']").await;
    assert!(browser.text("#map-legend").await.contains("提升改造"));
    let reachable = "return document.querySelector('#filter-way').getBoundingClientRect().right <= innerWidth";
    assert_eq!(browser.client.execute(reachable, vec![]).await.unwrap(), json!(true));
    assert_eq!(browser.overflow().await, 0);
}
