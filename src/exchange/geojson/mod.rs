//! GeoJSON: RFC 7946, the older `crs` member wherever it stands, single features, and sequences of features.
//!
//! A scanner cuts the text into features by brackets, so that memory holds one feature; serde then reads each strictly.

mod scan;
mod shape;
mod single;

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::ops::ControlFlow;
use std::path::Path;

use encoding_rs::UTF_8;
use geo_types::MultiPolygon;
use serde_json::{Map, Value};

use super::encoding::{self, Utf8Reader};
use super::fault::{Fault, Unreadable};
use super::feature::{FeatureRecord, ReadSummary, Sink};
use super::frame::Declared;
use super::limits::Limits;
use super::wording;
pub use single::read_one;

use scan::Scanner;
use shape::{RawFeature, RawGeometry, shape_of, unreadable};

const BOM: &[u8] = b"\xEF\xBB\xBF";
const RECORD_SEPARATOR: u8 = 0x1E;

pub fn looks_like(head: &[u8]) -> bool {
    let head = head.strip_prefix(BOM).unwrap_or(head);
    let first = head.iter().find(|byte| !byte.is_ascii_whitespace() && **byte != RECORD_SEPARATOR);
    first == Some(&b'{')
}

/// Reads in the named encoding, else as UTF-8, which the standard asks for; a text that is not UTF-8 is a question.
pub fn read(
    path: &Path,
    encoding_name: Option<&str>,
    limits: &Limits,
    sink: &mut Sink<'_>,
) -> Result<ReadSummary, Unreadable> {
    let file = File::open(path).map_err(|e| wording::cannot_open(&e))?;
    if let Some(name) = encoding_name {
        let encoding = encoding::of_file(path, Some(name))?;
        let mut summary = read_from(BufReader::new(Utf8Reader::new(file, encoding)), limits, sink)?;
        summary.encoding = Some(encoding.name());
        return Ok(summary);
    }
    let result = read_from(BufReader::with_capacity(1 << 16, file), limits, sink);
    match result {
        // Chinese bytes of other encodings may hold brackets and backslashes, so any failure may come from them.
        Err(Unreadable::Refused(_)) if encoding::of_file(path, None)? != UTF_8 => {
            Err(wording::encoding_question("GeoJSON 应为 UTF-8，文件却像 GB18030").into())
        }
        result => result,
    }
}

fn read_from(mut input: impl BufRead, limits: &Limits, sink: &mut Sink<'_>) -> Result<ReadSummary, Unreadable> {
    let mut scanner = Scanner::new(limits);
    let mut output = Output { sink, read: 0, crs: None, limits, foreign: false };
    let mut stopped = false;
    'reading: loop {
        let chunk = input.fill_buf().map_err(|e| wording::cannot_open(&e))?;
        if chunk.is_empty() {
            break;
        }
        let length = chunk.len();
        for &byte in chunk {
            if scanner.take(byte, &mut output)?.is_break() {
                stopped = true;
                break 'reading;
            }
        }
        input.consume(length);
    }
    if output.foreign {
        return Err(wording::syntax("文字不是有效的 UTF-8").into());
    }
    if !stopped {
        scanner.finish(&output)?;
    }
    Ok(ReadSummary {
        read: output.read,
        declared: declared(output.crs.as_ref()),
        extent: None,
        encoding: Some("UTF-8"),
        faults: Vec::new(),
        complete: !stopped,
    })
}

struct Output<'s, 'f, 'l> {
    sink: &'s mut Sink<'f>,
    read: u64,
    crs: Option<Value>,
    limits: &'l Limits,
    /// A feature was met that is not UTF-8.
    foreign: bool,
}

impl Output<'_, '_, '_> {
    fn emit(&mut self, text: &[u8], line: u64) -> ControlFlow<()> {
        match serde_json::from_slice::<RawFeature>(text) {
            Ok(feature) => self.emit_feature(feature, line),
            Err(_) if std::str::from_utf8(text).is_err() => {
                self.foreign = true;
                ControlFlow::Break(())
            }
            Err(error) => {
                let place = line + error.line().saturating_sub(1) as u64;
                self.hand_over(Map::new(), Err(unreadable(&error)), Vec::new(), line, Some(place))
            }
        }
    }

    fn emit_geometry(&mut self, text: &[u8], line: u64) -> ControlFlow<()> {
        let geometry = match serde_json::from_slice::<RawGeometry>(text) {
            Ok(geometry) => Some(geometry),
            Err(error) => return self.hand_over(Map::new(), Err(unreadable(&error)), Vec::new(), line, None),
        };
        self.emit_feature(RawFeature { id: None, properties: None, geometry }, line)
    }

    fn emit_feature(&mut self, feature: RawFeature, line: u64) -> ControlFlow<()> {
        let mut faults = Vec::new();
        let geometry = match feature.geometry {
            Some(raw) => shape_of(raw, self.limits, &mut faults),
            None => Ok(None),
        };
        let mut attributes = feature.properties.unwrap_or_default();
        if attributes.len() > self.limits.attributes {
            let fault = wording::too_large(format!("属性个数 {}", attributes.len()), self.limits.attributes);
            return self.hand_over(Map::new(), Err(fault), faults, line, None);
        }
        if let Some(id) = feature.id {
            attributes.entry("id").or_insert(id);
        }
        self.hand_over(attributes, geometry, faults, line, None)
    }

    fn hand_over(
        &mut self,
        attributes: Map<String, Value>,
        geometry: Result<Option<MultiPolygon<f64>>, Fault>,
        faults: Vec<Fault>,
        line: u64,
        fault_line: Option<u64>,
    ) -> ControlFlow<()> {
        self.read += 1;
        let record = Some(self.read);
        let place = |fault: Fault| fault.at(record, Some(fault_line.unwrap_or(line)));
        (self.sink)(FeatureRecord {
            record: self.read,
            line: Some(line),
            attributes,
            geometry: geometry.map_err(place),
            faults: faults.into_iter().map(place).collect(),
        })
    }
}

/// RFC 7946 says longitude and latitude on WGS 84 unless the older `crs` member says otherwise.
fn declared(crs: Option<&Value>) -> Declared {
    let Some(crs) = crs else { return Declared::GeoJsonDefault };
    let properties = crs.get("properties");
    let name = properties.and_then(|p| p.get("name")).and_then(Value::as_str);
    let code = properties.and_then(|p| p.get("code")).and_then(Value::as_i64);
    match (name, code) {
        (Some(name), _) => Declared::from_name(name),
        (None, Some(code)) => i32::try_from(code).map_or(Declared::Name(code.to_string()), Declared::epsg),
        (None, None) => Declared::Name(crs.to_string().chars().take(200).collect()),
    }
}
