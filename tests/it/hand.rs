//! Registers changed by hand: enterprises and uses of land on pages and by API, parcels drawn after a preview.

use muheng::base::code::uscc_with_check_digit;
use muheng::db::PgPool;
use reqwest::Client;
use reqwest::multipart::{Form, Part};
use serde_json::{Value, json};

use crate::support::{TestApp, post};

fn enterprise(uscc: &str) -> Vec<(&str, &str)> {
    vec![
        ("uscc", uscc),
        ("name", "测试精密机械厂"),
        ("state", "operating"),
        ("size_class", "below"),
        ("edition", "2017"),
        ("industry", "3311"),
        ("subdistrict", "330105014"),
        ("effective_on", "2024-01-01"),
        ("source", "登记申请书"),
        ("reason", "新设"),
    ]
}

fn code() -> String {
    uscc_with_check_digit("91330105MA2TE0077").unwrap().into()
}

async fn api(app: &TestApp, client: &Client, path: &str, body: Value) -> (u16, Value) {
    let request = client.post(app.url(path)).header("sec-fetch-site", "same-origin");
    let response = request.header("content-type", "application/json").body(body.to_string()).send().await.unwrap();
    (response.status().as_u16(), response.json().await.unwrap())
}

#[sqlx::test(migrator = "muheng::db::MIGRATOR")]
async fn a_steward_enters_and_renames_an_enterprise_and_a_late_form_is_refused(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let client = app.signed_in("tax").await;
    let uscc = code();
    let response = post(&client, &app.url("/enterprises/new"), &enterprise(&uscc)).await;
    assert_eq!(response.status(), 303, "{}", response.text().await.unwrap());
    let (_, detail) = get(&app, &client, &format!("/api/v1/enterprises/{uscc}")).await;
    let base = detail["versions"][0]["id"].as_i64().unwrap().to_string();
    let (status, form) = app.page(&client, &format!("/enterprises/{uscc}/edit")).await;
    assert!(status == 200 && form.contains("测试精密机械厂") && form.contains(&format!("value=\"{base}\"")));
    let mut renamed: Vec<(&str, &str)> = enterprise(&uscc).into_iter().filter(|(name, _)| *name != "uscc").collect();
    renamed[0].1 = "测试智能装备公司";
    renamed.push(("base", &base));
    renamed.iter_mut().find(|(name, _)| *name == "effective_on").unwrap().1 = "2025-01-01";
    let address = app.url(&format!("/enterprises/{uscc}/change"));
    assert_eq!(post(&client, &address, &renamed).await.status(), 303);
    let late = post(&client, &address, &renamed).await;
    assert_eq!(late.status(), 409);
    let words = late.text().await.unwrap();
    assert!(words.contains("（tax）") && words.contains("新设"), "{words}");
    let (_, page) = app.page(&client, &format!("/enterprises/{uscc}")).await;
    assert!(
        page.contains("测试智能装备公司") && page.contains("测试精密机械厂") && page.contains("2025-01-01（不含）")
    );
}

#[sqlx::test(migrator = "muheng::db::MIGRATOR")]
async fn a_failing_check_digit_is_shown_and_confirmed_by_name(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let client = app.signed_in("admin").await;
    let mut wrong = code();
    let last = wrong.pop().unwrap();
    wrong.push(if last == '0' { '1' } else { '0' });
    let asked = post(&client, &app.url("/enterprises/new"), &enterprise(&wrong)).await;
    assert_eq!(asked.status(), 422);
    let page = asked.text().await.unwrap();
    assert!(page.contains("uscc_check_digit") && page.contains("name=\"confirm\"") && page.contains("（admin）"));
    let mut sure = enterprise(&wrong);
    sure.push(("confirm", "1"));
    assert_eq!(post(&client, &app.url("/enterprises/new"), &sure).await.status(), 303);
    let (_, detail) = get(&app, &client, &format!("/api/v1/enterprises/{wrong}")).await;
    assert!(detail["versions"][0]["uscc_confirmed_by"].as_str().unwrap().contains("admin"));
}

async fn get(app: &TestApp, client: &Client, path: &str) -> (u16, Value) {
    let response = client.get(app.url(path)).send().await.unwrap();
    (response.status().as_u16(), response.json().await.unwrap())
}

#[sqlx::test(migrator = "muheng::db::MIGRATOR")]
async fn the_api_writes_what_the_forms_write_and_names_each_fault(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let client = app.signed_in("contract").await;
    let uscc = code();
    let body: Value = enterprise(&uscc).into_iter().map(|(name, value)| (name.to_owned(), json!(value))).collect();
    let (status, written) = api(&app, &client, "/api/v1/enterprises", body.clone()).await;
    assert_eq!(status, 201, "{written}");
    let (status, problem) = api(&app, &client, "/api/v1/enterprises", body).await;
    assert_eq!((status, &problem["faults"][0]["code"]), (422, &json!("duplicate_record")));
    let parcel = app.some_parcel().await;
    let mut lease = json!({
        "uscc": uscc, "side": "leased_in", "parcel": parcel, "area_m2": "9999999", "since": "2025-01-01",
        "source": "合同", "reason": "承租",
    });
    let (status, problem) = api(&app, &client, "/api/v1/occupancies", lease.clone()).await;
    assert_eq!((status, &problem["faults"][0]["severity"]), (422, &json!("warning")));
    lease["confirm"] = json!("1");
    let (status, written) = api(&app, &client, "/api/v1/occupancies", lease).await;
    assert_eq!(status, 201, "{written}");
    let id = written["id"].as_i64().unwrap();
    assert_eq!(app.page(&client, &format!("/occupancies/{id}/edit")).await.0, 200);
    let end = json!({ "last": "2025-12-31", "source": "合同", "reason": "到期" });
    let (status, written) = api(&app, &client, &format!("/api/v1/occupancies/{id}/end"), end.clone()).await;
    assert_eq!(status, 201, "{written}");
    assert_eq!(api(&app, &client, &format!("/api/v1/occupancies/{id}/end"), end).await.0, 409);
    let unknown = json!({ "nonsense": 1 });
    assert_eq!(api(&app, &client, "/api/v1/occupancies", unknown).await.0, 400);
    let auditor = app.signed_in("auditor").await;
    assert_eq!(api(&app, &auditor, "/api/v1/occupancies", json!({})).await.0, 403);
}

const FREE: &str = "330105001001GB77777";

fn drawn(fields: &[(&str, &str)], file: Option<(&str, Vec<u8>)>) -> Form {
    let mut form = Form::new();
    for (name, value) in fields {
        form = form.text((*name).to_owned(), (*value).to_owned());
    }
    match file {
        Some((name, bytes)) => form.part("file", Part::bytes(bytes).file_name(name.to_owned())),
        None => form,
    }
}

async fn send(app: &TestApp, client: &Client, path: &str, form: Form) -> (u16, String) {
    let request = client.post(app.url(path)).header("sec-fetch-site", "same-origin").multipart(form);
    let response = request.send().await.unwrap();
    (response.status().as_u16(), response.text().await.unwrap())
}

/// The value of a hidden field.
fn hidden(page: &str, name: &str) -> String {
    let start = page.find(&format!("name=\"{name}\" value=\"")).unwrap_or_else(|| panic!("{name} in {page}"));
    let rest = &page[start..];
    let value = &rest[rest.find("value=\"").unwrap() + 7..];
    value[..value.find('"').unwrap()].to_owned()
}

#[sqlx::test(migrator = "muheng::db::MIGRATOR")]
async fn a_parcel_is_drawn_after_its_frame_is_answered_and_its_preview_seen(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let client = app.signed_in("contract").await;
    // A boundary text that names no zone: 100 m by 50 m, north of the town.
    let points =
        [(3_372_000, 512_000), (3_372_000, 512_100), (3_372_050, 512_100), (3_372_050, 512_000), (3_372_000, 512_000)];
    let mut text = "[属性描述]\n坐标系=2000国家大地坐标系\n几度分带=3\n投影类型=高斯克吕格\n计量单位=米\n带号=\n精度=0.001\n转换参数=,,,,,,\n[地块坐标]\n5,0.5000,1,甲,面,,,,@\n".to_owned();
    for (place, (north, east)) in points.iter().enumerate() {
        text.push_str(&format!("J{},1,{north},{east}\n", place % 4 + 1));
    }
    let fields = [
        ("successors", FREE),
        ("supply", "supplied_not_used"),
        ("effective_on", "2026-01-01"),
        ("source", "测绘报告"),
        ("reason", "新增"),
        ("step", "preview"),
    ];
    let file = Some(("甲.txt", text.into_bytes()));
    let (status, page) = send(&app, &client, "/parcels/new", drawn(&fields, file)).await;
    assert_eq!(status, 422, "{page}");
    assert!(page.contains("name=\"srid\"") && page.contains("4549"), "{page}");
    let (kept, kept_name) = (hidden(&page, "kept"), hidden(&page, "kept_name"));
    let mut answered = fields.to_vec();
    answered.extend([("srid", "4549"), ("kept", &kept), ("kept_name", &kept_name)]);
    let (status, page) = send(&app, &client, "/parcels/new", drawn(&answered, None)).await;
    assert_eq!(status, 200, "{page}");
    assert!(page.contains("确认登记") && page.contains("5,000.0000") && page.contains("mini-map"));
    assert_eq!(app.page(&client, &format!("/parcels/{FREE}")).await.0, 404, "a preview writes nothing");
    let mark = hidden(&page, "previewed");
    let mut meant = answered.clone();
    meant.retain(|(name, _)| *name != "step");
    meant.extend([("previewed", mark.as_str()), ("step", "commit")]);
    // Changed after the preview: it is previewed again.
    let mut changed = meant.clone();
    changed.push(("name", "别名"));
    let (status, page) = send(&app, &client, "/parcels/new", drawn(&changed, None)).await;
    assert!(status == 200 && page.contains("确认登记"));
    let (status, page) = send(&app, &client, "/parcels/new", drawn(&meant, None)).await;
    assert_eq!(status, 303, "{page}");
    let (status, page) = app.page(&client, &format!("/parcels/{FREE}")).await;
    assert!(status == 200 && page.contains("5,000"), "{page}");
    let (status, page) = send(&app, &client, "/parcels/new", drawn(&meant, None)).await;
    assert!(status == 422 && page.contains("code_taken"), "{page}");
}

#[sqlx::test(migrator = "muheng::db::MIGRATOR")]
async fn a_boundary_moves_between_neighbours_after_a_preview(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let client = app.signed_in("contract").await;
    // Two neighbours whose common land is divided anew, along its middle.
    let pair = "WITH v AS (SELECT code, id, ST_Transform(geom, 4528) AS g FROM parcel_version
                    WHERE superseded_at IS NULL AND upper_inf(valid) AND lower(valid) < '2025-01-01'
                      AND abs(official_area_m2 - plane_area_m2) < 0.01),
                u AS (SELECT a.code AS a, a.id AS ai, b.code AS b, b.id AS bi, ST_Union(a.g, b.g, 0.001) AS g
                      FROM v a JOIN v b ON a.code < b.code AND ST_Touches(a.g, b.g)),
                m AS (SELECT *, (ST_XMin(g) + ST_XMax(g)) / 2 AS x FROM u WHERE ST_NumGeometries(g) = 1 AND ST_NRings(g) = 1),
                p AS (SELECT *, ST_Intersection(g, ST_MakeEnvelope(ST_XMin(g) - 1, ST_YMin(g) - 1, x, ST_YMax(g) + 1, 4528)) AS west,
                             ST_Intersection(g, ST_MakeEnvelope(x, ST_YMin(g) - 1, ST_XMax(g) + 1, ST_YMax(g) + 1, 4528)) AS east FROM m)
                SELECT a, ai, b, bi, ST_AsGeoJSON(ST_Transform(west, 4490), 12, 0), ST_AsGeoJSON(ST_Transform(east, 4490), 12, 0)
                FROM p WHERE ST_NumGeometries(west) = 1 AND ST_NumGeometries(east) = 1 ORDER BY a, b LIMIT 1";
    type Pair = (String, i64, String, i64, String, String);
    let Some((a, a_id, b, b_id, a_shape, b_shape)): Option<Pair> =
        sqlx::query_as(pair).fetch_optional(&app.pool).await.unwrap()
    else {
        panic!("the town has neighbours");
    };
    let feature = |code: &str, shape: &str| json!({ "type": "Feature", "properties": { "code": code }, "geometry": serde_json::from_str::<Value>(shape).unwrap() });
    let shapes = json!({ "type": "FeatureCollection", "features": [feature(&a, &a_shape), feature(&b, &b_shape)] });
    let (shapes, codes) = (shapes.to_string(), format!("{a},{b}"));
    let (first, second) = (format!("{a}@{a_id}"), format!("{b}@{b_id}"));
    let mut fields = vec![
        ("codes", codes.as_str()),
        ("base", &first),
        ("base", &second),
        ("shapes", &shapes),
        ("effective_on", "2026-01-01"),
        ("source", "界址调整协议"),
        ("reason", "调整"),
        ("step", "preview"),
    ];
    let (status, page) = app.page(&client, &format!("/parcels/move-boundary?codes={codes}")).await;
    assert!(status == 200 && page.contains(&first));
    let (status, page) = send(&app, &client, "/parcels/move-boundary", drawn(&fields, None)).await;
    assert_eq!(status, 200, "{page}");
    assert!(page.contains("原界址") && page.contains("确认登记"));
    let mark = hidden(&page, "previewed");
    fields.retain(|(name, _)| *name != "step");
    fields.extend([("previewed", mark.as_str()), ("step", "commit")]);
    let (status, page) = send(&app, &client, "/parcels/move-boundary", drawn(&fields, None)).await;
    assert_eq!(status, 303, "{page}");
    let (status, page) = send(&app, &client, "/parcels/move-boundary", drawn(&fields, None)).await;
    assert!(status == 409 && page.contains("调整"), "{page}");
}

#[sqlx::test(migrator = "muheng::db::MIGRATOR")]
async fn every_use_of_land_comes_page_by_page_and_a_clerk_sees_the_own_area(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let auditor = app.signed_in("auditor").await;
    let (mut after, mut seen) = (String::new(), Vec::new());
    loop {
        let path = format!("/api/v1/occupancies?as_of=2024-12-31&size_of_page=400&after={after}");
        let (status, page) = get(&app, &auditor, &path).await;
        assert_eq!(status, 200, "{page}");
        seen.extend(page["occupancies"].as_array().unwrap().iter().map(|one| one["id"].as_i64().unwrap()));
        let Some(next) = page["next"].as_str() else { break };
        after = next.to_owned();
    }
    assert!(seen.len() > 400 && seen.is_sorted_by(|a, b| a < b), "{}", seen.len());
    let clerk = app.signed_in("changqing").await;
    let (_, own) = get(&app, &clerk, "/api/v1/occupancies?as_of=2024-12-31&size_of_page=500").await;
    let own = own["occupancies"].as_array().unwrap().len();
    assert!(own > 0 && own < seen.len(), "{own} of {}", seen.len());
}
