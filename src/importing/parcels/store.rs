//! The SQL of a parcel import: set-based, over temporary tables that end with the transaction.

use chrono::{DateTime, NaiveDate, Utc};
use futures_util::TryStreamExt;
use rust_decimal::Decimal;

use super::Words;
use crate::account::Actor;
use crate::db::{PgConnection, Scope};
use crate::importing::ParcelAreas;

/// Temporary tables hide the permanent, empty ones of the same name, against which the queries here are checked.
pub async fn open_stage(connection: &mut PgConnection) -> Result<(), sqlx::Error> {
    for statement in [
        "CREATE TEMPORARY TABLE staging_feature (LIKE public.staging_feature) ON COMMIT DROP",
        "CREATE TEMPORARY TABLE staging_parcel (LIKE public.staging_parcel INCLUDING DEFAULTS) ON COMMIT DROP",
        // Joins of a whole file profit from more room than a page's query.
        "SET LOCAL work_mem = '64MB'",
        "SET LOCAL maintenance_work_mem = '128MB'",
    ] {
        sqlx::query(statement).execute(&mut *connection).await?;
    }
    Ok(())
}

/// Sets the shapes into the register's frame and into the plane of their survey zone, and measures them. `srid` is the
/// file's frame; `zone` the survey zone it declares, if it is a plane one. Places beyond the zones of China are measured in
/// a plane of the same kind about their own meridian.
pub async fn place(connection: &mut PgConnection, srid: i32, zone: Option<i32>) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "INSERT INTO staging_parcel (record, line, given_code, code, name, geom, geom_survey, survey_srid,
             official_area_m2, plane_area_m2, geodesic_area_m2, land_use_scheme, land_use_code, supply_status,
             registered_subdistrict, fingerprint, shape_hash, rejected)
         SELECT record, line, given_code, code, name, geom, geom_survey, zone, official_area_m2,
             round(ST_Area(geom_survey)::numeric, 4), round(ST_Area(geom::geography)::numeric, 4),
             land_use_scheme, land_use_code, supply_status, registered_subdistrict,
             sha256(fingerprint || convert_to($1::integer::text, 'UTF8')), shape_hash, rejected
         FROM (
             SELECT *, CASE
                 WHEN $2::integer IS NOT NULL THEN ST_SetSRID(shape, $2)
                 WHEN zone IS NOT NULL THEN ST_Transform(geom, zone)
                 ELSE ST_Transform(geom, '+proj=tmerc +lon_0=' || 3 * floor(longitude / 3 + 0.5) || ' +x_0=500000 +ellps=GRS80')
             END AS geom_survey
             FROM (
                 SELECT *, coalesce($2, CASE WHEN longitude BETWEEN 73.5 AND 136.5
                     THEN 4488 + least(45, greatest(25, floor(longitude / 3 + 0.5)::integer)) END) AS zone
                 FROM (
                     SELECT *, (ST_XMin(geom) + ST_XMax(geom)) / 2 AS longitude
                     FROM (SELECT *, ST_Multi(ST_Transform(ST_SetSRID(shape, $1), 4490)) AS geom FROM staging_feature OFFSET 0) AS set_over
                     OFFSET 0
                 ) AS placed
                 OFFSET 0
             ) AS zoned
             OFFSET 0
         ) AS measured",
        srid,
        zone
    )
    .execute(&mut *connection)
    .await?;
    // A record that no zone of China covers cannot be a parcel of ours.
    for statement in [
        "UPDATE staging_parcel SET rejected = true WHERE survey_srid IS NULL AND NOT rejected",
        "CREATE INDEX ON staging_parcel USING gist (geom)",
        "CREATE INDEX ON staging_parcel (code)",
        "ANALYZE staging_parcel",
    ] {
        sqlx::query(statement).execute(&mut *connection).await?;
    }
    Ok(())
}

/// A record that shares something with others of the file.
pub struct Shared {
    pub record: i64,
    pub line: Option<i64>,
    pub what: String,
    pub others: Vec<i64>,
}

/// Records with the same parcel code.
pub async fn same_codes(connection: &mut PgConnection) -> Result<Vec<Shared>, sqlx::Error> {
    sqlx::query_as!(
        Shared,
        r#"SELECT a.record, a.line, a.code AS "what!", array_agg(b.record ORDER BY b.record) AS "others!"
           FROM staging_parcel AS a JOIN staging_parcel AS b ON b.code = a.code AND b.record <> a.record
           WHERE a.code IN (SELECT code FROM staging_parcel WHERE code IS NOT NULL GROUP BY code HAVING count(*) > 1)
           GROUP BY a.record, a.line, a.code ORDER BY a.record"#
    )
    .fetch_all(connection)
    .await
}

/// Records with the same shape.
pub async fn same_shapes(connection: &mut PgConnection) -> Result<Vec<Shared>, sqlx::Error> {
    sqlx::query_as!(
        Shared,
        r#"SELECT a.record, a.line, coalesce(a.given_code, '') AS "what!", array_agg(b.record ORDER BY b.record) AS "others!"
           FROM staging_parcel AS a JOIN staging_parcel AS b ON b.shape_hash = a.shape_hash AND b.record <> a.record
           WHERE a.shape_hash IN (SELECT shape_hash FROM staging_parcel GROUP BY shape_hash HAVING count(*) > 1)
           GROUP BY a.record, a.line, a.given_code ORDER BY a.record"#
    )
    .fetch_all(connection)
    .await
}

pub async fn reject(connection: &mut PgConnection, records: &[i64]) -> Result<(), sqlx::Error> {
    sqlx::query!("UPDATE staging_parcel SET rejected = true WHERE record = ANY($1) AND NOT rejected", records)
        .execute(connection)
        .await?;
    Ok(())
}

/// Whether the district has parcels at all; an empty register needs no comparison.
pub async fn has_parcels(connection: &mut PgConnection, scope: &Scope) -> Result<bool, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT EXISTS (SELECT FROM parcel_version WHERE district = $1 AND superseded_at IS NULL) AS "any!""#,
        scope.county()
    )
    .fetch_one(connection)
    .await
}

/// Finds what the register holds under the same codes on the day.
pub async fn compare(connection: &mut PgConnection, scope: &Scope, as_of: NaiveDate) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "UPDATE staging_parcel AS s
         SET unchanged = p.fingerprint = s.fingerprint AND NOT s.rejected, register_from = lower(p.valid),
             register_until = upper(p.valid), register_supply_status = p.supply_status
         FROM parcel_version AS p
         WHERE p.district = $1 AND p.superseded_at IS NULL AND p.code = s.code AND p.valid @> $2::date",
        scope.county(),
        as_of
    )
    .execute(connection)
    .await?;
    Ok(())
}

pub struct OutOfTime {
    pub record: i64,
    pub line: Option<i64>,
    pub code: String,
    pub from: Option<NaiveDate>,
    pub until: Option<NaiveDate>,
}

/// Records whose code the register knows, but not on the day: ended (merged, split) or not yet begun.
pub async fn known_on_other_days(connection: &mut PgConnection, scope: &Scope) -> Result<Vec<OutOfTime>, sqlx::Error> {
    sqlx::query_as!(
        OutOfTime,
        r#"SELECT s.record, s.line, s.code AS "code!", min(lower(p.valid)) AS "from", max(upper(p.valid)) AS until
           FROM staging_parcel AS s
           JOIN parcel_version AS p ON p.code = s.code AND p.district = $1 AND p.superseded_at IS NULL
           WHERE NOT s.rejected AND s.register_supply_status IS NULL
           GROUP BY s.record, s.line, s.code ORDER BY s.record"#,
        scope.county()
    )
    .fetch_all(connection)
    .await
}

/// Two shapes with common ground. `share` is in per cent of the smaller.
pub struct Overlap {
    pub record: i64,
    pub line: Option<i64>,
    pub other: String,
    pub area_m2: f64,
    pub share: f64,
    pub equal: bool,
}

/// Pairs of records of the file. The common ground of two shapes is never more than that of their boxes, which is cheap
/// to know; neighbours that only share a border are told apart by relation before any area is computed.
pub async fn overlaps_in_file(
    connection: &mut PgConnection,
    above_m2: f64,
    above_share: f64,
) -> Result<Vec<Overlap>, sqlx::Error> {
    sqlx::query_as!(
        Overlap,
        r#"SELECT record AS "record!", line, '第 ' || other || ' 条（' || other_code || '）' AS "other!",
                  area_m2 AS "area_m2!", share AS "share!", false AS "equal!"
           FROM (
               SELECT b.record, b.line, a.record AS other, coalesce(a.code, '') AS other_code, area_m2,
                      100 * area_m2 / least(a.plane_area_m2, b.plane_area_m2)::float8 AS share
               FROM staging_parcel AS a
               JOIN staging_parcel AS b ON a.geom && b.geom AND a.record < b.record
               CROSS JOIN LATERAL (SELECT CASE WHEN a.survey_srid = b.survey_srid THEN a.geom_survey
                                               ELSE ST_Transform(a.geom, b.survey_srid) END AS here OFFSET 0) AS moved
               CROSS JOIN LATERAL (SELECT CASE
                   WHEN greatest(0, least(ST_XMax(here), ST_XMax(b.geom_survey)) - greatest(ST_XMin(here), ST_XMin(b.geom_survey)))
                      * greatest(0, least(ST_YMax(here), ST_YMax(b.geom_survey)) - greatest(ST_YMin(here), ST_YMin(b.geom_survey))) > $1
                    AND ST_Relate(here, b.geom_survey, 'T********')
                   THEN ST_Area(ST_Intersection(here, b.geom_survey)) END AS area_m2 OFFSET 0) AS common
               WHERE NOT a.rejected AND NOT b.rejected AND NOT (a.unchanged AND b.unchanged)
               OFFSET 0
           ) AS pair
           WHERE area_m2 > $1 AND share > $2
           ORDER BY record, other"#,
        above_m2,
        above_share
    )
    .fetch_all(connection)
    .await
}

/// Records against the register of the day, leaving out parcels that the file itself brings anew.
pub async fn overlaps_with_register(
    connection: &mut PgConnection,
    scope: &Scope,
    as_of: NaiveDate,
    above_m2: f64,
    above_share: f64,
) -> Result<Vec<Overlap>, sqlx::Error> {
    sqlx::query_as!(
        Overlap,
        r#"SELECT record AS "record!", line, other AS "other!", area_m2 AS "area_m2!", share AS "share!", equal AS "equal!"
           FROM (
               SELECT record, line, '在册宗地 ' || code AS other, area_m2, 100 * area_m2 / smaller AS share,
                      area_m2 > 0.999 * smaller AND ST_Equals(theirs, ours) AS equal
               FROM (
                   SELECT s.record, s.line, p.code, p.geom AS theirs, s.geom AS ours, s.geom_survey, s.survey_srid,
                          least(p.plane_area_m2, s.plane_area_m2)::float8 AS smaller
                   FROM staging_parcel AS s
                   JOIN parcel_version AS p ON p.geom && s.geom
                   WHERE p.district = $1 AND p.superseded_at IS NULL AND p.valid @> $2::date
                     AND NOT s.rejected AND NOT s.unchanged
                     AND NOT EXISTS (SELECT FROM staging_parcel AS t WHERE t.code = p.code AND NOT t.rejected)
                   OFFSET 0
               ) AS near
               CROSS JOIN LATERAL (SELECT CASE WHEN ST_Relate(theirs, ours, 'T********')
                   THEN ST_Area(ST_Intersection(ST_Transform(theirs, survey_srid), geom_survey)) END AS area_m2 OFFSET 0) AS common
               OFFSET 0
           ) AS pair
           WHERE area_m2 > $3 AND share > $4
           ORDER BY record, other"#,
        scope.county(),
        as_of,
        above_m2,
        above_share
    )
    .fetch_all(connection)
    .await
}

pub struct Placed {
    pub record: i64,
    pub line: Option<i64>,
    pub lies_in: Option<String>,
    pub registered: Option<String>,
}

pub async fn has_outlines(
    connection: &mut PgConnection,
    scope: &Scope,
    kind: &str,
    as_of: NaiveDate,
) -> Result<bool, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT EXISTS (SELECT FROM outline WHERE district = $1 AND kind = $2 AND superseded_at IS NULL
                          AND valid @> $3::date) AS "any!""#,
        scope.county(),
        kind,
        as_of
    )
    .fetch_one(connection)
    .await
}

/// Records that do not lie wholly within the district's outline.
pub async fn outside_district(
    connection: &mut PgConnection,
    scope: &Scope,
    as_of: NaiveDate,
) -> Result<Vec<Placed>, sqlx::Error> {
    sqlx::query_as!(
        Placed,
        r#"SELECT s.record, s.line, NULL AS lies_in, NULL AS registered FROM staging_parcel AS s
           WHERE NOT s.rejected AND NOT EXISTS (
               SELECT FROM outline AS o
               WHERE o.district = $1 AND o.kind = 'district' AND o.superseded_at IS NULL AND o.valid @> $2::date
                 AND ST_Covers(o.geom, s.geom))
           ORDER BY s.record"#,
        scope.county(),
        as_of
    )
    .fetch_all(connection)
    .await
}

/// Writes down in which sub-district each record lies, and answers those whose code says another.
pub async fn place_in_subdistricts(
    connection: &mut PgConnection,
    scope: &Scope,
    as_of: NaiveDate,
) -> Result<Vec<Placed>, sqlx::Error> {
    sqlx::query!(
        "UPDATE staging_parcel AS s SET subdistrict = o.code
         FROM outline AS o
         WHERE o.district = $1 AND o.kind = 'subdistrict' AND o.superseded_at IS NULL AND o.valid @> $2::date
           AND NOT s.rejected AND o.geom && s.geom AND ST_Covers(o.geom, ST_PointOnSurface(s.geom))",
        scope.county(),
        as_of
    )
    .execute(&mut *connection)
    .await?;
    sqlx::query_as!(
        Placed,
        "SELECT record, line, subdistrict AS lies_in, registered_subdistrict AS registered FROM staging_parcel
         WHERE NOT rejected AND subdistrict <> registered_subdistrict ORDER BY record"
    )
    .fetch_all(connection)
    .await
}

pub struct Measured {
    pub record: i64,
    pub line: Option<i64>,
    pub without_zone: bool,
    pub code_holds: bool,
    pub areas: ParcelAreas,
}

/// Every staged record with its areas, one at a time in file order.
pub async fn for_each_measured(
    connection: &mut PgConnection,
    mut each: impl FnMut(Measured),
) -> Result<(), sqlx::Error> {
    let mut rows = sqlx::query!(
        r#"SELECT record, line, given_code, code, official_area_m2, plane_area_m2 AS "plane!: Decimal",
                  geodesic_area_m2 AS "geodesic!: Decimal", survey_srid IS NULL AS "without_zone!"
           FROM staging_parcel ORDER BY record"#
    )
    .fetch(connection);
    while let Some(row) = rows.try_next().await? {
        let code_holds = row.code.is_some();
        let area = row.official_area_m2.unwrap_or(row.plane);
        each(Measured {
            record: row.record,
            line: row.line,
            without_zone: row.without_zone,
            code_holds,
            areas: ParcelAreas {
                code: row.code.or(row.given_code),
                official_area_m2: row.official_area_m2,
                plane_area_m2: row.plane,
                geodesic_area_m2: row.geodesic,
                mu: super::mu(area),
            },
        });
    }
    Ok(())
}

pub struct Counts {
    pub rejected: i64,
    pub unchanged: i64,
    pub accepted: i64,
}

pub async fn count(connection: &mut PgConnection) -> Result<Counts, sqlx::Error> {
    sqlx::query_as!(
        Counts,
        r#"SELECT count(*) FILTER (WHERE rejected) AS "rejected!",
                  count(*) FILTER (WHERE unchanged AND NOT rejected) AS "unchanged!",
                  count(*) FILTER (WHERE NOT unchanged AND NOT rejected) AS "accepted!"
           FROM staging_parcel"#
    )
    .fetch_one(connection)
    .await
}

/// The first records as a GeoJSON collection in longitude and latitude.
pub async fn preview(connection: &mut PgConnection, limit: i64) -> Result<serde_json::Value, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT json_build_object('type', 'FeatureCollection', 'features', coalesce(json_agg(json_build_object(
               'type', 'Feature', 'id', record, 'geometry', ST_AsGeoJSON(geom, 8)::json,
               'properties', json_build_object('record', record, 'code', coalesce(code, given_code),
                   'state', CASE WHEN rejected THEN 'rejected' WHEN unchanged THEN 'unchanged' ELSE 'accepted' END)
           ) ORDER BY record), '[]'::json)) AS "collection!"
           FROM (SELECT * FROM staging_parcel ORDER BY record LIMIT $1) AS first"#,
        limit
    )
    .fetch_one(connection)
    .await
}

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
