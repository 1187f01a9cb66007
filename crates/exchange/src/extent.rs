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
        *extent = Some(extent.map_or(other, |extent| extent.join(other)));
    }

    /// True when the whole box lies within the two intervals, their ends included.
    pub fn within(&self, x: (f64, f64), y: (f64, f64)) -> bool {
        x.0 <= self.min_x && self.max_x <= x.1 && y.0 <= self.min_y && self.max_y <= y.1
    }

    pub fn join(self, other: Extent) -> Extent {
        Extent {
            min_x: self.min_x.min(other.min_x),
            min_y: self.min_y.min(other.min_y),
            max_x: self.max_x.max(other.max_x),
            max_y: self.max_y.max(other.max_y),
        }
    }

    /// Whether two boxes have a point in common, borders included.
    pub fn meets(&self, other: &Extent) -> bool {
        self.min_x <= other.max_x && other.min_x <= self.max_x && self.min_y <= other.max_y && other.min_y <= self.max_y
    }

    pub fn grown(&self, by: f64) -> Extent {
        Extent { min_x: self.min_x - by, min_y: self.min_y - by, max_x: self.max_x + by, max_y: self.max_y + by }
    }
}
