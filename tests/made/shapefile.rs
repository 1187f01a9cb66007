//! Shapefiles byte by byte, in whatever packaging: encoding and how it is declared, heights, .prj, .shx or none.

use std::path::{Path, PathBuf};

use encoding_rs::Encoding;

use super::Ring;

#[derive(Clone)]
pub struct Shapefile {
    pub fields: Vec<Field>,
    pub records: Vec<Record>,
    pub encoding: &'static Encoding,
    /// The byte in the head of the .dbf that names a code page; 0 names none.
    pub language_driver: u8,
    pub cpg: Option<String>,
    pub prj: Option<String>,
    /// Whether every point has a height, as in PolygonZ.
    pub heights: bool,
    /// Whether there is a .shx.
    pub index: bool,
}

#[derive(Clone)]
pub struct Field {
    pub name: String,
    /// `C`, `N`, `D`, `L`, …
    pub kind: u8,
    pub length: u16,
    pub decimals: u8,
}

/// One row and its rings: outer ones clockwise, holes the other way; no ring at all is the null shape.
#[derive(Clone)]
pub struct Record {
    pub values: Vec<String>,
    pub rings: Vec<Ring>,
}

pub fn text(name: &str, length: u16) -> Field {
    Field { name: name.to_owned(), kind: b'C', length, decimals: 0 }
}

pub fn number(name: &str, length: u16, decimals: u8) -> Field {
    Field { name: name.to_owned(), kind: b'N', length, decimals }
}

impl Shapefile {
    /// Its files by ending.
    pub fn parts(&self) -> Vec<(&'static str, Vec<u8>)> {
        let contents: Vec<Vec<u8>> = self.records.iter().map(|record| content(&record.rings, self.heights)).collect();
        let kind = if self.heights { POLYGON_Z } else { POLYGON };
        let mut parts = vec![("shp", shp(kind, &contents)), ("dbf", self.dbf())];
        parts.extend(self.index.then(|| ("shx", shx(kind, &contents))));
        parts.extend(self.prj.as_ref().map(|prj| ("prj", prj.clone().into_bytes())));
        parts.extend(self.cpg.as_ref().map(|cpg| ("cpg", cpg.clone().into_bytes())));
        parts
    }

    /// Writes all its files and gives the path of the .shp.
    pub fn write(&self, folder: &Path, stem: &str) -> PathBuf {
        for (ending, bytes) in self.parts() {
            std::fs::write(folder.join(format!("{stem}.{ending}")), bytes).unwrap();
        }
        folder.join(format!("{stem}.shp"))
    }

    fn dbf(&self) -> Vec<u8> {
        let row_length = 1 + self.fields.iter().map(|field| usize::from(field.length)).sum::<usize>();
        let head_length = 32 + 32 * self.fields.len() + 1;
        let mut bytes = vec![0; 32];
        bytes[..4].copy_from_slice(&[3, 126, 1, 15]);
        bytes[4..8].copy_from_slice(&(self.records.len() as u32).to_le_bytes());
        bytes[8..10].copy_from_slice(&(head_length as u16).to_le_bytes());
        bytes[10..12].copy_from_slice(&(row_length as u16).to_le_bytes());
        bytes[29] = self.language_driver;
        self.fields.iter().for_each(|field| bytes.extend(self.described(field)));
        bytes.push(0x0D);
        for record in &self.records {
            assert_eq!(record.values.len(), self.fields.len());
            bytes.push(b' ');
            record.values.iter().zip(&self.fields).for_each(|(value, field)| bytes.extend(self.cell(value, field)));
        }
        bytes.push(0x1A);
        bytes
    }

    /// A name longer than ten bytes is cut, as every program does.
    fn described(&self, field: &Field) -> [u8; 32] {
        let mut bytes = [0; 32];
        let name = self.encoding.encode(&field.name).0;
        let kept = name.len().min(10);
        bytes[..kept].copy_from_slice(&name[..kept]);
        bytes[11] = field.kind;
        bytes[16] = field.length.to_le_bytes()[0];
        // A long character field keeps the high byte of its length where others keep their decimals.
        bytes[17] = if field.kind == b'C' { field.length.to_le_bytes()[1] } else { field.decimals };
        bytes
    }

    /// Numbers stand on the right. What is too long is cut by bytes, be it in the middle of a character.
    fn cell(&self, value: &str, field: &Field) -> Vec<u8> {
        let (length, mut bytes) = (usize::from(field.length), self.encoding.encode(value).0.into_owned());
        bytes.truncate(length);
        let blanks = vec![b' '; length - bytes.len()];
        if field.kind == b'C' { [bytes, blanks].concat() } else { [blanks, bytes].concat() }
    }
}

pub const POLYGON: u32 = 5;
pub const POLYGON_Z: u32 = 15;
/// An invented height in metres.
const HEIGHT: f64 = 6.5;

/// What a record of the .shp holds after its head of eight bytes.
pub fn content(rings: &[Ring], heights: bool) -> Vec<u8> {
    if rings.is_empty() {
        return 0u32.to_le_bytes().to_vec();
    }
    let points: Vec<(f64, f64)> = rings.iter().flatten().copied().collect();
    let mut bytes = if heights { POLYGON_Z } else { POLYGON }.to_le_bytes().to_vec();
    bytes.extend(box_of(&points).iter().flat_map(|edge| edge.to_le_bytes()));
    bytes.extend((rings.len() as u32).to_le_bytes());
    bytes.extend((points.len() as u32).to_le_bytes());
    let mut start = 0;
    for ring in rings {
        bytes.extend((start as u32).to_le_bytes());
        start += ring.len();
    }
    bytes.extend(points.iter().flat_map(|(x, y)| [x.to_le_bytes(), y.to_le_bytes()]).flatten());
    if heights {
        bytes.extend(std::iter::repeat_n(HEIGHT, 2 + points.len()).flat_map(f64::to_le_bytes));
    }
    bytes
}

/// A .shp of the contents given, one after the other.
pub fn shp(kind: u32, contents: &[Vec<u8>]) -> Vec<u8> {
    let mut records = Vec::new();
    for (place, content) in contents.iter().enumerate() {
        records.extend((place as u32 + 1).to_be_bytes());
        records.extend((content.len() as u32 / 2).to_be_bytes());
        records.extend(content);
    }
    [head(kind, contents, records.len()), records].concat()
}

/// The index of such a .shp.
pub fn shx(kind: u32, contents: &[Vec<u8>]) -> Vec<u8> {
    let mut bytes = head(kind, contents, 8 * contents.len());
    let mut offset = HEAD;
    for content in contents {
        bytes.extend((offset as u32 / 2).to_be_bytes());
        bytes.extend((content.len() as u32 / 2).to_be_bytes());
        offset += 8 + content.len();
    }
    bytes
}

const HEAD: usize = 100;

fn head(kind: u32, contents: &[Vec<u8>], rest: usize) -> Vec<u8> {
    let mut bytes = vec![0; HEAD];
    bytes[..4].copy_from_slice(&9994u32.to_be_bytes());
    bytes[24..28].copy_from_slice(&(((HEAD + rest) / 2) as u32).to_be_bytes());
    bytes[28..32].copy_from_slice(&1000u32.to_le_bytes());
    bytes[32..36].copy_from_slice(&kind.to_le_bytes());
    let edge = |content: &Vec<u8>, place: usize| {
        content.get(4 + 8 * place..12 + 8 * place).map(|bytes| f64::from_le_bytes(bytes.try_into().unwrap()))
    };
    for place in 0..4 {
        let edges = contents.iter().filter_map(|content| edge(content, place));
        let whole = edges.reduce(if place < 2 { f64::min } else { f64::max }).unwrap_or(0.0);
        bytes[36 + 8 * place..44 + 8 * place].copy_from_slice(&whole.to_le_bytes());
    }
    bytes
}

/// West, south, east, north.
fn box_of(points: &[(f64, f64)]) -> [f64; 4] {
    let low = |of: fn(&(f64, f64)) -> f64| points.iter().map(of).fold(f64::INFINITY, f64::min);
    let high = |of: fn(&(f64, f64)) -> f64| points.iter().map(of).fold(f64::NEG_INFINITY, f64::max);
    [low(|p| p.0), low(|p| p.1), high(|p| p.0), high(|p| p.1)]
}
