//! Shapes on the ground: whole millimetres in the survey plane (EPSG:4528), so that areas are exact and neighbours meet.

use std::collections::{BTreeMap, BTreeSet};
use std::f64::consts::TAU;

use geo_types::{Coord, LineString, MultiPolygon, Polygon};
use rust_decimal::Decimal;

use super::cell::{Point, distance};

/// East and north in millimetres.
pub type Spot = (i64, i64);

/// An open ring; counter-clockwise around land, clockwise around a hole.
pub type Ring = Vec<Spot>;

/// Polygons, each an outer ring and its holes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Shape(pub Vec<Vec<Ring>>);

/// Where the drawing plane's origin lies in EPSG:4528.
const ORIGIN: Point = (40_516_550.0, 3_354_200.0);

/// Bends the drawing plane gently, so that straight cuts become the curves of a grown town. It never folds.
fn bend((x, y): Point) -> Point {
    let wave = |amount: f64, phase: f64| amount * (TAU * phase).sin();
    (
        ORIGIN.0 + x + wave(150.0, y / 3100.0 + 0.13) + wave(34.0, y / 900.0 + x / 2600.0),
        ORIGIN.1 + y + wave(115.0, x / 2300.0 + 0.41) + wave(28.0, x / 820.0 - y / 3000.0 + 0.2),
    )
}

fn millimetres((x, y): Point) -> Spot {
    ((x * 1000.0).round() as i64, (y * 1000.0).round() as i64)
}

/// Sets a ring of the drawing plane on the ground with a point at least every `step` metres. Both sides of a border
/// get the same points, whichever way they run.
pub fn place(ring: &[Point], step: f64) -> Ring {
    let mut spots: Ring = Vec::new();
    for (i, &a) in ring.iter().enumerate() {
        let b = ring[(i + 1) % ring.len()];
        let parts = (distance(a, b) / step).ceil().max(1.0) as usize;
        let forward = a <= b;
        let (from, to) = if forward { (a, b) } else { (b, a) };
        for part in 0..parts {
            let share = if forward { part } else { parts - part } as f64 / parts as f64;
            let along = (from.0 + (to.0 - from.0) * share, from.1 + (to.1 - from.1) * share);
            spots.push(millimetres(bend(if part == 0 { a } else { along })));
        }
    }
    spots.dedup();
    spots
}

/// Twice the signed area of a ring in mm².
fn doubled(ring: &Ring) -> i128 {
    (0..ring.len())
        .map(|i| {
            let (a, b) = (ring[i], ring[(i + 1) % ring.len()]);
            i128::from(a.0) * i128::from(b.1) - i128::from(b.0) * i128::from(a.1)
        })
        .sum()
}

impl Shape {
    /// The union of rings that do not overlap: borders that two of them share disappear.
    pub fn of(rings: &[Ring]) -> Shape {
        let mut ahead: BTreeMap<Spot, BTreeSet<Spot>> = BTreeMap::new();
        for ring in rings {
            for i in 0..ring.len() {
                let (a, b) = (ring[i], ring[(i + 1) % ring.len()]);
                if ahead.get_mut(&b).is_some_and(|next| next.remove(&a)) {
                    continue;
                }
                ahead.entry(a).or_default().insert(b);
            }
        }
        let (mut outer, mut holes) = (Vec::new(), Vec::new());
        while let Some(ring) = take_ring(&mut ahead) {
            if doubled(&ring) > 0 { outer.push(vec![ring]) } else { holes.push(ring) }
        }
        for hole in holes {
            let home = outer.iter().position(|polygon: &Vec<Ring>| surrounds(&polygon[0], hole[0]));
            outer[home.expect("a hole has land around it")].push(hole);
        }
        Shape(outer)
    }

    /// The exact plane area in m², to four decimals.
    pub fn area(&self) -> Decimal {
        let doubled: i128 = self.0.iter().flatten().map(doubled).sum();
        Decimal::from_i128_with_scale(doubled * 5, 7).round_dp(4)
    }

    #[cfg(test)]
    pub fn points(&self) -> usize {
        self.0.iter().flatten().map(Vec::len).sum()
    }

    /// The middle of the corners of the first polygon, in metres.
    pub fn middle(&self) -> Point {
        let ring = &self.0[0][0];
        let sum = ring.iter().fold((0, 0), |sum, spot| (sum.0 + spot.0, sum.1 + spot.1));
        (sum.0 as f64 / ring.len() as f64 / 1000.0, sum.1 as f64 / ring.len() as f64 / 1000.0)
    }

    /// In metres, for PostGIS.
    pub fn to_multi_polygon(&self) -> MultiPolygon<f64> {
        let line = |ring: &Ring| {
            let closed = ring.iter().chain(ring.first());
            LineString(closed.map(|spot| Coord { x: spot.0 as f64 / 1000.0, y: spot.1 as f64 / 1000.0 }).collect())
        };
        let polygon = |rings: &Vec<Ring>| Polygon::new(line(&rings[0]), rings[1..].iter().map(line).collect());
        MultiPolygon(self.0.iter().map(polygon).collect())
    }
}

fn take_ring(ahead: &mut BTreeMap<Spot, BTreeSet<Spot>>) -> Option<Ring> {
    ahead.retain(|_, next| !next.is_empty());
    let start = *ahead.keys().next()?;
    let mut ring = vec![start];
    loop {
        let next = ahead.get_mut(ring.last()?)?.pop_first()?;
        if next == start {
            return Some(ring);
        }
        ring.push(next);
    }
}

/// Whether a ring runs around a spot, by counting crossings to the east.
pub fn surrounds(ring: &Ring, spot: Spot) -> bool {
    let mut inside = false;
    for i in 0..ring.len() {
        let (a, b) = (ring[i], ring[(i + 1) % ring.len()]);
        if (a.1 > spot.1) != (b.1 > spot.1) {
            let side =
                i128::from(b.0 - a.0) * i128::from(spot.1 - a.1) - i128::from(spot.0 - a.0) * i128::from(b.1 - a.1);
            if (side > 0) == (b.1 > a.1) {
                inside = !inside;
            }
        }
    }
    inside
}
