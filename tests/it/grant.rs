//! Around a grant: from an admitted case to its contract, reviews in their own room, what an ended contract still owes, the
//! desk's heaps, results that were kept aside.

use muheng::db::PgPool;
use muheng::demo;
use reqwest::Client;
use serde_json::json;

use crate::clearing::{owed, sending};
use crate::support::{TestApp, json_of, post, send, sent};

/// Id and number of a decided case.
async fn case(app: &TestApp, outcome: &str) -> (String, String) {
    let sql = "SELECT id::text, year || '-' || lpad(serial::text, 4, '0') FROM admission_case
               WHERE outcome = $1 ORDER BY year, serial LIMIT 1";
    sqlx::query_as(sql).bind(outcome).fetch_one(&app.pool).await.unwrap()
}

/// What a field of a form holds.
fn field<'a>(form: &'a str, name: &str) -> &'a str {
    let input = format!("name=\"{name}\"");
    let rest = form.split(&input).nth(1).unwrap_or_else(|| panic!("{name} is not in the form"));
    let (tag, after) = rest.split_once('>').unwrap();
    match tag.split_once("value=\"") {
        Some((_, value)) => value.split('"').next().unwrap(),
        None => after.split("</textarea>").next().unwrap(),
    }
}

#[sqlx::test(migrator = "muheng::db::MIGRATOR")]
async fn an_admitted_case_becomes_a_contract_with_the_same_promises(pool: PgPool) {
    let app = TestApp::start(pool).await;
    demo::cases::load(&app.pool, &app.scope).await.unwrap();
    let (clerk, officer) = (app.signed_in("contract").await, app.signed_in("admission").await);
    let (id, number) = case(&app, "admitted").await;
    let page = format!("/admission/cases/{id}");
    let href = format!("/contracts/new?case={number}");
    assert!(app.page(&clerk, &page).await.1.contains(&href), "who keeps contracts is led there");
    assert!(!app.page(&officer, &page).await.1.contains(&href));
    let (status, form) = app.page(&clerk, &href).await;
    assert!(status == 200 && form.contains("id=\"from-case\"") && form.contains("虚构"), "{status}");

    let promised = json_of(&app, &clerk, &format!("/api/v1/admission/cases/{id}")).await;
    let promised = promised["commitments"].as_array().unwrap();
    let lines = field(&form, "commitments").to_owned();
    assert_eq!(lines.lines().count(), promised.len() + 1, "and the whole investment: {lines}");
    assert!(lines.lines().any(|line| line.starts_with("fixed_investment_yuan [") && line.ends_with(" 元")), "{lines}");
    for promise in promised {
        let code = promise["rule"].as_str().unwrap().rsplit('/').next().unwrap();
        let line = lines.lines().find(|line| line.split(' ').next() == Some(code));
        let line = line.unwrap_or_else(|| panic!("{code} is not among {lines}"));
        assert!(line.ends_with(promise["unit"].as_str().unwrap()), "{line}");
        let two_sided = promise["required"].as_str().unwrap().contains('且');
        let exact = promise["exact"].as_str().unwrap();
        assert!(
            two_sided || line.contains(&format!("[{exact},)")) || line.contains(&format!("(,{exact}]")),
            "{line}: {promise}"
        );
        assert!(!promise["declared"].as_object().unwrap().is_empty(), "what it follows from: {promise}");
    }
    assert_eq!(field(&form, "admission_case"), number);
    let area = field(&form, "granted_area").to_owned();
    assert!(area.parse::<f64>().unwrap() > 1000.0);
    let parcel = field(&form, "parcels").to_owned();
    assert_eq!(parcel.len(), 19, "the land of the case");

    let terms = |number: &'static str, case: &str| {
        let fixed = [
            ("number", number),
            ("document", "出让合同"),
            ("signed_on", "2026-11-20"),
            ("kind", "staged"),
            ("grantee", "91330105MA2AXYW00M"),
            ("price", "685"),
            ("instalments", "2026-12-20 685"),
            ("term_years", "20"),
            ("construction_months", "24"),
            ("production_months", "36"),
            ("day_count", "calendar"),
            ("investment_shortfall", "none"),
            ("far_shortfall", "none"),
            ("reason", "新签"),
        ];
        let mut fields: Vec<(String, String)> = fixed.map(|(name, value)| (name.into(), value.into())).to_vec();
        for (name, value) in [("parcels", &parcel), ("granted_area", &area), ("commitments", &lines)] {
            fields.push((name.into(), value.clone()));
        }
        fields.push(("source".into(), field(&form, "source").into()));
        fields.push(("admission_case".into(), case.into()));
        fields
    };
    let conclude_beside = async |number: &'static str, case: &str, beside: &str| {
        let mut fields = terms(number, case);
        fields.push(("beside".into(), beside.into()));
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        post(&clerk, &app.url("/contracts/new"), &fields).await
    };
    let conclude = async |number: &'static str, case: &str| conclude_beside(number, case, "").await;
    assert_eq!(conclude("出让〔2026〕准入1号", &number).await.status(), 303);
    let contract = json_of(
        &app,
        &clerk,
        &muheng::contract::present::address_of("出让〔2026〕准入1号").replacen("/contracts/", "/api/v1/contracts/", 1),
    )
    .await;
    let kept = &contract["terms"][0]["terms"];
    assert_eq!(kept["admission_case"], number.as_str());
    let kept: Vec<String> = kept["commitments"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| {
            format!(
                "{} {} {}",
                it["indicator"].as_str().unwrap(),
                it["required"].as_str().unwrap(),
                it["unit"].as_str().unwrap()
            )
        })
        .collect();
    assert_eq!(kept, lines.lines().map(str::trim).collect::<Vec<_>>());
    let one = muheng::contract::present::address_of("出让〔2026〕准入1号");
    assert!(app.page(&clerk, &one).await.1.contains(&format!("href=\"{page}\"")), "the contract leads to its case");

    let (refused, refused_number) = case(&app, "refused").await;
    assert!(!app.page(&clerk, &format!("/admission/cases/{refused}")).await.1.contains("/contracts/new?case="));
    assert_eq!(app.page(&clerk, &format!("/contracts/new?case={refused_number}")).await.0, 409);
    assert_eq!(app.page(&clerk, "/contracts/new?case=2026-9999").await.0, 404);
    let answer = conclude("出让〔2026〕准入2号", &refused_number).await;
    assert_eq!(answer.status(), 422);
    assert!(answer.text().await.unwrap().contains("data-code=\"case_not_admitted\""));
    // The land is granted now: once more only for a reason that somebody stands for.
    let taken = conclude("出让〔2026〕准入3号", "杭下准入〔2018〕7号").await;
    assert_eq!(taken.status(), 422);
    let said = taken.text().await.unwrap();
    assert!(said.contains("data-code=\"land_taken\"") && said.contains("出让〔2026〕准入1号"), "{said}");
    let beside = conclude_beside("出让〔2026〕准入3号", "杭下准入〔2018〕7号", "分期供地的二期").await;
    assert_eq!(beside.status(), 303, "a number on older paper");
    let page = app.page(&clerk, &muheng::contract::present::address_of("出让〔2026〕准入3号")).await.1;
    assert!(
        page.contains("分期供地的二期") && page.contains("企业名录中没有"),
        "the ground and the unknown grantee are shown"
    );
    assert!(!page.contains("href=\"/enterprises/91330105MA2AXYW00M\""), "no dead link");
}

#[sqlx::test(migrator = "muheng::db::MIGRATOR")]
async fn a_review_is_not_recorded_as_an_event(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let clerk = app.signed_in("contract").await;
    let sql = "SELECT e.contract FROM contract_event e WHERE e.kind = 'completion_declared' AND NOT EXISTS (
                   SELECT FROM contract_event r WHERE r.contract = e.contract AND r.kind = 'completion_reviewed')
               ORDER BY e.contract LIMIT 1";
    let number: String = sqlx::query_scalar(sql).fetch_one(&app.pool).await.unwrap();
    let one = muheng::contract::present::address_of(&number);
    let (_, form) = app.page(&clerk, &format!("{one}/events/new")).await;
    assert!(form.contains("value=\"started\"") && !form.contains("_reviewed\""), "the form offers no review");
    let (_, form) = app.page(&clerk, &format!("{one}/events/new?kind=completion_reviewed")).await;
    assert!(!form.contains("id=\"event-form\""));
    let (_, form) = app.page(&clerk, &format!("{one}/events/new?kind=measured")).await;
    let event = [
        ("kind", "completion_reviewed"),
        ("on", "2026-11-20"),
        ("outcome", "passed"),
        ("source", "验收意见书"),
        ("reason", "验收"),
        ("version", field(&form, "version")),
    ];
    let refused = post(&clerk, &app.url(&format!("{one}/events/new")), &event).await;
    assert_eq!(refused.status(), 422);
    assert!(refused.text().await.unwrap().contains("data-code=\"review_elsewhere\""));
    let raw = "INSERT INTO contract_event (district, contract, kind, happened_on, outcome, reason, source, recorded_at, recorded_by)
               SELECT district, number, 'completion_reviewed', '2026-11-20', 'passed', 'x', 'x', now(), 'x' FROM contract LIMIT 1";
    assert!(sqlx::query(raw).execute(&app.pool).await.is_err(), "the table asks where it comes from");
    let history = "SELECT contract, id FROM contract_event WHERE review_origin = 'historic' AND id NOT IN
                       (SELECT review FROM staged_certificate WHERE review IS NOT NULL) ORDER BY id LIMIT 1";
    let (number, id): (String, i64) = sqlx::query_as(history).fetch_one(&app.pool).await.unwrap();
    let one = muheng::contract::present::address_of(&number);
    assert!(app.page(&clerk, &one).await.1.contains("历史复核（文件导入）"));
    let (status, form) = app.page(&clerk, &format!("{one}/events/{id}/correct")).await;
    assert!(status == 200 && form.contains("id=\"withdraw-form\"") && !form.contains("id=\"event-form\""));
}

#[sqlx::test(migrator = "muheng::db::MIGRATOR")]
async fn what_an_ended_contract_owes_is_asked_for_and_paid(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let (clerk, approver) = (app.signed_in("contract").await, app.signed_in("approver").await);
    let rescinded = "SELECT contract FROM contract_event WHERE kind = 'rescinded' ORDER BY contract LIMIT 1";
    let number: String = sqlx::query_scalar(rescinded).fetch_one(&app.pool).await.unwrap();
    let duty = json!({ "contract": number, "duty": "payment_1" });
    let file = sent(&app, &clerk, "/api/v1/breaches", &duty).await;
    let path = format!("/api/v1/breaches/{}/step", file["id"].as_str().unwrap());
    let page = format!("/breaches/{}", file["id"].as_str().unwrap());
    let list = format!("/api/v1/notices?kind=breach&contract={}", muheng::contract::present::segment(&number));
    let notices = json_of(&app, &clerk, &list).await;
    let notice = format!("/api/v1/notices/{}/step", notices["notices"][0]["id"].as_str().unwrap());
    let letter = sending(&app, &clerk, notices["notices"][0]["id"].as_str().unwrap(), "in_person").await;
    sent(&app, &clerk, &notice, &letter).await;
    let step = |version: i64, step: &str| json!({ "version": version, "step": step, "reason": "示例" });
    sent(&app, &clerk, &path, &step(1, "notify")).await;
    sent(&app, &clerk, &notice, &json!({ "version": 2, "step": "deliver", "to": "示例", "receipt": "回证" })).await;
    sent(&app, &clerk, &path, &step(2, "answer")).await;
    let (_, html) = app.page(&clerk, &page).await;
    assert!(html.contains("合同终止：违约责任仍须了结") && !html.contains("value=\"taking_back\""), "no land is left");
    let propose = |remedy: &str| json!({ "version": 3, "step": "propose", "reason": "示例", "remedy": remedy });
    assert_eq!(send(&app, &clerk, &path, &propose("taking_back")).await.status(), 400);
    sent(&app, &clerk, &path, &propose("penalty")).await;
    let mut decision = step(4, "decide");
    decision["amount"] = owed(&app, &approver, &number, "payment_1").await.into();
    sent(&app, &approver, &path, &decision).await;
    assert_eq!(sent(&app, &clerk, &path, &step(5, "pay")).await["state"], "penalty_paid");
}

/// How much the desk says of a heap, and where it leads.
pub fn heap(desk: &str, title: &str) -> Option<(usize, String)> {
    let (before, after) = desk.split_once(&format!("<div class=\"subheader\">{title}</div>"))?;
    let count = after.split("mb-2\">").nth(1)?.split(' ').next()?.parse().ok()?;
    let href = before.rsplit("href=\"").next()?.split('"').next()?;
    Some((count, href.replace("&amp;", "&").replace("&#38;", "&")))
}

#[sqlx::test(migrator = "muheng::db::MIGRATOR")]
async fn the_desk_counts_what_its_links_list(pool: PgPool) {
    let app = TestApp::start(pool).await;
    demo::clearing::load(&app.pool, &app.scope).await.unwrap();
    let heaps = [
        ("contract", "待发送的通知", "contract_notice"),
        ("contract", "待作结论的复核", "/reviews/"),
        ("contract", "待办理的违约案卷", "/breaches/"),
        ("approver", "待审批的违约案卷", "/breaches/"),
        ("environment", "待出具的复核意见", "/reviews/"),
    ];
    for (login, title, rows) in heaps {
        let client = app.signed_in(login).await;
        let (_, desk) = app.page(&client, "/").await;
        let (count, href) = heap(&desk, title).unwrap_or_else(|| panic!("{title} is not on the desk of {login}"));
        assert!(count > 0, "{title}");
        let listed = if rows == "contract_notice" {
            assert_eq!(href, "/notices?state=prepared");
            let sql = "SELECT count(*) FROM contract_notice WHERE state = 'prepared'";
            sqlx::query_scalar::<_, i64>(sql).fetch_one(&app.pool).await.unwrap() as usize
        } else {
            let (status, page) = app.page(&client, &href).await;
            assert_eq!(status, 200, "{href}");
            page.split("<tbody>").nth(1).map_or(0, |body| body.matches(&format!("href=\"{rows}")).count())
        };
        assert_eq!(count, listed, "{title} and {href}");
    }
    let inspector = app.signed_in("inspector").await;
    let (_, desk) = app.page(&inspector, "/").await;
    assert!(heap(&desk, "待发送的通知").is_none() && heap(&desk, "待出具的复核意见").is_none());
    for page in ["/reviews", "/reviews?state=open&kind=completion", "/reviews?waiting=opinions", "/reviews/departments"]
    {
        assert_eq!(app.page(&inspector, page).await.0, 200, "{page}");
    }
    assert_eq!(app.page(&inspector, "/reviews?waiting=x").await.0, 400);
    assert_eq!(app.page(&inspector, "/breaches?turn=x").await.0, 400);
}

#[sqlx::test(migrator = "muheng::db::MIGRATOR")]
async fn a_district_lays_down_who_reviews_from_tomorrow_on(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let (clerk, admin) = (app.signed_in("contract").await, app.signed_in("admin").await);
    let (_, page) = app.page(&clerk, "/reviews/departments").await;
    assert!(page.contains("示例名单") && !page.contains("确定新的名单"));
    let list = |from: &'static str| {
        vec![("kind", "output"), ("from", from), ("source", "区政府会议纪要〔2026〕9号"), ("part.science", "研发投入")]
    };
    let change = async |client: &Client, fields: &[(&str, &str)]| {
        post(client, &app.url("/reviews/departments"), fields).await.status().as_u16()
    };
    assert_eq!(change(&clerk, &list("2026-11-24")).await, 403);
    assert_eq!(change(&admin, &list("2026-11-23")).await, 422, "reviews of today keep their list");
    let wrong = [("kind", "output"), ("from", "2026-11-23"), ("source", " "), ("part.science", " 研发\"投入\"")];
    let back = post(&admin, &app.url("/reviews/departments"), &wrong).await.text().await.unwrap();
    for said in [
        "id=\"from-output-fault\">起始日期应晚于今天",
        "id=\"source-output-fault\">请填写",
        "value=\" 研发&#34;投入&#34;\"",
    ] {
        assert!(back.contains(said), "{said}: {back}");
    }
    assert_eq!(change(&admin, &list("2026-11-24")).await, 303);
    assert_eq!(change(&admin, &list("2026-11-24")).await, 422, "not after the last");
    assert_eq!(change(&admin, &list("2026-12-01")).await, 303);
    let (_, page) = app.page(&admin, "/reviews/departments").await;
    assert!(
        page.contains("2026-11-24 至 2026-11-30") && page.contains("2026-12-01 起"),
        "an open list is ended by its successor"
    );
    let audited: i64 = sqlx::query_scalar("SELECT count(*) FROM audit_entry WHERE action = 'review.panel'")
        .fetch_one(&app.pool)
        .await
        .unwrap();
    assert_eq!(audited, 2);
}

#[sqlx::test(migrator = "muheng::db::MIGRATOR")]
async fn a_result_kept_aside_is_adopted_on_the_page(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let (clerk, inspector) = (app.signed_in("contract").await, app.signed_in("inspector").await);
    let aside =
        "SELECT v.task::text, v.id::text, t.version FROM inspection_visit v JOIN inspection_task t ON t.id = v.task
                 WHERE v.conflict IS NOT NULL ORDER BY v.task LIMIT 1";
    let (task, visit, version): (String, String, i32) = sqlx::query_as(aside).fetch_one(&app.pool).await.unwrap();
    let (page, version) = (format!("/inspections/{task}"), version.to_string());
    assert!(app.page(&clerk, &page).await.1.contains("采用这次结果"));
    assert!(!app.page(&inspector, &page).await.1.contains("采用这次结果"));
    let adopt = async |client: &Client, reason: &str| {
        let fields = [("version", version.as_str()), ("visit", visit.as_str()), ("reason", reason)];
        post(client, &app.url(&format!("{page}/adopt")), &fields).await.status().as_u16()
    };
    assert_eq!(adopt(&inspector, "迟到").await, 403);
    assert_eq!(adopt(&clerk, " ").await, 409, "without a reason");
    assert_eq!(adopt(&clerk, "现场已核实，结果有效").await, 303);
    assert_eq!(adopt(&clerk, "再次").await, 409, "on an older state");
    let (_, html) = app.page(&clerk, &page).await;
    assert!(html.contains("决定采用这次结果：现场已核实，结果有效") && html.contains("已报结果"));
    let view = json_of(&app, &clerk, &format!("/api/v1/inspections/{task}")).await;
    let adopted = view["results"].as_array().unwrap().iter().find(|it| it["id"] == visit.as_str()).unwrap();
    assert_eq!(adopted["adopted_reason"], "现场已核实，结果有效");
}
