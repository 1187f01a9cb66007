//! Shapefile: the shapes of the .shp where the .shx says they are (from front to back without one), its .dbf beside it,
//! .prj and .cpg taken as said.

mod contents;

#[cfg(test)]
mod tests;

use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};

use encoding_rs::{Encoding, UTF_8};
use geo_types::{Coord, LineString, MultiPolygon};
use serde_json::Map;

use super::dbf::{Dbf, Rows};
use super::fault::{Fault, Unreadable};
use super::feature::{FeatureRecord, ReadOptions, ReadSummary, Sink};
use super::frame::{Declared, Places};
use super::limits::Limits;
use super::{assemble, wording};
use contents::Contents;

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
    index: Option<PathBuf>,
    /// How many shapes there are; none when only reading can tell.
    shapes: Option<u64>,
    declared: Declared,
    names: Vec<&'static str>,
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
                let cpg = small_text(&path, "cpg")?.filter(|label| !label.trim().is_empty());
                let encoding = dbf.encoding(options.encoding.as_deref(), cpg.as_deref())?;
                Some((dbf, encoding))
            }
            None => {
                faults.push(wording::attributes_missing());
                None
            }
        };
        let index = sibling(&path, "shx");
        let indexed = index.as_deref().map(entries_of).transpose()?;
        let rows = dbf.as_ref().map(|(dbf, _)| dbf.rows);
        if let (Some(entries), Some(rows)) = (indexed, rows)
            && entries != rows
        {
            return Err(wording::inconsistent(format!(".shx 有 {entries} 条，.dbf 有 {rows} 行，无法对应")).into());
        }
        let declared = match small_text(&path, "prj")? {
            Some(wkt) if !wkt.trim().is_empty() => Declared::Wkt { wkt },
            _ => Declared::Nothing,
        };
        let names = options.names.clone();
        Ok(Shapefile { path, size, dbf, index, shapes: indexed, declared, names, faults })
    }

    pub fn read(&mut self, limits: &Limits, sink: &mut Sink<'_>) -> Result<ReadSummary, Unreadable> {
        let mut contents = Contents::open(&self.path, self.index.as_deref(), self.size)?;
        let mut faults = self.faults.clone();
        let mut rows = match &self.dbf {
            Some((dbf, encoding)) => {
                let (rows, said) = dbf.read_rows(encoding, &self.names)?;
                faults.extend(said);
                Some(rows)
            }
            None => None,
        };
        let mut summary = ReadSummary {
            read: 0,
            declared: self.declared.clone(),
            extent: None,
            places: Places::default(),
            encoding: self.dbf.as_ref().map(|(_, encoding)| encoding.name()),
            faults,
            complete: true,
        };
        // Records marked as deleted are passed over, yet they keep their number.
        let mut record = 0;
        while self.shapes.map_or(!contents.at_end(), |shapes| record < shapes) {
            record += 1;
            let content = contents.next(record, limits)?;
            self.check_count(record)?;
            let deleted = self.advance(rows.as_mut())?;
            if deleted {
                continue;
            }
            let row = rows.as_ref().map(Rows::row);
            summary.read += 1;
            let (attributes, mut faults, unreadable) = match row {
                Some(row) => (row.attributes, row.faults, row.unreadable),
                None => (Map::new(), Vec::new(), None),
            };
            let place = |fault: Fault| fault.at(Some(record), None);
            let shape = shape_of(&content, limits, &mut faults);
            let geometry = unreadable.map_or(shape, Err).map_err(place);
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

/// How many shapes the index lists.
fn entries_of(index: &Path) -> Result<u64, Fault> {
    let size = fs::metadata(index).map_err(|e| wording::cannot_open(&e))?.len();
    if size < HEAD || !(size - HEAD).is_multiple_of(8) {
        return Err(wording::truncated(format!(".shx 有 {size} 字节，不成条目")));
    }
    Ok((size - HEAD) / 8)
}

fn small_text(path: &Path, ending: &str) -> Result<Option<String>, Fault> {
    let Some(side) = sibling(path, ending) else { return Ok(None) };
    let mut bytes = Vec::new();
    let file = File::open(side).map_err(|e| wording::cannot_open(&e))?;
    file.take(SIDE_FILE + 1).read_to_end(&mut bytes).map_err(|e| wording::cannot_open(&e))?;
    if bytes.len() as u64 > SIDE_FILE {
        return Err(wording::too_large(format!(".{ending} "), format!("{SIDE_FILE} 字节")));
    }
    // With a mark of its own, as PowerShell and Notepad write it, or in the bytes of the machine.
    let encoding = Encoding::for_bom(&bytes).map_or(UTF_8, |(encoding, _)| encoding);
    Ok(Some(encoding.decode(&bytes).0.into_owned()))
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
    if let Some(first) = starts.first().filter(|first| **first != 0) {
        return Err(wording::geometry_damaged(format!("第一个环从第 {first} 点开始，前面的点不属于任何环")));
    }
    let coords = &content[44 + 4 * parts..44 + 4 * parts + 16 * points];
    let mut rings = Vec::with_capacity(parts);
    for (place, start) in starts.iter().enumerate() {
        let end = starts.get(place + 1).copied().unwrap_or(points);
        let ring = coords.get(16 * start..16 * end);
        let ring = ring.ok_or_else(|| wording::part_starts(place + 1))?;
        let ring = ring_of(ring, place + 1)?;
        if ring.0.len() > 2 && !ring.is_closed() {
            faults.push(wording::ring_not_closed(format!("第 {} 个环", place + 1)));
        }
        rings.push(ring);
    }
    rings.retain(|ring| !ring.0.is_empty());
    if rings.is_empty() {
        return Ok(None);
    }
    let assembled = assemble::by_direction(rings)?;
    if assembled.holes_by_place > 0 {
        faults.push(wording::holes_by_place(assembled.holes_by_place));
    }
    Ok(Some(assembled.shape))
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
