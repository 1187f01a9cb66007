//! Joint enforcement by its real persons: opened, listed, handed over, brought to its end, and everything that is refused.

use muheng::db::PgPool;
use muheng::demo;
use reqwest::Client;
use serde_json::{Value, json};

use crate::support::{TestApp, json_of, post, send};

async fn posted(app: &TestApp, person: &Client, path: &str, fields: &[(&str, &str)]) -> (u16, String) {
    let answer = post(person, &app.url(path), fields).await;
    let status = answer.status().as_u16();
    let place = answer.headers().get("location").map(|place| place.to_str().unwrap().to_owned());
    (status, place.unwrap_or(answer.text().await.unwrap()))
}

async fn inspector(app: &TestApp) -> String {
    let id: uuid::Uuid =
        sqlx::query_scalar("SELECT id FROM account WHERE login = 'inspector'").fetch_one(&app.pool).await.unwrap();
    id.to_string()
}

#[sqlx::test(migrator = "muheng::db::MIGRATOR")]
async fn a_campaign_is_opened_with_its_list_and_what_was_typed_comes_back(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let (evaluator, tax) = (app.signed_in("evaluator").await, app.signed_in("tax").await);
    assert_eq!(
        posted(&app, &tax, "/enforcement", &[("name", "合成")]).await.0,
        403,
        "whose department only takes part"
    );
    let inspector = inspector(&app).await;
    let alone = [
        ("name", "合成行动"),
        ("document", "示例1号"),
        ("lead", "safety"),
        ("departments", "safety"),
        ("due", "2027-01-31"),
        ("inspector", inspector.as_str()),
    ];
    let (status, page) = posted(&app, &evaluator, "/enforcement", &alone).await;
    assert!(status == 422 && page.contains("两个以上部门") && page.contains("合成行动"), "{status} {page}");
    let together = [alone.as_slice(), &[("departments", "tax")]].concat();
    let (status, place) = posted(&app, &evaluator, "/enforcement", &together).await;
    assert_eq!(status, 303, "{place}");
    let (status, page) = app.page(&evaluator, &place).await;
    assert!(status == 200 && page.contains("区税务局、区安监局"), "{page}");

    let list = format!("{place}/targets");
    let (status, page) = posted(&app, &evaluator, &list, &[("codes", "不是信用代码")]).await;
    assert!(status == 422 && page.contains("不是信用代码"), "{page}");
    let (status, page) = posted(&app, &evaluator, &list, &[("list_year", "1999")]).await;
    assert_eq!(status, 422, "{page}");
    let (status, page) = posted(&app, &evaluator, &list, &[("list_year", "2024")]).await;
    assert!(status == 200 && page.contains("家中列入"), "{page}");
    let tasks: i64 = sqlx::query_scalar(
        "SELECT count(*) FROM inspection_task WHERE checklist = 'joint-enforcement-2019:tax,safety'",
    )
    .fetch_one(&app.pool)
    .await
    .unwrap();
    let targets: i64 =
        sqlx::query_scalar("SELECT count(*) FROM enforcement_target").fetch_one(&app.pool).await.unwrap();
    assert!(tasks > 0 && tasks == targets, "{tasks} visits for {targets} enterprises");
    let by_hand =
        json!({ "parcel": "330105014001GB00001", "stage": "joint_enforcement", "purpose": "x", "due": "2027-01-31" });
    let contract = app.signed_in("contract").await;
    let refused = send(&app, &contract, "/api/v1/inspections", &by_hand).await;
    assert_eq!(refused.status(), 400, "{}", refused.text().await.unwrap());

    let (status, page) = posted(&app, &evaluator, &format!("{place}/close"), &[("version", "1"), ("words", "")]).await;
    assert!(status == 422 && page.contains("尚未检查或移交"), "{page}");
    let (status, _) =
        posted(&app, &evaluator, &format!("{place}/close"), &[("version", "1"), ("words", "另行安排")]).await;
    assert_eq!(status, 303);
    let (_, page) = app.page(&evaluator, "/enforcement").await;
    assert!(page.contains("已结束"), "{page}");
}

#[sqlx::test(migrator = "muheng::db::MIGRATOR")]
async fn what_was_reported_is_handed_over_and_each_department_works_on_its_own(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let counts = demo::enforcement::load(&app.pool, &app.scope).await.unwrap();
    assert!(counts.visited > 3 && counts.findings > 3, "{counts:?}");
    let (evaluator, safety) = (app.signed_in("evaluator").await, app.signed_in("safety").await);
    let (_, desk) = app.page(&evaluator, "/").await;
    assert!(desk.contains("待移交的联合执法结果"), "{desk}");
    let (_, page) = app.page(&evaluator, "/enforcement/targets?reported=1").await;
    let href = page
        .split("href=\"/enforcement/campaigns/")
        .find(|part| part.split('"').next().unwrap().contains('/'))
        .unwrap();
    let address = format!("/enforcement/campaigns/{}", href.split('"').next().unwrap());
    let (status, page) = app.page(&evaluator, &address).await;
    assert!(status == 200 && page.contains("到场执法人员"), "{page}");
    let version = page.split("name=\"version\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let (status, page) = posted(&app, &evaluator, &address, &[("version", &version)]).await;
    assert!(status == 422 && page.contains("到场的执法人员"), "{page}");
    let present = [
        ("version", version.as_str()),
        ("present_tax", "合成甲、合成乙"),
        ("present_environment", "合成丙、合成丁"),
        ("present_safety", "合成戊、合成己"),
    ];
    let (status, place) = posted(&app, &evaluator, &address, &present).await;
    assert_eq!(status, 303, "{place}");
    let again = posted(&app, &evaluator, &address, &present).await;
    assert!(again.0 == 409 && again.1.contains("示例综合评价员"), "{again:?}");

    let open = json_of(&app, &safety, "/api/v1/enforcement/findings?own=1&open=1").await;
    let open = open["findings"].as_array().unwrap().clone();
    assert!(open.iter().all(|finding| finding["department"] == "safety") && !open.is_empty(), "{open:?}");
    let finding: &Value = open.iter().find(|finding| finding["state"] == "handed_over").unwrap();
    let steps = format!("/api/v1/enforcement/findings/{}/steps", finding["no"].as_str().unwrap());
    let order = json!({ "step": "order", "version": finding["version"], "words": "限期改正" });
    let refused = send(&app, &safety, &steps, &order).await;
    assert_eq!(refused.status(), 422, "no paper and no term");
    let order = json!({ "step": "order", "version": finding["version"], "words": "限期改正", "document": "示例1号", "due": "2027-01-31" });
    let answer = send(&app, &safety, &steps, &order).await;
    assert_eq!(answer.status(), 200);
    let answer: Value = answer.json().await.unwrap();
    assert_eq!((&answer["state"], answer["steps"].as_array().unwrap().len()), (&json!("ordered"), 2));
    let stale = send(&app, &safety, &steps, &order).await;
    assert_eq!(stale.status(), 409);
    let tax = app.signed_in("tax").await;
    let fine =
        json!({ "step": "fine", "version": answer["version"], "words": "罚款", "document": "示例2号", "fine": "5000" });
    let others = send(&app, &tax, &steps, &fine).await;
    assert_eq!(others.status(), 422, "of another department");
    let auditor = app.signed_in("auditor").await;
    assert_eq!(send(&app, &auditor, &steps, &fine).await.status(), 403);

    let uscc = finding["uscc"].as_str().unwrap();
    let (_, page) = app.page(&evaluator, &format!("/enterprises/{uscc}")).await;
    assert!(page.contains("联合执法"), "{page}");
    let entry = [
        ("subject_kind", "enterprise"),
        ("subject", uscc),
        ("ground", "joint_enforcement"),
        ("year", ""),
        ("document", ""),
        ("words", ""),
    ];
    let (status, place) = posted(&app, &evaluator, "/remediation", &entry).await;
    assert_eq!(status, 303, "the registers bear it out: {place}");
    let (_, page) = app.page(&evaluator, &place).await;
    assert!(page.contains("联合执法查处、尚未整改的问题"), "{page}");
}

#[sqlx::test(migrator = "muheng::db::MIGRATOR")]
async fn a_veto_waits_for_somebody_else_and_goes_into_the_register(pool: PgPool) {
    let app = TestApp::start(pool).await;
    demo::enforcement::load(&app.pool, &app.scope).await.unwrap();
    let (safety, evaluator) = (app.signed_in("safety").await, app.signed_in("evaluator").await);
    let (_, page) = app.page(&evaluator, "/enforcement/findings?veto=1").await;
    let no = page.split("href=\"/enforcement/findings/").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let address = format!("/enforcement/findings/{no}");
    let (_, page) = app.page(&safety, &address).await;
    assert!(page.contains("待决定") && !page.contains("name=\"decision\""), "its proposer does not decide: {page}");
    let (_, page) = app.page(&evaluator, &address).await;
    let decide =
        page.split(&format!("action=\"{address}/vetoes/")).nth(1).unwrap().split('"').next().unwrap().to_owned();
    let decide = format!("{address}/vetoes/{decide}");
    let (status, page) =
        posted(&app, &evaluator, &decide, &[("version", "1"), ("decision", "refuse"), ("reason", "")]).await;
    assert!(status == 422 && page.contains("不予登记的理由"), "{page}");
    let own = posted(&app, &safety, &decide, &[("version", "1"), ("decision", "enter")]).await;
    assert!(own.0 == 422 && own.1.contains("提出人以外"), "{own:?}");
    let (status, place) = posted(&app, &evaluator, &decide, &[("version", "1"), ("decision", "enter")]).await;
    assert_eq!((status, place.as_str()), (303, address.as_str()));
    let (_, page) = app.page(&evaluator, "/evaluation/vetoes").await;
    assert!(page.contains("示例认〔2026〕1号"), "{page}");
    let new = [("kind", "safety_accident"), ("happened_on", "2026-11-05"), ("document", "示例2号"), ("words", "重复")];
    let (status, page) = posted(&app, &safety, &format!("{address}/vetoes"), &new).await;
    assert!(status == 422 && page.contains("不能重复"), "{page}");
}
