//! One face for every file of shapes: what it is, then record after record.

use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use super::extent::Extent;
use super::fault::Unreadable;
use super::feature::{FeatureRecord, Format, ReadOptions, ReadSummary};
use super::foreign::{self, Wanted};
use super::frame::Places;
use super::{boundary_text, geojson, geopackage, shapefile, wording, zipped};

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
        let mut places = Places::default();
        let mut watching = |mut record: FeatureRecord| {
            record.tidy(&self.options.names);
            // A record with such a text is refused wherever it was bound for, as one without a shape is.
            if let Some(fault) = record.stray_text() {
                record.geometry = Err(fault);
            }
            if let Ok(Some(shape)) = &record.geometry
                && let Some(seen) = Extent::of(shape)
            {
                Extent::stretch(&mut extent, seen);
                places.take(record.record, record.line, shape);
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
        summary.places = places;
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
    if let Some(is) = foreign::of_bytes(head, Wanted::Shapes) {
        return Err(wording::foreign(is, Wanted::Shapes).into());
    }
    let foreign = foreign::of_text(head, Wanted::Shapes);
    if geojson::looks_like(head) && foreign.is_none() {
        return Ok(Source::GeoJson(path.to_owned()));
    }
    if let Some(file) = boundary_text::BoundaryText::recognise(path, head, options)? {
        return Ok(Source::BoundaryText(file));
    }
    Err(foreign.map_or_else(wording::format_unknown, |is| wording::foreign(is, Wanted::Shapes)).into())
}
