use geo::{Area, MapCoords, Validation};
use geo_types::{LineString, MultiPolygon, Polygon, wkt};
use proptest::prelude::*;

use super::*;
use crate::FaultCode::*;

fn square(x: f64, y: f64, side: f64) -> LineString<f64> {
    LineString::from(vec![(x, y), (x + side, y), (x + side, y + side), (x, y + side), (x, y)])
}

/// As an hour of longitude and latitude bends straight lines of the plane: most at the northern end of the country.
fn bent(shape: &MultiPolygon<f64>) -> MultiPolygon<f64> {
    let curvature = 1.376 / 6.37e6 / 2.0;
    shape.map_coords(|at| Coord { x: at.x, y: at.y + curvature * at.x * at.x })
}

#[test]
fn a_corner_on_an_edge_becomes_a_point_of_the_edge() {
    let shape =
        wkt!(MULTIPOLYGON(((0. 0., 300. 0., 300. 100., 0. 100., 0. 0.), (50. 50., 100. 0., 150. 50., 50. 50.))));
    let area = shape.unsigned_area();
    let examined = examine(shape).unwrap();
    assert!(examined.faults.is_empty());
    assert_eq!(examined.shape.0[0].exterior().0.len(), 6);
    assert_eq!(examined.shape.unsigned_area(), area);
    assert!(bent(&examined.shape).is_valid());
}

#[test]
fn a_slit_narrower_than_the_bending_of_its_edge_stays_open() {
    // A kilometre of edge bends by 27 millimetres; the tip of the notch ends 5 before it.
    let shape = wkt!(MULTIPOLYGON(((0. 0., 1000. 0., 1000. 200., 501. 200., 500. 0.005, 499. 200., 0. 200., 0. 0.))));
    assert!(!bent(&shape).is_valid());
    let examined = examine(shape).unwrap().shape;
    assert_eq!(examined.0[0].exterior().0.len(), 9, "one point more, under the tip");
    assert!(bent(&examined).is_valid());
}

#[test]
fn needles_of_two_centimetres_by_a_kilometre_are_sound() {
    let tooth = |n: u32| {
        let y = f64::from(n) / 25.0;
        [(512_000.0, 3_355_000.0 + y), (513_000.0, 3_355_000.01 + y), (512_000.0, 3_355_000.02 + y)]
    };
    let mut points: Vec<(f64, f64)> = (0..50).flat_map(tooth).collect();
    points.extend([(511_999.0, 3_355_002.0), (511_999.0, 3_354_999.0)]);
    let mut ring = LineString::from(points);
    ring.close();
    let comb = MultiPolygon::new(vec![Polygon::new(ring, vec![])]);
    assert!(comb.is_valid());
    assert!(examine(comb).unwrap().shape.is_valid());
}

#[test]
fn holes_that_cut_the_inside_in_pieces_are_refused_with_the_place() {
    let cut = [
        wkt!(MULTIPOLYGON(((0. 0., 10. 0., 10. 10., 0. 10., 0. 0.), (0. 0., 6. 5., 10. 10., 4. 5., 0. 0.)))),
        wkt!(MULTIPOLYGON(((0. 0., 10. 0., 10. 10., 0. 10., 0. 0.), (0. 5., 5. 4., 10. 5., 5. 6., 0. 5.)))),
        wkt!(MULTIPOLYGON((
            (0. 0., 10. 0., 10. 10., 0. 10., 0. 0.),
            (0. 5., 2. 4., 5. 5., 2. 6., 0. 5.),
            (5. 5., 8. 4., 10. 5., 8. 6., 5. 5.)
        ))),
        wkt!(MULTIPOLYGON((
            (0. 0., 20. 0., 20. 20., 0. 20., 0. 0.),
            (5. 10., 10. 5., 9. 9., 5. 10.),
            (10. 5., 15. 10., 11. 9., 10. 5.),
            (15. 10., 10. 15., 11. 11., 15. 10.),
            (10. 15., 5. 10., 9. 11., 10. 15.)
        ))),
    ];
    for shape in cut {
        let fault = examine(shape.clone()).unwrap_err();
        assert_eq!(fault.code, GeometryInvalid, "{shape:?}");
        assert!(fault.message.contains("切成了几块") && fault.message.contains("横 "), "{}", fault.message);
    }
}

#[test]
fn one_touching_point_and_a_star_of_holes_leave_the_inside_whole() {
    let whole = [
        wkt!(MULTIPOLYGON(((0. 0., 10. 0., 10. 10., 0. 10., 0. 0.), (0. 5., 5. 4., 5. 6., 0. 5.)))),
        wkt!(MULTIPOLYGON((
            (0. 0., 10. 0., 10. 10., 0. 10., 0. 0.),
            (5. 5., 2. 4., 2. 6., 5. 5.),
            (5. 5., 8. 4., 8. 6., 5. 5.),
            (5. 5., 4. 8., 6. 8., 5. 5.)
        ))),
    ];
    for shape in whole {
        assert!(shape.is_valid());
        assert!(examine(shape.clone()).is_ok(), "{shape:?}");
    }
}

#[test]
fn rings_that_cross_in_their_corners_cross() {
    let through = wkt!(MULTIPOLYGON((
        (0. 0., 10. 0., 10. 4., 10. 6., 10. 10., 0. 10., 0. 0.),
        (5. 5., 10. 4., 12. 5., 10. 6., 5. 5.)
    )));
    assert_eq!(examine(through).unwrap_err().code, GeometryRingsCross);
}

#[test]
fn what_is_wrong_with_a_ring_is_said_apart() {
    let message = |shape| examine(shape).unwrap_err().message;
    let loop_inside = wkt!(MULTIPOLYGON(((0. 0., 10. 0., 10. 10., 5. 10., 3. 5., 7. 5., 5. 10., 0. 10., 0. 0.))));
    assert!(message(loop_inside).contains("（横 5.000000000，纵 10.000000000）处自相接触"));
    let spike = wkt!(MULTIPOLYGON(((0. 0., 10. 0., 10. 10., 5. 10., 5. 20., 5. 10., 0. 10., 0. 0.))));
    assert!(message(spike).contains("尖刺"));
    let hole_in_hole = wkt!(MULTIPOLYGON((
        (0. 0., 10. 0., 10. 10., 0. 10., 0. 0.),
        (1. 1., 9. 1., 9. 9., 1. 9., 1. 1.),
        (2. 2., 3. 2., 3. 3., 2. 2.)
    )));
    assert!(message(hole_in_hole).contains("另一个内环之内"));
}

#[test]
fn an_island_in_a_hole_may_touch_it() {
    let island = wkt!(MULTIPOLYGON(
        ((0. 0., 10. 0., 10. 10., 0. 10., 0. 0.), (2. 2., 8. 2., 8. 8., 2. 8., 2. 2.)),
        ((2. 5., 4. 4., 4. 6., 2. 5.))
    ));
    assert!(examine(island).is_ok());
}

#[test]
fn many_parts_holes_and_teeth_take_time_in_proportion() {
    let spent = |shape: MultiPolygon<f64>| {
        let mut work = Work::default();
        examine_within(shape, &mut work).unwrap();
        work.done()
    };
    let grid = |count: usize| (0..count).map(|n| ((n % 100) as f64 * 3.0, (n / 100) as f64 * 3.0));
    let parts = |count| MultiPolygon::new(grid(count).map(|(x, y)| Polygon::new(square(x, y, 2.0), vec![])).collect());
    let row = |count: usize| {
        MultiPolygon::new((0..count).map(|n| Polygon::new(square(0.0, 3.0 * n as f64, 2.0), vec![])).collect())
    };
    let holes = |count: usize| {
        let inside = grid(count).map(|(x, y)| square(x + 1.0, y + 1.0, 2.0)).collect();
        MultiPolygon::new(vec![Polygon::new(square(0.0, 0.0, 400.0), inside)])
    };
    // Teeth as long as the comb is wide: every edge overlaps every other from west to east.
    let comb = |teeth: usize| {
        let tooth = |n: usize| [(0.0, 4.0 * n as f64), (1e3, 4.0 * n as f64 + 1.0), (0.0, 4.0 * n as f64 + 2.0)];
        let mut ring: Vec<(f64, f64)> = (0..teeth).flat_map(tooth).collect();
        ring.extend([(-1.0, 4.0 * teeth as f64), (-1.0, -1.0)]);
        ring.push(ring[0]);
        MultiPolygon::new(vec![Polygon::new(LineString::from(ring), vec![])])
    };
    for (few, many) in [
        (spent(parts(1_000)), spent(parts(10_000))),
        (spent(row(1_000)), spent(row(10_000))),
        (spent(holes(900)), spent(holes(9_000))),
        (spent(comb(1_000)), spent(comb(10_000))),
    ] {
        assert!(many < few * 20, "{few} comparisons for a tenth, {many} for all");
    }
}

#[test]
fn the_bound_on_work_names_itself() {
    let fault =
        examine_within(MultiPolygon::new(vec![Polygon::new(square(0.0, 0.0, 9.0), vec![])]), &mut Work::up_to(7));
    let fault = fault.unwrap_err();
    assert_eq!(fault.code, GeometryTooLarge);
    assert!(fault.message.contains("比较 7 次以上"), "{}", fault.message);
}

/// A hole that touches the outline with one corner, at any place of any edge.
fn touching() -> impl Strategy<Value = MultiPolygon<f64>> {
    (prop::collection::vec(100.0..2_000.0f64, 3..9), any::<prop::sample::Index>(), 0.05..0.95f64).prop_map(
        |(reaches, edge, along)| {
            let step = std::f64::consts::TAU / reaches.len() as f64;
            let corner = |place: usize| {
                let (angle, reach) = (step * place as f64, reaches[place % reaches.len()]);
                Coord { x: 512_000.0 + reach * angle.cos(), y: 3_355_000.0 + reach * angle.sin() }
            };
            let outline: LineString<f64> = (0..reaches.len()).map(corner).collect();
            let place = edge.index(reaches.len());
            let (a, b) = (corner(place), corner(place + 1));
            let centre = Coord { x: 512_000.0, y: 3_355_000.0 };
            let (touch, left, right) =
                (a + (b - a) * along, a + (b - a) * (along - 0.02), a + (b - a) * (along + 0.02));
            let inward = |from: Coord<f64>| from + (centre - from) * 0.2;
            MultiPolygon::new(vec![Polygon::new(
                outline,
                vec![LineString::from(vec![touch, inward(left), inward(right), touch])],
            )])
        },
    )
}

proptest! {
    #[test]
    fn what_is_taken_is_valid_and_stays_so_when_it_bends(shape in touching()) {
        // A corner on an edge, but for rounding, is no fault.
        let examined = examine(shape.clone()).map_err(|fault| TestCaseError::fail(fault.message))?;
        prop_assert!(examined.shape.is_valid());
        prop_assert!(bent(&examined.shape).is_valid());
        let change = examined.shape.unsigned_area() - shape.unsigned_area();
        prop_assert!(change.abs() < 0.01, "{change}");
    }

    #[test]
    fn every_answer_is_that_of_the_standard(rings in prop::collection::vec((0..12i32, 0..12i32, 1..8i32), 1..6), split in any::<bool>()) {
        let squares: Vec<_> = rings.iter().map(|(x, y, side)| square(f64::from(*x), f64::from(*y), f64::from(*side))).collect();
        let shape = match (split, squares.as_slice()) {
            (false, [outline, holes @ ..]) => MultiPolygon::new(vec![Polygon::new(outline.clone(), holes.to_vec())]),
            (_, squares) => MultiPolygon::new(squares.iter().map(|each| Polygon::new(each.clone(), vec![])).collect()),
        };
        // Of a polygon with one hole at the most the library is right too; it does not look at what holes cut off.
        let known = split || squares.len() <= 2;
        let found = examine(shape.clone());
        if found.is_ok() {
            prop_assert!(shape.is_valid(), "{found:?}");
        } else if known && found.as_ref().is_err_and(|fault| !fault.message.contains("切成")) {
            prop_assert!(!shape.is_valid(), "{found:?}");
        }
    }
}
