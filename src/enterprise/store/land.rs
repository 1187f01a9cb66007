//! Uses of land against the parcels they lie on and against one another, asked by forms and by imports.

use chrono::{DateTime, NaiveDate, Utc};
use rust_decimal::Decimal;
use sqlx::postgres::types::PgRange;

use crate::base::period::Period;
use crate::base::unit::{MU_PER_SQUARE_METRE, Mu, SquareMetre};
use crate::db::{PgConnection, PgPool, Scope};
use crate::enterprise::rules::PARCEL_SUM_TOLERANCE;
use crate::enterprise::{OccupancyKind, Use};

/// An occupancy with both its times.
#[derive(Clone, Debug)]
pub struct Recorded {
    pub id: i64,
    pub parcel: Option<String>,
    pub kind: OccupancyKind,
    pub occupant: Option<String>,
    pub occupant_name: Option<String>,
    pub lessor: Option<String>,
    pub lessor_name: Option<String>,
    pub land: Option<Mu>,
    pub floor_area_m2: Option<Decimal>,
    pub valid: Period,
    pub source: String,
    pub reason: String,
    pub recorded_at: DateTime<Utc>,
    pub recorded_by: String,
    pub superseded_at: Option<DateTime<Utc>>,
}

impl Recorded {
    pub fn to_use(&self) -> Use {
        Use {
            parcel: self.parcel.clone(),
            kind: self.kind,
            occupant: self.occupant.clone(),
            lessor: self.lessor.clone(),
            land: self.land,
            floor_area_m2: self.floor_area_m2,
            valid: self.valid,
        }
    }
}

/// One occupancy, superseded or not, when the scope may see a side of it or its parcel.
pub async fn recorded(pool: &PgPool, scope: &Scope, id: i64) -> Result<Option<Recorded>, sqlx::Error> {
    sqlx::query_as!(
        Recorded,
        r#"SELECT o.id, o.parcel_code AS parcel, o.kind AS "kind: _", o.occupant, o.lessor, o.area_mu AS "land: Mu", o.floor_area_m2,
                  o.valid, o.source, o.reason, o.recorded_at, o.recorded_by, o.superseded_at,
                  (SELECT v.name FROM enterprise_version v WHERE v.district = $1 AND v.superseded_at IS NULL
                     AND v.uscc = o.occupant ORDER BY lower(v.valid) DESC LIMIT 1) AS occupant_name,
                  (SELECT v.name FROM enterprise_version v WHERE v.district = $1 AND v.superseded_at IS NULL
                     AND v.uscc = o.lessor ORDER BY lower(v.valid) DESC LIMIT 1) AS lessor_name
           FROM occupancy o WHERE o.district = $1 AND o.id = $2 AND ($3::text IS NULL
             OR EXISTS (SELECT FROM enterprise_version v WHERE v.district = $1 AND v.superseded_at IS NULL
                 AND v.uscc IN (o.occupant, o.lessor) AND v.subdistrict = $3)
             OR EXISTS (SELECT FROM parcel_version p WHERE p.district = $1 AND p.code = o.parcel_code
                 AND p.superseded_at IS NULL AND COALESCE(p.subdistrict, p.registered_subdistrict) = $3))"#,
        scope.county(),
        id,
        scope.subdistrict_code()
    )
    .fetch_optional(pool)
    .await
}

/// What took the place of a superseded occupancy: the newest between the same sides on the same parcel.
pub async fn successor(
    pool: &PgPool,
    scope: &Scope,
    old: &Recorded,
) -> Result<Option<(String, DateTime<Utc>, String)>, sqlx::Error> {
    let row = sqlx::query!(
        "SELECT recorded_by, recorded_at, reason FROM occupancy
         WHERE district = $1 AND parcel_code IS NOT DISTINCT FROM $2 AND recorded_at >= $3
           AND (occupant = $4 OR lessor = $5) ORDER BY recorded_at DESC, id DESC LIMIT 1",
        scope.county(),
        old.parcel,
        old.superseded_at,
        old.occupant,
        old.lessor
    )
    .fetch_optional(pool)
    .await?;
    Ok(row.map(|row| (row.recorded_by, row.recorded_at, row.reason)))
}

/// A parcel on the first day of a use of it.
#[derive(Clone, Debug)]
pub struct ParcelStanding {
    /// In force on the day.
    pub covers: bool,
    /// When it ended, if it had by then.
    pub ended: Option<NaiveDate>,
    /// When it begins, if it is known only from later on.
    pub begins: Option<NaiveDate>,
    pub lies: String,
    pub successors: String,
}

/// `None` when no version has the code.
pub async fn parcel_standing(
    connection: &mut PgConnection,
    scope: &Scope,
    parcel: &str,
    since: NaiveDate,
) -> Result<Option<ParcelStanding>, sqlx::Error> {
    sqlx::query_as!(
        ParcelStanding,
        r#"SELECT bool_or(valid @> $3::date) AS "covers!", max(upper(valid)) FILTER (WHERE upper(valid) <= $3) AS ended,
                  min(lower(valid)) FILTER (WHERE lower(valid) > $3) AS begins,
                  (array_agg(coalesce(subdistrict, registered_subdistrict) ORDER BY lower(valid) DESC NULLS LAST))[1] AS "lies!",
                  (SELECT coalesce(string_agg(l.successor, '、' ORDER BY l.successor), '') FROM parcel_lineage l
                   WHERE l.district = $1 AND l.predecessor = $2 AND l.successor <> $2) AS "successors!"
           FROM parcel_version WHERE district = $1 AND code = $2 AND superseded_at IS NULL HAVING count(*) > 0"#,
        scope.county(),
        parcel,
        since
    )
    .fetch_optional(connection)
    .await
}

/// The first day of a use between the same sides on the same parcel whose days are also days of this one.
pub async fn overlapping(
    connection: &mut PgConnection,
    scope: &Scope,
    it: &Use,
) -> Result<Option<NaiveDate>, sqlx::Error> {
    let found = sqlx::query_scalar!(
        "SELECT min(lower(o.valid)) FROM occupancy o
         WHERE o.district = $1 AND o.superseded_at IS NULL AND o.parcel_code = $2 AND o.kind = $3
           AND coalesce(o.occupant, '') = coalesce($4, '') AND coalesce(o.lessor, '') = coalesce($5, '') AND o.valid && $6",
        scope.county(),
        it.parcel,
        it.kind as _,
        it.occupant,
        it.lessor,
        PgRange::from(it.valid)
    )
    .fetch_one(connection)
    .await?;
    Ok(found)
}

/// A parcel on which more land is in use than it has.
#[derive(Clone, Debug)]
pub struct Exceeded {
    pub parcel: String,
    /// The day on which it is most.
    pub day: NaiveDate,
    pub occupied: Mu,
    pub area: SquareMetre,
}

/// The land in use on each of these parcels, on the day it is most, against the parcel's area: what is owned or held
/// otherwise, and what is leased from somebody who holds nothing there. Leases among holders move land and add none.
/// [`PARCEL_SUM_TOLERANCE`] is let pass.
pub async fn exceeded(
    connection: &mut PgConnection,
    scope: &Scope,
    parcels: &[String],
) -> Result<Vec<Exceeded>, sqlx::Error> {
    sqlx::query_as!(
        Exceeded,
        r#"WITH touched AS (SELECT DISTINCT code AS parcel_code FROM unnest($2::text[]) AS t (code)),
           used AS MATERIALIZED (
               SELECT o.parcel_code, o.valid, o.area_mu FROM touched t
               JOIN occupancy o ON o.district = $1 AND o.parcel_code = t.parcel_code AND o.superseded_at IS NULL
               WHERE o.area_mu > 0 AND (o.kind <> 'leased' OR o.lessor IS NULL OR NOT EXISTS (
                   SELECT FROM occupancy h WHERE h.district = $1 AND h.parcel_code = o.parcel_code
                      AND h.superseded_at IS NULL AND h.occupant = o.lessor AND h.valid && o.valid))),
           days AS (SELECT DISTINCT parcel_code, lower(valid) AS day FROM used),
           sums AS (
               SELECT d.parcel_code, d.day, sum(u.area_mu) AS occupied FROM days d
               JOIN used u ON u.parcel_code = d.parcel_code AND u.valid @> d.day GROUP BY d.parcel_code, d.day)
           SELECT DISTINCT ON (s.parcel_code) s.parcel_code AS "parcel!", s.day AS "day!", s.occupied AS "occupied!: Mu",
               p.area AS "area!: SquareMetre"
           FROM sums s
           CROSS JOIN LATERAL (
               SELECT coalesce(v.official_area_m2, v.plane_area_m2) AS area FROM parcel_version v
               WHERE v.district = $1 AND v.code = s.parcel_code AND v.superseded_at IS NULL
               ORDER BY v.valid @> s.day DESC, lower(v.valid) LIMIT 1) p
           WHERE s.occupied > (p.area + $3) * $4
           ORDER BY s.parcel_code, s.occupied DESC, s.day"#,
        scope.county(),
        parcels,
        PARCEL_SUM_TOLERANCE.0,
        MU_PER_SQUARE_METRE
    )
    .fetch_all(connection)
    .await
}
