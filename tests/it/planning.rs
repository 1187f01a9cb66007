//! `/planning`, its API, and planning layers as tiles over the map.

use muheng::db::{PgPool, layer};
use serde_json::Value;

use crate::support::TestApp;

#[sqlx::test(migrator = "muheng::db::MIGRATOR")]
async fn every_layer_is_listed_with_its_editions(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let client = app.signed_in("inspector").await;
    let (status, page) = app.page(&client, "/planning").await;
    assert_eq!(status, 200);
    for word in
        ["城镇开发边界", "永久基本农田", "生态环境管控单元", "2023版（示例）", "有效", "2030-12-31", "示例数据（虚构）"]
    {
        assert!(page.contains(word), "{word}");
    }
    assert!(
        page.contains("/map?as_of=2026-11-23&amp;plan=ecological_red_line") && !page.contains("不能用于核查的图层")
    );
    sqlx::query("UPDATE planning_edition SET review_by = '2026-11-22' WHERE layer = 'ecological_red_line'")
        .execute(&app.pool)
        .await
        .unwrap();
    let (_, page) = app.page(&client, "/planning").await;
    assert!(page.contains("逾期未复核") && page.contains("不能用于核查的图层：生态保护红线"));
    assert_eq!(app.stranger().get(app.url("/planning")).send().await.unwrap().status(), 303);
}

#[sqlx::test(migrator = "muheng::db::MIGRATOR")]
async fn an_empty_register_says_what_to_do(pool: PgPool) {
    let app = TestApp::start(pool).await;
    sqlx::query("UPDATE planning_edition SET superseded_at = recorded_at").execute(&app.pool).await.unwrap();
    let client = app.signed_in("inspector").await;
    let (_, page) = app.page(&client, "/planning").await;
    assert!(page.contains("还没有规划图层"));
}

#[sqlx::test(migrator = "muheng::db::MIGRATOR")]
async fn programs_are_told_which_edition_counts_on_a_day(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let client = app.signed_in("auditor").await;
    let layers = async |query: &str| -> Value {
        let (status, body) = app.page(&client, &format!("/api/v1/planning/layers{query}")).await;
        assert_eq!(status, 200, "{body}");
        serde_json::from_str(&body).unwrap()
    };
    for (query, state, usable) in [
        ("?as_of=2022-12-31", "coming", false),
        ("?as_of=2023-01-01", "in_force", true),
        ("", "in_force", true),
        ("?as_of=2030-12-31", "in_force", true),
        ("?as_of=2031-01-01", "outdated", false),
    ] {
        let answer = layers(query).await;
        let all = answer["layers"].as_array().unwrap();
        assert_eq!(all.len(), 6);
        for layer in all {
            assert_eq!(
                (&layer["editions"][0]["state"], layer["usable"].is_i64()),
                (&Value::from(state), usable),
                "{query}"
            );
        }
    }
    let (status, _) = app.page(&client, "/api/v1/planning/layers?as_of=x").await;
    assert_eq!(status, 400);
}

#[sqlx::test(migrator = "muheng::db::MIGRATOR")]
async fn a_layer_is_drawn_and_kept_under_its_revision(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let client = app.signed_in("inspector").await;
    let (_, page) = app.page(&client, "/map").await;
    let start = page.find("/tiles/planning/control_plan_land_use/").expect("the map offers the layer");
    let address = page[start..].split("/{z}").next().unwrap();
    // The middle of the town at zoom 14.
    let tile = |address: &str| app.url(&format!("{address}/14/13661/6743"));
    let answer = client.get(tile(address)).send().await.unwrap();
    assert_eq!(answer.status(), 200);
    assert_eq!(answer.headers()["cache-control"], "private, max-age=31536000, immutable");
    let tag = answer.headers()["etag"].clone();
    assert!(!answer.bytes().await.unwrap().is_empty());
    let again = client.get(tile(address)).header("if-none-match", tag).send().await.unwrap();
    assert_eq!(again.status(), 304);

    layer::raise(&mut app.pool.acquire().await.unwrap(), &app.scope, layer::PLANNING).await.unwrap();
    let (_, page) = app.page(&client, "/map").await;
    assert!(!page.contains(&format!("{address}/")), "the map asks for new addresses");
    let next = address.replacen("land_use/1/", "land_use/2/", 1);
    let beyond = address.replacen("land_use/1/", "land_use/3/", 1);
    assert_ne!(next, address);
    assert_eq!(client.get(tile(&next)).send().await.unwrap().status(), 200);
    assert_eq!(client.get(tile(&beyond)).send().await.unwrap().status(), 404);
    let old = client.get(app.url(&format!("{address}/14/13660/6743"))).send().await.unwrap();
    assert_eq!(old.headers()["cache-control"], "no-store");
}
