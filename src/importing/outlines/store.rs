//! The SQL of an outline import.

use chrono::{DateTime, NaiveDate, Utc};

use crate::db::{PgConnection, Scope};
use crate::importing::Order;
use crate::importing::bent::Bent;
use crate::importing::report::Counts;

pub async fn open_stage(connection: &mut PgConnection) -> Result<(), sqlx::Error> {
    sqlx::query(
        "CREATE TEMPORARY TABLE staging_outline (LIKE public.staging_outline INCLUDING DEFAULTS) ON COMMIT DROP",
    )
    .execute(connection)
    .await?;
    Ok(())
}

pub async fn place(connection: &mut PgConnection, srid: i32) -> Result<(), sqlx::Error> {
    sqlx::query!("UPDATE staging_outline SET geom = ST_Multi(ST_Transform(ST_SetSRID(shape, $1), 4490))", srid)
        .execute(connection)
        .await?;
    Ok(())
}

pub struct Found {
    pub record: i64,
    pub line: Option<i64>,
    pub what: String,
}

/// Takes records out that stand elsewhere than the others.
pub async fn leave_out(connection: &mut PgConnection, records: &[i64]) -> Result<u64, sqlx::Error> {
    let done = sqlx::query!("DELETE FROM staging_outline WHERE record = ANY($1)", records).execute(connection).await?;
    Ok(done.rows_affected())
}

/// Refuses shapes that are valid in the frame of the file, `srid`, and not in that of the register.
pub async fn bent(connection: &mut PgConnection, srid: i32) -> Result<Vec<Bent>, sqlx::Error> {
    sqlx::query_as!(
        Bent,
        r#"WITH refused AS (
               UPDATE staging_outline SET rejected = true WHERE NOT ST_IsValid(geom)
               RETURNING record, line, ST_Transform((ST_IsValidDetail(geom)).location, $1::integer) AS place)
           SELECT record, line, ST_X(place) AS "x!", ST_Y(place) AS "y!" FROM refused ORDER BY record"#,
        srid
    )
    .fetch_all(connection)
    .await
}

/// Refuses records of the same kind and code.
pub async fn duplicates(connection: &mut PgConnection) -> Result<Vec<Found>, sqlx::Error> {
    sqlx::query_as!(
        Found,
        r#"UPDATE staging_outline AS s SET rejected = true
           WHERE EXISTS (SELECT FROM staging_outline AS o WHERE o.kind = s.kind AND o.code = s.code AND o.record <> s.record)
           RETURNING record, line, code AS "what!""#
    )
    .fetch_all(connection)
    .await
}

pub async fn compare(connection: &mut PgConnection, scope: &Scope, as_of: NaiveDate) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "UPDATE staging_outline AS s
         SET unchanged = o.name = s.name AND ST_AsBinary(o.geom) = ST_AsBinary(s.geom),
             register_from = coalesce(lower(o.valid), '-infinity'), register_until = upper(o.valid)
         FROM outline AS o
         WHERE o.district = $1 AND o.kind = s.kind AND o.code = s.code AND o.superseded_at IS NULL
           AND o.valid @> $2::date AND NOT s.rejected",
        scope.county(),
        as_of
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Refuses records that the register knows on other days only.
pub async fn known_on_other_days(connection: &mut PgConnection, scope: &Scope) -> Result<Vec<Found>, sqlx::Error> {
    sqlx::query_as!(
        Found,
        r#"UPDATE staging_outline AS s SET rejected = true
           WHERE NOT rejected AND register_from IS NULL AND EXISTS (
               SELECT FROM outline AS o
               WHERE o.district = $1 AND o.kind = s.kind AND o.code = s.code AND o.superseded_at IS NULL)
           RETURNING record, line, code AS "what!""#,
        scope.county()
    )
    .fetch_all(connection)
    .await
}

pub async fn count(connection: &mut PgConnection) -> Result<Counts, sqlx::Error> {
    sqlx::query_as!(
        Counts,
        r#"SELECT count(*) FILTER (WHERE rejected) AS "rejected!",
                  count(*) FILTER (WHERE unchanged AND NOT rejected) AS "unchanged!",
                  count(*) FILTER (WHERE NOT unchanged AND NOT rejected) AS "accepted!"
           FROM staging_outline"#
    )
    .fetch_one(connection)
    .await
}

pub async fn preview(connection: &mut PgConnection, limit: i64) -> Result<serde_json::Value, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT json_build_object('type', 'FeatureCollection', 'features', coalesce(json_agg(json_build_object(
               'type', 'Feature', 'id', record, 'geometry', ST_AsGeoJSON(ST_SimplifyPreserveTopology(geom, 0.00002), 7)::json,
               'properties', json_build_object('record', record, 'code', code, 'name', name,
                   'state', CASE WHEN rejected THEN 'rejected' WHEN unchanged THEN 'unchanged' ELSE 'accepted' END)
           ) ORDER BY record), '[]'::json)) AS "collection!"
           FROM (SELECT * FROM staging_outline ORDER BY record LIMIT $1) AS first"#,
        limit
    )
    .fetch_one(connection)
    .await
}

/// Supersedes what is known of the changed outlines and writes again, with its end, what held before the day.
pub async fn supersede(
    connection: &mut PgConnection,
    order: &Order,
    as_of: NaiveDate,
    now: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "WITH ended AS (
             UPDATE outline AS o SET superseded_at = $3 FROM staging_outline AS s
             WHERE o.district = $1 AND o.kind = s.kind AND o.code = s.code AND o.superseded_at IS NULL
               AND o.valid @> $2::date AND NOT s.rejected AND NOT s.unchanged
             RETURNING o.*
         )
         INSERT INTO outline (district, kind, code, name, valid, geom, source, recorded_at, recorded_by)
         SELECT district, kind, code, name, daterange(lower(valid), $2), geom, source, $3, $4
         FROM ended WHERE lower_inf(valid) OR lower(valid) < $2 ORDER BY kind, code",
        order.scope.county(),
        as_of,
        now,
        order.actor.name
    )
    .execute(connection)
    .await?;
    Ok(())
}

pub async fn insert(
    connection: &mut PgConnection,
    order: &Order,
    as_of: NaiveDate,
    now: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "INSERT INTO outline (district, kind, code, name, valid, geom, source, recorded_at, recorded_by)
         SELECT $1, kind, code, name, daterange($2, register_until), geom, $5, $3, $4
         FROM staging_outline WHERE NOT rejected AND NOT unchanged ORDER BY kind, code",
        order.scope.county() as _,
        as_of,
        now,
        order.actor.name,
        order.file_name
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Where parcels lie by the outlines now in force, as new knowledge. A version that is found in another sub-district is
/// superseded and written again with its facts and source: for its whole period when nobody knew where it lay, else as it
/// was before `as_of` and as it is from then on. Versions that had ended by then stay. How many rows were written.
pub async fn place_parcels_again(
    connection: &mut PgConnection,
    order: &Order,
    as_of: NaiveDate,
    now: DateTime<Utc>,
) -> Result<u64, sqlx::Error> {
    let moved = sqlx::query!(
        "WITH standing AS (
             SELECT v.id, v.geom, v.subdistrict, CASE WHEN v.valid @> $2::date THEN $2::date ELSE lower(v.valid) END AS day
             FROM parcel_version v
             WHERE v.district = $1 AND v.superseded_at IS NULL AND (v.valid @> $2::date OR lower(v.valid) > $2::date)),
         placed AS (
             SELECT s.id, s.subdistrict, min(o.code) AS lies FROM standing s
             LEFT JOIN outline o ON o.district = $1 AND o.kind = 'subdistrict' AND o.superseded_at IS NULL
                  AND o.valid @> s.day AND o.geom && s.geom AND ST_Covers(o.geom, ST_PointOnSurface(s.geom))
             GROUP BY s.id, s.subdistrict),
         ended AS (
             UPDATE parcel_version v SET superseded_at = $3 FROM placed p
             WHERE v.district = $1 AND v.id = p.id AND p.lies IS DISTINCT FROM p.subdistrict
             RETURNING v.*, p.lies)
         INSERT INTO parcel_version (district, code, valid, name, geom, survey_srid, survey_truth, official_area_m2,
             plane_area_m2, geodesic_area_m2, land_use_scheme, land_use_code, supply_status, subdistrict,
             registered_subdistrict, source, reason, recorded_at, recorded_by, fingerprint)
         SELECT district, code, days, name, geom, survey_srid, survey_truth, official_area_m2, plane_area_m2,
             geodesic_area_m2, land_use_scheme, land_use_code, supply_status, place, registered_subdistrict, source,
             $5, $3, $4, fingerprint
         FROM (SELECT e.*, CASE WHEN e.subdistrict IS NULL OR lower(e.valid) >= $2::date THEN e.valid
                                ELSE daterange($2, upper(e.valid)) END AS days, e.lies AS place FROM ended e
               UNION ALL
               SELECT e.*, daterange(lower(e.valid), $2), e.subdistrict FROM ended e
               WHERE e.subdistrict IS NOT NULL AND (lower_inf(e.valid) OR lower(e.valid) < $2::date)) r
         ORDER BY code, days",
        order.scope.county() as _,
        as_of,
        now,
        order.actor.name,
        format!("按新导入的街道界线重新核定所在街道（{}）", order.file_name)
    )
    .execute(connection)
    .await?;
    Ok(moved.rows_affected())
}
