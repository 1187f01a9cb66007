//! Edges that meet where they must not, and points where rings touch.

use std::collections::BTreeSet;

use geo::kernels::Orientation;
use geo::line_intersection::{LineIntersection, line_intersection};
use geo_types::{Coord, Line, LineString, MultiPolygon};

use super::{at, ring_name, rings_of};
use crate::area::signed_double_area;
use crate::boxes::Boxes;
use crate::fault::Fault;
use crate::nesting::{box_of, orientation};
use crate::wording;
use crate::work::Work;

/// Rings of one polygon that touch there: the ring's number among all, and the point by its bits.
pub type Touches = BTreeSet<(usize, [u64; 2])>;

/// One edge of one ring.
struct Edge<'l> {
    line: Line<f64>,
    whole: &'l LineString<f64>,
    ring: usize,
    polygon: usize,
    place: usize,
}

impl Edge<'_> {
    fn count(&self) -> usize {
        self.whole.0.len() - 1
    }

    fn follows(&self, other: &Edge<'_>) -> bool {
        self.ring == other.ring && self.place == (other.place + 1) % other.count()
    }

    /// From where the ring comes to a point of this edge, and where it goes from there.
    fn around(&self, point: Coord<f64>) -> (Coord<f64>, Coord<f64>) {
        let corner = |place: usize| self.whole.0[place % self.count()];
        if point == self.line.start {
            (corner(self.place + self.count() - 1), self.line.end)
        } else if point == self.line.end {
            (self.line.start, corner(self.place + 2))
        } else {
            (self.line.start, self.line.end)
        }
    }
}

/// # Errors
/// The first place, in the order of the rings, where edges cross, overlap or touch within one ring; a ring without area.
pub fn check(shape: &MultiPolygon<f64>, work: &mut Work) -> Result<Touches, Fault> {
    let owners: Vec<usize> =
        shape.0.iter().enumerate().flat_map(|(place, polygon)| vec![place; 1 + polygon.interiors().len()]).collect();
    let mut edges: Vec<Edge<'_>> = Vec::new();
    for (ring, whole) in rings_of(shape) {
        let polygon = owners[ring];
        edges.extend(whole.lines().enumerate().map(|(place, line)| Edge { line, whole, ring, polygon, place }));
    }
    let boxes: Vec<_> = edges.iter().map(|edge| box_of(&edge.line)).collect();
    let tree = Boxes::of(&boxes);
    let mut touches = Touches::new();
    let mut found: Option<((usize, bool, usize), Fault)> = None;
    for (place, edge) in edges.iter().enumerate() {
        let mut beside = Vec::new();
        tree.meeting(&boxes[place], work, |other| {
            if other > place {
                beside.push(other);
            }
        });
        work.check()?;
        for other in beside.into_iter().map(|other| &edges[other]) {
            let Some(met) = line_intersection(edge.line, other.line) else { continue };
            let fault = if edge.ring == other.ring {
                within_a_ring(edge, other, met)
            } else {
                between_rings(edge, other, met, &mut touches)
            };
            if let Some(fault) = fault {
                // The first in the order of the rings, so that the same shape always names the same place. A spike counts
                // before the touch it makes with the edge before it.
                let apart = !(edge.follows(other) || other.follows(edge));
                let key = (edge.ring.min(other.ring), apart, edge.place.min(other.place));
                if found.as_ref().is_none_or(|(best, _)| key < *best) {
                    found = Some((key, fault));
                }
            }
        }
    }
    if let Some((_, fault)) = found {
        return Err(fault);
    }
    for (place, ring) in rings_of(shape) {
        if signed_double_area(&ring.0) == 0.0 {
            return Err(wording::zero_area(ring_name(place), at(ring.0[0])));
        }
    }
    Ok(touches)
}

fn within_a_ring(a: &Edge<'_>, b: &Edge<'_>, met: LineIntersection<f64>) -> Option<Fault> {
    let neighbours = a.follows(b) || b.follows(a);
    let name = ring_name(a.ring);
    match met {
        LineIntersection::SinglePoint { .. } if neighbours => None,
        LineIntersection::SinglePoint { intersection, is_proper: true } => {
            Some(wording::self_intersection(name, at(intersection)))
        }
        LineIntersection::SinglePoint { intersection, .. } => Some(wording::self_touch(name, at(intersection))),
        LineIntersection::Collinear { intersection } if intersection.start == intersection.end => {
            (!neighbours).then(|| wording::self_touch(name, at(intersection.start)))
        }
        LineIntersection::Collinear { intersection } if neighbours => {
            let tip = if a.follows(b) { a.line.start } else { b.line.start };
            let tip = if tip == intersection.start || tip == intersection.end { tip } else { intersection.start };
            Some(wording::spike(name, at(tip)))
        }
        LineIntersection::Collinear { intersection } => Some(wording::self_intersection(name, at(intersection.start))),
    }
}

fn between_rings(a: &Edge<'_>, b: &Edge<'_>, met: LineIntersection<f64>, touches: &mut Touches) -> Option<Fault> {
    let point = match met {
        LineIntersection::SinglePoint { intersection, is_proper: true } => {
            return Some(wording::rings_cross(at(intersection)));
        }
        LineIntersection::Collinear { intersection } if intersection.start != intersection.end => {
            return Some(wording::rings_cross(at(intersection.start)));
        }
        LineIntersection::SinglePoint { intersection: point, .. } => point,
        LineIntersection::Collinear { intersection } => intersection.start,
    };
    let (mine, theirs) = (a.around(point), b.around(point));
    if between(point, mine, theirs.0) != between(point, mine, theirs.1) {
        return Some(wording::rings_cross(at(point)));
    }
    if a.polygon == b.polygon {
        let bits = [(point.x + 0.0).to_bits(), (point.y + 0.0).to_bits()];
        touches.extend([(a.ring, bits), (b.ring, bits)]);
    }
    None
}

/// Whether a direction from the point lies between two others, counter-clockwise from the first to the second.
fn between(point: Coord<f64>, (from, until): (Coord<f64>, Coord<f64>), direction: Coord<f64>) -> bool {
    let left = |a, b| orientation(point, a, b) == Orientation::CounterClockwise;
    match orientation(point, from, until) {
        Orientation::CounterClockwise => left(from, direction) && left(direction, until),
        Orientation::Clockwise => !(left(until, direction) && left(direction, from)),
        Orientation::Collinear => left(from, direction),
    }
}
