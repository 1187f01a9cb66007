//! One feature as serde reads it, and the shape it holds.

use geo_types::{Coord, LineString, MultiPolygon, Polygon};
use serde::Deserialize;
use serde::de::{self, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

use crate::fault::Fault;
use crate::limits::Limits;
use crate::wording;

pub fn unreadable(error: &serde_json::Error) -> Fault {
    let text = error.to_string();
    if text.contains("number out of range") || text.contains("NaN") || text.contains("not a finite number") {
        return wording::not_finite("图形");
    }
    wording::feature_unreadable(said(error))
}

/// What serde says, in Chinese where it is one of the usual slips; the place is kept.
pub fn said(error: &serde_json::Error) -> String {
    const SLIPS: [(&str, &str); 7] = [
        ("trailing comma", "多了一个逗号"),
        ("expected value", "此处应为一个值（JSON 里没有 NaN、Infinity，文字要加双引号）"),
        ("expected `,` or", "缺少逗号或括号"),
        ("expected `:`", "缺少冒号"),
        ("key must be a string", "键没有加双引号"),
        ("control character", "文字里有换行等控制字符"),
        ("EOF while parsing", "内容中途结束"),
    ];
    let text = error.to_string();
    let place = format!("第 {} 列", error.column());
    if let Some((_, slip)) = SLIPS.iter().find(|(english, _)| text.starts_with(english)) {
        return format!("{slip}（{place}）");
    }
    match text.strip_prefix("duplicate field `").and_then(|rest| rest.split('`').next()) {
        Some(field) => format!("“{field}”出现了两次（{place}）"),
        None => text.split(" at line ").next().map_or(text.clone(), |what| format!("{what}（{place}）")),
    }
}

#[derive(Deserialize)]
pub struct RawFeature {
    #[serde(rename = "type")]
    pub kind: Option<String>,
    pub id: Option<Value>,
    pub properties: Option<Properties>,
    pub geometry: Option<RawGeometry>,
}

/// Attributes, each of them once.
#[derive(Default)]
pub struct Properties(pub Map<String, Value>);

impl<'de> Deserialize<'de> for Properties {
    fn deserialize<D: de::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Once;
        impl<'de> Visitor<'de> for Once {
            type Value = Properties;

            fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str("属性（properties）对象")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Properties, A::Error> {
                let mut map = Map::new();
                while let Some((key, value)) = entries.next_entry::<String, Value>()? {
                    if map.contains_key(&key) {
                        return Err(de::Error::custom(format!("属性“{key}”出现了两次")));
                    }
                    map.insert(key, value);
                }
                Ok(Properties(map))
            }
        }
        deserializer.deserialize_map(Once)
    }
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

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Item, E> {
        Err(E::custom(format!("坐标“{}”写成了文字，应为不加引号的数字", wording::short(text))))
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
        "LineString" if is_closed(&coordinates) => return Err(wording::closed_line("线（LineString）")),
        "MultiLineString" if coordinates.iter().all(|line| matches!(line, Nest::List(line) if is_closed(line))) => {
            return Err(wording::closed_line("线（MultiLineString）"));
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
        // An empty ring is no ring; without an outline there is no shape.
        match (points.is_empty(), place) {
            (true, 0) => return Ok(None),
            (true, _) => {}
            (false, _) => lines.push(ring_of(points, place + 1, faults)?),
        }
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

fn is_closed(line: &[Nest]) -> bool {
    match line {
        [Nest::Position(first), .., Nest::Position(last)] => line.len() > 3 && first == last,
        _ => false,
    }
}
