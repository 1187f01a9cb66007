//! File formats in and out: a file goes in, records and faults come out. No database, no clock.
//!
//! Geometry comes from [`FeatureFile`] (GeoJSON, Shapefile, GeoPackage, boundary-point text), tables from
//! [`table::TableFile`] (.xlsx, .csv). Which frame the coordinates stand in is decided apart, by [`frame::decide`].

pub mod area;
mod assemble;
mod boundary_text;
mod boxes;
mod dbf;
pub mod encoding;
mod extent;
pub mod fault;
pub mod feature;
pub mod file;
pub mod foreign;
pub mod frame;
pub mod gcj02;
mod geojson;
mod geopackage;
pub mod limits;
mod nesting;
pub mod option;
pub mod reads;
mod shapefile;
pub mod sheet;
pub mod table;
pub mod template;
pub mod validity;
mod wkb;
pub mod wkt;
pub mod wording;
mod work;
mod zipped;

#[cfg(test)]
#[path = "../../../tests/made/mod.rs"]
mod made;
#[cfg(test)]
mod read_made;
#[cfg(test)]
mod tests;

use base::text;

pub use extent::Extent;
pub use fault::{Candidate, Fault, FaultCode, Question, Severity, Unreadable};
pub use feature::{FeatureRecord, Format, ReadOptions, ReadSummary};
pub use file::FeatureFile;
pub use frame::{Declared, FrameDecision, FrameEvidence, Purpose};
pub use geojson::read_one as read_geojson;
pub use limits::Limits;
pub use option::FileOption;
pub use table::{ColumnSpec, Kind, TableFile, TableRow, TableSpec};
