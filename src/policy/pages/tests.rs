//! The pages behind the gate, which has tests of its own.

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use axum::routing::{get, post};
use http_body_util::BodyExt;
use tower::ServiceExt;
use uuid::Uuid;

use super::*;
use crate::account::{Department, NewAccount, Officer, Role};
use crate::base::clock::Clock;
use crate::db::{self, PgPool, Scope};
use crate::policy::intake::tests::{directory, row, workbook};
use crate::policy::rule::DecidingDay;
use crate::policy::store;
use crate::web::AppState;
use crate::web::state::Settings;

const RULE: Rule = Rule {
    name: "low_efficiency.tax_per_mu",
    title: "亩均税收",
    articles: &[("xiacheng-2019", "四(一)4")],
    deciding_day: DecidingDay::YearEnd,
    tests: &["low_efficiency::rules::tests::zero_negative_and_missing_tax"],
};

struct Desk {
    state: AppState,
    /// Who asks.
    account: Uuid,
}

impl Desk {
    async fn new(pool: PgPool) -> (Desk, Desk) {
        let district: crate::base::code::CountyCode = "330105".parse().unwrap();
        db::ensure_district(&pool, &district).await.unwrap();
        store::load(&pool).await.unwrap();
        let settings = Settings {
            district: district.clone(),
            district_name: "测试区".into(),
            synthetic: false,
            home: std::env::temp_dir(),
            basemap: None,
            public_address: None,
        };
        let clock = Clock::Fixed("2026-11-23T04:00:00Z".parse().unwrap());
        let state = AppState { pool: pool.clone(), clock, settings: Arc::new(settings) };
        let mut people = Vec::new();
        for login in ["maker", "approver"] {
            let account = NewAccount {
                login: login.into(),
                name: login.into(),
                roles: vec![Role::Approver],
                department: Some(Department::EconomyAndTourism),
                subdistrict: None,
                demonstration: false,
            };
            let scope = Scope::district(district.clone());
            let mut connection = pool.acquire().await.unwrap();
            crate::account::store::create(&mut connection, &scope, &account, "x", clock.now()).await.unwrap();
            let sql = "SELECT id FROM account WHERE login = $1";
            people.push(sqlx::query_scalar(sql).bind(login).fetch_one(&mut *connection).await.unwrap());
        }
        (Desk { state: state.clone(), account: people[0] }, Desk { state, account: people[1] })
    }

    async fn send(&self, mut request: Request<Body>) -> (StatusCode, String, String) {
        request.extensions_mut().insert(Officer {
            account: self.account,
            login: "x".into(),
            name: "甲".into(),
            roles: vec![Role::Approver],
            department: Some(Department::EconomyAndTourism),
            scope: Scope::district(self.state.settings.district.clone()),
            must_change_password: false,
            by_token: false,
        });
        let router = Router::new()
            .route("/policy", get(text::show))
            .route("/policy/rules", get(|state, officer, query| rules::show(state, officer, query, vec![RULE])))
            .route(
                "/policy/submissions",
                get(crate::account::list::show::<submissions::SubmissionList>).post(submissions::receive),
            )
            .route("/policy/schemes", get(schemes::show_list))
            .route("/policy/scheme", get(schemes::show))
            .route("/policy/scheme.json", get(schemes::download))
            .route("/policy/submissions/{id}", get(submission::show))
            .route("/policy/submissions/{id}/submit", post(submission::submit))
            .route("/policy/submissions/{id}/withdraw", post(submission::withdraw))
            .route("/policy/submissions/{id}/publish", post(submission::publish))
            .route("/policy/submissions/{id}/reject", post(submission::reject))
            .route("/policy/templates/{kind}", get(template::workbook));
        let response = router.with_state(self.state.clone()).oneshot(request).await.unwrap();
        let status = response.status();
        let to = response.headers().get(header::LOCATION).map(|to| to.to_str().unwrap().to_owned());
        let body = response.into_body().collect().await.unwrap().to_bytes();
        (status, to.unwrap_or_default(), String::from_utf8_lossy(&body).into_owned())
    }

    async fn get(&self, address: &str) -> (StatusCode, String) {
        let (status, _, body) = self.send(Request::get(address).body(Body::empty()).unwrap()).await;
        (status, body)
    }

    async fn post(&self, address: &str, form: &'static str) -> StatusCode {
        let request = Request::post(address)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Body::from(form))
            .unwrap();
        self.send(request).await.0
    }

    async fn upload(&self, name: &str, content: &[u8]) -> (StatusCode, String) {
        self.upload_as("standards", name, content).await
    }

    async fn upload_as(&self, kind: &str, name: &str, content: &[u8]) -> (StatusCode, String) {
        let mut body = format!(
            "--B\r\ncontent-disposition: form-data; name=\"kind\"\r\n\r\n{kind}\r\n\
             --B\r\ncontent-disposition: form-data; name=\"starts_on\"\r\n\r\n2027-01-01\r\n\
             --B\r\ncontent-disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\r\n"
        )
        .into_bytes();
        body.extend_from_slice(content);
        body.extend_from_slice(b"\r\n--B--\r\n");
        let request = Request::post("/policy/submissions")
            .header(header::CONTENT_TYPE, "multipart/form-data; boundary=B")
            .body(Body::from(body))
            .unwrap();
        let (status, to, _) = self.send(request).await;
        (status, to)
    }
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_table_goes_from_the_form_to_the_catalogue_through_two_people(pool: PgPool) {
    let (maker, approver) = Desk::new(pool).await;
    let (status, to) = maker.upload("指标.xlsx", &workbook(vec![row(&[])])).await;
    assert_eq!(status, StatusCode::SEE_OTHER);
    let (_, page) = maker.get(&to).await;
    assert!(page.contains("亩均税收 ≥20 万元/亩") && page.contains("新增指标“装备制造”"), "{page}");
    assert_eq!(approver.get(&to).await.0, StatusCode::NOT_FOUND, "a draft is its maker's");
    assert_eq!(maker.post(&format!("{to}/submit"), "").await, StatusCode::SEE_OTHER);
    let (_, own) = maker.get(&to).await;
    assert!(own.contains("须由另一位审批人") && !own.contains("批准发布</button>"), "{own}");
    assert_eq!(maker.post(&format!("{to}/publish"), "").await, StatusCode::BAD_REQUEST);
    assert_eq!(maker.post(&format!("{to}/reject"), "reason=x").await, StatusCode::BAD_REQUEST);
    assert!(approver.get(&to).await.1.contains("批准发布</button>"));
    assert!(approver.get("/policy/submissions?state=submitted").await.1.contains("指标.xlsx"));
    assert!(approver.get("/policy/submissions?state=published").await.1.contains("没有这种状态的提交"));
    assert_eq!(approver.get("/policy/submissions?state=x").await.0, StatusCode::BAD_REQUEST);
    assert_eq!(approver.post(&format!("{to}/reject"), "reason=+").await, StatusCode::BAD_REQUEST);
    assert_eq!(approver.post(&format!("{to}/publish"), "").await, StatusCode::SEE_OTHER);
    assert_eq!(approver.post(&format!("{to}/publish"), "").await, StatusCode::CONFLICT, "published once");
    assert!(approver.get("/policy/rules").await.1.contains("t/35"));
    let (_, list) = approver.get("/policy/submissions").await;
    assert!(list.contains("指标.xlsx") && list.contains("已发布"));
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_directory_is_published_by_two_people_and_later_given_an_end(pool: PgPool) {
    let (maker, approver) = Desk::new(pool).await;
    let district = maker.state.settings.district.clone();
    let row = "d/1,限制类,某工艺,2022,2017,是,,本区采用,ndrc-2024,限制类 一,某目录";
    let publish = async |row: &str| {
        let (_, to) = maker.upload_as("directory", "目录.csv", &directory(&[row])).await;
        let (_, page) = maker.get(&to).await;
        assert_eq!(maker.post(&format!("{to}/submit"), "").await, StatusCode::SEE_OTHER);
        assert_eq!(maker.post(&format!("{to}/publish"), "").await, StatusCode::BAD_REQUEST, "their own");
        assert_eq!(approver.post(&format!("{to}/publish"), "").await, StatusCode::SEE_OTHER);
        page
    };
    let first = publish(row).await;
    assert!(first.contains("新增限制类“某工艺”") && first.contains("未列入限制类、淘汰类的行业视为符合"), "{first}");
    let last = publish(&row.replace("是,,", "是,自2028年1月1日起废止,")).await;
    assert!(last.contains("“d/1”自 2028-01-01 起不再有效") && !last.contains("视为符合"), "{last}");
    let pool = &maker.state.pool;
    let catalogue = store::current(pool, &district).await.unwrap();
    let entry = catalogue.directory.iter().find(|entry| entry.id == "d/1").unwrap();
    let on = |day: &str| entry.valid.contains(day.parse().unwrap());
    assert!(!on("2026-12-31") && on("2027-01-01") && on("2027-12-31") && !on("2028-01-01"));
    assert!(store::agrees(pool, &district).await.unwrap());
    store::load(pool).await.unwrap();
    assert_eq!(store::current(pool, &district).await.unwrap().sha256(), catalogue.sha256(), "a start changes nothing");
    let behind = "UPDATE policy_directory_entry SET valid = daterange(lower(valid), NULL)";
    sqlx::query(behind).execute(pool).await.unwrap();
    assert!(!store::agrees(pool, &district).await.unwrap(), "a change behind the program is seen");
    assert!(approver.get("/policy/rules").await.1.contains("某工艺"));
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_table_with_faults_shows_them_with_their_places(pool: PgPool) {
    let (maker, _) = Desk::new(pool).await;
    let (_, to) = maker.upload("a.xlsx", &workbook(vec![row(&[]), row(&[("编号", "t/b"), ("要求", "很多")])])).await;
    let (_, page) = maker.get(&to).await;
    assert!(page.contains("要求“很多”无法识别") && page.contains("value_unreadable"), "{page}");
    assert!(!page.contains("提交批准</button>"));
    assert_eq!(maker.post(&format!("{to}/submit"), "").await, StatusCode::BAD_REQUEST);
    assert_eq!(maker.post(&format!("{to}/withdraw"), "").await, StatusCode::SEE_OTHER);
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn every_article_stands_beside_what_becomes_of_it(pool: PgPool) {
    let (desk, _) = Desk::new(pool).await;
    let (_, page) = desk.get("/policy/rules?as_of=2023-12-31").await;
    for expected in [
        "一律不予准入",
        "low_efficiency.tax_per_mu",
        "zero_negative_and_missing_tax",
        "不在本系统范围",
        "longchang-2022/glass",
        "10000",
    ] {
        assert!(page.contains(expected), "{expected}");
    }
    let repealed = "bg-red-lt\">2018-01-01 起，至 2023-12-31";
    assert!(!page.contains(repealed), "its last day");
    assert!(desk.get("/policy/rules?as_of=2024-01-01").await.1.contains(repealed), "the day after");
    let (_, ruled) = desk.get("/policy/rules?treatment=rule").await;
    assert!(ruled.contains("四(一)4") && !ruled.contains("指导思想"));
    let (_, none) = desk.get("/policy/rules?q=no-such-word").await;
    assert!(none.contains("没有符合条件的条款"));
    assert_eq!(desk.get("/policy/rules?as_of=x").await.0, StatusCode::BAD_REQUEST);
    assert!(desk.get("/policy").await.1.contains("未收录正文"));
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn templates_are_workbooks_that_are_read_back(pool: PgPool) {
    let (desk, _) = Desk::new(pool).await;
    for kind in ["standards", "documents", "directory", "schemes"] {
        assert_eq!(desk.get(&format!("/policy/templates/{kind}")).await.0, StatusCode::OK);
    }
    assert_eq!(desk.get("/policy/templates/x").await.0, StatusCode::NOT_FOUND);
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_scheme_goes_from_its_own_page_through_two_people_and_back(pool: PgPool) {
    let (maker, approver) = Desk::new(pool).await;
    let (_, list) = maker.get("/policy/schemes?year=2023").await;
    assert!(list.contains("2023 年度适用") && list.contains("系统随附") && list.contains("黄岩2022"), "{list}");
    let (_, text) = maker.get("/policy/scheme.json?id=muheng%2Findustry-above").await;
    let (_, told) = maker.get("/policy/scheme?id=example%2Fhuangyan-2022-above").await;
    assert!(told.contains("直接填写的24.097") && told.contains("记同组平均分"), "{told}");
    assert_eq!(maker.get("/policy/scheme?id=x").await.0, StatusCode::NOT_FOUND);
    assert_eq!(maker.get("/policy/schemes?year=x").await.0, StatusCode::BAD_REQUEST);

    let heavy = text.replacen("\"weight\": \"30\"", "\"weight\": \"45\"", 1);
    let (_, to) = maker.upload_as("schemes", "a.json", heavy.as_bytes()).await;
    let (_, page) = maker.get(&to).await;
    assert!(page.contains("scheme_weight") && page.contains("应不超过35%"), "{page}");
    assert_eq!(maker.post(&format!("{to}/submit"), "").await, StatusCode::BAD_REQUEST);

    let (_, to) = maker.upload_as("schemes", "a.json", text.as_bytes()).await;
    let (_, page) = maker.get(&to).await;
    assert!(page.contains("新增规上工业方案") && page.contains("实缴税金（元）×0.0001 ÷ 用地面积（亩）"), "{page}");
    assert_eq!(maker.post(&format!("{to}/submit"), "").await, StatusCode::SEE_OTHER);
    assert_eq!(maker.post(&format!("{to}/publish"), "").await, StatusCode::BAD_REQUEST, "their own");
    assert_eq!(approver.post(&format!("{to}/publish"), "").await, StatusCode::SEE_OTHER);
    assert_eq!(approver.get("/policy/scheme.json?id=muheng%2Findustry-above").await.1, text, "byte for byte");
    assert!(approver.get("/policy/scheme?id=muheng%2Findustry-above").await.1.contains("本区采用"));
    assert!(approver.get("/policy/rules").await.1.contains("二(一)3.2"));
}
