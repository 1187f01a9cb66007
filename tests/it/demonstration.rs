//! The evaluation that the demonstration comes with.

use muheng::db::PgPool;
use muheng::demo;

use crate::commands::muheng;
use crate::support::TestApp;

#[sqlx::test(migrator = "muheng::db::MIGRATOR")]
async fn the_town_has_two_official_years_a_trial_and_a_scheme_that_waits(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let counts = demo::evaluations::load(&app.pool, &app.scope).await.unwrap();
    assert_eq!((counts.official, counts.trials), (6, 3));
    let evaluator = app.signed_in("evaluator").await;
    let (_, runs) = app.page(&evaluator, "/evaluation?state=official").await;
    assert!(runs.contains("规上服务业") && runs.contains("2022") && runs.contains("2023"), "{runs}");
    let steps: Vec<(i16, String, String, String)> = sqlx::query_as(
        "SELECT u.year, s ->> 'step', s ->> 'found', s ->> 'left'
         FROM evaluation_run u JOIN evaluation_result r ON r.district = u.district AND r.run = u.id,
              json_array_elements(r.detail -> 'steps') s
         WHERE u.state = 'official' AND u.category = 'industry_above' ORDER BY 1, 2, 3",
    )
    .fetch_all(&app.pool)
    .await
    .unwrap();
    for year in [2022, 2023] {
        let of_year: Vec<(&str, &str, &str)> = steps
            .iter()
            .filter(|step| step.0 == year)
            .map(|step| (step.1.as_str(), step.2.as_str(), step.3.as_str()))
            .collect();
        for expected in [("fill_up", "B", "A"), ("manual", "C", "B"), ("veto", "A", "C"), ("veto", "B", "C")] {
            assert!(of_year.contains(&expected), "{year}: {of_year:?}");
        }
    }
    let bonus: i64 = sqlx::query_scalar(
        "SELECT count(*) FROM evaluation_result r JOIN evaluation_run u ON u.district = r.district AND u.id = r.run
         WHERE u.state = 'official' AND json_array_length(r.detail -> 'bonus') > 0",
    )
    .fetch_one(&app.pool)
    .await
    .unwrap();
    assert_eq!(bonus, 2);
    let approver = app.signed_in("approver").await;
    let (_, waiting) = app.page(&approver, "/policy/submissions?state=submitted").await;
    assert!(waiting.contains("规上工业评价方案2025"), "{waiting}");
    let again = muheng(&app.pool, app.home.path(), &["recheck", "--all"]);
    assert!(String::from_utf8_lossy(&again.stdout).contains(" 0 different"));
}
