//! The lists of notices, reviews and breach files on the evening of a past day.

use muheng::db::PgPool;
use muheng::demo;
use muheng::supervision::breach::BreachState;
use reqwest::Client;
use serde_json::Value;
use sqlx::AssertSqlSafe;

use crate::support::{TestApp, json_of};

/// The demonstration district with its notices, files and reviews, and a clerk who reads.
async fn office(pool: PgPool) -> (TestApp, Client) {
    let app = TestApp::start(pool).await;
    demo::clearing::load(&app.pool, &app.scope).await.unwrap();
    let clerk = app.signed_in("contract").await;
    (app, clerk)
}

async fn change(app: &TestApp, sql: String) {
    let done = sqlx::query(AssertSqlSafe(sql)).execute(&app.pool).await.unwrap();
    assert!(done.rows_affected() > 0);
}

async fn text(app: &TestApp, sql: &'static str) -> String {
    sqlx::query_scalar(sql).fetch_one(&app.pool).await.unwrap()
}

/// One of the list of a day, when it is there.
async fn one(app: &TestApp, clerk: &Client, list: &str, id: &str) -> Option<Value> {
    let found = json_of(app, clerk, list).await;
    found["notices"].as_array().unwrap().iter().find(|notice| notice["id"] == id).cloned()
}

/// The only one on the list of a day, when there is one.
async fn only(app: &TestApp, clerk: &Client, list: &str, rows: &str) -> Option<Value> {
    let found = json_of(app, clerk, list).await;
    let found = found[rows].as_array().unwrap();
    assert!(found.len() <= 1, "{list}: {found:?}");
    found.first().cloned()
}

#[sqlx::test(migrator = "muheng::db::MIGRATOR")]
async fn a_notice_is_listed_in_the_state_of_the_evening(pool: PgPool) {
    let (app, clerk) = office(pool).await;
    let id =
        text(&app, "SELECT id::text FROM contract_notice WHERE state = 'delivered' ORDER BY due, id LIMIT 1").await;
    let about = format!("SELECT contract || '&kind=' || kind FROM contract_notice WHERE id = '{id}'");
    let about: String = sqlx::query_scalar(AssertSqlSafe(about)).fetch_one(&app.pool).await.unwrap();
    // The last moment of 1 November in China, the first of 3 November, the last of 5 November.
    change(
        &app,
        format!(
            "UPDATE contract_notice SET prepared_at = '2026-11-01T15:59:59.999999Z', sent_at = '2026-11-02T16:00:00Z',
                 delivered_at = '2026-11-05T15:59:59.999999Z' WHERE id = '{id}'"
        ),
    )
    .await;
    let list = |day: &str, more: &str| format!("/api/v1/notices?contract={about}&as_of={day}{more}");
    assert_eq!(one(&app, &clerk, &list("2026-10-31", ""), &id).await, None);
    let whole = [
        ("2026-11-01", "prepared", 1),
        ("2026-11-02", "prepared", 1),
        ("2026-11-03", "sent", 2),
        ("2026-11-04", "sent", 2),
        ("2026-11-05", "delivered", 3),
        ("2026-11-23", "delivered", 3),
        ("", "delivered", 3),
    ];
    for (day, state, version) in whole {
        let notice = one(&app, &clerk, &list(day, ""), &id).await.unwrap();
        assert_eq!((notice["state"].as_str(), notice["version"].as_i64()), (Some(state), Some(version)), "{day}");
        for (field, from) in [("sent_on", 2), ("serial", 2), ("sent_by", 2), ("delivered_on", 3), ("delivered_to", 3)] {
            assert_eq!(notice[field].is_null(), version < from, "{day}: {field}");
        }
        let by_state = list(day, &format!("&state={state}"));
        assert!(one(&app, &clerk, &by_state, &id).await.is_some(), "{day}");
        let other = if state == "sent" { "delivered" } else { "sent" };
        assert_eq!(one(&app, &clerk, &list(day, &format!("&state={other}")), &id).await, None, "{day}");
    }
    let file = async |day: &str| app.page(&clerk, &format!("/notices.csv?contract={about}&as_of={day}")).await.1;
    let rows = |file: String| file.lines().count();
    assert_eq!(rows(file("2026-11-01").await), rows(file("2026-10-31").await) + 1);
    assert!(file("2026-11-02").await.contains("待发送") && file("2026-11-03").await.contains("已发送"));
    let withdrawn =
        text(&app, "SELECT id::text FROM contract_notice WHERE state = 'withdrawn' ORDER BY id LIMIT 1").await;
    let contract = format!("SELECT contract FROM contract_notice WHERE id = '{withdrawn}'");
    let contract: String = sqlx::query_scalar(AssertSqlSafe(contract)).fetch_one(&app.pool).await.unwrap();
    change(&app, "UPDATE contract_notice SET withdrawn_at = '2026-11-21T16:00:00Z' WHERE state = 'withdrawn'".into())
        .await;
    let on = async |day: &str| {
        let list = format!("/api/v1/notices?contract={contract}&as_of={day}");
        one(&app, &clerk, &list, &withdrawn).await.unwrap()
    };
    let (before, after) = (on("2026-11-21").await, on("2026-11-22").await);
    assert_eq!((&before["state"], &before["withdrawn_reason"]), (&"prepared".into(), &Value::Null));
    assert!(after["state"] == "withdrawn" && after["withdrawn_reason"].is_string());
}

#[sqlx::test(migrator = "muheng::db::MIGRATOR")]
async fn a_breach_file_is_listed_with_the_steps_until_the_evening(pool: PgPool) {
    let (app, clerk) = office(pool).await;
    let approver = app.signed_in("approver").await;
    let paid = text(&app, "SELECT contract FROM contract_breach WHERE state = 'penalty_paid'").await;
    // One step a day from 1 November on, in turn at the first and the last moment of a day in China.
    let day_by_day = "UPDATE contract_breach_step s SET at = CASE WHEN n % 2 = 1 THEN '2026-10-31T16:00:00Z'::timestamptz
                ELSE '2026-11-01T15:59:59.999999Z' END + (n - 1) * interval '1 day'
            FROM (SELECT s.id, row_number() OVER (ORDER BY s.id) AS n FROM contract_breach_step s
                  JOIN contract_breach b ON b.id = s.breach WHERE b.state = 'penalty_paid') AS step WHERE step.id = s.id";
    change(&app, day_by_day.into()).await;
    let dates =
        "UPDATE contract_breach SET opened_at = '2026-10-31T16:00:00Z', closed_at = '2026-11-06T15:59:59.999999Z'
                 WHERE state = 'penalty_paid'";
    change(&app, dates.into()).await;
    let list = |day: &str, more: &str| format!("/api/v1/breaches?contract={paid}&as_of={day}{more}");
    assert_eq!(only(&app, &clerk, &list("2026-10-31", ""), "breaches").await, None);
    let states = ["opened", "noticed", "answered", "proposed", "decided", "penalty_paid"];
    for (place, state) in states.into_iter().enumerate() {
        let day = format!("2026-11-{:02}", place + 1);
        let file = only(&app, &clerk, &list(&day, ""), "breaches").await.unwrap();
        assert_eq!((file["state"].as_str(), file["version"].as_u64()), (Some(state), Some(place as u64 + 1)), "{day}");
        for (field, from) in
            [("notice", 1), ("remedy", 3), ("amount_yuan", 3), ("proposed_by", 3), ("decided_by_name", 4)]
        {
            assert_eq!(file[field].is_null(), place < from, "{day}: {field}");
        }
        let open = state != "penalty_paid";
        assert_eq!(file["blockers"].as_array().unwrap().is_empty(), !open, "{day}");
        assert_eq!(only(&app, &clerk, &list(&day, "&state=open"), "breaches").await.is_some(), open, "{day}");
        assert!(only(&app, &clerk, &list(&day, &format!("&state={state}")), "breaches").await.is_some(), "{day}");
        let (_, file) = app.page(&clerk, &format!("/breaches.csv?contract={paid}&as_of={day}")).await;
        assert!(file.lines().nth(1).unwrap().contains(BreachState::parse(state).unwrap().label()), "{day}: {file}");
        let decides = only(&app, &approver, &list(&day, "&turn=approver"), "breaches").await;
        assert_eq!(decides.is_some(), state == "proposed", "{day}");
    }
    assert_eq!(only(&app, &clerk, &list("", ""), "breaches").await.unwrap()["state"], "penalty_paid");
}

#[sqlx::test(migrator = "muheng::db::MIGRATOR")]
async fn what_older_steps_did_not_keep_is_said_and_not_guessed(pool: PgPool) {
    let (app, clerk) = office(pool).await;
    let day = "2026-11-22";
    let (status, html) = app.page(&clerk, &format!("/breaches?state=rectifying&as_of={day}")).await;
    assert!(status == 200 && html.contains("整改期") && !html.contains("当时的整改期限没有留存"), "{html}");
    change(&app, "UPDATE contract_breach_step SET rectify_until = NULL".into()).await;
    let (_, html) = app.page(&clerk, &format!("/breaches?state=rectifying&as_of={day}")).await;
    assert!(html.contains("当时的整改期限没有留存") && html.contains("早期登记的步骤没有留存"), "{html}");
    let due = json_of(&app, &clerk, &format!("/api/v1/breaches?turn=clerk&as_of={day}")).await;
    let due = due["breaches"].as_array().unwrap();
    assert!(!due.is_empty() && due.iter().all(|file| file["state"] != "rectifying"));
    let (_, html) = app.page(&clerk, "/breaches?state=rectifying").await;
    assert!(!html.contains("没有留存"), "today the file itself says it");
}

/// Steps and file never part: the last step says what the file holds.
#[sqlx::test(migrator = "muheng::db::MIGRATOR")]
async fn after_all_steps_a_file_is_what_it_is_now(pool: PgPool) {
    let (app, _) = office(pool).await;
    let sql = "SELECT count(*) FROM (SELECT * FROM contract_breach_at($1, NULL) EXCEPT
                   SELECT * FROM contract_breach_at($1, '2100-01-01T00:00:00Z')) AS other";
    let other: i64 = sqlx::query_scalar(sql).bind(app.scope.county()).fetch_one(&app.pool).await.unwrap();
    assert_eq!(other, 0);
}

#[sqlx::test(migrator = "muheng::db::MIGRATOR")]
async fn a_review_is_listed_as_it_was_on_the_evening(pool: PgPool) {
    let (app, clerk) = office(pool).await;
    let number = text(&app, "SELECT contract FROM contract_review WHERE outcome = 'passed'").await;
    let moments = "UPDATE contract_review SET opened_at = '2026-11-09T16:00:00Z', closed_at = '2026-11-13T16:00:00Z'
                   WHERE outcome = 'passed'";
    change(&app, moments.into()).await;
    let opinions = "UPDATE contract_review_opinion o SET given_at = CASE department WHEN 'land' THEN '2026-11-11T15:59:59.999999Z'::timestamptz
            ELSE '2026-11-12T15:59:59.999999Z' END
        FROM contract_review r WHERE r.id = o.review AND r.outcome = 'passed'";
    change(&app, opinions.into()).await;
    let on = async |asked: &str| {
        let (status, html) = app.page(&clerk, &format!("/reviews?contract={number}&{asked}")).await;
        assert_eq!(status, 200, "{asked}: {html}");
        html.split_once("<tbody").map(|(_, table)| table.to_owned())
    };
    assert_eq!(on("as_of=2026-11-09").await, None);
    let opened = on("as_of=2026-11-10").await.unwrap();
    assert!(opened.contains("进行中") && opened.contains("意见") && !opened.contains("合格"), "{opened}");
    let all = opened.matches('、').count();
    let spoken = on("as_of=2026-11-11").await.unwrap();
    assert_eq!(spoken.matches('、').count(), all - 1, "one department has spoken: {spoken}");
    assert!(on("as_of=2026-11-12").await.unwrap().contains("部门意见齐备"));
    assert!(on("as_of=2026-11-13").await.unwrap().contains("部门意见齐备"));
    assert!(on("as_of=2026-11-14").await.unwrap().contains("已作出结论"));
    assert!(
        on("as_of=2026-11-13&state=open").await.is_some() && on("as_of=2026-11-13&state=concluded").await.is_none()
    );
    assert!(on("as_of=2026-11-13&waiting=conclusion").await.is_some());
    assert!(on("as_of=2026-11-11&waiting=conclusion").await.is_none());
    assert!(on("as_of=2026-11-14&waiting=conclusion").await.is_none());
    assert!(on("").await.unwrap().contains("已作出结论"));
    let file = async |day: &str| app.page(&clerk, &format!("/reviews.csv?contract={number}&as_of={day}")).await.1;
    assert!(file("2026-11-13").await.contains("进行中") && file("2026-11-14").await.contains("已作出结论"));
}

#[sqlx::test(migrator = "muheng::db::MIGRATOR")]
async fn the_day_is_said_and_kept_by_every_link(pool: PgPool) {
    let (app, clerk) = office(pool).await;
    change(&app, "UPDATE contract_notice SET prepared_at = '2026-11-01T00:00:00Z' WHERE state = 'prepared'".into())
        .await;
    for list in ["/reviews", "/notices", "/breaches"] {
        let (status, html) = app.page(&clerk, &format!("{list}?as_of=2026-11-20")).await;
        assert_eq!(status, 200, "{list}");
        assert!(html.contains("以下按 2026-11-20 日终") && html.contains("value=\"2026-11-20\""), "{list}");
        assert!(html.contains(&format!("href=\"{list}.csv?as_of=2026-11-20\"")), "{list}: {html}");
        assert!(html.contains(&format!("href=\"{list}.xlsx?as_of=2026-11-20\"")), "{list}");
        let file = clerk.get(app.url(&format!("{list}.csv?as_of=2026-11-20"))).send().await.unwrap();
        let name = file.headers()["content-disposition"].to_str().unwrap().to_owned();
        assert!(file.status() == 200 && name.contains("-2026-11-20.csv"), "{name}");
        let workbook = clerk.get(app.url(&format!("{list}.xlsx"))).send().await.unwrap();
        assert!(workbook.bytes().await.unwrap().starts_with(b"PK"), "{list}");
        let (_, today) = app.page(&clerk, list).await;
        assert!(!today.contains("id=\"as-of\""), "{list}");
        assert_eq!(app.page(&clerk, &format!("{list}?as_of=2026-11-23")).await.0, 200, "{list}: today");
        let (status, html) = app.page(&clerk, &format!("{list}?as_of=2026-11-24")).await;
        assert!(status == 400 && html.contains("不能晚于今天"), "{list}");
        assert_eq!(app.page(&clerk, &format!("{list}?as_of=2026-02-30")).await.0, 400, "{list}");
    }
    let (_, html) = app.page(&clerk, "/notices?as_of=2026-11-20").await;
    assert!(html.contains("rel=\"next\" href=\"/notices?as_of=2026-11-20&#38;after="), "{html}");
    assert!(html.contains("%E5%8F%B7?as_of=2026-11-20"), "the contract of a notice");
}

/// The contracts, the board, the calendar and the map know a sub-district by every code it ever had.
#[sqlx::test(migrator = "muheng::db::MIGRATOR")]
async fn an_old_code_of_a_subdistrict_finds_what_lies_there(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let clerk = app.signed_in("contract").await;
    let rows = async |place: &str| app.page(&clerk, &format!("/contracts.csv?subdistrict={place}")).await.1;
    let (old, new, all) = (rows("330103001").await, rows("330105014").await, rows("").await);
    assert_eq!(old, new);
    assert!(old.lines().count() > 1 && old.lines().count() < all.lines().count());
    for page in ["/contracts", "/contracts/board", "/contracts/calendar"] {
        let text = async |place: &str, day: &str| {
            let (status, html) = app.page(&clerk, &format!("{page}?subdistrict={place}&as_of={day}")).await;
            assert_eq!(status, 200, "{page}");
            html
        };
        let today = text("330103001", "2026-11-23").await;
        assert!(today.contains("<option value=\"330105014\" selected>长庆街道</option>"), "{page}: {today}");
        let numbers = |html: &str| html.matches("/contracts/%E7%A4%BA").count();
        assert!(numbers(&today) > 0, "{page}");
        assert_eq!(numbers(&today), numbers(&text("330105014", "2026-11-23").await), "{page}");
        assert!(numbers(&today) < numbers(&text("", "2026-11-23").await), "{page}");
        let before = text("330105014", "2021-04-08").await;
        assert!(before.contains("<option value=\"330103001\" selected>长庆街道</option>"), "{page}: {before}");
        assert!(!before.contains("value=\"330105014\""), "{page}: not yet on that day");
        let after = text("330105014", "2021-04-09").await;
        assert!(after.contains("<option value=\"330105014\" selected>") && !after.contains("330103001"), "{page}");
        assert_eq!(app.page(&clerk, &format!("{page}?subdistrict=x")).await.0, 400, "{page}");
    }
    let place = async |day: &str| {
        let (_, html) = app.page(&clerk, &format!("/map?as_of={day}")).await;
        let config = html.split_once("id=\"map-config\"").unwrap().1.split_once('>').unwrap().1;
        let config: Value = serde_json::from_str(config.split_once("</script>").unwrap().0).unwrap();
        let places = config["subdistricts"].as_array().unwrap().clone();
        places.into_iter().find(|place| place["name"] == "长庆街道").unwrap()
    };
    let (before, after) = (place("2021-04-08").await, place("2021-04-09").await);
    assert_eq!((before["code"].as_str(), before["present"].as_str()), (Some("330103001"), Some("330105014")));
    assert_eq!((after["code"].as_str(), after["present"].as_str()), (Some("330105014"), Some("330105014")));
    assert_eq!(after["former"][0], "330103001");
}
