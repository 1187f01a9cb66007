//! In which frame do the coordinates of a file stand? Decided from what the file declares, what its coordinates look
//! like and what the user named; where these leave a doubt it is a question, where they contradict a refusal.

use serde::Serialize;

use super::extent::Extent;
use super::fault::{Candidate, FaultCode, Question};
use super::wkt;

pub const CGCS2000: i32 = 4490;
pub const WGS84: i32 = 4326;
pub const WEB_MERCATOR: i32 = 3857;
/// A number of our own for GCJ-02, which has no EPSG code; the command line names it `--srid gcj02`.
pub const GCJ02: i32 = 990_002;

/// 3° zones of China: zone n has its central meridian at 3n° E.
const ZONES: std::ops::RangeInclusive<i32> = 25..=45;
const LONGITUDES: (f64, f64) = (73.0, 136.0);
const LATITUDES: (f64, f64) = (3.0, 54.0);
/// Metres north of the equator between the latitudes of China, with some room.
const NORTHINGS: (f64, f64) = (300_000.0, 6_000_000.0);
/// Metres either side of the central meridian: twice the zone's half width at 18° N, for places that keep one zone for a whole city.
const HALF_WIDTH: f64 = 320_000.0;
const FALSE_EASTING: f64 = 500_000.0;
const MERCATOR_WORLD: f64 = 20_037_508.35;

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
    /// `--srid`
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

/// The number `--srid` stands for: an EPSG code, or `gcj02`.
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
    ZONES.contains(&zone).then_some(4488 + zone)
}

pub fn unprefixed_srid(zone: i32) -> Option<i32> {
    ZONES.contains(&zone).then_some(4509 + zone)
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

pub fn decide(evidence: &FrameEvidence) -> FrameDecision {
    let Some(extent) = evidence.extent else {
        return refused(FaultCode::GeometryEmpty, "没有读到任何有效坐标，无法判断坐标系。请检查文件。");
    };
    match evidence.named {
        Some(named) => decide_named(named, evidence, &extent),
        None => decide_declared(evidence, &extent),
    }
}

/// What a declaration amounts to, before the coordinates are looked at.
enum Reading {
    Frame { srid: i32, notes: Vec<String> },
    Doubtful { code: FaultCode, reason: String, candidates: Vec<i32> },
    Unsupported(String),
}

fn decide_named(named: i32, evidence: &FrameEvidence, extent: &Extent) -> FrameDecision {
    if !is_supported(named) {
        return unsupported(&format!("指定的坐标系 EPSG:{named}"));
    }
    if let Err(contradiction) = agrees(named, extent) {
        return contradiction.refuse("指定");
    }
    let mut notes = Vec::new();
    match read_declaration(&evidence.declared, extent) {
        Reading::Frame { srid, .. } if srid != named => {
            if agrees(srid, extent).is_ok() && !both_geographic(srid, named) {
                return refused(
                    FaultCode::FrameContradicted,
                    format!(
                        "指定的是{}，文件声明的却是{}，且坐标与文件声明相符。请核对：以文件为准则去掉 --srid，否则请先改正文件。",
                        frame_label(named),
                        frame_label(srid)
                    ),
                );
            }
            notes.push(format!("文件声明{}，已按指定的{}读取。", frame_label(srid), frame_label(named)));
        }
        Reading::Frame { .. } => {}
        Reading::Unsupported(what) => {
            return refused(
                FaultCode::FrameContradicted,
                format!("{what}不受支持，不能改按{}读取。请先用测绘软件转换到 CGCS2000。", frame_label(named)),
            );
        }
        Reading::Doubtful { .. } => notes.push(format!("坐标系由用户指定：{}。", frame_label(named))),
    }
    decided(named, notes)
}

fn both_geographic(a: i32, b: i32) -> bool {
    let geographic = |srid| matches!(srid, CGCS2000 | WGS84 | GCJ02);
    geographic(a) && geographic(b)
}

fn decide_declared(evidence: &FrameEvidence, extent: &Extent) -> FrameDecision {
    match read_declaration(&evidence.declared, extent) {
        Reading::Unsupported(what) => unsupported(&what),
        Reading::Doubtful { code, reason, candidates } => question(code, &reason, candidates),
        Reading::Frame { srid, .. } if !is_supported(srid) => unsupported(&format!("文件声明的坐标系 EPSG:{srid}")),
        Reading::Frame { srid: WGS84, .. } if is_geojson_default(evidence) && looks_plane(extent) => question(
            FaultCode::FrameMissing,
            "GeoJSON 没有 crs，按标准应为经纬度，但坐标是以米计的平面坐标",
            candidates_for(extent),
        ),
        Reading::Frame { srid, notes } => match agrees(srid, extent) {
            Err(contradiction) => contradiction.refuse("文件声明"),
            Ok(()) if srid == WEB_MERCATOR && evidence.purpose == Purpose::Parcels => question(
                FaultCode::FrameNotSurvey,
                "文件是 Web 墨卡托投影，面积失真，不是测绘坐标；宗地不能默认接受",
                vec![WEB_MERCATOR],
            ),
            Ok(()) => decided(srid, notes),
        },
    }
}

fn is_geojson_default(evidence: &FrameEvidence) -> bool {
    evidence.declared == Declared::GeoJsonDefault
}

/// Plane coordinates of China read as degrees would lie far beyond the globe.
fn looks_plane(extent: &Extent) -> bool {
    !extent.within((-180.0, 180.0), (-90.0, 90.0))
}

fn decided(srid: i32, mut notes: Vec<String>) -> FrameDecision {
    let survey_truth = !matches!(srid, WEB_MERCATOR | GCJ02);
    if !survey_truth {
        notes.push(format!("{}不是测绘坐标，图形只供查看，标记为“非测绘成果”。", frame_label(srid)));
    }
    if srid == WGS84 {
        notes.push(
            "按 WGS 84 经纬度读取，视同 CGCS2000（相差不到一米）；若数据来自网络地图，请改用 --srid gcj02。".into(),
        );
    }
    FrameDecision::Decided { srid, survey_truth, notes }
}

fn refused(code: FaultCode, message: impl Into<String>) -> FrameDecision {
    FrameDecision::Refused { code, message: message.into() }
}

fn unsupported(what: &str) -> FrameDecision {
    refused(
        FaultCode::FrameUnsupported,
        format!(
            "{what}不受支持。只接受 CGCS2000 经纬度（4490）、CGCS2000 3°分带（4513–4554）、WGS 84（4326），以及指名的 Web 墨卡托（3857）与 GCJ-02（gcj02）。请先用测绘软件转换。"
        ),
    )
}

fn question(code: FaultCode, reason: &str, candidates: Vec<i32>) -> FrameDecision {
    let value = |srid: i32| if srid == GCJ02 { "gcj02".to_owned() } else { srid.to_string() };
    FrameDecision::Question(Question {
        code,
        message: format!("{reason}。请用 --srid 指明坐标系。"),
        option: "srid".into(),
        candidates: candidates.into_iter().map(|srid| Candidate::new(value(srid), frame_label(srid))).collect(),
    })
}

/// Why coordinates cannot stand in a frame.
struct Contradiction {
    code: FaultCode,
    srid: i32,
    reason: String,
}

impl Contradiction {
    fn refuse(self, who: &str) -> FrameDecision {
        let message =
            format!("{who}的坐标系是{}，但{}。请核对坐标系与坐标后重新导入。", frame_label(self.srid), self.reason);
        refused(self.code, message)
    }
}

/// Whether every coordinate seen can stand in the frame.
fn agrees(srid: i32, extent: &Extent) -> Result<(), Contradiction> {
    let contradiction = |code, reason: String| Err(Contradiction { code, srid, reason });
    if srid == WEB_MERCATOR && !looks_plane(extent) {
        return contradiction(FaultCode::FrameContradicted, format!("坐标看来是经纬度（{}）", seen(extent)));
    }
    let (x, y) = ranges_of(srid);
    if extent.within(x, y) {
        return Ok(());
    }
    if extent.within(y, x) {
        return contradiction(FaultCode::AxesSwapped, format!("横坐标与纵坐标颠倒了（{}）", seen(extent)));
    }
    if let Some(zone) = zone_of(srid) {
        let other = if has_zone_prefix(srid) { unprefixed_srid(zone) } else { prefixed_srid(zone) };
        if other.is_some_and(|other| fits(other, extent)) {
            let state = if has_zone_prefix(srid) { "没有带号前缀" } else { "带有带号前缀" };
            let code = FaultCode::FrameZonePrefix;
            return contradiction(code, format!("横坐标{state}（{}）", seen(extent)));
        }
        if let Some(other) = prefix_in(extent).filter(|other| *other != zone) {
            return contradiction(FaultCode::FrameContradicted, format!("横坐标的带号是 {other}（{}）", seen(extent)));
        }
        if fits(CGCS2000, extent) {
            let reason = format!("坐标看来是经纬度（{}）", seen(extent));
            return contradiction(FaultCode::FrameContradicted, reason);
        }
    } else if srid != WEB_MERCATOR && looks_plane(extent) {
        let reason = format!("坐标看来是以米计的平面坐标（{}）", seen(extent));
        return contradiction(FaultCode::FrameContradicted, reason);
    }
    contradiction(FaultCode::FrameOutOfRange, format!("坐标超出该坐标系在中国的范围（{}）", seen(extent)))
}

fn fits(srid: i32, extent: &Extent) -> bool {
    let (x, y) = ranges_of(srid);
    extent.within(x, y)
}

type Range = (f64, f64);

fn ranges_of(srid: i32) -> (Range, Range) {
    let around = |centre: f64| (centre - HALF_WIDTH, centre + HALF_WIDTH);
    match zone_of(srid) {
        Some(zone) if has_zone_prefix(srid) => (around(f64::from(zone) * 1e6 + FALSE_EASTING), NORTHINGS),
        Some(_) => (around(FALSE_EASTING), NORTHINGS),
        None if srid == WEB_MERCATOR => ((-MERCATOR_WORLD, MERCATOR_WORLD), (-MERCATOR_WORLD, MERCATOR_WORLD)),
        None => (LONGITUDES, LATITUDES),
    }
}

/// The zone number before every easting, if there is one and the same.
fn prefix_in(extent: &Extent) -> Option<i32> {
    let zone = (extent.min_x / 1e6).floor() as i32;
    prefixed_srid(zone).filter(|srid| fits(*srid, extent)).and_then(zone_of)
}

fn seen(extent: &Extent) -> String {
    let Extent { min_x, min_y, max_x, max_y } = extent;
    format!("横 {min_x:.3} 至 {max_x:.3}，纵 {min_y:.3} 至 {max_y:.3}")
}

/// The frames in which these coordinates could stand.
fn candidates_for(extent: &Extent) -> Vec<i32> {
    if let Some(srid) = prefix_in(extent).and_then(prefixed_srid) {
        return vec![srid];
    }
    if fits(CGCS2000, extent) {
        return vec![CGCS2000, WGS84, GCJ02];
    }
    if fits(4549, extent) {
        return (4534..=4554).collect();
    }
    if fits(WEB_MERCATOR, extent) && looks_plane(extent) { vec![WEB_MERCATOR] } else { Vec::new() }
}

fn read_declaration(declared: &Declared, extent: &Extent) -> Reading {
    let frame = |srid| Reading::Frame { srid, notes: Vec::new() };
    let doubtful = |code, reason: String| Reading::Doubtful { code, reason, candidates: candidates_for(extent) };
    match declared {
        Declared::Nothing => doubtful(FaultCode::FrameMissing, "文件没有声明坐标系".into()),
        Declared::GeoJsonDefault => frame(WGS84),
        Declared::Name(name) => doubtful(FaultCode::FrameDoubtful, format!("不认识文件声明的坐标系“{name}”")),
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
        let reason = "坐标系定义（.prj）无法识别".to_owned();
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
