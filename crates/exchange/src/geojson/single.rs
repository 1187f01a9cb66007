//! One shape out of a JSON value: a geometry, a feature, or a collection of one feature.

use geo_types::MultiPolygon;
use serde_json::Value;

use super::shape::{RawGeometry, shape_of, unreadable};
use crate::fault::{Fault, FaultCode};
use crate::limits::Limits;
use crate::wording;

/// Frames whose degrees may be taken for EPSG:4490.
const DEGREES: [&str; 3] = ["4490", "4326", "CRS84"];

/// Longitude before latitude. What the shape is like is for [`crate::validity::examine`] to say.
///
/// # Errors
/// No polygon, several features, coordinates that cannot be read, or a `crs` of another frame.
pub fn read_one(value: &Value) -> Result<MultiPolygon<f64>, Fault> {
    if let Some(name) = value.pointer("/crs/properties/name").and_then(Value::as_str)
        && !DEGREES.iter().any(|known| name.ends_with(known))
    {
        return Err(Fault::error(FaultCode::FrameUnsupported, format!("坐标系应为 EPSG:4490，文件声明为 {name}")));
    }
    let geometry = match value.get("type").and_then(Value::as_str) {
        Some("Feature") => value.get("geometry"),
        Some("FeatureCollection") => match value.get("features").and_then(Value::as_array).map(Vec::as_slice) {
            Some([feature]) => feature.get("geometry"),
            Some(features) => {
                let message = format!("应为一个图形，实有 {} 个", features.len());
                return Err(Fault::error(FaultCode::GeometryWrongType, message));
            }
            None => None,
        },
        _ => Some(value),
    };
    let geometry = geometry.filter(|geometry| !geometry.is_null()).ok_or_else(wording::geometry_empty)?;
    let raw: RawGeometry = serde_json::from_value(geometry.clone()).map_err(|error| unreadable(&error))?;
    shape_of(raw, &Limits::default(), &mut Vec::new())?.ok_or_else(wording::geometry_empty)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn one_shape_is_read_and_nothing_else() {
        let square = json!({"type": "Polygon", "coordinates": [[[120, 30], [120.1, 30], [120.1, 30.1], [120, 30]]]});
        let feature = json!({"type": "Feature", "properties": {}, "geometry": square});
        let collection = |features: Vec<&Value>| json!({"type": "FeatureCollection", "features": features});
        for value in [&square, &feature, &collection(vec![&feature])] {
            assert_eq!(read_one(value).unwrap().0.len(), 1);
        }
        let code = |value: &Value| read_one(value).unwrap_err().code;
        assert_eq!(code(&collection(vec![&feature, &feature])), FaultCode::GeometryWrongType);
        assert_eq!(code(&json!({"type": "Point", "coordinates": [1, 2]})), FaultCode::GeometryWrongType);
        assert_eq!(code(&json!({"type": "Feature", "geometry": null})), FaultCode::GeometryEmpty);
        let mut elsewhere = square.clone();
        elsewhere["crs"] = json!({"type": "name", "properties": {"name": "EPSG:4528"}});
        assert_eq!(code(&elsewhere), FaultCode::FrameUnsupported);
    }
}
