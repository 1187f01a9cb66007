//! Shapefile: the .shp read from front to back (with or without .shx), its .dbf beside it, .prj and .cpg taken as said.

use std::fs::{self, File};
use std::io::{BufReader, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use encoding_rs::Encoding;
use geo_types::{Coord, LineString, MultiPolygon};
use serde_json::Map;

use super::dbf::{Dbf, Rows};
use super::fault::{Fault, Unreadable};
use super::feature::{FeatureRecord, ReadOptions, ReadSummary, Sink};
use super::frame::Declared;
use super::limits::Limits;
use super::{assemble, wording};

const MAGIC: [u8; 4] = [0, 0, 0x27, 0x0A];
const HEAD: u64 = 100;
const SIDE_FILE: u64 = 64 * 1024;

pub fn looks_like(path: &Path, head: &[u8]) -> bool {
    head.starts_with(&MAGIC) || has_ending(path, "shp") || (has_ending(path, "dbf") && sibling(path, "shp").is_some())
}

fn has_ending(path: &Path, ending: &str) -> bool {
    path.extension().is_some_and(|e| e.eq_ignore_ascii_case(ending))
}

/// The file of the same name with another ending, in whatever case it was written.
fn sibling(path: &Path, ending: &str) -> Option<PathBuf> {
    let stem = path.file_stem()?;
    let folder = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let direct = path.with_extension(ending);
    if direct.is_file() {
        return Some(direct);
    }
    let same =
        |other: &PathBuf| has_ending(other, ending) && other.file_stem().is_some_and(|s| s.eq_ignore_ascii_case(stem));
    fs::read_dir(folder).ok()?.filter_map(|entry| Some(entry.ok()?.path())).find(same)
}

pub struct Shapefile {
    path: PathBuf,
    size: u64,
    dbf: Option<(Dbf, &'static Encoding)>,
    declared: Declared,
    faults: Vec<Fault>,
}

impl Shapefile {
    pub fn open(path: &Path, options: &ReadOptions) -> Result<Self, Unreadable> {
        let path = if has_ending(path, "shp") {
            path.to_owned()
        } else {
            sibling(path, "shp").ok_or_else(|| wording::file_missing("同名的 .shp 文件"))?
        };
        let size = check_head(&path)?;
        let mut faults = Vec::new();
        let dbf = match sibling(&path, "dbf") {
            Some(dbf_path) => {
                let dbf = Dbf::open(&dbf_path, &options.limits)?;
                let cpg = small_text(&path, "cpg")?;
                let encoding = dbf.encoding(options.encoding.as_deref(), cpg.as_deref().map(str::trim))?;
                Some((dbf, encoding))
            }
            None => {
                faults.push(wording::attributes_missing());
                None
            }
        };
        check_index(&path, dbf.as_ref().map(|(dbf, _)| dbf.rows))?;
        let declared = match small_text(&path, "prj")? {
            Some(wkt) if !wkt.trim().is_empty() => Declared::Wkt { wkt },
            _ => Declared::Nothing,
        };
        Ok(Shapefile { path, size, dbf, declared, faults })
    }

    pub fn read(&mut self, limits: &Limits, sink: &mut Sink<'_>) -> Result<ReadSummary, Unreadable> {
        let mut input =
            BufReader::with_capacity(1 << 16, File::open(&self.path).map_err(|e| wording::cannot_open(&e))?);
        input.seek(SeekFrom::Start(HEAD)).map_err(|e| wording::cannot_open(&e))?;
        let mut rows = match &self.dbf {
            Some((dbf, _)) => Some(dbf.read_rows()?),
            None => None,
        };
        let mut summary = ReadSummary {
            read: 0,
            declared: self.declared.clone(),
            extent: None,
            encoding: self.dbf.as_ref().map(|(_, encoding)| encoding.name()),
            faults: self.faults.clone(),
            complete: true,
        };
        let mut position = HEAD;
        // Records marked as deleted are passed over, yet they keep their number.
        let mut record = 0;
        while position < self.size {
            record += 1;
            let content = next_content(&mut input, &mut position, self.size, record, limits)?;
            self.check_count(record)?;
            let deleted = self.advance(rows.as_mut())?;
            if deleted {
                continue;
            }
            let attributes = match (&rows, &self.dbf) {
                (Some(rows), Some((_, encoding))) => rows.attributes(encoding),
                _ => Map::new(),
            };
            summary.read += 1;
            let mut faults = Vec::new();
            let place = |fault: Fault| fault.at(Some(record), None);
            let geometry = shape_of(&content, limits, &mut faults).map_err(place);
            let faults = faults.into_iter().map(place).collect();
            let found = FeatureRecord { record, line: None, attributes, geometry, faults };
            if sink(found).is_break() {
                summary.complete = false;
                return Ok(summary);
            }
        }
        self.check_rows(record)?;
        Ok(summary)
    }

    fn advance(&self, rows: Option<&mut Rows<'_>>) -> Result<bool, Fault> {
        let Some(rows) = rows else { return Ok(false) };
        rows.advance()?;
        Ok(rows.is_deleted())
    }

    fn check_count(&self, record: u64) -> Result<(), Fault> {
        match &self.dbf {
            Some((dbf, _)) if record > dbf.rows => Err(count_differs(dbf.rows, format!("至少 {record}"))),
            _ => Ok(()),
        }
    }

    fn check_rows(&self, read: u64) -> Result<(), Fault> {
        match &self.dbf {
            Some((dbf, _)) if read != dbf.rows => Err(count_differs(dbf.rows, read.to_string())),
            _ => Ok(()),
        }
    }
}

fn count_differs(rows: u64, shapes: String) -> Fault {
    wording::inconsistent(format!(".dbf 有 {rows} 行，.shp 却有{shapes} 个图形，无法对应"))
}

/// The size in the head must be the size of the file.
fn check_head(path: &Path) -> Result<u64, Fault> {
    let mut file = File::open(path).map_err(|e| wording::cannot_open(&e))?;
    let size = file.metadata().map_err(|e| wording::cannot_open(&e))?.len();
    let mut head = [0; HEAD as usize];
    file.read_exact(&mut head).map_err(|_| wording::truncated(".shp 没有完整的文件头"))?;
    if head[..4] != MAGIC {
        return Err(wording::inconsistent(".shp 的文件标记不对"));
    }
    let stated = 2 * u64::from(be_u32(&head[24..28]));
    if stated > size {
        return Err(wording::truncated(format!(".shp 自述 {stated} 字节，实际只有 {size} 字节")));
    }
    if stated < size {
        return Err(wording::inconsistent(format!(".shp 自述 {stated} 字节，实际有 {size} 字节")));
    }
    match le_u32(&head[32..36]) {
        5 | 15 | 25 | 0 => Ok(size),
        1 | 11 | 21 => Err(wording::wrong_type("点")),
        3 | 13 | 23 => Err(wording::wrong_type("线")),
        8 | 18 | 28 => Err(wording::wrong_type("多点")),
        31 => Err(wording::wrong_type("多面片（MultiPatch）")),
        other => Err(wording::inconsistent(format!(".shp 的图形类型 {other} 不存在"))),
    }
}

/// The index is not needed for reading; when it is there, its count must be that of the table.
fn check_index(path: &Path, rows: Option<u64>) -> Result<(), Fault> {
    let (Some(index), Some(rows)) = (sibling(path, "shx"), rows) else { return Ok(()) };
    let size = fs::metadata(index).map_err(|e| wording::cannot_open(&e))?.len();
    let entries = size.saturating_sub(HEAD) / 8;
    if size < HEAD || entries != rows {
        return Err(wording::inconsistent(format!(".shx 有 {entries} 条，.dbf 有 {rows} 行，无法对应")));
    }
    Ok(())
}

fn small_text(path: &Path, ending: &str) -> Result<Option<String>, Fault> {
    let Some(side) = sibling(path, ending) else { return Ok(None) };
    let mut bytes = Vec::new();
    let file = File::open(side).map_err(|e| wording::cannot_open(&e))?;
    file.take(SIDE_FILE + 1).read_to_end(&mut bytes).map_err(|e| wording::cannot_open(&e))?;
    if bytes.len() as u64 > SIDE_FILE {
        return Err(wording::too_large(format!(".{ending} "), format!("{SIDE_FILE} 字节")));
    }
    Ok(Some(String::from_utf8_lossy(&bytes).into_owned()))
}

fn be_u32(bytes: &[u8]) -> u32 {
    bytes.try_into().map_or(0, u32::from_be_bytes)
}

fn le_u32(bytes: &[u8]) -> u32 {
    bytes.try_into().map_or(0, u32::from_le_bytes)
}

fn le_f64(bytes: &[u8]) -> f64 {
    bytes.try_into().map_or(f64::NAN, f64::from_le_bytes)
}

fn next_content(
    input: &mut impl Read,
    position: &mut u64,
    size: u64,
    record: u64,
    limits: &Limits,
) -> Result<Vec<u8>, Fault> {
    let mut head = [0; 8];
    let cut = || wording::truncated(format!(".shp 在第 {record} 个图形处中断"));
    input.read_exact(&mut head).map_err(|_| cut())?;
    let length = 2 * u64::from(be_u32(&head[4..]));
    *position += 8 + length;
    if *position > size {
        return Err(wording::inconsistent(format!(".shp 第 {record} 个图形自述 {length} 字节，超出文件末尾")));
    }
    if length > limits.feature_bytes as u64 {
        return Err(wording::too_large(format!("第 {record} 个图形"), format!("{} 字节", limits.feature_bytes)));
    }
    let mut content = vec![0; length as usize];
    input.read_exact(&mut content).map_err(|_| cut())?;
    Ok(content)
}

fn shape_of(content: &[u8], limits: &Limits, faults: &mut Vec<Fault>) -> Result<Option<MultiPolygon<f64>>, Fault> {
    let kind = content.get(..4).map(le_u32).ok_or_else(|| wording::geometry_damaged("没有图形类型"))?;
    match kind {
        0 => Ok(None),
        5 | 15 | 25 => polygons_of(content, limits, faults),
        other => Err(wording::wrong_type(format!("第 {other} 类图形"))),
    }
}

/// Type, box, counts, where each part begins, then points; heights and measures follow and are not needed.
fn polygons_of(content: &[u8], limits: &Limits, faults: &mut Vec<Fault>) -> Result<Option<MultiPolygon<f64>>, Fault> {
    let (Some(parts), Some(points)) = (content.get(36..40).map(le_u32), content.get(40..44).map(le_u32)) else {
        return Err(wording::geometry_damaged("没有环数与点数"));
    };
    let (parts, points) = (parts as usize, points as usize);
    if 44 + 4 * parts + 16 * points > content.len() {
        return Err(wording::geometry_damaged(format!("自述有 {parts} 个环、{points} 个点，数据却不够")));
    }
    if parts > limits.rings_per_feature || points > limits.points_per_feature {
        return Err(wording::geometry_too_large(format!("有 {parts} 个环、{points} 个点")));
    }
    let starts: Vec<usize> = content[44..44 + 4 * parts].chunks_exact(4).map(|c| le_u32(c) as usize).collect();
    let coords = &content[44 + 4 * parts..44 + 4 * parts + 16 * points];
    let mut rings = Vec::with_capacity(parts);
    for (place, start) in starts.iter().enumerate() {
        let end = starts.get(place + 1).copied().unwrap_or(points);
        let ring = coords.get(16 * start..16 * end);
        let ring = ring.ok_or_else(|| wording::geometry_damaged(format!("第 {} 个环的起点不对", place + 1)))?;
        let ring = ring_of(ring, place + 1)?;
        if ring.0.len() > 2 && !ring.is_closed() {
            faults.push(wording::ring_not_closed(format!("第 {} 个环", place + 1)));
        }
        rings.push(ring);
    }
    rings.retain(|ring| !ring.0.is_empty());
    if rings.is_empty() { Ok(None) } else { assemble::by_direction(rings).map(Some) }
}

fn ring_of(bytes: &[u8], place: usize) -> Result<LineString<f64>, Fault> {
    let mut coords = Vec::with_capacity(bytes.len() / 16);
    for pair in bytes.chunks_exact(16) {
        let coord = Coord { x: le_f64(&pair[..8]), y: le_f64(&pair[8..]) };
        if !(coord.x.is_finite() && coord.y.is_finite()) {
            return Err(wording::not_finite(format!("第 {place} 个环第 {} 点", coords.len() + 1)));
        }
        coords.push(coord);
    }
    Ok(LineString::new(coords))
}
