//! Contracts at the server: who sees and does what, filters that agree with the check, stale forms, the map's colours.

use std::collections::BTreeMap;

use muheng::db::PgPool;
use reqwest::Client;
use serde_json::Value;

use crate::support::{TestApp, post};

async fn json(app: &TestApp, client: &Client, path: &str) -> Value {
    let (status, text) = app.page(client, path).await;
    assert_eq!(status, 200, "{path}: {text}");
    serde_json::from_str(&text).unwrap()
}

fn path(number: &str) -> String {
    muheng::contract::present::address_of(number)
}

/// Number and stage of every contract today.
async fn stages(app: &TestApp, client: &Client) -> BTreeMap<String, (String, Vec<String>)> {
    let all = json(app, client, "/api/v1/contracts?size_of_page=500").await;
    let of = |contract: &Value| {
        let parcels = contract["parcels"].as_array().unwrap().iter().map(|code| code.as_str().unwrap().to_owned());
        let stage = contract["stage"].as_str().unwrap().to_owned();
        (contract["number"].as_str().unwrap().to_owned(), (stage, parcels.collect()))
    };
    all["contracts"].as_array().unwrap().iter().map(of).collect()
}

async fn in_stage(app: &TestApp, client: &Client, stage: &str) -> String {
    let all = stages(app, client).await;
    all.into_iter()
        .find(|(_, (of, _))| of == stage)
        .map(|(number, _)| number)
        .expect("the demonstration has every stage")
}

fn version(form: &str) -> String {
    let after = form.split("name=\"version\" value=\"").nth(1).expect("the form carries its version");
    after.split('"').next().unwrap().to_owned()
}

#[sqlx::test(migrator = "muheng::db::MIGRATOR")]
async fn readers_see_every_page_and_only_clerks_write(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let inspector = app.signed_in("inspector").await;
    let number = in_stage(&app, &inspector, "construction").await;
    let one = path(&number);
    for page in ["/contracts", "/contracts/board", "/contracts/calendar", "/desk/contracts", &one] {
        let (status, text) = app.page(&inspector, page).await;
        assert_eq!(status, 200, "{page}: {text}");
    }
    let (_, text) = app.page(&inspector, &one).await;
    for part in ["id=\"timeline\"", "<svg", "id=\"timeline-words\"", "万元", "亩", "算式"] {
        assert!(text.contains(part), "{part} is missing");
    }
    assert!(!text.contains("登记事件"), "a reader is offered no form");
    for form in ["events/new", "certificates/new", "supplement"] {
        assert_eq!(app.page(&inspector, &format!("{one}/{form}")).await.0, 403, "{form}");
    }
    assert_eq!(app.page(&inspector, "/contracts/new").await.0, 403);
    let clerk = app.signed_in("contract").await;
    for form in ["events/new?kind=measured", "events/new?kind=extended", "certificates/new", "supplement"] {
        assert_eq!(app.page(&clerk, &format!("{one}/{form}")).await.0, 200, "{form}");
    }
    assert_eq!(app.page(&clerk, "/contracts/new").await.0, 200);
    assert_eq!(app.page(&clerk, &format!("{one}?as_of=1999-01-01")).await.0, 404, "not concluded yet");
    assert_eq!(app.page(&clerk, &format!("{one}?as_of=2023-02-29")).await.0, 400);
    assert_eq!(app.page(&clerk, "/contracts/none").await.0, 404);
}

#[sqlx::test(migrator = "muheng::db::MIGRATOR")]
async fn filters_and_exports_agree_with_the_check(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let clerk = app.signed_in("contract").await;
    let all = stages(&app, &clerk).await;
    let (_, csv) = app.page(&clerk, "/contracts.csv").await;
    assert_eq!(csv.trim_end().lines().count(), all.len() + 1, "one line a contract and a header");
    let mut listed = 0;
    for stage in ["granted", "handed_over", "construction", "production", "remaining"] {
        let (_, csv) = app.page(&clerk, &format!("/contracts.csv?stage={stage}")).await;
        let wanted: Vec<&String> = all.iter().filter(|(_, (of, _))| of == stage).map(|(number, _)| number).collect();
        assert_eq!(csv.trim_end().lines().count(), wanted.len() + 1, "{stage}");
        assert!(wanted.iter().all(|number| csv.contains(number.as_str())));
        listed += wanted.len();
    }
    assert!(listed > 0);
    let check = json(&app, &clerk, "/api/v1/contracts/checks?size_of_page=500&state=overdue").await;
    let idle = |line: &&Value| line["obligation"] == "idle_land";
    let mut suspected: Vec<&str> =
        check["lines"].as_array().unwrap().iter().filter(idle).map(|line| line["contract"].as_str().unwrap()).collect();
    suspected.sort_unstable();
    let (_, csv) = app.page(&clerk, "/contracts.csv?pressing=idle").await;
    let mut listed: Vec<&str> = csv.trim_end().lines().skip(1).map(|line| line.split(',').next().unwrap()).collect();
    listed.sort_unstable();
    assert_eq!(listed, suspected);
    let (_, first) = app.page(&clerk, "/contracts?size_of_page=2&sort=late").await;
    let next = first.split("rel=\"next\" href=\"").nth(1).expect("there is a second page");
    let next = next.split('"').next().unwrap().replace("&amp;", "&").replace("&#38;", "&");
    let (status, second) = app.page(&clerk, &next).await;
    assert_eq!(status, 200);
    let numbers = |page: &str| all.keys().filter(|number| page.contains(&format!(">{number}</a>"))).count();
    assert_eq!((numbers(&first), numbers(&second)), (2, 2));
}

#[sqlx::test(migrator = "muheng::db::MIGRATOR")]
async fn a_stale_form_is_refused_and_faults_are_shown_at_once(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let clerk = app.signed_in("contract").await;
    let one = path(&in_stage(&app, &clerk, "construction").await);
    let new = app.url(&format!("{one}/events/new"));
    let (_, form) = app.page(&clerk, &format!("{one}/events/new?kind=measured")).await;
    let version = version(&form);
    let event = |value: &'static str| {
        vec![
            ("kind", "measured".to_owned()),
            ("on", "2026-11-20".to_owned()),
            ("figure", "invested_yuan".to_owned()),
            ("value", value.to_owned()),
            ("source", "现场核查".to_owned()),
            ("reason", "季度核查".to_owned()),
            ("version", version.clone()),
        ]
    };
    let send = async |fields: Vec<(&str, String)>| {
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let answer = post(&clerk, &new, &fields).await;
        (answer.status().as_u16(), answer.text().await.unwrap())
    };
    let mut empty = event("");
    empty.retain(|(name, _)| !matches!(*name, "source" | "reason"));
    let (status, page) = send(empty).await;
    assert_eq!(status, 422);
    assert_eq!(page.matches("data-code=\"value_missing\"").count(), 3, "{page}");
    assert_eq!(send(event("1000")).await.0, 303);
    let (status, page) = send(event("2000")).await;
    assert_eq!(status, 409);
    assert!(page.contains("登记事件") && page.contains("contract"), "who changed what: {page}");
    let (_, page) = app.page(&clerk, &one).await;
    assert!(page.contains("1000元") && !page.contains("2000元"));
}

#[sqlx::test(migrator = "muheng::db::MIGRATOR")]
async fn a_contract_is_entered_supplemented_and_an_event_withdrawn_by_hand(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let clerk = app.signed_in("contract").await;
    let parcel = app.some_parcel().await;
    let number = "手工/2026 01";
    let one = path(number);
    let terms = [
        ("number", number),
        ("document", "出让合同"),
        ("signed_on", "2026-01-10"),
        ("effective_on", "2026-06-01"),
        ("kind", "staged"),
        ("parcels", &parcel),
        ("granted_area", "20000"),
        ("grantee", "91330105MA2AXYW00M"),
        ("price", "685"),
        ("instalments", "2026-02-10 342.5\n2026-12-10 342.5"),
        ("start_on", "2026-08-01"),
        ("completion_on", "2028-08-01"),
        ("term_years", "20"),
        ("construction_months", "24"),
        ("production_months", "36"),
        ("day_count", "calendar"),
        ("late_payment", "1"),
        ("investment_shortfall", "none"),
        ("far_shortfall", "none"),
        ("source", "合同原件"),
        ("reason", "新签"),
    ];
    let mut short = terms.to_vec();
    short[9].1 = "2026-02-10 342.5";
    let refused = post(&clerk, &app.url("/contracts/new"), &short).await;
    assert_eq!(refused.status(), 422);
    assert!(refused.text().await.unwrap().contains("data-code=\"instalments_sum\""));
    assert_eq!(post(&clerk, &app.url("/contracts/new"), &terms).await.status(), 303);
    let (status, page) = app.page(&clerk, &one).await;
    assert_eq!(status, 200, "{page}");
    assert!(page.contains("685.00 万元") && page.contains("30.0000 亩"));
    let mut later = terms.to_vec();
    (later[1].1, later[2].1, later[10].1) = ("补充协议一", "2026-05-20", "2026-10-01");
    later.push(("version", "1"));
    assert_eq!(post(&clerk, &app.url(&format!("{one}/supplement")), &later).await.status(), 303);
    let (_, page) = app.page(&clerk, &one).await;
    assert!(page.contains("补充协议一"));
    let handed =
        [("kind", "handed_over"), ("on", "2026-03-01"), ("source", "交地确认书"), ("reason", "交地"), ("version", "2")];
    assert_eq!(post(&clerk, &app.url(&format!("{one}/events/new")), &handed).await.status(), 303);
    let (_, page) = app.page(&clerk, &one).await;
    let id = page.split("/events/").find_map(|part| part.split_once("/correct")).map(|(id, _)| id.to_owned()).unwrap();
    let withdrawn = [("source", "档案"), ("reason", "登错合同"), ("version", "3")];
    let answer = post(&clerk, &app.url(&format!("{one}/events/{id}/withdraw")), &withdrawn).await;
    assert_eq!(answer.status(), 303);
    let (_, page) = app.page(&clerk, &one).await;
    assert!(page.contains("登错合同") && page.contains("被更正或撤回的记录"));
}

#[sqlx::test(migrator = "muheng::db::MIGRATOR")]
async fn the_map_s_colours_agree_with_the_check(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let clerk = app.signed_in("contract").await;
    let (_, page) = app.page(&clerk, "/map?theme=stage").await;
    let tiles = page.split("/tiles/contracts/").nth(1).unwrap().split("/{z}").next().unwrap().to_owned();
    let tile = app.url(&format!("/tiles/contracts/{tiles}/5/26/13.mvt"));
    let answer = clerk.get(&tile).send().await.unwrap();
    assert_eq!(answer.status(), 200);
    let tag = answer.headers()["etag"].to_str().unwrap().to_owned();
    assert!(answer.headers()["cache-control"].to_str().unwrap().contains("immutable"));
    let again = clerk.get(&tile).header("if-none-match", tag).send().await.unwrap();
    assert_eq!(again.status(), 304);
    let rows: Vec<(String, String, i32, String)> =
        sqlx::query_as("SELECT code, stage, days_late, idle FROM contract_map").fetch_all(&app.pool).await.unwrap();
    let all = stages(&app, &clerk).await;
    let parcels: usize = all.values().flat_map(|(_, parcels)| parcels).collect::<std::collections::BTreeSet<_>>().len();
    assert_eq!(rows.len(), parcels, "each parcel with a contract has one colour");
    let check = json(&app, &clerk, "/api/v1/contracts/checks?size_of_page=500&state=overdue").await;
    for (code, stage, late, idle) in rows {
        let of_parcel: Vec<&String> =
            all.iter().filter(|(_, (_, parcels))| parcels.contains(&code)).map(|(number, _)| number).collect();
        let [number] = of_parcel.as_slice() else { continue };
        assert_eq!(stage, all[*number].0, "{code}");
        let lines = check["lines"].as_array().unwrap().iter().filter(|line| line["contract"] == number.as_str());
        let of_parties = |line: &&Value| {
            let duty = line["obligation"].as_str().unwrap();
            !duty.starts_with("notice_") && duty != "investigation" && duty != "answer"
        };
        let lines: Vec<&Value> = lines.filter(of_parties).collect();
        let most = lines.iter().map(|line| line["days"].as_i64().unwrap()).max().unwrap_or(0);
        assert_eq!(i64::from(late), most, "{code} under {number}");
        assert_eq!(idle == "suspected", lines.iter().any(|line| line["obligation"] == "idle_land"), "{code}");
    }
}
