//! Is a shape a valid multipolygon, and if not, where is it wrong? What can be put right without a doubt is put right.

use geo::Validation;
use geo::line_intersection::{LineIntersection, line_intersection};
use geo::orient::{Direction, Orient};
use geo::validation::{InvalidMultiPolygon, InvalidPolygon, RingRole};
use geo_types::{Coord, Line, LineString, MultiPolygon, Polygon};

use super::assemble::signed_double_area;
use super::fault::Fault;
use super::wording;

/// Comparisons of edges before a shape counts as too large.
const WORK: usize = 300_000_000;

/// A valid shape: rings closed, outlines counter-clockwise, holes clockwise, no point twice in a row.
#[derive(Clone, Debug)]
pub struct Examined {
    pub shape: MultiPolygon<f64>,
    /// Warnings about what was put right.
    pub faults: Vec<Fault>,
}

/// Checks a shape and normalises it. The error names the first place that is wrong, in the shape's own frame.
pub fn examine(shape: MultiPolygon<f64>) -> Result<Examined, Fault> {
    let mut repeated: Option<(usize, Coord<f64>)> = None;
    let mut polygons = Vec::with_capacity(shape.0.len());
    for polygon in shape.0 {
        let (outline, holes) = polygon.into_inner();
        if outline.0.is_empty() {
            continue;
        }
        let outline = single_points(outline, &mut repeated)?;
        let holes = holes.into_iter().map(|hole| single_points(hole, &mut repeated)).collect::<Result<_, _>>()?;
        polygons.push(Polygon::new(outline, holes));
    }
    if polygons.is_empty() {
        return Err(wording::geometry_empty());
    }
    let shape = MultiPolygon::new(polygons);
    check_rings(&shape)?;
    check_crossings(&shape)?;
    if shape.0.len() > 1 || shape.0.iter().any(|polygon| !polygon.interiors().is_empty()) {
        check_arrangement(&shape)?;
    }
    let faults = repeated.map(|(count, first)| wording::duplicate_points(count, at(first))).into_iter().collect();
    Ok(Examined { shape: shape.orient(Direction::Default), faults })
}

/// A place for a message: metres to the millimetre, degrees to nine decimals.
fn at(place: Coord<f64>) -> String {
    let places = if place.x.abs() <= 180.0 && place.y.abs() <= 90.0 { 9 } else { 3 };
    format!("（横 {:.places$}，纵 {:.places$}）", place.x, place.y)
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

/// One edge of one ring.
struct Edge {
    line: Line<f64>,
    ring: usize,
    place: usize,
    /// Edges of the ring.
    count: usize,
}

impl Edge {
    fn low(&self) -> f64 {
        self.line.start.x.min(self.line.end.x)
    }

    fn high(&self) -> f64 {
        self.line.start.x.max(self.line.end.x)
    }

    fn apart(&self, other: &Edge) -> bool {
        let (a, b) = (&self.line, &other.line);
        a.start.y.max(a.end.y) < b.start.y.min(b.end.y) || b.start.y.max(b.end.y) < a.start.y.min(a.end.y)
    }

    fn follows(&self, other: &Edge) -> bool {
        self.ring == other.ring && self.place == (other.place + 1) % other.count
    }
}

/// Looks for edges that meet where they must not, sweeping from west to east so that only edges side by side are compared.
fn check_crossings(shape: &MultiPolygon<f64>) -> Result<(), Fault> {
    let mut edges: Vec<Edge> = Vec::new();
    for (ring, line) in rings_of(shape) {
        let count = line.0.len() - 1;
        edges.extend(line.lines().enumerate().map(|(place, line)| Edge { line, ring, place, count }));
    }
    edges.sort_by(|a, b| a.low().total_cmp(&b.low()));
    let mut active: Vec<&Edge> = Vec::new();
    let mut found: Option<((usize, usize), Fault)> = None;
    let mut work = 0usize;
    for edge in &edges {
        active.retain(|other| other.high() >= edge.low());
        work += active.len();
        if work > WORK {
            return Err(wording::geometry_too_large("的边过于密集"));
        }
        for other in &active {
            if !edge.apart(other)
                && let Some(fault) = meeting(edge, other)
            {
                // The first in the order of the ring, so that the same shape always names the same place.
                let key = (edge.ring.min(other.ring), edge.place.min(other.place));
                if found.as_ref().is_none_or(|(best, _)| key < *best) {
                    found = Some((key, fault));
                }
            }
        }
        active.push(edge);
    }
    if let Some((_, fault)) = found {
        return Err(fault);
    }
    for (place, ring) in rings_of(shape) {
        if signed_double_area(&ring.0) == 0.0 {
            return Err(wording::zero_area(ring_name(place), at(ring.0[0])));
        }
    }
    Ok(())
}

fn meeting(a: &Edge, b: &Edge) -> Option<Fault> {
    let met = line_intersection(a.line, b.line)?;
    let neighbours = a.follows(b) || b.follows(a);
    if a.ring == b.ring {
        return match met {
            LineIntersection::SinglePoint { .. } if neighbours => None,
            LineIntersection::SinglePoint { intersection, .. } => {
                Some(wording::self_intersection(ring_name(a.ring), at(intersection)))
            }
            LineIntersection::Collinear { intersection } if intersection.start == intersection.end && neighbours => {
                None
            }
            LineIntersection::Collinear { intersection } => {
                Some(wording::self_intersection(ring_name(a.ring), at(intersection.start)))
            }
        };
    }
    match met {
        LineIntersection::SinglePoint { intersection, is_proper: true } => Some(wording::rings_cross(at(intersection))),
        LineIntersection::Collinear { intersection } if intersection.start != intersection.end => {
            Some(wording::rings_cross(at(intersection.start)))
        }
        _ => None,
    }
}

/// Holes inside their outlines, parts apart: what edges alone do not show.
fn check_arrangement(shape: &MultiPolygon<f64>) -> Result<(), Fault> {
    let Err(wrong) = shape.check_validation() else { return Ok(()) };
    let start = |part: usize, role: RingRole| {
        let ring = shape.0.get(part).and_then(|polygon| match role {
            RingRole::Exterior => Some(polygon.exterior()),
            RingRole::Interior(hole) => polygon.interiors().get(hole),
        });
        at(ring.and_then(|ring| ring.0.first().copied()).unwrap_or_default())
    };
    Err(match wrong {
        InvalidMultiPolygon::InvalidPolygon(part, problem) => match problem {
            InvalidPolygon::InteriorRingNotContainedInExteriorRing(role) => wording::hole_outside(start(part.0, role)),
            InvalidPolygon::IntersectingRingsOnALine(_, role) | InvalidPolygon::IntersectingRingsOnAnArea(_, role) => {
                wording::rings_cross(start(part.0, role))
            }
            InvalidPolygon::SelfIntersection(role) => {
                wording::self_intersection(ring_name(part.0), start(part.0, role))
            }
            InvalidPolygon::TooFewPointsInRing(_) => wording::too_few_points(ring_name(part.0)),
            InvalidPolygon::NonFiniteCoord(..) => wording::not_finite(ring_name(part.0)),
        },
        InvalidMultiPolygon::ElementsOverlaps(_, part) | InvalidMultiPolygon::ElementsTouchOnALine(_, part) => {
            wording::parts_overlap(start(part.0, RingRole::Exterior))
        }
    })
}
