use std::io::Write;
use std::path::{Path, PathBuf};

use geo_types::MultiPolygon;
use proptest::prelude::*;
use rust_decimal_macros::dec;

use super::*;
use crate::area::plane_area_decimal;
use crate::frame::{self, FrameDecision, FrameEvidence, Purpose};
use crate::made::{boundary, geopackage, outlines, parcels};
use crate::validity::examine;
use crate::{FaultCode, FeatureFile, FileOption, Format};

fn decide(summary: &ReadSummary, named: Option<i32>) -> FrameDecision {
    frame::decide(&FrameEvidence {
        declared: summary.declared.clone(),
        extent: summary.extent,
        named,
        purpose: Purpose::Parcels,
    })
}

fn shape(record: &FeatureRecord) -> MultiPolygon<f64> {
    record.geometry.clone().unwrap().unwrap()
}

#[test]
fn seven_packagings_give_the_same_four_records() {
    let folder = tempfile::tempdir().unwrap();
    for name in parcels::PACKAGINGS {
        let (records, summary) = read_path(&parcels::write(name, folder.path()), &ReadOptions::default()).unwrap();
        let names: Vec<_> = records.iter().map(|r| r.text("DKMC").unwrap()).collect();
        assert_eq!(names, parcels::NAMES, "{name}");
        assert_eq!(records[0].text("ZDDM").as_deref(), Some("330105001001GB00001"), "{name}");
        assert_eq!(records[0].text("ZDMJ").as_deref(), Some("31948.42"));
        assert_eq!(plane_area_decimal(&shape(&records[0]), 4), Some(dec!(31948.4201)), "{name}");
        assert_eq!(plane_area_decimal(&shape(&records[1]), 4), Some(dec!(29124.0060)), "{name}");
        assert_eq!(shape(&records[1]).0[0].interiors().len(), 1);
        assert_eq!(shape(&records[2]).0.len(), 2);
        for record in &records[..3] {
            assert!(examine(shape(record)).is_ok(), "{name} {}", record.record);
        }
        let fault = examine(shape(&records[3])).unwrap_err();
        assert_eq!(fault.code, FaultCode::GeometrySelfIntersection);
        assert!(fault.message.contains("横 ") && fault.message.contains("纵 "), "{}", fault.message);
        let srid = match decide(&summary, None) {
            FrameDecision::Decided { srid, survey_truth: true, .. } => srid,
            FrameDecision::Question(asked) if name == "no_prj" => asked.candidates[0].value.parse().unwrap(),
            other => panic!("{name}: {other:?}"),
        };
        assert_eq!(srid, if name == "no_zone_prefix" { 4549 } else { 4528 }, "{name}");
    }
}

/// The files of these endings of a packaging, as `a.shp` and so on.
fn copy_as(name: &str, endings: &[&str]) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    for (ending, bytes) in parcels::packed(name).parts() {
        if endings.contains(&ending) {
            std::fs::write(folder.path().join(format!("a.{ending}")), bytes).unwrap();
        }
    }
    let path = folder.path().join("a.shp");
    (folder, path)
}

#[test]
fn without_a_table_there_are_shapes_and_a_warning() {
    let (_folder, path) = copy_as("gbk_cpg", &["shp", "prj"]);
    let (records, summary) = read_path(&path, &ReadOptions::default()).unwrap();
    assert_eq!((records.len(), summary.faults[0].code), (4, FaultCode::AttributesMissing));
}

#[test]
fn a_wrong_declaration_of_the_encoding_is_a_question_and_naming_it_answers() {
    let (folder, path) = copy_as("gbk_cpg", &["shp", "dbf", "prj"]);
    std::fs::write(folder.path().join("a.CPG"), "UTF-8").unwrap();
    let asked = question(read_path(&path, &ReadOptions::default()));
    assert_eq!((asked.code, asked.option), (FaultCode::EncodingDoubtful, FileOption::Encoding));
    let named = ReadOptions { encoding: Some("gbk".into()), ..ReadOptions::default() };
    assert_eq!(read_path(&path, &named).unwrap().0[0].text("DKMC").as_deref(), Some(parcels::NAMES[0]));
    let wrong = ReadOptions { encoding: Some("utf-8".into()), ..ReadOptions::default() };
    assert_eq!(refusal(read_path(&path, &wrong)).code, FaultCode::EncodingWrong);
}

fn zip_of(names: &[(&str, Vec<u8>)]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, bytes) in names {
        writer.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

fn parts(name: &str, stem: &str) -> Vec<(String, Vec<u8>)> {
    let parts = parcels::packed(name).parts().into_iter();
    parts.map(|(ending, bytes)| (format!("{stem}.{ending}"), bytes)).collect()
}

fn borrowed(parts: &[(String, Vec<u8>)]) -> Vec<(&str, Vec<u8>)> {
    parts.iter().map(|(name, bytes)| (name.as_str(), bytes.clone())).collect()
}

#[test]
fn a_zip_with_a_shapefile_is_read_and_names_in_it_lead_nowhere() {
    let parts = parts("gbk_language_driver_byte", "../../地块/宗地");
    let (records, _) = read_bytes("up.zip", &zip_of(&borrowed(&parts))).unwrap();
    assert_eq!(records.len(), 4);
}

#[test]
fn two_shapefiles_in_a_zip_are_a_question() {
    let mut all = parts("gbk_language_driver_byte", "a");
    all.extend(parts("polygon_z", "b"));
    let bytes = zip_of(&borrowed(&all));
    let asked = question(read_bytes("up.zip", &bytes));
    assert_eq!(asked.candidates.iter().map(|c| c.value.as_str()).collect::<Vec<_>>(), ["a", "b"]);
}

#[test]
fn a_zip_bomb_is_refused() {
    let bytes = zip_of(&[("a.shp", vec![0; 40 << 20])]);
    assert!(bytes.len() < 100_000);
    assert_eq!(refusal(read_bytes("up.zip", &bytes)).code, FaultCode::ZipBomb);
}

#[test]
fn lying_shapefiles_are_refused() {
    let tamper = |ending: &str, change: &dyn Fn(&mut Vec<u8>)| {
        let (folder, path) = copy_as("polygon_z", &["shp", "dbf", "prj", "shx"]);
        let side = folder.path().join(format!("a.{ending}"));
        let mut bytes = std::fs::read(&side).unwrap();
        change(&mut bytes);
        std::fs::write(&side, bytes).unwrap();
        read_path(&path, &ReadOptions::default())
    };
    assert_eq!(refusal(tamper("shp", &|b| b.truncate(900))).code, FaultCode::FileTruncated);
    assert_eq!(refusal(tamper("shp", &|b| b.extend([0; 64]))).code, FaultCode::FileInconsistent);
    assert_eq!(refusal(tamper("shp", &|b| b[104..108].copy_from_slice(&[0x7F; 4]))).code, FaultCode::FileInconsistent);
    assert_eq!(refusal(tamper("dbf", &|b| b[4..8].copy_from_slice(&[0xFF; 4]))).code, FaultCode::FileTruncated);
    assert_eq!(refusal(tamper("dbf", &|b| b[4] = 3)).code, FaultCode::FileInconsistent);
    assert_eq!(refusal(tamper("dbf", &|b| b[10] += 1)).code, FaultCode::FileInconsistent);
    // A lying count within one record costs that record alone.
    let (records, _) = tamper("shp", &|b| b[100 + 8 + 40..100 + 8 + 44].copy_from_slice(&[0xFF; 4])).unwrap();
    assert_eq!(records[0].geometry.clone().unwrap_err().code, FaultCode::GeometryInvalid);
    assert!(records[1].geometry.is_ok());
}

#[test]
fn the_layer_of_a_geopackage_is_asked_for_and_its_frame_must_be_named() {
    let folder = tempfile::tempdir().unwrap();
    let path = geopackage::suburb(folder.path());
    let asked = question(read_path(&path, &ReadOptions::default()));
    assert_eq!(asked.candidates.len(), 4);
    let options = ReadOptions { layer: Some("plots".into()), ..ReadOptions::default() };
    assert_eq!(FeatureFile::open(&path, &options).unwrap().format(), Format::GeoPackage);
    let (records, summary) = read_path(&path, &options).unwrap();
    assert_eq!(records.len(), geopackage::PLOTS);
    assert!(records.iter().all(|record| examine(shape(record)).is_ok()));
    assert!(matches!(decide(&summary, None), FrameDecision::Question(q) if q.candidates[0].value == "3857"));
    assert!(matches!(decide(&summary, Some(3857)), FrameDecision::Decided { srid: 3857, survey_truth: false, .. }));
    assert!(matches!(decide(&summary, Some(4528)), FrameDecision::Refused { .. }));
    let streets = ReadOptions { layer: Some("streets".into()), ..ReadOptions::default() };
    let (records, _) = read_path(&path, &streets).unwrap();
    assert_eq!(records[0].geometry.clone().unwrap_err().code, FaultCode::GeometryWrongType);
    let none = ReadOptions { layer: Some("nothing".into()), ..ReadOptions::default() };
    assert_eq!(refusal(read_path(&path, &none)).code, FaultCode::LayerUnknown);
}

#[test]
fn district_outlines_are_read_in_their_declared_frame() {
    let (records, summary) = read_bytes("districts.geojson", outlines::geojson().as_bytes()).unwrap();
    assert_eq!(records.len(), 13);
    assert!(matches!(decide(&summary, None), FrameDecision::Decided { srid: 4490, survey_truth: true, .. }));
}

/// One file of every kind, the shapefile in all its packagings.
fn one_of_each(folder: &Path) -> Vec<PathBuf> {
    let write = |name: &str, text: String| {
        let path = folder.join(name);
        std::fs::write(&path, text).unwrap();
        path
    };
    let mut files = vec![write("districts.geojson", outlines::geojson()), write("parts.txt", boundary::parts())];
    files.extend(boundary::NAMES.map(|name| write(name, boundary::plot(name))));
    for name in parcels::PACKAGINGS {
        let shp = parcels::write(name, folder);
        files.extend(parcels::packed(name).parts().iter().map(|(ending, _)| shp.with_extension(ending)));
    }
    files
}

#[test]
fn no_prefix_of_a_file_panics() {
    let folder = tempfile::tempdir().unwrap();
    for path in one_of_each(folder.path()) {
        let bytes = std::fs::read(&path).unwrap();
        let step = (bytes.len() / 60).max(1);
        for length in (0..bytes.len()).step_by(step) {
            let (_folder, copy) = beside_its_siblings(&path, &bytes[..length]);
            let _ = read_path(&copy, &ReadOptions::default());
        }
    }
    let path = geopackage::suburb(folder.path());
    let bytes = std::fs::read(&path).unwrap();
    let options = ReadOptions { layer: Some("plots".into()), ..ReadOptions::default() };
    for length in (0..bytes.len()).step_by(bytes.len() / 40) {
        let (_folder, copy) = beside_its_siblings(&path, &bytes[..length]);
        let _ = read_path(&copy, &options);
    }
}

fn beside_its_siblings(path: &Path, bytes: &[u8]) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    for ending in ["shp", "shx", "dbf", "prj", "cpg"] {
        let from = path.with_extension(ending);
        if from.is_file() {
            std::fs::copy(&from, folder.path().join(from.file_name().unwrap())).unwrap();
        }
    }
    let copy = folder.path().join(path.file_name().unwrap());
    let _ = std::fs::remove_file(&copy);
    std::fs::write(&copy, bytes).unwrap();
    let shp = copy.with_extension("shp");
    (folder, if shp.is_file() { shp } else { copy })
}

/// Bytes put elsewhere, each at a place from 0 (the first byte) to 1 (the end).
fn changed(path: &Path, changes: &[(f64, u8)]) -> Vec<u8> {
    let mut bytes = std::fs::read(path).unwrap();
    for (place, value) in changes {
        let place = (place * bytes.len() as f64) as usize;
        bytes[place] = *value;
    }
    bytes
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    #[test]
    fn no_changed_bytes_panic(
        file in 0usize..4, changes in proptest::collection::vec((0.0f64..1.0, any::<u8>()), 1..6)
    ) {
        let folder = tempfile::tempdir().unwrap();
        one_of_each(folder.path());
        let names = ["polygon_z.shp", "gbk_cpg.dbf", "plot_b.txt", "districts.geojson"];
        let path = folder.path().join(names[file]);
        let (_folder, copy) = beside_its_siblings(&path, &changed(&path, &changes));
        let _ = read_path(&copy, &ReadOptions::default()).map(|(records, _)| {
            records.into_iter().filter_map(|record| record.geometry.ok().flatten()).map(examine).count()
        });
    }

    #[test]
    fn no_changed_page_of_a_geopackage_panics(
        changes in proptest::collection::vec((0.0f64..1.0, any::<u8>()), 1..40)
    ) {
        let folder = tempfile::tempdir().unwrap();
        let path = geopackage::suburb(folder.path());
        let (_folder, copy) = beside_its_siblings(&path, &changed(&path, &changes));
        let options = ReadOptions { layer: Some("plots".into()), ..ReadOptions::default() };
        let _ = read_path(&copy, &options);
    }
}
