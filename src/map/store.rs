//! What the map page has to know before the first tile.

pub mod cards;
pub mod search;
pub mod tile;
pub mod yields;

use chrono::NaiveDate;
use serde_json::Value;

use super::yields::{Rule, layers};
use crate::db::{PgPool, Scope};
use crate::low_efficiency::store::{ListError, line_of};

/// West, south, east, north in degrees.
pub type Extent = [f64; 4];

/// Which state of the registers is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MapState {
    /// The sum of the revisions of [`super::yields::LAYERS`].
    pub revision: i64,
    pub any_parcel: bool,
}

/// The sum of the revisions of some registers: it changes with each of them.
pub async fn revision(pool: &PgPool, scope: &Scope, layers: &[String]) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT COALESCE(sum(revision), 0)::bigint AS "revision!" FROM layer_revision WHERE district = $1 AND layer = ANY($2)"#,
        scope.county(),
        layers
    )
    .fetch_one(pool)
    .await
}

/// # Errors
/// When no line was in force on 31 December of the year.
pub async fn rule(pool: &PgPool, year: i32) -> Result<Rule, ListError> {
    Ok(Rule::new(year, line_of(pool, year).await?))
}

pub async fn state(pool: &PgPool, scope: &Scope) -> Result<MapState, sqlx::Error> {
    sqlx::query_as!(
        MapState,
        r#"SELECT COALESCE(sum(revision), 0)::bigint AS "revision!",
               COALESCE(CASE WHEN $3::text IS NULL
                   THEN (SELECT true FROM parcel_version WHERE district = $1 AND superseded_at IS NULL ORDER BY code LIMIT 1)
                   ELSE (SELECT true FROM parcel_version WHERE district = $1 AND superseded_at IS NULL
                         AND COALESCE(subdistrict, registered_subdistrict) = $3 ORDER BY code LIMIT 1)
                   END, false) AS "any_parcel!"
           FROM layer_revision WHERE district = $1 AND layer = ANY($2)"#,
        scope.county(),
        &layers(),
        scope.subdistrict_code()
    )
    .fetch_one(pool)
    .await
}

/// The box around outlines and parcels of the scope; `None` while there are neither. Of a district, the outermost parcel on
/// each side is the one nearest to a line far out there, which the spatial index finds; those of a sub-district are boxed.
pub async fn extent(pool: &PgPool, scope: &Scope) -> Result<Option<Extent>, sqlx::Error> {
    let row = sqlx::query!(
        r#"SELECT ST_XMin(box) AS west, ST_YMin(box) AS south, ST_XMax(box) AS east, ST_YMax(box) AS north
           FROM (SELECT ST_Extent(geom) AS box FROM (
               SELECT outermost.geom FROM unnest(ARRAY['LINESTRING(-180 -90, -180 90)', 'LINESTRING(180 -90, 180 90)',
                       'LINESTRING(-180 -90, 180 -90)', 'LINESTRING(-180 90, 180 90)']) AS side (line)
                   CROSS JOIN LATERAL (SELECT geom FROM parcel_version WHERE district = $1 AND superseded_at IS NULL
                       ORDER BY geom <-> ST_GeomFromText(side.line, 4490) LIMIT 1) outermost
                   WHERE $2::text IS NULL
               UNION ALL SELECT geom FROM parcel_version WHERE district = $1 AND superseded_at IS NULL
                   AND COALESCE(subdistrict, registered_subdistrict) = $2
               UNION ALL SELECT geom FROM outline WHERE district = $1 AND superseded_at IS NULL
                   AND ($2::text IS NULL OR code = $2)) shapes) extent"#,
        scope.county(),
        scope.subdistrict_code()
    )
    .fetch_one(pool)
    .await?;
    Ok((|| Some([row.west?, row.south?, row.east?, row.north?]))())
}

/// Outlines in force on a day as a GeoJSON collection; sub-districts before the district they lie in.
pub async fn outlines(pool: &PgPool, scope: &Scope, as_of: NaiveDate) -> Result<Value, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT jsonb_build_object('type', 'FeatureCollection', 'features', COALESCE(jsonb_agg(jsonb_build_object(
               'type', 'Feature', 'geometry', ST_AsGeoJSON(geom, 7, 0)::jsonb,
               'properties', jsonb_build_object('kind', kind, 'code', code, 'name', name))
               ORDER BY kind = 'district', kind, code), '[]')) AS "collection!"
           FROM outline WHERE district = $1 AND superseded_at IS NULL AND valid @> $2::date"#,
        scope.county(),
        as_of
    )
    .fetch_one(pool)
    .await
}

/// The box around some parcels as they lay on a day, or last before it.
pub async fn bounds_of(
    pool: &PgPool,
    scope: &Scope,
    codes: &[String],
    as_of: NaiveDate,
) -> Result<Option<Extent>, sqlx::Error> {
    let row = sqlx::query!(
        r#"SELECT ST_XMin(box) AS west, ST_YMin(box) AS south, ST_XMax(box) AS east, ST_YMax(box) AS north
           FROM (SELECT ST_Extent(geom) AS box FROM (
               SELECT DISTINCT ON (code) geom FROM parcel_version
               WHERE district = $1 AND code = ANY($2) AND superseded_at IS NULL
                   AND ($4::text IS NULL OR COALESCE(subdistrict, registered_subdistrict) = $4)
               ORDER BY code, valid @> $3::date DESC, lower(valid) DESC) shapes) extent"#,
        scope.county(),
        codes,
        as_of,
        scope.subdistrict_code()
    )
    .fetch_one(pool)
    .await?;
    Ok((|| Some([row.west?, row.south?, row.east?, row.north?]))())
}
