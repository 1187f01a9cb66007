//! Archives: taken apart within bounds, into a directory of our own and under names of our own.

use std::fs::File;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use tempfile::TempDir;
use zip::ZipArchive;

use super::fault::{Fault, Unreadable};
use super::feature::ReadOptions;
use super::limits::Limits;
use super::wording;

/// Enough of the beginning to tell a format.
pub const HEAD_BYTES: u64 = 64 * 1024;

pub fn head_of(path: &Path) -> Result<Vec<u8>, Unreadable> {
    let file = File::open(path).map_err(|e| wording::cannot_open(&e))?;
    let mut head = Vec::new();
    file.take(HEAD_BYTES).read_to_end(&mut head).map_err(|e| wording::cannot_open(&e))?;
    Ok(head)
}

pub fn is_zip(head: &[u8]) -> bool {
    head.starts_with(b"PK\x03\x04") || head.starts_with(b"PK\x05\x06")
}

/// What was taken out: the main file, with its siblings beside it.
pub struct Unpacked {
    pub directory: TempDir,
    pub path: PathBuf,
}

/// Parts of a shapefile, and files that stand alone.
const SHAPE_PARTS: [&str; 5] = ["shp", "shx", "dbf", "prj", "cpg"];
const ALONE: [&str; 4] = ["geojson", "json", "gpkg", "txt"];

struct Entry {
    index: usize,
    /// Path without the ending, as raw bytes: the name's encoding does not matter for finding siblings.
    stem: Vec<u8>,
    ending: String,
}

pub fn unpack(path: &Path, options: &ReadOptions) -> Result<Unpacked, Unreadable> {
    let file = File::open(path).map_err(|e| wording::cannot_open(&e))?;
    let mut archive = ZipArchive::new(io::BufReader::new(file)).map_err(damaged)?;
    let entries = entries_of(&mut archive, &options.limits)?;
    let chosen = choose(&entries, options)?;
    let directory = tempfile::tempdir().map_err(|e| wording::cannot_open(&e))?;
    let mut budget = Budget::new(&options.limits);
    let mut main = None;
    for entry in chosen {
        let target = directory.path().join(format!("layer.{}", entry.ending));
        let mut inside = archive.by_index(entry.index).map_err(damaged)?;
        let packed = inside.compressed_size();
        let mut out = File::create(&target).map_err(|e| wording::cannot_open(&e))?;
        budget.copy(&mut inside, packed, &mut out)?;
        if entry.ending == "shp" || ALONE.contains(&entry.ending.as_str()) {
            main = Some(target);
        }
    }
    let path = main.ok_or_else(wording::no_layer)?;
    Ok(Unpacked { directory, path })
}

/// Inflates a workbook into nothing, so that a reader that trusts it may open it afterwards.
pub fn check_workbook(path: &Path, limits: &Limits) -> Result<(), Unreadable> {
    let file = File::open(path).map_err(|e| wording::cannot_open(&e))?;
    let mut archive = ZipArchive::new(io::BufReader::new(file)).map_err(damaged)?;
    if archive.len() > limits.zip_entries {
        return Err(wording::zip_bomb(format!("里有 {} 个文件，超出限度 {}", archive.len(), limits.zip_entries)).into());
    }
    let in_memory = Limits { zip_inflated: limits.workbook_shared, ..*limits };
    let (mut sheets, mut shared) = (Budget::new(limits), Budget::new(&in_memory));
    for index in 0..archive.len() {
        let mut inside = archive.by_index(index).map_err(damaged)?;
        let packed = inside.compressed_size();
        let is_sheet = inside.name_raw().starts_with(b"xl/worksheets/");
        let budget = if is_sheet { &mut sheets } else { &mut shared };
        budget.copy(&mut inside, packed, &mut io::sink())?;
    }
    Ok(())
}

fn damaged(error: zip::result::ZipError) -> Fault {
    wording::truncated(format!("压缩包无法读取（{error}）"))
}

fn entries_of<R: Read + io::Seek>(archive: &mut ZipArchive<R>, limits: &Limits) -> Result<Vec<Entry>, Fault> {
    if archive.len() > limits.zip_entries {
        return Err(wording::zip_bomb(format!("里有 {} 个文件，超出限度 {}", archive.len(), limits.zip_entries)));
    }
    let mut entries = Vec::new();
    for index in 0..archive.len() {
        let inside = archive.by_index_raw(index).map_err(damaged)?;
        let name = inside.name_raw().to_vec();
        if name == b"xl/workbook.xml" {
            return Err(wording::wrong_kind(
                "电子表格（.xlsx）",
                "图形请用 GeoJSON、Shapefile、GeoPackage 或界址点文本。",
            ));
        }
        let Some(dot) = name.iter().rposition(|byte| *byte == b'.') else { continue };
        let ending = String::from_utf8_lossy(&name[dot + 1..]).to_ascii_lowercase();
        let wanted = SHAPE_PARTS.contains(&ending.as_str()) || ALONE.contains(&ending.as_str());
        let hidden = name.starts_with(b"__MACOSX/");
        if wanted && !hidden && !inside.is_dir() {
            entries.push(Entry { index, stem: name[..dot].to_vec(), ending });
        }
    }
    Ok(entries)
}

/// The parts of the one shapefile, or the one file that stands alone.
fn choose<'e>(entries: &'e [Entry], options: &ReadOptions) -> Result<Vec<&'e Entry>, Unreadable> {
    let mut mains: Vec<&Entry> = entries.iter().filter(|entry| entry.ending == "shp").collect();
    if mains.is_empty() {
        mains = entries.iter().filter(|entry| ALONE.contains(&entry.ending.as_str())).collect();
    }
    let names: Vec<String> = mains.iter().map(|entry| layer_name(&entry.stem)).collect();
    let main = match (&options.layer, mains.as_slice()) {
        (_, []) => return Err(wording::no_layer().into()),
        (None, [main]) => main,
        (None, _) => return Err(wording::layer_question(&names).into()),
        // Inside a GeoPackage the layer is chosen later.
        (Some(_), [main]) if main.ending == "gpkg" => main,
        (Some(wanted), _) => match names.iter().position(|name| name == wanted) {
            Some(place) => &mains[place],
            None => return Err(wording::layer_unknown(wanted, &names).into()),
        },
    };
    if main.ending != "shp" {
        return Ok(vec![main]);
    }
    let sibling =
        |entry: &&Entry| SHAPE_PARTS.contains(&entry.ending.as_str()) && entry.stem.eq_ignore_ascii_case(&main.stem);
    Ok(entries.iter().filter(sibling).collect())
}

/// The file name without folders; names that are not UTF-8 are read as GBK, as Chinese archivers write them.
fn layer_name(stem: &[u8]) -> String {
    let name = stem.rsplit(|byte| matches!(byte, b'/' | b'\\')).next().unwrap_or(stem);
    match std::str::from_utf8(name) {
        Ok(name) => name.to_owned(),
        Err(_) => encoding_rs::GB18030.decode_without_bom_handling(name).0.into_owned(),
    }
}

/// Counts what comes out of an archive and stops a bomb while it inflates; declared sizes are not believed.
struct Budget<'l> {
    limits: &'l Limits,
    inflated: u64,
}

impl<'l> Budget<'l> {
    fn new(limits: &'l Limits) -> Self {
        Budget { limits, inflated: 0 }
    }

    fn copy(&mut self, from: &mut dyn Read, packed: u64, to: &mut dyn Write) -> Result<(), Fault> {
        let mut chunk = vec![0; 64 * 1024];
        let mut out = 0u64;
        loop {
            let length = from.read(&mut chunk).map_err(|e| wording::truncated(format!("压缩包解压出错（{e}）")))?;
            if length == 0 {
                return Ok(());
            }
            out += length as u64;
            self.inflated += length as u64;
            if self.inflated > self.limits.zip_inflated {
                return Err(wording::zip_bomb(format!("解压后超过 {} 字节", self.limits.zip_inflated)));
            }
            if out > self.limits.zip_ratio_from && out / packed.max(1) > self.limits.zip_ratio {
                return Err(wording::zip_bomb(format!("压缩比超过 {}", self.limits.zip_ratio)));
            }
            to.write_all(&chunk[..length]).map_err(|e| wording::cannot_open(&e))?;
        }
    }
}
