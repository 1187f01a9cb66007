//! One tile, straight from the database.

use crate::db::{PgPool, Scope};

use crate::map::address::{BUFFER, EXTENT, SMALLEST, TileAddress};
use crate::map::drawn::Drawn;
use crate::map::uses;
use crate::map::yields::{self, Rule};

/// Draws the parcels that were valid on the day, as they are on record now. The box is given in degrees, in which the
/// index is kept.
///
/// Each `OFFSET 0` holds the planner to a way that is right for a tile, which shows few of a district's many: the shape is
/// made once for each parcel, not again for each place that speaks of it, and the figures are looked up parcel by parcel,
/// also right after they were worked out, when the planner does not know yet how many there are. The square of the tile is
/// worked out once, beside the edition: a statement that is planned for any tile would do so for each parcel.
pub async fn draw(pool: &PgPool, scope: &Scope, rule: &Rule, address: &TileAddress) -> Result<Drawn, sqlx::Error> {
    let [west, south, east, north] = address.place.bounds();
    let row = sqlx::query!(
        r#"WITH edition AS MATERIALIZED (
               SELECT r.revision, ST_TileEnvelope($5, $6, $7) AS square, (SELECT e.id FROM parcel_yield_edition e
                   WHERE e.district = $1 AND e.year = $2 AND e.rule = $3 AND e.revision = r.revision) AS id
               FROM (SELECT COALESCE(sum(revision), 0)::bigint AS revision FROM layer_revision
                     WHERE district = $1 AND layer = ANY($4)) r)
           SELECT revision AS "revision!", CASE WHEN id IS NOT NULL THEN (
               SELECT ST_AsMVT(feature, 'parcels', $13::integer, 'shape' ORDER BY feature.c) FROM (
                   SELECT p.code AS c, COALESCE(y.band, -2)::integer AS b, p.supply_status AS s, p.class AS u,
                       CASE WHEN y.flagged THEN 1 END AS f, p.lies_in AS d, NULLIF(y.industries, '') AS i, p.shape
                   FROM (SELECT code, supply_status, $15::jsonb -> land_use_scheme ->> land_use_code AS class,
                             COALESCE(subdistrict, registered_subdistrict) AS lies_in,
                             tile_shape(geom_web, edition.square, $13::integer, $14::integer, $16) AS shape
                         FROM parcel_version
                         WHERE district = $1 AND superseded_at IS NULL AND valid @> $8::date
                             AND geom && ST_MakeEnvelope($9, $10, $11, $12, 4490)
                             AND ($17::text IS NULL OR COALESCE(subdistrict, registered_subdistrict) = $17) OFFSET 0) p
                   LEFT JOIN LATERAL (SELECT band, flagged, industries FROM parcel_yield y
                       WHERE y.district = $1 AND y.edition = edition.id AND y.code = p.code OFFSET 0) y ON true
                   WHERE p.shape IS NOT NULL
               ) feature) END AS tile
           FROM edition"#,
        scope.county(),
        address.year as i16,
        rule.digest(),
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
        uses::by_code(),
        SMALLEST,
        scope.subdistrict_code()
    )
    .fetch_one(pool)
    .await?;
    Ok(Drawn { revision: row.revision, tile: row.tile })
}
