//! GCJ-02, the shifted frame of Chinese web maps (about 515 m off in Hangzhou), brought back to longitude and latitude
//! on CGCS2000. The shift is a published approximation, so what comes out is for looking at, never survey truth.

use std::f64::consts::PI;

use geo::MapCoords;
use geo_types::{Coord, MultiPolygon};

/// The ellipsoid the shift is computed on (Krasovsky 1940).
const SEMI_MAJOR: f64 = 6_378_245.0;
const ECCENTRICITY_SQUARED: f64 = 0.006_693_421_622_965_943;
/// Degrees; a tenth of a millimetre on the ground.
const TOLERANCE: f64 = 1e-9;
const ROUNDS: usize = 30;

pub fn shape_to_cgcs2000(shape: &MultiPolygon<f64>) -> MultiPolygon<f64> {
    shape.map_coords(to_cgcs2000)
}

/// Longitude and latitude in GCJ-02 to longitude and latitude on CGCS2000, by iterating the forward shift.
pub fn to_cgcs2000(shifted: Coord<f64>) -> Coord<f64> {
    let mut guess = shifted;
    for _ in 0..ROUNDS {
        let error = from_cgcs2000(guess) - shifted;
        guess = guess - error;
        if error.x.abs() < TOLERANCE && error.y.abs() < TOLERANCE {
            break;
        }
    }
    guess
}

/// The forward shift. Outside the box around China the frame is not shifted.
pub fn from_cgcs2000(place: Coord<f64>) -> Coord<f64> {
    if !(72.004..=137.8347).contains(&place.x) || !(0.8293..=55.8271).contains(&place.y) {
        return place;
    }
    let (x, y) = (place.x - 105.0, place.y - 35.0);
    let latitude = place.y.to_radians();
    let curvature = 1.0 - ECCENTRICITY_SQUARED * latitude.sin().powi(2);
    let meridian = SEMI_MAJOR * (1.0 - ECCENTRICITY_SQUARED) / (curvature * curvature.sqrt());
    let parallel = SEMI_MAJOR / curvature.sqrt() * latitude.cos();
    let shift = Coord { x: east_metres(x, y) / parallel, y: north_metres(x, y) / meridian };
    Coord { x: place.x + shift.x.to_degrees(), y: place.y + shift.y.to_degrees() }
}

/// A sum of sine waves: amplitude, and angular speed as a fraction of π.
fn waves(value: f64, terms: [(f64, f64); 3]) -> f64 {
    terms.iter().map(|(amplitude, speed)| amplitude * (value * speed * PI).sin()).sum::<f64>() * 2.0 / 3.0
}

fn east_metres(x: f64, y: f64) -> f64 {
    300.0
        + x
        + 2.0 * y
        + 0.1 * x * x
        + 0.1 * x * y
        + 0.1 * x.abs().sqrt()
        + waves(x, [(20.0, 6.0), (20.0, 2.0), (0.0, 0.0)])
        + waves(x, [(20.0, 1.0), (40.0, 1.0 / 3.0), (0.0, 0.0)])
        + waves(x, [(150.0, 1.0 / 12.0), (300.0, 1.0 / 30.0), (0.0, 0.0)])
}

fn north_metres(x: f64, y: f64) -> f64 {
    -100.0
        + 2.0 * x
        + 3.0 * y
        + 0.2 * y * y
        + 0.1 * x * y
        + 0.2 * x.abs().sqrt()
        + waves(x, [(20.0, 6.0), (20.0, 2.0), (0.0, 0.0)])
        + waves(y, [(20.0, 1.0), (40.0, 1.0 / 3.0), (0.0, 0.0)])
        + waves(y, [(160.0, 1.0 / 12.0), (320.0, 1.0 / 30.0), (0.0, 0.0)])
}

#[cfg(test)]
mod tests {
    use super::*;
    use geo::{Distance, Haversine};
    use geo_types::Point;
    use proptest::prelude::*;

    #[test]
    fn the_shift_in_hangzhou_is_about_515_metres() {
        let place = Coord { x: 120.155, y: 30.274 };
        let off = Haversine.distance(Point::from(place), Point::from(from_cgcs2000(place)));
        assert!((500.0..530.0).contains(&off), "{off}");
    }

    proptest! {
        #[test]
        fn there_and_back_is_the_same_place(x in 75.0f64..135.0, y in 5.0f64..53.0) {
            let place = Coord { x, y };
            let back = to_cgcs2000(from_cgcs2000(place));
            prop_assert!((back.x - x).abs() < 1e-7 && (back.y - y).abs() < 1e-7);
        }
    }
}
