//! A cell is more than its number, and a sheet more than its cells.

use std::ops::ControlFlow;

use chrono::NaiveDate;
use proptest::prelude::*;
use rust_decimal_macros::dec;
use rust_xlsxwriter::{Format, Formula, Workbook, Worksheet};

use super::raw_workbook::{Sheet, row, sheet, workbook};
use super::*;
use crate::table::{ColumnSpec, Figures, Kept, Kind, TableFile, TableRow, TableSpec};
use crate::{Fault, FaultCode, FileOption, Severity};
use base::unit::Yuan;

pub const SPEC: TableSpec = TableSpec {
    title: "企业年报",
    columns: &[
        ColumnSpec::new("uscc", &["信用代码"], Kind::Text).required(),
        ColumnSpec::new("name", &["企业名称"], Kind::Text),
        ColumnSpec::new("year", &["年度"], Kind::Year),
        ColumnSpec::new("tax", &["实缴税收", "税收"], Kind::Money).unit("万元"),
        ColumnSpec::new("revenue", &["营业收入"], Kind::Money).unit("万元"),
        ColumnSpec::new("power", &["用电量"], Kind::Electricity).unit("万千瓦时"),
        ColumnSpec::new("share", &["研发占比"], Kind::Ratio).unit("%"),
        ColumnSpec::new("ratio", &["容积率"], Kind::Decimal),
        ColumnSpec::new("staff", &["平均人数"], Kind::Persons).unit("人").assume("人"),
        ColumnSpec::new("since", &["成立日期"], Kind::Date),
        ColumnSpec::new("last", &["截止日期"], Kind::Date).open_ended(),
        ColumnSpec::new("years", &["年限"], Kind::Integer).unit("年"),
    ],
    notes: &[],
};

pub type Read = Result<(Vec<TableRow>, Vec<Fault>), Unreadable>;

pub fn open(name: &str, bytes: &[u8], options: &ReadOptions) -> Read {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    std::fs::write(&path, bytes).unwrap();
    let mut rows = Vec::new();
    let summary = TableFile::open(&path, &SPEC, options)?.read(&mut |row| {
        rows.push(row);
        ControlFlow::Continue(())
    })?;
    Ok((rows, summary.faults))
}

fn xlsx(bytes: &[u8]) -> (Vec<TableRow>, Vec<Fault>) {
    open("表.xlsx", bytes, &ReadOptions::default()).unwrap()
}

fn refused(read: Read) -> Fault {
    match read {
        Err(Unreadable::Refused(fault)) => *fault,
        other => panic!("{other:?}"),
    }
}

fn asked(read: Read) -> crate::Question {
    match read {
        Err(Unreadable::Question(question)) => *question,
        other => panic!("{other:?}"),
    }
}

/// A sheet of titles in row 1 and one record below, with its cells written by `fill`.
fn written(titles: &[&str], fill: impl FnOnce(&mut Worksheet)) -> Vec<u8> {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    for (place, title) in titles.iter().enumerate() {
        sheet.write_string(0, place as u16, *title).unwrap();
    }
    sheet.write_string(1, 0, "CODE-A").unwrap();
    fill(sheet);
    workbook.save_to_buffer().unwrap()
}

fn number(title: &str, number: f64, format: &str) -> Vec<u8> {
    let format = Format::new().set_num_format(format);
    written(&["信用代码", title], |sheet| {
        sheet.write_number_with_format(1, 1, number, &format).unwrap();
    })
}

fn codes(faults: &[Fault]) -> Vec<(FaultCode, Severity)> {
    faults.iter().map(|fault| (fault.code, fault.severity)).collect()
}

#[test]
fn figures_are_taken_at_the_digits_a_spreadsheet_shows() {
    for (held, taken) in [
        (26.799999999999997, dec!(26.8)),
        (26.800000000000004, dec!(26.8)),
        (0.1 + 0.2, dec!(0.3)),
        (123456789.123456, dec!(123456789.123456)),
        (-0.07 * 100.0, dec!(-7)),
        (1e-20, dec!(0.00000000000000000001)),
    ] {
        let (rows, _) = xlsx(&number("容积率", held, "General"));
        assert_eq!(rows[0].decimal("ratio", &mut Vec::new()), Some(taken), "{held}");
    }
}

proptest! {
    #[test]
    fn fifteen_digits_come_back_whatever_was_computed(digits in -999_999_999_999_999i64..999_999_999_999_999, scale in 0u32..12) {
        let written = rust_decimal::Decimal::new(digits, scale);
        let held: f64 = written.to_string().parse().unwrap();
        let crate::table::Cell::Number(read) = crate::table::Cell::of_f64(held) else { panic!() };
        prop_assert_eq!(read, written.normalize());
    }

    /// What another reader makes of the same workbook.
    #[test]
    fn texts_and_numbers_are_those_another_reader_finds(texts in prop::collection::vec("[a-z<>&\"' 甲乙丙\n0-9]{0,12}", 1..6), numbers in prop::collection::vec(-1e9..1e9f64, 1..6)) {
        use calamine::{Data, Reader};
        let bytes = written(&["信用代码", "企业名称", "容积率"], |sheet| {
            for (row, text) in (1u32..).zip(&texts) {
                sheet.write_string(row, 0, "CODE-A").unwrap();
                sheet.write_string(row, 1, format!("a{text}b")).unwrap();
            }
            for (row, number) in (1u32..).zip(&numbers) {
                sheet.write_string(row, 0, "CODE-A").unwrap();
                sheet.write_number(row, 2, *number).unwrap();
            }
        });
        let mut other = calamine::Xlsx::new(std::io::Cursor::new(bytes.clone())).unwrap();
        let range = other.worksheet_range("Sheet1").unwrap();
        let (rows, _) = xlsx(&bytes);
        for read in &rows {
            let line = read.line as u32 - 1;
            if let Some(Data::String(text)) = range.get_value((line, 1)) {
                prop_assert_eq!(read.cells[1].as_text(), Some(text.clone()));
            }
            if let Some(Data::Float(number)) = range.get_value((line, 2)) {
                let mine: f64 = read.decimal("ratio", &mut Vec::new()).unwrap().to_string().parse().unwrap();
                prop_assert!((mine - number).abs() <= number.abs() * 1e-14 + 1e-20, "{} {}", mine, number);
            }
        }
    }
}

#[test]
fn a_percent_cell_is_the_percentage_it_shows() {
    for (title, held, format, share) in [
        ("研发占比（%）", 0.035, "0.0%", dec!(0.035)),
        ("研发占比（%）", 3.5, "0.0", dec!(0.035)),
        ("研发占比（‰）", 0.035, "0.0%", dec!(0.035)),
        ("研发占比（%）", 3.5, "0.0\"%\"", dec!(0.035)),
    ] {
        let (rows, _) = xlsx(&number(title, held, format));
        let mut faults = Vec::new();
        assert_eq!(rows[0].measure("share", &mut faults), Some(share), "{title} {format}");
        assert!(faults.is_empty());
    }
    let (rows, _) = xlsx(&number("容积率", 1.5, "0%"));
    let mut faults = Vec::new();
    assert_eq!(rows[0].decimal("ratio", &mut faults), None);
    assert_eq!(codes(&faults), [(FaultCode::FigureShownOtherwise, Severity::Error)]);
    assert!(faults[0].message.contains("存储的是 1.5") && faults[0].message.contains("150%"), "{}", faults[0].message);
}

#[test]
fn a_cell_that_shows_another_power_of_ten_is_asked_about() {
    let shown_and_stored = |bytes: &[u8]| {
        let question = asked(open("表.xlsx", bytes, &ReadOptions::default()));
        assert_eq!((question.option, question.candidates.len()), (FileOption::Figures, 2), "{question:?}");
        let take = |figures| {
            let options = ReadOptions { figures: Some(figures), ..ReadOptions::default() };
            open("表.xlsx", bytes, &options).unwrap().0[0].money("tax", &mut Vec::new()).unwrap()
        };
        (take(Figures::Shown), take(Figures::Stored))
    };
    for (title, format, shown, stored) in [
        ("税收（万元）", "0!.0,\"万\"", dec!(1234500), dec!(12345000000)),
        ("税收（万元）", "0\\.0,\"万元\"", dec!(1234500), dec!(12345000000)),
        ("税收（万元）", "0!.0,", dec!(1234500), dec!(12345000000)),
        ("税收（千元）", "#,##0,", dec!(1234500), dec!(1234500000)),
        ("税收（元）", "0!.0,", dec!(123.45), dec!(1234500)),
    ] {
        let found = shown_and_stored(&number(title, 1234500.0, format));
        assert_eq!(found, (Yuan(shown), Yuan(stored)), "{title} {format}");
    }
}

#[test]
fn a_cell_that_shows_the_same_amount_is_no_question() {
    for (title, held, format, yuan) in [
        ("税收（元）", 1234500.0, "0!.0,\"万\"", dec!(1234500)),
        ("税收（元）", 1234500.0, "0!.0,\"万元\"", dec!(1234500)),
        ("税收（万元）", 123.45, "0.00\"万元\"", dec!(1234500)),
        ("税收（万元）", 1234500.0, "0.00\"元\"", dec!(1234500)),
        ("税收（万元）", 123.45, "#,##0.00", dec!(1234500)),
        ("税收（万元）", 123.45, "0.0\"户\"", dec!(1234500)),
        ("税收（万元）", 0.0, "0!.0,", dec!(0)),
        ("税收（万元）", 9999.0, "[>=10000]0!.0,\"万\";0", dec!(99990000)),
    ] {
        let (rows, _) = xlsx(&number(title, held, format));
        assert_eq!(rows[0].money("tax", &mut Vec::new()), Some(Yuan(yuan)), "{title} {format}");
    }
}

#[test]
fn a_formula_without_a_value_is_a_fault_of_its_cell() {
    let cells = |formula: &str| {
        let rows = [row(1, "", &["信用代码", "税收（万元）"]), row(2, "", &["CODE-A", formula])].concat();
        workbook(&[sheet("表", format!("<sheetData>{rows}</sheetData>"))], r#"<calcPr fullCalcOnLoad="1"/>"#, &[])
    };
    for formula in
        [r#"<c r="B2"><f>1+1</f><v/></c>"#, r#"<c r="B2"><f>1+1</f></c>"#, r#"<c r="B2"><f>1+1</f><v></v></c>"#]
    {
        let (rows, _) = xlsx(&cells(formula));
        let mut faults = Vec::new();
        assert_eq!(rows[0].money("tax", &mut faults), None);
        assert_eq!(codes(&faults), [(FaultCode::FormulaNotComputed, Severity::Error)], "{formula}");
        assert!(faults[0].message.contains("B2") && faults[0].message.contains("保存"), "{}", faults[0].message);
    }
    let (rows, _) = xlsx(&cells(r#"<c r="B2"><f>1+1</f><v>2</v></c>"#));
    assert_eq!(rows[0].money("tax", &mut Vec::new()), Some(Yuan(dec!(20000))));
    let (rows, _) = xlsx(&cells(r#"<c r="B2" t="str"><f>""</f><v></v></c>"#));
    assert_eq!(rows[0].money("tax", &mut Vec::new()), None, "a formula may come to nothing");
}

#[test]
fn a_zero_that_was_never_computed_is_warned_of() {
    let bytes = written(&["信用代码", "税收（万元）"], |sheet| {
        sheet.write_formula(1, 1, Formula::new("=1+1")).unwrap();
    });
    let (rows, _) = xlsx(&bytes);
    let mut faults = Vec::new();
    assert_eq!(rows[0].money("tax", &mut faults), Some(Yuan::ZERO));
    assert_eq!(codes(&faults), [(FaultCode::FormulaNotComputed, Severity::Warning)]);
    let kept =
        [row(1, "", &["信用代码", "税收（万元）"]), row(2, "", &["CODE-A", r#"<c r="B2"><f>1-1</f><v>0</v></c>"#])]
            .concat();
    let (rows, _) = xlsx(&workbook(&[sheet("表", format!("<sheetData>{kept}</sheetData>"))], "", &[]));
    let mut faults = Vec::new();
    assert_eq!(
        (rows[0].money("tax", &mut faults), faults.len()),
        (Some(Yuan::ZERO), 0),
        "a saved workbook has computed its zeros"
    );
}

#[test]
fn what_a_spreadsheet_made_of_codes_and_names_is_refused() {
    let day = Format::new().set_num_format("yyyy-m");
    let bytes = written(&["信用代码", "企业名称"], |sheet| {
        sheet.write_number_with_format(1, 1, 45352.0, &day).unwrap();
        sheet.write_number_with_format(2, 0, 45352.0, &day).unwrap();
        sheet.write_boolean(2, 1, true).unwrap();
        sheet.write_number(3, 0, 3.30105202400012e17).unwrap();
        sheet.write_string(4, 0, "3.30105E+18").unwrap();
        sheet.write_number(5, 0, 999_999_999_999_999.0).unwrap();
    });
    let (rows, _) = xlsx(&bytes);
    let said = |row: &TableRow, key| {
        let mut faults = Vec::new();
        (row.text(key, &mut faults), faults.first().map(|fault| fault.code))
    };
    assert_eq!(said(&rows[0], "name"), (None, Some(FaultCode::CodeDamaged)));
    assert_eq!(said(&rows[1], "uscc"), (None, Some(FaultCode::CodeDamaged)));
    assert_eq!(said(&rows[1], "name"), (None, Some(FaultCode::ValueUnreadable)));
    assert_eq!(said(&rows[2], "uscc"), (None, Some(FaultCode::ValueUnreadable)));
    assert_eq!(said(&rows[3], "uscc"), (None, Some(FaultCode::ValueUnreadable)));
    assert_eq!(said(&rows[4], "uscc"), (Some("999999999999999".into()), None));
    let mut faults = Vec::new();
    rows[0].text("name", &mut faults);
    assert!(faults[0].message.contains("B2") && faults[0].message.contains("2024-3"), "{}", faults[0].message);
}

#[test]
fn zeros_that_are_shown_belong_to_a_code() {
    let format = Format::new().set_num_format("0000");
    let bytes = written(&["信用代码", "企业名称"], |sheet| {
        sheet.write_number_with_format(1, 1, 111.0, &format).unwrap();
    });
    assert_eq!(xlsx(&bytes).0[0].text("name", &mut Vec::new()).as_deref(), Some("0111"));
}

#[test]
fn days_of_both_calendars_and_of_neither() {
    let cells = |serial: &str, style: u8| {
        let cell = format!(r#"<c r="B2" s="{style}"><v>{serial}</v></c>"#);
        format!("<sheetData>{}{}</sheetData>", row(1, "", &["信用代码", "成立日期"]), row(2, "", &["CODE-A", &cell]))
    };
    let day = |properties: &str, serial: &str, style: u8| {
        let bytes = workbook(&[sheet("表", cells(serial, style))], properties, &["yyyy-mm-dd"]);
        let mut faults = Vec::new();
        (xlsx(&bytes).0[0].date("since", &mut faults), faults.first().map(|fault| fault.message.clone()))
    };
    let date = NaiveDate::from_ymd_opt;
    assert_eq!(day("", "42156", 1).0, date(2015, 6, 1));
    assert_eq!(day("", "42156.75", 1).0, date(2015, 6, 1));
    assert_eq!(day(r#"<workbookPr date1904="1"/>"#, "40694", 1).0, date(2015, 6, 1));
    assert_eq!(day("", "59", 1).0, date(1900, 2, 28));
    assert_eq!(day("", "61", 1).0, date(1900, 3, 1));
    assert_eq!(day("", "60", 1).0, None, "there was no 29 February 1900");
    let (none, said) = day("", "42156", 0);
    assert!(none.is_none() && said.unwrap().contains("序号"));
    assert_eq!(day("", "20150601", 0).0, date(2015, 6, 1));
}

#[test]
fn a_row_or_a_cell_given_twice_is_refused() {
    let inside = |rows: &[String]| {
        let rows = rows.concat();
        workbook(
            &[sheet("表", format!("<sheetData>{}{rows}</sheetData>", row(1, "", &["信用代码", "企业名称"])))],
            "",
            &[],
        )
    };
    let twice = inside(&[row(2, "", &["CODE-A"]), row(2, "", &["CODE-B"])]);
    let fault = refused(open("表.xlsx", &twice, &ReadOptions::default()));
    assert_eq!((fault.code, fault.line), (FaultCode::FileInconsistent, Some(2)));
    let cell = r#"<c r="B2" t="inlineStr"><is><t>甲</t></is></c><c r="B2" t="inlineStr"><is><t>乙</t></is></c>"#;
    let fault = refused(open("表.xlsx", &inside(&[row(2, "", &["CODE-A", cell])]), &ReadOptions::default()));
    assert_eq!((fault.code, fault.message.contains("B2")), (FaultCode::FileInconsistent, true));
}

#[test]
fn macro_and_chart_sheets_are_passed_over() {
    let table = format!("<sheetData>{}{}</sheetData>", row(1, "", &["信用代码"]), row(2, "", &["CODE-A"]));
    let other = |name, kind| Sheet { kind, ..sheet(name, table.clone()) };
    let bytes = workbook(
        &[
            other("宏", "xlMacrosheet"),
            other("图", "chartsheet"),
            other("框", "dialogsheet"),
            sheet("表", table.clone()),
        ],
        "",
        &[],
    );
    assert_eq!(xlsx(&bytes).0.len(), 1);
    let none = workbook(&[other("宏", "xlMacrosheet")], "", &[]);
    assert!(refused(open("表.xlsx", &none, &ReadOptions::default())).message.contains("没有数据工作表"));
}

#[test]
fn hidden_rows_columns_and_sheets_are_said() {
    let rows = [
        row(1, "", &["信用代码", "企业名称"]),
        row(2, "", &["CODE-A"]),
        row(3, r#"hidden="1""#, &["CODE-B"]),
        row(4, r#"hidden="true""#, &[]),
    ];
    let table = format!(r#"<cols><col min="2" max="3" hidden="1"/></cols><sheetData>{}</sheetData>"#, rows.concat());
    let hidden = || Sheet { attributes: r#"state="hidden""#, ..sheet("旧表", table.clone()) };
    let (rows, faults) = xlsx(&workbook(&[sheet("表", table.clone()), hidden()], "", &[]));
    assert_eq!(rows.len(), 2);
    assert_eq!(codes(&faults), [(FaultCode::RowsHidden, Severity::Warning); 3], "{faults:?}");
    let said = faults.iter().map(|fault| fault.message.as_str()).collect::<String>();
    assert!(
        said.contains("“旧表”") && said.contains("“企业名称”列") && said.contains("有 1 行是隐藏的（第 3 行）"),
        "{said}"
    );
    let question = asked(open("表.xlsx", &workbook(&[hidden()], "", &[]), &ReadOptions::default()));
    assert_eq!((question.option, question.candidates[0].value.as_str()), (FileOption::Layer, "旧表"));
    let options = ReadOptions { layer: Some("旧表".into()), ..ReadOptions::default() };
    assert_eq!(open("表.xlsx", &workbook(&[hidden()], "", &[]), &options).unwrap().0.len(), 2);
}

/// The namespace prefix, relations with absolute paths, and cells without addresses, as other programs write them.
#[test]
fn other_dialects_of_the_format_are_read() {
    let inside = "<sheetData><row><c t=\"inlineStr\"><is><r><t>信用</t></r><r><t>代码</t></r><rPh sb=\"0\" eb=\"1\"><t>xin</t></rPh></is></c><c t=\"str\"><v>企业&amp;名称</v></c></row><row><c t=\"inlineStr\"><is><t>A&#x4E59;</t></is></c></row></sheetData>";
    let (rows, faults) = xlsx(&workbook(&[sheet("表", inside)], "", &[]));
    assert_eq!((rows[0].line, rows[0].text("uscc", &mut Vec::new()).as_deref()), (2, Some("A乙")));
    assert!(faults[0].message.contains("企业&名称"), "{faults:?}");
}

#[test]
fn persons_in_ten_thousands_and_years_in_months_are_not_mistaken() {
    let (rows, _) = xlsx(&number("平均人数（万人）", 1.2, "General"));
    assert_eq!(rows[0].measure("staff", &mut Vec::new()), Some(dec!(12000)));
    let (rows, _) = xlsx(&number("平均人数", 12.0, "General"));
    assert_eq!(rows[0].measure("staff", &mut Vec::new()), Some(dec!(12)));
    assert_eq!(
        refused(open("表.xlsx", &number("年限（月）", 12.0, "General"), &ReadOptions::default())).code,
        FaultCode::UnitUnknown
    );
    let (rows, _) = xlsx(&number("年限（年）", 12.0, "General"));
    assert_eq!(rows[0].integer("years", &mut Vec::new()), Some(12));
}

/// What was refused for what it is goes back as an error, not as a value that would be taken the next time.
#[test]
fn what_goes_back_is_not_taken_as_it_stands() {
    let inside = [
        r#"<sheetData>"#.to_owned(),
        row(1, "", &["信用代码", "企业名称", "税收（万元）", "营业收入（万元）"]),
        row(2, "", &["CODE-A", r#"<c r="B2" t="b"><v>1</v></c>"#, r#"<c r="C2"><f>A1</f></c>"#, "5"]),
        row(3, "", &["CODE-B", "乙", r#"<c r="C3"><v>7</v></c>"#, "5"]),
        row(4, "", &["CODE-C", "丙", "", "5"]),
        r#"</sheetData><mergeCells><mergeCell ref="C3:C4"/></mergeCells>"#.to_owned(),
    ];
    let (rows, _) = xlsx(&workbook(&[sheet("表", inside.concat())], "", &[]));
    let again: Vec<Vec<Kept>> = rows.iter().map(TableRow::again).collect();
    let failed = Kept::Text("#N/A".into());
    assert_eq!(again[0][1..3], [failed.clone(), failed.clone()], "TRUE as a name, a formula without a value");
    assert_eq!((&again[1][2], &again[2][2]), (&failed, &failed), "a merged figure is not two figures");
    assert_eq!(again[2][1], Kept::Text("丙".into()));
}

#[test]
fn a_text_that_is_not_in_the_file_is_damage() {
    let inside = format!("<sheetData>{}</sheetData>", row(1, "", &["信用代码", r#"<c r="B1" t="s"><v>7</v></c>"#]));
    let fault = refused(open("表.xlsx", &workbook(&[sheet("表", inside)], "", &[]), &ReadOptions::default()));
    assert_eq!((fault.code, fault.line), (FaultCode::FileTruncated, Some(1)));
}

#[test]
fn a_cell_that_only_has_a_type_is_empty() {
    let cells = ["CODE-A", r#"<c r="B2" t="b"/>"#, r#"<c r="C2" t="s"/>"#];
    let inside = format!(
        "<sheetData>{}{}</sheetData>",
        row(1, "", &["信用代码", "企业名称", "税收（万元）"]),
        row(2, "", &cells)
    );
    let (rows, _) = xlsx(&workbook(&[sheet("表", inside)], "", &[]));
    let mut faults = Vec::new();
    assert_eq!((rows[0].text("name", &mut faults), rows[0].money("tax", &mut faults), faults.len()), (None, None, 0));
}

/// Land is kept in mu and a daily rate told in ‰, whatever the file writes: the preview says so.
#[test]
fn a_preview_shows_figures_in_the_unit_it_names() {
    static LAND: TableSpec = TableSpec {
        title: "用地",
        columns: &[
            ColumnSpec::new("uscc", &["信用代码"], Kind::Text).required(),
            ColumnSpec::new("land", &["用地面积"], Kind::Land).unit("平方米"),
            ColumnSpec::new("rate", &["违约金"], Kind::Ratio).unit("‰").assume("‰"),
            ColumnSpec::new("cap", &["上限"], Kind::Ratio).unit("%").assume("%"),
        ],
        notes: &[],
    };
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("表.csv");
    std::fs::write(&path, "信用代码,用地面积（平方米）,违约金,上限\nCODE-A,400000,0.1%,20\n").unwrap();
    let mut file = TableFile::open(&path, &LAND, &ReadOptions::default()).unwrap();
    assert_eq!(file.layout().sample_titles(), ["信用代码", "用地面积（亩）", "违约金（‰）", "上限（%）"]);
    let mut shown = Vec::new();
    file.read(&mut |row| {
        shown.push(row.sample());
        ControlFlow::Continue(())
    })
    .unwrap();
    assert_eq!(shown, [["CODE-A", "600", "1", "20"]]);
}
