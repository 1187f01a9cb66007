//! Is a shape a valid multipolygon as the standard has it (OGC 06-103r4), and if not, where is it wrong? What can be put
//! right without a doubt is put right.

mod arrangement;
mod crossing;
mod tie;

#[cfg(test)]
mod tests;

use geo::orient::{Direction, Orient};
use geo_types::{Coord, LineString, MultiPolygon, Polygon};

use super::fault::Fault;
use super::wording;
use super::work::Work;
use crossing::Touches;

/// A valid shape: rings closed, outlines counter-clockwise, holes clockwise, no point twice in a row, and where a corner
/// comes to lie on another edge that edge has a point too.
#[derive(Clone, Debug)]
pub struct Examined {
    pub shape: MultiPolygon<f64>,
    /// Warnings about what was put right.
    pub faults: Vec<Fault>,
}

/// Checks a shape and normalises it. The error names the first place that is wrong, in the shape's own frame.
pub fn examine(shape: MultiPolygon<f64>) -> Result<Examined, Fault> {
    examine_within(shape, &mut Work::default())
}

fn examine_within(shape: MultiPolygon<f64>, work: &mut Work) -> Result<Examined, Fault> {
    let mut repeated: Option<(usize, Coord<f64>)> = None;
    let mut polygons = Vec::with_capacity(shape.0.len());
    for polygon in shape.0 {
        let (outline, holes) = polygon.into_inner();
        if outline.0.is_empty() {
            continue;
        }
        let outline = single_points(outline, &mut repeated)?;
        let holes = holes.into_iter().filter(|hole| !hole.0.is_empty());
        let holes = holes.map(|hole| single_points(hole, &mut repeated)).collect::<Result<_, _>>()?;
        polygons.push(Polygon::new(outline, holes));
    }
    if polygons.is_empty() {
        return Err(wording::geometry_empty());
    }
    let shape = MultiPolygon::new(polygons);
    check_rings(&shape)?;
    let (shape, touches) = sound(shape, work)?;
    if shape.0.len() > 1 || shape.0.iter().any(|polygon| !polygon.interiors().is_empty()) {
        arrangement::check(&shape, &touches, work)?;
    }
    let faults = repeated.map(|(count, first)| wording::duplicate_points(count, at(first))).into_iter().collect();
    Ok(Examined { shape: shape.orient(Direction::Default), faults })
}

/// The shape with points where its edges would bend across its corners, and where its rings touch. A corner so sharp that it
/// has no room for another point stays as it is.
fn sound(shape: MultiPolygon<f64>, work: &mut Work) -> Result<(MultiPolygon<f64>, Touches), Fault> {
    if let Some(tied) = tie::tied(&shape, work)?
        && let Ok(touches) = crossing::check(&tied, work)
    {
        return Ok((tied, touches));
    }
    let touches = crossing::check(&shape, work)?;
    Ok((shape, touches))
}

/// A place for a message: metres to the millimetre, degrees to nine decimals, what is beyond all reason as a power of ten.
pub fn at(place: Coord<f64>) -> String {
    const REASON: f64 = 1e9;
    if place.x.abs() > REASON || place.y.abs() > REASON {
        return format!("（横 {:e}，纵 {:e}）", place.x, place.y);
    }
    let places = if in_degrees(place) { 9 } else { 3 };
    format!("（横 {:.places$}，纵 {:.places$}）", place.x, place.y)
}

fn in_degrees(place: Coord<f64>) -> bool {
    place.x.abs() <= 180.0 && place.y.abs() <= 90.0
}

fn single_points(ring: LineString<f64>, repeated: &mut Option<(usize, Coord<f64>)>) -> Result<LineString<f64>, Fault> {
    let mut coords: Vec<Coord<f64>> = Vec::with_capacity(ring.0.len());
    for (place, coord) in ring.0.into_iter().enumerate() {
        if !(coord.x.is_finite() && coord.y.is_finite()) {
            return Err(wording::not_finite(format!("第 {} 点", place + 1)));
        }
        if coords.last() == Some(&coord) {
            let (count, _) = repeated.get_or_insert((0, coord));
            *count += 1;
        } else {
            coords.push(coord);
        }
    }
    Ok(LineString::new(coords))
}

fn rings_of(shape: &MultiPolygon<f64>) -> impl Iterator<Item = (usize, &LineString<f64>)> {
    shape.0.iter().flat_map(|polygon| std::iter::once(polygon.exterior()).chain(polygon.interiors())).enumerate()
}

fn ring_name(place: usize) -> String {
    format!("第 {} 个环", place + 1)
}

fn check_rings(shape: &MultiPolygon<f64>) -> Result<(), Fault> {
    for (place, ring) in rings_of(shape) {
        if ring.0.len() < 4 {
            return Err(wording::too_few_points(ring_name(place)));
        }
    }
    Ok(())
}
