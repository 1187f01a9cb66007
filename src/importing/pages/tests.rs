//! An upload from the form to the register, behind the gate, which has tests of its own.

use std::path::Path;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use axum::routing::{get, post};
use chrono::{DateTime, Utc};
use http_body_util::BodyExt;
use serde_json::json;
use tower::ServiceExt;
use uuid::Uuid;

use super::*;
use crate::account::{Officer, Role};
use crate::base::clock::Clock;
use crate::db::{self, PgPool, Scope};
use crate::exchange::FileOption;
use crate::jobs::{Context, runner};
use crate::web::AppState;
use crate::web::state::Settings;

const BOUNDARY: &str = "muheng-test";

struct Desk {
    state: AppState,
    home: tempfile::TempDir,
}

impl Desk {
    async fn new(pool: PgPool) -> Self {
        let home = tempfile::tempdir().unwrap();
        let district = "330105".parse().unwrap();
        db::ensure_district(&pool, &district).await.unwrap();
        let settings = Settings {
            district,
            district_name: "测试区".into(),
            synthetic: false,
            home: home.path().to_owned(),
            basemap: None,
            public_address: None,
        };
        let clock = Clock::Fixed("2024-05-01T04:00:00Z".parse::<DateTime<Utc>>().unwrap());
        Desk { state: AppState { pool, clock, settings: Arc::new(settings) }, home }
    }

    fn scope(&self) -> Scope {
        Scope::district(self.state.settings.district.clone())
    }

    async fn send(&self, mut request: Request<Body>) -> (StatusCode, String, String) {
        request.extensions_mut().insert(Officer {
            account: Uuid::nil(),
            login: "steward".into(),
            name: "甲".into(),
            roles: vec![Role::ContractClerk],
            department: None,
            scope: self.scope(),
            must_change_password: false,
            by_token: false,
        });
        let router = Router::new()
            .route("/imports", get(crate::account::list::show::<list::ImportList>).post(upload::receive))
            .route("/imports/new", get(upload::form))
            .route("/imports/{id}", get(list::show))
            .route("/imports/drafts/{id}", get(draft::show))
            .route("/imports/drafts/{id}/progress", get(draft::progress))
            .route("/imports/drafts/{id}/preview", post(draft::preview))
            .route("/imports/drafts/{id}/commit", post(draft::commit))
            .route("/imports/drafts/{id}/report.json", get(draft::report));
        let response = router.with_state(self.state.clone()).oneshot(request).await.unwrap();
        let status = response.status();
        let to = response.headers().get(header::LOCATION).map(|to| to.to_str().unwrap().to_owned());
        let body = response.into_body().collect().await.unwrap().to_bytes();
        (status, to.unwrap_or_default(), String::from_utf8(body.to_vec()).unwrap())
    }

    async fn get(&self, address: &str) -> String {
        let (status, _, body) = self.send(Request::get(address).body(Body::empty()).unwrap()).await;
        assert_eq!(status, StatusCode::OK, "{address}: {body}");
        body
    }

    async fn post(&self, address: &str, form: &'static str) -> (StatusCode, String) {
        let request = Request::post(address)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Body::from(form))
            .unwrap();
        let (status, to, _) = self.send(request).await;
        (status, to)
    }

    async fn upload(&self, name: &str, content: &str) -> String {
        self.upload_as(&format!("filename=\"{name}\""), content).await
    }

    async fn upload_as(&self, named: &str, content: &str) -> String {
        let body = format!(
            "--{BOUNDARY}\r\ncontent-disposition: form-data; name=\"kind\"\r\n\r\nparcels\r\n\
             --{BOUNDARY}\r\ncontent-disposition: form-data; name=\"file\"; {named}\r\n\r\n{content}\r\n--{BOUNDARY}--\r\n"
        );
        let request = Request::post("/imports")
            .header(header::CONTENT_TYPE, format!("multipart/form-data; boundary={BOUNDARY}"))
            .body(Body::from(body))
            .unwrap();
        let (status, to, body) = self.send(request).await;
        assert_eq!(status, StatusCode::SEE_OTHER, "{body}");
        to
    }

    /// Lets the server's worker run until the draft's job is over.
    async fn work(&self, draft: &str) {
        let (pool, scope, home) = (self.state.pool.clone(), self.scope(), self.home.path().into());
        let context = Context { pool, clock: Clock::System, scope, home };
        let work = runner::work(context, crate::importing::draft_job::KIND);
        let over = async {
            while self.get(draft).await.contains("hx-trigger") {
                tokio::time::sleep(std::time::Duration::from_millis(50)).await;
            }
        };
        tokio::select! { () = work => {}, () = over => {} }
    }
}

fn square(frame: Option<&str>) -> String {
    let (x, y) = (40_520_000.0, 3_356_000.0);
    let ring = [[x, y], [x + 100.0, y], [x + 100.0, y + 100.0], [x, y + 100.0], [x, y]];
    let mut collection = json!({"type": "FeatureCollection", "features": [{
        "type": "Feature", "properties": {"宗地代码": "330105001001GB00001", "宗地面积": 10000, "地块名称": "</script>"},
        "geometry": {"type": "Polygon", "coordinates": [ring]},
    }]});
    if let Some(frame) = frame {
        collection["crs"] = json!({"type": "name", "properties": {"name": frame}});
    }
    collection.to_string()
}

async fn parcels(pool: &PgPool) -> i64 {
    sqlx::query_scalar!(r#"SELECT count(*) AS "count!" FROM parcel_version"#).fetch_one(pool).await.unwrap()
}

#[sqlx::test(migrator = "db::MIGRATOR")]
async fn a_file_is_uploaded_previewed_and_taken(pool: PgPool) {
    let desk = Desk::new(pool.clone()).await;
    assert!(desk.get("/imports/new").await.contains("宗地"));
    let draft = desk.upload("../a.geojson", &square(Some("urn:ogc:def:crs:EPSG::4528"))).await;
    desk.work(&draft).await;
    let page = desk.get(&draft).await;
    assert!(page.contains("GeoJSON") && page.contains("接受 1 条") && page.contains("preview-data"), "{page}");
    let place = |part: &str| page.find(part).unwrap_or_else(|| panic!("{part} is not in {page}"));
    assert!(place("读取 1 条") < place("id=\"preview-map\"") && place("id=\"preview-map\"") < place("/commit\""));
    assert!(page.find("id=\"faults\"").is_none_or(|faults| place("/commit\"") < faults), "{page}");
    assert_eq!(parcels(&pool).await, 0, "a preview leaves nothing");
    let (status, to) = desk.post(&format!("{draft}/commit"), "").await;
    assert_eq!((status, to.as_str()), (StatusCode::SEE_OTHER, draft.as_str()));
    desk.work(&draft).await;
    assert_eq!(parcels(&pool).await, 1);
    assert!(desk.get(&draft).await.contains("已导入"));
    assert_eq!(desk.post(&format!("{draft}/commit"), "").await.0, StatusCode::CONFLICT);
    let list = desk.get("/imports").await;
    assert!(list.contains("a.geojson") && !list.contains(".."), "{list}");
    let run =
        list.split("href=\"/imports/").find(|part| part.len() > 36 && part[..36].parse::<Uuid>().is_ok()).unwrap();
    assert!(desk.get(&format!("/imports/{}", &run[..36])).await.contains("读取 1 条"));
    assert!(desk.get(&format!("{draft}/report.json")).await.contains("\"accepted\": 1"));
    assert!(!Path::new(desk.home.path()).join("uploads").join(draft.rsplit('/').next().unwrap()).exists());
}

#[sqlx::test(migrator = "db::MIGRATOR")]
async fn a_name_that_is_given_in_the_longer_form_alone_is_taken(pool: PgPool) {
    let desk = Desk::new(pool).await;
    for named in ["filename*=UTF-8''%E5%AE%97%E5%9C%B0.geojson", "filename*=GBK''%D7%DA%B5%D8.geojson"] {
        let draft = desk.upload_as(named, &square(Some("EPSG:4528"))).await;
        desk.work(&draft).await;
        assert!(desk.get(&draft).await.contains("宗地.geojson"), "{named}");
    }
}

#[sqlx::test(migrator = "db::MIGRATOR")]
async fn a_question_is_asked_on_the_page_and_answered_there(pool: PgPool) {
    let desk = Desk::new(pool).await;
    let draft = desk.upload("a.geojson", &square(None)).await;
    desk.work(&draft).await;
    let page = desk.get(&draft).await;
    assert!(page.contains("name=\"answer\" value=\"4528\"") && !page.contains("/commit"), "{page}");
    assert!(page.contains("请选择坐标系") && !page.contains("--srid"), "{page}");
    desk.post(&format!("{draft}/preview"), "srid=&question=srid&answer=4528").await;
    desk.work(&draft).await;
    assert!(desk.get(&draft).await.contains("/commit"));
}

#[sqlx::test(migrator = "db::MIGRATOR")]
async fn every_option_that_a_sentence_may_name_stands_on_both_forms(pool: PgPool) {
    let desk = Desk::new(pool).await;
    let draft = desk.upload("a.geojson", &square(None)).await;
    desk.work(&draft).await;
    for page in [desk.get("/imports/new").await, desk.get(&draft).await] {
        for option in FileOption::ALL {
            let field = format!("name=\"{}\"", option.code().replace('-', "_"));
            // A planning layer's fields stand on the draft of a planning layer only.
            let planning = matches!(option, FileOption::PlanningLayer | FileOption::Edition);
            let expected = !planning || page.contains("planning_layer");
            assert_eq!(page.contains(&field) && page.contains(option.label()), expected, "{option}\n{page}");
        }
    }
}

#[sqlx::test(migrator = "db::MIGRATOR")]
async fn a_job_whose_server_fell_silent_is_taken_over(pool: PgPool) {
    use crate::account::{Act, Actor};
    use crate::jobs::store;
    let desk = Desk::new(pool.clone()).await;
    let (scope, now) = (desk.scope(), desk.state.clock.now());
    let actor = Actor { account: None, name: "甲".into() };
    let silence = chrono::Duration::seconds(30);
    let mut connection = pool.acquire().await.unwrap();
    let act = Act { pool: pool.clone(), scope: scope.clone(), actor, now };
    let id = store::enqueue(&mut connection, &act, "import", &json!({"draft": 1})).await.unwrap();
    let claim = async |at| store::claim(&pool, &scope, "import", at, silence).await.unwrap().map(|job| job.attempts);
    assert_eq!(claim(now).await, Some(1));
    assert_eq!(claim(now + silence).await, None, "still within its silence");
    assert_eq!(claim(now + silence + chrono::Duration::milliseconds(1)).await, Some(2));
    store::finish(&pool, &scope, id, None, now).await.unwrap();
    assert_eq!(claim(now + silence * 9).await, None);
    let status = store::newest_about(&pool, &scope, "import", &json!({"draft": 1})).await.unwrap().unwrap();
    assert!(status.is_over() && status.fault.is_none());
}
