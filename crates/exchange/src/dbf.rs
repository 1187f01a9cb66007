//! The attribute table of a shapefile (dBase III, IV, FoxPro), row by row.

mod field;
mod names;
mod texts;

use std::fs::File;
use std::io::{BufReader, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use encoding_rs::Encoding;
use serde_json::{Map, Value};

use super::encoding;
use super::fault::{Fault, Unreadable};
use super::limits::Limits;
use super::wording;
use field::Field;
use names::Name;

const HEAD: usize = 32;

pub struct Dbf {
    path: PathBuf,
    pub rows: u64,
    head_length: u64,
    row_length: usize,
    fields: Vec<Field>,
    language_driver: u8,
}

impl Dbf {
    pub fn open(path: &Path, limits: &Limits) -> Result<Self, Fault> {
        let file = File::open(path).map_err(|e| wording::cannot_open(&e))?;
        let size = file.metadata().map_err(|e| wording::cannot_open(&e))?.len();
        let mut input = BufReader::new(file);
        let mut head = [0; HEAD];
        input.read_exact(&mut head).map_err(|_| wording::truncated(".dbf 没有完整的文件头"))?;
        if head[0] & 7 == 4 {
            return Err(wording::dbase_7());
        }
        let rows = u64::from(u32::from_le_bytes([head[4], head[5], head[6], head[7]]));
        let head_length = u64::from(u16::from_le_bytes([head[8], head[9]]));
        let row_length = usize::from(u16::from_le_bytes([head[10], head[11]]));
        let fields = field::read(&mut input, head_length, limits)?;
        let used: usize = 1 + fields.iter().map(|field| field.length).sum::<usize>();
        if used != row_length {
            return Err(wording::inconsistent(format!(".dbf 自述每行 {row_length} 字节，各字段合计却是 {used} 字节")));
        }
        let needed = head_length + rows * row_length as u64;
        if needed > size {
            return Err(wording::truncated(format!(".dbf 自述有 {rows} 行，需要 {needed} 字节，文件只有 {size} 字节")));
        }
        Ok(Dbf { path: path.to_owned(), rows, head_length, row_length, fields, language_driver: head[29] })
    }

    fn raw_rows(&self) -> Result<RawRows<'_>, Fault> {
        let mut file = File::open(&self.path).map_err(|e| wording::cannot_open(&e))?;
        file.seek(SeekFrom::Start(self.head_length)).map_err(|e| wording::cannot_open(&e))?;
        Ok(RawRows { dbf: self, input: BufReader::with_capacity(1 << 16, file), row: vec![0; self.row_length] })
    }

    /// What was named; else what the .cpg or the language driver declares, if the text keeps to it; else what the bytes say.
    pub fn encoding(&self, named: Option<&str>, cpg: Option<&str>) -> Result<&'static Encoding, Unreadable> {
        texts::encoding(self, named, cpg)
    }

    /// The rows with their columns under the names an import knows, and what is to be said of the names.
    pub fn read_rows(&self, encoding: &'static Encoding, known: &[&str]) -> Result<(Rows<'_>, Vec<Fault>), Fault> {
        let (names, faults) = names::settle(&self.fields, encoding, known);
        Ok((Rows { raw: self.raw_rows()?, names, encoding }, faults))
    }
}

struct RawRows<'d> {
    dbf: &'d Dbf,
    input: BufReader<File>,
    row: Vec<u8>,
}

impl RawRows<'_> {
    fn advance(&mut self) -> Result<(), Fault> {
        self.input.read_exact(&mut self.row).map_err(|_| wording::truncated(".dbf 在中途结束"))
    }

    fn cells(&self) -> impl Iterator<Item = (&Field, &[u8])> {
        let mut from = 1;
        self.dbf.fields.iter().map(move |field| {
            let cell = &self.row[from..from + field.length];
            from += field.length;
            (field, cell)
        })
    }

    /// Texts without their padding, and whether they fill their field.
    fn texts(&self) -> impl Iterator<Item = (&[u8], bool)> {
        self.cells().filter(|(field, _)| field.is_text()).map(|(_, cell)| field::trimmed(cell))
    }
}

pub struct Rows<'d> {
    raw: RawRows<'d>,
    names: Vec<Name>,
    encoding: &'static Encoding,
}

/// What a row holds.
pub struct Row {
    pub attributes: Map<String, Value>,
    pub faults: Vec<Fault>,
    /// A text that cannot be read: the record cannot be taken.
    pub unreadable: Option<Fault>,
}

impl Rows<'_> {
    pub fn advance(&mut self) -> Result<(), Fault> {
        self.raw.advance()
    }

    /// True when the row is marked as deleted.
    pub fn is_deleted(&self) -> bool {
        self.raw.row.first() == Some(&b'*')
    }

    pub fn row(&self) -> Row {
        let mut row = Row { attributes: Map::new(), faults: Vec::new(), unreadable: None };
        for ((field, cell), name) in self.raw.cells().zip(&self.names) {
            let Name::Taken(name) = name else { continue };
            let value = match field.value(cell) {
                field::Cell::Text(bytes, fills) => match self.text(bytes, fills, name, &mut row.faults) {
                    Ok(text) => Value::String(text),
                    Err(fault) => {
                        row.unreadable.get_or_insert(fault);
                        Value::Null
                    }
                },
                field::Cell::Value(value) => value,
                field::Cell::Overflow => {
                    row.faults.push(wording::field_overflow(name, field.length));
                    Value::Null
                }
                field::Cell::NoNumber(text) => {
                    row.faults.push(wording::field_no_number(name, &text));
                    Value::Null
                }
            };
            row.attributes.insert(name.clone(), value);
        }
        row
    }

    fn text(&self, bytes: &[u8], fills: bool, column: &str, faults: &mut Vec<Fault>) -> Result<String, Fault> {
        let encoding = self.encoding;
        if let Some(text) = texts::in_another(bytes, encoding) {
            faults.push(wording::text_in_utf8(column, &text, encoding.name()));
            return Ok(text);
        }
        encoding::decode_field(bytes, fills, encoding).ok_or_else(|| {
            let lossy = encoding.decode_without_bom_handling(bytes).0;
            wording::text_undecodable(column, &lossy, encoding.name())
        })
    }
}
