//! Outlines into a database of their own.

use std::path::Path;

use super::*;
use crate::account::Actor;
use crate::db::{self, PgPool, Scope};
use crate::importing::{self, ImportKind, ImportOptions, Mode, Outcome};

fn order(path: &Path, as_of: &str) -> Order {
    Order {
        kind: ImportKind::Outlines,
        path: path.to_owned(),
        file_name: "outlines.geojson".into(),
        options: ImportOptions { as_of: Some(as_of.parse().unwrap()), ..ImportOptions::default() },
        scope: Scope::district("330105".parse().unwrap()),
        actor: Actor { account: None, name: "测试".into() },
    }
}

async fn import(pool: &PgPool, order: &Order, mode: Mode) -> Report {
    db::ensure_district(pool, &order.scope.district).await.unwrap();
    let report = importing::run(pool, order, mode, "2024-05-01T04:00:00Z".parse().unwrap(), &()).await.unwrap();
    assert_eq!(report.read, report.accepted + report.rejected + report.unchanged);
    report
}

#[sqlx::test(migrator = "db::MIGRATOR")]
async fn of_all_districts_only_ours_is_taken_and_twice_changes_nothing(pool: PgPool) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../shared/examples/boundaries/hangzhou_districts_2021_epsg4490.geojson");
    let seen = import(&pool, &order(&path, "2021-04-09"), Mode::Preview).await;
    assert_eq!((seen.read, seen.accepted), (13, 1), "{:?}", seen.faults);
    let first = import(&pool, &order(&path, "2021-04-09"), Mode::Commit).await;
    assert_eq!((first.accepted, first.outcome()), (1, Outcome::SomeRejected));
    let second = import(&pool, &order(&path, "2023-01-01"), Mode::Commit).await;
    assert_eq!((second.accepted, second.unchanged), (0, 1));
    let known = sqlx::query_scalar!("SELECT count(*) FROM outline").fetch_one(&pool).await.unwrap();
    assert_eq!(known, Some(1));
}

#[sqlx::test(migrator = "db::MIGRATOR")]
async fn a_changed_outline_ends_the_one_before(pool: PgPool) {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("outlines.geojson");
    let write = |east: f64| {
        let ring = [[120.0, 30.0], [east, 30.0], [east, 30.1], [120.0, 30.1], [120.0, 30.0]];
        let feature = serde_json::json!({
            "type": "Feature", "properties": {"代码": "330105001", "名称": "甲街道"},
            "geometry": {"type": "Polygon", "coordinates": [ring]},
        });
        std::fs::write(&path, serde_json::json!({"type": "FeatureCollection", "features": [feature]}).to_string())
            .unwrap();
    };
    write(120.1);
    import(&pool, &order(&path, "2020-01-01"), Mode::Commit).await;
    write(120.2);
    let report = import(&pool, &order(&path, "2021-04-09"), Mode::Commit).await;
    assert_eq!(report.accepted, 1, "{:?}", report.faults);
    let known = sqlx::query_scalar!(
        r#"SELECT valid::text AS "valid!" FROM outline WHERE superseded_at IS NULL ORDER BY valid"#
    );
    assert_eq!(known.fetch_all(&pool).await.unwrap(), ["[2020-01-01,2021-04-09)", "[2021-04-09,)"]);
}
