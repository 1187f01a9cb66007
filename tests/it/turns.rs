//! Costly steps take turns: a crowd is told to come again, in words, and guessing is throttled wherever a password is typed.

use std::collections::BTreeMap;

use futures_util::future::join_all;
use muheng::account::DEMONSTRATION_PASSWORD;
use muheng::db::PgPool;
use reqwest::Response;

use crate::support::{TestApp, post};

async fn change(app: &TestApp, client: &reqwest::Client, current: &str, new: &str) -> Response {
    let fields = [("current", current), ("new", new), ("again", new)];
    post(client, &app.url("/account/password"), &fields).await
}

#[sqlx::test(migrator = "muheng::db::MIGRATOR")]
async fn a_crowd_of_password_changes_is_told_to_come_again(pool: PgPool) {
    let app = TestApp::start(pool.clone()).await;
    let client = app.signed_in("evaluator").await;
    let crowd = (0..60).map(|_| change(&app, &client, "wrong-password", "another-password-2026"));
    let mut seen: BTreeMap<u16, usize> = BTreeMap::new();
    for response in join_all(crowd).await {
        let status = response.status().as_u16();
        *seen.entry(status).or_default() += 1;
        if matches!(status, 429 | 503) {
            assert!(response.headers().contains_key("retry-after"));
            let page = response.text().await.unwrap();
            assert!(page.contains("<!doctype html>") && page.contains("再试"), "{page}");
        }
    }
    assert_eq!(seen.keys().copied().collect::<Vec<_>>(), [422, 429], "{seen:?}");
    assert!(seen[&422] <= 5, "five guesses and no more are looked at: {seen:?}");
    let noted: i64 =
        sqlx::query_scalar("SELECT count(*) FROM sign_in_attempt WHERE login = 'evaluator' AND NOT succeeded")
            .fetch_one(&pool)
            .await
            .unwrap();
    assert_eq!(noted, seen[&422] as i64);
}

#[sqlx::test(migrator = "muheng::db::MIGRATOR")]
async fn guesses_count_together_at_the_sign_in_and_at_the_change_of_a_password(pool: PgPool) {
    let app = TestApp::start(pool).await;
    // Not the one of the crowd: turns are a person's in the whole process, whatever the database.
    let client = app.signed_in("inspector").await;
    for _ in 0..4 {
        assert_eq!(change(&app, &client, "wrong-password", "another-password-2026").await.status(), 422);
    }
    assert_eq!(app.sign_in(&app.stranger(), "inspector", "wrong-password").await.status(), 422);
    let refused = app.sign_in(&app.stranger(), "inspector", DEMONSTRATION_PASSWORD).await;
    assert_eq!(refused.status(), 429);
    assert_eq!(refused.headers()["retry-after"], "900");
    let refused = change(&app, &client, DEMONSTRATION_PASSWORD, "another-password-2026").await;
    assert_eq!(refused.status(), 429, "also for the right one");
    assert!(refused.text().await.unwrap().contains("15 分钟"));
    let other = app.signed_in("auditor").await;
    assert_eq!(change(&app, &other, DEMONSTRATION_PASSWORD, "another-password-2026").await.status(), 303);
}
