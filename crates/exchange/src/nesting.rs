//! Which ring lies in which, for rings that do not cross one another.

use std::cmp::{Ordering, Reverse};
use std::collections::BinaryHeap;

use geo::kernels::{Kernel, Orientation, RobustKernel};
use geo_types::{Coord, Line, LineString};

use super::area::signed_double_area;
use super::boxes::Boxes;
use super::extent::Extent;
use super::fault::Fault;
use super::work::Work;

/// Rings with more edges than this get a tree of them when they are first asked about.
const MANY: usize = 64;

#[derive(Clone, Copy, Debug, PartialEq)]
enum Position {
    Inside,
    On,
    Outside,
}

pub fn orientation(a: Coord<f64>, b: Coord<f64>, c: Coord<f64>) -> Orientation {
    <RobustKernel as Kernel<f64>>::orient2d(a, b, c)
}

/// For each closed ring the smallest one around it. Rings that touch in points are told apart; of rings that cross, or of
/// two equal ones, the answer means nothing.
///
/// # Errors
/// When that takes more work than there is.
pub fn containers(rings: &[&LineString<f64>], work: &mut Work) -> Result<Vec<Option<usize>>, Fault> {
    let rings: Vec<Ring<'_>> = rings.iter().filter_map(|line| Ring::of(line)).collect();
    let boxes = Boxes::of(&rings.iter().map(|ring| ring.extent).collect::<Vec<_>>());
    let mut trees: Vec<Option<Boxes>> = rings.iter().map(|_| None).collect();
    let mut around = Vec::with_capacity(rings.len());
    for (place, ring) in rings.iter().enumerate() {
        let corner = Extent::of_point(ring.extent.min_x, ring.extent.min_y);
        // The smallest first, and of two of one size the earlier around the later, so that no two hold one another.
        let mut larger: Vec<Reverse<(u64, usize)>> = Vec::new();
        boxes.meeting(&corner, work, |other| {
            let size = rings[other].area.total_cmp(&ring.area).then(place.cmp(&other));
            if size == Ordering::Greater && rings[other].may_hold(ring) {
                larger.push(Reverse((rings[other].area.to_bits(), other)));
            }
        });
        let mut larger = BinaryHeap::from(larger);
        let mut next = || larger.pop().map(|Reverse((_, outer))| outer);
        let holder = std::iter::from_fn(&mut next).find(|outer| rings[*outer].holds(ring, &mut trees[*outer], work));
        around.push(holder);
        work.check()?;
    }
    Ok(around)
}

struct Ring<'l> {
    line: &'l LineString<f64>,
    extent: Extent,
    /// Twice, without a sign.
    area: f64,
}

impl<'l> Ring<'l> {
    fn of(line: &'l LineString<f64>) -> Option<Self> {
        let mut extent = None;
        for point in &line.0 {
            Extent::stretch(&mut extent, Extent::of_point(point.x, point.y));
        }
        Some(Ring { line, extent: extent?, area: signed_double_area(&line.0).abs() })
    }

    fn may_hold(&self, other: &Ring<'_>) -> bool {
        let (mine, theirs) = (&self.extent, &other.extent);
        theirs.within((mine.min_x, mine.max_x), (mine.min_y, mine.max_y))
    }

    /// The first point of the other that lies on neither border decides.
    fn holds(&self, other: &Ring<'_>, tree: &mut Option<Boxes>, work: &mut Work) -> bool {
        let middles = other.line.lines().map(|edge| (edge.start + edge.end) / 2.0);
        let mut points = other.line.0.iter().copied().skip(1).chain(middles);
        points.find_map(|point| match self.position_of(point, tree, work) {
            Position::Inside => Some(true),
            Position::Outside => Some(false),
            Position::On => None,
        }) == Some(true)
    }

    fn position_of(&self, point: Coord<f64>, tree: &mut Option<Boxes>, work: &mut Work) -> Position {
        let mut ray = Ray { point, inside: false, on: false };
        if self.line.0.len() <= MANY {
            work.add(self.line.0.len());
            self.line.lines().for_each(|edge| ray.meet(edge));
        } else {
            let tree =
                tree.get_or_insert_with(|| Boxes::of(&self.line.lines().map(|e| box_of(&e)).collect::<Vec<_>>()));
            let eastward = Extent { max_x: self.extent.max_x.max(point.x), ..Extent::of_point(point.x, point.y) };
            tree.meeting(&eastward, work, |place| {
                ray.meet(Line::new(self.line.0[place], self.line.0[place + 1]));
            });
        }
        match (ray.on, ray.inside) {
            (true, _) => Position::On,
            (false, true) => Position::Inside,
            (false, false) => Position::Outside,
        }
    }
}

pub fn box_of(edge: &Line<f64>) -> Extent {
    Extent::of_point(edge.start.x, edge.start.y).join(Extent::of_point(edge.end.x, edge.end.y))
}

/// From a point to the east: an odd number of edges crossed means inside.
struct Ray {
    point: Coord<f64>,
    inside: bool,
    on: bool,
}

impl Ray {
    fn meet(&mut self, edge: Line<f64>) {
        let (point, start, end) = (self.point, edge.start, edge.end);
        if start.y == end.y {
            let between = start.x.min(end.x) <= point.x && point.x <= start.x.max(end.x);
            self.on |= start.y == point.y && between;
            return;
        }
        self.on |= point == start || point == end;
        if (start.y > point.y) == (end.y > point.y) {
            return;
        }
        let upward = end.y > start.y;
        match orientation(start, end, point) {
            Orientation::Collinear => self.on = true,
            Orientation::CounterClockwise if upward => self.inside = !self.inside,
            Orientation::Clockwise if !upward => self.inside = !self.inside,
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use geo::coordinate_position::{CoordPos, coord_pos_relative_to_ring};
    use proptest::prelude::*;

    fn square(x: f64, y: f64, side: f64) -> LineString<f64> {
        LineString::from(vec![(x, y), (x + side, y), (x + side, y + side), (x, y + side), (x, y)])
    }

    fn around(rings: &[LineString<f64>]) -> Vec<Option<usize>> {
        containers(&rings.iter().collect::<Vec<_>>(), &mut Work::default()).unwrap()
    }

    #[test]
    fn the_smallest_ring_around_counts_also_where_rings_touch() {
        let rings = [square(2.0, 2.0, 2.0), square(0.0, 0.0, 10.0), square(1.0, 1.0, 5.0), square(20.0, 0.0, 1.0)];
        assert_eq!(around(&rings), [Some(2), None, Some(1), None]);
        let inscribed = LineString::from(vec![(5.0, 0.0), (10.0, 5.0), (5.0, 10.0), (0.0, 5.0), (5.0, 0.0)]);
        assert_eq!(around(&[square(0.0, 0.0, 10.0), inscribed]), [None, Some(0)], "every corner lies on the border");
        assert_eq!(around(&[square(0.0, 0.0, 10.0), square(10.0, 10.0, 3.0)]), [None, None], "they share a corner");
    }

    #[test]
    fn thousands_of_rings_in_one_another_and_side_by_side_are_told_in_no_time() {
        let nested: Vec<_> =
            (0..3_000).map(|n| square(f64::from(n), f64::from(n), 30_000.0 - 2.0 * f64::from(n))).collect();
        let found = around(&nested);
        assert!(found.iter().enumerate().all(|(place, holder)| *holder == place.checked_sub(1)));
        let row: Vec<_> = (0..10_000).map(|n| square(2.0 * f64::from(n), 0.0, 1.0)).collect();
        let mut work = Work::default();
        let found = containers(&row.iter().collect::<Vec<_>>(), &mut work).unwrap();
        assert!(found.iter().all(Option::is_none));
        assert!(work.done() < 3_000_000, "{}", work.done());
    }

    proptest! {
        #[test]
        fn a_point_is_where_the_whole_ring_says_it_is(
            reaches in prop::collection::vec(1..9i32, 70..90), x in -9..9i32, y in -9..9i32
        ) {
            let step = std::f64::consts::TAU / reaches.len() as f64;
            let mut ring = LineString::from_iter(reaches.iter().enumerate().map(|(place, reach)| {
                let angle = step * place as f64;
                Coord { x: f64::from(*reach) * angle.cos(), y: f64::from(*reach) * angle.sin() }
            }));
            ring.close();
            let point = Coord { x: f64::from(x) / 2.0, y: f64::from(y) / 2.0 };
            let expected = match coord_pos_relative_to_ring(point, &ring) {
                CoordPos::Inside => Position::Inside,
                CoordPos::OnBoundary => Position::On,
                CoordPos::Outside => Position::Outside,
            };
            let found = Ring::of(&ring).unwrap().position_of(point, &mut None, &mut Work::default());
            prop_assert_eq!(found, expected);
        }
    }
}
