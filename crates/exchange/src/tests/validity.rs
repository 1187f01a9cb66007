use geo::Winding;
use geo_types::{LineString, MultiPolygon, Polygon, wkt};

use crate::FaultCode::{self, *};
use crate::area::plane_area;
use crate::fault::Fault;
use crate::validity::examine;

fn wrong(shape: MultiPolygon<f64>) -> Fault {
    examine(shape).unwrap_err()
}

fn code(shape: MultiPolygon<f64>) -> FaultCode {
    wrong(shape).code
}

#[test]
fn a_bow_tie_names_where_it_crosses() {
    let fault = wrong(wkt!(MULTIPOLYGON(((0. 0., 1000. 1000., 1000. 0., 0. 1000., 0. 0.)))));
    assert_eq!(fault.code, GeometrySelfIntersection);
    assert!(fault.message.contains("横 500.000，纵 500.000"), "{}", fault.message);
}

#[test]
fn spikes_touches_and_flat_rings_are_invalid() {
    assert_eq!(code(wkt!(MULTIPOLYGON(((0. 0., 4. 0., 4. 4., 4. 0., 0. 4., 0. 0.))))), GeometrySelfIntersection);
    assert_eq!(
        code(wkt!(MULTIPOLYGON(((0. 0., 4. 0., 2. 2., 4. 4., 0. 4., 2. 2., 0. 0.))))),
        GeometrySelfIntersection,
        "a ring that touches itself at a point"
    );
    assert_eq!(code(wkt!(MULTIPOLYGON(((0. 0., 2. 0., 1. 0., 0. 0.))))), GeometrySelfIntersection);
    assert_eq!(code(wkt!(MULTIPOLYGON(((0. 0., 2. 0., 0. 0.))))), GeometryTooFewPoints);
    assert_eq!(code(MultiPolygon::new(vec![])), GeometryEmpty);
    let ring = LineString::from(vec![(0.0, 0.0), (f64::NAN, 0.0), (1.0, 1.0), (0.0, 0.0)]);
    assert_eq!(code(MultiPolygon::new(vec![Polygon::new(ring, vec![])])), CoordinateNotFinite);
}

#[test]
fn holes_and_parts_must_lie_where_they_belong() {
    assert_eq!(
        code(wkt!(MULTIPOLYGON(((0. 0., 10. 0., 10. 10., 0. 10., 0. 0.), (20. 20., 21. 20., 21. 21., 20. 20.))))),
        GeometryInvalid
    );
    assert_eq!(
        code(wkt!(MULTIPOLYGON(((0. 0., 10. 0., 10. 10., 0. 10., 0. 0.), (5. 5., 15. 5., 15. 6., 5. 6., 5. 5.))))),
        GeometryRingsCross
    );
    assert_eq!(
        code(wkt!(MULTIPOLYGON(((0. 0., 10. 0., 10. 10., 0. 10., 0. 0.)), ((2. 2., 3. 2., 3. 3., 2. 2.))))),
        GeometryInvalid,
        "a part within a part"
    );
    assert_eq!(
        code(wkt!(MULTIPOLYGON(((0. 0., 1. 0., 1. 1., 0. 1., 0. 0.)), ((1. 0., 2. 0., 2. 1., 1. 1., 1. 0.))))),
        GeometryRingsCross,
        "parts that share an edge are one part"
    );
    let touching = wkt!(MULTIPOLYGON(((0. 0., 1. 0., 1. 1., 0. 1., 0. 0.)), ((1. 1., 2. 1., 2. 2., 1. 2., 1. 1.))));
    assert!(examine(touching).is_ok(), "parts may touch at a point");
}

#[test]
fn repeated_points_are_merged_and_rings_turned() {
    let shape = wkt!(MULTIPOLYGON(((0. 0., 0. 10., 0. 10., 10. 10., 10. 0., 0. 0.), (2. 2., 3. 2., 3. 3., 2. 2.))));
    let area = plane_area(&shape);
    let examined = examine(shape).unwrap();
    assert_eq!(examined.faults[0].code, GeometryDuplicatePoint);
    let polygon = &examined.shape.0[0];
    assert!(polygon.exterior().is_ccw() && polygon.interiors()[0].is_cw());
    assert_eq!(polygon.exterior().0.len(), 5);
    assert_eq!(plane_area(&examined.shape), area);
}

#[test]
fn a_ring_of_a_hundred_thousand_points_is_checked_quickly() {
    let count = 100_000;
    let at = |place: usize| {
        let angle = place as f64 / count as f64 * std::f64::consts::TAU;
        (1000.0 * angle.cos(), 1000.0 * angle.sin())
    };
    let ring = LineString::from((0..count).map(at).collect::<Vec<_>>());
    assert!(examine(MultiPolygon::new(vec![Polygon::new(ring, vec![])])).is_ok());
}
