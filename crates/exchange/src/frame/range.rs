//! Where coordinates can stand: the ranges of each frame in China.

use super::*;

const LONGITUDES: (f64, f64) = (73.0, 136.0);
const LATITUDES: (f64, f64) = (3.0, 54.0);
/// Metres north of the equator between the latitudes of China, with some room.
const NORTHINGS: (f64, f64) = (300_000.0, 6_000_000.0);
/// Metres either side of the central meridian: twice the zone's half width at 18° N, for places that keep one zone for a whole city.
const HALF_WIDTH: f64 = 320_000.0;
pub const FALSE_EASTING: f64 = 500_000.0;
const MERCATOR_WORLD: f64 = 20_037_508.35;
/// Why coordinates cannot stand in a frame.
pub struct Contradiction {
    pub code: FaultCode,
    pub srid: i32,
    pub reason: String,
}

/// Plane coordinates of China read as degrees would lie far beyond the globe.
pub fn looks_plane(extent: &Extent) -> bool {
    !extent.within((-180.0, 180.0), (-90.0, 90.0))
}

/// Whether every coordinate seen can stand in the frame.
pub fn agrees(srid: i32, extent: &Extent) -> Result<(), Contradiction> {
    let contradiction = |code, reason: String| Err(Contradiction { code, srid, reason });
    if srid == WEB_MERCATOR && !looks_plane(extent) {
        return contradiction(FaultCode::FrameContradicted, format!("坐标看来是经纬度（{}）", seen(extent)));
    }
    let (x, y) = ranges_of(srid);
    if extent.within(x, y) {
        return Ok(());
    }
    if are_swapped(srid, extent) {
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

/// The coordinates stand in the frame when each takes the other's place.
pub fn are_swapped(srid: i32, extent: &Extent) -> bool {
    let (x, y) = ranges_of(srid);
    !extent.within(x, y) && extent.within(y, x)
}

pub fn fits(srid: i32, extent: &Extent) -> bool {
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
    if [min_x, min_y, max_x, max_y].iter().any(|figure| figure.abs() > 1e9) {
        return format!("横 {min_x:e} 至 {max_x:e}，纵 {min_y:e} 至 {max_y:e}");
    }
    format!("横 {min_x:.3} 至 {max_x:.3}，纵 {min_y:.3} 至 {max_y:.3}")
}

/// The frames in which these coordinates could stand.
pub fn candidates_for(extent: &Extent) -> Vec<i32> {
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
