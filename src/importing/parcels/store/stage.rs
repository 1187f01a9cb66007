//! The staging tables of one import, and how the shapes of a file come to stand in the register's frame.

use chrono::NaiveDate;

use crate::db::{PgConnection, Scope};
use crate::importing::bent::Bent;

/// Temporary tables hide the permanent, empty ones of the same name, against which the queries here are checked.
pub async fn open_stage(connection: &mut PgConnection) -> Result<(), sqlx::Error> {
    for statement in [
        "CREATE TEMPORARY TABLE staging_feature (LIKE public.staging_feature) ON COMMIT DROP",
        "CREATE TEMPORARY TABLE staging_parcel (LIKE public.staging_parcel INCLUDING DEFAULTS) ON COMMIT DROP",
        // Joins of a whole file profit from more room than a page's query.
        "SET LOCAL work_mem = '64MB'",
        "SET LOCAL maintenance_work_mem = '128MB'",
        "SET LOCAL jit = off",
    ] {
        sqlx::query(statement).execute(&mut *connection).await?;
    }
    Ok(())
}

/// Sets the shapes into the register's frame and into the plane of their survey zone, measures them, and notes what the
/// register holds under the same codes on the day: of what is unchanged it has all that already, and what the file leaves
/// empty stays as it is registered (name, registered area, land use, supply status). `srid` is the file's frame;
/// `zone` the survey zone it declares, if it is a plane one. Places beyond the zones of China are measured in a plane of the
/// same kind about their own meridian; such a record cannot be a parcel of ours.
pub async fn place(
    connection: &mut PgConnection,
    scope: &Scope,
    as_of: NaiveDate,
    srid: i32,
    zone: Option<i32>,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "INSERT INTO staging_parcel (record, line, given_code, code, name, geom, geom_survey, survey_srid,
             official_area_m2, plane_area_m2, geodesic_area_m2, land_use_scheme, land_use_code, supply_status,
             registered_subdistrict, fingerprint, shape_hash, rejected, unchanged, register_from, register_until,
             register_supply_status)
         SELECT record, line, given_code, code, coalesce(name, known_name), geom, geom_survey, zone,
             coalesce(official_area_m2, known_official),
             CASE WHEN unchanged THEN known_plane ELSE round(ST_Area(geom_survey)::numeric, 4) END,
             CASE WHEN unchanged THEN known_geodesic ELSE round(ST_Area(geom::geography)::numeric, 4) END,
             coalesce(land_use_scheme, known_scheme), coalesce(land_use_code, known_use), supply_status,
             registered_subdistrict, mark, shape_hash,
             rejected OR zone IS NULL, unchanged, register_from, register_until, register_supply_status
         FROM (
             SELECT *, CASE
                 WHEN $2::integer IS NOT NULL THEN ST_SetSRID(shape, $2)
                 WHEN unchanged THEN NULL
                 WHEN zone IS NOT NULL THEN ST_Transform(geom, zone)
                 ELSE ST_Transform(geom, '+proj=tmerc +lon_0=' || 3 * floor(longitude / 3 + 0.5) || ' +x_0=500000 +ellps=GRS80')
             END AS geom_survey
             FROM (
                 SELECT *, coalesce($2, CASE WHEN longitude BETWEEN 73.5 AND 136.5
                     THEN 4488 + least(45, greatest(25, floor(longitude / 3 + 0.5)::integer)) END) AS zone
                 FROM (
                     SELECT *, (ST_XMin(geom) + ST_XMax(geom)) / 2 AS longitude
                     FROM (
                         SELECT *, CASE WHEN unchanged THEN known_geom
                             ELSE ST_Multi(ST_Transform(ST_SetSRID(shape, $1), 4490)) END AS geom
                         FROM (
                             SELECT f.*, coalesce(p.fingerprint = f.mark AND NOT f.rejected, false) AS unchanged,
                                 p.geom AS known_geom, p.plane_area_m2 AS known_plane,
                                 p.geodesic_area_m2 AS known_geodesic, p.name AS known_name,
                                 p.official_area_m2 AS known_official, p.land_use_scheme AS known_scheme,
                                 p.land_use_code AS known_use, lower(p.valid) AS register_from,
                                 upper(p.valid) AS register_until, p.supply_status AS register_supply_status
                             FROM (SELECT *, sha256(fingerprint || convert_to($1::integer::text, 'UTF8')) AS mark
                                   FROM staging_feature OFFSET 0) AS f
                             LEFT JOIN parcel_version AS p ON p.district = $3 AND p.superseded_at IS NULL
                                 AND p.code = f.code AND p.valid @> $4::date
                             OFFSET 0
                         ) AS compared
                         OFFSET 0
                     ) AS set_over
                     OFFSET 0
                 ) AS placed
                 OFFSET 0
             ) AS zoned
             OFFSET 0
         ) AS measured",
        srid,
        zone,
        scope.county(),
        as_of
    )
    .execute(&mut *connection)
    .await?;
    // Shapes are left out: their statistics would take longer than any plan could gain.
    sqlx::query("ANALYZE staging_parcel (record, code, shape_hash, rejected, unchanged)").execute(connection).await?;
    Ok(())
}

/// Takes records out that stand elsewhere than the others.
pub async fn leave_out(connection: &mut PgConnection, records: &[i64]) -> Result<u64, sqlx::Error> {
    let done = sqlx::query!("DELETE FROM staging_feature WHERE record = ANY($1)", records).execute(connection).await?;
    Ok(done.rows_affected())
}

/// Shapes that are valid in the frame of the file, `srid`, and not in that of the register, with the place in the former.
pub async fn bent(connection: &mut PgConnection, srid: i32) -> Result<Vec<Bent>, sqlx::Error> {
    sqlx::query_as!(
        Bent,
        r#"SELECT record, line, ST_X(place) AS "x!", ST_Y(place) AS "y!"
           FROM (SELECT record, line, ST_Transform((ST_IsValidDetail(geom)).location, $1::integer) AS place
                 FROM staging_parcel WHERE NOT unchanged AND NOT ST_IsValid(geom) OFFSET 0) AS flaw
           ORDER BY record"#,
        srid
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
