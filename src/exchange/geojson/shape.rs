//! One feature as serde reads it, and the shape it holds.

use geo_types::{Coord, LineString, MultiPolygon, Polygon};
use serde::Deserialize;
use serde::de::{self, SeqAccess, Visitor};
use serde_json::{Map, Value};

use crate::exchange::fault::Fault;
use crate::exchange::limits::Limits;
use crate::exchange::wording;

pub fn unreadable(error: &serde_json::Error) -> Fault {
    let text = error.to_string();
    if text.contains("number out of range") || text.contains("NaN") || text.contains("not a finite number") {
        return wording::not_finite("图形");
    }
    wording::feature_unreadable(error)
}

#[derive(Deserialize)]
pub struct RawFeature {
    pub id: Option<Value>,
    pub properties: Option<Map<String, Value>>,
    pub geometry: Option<RawGeometry>,
}

#[derive(Deserialize)]
pub struct RawGeometry {
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

pub fn shape_of(
    raw: RawGeometry,
    limits: &Limits,
    faults: &mut Vec<Fault>,
) -> Result<Option<MultiPolygon<f64>>, Fault> {
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
