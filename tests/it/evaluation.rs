//! The yearly evaluation over the demonstration district: computed by the terminal, reckoned again from its own answer, and
//! made official by two persons.

use std::collections::BTreeMap;
use std::path::Path;

use futures_util::TryStreamExt;
use muheng::account::Act;
use muheng::account::audit::Actor;
use muheng::base::ratio::Ratio;
use muheng::db::PgPool;
use muheng::evaluation::population::Member;
use muheng::evaluation::store::runs;
use muheng::evaluation::{LeftOut, commands, run};
use muheng::policy;
use reqwest::Client;
use reqwest::multipart::{Form, Part};
use serde_json::Value;

use crate::commands::muheng;
use crate::support::{TestApp, post};

fn json(pool: &PgPool, home: &Path, arguments: &[&str]) -> Value {
    let output = muheng(pool, home, &[&["evaluation"], arguments, &["--format", "json"]].concat());
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

fn ratio(value: &Value) -> Ratio {
    value.as_str().unwrap().parse().unwrap()
}

fn sum_of(terms: &Value, facts: &Value) -> Option<Ratio> {
    let term = |term: &Value| {
        let fact = facts[term["fact"].as_str().unwrap()].as_str()?;
        Some(fact.parse::<Ratio>().unwrap().times(&ratio(&term["factor"])))
    };
    terms.as_array().unwrap().iter().map(term).sum()
}

/// Printed quotients end after twelve places, so what is reckoned from them is that close.
fn is_close(one: &Ratio, other: &Ratio) -> bool {
    let apart = if one > other { one.clone() - other.clone() } else { other.clone() - one.clone() };
    apart < "0.000001".parse().unwrap()
}

#[sqlx::test(migrator = "muheng::db::MIGRATOR")]
async fn an_outsider_reckons_every_score_and_rank_again_from_the_answer_and_the_scheme(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let home = app.home.path();
    let scheme = json(&app.pool, home, &["scheme", "industry_above", "--year", "2023"]);
    let run = json(&app.pool, home, &["compute", "--year", "2023", "--category", "industry_above"]);
    let years: Vec<i64> =
        run["benchmarks"][0]["years"].as_array().unwrap().iter().map(|year| year["year"].as_i64().unwrap()).collect();
    assert_eq!(years, [2019, 2020, 2021], "revised for 2022, never from the scored year");
    let bases: BTreeMap<&str, Ratio> = run["benchmarks"]
        .as_array()
        .unwrap()
        .iter()
        .map(|base| (base["indicator"].as_str().unwrap(), ratio(&base["value"])))
        .collect();
    let results = run["results"].as_array().unwrap();
    assert!(results.len() > 20, "{} are ranked", results.len());
    for result in results {
        let mut sum = "0".parse::<Ratio>().unwrap();
        for (indicator, item) in
            scheme["indicators"].as_array().unwrap().iter().zip(result["items"].as_array().unwrap())
        {
            let parts = (
                sum_of(&indicator["value"]["numerator"], &result["facts"]),
                sum_of(&indicator["value"]["denominator"], &result["facts"]),
            );
            let value = parts.0.zip(parts.1).and_then(|(above, below)| above.over(&below));
            assert_eq!(value.is_some(), item["missing"].is_null(), "{result}");
            let Some(value) = value else { continue };
            let weight = ratio(&indicator["weight"]);
            let base = &bases[indicator["indicator"].as_str().unwrap()];
            let cap = ratio(&indicator["family"]["to_base"]["cap"]).times(&weight);
            let zero = "0".parse::<Ratio>().unwrap();
            let score = value.over(base).unwrap().times(&weight).min(cap).max(zero);
            assert!(is_close(&score, &ratio(&item["score"])), "{indicator} of {result}");
            sum = sum + score;
        }
        assert!(is_close(&sum, &ratio(&result["sum"])), "{result}");
    }
    let mut groups: BTreeMap<&str, Vec<(u64, Ratio)>> = BTreeMap::new();
    for result in results {
        let line = (result["rank"].as_u64().unwrap(), ratio(&result["score"]));
        groups.entry(result["group"].as_str().unwrap()).or_default().push(line);
    }
    for (group, lines) in groups {
        for (rank, score) in &lines {
            let better = lines.iter().filter(|(_, other)| other > score).count() as u64;
            assert_eq!(*rank, better + 1, "{group}");
        }
        let quotas = run["quotas"].as_array().unwrap();
        for quota in quotas.iter().filter(|quota| quota["group"] == group) {
            assert_eq!(quota["population"], lines.len(), "{quota}");
            let held = results.iter().filter(|it| it["group"] == group && it["grade"] == quota["grade"]).count() as u64;
            assert!(quota["cumulative"] == true || held <= quota["places"].as_u64().unwrap(), "{quota}");
        }
    }
    let facts = json(&app.pool, home, &["facts", "--year", "2023", "--category", "industry_above"]);
    assert_eq!(facts.as_object().unwrap().keys().collect::<Vec<_>>(), ["2019", "2020", "2021", "2023"]);
    let left_out = run["left_out"].as_array().unwrap();
    assert_eq!(facts["2023"].as_object().unwrap().len(), results.len() + left_out.len(), "nobody is lost");
    for result in results {
        assert_eq!(facts["2023"][result["uscc"].as_str().unwrap()], result["facts"]);
    }
}

#[sqlx::test(migrator = "muheng::db::MIGRATOR")]
async fn a_run_is_made_again_byte_for_byte_and_a_changed_input_is_found(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let home = app.home.path();
    let run = json(&app.pool, home, &["compute", "--year", "2022", "--category", "industry_above", "--trial"]);
    assert_eq!(run["trial"], true);
    let receipt = run["receipt"].as_str().unwrap();
    let recheck = || muheng(&app.pool, home, &["recheck", receipt]);
    assert_eq!(String::from_utf8_lossy(&recheck().stdout), "1 equal, 0 different\n");
    let again = json(&app.pool, home, &["compute", "--year", "2022", "--category", "industry_above", "--trial"]);
    assert_eq!(again, run, "the same facts give the same answer and the same receipt");
    sqlx::query(
        "UPDATE evaluation_result SET input = replace(input::text, '\"name\":\"', '\"name\":\"改')::json
         WHERE key = (SELECT min(key) FROM evaluation_result)",
    )
    .execute(&app.pool)
    .await
    .unwrap();
    assert_eq!(recheck().status.code(), Some(1));
}

/// A resolution of the leading group, entered with its scan as its office does.
pub async fn resolved(app: &TestApp, office: &Client, number: &str, matter: &str) {
    let scan = Part::bytes(&b"%PDF-1.7\n%%EOF\n"[..]).file_name("决议.pdf");
    let form = [("number", number), ("decided_on", "2024-06-01"), ("matter", matter), ("words", "合成决议")];
    let form =
        form.into_iter().fold(Form::new().part("file", scan), |form, (name, text)| form.text(name, text.to_owned()));
    let request = office.post(app.url("/leading-group/resolutions")).header("sec-fetch-site", "same-origin");
    assert_eq!(request.multipart(form).send().await.unwrap().status(), 303);
}

async fn location(client: &Client, app: &TestApp, path: &str, fields: &[(&str, &str)]) -> (u16, String) {
    let answer = post(client, &app.url(path), fields).await;
    let to = answer.headers().get("location").map(|to| to.to_str().unwrap().to_owned());
    (answer.status().as_u16(), to.unwrap_or_default())
}

/// Orders a run by the page, and waits until it is kept, however busy the machine is; its address.
pub async fn computed(app: &TestApp, client: &Client, order: &[(&str, &str)]) -> String {
    let (status, run) = location(client, app, "/evaluation/compute", order).await;
    assert_eq!(status, 303, "{order:?}");
    for _ in 0..600 {
        let answer = client.get(app.url(&format!("/api/v1{run}"))).send().await.unwrap();
        if answer.status() == 200 {
            return run;
        }
        assert_eq!(answer.status(), 202, "{run}");
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    panic!("{run} is never kept");
}

#[sqlx::test(migrator = "muheng::db::MIGRATOR")]
async fn a_result_is_official_when_a_second_person_signs_and_a_later_one_takes_its_place(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let (evaluator, office) = (app.signed_in("evaluator").await, app.signed_in("office").await);
    resolved(&app, &office, "合成〔2024〕3号", "signature").await;
    let order = [("category", "industry_above"), ("year", "2023")];
    let first = computed(&app, &evaluator, &order).await;
    let (_, page) = app.page(&evaluator, &first).await;
    assert!(page.contains("报请签发") && page.contains("基准值"), "{page}");
    assert_eq!(location(&office, &app, "/evaluation/compute", &order).await.0, 403);
    let (status, page) = {
        let early = [("category", "industry_above"), ("year", "1998")];
        let answer = post(&evaluator, &app.url("/evaluation/compute"), &early).await;
        (answer.status().as_u16(), answer.text().await.unwrap())
    };
    assert_eq!(status, 422);
    assert!(page.contains("1998"), "what was typed comes back");

    let step = |path: &str| format!("{first}/{path}");
    assert_eq!(location(&evaluator, &app, &step("propose"), &[("version", "1")]).await.0, 303);
    assert_eq!(location(&evaluator, &app, &step("propose"), &[("version", "1")]).await.0, 409, "somebody was faster");
    let signing = [("version", "2"), ("document", "合成〔2024〕3号")];
    assert_eq!(location(&evaluator, &app, &step("sign"), &signing).await.0, 403);
    for unknown in [" ", "合成〔2024〕9号"] {
        assert_eq!(location(&office, &app, &step("sign"), &[("version", "2"), ("document", unknown)]).await.0, 422);
    }
    assert_eq!(location(&office, &app, &step("sign"), &signing).await.0, 303);
    let (_, page) = app.page(&office, &first).await;
    assert!(page.contains("正式结果") && page.contains("合成〔2024〕3号"), "{page}");

    let second = computed(&app, &evaluator, &order).await;
    assert_eq!(location(&evaluator, &app, &format!("{second}/propose"), &[("version", "1")]).await.0, 303);
    assert_eq!(location(&office, &app, &format!("{second}/sign"), &signing).await.0, 303);
    assert!(app.page(&office, &first).await.1.contains("已被替代"));

    let trial = computed(&app, &evaluator, &[order[0], order[1], ("trial", "1")]).await;
    assert_eq!(location(&evaluator, &app, &format!("{trial}/propose"), &[("version", "1")]).await.0, 422);

    let id = second.rsplit('/').next().unwrap();
    let (status, list) = app.page(&office, &format!("/evaluation/results?run={id}&grade=A")).await;
    assert_eq!(status, 200);
    let href = list.split(&format!("/evaluation/runs/{id}/")).nth(1).unwrap().split('"').next().unwrap();
    let (status, sheet) = app.page(&office, &format!("/evaluation/runs/{id}/{href}")).await;
    assert_eq!(status, 200, "{sheet}");
    assert!(sheet.contains("指标得分") && sheet.contains("相邻名次"), "{sheet}");
}

async fn job(pool: &PgPool, run: &str, order: Value, state: &str, fault: Option<&str>) {
    sqlx::query(
        "INSERT INTO job (district, id, kind, payload, state, actor, step, done, total, fault, created_at, heartbeat_at)
         VALUES ('330105', gen_random_uuid(), 'evaluation.run', $1, $2, '示例', '保存结果', 4000, 90000, $3, now(), now() + interval '1 day')",
    )
    .bind(serde_json::json!({ "made": run, "order": order, "account": null, "name": "示例" }))
    .bind(state)
    .bind(fault)
    .execute(pool)
    .await
    .unwrap();
}

#[sqlx::test(migrator = "muheng::db::MIGRATOR")]
async fn a_run_in_hand_shows_how_far_it_is_and_one_that_was_refused_why(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let evaluator = app.signed_in("evaluator").await;
    let order = serde_json::json!({ "year": 2023, "category": "industry_above" });
    let (running, refused) = ("00000000-0000-0000-0000-0000000000a1", "00000000-0000-0000-0000-0000000000a2");
    job(&app.pool, running, order.clone(), "running", None).await;
    job(&app.pool, refused, order, "failed", Some("指标“税收”的基准值无从核算")).await;
    let (status, page) = app.page(&evaluator, &format!("/evaluation/runs/{running}")).await;
    assert_eq!(status, 200);
    assert!(page.contains("保存结果：4000 / 90000 家") && page.contains("hx-get"), "{page}");
    let (status, part) = app.page(&evaluator, &format!("/evaluation/runs/{running}/progress")).await;
    assert!(status == 200 && part.contains("保存结果：4000 / 90000 家"), "{part}");
    let (status, page) = app.page(&evaluator, &format!("/evaluation/runs/{refused}")).await;
    assert_eq!(status, 200);
    assert!(page.contains("基准值无从核算") && !page.contains("hx-get=\"/evaluation/runs"), "{page}");
    let answer = evaluator.get(app.url(&format!("/evaluation/runs/{refused}/progress"))).send().await.unwrap();
    assert_eq!(answer.headers()["hx-refresh"], "true");
    let nobody = "/evaluation/runs/00000000-0000-0000-0000-0000000000a3";
    assert_eq!(app.page(&evaluator, nobody).await.0, 404);
}

/// A server that died after the run was kept, and before its job was told to be done, leaves a job that another takes over.
#[sqlx::test(migrator = "muheng::db::MIGRATOR")]
async fn a_job_that_is_repeated_keeps_one_run(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let evaluator = app.signed_in("evaluator").await;
    let typed = [("category", "industry_above"), ("year", "2023")];
    let run = computed(&app, &evaluator, &typed).await;
    let again = "UPDATE job SET state = 'running', heartbeat_at = now() - interval '1 year', finished_at = NULL WHERE kind = 'evaluation.run'";
    sqlx::query(again).execute(&app.pool).await.unwrap();
    sqlx::query("SELECT pg_notify('muheng_job', 'evaluation.run')").execute(&app.pool).await.unwrap();
    for _ in 0..200 {
        let over = "SELECT count(*) FROM job WHERE kind = 'evaluation.run' AND state = 'done' AND attempts = 2";
        let over: i64 = sqlx::query_scalar(over).fetch_one(&app.pool).await.unwrap();
        if over == 1 {
            let kept = "SELECT count(*) FROM evaluation_run WHERE id = $1::text::uuid";
            let id = run.rsplit('/').next().unwrap();
            let kept: i64 = sqlx::query_scalar(kept).bind(id).fetch_one(&app.pool).await.unwrap();
            assert_eq!(kept, 1);
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    panic!("nobody took the job over");
}

/// Enterprises that are judged each alone are streamed and ranked by bounds; held whole in memory they come to the same bytes.
#[sqlx::test(migrator = "muheng::db::MIGRATOR")]
async fn a_run_that_is_streamed_is_byte_for_byte_what_is_computed_in_memory(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let current = policy::store::current(&app.pool, &app.scope.district).await.unwrap();
    for category in ["industry_above", "industry_below", "services_above"] {
        let (_, scheme) = current.schemes.meant(category, 2023).unwrap();
        let act = Act {
            pool: app.pool.clone(),
            scope: app.scope.clone(),
            actor: Actor::command_line(),
            now: crate::support::now(),
        };
        let kept = commands::compute(&act, scheme, 2023, true).await.unwrap();
        let frozen = commands::freeze(&app.pool, &app.scope, scheme, 2023).await.unwrap();
        let whole = run::compute(&frozen, &current.sha256()).unwrap();
        assert_eq!((&kept.receipt, &kept.head), (&whole.receipt.id, &whole.head), "{category}");
        let lines: Vec<String> = runs::details(&app.pool, &app.scope, kept.id).try_collect().await.unwrap();
        assert!(lines.len() > 20, "{} of {category}", lines.len());
        assert_eq!(lines, whole.lines.iter().map(|line| line.detail.clone()).collect::<Vec<_>>(), "{category}");
        let left_out: Vec<String> = runs::left_out_details(&app.pool, &app.scope, kept.id).try_collect().await.unwrap();
        let asked = scheme.facts();
        let document = |(member, why): &(Member, LeftOut)| runs::left_out(&member.into(), *why, &asked);
        let documents = frozen.left_out.iter().map(document).map(|it| serde_json::to_string(&it).unwrap());
        assert_eq!(left_out, documents.collect::<Vec<_>>(), "{category}");
        let inputs = runs::inputs(&app.pool, &app.scope, &kept.receipt).await.unwrap();
        let frozen: Vec<String> = frozen.inputs.iter().map(|it| serde_json::to_string(it).unwrap()).collect();
        assert_eq!(inputs, frozen, "{category}");
    }
}
