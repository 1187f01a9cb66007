//! A sketch of land: a site, what lies around it, north and a scale. SVG that needs no script and no style sheet, so that
//! it is the same on screen, on paper and in a PDF.

use askama::Template;
use geo::BoundingRect;
use geo_types::{Geometry, LineString, MultiPolygon, Rect};
use geojson::{Feature, FeatureCollection};

const WIDTH: f64 = 480.0;
const HEIGHT: f64 = 320.0;
const MARGIN: f64 = 28.0;
const METRES_PER_DEGREE: f64 = 111_320.0;
/// The scale's bar is at most this long.
const LONGEST_BAR: f64 = 110.0;

/// Drawn from the first to the last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Outline,
    Neighbour,
    Former,
    Parcel,
    Conflict,
}

impl Kind {
    /// What says nothing is what the sketch is of.
    fn of(feature: &Feature) -> Self {
        match feature.property("kind").and_then(|kind| kind.as_str()) {
            Some("outline") => Kind::Outline,
            Some("neighbour") => Kind::Neighbour,
            Some("former") => Kind::Former,
            Some("conflict") => Kind::Conflict,
            _ => Kind::Parcel,
        }
    }
}

struct Piece {
    kind: Kind,
    land: MultiPolygon<f64>,
    label: String,
}

/// One shape in the picture's own units.
#[derive(Clone, Debug, PartialEq)]
struct Drawn {
    kind: Kind,
    path: String,
    label: String,
}

/// Renders by itself: a page holds one and writes `{{ sketch|safe }}`.
#[derive(Clone, Debug, Default, Template)]
#[template(path = "print/sketch.html")]
pub struct Sketch {
    shapes: Vec<Drawn>,
    /// Length of the bar and what it measures.
    scale: Option<(String, String)>,
}

impl Sketch {
    /// `features`: a GeoJSON collection of polygons in degrees, longitude first. Their property `kind` is `parcel` (what
    /// the sketch is of and is fitted to), `neighbour`, `outline`, `former` or `conflict`; `label` is shown when pointed at.
    pub fn of(features: serde_json::Value) -> Self {
        let collection: Result<FeatureCollection, _> = serde_json::from_value(features);
        let features = collection.map(|collection| collection.features).unwrap_or_default();
        let mut pieces: Vec<Piece> = features.iter().filter_map(piece).collect();
        pieces.sort_by_key(|piece| piece.kind);
        let Some(frame) = Frame::around(&pieces) else { return Sketch::default() };
        let shapes = pieces.iter().map(|piece| Drawn {
            kind: piece.kind,
            path: frame.path(&piece.land),
            label: piece.label.clone(),
        });
        Sketch { shapes: shapes.collect(), scale: Some(frame.scale()) }
    }
}

fn piece(feature: &Feature) -> Option<Piece> {
    let land = match Geometry::<f64>::try_from(feature.geometry.as_ref()?).ok()? {
        Geometry::Polygon(polygon) => MultiPolygon(vec![polygon]),
        Geometry::MultiPolygon(polygons) => polygons,
        _ => return None,
    };
    let label = feature.property("label").and_then(|label| label.as_str()).unwrap_or_default().to_owned();
    Some(Piece { kind: Kind::of(feature), land, label })
}

/// How degrees become picture units. Local and equidistant: at the size of a site's surroundings nothing better is seen.
struct Frame {
    west: f64,
    north: f64,
    /// Of a degree of longitude to one of latitude.
    squeeze: f64,
    /// Picture units a degree of latitude.
    scale: f64,
    left: f64,
    top: f64,
}

impl Frame {
    fn around(pieces: &[Piece]) -> Option<Self> {
        let own =
            pieces.iter().filter(|piece| piece.kind == Kind::Parcel).filter_map(|piece| piece.land.bounding_rect());
        let all = pieces.iter().filter_map(|piece| piece.land.bounding_rect());
        let bounds = own.reduce(both).or_else(|| all.reduce(both))?;
        let squeeze = bounds.center().y.to_radians().cos();
        let (wide, high) = ((bounds.width() * squeeze).max(1e-7), bounds.height().max(1e-7));
        let scale = ((WIDTH - 2.0 * MARGIN) / wide).min((HEIGHT - 2.0 * MARGIN) / high);
        Some(Frame {
            west: bounds.min().x,
            north: bounds.max().y,
            squeeze,
            scale,
            left: (WIDTH - wide * scale) / 2.0,
            top: (HEIGHT - high * scale) / 2.0,
        })
    }

    fn path(&self, land: &MultiPolygon<f64>) -> String {
        let mut path = String::new();
        for polygon in land {
            for ring in std::iter::once(polygon.exterior()).chain(polygon.interiors()) {
                self.ring(ring, &mut path);
            }
        }
        path
    }

    fn ring(&self, ring: &LineString<f64>, path: &mut String) {
        let corners: Vec<String> = ring
            .coords()
            .map(|at| {
                let x = self.left + (at.x - self.west) * self.squeeze * self.scale;
                let y = self.top + (self.north - at.y) * self.scale;
                format!("{} {}", short(x), short(y))
            })
            .collect();
        path.push('M');
        path.push_str(&corners.join("L"));
        path.push('Z');
    }

    /// A round length and the words for it.
    fn scale(&self) -> (String, String) {
        let metres_per_unit = METRES_PER_DEGREE / self.scale;
        let metres = round_length(metres_per_unit * LONGEST_BAR);
        let words = if metres >= 1000.0 { format!("{} 公里", metres / 1000.0) } else { format!("{metres} 米") };
        (short(metres / metres_per_unit), words)
    }
}

fn both(one: Rect<f64>, other: Rect<f64>) -> Rect<f64> {
    let (low, high) = ((one.min(), other.min()), (one.max(), other.max()));
    Rect::new((low.0.x.min(low.1.x), low.0.y.min(low.1.y)), (high.0.x.max(high.1.x), high.0.y.max(high.1.y)))
}

/// The largest of 1, 2, 5 times a power of ten that is not above.
fn round_length(metres: f64) -> f64 {
    let power = 10f64.powf(metres.log10().floor());
    [5.0, 2.0].into_iter().find(|digit| digit * power <= metres).unwrap_or(1.0) * power
}

/// At most one decimal: a tenth of a unit is not seen.
fn short(value: f64) -> String {
    let rounded = (value * 10.0).round() / 10.0;
    if rounded == 0.0 { "0".into() } else { rounded.to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn square(kind: &str, from: f64, to: f64) -> serde_json::Value {
        let ring = [[from, 30.0], [to, 30.0], [to, 30.001], [from, 30.001], [from, 30.0]];
        json!({ "type": "Feature", "properties": { "kind": kind, "label": format!("{kind}<1>") },
                "geometry": { "type": "Polygon", "coordinates": [ring] } })
    }

    #[test]
    fn the_site_fills_the_picture_and_lies_on_its_neighbours() {
        let features = json!({ "type": "FeatureCollection", "features":
            [square("parcel", 120.0, 120.001), square("neighbour", 120.001, 120.002)] });
        let sketch = Sketch::of(features);
        let kinds: Vec<Kind> = sketch.shapes.iter().map(|shape| shape.kind).collect();
        assert_eq!(kinds, [Kind::Neighbour, Kind::Parcel]);
        let (bar, words) = sketch.scale.clone().unwrap();
        assert_eq!(words, "20 米", "a hundred metres fill 264 units, so 110 units hold 41");
        assert!(bar.parse::<f64>().unwrap() < LONGEST_BAR);
        assert!(sketch.shapes[1].path.starts_with('M') && sketch.shapes[1].path.ends_with('Z'));
        let svg = sketch.render().unwrap();
        assert!(svg.contains("parcel&#60;1&#62;"), "a label is text: {svg}");
        assert!(svg.contains("20 米") && svg.contains("北"));
    }

    #[test]
    fn without_land_it_says_so() {
        for nothing in [json!(null), json!({ "type": "FeatureCollection", "features": [] })] {
            assert!(Sketch::of(nothing).render().unwrap().contains("没有图形"));
        }
    }

    #[test]
    fn lengths_are_round() {
        assert_eq!([9.9, 10.0, 49.0, 50.0, 1999.0].map(round_length), [5.0, 10.0, 20.0, 50.0, 1000.0]);
    }
}
