//! How much ground two shapes have in common, without working out the shape of it.
//!
//! A shape is the sum of the strips under its edges down to a level below everything, taken positive under the upper edges
//! and negative under the lower ones. What two shapes share is then the sum, over pairs of edges, of what is under both:
//! the area under the lower of two straight lines. No intersection is ever built, so nothing can fail or be rounded to a
//! grid, and a pair of eight-point parcels takes less than a microsecond.

use geo_types::{Coord, LineString, MultiPolygon};

use crate::exchange::Extent;

/// The edges of a shape in a metric plane, ready to be held against others.
#[derive(Debug)]
pub struct Ground {
    pub bounds: Extent,
    /// By their western ends; upright ones have no strip under them and are left out.
    edges: Vec<Edge>,
}

#[derive(Clone, Copy, Debug)]
struct Edge {
    west: Coord<f64>,
    east: Coord<f64>,
    /// One for edges that run westward, which bound a shape from above when outlines are counter-clockwise, else minus one.
    sign: f64,
}

impl Ground {
    /// `None` for a shape without points. Outlines must run one way and holes the other.
    pub fn of(shape: &MultiPolygon<f64>) -> Option<Self> {
        let bounds = Extent::of(shape)?;
        let rings = shape.iter().flat_map(|part| std::iter::once(part.exterior()).chain(part.interiors()));
        let mut edges: Vec<Edge> =
            rings.flat_map(LineString::lines).filter_map(|line| Edge::of(line.start, line.end)).collect();
        edges.sort_unstable_by(|a, b| a.west.x.total_cmp(&b.west.x));
        Some(Ground { bounds, edges })
    }

    /// The area of the common part of both boxes: never less than the area the shapes share.
    pub fn common_box(&self, other: &Ground) -> f64 {
        let (a, b) = (&self.bounds, &other.bounds);
        let width = a.max_x.min(b.max_x) - a.min_x.max(b.min_x);
        let height = a.max_y.min(b.max_y) - a.min_y.max(b.min_y);
        width.max(0.0) * height.max(0.0)
    }

    /// The area both shapes cover. Zero, but for noise of the last digits, when they only share a border.
    pub fn common_area(&self, other: &Ground) -> f64 {
        // Near this corner the figures are small, and so is their rounding.
        let origin =
            Coord { x: self.bounds.min_x.max(other.bounds.min_x), y: self.bounds.min_y.max(other.bounds.min_y) };
        let east = self.bounds.max_x.min(other.bounds.max_x);
        let mut coming = other.edges.iter().peekable();
        let mut beside: Vec<&Edge> = Vec::new();
        let mut area = 0.0;
        for edge in &self.edges {
            if edge.west.x >= east {
                break;
            }
            while let Some(next) = coming.next_if(|next| next.west.x < edge.east.x) {
                beside.push(next);
            }
            beside.retain(|other| other.east.x > edge.west.x);
            area += beside.iter().map(|other| edge.sign * other.sign * edge.under_both(other, origin)).sum::<f64>();
        }
        area
    }
}

impl Edge {
    fn of(start: Coord<f64>, end: Coord<f64>) -> Option<Self> {
        match start.x.total_cmp(&end.x) {
            std::cmp::Ordering::Less => Some(Edge { west: start, east: end, sign: -1.0 }),
            std::cmp::Ordering::Greater => Some(Edge { west: end, east: start, sign: 1.0 }),
            std::cmp::Ordering::Equal => None,
        }
    }

    /// The area under the lower of two edges, over the stretch both span and above the origin.
    fn under_both(&self, other: &Edge, origin: Coord<f64>) -> f64 {
        let (from, until) = (self.west.x.max(other.west.x), self.east.x.min(other.east.x));
        if from >= until {
            return 0.0;
        }
        let (mine, theirs) = (self.heights(from, until, origin.y), other.heights(from, until, origin.y));
        let (left, right) = (mine.0 - theirs.0, mine.1 - theirs.1);
        let width = until - from;
        if left <= 0.0 && right <= 0.0 {
            width * (mine.0 + mine.1) / 2.0
        } else if left >= 0.0 && right >= 0.0 {
            width * (theirs.0 + theirs.1) / 2.0
        } else {
            let share = left / (left - right);
            let crossing = mine.0 + share * (mine.1 - mine.0);
            let before = share * (mine.0.min(theirs.0) + crossing);
            let after = (1.0 - share) * (crossing + mine.1.min(theirs.1));
            width * (before + after) / 2.0
        }
    }

    /// How high the edge is at two places, above a level.
    fn heights(&self, from: f64, until: f64, level: f64) -> (f64, f64) {
        let (low, high) = (self.west.y - level, self.east.y - level);
        let length = self.east.x - self.west.x;
        let at = |x: f64| low + (x - self.west.x) / length * (high - low);
        (if from == self.west.x { low } else { at(from) }, if until == self.east.x { high } else { at(until) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use geo::{Area, BooleanOps, Rotate, Translate};
    use geo_types::{Polygon, Rect, polygon};
    use proptest::prelude::*;

    fn square(x: f64, y: f64, side: f64) -> MultiPolygon<f64> {
        Rect::new((40_520_000.0 + x, 3_356_000.0 + y), (40_520_000.0 + x + side, 3_356_000.0 + y + side))
            .to_polygon()
            .into()
    }

    fn common(a: &MultiPolygon<f64>, b: &MultiPolygon<f64>) -> f64 {
        Ground::of(a).unwrap().common_area(&Ground::of(b).unwrap())
    }

    #[test]
    fn squares_share_exactly_what_they_share() {
        assert_eq!(common(&square(0.0, 0.0, 125.0), &square(124.875, 0.0, 125.0)), 15.625);
        assert_eq!(common(&square(0.0, 0.0, 10.0), &square(10.0, 0.0, 10.0)), 0.0, "a border");
        assert_eq!(common(&square(0.0, 0.0, 10.0), &square(2.0, 3.0, 4.0)), 16.0, "one within the other");
        assert_eq!(common(&square(0.0, 0.0, 10.0), &square(30.0, 0.0, 10.0)), 0.0);
    }

    #[test]
    fn holes_are_no_ground() {
        let yard: MultiPolygon<f64> = polygon!(
            exterior: [(x: 0.0, y: 0.0), (x: 10.0, y: 0.0), (x: 10.0, y: 10.0), (x: 0.0, y: 10.0)],
            interiors: [[(x: 2.0, y: 2.0), (x: 2.0, y: 8.0), (x: 8.0, y: 8.0), (x: 8.0, y: 2.0)]],
        )
        .into();
        let house: MultiPolygon<f64> = Rect::new((2.0, 2.0), (8.0, 8.0)).to_polygon().into();
        let across: MultiPolygon<f64> = Rect::new((-1.0, 4.0), (11.0, 6.0)).to_polygon().into();
        assert_eq!(common(&yard, &house), 0.0, "it stands in the hole");
        assert_eq!(common(&yard, &across), 8.0);
    }

    fn star() -> impl Strategy<Value = MultiPolygon<f64>> {
        (prop::collection::vec(5.0..60.0f64, 3..12), -40.0..40.0f64, -40.0..40.0f64, 0.0..360.0f64).prop_map(
            |(reaches, x, y, turned)| {
                let step = std::f64::consts::TAU / reaches.len() as f64;
                let points = reaches.iter().enumerate().map(|(place, reach)| {
                    let angle = step * place as f64;
                    Coord { x: reach * angle.cos(), y: reach * angle.sin() }
                });
                let ring = LineString::from_iter(points);
                Polygon::new(ring, vec![]).rotate_around_point(turned, (0.0, 0.0).into()).translate(x, y).into()
            },
        )
    }

    proptest! {
        #[test]
        fn the_area_is_that_of_the_intersection(a in star(), b in star()) {
            let expected = a.intersection(&b).unsigned_area();
            prop_assert!((common(&a, &b) - expected).abs() < 1e-3, "{} instead of {expected}", common(&a, &b));
            prop_assert!((common(&a, &b) - common(&b, &a)).abs() < 1e-9);
            prop_assert!((common(&a, &a) - a.unsigned_area()).abs() < 1e-9);
        }
    }
}
