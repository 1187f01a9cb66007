//! Holes inside their outlines, parts apart, and the land between the rings in one piece: what edges alone do not show.

use std::collections::HashMap;

use geo_types::{Coord, LineString, MultiPolygon};

use super::crossing::Touches;
use super::{at, rings_of};
use crate::fault::Fault;
use crate::nesting::containers;
use crate::wording;
use crate::work::Work;

/// Rings must not cross: they have been looked at.
pub fn check(shape: &MultiPolygon<f64>, touches: &Touches, work: &mut Work) -> Result<(), Fault> {
    let rings: Vec<&LineString<f64>> = rings_of(shape).map(|(_, ring)| ring).collect();
    let around = containers(&rings, work)?;
    let start = |ring: usize| at(rings[ring].0[0]);
    let outlines: Vec<usize> = shape
        .0
        .iter()
        .scan(0, |next, polygon| {
            let outline = *next;
            *next += 1 + polygon.interiors().len();
            Some(outline)
        })
        .collect();
    let mut is_outline = vec![false; rings.len()];
    outlines.iter().for_each(|outline| is_outline[*outline] = true);
    for (polygon, outline) in shape.0.iter().zip(outlines) {
        if around[outline].is_some_and(|holder| is_outline[holder]) {
            return Err(wording::parts_overlap(start(outline)));
        }
        let holes = outline + 1..=outline + polygon.interiors().len();
        for (hole, holder) in holes.clone().zip(&around[holes]) {
            match *holder {
                Some(holder) if holder == outline => {}
                Some(holder) if !is_outline[holder] => return Err(wording::hole_in_hole(start(hole))),
                _ => return Err(wording::hole_outside(start(hole))),
            }
        }
    }
    match closing_touch(rings.len(), touches) {
        Some(place) => Err(wording::inside_cut(at(place))),
        None => Ok(()),
    }
}

/// Rings and the points where they touch are a net; a mesh of it encloses a piece of the land. The point that closes one.
fn closing_touch(rings: usize, touches: &Touches) -> Option<Coord<f64>> {
    let mut sets = Sets((0..rings).collect());
    let mut points: HashMap<[u64; 2], usize> = HashMap::new();
    for (ring, bits) in touches {
        let point = *points.entry(*bits).or_insert_with(|| sets.add());
        if !sets.unite(*ring, point) {
            return Some(Coord { x: f64::from_bits(bits[0]), y: f64::from_bits(bits[1]) });
        }
    }
    None
}

/// Disjoint sets, each known by one of its own.
struct Sets(Vec<usize>);

impl Sets {
    fn add(&mut self) -> usize {
        self.0.push(self.0.len());
        self.0.len() - 1
    }

    fn root(&mut self, mut of: usize) -> usize {
        while self.0[of] != of {
            self.0[of] = self.0[self.0[of]];
            of = self.0[of];
        }
        of
    }

    /// False when both were in one set already.
    fn unite(&mut self, a: usize, b: usize) -> bool {
        let (a, b) = (self.root(a), self.root(b));
        self.0[a] = b;
        a != b
    }
}
