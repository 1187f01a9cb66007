//! The registers that a run of the evaluation counts: entered and withdrawn on pages, by programs and from lists, and what each does to
//! the result of one enterprise.

use std::collections::BTreeMap;

use muheng::db::PgPool;
use reqwest::Client;
use serde_json::{Value, json};

use crate::commands::muheng;
use crate::support::{TestApp, post, send};

/// Below the sub-district of the demonstration's clerk, a run is of the whole district.
const YEAR: &str = "2023";

fn compute(app: &TestApp) -> Value {
    let arguments =
        ["evaluation", "compute", "--year", YEAR, "--category", "industry_above", "--trial", "--format", "json"];
    let output = muheng(&app.pool, app.home.path(), &arguments);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

fn results(run: &Value) -> BTreeMap<String, Value> {
    let lines = run["results"].as_array().unwrap().iter();
    lines.map(|line| (line["uscc"].as_str().unwrap().to_owned(), line.clone())).collect()
}

/// The scheme that ships, as the district's own, with items of bonus and deduction.
async fn publish_items(app: &TestApp) {
    let shipped = include_str!("../../policy/schemes/industry-above.json");
    let mut scheme: Value = serde_json::from_str(shipped).unwrap();
    scheme["id"] = json!("xiacheng/with-items");
    let item = |item: &str, title: &str, points: &str, cap: Value| json!({ "item": item, "title": title, "points": points, "cap": cap, "evidence": "合成证书", "article": "二(一)3" });
    scheme["bonus"] = json!([item("patent", "发明专利", "2", json!("6"))]);
    scheme["deduction"] = json!([item("criticised", "通报批评", "3", Value::Null)]);
    publish(app, "schemes", "a.json", scheme.to_string()).await;
}

async fn publish(app: &TestApp, kind: &str, name: &str, content: String) {
    let (maker, approver) = (app.signed_in("evaluator").await, app.signed_in("approver").await);
    let file = reqwest::multipart::Part::text(content).file_name(name.to_owned());
    let form = reqwest::multipart::Form::new().text("kind", kind.to_owned()).text("starts_on", "2023-01-01");
    let request = maker.post(app.url("/policy/submissions")).header("sec-fetch-site", "same-origin");
    let answer = request.multipart(form.part("file", file)).send().await.unwrap();
    let address = app.url(answer.headers()["location"].to_str().unwrap());
    for (client, step) in [(&maker, "submit"), (&approver, "publish")] {
        let moved = post(client, &format!("{address}/{step}"), &[]).await;
        assert_eq!(moved.status(), 303, "{step}: {}", moved.text().await.unwrap());
    }
}

async fn entered(client: &Client, app: &TestApp, path: &str, fields: &[(&str, &str)]) -> (u16, String) {
    let answer = post(client, &app.url(path), fields).await;
    let status = answer.status().as_u16();
    let to = answer.headers().get("location").map(|to| to.to_str().unwrap().to_owned());
    match to {
        Some(to) => (status, to),
        None => (status, answer.text().await.unwrap()),
    }
}

/// The page on which the only entry of a list is withdrawn.
async fn withdrawal(client: &Client, app: &TestApp, list: &str) -> String {
    let (_, page) = app.page(client, list).await;
    let id = page.split(&format!("href=\"{list}/")).nth(1).and_then(|rest| rest.split('"').next());
    format!("{list}/{}", id.unwrap_or_else(|| panic!("{list} has no entry: {page}")))
}

fn number(value: &Value) -> f64 {
    value.as_str().unwrap().parse().unwrap()
}

#[sqlx::test(migrator = "muheng::db::MIGRATOR")]
async fn each_register_changes_a_result_as_it_says_and_what_is_withdrawn_counts_no_more(pool: PgPool) {
    let app = TestApp::start(pool).await;
    publish_items(&app).await;
    let evaluator = app.signed_in("evaluator").await;
    let plain = compute(&app);
    let before = results(&plain);
    let with_grade = |grade: &str| {
        let one = before.values().find(|line| line["grade"] == grade && number(&line["sum"]) > 0.0);
        one.map(|line| line["uscc"].as_str().unwrap().to_owned()).unwrap()
    };
    let (best, lesser) = (with_grade("A"), with_grade("B"));
    let of = |field: &str, uscc: &str| number(&before[uscc][field]);

    let list = "/evaluation/coefficients";
    let fields = [("uscc", best.as_str()), ("category", "industry_above"), ("year", YEAR), ("document", "合成系数1号")];
    let with = |more: &[(&'static str, &'static str)]| [&fields[..], more].concat();
    assert_eq!(entered(&evaluator, &app, list, &with(&[("value", "0.9")])).await, (303, list.to_owned()));
    let run = results(&compute(&app));
    assert_eq!(run[&best]["coefficient"], "0.9");
    assert!((number(&run[&best]["score"]) - of("sum", &best) * 0.9).abs() < 1e-6);

    let list = "/evaluation/claims";
    assert_eq!(entered(&evaluator, &app, list, &with(&[("item", "patent"), ("times", "2")])).await.0, 303);
    assert_eq!(entered(&evaluator, &app, list, &with(&[("item", "通报批评"), ("times", "")])).await.0, 303);
    let run = results(&compute(&app));
    assert_eq!(run[&best]["bonus"], json!([{ "item": "patent", "points": "4", "counted": "4" }]));
    assert_eq!(run[&best]["deduction"], json!([{ "item": "criticised", "points": "3", "counted": "3" }]));
    assert!((number(&run[&best]["score"]) - (of("sum", &best) * 0.9 + 4.0 - 3.0)).abs() < 1e-6);

    let veto =
        [("uscc", best.as_str()), ("kind", "tax_offence"), ("happened_on", "2023-05-16"), ("document", "合成税罚1号")];
    assert_eq!(entered(&evaluator, &app, "/evaluation/vetoes", &veto).await.0, 303);
    let exempt = [("uscc", lesser.as_str()), ("kind", "exempt"), ("from", "2023-12-31"), ("document", "合成免1号")];
    assert_eq!(entered(&evaluator, &app, "/evaluation/exemptions", &exempt).await.0, 303);
    let whole = compute(&app);
    let run = results(&whole);
    let vetoes = &run[&best]["vetoes"];
    assert_eq!((vetoes[0]["kind"].as_str(), vetoes[0]["from"].as_str()), (Some("tax_offence"), Some("2023-05-16")));
    assert_eq!(vetoes[0]["to"], "2023-12-31", "as long as its kind lasts");
    assert_eq!(vetoes[0]["article"], "xiacheng-2019 二(一)4");
    assert_eq!(vetoes[0]["effect"], json!({ "bars": ["A", "B"], "becomes": "C" }));
    assert!(["C", "D"].contains(&run[&best]["grade"].as_str().unwrap()));
    assert!(!run.contains_key(&lesser));
    let left_out = whole["left_out"].as_array().unwrap();
    assert_eq!(left_out.iter().find(|line| line["uscc"] == lesser.as_str()).unwrap()["why"], "exempt");

    for list in ["coefficients", "vetoes", "exemptions"] {
        let path = withdrawal(&evaluator, &app, &format!("/evaluation/{list}")).await;
        assert_eq!(entered(&evaluator, &app, &path, &[("reason", " ")]).await.0, 422, "{path}");
        assert_eq!(entered(&evaluator, &app, &path, &[("reason", "误登")]).await.0, 303, "{path}");
        assert_eq!(entered(&evaluator, &app, &path, &[("reason", "误登")]).await.0, 404, "{path}");
    }
    for _ in 0..2 {
        let path = withdrawal(&evaluator, &app, "/evaluation/claims").await;
        assert_eq!(entered(&evaluator, &app, &path, &[("reason", "误登")]).await.0, 303, "{path}");
    }
    let (_, all) = app.page(&evaluator, "/evaluation/claims?all=1").await;
    assert!(all.contains("已撤销") && all.contains("误登"), "{all}");
    assert_eq!(compute(&app), plain, "nothing of it counts in a new run");
    let receipt = whole["receipt"].as_str().unwrap();
    let again = muheng(&app.pool, app.home.path(), &["recheck", receipt]);
    assert_eq!(String::from_utf8_lossy(&again.stdout), "1 equal, 0 different\n", "the run before keeps it");
    let told = "SELECT count(*) FROM audit_entry WHERE action = ANY($1)";
    let actions: Vec<&str> = ["coefficient", "claim", "veto", "exemption"].to_vec();
    let actions: Vec<String> =
        actions.iter().flat_map(|it| [format!("evaluation.{it}"), format!("evaluation.{it}_withdrawn")]).collect();
    let told: i64 = sqlx::query_scalar(told).bind(actions).fetch_one(&app.pool).await.unwrap();
    assert_eq!(told, 10, "five entries and five withdrawals");
}

#[sqlx::test(migrator = "muheng::db::MIGRATOR")]
async fn what_cannot_be_entered_is_told_at_its_field_and_to_whom_it_is_not_allowed(pool: PgPool) {
    let app = TestApp::start(pool).await;
    publish_items(&app).await;
    let (evaluator, office) = (app.signed_in("evaluator").await, app.signed_in("office").await);
    let uscc: String =
        sqlx::query_scalar("SELECT uscc FROM enterprise_version WHERE subdistrict IS NOT NULL ORDER BY uscc LIMIT 1")
            .fetch_one(&app.pool)
            .await
            .unwrap();
    let fields = [("uscc", uscc.as_str()), ("category", "industry_above"), ("year", YEAR), ("document", "合成1号")];
    let with = |more: &[(&'static str, &'static str)]| [&fields[..], more].concat();
    let refused = async |path: &str, fields: Vec<(&str, &str)>, words: &str| {
        let (status, page) = entered(&evaluator, &app, path, &fields).await;
        assert_eq!(status, 422, "{path} {fields:?}");
        assert!(page.contains(words), "{path}: no {words} in {page}");
    };
    refused("/evaluation/claims", with(&[("item", "luck")]), "发明专利").await;
    refused("/evaluation/claims", with(&[("item", "patent"), ("times", "1000.1")]), "次数").await;
    refused("/evaluation/coefficients", with(&[("value", "0")]), "修正系数").await;
    refused("/evaluation/changes", with(&[("grade", "E"), ("why", "核实")]), "可用：A、B、C、D").await;
    let early = vec![
        ("uscc", uscc.as_str()),
        ("category", "industry_above"),
        ("year", "1998"),
        ("document", "合成1号"),
        ("value", "1"),
    ];
    refused("/evaluation/coefficients", early, "1998年度没有规上工业的评价方案").await;
    let protected =
        vec![("uscc", uscc.as_str()), ("kind", "protection"), ("from", "2023-01-01"), ("document", "合成1号")];
    refused("/evaluation/exemptions", protected, "保护期到期自动终止").await;
    let early =
        vec![("uscc", uscc.as_str()), ("kind", "tax_offence"), ("happened_on", "2018-12-31"), ("document", "合成1号")];
    refused("/evaluation/vetoes", early, "二(一)4").await;

    let coefficient = with(&[("value", "0.9")]);
    assert_eq!(entered(&office, &app, "/evaluation/coefficients", &coefficient).await.0, 403);
    assert_eq!(entered(&evaluator, &app, "/evaluation/coefficients", &coefficient).await.0, 303);
    refused("/evaluation/coefficients", coefficient, "已有修正系数").await;
    let (status, file) = app.page(&office, &format!("/evaluation/coefficients.csv?year={YEAR}&q={uscc}")).await;
    assert!(status == 200 && file.contains("0.9") && file.contains("合成1号"), "{file}");
    let (_, none) = app.page(&office, "/evaluation/coefficients?year=2022").await;
    assert!(none.contains("没有修正系数登记"));
    assert_eq!(app.page(&office, "/evaluation/exemptions?category=industry_above").await.0, 400);

    // A clerk sees the enterprises of the own sub-district alone.
    let clerk = app.signed_in("changqing").await;
    let own = "SELECT EXISTS (SELECT FROM enterprise_version v JOIN account a ON a.login = 'changqing'
        AND a.subdistrict = v.subdistrict WHERE v.uscc = $1 AND v.superseded_at IS NULL)";
    let own: bool = sqlx::query_scalar(own).bind(&uscc).fetch_one(&app.pool).await.unwrap();
    let (_, seen) = app.page(&clerk, "/evaluation/coefficients").await;
    assert_eq!(seen.contains("合成1号"), own);
    assert_eq!(entered(&clerk, &app, "/evaluation/exemptions", &[]).await.0, 403);
}

#[sqlx::test(migrator = "muheng::db::MIGRATOR")]
async fn a_grade_is_changed_by_two_persons_and_the_automatic_one_stands_beside_it(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let (evaluator, office) = (app.signed_in("evaluator").await, app.signed_in("office").await);
    let before = results(&compute(&app));
    let one = before.values().find(|line| line["grade"] == "B").unwrap();
    let uscc = one["uscc"].as_str().unwrap();
    let proposal = [
        ("uscc", uscc),
        ("category", "industry_above"),
        ("year", YEAR),
        ("grade", "C"),
        ("document", "合成纪要1号"),
        ("why", "核实"),
    ];
    let waits = "/evaluation/changes?state=proposed";
    assert_eq!(entered(&office, &app, "/evaluation/changes", &proposal).await.0, 403);
    let (status, path) = entered(&evaluator, &app, "/evaluation/changes", &proposal).await;
    assert_eq!(status, 303, "{path}");
    assert_eq!(entered(&evaluator, &app, "/evaluation/changes", &proposal).await.0, 422, "one at a time");
    assert_eq!(results(&compute(&app)), before, "what is proposed does not count");
    assert!(app.page(&office, "/").await.1.contains("待批准的调档"));
    assert!(app.page(&office, waits).await.1.contains(&path));

    let step = |name: &str| format!("{path}/{name}");
    assert_eq!(entered(&evaluator, &app, &step("approve"), &[("version", "1")]).await.0, 403);
    sqlx::query("UPDATE account SET roles = roles || ARRAY['group_office'] WHERE login = 'evaluator'")
        .execute(&app.pool)
        .await
        .unwrap();
    let both = app.signed_in("evaluator").await;
    for name in ["approve", "reject"] {
        let (status, page) = entered(&both, &app, &step(name), &[("version", "1"), ("reason", "核实")]).await;
        assert!(status == 422 && page.contains("请由提出人以外的人办理"), "{name}: {page}");
    }
    let alone = "UPDATE evaluation_change SET state = 'approved', decided_at = now(), decided_by = proposed_by";
    let refused = sqlx::query(alone).execute(&app.pool).await.unwrap_err().to_string();
    assert!(refused.contains("evaluation_change_four_eyes"), "{refused}");
    assert_eq!(entered(&office, &app, &step("reject"), &[("version", "1"), ("reason", "")]).await.0, 422);
    assert_eq!(entered(&office, &app, &step("approve"), &[("version", "1")]).await.0, 303);
    assert_eq!(entered(&office, &app, &step("approve"), &[("version", "1")]).await.0, 409, "somebody was faster");
    let run = results(&compute(&app));
    assert_eq!((run[uscc]["automatic_grade"].as_str(), run[uscc]["grade"].as_str()), (Some("B"), Some("C")));
    assert_eq!(run[uscc]["steps"][0]["step"], "manual");

    let (status, page) = entered(&both, &app, &step("take-back"), &[("version", "2"), ("reason", "误批")]).await;
    assert!(status == 422 && page.contains("请由提出人以外的人办理"), "{page}");
    assert_eq!(entered(&office, &app, &step("take-back"), &[("version", "2"), ("reason", "误批")]).await.0, 303);
    assert_eq!(results(&compute(&app)), before);

    let (_, second) = entered(&evaluator, &app, "/evaluation/changes", &proposal).await;
    let (status, page) = entered(&office, &app, &format!("{second}/withdraw"), &[("version", "1")]).await;
    assert_eq!(status, 403, "{page}");
    assert_eq!(entered(&evaluator, &app, &format!("{second}/withdraw"), &[("version", "1")]).await.0, 303);
    let (_, third) = entered(&evaluator, &app, "/evaluation/changes", &proposal).await;
    let no = [("version", "1"), ("reason", "依据不足")];
    assert_eq!(entered(&office, &app, &format!("{third}/reject"), &no).await.0, 303);
    assert!(app.page(&evaluator, &third).await.1.contains("依据不足"));

    // A vetoed one is not lifted by it.
    let lifted = [
        ("uscc", uscc),
        ("category", "industry_above"),
        ("year", YEAR),
        ("grade", "A"),
        ("document", "合成纪要2号"),
        ("why", "核实"),
    ];
    let (_, fourth) = entered(&evaluator, &app, "/evaluation/changes", &lifted).await;
    assert_eq!(entered(&office, &app, &format!("{fourth}/approve"), &[("version", "1")]).await.0, 303);
    let veto = [("uscc", uscc), ("kind", "tax_offence"), ("happened_on", "2023-05-16"), ("document", "合成税罚1号")];
    assert_eq!(entered(&evaluator, &app, "/evaluation/vetoes", &veto).await.0, 303);
    assert_eq!(results(&compute(&app))[uscc]["grade"], "C");
    let told: Vec<String> = sqlx::query_scalar(
        "SELECT action FROM audit_entry WHERE subject_kind = 'evaluation_change' GROUP BY action ORDER BY action",
    )
    .fetch_all(&app.pool)
    .await
    .unwrap();
    let names = ["approved", "proposed", "rejected", "taken_back", "withdrawn"];
    assert_eq!(told, names.map(|name| format!("evaluation.change_{name}")));
}

#[sqlx::test(migrator = "muheng::db::MIGRATOR")]
async fn programs_enter_vetoes_and_claims_with_the_same_checks(pool: PgPool) {
    let app = TestApp::start(pool).await;
    publish_items(&app).await;
    let evaluator = app.signed_in("evaluator").await;
    let uscc: String =
        sqlx::query_scalar("SELECT min(uscc) FROM enterprise_version").fetch_one(&app.pool).await.unwrap();
    let veto =
        json!({ "uscc": uscc, "kind": "safety_accident", "happened_on": "2023-02-03", "document": "合成安监1号" });
    let claim = json!({ "uscc": uscc, "category": "industry_above", "year": YEAR, "item": "patent", "document": "合成专利1号" });
    for (path, body) in [("/api/v1/evaluation/vetoes", &veto), ("/api/v1/evaluation/claims", &claim)] {
        assert_eq!(send(&app, &evaluator, path, body).await.status(), 201, "{path}");
        let twice = send(&app, &evaluator, path, body).await;
        assert_eq!(twice.status(), 422);
        let problem: Value = serde_json::from_str(&twice.text().await.unwrap()).unwrap();
        assert_eq!(problem["faults"][0]["place"], "document", "{problem}");
        assert_eq!(send(&app, &app.signed_in("office").await, path, body).await.status(), 403);
    }
    let kinds: Vec<String> =
        sqlx::query_scalar("SELECT kind || ' ' || department || ' ' || valid::text FROM evaluation_veto")
            .fetch_all(&app.pool)
            .await
            .unwrap();
    assert_eq!(kinds, ["safety_accident safety [2023-02-03,2024-01-01)"]);
}

#[sqlx::test(migrator = "muheng::db::MIGRATOR")]
async fn a_kind_of_veto_that_two_persons_published_counts_from_its_day_and_comes_by_a_list(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let evaluator = app.signed_in("evaluator").await;
    let uscc: String =
        sqlx::query_scalar("SELECT min(uscc) FROM enterprise_version").fetch_one(&app.pool).await.unwrap();
    let kind = "[[kind]]\ncode = \"wage_arrears\"\ntitle = \"恶意欠薪\"\ndocument = \"xiacheng-2019\"\narticle = \"二(一)4\"\n\
        lasts = { months = 12 }\nlocal_choice = true\nnote = \"合成\"\n";
    let early = kind.replace("wage_arrears", "tax_offence");
    let file = reqwest::multipart::Part::text(early).file_name("a.toml");
    let form =
        reqwest::multipart::Form::new().text("kind", "veto_kinds").text("starts_on", "2023-01-01").part("file", file);
    let request = evaluator.post(app.url("/policy/submissions")).header("sec-fetch-site", "same-origin");
    let answer = request.multipart(form).send().await.unwrap();
    let (_, page) = app.page(&evaluator, answer.headers()["location"].to_str().unwrap()).await;
    assert!(page.contains("内置的事由不能另行发布"), "{page}");
    publish(&app, "veto_kinds", "a.toml", kind.to_owned()).await;

    let path = app.home.path().join("名单.csv");
    let rows = format!(
        "统一社会信用代码,事由,发生日期,认定部门,依据文件\n{uscc},恶意欠薪,2023-06-30,区市场监管局,合成1号\n{uscc},恶意欠薪,2022-12-31,区市场监管局,合成2号\n"
    );
    std::fs::write(&path, rows).unwrap();
    let output = muheng(&app.pool, app.home.path(), &["import", "vetoes", path.to_str().unwrap()]);
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(said.contains("自2023-01-01起为否决事由") && said.contains("接受 1 条，拒绝 1 条"), "{said}");
    let (_, page) = app.page(&evaluator, "/evaluation/vetoes?kind=wage_arrears&year=2024").await;
    assert!(page.contains("恶意欠薪") && page.contains("2024-06-29"), "{page}");
    assert_eq!(app.page(&evaluator, "/evaluation/vetoes?kind=no_such").await.0, 400);
    for kind in ["vetoes", "exemptions", "claims", "coefficients"] {
        assert_eq!(app.page(&evaluator, &format!("/imports/templates/{kind}")).await.0 / 100, 2, "{kind}");
    }
    assert!(app.page(&evaluator, "/policy/templates/veto_kinds").await.1.contains("[[kind]]"));
}
