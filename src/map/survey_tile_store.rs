//! The SQL of the tiles of the survey: industrial land by the class it came to in a round.

use uuid::Uuid;

use super::address::{BUFFER, EXTENT, SMALLEST, TileAddress};
use super::drawn::Drawn;
use super::store;
use super::yields::{self, Rule};
use crate::db::{PgPool, Scope, layer};

/// What a tile rests on: the survey gives the colours, everything else what the filters ask.
fn layers() -> Vec<String> {
    yields::LAYERS.into_iter().chain([layer::SURVEY]).map(str::to_owned).collect()
}

/// The revision of everything a tile rests on.
pub async fn revision(pool: &PgPool, scope: &Scope) -> Result<i64, sqlx::Error> {
    store::revision(pool, scope, &layers()).await
}

/// Draws the parcels of a round. Attributes: code `c`, how it stood `k`; and for the filters sub-district `d`, low efficiency `f` and
/// industries `i` of the year.
pub async fn draw(
    pool: &PgPool,
    scope: &Scope,
    address: &TileAddress,
    round: Uuid,
    yields: &Rule,
) -> Result<Drawn, sqlx::Error> {
    let [west, south, east, north] = address.place.bounds();
    sqlx::query_as!(
        Drawn,
        r#"WITH edition AS MATERIALIZED (
               SELECT r.revision, ST_TileEnvelope($5, $6, $7) AS square, (SELECT e.id FROM parcel_yield_edition e
                   WHERE e.district = $1 AND e.year = $2 AND e.rule = $3 AND e.revision = r.yields) AS id
               FROM (SELECT COALESCE(sum(revision), 0)::bigint AS revision,
                       COALESCE(sum(revision) FILTER (WHERE layer <> 'survey'), 0)::bigint AS yields FROM layer_revision
                     WHERE district = $1 AND layer = ANY($4)) r)
           SELECT revision AS "revision!", CASE WHEN id IS NOT NULL THEN (
               SELECT coalesce(ST_AsMVT(feature, 'survey', $13::integer, 'shape' ORDER BY feature.c), '') FROM (
                   SELECT p.code AS c,
                       CASE WHEN s.state = 'awaiting' THEN 'awaiting' ELSE COALESCE(s.class, 'not_determinable') END AS k,
                       COALESCE(p.subdistrict, p.registered_subdistrict) AS d, CASE WHEN y.flagged THEN 1 END AS f,
                       NULLIF(y.industries, '') AS i,
                       tile_shape(p.geom_web, edition.square, $13::integer, $14::integer, $15) AS shape
                   FROM parcel_version p
                   JOIN LATERAL (SELECT state, class FROM survey_parcel s
                       WHERE s.district = $1 AND s.round = $16 AND s.code = p.code OFFSET 0) s ON true
                   LEFT JOIN LATERAL (SELECT flagged, industries FROM parcel_yield y
                       WHERE y.district = $1 AND y.edition = edition.id AND y.code = p.code OFFSET 0) y ON true
                   WHERE p.district = $1 AND p.superseded_at IS NULL AND p.valid @> $8::date
                     AND p.geom && ST_MakeEnvelope($9, $10, $11, $12, 4490)
                     AND ($17::text IS NULL OR COALESCE(p.subdistrict, p.registered_subdistrict) = $17) OFFSET 0
               ) feature WHERE feature.shape IS NOT NULL) END AS tile
           FROM edition"#,
        scope.county(),
        address.year as i16,
        yields.digest(),
        &layers(),
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
        SMALLEST,
        round,
        scope.subdistrict_code()
    )
    .fetch_one(pool)
    .await
}
