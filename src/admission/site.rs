//! The site as it was drawn, and what makes it unfit to be checked.

use geo::{BoundingRect, Distance, Euclidean};
use geo_types::{MultiPolygon, Polygon};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use serde_json::Value;

use crate::exchange::{Fault, FaultCode};
use crate::exchange::{read_geojson, validity};
use crate::policy::Parameters;

/// How far apart the parts of one site may lie, m.
pub const PARTS_APART: &str = "site_parts_apart_at_most";

/// More parts than any site has; each is held against each.
const MOST_PARTS: usize = 100;

/// Metres a degree of latitude is long; good to half a per cent, which is enough for telling far from near.
const METRES_A_DEGREE: f64 = 111_000.0;

/// Reads and examines a site in EPSG:4490, longitude before latitude.
///
/// # Errors
/// Nothing to read, a ring that crosses itself, no area, or parts that lie too far from each other.
pub fn read(value: &Value, parameters: &Parameters) -> Result<MultiPolygon<f64>, Fault> {
    let fault = |fault: Fault| fault.at_field("/site");
    let shape = read_geojson(value).map_err(fault)?;
    let shape = validity::examine(shape).map_err(fault)?.shape;
    let degrees = shape.bounding_rect().is_some_and(|bounds| {
        (-180.0..=180.0).contains(&bounds.min().x)
            && (-180.0..=180.0).contains(&bounds.max().x)
            && (-90.0..=90.0).contains(&bounds.min().y)
            && (-90.0..=90.0).contains(&bounds.max().y)
    });
    if !degrees {
        let reason = "坐标应为经纬度（EPSG:4490，先经度后纬度）".to_owned();
        return Err(Fault::error(FaultCode::FrameOutOfRange, reason).at_field("/site"));
    }
    if let Ok(most) = parameters.decimal(PARTS_APART) {
        near_each_other(&shape, most)?;
    }
    Ok(shape)
}

/// That from each part one reaches every other by steps of at most `most` metres.
fn near_each_other(shape: &MultiPolygon<f64>, most: Decimal) -> Result<(), Fault> {
    let parts = flat(shape);
    if parts.len() > MOST_PARTS {
        let reason = format!("用地由 {} 块组成，最多 {MOST_PARTS} 块", parts.len());
        return Err(Fault::error(FaultCode::SitePartsTooMany, reason).at_field("/site"));
    }
    let metres = most.to_f64().unwrap_or(f64::MAX);
    let mut reached = vec![0];
    let mut left: Vec<usize> = (1..parts.len()).collect();
    let mut next = 0;
    while next < reached.len() {
        let from = &parts[reached[next]];
        let (near, far) = left.into_iter().partition(|part| Euclidean.distance(from, &parts[*part]) <= metres);
        reached.extend::<Vec<usize>>(near);
        left = far;
        next += 1;
    }
    match left.first() {
        None => Ok(()),
        Some(part) => {
            let reason = format!("用地的第 {} 块与其余部分相距超过 {most} 米，应作为两个项目用地分别申请", part + 1);
            Err(Fault::error(FaultCode::SitePartsApart, reason).at_field("/site"))
        }
    }
}

/// In metres about the site's middle.
fn flat(shape: &MultiPolygon<f64>) -> Vec<Polygon<f64>> {
    use geo::MapCoords;
    let latitude = shape.bounding_rect().map_or(0.0, |bounds| (bounds.min().y + bounds.max().y) / 2.0);
    let east = METRES_A_DEGREE * latitude.to_radians().cos();
    shape.map_coords(|at| geo_types::Coord { x: at.x * east, y: at.y * METRES_A_DEGREE }).0
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::policy::catalogue::Catalogue;

    fn square(west: f64) -> Value {
        let (east, south, north) = (west + 0.001, 30.3, 30.301);
        json!([[[west, south], [east, south], [east, north], [west, north], [west, south]]])
    }

    fn read_sites(wests: &[f64]) -> Result<MultiPolygon<f64>, &'static str> {
        let parts: Vec<_> = wests.iter().map(|west| square(*west)).collect();
        let parameters = Catalogue::embedded().unwrap().parameters_on("2025-01-01".parse().unwrap());
        read(&json!({"type": "MultiPolygon", "coordinates": parts}), &parameters).map_err(|fault| fault.code.code())
    }

    #[test]
    fn parts_across_a_road_are_one_site_and_far_parts_are_not() {
        assert_eq!(read_sites(&[120.1]).unwrap().0.len(), 1);
        // 0.002° of longitude are some 190 m here, 0.003° some 290 m.
        assert!(read_sites(&[120.1, 120.103, 120.106]).is_ok(), "one step after the other");
        assert_eq!(read_sites(&[120.1, 120.104]), Err("site_parts_apart"));
        assert_eq!(read_sites(&[500.0]), Err("frame_out_of_range"));
    }

    #[test]
    fn a_bow_tie_and_a_line_are_refused() {
        let parameters = Catalogue::embedded().unwrap().parameters_on("2025-01-01".parse().unwrap());
        let code = |ring: Value| {
            read(&json!({"type": "Polygon", "coordinates": [ring]}), &parameters).unwrap_err().code.code()
        };
        let crossed = json!([[120.1, 30.3], [120.101, 30.301], [120.101, 30.3], [120.1, 30.301], [120.1, 30.3]]);
        assert_eq!(code(crossed), "geometry_self_intersection");
        let flat = code(json!([[120.1, 30.3], [120.101, 30.3], [120.102, 30.3], [120.1, 30.3]]));
        assert!(flat.starts_with("geometry_"), "{flat}");
    }
}
