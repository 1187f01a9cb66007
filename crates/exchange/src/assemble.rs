//! Loose rings become polygons: which ring is an outline, which a hole, and of whom.

use geo_types::{LineString, MultiPolygon, Polygon};

use super::area::signed_double_area;
use super::fault::Fault;
use super::nesting::containers;
use super::work::Work;

/// What rings come to.
#[derive(Debug)]
pub struct Assembled {
    pub shape: MultiPolygon<f64>,
    /// Holes that were told by lying inside alone, because all rings run the same way.
    pub holes_by_place: usize,
}

/// By nesting alone: a ring inside one ring is a hole, inside two an island, and so on.
pub fn by_nesting(lines: Vec<LineString<f64>>) -> Result<MultiPolygon<f64>, Fault> {
    let lines = closed(lines);
    let around = containers_of(&lines)?;
    let owners = owners_by_depth(&around);
    Ok(gather(lines, &owners))
}

/// As shapefiles have it: outlines run clockwise, holes the other way, and whose hole it is says the smallest outline around
/// it. A hole without an outline around it is an outline whose writer did not care. Where all rings run the same way,
/// direction says nothing and only what lies in what counts.
pub fn by_direction(lines: Vec<LineString<f64>>) -> Result<Assembled, Fault> {
    let lines = closed(lines);
    let around = containers_of(&lines)?;
    let is_hole: Vec<bool> = lines.iter().map(|line| signed_double_area(&line.0) > 0.0).collect();
    if is_hole.iter().all(|hole| *hole) || is_hole.iter().all(|hole| !*hole) {
        let owners = owners_by_depth(&around);
        let holes_by_place = owners.iter().flatten().count();
        return Ok(Assembled { shape: gather(lines, &owners), holes_by_place });
    }
    let outline_around = |place: usize| {
        let mut holder = around[place];
        while let Some(ring) = holder.filter(|ring| is_hole[*ring]) {
            holder = around[ring];
        }
        holder
    };
    let owners: Vec<_> =
        (0..lines.len()).map(|place| is_hole[place].then(|| outline_around(place)).flatten()).collect();
    Ok(Assembled { shape: gather(lines, &owners), holes_by_place: 0 })
}

fn closed(mut lines: Vec<LineString<f64>>) -> Vec<LineString<f64>> {
    lines.retain(|line| !line.0.is_empty());
    lines.iter_mut().for_each(LineString::close);
    lines
}

fn containers_of(lines: &[LineString<f64>]) -> Result<Vec<Option<usize>>, Fault> {
    if lines.len() == 1 {
        return Ok(vec![None]);
    }
    containers(&lines.iter().collect::<Vec<_>>(), &mut Work::default())
}

/// Rings within an odd number of others are holes of the innermost of them.
fn owners_by_depth(around: &[Option<usize>]) -> Vec<Option<usize>> {
    let mut depths: Vec<Option<usize>> = vec![None; around.len()];
    for place in 0..around.len() {
        let mut path = vec![place];
        while let Some(holder) = around[path[path.len() - 1]].filter(|holder| depths[*holder].is_none()) {
            path.push(holder);
        }
        for ring in path.into_iter().rev() {
            depths[ring] = Some(around[ring].and_then(|holder| depths[holder]).map_or(0, |depth| depth + 1));
        }
    }
    let owner = |place: usize| around[place].filter(|_| depths[place].is_some_and(|depth| depth % 2 == 1));
    (0..around.len()).map(owner).collect()
}

fn gather(lines: Vec<LineString<f64>>, owners: &[Option<usize>]) -> MultiPolygon<f64> {
    let mut slots: Vec<Option<usize>> = vec![None; lines.len()];
    let mut parts: Vec<(LineString<f64>, Vec<LineString<f64>>)> = Vec::new();
    let mut holes = Vec::new();
    for (place, line) in lines.into_iter().enumerate() {
        match owners[place] {
            Some(owner) => holes.push((owner, line)),
            None => {
                slots[place] = Some(parts.len());
                parts.push((line, Vec::new()));
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

#[cfg(test)]
mod tests {
    use super::*;

    fn square(x: f64, side: f64) -> LineString<f64> {
        LineString::from(vec![(x, x), (x + side, x), (x + side, x + side), (x, x + side), (x, x)])
    }

    fn turned(ring: LineString<f64>) -> LineString<f64> {
        ring.0.into_iter().rev().collect()
    }

    fn holes(shape: &MultiPolygon<f64>) -> Vec<usize> {
        shape.0.iter().map(|part| part.interiors().len()).collect()
    }

    #[test]
    fn rings_that_all_run_the_same_way_are_told_by_place() {
        let island = || vec![square(0.0, 10.0), square(2.0, 6.0), square(4.0, 1.0)];
        let either = [island(), island().into_iter().map(turned).collect()];
        for rings in either {
            let found = by_direction(rings).unwrap();
            assert_eq!((holes(&found.shape), found.holes_by_place), (vec![1, 0], 1), "outline, hole, island");
        }
        let apart = by_direction(vec![square(0.0, 1.0), square(5.0, 1.0)]).unwrap();
        assert_eq!((holes(&apart.shape), apart.holes_by_place), (vec![0, 0], 0));
    }

    #[test]
    fn where_directions_differ_they_count() {
        let usual = by_direction(vec![turned(square(0.0, 10.0)), square(2.0, 6.0), turned(square(3.0, 2.0))]).unwrap();
        assert_eq!((holes(&usual.shape), usual.holes_by_place), (vec![1, 0], 0));
        let doubtful =
            by_direction(vec![turned(square(0.0, 10.0)), turned(square(2.0, 2.0)), square(5.0, 2.0)]).unwrap();
        assert_eq!(holes(&doubtful.shape), [1, 0], "a part within a part is for the check of validity to refuse");
        let astray = by_direction(vec![turned(square(0.0, 2.0)), square(5.0, 2.0)]).unwrap();
        assert_eq!(holes(&astray.shape), [0, 0], "a hole in nothing");
    }
}
