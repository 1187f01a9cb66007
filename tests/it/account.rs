//! Signing in, what roles may, and the record of it.

use muheng::account::audit::{self, Verification};
use muheng::account::{Access, Role, deeds};
use muheng::app;
use muheng::db::PgPool;
use serde_json::Value;

use crate::support::{TestApp, post};

#[sqlx::test(migrator = "muheng::db::MIGRATOR")]
async fn a_stranger_is_led_to_the_sign_in_and_back(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let client = app.stranger();
    let response = client.get(app.url("/low-efficiency")).send().await.unwrap();
    assert_eq!(response.status(), 303);
    assert_eq!(response.headers()["location"], "/sign-in?next=/low-efficiency");
    let response = client.get(app.url("/api/v1/low-efficiency?year=2024")).send().await.unwrap();
    assert_eq!(response.status(), 401);
    assert_eq!(response.headers()["content-type"], "application/problem+json");
    assert_eq!(response.json::<Value>().await.unwrap()["code"], "not_signed_in");
}

#[sqlx::test(migrator = "muheng::db::MIGRATOR")]
async fn signing_out_ends_the_session(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let client = app.signed_in("inspector").await;
    assert_eq!(app.page(&client, "/").await.0, 200);
    post(&client, &app.url("/sign-out"), &[]).await;
    assert_eq!(app.page(&client, "/").await.0, 303);
}

#[sqlx::test(migrator = "muheng::db::MIGRATOR")]
async fn guessing_passwords_is_slowed_down(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let client = app.stranger();
    for _ in 0..5 {
        assert_eq!(app.sign_in(&client, "admin", "wrong-password").await.status(), 422);
    }
    assert_eq!(app.sign_in(&client, "admin", muheng::account::DEMONSTRATION_PASSWORD).await.status(), 429);
    assert_eq!(app.sign_in(&client, "inspector", muheng::account::DEMONSTRATION_PASSWORD).await.status(), 303);
}

#[sqlx::test(migrator = "muheng::db::MIGRATOR")]
async fn a_form_on_another_site_changes_nothing(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let client = app.signed_in("admin").await;
    let request = client.post(app.url("/accounts")).header("sec-fetch-site", "cross-site").body("login=evil");
    assert_eq!(request.send().await.unwrap().status(), 403);
}

#[sqlx::test(migrator = "muheng::db::MIGRATOR")]
async fn every_response_carries_the_strict_policy(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let response = app.stranger().get(app.url("/sign-in")).send().await.unwrap();
    let policy = response.headers()["content-security-policy"].to_str().unwrap();
    assert!(policy.contains("script-src 'self';") && !policy.contains("unsafe"));
    assert_eq!(response.headers()["x-content-type-options"], "nosniff");
}

#[sqlx::test(migrator = "muheng::db::MIGRATOR")]
async fn an_account_is_made_changed_and_a_stale_form_refused(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let client = app.signed_in("admin").await;
    let fields = [("login", "new.clerk"), ("name", "新同事"), ("role", "contract_clerk"), ("role", "inspector")];
    let response = post(&client, &app.url("/accounts"), &fields).await;
    assert_eq!(response.status(), 200);
    assert!(response.text().await.unwrap().contains("首次登录密码"));
    let id: sqlx::types::Uuid =
        sqlx::query_scalar("SELECT id FROM account WHERE login = 'new.clerk'").fetch_one(&app.pool).await.unwrap();
    let change = app.url(&format!("/accounts/{id}"));
    let fields = [("version", "1"), ("role", "inspector"), ("active", "1")];
    assert_eq!(post(&client, &change, &fields).await.status(), 303);
    assert_eq!(post(&client, &change, &fields).await.status(), 409, "the form was filled in on an older version");
    let response =
        post(&client, &app.url("/accounts"), &[("login", "new.clerk"), ("name", "x"), ("role", "inspector")]).await;
    assert_eq!(response.status(), 409);
}

#[sqlx::test(migrator = "muheng::db::MIGRATOR")]
async fn a_clerks_street_is_chosen_among_the_districts_and_shown_by_name(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let client = app.signed_in("admin").await;
    let (_, page) = app.page(&client, "/accounts").await;
    assert!(page.contains("<div>长庆街道（330105014）</div>"), "{page}");
    assert!(page.contains("<option value=\"330105014\">长庆街道（330105014）</option>"), "{page}");
    let make = async |login: &str, code: &str| {
        let fields = [("login", login), ("name", "新同事"), ("role", "subdistrict_clerk"), ("subdistrict", code)];
        post(&client, &app.url("/accounts"), &fields).await.status()
    };
    assert_eq!(make("of.another.district", "330106001").await, 400);
    assert_eq!(make("of.none", "").await, 400);
    assert_eq!(make("of.changqing", "330105014").await, 200);
}

#[sqlx::test(migrator = "muheng::db::MIGRATOR")]
async fn the_log_names_a_deed_and_its_code_and_keeps_the_whole_at_hand(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let client = app.signed_in("auditor").await;
    let (_, page) = app.page(&client, "/audit?subject=auditor").await;
    assert!(page.contains("登录") && page.contains("<code>session.start</code>"), "{page}");
    assert!(page.contains("<td class=\"mh-detail\" data-label=\"内容\"><details>"), "{page}");
}

/// What a room's terms call a step and what the log calls it are one thing.
#[test]
fn every_step_of_a_room_has_words_in_the_log() {
    use muheng::{admission, inspection, policy, review, supervision};
    for step in admission::case::CaseStep::ALL {
        assert_eq!(deeds::words(&format!("admission.{}", step.code())), Some(step.label()));
    }
    let mut actions = Vec::new();
    actions.extend(admission::case::rules::TABLE.ways.iter().map(|way| way.action));
    actions.extend(inspection::rules::TABLE.ways.iter().map(|way| way.action));
    actions.extend(policy::intake::TABLE.ways.iter().map(|way| way.action));
    actions.extend(review::TABLE.ways.iter().map(|way| way.action));
    actions.extend(supervision::breach::TABLE.ways.iter().map(|way| way.action));
    actions.extend(supervision::notice::TABLE.ways.iter().map(|way| way.action));
    let nameless: Vec<_> = actions.into_iter().filter(|action| deeds::words(action).is_none()).collect();
    assert!(nameless.is_empty(), "{nameless:?}");
}

#[sqlx::test(migrator = "muheng::db::MIGRATOR")]
async fn a_token_acts_with_its_role_until_revoked(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let client = app.signed_in("inspector").await;
    let fields = [("name", "巡查程序"), ("role", "inspector"), ("days", "30")];
    let page = post(&client, &app.url("/account/tokens"), &fields).await.text().await.unwrap();
    let (_, rest) = page.split_once("<code class=\"user-select-all\">").unwrap();
    let secret = rest.split('<').next().unwrap();
    let list = app.url("/api/v1/low-efficiency?year=2024");
    let ask = || app.stranger().get(&list).bearer_auth(secret).send();
    assert_eq!(ask().await.unwrap().status(), 200);
    let accounts = app.stranger().get(app.url("/accounts")).bearer_auth(secret).send().await.unwrap();
    assert_eq!(accounts.status(), 403);
    let id: sqlx::types::Uuid = sqlx::query_scalar("SELECT id FROM api_token").fetch_one(&app.pool).await.unwrap();
    post(&client, &app.url(&format!("/account/tokens/{id}/revoke")), &[]).await;
    assert_eq!(ask().await.unwrap().status(), 401);
}

#[sqlx::test(migrator = "muheng::db::MIGRATOR")]
async fn a_changed_or_missing_audit_entry_is_found(pool: PgPool) {
    let app = TestApp::start(pool).await;
    for login in ["inspector", "admin", "auditor"] {
        app.signed_in(login).await;
    }
    let intact = audit::verify(&app.pool, &app.scope).await.unwrap();
    assert!(matches!(intact, Verification::Intact { entries } if entries >= 3), "{intact:?}");
    sqlx::query("UPDATE audit_entry SET actor = 'somebody else' WHERE seq = 2").execute(&app.pool).await.unwrap();
    assert!(matches!(audit::verify(&app.pool, &app.scope).await.unwrap(), Verification::Broken { seq: 2, .. }));
    sqlx::query("DELETE FROM audit_entry WHERE seq >= 2").execute(&app.pool).await.unwrap();
    assert!(matches!(audit::verify(&app.pool, &app.scope).await.unwrap(), Verification::Broken { seq: 2, .. }));
}

/// What each role gets from each page, asked of the running server.
#[sqlx::test(migrator = "muheng::db::MIGRATOR")]
async fn the_gate_keeps_to_the_table(pool: PgPool) {
    let app = TestApp::start(pool).await;
    for (login, role) in [("inspector", Role::Inspector), ("auditor", Role::Auditor), ("tax", Role::DataSteward)] {
        let client = app.signed_in(login).await;
        for entry in app::route_table() {
            if entry.path.contains('{') || entry.verb != muheng::account::Verb::Get || entry.access == Access::Public {
                continue;
            }
            let status = app.page(&client, entry.path).await.0;
            assert_eq!(status != 403, role.may(entry.access), "{login} on {}: {status}", entry.path);
            assert!(status < 500, "{login} on {}: {status}", entry.path);
        }
    }
}

#[sqlx::test(migrator = "muheng::db::MIGRATOR")]
async fn a_clerk_without_a_sub_district_is_nobody(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let client = app.signed_in("changqing").await;
    assert_eq!(app.page(&client, "/parcels").await.0, 200);
    for unset in ["NULL", "'not a code'"] {
        let sql = format!("UPDATE account SET subdistrict = {unset} WHERE login = 'changqing'");
        sqlx::query(sqlx::AssertSqlSafe(sql)).execute(&app.pool).await.unwrap();
        // Signing in again empties the gate's memory.
        let client = app.stranger();
        app.sign_in(&client, "changqing", muheng::account::DEMONSTRATION_PASSWORD).await;
        assert_eq!(app.page(&client, "/parcels").await.0, 303);
    }
    let admin = app.signed_in("admin").await;
    let id: sqlx::types::Uuid =
        sqlx::query_scalar("SELECT id FROM account WHERE login = 'tax'").fetch_one(&app.pool).await.unwrap();
    let fields = [("version", "1"), ("role", "subdistrict_clerk"), ("active", "1")];
    assert_eq!(post(&admin, &app.url(&format!("/accounts/{id}")), &fields).await.status(), 400);
}

#[sqlx::test(migrator = "muheng::db::MIGRATOR")]
async fn a_token_ends_with_the_role_and_makes_no_other(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let client = app.signed_in("auditor").await;
    let fields = [("name", "审计程序"), ("role", "auditor"), ("days", "30")];
    let page = post(&client, &app.url("/account/tokens"), &fields).await.text().await.unwrap();
    let secret = page.split_once("user-select-all\">").unwrap().1.split('<').next().unwrap().to_owned();
    let audit = || app.stranger().get(app.url("/audit")).bearer_auth(&secret).send();
    assert_eq!(audit().await.unwrap().status(), 200);
    let another = app.stranger().post(app.url("/account/tokens")).bearer_auth(&secret);
    let another =
        another.header("content-type", "application/x-www-form-urlencoded").body("name=x&role=auditor&days=1");
    assert_eq!(another.send().await.unwrap().status(), 403);
    sqlx::query("UPDATE account SET roles = ARRAY['inspector'] WHERE login = 'auditor'")
        .execute(&app.pool)
        .await
        .unwrap();
    app.signed_in("admin").await;
    assert_eq!(audit().await.unwrap().status(), 303, "led to the sign-in, as anybody unknown");
}

#[sqlx::test(migrator = "muheng::db::MIGRATOR")]
async fn only_who_may_change_parcels_by_hand_may_bring_them_in_a_file(pool: PgPool) {
    let app = TestApp::start(pool).await;
    for (login, status) in [("evaluator", 403), ("changqing", 403), ("contract", 303)] {
        let client = app.signed_in(login).await;
        let file =
            reqwest::multipart::Part::text("{\"type\":\"FeatureCollection\",\"features\":[]}").file_name("a.geojson");
        let form = reqwest::multipart::Form::new().text("kind", "parcels").part("file", file);
        let request = client.post(app.url("/imports")).header("sec-fetch-site", "same-origin").multipart(form);
        assert_eq!(request.send().await.unwrap().status(), status, "{login}");
    }
}
