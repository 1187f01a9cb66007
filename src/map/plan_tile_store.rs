//! Tiles of planning layers, straight from the database.

use chrono::NaiveDate;

use super::address::{BUFFER, EXTENT, PlanAddress};
use crate::db::{PgPool, Scope, layer};
use crate::planning::LayerKind;

/// A tile and the state it was read in.
#[derive(Debug)]
pub struct Drawn {
    pub revision: i64,
    pub tile: Vec<u8>,
}

/// Draws the areas of the edition that holds on the day. Attributes: name `n`, use `u`.
pub async fn draw(pool: &PgPool, scope: &Scope, address: &PlanAddress) -> Result<Drawn, sqlx::Error> {
    let [west, south, east, north] = address.place.bounds();
    sqlx::query_as!(
        Drawn,
        r#"WITH edition AS MATERIALIZED (
               SELECT id, ST_TileEnvelope($5, $6, $7) AS square FROM planning_edition
               WHERE district = $1 AND layer = $2 AND superseded_at IS NULL AND valid @> $3::date)
           SELECT coalesce((SELECT revision FROM layer_revision WHERE district = $1 AND layer = $4), 0) AS "revision!",
               (SELECT coalesce(ST_AsMVT(feature, 'plan', $12::integer, 'shape' ORDER BY feature.number), '') FROM (
                   SELECT a.number, a.name AS n, a.use_code AS u,
                       ST_AsMVTGeom(a.geom_web, e.square, $12::integer, $13::integer, true) AS shape
                   FROM edition AS e JOIN planning_area AS a ON a.edition = e.id AND a.geom && ST_MakeEnvelope($8, $9, $10, $11, 4490)
                   WHERE a.district = $1 OFFSET 0
               ) AS feature WHERE feature.shape IS NOT NULL) AS "tile!""#,
        scope.county(),
        address.layer as _,
        address.as_of,
        layer::PLANNING,
        i32::from(address.place.z),
        address.place.x as i32,
        address.place.y as i32,
        west,
        south,
        east,
        north,
        EXTENT,
        BUFFER
    )
    .fetch_one(pool)
    .await
}

/// A layer's edition on a day, and the revision its tiles have.
pub struct Drawable {
    pub layer: LayerKind,
    pub edition: String,
    pub revision: i64,
}

pub async fn drawable(pool: &PgPool, scope: &Scope, as_of: NaiveDate) -> Result<Vec<Drawable>, sqlx::Error> {
    sqlx::query_as!(
        Drawable,
        r#"SELECT e.layer AS "layer: LayerKind", e.name AS edition,
               coalesce((SELECT r.revision FROM layer_revision AS r WHERE r.district = $1 AND r.layer = $3), 0) AS "revision!"
           FROM planning_edition AS e
           WHERE e.district = $1 AND e.superseded_at IS NULL AND e.valid @> $2::date AND e.areas > 0"#,
        scope.county(),
        as_of,
        layer::PLANNING
    )
    .fetch_all(pool)
    .await
}
