//! The SQL of the tiles of remediation: parcels by the most pressing of the files about them or those who use them.

use super::address::{BUFFER, EXTENT, SMALLEST, TileAddress};
use super::drawn::Drawn;
use super::remediation_colours::{NO_WAY, states};
use super::store;
use super::yields::{self, Rule};
use crate::db::{PgPool, Scope, layer};
use crate::remediation::deadlines::Days;

/// The last zoom that is drawn file by file: of a million parcels and 50,000 files in a second. Nearer by, a tile holds few enough
/// parcels to ask for the files of each, in a tenth of that.
const AFAR: u8 = 12;

/// What a tile rests on: files give the colours, everything else whom they are about and what the filters ask.
fn layers() -> Vec<String> {
    yields::LAYERS.into_iter().chain([layer::REMEDIATION]).map(str::to_owned).collect()
}

/// The revision of everything a tile rests on.
pub async fn revision(pool: &PgPool, scope: &Scope) -> Result<i64, sqlx::Error> {
    store::revision(pool, scope, &layers()).await
}

/// Whether anything is drawn at all.
pub async fn any(pool: &PgPool, scope: &Scope) -> Result<bool, sqlx::Error> {
    let found = sqlx::query_scalar!(
        r#"SELECT true AS "any!" FROM remediation_file
           WHERE district = $1 AND state <> 'dropped' AND ($2::text IS NULL OR subdistrict = $2)
           ORDER BY year DESC, serial DESC LIMIT 1"#,
        scope.county(),
        scope.subdistrict_code()
    )
    .fetch_optional(pool)
    .await?;
    Ok(found.unwrap_or(false))
}

/// Draws the parcels that a file is about, or somebody who uses them on the day. Attributes: code `c`, how far it has come `k`, how
/// it stands to its day `l`, its way `w`; and for the filters sub-district `d`, low efficiency `f` and industries `i` of the year.
///
/// Of several files an open one is before one that is over, then the one whose day is first, then the newest.
pub async fn draw(
    pool: &PgPool,
    scope: &Scope,
    address: &TileAddress,
    days: Days,
    yields: &Rule,
) -> Result<Drawn, sqlx::Error> {
    let [west, south, east, north] = address.place.bounds();
    let (states, classes) = states();
    sqlx::query_as!(
        Drawn,
        r#"WITH edition AS MATERIALIZED (
               SELECT r.revision, ST_TileEnvelope($5, $6, $7) AS square, (SELECT e.id FROM parcel_yield_edition e
                   WHERE e.district = $1 AND e.year = $2 AND e.rule = $3 AND e.revision = r.yields) AS id
               FROM (SELECT COALESCE(sum(revision), 0)::bigint AS revision,
                       COALESCE(sum(revision) FILTER (WHERE layer <> 'remediation'), 0)::bigint AS yields FROM layer_revision
                     WHERE district = $1 AND layer = ANY($4)) r)
           SELECT revision AS "revision!", CASE WHEN id IS NOT NULL THEN (
               SELECT coalesce(ST_AsMVT(feature, 'remediation', $13::integer, 'shape' ORDER BY feature.c), '') FROM (
                   SELECT p.code AS c, ($18::text[])[array_position($17::text[], p.state)] AS k,
                       CASE WHEN p.state IN ('suspended', 'looked_back') THEN 'not_counted' WHEN p.due < $19::date THEN 'late'
                           WHEN p.due <= $20::date THEN 'soon' ELSE 'on_time' END AS l,
                       COALESCE(p.way, $21::text) AS w, COALESCE(p.subdistrict, p.registered_subdistrict) AS d,
                       CASE WHEN y.flagged THEN 1 END AS f, NULLIF(y.industries, '') AS i,
                       tile_shape(p.geom_web, edition.square, $13::integer, $14::integer, $15) AS shape
                   FROM (
                       SELECT v.code, v.subdistrict, v.registered_subdistrict, v.geom_web, m.state, m.due, m.way
                       FROM parcel_version v JOIN LATERAL (
                           SELECT f.state, f.due, f.way FROM remediation_file f
                           WHERE f.district = $1 AND f.state = ANY ($17::text[]) AND ($16::text IS NULL OR f.subdistrict = $16)
                             AND f.subject = ANY (ARRAY(SELECT v.code UNION ALL SELECT o.occupant FROM occupancy o
                                 WHERE o.district = $1 AND o.parcel_code = v.code AND o.superseded_at IS NULL AND o.valid @> $8::date))
                           ORDER BY f.state IN ('struck_off', 'looked_back'),
                               CASE WHEN f.state NOT IN ('suspended', 'looked_back') THEN f.due END, f.year DESC, f.serial DESC LIMIT 1) m ON true
                       WHERE NOT $22::boolean AND v.district = $1 AND v.superseded_at IS NULL AND v.valid @> $8::date
                         AND v.geom && ST_MakeEnvelope($9, $10, $11, $12, 4490)
                       UNION ALL
                       SELECT v.code, v.subdistrict, v.registered_subdistrict, v.geom_web, m.state, m.due, m.way
                       FROM (SELECT DISTINCT ON (h.code) h.code, h.state, h.due, h.way FROM (
                               SELECT f.subject AS code, f.state, f.due, f.way, f.year, f.serial FROM remediation_file f
                               WHERE f.district = $1 AND f.subject_kind = 'parcel' AND f.state = ANY ($17::text[])
                                 AND ($16::text IS NULL OR f.subdistrict = $16)
                               UNION ALL
                               SELECT o.parcel_code, f.state, f.due, f.way, f.year, f.serial FROM remediation_file f
                                   JOIN occupancy o ON o.district = $1 AND o.occupant = f.subject AND o.superseded_at IS NULL
                                       AND o.valid @> $8::date
                               WHERE f.district = $1 AND f.subject_kind = 'enterprise' AND f.state = ANY ($17::text[])
                                 AND ($16::text IS NULL OR f.subdistrict = $16)) h
                           ORDER BY h.code, h.state IN ('struck_off', 'looked_back'),
                               CASE WHEN h.state NOT IN ('suspended', 'looked_back') THEN h.due END, h.year DESC, h.serial DESC) m
                       JOIN parcel_version v ON v.district = $1 AND v.code = m.code AND v.superseded_at IS NULL AND v.valid @> $8::date
                           AND v.geom && ST_MakeEnvelope($9, $10, $11, $12, 4490)
                       WHERE $22::boolean) p
                   LEFT JOIN LATERAL (SELECT flagged, industries FROM parcel_yield y
                       WHERE y.district = $1 AND y.edition = edition.id AND y.code = p.code OFFSET 0) y ON true
                   WHERE $16::text IS NULL OR COALESCE(p.subdistrict, p.registered_subdistrict) = $16 OFFSET 0
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
        scope.subdistrict_code(),
        &states,
        &classes,
        days.today,
        days.soon,
        NO_WAY,
        address.place.z <= AFAR
    )
    .fetch_one(pool)
    .await
}
