//! What the declaration of a file amounts to, before the coordinates are looked at.

use super::range::{FALSE_EASTING, candidates_for, fits};
use super::*;
use crate::wkt;

/// What a declaration amounts to, before the coordinates are looked at.
pub enum Reading {
    Frame { srid: i32, notes: Vec<String> },
    Doubtful { code: FaultCode, reason: String, candidates: Vec<i32> },
    Unsupported(String),
}

pub fn read_declaration(declared: &Declared, extent: &Extent) -> Reading {
    let frame = |srid| Reading::Frame { srid, notes: Vec::new() };
    let doubtful = |code, reason: String| Reading::Doubtful { code, reason, candidates: candidates_for(extent) };
    match declared {
        Declared::Nothing => doubtful(FaultCode::FrameMissing, "文件没有声明坐标系".into()),
        Declared::GeoJsonDefault => frame(WGS84),
        Declared::Name(name) => doubtful(FaultCode::FrameDoubtful, format!("不认识文件声明的坐标系“{name}”")),
        Declared::Epsg { code, .. } if is_web_mercator_code(*code) => frame(WEB_MERCATOR),
        Declared::Epsg { code, wkt: None } => frame(*code),
        Declared::Epsg { code, wkt: Some(text) } => match read_wkt(text, extent) {
            Reading::Frame { srid, .. } if srid != *code => doubtful(
                FaultCode::FrameDoubtful,
                format!("文件声明 EPSG:{code}，所附定义的参数却是{}", frame_label(srid)),
            ),
            Reading::Unsupported(_) if is_supported(*code) => {
                doubtful(FaultCode::FrameDoubtful, format!("文件声明 EPSG:{code}，所附定义的参数与之不符"))
            }
            _ => frame(*code),
        },
        Declared::Wkt { wkt } => read_wkt(wkt, extent),
        Declared::BoundaryHeader(header) => read_header(header, extent),
    }
}

/// Numbers that web mercator went by before it had its own.
fn is_web_mercator_code(code: i32) -> bool {
    matches!(code, 900_913 | 102_100 | 102_113 | 3785)
}

const SEMI_MAJOR: f64 = 6_378_137.0;
const CGCS2000_FLATTENING: f64 = 298.257_222_101;
const WGS84_FLATTENING: f64 = 298.257_223_563;

#[derive(Clone, Copy, PartialEq)]
enum Datum {
    Cgcs2000,
    Wgs84,
    /// The ellipsoid is right and the name says nothing.
    Unclear,
}

fn read_wkt(text: &str, extent: &Extent) -> Reading {
    let Some(definition) = wkt::parse(text) else {
        let reason = "文件所附的坐标系定义无法识别".to_owned();
        return Reading::Doubtful { code: FaultCode::FrameDoubtful, reason, candidates: candidates_for(extent) };
    };
    let name = &definition.name;
    let Some(datum) = datum_of(&definition) else {
        return Reading::Unsupported(format!("坐标系“{name}”的基准“{}”（不是 CGCS2000）", definition.datum));
    };
    let Some(projection) = &definition.projection else { return geographic(datum, name) };
    if is_web_mercator(projection) {
        return Reading::Frame { srid: WEB_MERCATOR, notes: Vec::new() };
    }
    let Some(srid) = zone_by_parameters(projection) else {
        return Reading::Unsupported(format!("坐标系“{name}”的投影参数（不是 3°分带的高斯-克吕格，可能是地方坐标系）"));
    };
    if datum != Datum::Cgcs2000 {
        let reason = format!("坐标系“{name}”的投影参数与{}一致，基准却是“{}”", frame_label(srid), definition.datum);
        return Reading::Doubtful { code: FaultCode::FrameDoubtful, reason, candidates: vec![srid] };
    }
    if definition.epsg.is_some_and(|code| code != srid) {
        let reason = format!("坐标系“{name}”的代码与参数不一致，参数是{}", frame_label(srid));
        return Reading::Doubtful { code: FaultCode::FrameDoubtful, reason, candidates: vec![srid] };
    }
    Reading::Frame { srid, notes: Vec::new() }
}

fn geographic(datum: Datum, name: &str) -> Reading {
    match datum {
        Datum::Cgcs2000 => Reading::Frame { srid: CGCS2000, notes: Vec::new() },
        Datum::Wgs84 => Reading::Frame { srid: WGS84, notes: Vec::new() },
        Datum::Unclear => Reading::Doubtful {
            code: FaultCode::FrameDoubtful,
            reason: format!("坐标系“{name}”是经纬度，但基准不明"),
            candidates: vec![CGCS2000, WGS84, GCJ02],
        },
    }
}

/// None when the ellipsoid or the prime meridian rules CGCS2000 and WGS 84 out.
fn datum_of(definition: &wkt::Definition) -> Option<Datum> {
    let near = |a: f64, b: f64, tolerance: f64| (a - b).abs() <= tolerance;
    if !near(definition.semi_major, SEMI_MAJOR, 1e-3) || !near(definition.prime_meridian, 0.0, 1e-9) {
        return None;
    }
    let datum = wkt::plain(&definition.datum);
    let flattening = definition.inverse_flattening;
    if near(flattening, WGS84_FLATTENING, 2e-7) {
        return Some(if datum.contains("wgs") || datum.contains("worldgeodetic") {
            Datum::Wgs84
        } else {
            Datum::Unclear
        });
    }
    if !near(flattening, CGCS2000_FLATTENING, 2e-7) {
        return None;
    }
    let chinese = [
        "china2000",
        "cgcs2000",
        "chinageodeticcoordinatesystem2000",
        "chinesegeodeticcoordinatesystem2000",
        "china2000geodetic",
    ];
    Some(if chinese.iter().any(|name| datum.contains(name)) { Datum::Cgcs2000 } else { Datum::Unclear })
}

fn is_web_mercator(projection: &wkt::Projection) -> bool {
    let zero = |names: &[&str]| projection.parameter(names).is_none_or(|value| value == 0.0);
    matches!(
        projection.method.as_str(),
        "mercatorauxiliarysphere" | "popularvisualisationpseudomercator" | "mercator1sp" | "mercator"
    ) && zero(&["centralmeridian", "longitudeofnaturalorigin"])
        && zero(&["falseeasting"])
        && zero(&["falsenorthing"])
        && projection.unit == 1.0
}

/// The zone whose projection, central meridian, false easting and scale these are.
fn zone_by_parameters(projection: &wkt::Projection) -> Option<i32> {
    if !matches!(projection.method.as_str(), "gausskruger" | "gausskrüger" | "transversemercator")
        || projection.unit != 1.0
    {
        return None;
    }
    let is = |names: &[&str], wanted: f64| projection.parameter(names).is_some_and(|v| (v - wanted).abs() <= 1e-9);
    let zero_or_absent = |names: &[&str]| projection.parameter(names).is_none_or(|v| v.abs() <= 1e-9);
    if !is(&["scalefactor", "scalefactoratnaturalorigin"], 1.0)
        || !zero_or_absent(&["falsenorthing"])
        || !zero_or_absent(&["latitudeoforigin", "latitudeofnaturalorigin"])
    {
        return None;
    }
    let meridian = projection.parameter(&["centralmeridian", "longitudeofnaturalorigin", "longitudeoforigin"])?;
    let easting = projection.parameter(&["falseeasting"])?;
    let zone = (meridian / 3.0).round();
    if (zone * 3.0 - meridian).abs() > 1e-9 {
        return None;
    }
    if (easting - FALSE_EASTING).abs() <= 1e-6 {
        return unprefixed_srid(zone as i32);
    }
    if (easting - (zone * 1e6 + FALSE_EASTING)).abs() <= 1e-6 {
        return prefixed_srid(zone as i32);
    }
    None
}

fn read_header(header: &BoundaryHeader, extent: &Extent) -> Reading {
    let doubtful = |reason: &str| Reading::Doubtful {
        code: FaultCode::FrameMissing,
        reason: reason.to_owned(),
        candidates: candidates_for(extent),
    };
    let Some(datum) = header.datum.as_deref() else { return doubtful("文件头没有写坐标系") };
    let plain_datum = wkt::plain(datum);
    if ["80", "西安", "54", "北京"].iter().any(|old| plain_datum.contains(old)) {
        return Reading::Unsupported(format!("坐标系“{datum}”"));
    }
    if !plain_datum.contains("2000") {
        return doubtful(&format!("不认识文件头的坐标系“{datum}”"));
    }
    if header.unit.as_deref().is_some_and(|unit| unit.contains('度')) || fits(CGCS2000, extent) {
        return Reading::Frame { srid: CGCS2000, notes: vec!["文件中的坐标是经纬度。".into()] };
    }
    if let Some(unit) = header.unit.as_deref().filter(|unit| !matches!(*unit, "米" | "m" | "M" | "公尺")) {
        return Reading::Unsupported(format!("计量单位“{unit}”"));
    }
    if let Some(width) = header.zone_width.filter(|width| *width != 3) {
        return Reading::Unsupported(format!("{width}°分带"));
    }
    if header.projection.as_deref().is_some_and(|name| !name.contains("高斯") && !name.to_lowercase().contains("gauss"))
    {
        return Reading::Unsupported(format!("投影“{}”", header.projection.as_deref().unwrap_or_default()));
    }
    zone_by_header(header, extent)
}

/// The zone the header states, in the form (number before the easting or not) that the coordinates have.
fn zone_by_header(header: &BoundaryHeader, extent: &Extent) -> Reading {
    let doubtful = |reason: String| Reading::Doubtful {
        code: FaultCode::FrameMissing,
        reason,
        candidates: candidates_for(extent),
    };
    let by_meridian = header.central_meridian.map(|meridian| meridian / 3.0).filter(|zone| zone.fract() == 0.0);
    let zone = match (header.zone, by_meridian.map(|zone| zone as i32)) {
        (Some(zone), Some(other)) if zone != other => {
            return doubtful(format!("文件头的带号 {zone} 与中央子午线 {}° 不一致", other * 3));
        }
        (zone, other) => zone.or(other),
    };
    let Some(zone) = zone else { return doubtful("文件头没有写带号".into()) };
    let (Some(prefixed), Some(unprefixed)) = (prefixed_srid(zone), unprefixed_srid(zone)) else {
        return Reading::Unsupported(format!("带号 {zone}（3°分带在中国为 25 至 45）"));
    };
    if fits(unprefixed, extent) {
        let note = format!("坐标没有带号前缀，按文件头的带号 {zone} 读取。");
        return Reading::Frame { srid: unprefixed, notes: vec![note] };
    }
    Reading::Frame { srid: prefixed, notes: Vec::new() }
}
