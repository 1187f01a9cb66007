//! Archives: taken apart within bounds, into a directory of our own and under names of our own.

#[cfg(test)]
mod tests;

use std::fs::File;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use tempfile::TempDir;
use zip::ZipArchive;

use super::fault::{Fault, Unreadable};
use super::feature::ReadOptions;
use super::foreign::{self, Wanted};
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
        check_method(&inside)?;
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
    if matches!(&error, zip::result::ZipError::UnsupportedArchive(why) if why.to_lowercase().contains("password")) {
        return wording::encrypted();
    }
    wording::truncated(format!("压缩包无法读取（{error}）"))
}

/// Only what is stored or deflated is inflated here.
fn check_method<R: Read>(inside: &zip::read::ZipFile<'_, R>) -> Result<(), Fault> {
    match inside.compression() {
        zip::CompressionMethod::Stored | zip::CompressionMethod::Deflated => Ok(()),
        other => Err(wording::compression(method_name(&format!("{other:?}")))),
    }
}

/// Methods as archivers name them; the library knows others by number.
fn method_name(said: &str) -> String {
    let numbers: String = said.chars().filter(char::is_ascii_digit).collect();
    match numbers.as_str() {
        "9" => "Deflate64".to_owned(),
        "12" => "BZip2".to_owned(),
        "14" => "LZMA".to_owned(),
        "93" => "Zstandard".to_owned(),
        "95" => "XZ".to_owned(),
        "98" => "PPMd".to_owned(),
        _ => said.to_owned(),
    }
}

fn entries_of<R: Read + io::Seek>(archive: &mut ZipArchive<R>, limits: &Limits) -> Result<Vec<Entry>, Fault> {
    if archive.len() > limits.zip_entries {
        return Err(wording::zip_bomb(format!("里有 {} 个文件，超出限度 {}", archive.len(), limits.zip_entries)));
    }
    let (mut entries, mut names) = (Vec::new(), Vec::new());
    for index in 0..archive.len() {
        let inside = archive.by_index_raw(index).map_err(damaged)?;
        let name = inside.name_raw().to_vec();
        if is_hidden(&name) {
            continue;
        }
        let dot = name.iter().rposition(|byte| *byte == b'.').filter(|_| !inside.is_dir());
        let ending = dot.map(|dot| String::from_utf8_lossy(&name[dot + 1..]).to_ascii_lowercase()).unwrap_or_default();
        if let Some(open) = ["gpkg-wal", "gpkg-journal"].iter().find(|open| ending == **open && inside.size() > 0) {
            return Err(wording::geopackage_open(&format!(".{open}")));
        }
        let wanted = SHAPE_PARTS.contains(&ending.as_str()) || ALONE.contains(&ending.as_str());
        if let Some(dot) = dot.filter(|_| wanted) {
            entries.push(Entry { index, stem: name[..dot].to_vec(), ending });
        }
        names.push(name);
    }
    let readable = |entry: &Entry| entry.ending == "shp" || ALONE.contains(&entry.ending.as_str());
    let alone = !entries.iter().any(readable);
    let document = names.iter().any(|name| name == b"[Content_Types].xml");
    match foreign::of_names(names.iter().map(Vec::as_slice), Wanted::Shapes).filter(|_| alone || document) {
        Some(is) => Err(wording::foreign(is, Wanted::Shapes)),
        None => Ok(entries),
    }
}

/// What a Mac puts beside every file, wherever it lies.
fn is_hidden(name: &[u8]) -> bool {
    let mut parts = name.split(|byte| matches!(byte, b'/' | b'\\'));
    parts.any(|part| part == b"__MACOSX" || part.starts_with(b"._"))
}

/// The parts of the one shapefile, or the one file that stands alone.
fn choose<'e>(entries: &'e [Entry], options: &ReadOptions) -> Result<Vec<&'e Entry>, Unreadable> {
    let mut mains: Vec<&Entry> = entries.iter().filter(|entry| entry.ending == "shp").collect();
    if mains.is_empty() {
        mains = entries.iter().filter(|entry| ALONE.contains(&entry.ending.as_str())).collect();
    }
    let names = layer_names(&mains);
    let main = match (&options.layer, mains.as_slice()) {
        (_, []) => return Err(wording::no_layer().into()),
        (None, [main]) => main,
        (None, _) => return Err(wording::layer_question(&names).into()),
        // Inside a GeoPackage the layer is chosen later.
        (Some(_), [main]) if main.ending == "gpkg" => main,
        (Some(wanted), _) => {
            let same: Vec<usize> =
                (0..mains.len()).filter(|place| plain_name(&mains[*place].stem) == *wanted).collect();
            match (names.iter().position(|name| name == wanted), same.as_slice()) {
                (Some(place), _) => &mains[place],
                (None, [place]) => &mains[*place],
                (None, []) => return Err(wording::layer_unknown(wanted, &names).into()),
                (None, _) => {
                    let same: Vec<String> = same.iter().map(|place| names[*place].clone()).collect();
                    return Err(wording::layer_question(&same).into());
                }
            }
        }
    };
    if main.ending != "shp" {
        return Ok(vec![main]);
    }
    let sibling =
        |entry: &&Entry| SHAPE_PARTS.contains(&entry.ending.as_str()) && entry.stem.eq_ignore_ascii_case(&main.stem);
    Ok(entries.iter().filter(sibling).collect())
}

/// File names without folders where that tells them apart, else with them, and with their endings where even that does not.
fn layer_names(mains: &[&Entry]) -> Vec<String> {
    let plain: Vec<String> = mains.iter().map(|entry| plain_name(&entry.stem)).collect();
    let whole: Vec<String> = mains.iter().map(|entry| decoded(&entry.stem).replace('\\', "/")).collect();
    let once = |names: &[String], name: &String| names.iter().filter(|other| *other == name).count() == 1;
    let name = |place: usize| match (once(&plain, &plain[place]), once(&whole, &whole[place])) {
        (true, _) => plain[place].clone(),
        (false, true) => whole[place].clone(),
        (false, false) => format!("{}.{}", whole[place], mains[place].ending),
    };
    (0..mains.len()).map(name).collect()
}

fn plain_name(stem: &[u8]) -> String {
    decoded(stem.rsplit(|byte| matches!(byte, b'/' | b'\\')).next().unwrap_or(stem))
}

/// Names that are not UTF-8 are read as GBK, as Chinese archivers write them.
fn decoded(name: &[u8]) -> String {
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
