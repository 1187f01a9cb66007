//! Convex cells in a drawing plane of straight lines, before the town is bent into place.

use std::f64::consts::FRAC_PI_2;

pub type Point = (f64, f64);

/// A corner, and the edge that leaves it counter-clockwise.
#[derive(Clone, Copy, Debug)]
pub struct Corner {
    pub at: Point,
    /// Half the width of the street along the edge in metres; 0 between neighbours in a block.
    pub margin: f64,
}

/// A convex polygon, counter-clockwise.
#[derive(Clone, Debug)]
pub struct Cell(pub Vec<Corner>);

impl Cell {
    pub fn new(points: impl IntoIterator<Item = Point>, margin: f64) -> Self {
        Cell(points.into_iter().map(|at| Corner { at, margin }).collect())
    }

    pub fn edges(&self) -> impl Iterator<Item = (Corner, Corner)> + '_ {
        (0..self.0.len()).map(|i| (self.0[i], self.0[(i + 1) % self.0.len()]))
    }

    pub fn area(&self) -> f64 {
        self.edges().map(|(a, b)| cross(a.at, b.at)).sum::<f64>() / 2.0
    }

    pub fn centre(&self) -> Point {
        let mut sum = (0.0, 0.0, 0.0);
        for (a, b) in self.edges() {
            let weight = cross(a.at, b.at);
            sum = (sum.0 + weight, sum.1 + weight * (a.at.0 + b.at.0), sum.2 + weight * (a.at.1 + b.at.1));
        }
        (sum.1 / (3.0 * sum.0), sum.2 / (3.0 * sum.0))
    }

    /// How many metres face a street.
    pub fn frontage(&self) -> f64 {
        self.edges().filter(|(a, _)| a.margin > 0.0).map(|(a, b)| distance(a.at, b.at)).sum()
    }

    /// Direction, length and width of the smallest rectangle around the cell that follows one of its edges.
    pub fn extent(&self) -> (f64, f64, f64) {
        let boxes = self.edges().map(|(a, b)| {
            let angle = (b.at.1 - a.at.1).atan2(b.at.0 - a.at.0);
            let (along, across) = (self.spread(angle), self.spread(angle + FRAC_PI_2));
            if along >= across { (angle, along, across) } else { (angle + FRAC_PI_2, across, along) }
        });
        boxes.min_by(|a, b| (a.1 * a.2).total_cmp(&(b.1 * b.2))).unwrap_or_default()
    }

    fn spread(&self, angle: f64) -> f64 {
        let along = self.0.iter().map(|corner| corner.at.0 * angle.cos() + corner.at.1 * angle.sin());
        let (low, high) = along.fold((f64::MAX, f64::MIN), |(low, high), at| (low.min(at), high.max(at)));
        high - low
    }

    /// Cuts along a line; the new edges get `margin`. The left side comes first. `None` when the line misses.
    pub fn cut(&self, through: Point, angle: f64, margin: f64) -> Option<(Cell, Cell)> {
        let normal = (-angle.sin(), angle.cos());
        let left = self.keep(through, normal, margin)?;
        let right = self.keep(through, (-normal.0, -normal.1), margin)?;
        Some((left, right))
    }

    /// What lies on the side of the line to which `normal` points.
    pub fn keep(&self, through: Point, normal: Point, margin: f64) -> Option<Cell> {
        let height = |p: Point| (p.0 - through.0) * normal.0 + (p.1 - through.1) * normal.1;
        let mut kept = Vec::with_capacity(self.0.len() + 1);
        for (a, b) in self.edges() {
            let (from, to) = (height(a.at), height(b.at));
            let crossing = || {
                let share = from / (from - to);
                (a.at.0 + (b.at.0 - a.at.0) * share, a.at.1 + (b.at.1 - a.at.1) * share)
            };
            match (from >= 0.0, to >= 0.0) {
                (true, true) => kept.push(a),
                (true, false) => kept.extend([a, Corner { at: crossing(), margin }]),
                (false, true) => kept.push(Corner { at: crossing(), margin: a.margin }),
                (false, false) => {}
            }
        }
        let cell = Cell(kept);
        (cell.0.len() >= 3 && cell.area() > 1.0).then_some(cell)
    }

    /// Draws every edge back by its margin: what is left between the streets.
    pub fn between_streets(&self) -> Option<Cell> {
        let mut rest = self.clone();
        for (a, b) in self.edges() {
            let length = distance(a.at, b.at);
            let inward = (-(b.at.1 - a.at.1) / length, (b.at.0 - a.at.0) / length);
            let through = (a.at.0 + inward.0 * a.margin, a.at.1 + inward.1 * a.margin);
            rest = rest.keep(through, inward, a.margin)?;
        }
        Some(rest)
    }

    /// Takes `size` metres off the corner `place`, as where two streets meet.
    pub fn without_corner(&self, place: usize, size: f64) -> Cell {
        let count = self.0.len();
        let (before, here, after) = (self.0[(place + count - 1) % count], self.0[place], self.0[(place + 1) % count]);
        let (back, ahead) = (distance(here.at, before.at), distance(here.at, after.at));
        if back < 4.0 * size || ahead < 4.0 * size {
            return self.clone();
        }
        let toward = |other: Point, length: f64| {
            (here.at.0 + (other.0 - here.at.0) * size / length, here.at.1 + (other.1 - here.at.1) * size / length)
        };
        let (first, second) = (toward(before.at, back), toward(after.at, ahead));
        let mut corners = self.0.clone();
        corners[place].at = second;
        corners.insert(place, Corner { at: first, margin: here.margin });
        Cell(corners)
    }

    /// The interior angle at the corner `place`, in radians.
    pub fn angle_at(&self, place: usize) -> f64 {
        let count = self.0.len();
        let (a, b, c) = (self.0[(place + count - 1) % count].at, self.0[place].at, self.0[(place + 1) % count].at);
        let (u, v) = ((a.0 - b.0, a.1 - b.1), (c.0 - b.0, c.1 - b.1));
        ((u.0 * v.0 + u.1 * v.1) / (distance(a, b) * distance(b, c))).clamp(-1.0, 1.0).acos()
    }
}

fn cross(a: Point, b: Point) -> f64 {
    a.0 * b.1 - b.0 * a.1
}

pub fn distance(a: Point, b: Point) -> f64 {
    (a.0 - b.0).hypot(a.1 - b.1)
}

/// The rings of cells that touch, with every corner that lies on a neighbour's edge inserted there, so that
/// neighbours keep sharing their border when the plane is bent.
pub fn weld(cells: &[Cell]) -> Vec<Vec<Point>> {
    let corners: Vec<Point> = cells.iter().flat_map(|cell| cell.0.iter().map(|corner| corner.at)).collect();
    cells.iter().map(|cell| cell.edges().flat_map(|(a, b)| from_to(a.at, b.at, &corners)).collect()).collect()
}

fn from_to(a: Point, b: Point, corners: &[Point]) -> Vec<Point> {
    const NEAR: f64 = 1e-6;
    let length = distance(a, b);
    let mut on_edge: Vec<(f64, Point)> = Vec::new();
    for &corner in corners {
        let offset = (corner.0 - a.0, corner.1 - a.1);
        let along = (offset.0 * (b.0 - a.0) + offset.1 * (b.1 - a.1)) / length;
        let across = (offset.1 * (b.0 - a.0) - offset.0 * (b.1 - a.1)) / length;
        if across.abs() < NEAR && along > NEAR && along < length - NEAR {
            on_edge.push((along, corner));
        }
    }
    on_edge.sort_by(|x, y| x.0.total_cmp(&y.0));
    on_edge.dedup_by(|x, y| (x.0 - y.0).abs() < NEAR);
    std::iter::once(a).chain(on_edge.into_iter().map(|(_, corner)| corner)).collect()
}
