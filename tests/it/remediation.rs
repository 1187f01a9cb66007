//! Remediation by its real persons: a list entered in one go, a file closed and one upgraded from entry to striking-off, a
//! relapse, and everything that is refused.

use std::process::Output;

use chrono::{DateTime, TimeZone, Utc};
use muheng::db::PgPool;
use reqwest::{Client, Response};
use serde_json::{Value, json};

use crate::commands::muheng;
use crate::support::{TestApp, json_of, post, send};

const FILES: &str = "/api/v1/remediation";

/// What is wrong, as codes at their places.
async fn refused(response: Response) -> Vec<(String, String)> {
    let status = response.status();
    let text = response.text().await.unwrap();
    assert_eq!(status, 422, "{text}");
    let problem: Value = serde_json::from_str(&text).unwrap();
    let text = |fault: &Value, name: &str| fault[name].as_str().unwrap_or_default().to_owned();
    let faults = problem["faults"].as_array().unwrap_or_else(|| panic!("{problem}"));
    for fault in faults {
        assert!(text(fault, "reason").chars().count() > 8, "a reason and what to do: {fault}");
    }
    faults.iter().map(|fault| (text(fault, "place"), text(fault, "code"))).collect()
}

fn codes(faults: &[(String, String)]) -> Vec<&str> {
    faults.iter().map(|(_, code)| code.as_str()).collect()
}

async fn taken(response: Response) -> Value {
    let status = response.status();
    let text = response.text().await.unwrap();
    assert!(status.is_success(), "{status}: {text}");
    serde_json::from_str(&text).unwrap()
}

/// One of a file's persons.
struct Persons {
    evaluator: Client,
    clerk: Client,
    approver: Client,
    environment: Client,
    land: Client,
    office: Client,
}

impl Persons {
    async fn of(app: &TestApp) -> Self {
        Persons {
            evaluator: app.signed_in("evaluator").await,
            clerk: app.signed_in("contract").await,
            approver: app.signed_in("approver").await,
            environment: app.signed_in("environment").await,
            land: app.signed_in("land").await,
            office: app.signed_in("office").await,
        }
    }
}

/// A step on the version that stands.
async fn step(app: &TestApp, person: &Client, no: &str, fields: Value) -> Response {
    let file = json_of(app, person, &format!("{FILES}/{no}")).await;
    let mut form = fields;
    form["version"] = file["version"].clone();
    send(app, person, &format!("{FILES}/{no}/steps"), &form).await
}

async fn attach(app: &TestApp, person: &Client, no: &str, kind: &str, content: &str) -> Response {
    let address = format!("{FILES}/{no}/evidence?kind={kind}&taken_on=2026-11-23&name=scan.pdf");
    let request = person.post(app.url(&address)).header("sec-fetch-site", "same-origin");
    let body = format!("%PDF-1.7\n{content}\n%%EOF\n");
    request.header("content-type", "application/octet-stream").body(body).send().await.unwrap()
}

/// Credit codes on the list of a year.
async fn flagged(app: &TestApp, person: &Client, year: i32) -> Vec<String> {
    let list =
        json_of(app, person, &format!("/api/v1/low-efficiency?year={year}&outcome=flagged&size_of_page=500")).await;
    list["lines"].as_array().unwrap().iter().map(|line| line["uscc"].as_str().unwrap().to_owned()).collect()
}

async fn entered(app: &TestApp, person: &Client, uscc: &str) -> String {
    let form = json!({ "subject": uscc, "ground": "below_line", "year": "2024" });
    let file = taken(send(app, person, FILES, &form).await).await;
    file["no"].as_str().unwrap().to_owned()
}

fn upgrade() -> Value {
    json!({ "step": "plan", "way": "upgrade", "target": "10000", "target_year": "2027", "due": "2028-06-30",
        "measures": "更新生产线", "lead": "economy_and_tourism", "departments": ["land", "environment"],
        "milestones": "2027-03-31 设备到位" })
}

/// From the survey to its being carried out.
async fn under_way(app: &TestApp, persons: &Persons, no: &str, plan: Value) -> Value {
    for (person, fields) in [
        (&persons.clerk, json!({ "step": "verify", "reason": "现场核实，情况属实" })),
        (&persons.evaluator, plan),
        (&persons.evaluator, json!({ "step": "notify", "document": "合成告〔2026〕1号" })),
        (&persons.evaluator, json!({ "step": "hear", "hearing": "heard", "reason": "企业表示同意" })),
        (&persons.evaluator, json!({ "step": "start" })),
    ] {
        taken(step(app, person, no, fields).await).await;
    }
    json_of(app, &persons.evaluator, &format!("{FILES}/{no}")).await
}

async fn later(app: TestApp, moment: DateTime<Utc>) -> TestApp {
    // A pool of its own: the workers of the earlier server keep their connections.
    let pool = PgPool::connect_with((*app.pool.connect_options()).clone()).await.unwrap();
    TestApp::serve_at(pool, app.scope, app.home, moment).await
}

fn remediation(app: &TestApp, arguments: &[&str]) -> Output {
    muheng(&app.pool, app.home.path(), &[&["remediation"], arguments].concat())
}

#[sqlx::test(migrator = "muheng::db::MIGRATOR")]
async fn everybody_below_the_line_is_entered_in_one_go_and_never_twice(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let evaluator = app.signed_in("evaluator").await;
    let below = flagged(&app, &evaluator, 2024).await;
    assert!(below.len() > 10, "{}", below.len());
    let by_hand = entered(&app, &evaluator, &below[0]).await;
    let order = json!({ "ground": "below_line", "year": "2024" });
    let opening = taken(send(&app, &evaluator, &format!("{FILES}/lists"), &order).await).await;
    let items = opening["items"].as_array().unwrap();
    assert_eq!(items.len(), below.len());
    let of = |outcome: &str| items.iter().filter(|item| item["outcome"] == outcome).count();
    assert_eq!((of("already"), opening["already"].as_u64().unwrap()), (1, 1));
    assert_eq!(items.iter().find(|item| item["outcome"] == "already").unwrap()["no"], *by_hand);
    assert_eq!(of("opened") + of("left") + 1, below.len());
    let again = taken(send(&app, &evaluator, &format!("{FILES}/lists"), &order).await).await;
    assert_eq!(again["opened"], 0, "{again}");
    let sql = "SELECT revision FROM layer_revision WHERE layer = 'remediation'";
    let revision: i64 = sqlx::query_scalar(sql).fetch_one(&app.pool).await.unwrap();
    assert_eq!(revision, 2, "the map is told of the one and of the list");

    let twice =
        send(&app, &evaluator, FILES, &json!({ "subject": below[0], "ground": "below_line", "year": "2024" })).await;
    let text = twice.text().await.unwrap();
    assert!(text.contains("entered_already") && text.contains(&format!("/remediation/{by_hand}")), "{text}");

    let first = json_of(&app, &evaluator, &format!("{FILES}?state=open&size_of_page=500")).await;
    let files = first["files"].as_array().unwrap();
    assert_eq!(files.len(), of("opened") + 1);
    let mut numbers: Vec<&str> = files.iter().map(|file| file["no"].as_str().unwrap()).collect();
    numbers.sort_unstable();
    let expected: Vec<String> = (1..=files.len()).map(|serial| format!("2026-{serial:04}")).collect();
    assert_eq!(numbers, expected, "numbers of the year without a gap");
    let names: Vec<&str> = files[0].as_object().unwrap().keys().map(String::as_str).collect();
    let mut asked = ["no", "subject", "grounds", "way", "state", "due", "overdue_days", "blockers", "receipt"];
    let mut names = names;
    names.sort_unstable();
    asked.sort_unstable();
    assert_eq!(names, asked);
    assert_eq!(files[0]["blockers"], json!(["待核实"]));

    let rechecked = muheng(&app.pool, app.home.path(), &["recheck", files[0]["receipt"].as_str().unwrap()]);
    assert!(rechecked.status.success(), "{}", String::from_utf8_lossy(&rechecked.stdout));
    let listed = remediation(&app, &["list", "--state", "surveyed", "--format", "json"]);
    assert!(listed.status.success(), "{}", String::from_utf8_lossy(&listed.stderr));
    let listed: Value = serde_json::from_slice(&listed.stdout).unwrap();
    assert_eq!(listed.as_array().unwrap().len(), files.len());
    let shown = remediation(&app, &["show", &by_hand, "--format", "json"]);
    let shown: Value = serde_json::from_slice(&shown.stdout).unwrap();
    assert_eq!((&shown["no"], &shown["subject"]), (&json!(by_hand), &json!(below[0])));
    assert!(!remediation(&app, &["list", "--state", "nowhere"]).status.success());

    for path in ["/remediation", "/remediation/board", &format!("/remediation/{by_hand}")] {
        let (status, page) = app.page(&evaluator, path).await;
        assert!(status == 200 && page.contains(&by_hand) || path.ends_with("board"), "{path}: {page}");
    }
    let clerk = app.signed_in("changqing").await;
    let own = json_of(&app, &clerk, &format!("{FILES}?size_of_page=500")).await;
    assert!(own["files"].as_array().unwrap().len() < files.len(), "a sub-district sees its own");
}

#[sqlx::test(migrator = "muheng::db::MIGRATOR")]
async fn a_file_is_closed_from_entry_to_striking_off(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let persons = Persons::of(&app).await;
    let uscc = flagged(&app, &persons.evaluator, 2024).await.remove(3);
    let no = entered(&app, &persons.evaluator, &uscc).await;
    let plan = json!({ "step": "plan", "way": "close", "due": "2027-06-30", "measures": "拆除设备，停止生产",
        "lead": "economy_and_tourism", "departments": ["environment"] });
    assert_eq!(step(&app, &persons.environment, &no, plan.clone()).await.status(), 403);
    assert_eq!(step(&app, &persons.evaluator, &no, plan.clone()).await.status(), 409, "not verified yet");
    let file = under_way(&app, &persons, &no, plan).await;
    assert_eq!((&file["state"], &file["way"]), (&json!("carrying_out"), &json!("close")));
    let stale = json!({ "step": "suspend", "reason": "诉讼", "version": 1 });
    assert_eq!(send(&app, &persons.evaluator, &format!("{FILES}/{no}/steps"), &stale).await.status(), 409);

    let task = json!({ "kind": "order", "department": "environment", "what": "责令停止排污", "due": "2026-12-31" });
    let task = taken(send(&app, &persons.evaluator, &format!("{FILES}/{no}/tasks"), &task).await).await;
    let finish = format!("{FILES}/{no}/tasks/{}", task["id"].as_str().unwrap());
    let done = json!({ "result": "已停止排污", "document": "合成责改〔2026〕1号" });
    assert_eq!(codes(&refused(send(&app, &persons.land, &finish, &done).await).await), ["task_of_another"]);
    let bare = send(&app, &persons.environment, &finish, &json!({ "result": "已停止排污" })).await;
    assert_eq!(refused(bare).await, [("document".to_owned(), "value_missing".to_owned())]);

    let asked = json!({ "step": "ask_acceptance" });
    let lacking = refused(step(&app, &persons.evaluator, &no, asked.clone()).await).await;
    assert_eq!(lacking.len(), 8, "seven papers and a task: {lacking:?}");
    taken(send(&app, &persons.environment, &finish, &done).await).await;
    for second in [&persons.environment, &persons.land] {
        assert_eq!(codes(&refused(send(&app, second, &finish, &done).await).await), ["task_done"]);
    }
    let papers = ["dismantled", "power_ended", "water_ended", "licence", "photo_before", "photo_during", "photo_after"];
    for kind in papers {
        assert_eq!(attach(&app, &persons.environment, &no, kind, kind).await.status(), 201, "{kind}");
    }
    taken(step(&app, &persons.evaluator, &no, asked).await).await;

    let agree = |words: &str| json!({ "step": "agree", "reason": words });
    let planner = refused(step(&app, &persons.evaluator, &no, agree("同意")).await).await;
    assert_eq!(codes(&planner), ["same_person"]);
    let unseen = refused(step(&app, &persons.environment, &no, agree("同意")).await).await;
    assert_eq!(
        unseen,
        [("evidence".to_owned(), "acceptance_lacking".to_owned())],
        "closures are looked at on the spot"
    );
    assert_eq!(attach(&app, &persons.clerk, &no, "site_acceptance", "site").await.status(), 201);
    let one = taken(step(&app, &persons.environment, &no, agree("现场已拆除")).await).await;
    assert_eq!((&one["state"], &one["blockers"]), (&json!("acceptance_asked"), &json!(["还须1个部门验收同意"])));
    assert_eq!(codes(&refused(step(&app, &persons.environment, &no, agree("再同意")).await).await), ["same_person"]);
    assert_eq!(
        step(&app, &persons.approver, &no, json!({ "step": "strike_off", "document": "合成" })).await.status(),
        409
    );
    let both = taken(step(&app, &persons.land, &no, agree("同意")).await).await;
    assert_eq!(both["state"], "accepted");
    let bare = refused(step(&app, &persons.approver, &no, json!({ "step": "strike_off" })).await).await;
    assert_eq!(bare, [("document".to_owned(), "value_missing".to_owned())]);
    let struck = json!({ "step": "strike_off", "document": "合成公示〔2026〕1号", "mu_freed": "12.5" });
    assert_eq!(step(&app, &persons.evaluator, &no, struck.clone()).await.status(), 403);
    let file = taken(step(&app, &persons.office, &no, struck).await).await;
    assert_eq!(
        (&file["state"], &file["due"], &file["mu_freed"]),
        (&json!("struck_off"), &json!("2027-05-23"), &json!("12.5"))
    );
    let (status, page) = app.page(&persons.evaluator, &format!("/remediation/{no}")).await;
    assert!(status == 200 && page.contains("合成公示〔2026〕1号") && page.contains("联合验收"), "{page}");
    let paper = file["evidence"][0]["id"].as_str().unwrap();
    assert_eq!(app.page(&persons.evaluator, &format!("/remediation/{no}/evidence/{paper}")).await.0, 200);
    for kind in ["plan", "notice", "hearing", "order", "acceptance", "striking_off"] {
        let paper = persons.evaluator.get(app.url(&format!("/remediation/{no}/paper.pdf?kind={kind}")));
        let paper = paper.send().await.unwrap();
        assert_eq!(
            (paper.status().as_u16(), &paper.headers()["content-type"]),
            (200, &"application/pdf".parse().unwrap()),
            "{kind}"
        );
    }
    let back = json!({ "step": "look_back", "reason": "未恢复生产" });
    assert_eq!(taken(step(&app, &persons.evaluator, &no, back).await).await["state"], "looked_back");
    assert_eq!(step(&app, &persons.evaluator, &no, json!({ "step": "drop", "reason": "误" })).await.status(), 409);
}

/// Tax of a year as the tax office has it, of land held on.
async fn paid(app: &TestApp, uscc: &str, year: i16, tax: &str, state: &str) {
    sqlx::query(
        "INSERT INTO return_figure (district, year, indicator, uscc, value, department, state, confirmed_by, confirmed_at, source,
             reason, recorded_at, recorded_by)
         SELECT '330105', $2, 'tax_paid', $1, $3::numeric, 'tax', $4, CASE WHEN $4 = 'confirmed' THEN '合成' END,
                CASE WHEN $4 = 'confirmed' THEN now() END, '合成', '合成', now(), '合成'",
    )
    .bind(uscc)
    .bind(year)
    .bind(tax)
    .bind(state)
    .execute(&app.pool)
    .await
    .unwrap();
}

/// Land held all through the years to come: mu.
async fn land(app: &TestApp, uscc: &str, mu: &str) {
    for statement in [
        "UPDATE occupancy SET superseded_at = now() WHERE district = '330105' AND (occupant = $1 OR lessor = $1) AND superseded_at IS NULL AND $2::text IS NOT NULL",
        "INSERT INTO occupancy (district, kind, occupant, area_mu, valid, source, reason, recorded_at, recorded_by)
         VALUES ('330105', 'owned', $1, $2::numeric, daterange('2027-01-01', NULL), '合成', '合成', now(), '合成')",
    ] {
        sqlx::query(statement).bind(uscc).bind(mu).execute(&app.pool).await.unwrap();
    }
}

#[sqlx::test(migrator = "muheng::db::MIGRATOR")]
async fn an_upgrade_is_struck_off_by_a_full_confirmed_year_alone_and_falls_back_later(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let persons = Persons::of(&app).await;
    let uscc = flagged(&app, &persons.evaluator, 2024).await.remove(0);
    let no = entered(&app, &persons.evaluator, &uscc).await;
    taken(step(&app, &persons.clerk, &no, json!({ "step": "verify", "reason": "属实" })).await).await;
    let mut low = upgrade();
    low["target"] = json!("9999.99");
    assert_eq!(
        refused(step(&app, &persons.evaluator, &no, low).await).await,
        [("target".to_owned(), "target_below_line".to_owned())]
    );
    taken(step(&app, &persons.evaluator, &no, upgrade()).await).await;
    taken(step(&app, &persons.evaluator, &no, json!({ "step": "notify", "document": "合成告〔2026〕2号" })).await)
        .await;
    let early =
        step(&app, &persons.evaluator, &no, json!({ "step": "hear", "hearing": "not_asked", "reason": "未提出" }))
            .await;
    assert_eq!(refused(early).await[0].0, "hearing", "their days are not over");
    taken(step(&app, &persons.evaluator, &no, json!({ "step": "hear", "hearing": "heard", "reason": "同意" })).await)
        .await;
    let file = taken(step(&app, &persons.evaluator, &no, json!({ "step": "start" })).await).await;
    let milestone = file["tasks"][0]["id"].as_str().unwrap().to_owned();
    let done = json!({ "result": "设备已到位" });
    let finish = format!("{FILES}/{no}/tasks/{milestone}");
    taken(send(&app, &persons.evaluator, &finish, &done).await).await;
    land(&app, &uscc, "12").await;
    paid(&app, &uscc, 2026, "9000000", "confirmed").await;
    paid(&app, &uscc, 2027, "120000", "reported").await;
    let ask = |year: &str| json!({ "step": "ask_acceptance", "year": year });
    for year in ["", "2026", "2027"] {
        let faults = refused(step(&app, &persons.evaluator, &no, ask(year)).await).await;
        assert_eq!(codes(&faults), ["figure_forecast"], "{year}: no full year after the plan has passed");
    }

    let app = later(app, Utc.with_ymd_and_hms(2028, 5, 1, 4, 0, 0).unwrap()).await;
    let persons = Persons::of(&app).await;
    let faults = refused(step(&app, &persons.evaluator, &no, ask("2027")).await).await;
    assert_eq!(codes(&faults), ["figure_forecast"], "only reported");
    let set = async |tax: &'static str| {
        sqlx::query("UPDATE return_figure SET value = $2::numeric, state = 'confirmed', confirmed_by = '合成', confirmed_at = now() WHERE district = '330105' AND uscc = $1 AND year = 2027 AND indicator = 'tax_paid'")
            .bind(&uscc).bind(tax).execute(&app.pool).await.unwrap();
    };
    set("119999.99").await;
    let faults = refused(step(&app, &persons.evaluator, &no, ask("")).await).await;
    assert_eq!(codes(&faults), ["acceptance_lacking"], "a fen below");
    set("120000").await;
    taken(step(&app, &persons.evaluator, &no, ask("2027")).await).await;
    let agree = json!({ "step": "agree", "reason": "数据属实" });
    let undrawn = refused(step(&app, &persons.environment, &no, agree.clone()).await).await;
    assert_eq!(codes(&undrawn), ["acceptance_lacking"], "nobody drew");
    let drawn = send(&app, &persons.evaluator, &format!("{FILES}/samples"), &json!({ "seed": "合成种子2028" })).await;
    assert_eq!(taken(drawn).await["drawn"], json!([no]));
    assert_eq!(attach(&app, &persons.clerk, &no, "site_acceptance", "upgrade").await.status(), 201);
    set("1").await;
    assert_eq!(
        codes(&refused(step(&app, &persons.environment, &no, agree.clone()).await).await),
        ["acceptance_lacking"]
    );
    set("120000").await;
    taken(step(&app, &persons.environment, &no, agree.clone()).await).await;
    let file = taken(step(&app, &persons.land, &no, agree).await).await;
    assert_eq!(file["state"], "accepted");
    let proof = file["proof_receipt"].as_str().unwrap();
    assert!(muheng(&app.pool, app.home.path(), &["recheck", proof]).status.success());
    let struck = json!({ "step": "strike_off", "document": "合成公示〔2028〕1号" });
    assert_eq!(taken(step(&app, &persons.approver, &no, struck).await).await["state"], "struck_off");
    let forced =
        "UPDATE remediation_file SET proof_receipt = NULL WHERE district = '330105' AND proof_receipt IS NOT NULL";
    assert!(sqlx::query(forced).execute(&app.pool).await.is_err(), "not even by hand");

    let (_, board) = app.page(&persons.evaluator, "/remediation/board").await;
    assert!(
        board.contains("提升改造销号企业的亩均税收") && board.contains("<td class=\"text-end\">10000</td>"),
        "{board}"
    );
    paid(&app, &uscc, 2028, "60000", "confirmed").await;
    let app = later(app, Utc.with_ymd_and_hms(2029, 6, 1, 4, 0, 0).unwrap()).await;
    let evaluator = app.signed_in("evaluator").await;
    let fallen = json_of(&app, &evaluator, &format!("{FILES}?q={no}")).await;
    assert!(fallen["files"][0]["blockers"][0].as_str().unwrap().contains("2028年度亩均税收又低于标准"), "{fallen}");
    let form = json!({ "subject": uscc, "ground": "below_line", "year": "2028" });
    let again = taken(send(&app, &evaluator, FILES, &form).await).await;
    assert_eq!((&again["relapse"], &again["history"][0]["no"]), (&json!(true), &json!(no)));
    let relapses = json_of(&app, &evaluator, &format!("{FILES}?relapse=1")).await;
    assert_eq!(relapses["files"].as_array().unwrap().len(), 1);
}

#[sqlx::test(migrator = "muheng::db::MIGRATOR")]
async fn what_must_not_be_is_refused_with_code_place_and_reason(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let persons = Persons::of(&app).await;
    let below = flagged(&app, &persons.evaluator, 2024).await;
    let (one, other) =
        (entered(&app, &persons.evaluator, &below[0]).await, entered(&app, &persons.evaluator, &below[1]).await);
    assert_eq!(attach(&app, &persons.clerk, &one, "other", "甲").await.status(), 201);
    let elsewhere = attach(&app, &persons.clerk, &other, "other", "甲").await;
    assert!(refused(elsewhere).await.contains(&("file".to_owned(), "evidence_elsewhere".to_owned())));
    assert_eq!(codes(&refused(attach(&app, &persons.clerk, &one, "other", "甲").await).await), ["duplicate_record"]);
    let form = |subject: &str, ground: &str| json!({ "subject": subject, "ground": ground, "year": "2024" });
    let unknown = send(&app, &persons.evaluator, FILES, &form("91330105000000000X", "below_line")).await;
    assert_eq!(refused(unknown).await, [("subject".to_owned(), "enterprise_unknown".to_owned())]);
    let clear =
        json_of(&app, &persons.evaluator, "/api/v1/low-efficiency?year=2024&outcome=clear&size_of_page=1").await;
    let clear = clear["lines"][0]["uscc"].as_str().unwrap();
    for ground in ["below_line", "grade_d"] {
        let borne = refused(send(&app, &persons.evaluator, FILES, &form(clear, ground)).await).await;
        assert_eq!(borne, [("year".to_owned(), "ground_not_borne_out".to_owned())], "{ground}");
    }
    let bare = refused(send(&app, &persons.evaluator, FILES, &form(clear, "four_nos")).await).await;
    assert_eq!(bare.iter().map(|(place, _)| place.as_str()).collect::<Vec<_>>(), ["document", "words"]);
    let stated = json!({ "subject": clear, "ground": "four_nos", "document": "合成〔2026〕9号", "words": "无证照" });
    assert_eq!(send(&app, &persons.land, FILES, &stated).await.status(), 403);
    assert_eq!(taken(send(&app, &persons.evaluator, FILES, &stated).await).await["grounds"], json!(["four_nos"]));
    assert_eq!(codes(&refused(send(&app, &persons.evaluator, FILES, &stated).await).await), ["entered_already"]);

    let left = &below[2];
    sqlx::query("UPDATE enterprise_version SET state = 'moved' WHERE district = '330105' AND uscc = $1 AND superseded_at IS NULL AND upper_inf(valid)")
        .bind(left).execute(&app.pool).await.unwrap();
    let gone = refused(
        send(
            &app,
            &persons.evaluator,
            FILES,
            &json!({ "subject": left, "ground": "four_nos", "document": "合成", "words": "无证照" }),
        )
        .await,
    )
    .await;
    assert_eq!(gone, [("subject".to_owned(), "subject_left".to_owned())]);
    sqlx::query("UPDATE enterprise_version SET state = 'moved' WHERE district = '330105' AND uscc = $1 AND superseded_at IS NULL AND upper_inf(valid)")
        .bind(&below[0]).execute(&app.pool).await.unwrap();
    let midway = refused(step(&app, &persons.clerk, &one, json!({ "step": "verify", "reason": "属实" })).await).await;
    assert_eq!(midway, [("subject".to_owned(), "subject_left".to_owned())]);
    let dropped = json!({ "step": "drop", "reason": "企业已迁出" });
    assert_eq!(taken(step(&app, &persons.evaluator, &one, dropped).await).await["state"], "dropped");

    let code = app.some_parcel().await;
    let parcel = json!({ "subject_kind": "parcel", "subject": code, "ground": "low_efficiency_land", "document": "合成认定〔2026〕1号", "words": "容积率低" });
    let file = taken(send(&app, &persons.evaluator, FILES, &parcel).await).await;
    let no = file["no"].as_str().unwrap();
    for statement in [
        "UPDATE parcel_version SET valid = daterange(lower(valid), '2026-11-20') WHERE district = '330105' AND code = $1 AND superseded_at IS NULL AND upper_inf(valid)",
        "INSERT INTO parcel_lineage (district, kind, predecessor, successor, effective_on, source, reason, recorded_at, recorded_by)
         SELECT '330105', 'split', $1, s, '2026-11-20', '合成', '合成', now(), '合成' FROM unnest(ARRAY['330105014001GB99991', '330105014001GB99992']) s",
    ] {
        sqlx::query(statement).bind(&code).execute(&app.pool).await.unwrap();
    }
    let split = step(&app, &persons.clerk, no, json!({ "step": "verify", "reason": "属实" })).await;
    let text = split.text().await.unwrap();
    assert!(text.contains("parcel_gone") && text.contains("330105014001GB99991、330105014001GB99992"), "{text}");
    let again = json!({ "subject_kind": "parcel", "subject": code, "ground": "idle_land", "document": "合成", "words": "闲置" });
    assert_eq!(codes(&refused(send(&app, &persons.evaluator, FILES, &again).await).await), ["parcel_gone"]);
}

/// The names and values of what is chosen on a page.
fn chosen(page: &str) -> Vec<String> {
    let boxes = page.split("name=\"file\" value=\"").skip(1).filter_map(|rest| rest.split('"').next());
    boxes.map(str::to_owned).collect()
}

#[sqlx::test(migrator = "muheng::db::MIGRATOR")]
async fn one_step_of_a_hundred_files_tells_what_became_of_each(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let persons = Persons::of(&app).await;
    for uscc in flagged(&app, &persons.evaluator, 2024).await.iter().take(5) {
        entered(&app, &persons.evaluator, uscc).await;
    }
    let address = "/remediation/together";
    let (status, page) = app.page(&persons.evaluator, &format!("{address}?step=verify")).await;
    let files = chosen(&page);
    assert_eq!((status, files.len()), (200, 5), "{page}");
    let order = async |step: &str, files: &[String], more: &[(&str, &str)]| {
        let named = files.iter().map(|file| ("file", file.as_str()));
        let fields: Vec<(&str, &str)> = [("step", step)].into_iter().chain(named).chain(more.iter().copied()).collect();
        let response = post(&persons.evaluator, &app.url(address), &fields).await;
        (response.status().as_u16(), response.text().await.unwrap())
    };
    let (status, page) = order("verify", &[], &[("reason", "情况属实")]).await;
    assert!(status == 422 && page.contains("请至少选择一件") && page.contains("情况属实"), "{page}");
    // Somebody was faster with one of them.
    let no = files[0].split(':').next().unwrap();
    taken(step(&app, &persons.clerk, no, json!({ "step": "verify", "reason": "已先核实" })).await).await;
    let (status, page) = order("verify", &files, &[("reason", "批量核实，情况属实")]).await;
    assert!(status == 200 && page.contains("5 件中办成 4 件") && page.contains("办理"), "{page}");
    let plan = [
        ("way", "close"),
        ("due", "2027-12-31"),
        ("measures", "限期关停"),
        ("lead", "environment"),
        ("departments", "safety"),
    ];
    let (_, page) = app.page(&persons.evaluator, &format!("{address}?step=plan")).await;
    let files = chosen(&page);
    assert_eq!(files.len(), 5);
    let (status, page) = order("plan", &files, &plan[..3]).await;
    assert!(
        status == 200 && page.contains("5 件中办成 0 件") && page.contains("限期关停"),
        "nothing typed is lost: {page}"
    );
    let (status, page) = order("plan", &files[..4], &plan).await;
    assert!(status == 200 && page.contains("4 件中办成 4 件"), "{page}");
    let (_, page) = app.page(&persons.evaluator, &format!("{address}?step=notify")).await;
    let files = chosen(&page);
    let (_, page) = order("notify", &files, &[("document", "合成告〔2026〕2号")]).await;
    assert!(page.contains("4 件中办成 4 件"), "{page}");
    assert_eq!(app.page(&persons.evaluator, &format!("{address}?step=strike_off")).await.0, 400);
    let reader = app.signed_in("admission").await;
    assert_eq!(app.page(&reader, &format!("{address}?step=plan")).await.0, 403);
    let (_, board) = app.page(&persons.evaluator, "/remediation/board").await;
    assert!(board.contains("批量制定方案"), "{board}");
}

#[sqlx::test(migrator = "muheng::db::MIGRATOR")]
async fn what_contracts_and_the_directory_say_needs_no_document(pool: PgPool) {
    let app = TestApp::start(pool).await;
    muheng::demo::cases::load(&app.pool, &app.scope).await.unwrap();
    muheng::demo::clearing::load(&app.pool, &app.scope).await.unwrap();
    let evaluator = app.signed_in("evaluator").await;
    let (uscc, contract): (String, String) = sqlx::query_as(
        "SELECT t.grantee, b.contract FROM contract_breach b JOIN contract_terms t ON t.contract = b.contract AND t.superseded_at IS NULL
         JOIN enterprise_version v ON v.uscc = t.grantee AND v.superseded_at IS NULL AND v.valid @> date '2026-11-23'
         WHERE b.state NOT IN ('healed', 'penalty_paid', 'dropped') AND v.state = 'operating' LIMIT 1",
    )
    .fetch_one(&app.pool)
    .await
    .unwrap();
    let entry = |uscc: &str, ground: &str| json!({ "subject": uscc, "ground": ground });
    let file = taken(send(&app, &evaluator, FILES, &entry(&uscc, "breach")).await).await;
    let shown = json_of(&app, &evaluator, &format!("{FILES}/{}", file["no"].as_str().unwrap())).await;
    assert!(shown.to_string().contains(&contract), "{shown}");
    let receipt = shown["receipt"].as_str().unwrap();
    let again = muheng(&app.pool, app.home.path(), &["recheck", receipt]);
    assert!(String::from_utf8_lossy(&again.stdout).contains("1 equal, 0 different"));
    let innocent: String = sqlx::query_scalar(
        "SELECT v.uscc FROM enterprise_version v WHERE v.superseded_at IS NULL AND v.state = 'operating' AND v.valid @> date '2026-11-23'
             AND NOT EXISTS (SELECT FROM contract_terms t WHERE t.grantee = v.uscc) ORDER BY v.uscc LIMIT 1",
    )
    .fetch_one(&app.pool)
    .await
    .unwrap();
    for ground in ["breach", "output_review_failed", "backward_capacity"] {
        let faults = refused(send(&app, &evaluator, FILES, &entry(&innocent, ground)).await).await;
        assert_eq!(faults[0].0, "document", "{ground}");
    }
    let faults = refused(send(&app, &evaluator, FILES, &entry(&innocent, "overcapacity")).await).await;
    assert!(faults.iter().any(|(place, _)| place == "document"), "the directory knows no overcapacity");
}
