//! Measuring the site of a case: in its survey plane, against the district's outline and against other open cases.

use chrono::NaiveDate;
use rust_decimal::Decimal;
use uuid::Uuid;

use crate::admission::case::land::Overlap;
use crate::admission::case::number;
use crate::db::geom::Geom;
use crate::db::{PgPool, Scope};

pub struct Measured {
    /// EPSG:4490.
    pub shape: Geom,
    pub survey_srid: i32,
    /// With two decimals, as areas are registered.
    pub area_m2: Decimal,
    pub parts: i32,
    /// The largest distance of a part to the nearest other one, m.
    pub gap_m: Option<f64>,
    /// Outside the outline of the district; nothing while there is no outline.
    pub outside_m2: Option<Decimal>,
    pub subdistrict: Option<String>,
}

/// Everything measured in the plane of the 3° zone that the site lies in. Nothing when the shape is not valid there.
pub async fn measure(
    executor: impl sqlx::PgExecutor<'_>,
    scope: &Scope,
    shape: &Geom,
    on: NaiveDate,
) -> Result<Option<Measured>, sqlx::Error> {
    let row = sqlx::query!(
        r#"WITH given AS MATERIALIZED (
               SELECT ST_Multi(ST_Transform($2::geometry, 4490)) AS shape),
           zoned AS MATERIALIZED (
               SELECT shape, 4488 + round(ST_X(ST_Centroid(shape)) / 3)::integer AS srid FROM given
               WHERE ST_IsValid(shape)),
           planar AS MATERIALIZED (SELECT shape, srid, ST_Transform(shape, srid) AS plane FROM zoned),
           part AS (SELECT (d).path[1] AS place, (d).geom FROM planar, ST_Dump(plane) AS d)
           SELECT shape AS "shape!: Geom", srid AS "srid!", ST_Area(plane)::numeric AS "area!",
                  ST_NumGeometries(shape) AS "parts!",
                  (SELECT max(nearest) FROM (
                      SELECT min(ST_Distance(a.geom, b.geom)) AS nearest FROM part a JOIN part b ON a.place <> b.place
                      GROUP BY a.place) AS each) AS gap,
                  (SELECT ST_Area(ST_Difference(plane, ST_Transform(ST_Union(o.geom), srid)))::numeric
                   FROM outline o WHERE o.district = $1 AND o.kind = 'district' AND o.superseded_at IS NULL AND o.valid @> $3::date
                   HAVING count(*) > 0) AS outside,
                  (SELECT o.code FROM outline o
                   WHERE o.district = $1 AND o.kind = 'subdistrict' AND o.superseded_at IS NULL AND o.valid @> $3::date
                     AND ST_Intersects(o.geom, shape)
                   ORDER BY ST_Area(ST_Intersection(o.geom, shape)) DESC, o.code LIMIT 1) AS subdistrict
           FROM planar"#,
        scope.county(),
        shape as _,
        on
    )
    .fetch_optional(executor)
    .await?;
    Ok(row.map(|row| Measured {
        shape: row.shape,
        survey_srid: row.srid,
        area_m2: row.area.round_dp(2),
        parts: row.parts,
        gap_m: row.gap,
        outside_m2: row.outside.map(|area| area.round_dp(2)),
        subdistrict: row.subdistrict,
    }))
}

/// The shape of a parcel that is in force, EPSG:4490.
pub async fn parcel_shape(
    pool: &PgPool,
    scope: &Scope,
    code: &str,
    on: NaiveDate,
) -> Result<Option<Geom>, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT geom AS "geom!: Geom" FROM parcel_version
           WHERE district = $1 AND code = $2 AND superseded_at IS NULL AND valid @> $3::date
             AND ($4::text IS NULL OR coalesce(subdistrict, registered_subdistrict) = $4)"#,
        scope.county(),
        code,
        on,
        scope.subdistrict_code()
    )
    .fetch_optional(pool)
    .await
}

/// Open cases, drafts aside, that ask for some of the same land; at least a tenth of a square metre of it.
pub async fn overlaps(
    pool: &PgPool,
    scope: &Scope,
    shape: &Geom,
    survey_srid: i32,
    own: Option<Uuid>,
) -> Result<Vec<Overlap>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"SELECT id, year, serial, project, area AS "area!" FROM (
               SELECT c.id, c.year, c.serial, c.project,
                      ST_Area(ST_Transform(ST_Intersection(c.site, $2::geometry), $3::integer))::numeric AS area
               FROM admission_case c
               WHERE c.district = $1 AND c.id IS DISTINCT FROM $4
                 AND c.stage IN ('submitted', 'returned', 'accepted', 'opinions', 'recommended')
                 AND ST_Intersects(c.site, $2::geometry)) AS shared
           WHERE area >= 0.1 ORDER BY area DESC, id LIMIT 20"#,
        scope.county(),
        shape as _,
        survey_srid,
        own
    )
    .fetch_all(pool)
    .await?;
    let overlap = |case, year, serial, project, area: Decimal| Overlap {
        case,
        number: number(year, serial).unwrap_or_default(),
        project,
        area_m2: area.round_dp(2),
    };
    Ok(rows.into_iter().map(|row| overlap(row.id, row.year, row.serial, row.project, row.area)).collect())
}

/// [`overlaps`] of a case on record, as things stand now.
pub async fn overlaps_of(pool: &PgPool, scope: &Scope, case: Uuid) -> Result<Vec<Overlap>, sqlx::Error> {
    let row = sqlx::query!(
        r#"SELECT site AS "site!: Geom", 4488 + round(ST_X(ST_Centroid(site)) / 3)::integer AS "srid!"
           FROM admission_case WHERE district = $1 AND id = $2 AND site IS NOT NULL"#,
        scope.county(),
        case
    )
    .fetch_optional(pool)
    .await?;
    match row {
        Some(row) => overlaps(pool, scope, &row.site, row.srid, Some(case)).await,
        None => Ok(Vec::new()),
    }
}

/// The site of a case as a GeoJSON geometry, longitude first.
pub async fn geojson_of(pool: &PgPool, scope: &Scope, case: Uuid) -> Result<Option<serde_json::Value>, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT ST_AsGeoJSON(site, 9, 0)::json AS "site!: serde_json::Value" FROM admission_case
           WHERE district = $1 AND id = $2 AND site IS NOT NULL"#,
        scope.county(),
        case
    )
    .fetch_optional(pool)
    .await
}
