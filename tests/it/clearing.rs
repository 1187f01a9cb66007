//! Reviews, notices and breach files over HTTP and in the tables.

use muheng::db::PgPool;
use reqwest::Client;
use serde_json::{Value, json};

use crate::support::{TestApp, json_of, post, send, sent};

/// A contract whose only completion event is its declaration.
async fn declared(app: &TestApp) -> String {
    let sql = "SELECT e.contract FROM contract_event e WHERE e.kind = 'completion_declared' AND NOT EXISTS (
                   SELECT FROM contract_event r WHERE r.contract = e.contract AND r.kind = 'completion_reviewed')
               ORDER BY e.contract LIMIT 1";
    sqlx::query_scalar(sql).fetch_one(&app.pool).await.unwrap()
}

#[sqlx::test(migrator = "muheng::db::MIGRATOR")]
async fn a_completion_is_reviewed_by_all_departments_and_moves_the_contract(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let clerk = app.signed_in("contract").await;
    let number = declared(&app).await;
    let opened = post(&clerk, &app.url("/reviews"), &[("contract", &number), ("kind", "completion")]).await;
    assert_eq!(opened.status(), 303);
    let page = opened.headers()["location"].to_str().unwrap().to_owned();
    let (status, html) = app.page(&clerk, &page).await;
    assert!(status == 200 && html.contains("无法判定"), "{status}");
    let api = format!("/api/v1{page}");
    let conclusion = |view: &Value, outcome: &str| {
        json!({ "version": view["version"], "contract_version": view["contract_version"], "on": "2026-11-23",
            "outcome": outcome, "reason": "复核" })
    };
    let view = json_of(&app, &clerk, &api).await;
    let refused = send(&app, &clerk, &format!("{api}/conclusion"), &conclusion(&view, "passed")).await;
    assert_eq!(refused.status(), 409, "nothing is known yet");

    let area: rust_decimal::Decimal = sqlx::query_scalar(
        "SELECT round(granted_area_mu * 2000 / 3, 4) FROM contract_terms WHERE contract = $1 AND superseded_at IS NULL",
    )
    .bind(&number)
    .fetch_one(&app.pool)
    .await
    .unwrap();
    let times = |factor: &str| (area * factor.parse::<rust_decimal::Decimal>().unwrap()).round_dp(4).to_string();
    let (area_text, floors) = (area.to_string(), format!("{} 6 1", times("1.6")));
    let version = view["version"].to_string();
    let money = times("0.6");
    let (built, office, green) = (times("0.5"), times("0.05"), times("0.1"));
    let figures = [
        ("version", version.as_str()),
        ("figure.fixed_investment", &money),
        ("figure.investment_without_land", &money),
        ("figure.built_area", &built),
        ("figure.office_land_area", &office),
        ("figure.office_floor_area", &office),
        ("figure.green_area", &green),
        ("occupied_area", &area_text),
        ("floors", &floors),
    ];
    let to_figures = app.url(&format!("{page}/figures"));
    let mut wrong = figures.to_vec();
    (wrong[7].1, wrong[6].1) = ("0", "1,234.5");
    let refused = post(&clerk, &to_figures, &wrong).await;
    assert_eq!(refused.status(), 422, "no land is no figure");
    let html = refused.text().await.unwrap();
    assert!(html.contains("“实际用地面积”的“0”填写有误，应为大于零的数"), "what is wrong");
    for typed in ["name=\"occupied_area\" inputmode=\"decimal\" value=\"0\"", "value=\"1,234.5\"", floors.as_str()] {
        assert!(html.contains(typed), "{typed} is given back");
    }
    assert_eq!(post(&clerk, &to_figures, &figures).await.status(), 303);
    assert_eq!(post(&clerk, &to_figures, &figures).await.status(), 409, "an older state");

    let tax = app.signed_in("tax").await;
    let opinion = [("agrees", "yes"), ("reason", "现场核实，符合要求")];
    assert_eq!(post(&tax, &app.url(&format!("{page}/opinion")), &opinion).await.status(), 403, "takes no part");
    let land = app.signed_in("land").await;
    let refused = post(&land, &app.url(&format!("{page}/opinion")), &[("agrees", "no"), ("reason", " ")]).await;
    assert_eq!(refused.status(), 422, "an opinion has its reason");
    assert!(refused.text().await.unwrap().contains("value=\"no\" checked"), "what was chosen is given back");
    let unsaid = post(&land, &app.url(&format!("{page}/opinion")), &[("reason", "示例理由")]).await;
    assert_eq!(unsaid.status(), 422, "not said is not a no");
    assert!(unsaid.text().await.unwrap().contains("示例理由"));
    for login in ["land", "industry", "environment", "safety"] {
        let person = app.signed_in(login).await;
        assert_eq!(post(&person, &app.url(&format!("{page}/opinion")), &opinion).await.status(), 303, "{login}");
    }
    let view = json_of(&app, &clerk, &api).await;
    assert_eq!(view["verdict"], "conforms", "{view}");
    let other = times("0.11");
    let version = view["version"].to_string();
    let mut changed = figures.to_vec();
    (changed[0].1, changed[6].1) = (version.as_str(), other.as_str());
    assert_eq!(post(&clerk, &app.url(&format!("{page}/figures")), &changed).await.status(), 303);
    let view = json_of(&app, &clerk, &api).await;
    assert_eq!(view["verdict"], "not_determinable", "what the departments agreed to was something else");
    let unseen = [opinion[0], opinion[1], ("figures", "of yesterday")];
    assert_eq!(post(&land, &app.url(&format!("{page}/opinion")), &unseen).await.status(), 409, "other figures");
    for login in ["land", "industry", "environment", "safety"] {
        let person = app.signed_in(login).await;
        assert_eq!(post(&person, &app.url(&format!("{page}/opinion")), &opinion).await.status(), 303, "{login}");
    }
    let view = json_of(&app, &clerk, &api).await;
    assert_eq!(view["verdict"], "conforms", "{view}");
    let auditor = app.signed_in("auditor").await;
    let path = format!("{api}/conclusion");
    assert_eq!(send(&app, &auditor, &path, &conclusion(&view, "passed")).await.status(), 403);
    let mut unseen = conclusion(&view, "passed");
    unseen["shown"] = "another table".into();
    assert_eq!(send(&app, &clerk, &path, &unseen).await.status(), 409);
    let mut seen = conclusion(&view, "passed");
    seen["shown"] = view["shown"].clone();
    let concluded = sent(&app, &clerk, &path, &seen).await;
    assert_eq!(concluded["verdict"], "conforms");
    let contract = json_of(&app, &clerk, &format!("/api/v1/contracts/{}", number)).await;
    assert_eq!(contract["stage"], "completed", "{contract}");
    let (status, html) = app.page(&clerk, &page).await;
    assert!(status == 200 && html.contains("已作出结论"), "{status}");

    let forged = sqlx::query("UPDATE contract_review SET verdict = 'not_determinable'").execute(&app.pool).await;
    assert!(forged.is_err(), "the table keeps passing and conforming together");
}

/// The step that sends a notice with the text of today, as somebody saw it.
pub async fn sending(app: &TestApp, client: &Client, id: &str, way: &str) -> Value {
    let seen = json_of(app, client, &format!("/api/v1/notices/{id}")).await;
    json!({ "version": seen["version"], "step": "send", "way": way, "mark": seen["outgoing"]["mark"] })
}

/// What the check of today says is still owed for a duty.
pub async fn owed(app: &TestApp, client: &Client, contract: &str, obligation: &str) -> String {
    let contract = muheng::contract::present::segment(contract);
    let checks = json_of(app, client, &format!("/api/v1/contracts/checks?contract={contract}")).await;
    let line = checks["lines"].as_array().unwrap().iter().find(|line| line["obligation"] == obligation).unwrap();
    line["remaining_yuan"].as_str().unwrap().to_owned()
}

#[sqlx::test(migrator = "muheng::db::MIGRATOR")]
async fn a_notice_says_the_figures_of_the_day_it_goes_out_on(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let clerk = app.signed_in("contract").await;
    sent(&app, &clerk, "/api/v1/notices/prepare", &json!({})).await;
    // What is still owed: what was paid late has the lateness of the day it was paid, an ended contract that of its end.
    let sql = "SELECT id::text, contract FROM contract_notice n WHERE kind = 'breach' AND state = 'prepared'
               AND duty LIKE 'payment%' AND due < '2026-11-10' AND NOT EXISTS
                   (SELECT FROM contract_event e WHERE e.contract = n.contract AND (e.kind = 'paid' AND e.happened_on > n.due
                        OR e.kind IN ('rescinded', 'terminated', 'taken_back', 'extended', 'suspended')))
               ORDER BY contract LIMIT 1";
    let (id, number): (String, String) = sqlx::query_as(sql).fetch_one(&app.pool).await.unwrap();
    // Prepared on the 13th: nobody can have sent it before.
    let prepared = "UPDATE contract_notice SET prepared_at = '2026-11-12T16:00:00Z' WHERE state = 'prepared'";
    sqlx::query(prepared).execute(&app.pool).await.unwrap();
    for path in [format!("/api/v1/notices/{id}?on=2026-11-12"), format!("/notices/{id}?on=2026-11-12")] {
        let (status, text) = app.page(&clerk, &path).await;
        assert!(status == 400 && text.contains("早于拟制日期 2026-11-13"), "{status}: {path}");
    }
    let early = json!({ "version": 1, "step": "send", "way": "in_person", "mark": "x", "on": "2026-11-12" });
    assert_eq!(send(&app, &clerk, &format!("/api/v1/notices/{id}/step"), &early).await.status(), 400);
    let form = [("version", "1"), ("step", "send"), ("way", "in_person"), ("mark", "x"), ("on", "2026-11-12")];
    let refused = post(&clerk, &app.url(&format!("/notices/{id}/step")), &form).await;
    assert_eq!(refused.status(), 422);
    let html = refused.text().await.unwrap();
    assert!(html.contains("早于拟制日期 2026-11-13"), "what is wrong");
    assert!(html.contains("value=\"in_person\" selected"), "what was chosen is given back, on the letter of today");
    let form = [("version", "1"), ("step", "withdraw"), ("reason", " \r\n")];
    let refused = post(&clerk, &app.url(&format!("/notices/{id}/step")), &form).await;
    assert_eq!(refused.status(), 422);
    let html = refused.text().await.unwrap();
    assert!(html.contains("id=\"reason-withdraw-fault\">请填写“撤回原因”"), "beside its field");
    let look = async |on: &str| json_of(&app, &clerk, &format!("/api/v1/notices/{id}?on={on}")).await;
    let (earlier, today) = (look("2026-11-13").await, look("2026-11-23").await);
    let late = |seen: &Value| {
        let body = seen["outgoing"]["body"].as_str().unwrap().to_owned();
        body.split("已逾期 ").nth(1).unwrap().split(' ').next().unwrap().parse::<i64>().unwrap()
    };
    assert_eq!(late(&today), late(&earlier) + 10, "each day has its own lateness");
    assert!(today["outgoing"]["body"].as_str().unwrap().contains("截至 2026-11-23"));
    let (status, html) = app.page(&clerk, &format!("/notices/{id}?on=2026-11-13")).await;
    assert!(status == 200 && html.contains("截至 2026-11-13") && html.contains("拟制"), "{status}");
    let mark = |seen: &Value| seen["outgoing"]["mark"].as_str().unwrap().to_owned();
    let form = |on: &'static str, mark: String| {
        let step = [("version", "1"), ("step", "send"), ("way", "in_person"), ("on", on)];
        step.into_iter().map(|(name, text)| (name, text.to_owned())).chain([("mark", mark)]).collect::<Vec<_>>()
    };
    let press = async |fields: Vec<(&str, String)>| {
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, text)| (*name, text.as_str())).collect();
        let answer = post(&clerk, &app.url(&format!("/notices/{id}/step")), &fields).await;
        assert_eq!(answer.status(), 303);
        answer.headers()["location"].to_str().unwrap().to_owned()
    };
    let again = press(form("2026-11-23", mark(&earlier))).await;
    assert_eq!(again, format!("/notices/{id}?on=2026-11-23&changed=1"), "the text of another day is not sent");
    let (_, html) = app.page(&clerk, &again).await;
    assert!(html.contains("尚未发送") && html.contains("截至 2026-11-23"));
    let other = json!({ "version": 1, "step": "send", "way": "in_person", "mark": mark(&earlier) });
    assert_eq!(send(&app, &clerk, &format!("/api/v1/notices/{id}/step"), &other).await.status(), 409);
    assert_eq!(press(form("2026-11-23", mark(&today))).await, format!("/notices/{id}"));
    let kept = json_of(&app, &clerk, &format!("/api/v1/notices/{id}")).await;
    assert_eq!((&kept["sent_body"], kept["sent_on"].as_str()), (&today["outgoing"]["body"], Some("2026-11-23")));
    assert!(app.page(&clerk, &format!("/notices/{id}")).await.1.contains("截至 2026-11-23"));

    // What is over is not sent: another notice of the same contract, once its duty is waived.
    let sql = "SELECT id::text, contract, duty FROM contract_notice WHERE kind = 'breach' AND state = 'prepared'
               AND contract <> $1 ORDER BY contract LIMIT 1";
    let (id, number, duty): (String, String, String) =
        sqlx::query_as(sql).bind(&number).fetch_one(&app.pool).await.unwrap();
    let seen = sending(&app, &clerk, &id, "in_person").await;
    let events = format!("/api/v1/contracts/{}/events", muheng::contract::present::segment(&number));
    let contract = json_of(&app, &clerk, events.trim_end_matches("/events")).await;
    let waiver = json!({ "kind": "waived", "on": "2026-11-23", "duty": duty, "document": "示例文件", "reason": "示例",
        "source": "示例", "version": contract["version"].to_string() });
    let mut bare = waiver.clone();
    bare["document"] = "".into();
    assert_eq!(send(&app, &clerk, &events, &bare).await.status(), 422, "a waiver stands on paper");
    assert_eq!(send(&app, &clerk, &events, &waiver).await.status(), 201);
    assert_eq!(send(&app, &clerk, &events, &waiver).await.status(), 409, "the contract has changed since");
    let refused = send(&app, &clerk, &format!("/api/v1/notices/{id}/step"), &seen).await;
    assert_eq!(refused.status(), 409);
    assert!(refused.text().await.unwrap().contains("已免除"));
    let (status, html) = app.page(&clerk, &format!("/notices/{id}")).await;
    assert!(status == 200 && html.contains("不再发送") && !html.contains("id=\"send-form\""), "{status}");
}

#[sqlx::test(migrator = "muheng::db::MIGRATOR")]
async fn a_penalty_paid_too_much_is_taken_and_told(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let clerk = app.signed_in("contract").await;
    let checks = json_of(&app, &clerk, "/api/v1/contracts/checks?state=overdue&size_of_page=500").await;
    let lines = checks["lines"].as_array().unwrap();
    let late = |line: &&Value| {
        line["obligation"].as_str().unwrap().starts_with("payment_")
            && line["paid_yuan"] == "0"
            && line["overpaid_yuan"] == "0"
    };
    let line = lines.iter().find(late).unwrap();
    let number = line["contract"].as_str().unwrap();
    let address = format!("/api/v1/contracts/{}", muheng::contract::present::segment(number));
    let version = json_of(&app, &clerk, &address).await["version"].to_string();
    let payment = |duty: &str| {
        json!({ "kind": "penalty_paid", "on": "2026-11-23", "duty": duty, "amount": "999999999999",
            "document": "示例票据", "reason": "示例", "source": "示例", "version": version })
    };
    let refused = send(&app, &clerk, &format!("{address}/events"), &payment("payment_99")).await;
    assert_eq!(refused.status(), 422);
    assert!(refused.text().await.unwrap().contains("instalment_unknown"));
    let duty = line["obligation"].as_str().unwrap();
    assert_eq!(send(&app, &clerk, &format!("{address}/events"), &payment(duty)).await.status(), 201);
    let after = json_of(&app, &clerk, &address).await;
    let of = |it: &&Value| it["obligation"] == duty;
    let told = after["obligations"].as_array().unwrap().iter().find(of).unwrap();
    assert!(told["overpaid_yuan"].as_str().unwrap().starts_with("99999"), "{told}");
    let (_, html) = app.page(&clerk, &muheng::contract::present::address_of(number)).await;
    assert!(html.contains("其中多缴") && html.contains("累计缴纳违约金 999,999,999,999.00元"));
}

#[sqlx::test(migrator = "muheng::db::MIGRATOR")]
async fn notices_are_prepared_once_and_sent_by_a_person(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let (clerk, auditor) = (app.signed_in("contract").await, app.signed_in("auditor").await);
    assert_eq!(send(&app, &auditor, "/api/v1/notices/prepare", &json!({})).await.status(), 403);
    let first = sent(&app, &clerk, "/api/v1/notices/prepare", &json!({})).await;
    assert!(first["prepared"].as_i64().unwrap() > 10, "{first}");
    let again = sent(&app, &clerk, "/api/v1/notices/prepare", &json!({})).await;
    assert_eq!(again["prepared"], 0);
    let (status, html) = app.page(&clerk, "/notices?state=prepared").await;
    assert!(status == 200 && html.contains("违约告知"), "{status}");

    let list = json_of(&app, &clerk, "/api/v1/notices?kind=start").await;
    let notice = &list["notices"][0];
    let id = notice["id"].as_str().unwrap();
    let path = format!("/api/v1/notices/{id}/step");
    let unseen = json!({ "version": 1, "step": "send", "way": "registered_mail" });
    assert_eq!(send(&app, &auditor, &path, &unseen).await.status(), 403);
    assert_eq!(send(&app, &clerk, &path, &unseen).await.status(), 400, "nobody has seen the text");
    let step = sending(&app, &clerk, id, "registered_mail").await;
    let after = sent(&app, &clerk, &path, &step).await;
    assert_eq!((after["state"].as_str(), after["serial"].as_i64()), (Some("sent"), Some(1)));
    assert_eq!(send(&app, &clerk, &path, &step).await.status(), 409, "a second click");
    let events: i64 = sqlx::query_scalar(
        "SELECT count(*) FROM contract_event WHERE contract = $1 AND kind = 'notified' AND happened_on = '2026-11-23'",
    )
    .bind(notice["contract"].as_str())
    .fetch_one(&app.pool)
    .await
    .unwrap();
    assert_eq!(events, 1);
    let delivered = json!({ "version": 2, "step": "deliver", "to": "示例签收人", "receipt": "EMS示例" });
    assert_eq!(sent(&app, &clerk, &path, &delivered).await["state"], "delivered");
    let (status, html) = app.page(&clerk, &format!("/notices/{id}")).await;
    assert!(status == 200 && html.contains("2026-0001"), "{status}");
}

#[sqlx::test(migrator = "muheng::db::MIGRATOR")]
async fn a_breach_is_cleared_by_two_people(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let (clerk, approver) = (app.signed_in("contract").await, app.signed_in("approver").await);
    let checks = json_of(&app, &clerk, "/api/v1/contracts/checks?state=overdue&size_of_page=500").await;
    let lines = checks["lines"].as_array().unwrap();
    let late = lines.iter().find(|line| line["obligation"].as_str().unwrap().starts_with("payment_")).unwrap();
    let duty = json!({ "contract": late["contract"], "duty": late["obligation"] });
    let file = sent(&app, &clerk, "/api/v1/breaches", &duty).await;
    let again = sent(&app, &clerk, "/api/v1/breaches", &duty).await;
    assert_eq!(file["id"], again["id"]);
    let path = format!("/api/v1/breaches/{}/step", file["id"].as_str().unwrap());
    let step = |version: i64, step: &str| json!({ "version": version, "step": step, "reason": "示例" });
    assert_eq!(send(&app, &clerk, &path, &step(1, "notify")).await.status(), 400, "nothing was sent");
    let page = app.url(&format!("/breaches/{}/step", file["id"].as_str().unwrap()));
    let typed = [("version", "1"), ("step", "notify"), ("reason", "  已电话告知<甲> "), ("on", "2026-11-31")];
    let refused = post(&clerk, &page, &typed).await;
    assert_eq!(refused.status(), 422);
    let html = refused.text().await.unwrap();
    assert!(html.contains("id=\"on-notify-fault\">“日期”的“2026-11-31”填写有误"), "beside its field");
    assert!(html.contains(">  已电话告知&#60;甲&#62; </textarea>"), "byte for byte");
    let unsent = [("version", "1"), ("step", "notify"), ("reason", "已告知"), ("on", "")];
    let refused = post(&clerk, &page, &unsent).await;
    assert!(refused.status() == 422 && refused.text().await.unwrap().contains("违约告知书尚未发送"));
    let stale = [("version", "9"), ("step", "notify"), ("reason", "已告知甲厂"), ("on", "")];
    let refused = post(&clerk, &page, &stale).await;
    assert!(refused.status() == 409 && refused.text().await.unwrap().contains("已告知甲厂</textarea>"));
    let number = late["contract"].as_str().unwrap();
    let notices = json_of(&app, &clerk, &format!("/api/v1/notices?kind=breach&contract={number}")).await;
    let notice = format!("/api/v1/notices/{}/step", notices["notices"][0]["id"].as_str().unwrap());
    let letter = sending(&app, &clerk, notices["notices"][0]["id"].as_str().unwrap(), "in_person").await;
    sent(&app, &clerk, &notice, &letter).await;
    sent(&app, &clerk, &path, &step(1, "notify")).await;
    assert_eq!(send(&app, &clerk, &path, &step(2, "answer")).await.status(), 400, "not delivered");
    sent(&app, &clerk, &notice, &json!({ "version": 2, "step": "deliver", "to": "示例", "receipt": "回证" })).await;
    sent(&app, &clerk, &path, &step(2, "answer")).await;
    assert_eq!(send(&app, &clerk, &path, &step(3, "heal")).await.status(), 400, "still overdue");
    let mut proposed = step(3, "propose");
    proposed["remedy"] = "penalty".into();
    let proposed = sent(&app, &clerk, &path, &proposed).await;
    assert!(proposed["amount_yuan"].is_string(), "{proposed}");
    assert_eq!(send(&app, &clerk, &path, &step(4, "decide")).await.status(), 403, "the clerk does not decide");
    let same = sqlx::query("UPDATE contract_breach SET state = 'decided', decided_by = proposed_by");
    assert!(same.execute(&app.pool).await.is_err(), "four eyes, in the table");
    assert_eq!(send(&app, &approver, &path, &step(4, "decide")).await.status(), 400, "no amount was seen");
    let mut decision = step(4, "decide");
    decision["amount"] = "1".into();
    let other = send(&app, &approver, &path, &decision).await;
    assert_eq!(other.status(), 409);
    assert!(other.text().await.unwrap().contains("与您看到的1.00元不同"));
    decision["amount"] = owed(&app, &approver, number, late["obligation"].as_str().unwrap()).await.into();
    let decided = sent(&app, &approver, &path, &decision).await;
    assert_eq!(decided["amount_yuan"], decision["amount"]);
    let letters = json_of(&app, &clerk, &format!("/api/v1/notices?kind=decision&contract={number}")).await;
    let letter = letters["notices"][0]["id"].as_str().unwrap();
    let told = json_of(&app, &clerk, &format!("/api/v1/notices/{letter}")).await;
    assert!(told["outgoing"]["body"].as_str().unwrap().contains("并于 2026-11-23 审批"), "{told}");
    let (status, html) = app.page(&clerk, &format!("/breaches/{}", file["id"].as_str().unwrap())).await;
    assert!(status == 200 && html.contains("尚未登记缴纳"), "{status}");
    let paid = sent(&app, &clerk, &path, &step(5, "pay")).await;
    assert_eq!(paid["state"], "penalty_paid");
    let check = format!("/api/v1/contracts/checks?size_of_page=500&contract={number}");
    let lines = json_of(&app, &clerk, &check).await;
    let line = lines["lines"].as_array().unwrap().iter().find(|line| line["obligation"] == late["obligation"]).unwrap();
    assert_eq!((&line["paid_yuan"], line["remaining_yuan"].as_str()), (&decision["amount"], Some("0")), "{line}");
    let told = json_of(&app, &clerk, &format!("/api/v1/notices/{letter}")).await;
    assert_eq!((&told["outgoing"], told["over"].as_str()), (&Value::Null, Some("违约金已缴清")));
    assert_eq!(app.page(&clerk, "/breaches?state=open").await.0, 200);

    let sent_there = post(
        &clerk,
        &app.url("/duties/inspection"),
        &[("contract", number), ("duty", late["obligation"].as_str().unwrap())],
    )
    .await;
    assert_eq!(sent_there.status(), 303);
    assert!(sent_there.headers()["location"].to_str().unwrap().starts_with("/inspections/"));
}
