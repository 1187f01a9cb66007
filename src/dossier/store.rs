//! The dossier's SQL: pictures, lineage.

use chrono::{DateTime, NaiveDate, Utc};
use serde_json::Value;

use crate::db::{PgPool, Scope};
use crate::parcel::LineageKind;

/// One link of lineage, in either direction.
#[derive(Clone, Debug)]
pub struct Link {
    pub kind: LineageKind,
    pub predecessor: String,
    pub successor: String,
    pub effective_on: NaiveDate,
    pub source: String,
    pub reason: String,
    pub recorded_at: DateTime<Utc>,
    pub recorded_by: String,
}

/// A version with what lies around it on a day, as a GeoJSON collection.
pub async fn picture(pool: &PgPool, scope: &Scope, version: i64, as_of: NaiveDate) -> Result<Value, sqlx::Error> {
    sqlx::query_scalar!(
        r#"WITH it AS (SELECT code, geom FROM parcel_version WHERE district = $1 AND id = $2),
           shown AS (
               SELECT 'parcel' AS kind, code AS label, geom FROM it
               UNION ALL
               (SELECT 'neighbour', p.code, p.geom FROM parcel_version p, it
                WHERE p.district = $1 AND p.superseded_at IS NULL AND p.valid @> $3::date AND p.code <> it.code
                    AND ($4::text IS NULL OR COALESCE(p.subdistrict, p.registered_subdistrict) = $4)
                    AND p.geom && ST_Expand(it.geom, 0.0008)
                ORDER BY p.code LIMIT 80))
           SELECT jsonb_build_object('type', 'FeatureCollection', 'features', COALESCE(jsonb_agg(jsonb_build_object(
               'type', 'Feature', 'geometry', ST_AsGeoJSON(geom, 8, 0)::jsonb,
               'properties', jsonb_build_object('kind', kind, 'label', label))), '[]')) AS "collection!" FROM shown"#,
        scope.county(),
        version,
        as_of,
        scope.subdistrict_code()
    )
    .fetch_one(pool)
    .await
}

pub async fn lineage(pool: &PgPool, scope: &Scope, code: &str) -> Result<Vec<Link>, sqlx::Error> {
    sqlx::query_as!(
        Link,
        r#"SELECT kind AS "kind: LineageKind", predecessor, successor, effective_on, source, reason, recorded_at, recorded_by
           FROM parcel_lineage WHERE district = $1 AND (predecessor = $2 OR successor = $2)
           ORDER BY effective_on, predecessor, successor"#,
        scope.county(),
        code
    )
    .fetch_all(pool)
    .await
}

/// Codes on record that end like this one: the same cadastral sub-area and serial under another county or sub-district code.
pub async fn same_ending(pool: &PgPool, scope: &Scope, code: &str) -> Result<Vec<String>, sqlx::Error> {
    sqlx::query_scalar!(
        "SELECT DISTINCT code FROM parcel_version WHERE district = $1 AND right(code, 10) = right($2, 10)
         AND superseded_at IS NULL AND ($3::text IS NULL OR COALESCE(subdistrict, registered_subdistrict) = $3) ORDER BY code",
        scope.county(),
        code,
        scope.subdistrict_code()
    )
    .fetch_all(pool)
    .await
}
