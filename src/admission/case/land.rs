//! The land that a case is about, and what is wrong or odd about it.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::gap::Gap;
use crate::db::geom::Geom;
use crate::parcel::claims::Standing;

/// Land that another open case asks for too.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Overlap {
    pub case: Uuid,
    /// `2026-0012`.
    pub number: String,
    pub project: String,
    /// m², in the survey plane of this site.
    #[schema(value_type = String)]
    pub area_m2: Decimal,
}

/// What is known of the site.
#[derive(Clone, Debug, Default)]
pub struct Site {
    /// Valid, EPSG:4490.
    pub shape: Option<Geom>,
    /// EPSG code of the survey plane it is measured in.
    pub survey_srid: i32,
    /// Plane area in that zone, m².
    pub area_m2: Option<Decimal>,
    pub parcel: Option<String>,
    pub subdistrict: Option<String>,
    /// Why it cannot be submitted like this.
    pub gaps: Vec<Gap>,
    /// What is pointed out and does not stand in the way.
    pub notes: Vec<String>,
    pub overlaps: Vec<Overlap>,
    /// The offer says why the land is offered beside what stands against it.
    pub offered_beside: bool,
    /// Live grants and admitted projects on the land.
    pub standing: Vec<Standing>,
}

impl Site {
    pub(super) fn wrong(mut self, field: &str, code: &'static str, message: impl Into<String>) -> Self {
        self.gaps.push(Gap::new(field, code, message));
        self
    }

    /// The shape as GeoJSON, longitude first.
    pub fn geojson(&self) -> Option<String> {
        let shape = self.shape.as_ref()?;
        Some(geojson::GeoJson::from(geojson::Geometry::from(&shape.geometry)).to_string())
    }

    /// SHA-256 over the shape: a hit that was set aside was set aside for exactly this land.
    pub fn hash(&self) -> Option<String> {
        self.shape.as_ref().map(|shape| crate::policy::receipt::sha256(&hex::encode(shape.to_ewkb())))
    }
}
