//! Text tables as systems and people write them: separators, guards, encodings, characters nobody sees.

use encoding_rs::GB18030;
use rust_decimal_macros::dec;

use super::workbooks::{Read, open};
use super::*;
use crate::{Fault, FaultCode, FileOption, Severity};
use base::unit::Yuan;

const HEADER: &str = "信用代码,企业名称,税收（万元）";

fn csv(bytes: impl AsRef<[u8]>) -> Read {
    open("表.csv", bytes.as_ref(), &ReadOptions::default())
}

/// The code, the name and the tax of each record.
fn taken(read: Read) -> Vec<(String, String, Option<Yuan>)> {
    let (rows, _) = read.unwrap();
    let mut faults = Vec::new();
    let found = rows
        .iter()
        .map(|row| {
            let text = |key, faults: &mut Vec<Fault>| row.text(key, faults).unwrap_or_default();
            (text("uscc", &mut faults), text("name", &mut faults), row.money("tax", &mut faults))
        })
        .collect();
    assert!(faults.iter().all(|fault| !fault.is_error()), "{faults:?}");
    found
}

fn expected() -> Vec<(String, String, Option<Yuan>)> {
    vec![("913301A".into(), "甲厂".into(), Some(Yuan(dec!(1005000))))]
}

fn refused(read: Read) -> Fault {
    match read {
        Err(Unreadable::Refused(fault)) => *fault,
        other => panic!("{other:?}"),
    }
}

#[test]
fn guards_around_cells_come_off() {
    for row in [
        "913301A\t,甲厂\t,100.5\t",
        "\t913301A,\t甲厂,\t100.5",
        "'913301A,'甲厂,'100.5",
        "`913301A,甲厂,`100.5",
        "=\"913301A\",甲厂,=\"100.5\"",
        "\"=\"\"913301A\"\"\",甲厂,\"=\"\"100.5\"\"\"",
        "\"913301A\t\",\"甲厂\t\",\"100.5\t\"",
        "\u{1f}913301A,甲厂,\u{1f}100.5",
    ] {
        assert_eq!(taken(csv(format!("{HEADER}\r\n{row}\r\n"))), expected(), "{row:?}");
    }
    assert_eq!(taken(csv("信用代码\t,企业名称\t,税收（万元）\t\n913301A\t,甲厂\t,100.5\t\n")), expected());
}

#[test]
fn the_header_says_the_separator() {
    let semicolons = format!("{HEADER},备注\n913301A,甲厂,100.5,\"a;b;c;d;e;f;g;h\"\n");
    assert_eq!(taken(csv(&semicolons)), expected());
    let tabs = format!("{HEADER},备注\n913301A,甲厂,100.5,\"a\tb\tc\td\te\tf\"\n");
    assert_eq!(taken(csv(&tabs)), expected());
    for separator in ["\t", ";", "|"] {
        let text = format!("{}\n913301A,甲厂,100.5\n", HEADER).replace(',', separator);
        assert_eq!(taken(csv(&text)), expected(), "{separator:?}");
        assert_eq!(taken(csv(GB18030.encode(&text).0)), expected(), "{separator:?} in GBK");
    }
    assert_eq!(taken(csv("sep=;\r\n信用代码;企业名称;税收（万元）\r\n913301A;甲厂;100.5\r\n")), expected());
    assert_eq!(taken(csv("税收报表;2024;;;\n信用代码,企业名称,税收（万元）\n913301A,甲厂,100.5\n")), expected());
    let names = "信用代码;企业名称;税收（万元）\n913301A;\"A, B, C, D, E, F\";100.5\n";
    assert_eq!(taken(csv(names))[0].1, "A, B, C, D, E, F");
    for wide in ['，', '；', '、'] {
        let text = format!("{HEADER}\n913301A,甲厂,100.5\n").replace(',', &wide.to_string());
        assert!(refused(csv(&text)).message.contains(&format!("“{wide}”")));
    }
}

#[test]
fn encodings_that_do_not_keep_to_their_mark() {
    let text = format!("{HEADER}\r\n913301A,甲厂,100.5\r\n");
    let gbk = GB18030.encode(&text).0.into_owned();
    assert_eq!(taken(csv([b"\xEF\xBB\xBF".as_slice(), gbk.as_slice()].concat())), expected());
    assert_eq!(taken(csv([gbk.as_slice(), [0x1A].as_slice()].concat())), expected());
    assert_eq!(taken(csv([gbk.as_slice(), [0; 600].as_slice()].concat())), expected());
    assert_eq!(taken(csv([gbk.as_slice(), b"\x1A\r\n".as_slice()].concat())), expected());
    let wide: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    match csv(&wide) {
        Err(Unreadable::Question(question)) => assert_eq!(question.option, FileOption::Encoding),
        other => panic!("{other:?}"),
    }
    let (rows, _) = csv(format!("{HEADER}\n913301A,甲厂,100.5\n\0CODE-B,乙厂,1\n")).unwrap();
    let mut faults = Vec::new();
    assert_eq!((rows.len(), rows[1].text("uscc", &mut faults)), (2, None), "one that strayed is the fault of its cell");
    assert_eq!(faults[0].code, FaultCode::TextUnfit);
    let options = ReadOptions { encoding: Some("utf-16le".into()), ..ReadOptions::default() };
    assert_eq!(taken(open("表.csv", &wide, &options)), expected());
    assert_eq!(
        refused(csv([gbk.as_slice(), b"x\0\x01\x02\0\0\0\0".as_slice()].concat())).code,
        FaultCode::FormatUnknown
    );
}

#[test]
fn a_row_in_another_encoding_is_refused_where_it_stands() {
    let rows: String = (0..20).map(|n| format!("CODE-{n},杭州第{n}机械厂,1\n")).collect();
    let text = format!("{HEADER}\n{rows}");
    let other = "CODE-X,绍兴丝绸厂,1\n";
    let gbk = |text: &str| GB18030.encode(text).0.into_owned();
    let mixed = [
        ("GBK", [gbk(&text).as_slice(), other.as_bytes()].concat()),
        ("UTF-8", [text.as_bytes(), gbk(other).as_slice()].concat()),
        ("a broken byte", [text.as_bytes(), b"CODE-X,\xFF,1\n".as_slice()].concat()),
    ];
    for (whole, bytes) in mixed {
        let (rows, _) = csv(bytes).unwrap();
        let mut faults = Vec::new();
        let names: Vec<Option<String>> = rows.iter().map(|row| row.text("name", &mut faults)).collect();
        assert_eq!(names.iter().filter(|name| name.is_some()).count(), 20, "{whole}: {names:?}");
        assert_eq!(
            (faults[0].code, faults[0].record, faults[0].line),
            (FaultCode::EncodingWrong, Some(21), Some(22)),
            "{whole}"
        );
    }
    let half = [gbk(&text).as_slice(), other.repeat(20).as_bytes()].concat();
    assert!(matches!(csv(half), Err(Unreadable::Question(_))), "of two halves nobody can say which is right");
}

#[test]
fn characters_nobody_sees() {
    let (rows, _) =
        csv(format!("\u{200b}{}\u{200b}\n\u{200b}913301A\u{feff},甲\u{200b}厂,\u{2060}100.5\n", HEADER)).unwrap();
    let mut faults = Vec::new();
    assert_eq!(rows[0].text("uscc", &mut faults).as_deref(), Some("913301A"));
    assert_eq!((faults[0].code, faults[0].severity), (FaultCode::InvisibleCharacters, Severity::Warning));
    assert!(faults[0].message.contains("U+200B、U+FEFF"), "{}", faults[0].message);
    assert_eq!(rows[0].name("name", &mut faults).as_deref(), Some("甲厂"));
    assert!(faults[1].message.contains("企业名称") && faults[1].message.contains("U+200B"));
    assert_eq!(rows[0].money("tax", &mut faults), Some(Yuan(dec!(1005000))));
    let (rows, _) = csv(format!("{HEADER}\n9133\u{200b}01A,\u{3000}甲厂 ,1\n")).unwrap();
    let mut faults = Vec::new();
    assert_eq!(
        rows[0].text("uscc", &mut faults).as_deref(),
        Some("9133\u{200b}01A"),
        "inside a code it is for the code to refuse"
    );
    assert_eq!((rows[0].text("name", &mut faults).as_deref(), faults.len()), (Some("甲厂"), 0), "spaces are no matter");
}

#[test]
fn files_in_disguise_are_named() {
    let wide = |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
    let mark = [0xD0u8, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1];
    let old = |inside: &str| [mark.as_slice(), wide(inside).as_slice()].concat();
    let zip = |names: &[(&str, &str)]| {
        use std::io::Write;
        let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
        for (name, text) in names {
            zip.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
            zip.write_all(text.as_bytes()).unwrap();
        }
        zip.finish().unwrap().into_inner()
    };
    for (is, bytes) in [
        ("网页", b"<html><table><tr><td>x</td></tr></table></html>".to_vec()),
        ("网页", b"\xEF\xBB\xBF\r\n<!DOCTYPE HTML><body>".to_vec()),
        ("网页", b"MIME-Version: 1.0\r\nContent-Type: multipart/related\r\n".to_vec()),
        (
            "XML 电子表格 2003",
            b"<?xml version=\"1.0\"?><Workbook xmlns=\"urn:schemas-microsoft-com:office:spreadsheet\">".to_vec(),
        ),
        ("JSON", b"[ {\"uscc\":\"x\"} ]".to_vec()),
        ("PDF", b"%PDF-1.7".to_vec()),
        ("RAR", b"Rar!\x1A\x07".to_vec()),
        ("旧版 Excel", old("Workbook")),
        ("密码", old("EncryptedPackage")),
        ("Word", old("WordDocument")),
        (".ods", zip(&[("mimetype", "application/vnd.oasis.opendocument.spreadsheet"), ("content.xml", "")])),
        (".xlsb", zip(&[("[Content_Types].xml", ""), ("xl/workbook.bin", "")])),
        ("Word 文档（.docx）", zip(&[("[Content_Types].xml", ""), ("word/document.xml", "")])),
        ("里面有 2 个表格", zip(&[("甲.xlsx", ""), ("乙.csv", "")])),
    ] {
        let fault = refused(open("表.xls", &bytes, &ReadOptions::default()));
        assert_eq!(fault.code, FaultCode::FormatUnknown, "{is}");
        assert!(fault.message.contains(is) && fault.message.contains("请"), "{is}: {}", fault.message);
    }
    let tabs = format!("{HEADER}\n913301A,甲厂,100.5\n").replace(',', "\t");
    assert_eq!(taken(open("表.xls", &GB18030.encode(&tabs).0, &ReadOptions::default())), expected());
}

/// What a spreadsheet writes for a formula that fails is no name and no figure.
#[test]
fn failed_formulas_in_a_text_table_are_faults() {
    for failed in ["#N/A", "#REF!", "#DIV/0!", " #VALUE! ", "#NAME?"] {
        let (rows, _) = csv(format!("{HEADER}\n913301A,{failed},{failed}\n")).unwrap();
        let mut faults = Vec::new();
        assert_eq!((rows[0].name("name", &mut faults), rows[0].money("tax", &mut faults)), (None, None));
        assert!(faults.len() == 2 && faults.iter().all(|it| it.is_error() && it.message.contains(failed.trim())));
    }
    let (rows, _) = csv(format!("{HEADER}\n913301A,#1厂房公司,1\n")).unwrap();
    assert_eq!(rows[0].name("name", &mut Vec::new()).as_deref(), Some("#1厂房公司"));
}

/// Of 256 bytes one after the other every ninth is a control character.
#[test]
fn bytes_that_are_no_text_are_said_to_be_none() {
    let noise: Vec<u8> = (0u32..2048).map(|place| (place * 167 % 256) as u8).collect();
    for name in ["a.xlsx", "a.csv"] {
        let Err(crate::Unreadable::Refused(fault)) = open(name, &noise, &ReadOptions::default()) else {
            panic!("{name} is asked about or read")
        };
        assert_eq!(fault.code, FaultCode::FormatUnknown, "{name}: {fault:?}");
    }
    let stray = "统一社会信用代码,企业名称\n91330105MA27000000,甲\u{1}厂有限公司\n";
    assert!(!crate::encoding::is_binary(stray.as_bytes()), "one control character is its cell's fault");
}
