use std::path::PathBuf;

use super::*;
use crate::frame::{self, FrameDecision, FrameEvidence, Purpose};
use crate::read_made::{self as made, asked, read_path, refused};
use crate::{FaultCode, Unreadable};

const RING: [[f64; 2]; 5] = [
    [512_500.0, 3_355_500.0],
    [512_600.0, 3_355_500.0],
    [512_600.0, 3_355_600.0],
    [512_500.0, 3_355_600.0],
    [512_500.0, 3_355_500.0],
];

fn head(kind: u32) -> Vec<u8> {
    [vec![1], kind.to_le_bytes().to_vec()].concat()
}

fn points(ring: &[[f64; 2]]) -> Vec<u8> {
    let count = (ring.len() as u32).to_le_bytes();
    count.into_iter().chain(ring.iter().flatten().flat_map(|figure| figure.to_le_bytes())).collect()
}

fn one(kind: u32, content: Vec<u8>) -> Vec<u8> {
    [head(kind), 1u32.to_le_bytes().to_vec(), content].concat()
}

fn polygon() -> Vec<u8> {
    one(3, points(&RING))
}

fn line(ring: &[[f64; 2]]) -> Vec<u8> {
    [head(2), points(ring)].concat()
}

struct Package {
    folder: tempfile::TempDir,
    connection: Connection,
}

impl Package {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let connection = Connection::open(folder.path().join("a.gpkg")).unwrap();
        connection
            .execute_batch(
                "CREATE TABLE gpkg_spatial_ref_sys (srs_name, srs_id, organization, organization_coordsys_id, definition);
                 CREATE TABLE gpkg_contents (table_name, data_type);
                 CREATE TABLE gpkg_geometry_columns (table_name, column_name, geometry_type_name, srs_id);
                 INSERT INTO gpkg_spatial_ref_sys VALUES ('z', 4549, 'EPSG', 4549, ''), ('x', 2364, 'EPSG', 2364, ''),
                     ('u', 32650, 'EPSG', 32650, ''), ('n', 99999, 'GDAL', 99999, 'LOCAL_CS[\"Undefined SRS\"]');
                 CREATE TABLE zd (fid INTEGER PRIMARY KEY, name TEXT, geom BLOB, label BLOB);
                 INSERT INTO gpkg_contents VALUES ('zd', 'features');",
            )
            .unwrap();
        Package { folder, connection }
    }

    fn with(shape: &[u8], srs: i64) -> Self {
        let package = Package::new();
        package.column("geom", "POLYGON", srs);
        package.row("甲", shape);
        package
    }

    fn column(&self, name: &str, kind: &str, srs: i64) {
        self.connection
            .execute("INSERT INTO gpkg_geometry_columns VALUES ('zd', ?1, ?2, ?3)", (name, kind, srs))
            .unwrap();
    }

    fn row(&self, name: &str, shape: &[u8]) {
        let blob = [b"GP\0\x01\0\0\0\0".to_vec(), shape.to_vec()].concat();
        self.connection.execute("INSERT INTO zd (name, geom) VALUES (?1, ?2)", (name, blob)).unwrap();
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join("a.gpkg")
    }

    fn read(&self, layer: Option<&str>) -> made::Read {
        read_path(&self.path(), &ReadOptions { layer: layer.map(str::to_owned), ..ReadOptions::default() })
    }
}

fn first_shape(shape: &[u8]) -> Result<Option<MultiPolygon<f64>>, Fault> {
    Package::with(shape, 4549).read(None).unwrap().0[0].geometry.clone()
}

#[test]
fn surfaces_without_arcs_are_the_polygons_they_are() {
    let plain = first_shape(&polygon()).unwrap().unwrap();
    let curve_polygon = one(10, line(&RING));
    let halves = [2u32.to_le_bytes().to_vec(), line(&RING[..3]), line(&RING[2..])].concat();
    let compound = one(10, [head(9), halves].concat());
    for shape in [one(12, polygon()), curve_polygon.clone(), compound, one(12, curve_polygon), one(6, polygon())] {
        assert_eq!(first_shape(&shape).unwrap().unwrap(), plain);
    }
}

#[test]
fn arcs_and_surfaces_in_space_are_named() {
    let arc = one(10, [head(8), points(&RING)].concat());
    assert!(first_shape(&arc).unwrap_err().message.contains("圆弧"));
    let in_compound = one(10, one(9, [head(8), points(&RING[..3])].concat()));
    assert!(first_shape(&in_compound).unwrap_err().message.contains("圆弧"));
    for (kind, name) in [(15, "PolyhedralSurface"), (16, "TIN"), (17, "Triangle")] {
        let fault = first_shape(&one(kind, polygon())).unwrap_err();
        assert_eq!(fault.code, FaultCode::GeometryWrongType);
        assert!(fault.message.contains(name), "{}", fault.message);
    }
}

#[test]
fn edits_that_lie_beside_are_never_passed_over() {
    let package = Package::with(&polygon(), 4549);
    for ending in ["-wal", "-journal"] {
        let beside = package.folder.path().join(format!("a.gpkg{ending}"));
        std::fs::write(&beside, []).unwrap();
        assert!(package.read(None).is_ok(), "an empty one holds nothing");
        std::fs::write(&beside, b"edits").unwrap();
        let fault = refused(package.read(None));
        assert_eq!(fault.code, FaultCode::EditsMissing);
        assert!(fault.message.contains(ending) && fault.message.contains("关闭"), "{}", fault.message);
        std::fs::remove_file(beside).unwrap();
    }
    package.connection.execute_batch("PRAGMA journal_mode = WAL; INSERT INTO zd (name) VALUES ('乙');").unwrap();
    assert_eq!(refused(package.read(None)).code, FaultCode::EditsMissing, "as QGIS leaves it while it is open");
    let alone = package.folder.path().join("copied.gpkg");
    std::fs::copy(package.path(), &alone).unwrap();
    let (records, summary) = read_path(&alone, &ReadOptions::default()).unwrap();
    assert_eq!((records.len(), summary.faults[0].code), (1, FaultCode::EditsMissing), "read, with a word about it");
    assert!(!summary.faults[0].is_error());
    let archive = made::zip(&[("a.gpkg", &std::fs::read(alone).unwrap()), ("a.gpkg-wal", b"edits")]);
    assert_eq!(refused(made::read_bytes("a.zip", &archive, &ReadOptions::default())).code, FaultCode::EditsMissing);
}

fn decide(srs: i64, named: Option<i32>) -> FrameDecision {
    let (_, summary) = Package::with(&polygon(), srs).read(None).unwrap();
    let (declared, extent) = (summary.declared, summary.extent);
    frame::decide(&FrameEvidence { declared, extent, named, purpose: Purpose::Parcels })
}

#[test]
fn no_frame_named_over_an_old_datum_makes_it_survey_truth() {
    for srs in [2364, 32650] {
        let FrameDecision::Refused { code, message } = decide(srs, Some(4549)) else { panic!("{srs}") };
        assert_eq!(code, FaultCode::FrameContradicted);
        assert!(message.contains(&srs.to_string()), "{message}");
        assert!(matches!(decide(srs, None), FrameDecision::Refused { code: FaultCode::FrameUnsupported, .. }));
    }
    assert!(matches!(decide(4549, Some(4549)), FrameDecision::Decided { srid: 4549, survey_truth: true, .. }));
}

#[test]
fn an_undefined_frame_is_none() {
    for srs in [99999, 0, -1, 4999] {
        let FrameDecision::Question(question) = decide(srs, None) else { panic!("{srs}") };
        assert!(question.message.starts_with("文件没有声明坐标系"), "{}", question.message);
        assert!(matches!(decide(srs, Some(4549)), FrameDecision::Decided { srid: 4549, .. }));
    }
}

#[test]
fn a_number_counts_without_a_definition_and_a_local_plane_by_name_is_told_as_what_it_is() {
    let package = Package::with(&polygon(), 4549);
    package.connection.execute_batch("UPDATE gpkg_spatial_ref_sys SET definition = 'undefined'").unwrap();
    assert_eq!(package.read(None).unwrap().1.declared, Declared::epsg(4549));
    let local = "UPDATE gpkg_spatial_ref_sys SET organization = 'NONE', definition = 'LOCAL_CS[\"某市独立坐标系\"]'";
    package.connection.execute_batch(local).unwrap();
    assert!(matches!(package.read(None).unwrap().1.declared, Declared::Wkt { .. }));
}

#[test]
fn packages_without_features_are_named_by_what_they_hold() {
    for (kind, word) in [("tiles", "瓦片"), ("attributes", "属性表")] {
        let package = Package::new();
        package.connection.execute("UPDATE gpkg_contents SET data_type = ?1", [kind]).unwrap();
        assert!(refused(package.read(None)).message.contains(word));
        package.connection.execute_batch("DROP TABLE gpkg_geometry_columns").unwrap();
        assert!(refused(package.read(None)).message.contains(word), "without the table of columns too");
    }
    let package = Package::new();
    package.connection.execute_batch("DROP TABLE gpkg_contents").unwrap();
    assert!(refused(package.read(None)).message.contains("不是 GeoPackage"));
}

#[test]
fn the_column_of_areas_is_taken_among_others_and_asked_for_among_equals() {
    let package = Package::with(&polygon(), 4549);
    package.column("label", "POINT", 4549);
    assert!(package.read(None).unwrap().0[0].geometry.clone().unwrap().is_some());
    package.connection.execute_batch("UPDATE gpkg_geometry_columns SET geometry_type_name = 'GEOMETRY'").unwrap();
    let question = asked(package.read(None));
    let values: Vec<_> = question.candidates.iter().map(|candidate| candidate.value.as_str()).collect();
    assert_eq!(values, ["zd.geom", "zd.label"]);
    assert!(package.read(Some("zd.geom")).unwrap().0[0].geometry.clone().unwrap().is_some());
    assert!(matches!(package.read(Some("zd")), Err(Unreadable::Question(_))));
    assert!(package.read(Some("zd.label")).unwrap().0[0].geometry.clone().unwrap().is_none());
}

#[test]
fn a_view_is_named_and_a_text_that_is_no_utf8_costs_its_record() {
    let package = Package::with(&polygon(), 4549);
    package.row("乙", &polygon());
    package.connection.execute_batch("UPDATE zd SET name = CAST(X'B2E2CAD4' AS TEXT) WHERE fid = 2").unwrap();
    let (records, _) = package.read(None).unwrap();
    assert!(records[0].geometry.is_ok());
    let fault = records[1].geometry.clone().unwrap_err();
    assert_eq!((fault.code, fault.record), (FaultCode::EncodingWrong, Some(2)));
    package.connection.execute_batch("ALTER TABLE zd RENAME TO base; CREATE VIEW zd AS SELECT * FROM base; UPDATE gpkg_contents SET table_name = 'zd'; UPDATE gpkg_geometry_columns SET table_name = 'zd'").unwrap();
    assert!(refused(package.read(None)).message.contains("视图"));
}
