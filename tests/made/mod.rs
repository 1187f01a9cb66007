//! Made-up input files: shapefiles, GeoPackages, boundary-point text and outlines, written when a test asks for them.
//!
//! Places, codes and names are invented; the traps are those of files that survey teams and offices send. Nothing here
//! knows the program, so that unit tests (`crate::made`) and the tests under `tests/it` share it.
#![allow(dead_code, reason = "each side uses its part")]

pub mod boundary;
pub mod geopackage;
pub mod outlines;
pub mod parcels;
pub mod shapefile;
mod wkb;

/// Points in the order of the file, x (easting or longitude) first; the last repeats the first.
pub type Ring = Vec<(f64, f64)>;

/// A ring of the points given, closed.
pub fn ring(points: &[(f64, f64)]) -> Ring {
    points.iter().chain(points.first()).copied().collect()
}

/// A rectangle that runs clockwise, as the outer ring of a shapefile does.
pub fn rectangle(west: f64, south: f64, east: f64, north: f64) -> Ring {
    ring(&[(west, south), (west, north), (east, north), (east, south)])
}

pub fn moved(ring: &[(f64, f64)], by: (f64, f64)) -> Ring {
    ring.iter().map(|(x, y)| (x + by.0, y + by.1)).collect()
}
