//! Staged records become versions of the register.

use chrono::{DateTime, NaiveDate, Utc};

use crate::account::Actor;
use crate::db::{PgConnection, Scope};
use crate::importing::parcels::Words;

/// Ends what the register knew of the changed parcels: the rows are superseded, and what held before the day is written
/// again with its end. A version that began on the very day is corrected whole.
pub async fn supersede(
    connection: &mut PgConnection,
    scope: &Scope,
    as_of: NaiveDate,
    now: DateTime<Utc>,
    actor: &Actor,
    reason: &str,
) -> Result<u64, sqlx::Error> {
    let done = sqlx::query!(
        "WITH ended AS (
             UPDATE parcel_version AS p SET superseded_at = $3 FROM staging_parcel AS s
             WHERE p.district = $1 AND p.superseded_at IS NULL AND p.code = s.code AND p.valid @> $2::date
               AND NOT s.rejected AND NOT s.unchanged
             RETURNING p.*
         )
         INSERT INTO parcel_version (district, code, valid, name, geom, survey_srid, survey_truth, official_area_m2,
             plane_area_m2, geodesic_area_m2, land_use_scheme, land_use_code, supply_status, subdistrict,
             registered_subdistrict, source, reason, recorded_at, recorded_by, fingerprint)
         SELECT district, code, daterange(lower(valid), $2), name, geom, survey_srid, survey_truth, official_area_m2,
             plane_area_m2, geodesic_area_m2, land_use_scheme, land_use_code, supply_status, subdistrict,
             registered_subdistrict, source, $5, $3, $4, fingerprint
         FROM ended WHERE lower_inf(valid) OR lower(valid) < $2 ORDER BY code",
        scope.county(),
        as_of,
        now,
        actor.name,
        reason
    )
    .execute(connection)
    .await?;
    Ok(done.rows_affected())
}

/// Adds what the file brings, from the day on.
pub async fn insert(
    connection: &mut PgConnection,
    scope: &Scope,
    as_of: NaiveDate,
    now: DateTime<Utc>,
    actor: &Actor,
    words: &Words<'_>,
) -> Result<u64, sqlx::Error> {
    let done = sqlx::query!(
        "INSERT INTO parcel_version (district, code, valid, name, geom, survey_srid, survey_truth, official_area_m2,
             plane_area_m2, geodesic_area_m2, land_use_scheme, land_use_code, supply_status, subdistrict,
             registered_subdistrict, source, reason, recorded_at, recorded_by, fingerprint)
         SELECT $1, code, daterange($2, register_until), name, geom, survey_srid, $5, official_area_m2,
             plane_area_m2, geodesic_area_m2, land_use_scheme, land_use_code,
             coalesce(supply_status, register_supply_status, $6), subdistrict, registered_subdistrict, $7,
             CASE WHEN register_from = $2 THEN $9 ELSE $8 END, $3, $4, fingerprint
         FROM staging_parcel WHERE NOT rejected AND NOT unchanged ORDER BY code",
        scope.county() as _,
        as_of,
        now,
        actor.name,
        words.survey_truth,
        words.supply_status,
        words.source,
        words.reason,
        words.correction
    )
    .execute(connection)
    .await?;
    Ok(done.rows_affected())
}
