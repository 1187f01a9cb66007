//! Headers of several rows, units above the table, rows that are no records, merged cells.

use rust_decimal_macros::dec;
use rust_xlsxwriter::{Format, Workbook, Worksheet};

use super::workbooks::{Read, open};
use super::*;
use crate::table::TableRow;
use crate::{Fault, FaultCode, Severity};
use base::unit::Yuan;

/// A sheet of texts and figures, row by row, with cells merged afterwards: first row, first column, last row, last column.
fn sheet(rows: &[&[&str]], merges: &[(u32, u16, u32, u16)]) -> Vec<u8> {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    for (line, row) in (0u32..).zip(rows) {
        for (place, text) in (0u16..).zip(*row) {
            write(sheet, line, place, text);
        }
    }
    for (first_row, first, last_row, last) in merges {
        let text = rows[*first_row as usize][*first as usize];
        sheet.merge_range(*first_row, *first, *last_row, *last, "", &Format::new()).unwrap();
        write(sheet, *first_row, *first, text);
    }
    workbook.save_to_buffer().unwrap()
}

fn write(sheet: &mut Worksheet, line: u32, place: u16, text: &str) {
    match text.parse::<f64>() {
        Ok(number) => drop(sheet.write_number(line, place, number).unwrap()),
        Err(_) if text.is_empty() => {}
        Err(_) => drop(sheet.write_string(line, place, text).unwrap()),
    }
}

fn read(bytes: &[u8]) -> Read {
    open("表.xlsx", bytes, &ReadOptions::default())
}

fn csv(text: &str) -> Read {
    open("表.csv", text.as_bytes(), &ReadOptions::default())
}

fn refused(read: Read) -> Fault {
    match read {
        Err(Unreadable::Refused(fault)) => *fault,
        other => panic!("{other:?}"),
    }
}

fn money(row: &TableRow, key: &str) -> Option<Yuan> {
    let mut faults = Vec::new();
    let found = row.money(key, &mut faults);
    assert!(faults.is_empty(), "{faults:?}");
    found
}

#[test]
fn a_departments_template_is_read_as_it_is() {
    let titles = ["序号", "信用代码", "企业名称", "年度", "税收及用电", "", "备注说明"];
    let below = ["", "", "", "", "实缴税收（万元）", "用电量（万千瓦时）", ""];
    let codes = ["", "X1", "X2", "X3", "G1", "G2", "X9"];
    let numbers: Vec<String> = (1..=390).map(|number| number.to_string()).collect();
    let mut rows: Vec<Vec<&str>> =
        vec![vec!["附表　某部门数据采集表"], codes.to_vec(), titles.to_vec(), below.to_vec()];
    for (place, number) in numbers.iter().enumerate() {
        rows.push(match place {
            0 => vec![number, "CODE-A", "甲", "2024", "100", "0", ""],
            1 => vec![number, "CODE-B", "乙", "2024", "", "5", ""],
            _ => vec![number, "", "", "2024"],
        });
    }
    rows.push(vec!["备注：没有的留空。"]);
    let rows: Vec<&[&str]> = rows.iter().map(Vec::as_slice).collect();
    let merges = [(2, 0, 3, 0), (2, 1, 3, 1), (2, 2, 3, 2), (2, 3, 3, 3), (2, 4, 2, 5), (2, 6, 3, 6)];
    let (records, faults) = read(&sheet(&rows, &merges)).unwrap();
    assert_eq!(records.len(), 2, "{faults:?}");
    assert_eq!(money(&records[0], "tax"), Some(Yuan(dec!(1000000))));
    assert_eq!(records[0].measure("power", &mut Vec::new()), Some(dec!(0)), "a zero is a figure");
    assert_eq!((money(&records[1], "tax"), records[1].measure("power", &mut Vec::new())), (None, Some(dec!(50000))));
    let passed = faults.iter().find(|fault| fault.code == FaultCode::RowsPassedOver).unwrap();
    assert!(passed.severity != Severity::Error && passed.message.contains("388"), "{}", passed.message);
}

const TWO_ROWS: [&[&str]; 3] = [
    &["信用代码", "企业名称", "税收（万元）", "", "", "营业收入（万元）"],
    &["", "", "增值税", "企业所得税", "实缴税收", ""],
    &["CODE-A", "甲", "60", "40", "100", "5000"],
];
const MERGED: [(u32, u16, u32, u16); 4] = [(0, 0, 1, 0), (0, 1, 1, 1), (0, 2, 0, 4), (0, 5, 1, 5)];

#[test]
fn a_title_over_several_columns_never_means_its_leftmost() {
    let as_csv = TWO_ROWS.map(|row| row.join(",")).join("\n");
    for (rows, faults) in
        [read(&sheet(&TWO_ROWS, &MERGED)), read(&sheet(&TWO_ROWS, &[])), csv(&as_csv)].map(Result::unwrap)
    {
        assert_eq!(rows.len(), 1);
        assert_eq!(money(&rows[0], "tax"), Some(Yuan(dec!(1000000))), "the unit is that of the title above");
        assert_eq!(money(&rows[0], "revenue"), Some(Yuan(dec!(50000000))));
        let unknown: Vec<&str> = faults.iter().map(|fault| fault.message.as_str()).collect();
        assert!(unknown[0].contains("税收（万元）／增值税") && unknown[1].contains("企业所得税"), "{unknown:?}");
    }
}

#[test]
fn last_year_and_this_year_production_and_total() {
    let rows: [&[&str]; 3] = [
        &["信用代码", "税收（万元）", "", "用电量（万千瓦时）", "", ""],
        &["", "上年", "本年", "生产", "生活", "合计"],
        &["CODE-A", "90", "100", "5", "1", "6"],
    ];
    let merges = [(0, 0, 1, 0), (0, 1, 0, 2), (0, 3, 0, 5)];
    let (read_rows, faults) = read(&sheet(&rows, &merges)).unwrap();
    assert_eq!(money(&read_rows[0], "tax"), Some(Yuan(dec!(1000000))));
    assert_eq!(read_rows[0].measure("power", &mut Vec::new()), Some(dec!(60000)));
    assert_eq!(faults.iter().filter(|fault| fault.code == FaultCode::ColumnUnknown).count(), 3);
    let above: [&[&str]; 3] = [
        &["信用代码", "上年", "", "本年", ""],
        &["", "税收（万元）", "营业收入（万元）", "税收（万元）", "营业收入（万元）"],
        &["CODE-A", "90", "900", "100", "1000"],
    ];
    let (read_rows, _) = read(&sheet(&above, &[(0, 0, 1, 0), (0, 1, 0, 2), (0, 3, 0, 4)])).unwrap();
    assert_eq!(money(&read_rows[0], "tax"), Some(Yuan(dec!(1000000))));
}

#[test]
fn a_divided_column_of_which_none_is_the_one_is_refused() {
    for parts in [["上年", "去年同期"], ["2023年", "2024年"], ["生产", "生活"]] {
        let rows: [&[&str]; 3] =
            [&["信用代码", "税收（万元）", ""], &["", parts[0], parts[1]], &["CODE-A", "90", "100"]];
        let fault = refused(read(&sheet(&rows, &[(0, 0, 1, 0), (0, 1, 0, 2)])));
        assert_eq!(fault.code, FaultCode::ColumnDivided);
        assert!(fault.message.contains(parts[0]) && fault.message.contains(parts[1]), "{}", fault.message);
    }
}

#[test]
fn two_columns_that_both_claim_to_be_the_one_are_refused() {
    let rows: [&[&str]; 3] = [
        &["信用代码", "工业", "", "服务业", ""],
        &["", "税收（元）", "其他", "税收（元）", "其他"],
        &["CODE-A", "1", "2", "3", "4"],
    ];
    let fault = refused(read(&sheet(&rows, &[(0, 0, 1, 0), (0, 1, 0, 2), (0, 3, 0, 4)])));
    assert_eq!(fault.code, FaultCode::ColumnDuplicate);
}

#[test]
fn units_may_stand_in_a_row_of_their_own_or_above_the_table() {
    let below = csv("信用代码,税收,营业收入\n,万元,（元）\nCODE-A,1,2\n").unwrap().0;
    assert_eq!((money(&below[0], "tax"), money(&below[0], "revenue")), (Some(Yuan(dec!(10000))), Some(Yuan(dec!(2)))));
    for unit in ["单位：万元", "（金额单位:万元）", "单位：万元、亩", "计量单位：万元"] {
        let above =
            csv(&format!("年报,,\n填报单位：某街道,,{unit}\n信用代码,税收,营业收入（元）\nCODE-A,1,2\n")).unwrap().0;
        assert_eq!(money(&above[0], "tax"), Some(Yuan(dec!(10000))), "{unit}");
        assert_eq!(money(&above[0], "revenue"), Some(Yuan(dec!(2))), "its own unit goes before");
    }
    assert_eq!(refused(csv("填报单位：万元公司\n信用代码,税收\nCODE-A,1\n")).code, FaultCode::UnitMissing);
}

/// What stands above a header is no part of it, whether or not the cells beside it are filled.
#[test]
fn rows_above_the_header_lend_it_no_words() {
    let header = ["信用代码", "企业名称", "年度", "税收", "营业收入"];
    let record = ["CODE-A", "甲", "2024", "100", "5000"];
    for above in [
        vec!["2024 年计划调整企业年报", "", "", "", ""],
        vec!["填报单位：某街道", "", "", "", "单位：万元"],
        vec!["", "", "", "单位：万元", ""],
        vec!["X1", "X2", "X3", "X4", "X5"],
        vec!["甲", "乙", "1", "2", "3"],
    ] {
        let unit = ["单位：万元", "", "", "", ""];
        let rows = [unit.as_slice(), above.as_slice(), header.as_slice(), record.as_slice()];
        for (bytes, kind) in [(sheet(&rows, &[]), "apart"), (sheet(&rows, &[(0, 0, 0, 4)]), "merged")] {
            let (found, faults) = read(&bytes).unwrap();
            assert_eq!((found.len(), faults.len()), (1, 0), "{kind} {above:?}: {faults:?}");
            assert_eq!(found[0].layout.column("tax").unwrap().header, "税收");
            assert_eq!(money(&found[0], "tax"), Some(Yuan(dec!(1000000))), "{kind} {above:?}");
        }
    }
    let brackets = csv("信用代码,税收（单位：万元）\nCODE-A,1\n").unwrap().0;
    assert_eq!(money(&brackets[0], "tax"), Some(Yuan(dec!(10000))), "a colon in brackets is the title's own");
}

/// A header of more rows than are understood is refused, never read at its leftmost column.
#[test]
fn a_header_of_too_many_rows_is_refused() {
    let rows: [&[&str]; 5] = [
        &["信用代码", "税收（万元）", "", "", ""],
        &["", "国税", "", "地税", ""],
        &["", "增值税", "", "其他", ""],
        &["", "一般", "简易", "甲类", "乙类"],
        &["CODE-A", "1", "2", "3", "4"],
    ];
    let merges = [(0, 0, 3, 0), (0, 1, 0, 4), (1, 1, 1, 2), (1, 3, 1, 4), (2, 1, 2, 2), (2, 3, 2, 4)];
    assert!(read(&sheet(&rows, &merges)).is_err());
}

#[test]
fn totals_notes_codes_and_empty_numbered_rows_are_no_records() {
    let mut text =
        String::from("年报,,,\n序号,信用代码,企业名称,税收（万元）\nX1,X2,X3,X4\n1,CODE-A,甲,100\n2,CODE-B,乙,200\n");
    for number in 3..=390 {
        text.push_str(&format!("{number},,,\n"));
    }
    text.push_str(",,合计,300\n合 计：,,,300\n备注：数据来自税务部门,,,\n填表人：某甲,,审核人：某乙,\n");
    let (rows, faults) = csv(&text).unwrap();
    assert_eq!(rows.iter().map(|row| row.line).collect::<Vec<_>>(), [4, 5]);
    let said = faults.iter().find(|fault| fault.code == FaultCode::RowsPassedOver).unwrap();
    assert_eq!(said.severity, Severity::Warning);
    for part in ["第 394、395 行是合计行", "第 396、397 行是备注", "第 3 行是栏目代码", "等 388 行没有可识别的数据"]
    {
        assert!(said.message.contains(part), "{part}: {}", said.message);
    }
}

/// A name is not a total because it holds the word, nor is a row without its code a note.
#[test]
fn records_that_only_look_like_totals_are_kept() {
    let (rows, faults) =
        csv("信用代码,企业名称,税收（元）\nCODE-A,合计科技有限公司,1\n,小计机械有限公司,2\n,说明书印刷厂,3\n").unwrap();
    assert_eq!(rows.len(), 3, "{faults:?}");
    let mut found = Vec::new();
    assert_eq!(rows[1].text("uscc", &mut found), None);
    assert_eq!(found[0].code, FaultCode::ValueMissing);
}

#[test]
fn a_departments_template_is_read() {
    let rows: [&[&str]; 8] = [
        &["企业用电情况表", "", "", "", ""],
        &["X1", "X2", "G1", "G2", "G3"],
        &["序号", "信用代码", "用电量（万千瓦时）", "", ""],
        &["", "", "生产", "生活", "合计"],
        &["1", "CODE-A", "5", "1", "6"],
        &["2", "", "", "", ""],
        &["3", "", "", "", ""],
        &["备注：按年填报", "", "", "", ""],
    ];
    let merges = [(0, 0, 0, 4), (2, 0, 3, 0), (2, 1, 3, 1), (2, 2, 2, 4), (7, 0, 7, 4)];
    let (found, faults) = read(&sheet(&rows, &merges)).unwrap();
    assert_eq!((found.len(), found[0].line), (1, 5));
    assert_eq!(found[0].measure("power", &mut Vec::new()), Some(dec!(60000)));
    assert!(faults.iter().any(|fault| fault.code == FaultCode::ColumnUnknown && fault.message.contains("序号")));
}

#[test]
fn codes_in_merged_cells_hold_for_each_row_and_figures_do_not() {
    let rows: [&[&str]; 6] = [
        &["信用代码", "企业名称", "年度", "税收（元）"],
        &["CODE-A", "甲", "2022", "100"],
        &["", "", "2023", "110"],
        &["", "", "2024", "120"],
        &["CODE-B", "乙", "2023", "50"],
        &["", "", "2024", ""],
    ];
    let (found, _) =
        read(&sheet(&rows, &[(1, 0, 3, 0), (1, 1, 3, 1), (4, 0, 5, 0), (4, 1, 5, 1), (4, 3, 5, 3)])).unwrap();
    let code = |row: &TableRow| row.text("uscc", &mut Vec::new()).unwrap();
    assert_eq!(found.iter().map(code).collect::<Vec<_>>(), ["CODE-A", "CODE-A", "CODE-A", "CODE-B", "CODE-B"]);
    assert_eq!(money(&found[2], "tax"), Some(Yuan(dec!(120))));
    for row in &found[3..] {
        let mut faults = Vec::new();
        assert_eq!(row.money("tax", &mut faults), None);
        assert_eq!(faults[0].code, FaultCode::CellMerged);
    }
}

#[test]
fn a_figure_merged_over_two_columns_is_neither() {
    let rows: [&[&str]; 2] = [&["信用代码", "税收（元）", "营业收入（元）"], &["CODE-A", "100", ""]];
    let (found, _) = read(&sheet(&rows, &[(1, 1, 1, 2)])).unwrap();
    for key in ["tax", "revenue"] {
        let mut faults = Vec::new();
        assert_eq!((found[0].money(key, &mut faults), faults[0].code), (None, FaultCode::CellMerged));
    }
}

#[test]
fn an_end_that_never_comes_is_no_fault() {
    for text in ["长期", "无固定期限", "永久", "9999-12-31", "至今"] {
        let (rows, _) = csv(&format!("信用代码,截止日期,成立日期\nCODE-A,{text},{text}\n")).unwrap();
        let mut faults = Vec::new();
        assert_eq!(
            (rows[0].date("last", &mut faults), rows[0].never_ends("last"), faults.len()),
            (None, true, 0),
            "{text}"
        );
        assert!(!rows[0].never_ends("since"), "only where a last day is asked for");
    }
    let (rows, _) = csv("信用代码,截止日期\nCODE-A,\nCODE-B,2099-12-31\n").unwrap();
    assert!(!rows[0].never_ends("last") && rows[1].date("last", &mut Vec::new()).is_some());
}
