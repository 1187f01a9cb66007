//! Imports of files as they are sent, made up for this, into a database of their own.

use std::path::{Path, PathBuf};

use chrono::{DateTime, NaiveDate, Utc};
use rust_decimal_macros::dec;
use serde_json::{Value, json};

use super::*;
use crate::account::Actor;
use crate::account::audit::{Verification, verify};
use crate::codelist;
use crate::db::{self, PgPool, Scope};
use crate::importing::{self, ImportKind, ImportOptions, Mode, Order, Outcome};
use crate::made::{boundary, geopackage, parcels};

const DISTRICT: &str = "330105";

fn moment() -> DateTime<Utc> {
    "2024-05-01T04:00:00Z".parse().unwrap()
}

fn order(path: impl AsRef<Path>, options: ImportOptions) -> Order {
    let path = path.as_ref();
    Order {
        kind: ImportKind::Parcels,
        path: path.to_owned(),
        file_name: path.file_name().unwrap().to_string_lossy().into_owned(),
        options,
        scope: Scope::district(DISTRICT.parse().unwrap()),
        actor: Actor { account: None, name: "测试".into() },
    }
}

async fn import_with(pool: &PgPool, order: &Order, mode: Mode) -> Report {
    codelist::load(pool).await.unwrap();
    db::ensure_district(pool, &order.scope.district).await.unwrap();
    let report = importing::run(pool, order, mode, moment(), &()).await.unwrap();
    assert_eq!(report.read, report.accepted + report.rejected + report.unchanged);
    report
}

async fn import(pool: &PgPool, path: impl AsRef<Path>) -> Report {
    import_with(pool, &order(path, ImportOptions::default()), Mode::Commit).await
}

fn codes(report: &Report, record: u64) -> Vec<&'static str> {
    report.faults.iter().filter(|fault| fault.record == Some(record)).map(|fault| fault.code.code()).collect()
}

/// Squares of the survey plane of zone 40: code, west, south and side in metres.
struct Made(tempfile::TempDir);

impl Made {
    fn new() -> Self {
        Made(tempfile::tempdir().unwrap())
    }

    fn file(&self, squares: &[(&str, f64, f64, f64)]) -> PathBuf {
        self.features(squares.iter().map(|(code, x, y, side)| feature(code, *x, *y, *side)).collect())
    }

    fn features(&self, features: Vec<Value>) -> PathBuf {
        let collection = json!({
            "type": "FeatureCollection",
            "crs": {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::4528"}},
            "features": features,
        });
        let path = self.0.path().join("parcels.geojson");
        std::fs::write(&path, collection.to_string()).unwrap();
        path
    }
}

fn feature(code: &str, x: f64, y: f64, side: f64) -> Value {
    let (x, y) = (40_520_000.0 + x, 3_356_000.0 + y);
    let ring = [[x, y], [x + side, y], [x + side, y + side], [x, y + side], [x, y]];
    json!({
        "type": "Feature",
        "properties": {"宗地代码": code, "宗地面积": side * side, "供应状态": "已利用"},
        "geometry": {"type": "Polygon", "coordinates": [ring]},
    })
}

const A: &str = "330105001001GB00001";
const B: &str = "330105001001GB00002";

#[sqlx::test(migrator = "db::MIGRATOR")]
async fn plane_areas_of_boundary_text_are_the_declared_hectares(pool: PgPool) {
    let folder = tempfile::tempdir().unwrap();
    for name in boundary::NAMES {
        let path = folder.path().join(name);
        std::fs::write(&path, boundary::plot(name)).unwrap();
        let report = import(&pool, path).await;
        assert_eq!(report.outcome(), Outcome::SomeRejected, "a plot number is no parcel code: {:?}", report.faults);
        assert!(codes(&report, 1).contains(&"code_invalid"));
        for parcel in &report.parcels {
            let hectares = |m2: Decimal| (m2 / dec!(10000)).round_dp(4);
            assert_eq!(hectares(parcel.plane_area_m2), parcel.official_area_m2.map(hectares).unwrap(), "{name}");
        }
        assert_eq!(report.parcels.len() as u64, report.read);
    }
}

#[sqlx::test(migrator = "db::MIGRATOR")]
async fn every_packaging_of_a_shapefile_gives_the_same_records(pool: PgPool) {
    let folder = tempfile::tempdir().unwrap();
    for name in parcels::PACKAGINGS.into_iter().filter(|name| *name != "no_prj") {
        let path = parcels::write(name, folder.path());
        let report = import_with(&pool, &order(path, ImportOptions::default()), Mode::Preview).await;
        assert_eq!((report.read, report.accepted, report.rejected), (4, 3, 1), "{name}: {:?}", report.faults);
        let crossing = report.faults.iter().find(|fault| fault.record == Some(4)).unwrap();
        assert_eq!(crossing.code, FaultCode::GeometrySelfIntersection);
        assert!(crossing.message.contains("3357300"), "{}", crossing.message);
        assert_eq!(report.parcels[0].plane_area_m2, dec!(31948.4201), "{name}");
        assert!(codes(&report, 2).contains(&"overlap"), "the second lies on the first");
        assert!(codes(&report, 3).contains(&"area_mismatch"), "its declared area is that of one part");
    }
}

#[sqlx::test(migrator = "db::MIGRATOR")]
async fn a_missing_frame_is_a_question_and_an_answer_settles_it(pool: PgPool) {
    let folder = tempfile::tempdir().unwrap();
    let path = parcels::write("no_prj", folder.path());
    let report = import(&pool, &path).await;
    assert_eq!(report.outcome(), Outcome::QuestionOpen);
    assert_eq!(report.question.unwrap().candidates[0].value, "4528");
    let named = order(path, ImportOptions { srid: Some(4528), ..ImportOptions::default() });
    assert_eq!(import_with(&pool, &named, Mode::Commit).await.accepted, 3);
}

#[sqlx::test(migrator = "db::MIGRATOR")]
async fn web_mercator_must_be_named_and_its_areas_are_not_those_of_its_plane(pool: PgPool) {
    let options = ImportOptions { layer: Some("plots".into()), ..ImportOptions::default() };
    let folder = tempfile::tempdir().unwrap();
    let mut asked = order(geopackage::suburb(folder.path()), options);
    let report = import_with(&pool, &asked, Mode::Preview).await;
    assert_eq!(report.question.unwrap().code, FaultCode::FrameNotSurvey);
    asked.options.srid = Some(3857);
    let report = import_with(&pool, &asked, Mode::Commit).await;
    let plots = geopackage::PLOTS as u64;
    assert_eq!((report.read, report.rejected), (plots, plots), "these are no parcels of ours");
    assert_eq!(report.parcels.len(), geopackage::PLOTS);
    for parcel in &report.parcels {
        let ratio = parcel.plane_area_m2 / parcel.geodesic_area_m2;
        assert!(ratio > dec!(0.999) && ratio < dec!(1.001), "{parcel:?}");
    }
}

#[sqlx::test(migrator = "db::MIGRATOR")]
async fn the_same_file_twice_changes_nothing(pool: PgPool) {
    let made = Made::new();
    let path = made.file(&[(A, 0.0, 0.0, 100.0), (B, 100.0, 0.0, 100.0)]);
    let first = import(&pool, &path).await;
    assert_eq!((first.accepted, first.outcome()), (2, Outcome::AllTaken), "{:?}", first.faults);
    assert_eq!(first.parcels[0].mu, dec!(15));
    let second = import(&pool, &path).await;
    assert_eq!((second.accepted, second.unchanged, second.outcome()), (0, 2, Outcome::AllTaken));
    let versions = sqlx::query_scalar!("SELECT count(*) FROM parcel_version").fetch_one(&pool).await.unwrap();
    assert_eq!(versions, Some(2));
    let revision = sqlx::query_scalar!("SELECT revision FROM layer_revision WHERE layer = 'parcels'");
    assert_eq!(revision.fetch_one(&pool).await.unwrap(), 1);
    let scope = Scope::district(DISTRICT.parse().unwrap());
    assert_eq!(verify(&pool, &scope).await.unwrap(), Verification::Intact { entries: 2 });
}

#[sqlx::test(migrator = "db::MIGRATOR")]
async fn a_preview_leaves_nothing_and_shows_the_first_records(pool: PgPool) {
    let made = Made::new();
    let path = made.file(&[(A, 0.0, 0.0, 100.0)]);
    let report = import_with(&pool, &order(&path, ImportOptions::default()), Mode::Preview).await;
    assert_eq!(report.accepted, 1);
    assert_eq!(report.preview.unwrap()["features"][0]["properties"]["code"], A);
    let left = sqlx::query_scalar!(
        r#"SELECT (SELECT count(*) FROM parcel_version) + (SELECT count(*) FROM import_run) + (SELECT count(*) FROM audit_entry)
           + (SELECT count(*) FROM layer_revision) AS "left!""#
    );
    assert_eq!(left.fetch_one(&pool).await.unwrap(), 0);
}

#[sqlx::test(migrator = "db::MIGRATOR")]
async fn a_changed_parcel_ends_one_version_and_begins_another(pool: PgPool) {
    let made = Made::new();
    let day = |text: &str| Some(text.parse::<NaiveDate>().unwrap());
    let options = |as_of: &str| ImportOptions { as_of: day(as_of), ..ImportOptions::default() };
    let path = made.file(&[(A, 0.0, 0.0, 100.0)]);
    import_with(&pool, &order(&path, options("2020-01-01")), Mode::Commit).await;
    let path = made.file(&[(A, 0.0, 0.0, 110.0)]);
    let changed = import_with(&pool, &order(&path, options("2023-07-01")), Mode::Commit).await;
    assert_eq!((changed.accepted, changed.unchanged), (1, 0), "{:?}", changed.faults);
    let path = made.file(&[(A, 0.0, 0.0, 120.0)]);
    import_with(&pool, &order(&path, options("2023-07-01")), Mode::Commit).await;
    let known = sqlx::query!(
        r#"SELECT valid::text AS "valid!", plane_area_m2 AS area, reason FROM parcel_version WHERE superseded_at IS NULL ORDER BY valid"#
    );
    let known = known.fetch_all(&pool).await.unwrap();
    let known: Vec<_> = known.iter().map(|row| (row.valid.as_str(), row.area, row.reason.as_str())).collect();
    assert_eq!(
        known,
        [
            ("[2020-01-01,2023-07-01)", dec!(10000), "导入 parcels.geojson"),
            ("[2023-07-01,)", dec!(14400), "导入更正 parcels.geojson")
        ]
    );
    let early = import_with(&pool, &order(&path, options("2019-12-31")), Mode::Commit).await;
    assert_eq!(codes(&early, 1), ["conflicts_with_register"]);
}

#[sqlx::test(migrator = "db::MIGRATOR")]
async fn overlaps_are_measured_and_shared_borders_are_none(pool: PgPool) {
    let made = Made::new();
    let path = made.file(&[(A, 0.0, 0.0, 125.0), (B, 124.875, 0.0, 125.0)]);
    let report = import(&pool, &path).await;
    assert_eq!(codes(&report, 2), [] as [&str; 0], "15.625 m² is a thousandth, not more");
    let path = made.file(&[(A, 0.0, 0.0, 125.0), (B, 124.87, 0.0, 125.0)]);
    let report = import_with(&pool, &order(&path, ImportOptions::default()), Mode::Preview).await;
    assert_eq!(codes(&report, 2), ["overlap"]);
    let message = &report.faults.iter().find(|fault| fault.record == Some(2)).unwrap().message;
    assert!(message.contains("16.25 平方米") && message.contains("0.10%"), "{message}");
    let path = made.file(&[(A, 0.0, 0.0, 10.0), (B, 9.91, 0.0, 10.0)]);
    let report = import_with(&pool, &order(&path, ImportOptions::default()), Mode::Preview).await;
    assert_eq!(codes(&report, 2), [] as [&str; 0], "nearly one per cent, but less than a square metre");
    let other = "330105001001GB00003";
    let path = made.file(&[(other, 150.0, 50.0, 100.0)]);
    let report = import_with(&pool, &order(&path, ImportOptions::default()), Mode::Preview).await;
    assert_eq!(codes(&report, 1), ["overlap"], "against the register: {:?}", report.faults);
    let path = made.file(&[(other, 0.0, 0.0, 125.0)]);
    let report = import_with(&pool, &order(&path, ImportOptions::default()), Mode::Preview).await;
    assert!(codes(&report, 1).contains(&"geometry_duplicate"), "{:?}", report.faults);
}

/// A file in longitude and latitude: west, south, east, north.
fn in_degrees(made: &Made, boxes: &[(&str, [f64; 4])]) -> PathBuf {
    let features: Vec<Value> = boxes
        .iter()
        .map(|(code, [west, south, east, north])| {
            let ring = [[west, south], [east, south], [east, north], [west, north], [west, south]];
            json!({"type": "Feature", "properties": {"宗地代码": code, "供应状态": "已利用"},
                   "geometry": {"type": "Polygon", "coordinates": [ring]}})
        })
        .collect();
    let crs = json!({"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::4490"}});
    let path = made.0.path().join("degrees.geojson");
    std::fs::write(&path, json!({"type": "FeatureCollection", "crs": crs, "features": features}).to_string()).unwrap();
    path
}

#[sqlx::test(migrator = "db::MIGRATOR")]
async fn overlaps_are_found_on_both_sides_of_a_zones_border(pool: PgPool) {
    let made = Made::new();
    let (west, east) = ([118.4990, 30.0, 118.5005, 30.001], [118.4998, 30.0, 118.5010, 30.001]);
    let report = import(&pool, in_degrees(&made, &[(A, west), (B, east)])).await;
    assert_eq!(report.accepted, 2, "{:?}", report.faults);
    assert!(codes(&report, 2).contains(&"overlap"), "{:?}", report.faults);
    let zones = sqlx::query_scalar!("SELECT survey_srid FROM parcel_version ORDER BY code").fetch_all(&pool).await;
    assert_eq!(zones.unwrap(), [4527, 4528]);
}

#[sqlx::test(migrator = "db::MIGRATOR")]
async fn a_new_record_is_held_against_those_that_are_unchanged(pool: PgPool) {
    let made = Made::new();
    let (one, other) = ([120.1, 30.3, 120.101, 30.301], [120.1005, 30.3, 120.1015, 30.301]);
    let first = import(&pool, in_degrees(&made, &[(A, one)])).await;
    let second = import(&pool, in_degrees(&made, &[(A, one), (B, other)])).await;
    assert_eq!((second.accepted, second.unchanged), (1, 1), "{:?}", second.faults);
    assert_eq!(second.parcels[0], first.parcels[0], "known areas are not measured again, and are the same");
    let overlaps: Vec<&str> = second
        .faults
        .iter()
        .filter(|fault| fault.code == FaultCode::Overlap)
        .map(|fault| fault.message.as_str())
        .collect();
    assert!(matches!(overlaps[..], [only] if only.contains("第 1 条") && only.contains("50.00%")), "{overlaps:?}");
}

#[sqlx::test(migrator = "db::MIGRATOR")]
async fn duplicates_in_a_file_are_refused_with_their_partners(pool: PgPool) {
    let made = Made::new();
    let path = made.file(&[
        (A, 0.0, 0.0, 10.0),
        (A, 50.0, 0.0, 10.0),
        (B, 100.0, 0.0, 10.0),
        ("330105001001GB00003", 100.0, 0.0, 10.0),
        ("330106001001GB00001", 200.0, 0.0, 10.0),
        ("330105001001GB00009", 300.0, 0.0, 10.0),
    ]);
    let report = import(&pool, &path).await;
    assert_eq!((report.accepted, report.rejected), (1, 5));
    assert_eq!((codes(&report, 1), codes(&report, 2)), (vec!["code_duplicate"], vec!["code_duplicate"]));
    assert_eq!((codes(&report, 3), codes(&report, 4)), (vec!["geometry_duplicate"], vec!["geometry_duplicate"]));
    assert_eq!(codes(&report, 5), ["outside_district"]);
    assert!(report.faults.iter().any(|fault| fault.code == FaultCode::OutsideNotChecked && fault.record.is_none()));
}

/// A feature that says of itself no more than these attributes.
fn saying(properties: Value, x: f64, side: f64) -> Value {
    let mut feature = feature(A, x, 0.0, side);
    feature["properties"] = properties;
    feature
}

#[sqlx::test(migrator = "db::MIGRATOR")]
async fn what_a_file_leaves_empty_stays_as_it_is_registered(pool: PgPool) {
    let made = Made::new();
    let whole = json!({"宗地代码": A, "地块名称": "示例地块", "宗地面积": 100, "土地用途": "0601",
        "分类标准": "GB/T 21010-2017", "供应状态": "闲置"});
    import(&pool, made.features(vec![saying(whole, 0.0, 10.0)])).await;
    let bare = made.features(vec![saying(json!({"宗地代码": A}), 0.0, 20.0)]);
    let report = import(&pool, &bare).await;
    assert_eq!((report.accepted, report.rejected), (1, 0));
    assert_eq!(report.parcels[0].official_area_m2, Some(dec!(100)));
    assert!(codes(&report, 1).contains(&"area_mismatch"), "the registered area is held against the new shape");
    let row = sqlx::query!(
        "SELECT name, official_area_m2, plane_area_m2, land_use_code, supply_status FROM parcel_version WHERE superseded_at IS NULL"
    )
    .fetch_one(&pool)
    .await
    .unwrap();
    assert_eq!((row.name.as_deref(), row.official_area_m2), (Some("示例地块"), Some(dec!(100))));
    assert_eq!((row.land_use_code.as_deref(), row.supply_status.as_str()), (Some("0601"), "idle"));
    assert_eq!(row.plane_area_m2, dec!(400.0000));
    assert_eq!(import(&pool, &bare).await.unchanged, 1);
}

#[sqlx::test(migrator = "db::MIGRATOR")]
async fn the_outline_of_a_building_is_no_parcel(pool: PgPool) {
    let made = Made::new();
    let of = |code: String, x| saying(json!({"不动产单元号": code, "宗地面积": 100}), x, 10.0);
    let land = format!("{B}W00000000");
    let report = import(
        &pool,
        made.features(vec![of(format!("{A}F00010001"), 0.0), of(land, 50.0), of(A.to_lowercase(), 100.0)]),
    )
    .await;
    assert_eq!((report.accepted, report.rejected), (2, 1));
    assert_eq!(codes(&report, 1), ["code_invalid"]);
    assert!(report.faults.iter().any(|fault| fault.message.contains("定着物")), "{:?}", report.faults);
    let taken = sqlx::query_scalar!("SELECT code FROM parcel_version ORDER BY code").fetch_all(&pool).await.unwrap();
    assert_eq!(taken, [A, B]);
}
