//! What is known about one parcel on a day: the version in force, and who uses it. The panel of the map and the dossier
//! both start from it.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use rust_decimal::Decimal;
use sqlx::postgres::types::PgRange;

use crate::base::unit::{Mu, SquareMetre, grouped};
use crate::db::{PgPool, Scope};
use crate::enterprise::HoldingSide;
use crate::low_efficiency::Line;
use crate::low_efficiency::list::Entry;
use crate::low_efficiency::store::{ListError, entries_of};
use crate::parcel::SupplyStatus;

pub use super::store::cards::{uses, versions};

/// One version of a parcel with its codes explained.
#[derive(Clone, Debug)]
pub struct Version {
    pub id: i64,
    pub code: String,
    pub name: Option<String>,
    pub valid: PgRange<NaiveDate>,
    pub official_area_m2: Option<Decimal>,
    pub plane_area_m2: Decimal,
    pub geodesic_area_m2: Decimal,
    pub land_use_scheme: Option<String>,
    pub land_use_code: Option<String>,
    pub land_use_name: Option<String>,
    pub supply_status: SupplyStatus,
    pub subdistrict: Option<String>,
    pub subdistrict_name: Option<String>,
    pub registered_subdistrict: String,
    pub registered_name: Option<String>,
    pub survey_srid: i32,
    pub survey_truth: bool,
    pub source: String,
    pub reason: String,
    pub recorded_at: DateTime<Utc>,
    pub recorded_by: String,
    pub superseded_at: Option<DateTime<Utc>>,
}

impl Version {
    /// The official area, else the plane area of the drawing.
    pub fn area(&self) -> SquareMetre {
        SquareMetre(self.official_area_m2.unwrap_or(self.plane_area_m2))
    }

    /// Where it lies is not what its code says.
    pub fn lies_elsewhere(&self) -> bool {
        self.subdistrict.as_ref().is_some_and(|place| *place != self.registered_subdistrict)
    }

    pub fn place(&self) -> &str {
        let registered = || self.registered_name.as_deref().unwrap_or(&self.registered_subdistrict);
        match &self.subdistrict {
            Some(code) => self.subdistrict_name.as_deref().unwrap_or(code),
            None => registered(),
        }
    }
}

/// One side of an occupancy of the parcel.
#[derive(Clone, Debug)]
pub struct Use {
    pub occupancy: i64,
    pub uscc: String,
    pub name: Option<String>,
    pub side: HoldingSide,
    pub land: Option<Mu>,
    pub floor_area_m2: Option<Decimal>,
    pub valid: PgRange<NaiveDate>,
    pub counterpart: Option<String>,
    pub counterpart_name: Option<String>,
}

impl Use {
    /// The lessor's side of a lease whose tenant is known says nothing that the tenant's side does not.
    pub fn is_told_by_the_tenant(&self) -> bool {
        self.side == HoldingSide::LeasedOut && self.counterpart.is_some()
    }
}

/// Of versions as [`versions`] orders them: the one that holds on a day, else the last one on record.
pub fn in_force<'a>(versions: impl IntoIterator<Item = &'a Version>, as_of: NaiveDate) -> Option<(&'a Version, bool)> {
    let known: Vec<&Version> = versions.into_iter().filter(|version| version.superseded_at.is_none()).collect();
    let holds = |version: &&&Version| crate::base::period::Period::from(version.valid).contains(as_of);
    let found = known.iter().find(holds).map(|version| (*version, true));
    found.or_else(|| known.first().map(|version| (*version, false)))
}

/// The lines of the low-efficiency list of a year for those who use a parcel, by credit code.
pub async fn lines(
    pool: &PgPool,
    scope: &Scope,
    year: i32,
    line: &Line,
    uses: &[Use],
) -> Result<HashMap<String, Entry>, ListError> {
    let mut codes: Vec<String> = uses.iter().map(|each| each.uscc.clone()).collect();
    codes.sort_unstable();
    codes.dedup();
    if codes.is_empty() {
        return Ok(HashMap::new());
    }
    let entries = entries_of(pool, scope, year, line, codes).await?;
    Ok(entries.into_iter().map(|entry| (entry.uscc.clone(), entry)).collect())
}

/// Square metres for the eye, with their unit.
pub fn metres(area: &Decimal) -> String {
    format!("{} 平方米", grouped(*area, area.normalize().scale().clamp(2, 4)))
}

/// Land that people stated: square metres, and mu where it was stated in them.
pub fn land(land: &Mu) -> String {
    match land.exact_square_metres() {
        Some(area) => metres(&area.0),
        None => format!("{}（{land} 亩）", land.square_metres_text()),
    }
}

pub fn mu(area: &Decimal) -> String {
    format!("{} 亩", grouped(SquareMetre(*area).to_mu().0, 4))
}
