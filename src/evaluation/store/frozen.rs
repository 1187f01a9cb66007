//! What a run made of everybody, for comparing with what another scheme would.

use std::collections::HashMap;

use futures_util::TryStreamExt;
use sqlx::types::Json;
use uuid::Uuid;

use crate::db::{PgPool, Scope};
use crate::evaluation::document::ResultDocument;
use crate::evaluation::what_if::answer::Before;

/// Grade, score and rank of everybody in a run.
pub async fn standings(pool: &PgPool, scope: &Scope, run: Uuid) -> Result<Vec<Before>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"SELECT key, name, subdistrict, ranking_group, grade, score::text AS "score!", rank
           FROM evaluation_result WHERE district = $1 AND run = $2"#,
        scope.county(),
        run
    )
    .fetch(pool);
    let before = rows.map_ok(|row| Before {
        key: row.key,
        name: row.name,
        subdistrict: row.subdistrict,
        group: row.ranking_group,
        grade: row.grade,
        score: row.score,
        rank: row.rank.and_then(|rank| usize::try_from(rank).ok()),
    });
    before.try_collect().await
}

/// What a run made of some, by their keys.
pub async fn details(
    pool: &PgPool,
    scope: &Scope,
    run: Uuid,
    keys: &[String],
) -> Result<HashMap<String, ResultDocument>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"SELECT key, detail AS "detail: Json<ResultDocument>" FROM evaluation_result
           WHERE district = $1 AND run = $2 AND key = ANY ($3)"#,
        scope.county(),
        run,
        keys
    )
    .fetch_all(pool)
    .await?;
    Ok(rows.into_iter().map(|row| (row.key, row.detail.0)).collect())
}

/// The parcels that some enterprises used on the last day of a year, as GeoJSON features with `key` and `code`; at most so many.
pub async fn sites(
    pool: &PgPool,
    scope: &Scope,
    keys: &[String],
    day: chrono::NaiveDate,
    most: i64,
) -> Result<serde_json::Value, sqlx::Error> {
    sqlx::query_scalar!(
        r#"WITH used AS (
               SELECT DISTINCT o.occupant AS key, o.parcel_code AS code FROM occupancy o
               WHERE o.district = $1 AND o.occupant = ANY ($2) AND o.superseded_at IS NULL AND o.valid @> $3::date
                 AND o.parcel_code IS NOT NULL ORDER BY 1, 2 LIMIT $4)
           SELECT coalesce(json_agg(json_build_object('type', 'Feature', 'geometry', ST_AsGeoJSON(p.geom, 6, 0)::json,
               'properties', json_build_object('key', used.key, 'code', p.code)) ORDER BY used.key, p.code), '[]') AS "features!: serde_json::Value"
           FROM used JOIN parcel_version p ON p.district = $1 AND p.code = used.code AND p.superseded_at IS NULL AND p.valid @> $3::date"#,
        scope.county(),
        keys,
        day,
        most
    )
    .fetch_one(pool)
    .await
}
