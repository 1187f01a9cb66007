//! Admission cases at the page, the API and the database.

use muheng::admission::case::store::what_if::count;
use muheng::admission::case::what_if::{self, Change, Trial};
use muheng::db::PgPool;
use muheng::demo;
use reqwest::Client;
use serde_json::{Value, json};

use crate::grant::heap;
use crate::made::boundary;
use crate::support::{TestApp, post};

const DEPARTMENTS: [&str; 6] = ["land", "industry", "reform", "environment", "tax", "safety"];

async fn with_cases(pool: PgPool) -> TestApp {
    let app = TestApp::start(pool).await;
    demo::cases::load(&app.pool, &app.scope).await.unwrap();
    app
}

async fn id_of(app: &TestApp, project: &str) -> String {
    let sql = "SELECT id::text FROM admission_case WHERE project LIKE '%' || $1";
    sqlx::query_scalar(sql).bind(project).fetch_one(&app.pool).await.unwrap()
}

async fn case(app: &TestApp, client: &Client, id: &str) -> Value {
    client.get(app.url(&format!("/api/v1/admission/cases/{id}"))).send().await.unwrap().json().await.unwrap()
}

async fn version(app: &TestApp, client: &Client, id: &str) -> String {
    case(app, client, id).await["case"]["version"].to_string()
}

/// A form of the case page, filled in on the present version.
async fn act(app: &TestApp, client: &Client, id: &str, what: &str, fields: &[(&str, &str)]) -> u16 {
    let version = version(app, client, id).await;
    let mut all = vec![("version", version.as_str())];
    all.extend_from_slice(fields);
    post(client, &app.url(&format!("/admission/cases/{id}/{what}")), &all).await.status().as_u16()
}

async fn send(app: &TestApp, client: &Client, id: &str, what: &str, mut body: Value) -> u16 {
    body["version"] = case(app, client, id).await["case"]["version"].clone();
    let address = app.url(&format!("/api/v1/admission/cases/{id}/{what}"));
    let request = client.post(address).header("sec-fetch-site", "same-origin").json(&body);
    request.send().await.unwrap().status().as_u16()
}

async fn refused_by_the_database(app: &TestApp, sql: &str) {
    let refused = sqlx::query(sqlx::AssertSqlSafe(sql.to_owned())).execute(&app.pool).await.unwrap_err();
    assert!(matches!(refused, sqlx::Error::Database(_)), "{refused}");
}

#[sqlx::test(migrator = "muheng::db::MIGRATOR")]
async fn a_project_is_admitted_by_two_persons_and_its_opinion_can_be_verified(pool: PgPool) {
    let app = with_cases(pool).await;
    let officer = app.signed_in("admission").await;
    let id = id_of(&app, "机器人部件").await;
    assert_eq!(send(&app, &officer, &id, "handle", json!({ "action": "submit" })).await, 200);
    assert_eq!(act(&app, &officer, &id, "handle", &[("action", "accept")]).await, 303);
    let judged = [("action", "judge"), ("rule", ""), ("conforms", "1"), ("reason", "不属于限制类")];
    let detail = case(&app, &officer, &id).await;
    let open = detail["check"]["results"].as_array().unwrap().iter();
    let rule = open.clone().find(|line| line["verdict"] == "needs_judgement").unwrap()["rule"].as_str().unwrap();
    let judged = judged.map(|(name, value)| (name, if name == "rule" { rule } else { value }));
    assert_eq!(act(&app, &officer, &id, "handle", &judged).await, 303);
    assert_eq!(act(&app, &officer, &id, "handle", &[("action", "consult")]).await, 303);
    let early = [("action", "recommend"), ("recommends", "admit"), ("reason", "符合")];
    assert_eq!(act(&app, &officer, &id, "handle", &early).await, 409, "opinions are missing");
    for login in DEPARTMENTS {
        let steward = app.signed_in(login).await;
        assert_eq!(act(&app, &steward, &id, "opinions", &[("stance", "object")]).await, 409, "without a reason");
        assert_eq!(act(&app, &steward, &id, "opinions", &[("stance", "agree")]).await, 303);
    }
    assert_eq!(act(&app, &officer, &id, "handle", &early).await, 303);

    // The same person, now an approver as well: still not the second pair of eyes.
    sqlx::query("UPDATE account SET roles = roles || ARRAY['approver'] WHERE login = 'admission'")
        .execute(&app.pool)
        .await
        .unwrap();
    let same = app.signed_in("admission").await;
    assert!(!app.page(&same, &format!("/admission/cases/{id}")).await.1.contains("value=\"admitted\""));
    assert_eq!(act(&app, &same, &id, "decide", &[("outcome", "admitted"), ("reason", "同意")]).await, 409);
    let decision = json!({ "outcome": "admitted", "reason": "同意" });
    assert_eq!(send(&app, &same, &id, "decision", decision.clone()).await, 409);
    let alone = format!(
        "INSERT INTO admission_decision (district, case_id, round, outcome, reason, recommendation, recommended_by, decided_by,
             decided_name, decided_at, check_id, receipt, verdict, code, document, document_sha256)
         SELECT k.district, k.case_id, k.round, 'admitted', 'x', r.id, r.by_account, r.by_account, 'x', now(), k.id, k.receipt,
                k.verdict, '0000000000000000', '{{}}', decode(repeat('00', 32), 'hex')
         FROM admission_check k JOIN admission_recommendation r USING (district, case_id) WHERE k.current AND k.case_id = '{id}'"
    );
    refused_by_the_database(&app, &alone).await;

    let approver = app.signed_in("approver").await;
    assert!(app.page(&approver, &format!("/admission/cases/{id}")).await.1.contains("value=\"admitted\""));
    assert_eq!(send(&app, &approver, &id, "decision", decision).await, 200);
    assert_eq!(act(&app, &officer, &id, "handle", &[("action", "notify")]).await, 303);
    let detail = case(&app, &officer, &id).await;
    assert_eq!((&detail["case"]["stage"], &detail["case"]["outcome"]), (&json!("notified"), &json!("admitted")));
    assert!(!detail["commitments"].as_array().unwrap().is_empty());
    assert!(detail["blockers"].as_array().unwrap().is_empty());

    let (status, opinion) = app.page(&officer, &format!("/admission/cases/{id}/opinion")).await;
    assert_eq!(status, 200);
    let code = opinion.split_once("id=\"verify-code\">").unwrap().1.split('<').next().unwrap();
    let (status, page) = app.page(&app.stranger(), &format!("/verify/{code}")).await;
    let number = detail["case"]["number"].as_str().unwrap();
    assert!(status == 200 && page.contains(number) && page.contains("准予准入"));
    assert!(!page.contains("机器人部件"), "nothing else is told");
    assert!(app.page(&app.stranger(), "/verify/0000-0000-0000-0000").await.1.contains("没有这个核验码"));
}

#[sqlx::test(migrator = "muheng::db::MIGRATOR")]
async fn a_failing_project_can_only_be_refused_at_page_api_and_database(pool: PgPool) {
    let app = with_cases(pool).await;
    let officer = app.signed_in("admission").await;
    let id = id_of(&app, "玻璃深加工").await;
    assert_eq!(act(&app, &officer, &id, "handle", &[("action", "accept")]).await, 303);
    let page = app.page(&officer, &format!("/admission/cases/{id}")).await.1;
    assert!(!page.contains("value=\"admit\"") && page.contains("value=\"refuse\""));
    let admit = json!({ "action": "recommend", "recommends": "admit", "reason": "x" });
    assert_eq!(send(&app, &officer, &id, "handle", admit).await, 409);
    let recommendation = |recommends: &str| {
        format!(
            "INSERT INTO admission_recommendation (district, case_id, round, recommends, reason, by_account, by_name, at, check_id, verdict)
             SELECT district, case_id, round, '{recommends}', 'x', gen_random_uuid(), 'x', now(), id, verdict
             FROM admission_check WHERE current AND case_id = '{id}'"
        )
    };
    refused_by_the_database(&app, &recommendation("admit")).await;
    let refuse = json!({ "action": "recommend", "recommends": "refuse", "reason": "未达标" });
    assert_eq!(send(&app, &officer, &id, "handle", refuse).await, 200);

    let approver = app.signed_in("approver").await;
    assert!(!app.page(&approver, &format!("/admission/cases/{id}")).await.1.contains("value=\"admitted\""));
    assert_eq!(act(&app, &approver, &id, "decide", &[("outcome", "admitted"), ("reason", "x")]).await, 409);
    assert_eq!(send(&app, &approver, &id, "decision", json!({ "outcome": "admitted", "reason": "x" })).await, 409);
    let lie = format!(
        "INSERT INTO admission_decision (district, case_id, round, outcome, reason, recommendation, recommended_by, decided_by,
             decided_name, decided_at, check_id, receipt, verdict, code, document, document_sha256)
         SELECT k.district, k.case_id, k.round, 'admitted', 'x', r.id, r.by_account, gen_random_uuid(), 'x', now(), k.id, k.receipt,
                VERDICT, '0000000000000000', '{{}}', decode(repeat('00', 32), 'hex')
         FROM admission_check k JOIN admission_recommendation r USING (district, case_id) WHERE k.current AND k.case_id = '{id}'"
    );
    refused_by_the_database(&app, &lie.replace("VERDICT", "k.verdict")).await;
    refused_by_the_database(&app, &lie.replace("VERDICT", "'conforms'")).await;
    let change = format!("UPDATE admission_case SET stage = 'decided', outcome = 'admitted' WHERE id = '{id}'");
    refused_by_the_database(&app, &change).await;
    let change = format!("UPDATE admission_check SET verdict = 'conforms' WHERE case_id = '{id}'");
    refused_by_the_database(&app, &change).await;
    assert_eq!(act(&app, &approver, &id, "decide", &[("outcome", "refused"), ("reason", "未达标")]).await, 303);
    assert_eq!(case(&app, &officer, &id).await["case"]["outcome"], "refused");
}

/// Up to the point where it could be recommended.
async fn carried_to_recommendation(app: &TestApp, officer: &Client, id: &str) {
    assert_eq!(send(app, officer, id, "handle", json!({ "action": "submit" })).await, 200);
    assert_eq!(act(app, officer, id, "handle", &[("action", "accept")]).await, 303);
    let detail = case(app, officer, id).await;
    let open = detail["check"]["results"].as_array().unwrap().iter();
    for line in open.filter(|line| line["verdict"] == "needs_judgement") {
        let rule = line["rule"].as_str().unwrap();
        let judged = [("action", "judge"), ("rule", rule), ("conforms", "1"), ("reason", "不属于限制类")];
        assert_eq!(act(app, officer, id, "handle", &judged).await, 303);
    }
    assert_eq!(act(app, officer, id, "handle", &[("action", "consult")]).await, 303);
    for login in DEPARTMENTS {
        let steward = app.signed_in(login).await;
        assert_eq!(act(app, &steward, id, "opinions", &[("stance", "agree")]).await, 303);
    }
}

#[sqlx::test(migrator = "muheng::db::MIGRATOR")]
async fn land_of_an_admitted_project_is_admitted_and_offered_again_only_for_a_recorded_reason(pool: PgPool) {
    let app = with_cases(pool).await;
    let officer = app.signed_in("admission").await;
    let id = id_of(&app, "机器人部件").await;
    // An admitted project without a contract, drawn on the same land: no code tells, the shapes do.
    let drawn = format!(
        "UPDATE admission_case a SET site = b.site, parcel_code = NULL FROM admission_case b
         WHERE b.id = '{id}' AND a.id = (SELECT id FROM admission_case WHERE outcome = 'admitted' ORDER BY serial LIMIT 1)
         RETURNING a.year || '-' || lpad(a.serial::text, 4, '0')"
    );
    let number: String = sqlx::query_scalar(sqlx::AssertSqlSafe(drawn)).fetch_one(&app.pool).await.unwrap();
    carried_to_recommendation(&app, &officer, &id).await;
    let detail = case(&app, &officer, &id).await;
    assert_eq!(detail["standing"][0]["number"], number.as_str(), "{}", detail["standing"]);
    assert!(detail["blockers"].to_string().contains("land_taken"));
    let page = app.page(&officer, &format!("/admission/cases/{id}")).await.1;
    assert!(page.contains("id=\"standing\"") && page.contains(&number) && page.contains("记录并存理由"));
    let admit = [("action", "recommend"), ("recommends", "admit"), ("reason", "符合")];
    assert_eq!(act(&app, &officer, &id, "handle", &admit).await, 409);
    assert_eq!(act(&app, &officer, &id, "handle", &[("action", "beside"), ("reason", " ")]).await, 409, "no reason");
    let ground = [("action", "beside"), ("reason", "一期项目已退出，二期继续使用")];
    assert_eq!(act(&app, &officer, &id, "handle", &ground).await, 303);
    assert_eq!(act(&app, &officer, &id, "handle", &ground).await, 400, "nothing is left to give a reason for");
    let kept: (String, String) =
        sqlx::query_as("SELECT ground, recorded_by FROM admission_beside").fetch_one(&app.pool).await.unwrap();
    assert_eq!(kept, ("一期项目已退出，二期继续使用".to_owned(), "示例准入审查员（admission）".to_owned()));
    assert_eq!(act(&app, &officer, &id, "handle", &admit).await, 303);
    let approver = app.signed_in("approver").await;
    // Another project is admitted there meanwhile: the ground does not cover it.
    let meanwhile = format!(
        "UPDATE admission_case a SET site = b.site FROM admission_case b WHERE b.id = '{id}' AND a.id =
         (SELECT id FROM admission_case WHERE outcome = 'admitted' AND parcel_code IS NOT NULL ORDER BY serial DESC LIMIT 1)"
    );
    sqlx::query(sqlx::AssertSqlSafe(meanwhile)).execute(&app.pool).await.unwrap();
    let decision = json!({ "outcome": "admitted", "reason": "同意" });
    assert_eq!(send(&app, &approver, &id, "decision", decision.clone()).await, 409);
    assert_eq!(act(&app, &officer, &id, "handle", &[("action", "beside"), ("reason", "分期")]).await, 303);
    assert_eq!(send(&app, &approver, &id, "decision", decision).await, 200);

    // What an admission froze is exact, in the table as in the opinion.
    let detail = case(&app, &officer, &id).await;
    for promise in detail["commitments"].as_array().unwrap() {
        assert!(promise["exact"].is_string() && promise["asked"].is_string(), "{promise}");
    }
    let opinion = app.page(&officer, &format!("/admission/cases/{id}/opinion")).await.1;
    assert!(opinion.contains("申报："), "the declared figures stand on the paper");

    let parcel: String = sqlx::query_scalar(
        "SELECT l.parcel_code FROM contract_land l WHERE upper_inf(l.held) AND EXISTS (SELECT FROM parcel_version v
             WHERE v.code = l.parcel_code AND upper_inf(v.valid) AND v.superseded_at IS NULL) ORDER BY 1 LIMIT 1",
    )
    .fetch_one(&app.pool)
    .await
    .unwrap();
    let offer = |beside: &'static str| {
        [
            ("parcel", parcel.clone()),
            ("title", "试供地块".into()),
            ("land_kind", "industrial".into()),
            ("from", "2026-11-01".into()),
            ("set", "demo-2026/industrial".into()),
            ("beside", beside.into()),
        ]
    };
    let put = async |beside: &'static str| {
        let fields = offer(beside);
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let answer = post(&officer, &app.url("/admission/offers"), &fields).await;
        (answer.status().as_u16(), answer.text().await.unwrap())
    };
    let (status, said) = put("").await;
    assert!(status == 422 && said.contains("有效合同") && said.contains("并存理由"), "{status}: {said}");
    for typed in ["value=\"试供地块\"", "value=\"2026-11-01\"", "value=\"demo-2026/industrial\" checked"] {
        assert!(said.contains(typed), "what was typed is there still: {typed}");
    }
    assert!(said.contains(&format!("value=\"{parcel}\"")) && said.contains("role=\"alert\""));
    let (status, said) = put("\u{200b}").await;
    assert!(status == 422 && said.contains("看不见的字符"), "{status}: {said}");
    assert_eq!(put("只供应其中未建部分").await.0, 303);
    let page = app.page(&officer, "/admission/offers").await.1;
    assert!(page.contains("已有合同或准入项目") && page.contains("只供应其中未建部分"));
}

#[sqlx::test(migrator = "muheng::db::MIGRATOR")]
async fn a_form_sent_twice_files_once_and_an_old_one_changes_nothing(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let officer = app.signed_in("admission").await;
    let body =
        json!({ "client_key": "0196a6a4-0000-7000-8000-000000000001", "application": { "project": "重复提交" } });
    let create = || {
        let request = officer.post(app.url("/api/v1/admission/cases")).header("sec-fetch-site", "same-origin");
        request.json(&body).send()
    };
    let first: Value = create().await.unwrap().json().await.unwrap();
    let second: Value = create().await.unwrap().json().await.unwrap();
    assert_eq!(first["case"]["id"], second["case"]["id"]);
    let gaps = first["gaps"].as_array().unwrap().len();
    assert!(gaps > 1, "a draft says what it lacks");
    // The page says the same.
    let draft = format!("/admission/cases/{}", first["case"]["id"].as_str().unwrap());
    let page = app.page(&officer, &draft).await.1;
    assert!(page.contains(&format!("申请尚缺 {gaps} 项内容")) && !page.contains("内容已齐备"), "{gaps}: {page}");
    assert!(first["blockers"].to_string().contains(&format!("申请尚缺 {gaps} 项内容")), "{first}");
    // The page's form as well, with a key of its own.
    let clicked = async || {
        let form = reqwest::multipart::Form::new().text("client_key", "0196a6a4-0000-7000-8000-000000000002");
        let request = officer.post(app.url("/admission/cases/new")).header("sec-fetch-site", "same-origin");
        let answer = request.multipart(form.text("project", "双击")).send().await.unwrap();
        answer.headers()["location"].to_str().unwrap().to_owned()
    };
    assert_eq!(clicked().await, clicked().await);
    let filed: i64 = sqlx::query_scalar("SELECT count(*) FROM admission_case WHERE project = '双击'")
        .fetch_one(&app.pool)
        .await
        .unwrap();
    assert_eq!(filed, 1);
    let id = first["case"]["id"].as_str().unwrap();
    let submit = json!({ "action": "submit" });
    assert_eq!(send(&app, &officer, id, "handle", submit).await, 409, "submitting needs everything");

    let edit = async |version: &str, project: &str| {
        let form = reqwest::multipart::Form::new();
        let form = form.text("version", version.to_owned()).text("project", project.to_owned()).text("intent", "save");
        let form = form.text("figure.annual_tax", "八百万").text("site_kind", "drawn");
        // Crosses itself: kept as typed.
        let form = form.text("shape", "120.10,30.30\n120.20,30.40\n120.20,30.30\n120.10,30.40");
        let address = app.url(&format!("/admission/cases/{id}/edit"));
        let request = officer.post(address).header("sec-fetch-site", "same-origin").multipart(form);
        let response = request.send().await.unwrap();
        (response.status().as_u16(), response.text().await.unwrap())
    };
    assert_eq!(edit("1", "先改的人").await.0, 303);
    let (status, page) = edit("1", "后改的人").await;
    assert_eq!(status, 409);
    assert!(page.contains("示例准入审查员") && page.contains("没有生效"), "{page}");
    let kept = case(&app, &officer, id).await;
    assert_eq!(kept["case"]["project"], "先改的人");
    let withdraw = [("version", "1"), ("action", "withdraw"), ("reason", "误填")];
    let late = post(&officer, &app.url(&format!("/admission/cases/{id}/handle")), &withdraw).await;
    assert_eq!(late.status(), 409);
    let said = late.text().await.unwrap();
    assert!(said.contains("示例准入审查员") && said.contains("没有生效"), "{said}");
    assert_eq!(kept["application"]["figures"]["annual_tax"]["value"], "八百万");
    let gaps = kept["gaps"].to_string();
    assert!(gaps.contains("not_a_number") && gaps.contains("shape_invalid"), "{gaps}");
    let other = app.signed_in("approver").await;
    assert_eq!(app.page(&other, &format!("/admission/cases/{id}")).await.0, 404, "a draft is its maker's");

    let attach = async |name: &str, bytes: &[u8]| {
        let part = reqwest::multipart::Part::bytes(bytes.to_vec()).file_name(name.to_owned());
        let form =
            reqwest::multipart::Form::new().text("version", version(&app, &officer, id).await).part("file", part);
        let address = app.url(&format!("/admission/cases/{id}/attachments"));
        officer
            .post(address)
            .header("sec-fetch-site", "same-origin")
            .multipart(form)
            .send()
            .await
            .unwrap()
            .status()
            .as_u16()
    };
    assert_eq!(attach("批文.pdf", b"MZ\x90 not a pdf").await, 400);
    assert_eq!(attach("图.png", b"%PDF-1.7\n%%EOF").await, 400);
    assert_eq!(attach("批文.pdf", b"%PDF-1.7\n%%EOF").await, 303);
    let file: String =
        sqlx::query_scalar("SELECT id::text FROM admission_attachment").fetch_one(&app.pool).await.unwrap();
    let address = app.url(&format!("/admission/cases/{id}/attachments/{file}"));
    let response = officer.get(address).send().await.unwrap();
    assert!(response.headers()["content-disposition"].to_str().unwrap().starts_with("attachment;"));
    assert_eq!(response.headers()["x-content-type-options"], "nosniff");
    assert_eq!(response.bytes().await.unwrap().as_ref(), b"%PDF-1.7\n%%EOF");
}

#[sqlx::test(migrator = "muheng::db::MIGRATOR")]
async fn approvals_carry_over_hits_are_set_aside_by_two_and_a_what_if_decides_nothing(pool: PgPool) {
    let app = with_cases(pool).await;
    let officer = app.signed_in("admission").await;
    let id = id_of(&app, "环保设备制造").await;
    let detail = case(&app, &officer, &id).await;
    let said = |department: &str| {
        let opinions = detail["opinions"].as_array().unwrap().iter();
        opinions.clone().find(|opinion| opinion["department"] == department).unwrap().clone()
    };
    assert_eq!(said("environment")["carried_from"], 1, "what it saw did not change");
    assert_eq!(said("development_and_reform")["stance"], Value::Null, "the energy figure changed: asked again");
    assert_eq!(detail["blockers"][0]["code"], "opinion_missing");

    let id = id_of(&app, "新型建材").await;
    let hit: String =
        sqlx::query_scalar("SELECT id::text FROM admission_set_aside").fetch_one(&app.pool).await.unwrap();
    let answer = format!("set-aside/{hit}");
    assert_eq!(act(&app, &officer, &id, &answer, &[("agree", "1")]).await, 409, "nobody confirms an own proposal");
    refused_by_the_database(&app, "UPDATE admission_set_aside SET confirmed_by = proposed_by, confirmed_at = now()")
        .await;
    let approver = app.signed_in("approver").await;
    assert_eq!(case(&app, &officer, &id).await["check"]["verdict"], "does_not_conform");
    assert_eq!(act(&app, &approver, &id, &answer, &[("agree", "1")]).await, 303);
    let check = case(&app, &officer, &id).await["check"].clone();
    assert_ne!(check["verdict"], "does_not_conform");
    assert!(check["results"].to_string().contains("原命中保留"), "the hit stays visible");

    let decisions = "SELECT count(*) FROM admission_decision";
    let before: i64 = sqlx::query_scalar(decisions).fetch_one(&app.pool).await.unwrap();
    let change = |interval: &str| {
        let changes = vec![Change {
            set: "demo-2026/industrial".into(),
            indicator: "tax_per_mu".into(),
            interval: Some(interval.parse().unwrap()),
            unit: "万元/亩".into(),
        }];
        Trial { changes, ..Trial::default() }
    };
    let same = what_if::run(&app.pool, &app.scope, &change("[20,)"), &|_, _| {}).await.unwrap();
    assert!(same.turned.is_empty());
    let stricter = what_if::run(&app.pool, &app.scope, &change("[1000,)"), &|_, _| {}).await.unwrap();
    assert_eq!(stricter.cases, count(&app.pool, &app.scope).await.unwrap());
    assert!(stricter.turned.iter().all(|it| it.after == muheng::policy::verdict::Overall::DoesNotConform));
    assert!(!stricter.turned.is_empty());
    assert!(stricter.turned[0].indicators.contains(&"亩均税收".to_owned()));
    assert_eq!(sqlx::query_scalar::<_, i64>(decisions).fetch_one(&app.pool).await.unwrap(), before);
}

/// Brings a file of policy as the officer and publishes it as the approver.
async fn publish(app: &TestApp, kind: &str, name: &str, content: String) {
    let (officer, approver) = (app.signed_in("admission").await, app.signed_in("approver").await);
    let file = reqwest::multipart::Part::text(content).file_name(name.to_owned());
    let form = reqwest::multipart::Form::new().text("kind", kind.to_owned()).text("starts_on", "2026-12-01");
    let request = officer.post(app.url("/policy/submissions")).header("sec-fetch-site", "same-origin");
    let answer = request.multipart(form.part("file", file)).send().await.unwrap();
    let address = app.url(answer.headers()["location"].to_str().unwrap());
    let desk = async |client| heap(&app.page(client, "/").await.1, "待批准的政策与指标");
    for (client, step, waiting) in [(&officer, "submit", 1), (&approver, "publish", 0)] {
        let moved = post(client, &format!("{address}/{step}"), &[]).await;
        assert_eq!(moved.status(), 303, "{step}: {}", moved.text().await.unwrap());
        assert_eq!(desk(&approver).await, Some((waiting, "/policy/submissions?state=submitted".to_owned())));
    }
    assert_eq!(desk(&officer).await, None);
}

#[sqlx::test(migrator = "muheng::db::MIGRATOR")]
async fn an_adopted_directory_takes_the_place_of_a_persons_word(pool: PgPool) {
    const HEAD: &str = "编号,类别,目录表述,行业代码,行业分类版本,整个行业,采用,依据文件,依据条款,出处";
    let app = with_cases(pool).await;
    let officer = app.signed_in("admission").await;
    let (_, mut request) = crate::commands::conforming(&app.pool).await;
    let industry = request["industry"]["code"].as_str().unwrap().to_owned();
    request["judgements"] = json!({});
    let check = async |as_of: &str| -> Value {
        let asked = officer.post(app.url("/api/v1/admission/check")).header("sec-fetch-site", "same-origin");
        let mut request = request.clone();
        request["as_of"] = as_of.into();
        asked.json(&request).send().await.unwrap().json().await.unwrap()
    };
    assert_eq!(check("2026-12-01").await["verdict"], "not_determinable", "a person has to say");
    publish(
        &app,
        "directory",
        "目录.csv",
        format!("{HEAD}\nd/1,限制类,别的工艺,1610,2017,是,本区采用,ndrc-2024,一,目录\n"),
    )
    .await;
    assert_eq!(check("2026-11-30").await["verdict"], "not_determinable", "the day before it starts");
    assert_eq!(check("2026-12-01").await["verdict"], "conforms", "what is not listed conforms");
    let own = format!("{HEAD}\nd/2,淘汰类,本行业,{industry},2017,是,本区采用,ndrc-2024,二,目录\n");
    publish(&app, "directory", "目录.csv", own).await;
    let refused = check("2026-12-01").await;
    assert_eq!(refused["verdict"], "does_not_conform");
    assert!(refused.to_string().contains("属于淘汰类“本行业”"), "{refused:#}");
    let home = tempfile::tempdir().unwrap();
    let receipts = crate::commands::muheng(&app.pool, home.path(), &["recheck", "--all"]);
    assert_eq!(receipts.status.code(), Some(0), "what was decided before stays as it was");
}

#[sqlx::test(migrator = "muheng::db::MIGRATOR")]
async fn an_example_set_is_the_ground_of_nothing(pool: PgPool) {
    const EXAMPLE: &str = "longchang-2022/equipment";
    let app = with_cases(pool).await;
    let officer = app.signed_in("admission").await;
    assert!(!app.page(&officer, "/admission/offers").await.1.contains(EXAMPLE));
    let parcel = app.some_parcel().await;
    let offer = [
        ("parcel", parcel.as_str()),
        ("title", "试供地块"),
        ("land_kind", "industrial"),
        ("from", "2026-11-01"),
        ("set", EXAMPLE),
    ];
    let refused = post(&officer, &app.url("/admission/offers"), &offer).await;
    assert_eq!(refused.status(), 422);
    assert!(refused.text().await.unwrap().contains("是示例指标，本区未采用"));

    // An offer that names one all the same, as it may have come from elsewhere.
    let id = id_of(&app, "机器人部件").await;
    let smuggled = [
        format!(
            "UPDATE admission_case SET application = application || jsonb_build_object('site_kind', 'offer', 'offer',
                 (SELECT id FROM admission_offer WHERE land_kind = 'industrial' ORDER BY id LIMIT 1)) WHERE id = '{id}'"
        ),
        format!("UPDATE admission_offer SET sets = sets || '{EXAMPLE}'::text"),
        format!(
            "UPDATE admission_case SET application = jsonb_set(application, '{{set}}', '\"{EXAMPLE}\"') WHERE id = '{id}'"
        ),
    ];
    for sql in smuggled {
        sqlx::query(sqlx::AssertSqlSafe(sql)).execute(&app.pool).await.unwrap();
    }
    let gaps = case(&app, &officer, &id).await["gaps"].to_string();
    assert!(gaps.contains("example_set") && gaps.contains("不能作为准入依据"), "{gaps}");
    assert_eq!(send(&app, &officer, &id, "handle", json!({ "action": "submit" })).await, 409);
    let decided =
        "UPDATE admission_decision SET document = jsonb_set(document::jsonb, '{set,adoption}', '\"example\"')::text";
    refused_by_the_database(&app, decided).await;
}

#[sqlx::test(migrator = "muheng::db::MIGRATOR")]
async fn the_form_looks_up_investors_and_industries(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let officer = app.signed_in("admission").await;
    // One that has changed its name answers to the name it has now.
    let renamed = "SELECT uscc, name, (SELECT name FROM enterprise_version o WHERE o.uscc = v.uscc AND o.superseded_at IS NULL AND o.name <> v.name LIMIT 1)
                   FROM enterprise_version v WHERE superseded_at IS NULL AND upper_inf(valid) AND EXISTS
                       (SELECT FROM enterprise_version o WHERE o.uscc = v.uscc AND o.superseded_at IS NULL AND o.name <> v.name)
                   ORDER BY uscc LIMIT 1";
    let renamed: Option<(String, String, String)> = sqlx::query_as(renamed).fetch_optional(&app.pool).await.unwrap();
    let (uscc, name) = match renamed {
        Some((uscc, name, _)) => (uscc, name),
        None => sqlx::query_as("SELECT uscc, name FROM enterprise_version WHERE superseded_at IS NULL AND upper_inf(valid) ORDER BY uscc LIMIT 1")
            .fetch_one(&app.pool)
            .await
            .unwrap(),
    };
    let found = app.page(&officer, &format!("/admission/investor?uscc={}", uscc.to_lowercase())).await.1;
    assert!(found.contains(&format!("data-value=\"{name}\"")), "{found}");
    assert!(app.page(&officer, "/admission/investor?uscc=91330105MA2TE0077X").await.1.contains("含校验位"));
    let industries = app.page(&officer, "/admission/industries?industry=%E6%A8%A1%E5%85%B7").await.1;
    assert!(industries.contains("3525"), "{industries}");
    assert!(app.page(&officer, "/admission/industries?industry=%E6%9C%A8%E6%9C%89").await.1.contains("没有找到"));
}

#[sqlx::test(migrator = "muheng::db::MIGRATOR")]
async fn cases_stand_on_the_board_with_their_days_and_on_the_map(pool: PgPool) {
    let app = with_cases(pool).await;
    let officer = app.signed_in("admission").await;
    let (_, board) = app.page(&officer, "/admission/board").await;
    assert!(board.contains("剩余 ") || board.contains("逾期 "), "{board}");
    let open = "SELECT year || '-' || lpad(serial::text, 4, '0') FROM admission_case
                WHERE stage IN ('submitted', 'returned', 'accepted', 'opinions', 'recommended', 'decided') ORDER BY serial";
    let open: Vec<String> = sqlx::query_scalar(open).fetch_all(&app.pool).await.unwrap();
    for number in &open {
        assert!(board.contains(number.as_str()), "{number}");
    }
    let (_, map) = app.page(&officer, "/admission/map").await;
    let data = map.split_once("id=\"preview-data\">").unwrap().1.split_once("</script>").unwrap().0;
    let data: Value = serde_json::from_str(data).unwrap();
    let with_land = "SELECT count(*) FROM admission_case WHERE serial IS NOT NULL AND site IS NOT NULL";
    let with_land: i64 = sqlx::query_scalar(with_land).fetch_one(&app.pool).await.unwrap();
    assert_eq!(data["features"].as_array().unwrap().len() as i64, with_land);

    // Thirty newer cases in a column do not hide the one that has lain longest.
    let oldest = "UPDATE admission_case SET changed_at = '2026-01-01' WHERE stage = 'submitted' AND serial =
                      (SELECT min(serial) FROM admission_case WHERE stage = 'submitted') RETURNING year || '-' || lpad(serial::text, 4, '0')";
    let oldest: String = sqlx::query_scalar(oldest).fetch_one(&app.pool).await.unwrap();
    let newer = "INSERT INTO admission_case (district, id, year, serial, stage, round, client_key, application, project, investor,
                     applied_on, created_name, created_at, changed_at, changed_by, last_action)
                 SELECT district, gen_random_uuid(), 1999, n, 'submitted', 1, gen_random_uuid(), application, '新', investor,
                     applied_on, 'x', created_at, '2026-11-22', 'x', 'x'
                 FROM generate_series(1, 30) n, admission_case WHERE serial = 1 AND year = 2026";
    sqlx::query(newer).execute(&app.pool).await.unwrap();
    let (_, board) = app.page(&officer, "/admission/board").await;
    assert!(board.contains(&oldest) && board.contains("/admission/cases?stage=submitted"), "{oldest}");
}

/// Land that cannot be right, or might not be: each is said with its code, and what was typed stays.
#[sqlx::test(migrator = "muheng::db::MIGRATOR")]
async fn doubtful_land_is_named_and_nothing_typed_is_lost(pool: PgPool) {
    let app = with_cases(pool).await;
    let officer = app.signed_in("admission").await;
    let file = async |site: &str, part: Option<reqwest::multipart::Part>| {
        let form = reqwest::multipart::Form::new().text("client_key", uuid::Uuid::new_v4().to_string());
        let form = form.text("project", "用地存疑").text("site_kind", "drawn").text("shape", site.to_owned());
        let form = match part {
            Some(part) => form.part("file", part),
            None => form,
        };
        let request = officer.post(app.url("/admission/cases/new")).header("sec-fetch-site", "same-origin");
        let answer = request.multipart(form).send().await.unwrap();
        assert_eq!(answer.status(), 303, "{}", answer.text().await.unwrap());
        let address = answer.headers()["location"].to_str().unwrap().to_owned();
        let detail = case(&app, &officer, address.rsplit('/').next().unwrap()).await;
        let form = app.page(&officer, &format!("{address}/edit")).await.1;
        (detail, form)
    };
    let codes = |detail: &Value| -> Vec<String> {
        let gaps = detail["gaps"].as_array().unwrap().iter();
        gaps.map(|gap| gap["code"].as_str().unwrap().to_owned()).collect()
    };
    let has = |detail: &Value, code: &str| codes(detail).iter().any(|it| it == code);

    let crossed = "120.10,30.30\n120.20,30.40\n120.20,30.30\n120.10,30.40";
    let (detail, _) = file(crossed, None).await;
    assert!(has(&detail, "shape_invalid"), "{detail}");
    assert_eq!(detail["application"]["shape"], crossed);
    let flat = "120.10,30.30\n120.20,30.30\n120.15,30.30";
    let (detail, _) = file(flat, None).await;
    assert!(codes(&detail).iter().any(|code| code == "shape_invalid" || code == "area_zero"), "{detail}");
    let elsewhere = "121.10,31.30\n121.101,31.30\n121.101,31.301\n121.10,31.301";
    assert!(has(&file(elsewhere, None).await.0, "outside_district"));

    // The land of a pending case, and the same again a kilometre away.
    let pending = "SELECT ST_AsGeoJSON(site, 9), ST_AsGeoJSON(ST_Collect(ST_GeometryN(site, 1), ST_Translate(ST_GeometryN(site, 1), 0.01, 0)), 9),
                       year || '-' || lpad(serial::text, 4, '0')
                   FROM admission_case WHERE stage = 'submitted' AND site IS NOT NULL ORDER BY serial LIMIT 1";
    let (same, apart, number): (String, String, String) = sqlx::query_as(pending).fetch_one(&app.pool).await.unwrap();
    let (detail, form) = file(&same, None).await;
    assert!(
        !codes(&detail).iter().any(|code| code.starts_with("shape") || code.contains("overlap")),
        "not forbidden: {detail}"
    );
    assert!(form.contains("重叠的在办案件") && form.contains(&number), "but shown");
    let (_, form) = file(&apart, None).await;
    assert!(form.contains("用地由 2 块组成"), "{form}");

    // Files as surveyors send them; what is in them lies far away, and that is all that is wrong.
    for name in boundary::NAMES {
        let part = reqwest::multipart::Part::bytes(boundary::plot(name).into_bytes()).file_name(name);
        let (detail, _) = file("", Some(part)).await;
        assert!(has(&detail, "outside_district") && !has(&detail, "shape_invalid"), "{name}: {detail}");
        assert_eq!(detail["application"]["site_kind"], "uploaded");
    }
    let broken = reqwest::multipart::Part::bytes(b"not a boundary".to_vec()).file_name("界址.txt");
    let (detail, _) = file("", Some(broken)).await;
    assert!(has(&detail, "shape_invalid") && detail["application"]["shape"] == "not a boundary", "{detail}");
}

/// More cases than are read at a time: each is counted once, and whoever waits hears how far it is.
#[sqlx::test(migrator = "muheng::db::MIGRATOR")]
async fn a_what_if_goes_through_all_cases_and_tells_how_far_it_is(pool: PgPool) {
    let app = with_cases(pool).await;
    let copies = "WITH made AS (
            INSERT INTO admission_case (district, id, year, serial, stage, round, client_key, application, project, investor, site,
                site_area_m2, applied_on, created_name, created_at, changed_at, changed_by, last_action)
            SELECT c.district, gen_random_uuid(), 1999, n, 'submitted', 1, gen_random_uuid(), c.application, c.project, c.investor, c.site,
                c.site_area_m2, c.applied_on, 'x', c.created_at, c.changed_at, 'x', 'x'
            FROM generate_series(1, 1200) n, admission_case c WHERE c.serial = 1 AND c.year = 2026 RETURNING *),
        rounds AS (
            INSERT INTO admission_round SELECT district, id, 1, application, site, site_area_m2, '{}', created_at, 'x' FROM made RETURNING *)
        INSERT INTO admission_check (district, case_id, round, receipt, verdict, warnings, occasion, current, checked_at, checked_by)
        SELECT r.district, r.case_id, 1, k.receipt, k.verdict, '[]', 'x', true, k.checked_at, 'x'
        FROM rounds r, admission_check k JOIN admission_case c ON c.id = k.case_id WHERE k.current AND c.serial = 1 AND c.year = 2026";
    sqlx::query(copies).execute(&app.pool).await.unwrap();
    let total = count(&app.pool, &app.scope).await.unwrap();
    assert!(total > 1200);
    let change = Change {
        set: "demo-2026/equipment".into(),
        indicator: "tax_per_mu".into(),
        interval: Some("[1000,)".parse().unwrap()),
        unit: "万元/亩".into(),
    };
    let trial = Trial { changes: vec![change], ..Trial::default() };
    let told = std::sync::Mutex::new(Vec::new());
    let tell = |done, of| told.lock().unwrap().push((done, of));
    let report = what_if::run(&app.pool, &app.scope, &trial, &tell).await.unwrap();
    assert_eq!(report.cases, total);
    assert_eq!(report.counts.values().sum::<u64>(), total);
    assert_eq!(told.into_inner().unwrap(), [(500, total), (1000, total), (total, total)]);
}
