use super::*;
use crate::read_made::{self as made, asked, read_bytes, refused};
use crate::{FaultCode, ReadOptions};

const RING: &str = "[[120.1,30.2],[120.2,30.2],[120.2,30.3],[120.1,30.2]]";

fn with_geometry(properties: &str, geometry: &str) -> String {
    format!(r#"{{"type":"Feature","properties":{properties},"geometry":{geometry}}}"#)
}

fn feature(name: &str) -> String {
    with_geometry(&format!(r#"{{"name":"{name}"}}"#), &format!(r#"{{"type":"Polygon","coordinates":[{RING}]}}"#))
}

fn collection(between: &str) -> String {
    format!(r#"{{"type":"FeatureCollection","features":[{between}]}}"#)
}

fn read_named(bytes: &[u8], encoding: Option<&str>) -> made::Read {
    read_bytes("a.geojson", bytes, &ReadOptions { encoding: encoding.map(str::to_owned), ..ReadOptions::default() })
}

fn read(text: &str) -> made::Read {
    read_named(text.as_bytes(), None)
}

/// The fault of the only record.
fn fault_of(text: &str) -> Fault {
    let (records, _) = read(text).unwrap();
    assert_eq!(records.len(), 1);
    records[0].geometry.clone().unwrap_err()
}

#[test]
fn utf16_with_a_mark_is_read_and_without_one_when_it_is_named() {
    let text = collection(&feature("东新路"));
    let little: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let big: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
    for bytes in [[&[0xFFu8, 0xFE][..], little.as_slice()].concat(), [&[0xFEu8, 0xFF][..], big.as_slice()].concat()] {
        for named in [None, Some("gbk")] {
            let (records, summary) = read_named(&bytes, named).unwrap();
            assert_eq!(records[0].text("name").as_deref(), Some("东新路"));
            assert!(summary.encoding.unwrap().starts_with("UTF-16"));
        }
    }
}

#[test]
fn one_key_twice_is_a_fault_and_not_the_last_one() {
    let twice =
        with_geometry(r#"{"ZDMJ":10661,"ZDMJ":16}"#, &format!(r#"{{"type":"Polygon","coordinates":[{RING}]}}"#));
    let fault = fault_of(&collection(&twice));
    assert_eq!(fault.code, FaultCode::FileSyntax);
    assert!(fault.message.contains("“ZDMJ”出现了两次"), "{}", fault.message);
    let two_shapes = feature("甲").replace(r#""properties""#, r#""geometry":null,"properties""#);
    assert!(fault_of(&collection(&two_shapes)).message.contains("“geometry”出现了两次"));
    let lists = format!(r#"{{"type":"FeatureCollection","features":[{}],"features":[]}}"#, feature("甲"));
    assert!(refused(read(&lists)).message.contains("“features”出现了两次"));
}

#[test]
fn between_features_there_is_one_comma() {
    let (a, b) = (feature("甲"), feature("乙"));
    for (between, word) in [
        (format!("{a} {b}"), "缺少逗号"),
        (format!("{a},\n,{b}"), "两个逗号"),
        (format!(",{a},{b}"), "最前有多余的逗号"),
        (format!("{a},{b},"), "最后有多余的逗号"),
        (format!("{a},x,{b}"), "不是 JSON"),
    ] {
        let fault = refused(read(&collection(&between)));
        assert_eq!(fault.code, FaultCode::FileSyntax);
        assert!(fault.message.contains(word) && fault.line.is_some(), "{word}: {}", fault.message);
    }
    assert_eq!(read(&collection(&format!("\n{a} ,\n {b}\n"))).unwrap().0.len(), 2);
    assert_eq!(read(&collection("")).unwrap().0.len(), 0);
}

#[test]
fn what_is_no_feature_costs_itself_alone() {
    for odd in ["null", "17", r#""a,b]""#, r#"[1,{"a":[2]}]"#, r#"{"type":"FeatureCollection","features":[]}"#] {
        let (records, _) = read(&collection(&format!("{},{odd},{}", feature("甲"), feature("乙")))).unwrap();
        assert_eq!(records.len(), 3, "{odd}");
        let fault = records[1].geometry.clone().unwrap_err();
        assert_eq!((fault.code, fault.record), (FaultCode::FileSyntax, Some(2)), "{odd}");
        assert!(records[0].geometry.is_ok() && records[2].geometry.is_ok());
    }
}

#[test]
fn a_shell_that_is_not_what_it_says_is_refused() {
    let wrong = collection(&feature("甲")).replace("FeatureCollection", "Feature");
    assert_eq!(refused(read(&wrong)).code, FaultCode::FileSyntax);
    let array = format!("[{}]", feature("甲"));
    assert!(refused(read(&array)).message.contains("JSON 数组"));
    let escaped = collection(&feature("甲")).replace("\"features\"", "\"\\u0066eatures\"");
    assert_eq!(read(&escaped).unwrap().0.len(), 1, "the same key, written otherwise");
    let two = format!("{}\n\u{feff}{}", collection(&feature("甲")), collection(&feature("乙")));
    assert!(refused(read(&two)).message.contains("又有一个字节序标记"));
}

#[test]
fn an_empty_hole_is_no_hole() {
    let shape = format!(r#"{{"type":"Polygon","coordinates":[{RING},[]]}}"#);
    let (records, _) = read(&collection(&with_geometry("{}", &shape))).unwrap();
    let shape = records[0].geometry.clone().unwrap().unwrap();
    assert_eq!((shape.0.len(), shape.0[0].interiors().len()), (1, 0));
    let nothing = with_geometry("{}", r#"{"type":"Polygon","coordinates":[[],[]]}"#);
    assert_eq!(read(&collection(&nothing)).unwrap().0[0].geometry, Ok(None));
}

#[test]
fn slips_are_said_in_chinese() {
    let shape = |coordinates: &str| {
        collection(&with_geometry("{}", &format!(r#"{{"type":"Polygon","coordinates":{coordinates}}}"#)))
    };
    for (coordinates, words) in [
        (r#"[[["120.13",30],[1,2]]]"#, "写成了文字"),
        ("[[[NaN,30],[1,2]]]", "没有 NaN"),
        ("[[[120,30],[1,2],]]", "多了一个逗号"),
    ] {
        let fault = fault_of(&shape(coordinates));
        assert!(fault.message.contains(words), "{}", fault.message);
    }
    let line = collection(&with_geometry("{}", &format!(r#"{{"type":"LineString","coordinates":{RING}}}"#)));
    let fault = fault_of(&line);
    assert_eq!(fault.code, FaultCode::GeometryWrongType);
    assert!(fault.message.contains("首尾相接") && fault.message.contains("线转面"), "{}", fault.message);
}

#[test]
fn one_bad_byte_costs_its_feature_and_a_foreign_text_is_a_question() {
    let mut bytes = collection(&format!("{},{},{}", feature("甲甲"), feature("乙"), feature("丙"))).into_bytes();
    let place = bytes.windows(3).position(|three| three == "乙".as_bytes()).unwrap();
    bytes[place] = 0xFF;
    for named in [None, Some("utf-8")] {
        let (records, _) = read_named(&bytes, named).unwrap();
        let fault = records[1].geometry.clone().unwrap_err();
        assert_eq!((records.len(), fault.code, fault.record), (3, FaultCode::EncodingWrong, Some(2)));
    }
    let gbk = encoding_rs::GB18030.encode(&collection(&feature("东新路"))).0.into_owned();
    assert_eq!(asked(read_named(&gbk, None)).code, FaultCode::EncodingDoubtful);
    assert_eq!(refused(read_named(&gbk, Some("utf-8"))).code, FaultCode::EncodingWrong);
    assert_eq!(read_named(&gbk, Some("gbk")).unwrap().0[0].text("name").as_deref(), Some("东新路"));
}
