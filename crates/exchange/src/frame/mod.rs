//! In which frame do the coordinates of a file stand? Decided from what the file declares, what its coordinates look
//! like and what the user named; where these leave a doubt it is a question, where they contradict a refusal.

use serde::Serialize;

use super::extent::Extent;
use super::fault::{FaultCode, Question};

mod declaration;
mod elsewhere;
mod places;
mod range;
mod verdict;

pub use places::{Agreement, Places, decide_among};
pub use verdict::decide;

pub const CGCS2000: i32 = 4490;
pub const WGS84: i32 = 4326;
pub const WEB_MERCATOR: i32 = 3857;
/// A number of our own for GCJ-02, which has no EPSG code; people name it `gcj02`.
pub const GCJ02: i32 = 990_002;

/// 3° zones of China: zone n has its central meridian at 3n° E.
const ZONES: std::ops::RangeInclusive<i32> = 25..=45;

/// What a file says about its frame.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Declared {
    Nothing,
    /// GeoJSON without `crs`: longitude and latitude on WGS 84 (RFC 7946).
    GeoJsonDefault,
    /// An EPSG code, and the definition that stands beside it, if any.
    Epsg {
        code: i32,
        wkt: Option<String>,
    },
    Wkt {
        wkt: String,
    },
    /// The head of a boundary-point text.
    BoundaryHeader(BoundaryHeader),
    /// A name that is no EPSG code.
    Name(String),
}

/// The frame as the head of a boundary-point text states it; what it leaves out is none.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct BoundaryHeader {
    /// 坐标系
    pub datum: Option<String>,
    /// 几度分带
    pub zone_width: Option<i32>,
    /// 带号
    pub zone: Option<i32>,
    /// 投影类型
    pub projection: Option<String>,
    /// 计量单位
    pub unit: Option<String>,
    /// 中央子午线, degrees
    pub central_meridian: Option<f64>,
}

impl Declared {
    pub fn epsg(code: i32) -> Self {
        Declared::Epsg { code, wkt: None }
    }

    /// Reads `EPSG:4490`, `urn:ogc:def:crs:EPSG::4490`, `http://www.opengis.net/def/crs/EPSG/0/4490`, OGC's CRS84.
    pub fn from_name(name: &str) -> Self {
        let name = name.trim();
        let upper = name.to_ascii_uppercase();
        if upper.ends_with("CRS84") {
            return Declared::epsg(WGS84);
        }
        let code = upper.contains("EPSG").then(|| upper.rsplit([':', '/', '#']).next()).flatten();
        match code.and_then(|code| code.parse().ok()) {
            Some(code) => Declared::epsg(code),
            None => Declared::Name(name.chars().take(200).collect()),
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    Parcels,
    Outlines,
}

/// All that is known before deciding.
#[derive(Clone, Debug)]
pub struct FrameEvidence {
    pub declared: Declared,
    /// None when no coordinate could be read.
    pub extent: Option<Extent>,
    /// What the user says.
    pub named: Option<i32>,
    pub purpose: Purpose,
}

#[derive(Clone, Debug, PartialEq)]
pub enum FrameDecision {
    Decided {
        srid: i32,
        /// False for GCJ-02 and web mercator: such shapes are for looking at.
        survey_truth: bool,
        /// Chinese, for the preview.
        notes: Vec<String>,
    },
    Question(Question),
    Refused {
        code: FaultCode,
        message: String,
    },
}

/// The number that the user's word stands for: an EPSG code, or `gcj02`.
pub fn parse_srid(text: &str) -> Option<i32> {
    let text = text.trim().to_ascii_lowercase();
    match text.as_str() {
        "gcj02" | "gcj-02" => Some(GCJ02),
        _ => text.strip_prefix("epsg:").unwrap_or(&text).parse().ok(),
    }
}

pub fn is_supported(srid: i32) -> bool {
    is_plane(srid) || matches!(srid, CGCS2000 | WGS84 | WEB_MERCATOR | GCJ02)
}

/// A 3° Gauss-Krüger zone of CGCS2000, with or without the zone number before the easting.
pub fn is_plane(srid: i32) -> bool {
    zone_of(srid).is_some()
}

/// The zone number (25 to 45) of a plane frame; its central meridian is three times that.
pub fn zone_of(srid: i32) -> Option<i32> {
    match srid {
        4513..=4533 => Some(srid - 4488),
        4534..=4554 => Some(srid - 4509),
        _ => None,
    }
}

/// Whether eastings of a plane frame begin with the zone number.
pub fn has_zone_prefix(srid: i32) -> bool {
    (4513..=4533).contains(&srid)
}

pub fn prefixed_srid(zone: i32) -> Option<i32> {
    ZONES.contains(&zone).then(|| 4488 + zone)
}

pub fn unprefixed_srid(zone: i32) -> Option<i32> {
    ZONES.contains(&zone).then(|| 4509 + zone)
}

/// The zone, with its number before the easting, in which a longitude (degrees) is surveyed: EPSG 4513 to 4533.
/// Longitudes beyond China take the nearest zone.
pub fn zone_srid_for_longitude(longitude: f64) -> i32 {
    let zone = (longitude / 3.0).round() as i32;
    4488 + zone.clamp(*ZONES.start(), *ZONES.end())
}

/// Chinese, for the eye.
pub fn frame_label(srid: i32) -> String {
    match (srid, zone_of(srid)) {
        (CGCS2000, _) => "CGCS2000 经纬度（EPSG:4490）".into(),
        (WGS84, _) => "WGS 84 经纬度（EPSG:4326）".into(),
        (WEB_MERCATOR, _) => "Web 墨卡托（EPSG:3857）".into(),
        (GCJ02, _) => "GCJ-02（网络地图加偏坐标）".into(),
        (_, Some(zone)) if has_zone_prefix(srid) => format!("CGCS2000 3°分带第 {zone} 带，带带号（EPSG:{srid}）"),
        (_, Some(zone)) => format!("CGCS2000 3°分带，中央经线 {}°，不带带号（EPSG:{srid}）", zone * 3),
        _ => format!("EPSG:{srid}"),
    }
}
