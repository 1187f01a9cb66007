//! Measures carried out, over the demonstration district: a list is drawn and signed for, what is reported is held against it, and an
//! auditor's finding goes to its end on the pages.

use std::time::Duration;

use muheng::db::PgPool;
use muheng::demo;
use reqwest::multipart::{Form, Part};
use serde_json::{Value, json};

use crate::commands::muheng;
use crate::support::{TestApp, json_of, post, send};

async fn open(pool: PgPool) -> TestApp {
    let app = TestApp::start(pool).await;
    demo::evaluations::load(&app.pool, &app.scope).await.unwrap();
    demo::measures::load(&app.pool, &app.scope).await.unwrap();
    app
}

fn text<'a>(line: &'a Value, name: &str) -> &'a str {
    line[name].as_str().unwrap_or_default()
}

/// Where an order leads, when it was made.
async fn made(app: &TestApp, client: &reqwest::Client, path: &str, fields: &[(&str, &str)]) -> String {
    let response = post(client, &app.url(path), fields).await;
    let status = response.status().as_u16();
    assert_eq!(status, 303, "{}", response.text().await.unwrap());
    let address = response.headers()["location"].to_str().unwrap().to_owned();
    for _ in 0..600 {
        let (_, page) = app.page(client, &address).await;
        if !page.contains("hx-get=") {
            return address;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("{address} was not made within a minute");
}

#[sqlx::test(migrator = "muheng::db::MIGRATOR")]
async fn a_utility_gets_its_list_reports_and_the_auditor_finds_the_planted_mistake(pool: PgPool) {
    let app = open(pool).await;
    let office = app.signed_in("evaluator").await;
    let list = [("body", "power"), ("quarter", "2024-1"), ("on", "2024-02-10"), ("document", "合成交办1号")];
    let address = made(&app, &office, "/allocation", &list).await;
    let (status, page) = app.page(&office, &address).await;
    assert!(status == 200 && page.contains("待签收") && page.contains("供电企业"), "{page}");
    let again = post(&office, &app.url("/allocation"), &list).await;
    let (status, page) = (again.status(), again.text().await.unwrap());
    assert!(status == 422 && page.contains("已交办供电企业") && page.contains("合成交办1号"), "{page}");
    let outside = [("body", "tax"), ("quarter", "2024-1"), ("on", "2024-04-01"), ("document", "合成交办1号")];
    let outside = post(&office, &app.url("/allocation"), &outside).await;
    assert!(outside.status() == 422 && outside.text().await.unwrap().contains("不在2024年第一季度之内"));

    let signing = app.url(&format!("{address}/acknowledgement"));
    assert_eq!(post(&office, &signing, &[("by", "经办人"), ("on", "2024-02-11")]).await.status(), 303);
    let id = address.rsplit('/').next().unwrap();
    let (_, file) = app.page(&office, &format!("/allocation/lines.csv?list={id}")).await;
    let line = file.lines().find(|line| line.contains("DEMO-")).unwrap();
    let cells: Vec<&str> = line.split(',').collect();
    let uscc = cells.iter().find(|cell| cell.len() == 18).unwrap().to_string();
    let measure = "gongshu-synthetic/electricity";
    assert!(file.contains(measure) && file.contains("应执行"), "{file}");

    // Too much, on a meter that is not theirs.
    let fields = [
        ("uscc", uscc.as_str()),
        ("measure", measure),
        ("quarter", "2024-1"),
        ("done", "yes"),
        ("amount", "999999999"),
        ("account", "OTHER-1"),
        ("document", "合成报送1号"),
    ];
    let early = [&fields[..2], &[("quarter", "2024-2")], &fields[3..]].concat();
    let before = post(&office, &app.url("/allocation/reports"), &early).await;
    assert!(before.text().await.unwrap().contains("清单还没有交办"));
    assert_eq!(post(&office, &app.url("/allocation/reports"), &fields).await.status(), 303);
    let twice = post(&office, &app.url("/allocation/reports"), &fields).await;
    assert!(twice.status() == 422 && twice.text().await.unwrap().contains("已有报告"));
    let reader = app.signed_in("inspector").await;
    assert_eq!(post(&reader, &app.url("/allocation/reports"), &fields).await.status(), 403);
    let tax = app.signed_in("tax").await;
    let foreign = post(&tax, &app.url("/allocation/reports"), &fields).await;
    assert!(foreign.status() == 422 && foreign.text().await.unwrap().contains("您所在的部门不报告"));
    let by_program = json!({ "uscc": uscc, "measure": measure, "quarter": "2024-1", "done": true, "amount": "0.001", "document": "x" });
    let refused = send(&app, &office, "/api/v1/allocation/reports", &by_program).await;
    assert!(refused.status() == 400 && refused.text().await.unwrap().contains("小数"));

    made(&app, &office, "/allocation/reconciliations", &[("quarter", "2024-1")]).await;
    let (status, page) = app.page(&office, "/allocation/reconciled").await;
    assert!(status == 200 && page.contains("户号不符") && page.contains("OTHER-1"), "{page}");
    let found = json_of(&app, &reader, "/api/v1/allocation/reconciled?gaps=1&finding=wrong_account").await;
    let line = &found["lines"].as_array().unwrap()[0];
    assert_eq!((text(line, "uscc"), text(line, "turn"), text(line, "done")), (uscc.as_str(), "executing", "999999999"));
    let receipt = text(&found, "receipt");
    let again = muheng(&app.pool, app.home.path(), &["recheck", receipt]);
    assert!(String::from_utf8_lossy(&again.stdout).contains("1 equal, 0 different"));

    let auditor = app.signed_in("auditor").await;
    let drawing = [
        ("reconciliation", text(&found, "id")),
        ("seed", "合成纪要"),
        ("percent", "100"),
        ("body", "power"),
        ("only_gaps", "1"),
    ];
    assert_eq!(post(&office, &app.url("/allocation/audits"), &drawing).await.status(), 403);
    let drawn = made(&app, &auditor, "/allocation/audits", &drawing).await;
    let said = |outcome: &'static str, words: &'static str| {
        [
            ("uscc", uscc.clone()),
            ("measure", measure.to_owned()),
            ("outcome", outcome.to_owned()),
            ("words", words.to_owned()),
        ]
    };
    let sent = |fields: [(&'static str, String); 4]| {
        let (app, auditor, drawn) = (&app, &auditor, &drawn);
        async move {
            let fields: Vec<(&str, &str)> = fields.iter().map(|(name, text)| (*name, text.as_str())).collect();
            post(auditor, &app.url(drawn), &fields).await
        }
    };
    let silent = sent(said("finding", "")).await;
    assert!(silent.status() == 422 && silent.text().await.unwrap().contains("立案须写明"));
    let opened = sent(said("finding", "加价计到别户")).await;
    let finding = opened.headers()["location"].to_str().unwrap().to_owned();
    assert!(finding.starts_with("/allocation/findings/"), "{finding}");

    let step = async |client: &reqwest::Client, step: &str, words: &str, more: &[(&str, &str)]| {
        let (_, page) = app.page(client, &finding).await;
        let version =
            page.split("name=\"version\" value=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap_or("0");
        let fields = [&[("step", step), ("version", version), ("words", words)], more].concat();
        post(client, &app.url(&finding), &fields).await
    };
    let (_, page) = app.page(&office, "/").await;
    assert!(page.contains("待答复的审计问题"), "{page}");
    let empty = step(&office, "answer", "", &[]).await;
    assert!(empty.status() == 422 && empty.text().await.unwrap().contains("请填写答复"));
    assert_eq!(step(&reader, "answer", "x", &[]).await.status(), 403);
    assert_eq!(step(&office, "answer", "已更正户号", &[("document", "合成复函1号")]).await.status(), 303);
    let odd = step(&auditor, "rectify", "已核实", &[("rectified", "一百")]).await;
    assert!(odd.status() == 422 && odd.text().await.unwrap().contains("已核实"), "nothing typed is lost");
    assert_eq!(step(&auditor, "rectify", "已核实", &[("rectified", "999999999")]).await.status(), 303);
    let (_, page) = app.page(&reader, &finding).await;
    assert!(page.contains("已整改") && page.contains("999999999.00") && page.contains("合成复函1号"), "{page}");
    let chain = muheng(&app.pool, app.home.path(), &["audit", "verify"]);
    assert!(chain.status.success(), "{}", String::from_utf8_lossy(&chain.stdout));
}

#[sqlx::test(migrator = "muheng::db::MIGRATOR")]
async fn the_year_of_the_demonstration_has_its_planted_mistakes(pool: PgPool) {
    let app = open(pool).await;
    let counts = demo::allocation::load(&app.pool, &app.scope).await.unwrap();
    assert_eq!((counts.lists, counts.findings), (12, 1));
    let reader = app.signed_in("inspector").await;
    let found = json_of(&app, &reader, "/api/v1/allocation/reconciled?gaps=1&size_of_page=500").await;
    let mut kinds: Vec<&str> = found["lines"].as_array().unwrap().iter().map(|line| text(line, "finding")).collect();
    kinds.sort_unstable();
    kinds.dedup();
    for planted in ["against", "miscalculated", "wrong_account", "without_ground"] {
        assert!(kinds.contains(&planted), "{planted} among {kinds:?}");
    }
    let output = muheng(
        &app.pool,
        app.home.path(),
        &["allocation", "reconcile", "--quarter", "2024-4", "--gaps", "--format", "json"],
    );
    let lines: Vec<Value> = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(&lines, found["lines"].as_array().unwrap(), "the terminal says the same");
    let all = muheng(&app.pool, app.home.path(), &["recheck", "--all"]);
    assert!(String::from_utf8_lossy(&all.stdout).contains(" 0 different"), "{}", String::from_utf8_lossy(&all.stdout));
}

#[sqlx::test(migrator = "muheng::db::MIGRATOR")]
async fn accounts_and_reports_come_by_file_from_those_who_may(pool: PgPool) {
    let app = open(pool).await;
    let clerk = app.signed_in("evaluator").await;
    for kind in ["accounts", "reports"] {
        let (status, _) = app.page(&clerk, &format!("/imports/new?kind={kind}")).await;
        assert_eq!(status, 200);
        let template = clerk.get(app.url(&format!("/imports/templates/{kind}"))).send().await.unwrap();
        assert_eq!(template.status(), 200);
    }
    let brought = async |login: &str, kind: &str| {
        let client = app.signed_in(login).await;
        let part = Part::bytes("单位,户号\n供电企业,1\n".as_bytes()).file_name("户号.csv");
        let form = Form::new().text("kind", kind.to_owned()).part("file", part);
        client
            .post(app.url("/imports"))
            .header("sec-fetch-site", "same-origin")
            .multipart(form)
            .send()
            .await
            .unwrap()
            .status()
            .as_u16()
    };
    assert_eq!(brought("inspector", "accounts").await, 403);
    assert_eq!(brought("contract", "reports").await, 403);
    assert_eq!(brought("evaluator", "accounts").await, 303);
}
