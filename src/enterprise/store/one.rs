//! One enterprise with everything on record about it, and who uses one parcel.

use chrono::{DateTime, NaiveDate, Utc};
use rust_decimal::Decimal;

use crate::base::period::Period;
use crate::base::unit::Mu;
use crate::db::{PgPool, Scope};
use crate::enterprise::land::{LandDays, LandPart};
use crate::enterprise::{EnterpriseState, HoldingSide, OccupancyKind, Sector, SizeClass};

/// One version on record, with both its times.
#[derive(Clone, Debug)]
pub struct Version {
    pub id: i64,
    pub uscc: String,
    pub uscc_confirmed_by: Option<String>,
    pub valid: Period,
    pub name: String,
    pub industry_edition: Option<String>,
    pub industry_code: Option<String>,
    pub industry_name: Option<String>,
    pub sector: Sector,
    pub size_class: SizeClass,
    pub high_tech: Option<bool>,
    pub platform: Option<String>,
    pub subdistrict: Option<String>,
    pub subdistrict_name: Option<String>,
    pub state: EnterpriseState,
    pub established_on: Option<NaiveDate>,
    pub above_size_since: Option<NaiveDate>,
    pub project_since: Option<NaiveDate>,
    pub project_until: Option<NaiveDate>,
    pub source: String,
    pub reason: String,
    pub recorded_at: DateTime<Utc>,
    pub recorded_by: String,
    pub superseded_at: Option<DateTime<Utc>>,
}

/// One side of an occupancy, seen from the enterprise.
#[derive(Clone, Debug)]
pub struct Holding {
    /// The occupancy it is a side of.
    pub occupancy: i64,
    pub side: HoldingSide,
    pub parcel: Option<String>,
    /// Positive on every side; missing when not on record.
    pub land: Option<Mu>,
    pub floor_area_m2: Option<Decimal>,
    pub floor_only: bool,
    pub valid: Period,
    /// The other enterprise of a lease.
    pub counterpart: Option<String>,
    pub counterpart_name: Option<String>,
    pub source: String,
}

impl Holding {
    /// `None` when it does not touch the year.
    fn in_year(&self, year: i32) -> Option<LandPart> {
        let days = i32::try_from(self.valid.days_in_year(year)).ok().filter(|days| *days > 0)?;
        Some(LandPart {
            side: self.side,
            parcel: self.parcel.clone(),
            land: self.land,
            odd: false,
            floor_only: self.floor_only,
            floor: self.floor_area_m2,
            days,
            valid: self.valid,
            counterpart: self.counterpart.clone(),
        })
    }
}

pub fn land_of(holdings: &[Holding], year: i32) -> LandDays {
    LandDays::of(&holdings.iter().filter_map(|holding| holding.in_year(year)).collect::<Vec<_>>())
}

/// Who uses a parcel.
#[derive(Clone, Debug)]
pub struct Occupancy {
    pub id: i64,
    pub parcel: Option<String>,
    pub kind: OccupancyKind,
    pub occupant: Option<String>,
    pub occupant_name: Option<String>,
    pub lessor: Option<String>,
    pub lessor_name: Option<String>,
    pub land: Option<Mu>,
    pub floor_area_m2: Option<Decimal>,
    pub valid: Period,
    pub source: String,
    /// The lessor's land is in the register, so this lease counts no land anew.
    pub lessor_registered: bool,
}

/// Whether the scope may see the enterprise at all.
pub async fn is_visible(pool: &PgPool, scope: &Scope, uscc: &str) -> Result<bool, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT EXISTS (SELECT FROM enterprise_version e WHERE e.district = $1 AND e.uscc = $2 AND e.superseded_at IS NULL
               AND ($3::text IS NULL OR (upper_inf(e.valid) AND e.subdistrict = $3) OR EXISTS (
                   SELECT FROM holding h JOIN parcel_version p ON p.district = h.district AND p.code = h.parcel_code
                       AND p.superseded_at IS NULL
                   WHERE h.district = $1 AND h.uscc = $2 AND h.superseded_at IS NULL AND upper_inf(h.valid) AND upper_inf(p.valid)
                       AND COALESCE(p.subdistrict, p.registered_subdistrict) = $3))) AS "seen!""#,
        scope.county(),
        uscc,
        scope.subdistrict_code()
    )
    .fetch_one(pool)
    .await
}

/// Everything recorded about an enterprise, newest first; nothing when the scope may not see it.
pub async fn versions(pool: &PgPool, scope: &Scope, uscc: &str) -> Result<Vec<Version>, sqlx::Error> {
    if !is_visible(pool, scope, uscc).await? {
        return Ok(Vec::new());
    }
    sqlx::query_as!(
        Version,
        r#"SELECT v.id, v.uscc, v.uscc_confirmed_by, v.valid, v.name, v.industry_edition, v.industry_code,
                  (SELECT i.name FROM industry i WHERE i.edition = v.industry_edition
                      AND i.code = v.industry_code) AS industry_name, v.sector AS "sector: _", v.size_class AS "size_class: _", v.high_tech,
                  v.platform, v.subdistrict, (SELECT s.name FROM subdistrict s WHERE s.code = v.subdistrict
                      ORDER BY lower(s.valid) DESC LIMIT 1) AS subdistrict_name,
                  v.state AS "state: _", v.established_on, v.above_size_since, v.project_since, v.project_until, v.source, v.reason,
                  v.recorded_at, v.recorded_by, v.superseded_at
           FROM enterprise_version v
           WHERE v.district = $1 AND v.uscc = $2
           ORDER BY v.superseded_at IS NOT NULL, lower(v.valid) DESC, v.recorded_at DESC"#,
        scope.county(),
        uscc
    )
    .fetch_all(pool)
    .await
}

/// What it holds and gives, the latest first.
pub async fn holdings(pool: &PgPool, scope: &Scope, uscc: &str) -> Result<Vec<Holding>, sqlx::Error> {
    if !is_visible(pool, scope, uscc).await? {
        return Ok(Vec::new());
    }
    sqlx::query_as!(
        Holding,
        r#"SELECT o.id AS occupancy, h.side AS "side!: HoldingSide", h.parcel_code AS parcel, abs(h.area_mu) AS "land: Mu", h.floor_area_m2,
                  h.floor_only AS "floor_only!", h.valid AS "valid!", o.source,
                  CASE h.side WHEN 'leased_out' THEN o.occupant ELSE o.lessor END AS counterpart,
                  (SELECT v.name FROM enterprise_version v WHERE v.district = $1 AND v.superseded_at IS NULL
                     AND v.uscc = CASE h.side WHEN 'leased_out' THEN o.occupant ELSE o.lessor END
                   ORDER BY lower(v.valid) DESC LIMIT 1) AS counterpart_name
           FROM holding h JOIN occupancy o ON o.district = $1 AND o.id = h.occupancy
           WHERE h.district = $1 AND h.uscc = $2 AND h.superseded_at IS NULL
           ORDER BY lower(h.valid) DESC, h.parcel_code, h.side"#,
        scope.county(),
        uscc
    )
    .fetch_all(pool)
    .await
}

/// Who uses a parcel, on a day when one is given. Only parcels the scope may see.
pub async fn occupancies(
    pool: &PgPool,
    scope: &Scope,
    parcel: &str,
    on: Option<NaiveDate>,
) -> Result<Vec<Occupancy>, sqlx::Error> {
    sqlx::query_as!(
        Occupancy,
        r#"SELECT o.id, o.parcel_code AS parcel, o.kind AS "kind: _", o.occupant, o.lessor, o.area_mu AS "land: Mu", o.floor_area_m2, o.valid,
                  o.source,
                  (SELECT v.name FROM enterprise_version v WHERE v.district = $1 AND v.superseded_at IS NULL
                     AND v.uscc = o.occupant ORDER BY lower(v.valid) DESC LIMIT 1) AS occupant_name,
                  (SELECT v.name FROM enterprise_version v WHERE v.district = $1 AND v.superseded_at IS NULL
                     AND v.uscc = o.lessor ORDER BY lower(v.valid) DESC LIMIT 1) AS lessor_name,
                  EXISTS (SELECT FROM enterprise_version v WHERE v.district = $1 AND v.superseded_at IS NULL
                     AND v.uscc = o.lessor) AS "lessor_registered!"
           FROM occupancy o WHERE o.district = $1 AND o.parcel_code = $2 AND o.superseded_at IS NULL
             AND ($3::date IS NULL OR o.valid @> $3)
             AND EXISTS (SELECT FROM parcel_version p WHERE p.district = $1 AND p.code = $2 AND p.superseded_at IS NULL
                         AND ($4::text IS NULL OR COALESCE(p.subdistrict, p.registered_subdistrict) = $4))
           ORDER BY lower(o.valid), o.id"#,
        scope.county(),
        parcel,
        on,
        scope.subdistrict_code()
    )
    .fetch_all(pool)
    .await
}

/// Who uses land on a day, by the number of the record, from after `after` on: one more than `size` when there are more.
pub async fn all_occupancies(
    pool: &PgPool,
    scope: &Scope,
    on: NaiveDate,
    after: i64,
    size: u16,
) -> Result<Vec<Occupancy>, sqlx::Error> {
    sqlx::query_as!(
        Occupancy,
        r#"SELECT o.id, o.parcel_code AS parcel, o.kind AS "kind: _", o.occupant, o.lessor, o.area_mu AS "land: Mu", o.floor_area_m2, o.valid,
                  o.source, n.name AS "occupant_name?", l.name AS "lessor_name?", l.name IS NOT NULL AS "lessor_registered!"
           FROM (SELECT * FROM occupancy o
                 WHERE o.district = $1 AND o.superseded_at IS NULL AND o.valid @> $2::date AND o.id > $3
                   AND ($4::text IS NULL OR (
                       SELECT true FROM parcel_version p WHERE p.district = $1 AND p.code = o.parcel_code
                         AND p.superseded_at IS NULL AND COALESCE(p.subdistrict, p.registered_subdistrict) = $4 LIMIT 1))
                 ORDER BY o.id LIMIT $5) o
           LEFT JOIN LATERAL (SELECT v.name FROM enterprise_version v WHERE v.district = $1 AND v.superseded_at IS NULL
                              AND v.uscc = o.occupant ORDER BY lower(v.valid) DESC LIMIT 1) n ON true
           LEFT JOIN LATERAL (SELECT v.name FROM enterprise_version v WHERE v.district = $1 AND v.superseded_at IS NULL
                              AND v.uscc = o.lessor ORDER BY lower(v.valid) DESC LIMIT 1) l ON true
           ORDER BY o.id"#,
        scope.county(),
        on,
        after,
        scope.subdistrict_code(),
        i64::from(size) + 1
    )
    .fetch_all(pool)
    .await
}

/// The registered area of a parcel on a day, m².
pub async fn parcel_area(
    pool: &PgPool,
    scope: &Scope,
    parcel: &str,
    on: NaiveDate,
) -> Result<Option<Decimal>, sqlx::Error> {
    let area = sqlx::query_scalar!(
        "SELECT official_area_m2 FROM parcel_version WHERE district = $1 AND code = $2 AND valid @> $3::date AND superseded_at IS NULL
           AND ($4::text IS NULL OR COALESCE(subdistrict, registered_subdistrict) = $4)",
        scope.county(),
        parcel,
        on,
        scope.subdistrict_code()
    )
    .fetch_optional(pool)
    .await?;
    Ok(area.flatten())
}
