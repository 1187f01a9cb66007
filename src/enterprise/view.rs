//! Enterprises, their holdings and figures as JSON. Decimals are strings, missing ones are null.

use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use utoipa::ToSchema;

use super::land::LandDays;
use super::list::Row;
use super::rules::ParcelSum;
use super::store::{Figure, Holding, Occupancy, Version};
use super::{EnterpriseState, FigureState, HoldingSide, Indicator, OccupancyKind, Sector, SizeClass};
use crate::account::Department;
use crate::base::period::length_of_year;
use crate::base::unit::{Mu, SHOWN_PLACES, square_metres_of};

/// An enterprise as it stood on the day asked about.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct EnterpriseView {
    #[schema(example = "91110000600037341L")]
    pub uscc: String,
    pub name: String,
    pub industry_edition: Option<String>,
    pub industry_code: Option<String>,
    pub industry_name: Option<String>,
    pub sector: Sector,
    pub size_class: SizeClass,
    pub high_tech: Option<bool>,
    pub platform: Option<String>,
    pub subdistrict: Option<String>,
    pub state: EnterpriseState,
    pub established_on: Option<NaiveDate>,
    pub above_size_since: Option<NaiveDate>,
    /// When the construction of a major project began, and its recognised end.
    pub project_since: Option<NaiveDate>,
    pub project_until: Option<NaiveDate>,
}

impl From<&Row> for EnterpriseView {
    fn from(row: &Row) -> Self {
        EnterpriseView {
            uscc: row.uscc.clone(),
            name: row.name.clone(),
            industry_edition: row.industry_edition.clone(),
            industry_code: row.industry_code.clone(),
            industry_name: row.industry_name.clone(),
            sector: row.sector,
            size_class: row.size_class,
            high_tech: row.high_tech,
            platform: row.platform.clone(),
            subdistrict: row.subdistrict.clone(),
            state: row.state,
            established_on: row.established_on,
            above_size_since: row.above_size_since,
            project_since: row.project_since,
            project_until: row.project_until,
        }
    }
}

/// A page of the list.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct EnterpriseList {
    pub district: String,
    /// The day the list speaks of.
    pub as_of: NaiveDate,
    pub enterprises: Vec<EnterpriseView>,
    /// Pass it as `after` to get the next page; absent on the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

/// One version on record, what was superseded included.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct EnterpriseVersionView {
    /// Name it as `base` when changing it.
    pub id: i64,
    pub enterprise: EnterpriseView,
    pub valid_from: Option<NaiveDate>,
    /// The first day on which it no longer held.
    pub valid_until: Option<NaiveDate>,
    /// Who confirmed a credit code whose check digit fails.
    pub uscc_confirmed_by: Option<String>,
    pub source: String,
    pub reason: String,
    pub recorded_at: DateTime<Utc>,
    pub recorded_by: String,
    pub superseded_at: Option<DateTime<Utc>>,
}

impl From<&Version> for EnterpriseVersionView {
    fn from(version: &Version) -> Self {
        EnterpriseVersionView {
            id: version.id,
            enterprise: EnterpriseView {
                uscc: version.uscc.clone(),
                name: version.name.clone(),
                industry_edition: version.industry_edition.clone(),
                industry_code: version.industry_code.clone(),
                industry_name: version.industry_name.clone(),
                sector: version.sector,
                size_class: version.size_class,
                high_tech: version.high_tech,
                platform: version.platform.clone(),
                subdistrict: version.subdistrict.clone(),
                state: version.state,
                established_on: version.established_on,
                above_size_since: version.above_size_since,
                project_since: version.project_since,
                project_until: version.project_until,
            },
            valid_from: version.valid.from,
            valid_until: version.valid.until,
            uscc_confirmed_by: version.uscc_confirmed_by.clone(),
            source: version.source.clone(),
            reason: version.reason.clone(),
            recorded_at: version.recorded_at,
            recorded_by: version.recorded_by.clone(),
            superseded_at: version.superseded_at,
        }
    }
}

fn square_metres(land: Mu) -> Option<String> {
    land.shown_square_metres().map(|area| area.to_string())
}

#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct HoldingView {
    /// The occupancy it is a side of.
    pub occupancy: i64,
    pub side: HoldingSide,
    pub parcel: Option<String>,
    /// Land in mu, exactly as it was stated. Positive on every side; what is leased out is taken off.
    pub area_mu: Option<String>,
    /// The same in square metres: exact where they end, else rounded half up to 12 decimals.
    pub area_m2: Option<String>,
    pub floor_area_m2: Option<String>,
    pub valid_from: Option<NaiveDate>,
    pub valid_until: Option<NaiveDate>,
    /// Credit code of the other enterprise of a lease.
    pub counterpart: Option<String>,
}

impl From<&Holding> for HoldingView {
    fn from(holding: &Holding) -> Self {
        HoldingView {
            occupancy: holding.occupancy,
            side: holding.side,
            parcel: holding.parcel.clone(),
            area_mu: holding.land.map(|land| land.to_string()),
            area_m2: holding.land.and_then(square_metres),
            floor_area_m2: holding.floor_area_m2.map(|area| area.to_string()),
            valid_from: holding.valid.from,
            valid_until: holding.valid.until,
            counterpart: holding.counterpart.clone(),
        }
    }
}

/// Land of a year: own + leased in + other − leased out, weighted by the days it was held.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct LandView {
    pub year: i32,
    /// mu·days, exact.
    pub mu_days: Option<String>,
    pub days_of_year: i64,
    /// Averaged over the year: exact where it ends, else rounded half up to 12 decimals; null while an area is missing.
    pub land_mu: Option<String>,
    pub land_m2: Option<String>,
}

impl LandView {
    pub fn new(year: i32, land: &LandDays) -> Self {
        let average = land.average(year);
        LandView {
            year,
            mu_days: land.is_in_range().then(|| land.total().normalize().to_string()),
            days_of_year: length_of_year(year),
            land_mu: average.as_ref().and_then(|land| land.shown(SHOWN_PLACES)).map(|land| land.to_string()),
            land_m2: average.and_then(|land| square_metres_of(&land).shown(SHOWN_PLACES)).map(|land| land.to_string()),
        }
    }
}

#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct EnterpriseDetail {
    /// What holds, what held, and what was once believed, in this order.
    pub versions: Vec<EnterpriseVersionView>,
    pub holdings: Vec<HoldingView>,
    /// For the years with returns, newest first.
    pub land: Vec<LandView>,
}

/// One figure, in the unit named.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct FigureView {
    pub year: i16,
    pub indicator: Indicator,
    #[schema(example = "29999.99")]
    pub value: String,
    pub unit: &'static str,
    pub department: Department,
    pub state: FigureState,
    pub confirmed_by: Option<String>,
    pub confirmed_at: Option<DateTime<Utc>>,
    pub source: String,
    pub reason: String,
    pub recorded_at: DateTime<Utc>,
    pub recorded_by: String,
    /// When it was superseded; null for what is known now.
    pub superseded_at: Option<DateTime<Utc>>,
}

impl From<&Figure> for FigureView {
    fn from(figure: &Figure) -> Self {
        FigureView {
            year: figure.year,
            indicator: figure.indicator,
            value: figure.value.to_string(),
            unit: figure.indicator.unit(),
            department: figure.department,
            state: figure.state,
            confirmed_by: figure.confirmed_by.clone(),
            confirmed_at: figure.confirmed_at,
            source: figure.source.clone(),
            reason: figure.reason.clone(),
            recorded_at: figure.recorded_at,
            recorded_by: figure.recorded_by.clone(),
            superseded_at: figure.superseded_at,
        }
    }
}

/// A missing figure is no entry.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Returns {
    pub uscc: String,
    pub figures: Vec<FigureView>,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct OccupancyView {
    pub id: i64,
    /// Parcel code; land that is no parcel of the register has none.
    pub parcel: Option<String>,
    pub kind: OccupancyKind,
    pub occupant: Option<String>,
    pub occupant_name: Option<String>,
    pub lessor: Option<String>,
    pub lessor_name: Option<String>,
    /// Land in mu, exactly as it was stated.
    pub area_mu: Option<String>,
    /// The same in square metres: exact where they end, else rounded half up to 12 decimals.
    pub area_m2: Option<String>,
    pub floor_area_m2: Option<String>,
    pub valid_from: Option<NaiveDate>,
    pub valid_until: Option<NaiveDate>,
    pub source: String,
}

impl From<&Occupancy> for OccupancyView {
    fn from(occupancy: &Occupancy) -> Self {
        OccupancyView {
            id: occupancy.id,
            parcel: occupancy.parcel.clone(),
            kind: occupancy.kind,
            occupant: occupancy.occupant.clone(),
            occupant_name: occupancy.occupant_name.clone(),
            lessor: occupancy.lessor.clone(),
            lessor_name: occupancy.lessor_name.clone(),
            area_mu: occupancy.land.map(|land| land.to_string()),
            area_m2: occupancy.land.and_then(square_metres),
            floor_area_m2: occupancy.floor_area_m2.map(|area| area.to_string()),
            valid_from: occupancy.valid.from,
            valid_until: occupancy.valid.until,
            source: occupancy.source.clone(),
        }
    }
}

/// Whether what is used fits into the parcel on the day.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ParcelSumView {
    /// `fits`, `exceeds` or `not_determinable`.
    pub result: &'static str,
    /// In mu, exactly; in square metres as everywhere.
    pub used_mu: Option<String>,
    pub used_m2: Option<String>,
    pub exceeds_by_m2: Option<String>,
}

impl From<ParcelSum> for ParcelSumView {
    fn from(sum: ParcelSum) -> Self {
        let (result, used, by) = match sum {
            ParcelSum::Fits { used } => ("fits", Some(used), None),
            ParcelSum::Exceeds { used, by } => ("exceeds", Some(used), Some(by)),
            ParcelSum::NotDeterminable => ("not_determinable", None, None),
        };
        ParcelSumView {
            result,
            used_mu: used.map(|used| used.to_string()),
            used_m2: used.and_then(square_metres),
            exceeds_by_m2: by.and_then(square_metres),
        }
    }
}

#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Occupancies {
    /// The parcel that was asked about; none when all were.
    pub parcel: Option<String>,
    pub as_of: NaiveDate,
    pub occupancies: Vec<OccupancyView>,
    /// Of the one parcel.
    pub check: Option<ParcelSumView>,
    /// Give it as `after` for the next page; none on the last, and none of one parcel, which comes whole.
    pub next: Option<String>,
}
