//! Text tables: which encoding, which separator, and the rows.

use std::cell::Cell as Shared;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::rc::Rc;

use encoding_rs::{Encoding, GB18030, UTF_16LE};

use super::handed::{EachRow, check_rows, put};
use super::{Cell, HEADER_WITHIN, TableSpec, header, text_encoding};
use crate::encoding::{self, Utf8Reader};
use crate::fault::{Fault, Unreadable};
use crate::feature::ReadOptions;
use crate::foreign;
use crate::limits::Limits;
use crate::wording;

/// Bytes of one row; an unclosed quote swallows what follows it.
const ROW: u64 = 8 << 20;

const SEPARATORS: [u8; 4] = [b',', b'\t', b';', b'|'];
/// What people type for a comma with a Chinese keyboard.
const FULL_WIDTH: [char; 3] = ['，', '；', '、'];

pub struct Csv {
    path: PathBuf,
    encoding: &'static Encoding,
    separator: u8,
    /// The first line says `sep=;` to spreadsheets.
    says_separator: bool,
    /// So many bytes at the beginning are a mark that the text does not keep to.
    skip: usize,
    limits: Limits,
}

impl Csv {
    pub fn open(
        path: &Path,
        head: &[u8],
        specs: &[&'static TableSpec],
        options: &ReadOptions,
    ) -> Result<Csv, Unreadable> {
        let named = options.encoding.as_deref();
        refuse_binary(head, named)?;
        let encoding = text_encoding::of_table(path, named)?;
        let skip = text_encoding::foreign_mark(head, encoding);
        let text = encoding.decode_with_bom_removal(&head[skip..]).0;
        let said = said_separator(&text);
        let separator = match said {
            Some(separator) => separator,
            None => separator_of(&text, specs)?,
        };
        Ok(Csv {
            path: path.to_owned(),
            encoding,
            separator,
            says_separator: said.is_some(),
            skip,
            limits: options.limits,
        })
    }

    pub fn encoding(&self) -> &'static str {
        self.encoding.name()
    }

    pub fn each_row(&self, each: &mut EachRow<'_>) -> Result<(), Unreadable> {
        let mut file = File::open(&self.path).map_err(|e| wording::cannot_open(&e))?;
        file.seek(SeekFrom::Start(self.skip as u64)).map_err(|e| wording::cannot_open(&e))?;
        let left = Rc::new(Shared::new(ROW));
        let input = Metered { input: Utf8Reader::new(file, self.encoding), left: Rc::clone(&left), last: b'\n' };
        let mut reader = parser(self.separator).from_reader(input);
        let mut record = csv::StringRecord::new();
        loop {
            let line = reader.position().line();
            left.set(ROW);
            if !reader.read_record(&mut record).map_err(|error| fault(&error, line))? {
                return Ok(());
            }
            // Blank lines before the row were passed over, so count back from its end.
            let breaks = |text: &str| text.bytes().filter(|byte| *byte == b'\n').count() as u64;
            let line = reader.position().line().saturating_sub(1 + record.iter().map(breaks).sum::<u64>());
            check_rows(line, &self.limits)?;
            if self.says_separator && line == 1 {
                continue;
            }
            let mut cells = Vec::with_capacity(record.len().min(self.limits.table_columns));
            for (place, text) in record.iter().enumerate() {
                let cell = self.cell(text);
                if cell != Cell::Empty {
                    put(&mut cells, place, cell, line, &self.limits)?;
                }
            }
            if each(line, cells).is_break() {
                return Ok(());
            }
        }
    }

    fn cell(&self, text: &str) -> Cell {
        // Space that was set aside and never written to, and the mark with which old programs end a file.
        if text.bytes().all(|byte| matches!(byte, 0 | 0x1A)) {
            return Cell::Empty;
        }
        if text.contains('\u{fffd}') || (self.encoding == GB18030 && is_utf8_read_as_gbk(text)) {
            return Cell::Garbled(text.to_owned(), self.encoding.name());
        }
        Cell::of_text(text)
    }
}

fn parser(separator: u8) -> csv::ReaderBuilder {
    let mut builder = csv::ReaderBuilder::new();
    builder.has_headers(false).flexible(true).delimiter(separator);
    builder
}

/// Text has no control characters, except as UTF-16, where a program that set space aside never wrote to it, and where one
/// strayed into a cell, whose fault it is.
fn refuse_binary(head: &[u8], named: Option<&str>) -> Result<(), Unreadable> {
    let is_wide = named.and_then(encoding::by_label).is_some_and(encoding::is_utf16);
    let written = &head[..head.iter().rposition(|byte| *byte != 0).map_or(0, |last| last + 1)];
    let was_set_aside = || !written.contains(&0) && !encoding::is_binary(written);
    if is_wide || !encoding::is_binary(head) || was_set_aside() {
        return Ok(());
    }
    if looks_wide(head) {
        return Err(wording::encoding_wide_question().into());
    }
    Err(wording::wrong_kind("二进制文件", foreign::TABLES).into())
}

/// UTF-16 without its mark: every line break is followed by a zero byte, and it decodes.
fn looks_wide(head: &[u8]) -> bool {
    let even = &head[..head.len() & !1];
    let breaks = even.chunks_exact(2).any(|pair| pair == [b'\n', 0]);
    breaks && UTF_16LE.decode_without_bom_handling_and_without_replacement(even).is_some()
}

/// `sep=;` in the first line.
fn said_separator(text: &str) -> Option<u8> {
    let first = text.trim_start_matches('\u{feff}').lines().next()?.trim().trim_matches('"');
    match first.strip_prefix("sep=")?.as_bytes() {
        [separator] => Some(*separator),
        [] => Some(b'\t'),
        _ => None,
    }
}

/// The separator under which one of the first rows names the most columns, outside quotes; a comma when none does.
fn separator_of(text: &str, specs: &[&'static TableSpec]) -> Result<u8, Unreadable> {
    let named = |separator: u8| most_named(parser(separator).from_reader(text.as_bytes()), specs);
    let best =
        SEPARATORS.into_iter().rev().map(|separator| (named(separator), separator)).max_by_key(|(most, _)| *most);
    let (most, separator) = best.unwrap_or((0, b','));
    if most > 1 {
        return Ok(separator);
    }
    for wide in FULL_WIDTH {
        let narrowed = text.replace(wide, ",");
        if most_named(parser(b',').from_reader(narrowed.as_bytes()), specs) > most.max(1) {
            return Err(wording::separator_full_width(wide).into());
        }
    }
    Ok(if most == 0 { b',' } else { separator })
}

fn most_named(mut reader: csv::Reader<&[u8]>, specs: &[&'static TableSpec]) -> usize {
    let mut most = 0;
    for record in reader.records().take(HEADER_WITHIN as usize).map_while(Result::ok) {
        let cells: Vec<Cell> = record.iter().map(Cell::of_text).collect();
        most = specs.iter().map(|spec| header::matches(spec, &cells)).max().unwrap_or(0).max(most);
    }
    most
}

/// A row that another program wrote into a GBK file as UTF-8 reads as other characters, all of them valid.
fn is_utf8_read_as_gbk(text: &str) -> bool {
    if text.is_ascii() {
        return false;
    }
    let (bytes, _, unmappable) = GB18030.encode(text);
    let Ok(meant) = std::str::from_utf8(&bytes) else { return false };
    let chinese = |c: &char| matches!(c, '\u{3000}'..='\u{303f}' | '\u{4e00}'..='\u{9fff}' | '\u{ff00}'..='\u{ffef}');
    let wide = meant.chars().filter(|c| !c.is_ascii());
    !unmappable && wide.clone().all(|c| chinese(&c)) && wide.count() >= 2
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

fn fault(error: &csv::Error, line: u64) -> Fault {
    let fault = match error.kind() {
        csv::ErrorKind::Io(io) if io.kind() == io::ErrorKind::FileTooLarge => {
            wording::too_large(format!("第 {line} 行（可能引号未闭合）"), format!("{ROW} 字节"))
        }
        csv::ErrorKind::Io(io) => wording::cannot_open(io),
        _ => wording::syntax(error),
    };
    fault.at(None, Some(line))
}
