//! Looking at results: what another scheme would come to, two runs side by side, filters, sheets and pictures.

use std::collections::BTreeMap;

use muheng::evaluation::looking::what_if::WhatIf;
use muheng::evaluation::{commands, run};
use muheng::policy;
use reqwest::Client;
use serde_json::{Value, json};
use uuid::Uuid;

use muheng::db::PgPool;

use crate::commands::muheng;
use crate::evaluation::resolved;
use crate::support::{TestApp, json_of, post, send, sent};

/// Computes a run by the page; where it stands.
async fn computed(app: &TestApp, client: &Client, year: &str, trial: bool) -> Uuid {
    let mut order = vec![("category", "industry_above"), ("year", year)];
    if trial {
        order.push(("trial", "1"));
    }
    let run = crate::evaluation::computed(app, client, &order).await;
    run.rsplit('/').next().unwrap().parse().unwrap()
}

async fn official(app: &TestApp, year: &str) -> Uuid {
    let (evaluator, office) = (app.signed_in("evaluator").await, app.signed_in("office").await);
    let id = computed(app, &evaluator, year, false).await;
    let step = |name: &str| app.url(&format!("/evaluation/runs/{id}/{name}"));
    assert_eq!(post(&evaluator, &step("propose"), &[("version", "1")]).await.status(), 303);
    let number = format!("合成决议 {id}");
    resolved(app, &office, &number, "signature").await;
    assert_eq!(post(&office, &step("sign"), &[("version", "2"), ("document", &number)]).await.status(), 303);
    id
}

async fn grades(app: &TestApp, id: Uuid) -> BTreeMap<String, String> {
    let rows: Vec<(String, String)> = sqlx::query_as("SELECT key, grade FROM evaluation_result WHERE run = $1")
        .bind(id)
        .fetch_all(&app.pool)
        .await
        .unwrap();
    rows.into_iter().collect()
}

/// What a run with the changed scheme would be, by the same way that runs are computed.
async fn trial_run(app: &TestApp, id: Uuid, change: &Value, year: i32) -> run::Computed {
    let inputs: String = sqlx::query_scalar(
        "SELECT r.inputs FROM receipt r JOIN evaluation_run e ON e.receipt = r.id AND e.district = r.district WHERE e.id = $1",
    )
    .bind(id)
    .fetch_one(&app.pool)
    .await
    .unwrap();
    let change: WhatIf = serde_json::from_value(change.clone()).unwrap();
    let scheme = change.applied(&run::basis_of(&inputs).unwrap().scheme).unwrap();
    let frozen = commands::freeze(&app.pool, &app.scope, &scheme, year).await.unwrap();
    let catalogue = policy::store::current(&app.pool, &app.scope.district).await.unwrap().sha256();
    run::compute(&frozen, &catalogue).unwrap()
}

#[sqlx::test(migrator = "muheng::db::MIGRATOR")]
async fn what_another_scheme_would_come_to_is_what_a_trial_run_with_it_gives(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let evaluator = app.signed_in("evaluator").await;
    let id = computed(&app, &evaluator, "2023", false).await;
    let before = grades(&app, id).await;
    let kept: i64 = sqlx::query_scalar("SELECT count(*) FROM evaluation_run").fetch_one(&app.pool).await.unwrap();
    let changes = [
        (
            "frozen",
            json!({ "indicators": [{ "indicator": "tax_per_mu", "weight": "20", "cap": { "times": "1" } },
            { "indicator": "rd_share", "weight": "25", "cap": "none", "missing": "weight" }] }),
        ),
        ("frozen", json!({ "indicators": [{ "indicator": "value_added_per_mu", "base": "55.5" }], "fill_up": false })),
        ("frozen", json!({ "mean": "mean_of_yearly_ratios" })),
        ("frozen", json!({ "grades": [{ "grade": "A", "percent": "40" }, { "grade": "D", "percent": "20" }] })),
        (
            "registers",
            json!({ "population": { "subject": "enterprise", "industries": ["C"], "size": "above",
            "land_at_least_mu": "10", "tenants": "apart" } }),
        ),
        ("registers", json!({ "as_on_record": true, "grades": [{ "grade": "A", "percent": "10" }] })),
    ];
    for (source, change) in changes {
        let answer =
            sent(&app, &evaluator, "/api/v1/evaluation/what-if", &json!({ "run": id, "change": change })).await;
        let trial = trial_run(&app, id, &change, 2023).await;
        assert_eq!(answer["source"], source, "{change}");
        // The receipt holds the hash of every line: equal receipts are equal bytes.
        assert_eq!(answer["receipt"], trial.receipt.id, "{change}");
        assert_eq!(answer["benchmarks"], serde_json::to_value(&trial.head.benchmarks).unwrap(), "{change}");
        assert_eq!(answer["quotas"], serde_json::to_value(&trial.head.quotas).unwrap(), "{change}");
        let after: BTreeMap<String, String> =
            trial.lines.iter().map(|line| (line.result.subject.id.clone(), line.result.grade.clone())).collect();
        let keys = before.keys().chain(after.keys().filter(|key| !before.contains_key(*key)));
        let turned = keys.filter(|key| before.get(*key) != after.get(*key)).count();
        let movers = answer["movers"].as_array().unwrap();
        assert_eq!(movers.len(), turned, "{change}");
        for mover in movers {
            let key = mover["key"].as_str().unwrap();
            assert_eq!(mover["before"]["grade"].as_str(), before.get(key).map(String::as_str));
            assert_eq!(mover["after"]["grade"].as_str(), after.get(key).map(String::as_str));
            assert_eq!(mover["why"].is_null(), mover["before"].is_null() || mover["after"].is_null());
        }
        let counted: u64 = answer["moves"].as_array().unwrap().iter().map(|it| it[1].as_u64().unwrap()).sum();
        let both = before.keys().chain(after.keys()).collect::<std::collections::BTreeSet<_>>();
        assert_eq!(counted as usize, both.len(), "everybody once");
    }
    let after: i64 = sqlx::query_scalar("SELECT count(*) FROM evaluation_run").fetch_one(&app.pool).await.unwrap();
    assert_eq!(kept, after, "nothing is kept");
}

#[sqlx::test(migrator = "muheng::db::MIGRATOR")]
async fn a_what_if_may_break_the_law_and_says_so_and_cannot_be_of_a_scheme_that_is_none(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let evaluator = app.signed_in("evaluator").await;
    let id = computed(&app, &evaluator, "2023", false).await;
    let ask = |change: Value| json!({ "run": id, "change": change });
    let heavy = ask(json!({ "indicators": [{ "indicator": "tax_per_mu", "weight": "36" }] }));
    let answer = sent(&app, &evaluator, "/api/v1/evaluation/what-if", &heavy).await;
    let breaches = answer["breaches"].to_string();
    assert!(breaches.contains("35%") && breaches.contains("100%"), "{breaches}");
    let least = ask(json!({ "grades": [{ "grade": "A", "percent": "20" }], "fill_up": true }));
    assert_eq!(sent(&app, &evaluator, "/api/v1/evaluation/what-if", &least).await["breaches"], json!([]));
    let refused = [
        json!({ "indicators": [{ "indicator": "luck", "weight": "36" }] }),
        json!({ "grades": [{ "grade": "A", "percent": "120" }] }),
        json!({ "indicators": [{ "indicator": "tax_per_mu", "base": "0" }] }),
        json!({ "weights": [] }),
    ];
    for change in refused {
        let answer = send(&app, &evaluator, "/api/v1/evaluation/what-if", &ask(change.clone())).await;
        assert_eq!(answer.status(), 422, "{change}");
    }
    let nobody = json!({ "run": Uuid::nil(), "change": { "fill_up": false } });
    assert_eq!(send(&app, &evaluator, "/api/v1/evaluation/what-if", &nobody).await.status(), 404);
    let inspector = app.signed_in("inspector").await;
    assert_eq!(send(&app, &inspector, "/api/v1/evaluation/what-if", &heavy).await.status(), 403);
}

/// What the page's form holds, to be sent again.
fn fields(page: &str) -> Vec<(String, String)> {
    let attribute = |tag: &str, name: &str| {
        let text = tag.split(&format!("{name}=\"")).nth(1)?;
        text.split('"').next().map(str::to_owned)
    };
    let form = page.split("action=\"/evaluation/what-if").nth(1).unwrap().split("</form>").next().unwrap();
    let mut found = Vec::new();
    for tag in form.split("<input").skip(1).map(|rest| rest.split('>').next().unwrap()) {
        let unticked = tag.contains("type=\"checkbox\"") && !tag.contains("checked");
        if let (Some(name), false) = (attribute(tag, " name"), unticked) {
            found.push((name, attribute(tag, " value").unwrap_or_default()));
        }
    }
    for select in form.split("<select").skip(1).map(|rest| rest.split("</select>").next().unwrap()) {
        let chosen = select.split("<option").find(|option| option.contains(" selected"));
        let value = chosen.and_then(|option| attribute(option, " value")).unwrap_or_default();
        found.push((attribute(select, " name").unwrap(), value));
    }
    found
}

#[sqlx::test(migrator = "muheng::db::MIGRATOR")]
async fn the_form_shows_the_scheme_and_answers_with_who_would_move(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let evaluator = app.signed_in("evaluator").await;
    let id = computed(&app, &evaluator, "2023", false).await;
    let path = format!("/evaluation/what-if?run={id}");
    let (status, page) = app.page(&evaluator, &path).await;
    assert_eq!(status, 200, "{page}");
    assert!(
        page.contains("weight.tax_per_mu") && !page.contains("base.tax_per_mu"),
        "the law lets no base be typed here"
    );
    let form = fields(&page);
    let asked = |change: &[(&str, &str)]| {
        let kept = form.iter().filter(|(name, _)| change.iter().all(|(other, _)| other != name));
        kept.map(|(name, value)| (name.clone(), value.clone()))
            .chain(change.iter().map(|(name, value)| (name.to_string(), value.to_string())))
            .collect::<Vec<_>>()
    };
    let ask = async |change: &[(&str, &str)]| {
        let fields = asked(change);
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let answer = post(&evaluator, &app.url(&path), &fields).await;
        (answer.status().as_u16(), answer.text().await.unwrap())
    };
    let (status, page) = ask(&[]).await;
    assert!(status == 422 && page.contains("没有改动"), "{page}");
    let (status, page) = ask(&[("weight.tax_per_mu", "许多"), ("quota.A", "")]).await;
    assert!(status == 422 && page.contains("许多") && page.contains("请填写"), "both at once, as typed");
    let (status, page) = ask(&[("quota.A", "50"), ("weight.tax_per_mu", "40")]).await;
    assert_eq!(status, 200, "{page}");
    assert!(page.contains("推演结果") && page.contains("升档") && page.contains("preview-data"), "{page}");
    assert!(page.contains("不超过35%"), "the law's bound is told");
    assert!(page.contains("value=\"50\""), "the form stays as it was asked");
    let (status, page) = ask(&[("land_at_least_mu", "10")]).await;
    assert!(status == 200 && page.contains("重新归集"), "{page}");
    // The other mean, from the page of the run.
    let (_, run) = app.page(&evaluator, &format!("/evaluation/runs/{id}")).await;
    let hidden = fields(&run);
    assert!(hidden.contains(&("mean".to_owned(), "mean_of_yearly_ratios".to_owned())), "{hidden:?}");
    let hidden: Vec<(&str, &str)> = hidden.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    assert_eq!(post(&evaluator, &app.url(&path), &hidden).await.status(), 200);
    let approver = app.signed_in("approver").await;
    assert_eq!(app.page(&approver, &path).await.0, 403);
}

#[sqlx::test(migrator = "muheng::db::MIGRATOR")]
async fn the_terminal_answers_as_the_program_does(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let evaluator = app.signed_in("evaluator").await;
    let id = computed(&app, &evaluator, "2023", true).await;
    let change = json!({ "grades": [{ "grade": "A", "percent": "40" }] });
    let file = app.home.path().join("change.json");
    std::fs::write(&file, change.to_string()).unwrap();
    let id_text = id.to_string();
    let ask = |format: &str| {
        let arguments =
            ["evaluation", "what-if", "--run", &id_text, "--change", file.to_str().unwrap(), "--format", format];
        muheng(&app.pool, app.home.path(), &arguments)
    };
    let output = ask("json");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let printed: Value = serde_json::from_slice(&output.stdout).unwrap();
    let answer = sent(&app, &evaluator, "/api/v1/evaluation/what-if", &json!({ "run": id, "change": change })).await;
    assert_eq!(printed, answer);
    let table = String::from_utf8(ask("csv").stdout).unwrap();
    assert_eq!(table.lines().count(), 1 + answer["movers"].as_array().unwrap().len());
}

fn shown(page: &str) -> usize {
    page.split("id=\"total\">")
        .nth(1)
        .and_then(|rest| rest.split('<').next())
        .map_or(0, |total| total.chars().filter(char::is_ascii_digit).collect::<String>().parse().unwrap_or_default())
}

#[sqlx::test(migrator = "muheng::db::MIGRATOR")]
async fn two_years_side_by_side_count_everybody_once(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let (first, second) = (official(&app, "2022").await, official(&app, "2023").await);
    let evaluator = app.signed_in("evaluator").await;
    let (before, after) = (grades(&app, first).await, grades(&app, second).await);
    let path = format!("/evaluation/compare?from={first}&to={second}");
    let count = |how: &str| {
        let is = |key: &String| {
            let how_now = match (before.get(key), after.get(key)) {
                (Some(old), Some(new)) if new < old => "up",
                (Some(old), Some(new)) if new > old => "down",
                (Some(_), Some(_)) => "same",
                (None, _) => "entered",
                (_, None) => "left",
            };
            how_now == how
        };
        let all: std::collections::BTreeSet<&String> = before.keys().chain(after.keys()).collect();
        all.into_iter().filter(|key| is(key)).count()
    };
    let mut sum = 0;
    for how in ["up", "down", "same", "entered", "left"] {
        let (status, page) = app.page(&evaluator, &format!("{path}&move={how}")).await;
        assert_eq!(status, 200, "{page}");
        let listed = if page.contains("没有符合条件的企业") { 0 } else { shown(&page) };
        assert_eq!(listed, count(how), "{how}");
        sum += listed;
    }
    let (_, page) = app.page(&evaluator, &path).await;
    assert_eq!(shown(&page), sum);
    assert!(page.contains("由档到档"), "{page}");
    assert!(count("up") + count("down") > 0, "the demonstration has movement");
    // Page by page and as a file the rows are the same.
    let mut address = Some(format!("{path}&size_of_page=7"));
    let mut walked = 0;
    while let Some(asked) = address {
        let (_, page) = app.page(&evaluator, &asked).await;
        walked += page.matches("/evaluation/runs/").count()
            - page.split("<tbody").next().unwrap().matches("/evaluation/runs/").count();
        let next = page.split("rel=\"next\" href=\"").nth(1).and_then(|rest| rest.split('"').next());
        address = next.map(|next| next.replace("&#38;", "&").replace("&amp;", "&"));
    }
    let csv =
        evaluator.get(app.url(&path.replace("compare?", "compare.csv?"))).send().await.unwrap().text().await.unwrap();
    assert_eq!(csv.lines().count(), sum + 1);
    assert!(walked >= sum, "{walked} of {sum}");
    let other = app.page(&evaluator, &format!("/evaluation/compare?from={first}&to={}", Uuid::nil())).await;
    assert_eq!(other.0, 404);
}

#[sqlx::test(migrator = "muheng::db::MIGRATOR")]
async fn a_later_result_says_who_moved_since_the_one_it_took_the_place_of(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let first = official(&app, "2023").await;
    let key: String =
        sqlx::query_scalar("SELECT key FROM evaluation_result WHERE run = $1 AND grade = 'A' ORDER BY rank LIMIT 1")
            .bind(first)
            .fetch_one(&app.pool)
            .await
            .unwrap();
    let steward = app.signed_in("evaluator").await;
    let veto = [
        ("uscc", key.as_str()),
        ("kind", "tax_offence"),
        ("happened_on", "2023-05-06"),
        ("from", "2023-05-06"),
        ("department", "tax"),
        ("document", "合成〔2023〕9号"),
    ];
    assert_eq!(post(&steward, &app.url("/evaluation/vetoes"), &veto).await.status(), 303);
    let second = official(&app, "2023").await;
    let (_, page) = app.page(&steward, &format!("/evaluation/runs/{second}")).await;
    assert!(page.contains("逐家看谁因何变动") && page.contains("降档 1 家"), "{page}");
    let (_, page) = app.page(&steward, &format!("/evaluation/compare?from={first}&to={second}&move=down")).await;
    assert!(page.contains(&key) && page.contains("一票否决"), "{page}");
}

#[sqlx::test(migrator = "muheng::db::MIGRATOR")]
async fn results_are_narrowed_by_industry_and_by_the_year_before_and_those_left_out_are_listed(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let (first, second) = (official(&app, "2022").await, official(&app, "2023").await);
    let evaluator = app.signed_in("evaluator").await;
    let (before, after) = (grades(&app, first).await, grades(&app, second).await);
    let path = format!("/evaluation/results?run={second}");
    for (how, holds) in
        [("up", std::cmp::Ordering::Less), ("down", std::cmp::Ordering::Greater), ("same", std::cmp::Ordering::Equal)]
    {
        let expected =
            after.iter().filter(|(key, new)| before.get(*key).is_some_and(|old| new.cmp(&old) == holds)).count();
        let (status, page) = app.page(&evaluator, &format!("{path}&against={how}")).await;
        assert_eq!(status, 200, "{page}");
        assert_eq!(if expected == 0 { 0 } else { shown(&page) }, expected, "{how}");
    }
    let fresh = after.keys().filter(|key| !before.contains_key(*key)).count();
    let (_, page) = app.page(&evaluator, &format!("{path}&against=entered")).await;
    assert_eq!(if fresh == 0 { 0 } else { shown(&page) }, fresh);
    let divisions: Vec<(String, i64)> = sqlx::query_as(
        "SELECT left(industry, 2), count(*) FROM evaluation_result WHERE run = $1 AND industry IS NOT NULL GROUP BY 1",
    )
    .bind(second)
    .fetch_all(&app.pool)
    .await
    .unwrap();
    for (division, count) in divisions {
        let (_, page) = app.page(&evaluator, &format!("{path}&industry={division}")).await;
        assert_eq!(shown(&page) as i64, count, "{division}");
    }
    let left: Vec<(String, i64)> =
        sqlx::query_as("SELECT why, count(*) FROM evaluation_left_out WHERE run = $1 GROUP BY 1")
            .bind(second)
            .fetch_all(&app.pool)
            .await
            .unwrap();
    assert!(!left.is_empty(), "the demonstration leaves some out");
    let address = format!("/evaluation/left-out?run={second}");
    let mut sum = 0;
    for (why, count) in left {
        let (status, page) = app.page(&evaluator, &format!("{address}&why={why}")).await;
        assert_eq!((status, shown(&page) as i64), (200, count), "{why}");
        sum += count;
    }
    let csv = evaluator
        .get(app.url(&address.replace("left-out?", "left-out.csv?")))
        .send()
        .await
        .unwrap()
        .text()
        .await
        .unwrap();
    assert_eq!(csv.lines().count() as i64, sum + 1);
}

#[sqlx::test(migrator = "muheng::db::MIGRATOR")]
async fn a_sheet_says_where_its_figures_come_from_and_what_threatens_its_grade(pool: PgPool) {
    let app = TestApp::start(pool).await;
    official(&app, "2022").await;
    let id = official(&app, "2023").await;
    let evaluator = app.signed_in("evaluator").await;
    let (key, rank): (String, i32) = sqlx::query_as(
        "SELECT key, rank FROM evaluation_result WHERE run = $1 AND automatic_grade = 'B' AND NOT vetoed ORDER BY rank DESC LIMIT 1",
    )
    .bind(id)
    .fetch_one(&app.pool)
    .await
    .unwrap();
    let (status, page) = app.page(&evaluator, &format!("/evaluation/runs/{id}/{key}")).await;
    assert_eq!(status, 200, "{page}");
    for words in ["数据来源", "用地来源", "怎样会失去 B 档", "data-mh-print", "mh-bar-score"] {
        assert!(page.contains(words), "{words}\n{page}");
    }
    let next: String = sqlx::query_scalar(
        "SELECT detail ->> 'score' FROM evaluation_result WHERE run = $1 AND rank > $2 AND automatic_grade IN ('C', 'D')
             AND NOT vetoed AND ranking_group = (SELECT ranking_group FROM evaluation_result WHERE run = $1 AND key = $3)
         ORDER BY rank, key LIMIT 1",
    )
    .bind(id)
    .bind(rank)
    .bind(&key)
    .fetch_one(&app.pool)
    .await
    .unwrap();
    let next: f64 = next.parse().unwrap();
    assert!(page.contains(&format!("{next:.4}")), "the score of the next below");
    let both_years = page.contains("历年正式结果");
    let years: i64 = sqlx::query_scalar("SELECT count(*) FROM evaluation_result WHERE key = $1")
        .bind(&key)
        .fetch_one(&app.pool)
        .await
        .unwrap();
    assert_eq!(both_years, years > 1);
    let name: String =
        sqlx::query_scalar("SELECT name FROM evaluation_result WHERE run = $1 AND key <> $2 AND rank = $3 + 1")
            .bind(id)
            .bind(&key)
            .bind(rank)
            .fetch_optional(&app.pool)
            .await
            .unwrap()
            .unwrap_or_else(|| "—no other—".to_owned());
    assert!(!page.contains(&name), "nobody else is named");
}

#[sqlx::test(migrator = "muheng::db::MIGRATOR")]
async fn pictures_hold_the_same_numbers_as_their_tables(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let first = official(&app, "2022").await;
    let id = official(&app, "2023").await;
    let evaluator = app.signed_in("evaluator").await;
    let (status, page) = app.page(&evaluator, &format!("/evaluation/pictures?run={id}")).await;
    assert_eq!(status, 200, "{page}");
    assert!(!page.contains(" style=") && page.contains("charts.js"));
    let data = |name: &str| -> Value {
        let text = page.split(&format!("id=\"{name}\">")).nth(1).unwrap().split("</script>").next().unwrap();
        serde_json::from_str(text).unwrap()
    };
    let ranked = grades(&app, id).await.len() as i64;
    for name in ["bins-data", "places-data"] {
        let series = data(name);
        let sum: i64 = series["series"]
            .as_array()
            .unwrap()
            .iter()
            .flat_map(|of| {
                of["values"].as_array().unwrap().iter().map(|value| value.as_i64().unwrap()).collect::<Vec<_>>()
            })
            .sum();
        assert_eq!(sum, ranked, "{name}");
    }
    let flow = data("flow-data");
    let both: std::collections::BTreeSet<String> =
        grades(&app, first).await.into_keys().chain(grades(&app, id).await.into_keys()).collect();
    let sum: i64 = flow["links"].as_array().unwrap().iter().map(|link| link["value"].as_i64().unwrap()).sum();
    assert_eq!(sum as usize, both.len());
    let charts = evaluator.get(app.url("/assets/charts.js")).send().await.unwrap();
    assert_eq!(charts.status(), 200);
    let run = json_of(&app, &evaluator, &format!("/api/v1/evaluation/runs/{id}")).await;
    let table = page.split("街道与档次").nth(1).unwrap();
    assert!(table.contains(&format!("/evaluation/results?run={id}&subdistrict=")), "{run}");
}

#[sqlx::test(migrator = "muheng::db::MIGRATOR")]
async fn the_map_shows_the_official_results_of_its_year_and_nothing_else(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let evaluator = app.signed_in("evaluator").await;
    let (_, page) = app.page(&evaluator, "/map?year=2023").await;
    assert!(!page.contains("/tiles/results/") && !page.contains("theme-grade"), "nothing is official yet");
    let id = official(&app, "2023").await;
    let (_, page) = app.page(&evaluator, "/map?year=2023").await;
    assert!(page.contains("theme-grade"), "{page}");
    let tiles = page.split("/tiles/results/").nth(1).unwrap().split("/{z}").next().unwrap().to_owned();
    let (longitude, latitude): (f64, f64) = sqlx::query_as(
        "SELECT ST_X(ST_PointOnSurface(p.geom)), ST_Y(ST_PointOnSurface(p.geom)) FROM parcel_version p
         JOIN occupancy o ON o.parcel_code = p.code AND o.superseded_at IS NULL AND o.valid @> date '2023-12-31'
         JOIN evaluation_result r ON r.key = o.occupant AND r.run = $1
         WHERE p.superseded_at IS NULL AND upper_inf(p.valid) ORDER BY p.code LIMIT 1",
    )
    .bind(id)
    .fetch_one(&app.pool)
    .await
    .unwrap();
    let side = f64::from(1 << 15);
    let x = ((longitude + 180.0) / 360.0 * side).floor() as u32;
    let y = ((1.0 - latitude.to_radians().tan().asinh() / std::f64::consts::PI) / 2.0 * side).floor() as u32;
    let tile = app.url(&format!("/tiles/results/{tiles}/15/{x}/{y}.mvt"));
    let answer = evaluator.get(&tile).send().await.unwrap();
    assert_eq!(answer.status(), 200);
    let tag = answer.headers()["etag"].to_str().unwrap().to_owned();
    assert!(answer.headers()["cache-control"].to_str().unwrap().contains("immutable"));
    assert!(!answer.bytes().await.unwrap().is_empty(), "the parcel of somebody ranked in {id}");
    let again = evaluator.get(&tile).header("if-none-match", tag).send().await.unwrap();
    assert_eq!(again.status(), 304);
    // Another official result has another address; the old one is not kept any more.
    official(&app, "2023").await;
    let (_, page) = app.page(&evaluator, "/map?year=2023").await;
    let later = page.split("/tiles/results/").nth(1).unwrap().split("/{z}").next().unwrap();
    assert_ne!(later, tiles);
}
