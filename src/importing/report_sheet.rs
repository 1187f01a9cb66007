//! A report as a workbook: the records that were not taken, with the reasons beside them, in a table that can be put right
//! and sent again; and every fault.

use std::collections::BTreeMap;

use super::Report;
use super::report::RefusedTable;
use crate::exchange::Fault;
use crate::exchange::sheet::{self, NamedSheet, SheetError, Value};
use crate::exchange::table::{FAULTS, REASON};

/// The bytes of the .xlsx file.
///
/// # Errors
/// When there are more faults than a sheet holds.
pub fn workbook(report: &Report) -> Result<Vec<u8>, SheetError> {
    let mut reasons: BTreeMap<u64, Vec<&str>> = BTreeMap::new();
    for fault in &report.faults {
        if let Some(record) = fault.record {
            reasons.entry(record).or_default().push(&fault.message);
        }
    }
    let mut sheets: Vec<NamedSheet> = report.refused.iter().map(|table| refused(table, &reasons)).collect();
    let shown: usize = report.refused.iter().map(|table| table.rows.len()).sum();
    sheets.push(faults(&report.faults, report.rejected, shown));
    sheet::write_sheets(&sheets)
}

fn refused(table: &RefusedTable, reasons: &BTreeMap<u64, Vec<&str>>) -> NamedSheet {
    let headers = [REASON.to_owned()].into_iter().chain(table.columns.iter().cloned()).collect();
    let row = |row: &super::report::RefusedRow| {
        let reason = reasons.get(&row.record).map(|said| said.join("\n")).unwrap_or_default();
        [Value::Text(reason)].into_iter().chain(row.cells.iter().map(Value::from)).collect()
    };
    NamedSheet { title: table.title.clone(), headers, rows: table.rows.iter().map(row).collect() }
}

fn faults(faults: &[Fault], rejected: u64, shown: usize) -> NamedSheet {
    let headers = ["记录", "行", "程度", "代码", "说明"].map(str::to_owned).to_vec();
    let number = |number: Option<u64>| Value::from(number.and_then(|number| i64::try_from(number).ok()));
    let row = |fault: &Fault| {
        vec![
            number(fault.record),
            number(fault.line),
            fault.severity.label().into(),
            fault.code.code().into(),
            fault.message.as_str().into(),
        ]
    };
    let mut rows: Vec<Vec<Value>> = faults.iter().map(row).collect();
    if (1..rejected).contains(&(shown as u64)) {
        let more = format!(
            "未导入的记录有 {rejected} 条，前面的工作表只列出前 {shown} 条。请改正这些后再次导入，再下载报告。"
        );
        rows.push(vec![Value::Empty, Value::Empty, Value::Empty, Value::Empty, more.into()]);
    }
    NamedSheet { title: FAULTS.to_owned(), headers, rows }
}
