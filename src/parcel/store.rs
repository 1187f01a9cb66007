//! Parcels as they are on record: one version, the history, where it came from and what became of it.

mod listing;
pub mod succession;
mod waiting;

use chrono::{DateTime, NaiveDate, Utc};
use rust_decimal::Decimal;
use sqlx::{Postgres, QueryBuilder};

use super::{LineageKind, SupplyStatus};
use crate::base::period::Period;
use crate::codelist::Choice;
use crate::db::distinct::Distinct;
use crate::db::geom::Geom;
use crate::db::{PgConnection, PgPool, Scope};

pub use listing::{Page, page, total};
pub use waiting::parcels_to_look_at;

/// One version on record, with both its times.
#[derive(Clone, Debug)]
pub struct Version {
    pub id: i64,
    pub code: String,
    pub name: Option<String>,
    pub valid: Period,
    /// m²; none when no area is registered.
    pub official_area_m2: Option<Decimal>,
    pub plane_area_m2: Decimal,
    pub geodesic_area_m2: Decimal,
    pub survey_srid: i32,
    pub survey_truth: bool,
    pub land_use_scheme: Option<String>,
    pub land_use_code: Option<String>,
    pub land_use_name: Option<String>,
    pub supply_status: SupplyStatus,
    pub subdistrict: Option<String>,
    pub registered_subdistrict: String,
    pub subdistrict_name: Option<String>,
    pub source: String,
    pub reason: String,
    pub recorded_at: DateTime<Utc>,
    pub recorded_by: String,
    pub superseded_at: Option<DateTime<Utc>>,
}

/// One step between parcels.
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

type Sql = QueryBuilder<Postgres>;

macro_rules! versions {
    ($condition:literal, $($argument:expr),+) => {
        sqlx::query_as!(
            Version,
            r#"SELECT v.id, v.code, v.name, v.valid, v.official_area_m2, v.plane_area_m2, v.geodesic_area_m2,
                      v.survey_srid, v.survey_truth, v.land_use_scheme, v.land_use_code, (SELECT l.name FROM land_use l WHERE l.scheme = v.land_use_scheme AND l.code = v.land_use_code) AS land_use_name,
                      v.supply_status AS "supply_status: _", v.subdistrict, v.registered_subdistrict,
                      (SELECT s.name FROM subdistrict s WHERE s.code = COALESCE(v.subdistrict, v.registered_subdistrict)
                       ORDER BY lower(s.valid) DESC LIMIT 1) AS subdistrict_name,
                      v.source, v.reason, v.recorded_at, v.recorded_by, v.superseded_at
               FROM parcel_version v
               WHERE v.district = $1
                 AND ($2::text IS NULL OR COALESCE(v.subdistrict, v.registered_subdistrict) = $2) AND "# + $condition,
            $($argument),+
        )
    };
}

/// The version that held on a day, by what is known now.
pub async fn version_on(
    pool: &PgPool,
    scope: &Scope,
    code: &str,
    on: NaiveDate,
) -> Result<Option<Version>, sqlx::Error> {
    versions!(
        "v.code = $3 AND v.valid @> $4::date AND v.superseded_at IS NULL",
        scope.county(),
        scope.subdistrict_code(),
        code,
        on
    )
    .fetch_optional(pool)
    .await
}

/// The version that was believed at `known` to hold on a day.
pub async fn version_known(
    pool: &PgPool,
    scope: &Scope,
    code: &str,
    on: NaiveDate,
    known: DateTime<Utc>,
) -> Result<Option<Version>, sqlx::Error> {
    versions!(
        "v.code = $3 AND v.valid @> $4::date AND v.recorded_at <= $5 AND (v.superseded_at IS NULL OR v.superseded_at > $5)",
        scope.county(),
        scope.subdistrict_code(),
        code,
        on,
        known
    )
    .fetch_optional(pool)
    .await
}

/// The last version of a code, whether it still holds or not.
pub async fn latest(pool: &PgPool, scope: &Scope, code: &str) -> Result<Option<Version>, sqlx::Error> {
    versions!(
        "v.code = $3 AND v.superseded_at IS NULL ORDER BY lower(v.valid) DESC LIMIT 1",
        scope.county(),
        scope.subdistrict_code(),
        code
    )
    .fetch_optional(pool)
    .await
}

/// Everything ever recorded about a code, what was superseded included, newest knowledge first.
pub async fn history(pool: &PgPool, scope: &Scope, code: &str) -> Result<Vec<Version>, sqlx::Error> {
    versions!(
        "v.code = $3 ORDER BY v.recorded_at DESC, lower(v.valid) DESC, v.id DESC",
        scope.county(),
        scope.subdistrict_code(),
        code
    )
    .fetch_all(pool)
    .await
}

/// The steps that lead to a parcel and away from it, oldest first. Only for a parcel the scope may see.
pub async fn lineage(pool: &PgPool, scope: &Scope, code: &str) -> Result<Vec<Link>, sqlx::Error> {
    sqlx::query_as!(
        Link,
        r#"SELECT kind AS "kind: _", predecessor, successor, effective_on, source, reason, recorded_at, recorded_by
           FROM parcel_lineage WHERE district = $1 AND (predecessor = $3 OR successor = $3)
             AND EXISTS (SELECT FROM parcel_version v WHERE v.district = $1 AND v.code = $3
                         AND ($2::text IS NULL OR COALESCE(v.subdistrict, v.registered_subdistrict) = $2))
           ORDER BY effective_on, predecessor, successor"#,
        scope.county(),
        scope.subdistrict_code(),
        code
    )
    .fetch_all(pool)
    .await
}

/// The outline of a version as GeoJSON, longitude first.
pub async fn shape_of(pool: &PgPool, scope: &Scope, id: i64) -> Result<Option<String>, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT ST_AsGeoJSON(geom, 9, 0) AS "shape!" FROM parcel_version WHERE district = $1 AND id = $2
             AND ($3::text IS NULL OR COALESCE(subdistrict, registered_subdistrict) = $3)"#,
        scope.county(),
        id,
        scope.subdistrict_code()
    )
    .fetch_optional(pool)
    .await
}

/// Shapes about to be drawn, what they were drawn from, and the parcels around them on a day, as a GeoJSON collection.
pub async fn picture_of(
    pool: &PgPool,
    scope: &Scope,
    shapes: &[Geom],
    labels: &[String],
    former: &[i64],
    on: NaiveDate,
) -> Result<serde_json::Value, sqlx::Error> {
    sqlx::query_scalar!(
        r#"WITH drawn AS (SELECT label, ST_Transform(shape, 4490) AS geom FROM unnest($3::geometry[], $4::text[]) AS s (shape, label)),
                shown AS (
                    SELECT 'parcel' AS kind, label, geom FROM drawn
                    UNION ALL
                    SELECT 'former', '原界址 ' || code, geom FROM parcel_version WHERE district = $1 AND id = ANY($5)
                    UNION ALL
                    (SELECT 'neighbour', p.code, p.geom FROM parcel_version p,
                         (SELECT ST_Expand(ST_SetSRID(ST_Extent(geom)::geometry, 4490), 0.0008) AS box FROM drawn) b
                     WHERE p.district = $1 AND p.superseded_at IS NULL AND p.valid @> $6::date AND p.id <> ALL($5) AND p.geom && b.box
                       AND ($2::text IS NULL OR COALESCE(p.subdistrict, p.registered_subdistrict) = $2)
                     ORDER BY p.code LIMIT 80))
           SELECT jsonb_build_object('type', 'FeatureCollection', 'features', COALESCE(jsonb_agg(jsonb_build_object(
               'type', 'Feature', 'geometry', ST_AsGeoJSON(geom, 8, 0)::jsonb,
               'properties', jsonb_build_object('kind', kind, 'label', label))), '[]')) AS "collection!" FROM shown"#,
        scope.county(),
        scope.subdistrict_code(),
        shapes as &[Geom],
        labels,
        former,
        on
    )
    .fetch_one(pool)
    .await
}

/// All land uses, as `scheme:code`.
pub async fn land_uses(pool: &PgPool) -> Result<Vec<Choice>, sqlx::Error> {
    sqlx::query_as!(
        Choice,
        r#"SELECT scheme || ':' || code AS "code!", code || ' ' || name || '（' || scheme || '）' AS "name!"
           FROM land_use ORDER BY scheme, code"#
    )
    .fetch_all(pool)
    .await
}

const USES: Distinct = Distinct {
    table: "parcel_version",
    on_record: "superseded_at IS NULL AND land_use_code IS NOT NULL",
    columns: &[("land_use_scheme", "scheme"), ("land_use_code", "code")],
};

/// Land uses that parcels of the scope have or had by what is on record, whatever the day, as `scheme:code`.
pub async fn land_uses_occurring(pool: &PgPool, scope: &Scope) -> Result<Vec<Choice>, sqlx::Error> {
    let mut sql = Sql::new("");
    USES.push(&mut sql, |sql| {
        sql.push(" AND district = ").push_bind(scope.county().to_owned());
        if let Some(subdistrict) = scope.subdistrict_code() {
            sql.push(" AND COALESCE(subdistrict, registered_subdistrict) = ").push_bind(subdistrict.to_owned());
        }
    });
    sql.push(
        "SELECT l.scheme || ':' || l.code AS code, l.code || ' ' || l.name || '（' || l.scheme || '）' AS name
         FROM land_use l JOIN occurring USING (scheme, code) ORDER BY l.scheme, l.code",
    );
    sql.build_query_as().fetch_all(pool).await
}

/// Which of these codes some version has or had.
pub(super) async fn known_codes(
    connection: &mut PgConnection,
    scope: &Scope,
    codes: &[String],
) -> Result<Vec<String>, sqlx::Error> {
    sqlx::query_scalar!(
        "SELECT DISTINCT code FROM parcel_version WHERE district = $1 AND code = ANY($2)",
        scope.county(),
        codes
    )
    .fetch_all(connection)
    .await
}
