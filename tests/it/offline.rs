//! An inspector's phone where there is no connection: a real browser on a line that can be cut.

use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::time::Duration;

use fantoccini::Locator;
use muheng::db::PgPool;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};

use crate::browser::Browser;
use crate::inspection::jpeg;
use crate::support::TestApp;

const UP: u8 = 0;
const CUT: u8 = 1;
/// A result reaches the server and its answer is lost.
const DEAF: u8 = 2;

/// What lies between phone and server.
struct Line {
    address: String,
    state: Arc<AtomicU8>,
}

impl Line {
    async fn lay(to: &str) -> Line {
        let target = to.trim_start_matches("http://").to_owned();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let state = Arc::new(AtomicU8::new(UP));
        let shared = Arc::clone(&state);
        tokio::spawn(async move {
            while let Ok((phone, _)) = listener.accept().await {
                if shared.load(Ordering::SeqCst) != CUT {
                    tokio::spawn(carry(phone, target.clone(), Arc::clone(&shared)));
                }
            }
        });
        Line { address, state }
    }

    fn set(&self, state: u8) {
        self.state.store(state, Ordering::SeqCst);
    }

    fn url(&self, path: &str) -> String {
        format!("{}{path}", self.address)
    }
}

async fn carry(phone: TcpStream, target: String, state: Arc<AtomicU8>) {
    let server = TcpStream::connect(&target).await.unwrap();
    let (phone_in, phone_out) = phone.into_split();
    let (server_in, server_out) = server.into_split();
    let lost = Arc::new(AtomicU8::new(UP));
    let cut = async {
        while state.load(Ordering::SeqCst) != CUT {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::select! {
        () = cut => {}
        () = towards_server(phone_in, server_out, Arc::clone(&state), Arc::clone(&lost)) => {}
        () = towards_phone(server_in, phone_out, Arc::clone(&lost)) => {}
    }
}

async fn towards_server(mut from: OwnedReadHalf, mut to: OwnedWriteHalf, state: Arc<AtomicU8>, lost: Arc<AtomicU8>) {
    let mut buffer = vec![0; 65_536];
    while let Ok(length @ 1..) = from.read(&mut buffer).await {
        let head = String::from_utf8_lossy(&buffer[..length.min(300)]);
        let line = head.lines().next().unwrap_or_default();
        let is_result = line.starts_with("POST ") && line.contains("/visits") && !line.contains("/photos/");
        if is_result && state.load(Ordering::SeqCst) == DEAF {
            lost.store(DEAF, Ordering::SeqCst);
        }
        if to.write_all(&buffer[..length]).await.is_err() {
            return;
        }
    }
}

async fn towards_phone(mut from: OwnedReadHalf, mut to: OwnedWriteHalf, lost: Arc<AtomicU8>) {
    let mut buffer = vec![0; 65_536];
    while let Ok(length @ 1..) = from.read(&mut buffer).await {
        if lost.load(Ordering::SeqCst) == DEAF || to.write_all(&buffer[..length]).await.is_err() {
            return;
        }
    }
}

async fn run(browser: &Browser, script: &str) -> serde_json::Value {
    browser.client.execute(script, vec![]).await.unwrap()
}

/// Passes everything but the first question, which fails.
const FILL: &str = "
    for (const question of document.querySelectorAll('.mh-question')) {
        question.querySelector('input[value=pass]').click();
        const figure = question.querySelector('input[id^=figure-]');
        if (figure) { figure.value = '1200.5'; figure.dispatchEvent(new Event('input', { bubbles: true })); }
    }
    document.querySelector('.mh-question input[value=fail]').click();";

async fn count(app: &TestApp, sql: &'static str) -> i64 {
    sqlx::query_scalar(sql).fetch_one(&app.pool).await.unwrap()
}

const VISITS: &str = "SELECT count(*) FROM inspection_visit WHERE device_at > now() - interval '1 hour'";
const PHOTOS: &str = "SELECT count(*) FROM inspection_photo WHERE device_at > now() - interval '1 hour'";

#[sqlx::test(migrator = "muheng::db::MIGRATOR")]
async fn a_result_saved_without_connection_arrives_once_with_its_photos(pool: PgPool) {
    let app = TestApp::start(pool).await;
    sqlx::query("DELETE FROM inspection_answer").execute(&app.pool).await.unwrap();
    sqlx::query("DELETE FROM inspection_photo").execute(&app.pool).await.unwrap();
    sqlx::query("DELETE FROM inspection_visit").execute(&app.pool).await.unwrap();
    let line = Line::lay(&app.address).await;
    let folder = tempfile::tempdir().unwrap();
    let photos = [("one.jpg", 80), ("two.jpg", 200)].map(|(name, shade)| {
        let path = folder.path().join(name);
        std::fs::write(&path, jpeg(320, 240, shade)).unwrap();
        path.to_str().unwrap().to_owned()
    });
    let browser = Browser::open(390, 844).await;
    browser.sign_in_at(&line.address, "inspector").await;
    browser.client.goto(&line.url("/inspections/field")).await.unwrap();
    browser.wait_for("body[data-field-kept=true][data-field-pack=true]").await;

    line.set(CUT);
    browser.client.refresh().await.unwrap();
    browser.wait_for("#field-network[data-halt=offline]").await;
    browser.click("#field-view a[data-task]").await;
    browser.wait_for("#field-save").await;
    assert_eq!(browser.overflow().await, 0, "the form fits the phone");
    run(&browser, FILL).await;
    browser.click("#field-save").await;
    browser.wait_for("#field-save").await;
    assert!(browser.text("#field-view").await.contains("不符合的事项须说明情况"), "a failure needs its comment");
    browser.type_into(".mh-question textarea", "现场未见公示牌").await;
    for photo in &photos {
        browser.type_into("#photo-general", photo).await;
    }
    browser
        .client
        .wait()
        .at_most(Duration::from_secs(10))
        .for_element(Locator::Css(".mh-photo:nth-of-type(2)"))
        .await
        .unwrap();
    run(&browser, "document.getElementById('field-save').click()").await;
    browser.wait_for("#field-outbox[data-unsent='1']").await;
    browser.client.refresh().await.unwrap();
    browser.wait_for("#field-outbox[data-unsent='1'] #field-send:not(:disabled)").await;
    assert_eq!((count(&app, VISITS).await, count(&app, PHOTOS).await), (0, 0));

    line.set(DEAF);
    run(&browser, "document.getElementById('field-send').click()").await;
    for _ in 0..200 {
        if count(&app, VISITS).await == 1 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    browser.wait_for("#field-outbox[data-unsent='1'] #field-send:not(:disabled)").await;
    assert_eq!(
        (count(&app, VISITS).await, count(&app, PHOTOS).await),
        (1, 2),
        "it arrived, and the phone does not know"
    );

    line.set(UP);
    run(&browser, "document.getElementById('field-send').click()").await;
    browser.wait_for("#field-outbox[data-unsent='0']").await;
    assert_eq!((count(&app, VISITS).await, count(&app, PHOTOS).await), (1, 2), "sent again, it is still one");
    let reported = "SELECT count(*) FROM inspection_visit v JOIN inspection_task t ON t.id = v.task
                    WHERE t.state = 'reported' AND v.outcome = 'fail' AND v.conflict IS NULL";
    assert_eq!(count(&app, reported).await, 1);
    browser.close().await;
}

#[sqlx::test(migrator = "muheng::db::MIGRATOR")]
async fn a_cancelled_task_and_an_expired_session_lose_nothing(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let line = Line::lay(&app.address).await;
    let browser = Browser::open(390, 844).await;
    browser.sign_in_at(&line.address, "inspector").await;
    browser.client.goto(&line.url("/inspections/field")).await.unwrap();
    browser.wait_for("body[data-field-kept=true][data-field-pack=true]").await;
    line.set(CUT);
    browser.click("#field-view a[data-task]").await;
    browser.wait_for("#field-save").await;
    run(&browser, FILL).await;
    browser.type_into(".mh-question textarea", "大门紧闭").await;
    let task = run(&browser, "return location.hash.slice(1)").await;
    run(&browser, "document.getElementById('field-save').click()").await;
    browser.wait_for("#field-outbox[data-unsent='1'] #field-send:not(:disabled)").await;

    let clerk = app.signed_in("contract").await;
    let task = task.as_str().unwrap();
    let url = app.url(&format!("/inspections/{task}/step"));
    let id: uuid::Uuid = task.parse().unwrap();
    let version: i32 = sqlx::query_scalar("SELECT version FROM inspection_task WHERE id = $1")
        .bind(id)
        .fetch_one(&app.pool)
        .await
        .unwrap();
    let version = version.to_string();
    let cancel = [("version", version.as_str()), ("step", "cancel"), ("reason", "企业已搬离")];
    assert_eq!(crate::support::post(&clerk, &url, &cancel).await.status(), 303);
    sqlx::query("DELETE FROM session WHERE account = (SELECT id FROM account WHERE login = 'inspector')")
        .execute(&app.pool)
        .await
        .unwrap();
    // The server trusts a session it has seen for some seconds; signing out elsewhere ends that at once.
    post_sign_out(&app, &clerk).await;

    line.set(UP);
    run(&browser, "document.getElementById('field-send').click()").await;
    browser.wait_for("#field-network[data-halt=signed_out]").await;
    browser.wait_for("#field-outbox[data-unsent='1']").await;
    run(&browser, "document.querySelector('#field-message a').click()").await;
    browser.wait_for("#login").await;
    browser.type_into("#login", "inspector").await;
    browser.type_into("#password", muheng::account::DEMONSTRATION_PASSWORD).await;
    browser.click("button[type=submit]").await;
    browser.wait_for("#field-outbox[data-unsent='0'] .alert-warning").await;
    assert!(browser.text("#field-outbox").await.contains("任务已取消"));
    let kept =
        "SELECT count(*) FROM inspection_visit WHERE conflict = 'cancelled' AND device_at > now() - interval '1 hour'";
    assert_eq!(count(&app, kept).await, 1);
    browser.close().await;
}

async fn post_sign_out(app: &TestApp, client: &reqwest::Client) {
    assert_eq!(crate::support::post(client, &app.url("/sign-out"), &[]).await.status(), 303);
}

#[sqlx::test(migrator = "muheng::db::MIGRATOR")]
async fn the_route_is_numbered_and_fits_the_phone(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let browser = Browser::open(390, 844).await;
    browser.sign_in(&app, "inspector").await;
    browser.client.goto(&app.url("/inspections/route")).await.unwrap();
    browser.wait_for("body[data-map-idle=true]").await;
    browser.wait_for(".mh-route-marker").await;
    assert!(browser.text("#route-note").await.contains("连线为直线"));
    let numbers = run(&browser, "return document.querySelectorAll('.mh-route-marker').length === document.querySelectorAll('#route-list li').length").await;
    assert_eq!(numbers, true);
    for path in ["/inspections/route", "/inspections/field", "/inspections?mine=1"] {
        browser.client.goto(&app.url(path)).await.unwrap();
        browser.wait_for("h1, #field-view .list-group-item").await;
        assert_eq!(browser.overflow().await, 0, "{path} is wider than the phone");
    }
    browser.close().await;
}

const JOINT: &str = "SELECT count(*) FROM inspection_visit v JOIN inspection_task t ON t.id = v.task
    WHERE t.stage = 'joint_enforcement' AND v.device_at > now() - interval '1 hour'";

/// One visit for three departments: the form asks each department's questions under its name, and what was found goes to each.
#[sqlx::test(migrator = "muheng::db::MIGRATOR")]
async fn a_visit_of_three_departments_without_connection_is_handed_over_to_each(pool: PgPool) {
    let app = TestApp::start(pool).await;
    muheng::demo::enforcement::load(&app.pool, &app.scope).await.unwrap();
    let task: uuid::Uuid = sqlx::query_scalar(
        "SELECT k.id FROM inspection_task k JOIN enforcement_target t ON t.task = k.id WHERE k.state = 'open' ORDER BY t.uscc LIMIT 1",
    )
    .fetch_one(&app.pool)
    .await
    .unwrap();
    let line = Line::lay(&app.address).await;
    let browser = Browser::open(390, 844).await;
    browser.sign_in_at(&line.address, "inspector").await;
    browser.client.goto(&line.url("/inspections/field")).await.unwrap();
    browser.wait_for("body[data-field-kept=true][data-field-pack=true]").await;
    line.set(CUT);
    browser.client.refresh().await.unwrap();
    browser.wait_for("#field-network[data-halt=offline]").await;
    run(&browser, &format!("location.hash = '{task}'")).await;
    browser.wait_for("#field-save").await;
    assert_eq!(browser.overflow().await, 0, "the form fits the phone");
    let departments =
        run(&browser, "return [...document.querySelectorAll('.mh-question-group')].map(it => it.textContent)").await;
    assert_eq!(departments, serde_json::json!(["环保下城分局", "区安监局", "区税务局"]), "each under its name, once");
    let fill = "for (const question of document.querySelectorAll('.mh-question')) question.querySelector('input[value=pass]').click();
        for (const code of ['treatment_running', 'hidden_dangers', 'books']) {
            document.querySelector(`.mh-question[data-item=${code}] input[value=fail]`).click();
            const comment = document.getElementById(`comment-${code}`);
            comment.value = '没有网络时查明';
            comment.dispatchEvent(new Event('input', { bubbles: true }));
        }
        document.getElementById('field-save').click();";
    run(&browser, fill).await;
    browser.wait_for("#field-outbox[data-unsent='1']").await;
    assert_eq!(count(&app, JOINT).await, 0);
    line.set(UP);
    run(&browser, "window.dispatchEvent(new Event('online'))").await;
    browser.wait_for("#field-outbox[hidden]").await;
    assert_eq!(count(&app, JOINT).await, 1);
    browser.close().await;

    let browser = Browser::open(1280, 900).await;
    browser.sign_in(&app, "evaluator").await;
    let target: String = sqlx::query_scalar(
        "SELECT c.year || '-' || lpad(c.serial::text, 4, '0') || '/' || t.uscc FROM enforcement_target t
             JOIN enforcement_campaign c ON c.id = t.campaign WHERE t.task = $1",
    )
    .bind(task)
    .fetch_one(&app.pool)
    .await
    .unwrap();
    browser.client.goto(&app.url(&format!("/enforcement/campaigns/{target}"))).await.unwrap();
    let name = "for (const field of document.querySelectorAll('input[name^=present_]')) field.value = '合成甲、合成乙';
        document.querySelector('form.card button[type=submit]').click();";
    run(&browser, name).await;
    browser.wait_for(".badge.bg-orange-lt").await;
    let found = "SELECT count(DISTINCT department) FROM enforcement_finding WHERE words = '没有网络时查明'";
    assert_eq!(count(&app, found).await, 3, "each department has its case");
    browser.close().await;
}

/// Types into the form of a parcel as a person does, field by field.
const SURVEY: &str = "
    const fill = (id, value) => {
        const field = document.getElementById(id);
        field.value = value;
        field.dispatchEvent(new Event('input', { bubbles: true }));
    };
    fill('survey-standing', 'used');
    fill('survey-note', '没有网络时填写');";

const SURVEY_PHOTOS: &str =
    "SELECT count(*) FROM inspection_photo p JOIN survey_visit v ON v.id = p.visit WHERE p.surveyed = v.parcel";
const SURVEYED: &str = "SELECT count(*) FROM survey_visit WHERE note = '没有网络时填写'";

#[sqlx::test(migrator = "muheng::db::MIGRATOR")]
async fn a_parcel_surveyed_without_connection_arrives_once(pool: PgPool) {
    let app = TestApp::start(pool).await;
    muheng::demo::survey::load(&app.pool, &app.scope).await.unwrap();
    let line = Line::lay(&app.address).await;
    let folder = tempfile::tempdir().unwrap();
    let photo = folder.path().join("one.jpg");
    std::fs::write(&photo, jpeg(320, 240, 80)).unwrap();
    let browser = Browser::open(390, 844).await;
    browser.sign_in_at(&line.address, "inspector").await;
    browser.client.goto(&line.url("/survey/field")).await.unwrap();
    browser.wait_for("body[data-field-kept=true][data-field-pack=true]").await;

    line.set(CUT);
    browser.client.refresh().await.unwrap();
    browser.wait_for("#field-network[data-halt=offline]").await;
    browser.click("#field-view a[data-parcel]").await;
    browser.wait_for("#field-save").await;
    assert_eq!(browser.overflow().await, 0, "the form fits the phone");
    run(&browser, SURVEY).await;
    run(&browser, "document.getElementById('field-save').click()").await;
    assert!(browser.text("#field-view").await.contains("请填写“现场用途”"), "what is used is used for something");
    browser.client.refresh().await.unwrap();
    browser.wait_for("#field-save").await;
    let kept = run(&browser, "return document.getElementById('survey-note').value").await;
    assert_eq!(kept, "没有网络时填写", "what was typed survives");
    browser.type_into("#survey-photo", photo.to_str().unwrap()).await;
    browser.wait_for(".mh-photo img").await;
    browser.client.refresh().await.unwrap();
    browser.wait_for(".mh-photo img").await;
    assert_eq!(browser.overflow().await, 0, "with a photo as well");
    let choose = "const use = document.getElementById('survey-used_for'); use.value = 'industry';
        use.dispatchEvent(new Event('input', { bubbles: true })); document.getElementById('field-save').click();";
    run(&browser, choose).await;
    browser.wait_for("#field-outbox[data-unsent='1']").await;
    assert_eq!(count(&app, SURVEYED).await, 0);

    line.set(DEAF);
    run(&browser, "window.dispatchEvent(new Event('online'))").await;
    for _ in 0..200 {
        if count(&app, SURVEYED).await == 1 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    assert_eq!(count(&app, SURVEYED).await, 1, "it arrived, and the phone does not know");
    browser.wait_for("#field-outbox[data-unsent='1']").await;
    line.set(UP);
    for _ in 0..200 {
        run(&browser, "window.dispatchEvent(new Event('online'))").await;
        if run(&browser, "return document.getElementById('field-outbox').dataset.unsent").await == "0" {
            break;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    browser.wait_for("#field-outbox[data-unsent='0']").await;
    let arrived = (count(&app, SURVEYED).await, count(&app, SURVEY_PHOTOS).await);
    assert_eq!(arrived, (1, 1), "sent again, it is still one with its photo");
    let left = "return new Promise((done) => {
        const request = indexedDB.open('muheng-field');
        request.onsuccess = () => {
            const count = request.result.transaction('photos').objectStore('photos').count();
            count.onsuccess = () => { request.result.close(); done(count.result); };
        };
    })";
    assert_eq!(run(&browser, left).await, 0, "the phone lets go of what the server has");
    let page = "SELECT '/survey/rounds/' || r.year || '-' || lpad(r.serial::text, 4, '0') || '/parcels/' || s.code
                FROM survey_visit v JOIN survey_parcel s ON s.id = v.parcel JOIN survey_round r ON r.id = s.round WHERE v.note = '没有网络时填写'";
    let page: String = sqlx::query_scalar(page).fetch_one(&app.pool).await.unwrap();
    browser.client.goto(&line.url(&page)).await.unwrap();
    browser.wait_for(".mh-photo img[src^='/survey/photos/']").await;
    assert_eq!(browser.overflow().await, 0, "the page of the parcel fits the phone");
    browser.close().await;
}
