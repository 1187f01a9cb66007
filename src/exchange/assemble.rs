//! Loose rings become polygons: which ring is an outline, which a hole, and of whom.

use geo::coordinate_position::{CoordPos, coord_pos_relative_to_ring};
use geo_types::{Coord, LineString, MultiPolygon, Polygon};

use super::extent::Extent;
use super::fault::Fault;
use super::wording;

/// Comparisons of a point with an edge before a feature counts as too large.
const WORK: usize = 200_000_000;

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

struct Ring {
    line: LineString<f64>,
    signed: f64,
    extent: Option<Extent>,
}

impl Ring {
    fn new(mut line: LineString<f64>) -> Self {
        line.close();
        let signed = signed_double_area(&line.0);
        let mut extent = None;
        for point in &line.0 {
            Extent::stretch(&mut extent, Extent::of_point(point.x, point.y));
        }
        Ring { line, signed, extent }
    }

    fn contains(&self, other: &Ring, work: &mut usize) -> bool {
        let (Some(mine), Some(theirs)) = (self.extent, other.extent) else { return false };
        if !theirs.within((mine.min_x, mine.max_x), (mine.min_y, mine.max_y)) {
            return false;
        }
        for point in &other.line.0 {
            *work = work.saturating_add(self.line.0.len());
            match coord_pos_relative_to_ring(*point, &self.line) {
                CoordPos::Inside => return true,
                CoordPos::Outside => return false,
                CoordPos::OnBoundary => {}
            }
        }
        false
    }
}

/// By nesting alone: a ring inside one ring is a hole, inside two an island, and so on.
pub fn by_nesting(lines: Vec<LineString<f64>>) -> Result<MultiPolygon<f64>, Fault> {
    let mut rings: Vec<Ring> = lines.into_iter().map(Ring::new).collect();
    rings.sort_by(|a, b| b.signed.abs().total_cmp(&a.signed.abs()));
    let mut work = 0;
    let mut depths: Vec<usize> = Vec::with_capacity(rings.len());
    let mut owners: Vec<Option<usize>> = Vec::with_capacity(rings.len());
    for place in 0..rings.len() {
        // The smallest ring around it comes last, because larger rings come first.
        let around = (0..place).rev().find(|larger| rings[*larger].contains(&rings[place], &mut work));
        let depth = around.map_or(0, |outer| depths[outer] + 1);
        depths.push(depth);
        owners.push(around.filter(|_| depth % 2 == 1));
        check_work(work)?;
    }
    Ok(gather(rings, &owners))
}

/// By direction, as shapefiles have it: outlines run clockwise, holes the other way. A hole without an outline around
/// it is an outline whose writer did not care.
pub fn by_direction(lines: Vec<LineString<f64>>) -> Result<MultiPolygon<f64>, Fault> {
    let rings: Vec<Ring> = lines.into_iter().map(Ring::new).collect();
    let mut outlines: Vec<usize> = (0..rings.len()).filter(|place| rings[*place].signed <= 0.0).collect();
    outlines.sort_by(|a, b| rings[*a].signed.abs().total_cmp(&rings[*b].signed.abs()));
    if outlines.is_empty() {
        return by_nesting(rings.into_iter().map(|ring| ring.line).collect());
    }
    let mut work = 0;
    let mut owners = vec![None; rings.len()];
    for place in 0..rings.len() {
        if rings[place].signed > 0.0 {
            owners[place] = outlines.iter().copied().find(|outer| rings[*outer].contains(&rings[place], &mut work));
            check_work(work)?;
        }
    }
    Ok(gather(rings, &owners))
}

fn check_work(work: usize) -> Result<(), Fault> {
    if work > WORK { Err(wording::geometry_too_large("的环嵌套过于复杂")) } else { Ok(()) }
}

fn gather(rings: Vec<Ring>, owners: &[Option<usize>]) -> MultiPolygon<f64> {
    let mut slots: Vec<Option<usize>> = vec![None; rings.len()];
    let mut parts: Vec<(LineString<f64>, Vec<LineString<f64>>)> = Vec::new();
    let mut holes = Vec::new();
    for (place, ring) in rings.into_iter().enumerate() {
        match owners[place] {
            Some(owner) => holes.push((owner, ring.line)),
            None => {
                slots[place] = Some(parts.len());
                parts.push((ring.line, Vec::new()));
            }
        }
    }
    for (owner, hole) in holes {
        if let Some(slot) = slots[owner] {
            parts[slot].1.push(hole);
        }
    }
    MultiPolygon::new(parts.into_iter().map(|(outline, holes)| Polygon::new(outline, holes)).collect())
}
