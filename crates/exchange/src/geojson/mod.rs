//! GeoJSON: RFC 7946, the older `crs` member wherever it stands, single features, and sequences of features.
//!
//! A scanner cuts the text into features by brackets, so that memory holds one feature; serde then reads each strictly.

mod scan;
mod shape;
mod single;
#[cfg(test)]
mod tests;

use std::fs::File;
use std::io::{BufRead, BufReader, Read, Seek};
use std::ops::ControlFlow;
use std::path::Path;

use encoding_rs::{Encoding, UTF_8};
use geo_types::MultiPolygon;
use serde_json::{Map, Value};

use super::encoding::{self, Utf8Reader};
use super::fault::{Fault, Unreadable};
use super::feature::{FeatureRecord, ReadSummary, Sink};
use super::frame::{Declared, Places};
use super::limits::Limits;
use super::wording;
pub use single::read_one;

use scan::Scanner;
use shape::{RawFeature, RawGeometry, shape_of, unreadable};

const BOM: &[u8] = b"\xEF\xBB\xBF";
const RECORD_SEPARATOR: u8 = 0x1E;

pub fn looks_like(head: &[u8]) -> bool {
    let text;
    let head = match Encoding::for_bom(head) {
        Some((encoding, mark)) if encoding::is_utf16(encoding) => {
            text = encoding.decode_without_bom_handling(&head[mark..]).0;
            text.as_bytes()
        }
        _ => head.strip_prefix(BOM).unwrap_or(head),
    };
    let mut marks = head.iter().filter(|byte| !byte.is_ascii_whitespace() && **byte != RECORD_SEPARATOR);
    match marks.next() {
        Some(b'{') => true,
        // A section of a boundary-point text begins so too.
        Some(b'[') => matches!(marks.next(), Some(b'{' | b'[')),
        _ => false,
    }
}

/// Reads in the named encoding, else as its mark says, else as UTF-8, which the standard asks for; a text that is mostly
/// something else is a question, a feature that is costs itself alone.
pub fn read(
    path: &Path,
    encoding_name: Option<&str>,
    limits: &Limits,
    sink: &mut Sink<'_>,
) -> Result<ReadSummary, Unreadable> {
    let mut file = File::open(path).map_err(|e| wording::cannot_open(&e))?;
    let named = match encoding_name {
        Some(name) => Some(encoding::by_label(name).ok_or_else(|| wording::encoding_unknown(name))?),
        None => None,
    };
    let mut mark = Vec::new();
    file.by_ref().take(3).read_to_end(&mut mark).map_err(|e| wording::cannot_open(&e))?;
    file.rewind().map_err(|e| wording::cannot_open(&e))?;
    let marked = Encoding::for_bom(&mark).map(|(encoding, _)| encoding);
    match marked.or(named).filter(|encoding| *encoding != UTF_8) {
        Some(encoding) => {
            let input = BufReader::new(Utf8Reader::new(file, encoding));
            let mut summary = read_from(input, Some(encoding.name()), limits, sink)?;
            summary.encoding = Some(encoding.name());
            Ok(summary)
        }
        None => {
            let result = read_from(BufReader::with_capacity(1 << 16, file), None, limits, sink);
            match result {
                // Chinese bytes of other encodings may hold brackets and backslashes, so any failure may come from them.
                Err(Unreadable::Refused(_)) if named.is_none() && encoding::is_gb18030(path)? => {
                    Err(wording::encoding_question("GeoJSON 应为 UTF-8，文件却像 GB18030").into())
                }
                result => result,
            }
        }
    }
}

/// `decoded` is the encoding the text was read in, when it was not UTF-8 as it stands.
fn read_from(
    mut input: impl BufRead,
    decoded: Option<&'static str>,
    limits: &Limits,
    sink: &mut Sink<'_>,
) -> Result<ReadSummary, Unreadable> {
    let mut scanner = Scanner::new(limits);
    let mut output = Output { sink, read: 0, crs: None, limits, decoded, foreign: 0, chinese: 0 };
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
    if output.foreign > 0 && output.foreign >= output.chinese {
        return Err(wording::encoding_wrong(decoded.unwrap_or("UTF-8"), "文件").into());
    }
    if !stopped {
        scanner.finish(&output)?;
    }
    Ok(ReadSummary {
        read: output.read,
        declared: declared(output.crs.as_ref()),
        extent: None,
        places: Places::default(),
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
    decoded: Option<&'static str>,
    /// Features that are not in the encoding.
    foreign: u64,
    /// Features beyond ASCII that are.
    chinese: u64,
}

impl Output<'_, '_, '_> {
    fn emit(&mut self, text: &[u8], line: u64) -> ControlFlow<()> {
        if self.is_foreign(text) {
            self.foreign += 1;
            let fault = wording::feature_not_in(self.decoded.unwrap_or("UTF-8"));
            return self.hand_over(Map::new(), Err(fault), Vec::new(), line, None);
        }
        self.chinese += u64::from(!text.is_ascii());
        match serde_json::from_slice::<RawFeature>(text) {
            Ok(feature) => self.emit_feature(feature, line),
            Err(error) => {
                let place = line + error.line().saturating_sub(1) as u64;
                self.hand_over(Map::new(), Err(unreadable(&error)), Vec::new(), line, Some(place))
            }
        }
    }

    /// What an undecodable byte has become, or is.
    fn is_foreign(&self, text: &[u8]) -> bool {
        const REPLACED: &[u8] = "\u{fffd}".as_bytes();
        match self.decoded {
            Some(_) => text.windows(REPLACED.len()).any(|bytes| bytes == REPLACED),
            None => std::str::from_utf8(text).is_err(),
        }
    }

    /// Something among the features that is none costs itself alone.
    fn emit_oddity(&mut self, text: &[u8], line: u64) -> Result<ControlFlow<()>, Unreadable> {
        let what = match serde_json::from_slice::<Value>(text) {
            Ok(Value::Null) => "空值（null）",
            Ok(_) => "不是要素的内容",
            Err(_) => return Err(wording::between_features("有不是 JSON 的内容", line).into()),
        };
        Ok(self.hand_over(Map::new(), Err(wording::no_feature(what)), Vec::new(), line, None))
    }

    fn emit_geometry(&mut self, text: &[u8], line: u64) -> ControlFlow<()> {
        let geometry = match serde_json::from_slice::<RawGeometry>(text) {
            Ok(geometry) => Some(geometry),
            Err(error) => return self.hand_over(Map::new(), Err(unreadable(&error)), Vec::new(), line, None),
        };
        self.emit_feature(RawFeature { kind: None, id: None, properties: None, geometry }, line)
    }

    fn emit_feature(&mut self, feature: RawFeature, line: u64) -> ControlFlow<()> {
        let mut faults = Vec::new();
        if let Some(kind) = feature.kind.filter(|kind| kind != "Feature") {
            let fault = wording::not_a_feature(&kind);
            return self.hand_over(Map::new(), Err(fault), faults, line, None);
        }
        let geometry = match feature.geometry {
            Some(raw) => shape_of(raw, self.limits, &mut faults),
            None => Ok(None),
        };
        let mut attributes = feature.properties.unwrap_or_default().0;
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
