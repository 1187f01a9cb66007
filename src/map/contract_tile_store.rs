//! The SQL of contract tiles: what was worked out for a day, and its tiles.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use sqlx::{Postgres, Transaction};

use super::address::{BUFFER, EXTENT, SMALLEST, TileAddress};
use super::contract_colours::{ParcelState, late_edges};
use super::drawn::Drawn;
use super::store;
use super::yields::{self, Rule};
use crate::db::{PgPool, Scope, layer, statistics};

/// Days worked out that are kept at once; the oldest give way.
const KEPT: i64 = 12;

/// What the tiles rest on: contracts give the colours, everything else what the other colourings rest on, for the filters.
pub fn layers() -> Vec<String> {
    yields::LAYERS.into_iter().chain([layer::CONTRACTS]).map(str::to_owned).collect()
}

/// One at a time works out a day; the others wait and find it done.
pub async fn take_turn(
    pool: &PgPool,
    scope: &Scope,
    as_of: NaiveDate,
) -> Result<Transaction<'static, Postgres>, sqlx::Error> {
    let mut transaction = pool.begin().await?;
    let name = format!("contract map {} {as_of}", scope.county());
    sqlx::query!("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", name).execute(&mut *transaction).await?;
    Ok(transaction)
}

/// The revision of the contracts.
pub async fn revision(pool: &PgPool, scope: &Scope) -> Result<i64, sqlx::Error> {
    let found = sqlx::query_scalar!(
        "SELECT revision FROM layer_revision WHERE district = $1 AND layer = $2",
        scope.county(),
        layer::CONTRACTS
    )
    .fetch_optional(pool)
    .await?;
    Ok(found.unwrap_or(0))
}

/// The revision of everything a tile rests on.
pub async fn tile_revision(pool: &PgPool, scope: &Scope) -> Result<i64, sqlx::Error> {
    store::revision(pool, scope, &layers()).await
}

pub async fn is_known(
    pool: &PgPool,
    scope: &Scope,
    as_of: NaiveDate,
    revision: i64,
    rule: &str,
) -> Result<bool, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT EXISTS (SELECT FROM contract_map_edition
               WHERE district = $1 AND as_of = $2 AND revision = $3 AND rule = $4) AS "known!""#,
        scope.county(),
        as_of,
        revision,
        rule
    )
    .fetch_one(pool)
    .await
}

/// Keeps what was worked out, and forgets what is outdated.
pub async fn keep(
    pool: &PgPool,
    scope: &Scope,
    as_of: NaiveDate,
    revision: i64,
    rule: &str,
    states: &BTreeMap<String, ParcelState>,
) -> Result<(), sqlx::Error> {
    let mut transaction = pool.begin().await?;
    let edition = sqlx::query_scalar!(
        "INSERT INTO contract_map_edition (district, as_of, revision, rule) VALUES ($1, $2, $3, $4)
         ON CONFLICT (district, as_of, revision, rule) DO UPDATE SET rule = excluded.rule RETURNING id",
        scope.county(),
        as_of,
        revision,
        rule
    )
    .fetch_one(&mut *transaction)
    .await?;
    let codes: Vec<String> = states.keys().cloned().collect();
    let stages: Vec<String> = states.values().map(|state| state.stage.code().to_owned()).collect();
    let late: Vec<i32> = states.values().map(|state| i32::try_from(state.days_late).unwrap_or(i32::MAX)).collect();
    let idle: Vec<String> = states.values().map(|state| state.idle.code().to_owned()).collect();
    sqlx::query!(
        "INSERT INTO contract_map (district, edition, code, stage, days_late, idle)
         SELECT $1, $2, * FROM unnest($3::text[], $4::text[], $5::int[], $6::text[]) ON CONFLICT DO NOTHING",
        scope.county(),
        edition,
        &codes,
        &stages,
        &late,
        &idle
    )
    .execute(&mut *transaction)
    .await?;
    sqlx::query!(
        "DELETE FROM contract_map_edition WHERE district = $1 AND (revision < $2 OR id NOT IN
             (SELECT id FROM contract_map_edition WHERE district = $1 ORDER BY id DESC LIMIT $3))",
        scope.county(),
        revision,
        KEPT
    )
    .execute(&mut *transaction)
    .await?;
    statistics::refresh(&mut transaction).await?;
    transaction.commit().await
}

/// Draws the parcels that have a contract, valid on the day. Attributes: code `c`, stage `g`, class of days late `l`, days
/// late `n`, suspicion of idleness `o`; and for the filters sub-district `d`, low efficiency `f` and industries `i` of the year.
/// `states` names the rules of the day, `yields` those of the year.
pub async fn draw(
    pool: &PgPool,
    scope: &Scope,
    address: &TileAddress,
    states: &str,
    yields: &Rule,
) -> Result<Drawn, sqlx::Error> {
    let [west, south, east, north] = address.place.bounds();
    let (edges, keys) = late_edges();
    sqlx::query_as!(
        Drawn,
        r#"WITH edition AS MATERIALIZED (
               SELECT r.revision, ST_TileEnvelope($6, $7, $8) AS square,
                   (SELECT e.id FROM contract_map_edition e WHERE e.district = $1 AND e.as_of = $2 AND e.rule = $3 AND e.revision =
                       COALESCE((SELECT revision FROM layer_revision WHERE district = $1 AND layer = $5), 0)) AS id,
                   (SELECT e.id FROM parcel_yield_edition e WHERE e.district = $1 AND e.year = $18 AND e.rule = $19 AND e.revision =
                       (SELECT COALESCE(sum(revision), 0) FROM layer_revision WHERE district = $1 AND layer = ANY($20))) AS yields
               FROM (SELECT COALESCE(sum(revision), 0)::bigint AS revision FROM layer_revision
                     WHERE district = $1 AND layer = ANY($4)) r)
           SELECT revision AS "revision!", CASE WHEN id IS NOT NULL AND yields IS NOT NULL THEN (
               SELECT coalesce(ST_AsMVT(feature, 'contracts', $13::integer, 'shape' ORDER BY feature.c), '') FROM (
                   SELECT p.code AS c, m.stage AS g, m.days_late AS n, m.idle AS o,
                       (SELECT k.key FROM unnest($15::int[], $16::text[]) AS k (edge, key) WHERE k.edge <= m.days_late
                           ORDER BY k.edge DESC LIMIT 1) AS l,
                       COALESCE(p.subdistrict, p.registered_subdistrict) AS d, CASE WHEN y.flagged THEN 1 END AS f,
                       NULLIF(y.industries, '') AS i,
                       tile_shape(p.geom_web, edition.square, $13::integer, $14::integer, $21) AS shape
                   FROM parcel_version p
                   JOIN contract_map m ON m.district = $1 AND m.edition = edition.id AND m.code = p.code
                   LEFT JOIN LATERAL (SELECT flagged, industries FROM parcel_yield y
                       WHERE y.district = $1 AND y.edition = edition.yields AND y.code = p.code OFFSET 0) y ON true
                   WHERE p.district = $1 AND p.superseded_at IS NULL AND p.valid @> $2::date
                     AND p.geom && ST_MakeEnvelope($9, $10, $11, $12, 4490)
                     AND ($17::text IS NULL OR COALESCE(p.subdistrict, p.registered_subdistrict) = $17) OFFSET 0
               ) feature WHERE feature.shape IS NOT NULL) END AS tile
           FROM edition"#,
        scope.county(),
        address.as_of,
        states,
        &layers(),
        layer::CONTRACTS,
        i32::from(address.place.z),
        address.place.x as i32,
        address.place.y as i32,
        west,
        south,
        east,
        north,
        EXTENT,
        BUFFER,
        &edges,
        &keys,
        scope.subdistrict_code(),
        address.year as i16,
        yields.digest(),
        &yields::layers(),
        SMALLEST
    )
    .fetch_one(pool)
    .await
}
