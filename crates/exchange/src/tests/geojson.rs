use super::*;
use crate::{Declared, FaultCode, FileOption, Limits};

const RING: &str = "[[120.1,30.2],[120.2,30.2],[120.2,30.3],[120.1,30.2]]";

fn feature(name: &str) -> String {
    format!(
        r#"{{"type":"Feature","properties":{{"name":"{name}"}},"geometry":{{"type":"Polygon","coordinates":[{RING}]}}}}"#
    )
}

fn read(text: &str) -> Result<(Vec<FeatureRecord>, ReadSummary), Unreadable> {
    read_bytes("a.geojson", text.as_bytes())
}

#[test]
fn the_crs_member_counts_before_and_after_the_features() {
    let crs = r#""crs":{"type":"name","properties":{"name":"urn:ogc:def:crs:EPSG::4528"}}"#;
    let features = format!(r#""features":[{},{}]"#, feature("甲 ] } \\\" features"), feature("乙"));
    for text in [
        format!(r#"{{"type":"FeatureCollection",{crs},{features}}}"#),
        format!(r#"{{{features},{crs},"type":"FeatureCollection"}}"#),
    ] {
        let (records, summary) = read(&text).unwrap();
        assert_eq!(records.len(), 2);
        assert_eq!(summary.declared, Declared::epsg(4528));
    }
    let (_, summary) = read(&format!("\u{feff}{{\"type\":\"FeatureCollection\",{features}}}")).unwrap();
    assert_eq!(summary.declared, Declared::GeoJsonDefault);
}

#[test]
fn single_features_geometries_and_sequences() {
    assert_eq!(read(&feature("甲")).unwrap().0.len(), 1);
    assert_eq!(read(&format!(r#"{{"type":"Polygon","coordinates":[{RING}]}}"#)).unwrap().0.len(), 1);
    let sequence = format!("\u{1e}{}\n\u{1e}{}\n", feature("甲"), feature("乙"));
    let (records, _) = read(&sequence).unwrap();
    assert_eq!((records.len(), records[1].line), (2, Some(2)));
}

#[test]
fn a_faulty_feature_costs_itself_alone() {
    let bad = [
        r#"{"type":"Feature","properties":null,"geometry":{"type":"Point","coordinates":[1,2]}}"#,
        r#"{"type":"Feature","properties":null,"geometry":{"type":"Polygon","coordinates":[[[1e999,2],[1,2],[3,4],[1,1]]]}}"#,
        r#"{"type":"Feature","properties":null,"geometry":{"type":"Polygon","coordinates":[[[null,2],[1,2],[3,4],[1,1]]]}}"#,
        r#"{"type":"Feature","properties":null,"geometry":{"type":"Polygon","coordinates":[1,2]}}"#,
    ];
    let codes = [
        FaultCode::GeometryWrongType,
        FaultCode::CoordinateNotFinite,
        FaultCode::CoordinateNotFinite,
        FaultCode::GeometryInvalid,
    ];
    let text = format!("{{\"type\":\"FeatureCollection\",\"features\":[\n{},\n{}\n]}}", bad.join(",\n"), feature("好"));
    let (records, _) = read(&text).unwrap();
    for (place, code) in codes.into_iter().enumerate() {
        let fault = records[place].geometry.clone().unwrap_err();
        assert_eq!((fault.code, fault.line, fault.record), (code, Some(place as u64 + 2), Some(place as u64 + 1)));
    }
    assert!(records[4].geometry.is_ok());
    assert_eq!(records[4].text("name").as_deref(), Some("好"));
}

#[test]
fn empty_and_missing_shapes_are_none_and_open_rings_are_remarked_on() {
    let none = r#"{"type":"Feature","properties":{},"geometry":null}"#;
    let empty = r#"{"type":"Feature","properties":{},"geometry":{"type":"MultiPolygon","coordinates":[]}}"#;
    let open =
        r#"{"type":"Feature","properties":{},"geometry":{"type":"Polygon","coordinates":[[[0,0,5],[1,0,5],[1,1,5]]]}}"#;
    let (records, _) = read(&format!("{none}\n{empty}\n{open}")).unwrap();
    assert_eq!(records[0].geometry, Ok(None));
    assert_eq!(records[1].geometry, Ok(None));
    assert_eq!(records[2].faults[0].code, FaultCode::RingNotClosed);
    assert_eq!(records[2].geometry.clone().unwrap().unwrap().0[0].exterior().0.len(), 4);
}

#[test]
fn truncated_empty_and_foreign_json_is_refused() {
    let text = format!("{{\"type\":\"FeatureCollection\",\"features\":[{}]}}", feature("甲"));
    assert_eq!(refusal(read(&text[..text.len() - 1])).code, FaultCode::FileTruncated);
    assert_eq!(refusal(read(&text[..80])).code, FaultCode::FileTruncated);
    assert_eq!(refusal(read("")).code, FaultCode::FileEmpty);
    assert_eq!(refusal(read(r#"{"a":1}"#)).code, FaultCode::FormatUnknown);
    assert_eq!(refusal(read("\u{0}\u{1}\u{2}")).code, FaultCode::FormatUnknown);
}

#[test]
fn one_endless_feature_is_refused_within_its_bound() {
    let limits = Limits { feature_bytes: 10_000, ..Limits::default() };
    let options = ReadOptions { limits, ..ReadOptions::default() };
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.geojson");
    std::fs::write(&path, format!(r#"{{"type":"FeatureCollection","features":[{{"type":"{}"#, "x".repeat(1 << 20)))
        .unwrap();
    assert_eq!(refusal(read_path(&path, &options)).code, FaultCode::FileTooLarge);
}

#[test]
fn other_encodings_are_a_question_until_they_are_named() {
    // The second byte of 乗 in GBK is a backslash.
    let text = format!("{{\"type\":\"FeatureCollection\",\"features\":[{},{}]}}", feature("宗地乗"), feature("甲"));
    let bytes = encoding_rs::GB18030.encode(&text).0.into_owned();
    assert!(bytes.windows(2).any(|pair| pair[1] == b'\\' && pair[0] >= 0x80));
    assert_eq!(question(read_bytes("a.geojson", &bytes)).option, FileOption::Encoding);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.geojson");
    std::fs::write(&path, &bytes).unwrap();
    let options = ReadOptions { encoding: Some("gbk".into()), ..ReadOptions::default() };
    let (records, summary) = read_path(&path, &options).unwrap();
    assert_eq!((records[0].text("name").as_deref(), summary.encoding), (Some("宗地乗"), Some("gb18030")));
}

#[test]
fn a_record_with_a_text_that_cannot_be_kept_is_refused_and_no_other() {
    let text = format!(
        r#"{{"type":"FeatureCollection","features":[{},{},{}]}}"#,
        feature("甲"),
        feature("乙\\u0000"),
        feature("丙\\n二")
    );
    let (records, _) = read(&text).unwrap();
    let refused: Vec<bool> = records.iter().map(|record| record.geometry.is_err()).collect();
    assert_eq!(refused, [false, true, false]);
    let fault = records[1].geometry.as_ref().unwrap_err();
    assert_eq!(fault.code, FaultCode::TextUnfit);
    assert!(fault.message.contains("name") && fault.message.contains("U+0000"), "{}", fault.message);
}
