//! The SQL of an edition's import.

use rust_decimal::Decimal;

use crate::db::{PgConnection, Scope};
use crate::importing::bent::Bent;

/// Temporary tables hide the permanent, empty ones of the same name, against which the queries here are checked.
pub async fn open_stage(connection: &mut PgConnection) -> Result<(), sqlx::Error> {
    for statement in [
        "CREATE TEMPORARY TABLE staging_planning_feature (LIKE public.staging_planning_feature) ON COMMIT DROP",
        "CREATE TEMPORARY TABLE staging_planning_area (LIKE public.staging_planning_area) ON COMMIT DROP",
    ] {
        sqlx::query(statement).execute(&mut *connection).await?;
    }
    Ok(())
}

/// Sets the shapes over into the register's frame and into the plane of the zone they lie in.
pub async fn place(connection: &mut PgConnection, srid: i32) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "INSERT INTO staging_planning_area (record, line, name, use_scheme, use_code, geom, plane, survey_srid, fingerprint, rejected)
         SELECT record, line, name, use_scheme, use_code, geom, ST_Transform(geom, zone), zone, fingerprint, rejected
         FROM (
             SELECT *, CASE WHEN longitude BETWEEN 73.5 AND 136.5
                 THEN 4488 + least(45, greatest(25, floor(longitude / 3 + 0.5)::integer)) END AS zone
             FROM (
                 SELECT *, (ST_XMin(geom) + ST_XMax(geom)) / 2 AS longitude
                 FROM (SELECT *, ST_Multi(ST_Transform(ST_SetSRID(shape, $1), 4490)) AS geom
                       FROM staging_planning_feature OFFSET 0) AS set_over
                 OFFSET 0
             ) AS placed
             OFFSET 0
         ) AS zoned",
        srid
    )
    .execute(connection)
    .await?;
    Ok(())
}

pub struct Found {
    pub record: i64,
    pub line: Option<i64>,
}

/// Takes records out that stand elsewhere than the others.
pub async fn leave_out(connection: &mut PgConnection, records: &[i64]) -> Result<u64, sqlx::Error> {
    let done = sqlx::query!("DELETE FROM staging_planning_feature WHERE record = ANY($1)", records)
        .execute(connection)
        .await?;
    Ok(done.rows_affected())
}

/// Refuses shapes that are valid in the frame of the file, `srid`, and not in that of the register or in the plane.
pub async fn bent(connection: &mut PgConnection, srid: i32) -> Result<Vec<Bent>, sqlx::Error> {
    sqlx::query_as!(
        Bent,
        r#"WITH refused AS (
               UPDATE staging_planning_area SET rejected = true WHERE NOT ST_IsValid(geom) OR NOT ST_IsValid(plane)
               RETURNING record, line, ST_Transform(
                   (ST_IsValidDetail(CASE WHEN ST_IsValid(geom) THEN plane ELSE geom END)).location, $1::integer) AS place)
           SELECT record, line, ST_X(place) AS "x!", ST_Y(place) AS "y!" FROM refused ORDER BY record"#,
        srid
    )
    .fetch_all(connection)
    .await
}

/// Refuses shapes that no survey zone covers.
pub async fn without_zone(connection: &mut PgConnection) -> Result<Vec<Found>, sqlx::Error> {
    sqlx::query_as!(
        Found,
        r#"UPDATE staging_planning_area SET rejected = true WHERE survey_srid IS NULL
           RETURNING record, line"#
    )
    .fetch_all(connection)
    .await
}

/// What was staged, in the whole.
pub struct Staged {
    pub areas: i64,
    pub rejected: i64,
    pub area_m2: Decimal,
    pub fingerprint: Vec<u8>,
}

pub async fn count(connection: &mut PgConnection) -> Result<Staged, sqlx::Error> {
    sqlx::query_as!(
        Staged,
        r#"SELECT count(*) AS "areas!", count(*) FILTER (WHERE rejected) AS "rejected!",
                  coalesce(sum(round(ST_Area(plane)::numeric, 4)) FILTER (WHERE NOT rejected), 0) AS "area_m2!",
                  sha256(coalesce(string_agg(fingerprint, '' ORDER BY record), '')) AS "fingerprint!"
           FROM staging_planning_area"#
    )
    .fetch_one(connection)
    .await
}

pub async fn preview(
    connection: &mut PgConnection,
    limit: i64,
    refused: bool,
    known: bool,
) -> Result<serde_json::Value, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT json_build_object('type', 'FeatureCollection', 'features', coalesce(json_agg(json_build_object(
               'type', 'Feature', 'id', record, 'geometry', ST_AsGeoJSON(ST_SimplifyPreserveTopology(geom, 0.00001), 7)::json,
               'properties', json_build_object('record', record, 'code', coalesce(use_code, name), 'name', name,
                   'state', CASE WHEN $2 OR rejected THEN 'rejected' WHEN $3 THEN 'unchanged' ELSE 'accepted' END)
           ) ORDER BY record), '[]'::json)) AS "collection!"
           FROM (SELECT * FROM staging_planning_area ORDER BY record LIMIT $1) AS first"#,
        limit,
        refused,
        known
    )
    .fetch_one(connection)
    .await
}

pub async fn insert(connection: &mut PgConnection, scope: &Scope, edition: i64) -> Result<(), sqlx::Error> {
    sqlx::query!(
        r#"INSERT INTO planning_area (district, edition, number, name, use_scheme, use_code, geom, survey_srid, plane_area_m2)
           SELECT $1, $2, record::integer, name, use_scheme, use_code, geom, survey_srid, round(ST_Area(plane)::numeric, 4)
           FROM staging_planning_area ORDER BY record"#,
        scope.county() as _,
        edition
    )
    .execute(connection)
    .await?;
    Ok(())
}
