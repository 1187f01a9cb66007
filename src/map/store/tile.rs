//! One tile, straight from the database.

use crate::db::{PgPool, Scope};

use crate::map::address::{BUFFER, EXTENT, TileAddress};
use crate::map::uses;
use crate::map::yields::{self, Rule};

/// A tile and the state it was read in.
#[derive(Debug)]
pub struct Drawn {
    pub revision: i64,
    /// `None` while the figures of that state are not worked out.
    pub tile: Option<Vec<u8>>,
}

/// Draws the parcels that were valid on the day, as they are on record now.
///
/// The box is given in degrees, in which the index is kept. A parcel too small to draw becomes a square of
/// [`SMALLEST`] units about a point inside it, so that none vanishes; each lies in exactly one tile before the buffer.
/// The figures are looked up parcel by parcel (`OFFSET 0` keeps the planner at it): a tile shows few of a district's many,
/// and right after they were worked out the planner does not know how many there are.
pub async fn draw(pool: &PgPool, scope: &Scope, rule: &Rule, address: &TileAddress) -> Result<Drawn, sqlx::Error> {
    let [west, south, east, north] = address.place.bounds();
    let (schemes, codes, classes) = uses::columns();
    let row = sqlx::query!(
        r#"WITH edition AS MATERIALIZED (
               SELECT r.revision, (SELECT e.id FROM parcel_yield_edition e
                   WHERE e.district = $1 AND e.year = $2 AND e.rule = $3 AND e.revision = r.revision) AS id
               FROM (SELECT COALESCE(sum(revision), 0)::bigint AS revision FROM layer_revision
                     WHERE district = $1 AND layer = ANY($4)) r)
           SELECT revision AS "revision!", CASE WHEN id IS NOT NULL THEN (
               SELECT ST_AsMVT(feature, 'parcels', $13::integer, 'shape' ORDER BY feature.c) FROM (
                   SELECT p.code AS c, COALESCE(y.band, -2)::integer AS b, p.supply_status AS s, u.class AS u,
                       CASE WHEN y.flagged THEN 1 END AS f, COALESCE(p.subdistrict, p.registered_subdistrict) AS d,
                       NULLIF(y.industries, '') AS i, drawn.shape
                   FROM parcel_version p
                   CROSS JOIN (SELECT ST_TileEnvelope($5, $6, $7) AS box) t
                   CROSS JOIN LATERAL (SELECT ST_XMin(t.box) AS west, ST_YMax(t.box) AS north,
                       (ST_XMax(t.box) - ST_XMin(t.box)) / $13::integer AS unit) g
                   CROSS JOIN LATERAL (SELECT GREATEST(ST_XMax(p.geom_web) - ST_XMin(p.geom_web),
                       ST_YMax(p.geom_web) - ST_YMin(p.geom_web)) < $18::float8 * g.unit AS tiny) size
                   CROSS JOIN LATERAL (SELECT CASE WHEN NOT size.tiny
                       THEN ST_AsMVTGeom(p.geom_web, t.box, $13::integer, $14::integer, true) END AS shape) plain
                   CROSS JOIN LATERAL (SELECT CASE WHEN plain.shape IS NULL
                       THEN ST_PointOnSurface(p.geom_web) END AS point) inner_point
                   CROSS JOIN LATERAL (SELECT
                       floor((ST_X(inner_point.point) - g.west) / g.unit - $18::float8 / 2) AS x,
                       floor((g.north - ST_Y(inner_point.point)) / g.unit - $18::float8 / 2) AS y) corner
                   CROSS JOIN LATERAL (SELECT CASE
                       WHEN plain.shape IS NOT NULL THEN plain.shape
                       WHEN corner.x BETWEEN -$14::integer AND $13::integer + $14::integer AND corner.y BETWEEN -$14::integer AND $13::integer + $14::integer
                       THEN ST_Reverse(ST_MakeEnvelope(corner.x, corner.y, corner.x + $18::float8, corner.y + $18::float8))
                       END AS shape) drawn
                   LEFT JOIN LATERAL (SELECT band, flagged, industries FROM parcel_yield y
                       WHERE y.district = $1 AND y.edition = edition.id AND y.code = p.code OFFSET 0) y ON true
                   LEFT JOIN unnest($15::text[], $16::text[], $17::text[]) AS u (scheme, code, class)
                       ON u.scheme = p.land_use_scheme AND u.code = p.land_use_code
                   WHERE p.district = $1 AND p.superseded_at IS NULL AND p.valid @> $8::date
                     AND p.geom && ST_MakeEnvelope($9, $10, $11, $12, 4490)
                     AND ($19::text IS NULL OR COALESCE(p.subdistrict, p.registered_subdistrict) = $19)
                     AND drawn.shape IS NOT NULL
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
        &schemes,
        &codes,
        &classes,
        SMALLEST,
        scope.subdistrict_code()
    )
    .fetch_one(pool)
    .await?;
    Ok(Drawn { revision: row.revision, tile: row.tile })
}

/// Tile units to a side of what is too small to draw: half a pixel of a screen that shows 512 to a tile.
const SMALLEST: f64 = 4.0;
