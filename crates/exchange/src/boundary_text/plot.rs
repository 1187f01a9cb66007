//! One plot of boundary-point text: its points become rings, its rings a shape, its row attributes.

use std::collections::BTreeMap;

use geo_types::{Coord, LineString, MultiPolygon, Polygon};
use rust_decimal::Decimal;
use rust_decimal_macros::dec;
use serde_json::{Map, Value};

use super::row::Point;
use crate::area;
use crate::assemble;
use crate::fault::Fault;
use crate::feature::FeatureRecord;
use crate::limits::Limits;
use crate::wording;

/// The fields of a plot row in the order of the format.
const FIELDS: [&str; 8] =
    ["界址点数", "地块面积", "地块编号", "地块名称", "记录图形属性", "图幅号", "地块用途", "地类编码"];
/// Attributes added by the reader: the declared area in square metres, and the unit it was taken to be written in.
const OFFICIAL_AREA: &str = "official_area_m2";
const AREA_UNIT: &str = "地块面积单位";

struct Placed {
    label: String,
    group: u32,
    first: f64,
    second: f64,
    line: u64,
}

pub struct Plot {
    record: u64,
    line: u64,
    fields: Vec<String>,
    points: Vec<Placed>,
    /// The first thing that makes the shape unreadable.
    broken: Option<Fault>,
    faults: Vec<Fault>,
}

/// Which way round the two numbers of a point stand.
#[derive(Clone, Copy, PartialEq)]
enum Order {
    NorthFirst,
    EastFirst,
    /// Too small to say; read as the format has it.
    Unclear,
}

impl Plot {
    pub fn new(record: u64, line: u64, fields: Vec<String>) -> Self {
        Plot { record, line, fields, points: Vec::new(), broken: None, faults: Vec::new() }
    }

    pub fn add(&mut self, point: Point, line: u64, limits: &Limits) {
        if self.points.len() >= limits.points_per_feature {
            self.break_with(wording::geometry_too_large(format!("超过 {} 个点", limits.points_per_feature)), line);
            return;
        }
        match (point.first, point.second) {
            (Ok(first), Ok(second)) => {
                let group = point.group.unwrap_or(1);
                self.points.push(Placed { label: point.label, group, first, second, line });
            }
            (Err(text), _) | (_, Err(text)) => {
                self.break_with(wording::coordinate_unreadable(&point.label, &text), line);
            }
        }
    }

    pub fn unreadable(&mut self, line: u64, text: &str) {
        self.break_with(wording::point_row_unreadable(text), line);
    }

    /// The line holds bytes that are no character.
    pub fn undecodable(&mut self, line: u64, text: &str) {
        self.break_with(wording::line_undecodable(text), line);
    }

    fn break_with(&mut self, fault: Fault, line: u64) {
        self.broken.get_or_insert_with(|| fault.at(None, Some(line)));
    }

    pub fn into_record(mut self) -> FeatureRecord {
        let geometry = self.shape();
        let attributes = self.attributes(geometry.as_ref().ok().and_then(Option::as_ref));
        let (record, line) = (self.record, self.line);
        let place = |fault: Fault| fault.at(Some(record), Some(line));
        FeatureRecord {
            record,
            line: Some(line),
            attributes,
            geometry: geometry.map_err(place),
            faults: self.faults.into_iter().map(place).collect(),
        }
    }

    fn shape(&mut self) -> Result<Option<MultiPolygon<f64>>, Fault> {
        if let Some(fault) = self.broken.take() {
            return Err(fault);
        }
        if self.points.is_empty() {
            return Ok(None);
        }
        self.put_north_first()?;
        let rings = self.rings()?;
        let mismatch = self.check_count(&rings)?;
        let shape = assembled(&rings)?;
        self.faults.extend(mismatch);
        Ok(Some(shape))
    }

    /// Turns swapped coordinates round when every point that shows its order shows the same.
    fn put_north_first(&mut self) -> Result<(), Fault> {
        let orders = || self.points.iter().map(|p| order_of(p.first, p.second));
        let east = orders().filter(|order| *order == Order::EastFirst).count();
        let north = orders().filter(|order| *order == Order::NorthFirst).count();
        if east > 0 && north > 0 {
            return Err(wording::axes_mixed(north, east));
        }
        if east > 0 {
            for point in &mut self.points {
                std::mem::swap(&mut point.first, &mut point.second);
            }
            self.faults.push(wording::axes_swapped());
        }
        Ok(())
    }

    /// Points with the same second column make rings; a ring ends where its first point comes again.
    fn rings(&self) -> Result<Vec<Ring<'_>>, Fault> {
        let mut open: BTreeMap<u32, Ring<'_>> = BTreeMap::new();
        let mut rings: Vec<(usize, Ring<'_>)> = Vec::new();
        for (order, point) in self.points.iter().enumerate() {
            let ring = open.entry(point.group).or_insert_with(|| Ring {
                group: point.group,
                order,
                points: Vec::new(),
                closed: false,
            });
            ring.points.push(point);
            let first = ring.points[0];
            if ring.points.len() > 2 && same_place(first, point) {
                ring.closed = true;
                if let Some(ring) = open.remove(&point.group) {
                    rings.push((ring.order, ring));
                }
            }
        }
        rings.extend(open.into_values().map(|ring| (ring.order, ring)));
        rings.sort_by_key(|(order, _)| *order);
        let rings: Vec<Ring<'_>> = rings.into_iter().map(|(_, ring)| ring).collect();
        for ring in &rings {
            ring.check_closing_label()?;
        }
        Ok(rings)
    }

    /// The declared count may include the closing points that are written, all of them, or none. Too few points in
    /// an open ring are a file cut short; complete rings under a wrong count are only remarked on.
    fn check_count(&self, rings: &[Ring<'_>]) -> Result<Option<Fault>, Fault> {
        let Some(declared) = self.fields.first().and_then(|text| text.parse::<usize>().ok()) else { return Ok(None) };
        let closed = rings.iter().filter(|ring| ring.closed).count();
        let open = rings.len() - closed;
        let written = self.points.len();
        if declared == written || declared == written + open || declared == written - closed {
            return Ok(None);
        }
        if open > 0 && written < declared {
            return Err(wording::points_lost(declared, written));
        }
        Ok(Some(wording::point_count_mismatch(declared, written)))
    }

    fn attributes(&mut self, shape: Option<&MultiPolygon<f64>>) -> Map<String, Value> {
        let mut attributes = Map::new();
        for (place, field) in self.fields.iter().enumerate() {
            let key = FIELDS
                .get(place)
                .map_or_else(|| format!("附加信息{}", place + 1 - FIELDS.len()), |key| (*key).to_owned());
            let value = if field.is_empty() { Value::Null } else { Value::String(field.clone()) };
            attributes.insert(key, value);
        }
        let Some(text) = self.fields.get(1).filter(|text| !text.is_empty()) else { return attributes };
        let Some(declared) = area_text(text) else {
            self.faults.push(wording::declared_area_unreadable(text));
            return attributes;
        };
        let plane = shape.filter(|shape| !looks_geographic(shape)).map(area::plane_area);
        let (unit, certain) = unit_of(&declared, plane);
        if !certain {
            self.faults.push(wording::area_unit_doubtful(text));
        }
        if let Some(square_metres) = declared.value.checked_mul(unit.1) {
            attributes.insert(OFFICIAL_AREA.into(), Value::String(square_metres.normalize().to_string()));
            attributes.insert(AREA_UNIT.into(), Value::String(unit.0.into()));
        }
        attributes
    }
}

fn assembled(rings: &[Ring<'_>]) -> Result<MultiPolygon<f64>, Fault> {
    if rings.iter().all(|ring| ring.group > 100 && ring.group % 100 > 0) {
        return Ok(by_part_and_ring(rings));
    }
    assemble::by_nesting(rings.iter().map(Ring::line).collect())
}

struct Ring<'p> {
    group: u32,
    /// Where its first point stands among the points of the plot.
    order: usize,
    points: Vec<&'p Placed>,
    closed: bool,
}

impl Ring<'_> {
    fn line(&self) -> LineString<f64> {
        let mut line = LineString::new(self.points.iter().map(|p| Coord { x: p.second, y: p.first }).collect());
        line.close();
        line
    }

    /// A closing point under the first point's label must lie where the first point lies.
    fn check_closing_label(&self) -> Result<(), Fault> {
        let (Some(first), Some(last)) = (self.points.first(), self.points.last()) else { return Ok(()) };
        if !self.closed && self.points.len() > 1 && first.label == last.label && !first.label.is_empty() {
            return Err(wording::closing_point_differs(&first.label).at(None, Some(last.line)));
        }
        Ok(())
    }
}

fn same_place(a: &Placed, b: &Placed) -> bool {
    a.first == b.first && a.second == b.second
}

/// Second column part × 100 + ring: ring 1 is the outline, the others are holes of the same part.
fn by_part_and_ring(rings: &[Ring<'_>]) -> MultiPolygon<f64> {
    let mut parts: BTreeMap<u32, Vec<&Ring<'_>>> = BTreeMap::new();
    for ring in rings {
        parts.entry(ring.group / 100).or_default().push(ring);
    }
    let polygon = |mut rings: Vec<&Ring<'_>>| {
        rings.sort_by_key(|ring| ring.group);
        let mut lines = rings.into_iter().map(Ring::line);
        lines.next().map(|outline| Polygon::new(outline, lines.collect()))
    };
    MultiPolygon::new(parts.into_values().filter_map(polygon).collect())
}

fn order_of(first: f64, second: f64) -> Order {
    let east = |v: f64| (25_000_000.0..46_000_000.0).contains(&v);
    let north = |v: f64| (300_000.0..6_000_000.0).contains(&v);
    let east_without_zone = |v: f64| (180_000.0..820_000.0).contains(&v);
    let surely_north = |v: f64| (850_000.0..6_000_000.0).contains(&v);
    let latitude = |v: f64| (3.0..54.0).contains(&v);
    let longitude = |v: f64| (73.0..136.0).contains(&v);
    let fits = |north_value: f64, east_value: f64| {
        (north(north_value) && east(east_value))
            || (surely_north(north_value) && east_without_zone(east_value))
            || (latitude(north_value) && longitude(east_value))
    };
    match (fits(first, second), fits(second, first)) {
        (true, false) => Order::NorthFirst,
        (false, true) => Order::EastFirst,
        _ => Order::Unclear,
    }
}

fn looks_geographic(shape: &MultiPolygon<f64>) -> bool {
    crate::Extent::of(shape).is_some_and(|e| e.within((73.0, 136.0), (3.0, 54.0)))
}

struct DeclaredArea {
    value: Decimal,
    unit: Option<Unit>,
}

/// Name, and square metres in one.
type Unit = (&'static str, Decimal);
const HECTARE: Unit = ("公顷", dec!(10000));
const SQUARE_METRE: Unit = ("平方米", dec!(1));

fn area_text(text: &str) -> Option<DeclaredArea> {
    let end = text.find(|c: char| !(c.is_ascii_digit() || ".-+".contains(c))).unwrap_or(text.len());
    let (digits, unit) = text.split_at(end);
    let unit = match unit.trim().to_lowercase().as_str() {
        "" => None,
        "公顷" | "ha" | "hm2" | "hm²" => Some(HECTARE),
        "平方米" | "m2" | "m²" | "㎡" => Some(SQUARE_METRE),
        _ => return None,
    };
    Some(DeclaredArea { value: digits.parse().ok()?, unit })
}

/// The unit in which the declared figure comes within 1 % of the plane area; hectares, as the format has it, when
/// nothing can be compared. False when it could be compared and neither unit fits.
fn unit_of(declared: &DeclaredArea, plane: Option<f64>) -> (Unit, bool) {
    if let Some(unit) = declared.unit {
        return (unit, true);
    }
    let Some(plane) = plane.and_then(|plane| Decimal::try_from(plane).ok()).filter(|plane| !plane.is_zero()) else {
        return (HECTARE, true);
    };
    let near = |unit: &Unit| {
        let figure = declared.value.checked_mul(unit.1)?;
        Some((figure - plane).abs() <= plane / dec!(100) + dec!(0.5))
    };
    match [HECTARE, SQUARE_METRE].into_iter().find(|unit| near(unit) == Some(true)) {
        Some(unit) => (unit, true),
        None => (HECTARE, false),
    }
}
