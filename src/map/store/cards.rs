//! The versions of a parcel and who uses it.

use chrono::NaiveDate;

use crate::base::unit::Mu;
use crate::db::{PgPool, Scope};
use crate::enterprise::HoldingSide;
use crate::map::card::{Use, Version};
use crate::parcel::SupplyStatus;

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

/// Who uses a parcel on a day, as on record now; `None` for every day of its history. Land before floor area.
pub async fn uses(pool: &PgPool, scope: &Scope, code: &str, as_of: Option<NaiveDate>) -> Result<Vec<Use>, sqlx::Error> {
    sqlx::query_as!(
        Use,
        r#"SELECT o.id AS occupancy, h.uscc AS "uscc!", e.name AS "name?", h.side AS "side!: HoldingSide",
               CASE WHEN abs(h.area_mu) < 15e8 AND min_scale(h.area_mu) <= 16 THEN abs(h.area_mu) END AS "land: Mu",
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
           ORDER BY upper(h.valid) DESC NULLS FIRST, h.side <> 'owned', abs(h.area_mu) DESC NULLS LAST, h.uscc"#,
        scope.county(),
        code,
        as_of
    )
    .fetch_all(pool)
    .await
}
