//! The plane area of a shape: what the official area of a parcel is made of.

use geo_types::{Coord, LineString, MultiPolygon, Polygon};
use rust_decimal::{Decimal, RoundingStrategy};

/// Plane area in the square of the frame's unit (square metres in a survey zone), holes taken off.
pub fn plane_area(shape: &MultiPolygon<f64>) -> f64 {
    shape.0.iter().map(polygon_area).sum()
}

fn polygon_area(polygon: &Polygon<f64>) -> f64 {
    let ring_area = |ring: &LineString<f64>| signed_double_area(&ring.0).abs() / 2.0;
    ring_area(polygon.exterior()) - polygon.interiors().iter().map(ring_area).sum::<f64>()
}

/// [`plane_area`] in square metres as a decimal with `places` decimals, half away from zero. None when it is no finite figure.
pub fn plane_area_decimal(shape: &MultiPolygon<f64>, places: u32) -> Option<Decimal> {
    // Digits below a millionth of a square metre are noise of the binary sum; they must not decide a half.
    let area = Decimal::from_f64_retain(plane_area(shape))?.round_dp(6);
    Some(area.round_dp_with_strategy(places, RoundingStrategy::MidpointAwayFromZero))
}

/// Twice the signed area, counter-clockwise positive, about the first point so that large coordinates cancel nothing.
pub fn signed_double_area(ring: &[Coord<f64>]) -> f64 {
    let Some(origin) = ring.first() else { return 0.0 };
    let cross = |pair: &[Coord<f64>]| {
        let (a, b) = (pair[0] - *origin, pair[1] - *origin);
        a.x * b.y - b.x * a.y
    };
    let closing = [ring[ring.len() - 1], *origin];
    ring.windows(2).map(cross).sum::<f64>() + cross(&closing)
}

#[cfg(test)]
mod tests {
    use super::*;
    use geo_types::{Coord, polygon};
    use proptest::prelude::*;
    use rust_decimal_macros::dec;

    #[test]
    fn a_hole_is_taken_off_whatever_way_it_runs() {
        let shape = MultiPolygon::new(vec![polygon!(
            exterior: [(x: 0.0, y: 0.0), (x: 10.0, y: 0.0), (x: 10.0, y: 10.0), (x: 0.0, y: 10.0)],
            interiors: [[(x: 1.0, y: 1.0), (x: 2.0, y: 1.0), (x: 2.0, y: 2.0), (x: 1.0, y: 2.0)]],
        )]);
        assert_eq!(plane_area_decimal(&shape, 4), Some(dec!(99)));
    }

    proptest! {
        #[test]
        fn a_rectangle_far_from_the_origin_keeps_its_millimetres(width in 1u32..5_000_000, height in 1u32..5_000_000) {
            let (w, h) = (f64::from(width) / 1000.0, f64::from(height) / 1000.0);
            let at = |x: f64, y: f64| Coord { x: 40_500_000.0 + x, y: 3_350_000.0 + y };
            let ring = LineString::new(vec![at(0.0, 0.0), at(w, 0.0), at(w, h), at(0.0, h), at(0.0, 0.0)]);
            let area = plane_area(&MultiPolygon::new(vec![Polygon::new(ring, vec![])]));
            // Coordinates of eight digits before the point hold the millimetre to about 4 nm.
            prop_assert!((area - w * h).abs() <= 1e-8 * (w + h) + 1e-9 * w * h);
        }
    }
}
