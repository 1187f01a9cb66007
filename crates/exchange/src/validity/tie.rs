//! A straight edge bends when it is set over into another frame; a corner that lies on it, or next to it, does not bend
//! along. So an edge gets a point wherever a corner comes that near: the shape stays what it is, and stays valid wherever
//! it is set over to.

use geo_types::{Coord, LineString, MultiPolygon, Polygon};

use super::{in_degrees, rings_of};
use crate::boxes::Boxes;
use crate::extent::Extent;
use crate::fault::Fault;
use crate::nesting::box_of;
use crate::work::Work;

/// Metres within which a corner is taken to lie on an edge: far below any survey, far above the rounding of coordinates.
const ON_IT: f64 = 1e-6;
/// Metres of bending for a square metre of length, at the most: tan 54° / 8 radii of the earth, doubled.
const BEND: f64 = 6e-8;
const METRES_A_DEGREE: f64 = 111_320.0;

/// A point to be put into an edge, `along` of the way to its end.
struct Knot {
    ring: usize,
    edge: usize,
    along: f64,
    point: Coord<f64>,
}

/// The shape with those points; nothing when it needs none.
pub fn tied(shape: &MultiPolygon<f64>, work: &mut Work) -> Result<Option<MultiPolygon<f64>>, Fault> {
    let knots = knots(shape, work)?;
    Ok((!knots.is_empty()).then(|| with_knots(shape, knots)))
}

fn knots(shape: &MultiPolygon<f64>, work: &mut Work) -> Result<Vec<Knot>, Fault> {
    let corners: Vec<(usize, usize, Coord<f64>)> = rings_of(shape)
        .flat_map(|(ring, line)| {
            line.0.iter().skip(1).enumerate().map(move |(place, corner)| (ring, place + 1, *corner))
        })
        .collect();
    let metres = if corners.iter().all(|(_, _, corner)| in_degrees(*corner)) { METRES_A_DEGREE } else { 1.0 };
    let boxes =
        Boxes::of(&corners.iter().map(|(_, _, corner)| Extent::of_point(corner.x, corner.y)).collect::<Vec<_>>());
    let mut knots = Vec::new();
    for (ring, line) in rings_of(shape) {
        let count = line.0.len() - 1;
        for (edge, side) in line.lines().enumerate() {
            let (way, start) = (side.end - side.start, side.start);
            let length = way.x.hypot(way.y) * metres;
            let bend = BEND * length * length;
            boxes.meeting(&box_of(&side).grown(bend.max(ON_IT) / metres), work, |found| {
                let (other, place, corner) = corners[found];
                // Corner numbers run from 1 to the count, the last being the first again.
                let mine = [edge + count - 1, edge, edge + 1, edge + 2];
                let beside = other == ring && mine.iter().any(|corner| near_number(*corner, count) == place);
                if beside || corner == side.start || corner == side.end {
                    return;
                }
                let from_start = corner - start;
                let along = (from_start.x * way.x + from_start.y * way.y) / (way.x * way.x + way.y * way.y);
                let foot = start + way * along;
                let apart = (corner - foot).x.hypot((corner - foot).y) * metres;
                let point = if apart <= ON_IT { corner } else { foot };
                // An edge bends like a bow: its ends stay where they are.
                let near = (4.0 * along * (1.0 - along) * bend).max(ON_IT);
                if along > 0.0 && along < 1.0 && apart <= near && point != side.start && point != side.end {
                    knots.push(Knot { ring, edge, along, point });
                }
            });
            work.check()?;
        }
    }
    Ok(knots)
}

/// The number from 1 to `count` of a corner of a closed ring.
fn near_number(corner: usize, count: usize) -> usize {
    (corner + count - 1) % count + 1
}

fn with_knots(shape: &MultiPolygon<f64>, mut knots: Vec<Knot>) -> MultiPolygon<f64> {
    knots.sort_by(|a, b| (a.ring, a.edge).cmp(&(b.ring, b.edge)).then(a.along.total_cmp(&b.along)));
    let mut knots = knots.into_iter().peekable();
    let mut ring = 0;
    let mut tie = |line: &LineString<f64>| {
        let mut coords: Vec<Coord<f64>> = Vec::with_capacity(line.0.len() + 1);
        for (edge, corner) in line.0.iter().enumerate() {
            if coords.last() != Some(corner) {
                coords.push(*corner);
            }
            while let Some(knot) = knots.next_if(|knot| (knot.ring, knot.edge) == (ring, edge)) {
                if coords.last() != Some(&knot.point) {
                    coords.push(knot.point);
                }
            }
        }
        ring += 1;
        LineString::new(coords)
    };
    let polygons = shape.0.iter().map(|polygon| {
        let outline = tie(polygon.exterior());
        Polygon::new(outline, polygon.interiors().iter().map(&mut tie).collect())
    });
    MultiPolygon::new(polygons.collect())
}
