//! Whatever an import of shapes stores is valid in the frame it is stored in, and no shape ends an import.

use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use crate::account::Actor;
use crate::codelist;
use crate::db::{self, PgPool, Scope};
use crate::exchange::FaultCode;
use crate::importing::{self, ImportKind, ImportOptions, Mode, Order, Report};
use crate::planning::LayerKind;

const WEST: f64 = 40_512_000.0;
const SOUTH: f64 = 3_355_000.0;

type Ring = Vec<[f64; 2]>;

fn moment() -> DateTime<Utc> {
    "2024-05-01T04:00:00Z".parse().unwrap()
}

fn code(serial: u32) -> String {
    format!("330105001001GB{serial:05}")
}

fn square(x: f64, y: f64, side: f64) -> Ring {
    vec![[x, y], [x + side, y], [x + side, y + side], [x, y + side], [x, y]]
}

fn ground(rings: &[Ring]) -> Value {
    let at = |[x, y]: &[f64; 2]| json!([WEST + x, SOUTH + y]);
    json!({"type": "Polygon", "coordinates": rings.iter().map(|ring| ring.iter().map(at).collect()).collect::<Vec<Vec<Value>>>()})
}

fn feature(properties: Value, geometry: Value) -> Value {
    json!({"type": "Feature", "properties": properties, "geometry": geometry})
}

fn parcel(serial: u32, rings: &[Ring]) -> Value {
    feature(json!({"宗地代码": code(serial), "供应状态": "已利用"}), ground(rings))
}

/// A square of 200 m with a hole whose one corner lies in the middle of an edge, which no other frame keeps there.
fn touched() -> Vec<Ring> {
    vec![square(0.0, 0.0, 200.0), vec![[70.0, 40.0], [100.0, 0.0], [130.0, 40.0], [70.0, 40.0]]]
}

async fn import(pool: &PgPool, kind: ImportKind, features: Vec<Value>, srid: &str, named: Option<i32>) -> Report {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("shapes.geojson");
    let crs = json!({"type": "name", "properties": {"name": srid}});
    let collection = json!({"type": "FeatureCollection", "crs": crs, "features": features});
    std::fs::write(&path, collection.to_string()).unwrap();
    let scope = Scope::district("330105".parse().unwrap());
    codelist::load(pool).await.unwrap();
    db::ensure_district(pool, &scope.district).await.unwrap();
    let options = ImportOptions {
        srid: named,
        planning_layer: (kind == ImportKind::Planning).then_some(LayerKind::ALL[0]),
        edition: (kind == ImportKind::Planning).then(|| "试验版".into()),
        as_of: Some("2024-01-01".parse().unwrap()),
        ..ImportOptions::default()
    };
    let actor = Actor { account: None, name: "测试".into() };
    let order = Order { kind, path, file_name: "shapes.geojson".into(), options, scope, actor };
    let report = importing::run(pool, &order, Mode::Commit, moment(), &()).await.unwrap();
    assert_eq!(report.read, report.accepted + report.rejected + report.unchanged, "{:?}", report.faults);
    report
}

async fn parcels(pool: &PgPool, features: Vec<Value>) -> Report {
    import(pool, ImportKind::Parcels, features, "EPSG:4528", None).await
}

fn codes_of(report: &Report, record: u64) -> Vec<FaultCode> {
    report.faults.iter().filter(|fault| fault.record == Some(record)).map(|fault| fault.code).collect()
}

async fn invalid(pool: &PgPool) -> i64 {
    let sql = "SELECT (SELECT count(*) FROM parcel_version WHERE NOT ST_IsValid(geom) OR NOT ST_IsValid(ST_Transform(geom, survey_srid)))
        + (SELECT count(*) FROM outline WHERE NOT ST_IsValid(geom)) + (SELECT count(*) FROM planning_area WHERE NOT ST_IsValid(geom))";
    sqlx::query_scalar(sql).fetch_one(pool).await.unwrap()
}

#[sqlx::test(migrator = "db::MIGRATOR")]
async fn a_hole_that_touches_its_outline_is_stored_valid_and_its_neighbours_come_in_after_it(pool: PgPool) {
    let report = parcels(&pool, vec![parcel(1, &touched())]).await;
    assert_eq!(report.accepted, 1, "{:?}", report.faults);
    assert_eq!(invalid(&pool).await, 0);
    let report = parcels(
        &pool,
        vec![
            parcel(2, &[square(140.0, -50.0, 60.0)]),
            parcel(3, &[vec![[70.0, 40.0], [100.0, 0.0], [130.0, 40.0], [70.0, 40.0]]]),
            parcel(4, &[square(200.0, 0.0, 50.0)]),
        ],
    )
    .await;
    assert_eq!((report.accepted, report.rejected), (3, 0), "{:?}", report.faults);
    assert!(codes_of(&report, 1).contains(&FaultCode::Overlap), "some of it lies on the first");
    assert!(!codes_of(&report, 2).contains(&FaultCode::Overlap), "it fills the hole");
    assert!(!codes_of(&report, 3).contains(&FaultCode::Overlap), "it lies beside");
    let again = parcels(&pool, vec![parcel(1, &touched())]).await;
    assert_eq!(again.unchanged, 1);
}

#[sqlx::test(migrator = "db::MIGRATOR")]
async fn an_inside_cut_in_pieces_is_refused_and_the_others_are_taken(pool: PgPool) {
    let cut = vec![square(0.0, 0.0, 100.0), vec![[0.0, 50.0], [50.0, 40.0], [100.0, 50.0], [50.0, 60.0], [0.0, 50.0]]];
    let report = parcels(&pool, vec![parcel(1, &cut), parcel(2, &[square(300.0, 0.0, 50.0)])]).await;
    assert_eq!((report.accepted, report.rejected), (1, 1));
    assert!(codes_of(&report, 1).contains(&FaultCode::GeometryInvalid));
    let fault = report.faults.iter().find(|fault| fault.is_error()).unwrap();
    assert!(fault.message.contains("切成了几块") && fault.message.contains("横 40512"), "{}", fault.message);
}

#[sqlx::test(migrator = "db::MIGRATOR")]
async fn outlines_and_planning_areas_that_only_bend_are_taken(pool: PgPool) {
    let outline = feature(json!({"代码": "330105001", "名称": "甲"}), ground(&touched()));
    let report = import(&pool, ImportKind::Outlines, vec![outline], "EPSG:4528", None).await;
    assert_eq!(report.accepted, 1, "{:?}", report.faults);
    // A corner five millimetres before an edge of two kilometres, which bends by a decimetre.
    let near = vec![
        [0.0, 0.0],
        [2000.0, 0.0],
        [2000.0, 400.0],
        [1001.0, 400.0],
        [1000.0, 0.005],
        [999.0, 400.0],
        [0.0, 400.0],
        [0.0, 0.0],
    ];
    let areas = vec![feature(json!({}), ground(&touched())), feature(json!({}), ground(&[near]))];
    let report = import(&pool, ImportKind::Planning, areas, "EPSG:4528", None).await;
    assert_eq!(report.accepted, 2, "{:?}", report.faults);
    assert_eq!(invalid(&pool).await, 0);
}

#[sqlx::test(migrator = "db::MIGRATOR")]
async fn one_record_astray_is_refused_and_the_rest_is_taken(pool: PgPool) {
    let mut records: Vec<Value> = (0..10).map(|n| parcel(n + 1, &[square(200.0 * f64::from(n), 0.0, 100.0)])).collect();
    records[3]["geometry"]["coordinates"][0][2] = json!([0.0, 0.0]);
    let report = parcels(&pool, records.clone()).await;
    assert_eq!((report.accepted, report.rejected), (9, 1), "{:?}", report.faults);
    let fault = report.faults.iter().find(|fault| fault.is_error()).unwrap();
    assert_eq!(fault.record, Some(4));
    assert!(fault.message.contains("第 3 点"), "{}", fault.message);
    let few = parcels(&pool, records[..5].to_vec()).await;
    assert!(few.question.unwrap().message.contains("第 4 条第 3 点"));
    let answered = import(&pool, ImportKind::Parcels, records[..5].to_vec(), "EPSG:4528", Some(4528)).await;
    assert_eq!((answered.unchanged, answered.rejected), (4, 1), "{:?}", answered.faults);
}

#[sqlx::test(migrator = "db::MIGRATOR")]
async fn an_old_datum_is_refused_whatever_frame_is_named_over_it(pool: PgPool) {
    for srid in ["EPSG:2364", "EPSG:2416", "EPSG:32650"] {
        let records = vec![parcel(1, &[square(0.0, 0.0, 100.0)])];
        let report = import(&pool, ImportKind::Parcels, records, srid, Some(4528)).await;
        assert!(report.unreadable, "{srid}");
        assert_eq!(report.faults.last().unwrap().code, FaultCode::FrameContradicted, "{srid}");
    }
}

#[sqlx::test(migrator = "db::MIGRATOR")]
async fn a_file_of_lines_is_told_that_and_nothing_else(pool: PgPool) {
    let line = json!({"type": "LineString", "coordinates": [[WEST, SOUTH], [WEST + 9.0, SOUTH], [WEST, SOUTH + 9.0], [WEST, SOUTH]]});
    let report = parcels(&pool, vec![feature(json!({"宗地代码": code(1)}), line)]).await;
    let errors: Vec<FaultCode> =
        report.faults.iter().filter(|fault| fault.is_error()).map(|fault| fault.code).collect();
    assert_eq!(errors, [FaultCode::GeometryWrongType]);
    assert!(report.unreadable);
}

#[sqlx::test(migrator = "db::MIGRATOR")]
async fn ground_in_common_is_a_figure_or_none_and_never_an_error(pool: PgPool) {
    let common = async |a: &str, b: &str| -> f64 {
        let sql = "SELECT ground_in_common(ST_GeomFromEWKT($1), ST_GeomFromEWKT($2))";
        sqlx::query_scalar(sql).bind(a).bind(b).fetch_one(&pool).await.unwrap()
    };
    let square = "POLYGON((0 0,10 0,10 10,0 10,0 0))";
    assert_eq!(common(square, "POLYGON((5 0,15 0,15 10,5 10,5 0))").await, 50.0);
    assert_eq!(common(square, "POLYGON((10 0,15 0,15 10,10 10,10 0))").await, 0.0);
    let crossed = "POLYGON((0 0,10 10,10 0,0 10,0 0))";
    assert_eq!(common(square, crossed).await, 50.0, "two triangles");
    assert!(common(square, "SRID=4490;POLYGON((0 0,1 0,1 1,0 0))").await.is_nan(), "the engine gives up on two frames");
    let told = async |function: &str, b: &str| -> bool {
        let sql = format!("SELECT {function}(ST_GeomFromEWKT($1), ST_GeomFromEWKT($2))");
        sqlx::query_scalar(sqlx::AssertSqlSafe(sql)).bind(square).bind(b).fetch_one(&pool).await.unwrap()
    };
    let beside = "POLYGON((10 0,15 0,15 10,10 10,10 0))";
    let unfit = "SRID=4490;POLYGON((0 0,1 0,1 1,0 0))";
    assert!(told("may_share_ground", square).await && !told("may_share_ground", beside).await);
    assert!(told("may_share_ground", unfit).await, "asked further");
    assert!(told("is_same_ground", square).await && !told("is_same_ground", beside).await);
    assert!(!told("is_same_ground", unfit).await);
    let pieces = async |shape: &str| -> (i64, f64) {
        let sql = "SELECT count(*), sum(ST_Area(p)) FROM planning_pieces(ST_GeomFromEWKT($1), 5) AS p";
        sqlx::query_as(sql).bind(shape).fetch_one(&pool).await.unwrap()
    };
    let cross = "POLYGON((4 0,6 0,6 4,10 4,10 6,6 6,6 10,4 10,4 6,0 6,0 4,4 4,4 0))";
    let (count, area) = pieces(cross).await;
    assert!(count > 1 && area == 36.0, "{count} {area}");
}
