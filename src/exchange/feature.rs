//! One face for every file of shapes: what it is, then record after record.

use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use geo_types::MultiPolygon;
use serde_json::{Map, Value};
use tempfile::TempDir;

use super::extent::Extent;
use super::fault::{Fault, Unreadable};
use super::frame::Declared;
use super::limits::Limits;
use super::{boundary_text, geojson, geopackage, shapefile, wording, zipped};
use crate::terms;

terms! {
    pub enum Format {
        GeoJson = "geojson" => "GeoJSON",
        Shapefile = "shapefile" => "Shapefile",
        GeoPackage = "geopackage" => "GeoPackage",
        BoundaryText = "boundary_text" => "勘测定界界址点文本",
    }
}

/// What the user said about the file.
#[derive(Clone, Debug, Default)]
pub struct ReadOptions {
    /// A label such as `gbk` or `utf-8`; none lets the content decide.
    pub encoding: Option<String>,
    /// The layer of a GeoPackage, or the name of the .shp inside a zip (without ending).
    pub layer: Option<String>,
    pub limits: Limits,
}

/// One record. Coordinates are x = easting or longitude, y = northing or latitude, in the file's own frame.
#[derive(Clone, Debug)]
pub struct FeatureRecord {
    /// Counted from 1 in file order.
    pub record: u64,
    /// Where a text format has it.
    pub line: Option<u64>,
    pub attributes: Map<String, Value>,
    /// `Ok(None)`: the record has no shape. Rings are closed; validity is for [`super::validity`] to say.
    pub geometry: Result<Option<MultiPolygon<f64>>, Fault>,
    /// What else was noticed; these do not stop the record from being read.
    pub faults: Vec<Fault>,
}

impl FeatureRecord {
    /// An attribute as text; numbers as they are written, null and blank as none.
    pub fn text(&self, key: &str) -> Option<String> {
        let text = match self.attributes.get(key)? {
            Value::String(text) => text.trim().to_owned(),
            Value::Number(number) => number.to_string(),
            Value::Bool(flag) => flag.to_string(),
            _ => return None,
        };
        (!text.is_empty()).then_some(text)
    }
}

/// What was seen while reading; complete only when reading went to the end.
#[derive(Clone, Debug)]
pub struct ReadSummary {
    pub read: u64,
    pub declared: Declared,
    pub extent: Option<Extent>,
    /// The encoding the text was read in; none where there is no text to decode.
    pub encoding: Option<&'static str>,
    /// Faults of the file that do not belong to one record.
    pub faults: Vec<Fault>,
    /// False when the sink stopped early.
    pub complete: bool,
}

pub(super) type Sink<'a> = dyn FnMut(FeatureRecord) -> ControlFlow<()> + 'a;

enum Source {
    GeoJson(PathBuf),
    Shapefile(shapefile::Shapefile),
    GeoPackage(geopackage::GeoPackage),
    BoundaryText(boundary_text::BoundaryText),
}

/// A file of shapes, opened; it can be read more than once.
pub struct FeatureFile {
    source: Source,
    options: ReadOptions,
    /// Holds what was taken out of a zip until the file is dropped.
    _unpacked: Option<TempDir>,
}

impl FeatureFile {
    /// Recognises the format by content and checks what can be checked without reading every record.
    pub fn open(path: &Path, options: &ReadOptions) -> Result<FeatureFile, Unreadable> {
        let head = zipped::head_of(path)?;
        if zipped::is_zip(&head) {
            let unpacked = zipped::unpack(path, options)?;
            let head = zipped::head_of(&unpacked.path)?;
            let source = open_plain(&unpacked.path, &head, options)?;
            return Ok(FeatureFile { source, options: options.clone(), _unpacked: Some(unpacked.directory) });
        }
        let source = open_plain(path, &head, options)?;
        Ok(FeatureFile { source, options: options.clone(), _unpacked: None })
    }

    pub fn format(&self) -> Format {
        match self.source {
            Source::GeoJson(_) => Format::GeoJson,
            Source::Shapefile(_) => Format::Shapefile,
            Source::GeoPackage(_) => Format::GeoPackage,
            Source::BoundaryText(_) => Format::BoundaryText,
        }
    }

    /// Hands every record to `sink` in file order, until it breaks off. Memory stays within one record.
    pub fn read(&mut self, sink: &mut dyn FnMut(FeatureRecord) -> ControlFlow<()>) -> Result<ReadSummary, Unreadable> {
        let limits = &self.options.limits;
        let mut extent = None;
        let mut watching = |record: FeatureRecord| {
            if let Ok(Some(shape)) = &record.geometry
                && let Some(seen) = Extent::of(shape)
            {
                Extent::stretch(&mut extent, seen);
            }
            sink(record)
        };
        let mut summary = match &mut self.source {
            Source::GeoJson(path) => geojson::read(path, self.options.encoding.as_deref(), limits, &mut watching),
            Source::Shapefile(file) => file.read(limits, &mut watching),
            Source::GeoPackage(file) => file.read(limits, &mut watching),
            Source::BoundaryText(file) => file.read(limits, &mut watching),
        }?;
        summary.extent = extent;
        Ok(summary)
    }
}

fn open_plain(path: &Path, head: &[u8], options: &ReadOptions) -> Result<Source, Unreadable> {
    if head.is_empty() {
        return Err(wording::empty_file().into());
    }
    if shapefile::looks_like(path, head) {
        return Ok(Source::Shapefile(shapefile::Shapefile::open(path, options)?));
    }
    if head.starts_with(b"SQLite format 3\0") {
        return Ok(Source::GeoPackage(geopackage::GeoPackage::open(path, options)?));
    }
    if geojson::looks_like(head) {
        return Ok(Source::GeoJson(path.to_owned()));
    }
    if let Some(file) = boundary_text::BoundaryText::recognise(path, head, options)? {
        return Ok(Source::BoundaryText(file));
    }
    Err(wording::format_unknown().into())
}
