//! The attribute table of a shapefile (dBase III), row by row.

use std::fs::File;
use std::io::{BufReader, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use encoding_rs::{Encoding, GB18030, UTF_8};
use serde_json::{Map, Number, Value};

use super::encoding::{self, Scan, Verdict};
use super::fault::{Fault, Unreadable};
use super::limits::Limits;
use super::wording;

const HEAD: usize = 32;
const FIELD: usize = 32;

struct Field {
    name: Vec<u8>,
    kind: u8,
    length: usize,
}

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
        let rows = u64::from(u32::from_le_bytes([head[4], head[5], head[6], head[7]]));
        let head_length = u64::from(u16::from_le_bytes([head[8], head[9]]));
        let row_length = usize::from(u16::from_le_bytes([head[10], head[11]]));
        let fields = read_fields(&mut input, head_length, limits)?;
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

    pub fn read_rows(&self) -> Result<Rows<'_>, Fault> {
        let mut file = File::open(&self.path).map_err(|e| wording::cannot_open(&e))?;
        file.seek(SeekFrom::Start(self.head_length)).map_err(|e| wording::cannot_open(&e))?;
        Ok(Rows { dbf: self, input: BufReader::with_capacity(1 << 16, file), row: vec![0; self.row_length] })
    }

    /// What was named; else what the .cpg or the language driver declares, if the text keeps to it; else what the bytes say.
    pub fn encoding(&self, named: Option<&str>, cpg: Option<&str>) -> Result<&'static Encoding, Unreadable> {
        let named = match named {
            Some(name) => Some(encoding::by_label(name).ok_or_else(|| wording::encoding_unknown(name))?),
            None => None,
        };
        let (verdict, valid_as) = self.scan(named)?;
        if let Some(encoding) = named {
            return if valid_as {
                Ok(encoding)
            } else {
                Err(wording::encoding_wrong(encoding.name(), " .dbf ").into())
            };
        }
        let declared = match cpg {
            Some(label) => encoding::by_label(label),
            None => by_language_driver(self.language_driver),
        };
        settle(declared, verdict).map_err(|why| wording::encoding_question(why).into())
    }

    fn scan(&self, named: Option<&'static Encoding>) -> Result<(Verdict, bool), Fault> {
        let mut scan = Scan::default();
        let mut valid = true;
        for field in &self.fields {
            scan.take_alone(&field.name);
        }
        let mut rows = self.read_rows()?;
        for _ in 0..self.rows {
            rows.advance()?;
            for text in rows.texts() {
                scan.take_alone(text);
                if let Some(encoding) = named {
                    valid &= text.is_ascii() || encoding::decode_field(text, encoding).is_some();
                }
            }
        }
        Ok((scan.verdict(), valid))
    }
}

fn read_fields(input: &mut impl Read, head_length: u64, limits: &Limits) -> Result<Vec<Field>, Fault> {
    let room = (head_length as usize).saturating_sub(HEAD) / FIELD;
    let mut fields = Vec::new();
    for _ in 0..room {
        let mut bytes = [0; FIELD];
        input.read_exact(&mut bytes[..1]).map_err(|_| wording::truncated(".dbf 的字段表不完整"))?;
        if bytes[0] == 0x0D {
            break;
        }
        input.read_exact(&mut bytes[1..]).map_err(|_| wording::truncated(".dbf 的字段表不完整"))?;
        let end = bytes[..11].iter().position(|byte| *byte == 0).unwrap_or(11);
        // Long character fields keep the high byte of their length where others keep decimals.
        let length = match bytes[11] {
            b'C' => usize::from(u16::from_le_bytes([bytes[16], bytes[17]])),
            _ => usize::from(bytes[16]),
        };
        fields.push(Field { name: bytes[..end].to_vec(), kind: bytes[11], length });
        if fields.len() > limits.attributes {
            return Err(wording::too_large(".dbf 的字段数", limits.attributes));
        }
    }
    Ok(fields)
}

fn by_language_driver(byte: u8) -> Option<&'static Encoding> {
    match byte {
        0x4D | 0x7A => Some(GB18030),
        0x4F | 0x78 => Encoding::for_label(b"big5"),
        _ => None,
    }
}

/// The declaration and the bytes together; `Err` says why that leaves a doubt.
fn settle(declared: Option<&'static Encoding>, verdict: Verdict) -> Result<&'static Encoding, String> {
    let found = match verdict {
        Verdict::Ascii => return Ok(declared.unwrap_or(UTF_8)),
        Verdict::Utf8 => Some(UTF_8),
        Verdict::Gb18030 => Some(GB18030),
        Verdict::Either | Verdict::Neither => None,
    };
    match (declared, found) {
        (Some(declared), Some(found)) if declared != found && (declared == UTF_8 || declared == GB18030) => {
            Err(format!("文件声明为 {}，内容却像 {}", declared.name(), found.name()))
        }
        (Some(_), None) if verdict == Verdict::Neither => Err("按声明的编码解码有错".into()),
        (Some(declared), _) => Ok(declared),
        (None, Some(found)) => Ok(found),
        (None, None) if verdict == Verdict::Either => Err(".dbf 按 UTF-8 和 GB18030 都读得通".into()),
        (None, None) => Err(".dbf 既不是有效的 UTF-8，也不是有效的 GB18030".into()),
    }
}

pub struct Rows<'d> {
    dbf: &'d Dbf,
    input: BufReader<File>,
    row: Vec<u8>,
}

impl Rows<'_> {
    pub fn advance(&mut self) -> Result<(), Fault> {
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

    fn texts(&self) -> impl Iterator<Item = &[u8]> {
        self.cells().filter(|(field, _)| field.kind == b'C').map(|(_, cell)| padding_off(cell))
    }

    /// True when the row is marked as deleted.
    pub fn is_deleted(&self) -> bool {
        self.row.first() == Some(&b'*')
    }

    pub fn attributes(&self, encoding: &'static Encoding) -> Map<String, Value> {
        let text = |bytes: &[u8]| {
            encoding::decode_field(bytes, encoding)
                .unwrap_or_else(|| encoding.decode_without_bom_handling(bytes).0.into_owned())
        };
        self.cells().map(|(field, cell)| (text(&field.name), value_of(field.kind, padding_off(cell), &text))).collect()
    }
}

fn padding_off(cell: &[u8]) -> &[u8] {
    let end = cell.iter().position(|byte| *byte == 0).unwrap_or(cell.len());
    cell[..end].trim_ascii()
}

fn value_of(kind: u8, cell: &[u8], text: &dyn Fn(&[u8]) -> String) -> Value {
    if cell.is_empty() {
        return Value::Null;
    }
    match kind {
        b'N' | b'F' => number_of(&text(cell)),
        b'L' => match cell[0] {
            b'T' | b't' | b'Y' | b'y' => Value::Bool(true),
            b'F' | b'f' | b'N' | b'n' => Value::Bool(false),
            _ => Value::Null,
        },
        b'D' if cell.len() == 8 && cell.is_ascii() => {
            let day = text(cell);
            Value::String(format!("{}-{}-{}", &day[..4], &day[4..6], &day[6..]))
        }
        _ => Value::String(text(cell)),
    }
}

/// A number that a double holds as it is written; any other stays text, so that no digit is lost. Asterisks mean overflow: no value.
fn number_of(text: &str) -> Value {
    if text.contains('*') {
        return Value::Null;
    }
    if let Ok(whole) = text.parse::<i64>() {
        return Value::from(whole);
    }
    let digits = text.chars().filter(char::is_ascii_digit).count();
    match text.parse::<f64>().ok().and_then(Number::from_f64) {
        Some(number) if digits <= 15 => Value::Number(number),
        _ => Value::String(text.to_owned()),
    }
}
