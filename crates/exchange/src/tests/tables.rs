use std::ops::ControlFlow;

use chrono::NaiveDate;
use encoding_rs::GB18030;
use proptest::prelude::*;
use rust_decimal::Decimal;
use rust_decimal_macros::dec;
use rust_xlsxwriter::{ExcelDateTime, Format, Workbook};

use super::*;
use crate::sheet::{self, Value};
use crate::table::{ColumnSpec, Kind, TableFile, TableRow, TableSpec};
use crate::{Fault, FaultCode, FileOption, Limits, template};
use base::unit::{SquareMetre, Yuan};

const SPEC: TableSpec = TableSpec {
    title: "企业年报",
    columns: &[
        ColumnSpec::new("uscc", &["统一社会信用代码", "信用代码", "USCC"], Kind::Text)
            .required()
            .note("18 位", "91330105MA0000000X"),
        ColumnSpec::new("name", &["企业名称", "单位名称"], Kind::Text),
        ColumnSpec::new("year", &["年度", "年份", "Year"], Kind::Year),
        ColumnSpec::new("tax", &["实缴税收", "税收"], Kind::Money).unit("万元"),
        ColumnSpec::new("revenue", &["主营业务收入"], Kind::Money).unit("万元").assume("元"),
        ColumnSpec::new("land", &["用地面积", "Land area"], Kind::Area).unit("平方米"),
        ColumnSpec::new("energy", &["综合能耗"], Kind::Energy).unit("吨标准煤"),
        ColumnSpec::new("power", &["用电量"], Kind::Electricity).unit("万千瓦时"),
        ColumnSpec::new("rd", &["R&D占比"], Kind::Ratio).unit("%"),
        ColumnSpec::new("staff", &["年平均职工人数"], Kind::Integer).unit("人"),
        ColumnSpec::new("since", &["成立日期"], Kind::Date),
        ColumnSpec::new("hightech", &["是否高新技术企业"], Kind::Flag),
    ],
    notes: &["每家企业每年一行。"],
};

fn open(name: &str, bytes: &[u8], options: &ReadOptions) -> Result<(Vec<TableRow>, Vec<Fault>), Unreadable> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    std::fs::write(&path, bytes).unwrap();
    let mut rows = Vec::new();
    let mut file = TableFile::open(&path, &SPEC, options)?;
    let summary = file.read(&mut |row| {
        rows.push(row);
        ControlFlow::Continue(())
    })?;
    assert_eq!(summary.read, rows.len() as u64);
    Ok((rows, summary.faults))
}

fn csv(text: &str) -> (Vec<TableRow>, Vec<Fault>) {
    open("a.csv", text.as_bytes(), &ReadOptions::default()).unwrap()
}

fn csv_refused(text: &str) -> Fault {
    match open("a.csv", text.as_bytes(), &ReadOptions::default()) {
        Err(Unreadable::Refused(fault)) => *fault,
        other => panic!("{other:?}"),
    }
}

fn one_money(header: &str, cell: &str) -> (Option<Yuan>, Vec<Fault>) {
    let (rows, _) = csv(&format!("信用代码,{header}\nA,\"{cell}\"\n"));
    let mut faults = Vec::new();
    (rows[0].money("tax", &mut faults), faults)
}

#[test]
fn headers_are_matched_tolerantly_and_units_honoured() {
    for (header, yuan) in [
        ("税收(元)", dec!(12.5)),
        ("实缴税收（万元）", dec!(125000)),
        ("＊ 税 收 （ 万 元 ）", dec!(125000)),
        ("税收[单位：万元]", dec!(125000)),
        ("税收/万元", dec!(125000)),
        ("税收万元", dec!(125000)),
        ("税收（必填）（亿元）", dec!(1250000000)),
        ("TAX（千元）", dec!(12500)),
    ] {
        assert_eq!(one_money(header, "12.5").0, Some(Yuan(yuan)), "{header}");
    }
    let (rows, _) = csv("USCC,land area(ha),用电量（万度）,R&D占比（%）,综合能耗(tce)\nA,1.5,2,3.5,4\n");
    let mut faults = Vec::new();
    assert_eq!(rows[0].area("land", &mut faults), Some(SquareMetre(dec!(15000))));
    assert_eq!(rows[0].measure("power", &mut faults), Some(dec!(20000)));
    assert_eq!(rows[0].measure("rd", &mut faults), Some(dec!(0.035)));
    assert_eq!(rows[0].measure("energy", &mut faults), Some(dec!(4)));
    assert!(faults.is_empty());
}

#[test]
fn a_measured_column_without_its_unit_is_refused_unless_one_is_assumed() {
    assert_eq!(csv_refused("信用代码,税收\nA,1\n").code, FaultCode::UnitMissing);
    assert_eq!(csv_refused("信用代码,税收（美元）\nA,1\n").code, FaultCode::UnitUnknown);
    assert_eq!(csv_refused("信用代码,主营业务收入（美元）\nA,1\n").code, FaultCode::UnitUnknown);
    let (rows, _) = csv("信用代码,主营业务收入\nA,7\n");
    assert_eq!(rows[0].money("revenue", &mut Vec::new()), Some(Yuan(dec!(7))));
}

#[test]
fn missing_is_none_and_zero_is_zero() {
    for missing in ["", "-", "/", "无", "—", " － ", "　"] {
        assert_eq!(one_money("税收(元)", missing), (None, vec![]), "{missing}");
    }
    assert_eq!(one_money("税收(元)", "0"), (Some(Yuan::ZERO), vec![]));
}

#[test]
fn figures_as_people_write_them() {
    for (text, yuan) in [
        ("1,234,567.89", dec!(1234567.89)),
        ("１２．５", dec!(12.5)),
        ("￥1,000", dec!(1000)),
        ("-3", dec!(-3)),
        ("1.2E+3", dec!(1200)),
        ("3万元", dec!(30000)),
    ] {
        assert_eq!(one_money("税收(元)", text), (Some(Yuan(yuan)), vec![]), "{text}");
    }
    for text in ["12,34", "约三万", "1.2.3", "1,2345", "NaN", "1_000", "12abc"] {
        let (value, faults) = one_money("税收(元)", text);
        assert_eq!((value, faults[0].code), (None, FaultCode::ValueUnreadable), "{text}");
        assert_eq!((faults[0].record, faults[0].line), (Some(1), Some(2)));
    }
}

#[test]
fn dates_years_flags_and_integers() {
    for text in
        ["2024-01-05", "2024/1/5", "2024年1月5日", "2024.1.5", "20240105", "２０２４-01-05", "2024-01-05 08:30:00"]
    {
        let (rows, _) = csv(&format!("信用代码,成立日期\nA,{text}\n"));
        assert_eq!(rows[0].date("since", &mut Vec::new()), NaiveDate::from_ymd_opt(2024, 1, 5), "{text}");
    }
    for text in ["2024-13-01", "2024年1月", "45292", "24-1-5"] {
        let (rows, _) = csv(&format!("信用代码,成立日期\nA,{text}\n"));
        let mut faults = Vec::new();
        assert_eq!(rows[0].date("since", &mut faults), None);
        assert_eq!(faults[0].code, FaultCode::ValueUnreadable, "{text}");
    }
    let (rows, _) =
        csv("信用代码,年度,是否高新技术企业,年平均职工人数\nA,2023年,是,12\nB,1948,否,12.5\nC,1949,也许,-1\n");
    let mut faults = Vec::new();
    assert_eq!(rows[0].year("year", &mut faults), Some(2023));
    assert_eq!(rows[0].flag("hightech", &mut faults), Some(true));
    assert_eq!(rows[0].integer("staff", &mut faults), Some(12));
    assert_eq!(rows[2].year("year", &mut faults), Some(1949));
    assert!(faults.is_empty());
    assert_eq!(rows[1].year("year", &mut faults), None);
    assert_eq!(rows[1].flag("hightech", &mut faults), Some(false));
    assert_eq!(rows[1].integer("staff", &mut faults), None);
    assert_eq!(rows[2].flag("hightech", &mut faults), None);
    let codes: Vec<_> = faults.iter().map(|fault| fault.code).collect();
    assert_eq!(codes, [FaultCode::YearOutOfRange, FaultCode::ValueUnreadable, FaultCode::ValueUnreadable]);
}

#[test]
fn columns_missing_unknown_and_twice() {
    let fault = csv_refused("企业名称,税收\n甲,1\n");
    assert_eq!(fault.code, FaultCode::UnitMissing);
    assert!(fault.message.contains("缺少“统一社会信用代码”列"), "everything wrong is told at once: {}", fault.message);
    assert_eq!(csv_refused("a,b\n1,2\n").code, FaultCode::HeaderMissing);
    assert_eq!(csv_refused("信用代码,企业名称,单位名称\nA,甲,甲\n").code, FaultCode::ColumnDuplicate);
    let (rows, faults) = csv("附件1：年报\n\n信用代码,企业名称,备注\nA,,x\n,乙,y\n\n");
    assert_eq!((rows.len(), faults[0].code, faults[0].line, rows[0].line), (2, FaultCode::ColumnUnknown, Some(3), 4));
    let (rows, _) = csv("\r\n信用代码,企业名称\r\n\r\nA,\"甲\r\n乙\"\r\n\r\nB,丙");
    assert_eq!((rows[0].line, rows[1].line), (4, 7));
    let (rows, _) = csv("信用代码,企业名称,备注\nA,,x\n,乙,y\n\n");
    let mut faults = Vec::new();
    assert_eq!(rows[1].text("uscc", &mut faults), None);
    assert_eq!(faults[0].code, FaultCode::ValueMissing);
}

#[test]
fn encodings_of_csv() {
    let text = "信用代码,企业名称\r\nA,杭州示例机械有限公司\r\n";
    let bytes: Vec<Vec<u8>> = vec![
        text.into(),
        format!("\u{feff}{text}").into_bytes(),
        GB18030.encode(text).0.into_owned(),
        text.replace(',', "\t").into_bytes(),
        "\u{feff}".encode_utf16().chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect(),
    ];
    for bytes in bytes {
        let (rows, _) = open("a.csv", &bytes, &ReadOptions::default()).unwrap();
        assert_eq!(rows[0].text("name", &mut Vec::new()).as_deref(), Some("杭州示例机械有限公司"));
    }
    let mut broken = GB18030.encode(text).0.into_owned();
    broken.extend([0xFF, 0xFF, b'\n']);
    assert!(
        matches!(open("a.csv", &broken, &ReadOptions::default()), Err(Unreadable::Question(q)) if q.option == FileOption::Encoding)
    );
}

#[test]
fn bounds_of_csv() {
    let wide = format!("信用代码{}\nA\n", ",x".repeat(600));
    assert_eq!(csv_refused(&wide).code, FaultCode::FileTooLarge);
    let quote = format!("信用代码\n\"{}", "x\n".repeat(6 << 20));
    assert_eq!(csv_refused(&quote).code, FaultCode::FileTooLarge);
    let long = format!("信用代码\n{}\n", "x".repeat(40_000));
    assert_eq!(csv_refused(&long).code, FaultCode::FileTooLarge);
    let options = ReadOptions { limits: Limits { table_rows: 2, ..Limits::default() }, ..ReadOptions::default() };
    assert!(open("a.csv", "信用代码\nA\nB\n".as_bytes(), &options).is_err());
    assert_eq!(csv_refused("").code, FaultCode::FileEmpty);
}

/// A header that is understood, with nothing below it, is said to be just that; blank rows are nothing.
#[test]
fn a_header_without_rows_says_what_is_missing() {
    let blank = workbook(|sheet| {
        sheet.write_string(0, 0, "信用代码").unwrap();
        sheet.write_string(3, 0, " ").unwrap();
    });
    let template = template::workbook(&[&SPEC]).unwrap();
    for (name, bytes) in [
        ("a.csv", "信用代码".as_bytes()),
        (
            "a.csv",
            "信用代码
"
            .as_bytes(),
        ),
        (
            "a.csv",
            "信用代码,企业名称
,

 , 
"
            .as_bytes(),
        ),
        ("a.xlsx", &blank),
        ("a.xlsx", &template),
    ] {
        match open(name, bytes, &ReadOptions::default()) {
            Err(Unreadable::Refused(fault)) => {
                assert_eq!(fault.code, FaultCode::HeaderOnly);
                assert!(fault.message.contains("只有表头，没有数据行") && fault.message.contains("请在表头下面"));
            }
            other => panic!("{name}: {other:?}"),
        }
    }
    assert_eq!(
        open(
            "a.csv",
            "信用代码
A
"
            .as_bytes(),
            &ReadOptions::default()
        )
        .unwrap()
        .0
        .len(),
        1
    );
}

fn workbook(fill: impl FnOnce(&mut rust_xlsxwriter::Worksheet)) -> Vec<u8> {
    let mut workbook = Workbook::new();
    fill(workbook.add_worksheet());
    workbook.save_to_buffer().unwrap()
}

#[test]
fn workbook_numbers_come_through_their_shortest_decimal() {
    let bytes = workbook(|sheet| {
        for (place, title) in
            ["信用代码", "税收（万元）", "成立日期", "年度", "是否高新技术企业", "企业名称"].iter().enumerate()
        {
            sheet.write_string(1, place as u16, *title).unwrap();
        }
        let date = Format::new().set_num_format("yyyy-mm-dd");
        sheet.write_string(2, 0, "A").unwrap();
        sheet.write_number(2, 1, 0.1).unwrap();
        sheet.write_datetime_with_format(2, 2, ExcelDateTime::from_ymd(2024, 2, 29).unwrap(), &date).unwrap();
        sheet.write_number(2, 3, 2024).unwrap();
        sheet.write_boolean(2, 4, true).unwrap();
        sheet.write_number(4, 0, 330105001001.0).unwrap();
        sheet.write_number(4, 5, 1234567890123456789.0).unwrap();
    });
    let (rows, _) = open("a.xlsx", &bytes, &ReadOptions::default()).unwrap();
    let mut faults = Vec::new();
    assert_eq!((rows.len(), rows[0].line, rows[1].line), (2, 3, 5));
    assert_eq!(rows[0].money("tax", &mut faults), Some(Yuan(dec!(1000))));
    assert_eq!(rows[0].date("since", &mut faults), NaiveDate::from_ymd_opt(2024, 2, 29));
    assert_eq!(rows[0].year("year", &mut faults), Some(2024));
    assert_eq!(rows[0].flag("hightech", &mut faults), Some(true));
    assert_eq!(rows[1].text("uscc", &mut faults).as_deref(), Some("330105001001"));
    assert!(faults.is_empty());
    assert_eq!(rows[1].text("name", &mut faults), None);
    assert_eq!(faults[0].code, FaultCode::ValueUnreadable);
}

#[test]
fn a_workbook_that_reaches_to_the_last_column_is_refused_without_filling_it() {
    let bytes = workbook(|sheet| {
        sheet.write_string(0, 0, "信用代码").unwrap();
        sheet.write_string(1, 16_383, "x").unwrap();
    });
    let result = open("a.xlsx", &bytes, &ReadOptions::default());
    assert!(matches!(result, Err(Unreadable::Refused(fault)) if fault.code == FaultCode::FileTooLarge));
}

#[test]
fn prefixes_of_a_workbook_never_panic() {
    let bytes = template::workbook(&[&SPEC]).unwrap();
    for length in (0..bytes.len()).step_by(97) {
        let _ = open("a.xlsx", &bytes[..length], &ReadOptions::default());
    }
}

#[test]
fn the_template_is_understood_by_the_reader() {
    let bytes = template::workbook(&[&SPEC]).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("template.xlsx");
    std::fs::write(&path, bytes).unwrap();
    let file = TableFile::open(&path, &SPEC, &ReadOptions::default()).unwrap();
    assert_eq!(file.layout().columns.len(), SPEC.columns.len());
    assert!(file.layout().faults.is_empty());
}

#[test]
fn lists_come_out_as_csv_and_workbook() {
    let headers = ["企业名称", "税收（元）", "面积（平方米）", "日期"];
    let rows = || {
        vec![
            vec!["=cmd()".into(), dec!(1.50).into(), Value::Empty, NaiveDate::from_ymd_opt(2024, 1, 5).unwrap().into()],
            vec!["甲, \"乙\"".into(), dec!(-2).into(), dec!(12345678901234567.89).into(), Value::Empty],
        ]
    };
    let mut out = Vec::new();
    sheet::write_csv(&mut out, &headers, rows()).unwrap();
    let text = String::from_utf8(out).unwrap();
    assert_eq!(
        text,
        "\u{feff}企业名称,税收（元）,面积（平方米）,日期\r\n'=cmd(),1.50,,2024-01-05\r\n\"甲, \"\"乙\"\"\",-2,12345678901234567.89,\r\n"
    );
    assert!(sheet::write_xlsx("清单", &headers, rows()).unwrap().starts_with(b"PK"));
}

proptest! {
    #[test]
    fn a_figure_written_in_any_unit_comes_back(figure in -1_000_000_000_000i64..1_000_000_000_000) {
        let figure = Decimal::new(figure, 4);
        prop_assert_eq!(one_money("税收（万元）", &figure.to_string()).0, Some(Yuan(figure * dec!(10000))));
    }

    #[test]
    fn any_text_is_read_or_refused(text in "(信用代码|税收（万元）|[,\"\n]|\\PC){0,60}") {
        let _ = open("a.csv", text.as_bytes(), &ReadOptions::default());
    }
}

#[test]
fn a_cell_that_cannot_be_kept_is_a_fault_of_its_row() {
    let long = "亩".repeat(501);
    let (rows, _) = csv(&format!("USCC,企业名称\nA,甲\nB,乙\u{0}\nC,\u{1b}丙\nD,{long}\nE,{}\n", &long[3..]));
    let mut seen = Vec::new();
    for row in &rows {
        let mut faults = Vec::new();
        let name = row.text("name", &mut faults);
        seen.push((name.is_some(), faults.first().map(|fault| fault.code)));
        assert!(faults.iter().all(|fault| fault.is_error() && fault.record == Some(row.record)));
    }
    let unfit = (false, Some(FaultCode::TextUnfit));
    assert_eq!(seen, [(true, None), unfit, unfit, unfit, (true, None)]);
}
