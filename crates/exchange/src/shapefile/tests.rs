use encoding_rs::GB18030;
use serde_json::{Value, json};

use super::*;
use crate::read_made::{self as made, Column, Shapefile as Made, asked, polygon, refused, square};
use crate::{FaultCode, FileOption};

const CODE: Column<'static> = (b"ZDDM", b'C', 28);
const NAME: Column<'static> = (b"DKMC", b'C', 20);
const GBK: u8 = 0x4D;

fn shapes(count: usize) -> Vec<Vec<u8>> {
    (0..count).map(|place| polygon(&[square(512_500.0 + 200.0 * place as f64, 3_355_500.0, 100.0)])).collect()
}

fn codes(count: usize) -> Vec<u8> {
    made::dbf(3, GBK, &[CODE], &(0..count).map(|place| vec![format!("CODE{place}").into_bytes()]).collect::<Vec<_>>())
}

fn with_names(driver: u8, names: &[&[u8]]) -> Made {
    let rows: Vec<_> = names.iter().map(|name| vec![name.to_vec()]).collect();
    Made::of(&shapes(names.len()), &made::dbf(3, driver, &[NAME], &rows))
}

fn gbk(text: &str) -> Vec<u8> {
    GB18030.encode(text).0.into_owned()
}

fn read(made: &Made) -> made::Read {
    made.read(&ReadOptions::default())
}

fn west(record: &FeatureRecord) -> f64 {
    record.geometry.clone().unwrap().unwrap().0[0].exterior().0.iter().map(|corner| corner.x).fold(f64::MAX, f64::min)
}

#[test]
fn shapes_are_taken_where_the_index_says() {
    let [a, b, c]: [Vec<u8>; 3] = shapes(3).try_into().unwrap();
    let turned = Made::ordered(&[(3, c.clone()), (1, a.clone()), (2, b.clone())], &[1, 2, 0], &codes(3));
    let (records, _) = read(&turned).unwrap();
    let found: Vec<_> = records.iter().map(|record| (record.text("ZDDM").unwrap(), west(record))).collect();
    let expected = [("CODE0", 512_500.0), ("CODE1", 512_700.0), ("CODE2", 512_900.0)];
    assert_eq!(found, expected.map(|(code, west)| (code.to_owned(), west)));
    let with_a_hole =
        Made::ordered(&[(1, a.clone()), (7, b.clone()), (2, b.clone()), (3, c.clone())], &[0, 2, 3], &codes(3));
    assert_eq!(read(&with_a_hole).unwrap().0.len(), 3, "what the index does not name was given up");
    let from_nought = Made::ordered(&[(0, a.clone()), (1, b.clone())], &[0, 1], &codes(2));
    assert_eq!(read(&from_nought).unwrap().0.len(), 2);
    let unnumbered = Made::ordered(&[(0, a.clone()), (0, b.clone())], &[1, 0], &codes(2));
    assert_eq!(west(&read(&unnumbered).unwrap().0[0]), 512_700.0);
}

#[test]
fn where_numbers_and_index_disagree_nothing_is_taken() {
    let [a, b]: [Vec<u8>; 2] = shapes(2).try_into().unwrap();
    let disagree = [
        Made::ordered(&[(1, a.clone()), (2, b.clone())], &[1, 0], &codes(2)),
        Made::ordered(&[(1, a.clone()), (2, b.clone())], &[0, 0], &codes(2)),
        Made::ordered(&[(5, a.clone()), (6, b.clone())], &[0, 1], &codes(2)),
    ];
    for made in disagree {
        let fault = refused(read(&made));
        assert_eq!(fault.code, FaultCode::FileInconsistent);
        assert!(fault.message.contains("编号是"), "{}", fault.message);
    }
    let turned = Made::ordered(&[(2, b), (1, a)], &[1, 0], &codes(2));
    turned.take_away("shx");
    assert!(refused(read(&turned)).message.contains("没有 .shx"), "front to back would join the wrong rows");
}

#[test]
fn an_index_that_points_beyond_or_is_no_list_is_refused() {
    let made = Made::of(&shapes(2), &codes(2));
    let mut index = std::fs::read(made.part("shx")).unwrap();
    index[100..104].copy_from_slice(&[0x7F; 4]);
    made.put("shx", &index);
    assert!(refused(read(&made)).message.contains("字节"));
    made.put("shx", &index[..105]);
    assert_eq!(refused(read(&made)).code, FaultCode::FileTruncated);
}

#[test]
fn parts_that_do_not_begin_at_nought_are_damage() {
    let mut shape = polygon(&[square(0.0, 0.0, 100.0)]);
    shape[44] = 1;
    let (records, _) = read(&Made::of(&[shape], &codes(1))).unwrap();
    let fault = records[0].geometry.clone().unwrap_err();
    assert_eq!(fault.code, FaultCode::GeometryInvalid);
    assert!(fault.message.contains("从第 1 点开始"), "{}", fault.message);
}

#[test]
fn holes_that_run_as_their_outline_does_are_holes_and_it_is_said() {
    let rings = [square(0.0, 0.0, 100.0), square(20.0, 20.0, 50.0)];
    let (records, _) = read(&Made::of(&[polygon(&rings)], &codes(1))).unwrap();
    assert_eq!(records[0].geometry.clone().unwrap().unwrap().0[0].interiors().len(), 1);
    assert_eq!(records[0].faults[0].code, FaultCode::RingDirection);
}

#[test]
fn names_of_encodings_are_known_as_programs_write_them_and_others_are_asked_about() {
    let names = [
        "GBK",
        "GB-2312",
        "EUC-CN",
        "CP936",
        "936 (ANSI/OEM - 简体中文 GBK)",
        "\u{feff}ANSI 936\r\n",
        "LDID/77",
        "OEM",
        "gb18030",
    ];
    for name in names {
        let made = with_names(0, &[&gbk("东新路地块")]);
        made.put("cpg", name.as_bytes());
        assert_eq!(read(&made).unwrap().0[0].text("DKMC").as_deref(), Some("东新路地块"), "{name}");
    }
    let big5 = encoding_rs::BIG5.encode("東新路").0;
    for name in ["Big-5", "BIG5", "950"] {
        let made = with_names(0, &[&big5]);
        made.put("cpg", name.as_bytes());
        assert_eq!(read(&made).unwrap().0[0].text("DKMC").as_deref(), Some("東新路"), "{name}");
    }
    let made = with_names(0, &[&gbk("东新路地块")]);
    made.put("cpg", "Klingon-7".as_bytes());
    let question = asked(read(&made));
    assert_eq!((question.code, question.option), (FaultCode::EncodingDoubtful, FileOption::Encoding));
    assert!(question.message.contains("“Klingon-7”"), "{}", question.message);
    made.put("cpg", b"windows-1251");
    assert!(asked(read(&made)).message.contains("写不了汉字"));
    let plain = with_names(0, &[b"plain"]);
    plain.put("cpg", b"Klingon-7");
    assert!(read(&plain).is_ok(), "nothing to be read wrongly");
}

#[test]
fn half_a_character_costs_its_record_alone_whatever_is_answered() {
    let (good, mut half) = (gbk("东新路地块"), gbk("石桥路地块"));
    half.pop();
    let mut names: Vec<&[u8]> = vec![good.as_slice(); 10];
    names[3] = &half;
    let made = with_names(GBK, &names);
    for encoding in [None, Some("gbk")] {
        let options = ReadOptions { encoding: encoding.map(str::to_owned), ..ReadOptions::default() };
        let (records, _) = made.read(&options).unwrap();
        let refused: Vec<_> = records.iter().filter(|record| record.geometry.is_err()).collect();
        let fault = refused[0].geometry.clone().unwrap_err();
        assert_eq!((refused.len(), fault.code, fault.record), (1, FaultCode::EncodingWrong, Some(4)));
        assert!(fault.message.contains("“DKMC”"), "{}", fault.message);
    }
    let cut = gbk("一二三四五六七八九十十");
    let filled = with_names(GBK, &[&cut[..20], &gbk("东新路")]);
    assert!(read(&filled).unwrap().0[0].geometry.is_ok());
    let filled = with_names(GBK, &[&[&b"x"[..], &cut[..19]].concat(), &gbk("东新路")]);
    assert_eq!(read(&filled).unwrap().0[0].text("DKMC").as_deref(), Some("x一二三四五六七八九"), "the width cut it");
}

#[test]
fn a_row_in_another_encoding_is_read_and_said() {
    let (utf8, first, last) = ("测试地块乙".as_bytes(), gbk("测试地块甲"), gbk("测试地块丁"));
    let (records, summary) = read(&with_names(GBK, &[&first, utf8, &last])).unwrap();
    let names: Vec<_> = records.iter().map(|record| record.text("DKMC").unwrap()).collect();
    assert_eq!(names, ["测试地块甲", "测试地块乙", "测试地块丁"]);
    assert_eq!(summary.encoding, Some("gb18030"));
    assert_eq!((records[1].faults[0].code, records[1].faults[0].record), (FaultCode::TextForeign, Some(2)));
    assert!(records[0].faults.is_empty() && records[2].faults.is_empty());
}

#[test]
fn figures_that_did_not_fit_or_have_a_decimal_comma_are_said_and_other_types_are_read() {
    let columns: [Column<'_>; 6] =
        [(b"ZDMJ", b'N', 10), (b"B", b'B', 8), (b"I", b'I', 4), (b"Y", b'Y', 8), (b"M", b'M', 10), (b"F", b'F', 10)];
    let row = |area: &str, other: &str| {
        let (b, i, y) = (10000.0f64.to_le_bytes(), 10000i32.to_le_bytes(), 100_000_000i64.to_le_bytes());
        vec![area.into(), b.to_vec(), i.to_vec(), y.to_vec(), b"0000000007".to_vec(), other.into()]
    };
    let table = made::dbf(0x30, GBK, &columns, &[row("**********", "1"), row("10000.00", "10000,00")]);
    let (records, summary) = read(&Made::of(&shapes(2), &table)).unwrap();
    assert_eq!((records[0].faults[0].code, &records[0].attributes["ZDMJ"]), (FaultCode::FieldOverflow, &Value::Null));
    for (key, value) in [("B", json!(10000.0)), ("I", json!(10000)), ("Y", json!(10000))] {
        assert_eq!(records[1].attributes[key], value, "{key}");
    }
    assert_eq!((records[1].faults[0].code, &records[1].attributes["F"]), (FaultCode::ValueUnreadable, &Value::Null));
    assert_eq!(summary.faults[0].code, FaultCode::FieldType);
    assert!(!records[1].attributes.contains_key("M"), "the number of a memo is no text");
}

#[test]
fn dbase_seven_and_marks_before_a_definition_are_known() {
    let mut table = codes(1);
    table[0] = 0x04;
    let fault = refused(read(&Made::of(&shapes(1), &table)));
    assert!(fault.message.contains("dBase 7") && fault.message.contains("dBase III"), "{}", fault.message);
    let made = Made::of(&shapes(1), &codes(1));
    let utf16: Vec<u8> = [0xFF, 0xFE].into_iter().chain(made::PRJ.encode_utf16().flat_map(u16::to_le_bytes)).collect();
    for prj in [utf16, format!("\u{feff}{}", made::PRJ).into_bytes()] {
        made.put("prj", &prj);
        assert_eq!(read(&made).unwrap().1.declared, Declared::Wkt { wkt: made::PRJ.to_owned() });
    }
}

#[test]
fn names_cut_at_ten_bytes_are_completed_for_the_import_that_knows_them() {
    let columns: [Column<'_>; 2] = [(&"宗地代码".as_bytes()[..10], b'C', 28), (&"宗地面积".as_bytes()[..10], b'N', 10)];
    let made = Made::of(&shapes(1), &made::dbf(3, 0, &columns, &[vec![b"CODE".to_vec(), b"10000.00".to_vec()]]));
    made.put("cpg", b"UTF-8");
    let options = ReadOptions { names: vec!["宗地代码", "宗地面积"], ..ReadOptions::default() };
    let (records, summary) = made.read(&options).unwrap();
    assert_eq!(records[0].text("宗地代码").as_deref(), Some("CODE"));
    assert_eq!(records[0].text("宗地面积").as_deref(), Some("10000"));
    assert_eq!(summary.faults.iter().filter(|fault| fault.code == FaultCode::NameCut).count(), 2);
}
