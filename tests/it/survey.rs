//! The survey of industrial land by its real persons: a round opened, parcels visited on the page and by a program, differences taken
//! over, closed by another person, and everything that is refused.

use muheng::db::PgPool;
use reqwest::{Client, Response};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::commands::muheng;
use crate::inspection::jpeg;
use crate::support::{TestApp, json_of, post, send};

const ROUNDS: &str = "/api/v1/survey/rounds";

/// What is wrong, as codes at their places.
async fn refused(response: Response) -> Vec<(String, String)> {
    let status = response.status();
    let text = response.text().await.unwrap();
    assert_eq!(status, 422, "{text}");
    let problem: Value = serde_json::from_str(&text).unwrap();
    let text = |fault: &Value, name: &str| fault[name].as_str().unwrap_or_default().to_owned();
    let faults = problem["faults"].as_array().unwrap_or_else(|| panic!("{problem}"));
    faults.iter().map(|fault| (text(fault, "place"), text(fault, "code"))).collect()
}

async fn taken(response: Response) -> Value {
    let status = response.status();
    let text = response.text().await.unwrap();
    assert!(status.is_success(), "{status}: {text}");
    serde_json::from_str(&text).unwrap()
}

async fn opened(app: &TestApp, person: &Client) -> String {
    let form = json!({ "name": "测试摸底", "list_year": "2024", "on": "2026-11-02" });
    let round = taken(send(app, person, ROUNDS, &form).await).await;
    round["no"].as_str().unwrap().to_owned()
}

async fn lines(app: &TestApp, person: &Client, query: &str) -> Vec<Value> {
    let list = json_of(app, person, &format!("/api/v1/survey/parcels?size_of_page=500{query}")).await;
    list["parcels"].as_array().unwrap().clone()
}

fn visit(version: &Value, standing: &str) -> Value {
    json!({ "visit": Uuid::now_v7(), "version": version, "visited_on": "2026-11-20", "standing": standing, "used_for": "industry" })
}

#[sqlx::test(migrator = "muheng::db::MIGRATOR")]
async fn a_round_from_its_opening_to_its_closing(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let (contract, inspector, evaluator) =
        (app.signed_in("contract").await, app.signed_in("inspector").await, app.signed_in("evaluator").await);
    let form = json!({ "name": "测试摸底", "list_year": "2024" });
    assert_eq!(send(&app, &inspector, ROUNDS, &form).await.status(), 403, "whoever goes there opens none");
    let no = opened(&app, &contract).await;
    let again = refused(send(&app, &evaluator, ROUNDS, &form).await).await;
    assert_eq!(again, [("name".to_owned(), "survey_open".to_owned())]);

    let all = lines(&app, &inspector, "").await;
    let code = all[0]["code"].as_str().unwrap();
    let address = format!("{ROUNDS}/{no}/parcels/{code}");
    let form = visit(&all[0]["version"], "used");
    assert_eq!(send(&app, &evaluator, &format!("{address}/visits"), &form).await.status(), 403);
    let sent = taken(send(&app, &inspector, &format!("{address}/visits"), &form).await).await;
    assert_eq!((&sent["outcome"], &sent["parcel"]["state"]), (&json!("recorded"), &json!("surveyed")));
    let twice = taken(send(&app, &inspector, &format!("{address}/visits"), &form).await).await;
    assert_eq!((&twice["outcome"], twice["parcel"]["visits"].as_array().unwrap().len()), (&json!("already"), 1));
    let stale = send(&app, &contract, &format!("{address}/visits"), &visit(&all[0]["version"], "vacant")).await;
    assert_eq!(stale.status(), 409);
    let words = stale.text().await.unwrap();
    assert!(words.contains("登记摸底调查核实"), "who, when and how: {words}");
    let receipt = sent["parcel"]["visits"][0]["receipt"].as_str().unwrap();
    let rechecked = muheng(&app.pool, app.home.path(), &["recheck", receipt]);
    assert!(rechecked.status.success(), "{}", String::from_utf8_lossy(&rechecked.stdout));

    let round = json_of(&app, &evaluator, &format!("{ROUNDS}/{no}")).await;
    assert_eq!(
        (&round["surveyed"]["parcels"], round["all"]["parcels"].as_i64().unwrap()),
        (&json!(1), all.len() as i64)
    );
    let close = format!("{ROUNDS}/{no}/close");
    let words = json!({ "version": round["version"], "words": "" });
    assert_eq!(refused(send(&app, &contract, &close, &words).await).await[0].1, "same_person");
    assert_eq!(refused(send(&app, &evaluator, &close, &words).await).await[0].1, "value_missing");
    let words = json!({ "version": round["version"], "words": "调查期满" });
    assert_eq!(taken(send(&app, &evaluator, &close, &words).await).await["state"], "closed");
    let late = send(&app, &inspector, &format!("{address}/visits"), &visit(&sent["parcel"]["version"], "vacant")).await;
    assert_eq!(late.status(), 409);

    let next = opened(&app, &evaluator).await;
    let compared = json_of(&app, &contract, "/api/v1/survey/compare").await;
    assert_eq!((&compared["before"], &compared["after"]), (&json!(no), &json!(next)));
    let moved: i64 = compared["moved"].as_array().unwrap().iter().map(|moved| moved["parcels"].as_i64().unwrap()).sum();
    assert_eq!(moved, all.len() as i64);
    for path in
        ["/survey", &format!("/survey/rounds/{no}"), "/survey/parcels", "/survey/compare", "/survey/differences"]
    {
        let (status, page) = app.page(&inspector, path).await;
        assert_eq!(status, 200, "{path}: {page}");
    }
    let clerk = app.signed_in("changqing").await;
    let own = lines(&app, &clerk, "").await;
    assert!(!own.is_empty() && own.len() < all.len(), "a sub-district sees its own");
    let others = all.iter().find(|line| line["subdistrict"] != own[0]["subdistrict"]).unwrap();
    let others = format!("{ROUNDS}/{next}/parcels/{}", others["code"].as_str().unwrap());
    assert_eq!(clerk.get(app.url(&others)).send().await.unwrap().status(), 404);
}

#[sqlx::test(migrator = "muheng::db::MIGRATOR")]
async fn what_was_typed_comes_back_and_what_is_on_record_is_filled_in(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let (contract, inspector) = (app.signed_in("contract").await, app.signed_in("inspector").await);
    let no = opened(&app, &contract).await;
    let code = app.some_parcel().await;
    let used = lines(&app, &inspector, "").await;
    let code = used.iter().find(|line| line["code"] == code).map_or(used[0]["code"].as_str().unwrap(), |_| &code);
    let address = format!("/survey/rounds/{no}/parcels/{code}");
    let (status, page) = app.page(&inspector, &address).await;
    let whole = json_of(&app, &inspector, &format!("/api/v1{address}")).await;
    assert!(status == 200 && page.contains("台账已有") && page.contains("登记核实"), "{page}");
    for user in whole["known"]["users"].as_array().unwrap() {
        let uscc = user["uscc"].as_str().unwrap();
        assert!(page.split("<textarea").nth(1).unwrap().contains(uscc), "{uscc} is filled in");
    }
    let id = Uuid::now_v7().to_string();
    let fields = [
        ("visit", id.as_str()),
        ("version", "1"),
        ("standing", "used"),
        ("buildings", "三"),
        ("note", "  门口有<牌子>  "),
        ("users", "IIIIIIIIIIIIIIIIII 合成作坊"),
    ];
    let response = post(&inspector, &app.url(&address), &fields).await;
    assert_eq!(response.status(), 422);
    let page = response.text().await.unwrap();
    for code in ["value_missing", "value_unreadable", "uscc_invalid"] {
        assert!(page.contains(&format!("data-code=\"{code}\"")), "{code}: {page}");
    }
    assert!(page.contains("  门口有&#60;牌子&#62;  ") && page.contains(&id) && page.contains("value=\"三\""), "{page}");
    let (_, after) = app.page(&inspector, &address).await;
    assert!(after.contains("尚未核实"), "nothing was recorded");
    let fields =
        [("visit", id.as_str()), ("version", "1"), ("standing", "used"), ("used_for", "commerce"), ("note", "门市")];
    let done = post(&inspector, &app.url(&address), &fields).await;
    assert_eq!(done.status(), 303, "{}", done.text().await.unwrap());
    let (_, page) = app.page(&inspector, &address).await;
    assert!(page.contains("改变用途") && page.contains("门市") && page.contains("核查收据"), "{page}");
    let other = Uuid::now_v7().to_string();
    let fields = [("visit", other.as_str()), ("version", "1"), ("standing", "vacant"), ("note", "不能丢")];
    let stale = post(&inspector, &app.url(&address), &fields).await;
    assert_eq!(stale.status(), 409);
    let page = stale.text().await.unwrap();
    assert!(page.contains("不能丢") && page.contains("已由"), "told on the form itself: {page}");
    assert!(page.contains("name=\"version\" value=\"2\""), "once told, it may go beside the other: {page}");
    let (status, dossier) = app.page(&inspector, &format!("/parcels/{code}")).await;
    assert!(status == 200 && dossier.contains(&address), "the parcel's page leads here");
}

#[sqlx::test(migrator = "muheng::db::MIGRATOR")]
async fn a_difference_is_decided_by_the_clerk_on_the_parcel_s_page(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let (contract, inspector) = (app.signed_in("contract").await, app.signed_in("inspector").await);
    let no = opened(&app, &contract).await;
    let all = lines(&app, &inspector, "").await;
    let used = all.iter().find(|line| line["supply_status"] == "in_use").unwrap();
    let code = used["code"].as_str().unwrap();
    let address = format!("{ROUNDS}/{no}/parcels/{code}");
    taken(send(&app, &inspector, &format!("{address}/visits"), &visit(&used["version"], "standing_empty")).await).await;
    let list = json_of(&app, &contract, "/api/v1/survey/differences?state=proposed").await;
    let difference = &list["differences"][0];
    assert_eq!((&difference["kind"], &difference["code"]), (&json!("supply_status"), &json!(code)));
    let decide = format!("/api/v1/survey/differences/{}", difference["id"].as_str().unwrap());
    let form = |reason: &str| json!({ "decision": "take_over", "version": difference["version"], "reason": reason });
    assert_eq!(send(&app, &inspector, &decide, &form("属实")).await.status(), 403);
    assert_eq!(refused(send(&app, &contract, &decide, &form(" ")).await).await[0].1, "value_missing");
    let page = format!("/survey/rounds/{no}/parcels/{code}/differences/{}", difference["id"].as_str().unwrap());
    let fields = [("decision", "take_over"), ("version", "1"), ("reason", "")];
    assert_eq!(post(&contract, &app.url(&page), &fields).await.status(), 422);
    assert_eq!(send(&app, &contract, &decide, &form("属实")).await.status(), 204);
    assert_eq!(send(&app, &contract, &decide, &form("属实")).await.status(), 409);
    let parcel = json_of(&app, &contract, &format!("/api/v1/parcels/{code}")).await;
    assert_eq!(parcel["parcel"]["supply_status"], "supplied_not_used", "{parcel}");
    let after = json_of(&app, &contract, &address).await;
    assert_eq!(after["differences"][0]["state"], "taken_over");
    assert_eq!(after["supply_status"], "in_use", "what the round froze stays");
}

async fn photographed(app: &TestApp, person: &Client, address: &str, (photo, shade): (Uuid, u8)) -> Response {
    let query = "device_at=2026-11-20T03:00:00Z&longitude=120.16&latitude=30.31&accuracy_m=8";
    let request =
        person.post(app.url(&format!("{address}/photos/{photo}?{query}"))).header("sec-fetch-site", "same-origin");
    request.header("content-type", "image/jpeg").body(jpeg(64, 48, shade)).send().await.unwrap()
}

#[sqlx::test(migrator = "muheng::db::MIGRATOR")]
async fn photos_come_before_their_visit_and_stand_on_the_page_of_the_parcel(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let (contract, inspector) = (app.signed_in("contract").await, app.signed_in("inspector").await);
    let no = opened(&app, &contract).await;
    let all = lines(&app, &inspector, "&subdistrict=330105019").await;
    let parcel = format!("{ROUNDS}/{no}/parcels/{}", all[0]["code"].as_str().unwrap());
    let form = visit(&all[0]["version"], "used");
    let visits = format!("{parcel}/visits/{}", form["visit"].as_str().unwrap());
    let (one, foreign) = (Uuid::now_v7(), Uuid::now_v7());
    for already in [false, true] {
        let kept = taken(photographed(&app, &inspector, &visits, (one, 80)).await).await;
        assert_eq!(kept, json!({ "id": one, "already": already }), "sent again it is the same");
    }
    assert_eq!(photographed(&app, &inspector, &visits, (one, 90)).await.status(), 409, "another under its number");
    assert_eq!(taken(photographed(&app, &contract, &visits, (foreign, 100)).await).await["already"], false);
    assert_eq!(app.page(&inspector, &format!("/survey/photos/{one}")).await.0, 404, "its visit has not arrived");

    let sent = taken(send(&app, &inspector, &format!("{parcel}/visits"), &form).await).await;
    let photos = sent["parcel"]["visits"][0]["photos"].as_array().unwrap();
    assert_eq!(photos.len(), 1, "whoever was there took them: {photos:?}");
    let (_, page) = app.page(&inspector, &parcel.replace("/api/v1", "")).await;
    assert!(page.contains(&format!("<img src=\"/survey/photos/{one}\"")), "{page}");
    let late = photographed(&app, &inspector, &visits, (Uuid::now_v7(), 120)).await;
    assert_eq!(late.status(), 409, "nothing joins a visit that is on record");

    for (person, status) in [("inspector", 200), ("auditor", 200), ("changqing", 404)] {
        let client = app.signed_in(person).await;
        let picture = client.get(app.url(&format!("/survey/photos/{one}"))).send().await.unwrap();
        assert_eq!(picture.status(), status, "{person}");
    }
    let used: i64 = sqlx::query_scalar(
        "SELECT used_bytes - (SELECT sum(bytes)::bigint FROM inspection_photo) FROM inspection_storage",
    )
    .fetch_one(&app.pool)
    .await
    .unwrap();
    assert_eq!(used, 0, "they count against the one bound");
}

#[sqlx::test(migrator = "muheng::db::MIGRATOR")]
async fn the_demonstration_shows_each_class_and_labels_what_is_synthetic(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let made = muheng::demo::survey::load(&app.pool, &app.scope).await.unwrap();
    assert!(made.visited > 12 && made.visited < made.parcels && made.differences > 2, "{made:?}");
    let inspector = app.signed_in("inspector").await;
    let round = json_of(&app, &inspector, &format!("{ROUNDS}/2026-0001")).await;
    assert!(round["name"].as_str().unwrap().contains("示例"));
    let there = |stood: &str| {
        let totals = round["by_class"].as_array().unwrap();
        totals.iter().any(|total| total["stood"] == stood && total["parcels"].as_i64().unwrap() > 0)
    };
    for stood in ["changed_use", "in_use", "supplied_not_used", "awaiting"] {
        assert!(there(stood), "{stood}: {}", round["by_class"]);
    }
    let listed = muheng(&app.pool, app.home.path(), &["survey", "list", "--stood", "changed_use", "--format", "json"]);
    assert!(listed.status.success(), "{}", String::from_utf8_lossy(&listed.stderr));
    let listed: Value = serde_json::from_slice(&listed.stdout).unwrap();
    assert!(listed.as_array().unwrap().iter().all(|line| line["class"] == "changed_use") && listed[0].is_object());
    let shown = muheng(&app.pool, app.home.path(), &["survey", "show", "2026-0001", "--format", "json"]);
    assert_eq!(
        serde_json::from_slice::<Value>(&shown.stdout).unwrap(),
        round,
        "pages, programs and terminal say the same"
    );
    let (_, desk) = app.page(&app.signed_in("contract").await, "/").await;
    assert!(desk.contains("台账与现场差异"));
}
