//! The address of a tile: everything its bytes depend on, but for the reader's scope.

use std::f64::consts::PI;

use chrono::NaiveDate;
use sha2::{Digest, Sha256};

use crate::base::bounds::YEARS;
use crate::db::Scope;
use crate::planning::LayerKind;
use crate::web::{self, AppState, Error};

/// Zooms that tiles are made for.
pub const ZOOMS: std::ops::RangeInclusive<u8> = 5..=16;

/// Tile units to a side, and how many of them a tile shows beyond each edge.
pub const EXTENT: i32 = 4096;
pub const BUFFER: i32 = 64;
/// Tile units to a side of what is too small to draw: half a pixel of a screen that shows 512 to a tile.
pub const SMALLEST: f64 = 4.0;

/// A state of the registers and of the rule the map is coloured by, written `12-3fa9c2b1`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Revision {
    pub registers: i64,
    pub rule: String,
}

impl Revision {
    pub fn parse(text: &str) -> Option<Self> {
        let (registers, rule) = text.split_once('-')?;
        let plain = registers.bytes().all(|b| b.is_ascii_digit()) && rule.bytes().all(|b| b.is_ascii_hexdigit());
        let registers = registers.parse().ok().filter(|_| plain && rule.len() == 8)?;
        Some(Revision { registers, rule: rule.to_owned() })
    }
}

impl std::fmt::Display for Revision {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}-{}", self.registers, self.rule)
    }
}

/// What parcels are coloured by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Family {
    /// Use and tax per mu of the year.
    Parcels,
    /// Their contracts on the day.
    Contracts,
    /// The official results of the year.
    Results,
    /// The newest survey of industrial land.
    Survey,
    /// Files of remediation.
    Remediation,
}

/// Parcels as they were on a day, coloured by what is known of the year or the day.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct TileAddress {
    pub family: Family,
    pub revision: Revision,
    pub year: i32,
    pub as_of: NaiveDate,
    pub place: Place,
}

/// The parts of an address as they stand in it.
pub type Parts = (String, String, String, String, String, String);

/// A layer over the parcels: its tiles rest on the planning layers alone.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct PlanAddress {
    pub layer: LayerKind,
    pub revision: i64,
    pub as_of: NaiveDate,
    pub place: Place,
}

/// What a tile is kept under.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Address {
    Parcels(TileAddress),
    Plan(PlanAddress),
}

/// An address of one family of tiles.
pub trait Addressed {
    /// Names the bytes without looking at them.
    fn etag(&self, scope: &Scope) -> String;
    fn kept_under(&self) -> Address;
}

/// Which square of the world a tile shows.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Place {
    pub z: u8,
    pub x: u32,
    pub y: u32,
}

impl Family {
    pub fn code(self) -> &'static str {
        match self {
            Family::Parcels => "parcels",
            Family::Contracts => "contracts",
            Family::Results => "results",
            Family::Survey => "survey",
            Family::Remediation => "remediation",
        }
    }
}

impl TileAddress {
    /// `None` when a part is not what it should be, or names a tile that there is none of.
    pub fn parse(family: Family, (revision, year, as_of, z, x, y): &Parts) -> Option<Self> {
        Some(TileAddress {
            family,
            revision: Revision::parse(revision)?,
            year: year.parse().ok().filter(|year| YEARS.contains(year))?,
            as_of: as_of.parse().ok()?,
            place: Place::parse(z, x, y)?,
        })
    }
}

impl Addressed for TileAddress {
    fn etag(&self, scope: &Scope) -> String {
        let (family, place) = (self.family.code(), &self.place);
        let (version, county) = (env!("CARGO_PKG_VERSION"), scope.county());
        tag(&format!(
            "{family} {version} {county} {:?} {} {} {} {}/{}/{}",
            scope.subdistrict_code(),
            self.revision,
            self.year,
            self.as_of,
            place.z,
            place.x,
            place.y
        ))
    }

    fn kept_under(&self) -> Address {
        Address::Parcels(self.clone())
    }
}

impl PlanAddress {
    /// `None` when a part is not what it should be, or names a tile that there is none of.
    pub fn parse((layer, revision, as_of, z, x, y): &Parts) -> Option<Self> {
        let plain = revision.bytes().all(|b| b.is_ascii_digit());
        Some(PlanAddress {
            layer: LayerKind::ALL.iter().copied().find(|kind| kind.code() == layer)?,
            revision: revision.parse().ok().filter(|_| plain)?,
            as_of: as_of.parse().ok()?,
            place: Place::parse(z, x, y)?,
        })
    }
}

impl Addressed for PlanAddress {
    fn etag(&self, scope: &Scope) -> String {
        let (layer, place) = (self.layer.code(), &self.place);
        let (version, county) = (env!("CARGO_PKG_VERSION"), scope.county());
        tag(&format!(
            "plan {version} {county} {layer} {} {} {}/{}/{}",
            self.revision, self.as_of, place.z, place.x, place.y
        ))
    }

    fn kept_under(&self) -> Address {
        Address::Plan(self.clone())
    }
}

fn tag(text: &str) -> String {
    format!("W/\"{}\"", hex::encode(&Sha256::digest(text)[..12]))
}

impl Place {
    fn parse(z: &str, x: &str, y: &str) -> Option<Self> {
        let z: u8 = z.parse().ok().filter(|z| ZOOMS.contains(z))?;
        let row = y.strip_suffix(".mvt").unwrap_or(y);
        let column = |text: &str| text.parse::<u32>().ok().filter(|place| *place < 1 << z);
        Some(Place { z, x: column(x)?, y: column(row)? })
    }

    /// West, south, east, north in degrees, buffer included.
    pub fn bounds(&self) -> [f64; 4] {
        let buffer = f64::from(BUFFER) / f64::from(EXTENT);
        let side = f64::from(1u32 << self.z);
        let longitude = |x: f64| x / side * 360.0 - 180.0;
        let latitude = |y: f64| (PI * (1.0 - 2.0 * y / side)).sinh().atan().to_degrees();
        let (x, y) = (f64::from(self.x), f64::from(self.y));
        [longitude(x - buffer), latitude(y + 1.0 + buffer), longitude(x + 1.0 + buffer), latitude(y - buffer)]
    }
}

/// The day asked for, else today in China.
pub fn day(text: &str, state: &AppState) -> web::Result<NaiveDate> {
    if text.is_empty() {
        return Ok(state.clock.today());
    }
    let sensible = |day: &NaiveDate| (1900..=2199).contains(&crate::base::period::year_of(*day));
    text.parse().ok().filter(sensible).ok_or_else(|| Error::BadRequest("日期应写作 2024-12-31".into()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(z: &str, x: &str, y: &str) -> Option<TileAddress> {
        let text = |text: &str| text.to_owned();
        let parts = (text("7-0123abcd"), text("2024"), text("2026-11-23"), text(z), text(x), text(y));
        TileAddress::parse(Family::Parcels, &parts)
    }

    #[test]
    fn tiles_are_bounded() {
        assert!(parse("4", "0", "0").is_none() && parse("17", "0", "0").is_none());
        assert!(parse("5", "31", "31").is_some() && parse("16", "65535", "65535").is_some());
        assert!(parse("5", "32", "0").is_none() && parse("5", "0", "32").is_none() && parse("5", "-1", "0").is_none());
        assert_eq!(parse("5", "1", "2.mvt"), parse("5", "1", "2"));
    }

    #[test]
    fn a_layer_is_named_by_its_code_alone() {
        let parts = |layer: &str, revision: &str| {
            let text = |text: &str| text.to_owned();
            PlanAddress::parse(&(text(layer), text(revision), text("2026-11-23"), text("12"), text("3"), text("4")))
        };
        assert!(parts("ecological_red_line", "7").is_some());
        for (layer, revision) in
            [("生态保护红线", "7"), ("x", "7"), ("ecological_red_line", "+7"), ("ecological_red_line", "-1")]
        {
            assert!(parts(layer, revision).is_none(), "{layer} {revision}");
        }
    }

    #[test]
    fn a_revision_comes_back() {
        let revision = Revision { registers: 12, rule: "3fa9c2b1".into() };
        assert_eq!(Revision::parse(&revision.to_string()), Some(revision));
        for odd in ["", "12", "-1-3fa9c2b1", "12-3fa9c2b", "12-3fa9c2bz", "+1-3fa9c2b1"] {
            assert_eq!(Revision::parse(odd), None, "{odd}");
        }
    }

    #[test]
    fn the_box_of_a_tile_holds_it_with_its_buffer() {
        let [west, south, east, north] = parse("5", "26", "13").unwrap().place.bounds();
        assert!((west - (112.5 - 11.25 / 64.0)).abs() < 1e-9 && (east - (123.75 + 11.25 / 64.0)).abs() < 1e-9);
        assert!(south < 21.943_045_5 && north > 31.952_162_2);
        assert!(south > 21.0 && north < 33.0);
    }

    #[test]
    fn the_tag_changes_with_scope_and_place() {
        let address = parse("12", "3", "4").unwrap();
        let district = Scope::district("330105".parse().unwrap());
        let clerk = Scope { subdistrict: Some("330105014".parse().unwrap()), ..district.clone() };
        assert_ne!(address.etag(&district), address.etag(&clerk));
        assert_ne!(address.etag(&district), parse("12", "4", "4").unwrap().etag(&district));
        assert_eq!(address.etag(&district), address.etag(&district));
        let results = TileAddress { family: Family::Results, ..address.clone() };
        assert_ne!(address.etag(&district), results.etag(&district));
        assert_ne!(address.kept_under(), results.kept_under());
    }
}
