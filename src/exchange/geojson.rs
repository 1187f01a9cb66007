//! GeoJSON: RFC 7946, the older `crs` member wherever it stands, single features, and sequences of features.
//!
//! A scanner cuts the text into features by brackets, so that memory holds one feature; serde then reads each strictly.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::ops::ControlFlow;
use std::path::Path;

use encoding_rs::UTF_8;
use geo_types::{Coord, LineString, MultiPolygon, Polygon};
use serde::Deserialize;
use serde::de::{self, SeqAccess, Visitor};
use serde_json::{Map, Value};

use super::encoding::{self, Utf8Reader};
use super::fault::{Fault, Unreadable};
use super::feature::{FeatureRecord, ReadSummary, Sink};
use super::frame::Declared;
use super::limits::Limits;
use super::wording;

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

/// Where the scanner stands relative to the `features` array.
#[derive(Clone, Copy, PartialEq)]
enum Place {
    Shell,
    Features,
    Feature,
}

/// Follows strings and brackets byte by byte. Everything outside `features` is kept as the shell.
struct Scanner<'l> {
    limits: &'l Limits,
    place: Place,
    shell: Vec<u8>,
    feature: Vec<u8>,
    /// Open brackets within the shell, or within the feature.
    depth: usize,
    in_string: bool,
    escaped: bool,
    /// Where the last string of the shell's first level began and ended.
    last_string: (usize, usize),
    after_colon: bool,
    line: u64,
    feature_line: u64,
    started: bool,
    bom_left: &'static [u8],
}

impl<'l> Scanner<'l> {
    fn new(limits: &'l Limits) -> Self {
        Scanner {
            limits,
            place: Place::Shell,
            shell: Vec::new(),
            feature: Vec::new(),
            depth: 0,
            in_string: false,
            escaped: false,
            last_string: (0, 0),
            after_colon: false,
            line: 1,
            feature_line: 1,
            started: false,
            bom_left: BOM,
        }
    }

    fn take(&mut self, byte: u8, output: &mut Output<'_, '_, '_>) -> Result<ControlFlow<()>, Unreadable> {
        if byte == b'\n' {
            self.line += 1;
        }
        match self.place {
            Place::Shell => self.take_shell(byte, output),
            Place::Features => self.take_between(byte),
            Place::Feature => self.take_feature(byte, output),
        }
    }

    fn take_shell(&mut self, byte: u8, output: &mut Output<'_, '_, '_>) -> Result<ControlFlow<()>, Unreadable> {
        if self.depth == 0 {
            return self.take_outside(byte);
        }
        if self.shell.len() >= self.limits.feature_bytes {
            return Err(self.too_large());
        }
        self.shell.push(byte);
        if self.skip_string(byte) {
            if !self.in_string && self.depth == 1 {
                self.last_string.1 = self.shell.len();
            }
            return Ok(ControlFlow::Continue(()));
        }
        match byte {
            b'"' => self.open_string(),
            b':' => self.after_colon = true,
            b',' => self.after_colon = false,
            b'[' if self.depth == 1 && self.after_colon && self.key_is_features() => {
                self.shell.push(b']');
                self.place = Place::Features;
            }
            b'{' | b'[' => self.depth += 1,
            b'}' | b']' => {
                self.depth -= 1;
                if self.depth == 0 {
                    return self.close_shell(output);
                }
            }
            _ => {}
        }
        Ok(ControlFlow::Continue(()))
    }

    fn take_outside(&mut self, byte: u8) -> Result<ControlFlow<()>, Unreadable> {
        if !self.started && self.bom_left.first() == Some(&byte) {
            self.bom_left = &self.bom_left[1..];
            return Ok(ControlFlow::Continue(()));
        }
        match byte {
            b'{' => {
                self.started = true;
                self.depth = 1;
                self.shell.clear();
                self.shell.push(byte);
                self.last_string = (0, 0);
                self.after_colon = false;
                self.feature_line = self.line;
                Ok(ControlFlow::Continue(()))
            }
            _ if byte.is_ascii_whitespace() || byte == RECORD_SEPARATOR => Ok(ControlFlow::Continue(())),
            _ => Err(wording::syntax(format!("第 {} 行有多余的内容", self.line)).at(None, Some(self.line)).into()),
        }
    }

    fn open_string(&mut self) {
        self.in_string = true;
        if self.depth == 1 && !self.after_colon {
            self.last_string = (self.shell.len(), self.shell.len());
        }
    }

    /// True while the byte belongs to a string that was open before it.
    fn skip_string(&mut self, byte: u8) -> bool {
        if !self.in_string {
            return false;
        }
        if self.escaped {
            self.escaped = false;
        } else if byte == b'\\' {
            self.escaped = true;
        } else if byte == b'"' {
            self.in_string = false;
        }
        true
    }

    fn key_is_features(&self) -> bool {
        let (from, until) = self.last_string;
        self.shell.get(from..until).is_some_and(|key| key.starts_with(b"features\""))
    }

    fn take_between(&mut self, byte: u8) -> Result<ControlFlow<()>, Unreadable> {
        match byte {
            b']' => {
                self.place = Place::Shell;
                self.after_colon = false;
            }
            b'{' => {
                self.place = Place::Feature;
                self.depth = 1;
                self.feature.clear();
                self.feature.push(byte);
                self.feature_line = self.line;
            }
            b',' => {}
            _ if byte.is_ascii_whitespace() => {}
            _ => {
                let what = format!("第 {} 行的 features 里有不是要素的内容", self.line);
                return Err(wording::syntax(what).at(None, Some(self.line)).into());
            }
        }
        Ok(ControlFlow::Continue(()))
    }

    fn take_feature(&mut self, byte: u8, output: &mut Output<'_, '_, '_>) -> Result<ControlFlow<()>, Unreadable> {
        if self.feature.len() >= self.limits.feature_bytes {
            return Err(self.too_large());
        }
        self.feature.push(byte);
        if self.skip_string(byte) {
            return Ok(ControlFlow::Continue(()));
        }
        match byte {
            b'"' => self.in_string = true,
            b'{' | b'[' => self.depth += 1,
            b'}' | b']' => {
                self.depth -= 1;
                if self.depth == 0 {
                    self.place = Place::Features;
                    self.depth = 1;
                    return Ok(output.emit(&self.feature, self.feature_line));
                }
            }
            _ => {}
        }
        Ok(ControlFlow::Continue(()))
    }

    /// A whole top-level object has been seen: the rest of a collection, a feature, or a bare geometry.
    fn close_shell(&mut self, output: &mut Output<'_, '_, '_>) -> Result<ControlFlow<()>, Unreadable> {
        let shell: Shell = serde_json::from_slice(&self.shell).map_err(|e| wording::syntax(&e))?;
        if let Some(crs) = shell.crs.filter(|crs| !crs.is_null()) {
            output.crs = Some(crs);
        }
        match shell.kind.as_deref() {
            Some("FeatureCollection") => Ok(ControlFlow::Continue(())),
            Some("Feature") => Ok(output.emit(&self.shell, self.feature_line)),
            Some("Topology") => Err(wording::wrong_kind("TopoJSON", "请导出为 GeoJSON。").into()),
            Some(kind) if is_geometry(kind) => Ok(output.emit_geometry(&self.shell, self.feature_line)),
            _ => Err(wording::wrong_kind("普通 JSON，不是 GeoJSON", "请导出为 FeatureCollection。").into()),
        }
    }

    fn too_large(&self) -> Unreadable {
        let what = format!("第 {} 行起的一个要素", self.feature_line);
        wording::too_large(what, format!("{} 字节", self.limits.feature_bytes)).at(None, Some(self.feature_line)).into()
    }

    fn finish(&self, output: &Output<'_, '_, '_>) -> Result<(), Unreadable> {
        if !self.started {
            return Err(wording::empty_file().into());
        }
        if self.depth > 0 || self.place != Place::Shell {
            let what = format!("读到第 {} 个要素之后，在第 {} 行中断", output.read, self.line);
            return Err(wording::truncated(what).at(None, Some(self.line)).into());
        }
        Ok(())
    }
}

#[derive(Deserialize)]
struct Shell {
    #[serde(rename = "type")]
    kind: Option<String>,
    crs: Option<Value>,
}

fn is_geometry(kind: &str) -> bool {
    kind.starts_with("Multi") || matches!(kind, "Point" | "LineString" | "Polygon" | "GeometryCollection")
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

fn unreadable(error: &serde_json::Error) -> Fault {
    let text = error.to_string();
    if text.contains("number out of range") || text.contains("NaN") || text.contains("not a finite number") {
        return wording::not_finite("图形");
    }
    wording::feature_unreadable(error)
}

#[derive(Deserialize)]
struct RawFeature {
    id: Option<Value>,
    properties: Option<Map<String, Value>>,
    geometry: Option<RawGeometry>,
}

#[derive(Deserialize)]
struct RawGeometry {
    #[serde(rename = "type")]
    kind: String,
    coordinates: Option<Nest>,
    geometries: Option<Vec<RawGeometry>>,
}

/// Nested lists that end in positions. Heights and measures are passed over.
enum Nest {
    Position(Coord<f64>),
    List(Vec<Nest>),
}

impl<'de> Deserialize<'de> for Nest {
    fn deserialize<D: de::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match deserializer.deserialize_any(NestVisitor)? {
            Item::Nest(nest) => Ok(nest),
            Item::Number(_) => Err(de::Error::custom("coordinates 不是数组")),
        }
    }
}

enum Item {
    Number(f64),
    Nest(Nest),
}

impl<'de> Deserialize<'de> for Item {
    fn deserialize<D: de::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(NestVisitor)
    }
}

struct NestVisitor;

impl<'de> Visitor<'de> for NestVisitor {
    type Value = Item;

    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("坐标数字或坐标数组")
    }

    fn visit_f64<E>(self, number: f64) -> Result<Item, E> {
        Ok(Item::Number(number))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Item, E> {
        Ok(Item::Number(number as f64))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Item, E> {
        Ok(Item::Number(number as f64))
    }

    fn visit_unit<E: de::Error>(self) -> Result<Item, E> {
        Err(E::custom("coordinate is null, not a finite number"))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Item, A::Error> {
        let first = match items.next_element::<Item>()? {
            None => return Ok(Item::Nest(Nest::List(Vec::new()))),
            Some(Item::Nest(first)) => first,
            Some(Item::Number(x)) => return position(x, items),
        };
        let mut list = vec![first];
        while let Some(item) = items.next_element::<Item>()? {
            match item {
                Item::Nest(nest) => list.push(nest),
                Item::Number(_) => return Err(de::Error::custom("坐标数组里混有数字")),
            }
        }
        Ok(Item::Nest(Nest::List(list)))
    }
}

fn position<'de, A: SeqAccess<'de>>(x: f64, mut items: A) -> Result<Item, A::Error> {
    let Some(Item::Number(y)) = items.next_element::<Item>()? else {
        return Err(de::Error::custom("坐标不足两个数字"));
    };
    while items.next_element::<Option<f64>>()?.is_some() {}
    Ok(Item::Nest(Nest::Position(Coord { x, y })))
}

fn shape_of(raw: RawGeometry, limits: &Limits, faults: &mut Vec<Fault>) -> Result<Option<MultiPolygon<f64>>, Fault> {
    let mut polygons = Vec::new();
    collect(raw, limits, faults, &mut polygons)?;
    Ok((!polygons.is_empty()).then(|| MultiPolygon::new(polygons)))
}

fn collect(
    raw: RawGeometry,
    limits: &Limits,
    faults: &mut Vec<Fault>,
    polygons: &mut Vec<Polygon<f64>>,
) -> Result<(), Fault> {
    let coordinates = match raw.coordinates {
        Some(Nest::List(list)) => list,
        Some(Nest::Position(_)) if raw.kind.contains("Polygon") => {
            return Err(wording::geometry_damaged("coordinates 的层数不对"));
        }
        _ => Vec::new(),
    };
    match raw.kind.as_str() {
        "Polygon" => polygons.extend(polygon_of(coordinates, limits, faults)?),
        "MultiPolygon" => {
            for part in coordinates {
                let Nest::List(rings) = part else {
                    return Err(wording::geometry_damaged("coordinates 的层数不对"));
                };
                polygons.extend(polygon_of(rings, limits, faults)?);
            }
        }
        "GeometryCollection" => {
            for part in raw.geometries.unwrap_or_default() {
                collect(part, limits, faults, polygons)?;
            }
        }
        other => return Err(wording::wrong_type(other)),
    }
    if polygons.len() > limits.rings_per_feature {
        return Err(wording::geometry_too_large(format!("有 {} 个部分", polygons.len())));
    }
    Ok(())
}

fn polygon_of(rings: Vec<Nest>, limits: &Limits, faults: &mut Vec<Fault>) -> Result<Option<Polygon<f64>>, Fault> {
    if rings.len() > limits.rings_per_feature {
        return Err(wording::geometry_too_large(format!("有 {} 个环", rings.len())));
    }
    let mut lines = Vec::with_capacity(rings.len());
    for (place, ring) in rings.into_iter().enumerate() {
        let Nest::List(points) = ring else { return Err(wording::geometry_damaged("coordinates 的层数不对")) };
        lines.push(ring_of(points, place + 1, faults)?);
    }
    if lines.is_empty() {
        return Ok(None);
    }
    let exterior = lines.remove(0);
    Ok(Some(Polygon::new(exterior, lines)))
}

fn ring_of(points: Vec<Nest>, place: usize, faults: &mut Vec<Fault>) -> Result<LineString<f64>, Fault> {
    let mut coords = Vec::with_capacity(points.len());
    for point in points {
        match point {
            Nest::Position(coord) => coords.push(coord),
            Nest::List(_) => return Err(wording::geometry_damaged("coordinates 的层数不对")),
        }
    }
    if coords.len() > 2 && coords.first() != coords.last() {
        faults.push(wording::ring_not_closed(format!("第 {place} 个环")));
    }
    Ok(LineString::new(coords))
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
