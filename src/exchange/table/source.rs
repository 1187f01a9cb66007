//! Rows of cells out of a workbook or a csv, within bounds, one row in memory at a time.

use std::cell::Cell as Shared;
use std::fs::File;
use std::io::{self, BufReader, Read};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use calamine::{DataRef, Reader, Xlsx, XlsxError};
use chrono::NaiveDate;
use encoding_rs::Encoding;

use super::Cell;
use crate::exchange::encoding::{self, Utf8Reader};
use crate::exchange::fault::{Fault, Unreadable};
use crate::exchange::feature::ReadOptions;
use crate::exchange::limits::Limits;
use crate::exchange::{wording, zipped};

/// The sheet of our own templates that explains the columns; never read as data.
pub const INSTRUCTIONS: &str = "填表说明";

const OLD_WORKBOOK: [u8; 4] = [0xD0, 0xCF, 0x11, 0xE0];
/// Bytes of one csv row; an unclosed quote swallows what follows it.
const CSV_ROW: u64 = 8 << 20;

pub enum Source {
    Sheet { path: PathBuf, name: String, limits: Limits },
    Csv { path: PathBuf, encoding: &'static Encoding, delimiter: u8, limits: Limits },
}

type EachRow<'a> = dyn FnMut(u64, Vec<Cell>) -> ControlFlow<()> + 'a;

impl Source {
    /// One source for a csv or a named sheet, one for every sheet otherwise.
    pub fn open(path: &Path, options: &ReadOptions) -> Result<Vec<Source>, Unreadable> {
        let head = zipped::head_of(path)?;
        let limits = options.limits;
        if head.is_empty() {
            return Err(wording::empty_file().into());
        }
        if zipped::is_zip(&head) {
            zipped::check_workbook(path, &limits)?;
            return sheets(path, options);
        }
        if head.starts_with(&OLD_WORKBOOK) {
            return Err(wording::wrong_kind("旧版 .xls 或加密的工作簿", "请另存为 .xlsx 或 .csv。").into());
        }
        if encoding::is_binary(&head) {
            return Err(wording::wrong_kind("二进制文件", "表格请用 .xlsx 或 .csv。").into());
        }
        let encoding = encoding::of_file(path, options.encoding.as_deref())?;
        let delimiter = delimiter_of(&encoding.decode(&head).0);
        Ok(vec![Source::Csv { path: path.to_owned(), encoding, delimiter, limits }])
    }

    pub fn sheet(&self) -> &str {
        match self {
            Source::Sheet { name, .. } => name,
            Source::Csv { .. } => "",
        }
    }

    /// Cells are told apart by separators alone, so that one too many shifts those behind it.
    pub fn is_text(&self) -> bool {
        matches!(self, Source::Csv { .. })
    }

    pub fn format(&self) -> &'static str {
        match self {
            Source::Sheet { .. } => "xlsx",
            Source::Csv { .. } => "csv",
        }
    }

    pub fn encoding(&self) -> Option<&'static str> {
        match self {
            Source::Sheet { .. } => None,
            Source::Csv { encoding, .. } => Some(encoding.name()),
        }
    }

    /// Hands over every row with its line number, until told to stop.
    pub fn each_row(&self, each: &mut EachRow<'_>) -> Result<(), Unreadable> {
        match self {
            Source::Sheet { path, name, limits } => each_sheet_row(path, name, limits, each),
            Source::Csv { path, encoding, delimiter, limits } => each_csv_row(path, encoding, *delimiter, limits, each),
        }
    }
}

fn workbook(path: &Path) -> Result<Xlsx<BufReader<File>>, Fault> {
    let file = File::open(path).map_err(|e| wording::cannot_open(&e))?;
    Xlsx::new(BufReader::new(file)).map_err(broken)
}

fn broken(error: XlsxError) -> Fault {
    wording::truncated(format!("工作簿无法读取（{error}）"))
}

fn sheets(path: &Path, options: &ReadOptions) -> Result<Vec<Source>, Unreadable> {
    let names = workbook(path)?.sheet_names();
    let chosen = match &options.layer {
        Some(wanted) if !names.contains(wanted) => return Err(wording::layer_unknown(wanted, &names).into()),
        Some(wanted) => vec![wanted.clone()],
        None => without_instructions(names),
    };
    let source = |name| Source::Sheet { path: path.to_owned(), name, limits: options.limits };
    Ok(chosen.into_iter().map(source).collect())
}

/// The explanations of our own template list the columns, but are no table.
fn without_instructions(names: Vec<String>) -> Vec<String> {
    if names.len() < 2 {
        return names;
    }
    names.into_iter().filter(|name| name != INSTRUCTIONS).collect()
}

fn each_sheet_row(path: &Path, name: &str, limits: &Limits, each: &mut EachRow<'_>) -> Result<(), Unreadable> {
    let mut workbook = workbook(path)?;
    // Charts and macro sheets have no cells.
    let mut reader = match workbook.worksheet_cells_reader(name) {
        Ok(reader) => reader,
        Err(XlsxError::NotAWorksheet(_)) => return Ok(()),
        Err(error) => return Err(broken(error).into()),
    };
    let mut line = 0;
    let mut cells = Vec::new();
    while let Some(found) = reader.next_cell().map_err(broken)? {
        let (row, place) = found.get_position();
        let row = u64::from(row) + 1;
        if row != line {
            if line > 0 && each(line, std::mem::take(&mut cells)).is_break() {
                return Ok(());
            }
            check_rows(row, limits)?;
            line = row;
        }
        let value = cell_of(found.get_value());
        if value != Cell::Empty {
            put(&mut cells, place as usize, value, line, limits)?;
        }
    }
    if line > 0 {
        let _ = each(line, cells);
    }
    Ok(())
}

fn put(cells: &mut Vec<Cell>, place: usize, value: Cell, line: u64, limits: &Limits) -> Result<(), Fault> {
    if place >= limits.table_columns {
        return Err(wording::too_large(format!("第 {line} 行的列数"), limits.table_columns).at(None, Some(line)));
    }
    if let Cell::Text(text) = &value
        && text.len() > limits.cell_bytes
    {
        let what = format!("第 {line} 行第 {} 列的内容", place + 1);
        return Err(wording::too_large(what, format!("{} 字节", limits.cell_bytes)).at(None, Some(line)));
    }
    if cells.len() <= place {
        cells.resize(place + 1, Cell::Empty);
    }
    cells[place] = value;
    Ok(())
}

fn check_rows(line: u64, limits: &Limits) -> Result<(), Fault> {
    if line > limits.table_rows { Err(wording::too_large("表格行数", limits.table_rows)) } else { Ok(()) }
}

fn cell_of(value: &DataRef<'_>) -> Cell {
    match value {
        DataRef::Empty => Cell::Empty,
        DataRef::String(text) => Cell::Text(text.clone()),
        DataRef::SharedString(text) => Cell::Text((*text).to_owned()),
        DataRef::Int(number) => Cell::Number((*number).into()),
        DataRef::Float(number) => Cell::of_f64(*number),
        DataRef::Bool(flag) => Cell::Flag(*flag),
        DataRef::DateTime(moment) if moment.is_datetime() => {
            let (year, month, day, ..) = moment.to_ymd_hms_milli();
            let day = NaiveDate::from_ymd_opt(i32::from(year), u32::from(month), u32::from(day));
            day.map_or(Cell::Odd(moment.as_f64()), Cell::Date)
        }
        DataRef::DateTime(duration) => Cell::of_f64(duration.as_f64()),
        DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => Cell::Text(text.clone()),
        DataRef::Error(error) => Cell::Error(error.to_string()),
    }
}

/// Comma, tab or semicolon: whichever the first lines have most of.
fn delimiter_of(head: &str) -> u8 {
    let count =
        |delimiter: u8| head.lines().take(10).map(|line| line.bytes().filter(|b| *b == delimiter).count()).max();
    [b',', b'\t', b';'].into_iter().rev().max_by_key(|delimiter| count(*delimiter)).unwrap_or(b',')
}

/// Makes every line end in one newline, the last included, so that rows can be counted; and fails once more than a
/// row's worth was read without a row coming out.
struct Metered<R> {
    input: R,
    left: Rc<Shared<u64>>,
    last: u8,
}

impl<R: Read> Read for Metered<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        loop {
            let length = self.input.read(out)?;
            let left = self.left.get().checked_sub(length as u64);
            self.left.set(left.ok_or_else(|| io::Error::new(io::ErrorKind::FileTooLarge, "row too long"))?);
            if length == 0 {
                return Ok(self.final_newline(out));
            }
            let kept = self.one_newline_each(&mut out[..length]);
            if kept > 0 {
                return Ok(kept);
            }
        }
    }
}

impl<R> Metered<R> {
    fn final_newline(&mut self, out: &mut [u8]) -> usize {
        if matches!(self.last, b'\n' | b'\r') || out.is_empty() {
            return 0;
        }
        self.last = b'\n';
        out[0] = b'\n';
        1
    }

    fn one_newline_each(&mut self, bytes: &mut [u8]) -> usize {
        let mut kept = 0;
        for place in 0..bytes.len() {
            let byte = bytes[place];
            let second_half = byte == b'\n' && self.last == b'\r';
            self.last = byte;
            if !second_half {
                bytes[kept] = if byte == b'\r' { b'\n' } else { byte };
                kept += 1;
            }
        }
        kept
    }
}

fn each_csv_row(
    path: &Path,
    encoding: &'static Encoding,
    delimiter: u8,
    limits: &Limits,
    each: &mut EachRow<'_>,
) -> Result<(), Unreadable> {
    let file = File::open(path).map_err(|e| wording::cannot_open(&e))?;
    let left = Rc::new(Shared::new(CSV_ROW));
    let input = Metered { input: Utf8Reader::new(file, encoding), left: Rc::clone(&left), last: b'\n' };
    let mut reader =
        csv::ReaderBuilder::new().has_headers(false).flexible(true).delimiter(delimiter).from_reader(input);
    let mut record = csv::StringRecord::new();
    loop {
        let line = reader.position().line();
        left.set(CSV_ROW);
        if !reader.read_record(&mut record).map_err(|error| csv_fault(&error, line))? {
            return Ok(());
        }
        // Blank lines before the row were passed over, so count back from its end.
        let inside = record.iter().map(|text| text.bytes().filter(|byte| *byte == b'\n').count() as u64).sum::<u64>();
        let line = reader.position().line().saturating_sub(1 + inside);
        check_rows(line, limits)?;
        let mut cells = Vec::with_capacity(record.len().min(limits.table_columns));
        for (place, text) in record.iter().enumerate() {
            if !text.is_empty() {
                put(&mut cells, place, Cell::Text(text.to_owned()), line, limits)?;
            }
        }
        if each(line, cells).is_break() {
            return Ok(());
        }
    }
}

fn csv_fault(error: &csv::Error, line: u64) -> Fault {
    let fault = match error.kind() {
        csv::ErrorKind::Io(io) if io.kind() == io::ErrorKind::FileTooLarge => {
            wording::too_large(format!("第 {line} 行（可能引号未闭合）"), format!("{CSV_ROW} 字节"))
        }
        csv::ErrorKind::Io(io) => wording::cannot_open(io),
        _ => wording::syntax(error),
    };
    fault.at(None, Some(line))
}
