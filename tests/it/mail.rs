//! A week's mail of shapes: each kind of file as two programs write it, its outcome written down beforehand, sent in by the
//! form of the pages.

use std::io::Write;

use encoding_rs::{GBK, UTF_8};
use muheng::db::PgPool;
use reqwest::Client;
use reqwest::multipart::{Form, Part};
use rust_decimal::Decimal;
use serde_json::{Value, json};

use crate::made::geopackage::{self, Feature, Layer, Shape};
use crate::made::parcels::prj;
use crate::made::shapefile::{Record, Shapefile, number, text};
use crate::made::{Ring, moved, rectangle, ring};
use crate::support::TestApp;

const WEST: f64 = 40_520_000.0;
const SOUTH: f64 = 3_356_000.0;
const FIRST: &str = "330105001001GB70001";
const SECOND: &str = "330105001001GB70002";

type Files = Vec<(String, Vec<u8>)>;

struct Letter {
    what: &'static str,
    files: Files,
    answers: Vec<(&'static str, &'static str)>,
    outcome: Outcome,
}

enum Outcome {
    /// Code and plane area of what is taken, record and code of each fault that must be said.
    Taken(&'static [(&'static str, &'static str)], &'static [(u64, &'static str)]),
    /// The one fault and a word of its sentence.
    Refused(&'static str, &'static str),
    /// The option that is asked for and a word of the question.
    Asked(&'static str, &'static str),
}
use Outcome::{Asked, Refused, Taken};

/// A square of a hundred metres, and beside it one of two hundred by one hundred with a hole of twenty.
const BOTH: &[(&str, &str)] = &[(FIRST, "10000"), (SECOND, "19600")];

fn first() -> Vec<Ring> {
    vec![rectangle(WEST, SOUTH, WEST + 100.0, SOUTH + 100.0)]
}

/// Counter-clockwise, as holes of a shapefile run.
fn hole() -> Ring {
    let (x, y) = (WEST + 250.0, SOUTH + 40.0);
    ring(&[(x, y), (x + 20.0, y), (x + 20.0, y + 20.0), (x, y + 20.0)])
}

fn second() -> Vec<Ring> {
    vec![rectangle(WEST + 200.0, SOUTH, WEST + 400.0, SOUTH + 100.0), hole()]
}

fn shapefile(shapes: [Vec<Ring>; 2]) -> Shapefile {
    let [first, second] = shapes;
    let record = |code: &str, name: &str, rings| Record { values: vec![code.into(), name.into()], rings };
    Shapefile {
        fields: vec![text("宗地代码", 28), text("DKMC", 40)],
        records: vec![record(FIRST, "东新路地块", first), record(SECOND, "石桥路地块", second)],
        ..crate::made::parcels::shapefile()
    }
}

/// As QGIS writes it: UTF-8, said in a .cpg; here without the zone number before its eastings.
fn of_qgis() -> Shapefile {
    let moved = |rings: Vec<Ring>| rings.iter().map(|ring| moved(ring, (-40_000_000.0, 0.0))).collect();
    let prj = Some(prj("CM_120E", 500_000.0));
    let cpg = Some("UTF-8".into());
    Shapefile { encoding: UTF_8, language_driver: 0, cpg, prj, ..shapefile([moved(first()), moved(second())]) }
}

fn parts(shapefile: &Shapefile, stem: &str) -> Files {
    shapefile.parts().into_iter().map(|(ending, bytes)| (format!("{stem}.{ending}"), bytes)).collect()
}

fn zip(name: &str, entries: Files) -> Files {
    let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, bytes) in entries {
        writer.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        writer.write_all(&bytes).unwrap();
    }
    one(name, writer.finish().unwrap().into_inner())
}

fn one(name: &str, bytes: impl Into<Vec<u8>>) -> Files {
    vec![(name.to_owned(), bytes.into())]
}

fn geojson(crs: &str, shapes: [Value; 2]) -> String {
    let [first, second] = shapes;
    let feature = |code: &str, shape| json!({"type": "Feature", "properties": {"宗地代码": code}, "geometry": shape});
    let crs = json!({"type": "name", "properties": {"name": crs}});
    json!({"type": "FeatureCollection", "crs": crs, "features": [feature(FIRST, first), feature(SECOND, second)]})
        .to_string()
}

fn polygon(rings: &[Ring]) -> Value {
    json!({"type": "Polygon", "coordinates": rings})
}

fn both() -> [Value; 2] {
    [polygon(&first()), polygon(&second())]
}

fn package(srs: i64) -> Vec<u8> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.gpkg");
    let feature = |code: &str, shape| Feature { values: vec![code.to_owned()], shape };
    let features = vec![feature(FIRST, Shape::Polygon(first())), feature(SECOND, Shape::MultiPolygon(vec![second()]))];
    geopackage::write(
        &path,
        &[Layer { name: "zd", geometry_type: "GEOMETRY", srs, columns: vec!["宗地代码"], features }],
    );
    std::fs::read(path).unwrap()
}

fn boundary() -> String {
    let plot = |code: &str, rings: Vec<Ring>| {
        let count: usize = rings.iter().map(Vec::len).sum();
        let rows: String = rings
            .iter()
            .enumerate()
            .flat_map(|(place, ring)| ring.iter().map(move |(x, y)| format!("J1,{},{y:.3},{x:.3}\n", place + 1)))
            .collect();
        format!("{count},,{code},东新路地块,面,,工业用地,,@\n{rows}")
    };
    let head =
        "[属性描述]\n坐标系=2000国家大地坐标系\n几度分带=3\n投影类型=高斯克吕格\n计量单位=米\n带号=40\n[地块坐标]\n";
    format!("{head}{}{}", plot(FIRST, first()), plot(SECOND, second()))
}

fn letter(what: &'static str, files: Files, outcome: Outcome) -> Letter {
    Letter { what, files, answers: Vec::new(), outcome }
}

fn shapefiles() -> Vec<Letter> {
    let same_way = {
        let mut all = second();
        all[1].reverse();
        shapefile([first(), all])
    };
    let mut unknown = shapefile([first(), second()]);
    unknown.cpg = Some("EBCDIC-CN".into());
    let mut one_bad = parts(&of_qgis(), "宗地");
    let dbf = &mut one_bad.iter_mut().find(|(name, _)| name.ends_with("dbf")).unwrap().1;
    let place = dbf.windows(3).position(|bytes| bytes == "石".as_bytes()).unwrap();
    dbf[place + 1] = b'?';
    let mut figures = shapefile([first(), second()]);
    figures.fields.push(number("宗地面积", 8, 2));
    figures.records[0].values.push("********".into());
    figures.records[1].values.push("19600.00".into());
    let mut macintosh = parts(&of_qgis(), "交付/宗地");
    macintosh.push(("__MACOSX/交付/._宗地.shp".into(), vec![0, 5, 22, 7]));
    vec![
        letter("ArcGIS", parts(&shapefile([first(), second()]), "ZD"), Taken(BOTH, &[])),
        letter("QGIS, whose long names are cut", parts(&of_qgis(), "宗地"), Taken(BOTH, &[])),
        letter("a zip of a Mac", zip("宗地.zip", macintosh), Taken(BOTH, &[])),
        letter("rings that all run the same way", parts(&same_way, "ZD"), Taken(BOTH, &[(2, "ring_direction")])),
        letter("a name of an encoding nobody knows", parts(&unknown, "ZD"), Asked("encoding", "EBCDIC-CN")),
        letter("one bad byte", one_bad, Taken(&[(FIRST, "10000")], &[(2, "encoding_wrong")])),
        letter("asterisks", parts(&figures, "ZD"), Taken(BOTH, &[(1, "field_overflow")])),
    ]
}

fn texts() -> Vec<Letter> {
    let utf16: Vec<u8> = [0xFF, 0xFE]
        .into_iter()
        .chain(geojson("EPSG:4528", both()).encode_utf16().flat_map(u16::to_le_bytes))
        .collect();
    let line = json!({"type": "LineString", "coordinates": first()[0]});
    let touching = {
        let (x, y) = (WEST + 300.0, SOUTH);
        let hole = ring(&[(x, y), (x - 20.0, y + 20.0), (x + 20.0, y + 20.0)]);
        [polygon(&first()), polygon(&[second().remove(0), hole])]
    };
    let cut = {
        let (x, y) = (WEST, SOUTH);
        let hole = ring(&[(x, y + 50.0), (x + 50.0, y + 60.0), (x + 100.0, y + 50.0), (x + 50.0, y + 40.0)]);
        [polygon(&[first().remove(0), hole]), polygon(&second())]
    };
    let twice = geojson("EPSG:4528", both()).replacen("\"宗地代码\"", "\"宗地代码\":\"x\",\"宗地代码\"", 1);
    let missing_comma = geojson("EPSG:4528", both()).replacen("},{", "}{", 1);
    let gbk = GBK.encode(&boundary()).0.into_owned();
    vec![
        letter("GeoJSON of QGIS", one("宗地.geojson", geojson("urn:ogc:def:crs:EPSG::4528", both())), Taken(BOTH, &[])),
        letter("GeoJSON of PowerShell", one("宗地.json", utf16), Taken(BOTH, &[])),
        letter("one key twice", one("a.geojson", twice), Taken(&[(SECOND, "19600")], &[(1, "file_syntax")])),
        letter("a comma that is missing", one("a.geojson", missing_comma), Refused("file_syntax", "缺少逗号")),
        letter(
            "lines alone",
            one("a.geojson", geojson("EPSG:4528", [line.clone(), line])),
            Refused("geometry_wrong_type", "线转面"),
        ),
        letter(
            "a hole that touches an edge",
            one("a.geojson", geojson("EPSG:4528", touching)),
            Taken(&[(FIRST, "10000"), (SECOND, "19600")], &[]),
        ),
        letter(
            "land that its hole cuts in two",
            one("a.geojson", geojson("EPSG:4528", cut)),
            Taken(&[(SECOND, "19600")], &[(1, "geometry_invalid")]),
        ),
        letter("boundary text in GBK", one("界址点.txt", gbk), Taken(BOTH, &[])),
        letter("boundary text in UTF-8", one("界址点.txt", format!("\u{feff}{}", boundary())), Taken(BOTH, &[])),
    ]
}

fn packages() -> Vec<Letter> {
    let open = [one("zd.gpkg-wal", vec![1; 40]), one("zd.gpkg", package(4528))].concat();
    let old = || one("zd.gpkg", package(2364));
    let answers = vec![("srid", "4528")];
    vec![
        letter("GeoPackage", one("zd.gpkg", package(4528)), Taken(BOTH, &[])),
        letter("GeoPackage in a zip", zip("zd.zip", one("a/zd.gpkg", package(4528))), Taken(BOTH, &[])),
        letter("GeoPackage that is open in QGIS", open, Refused("edits_missing", "关闭")),
        letter("Xi'an 1980", old(), Refused("frame_unsupported", "西安 80")),
        Letter { answers, ..letter("Xi'an 1980 by another name", old(), Refused("frame_contradicted", "西安 80")) },
    ]
}

fn foreign() -> Vec<Letter> {
    let within = |name: &str, inside: &str| zip(name, one(inside, "x"));
    let refused = |what, files, word| letter(what, files, Refused("format_unknown", word));
    vec![
        refused("file geodatabase", within("宗地.gdb.zip", "宗地.gdb/a00000001.gdbtable"), "File Geodatabase"),
        refused("KMZ", within("宗地.kmz", "doc.kml"), "KMZ"),
        refused("KML", one("宗地.kml", "<?xml version=\"1.0\"?><kml></kml>"), "KML"),
        refused("a zip in a zip", within("宗地.zip", "里层.zip"), "压缩包里的压缩包"),
        refused("RAR", one("宗地.rar", b"Rar!\x1A\x07\x01\x00".to_vec()), "RAR"),
        refused("DXF", one("宗地.dxf", "  0\nSECTION\n  2\nHEADER\n  9\n$ACADVER\n"), "DXF"),
        refused("a web page called .xls", one("宗地.xls", "<html><table></table></html>"), "HTML"),
    ]
}

async fn send(app: &TestApp, client: &Client, letter: &Letter) -> (Value, String) {
    let mut form = Form::new().text("kind", "parcels");
    for (name, value) in &letter.answers {
        form = form.text(*name, *value);
    }
    for (name, bytes) in &letter.files {
        form = form.part("file", Part::bytes(bytes.clone()).file_name(name.clone()));
    }
    let request = client.post(app.url("/imports")).header("sec-fetch-site", "same-origin");
    let response = request.multipart(form).send().await.unwrap();
    assert_eq!(response.status(), 303, "{}", letter.what);
    let draft = response.headers()["location"].to_str().unwrap().to_owned();
    let address = format!("/api/v1/imports/{}", draft.rsplit('/').next().unwrap());
    super::imports::settled(app, client, &address).await;
    let (_, page) = app.page(client, &draft).await;
    let (_, report) = app.page(client, &format!("{address}/report")).await;
    (serde_json::from_str(&report).unwrap(), page)
}

fn check(letter: &Letter, report: &Value, page: &str) {
    let what = letter.what;
    let errors = || report["faults"].as_array().unwrap().iter().filter(|fault| fault["severity"] == "error");
    match &letter.outcome {
        Taken(parcels, faults) => {
            assert_eq!(report["accepted"], json!(parcels.len()), "{what}: {report}");
            for (code, area) in *parcels {
                let found = report["parcels"].as_array().unwrap().iter().find(|parcel| parcel["code"] == *code);
                let found: Decimal = found.unwrap()["plane_area_m2"].as_str().unwrap().parse().unwrap();
                assert_eq!(found, area.parse().unwrap(), "{what}: {code}");
            }
            for (record, code) in *faults {
                let said = |fault: &Value| fault["record"] == *record && fault["code"] == *code;
                assert!(report["faults"].as_array().unwrap().iter().any(said), "{what}: {code} in {report}");
            }
            let refused = 2 - parcels.len();
            assert_eq!(report["rejected"], json!(refused), "{what}");
        }
        Refused(code, word) => {
            assert_eq!(report["accepted"], json!(0), "{what}");
            assert!(errors().all(|fault| fault["code"] == *code), "{what}: {report}");
            assert!(errors().any(|fault| fault["message"].as_str().unwrap().contains(word)), "{what}: {report}");
            assert!(page.contains(word) && !page.contains("/commit\""), "{what}: {page}");
        }
        Asked(option, word) => {
            assert_eq!(report["question"]["option"], *option, "{what}: {report}");
            assert!(page.contains(word) && !page.contains("/commit\""), "{what}: {page}");
        }
    }
}

#[sqlx::test(migrator = "muheng::db::MIGRATOR")]
async fn a_weeks_mail_of_shapes_goes_in_without_a_wrong_figure(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let client = app.signed_in("contract").await;
    for letter in shapefiles().into_iter().chain(texts()).chain(packages()).chain(foreign()) {
        let (report, page) = send(&app, &client, &letter).await;
        check(&letter, &report, &page);
    }
}
