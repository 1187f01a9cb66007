//! The SQL of the tiles of results: parcels by the official grades of those who used them on the last day of a year.

use uuid::Uuid;

use super::address::{BUFFER, EXTENT, SMALLEST, TileAddress};
use super::drawn::Drawn;
use super::result_colours::{grades, score_edges};
use super::store;
use super::yields::{self, Rule};
use crate::annual::deciding_day;
use crate::db::{PgPool, Scope};

/// The runs that are official in a year, whatever their category.
pub async fn official(pool: &PgPool, scope: &Scope, year: i32) -> Result<Vec<Uuid>, sqlx::Error> {
    sqlx::query_scalar!(
        "SELECT id FROM evaluation_run WHERE district = $1 AND year = $2 AND state = 'official' ORDER BY id",
        scope.county(),
        year as i16
    )
    .fetch_all(pool)
    .await
}

/// The revision of everything a tile rests on beside the runs, whose results never change.
pub async fn revision(pool: &PgPool, scope: &Scope) -> Result<i64, sqlx::Error> {
    store::revision(pool, scope, &yields::layers()).await
}

/// Draws the parcels whose users were graded. Attributes: code `c`, the worst grade of those who used it `g` (one without a
/// colour is below all), the class of the lowest score `v`; and for the filters sub-district `d`, low efficiency `f` and
/// industries `i` of the year.
pub async fn draw(
    pool: &PgPool,
    scope: &Scope,
    address: &TileAddress,
    runs: &[Uuid],
    yields: &Rule,
) -> Result<Drawn, sqlx::Error> {
    let [west, south, east, north] = address.place.bounds();
    let (edges, keys) = score_edges();
    sqlx::query_as!(
        Drawn,
        r#"WITH edition AS MATERIALIZED (
               SELECT r.revision, ST_TileEnvelope($5, $6, $7) AS square, (SELECT e.id FROM parcel_yield_edition e
                   WHERE e.district = $1 AND e.year = $2 AND e.rule = $3 AND e.revision = r.revision) AS id
               FROM (SELECT COALESCE(sum(revision), 0)::bigint AS revision FROM layer_revision
                     WHERE district = $1 AND layer = ANY($4)) r)
           SELECT revision AS "revision!", CASE WHEN id IS NOT NULL THEN (
               SELECT coalesce(ST_AsMVT(feature, 'results', $13::integer, 'shape' ORDER BY feature.c), '') FROM (
                   SELECT p.code AS c, m.grade AS g,
                       (SELECT k.key FROM unnest($15::numeric[], $16::text[]) AS k (edge, key) WHERE k.edge <= m.score
                           ORDER BY k.edge DESC LIMIT 1) AS v,
                       COALESCE(p.subdistrict, p.registered_subdistrict) AS d, CASE WHEN y.flagged THEN 1 END AS f,
                       NULLIF(y.industries, '') AS i,
                       tile_shape(p.geom_web, edition.square, $13::integer, $14::integer, $17) AS shape
                   FROM parcel_version p
                   JOIN LATERAL (SELECT (array_agg(r.grade ORDER BY array_position($21::text[], r.grade) DESC NULLS FIRST))[1] AS grade,
                           min(r.score) AS score
                       FROM occupancy o JOIN evaluation_result r ON r.district = $1 AND r.run = ANY($18) AND r.key = o.occupant
                       WHERE o.district = $1 AND o.parcel_code = p.code AND o.superseded_at IS NULL AND o.valid @> $19::date
                         AND ($20::text IS NULL OR r.subdistrict = $20) OFFSET 0) m ON m.grade IS NOT NULL
                   LEFT JOIN LATERAL (SELECT flagged, industries FROM parcel_yield y
                       WHERE y.district = $1 AND y.edition = edition.id AND y.code = p.code OFFSET 0) y ON true
                   WHERE p.district = $1 AND p.superseded_at IS NULL AND p.valid @> $8::date
                     AND p.geom && ST_MakeEnvelope($9, $10, $11, $12, 4490)
                     AND ($20::text IS NULL OR COALESCE(p.subdistrict, p.registered_subdistrict) = $20) OFFSET 0
               ) feature WHERE feature.shape IS NOT NULL) END AS tile
           FROM edition"#,
        scope.county(),
        address.year as i16,
        yields.digest(),
        &yields::layers(),
        i32::from(address.place.z),
        address.place.x as i32,
        address.place.y as i32,
        address.as_of,
        west,
        south,
        east,
        north,
        EXTENT,
        BUFFER,
        &edges,
        &keys,
        SMALLEST,
        runs,
        deciding_day(address.year),
        scope.subdistrict_code(),
        &grades()
    )
    .fetch_one(pool)
    .await
}
