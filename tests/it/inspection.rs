//! Inspections over HTTP: who may do what, and what is refused.

use image::codecs::jpeg::JpegEncoder;
use image::{Rgb, RgbImage};
use muheng::db::PgPool;
use reqwest::{Client, Response};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::{TestApp, post};

const TASKS: &str = "/api/v1/inspections";

pub fn jpeg(width: u32, height: u32, shade: u8) -> Vec<u8> {
    let mut bytes = Vec::new();
    let picture = RgbImage::from_pixel(width, height, Rgb([shade, 120, 90]));
    picture.write_with_encoder(JpegEncoder::new_with_quality(&mut bytes, 80)).unwrap();
    bytes
}

async fn json_of(app: &TestApp, client: &Client, path: &str) -> Value {
    let response = client.get(app.url(path)).send().await.unwrap();
    assert_eq!(response.status(), 200, "{path}");
    response.json().await.unwrap()
}

async fn send(app: &TestApp, client: &Client, path: &str, kind: &str, body: Vec<u8>) -> Response {
    let request = client.post(app.url(path)).header("sec-fetch-site", "same-origin").header("content-type", kind);
    request.body(body).send().await.unwrap()
}

async fn send_json(app: &TestApp, client: &Client, path: &str, body: &Value) -> Response {
    send(app, client, path, "application/json", body.to_string().into_bytes()).await
}

fn finding(checklist: &Value, answer: &str, photos: &[Uuid]) -> Value {
    let items = checklist["items"].as_array().unwrap().iter();
    let answers: Vec<Value> = items
        .map(|item| {
            let figure = item["figure"]["required"].as_bool().unwrap_or(false).then_some("1200.50");
            json!({ "item": item["code"], "answer": answer, "figure": figure, "comment": null })
        })
        .collect();
    json!({ "answers": answers, "note": null, "device_at": "2026-11-23T03:00:00Z", "position": null, "photos": photos })
}

async fn some_task(app: &TestApp, inspector: &Client) -> (String, Value) {
    let pack = json_of(app, inspector, "/api/v1/inspections/field").await;
    let task = &pack["tasks"][0];
    let lists = pack["checklists"].as_array().unwrap();
    let checklist = lists.iter().find(|list| list["edition"] == task["checklist"]).unwrap();
    (task["id"].as_str().unwrap().to_owned(), checklist.clone())
}

#[sqlx::test(migrator = "muheng::db::MIGRATOR")]
async fn each_role_does_its_part_and_no_other(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let (inspector, clerk) = (app.signed_in("inspector").await, app.signed_in("contract").await);
    let (auditor, tax) = (app.signed_in("auditor").await, app.signed_in("tax").await);
    let parcel = app.some_parcel().await;
    let wanted = json!({ "parcel": parcel, "stage": "production", "purpose": "核实投产", "due": "2026-12-01",
        "assignee": null, "subject": "C-1", "obligation": "production" });
    for refused in [&inspector, &auditor, &tax] {
        assert_eq!(send_json(&app, refused, TASKS, &wanted).await.status(), 403);
    }
    assert_eq!(send_json(&app, &clerk, TASKS, &wanted).await.status(), 201);
    let again = send_json(&app, &clerk, TASKS, &wanted).await;
    assert_eq!(again.status(), 200);
    let made: Value = again.json().await.unwrap();
    assert_eq!(made["already"], true);

    let (task, checklist) = some_task(&app, &inspector).await;
    let address = format!("{TASKS}/{task}/visits/{}", Uuid::new_v4());
    let result = finding(&checklist, "pass", &[]);
    for refused in [&clerk, &auditor, &tax] {
        assert_eq!(send_json(&app, refused, &address, &result).await.status(), 403);
    }
    assert_eq!(app.page(&tax, "/inspections").await.0, 403);
    assert_eq!(app.page(&auditor, "/inspections").await.0, 200);
    let step = [("version", "1"), ("step", "cancel"), ("reason", "x")];
    for refused in [&inspector, &auditor] {
        let url = app.url(&format!("/inspections/{task}/step"));
        assert_eq!(post(refused, &url, &step).await.status(), 403);
    }
}

#[sqlx::test(migrator = "muheng::db::MIGRATOR")]
async fn a_subdistrict_clerk_sees_its_area_and_no_place_leaves_with_a_record(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let (clerk, street) = (app.signed_in("contract").await, app.signed_in("changqing").await);
    let all = json_of(&app, &clerk, "/api/v1/inspections?size_of_page=500").await;
    let own = json_of(&app, &street, "/api/v1/inspections?size_of_page=500").await;
    let own = own["inspections"].as_array().unwrap();
    assert!(!own.is_empty() && own.len() < all["inspections"].as_array().unwrap().len());
    assert!(own.iter().all(|task| task["subdistrict"] == "330105014"));
    let foreign =
        all["inspections"].as_array().unwrap().iter().find(|task| task["subdistrict"] != "330105014").unwrap();
    assert_eq!(app.page(&street, &format!("/inspections/{}", foreign["id"].as_str().unwrap())).await.0, 404);

    let task = app.inspection_with_photos().await;
    let (_, inside) = app.page(&clerk, &format!("/inspections/{task}")).await;
    assert!(inside.contains("东经"), "who may see places sees them");
    let (_, record) = app.page(&clerk, &format!("/inspections/{task}/print")).await;
    assert!(!record.contains("东经") && record.contains("不含位置信息"));
    let (_, record) = app.page(&clerk, &format!("/inspections/{task}/print?places=1")).await;
    assert!(record.contains("东经"));
    let approver = app.signed_in("approver").await;
    let (_, record) = app.page(&approver, &format!("/inspections/{task}/print?places=1")).await;
    assert!(!record.contains("东经"), "asking is not being allowed");
    let told = json_of(&app, &approver, &format!("{TASKS}/{task}")).await;
    assert!(told["results"][0]["position"].is_null() && told["results"][0]["photos"][0]["position"].is_null());
    let (_, table) = app.page(&clerk, "/inspections.csv").await;
    assert!(table.lines().count() > 30 && !table.contains("120."));
}

#[sqlx::test(migrator = "muheng::db::MIGRATOR")]
async fn photos_are_kept_once_by_content_and_served_without_metadata(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let inspector = app.signed_in("inspector").await;
    let (task, checklist) = some_task(&app, &inspector).await;
    let (visit, photo) = (Uuid::new_v4(), Uuid::new_v4());
    let address = |photo: Uuid| {
        format!(
            "{TASKS}/{task}/visits/{visit}/photos/{photo}?device_at=2026-11-23T03:00:00Z&longitude=120.1&latitude=30.3"
        )
    };
    let lying = send(&app, &inspector, &address(photo), "image/jpeg", b"\x89PNG\r\n\x1a\n".to_vec()).await;
    assert_eq!(lying.status(), 400);
    assert!(lying.text().await.unwrap().contains("PNG"));
    let large = send(&app, &inspector, &address(photo), "image/jpeg", vec![0xff; 17 * 1024 * 1024]).await;
    assert_eq!(large.status(), 413);
    let result = finding(&checklist, "pass", &[photo]);
    let visit_address = format!("{TASKS}/{task}/visits/{visit}");
    let early: Value = send_json(&app, &inspector, &visit_address, &result).await.json().await.unwrap();
    assert_eq!((&early["state"], &early["missing"]), (&json!("waiting_for_photos"), &json!([photo])));
    for already in [false, true] {
        let kept = send(&app, &inspector, &address(photo), "image/jpeg", jpeg(80, 60, 90)).await;
        assert_eq!(kept.status(), 200);
        assert_eq!(kept.json::<Value>().await.unwrap()["already"], already);
    }
    let other = send(&app, &inspector, &address(photo), "image/jpeg", jpeg(80, 60, 10)).await;
    assert_eq!(other.status(), 409);

    // As a machine that lost its power leaves it: the row is there, the file is empty.
    let sha256: Vec<u8> = sqlx::query_scalar("SELECT sha256 FROM inspection_photo WHERE id = $1")
        .bind(photo)
        .fetch_one(&app.pool)
        .await
        .unwrap();
    let file = muheng::inspection::vault::path_of(app.home.path(), &sha256);
    let whole = std::fs::read(&file).unwrap();
    std::fs::write(&file, b"").unwrap();
    let again = send(&app, &inspector, &address(photo), "image/jpeg", jpeg(80, 60, 90)).await;
    assert_eq!(again.json::<Value>().await.unwrap()["already"], true);
    assert_eq!(std::fs::read(&file).unwrap(), whole, "what is sent again makes it good");
    for state in ["recorded", "already"] {
        let sent: Value = send_json(&app, &inspector, &visit_address, &result).await.json().await.unwrap();
        assert_eq!(sent["state"], state);
    }
    let told = json_of(&app, &inspector, &format!("{TASKS}/{task}")).await;
    assert_eq!(told["results"].as_array().unwrap().len(), 1);
    assert_eq!((&told["state"], &told["results"][0]["outcome"]), (&json!("reported"), &json!("pass")));
    let picture = inspector.get(app.url(&format!("/inspections/photos/{photo}"))).send().await.unwrap();
    assert_eq!(picture.headers()["content-type"], "image/jpeg");
    assert_eq!(
        app.stranger().get(app.url(&format!("/inspections/photos/{photo}"))).send().await.unwrap().status(),
        303
    );
}

#[sqlx::test(migrator = "muheng::db::MIGRATOR")]
async fn a_clerk_assigns_by_form_and_a_stale_step_says_who_was_first(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let clerk = app.signed_in("contract").await;
    let parcel = app.some_parcel().await;
    let form = |due| [("parcels", parcel.as_str()), ("stage", "construction"), ("purpose", "核实开工"), ("due", due)];
    let late = post(&clerk, &app.url("/inspections"), &form("2026-11-22")).await;
    assert_eq!(late.status(), 422);
    assert!(late.text().await.unwrap().contains("不能早于今天"));
    let made = post(&clerk, &app.url("/inspections"), &form("2026-11-23")).await;
    assert_eq!(made.status(), 303);
    let address = made.headers()["location"].to_str().unwrap().to_owned();
    let step = |reason| [("version", "1"), ("step", "cancel"), ("reason", reason)];
    let url = app.url(&format!("{address}/step"));
    assert_eq!(post(&clerk, &url, &step("")).await.status(), 409, "cancelling needs a reason");
    assert_eq!(post(&clerk, &url, &step("重复")).await.status(), 303);
    let stale = post(&clerk, &url, &step("重复")).await;
    assert_eq!(stale.status(), 409);
    assert!(stale.text().await.unwrap().contains("示例合同管理员"));
    let (_, dossier) = app.page(&clerk, &format!("/parcels/{parcel}")).await;
    assert!(dossier.contains("现场检查") && dossier.contains(&address));
}
