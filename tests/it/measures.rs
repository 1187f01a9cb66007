//! What follows from a grade, over the demonstration district: by the terminal, on the pages, for programs; and measures that are
//! brought by one person and published by another.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use muheng::db::PgPool;
use muheng::demo;
use reqwest::multipart::{Form, Part};
use serde_json::Value;

use crate::commands::muheng;
use crate::support::{TestApp, json_of, post};

fn due(pool: &PgPool, home: &Path, on: &str, more: &[&str]) -> Vec<Value> {
    let output = muheng(pool, home, &[&["measures", "due", "--on", on, "--format", "json"], more].concat());
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

/// The official grades of 2023 in the category that acts, by credit code.
async fn grades(pool: &PgPool) -> BTreeMap<String, String> {
    let rows: Vec<(String, String)> = sqlx::query_as(
        "SELECT DISTINCT ON (r.key) r.key, r.grade FROM evaluation_result r
         JOIN evaluation_run u ON u.district = r.district AND u.id = r.run
         WHERE u.state = 'official' AND u.year = 2023
         ORDER BY r.key, array_position(ARRAY['industry_above', 'industry_below', 'services_above'], u.category)",
    )
    .fetch_all(pool)
    .await
    .unwrap();
    rows.into_iter().collect()
}

fn text<'a>(line: &'a Value, name: &str) -> &'a str {
    line[name].as_str().unwrap_or_default()
}

#[sqlx::test(migrator = "muheng::db::MIGRATOR")]
async fn what_is_due_is_the_same_for_terminal_program_and_page_and_is_made_again(pool: PgPool) {
    let app = TestApp::start(pool).await;
    demo::evaluations::load(&app.pool, &app.scope).await.unwrap();
    demo::measures::load(&app.pool, &app.scope).await.unwrap();
    let home = app.home.path();
    let all = due(&app.pool, home, "2024-05-01", &[]);
    let keys: Vec<&str> = all[0].as_object().unwrap().keys().map(String::as_str).collect();
    let expected: BTreeSet<&str> =
        ["uscc", "measure", "article", "grade", "years", "base", "unit", "rate", "amount", "outcome", "why", "receipt"]
            .into();
    assert_eq!(keys.into_iter().collect::<BTreeSet<_>>(), expected);
    let grades = grades(&app.pool).await;
    for line in &all {
        assert_eq!(text(line, "grade"), grades[text(line, "uscc")], "{line}");
    }
    let concerned: BTreeSet<&str> = all.iter().map(|line| text(line, "uscc")).collect();
    let graded = grades.iter().filter(|(_, grade)| *grade != "C").map(|(uscc, _)| uscc.as_str()).collect();
    assert_eq!(concerned, graded, "everybody of A, B and D, and nobody of C");

    let receipt = text(&all[0], "receipt");
    let again = muheng(&app.pool, home, &["recheck", receipt]);
    assert!(String::from_utf8_lossy(&again.stdout).contains("1 equal, 0 different"));
    assert_eq!(due(&app.pool, home, "2024-05-01", &[]), all, "asked again, the same receipts");

    let power = due(&app.pool, home, "2024-05-01", &["--executing", "power"]);
    assert!(!power.is_empty() && power.iter().all(|line| text(line, "grade") == "D"));
    for line in power.iter().filter(|line| line["outcome"] == "due") {
        let product = text(line, "base").parse::<f64>().unwrap() * text(line, "rate").parse::<f64>().unwrap();
        assert!((product - text(line, "amount").parse::<f64>().unwrap()).abs() < 0.01, "{line}");
    }
    let of_2022 = due(&app.pool, home, "2023-12-31", &[]);
    let of_2023 = due(&app.pool, home, "2024-12-31", &[]);
    assert_eq!(due(&app.pool, home, "2024-01-01", &[]).len(), of_2023.len());
    assert_ne!(of_2022, of_2023, "each year has its grades");
    assert_eq!(due(&app.pool, home, "2025-01-01", &[]), Vec::<Value>::new(), "a trial binds nobody");
    assert_eq!(due(&app.pool, home, "2027-01-01", &[]), Vec::<Value>::new());

    let reader = app.signed_in("inspector").await;
    let (mut lines, mut next) = (Vec::new(), String::new());
    loop {
        let page =
            json_of(&app, &reader, &format!("/api/v1/measures?on=2024-05-01&size_of_page=40&after={next}")).await;
        lines.extend(page["lines"].as_array().unwrap().clone());
        match page["next"].as_str() {
            Some(after) => next = after.to_owned(),
            None => break,
        }
    }
    assert_eq!(lines, all, "pages of the API are the list of the terminal");
    let filter = "on=2024-05-01&executing=banks&outcome=not_determinable";
    let banks = json_of(&app, &reader, &format!("/api/v1/measures?{filter}")).await;
    assert!(banks["lines"].as_array().unwrap().iter().all(|line| line["measure"] == "xiacheng/d-no-expansion-loans"));

    let (status, page) = app.page(&reader, "/measures?on=2024-05-01&size_of_page=40").await;
    assert_eq!(status, 200, "{page}");
    assert!(page.contains("2023 年度正式评价结果") && page.contains("rel=\"next\""));
    let (status, file) = app.page(&reader, "/measures.csv?on=2024-05-01").await;
    assert_eq!((status, file.lines().count()), (200, all.len() + 1));
    let (_, none) = app.page(&reader, "/measures?on=2025-06-01").await;
    assert!(none.contains("还没有正式结果"), "{none}");
    let (status, _) = app.page(&reader, "/api/v1/measures?on=2018-01-01").await;
    assert_eq!(status, 400, "before the text nothing is in force");
}

#[sqlx::test(migrator = "muheng::db::MIGRATOR")]
async fn a_department_asks_before_it_grants_and_keeps_the_receipt(pool: PgPool) {
    let app = TestApp::start(pool).await;
    demo::evaluations::load(&app.pool, &app.scope).await.unwrap();
    let grades = grades(&app.pool).await;
    let of = |grade: &str| grades.iter().find(|(_, given)| *given == grade).map(|(uscc, _)| uscc.clone()).unwrap();
    let reader = app.signed_in("tax").await;
    let asked = |uscc: &str, more: &str| format!("/api/v1/measures/{uscc}?on=2024-05-01{more}");
    let best = json_of(&app, &reader, &asked(&of("A"), "")).await;
    assert_eq!((text(&best, "grade"), best["lines"].as_array().unwrap().len()), ("A", 7));
    let worst = of("D");
    let loan = |answer: Value| {
        let lines = answer["lines"].as_array().unwrap().clone();
        let loan = lines.iter().find(|line| text(line, "measure").ends_with("loans")).unwrap();
        (loan["outcome"].clone(), answer["receipt"].clone())
    };
    let (open, first) = loan(json_of(&app, &reader, &asked(&worst, "")).await);
    let (barred, second) = loan(json_of(&app, &reader, &asked(&worst, "&loan_expands_capacity_only=yes")).await);
    let (allowed, third) = loan(json_of(&app, &reader, &asked(&worst, "&loan_expands_capacity_only=no")).await);
    assert_eq!([open, barred, allowed], ["not_determinable", "barred", "allowed"]);
    assert!(first != second && second != third, "another answer is another receipt");
    for wrong in ["&loan_expands_capacity_only=maybe", "&loan_is_large=yes"] {
        assert_eq!(app.page(&reader, &asked(&worst, wrong)).await.0, 400, "{wrong}");
    }
    assert_eq!(app.page(&reader, &asked("91330105SYN0000009", "")).await.0, 404);

    let address = format!("/measures/ask?uscc={worst}&on=2024-05-01");
    let (status, page) = app.page(&reader, &address).await;
    assert!(
        status == 200 && page.contains("D 档") && page.contains("财政性奖励") && page.contains("须先核实"),
        "{page}"
    );
    let yes = "loan_expands_capacity_only";
    let fields = [("uscc", worst.as_str()), ("on", "2024-05-02"), (yes, "yes")];
    let kept = post(&reader, &app.url("/measures/ask"), &fields).await;
    assert_eq!(kept.status(), 303);
    let address = kept.headers()["location"].to_str().unwrap().to_owned();
    let (_, page) = app.page(&reader, &address).await;
    let receipt = page.split("id=\"receipt\">").nth(1).and_then(|rest| rest.split('<').next()).unwrap();
    assert!(page.contains("已留存"), "{page}");
    let again = muheng(&app.pool, app.home.path(), &["recheck", receipt]);
    assert!(String::from_utf8_lossy(&again.stdout).contains("1 equal, 0 different"));
    let middle = of("C");
    let (_, page) = app.page(&reader, &format!("/measures/ask?uscc={middle}&on=2024-05-01")).await;
    assert!(page.contains("没有支持或限制的措施"), "{page}");
    let (_, page) = app.page(&reader, &format!("/measures/ask?uscc={middle}&on=2026-05-01")).await;
    assert!(page.contains("没有该企业的正式评价结果"), "{page}");
    assert_eq!(app.page(&reader, "/measures/ask?uscc=nobody").await.0, 404);
}

async fn upload(app: &TestApp, client: &reqwest::Client, text: String) -> String {
    let form = Form::new()
        .text("kind", "measures")
        .text("starts_on", "2026-12-01")
        .part("file", Part::bytes(text.into_bytes()).file_name("措施.json"));
    let sent = client
        .post(app.url("/policy/submissions"))
        .header("sec-fetch-site", "same-origin")
        .multipart(form)
        .send()
        .await
        .unwrap();
    match sent.headers().get("location") {
        Some(address) => address.to_str().unwrap().to_owned(),
        None => panic!("{}", sent.text().await.unwrap()),
    }
}

#[sqlx::test(migrator = "muheng::db::MIGRATOR")]
async fn a_district_adopts_an_example_by_two_persons_and_a_repealed_ground_not_at_all(pool: PgPool) {
    let app = TestApp::start(pool).await;
    demo::evaluations::load(&app.pool, &app.scope).await.unwrap();
    let (maker, approver) = (app.signed_in("evaluator").await, app.signed_in("approver").await);
    let (status, page) = app.page(&maker, "/measures/catalogue?on=2024-05-01").await;
    assert!(status == 200 && page.contains("示例，不执行") && page.contains("正文规定"), "{page}");
    let download = "/measures/catalogue.json?id=example/electricity-consecutive";
    let mut measure: Value = serde_json::from_str(&app.page(&maker, download).await.1).unwrap();
    measure[0]["id"] = "gongshu/electricity".into();
    measure[0]["adoption"] = "adopted".into();
    measure[0]["from"] = "2024-01-01".into();
    let refused = upload(&app, &maker, measure.to_string()).await;
    let (_, page) = app.page(&maker, &refused).await;
    assert!(page.contains("均不生效"), "the city's document ended the day it begins: {page}");
    measure[0]["document"] = "xiacheng-2019".into();
    measure[0]["article"] = "三(一)".into();
    let mut baseless = measure.clone();
    baseless[0]["clock"] = serde_json::json!({ "steady": { "rate": null } });
    let (_, page) = app.page(&maker, &upload(&app, &maker, baseless.to_string()).await).await;
    assert!(page.contains("measure_rate") && page.contains("不能提交"), "{page}");

    let submission = upload(&app, &maker, measure.to_string()).await;
    let (_, page) = app.page(&maker, &submission).await;
    assert!(page.contains("gongshu/electricity") && page.contains("连续第1年 0.05"), "{page}");
    let step = |of: &'static str| app.url(&format!("{submission}/{of}"));
    assert_eq!(post(&maker, &step("submit"), &[]).await.status(), 303);
    assert_eq!(post(&maker, &step("publish"), &[]).await.status(), 403, "not by the one who brought it");
    let before = due(&app.pool, app.home.path(), "2024-05-01", &["--executing", "power"]);
    assert_eq!(before, Vec::<Value>::new());
    assert_eq!(post(&approver, &step("publish"), &[]).await.status(), 303);
    let power = due(&app.pool, app.home.path(), "2024-05-01", &["--executing", "power"]);
    assert!(!power.is_empty() && power.iter().all(|line| text(line, "measure") == "gongshu/electricity"));
    assert_eq!(due(&app.pool, app.home.path(), "2023-12-31", &["--executing", "power"]), Vec::<Value>::new());
    let all = muheng(&app.pool, app.home.path(), &["recheck", "--all"]);
    assert!(String::from_utf8_lossy(&all.stdout).contains(" 0 different"));
}

#[sqlx::test(migrator = "muheng::db::MIGRATOR")]
async fn an_account_belongs_to_one_unless_shared_is_said_and_goes_with_the_list(pool: PgPool) {
    let app = TestApp::start(pool).await;
    demo::evaluations::load(&app.pool, &app.scope).await.unwrap();
    demo::measures::load(&app.pool, &app.scope).await.unwrap();
    let power = due(&app.pool, app.home.path(), "2024-05-01", &["--executing", "power"]);
    let (one, other) = (text(&power[0], "uscc"), text(&power[1], "uscc"));
    let clerk = app.signed_in("evaluator").await;
    let enter = async |uscc: &str, customer: &str, share: &str, from: &str| {
        let fields = [
            ("body", "power"),
            ("customer", customer),
            ("uscc", uscc),
            ("share", share),
            ("from", from),
            ("document", "示例登记表"),
        ];
        let response = post(&clerk, &app.url("/measures/accounts"), &fields).await;
        (response.status().as_u16(), response.text().await.unwrap())
    };
    assert_eq!(enter(one, "SYN-0001", "", "2024-01-01").await.0, 303);
    assert_eq!(enter(one, "SYN-0002", "", "2024-01-01").await.0, 303, "an enterprise may have several");
    let (status, page) = enter(other, "SYN-0001", "", "2024-06-01").await;
    assert!(status == 422 && page.contains("已登记给另一企业"), "{page}");
    let (status, page) = enter(other, "SYN-0001", "40", "2024-06-01").await;
    assert!(status == 422 && page.contains("已登记给另一企业"), "one of the two is not enough: {page}");
    assert_eq!(enter(one, "SYN-0003", "60", "2024-01-01").await.0, 303);
    let (status, page) = enter(other, "SYN-0003", "40.5", "2024-02-01").await;
    assert!(status == 422 && page.contains("合计超过100%"), "{page}");
    assert_eq!(enter(other, "SYN-0003", "40", "2024-02-01").await.0, 303, "the whole");
    assert_eq!(enter(other, "SYN-0004", "100", "2024-02-01").await.0, 422);
    assert_eq!(enter("91330105SYN0000009", "SYN-0005", "", "2024-02-01").await.0, 422, "nobody");
    let reader = app.signed_in("inspector").await;
    assert_eq!(post(&reader, &app.url("/measures/accounts"), &[]).await.status(), 403);
    let (status, page) = app.page(&reader, "/measures/accounts?body=power").await;
    assert!(status == 200 && page.contains("SYN-0003") && page.contains("独用"), "{page}");
    let (_, file) = app.page(&reader, "/measures.csv?on=2024-05-01&executing=power").await;
    assert!(file.contains("SYN-0001、SYN-0002、SYN-0003（共用60%）"), "{file}");
    let (_, before) = app.page(&reader, "/measures.csv?on=2023-12-31&executing=power").await;
    assert!(!before.contains("SYN-"), "on the day before they were not theirs: {before}");
}
