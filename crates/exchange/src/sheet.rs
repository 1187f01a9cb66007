//! Lists out: the same rows as CSV (UTF-8 with a byte-order mark, so that spreadsheet programs read Chinese) or XLSX.

use std::io::{self, Write};

use chrono::{Datelike, NaiveDate};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use rust_xlsxwriter::{ExcelDateTime, Format, Workbook, Worksheet, XlsxError};

/// One cell of an exported list.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// Missing is an empty cell, never zero.
    Empty,
    Text(String),
    Integer(i64),
    Decimal(Decimal),
    Date(NaiveDate),
}

impl<T: Into<Value>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Value::Empty, Into::into)
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Value::Text(text.to_owned())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Value::Text(text)
    }
}

impl From<i64> for Value {
    fn from(number: i64) -> Self {
        Value::Integer(number)
    }
}

impl From<Decimal> for Value {
    fn from(number: Decimal) -> Self {
        Value::Decimal(number)
    }
}

impl From<NaiveDate> for Value {
    fn from(day: NaiveDate) -> Self {
        Value::Date(day)
    }
}

/// Digits a spreadsheet's number keeps.
const NUMBER_DIGITS: usize = 15;

pub fn write_csv(out: impl Write, headers: &[&str], rows: impl IntoIterator<Item = Vec<Value>>) -> io::Result<()> {
    let mut lines = CsvLines::begin(out, headers)?;
    for row in rows {
        lines.add(&row)?;
    }
    lines.finish()
}

/// The bytes of an .xlsx file with one sheet.
///
/// # Errors
/// When there are more rows than a sheet holds.
pub fn write_xlsx(
    title: &str,
    headers: &[&str],
    rows: impl IntoIterator<Item = Vec<Value>>,
) -> Result<Vec<u8>, SheetError> {
    let mut lines = XlsxLines::begin(title, headers)?;
    for row in rows {
        lines.add(&row)?;
    }
    lines.bytes()
}

/// A CSV that is written row by row.
pub struct CsvLines<W: Write> {
    writer: csv::Writer<W>,
}

impl<W: Write> CsvLines<W> {
    pub fn begin(mut out: W, headers: &[&str]) -> io::Result<Self> {
        out.write_all(b"\xEF\xBB\xBF")?;
        let mut lines = CsvLines::resume(out);
        lines.writer.write_record(headers.iter().map(|text| defused(text))).map_err(plain)?;
        Ok(lines)
    }

    /// Goes on with rows, where the headers went out before.
    pub fn resume(out: W) -> Self {
        CsvLines { writer: csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(out) }
    }

    pub fn add(&mut self, row: &[Value]) -> io::Result<()> {
        self.writer.write_record(row.iter().map(csv_text)).map_err(plain)
    }

    pub fn finish(mut self) -> io::Result<()> {
        self.writer.flush()
    }
}

/// The error of the sink as it was, so that a reader who has gone is still known as one.
fn plain(error: csv::Error) -> io::Error {
    if !error.is_io_error() {
        return error.into();
    }
    match error.into_kind() {
        csv::ErrorKind::Io(error) => error,
        other => io::Error::other(format!("{other:?}")),
    }
}

/// A sheet holds so many rows, the header among them.
const SHEET_ROWS: u32 = 1_048_576;

#[derive(Debug, thiserror::Error)]
pub enum SheetError {
    #[error("a sheet holds {SHEET_ROWS} rows; narrow the list or take CSV")]
    TooLong,
    #[error(transparent)]
    Xlsx(#[from] XlsxError),
}

/// A workbook whose rows leave memory as they are written.
pub struct XlsxLines {
    workbook: Workbook,
    date: Format,
    next: u32,
}

impl XlsxLines {
    pub fn begin(title: &str, headers: &[&str]) -> Result<Self, SheetError> {
        let mut workbook = Workbook::new();
        let bold = Format::new().set_bold();
        let sheet = workbook.add_worksheet_with_constant_memory()?;
        sheet.set_name(title)?;
        write_headers(sheet, headers, &bold)?;
        Ok(XlsxLines { workbook, date: Format::new().set_num_format("yyyy-mm-dd"), next: 1 })
    }

    pub fn add(&mut self, row: &[Value]) -> Result<(), SheetError> {
        if self.next >= SHEET_ROWS {
            return Err(SheetError::TooLong);
        }
        let sheet = self.workbook.worksheet_from_index(0)?;
        for (place, value) in row.iter().enumerate() {
            write_cell(sheet, self.next, place as u16, value, &self.date)?;
        }
        self.next += 1;
        Ok(())
    }

    pub fn finish(mut self, out: impl Write + io::Seek + Send) -> Result<(), SheetError> {
        Ok(self.workbook.save_to_writer(out)?)
    }

    pub fn bytes(self) -> Result<Vec<u8>, SheetError> {
        let mut bytes = io::Cursor::new(Vec::new());
        self.finish(&mut bytes)?;
        Ok(bytes.into_inner())
    }
}

/// One sheet of several.
#[derive(Clone, Debug)]
pub struct NamedSheet {
    pub title: String,
    pub headers: Vec<String>,
    pub rows: Vec<Vec<Value>>,
}

/// The bytes of an .xlsx file with several sheets. Texts stand in cells of text format, so that a code that is edited there
/// stays a code.
///
/// # Errors
/// When there are more rows than a sheet holds.
pub fn write_sheets(sheets: &[NamedSheet]) -> Result<Vec<u8>, SheetError> {
    let mut workbook = Workbook::new();
    let (bold, date) = (Format::new().set_bold(), Format::new().set_num_format("yyyy-mm-dd"));
    let text = Format::new().set_num_format("@");
    for named in sheets {
        if named.rows.len() >= SHEET_ROWS as usize {
            return Err(SheetError::TooLong);
        }
        let sheet = workbook.add_worksheet();
        sheet.set_name(&named.title)?;
        let headers: Vec<&str> = named.headers.iter().map(String::as_str).collect();
        write_headers(sheet, &headers, &bold)?;
        for (line, row) in (1u32..).zip(&named.rows) {
            for (place, value) in (0u16..).zip(row) {
                match value {
                    Value::Text(content) => {
                        sheet.write_string_with_format(line, place, clipped(content), &text)?;
                    }
                    other => write_cell(sheet, line, place, other, &date)?,
                }
            }
        }
    }
    Ok(workbook.save_to_buffer()?)
}

/// As much of a text as a cell holds.
fn clipped(text: &str) -> String {
    const CELL: usize = 32_767;
    // The program that opens it counts as UTF-16 does.
    let mut left = CELL;
    let fits = |c: &char| match left.checked_sub(c.len_utf16()) {
        Some(rest) => {
            left = rest;
            true
        }
        None => false,
    };
    text.chars().take_while(fits).collect()
}

fn write_headers(sheet: &mut Worksheet, headers: &[&str], bold: &Format) -> Result<(), XlsxError> {
    for (place, header) in headers.iter().enumerate() {
        sheet.write_string_with_format(0, place as u16, *header, bold)?;
        sheet.set_column_width(place as u16, (header.chars().count() as f64 * 2.0 + 4.0).clamp(10.0, 40.0))?;
    }
    sheet.set_freeze_panes(1, 0)?;
    Ok(())
}

fn csv_text(value: &Value) -> String {
    match value {
        Value::Empty => String::new(),
        Value::Text(text) => defused(text),
        Value::Integer(number) => number.to_string(),
        Value::Decimal(number) => number.to_string(),
        Value::Date(day) => day.to_string(),
    }
}

/// A text that a spreadsheet would take for a formula is led by an apostrophe.
fn defused(text: &str) -> String {
    if text.trim_start().starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠']) || text.starts_with(['\t', '\r'])
    {
        format!("'{text}")
    } else {
        text.to_owned()
    }
}

fn write_cell(sheet: &mut Worksheet, row: u32, place: u16, value: &Value, date: &Format) -> Result<(), XlsxError> {
    match value {
        Value::Empty => {}
        Value::Text(text) => drop(sheet.write_string(row, place, text)?),
        Value::Integer(number) => write_decimal(sheet, row, place, Decimal::from(*number))?,
        Value::Decimal(number) => write_decimal(sheet, row, place, *number)?,
        Value::Date(day) => {
            let moment = ExcelDateTime::from_ymd(day.year() as u16, day.month() as u8, day.day() as u8)?;
            sheet.write_datetime_with_format(row, place, &moment, date)?;
        }
    }
    Ok(())
}

/// As a number when no digit is lost by that, else as text.
fn write_decimal(sheet: &mut Worksheet, row: u32, place: u16, number: Decimal) -> Result<(), XlsxError> {
    let digits = number.normalize().mantissa().unsigned_abs().to_string().len();
    match number.to_f64() {
        Some(double) if digits <= NUMBER_DIGITS => sheet.write_number(row, place, double)?,
        _ => sheet.write_string(row, place, number.to_string())?,
    };
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A pipe whose reader is gone.
    struct Closed;

    impl Write for Closed {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(io::ErrorKind::BrokenPipe.into())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn a_reader_who_has_gone_is_known_as_one() {
        let mut lines = CsvLines::resume(Closed);
        let long = [Value::Text("x".repeat(100_000))];
        let error = lines.add(&long).and_then(|()| lines.add(&long)).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::BrokenPipe);
    }
}
