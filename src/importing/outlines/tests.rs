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
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("districts.geojson");
    std::fs::write(&path, crate::made::outlines::geojson()).unwrap();
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

#[sqlx::test(migrator = "db::MIGRATOR")]
async fn outlines_that_come_later_place_the_parcels_that_were_there(pool: PgPool) {
    use crate::importing::table_stage::testing::put_parcel;
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("outlines.geojson");
    let write = |code: &str, west: f64, east: f64| {
        let ring = [[west, 30.2], [east, 30.2], [east, 30.4], [west, 30.4], [west, 30.2]];
        serde_json::json!({
            "type": "Feature", "properties": {"代码": code, "名称": code},
            "geometry": {"type": "Polygon", "coordinates": [ring]},
        })
    };
    let save = |features: Vec<serde_json::Value>| {
        let file = serde_json::json!({"type": "FeatureCollection", "features": features});
        std::fs::write(&path, file.to_string()).unwrap();
    };
    db::ensure_district(&pool, &"330105".parse().unwrap()).await.unwrap();
    let since = |text: &str| crate::base::period::Period::since(text.parse().unwrap());
    put_parcel(&pool, 1, since("2015-01-01"), "100", "330105001").await;
    put_parcel(&pool, 2, since("2023-01-01"), "100", "330105001").await;
    let ended = crate::base::period::Period::between("2010-01-01".parse().unwrap(), "2012-01-01".parse().unwrap());
    put_parcel(&pool, 3, ended, "100", "330105001").await;
    sqlx::query("UPDATE parcel_version SET subdistrict = NULL").execute(&pool).await.unwrap();
    let known = || async {
        sqlx::query_scalar::<_, String>(
            "SELECT right(code, 1) || ' ' || valid::text || ' ' || coalesce(subdistrict, '-') FROM parcel_version
             WHERE superseded_at IS NULL ORDER BY code, valid",
        )
        .fetch_all(&pool)
        .await
        .unwrap()
    };
    // Nobody knew where they lay: the whole period is placed. What had ended by then stays.
    save(vec![write("330105001", 120.0, 120.2)]);
    import(&pool, &order(&path, "2020-01-01"), Mode::Preview).await;
    assert_eq!(known().await[0], "1 [2015-01-01,) -", "a preview places nothing");
    import(&pool, &order(&path, "2020-01-01"), Mode::Commit).await;
    let placed = ["1 [2015-01-01,) 330105001", "2 [2023-01-01,) 330105001", "3 [2010-01-01,2012-01-01) -"];
    assert_eq!(known().await, placed);
    // The line moves: from that day on they lie elsewhere, before it where they lay.
    save(vec![write("330105001", 120.0, 120.05), write("330105002", 120.05, 120.2)]);
    import(&pool, &order(&path, "2021-04-09"), Mode::Commit).await;
    let moved = [
        "1 [2015-01-01,2021-04-09) 330105001",
        "1 [2021-04-09,) 330105002",
        "2 [2023-01-01,) 330105002",
        "3 [2010-01-01,2012-01-01) -",
    ];
    assert_eq!(known().await, moved);
    let rows = sqlx::query_scalar!("SELECT count(*) FROM parcel_version").fetch_one(&pool).await.unwrap();
    import(&pool, &order(&path, "2021-04-09"), Mode::Commit).await;
    assert_eq!(sqlx::query_scalar!("SELECT count(*) FROM parcel_version").fetch_one(&pool).await.unwrap(), rows);
}
