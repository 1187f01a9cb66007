//! Imports for programs: upload, question, preview, commit, report.

use std::io::Write;
use std::time::Duration;

use muheng::db::PgPool;
use reqwest::Client;
use reqwest::multipart::{Form, Part};
use serde_json::{Value, json};

use crate::made::parcels::prj;
use crate::made::rectangle;
use crate::made::shapefile::{Record, Shapefile, number, text};
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
pub async fn settled(app: &TestApp, client: &Client, address: &str) -> Value {
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

/// A zip as a survey team packs it on a Mac, with eleven parcels side by side from a place within the district: the fourth
/// has one vertex at 0,0 and the seventh crosses itself.
fn zip_with_two_bad_records((x, y): (f64, f64)) -> Vec<u8> {
    let records = (0..11).map(|number| {
        let west = x + 60.0 * f64::from(number);
        let mut ring = rectangle(west, y, west + 50.0, y + 40.0);
        match number {
            3 => ring[2] = (0.0, 0.0),
            6 => ring.swap(1, 2),
            _ => {}
        }
        Record { values: vec![format!("330105001001GB8{number:04}"), "2000.00".into()], rings: vec![ring] }
    });
    let shapefile = Shapefile {
        fields: vec![text("宗地代码", 28), number("宗地面积", 12, 2)],
        records: records.collect(),
        encoding: encoding_rs::GBK,
        language_driver: 0x4D,
        cpg: Some("936 (ANSI/OEM - 简体中文 GBK)".into()),
        prj: Some(prj("CM_120E", 500_000.0)),
        heights: false,
        index: true,
    };
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let mut put = |name: String, bytes: &[u8]| {
        zip.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(bytes).unwrap();
    };
    for (ending, bytes) in shapefile.parts() {
        put(format!("交付/宗地.{ending}"), &bytes);
        put(format!("__MACOSX/交付/._宗地.{ending}"), &[0, 5, 22, 7]);
    }
    zip.finish().unwrap().into_inner()
}

#[sqlx::test(migrator = "muheng::db::MIGRATOR")]
async fn bad_records_of_a_zip_are_named_on_the_page_and_the_others_are_taken(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let client = app.signed_in("contract").await;
    let within: (f64, f64) = sqlx::query_as(
        "SELECT ST_X(place), ST_Y(place) FROM (SELECT ST_Transform(ST_PointOnSurface(geom), 4549) AS place
         FROM outline WHERE kind = 'district' AND superseded_at IS NULL LIMIT 1) AS district",
    )
    .fetch_one(&app.pool)
    .await
    .unwrap();
    let part = Part::bytes(zip_with_two_bad_records(within)).file_name("宗地.zip");
    let request = client.post(app.url("/imports")).header("sec-fetch-site", "same-origin");
    let response = request.multipart(Form::new().text("kind", "parcels").part("file", part)).send().await.unwrap();
    assert_eq!(response.status(), 303);
    let draft = response.headers()["location"].to_str().unwrap().to_owned();
    let address = format!("/api/v1/imports/{}", draft.rsplit('/').next().unwrap());
    let import = settled(&app, &client, &address).await;
    assert_eq!((&import["state"], &import["read"], &import["accepted"]), (&json!("previewed"), &json!(11), &json!(9)));
    let (_, page) = app.page(&client, &draft).await;
    assert!(page.contains("接受 9 条") && page.contains("拒绝 2 条"), "{page}");
    assert!(page.contains("第 3 点（横 0.0"), "{page}");
    let (_, report) = get(&app, &client, &format!("{address}/report")).await;
    let errors = report["faults"].as_array().unwrap().iter().filter(|fault| fault["severity"] == "error");
    let errors: Vec<(u64, &str)> =
        errors.map(|fault| (fault["record"].as_u64().unwrap(), fault["code"].as_str().unwrap())).collect();
    assert_eq!(errors, [(4, "frame_out_of_range"), (7, "geometry_self_intersection")], "{report}");
    assert_eq!(post(&app, &client, &format!("{address}/commit"), json!({})).await.0, 202);
    let import = settled(&app, &client, &address).await;
    assert_eq!((&import["state"], &import["accepted"]), (&json!("committed"), &json!(9)));
    let (kept, sound): (i64, bool) = sqlx::query_as(
        "SELECT count(*), bool_and(ST_IsValid(geom)) FROM parcel_version WHERE code LIKE '330105001001GB8%'",
    )
    .fetch_one(&app.pool)
    .await
    .unwrap();
    assert_eq!((kept, sound), (9, true));
}

#[sqlx::test(migrator = "muheng::db::MIGRATOR")]
async fn two_files_at_once_are_refused_by_name_and_never_one_of_them_taken(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let client = app.signed_in("contract").await;
    let file = |name: &'static str| Part::bytes(b"{}".to_vec()).file_name(name);
    let form = Form::new().text("kind", "parcels").part("file", file("甲.geojson")).part("file", file("乙.geojson"));
    let (status, problem) = upload(&app, &client, form).await;
    assert_eq!(status, 400);
    let said = problem.to_string();
    assert!(said.contains("甲.geojson") && said.contains("乙.geojson"), "{said}");
}

#[sqlx::test(migrator = "muheng::db::MIGRATOR")]
async fn a_file_of_a_very_long_name_is_read_under_its_own(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let client = app.signed_in("tax").await;
    let file = |name: &str| {
        let text = "统一社会信用代码,年度,实缴税收（万元）\n91330105XXXXXXXXXX,2025,1\n";
        let part = Part::bytes(text.as_bytes().to_vec()).file_name(name.to_owned());
        Form::new().text("kind", "returns").part("file", part)
    };
    // 255 and 256 bytes, and more.
    for name in ["a".repeat(251) + ".csv", "亩".repeat(84) + ".csv", "亩".repeat(400) + ".csv"] {
        let (status, import) = upload(&app, &client, file(&name)).await;
        assert_eq!(status, 201, "{} bytes: {import}", name.len());
        let address = format!("/api/v1/imports/{}", import["id"].as_str().unwrap());
        let import = settled(&app, &client, &address).await;
        assert_eq!((&import["state"], &import["read"]), (&json!("previewed"), &json!(1)), "{import}");
        assert_eq!(import["file_name"], json!(name), "people read the name they gave");
        let page = client.get(app.url("/imports")).send().await.unwrap();
        assert_eq!(page.status(), 200);
        let draft = format!("/imports/drafts/{}", import["id"].as_str().unwrap());
        assert_eq!(client.get(app.url(&draft)).send().await.unwrap().status(), 200);
    }
}

#[sqlx::test(migrator = "muheng::db::MIGRATOR")]
async fn a_file_name_that_cannot_be_kept_is_told(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let client = app.signed_in("tax").await;
    for stray in ["\0", "\u{1b}"] {
        let body = format!(
            "--x\r\ncontent-disposition: form-data; name=\"kind\"\r\n\r\nreturns\r\n--x\r\n\
             content-disposition: form-data; name=\"file\"; filename=\"a{stray}.csv\"\r\n\r\n1\r\n--x--\r\n"
        );
        for path in ["/api/v1/imports", "/imports"] {
            let request = client.post(app.url(path)).header("sec-fetch-site", "same-origin");
            let request = request.header("content-type", "multipart/form-data; boundary=x").body(body.clone());
            let response = request.send().await.unwrap();
            assert_eq!(response.status(), 400, "{path}");
            let said = response.text().await.unwrap();
            assert!(said.contains("文件名里有不能用的字符") && !said.contains("上传中断"), "{path}: {said}");
        }
    }
}
