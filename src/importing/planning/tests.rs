//! Editions into a database of their own.

use serde_json::{Value, json};

use super::*;
use crate::account::Actor;
use crate::codelist;
use crate::db::{self, Scope};
use crate::exchange::frame;
use crate::importing::{ImportKind, ImportOptions, Outcome};
use crate::planning::{Edition, LayerKind};

fn options(layer: LayerKind, edition: &str, from: &str) -> ImportOptions {
    ImportOptions {
        srid: Some(4490),
        planning_layer: Some(layer),
        edition: Some(edition.into()),
        as_of: Some(from.parse().unwrap()),
        ..ImportOptions::default()
    }
}

fn square(west: f64, properties: Value) -> Value {
    let (east, south, north) = (west + 0.001, 30.3, 30.301);
    let ring = [[west, south], [east, south], [east, north], [west, north], [west, south]];
    json!({"type": "Feature", "properties": properties, "geometry": {"type": "Polygon", "coordinates": [ring]}})
}

fn bow() -> Value {
    let ring = [[120.1, 30.3], [120.2, 30.4], [120.2, 30.3], [120.1, 30.4], [120.1, 30.3]];
    json!({"type": "Feature", "properties": {}, "geometry": {"type": "Polygon", "coordinates": [ring]}})
}

async fn import(pool: &PgPool, features: Vec<Value>, options: ImportOptions, mode: Mode) -> Report {
    codelist::load(pool).await.unwrap();
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("layer.geojson");
    std::fs::write(&path, json!({"type": "FeatureCollection", "features": features}).to_string()).unwrap();
    let order = Order {
        kind: ImportKind::Planning,
        path,
        file_name: "layer.geojson".into(),
        options,
        scope: Scope::district("330105".parse().unwrap()),
        actor: Actor { account: None, name: "测试".into() },
    };
    db::ensure_district(pool, &order.scope.district).await.unwrap();
    let report = run(pool, &order, mode, "2024-05-01T04:00:00Z".parse().unwrap(), &()).await.unwrap();
    assert_eq!(report.read, report.accepted + report.rejected + report.unchanged);
    report
}

async fn editions_of(pool: &PgPool) -> Vec<Edition> {
    editions::editions(pool, &Scope::district("330105".parse().unwrap())).await.unwrap()
}

fn plan() -> Vec<Value> {
    vec![
        square(120.10, json!({"地块编号": "A-01", "用地用海分类代码": "100102"})),
        square(120.11, json!({"地块编号": "A-02", "用地用海分类代码": "不明"})),
        square(120.12, json!({"地块编号": "A-03", "用地性质": "商业用地"})),
    ]
}

#[sqlx::test(migrator = "db::MIGRATOR")]
async fn an_edition_is_taken_once(pool: PgPool) {
    let wanted = options(LayerKind::ControlPlanLandUse, "2023版", "2023-01-01");
    let seen = import(&pool, plan(), wanted.clone(), Mode::Preview).await;
    assert_eq!((seen.read, seen.accepted, seen.outcome()), (3, 3, Outcome::AllTaken), "{:?}", seen.faults);
    assert_eq!(seen.preview.unwrap()["features"].as_array().unwrap().len(), 3);
    assert!(editions_of(&pool).await.is_empty());
    let taken = import(&pool, plan(), wanted.clone(), Mode::Commit).await;
    assert_eq!(taken.accepted, 3);
    let codes: Vec<_> = taken.faults.iter().map(|fault| fault.code).collect();
    assert_eq!(codes, [FaultCode::LandUseUnknown]);
    let again = import(&pool, plan(), wanted, Mode::Commit).await;
    assert_eq!((again.accepted, again.unchanged), (0, 3));
    let known = editions_of(&pool).await;
    assert_eq!((known.len(), known[0].areas, known[0].name.as_str()), (1, 3, "2023版"));
    assert!(known[0].allowed_uses.contains_key("industrial"));
    let uses =
        sqlx::query_scalar!("SELECT use_code FROM planning_area ORDER BY number").fetch_all(&pool).await.unwrap();
    assert_eq!(uses, [Some("100102".to_owned()), None, Some("0901".to_owned())]);
    let revision = sqlx::query_scalar!("SELECT revision FROM layer_revision WHERE layer = 'planning'");
    assert_eq!(revision.fetch_one(&pool).await.unwrap(), 1);
}

#[sqlx::test(migrator = "db::MIGRATOR")]
async fn a_later_edition_ends_the_one_before_and_one_of_the_same_day_corrects_it(pool: PgPool) {
    let layer = LayerKind::EcologicalRedLine;
    let drawn = |west| vec![square(west, json!({"名称": "甲"}))];
    import(&pool, drawn(120.10), options(layer, "2023版", "2023-01-01"), Mode::Commit).await;
    import(&pool, drawn(120.11), options(layer, "2025版", "2025-01-01"), Mode::Commit).await;
    import(&pool, drawn(120.12), options(layer, "2024版", "2024-01-01"), Mode::Commit).await;
    import(&pool, drawn(120.13), options(layer, "2024版", "2024-01-01"), Mode::Commit).await;
    let known: Vec<(String, Option<String>)> = editions_of(&pool)
        .await
        .into_iter()
        .map(|edition| (edition.name, edition.valid.until.map(|day| day.to_string())))
        .collect();
    let until = |name: &str, day: Option<&str>| (name.to_owned(), day.map(str::to_owned));
    let expected = [until("2025版", None), until("2024版", Some("2025-01-01")), until("2023版", Some("2024-01-01"))];
    assert_eq!(known, expected);
    let kept =
        sqlx::query_scalar!(r#"SELECT count(*) AS "count!" FROM planning_edition"#).fetch_one(&pool).await.unwrap();
    assert_eq!(kept, 4, "what was corrected stays on record");
}

#[sqlx::test(migrator = "db::MIGRATOR")]
async fn one_broken_record_keeps_the_whole_edition_out(pool: PgPool) {
    let features = vec![square(120.10, json!({"名称": "甲"})), bow()];
    let report =
        import(&pool, features, options(LayerKind::PermanentBasicFarmland, "2023版", "2023-01-01"), Mode::Commit).await;
    assert_eq!((report.accepted, report.rejected, report.outcome()), (0, 2, Outcome::SomeRejected));
    assert!(report.faults.iter().any(|fault| fault.code == FaultCode::EditionIncomplete));
    assert!(report.faults.iter().any(|fault| fault.record == Some(2)));
    assert!(editions_of(&pool).await.is_empty());
}

#[sqlx::test(migrator = "db::MIGRATOR")]
async fn a_file_without_areas_has_to_be_confirmed(pool: PgPool) {
    let wanted = options(LayerKind::PermanentBasicFarmland, "2023版", "2023-01-01");
    let report = import(&pool, vec![], wanted.clone(), Mode::Commit).await;
    assert_eq!(report.outcome(), Outcome::Unreadable, "{:?}", report.faults);
    assert!(editions_of(&pool).await.is_empty());
    let confirmed = ImportOptions { accept_warnings: true, ..wanted };
    let report = import(&pool, vec![], confirmed, Mode::Commit).await;
    assert_eq!(report.outcome(), Outcome::AllTaken, "{:?}", report.faults);
    assert_eq!(editions_of(&pool).await[0].areas, 0);
    let boundary = options(LayerKind::UrbanDevelopmentBoundary, "2023版", "2023-01-01");
    let confirmed = ImportOptions { accept_warnings: true, ..boundary };
    assert_eq!(import(&pool, vec![], confirmed, Mode::Commit).await.outcome(), Outcome::Unreadable);
}

#[sqlx::test(migrator = "db::MIGRATOR")]
async fn shifted_coordinates_are_no_ground_for_a_check(pool: PgPool) {
    let wanted = options(LayerKind::EcologicalRedLine, "2023版", "2023-01-01");
    let shifted = ImportOptions { srid: Some(frame::GCJ02), ..wanted };
    let report = import(&pool, vec![square(120.1, json!({}))], shifted, Mode::Commit).await;
    assert_eq!(report.outcome(), Outcome::Unreadable);
    assert!(report.faults.iter().any(|fault| fault.code == FaultCode::FrameNotSurvey));
}

#[sqlx::test(migrator = "db::MIGRATOR")]
async fn the_layer_is_asked_for(pool: PgPool) {
    let nameless = ImportOptions { srid: Some(4490), ..ImportOptions::default() };
    let report = import(&pool, vec![square(120.1, json!({}))], nameless, Mode::Commit).await;
    assert_eq!(report.outcome(), Outcome::QuestionOpen);
    assert_eq!(report.question.unwrap().candidates.len(), 6);
}
