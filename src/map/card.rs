//! What is known about one parcel on a day: the version in force, and who uses it. The panel of the map and the dossier
//! both start from it.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use rust_decimal::Decimal;
use sqlx::postgres::types::PgRange;

use crate::base::unit::{SquareMetre, grouped};
use crate::db::{PgPool, Scope};
use crate::enterprise::HoldingSide;
use crate::parcel::SupplyStatus;
use crate::remediation::Line;
use crate::remediation::list::Entry;
use crate::remediation::store::{ListError, entries_of};

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
    pub area_m2: Option<Decimal>,
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

/// All versions of a parcel in the scope, also superseded ones: those on record first, the newest before the older.
pub async fn versions(pool: &PgPool, scope: &Scope, codes: &[String]) -> Result<Vec<Version>, sqlx::Error> {
    sqlx::query_as!(
        Version,
        r#"SELECT p.id, p.code, p.name, p.valid, p.official_area_m2, p.plane_area_m2, p.geodesic_area_m2, p.land_use_scheme,
               p.land_use_code, u.name AS "land_use_name?", p.supply_status AS "supply_status: SupplyStatus", p.subdistrict,
               placed.name AS "subdistrict_name?", p.registered_subdistrict, registered.name AS "registered_name?",
               p.survey_srid, p.survey_truth, p.source, p.reason, p.recorded_at, p.recorded_by, p.superseded_at
           FROM parcel_version p
           LEFT JOIN land_use u ON u.scheme = p.land_use_scheme AND u.code = p.land_use_code
           LEFT JOIN LATERAL (SELECT name FROM subdistrict s WHERE s.code = p.subdistrict ORDER BY lower(s.valid) DESC NULLS LAST LIMIT 1)
               placed ON true
           LEFT JOIN LATERAL (SELECT name FROM subdistrict s WHERE s.code = p.registered_subdistrict ORDER BY lower(s.valid) DESC NULLS LAST LIMIT 1)
               registered ON true
           WHERE p.district = $1 AND p.code = ANY($2)
               AND ($3::text IS NULL OR COALESCE(p.subdistrict, p.registered_subdistrict) = $3)
           ORDER BY p.code, p.superseded_at IS NOT NULL, lower(p.valid) DESC NULLS LAST, p.recorded_at DESC"#,
        scope.county(),
        codes,
        scope.subdistrict_code()
    )
    .fetch_all(pool)
    .await
}

/// Of versions as [`versions`] orders them: the one that holds on a day, else the last one on record.
pub fn in_force<'a>(versions: impl IntoIterator<Item = &'a Version>, as_of: NaiveDate) -> Option<(&'a Version, bool)> {
    let known: Vec<&Version> = versions.into_iter().filter(|version| version.superseded_at.is_none()).collect();
    let holds = |version: &&&Version| crate::base::period::Period::from(version.valid).contains(as_of);
    let found = known.iter().find(holds).map(|version| (*version, true));
    found.or_else(|| known.first().map(|version| (*version, false)))
}

/// Who uses a parcel on a day, as on record now; `None` for every day of its history. Land before floor area.
pub async fn uses(pool: &PgPool, scope: &Scope, code: &str, as_of: Option<NaiveDate>) -> Result<Vec<Use>, sqlx::Error> {
    sqlx::query_as!(
        Use,
        r#"SELECT o.id AS occupancy, h.uscc AS "uscc!", e.name AS "name?", h.side AS "side!: HoldingSide",
               CASE WHEN abs(h.area_m2) < 1e12 AND min_scale(h.area_m2) <= 12 THEN abs(h.area_m2) END AS area_m2,
               CASE WHEN o.floor_area_m2 < 1e12 AND min_scale(o.floor_area_m2) <= 12 THEN o.floor_area_m2 END AS floor_area_m2,
               h.valid AS "valid!",
               CASE h.side WHEN 'leased_in' THEN o.lessor WHEN 'leased_out' THEN o.occupant END AS counterpart,
               c.name AS "counterpart_name?"
           FROM holding h JOIN occupancy o ON o.district = h.district AND o.id = h.occupancy
           LEFT JOIN LATERAL (SELECT name FROM enterprise_version v WHERE v.district = $1 AND v.uscc = h.uscc
               AND v.superseded_at IS NULL ORDER BY v.valid @> $3::date DESC NULLS LAST, lower(v.valid) DESC LIMIT 1) e ON true
           LEFT JOIN LATERAL (SELECT name FROM enterprise_version v WHERE v.district = $1
               AND v.uscc = CASE h.side WHEN 'leased_in' THEN o.lessor WHEN 'leased_out' THEN o.occupant END
               AND v.superseded_at IS NULL ORDER BY v.valid @> $3::date DESC NULLS LAST, lower(v.valid) DESC LIMIT 1) c ON true
           WHERE h.district = $1 AND h.parcel_code = $2 AND h.superseded_at IS NULL
               AND ($3::date IS NULL OR h.valid @> $3)
           ORDER BY upper(h.valid) DESC NULLS FIRST, h.side <> 'owned', abs(h.area_m2) DESC NULLS LAST, h.uscc"#,
        scope.county(),
        code,
        as_of
    )
    .fetch_all(pool)
    .await
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

pub fn mu(area: &Decimal) -> String {
    format!("{} 亩", grouped(SquareMetre(*area).to_mu().0, 4))
}
