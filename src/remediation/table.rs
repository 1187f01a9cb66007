//! The list as a table: CSV and XLSX with units in the headers.

use std::io::{self, Write};

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use rust_xlsxwriter::{Format, Workbook, XlsxError};

use super::list::Entry;
use super::{Line, view};
use crate::base::unit::rounded;

pub const HEADERS: [&str; 18] = [
    "统一社会信用代码",
    "企业名称",
    "街道代码",
    "街道",
    "行业代码",
    "规模",
    "认定结果",
    "列为低效",
    "实缴税收（元）",
    "税收数据状态",
    "用地（平方米）",
    "用地（亩）",
    "亩均税收（元/亩）",
    "标准（元/亩）",
    "每百平方米建筑面积税收（元）",
    "过渡期至（不含当日）",
    "依据条款",
    "说明",
];

/// A sheet of a workbook holds so many rows, the header among them.
const SHEET_ROWS: u32 = 1_048_576;

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cell {
    Empty,
    Text(String),
    Number(Decimal),
}

impl Cell {
    fn text(value: impl Into<String>) -> Self {
        Cell::Text(value.into())
    }

    fn optional(value: Option<impl Into<String>>) -> Self {
        value.map_or(Cell::Empty, Cell::text)
    }

    fn number(value: Option<Decimal>) -> Self {
        value.map_or(Cell::Empty, Cell::Number)
    }

    fn plain(&self) -> String {
        match self {
            Cell::Empty => String::new(),
            Cell::Text(text) => text.clone(),
            Cell::Number(number) => number.to_string(),
        }
    }
}

/// The cells of one line, under [`HEADERS`].
pub fn cells(entry: &Entry, line: &Line) -> [Cell; 18] {
    let judgement = &entry.judgement;
    let quotient = |value: Option<Decimal>| Cell::number(value.and_then(|value| rounded(value, 4).parse().ok()));
    [
        Cell::text(&entry.uscc),
        Cell::text(&entry.name),
        Cell::optional(entry.subdistrict.as_ref()),
        Cell::optional(entry.subdistrict_name.as_ref()),
        Cell::optional(entry.industry_code.as_ref()),
        Cell::text(entry.facts.size_class.label()),
        Cell::text(judgement.outcome.label()),
        Cell::text(if judgement.low_efficiency { "是" } else { "否" }),
        Cell::number(view::tax(entry)),
        Cell::optional(entry.tax_state.map(|state| state.label())),
        Cell::number(view::land(entry).map(|land| land.0.round_dp(6).normalize())),
        Cell::number(view::land(entry).map(|land| land.to_mu().0.round_dp(6).normalize())),
        quotient(judgement.tax_per_mu),
        Cell::Number(line.floor),
        quotient(judgement.tax_per_100_m2_floor),
        Cell::optional(judgement.transition.map(|transition| transition.until.to_string())),
        Cell::text(&line.article),
        Cell::text(&judgement.explanation),
    ]
}

/// CSV in UTF-8 with a byte-order mark, without which the common spreadsheet program takes it for GBK.
pub struct CsvTable<W: Write> {
    writer: csv::Writer<W>,
}

impl<W: Write> CsvTable<W> {
    pub fn begin(mut sink: W) -> io::Result<Self> {
        sink.write_all("\u{feff}".as_bytes())?;
        let mut writer = csv::Writer::from_writer(sink);
        writer.write_record(HEADERS)?;
        Ok(CsvTable { writer })
    }

    pub fn add(&mut self, entries: &[Entry], line: &Line) -> io::Result<()> {
        for entry in entries {
            self.writer.write_record(cells(entry, line).iter().map(harmless))?;
        }
        self.writer.flush()
    }
}

/// The CSV of some lines, for sending a table piece by piece; the first piece has the headers.
pub fn csv_piece(entries: &[Entry], line: &Line, first: bool) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let mut table =
        if first { CsvTable::begin(&mut bytes)? } else { CsvTable { writer: csv::Writer::from_writer(&mut bytes) } };
    table.add(entries, line)?;
    drop(table);
    Ok(bytes)
}

/// A text that a spreadsheet would run as a formula gets an apostrophe in front.
fn harmless(cell: &Cell) -> String {
    match cell {
        Cell::Text(text) if text.starts_with(['=', '+', '-', '@', '\t', '\r']) => format!("'{text}"),
        other => other.plain(),
    }
}

/// A workbook whose rows leave memory as they are written.
pub struct XlsxTable {
    workbook: Workbook,
    next_row: u32,
}

#[derive(Debug, thiserror::Error)]
pub enum SheetError {
    #[error("a sheet holds {SHEET_ROWS} rows; narrow the list or take CSV")]
    TooLong,
    #[error(transparent)]
    Xlsx(#[from] XlsxError),
}

impl XlsxTable {
    pub fn begin() -> Result<Self, SheetError> {
        let mut workbook = Workbook::new();
        let sheet = workbook.add_worksheet_with_constant_memory()?;
        sheet.set_name("低效企业清单")?.set_freeze_panes(1, 0)?;
        for (column, width) in [(0, 22), (1, 32), (8, 18), (10, 16), (12, 18), (17, 80)] {
            sheet.set_column_width(column, width)?;
        }
        let bold = Format::new().set_bold();
        for (column, header) in HEADERS.iter().enumerate() {
            sheet.write_with_format(0, column as u16, *header, &bold)?;
        }
        Ok(XlsxTable { workbook, next_row: 1 })
    }

    pub fn add(&mut self, entries: &[Entry], line: &Line) -> Result<(), SheetError> {
        let sheet = self.workbook.worksheet_from_index(0)?;
        for entry in entries {
            if self.next_row >= SHEET_ROWS {
                return Err(SheetError::TooLong);
            }
            for (column, cell) in cells(entry, line).into_iter().enumerate() {
                let (row, column) = (self.next_row, column as u16);
                match (exact_float(&cell), cell) {
                    (_, Cell::Empty) => {}
                    (Some(number), _) => drop(sheet.write_number(row, column, number)?),
                    (None, cell) => drop(sheet.write_string(row, column, cell.plain())?),
                }
            }
            self.next_row += 1;
        }
        Ok(())
    }

    pub fn finish<W: Write + io::Seek + Send>(mut self, sink: W) -> Result<(), SheetError> {
        Ok(self.workbook.save_to_writer(sink)?)
    }
}

/// A workbook's numbers are binary: up to 15 digits come back as they were, longer ones are written as text.
fn exact_float(cell: &Cell) -> Option<f64> {
    match cell {
        Cell::Number(number) if number.normalize().mantissa().unsigned_abs() < 1_000_000_000_000_000 => number.to_f64(),
        _ => None,
    }
}
