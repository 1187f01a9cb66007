//! Outlines of the thirteen districts of an invented city, of which one is ours.

use serde_json::{Value, json};

/// Codes as a map service writes them, a number of the country before the county's; names are invented.
const OTHERS: u32 = 12;
const OURS: &str = "156330105";

/// GeoJSON in CGCS2000 as another program writes it: a frame is declared, every shape is a MultiPolygon.
pub fn geojson() -> String {
    let mut features: Vec<Value> =
        (0..OTHERS).map(|place| district(place, &format!("1563391{:02}", place + 1))).collect();
    features.insert(3, district(OTHERS, OURS));
    let crs = json!({"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::4490"}});
    json!({"type": "FeatureCollection", "name": "districts", "crs": crs, "features": features}).to_string()
}

/// Districts stand in a row, each with an edge of forty points.
fn district(place: u32, code: &str) -> Value {
    let (west, south) = (119.2 + 0.1 * f64::from(place), 30.2);
    let bend = |step: u32| {
        let along = f64::from(step) / 40.0;
        json!([west + 0.1 * along, south + 0.08 + 0.004 * (along * 20.0).sin()])
    };
    let mut ring = vec![json!([west, south]), json!([west + 0.1, south])];
    ring.extend((0..=40).rev().map(bend));
    ring.push(json!([west, south]));
    json!({
        "type": "Feature", "properties": {"name": format!("样例{}区", place + 1), "gb": code},
        "geometry": {"type": "MultiPolygon", "coordinates": [[ring]]},
    })
}
