//! The addresses of the list, asked as a person who is signed in.

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::http::{Request, StatusCode};
use axum::routing::get;
use http_body_util::BodyExt;
use tower::ServiceExt;

use super::{api, pages};
use crate::account::{Officer, Role};
use crate::base::clock::Clock;
use crate::db::{PgPool, Scope};
use crate::web::AppState;
use crate::web::state::Settings;

const DATA: &str = "
    INSERT INTO district (code, name) VALUES ('330105', '拱墅区');
    INSERT INTO enterprise_version (district, uscc, valid, name, sector, size_class, state, source, reason, recorded_at,
        recorded_by, fingerprint)
    VALUES ('330105', '91110000600037341L', '[2010-01-01,)', '=样例企业', 'industry', 'below', 'operating', 't', 't',
        '2025-01-01', 't', '');
    INSERT INTO occupancy (district, parcel_code, kind, occupant, area_mu, valid, source, reason, recorded_at, recorded_by)
    VALUES ('330105', '330105001001GB00001', 'owned', '91110000600037341L', 3, '[2010-01-01,)', 't', 't', '2025-01-01', 't');
    INSERT INTO return_figure (district, year, indicator, uscc, value, department, state, source, reason, recorded_at, recorded_by)
    VALUES ('330105', 2024, 'tax_paid', '91110000600037341L', 29999.99, 'tax', 'reported', 't', 't', '2025-01-01', 't');";

async fn ask(pool: &PgPool, address: &str) -> (StatusCode, Vec<u8>) {
    let district: crate::base::code::CountyCode = "330105".parse().unwrap();
    let settings = Settings {
        district: district.clone(),
        district_name: "拱墅区".into(),
        synthetic: true,
        home: ".".into(),
        basemap: None,
        public_address: None,
    };
    let state = AppState { pool: pool.clone(), clock: Clock::System, settings: Arc::new(settings) };
    let officer = Officer {
        account: uuid::Uuid::nil(),
        login: "inspector".into(),
        name: "巡查员".into(),
        roles: vec![Role::Inspector],
        department: None,
        scope: Scope::district(district),
        must_change_password: false,
        by_token: false,
    };
    // The handlers behind the gate, which has tests of its own.
    let router = Router::new()
        .route("/low-efficiency", get(pages::list))
        .route("/low-efficiency.csv", get(pages::export::export))
        .route("/low-efficiency.xlsx", get(pages::export::export))
        .route("/low-efficiency/{year}/{uscc}", get(pages::detail))
        .route("/api/v1/low-efficiency", get(api::list));
    let mut request = Request::get(address).body(Body::empty()).unwrap();
    request.extensions_mut().insert(officer);
    let response = router.with_state(state).oneshot(request).await.unwrap();
    let status = response.status();
    (status, response.into_body().collect().await.unwrap().to_bytes().to_vec())
}

async fn text(pool: &PgPool, address: &str) -> String {
    let (status, body) = ask(pool, address).await;
    let body = String::from_utf8(body).unwrap();
    assert_eq!(status, StatusCode::OK, "{address}: {body}");
    body
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn the_page_the_exports_and_the_api_show_the_same_list(pool: PgPool) {
    sqlx::raw_sql(DATA).execute(&pool).await.unwrap();
    crate::policy::store::load(&pool).await.unwrap();

    let page = text(&pool, "/low-efficiency").await;
    assert!(page.contains("9,999.9967") && page.contains("2024年低效企业清单") && page.contains("低效 1 家"));
    let detail = text(&pool, "/low-efficiency/2024/91110000600037341L").await;
    assert!(detail.contains("330105001001GB00001"));

    let csv = text(&pool, "/low-efficiency.csv?year=2024").await;
    assert!(csv.starts_with("\u{feff}统一社会信用代码,"));
    assert!(csv.contains("'=样例企业") && csv.contains(",29999.99,") && csv.contains(",9999.9967,10000,"));
    let (status, xlsx) = ask(&pool, "/low-efficiency.xlsx?year=2024&outcome=flagged").await;
    assert!(status == StatusCode::OK && xlsx.starts_with(b"PK"));

    let json: serde_json::Value = serde_json::from_str(&text(&pool, "/api/v1/low-efficiency?year=2024").await).unwrap();
    let line = &json["lines"][0];
    for (field, expected) in [
        ("outcome", "flagged"),
        ("tax_yuan", "29999.99"),
        ("land_m2", "2000"),
        ("land_mu", "3"),
        ("tax_per_mu", "9999.9967"),
        ("threshold", "10000"),
        ("comparison", "<"),
        ("article", "四(一)4"),
    ] {
        assert_eq!(line[field], expected, "{field}");
    }
    assert_eq!(line["land_parts"][0]["days"], 366);
    assert_eq!(json["rule"]["parameter_period"]["from"], "2019-01-01");
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn what_cannot_be_listed_is_said(pool: PgPool) {
    crate::policy::store::load(&pool).await.unwrap();
    for (address, status) in [
        ("/low-efficiency?year=2018", StatusCode::BAD_REQUEST),
        ("/low-efficiency?year=x", StatusCode::BAD_REQUEST),
        ("/api/v1/low-efficiency?outcome=bad", StatusCode::BAD_REQUEST),
        ("/api/v1/low-efficiency?after=!", StatusCode::BAD_REQUEST),
        ("/low-efficiency/2024/91110000600037341L", StatusCode::NOT_FOUND),
        ("/low-efficiency?year=2024", StatusCode::OK),
    ] {
        assert_eq!(ask(&pool, address).await.0, status, "{address}");
    }
}
