//! Parcels as JSON. Areas are decimal strings in m², missing ones are null.

use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde::Serialize;
use serde_json::{Value, json};
use utoipa::ToSchema;

use super::list::Row;
use super::store::{Link, Version};
use super::{LineageKind, SupplyStatus};
use crate::base::unit::SquareMetre;

fn text(area: Decimal) -> String {
    area.to_string()
}

/// The exact area in mu (亩), 2000/3 m² each.
pub fn mu(area: Decimal) -> String {
    SquareMetre(area).to_mu().0.normalize().to_string()
}

/// A parcel as it held on the day asked about.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ParcelView {
    /// Pass it as the version a change is based on.
    pub version: i64,
    #[schema(example = "330105014001GB00001")]
    pub code: String,
    pub name: Option<String>,
    pub valid_from: Option<NaiveDate>,
    /// The first day on which it no longer held; null while it does.
    pub valid_until: Option<NaiveDate>,
    /// As registered, m².
    #[schema(example = "2000.50")]
    pub official_area_m2: Option<String>,
    /// The registered area in mu.
    pub official_area_mu: Option<String>,
    /// Recomputed in the survey plane, m².
    pub plane_area_m2: String,
    /// On the ellipsoid, m².
    pub geodesic_area_m2: String,
    /// EPSG code of the survey plane.
    pub survey_srid: i32,
    pub survey_truth: bool,
    pub land_use_scheme: Option<String>,
    pub land_use_code: Option<String>,
    pub land_use_name: Option<String>,
    pub supply_status: SupplyStatus,
    /// Where it lies; null while no outline covers it.
    pub subdistrict: Option<String>,
    /// What its code says, in today's numbers.
    pub registered_subdistrict: String,
    pub subdistrict_name: Option<String>,
}

impl From<&Row> for ParcelView {
    fn from(row: &Row) -> Self {
        ParcelView {
            version: row.id,
            code: row.code.clone(),
            name: row.name.clone(),
            valid_from: row.valid.from,
            valid_until: row.valid.until,
            official_area_m2: row.official_area_m2.map(text),
            official_area_mu: row.official_area_m2.map(mu),
            plane_area_m2: text(row.plane_area_m2),
            geodesic_area_m2: text(row.geodesic_area_m2),
            survey_srid: row.survey_srid,
            survey_truth: row.survey_truth,
            land_use_scheme: row.land_use_scheme.clone(),
            land_use_code: row.land_use_code.clone(),
            land_use_name: row.land_use_name.clone(),
            supply_status: row.supply_status,
            subdistrict: row.subdistrict.clone(),
            registered_subdistrict: row.registered_subdistrict.clone(),
            subdistrict_name: row.subdistrict_name.clone(),
        }
    }
}

impl From<&Version> for ParcelView {
    fn from(version: &Version) -> Self {
        ParcelView {
            version: version.id,
            code: version.code.clone(),
            name: version.name.clone(),
            valid_from: version.valid.from,
            valid_until: version.valid.until,
            official_area_m2: version.official_area_m2.map(text),
            official_area_mu: version.official_area_m2.map(mu),
            plane_area_m2: text(version.plane_area_m2),
            geodesic_area_m2: text(version.geodesic_area_m2),
            survey_srid: version.survey_srid,
            survey_truth: version.survey_truth,
            land_use_scheme: version.land_use_scheme.clone(),
            land_use_code: version.land_use_code.clone(),
            land_use_name: version.land_use_name.clone(),
            supply_status: version.supply_status,
            subdistrict: version.subdistrict.clone(),
            registered_subdistrict: version.registered_subdistrict.clone(),
            subdistrict_name: version.subdistrict_name.clone(),
        }
    }
}

/// A page of the list.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ParcelList {
    pub district: String,
    /// The day the list speaks of.
    pub as_of: NaiveDate,
    pub parcels: Vec<ParcelView>,
    /// Pass it as `after` to get the next page; absent on the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

/// A step of lineage.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct LinkView {
    pub kind: LineageKind,
    pub predecessor: String,
    pub successor: String,
    pub effective_on: NaiveDate,
    pub source: String,
    pub reason: String,
}

impl From<&Link> for LinkView {
    fn from(link: &Link) -> Self {
        LinkView {
            kind: link.kind,
            predecessor: link.predecessor.clone(),
            successor: link.successor.clone(),
            effective_on: link.effective_on,
            source: link.source.clone(),
            reason: link.reason.clone(),
        }
    }
}

/// One version on record, what was superseded included.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct VersionView {
    #[serde(flatten)]
    pub parcel: ParcelView,
    pub source: String,
    pub reason: String,
    pub recorded_at: chrono::DateTime<chrono::Utc>,
    pub recorded_by: String,
    /// When it stopped being what we know; null while it is.
    pub superseded_at: Option<chrono::DateTime<chrono::Utc>>,
}

impl From<&Version> for VersionView {
    fn from(version: &Version) -> Self {
        VersionView {
            parcel: version.into(),
            source: version.source.clone(),
            reason: version.reason.clone(),
            recorded_at: version.recorded_at,
            recorded_by: version.recorded_by.clone(),
            superseded_at: version.superseded_at,
        }
    }
}

/// One parcel with everything on record about it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ParcelDetail {
    pub parcel: ParcelView,
    /// GeoJSON geometry, longitude first, CGCS2000.
    #[schema(value_type = Object)]
    pub geometry: Value,
    /// Steps that led to it.
    pub predecessors: Vec<LinkView>,
    /// Steps that lead away from it.
    pub successors: Vec<LinkView>,
    /// Newest knowledge first.
    pub history: Vec<VersionView>,
}

/// A page of the list as a GeoJSON FeatureCollection; codes and areas are strings.
pub fn feature_collection(rows: &[Row], next: Option<String>) -> serde_json::Result<Value> {
    let mut features = Vec::with_capacity(rows.len());
    for row in rows {
        let geometry: Value = serde_json::from_str(row.shape.as_deref().unwrap_or("null"))?;
        let properties = serde_json::to_value(ParcelView::from(row))?;
        features.push(json!({ "type": "Feature", "id": row.code, "geometry": geometry, "properties": properties }));
    }
    let mut collection = json!({ "type": "FeatureCollection", "features": features });
    if let Some(next) = next {
        collection["next"] = Value::String(next);
    }
    Ok(collection)
}
