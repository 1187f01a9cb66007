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
    // Caps would let so many tie at the top that nobody had the best grade.
    let best: Vec<(String, i64)> = sqlx::query_as(
        "SELECT u.category, count(*) FROM evaluation_result r JOIN evaluation_run u ON u.district = r.district AND u.id = r.run
         WHERE u.state = 'official' AND u.year = 2023 AND r.grade = 'A' GROUP BY 1 ORDER BY 1",
    )
    .fetch_all(&app.pool)
    .await
    .unwrap();
    assert_eq!(best.len(), 3, "{best:?}");
    let approver = app.signed_in("approver").await;
    let (_, waiting) = app.page(&approver, "/policy/submissions?state=submitted").await;
    assert!(waiting.contains("规上工业评价方案2025"), "{waiting}");
    let again = muheng(&app.pool, app.home.path(), &["recheck", "--all"]);
    assert!(String::from_utf8_lossy(&again.stdout).contains(" 0 different"));
}

#[sqlx::test(migrator = "muheng::db::MIGRATOR")]
async fn files_of_remediation_are_struck_off_in_each_way_on_its_own_evidence(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let counts = demo::remediation::load(&app.pool, &app.scope, app.home.path()).await.unwrap();
    assert_eq!((counts.struck_off, counts.relapses), (7, 1));
    let sql = "SELECT f.way, string_agg(e.kind, ' ' ORDER BY e.kind) FROM remediation_file f
                   LEFT JOIN remediation_evidence e ON e.district = f.district AND e.file = f.id AND e.kind <> 'site_acceptance'
               WHERE f.state = 'struck_off' AND f.way <> 'close' GROUP BY f.id, f.way ORDER BY 1, f.id";
    let mut proven: Vec<(String, Option<String>)> = sqlx::query_as(sql).fetch_all(&app.pool).await.unwrap();
    proven.dedup();
    let paper = |way: &str, kinds: Option<&str>| (way.to_owned(), kinds.map(str::to_owned));
    let expected = [
        paper("merge", Some("register_change")),
        paper("move", Some("park_contract")),
        paper("take_back", Some("agreement registration")),
        paper("upgrade", None),
    ];
    assert_eq!(proven, expected);
    let sql = "SELECT e.kind FROM remediation_file f JOIN contract_event e ON e.district = f.district AND e.contract = f.contract
                   AND e.superseded_at IS NULL WHERE f.way = 'take_back' ORDER BY e.happened_on DESC, e.id DESC LIMIT 1";
    let ended: String = sqlx::query_scalar(sql).fetch_one(&app.pool).await.unwrap();
    assert_eq!(ended, "taken_back");
    let again = muheng(&app.pool, app.home.path(), &["recheck", "--all"]);
    assert!(String::from_utf8_lossy(&again.stdout).contains(" 0 different"));
}
