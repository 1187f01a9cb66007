use geo::CoordsIter;
use geo_types::MultiPolygon;
use serde::Serialize;

/// The box around every finite coordinate seen, in the file's own frame: x easting or longitude, y northing or latitude.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Extent {
    pub min_x: f64,
    pub min_y: f64,
    pub max_x: f64,
    pub max_y: f64,
}

impl Extent {
    pub fn of_point(x: f64, y: f64) -> Self {
        Extent { min_x: x, min_y: y, max_x: x, max_y: y }
    }

    pub fn of(shape: &MultiPolygon<f64>) -> Option<Self> {
        let mut extent: Option<Extent> = None;
        for point in shape.exterior_coords_iter() {
            Extent::stretch(&mut extent, Extent::of_point(point.x, point.y));
        }
        extent
    }

    pub fn stretch(extent: &mut Option<Extent>, other: Extent) {
        *extent = Some(extent.map_or(other, |e| Extent {
            min_x: e.min_x.min(other.min_x),
            min_y: e.min_y.min(other.min_y),
            max_x: e.max_x.max(other.max_x),
            max_y: e.max_y.max(other.max_y),
        }));
    }

    /// True when the whole box lies within the two intervals, their ends included.
    pub fn within(&self, x: (f64, f64), y: (f64, f64)) -> bool {
        x.0 <= self.min_x && self.max_x <= x.1 && y.0 <= self.min_y && self.max_y <= y.1
    }
}
