//! What a search finds.

use chrono::NaiveDate;

use crate::db::{PgPool, Scope, like};

pub struct ParcelFound {
    pub code: String,
    pub name: Option<String>,
    pub in_force: bool,
    pub until: Option<NaiveDate>,
    pub west: f64,
    pub south: f64,
    pub east: f64,
    pub north: f64,
}

/// Parcels whose codes begin so, as they are on the day, else as they were or will be.
pub async fn parcels(
    pool: &PgPool,
    scope: &Scope,
    prefix: &str,
    as_of: NaiveDate,
    most: i64,
) -> Result<Vec<ParcelFound>, sqlx::Error> {
    sqlx::query_as!(
        ParcelFound,
        r#"SELECT DISTINCT ON (code) code, name, valid @> $3::date AS "in_force!", upper(valid) AS until,
               ST_XMin(geom) AS "west!", ST_YMin(geom) AS "south!", ST_XMax(geom) AS "east!", ST_YMax(geom) AS "north!"
           FROM parcel_version WHERE district = $1 AND superseded_at IS NULL AND code LIKE $2
               AND code >= $6 AND ($7::text IS NULL OR code < $7)
               AND ($4::text IS NULL OR COALESCE(subdistrict, registered_subdistrict) = $4)
           ORDER BY code, valid @> $3::date DESC, lower(valid) DESC LIMIT $5"#,
        scope.county(),
        format!("{prefix}%"),
        as_of,
        scope.subdistrict_code(),
        most,
        prefix,
        like::beyond(prefix)
    )
    .fetch_all(pool)
    .await
}

pub struct EnterpriseFound {
    pub uscc: String,
    pub name: String,
    /// The parcels it holds on the day, and the box around them.
    pub codes: Vec<String>,
    pub west: Option<f64>,
    pub south: Option<f64>,
    pub east: Option<f64>,
    pub north: Option<f64>,
}

/// Enterprises whose credit code begins or ends with `code` or whose name holds `text`; of a sub-district those with land there.
pub async fn enterprises(
    pool: &PgPool,
    scope: &Scope,
    text: &str,
    code: &str,
    as_of: NaiveDate,
    most: i64,
) -> Result<Vec<EnterpriseFound>, sqlx::Error> {
    sqlx::query_as!(
        EnterpriseFound,
        r#"WITH found AS (
               SELECT uscc FROM enterprise_version WHERE district = $1 AND superseded_at IS NULL AND uscc LIKE $2
               UNION SELECT uscc FROM enterprise_version WHERE district = $1 AND superseded_at IS NULL
                   AND reverse(uscc) LIKE $8
               UNION SELECT uscc FROM enterprise_version WHERE district = $1 AND superseded_at IS NULL AND name ILIKE $3),
           allowed AS (
               SELECT f.uscc FROM found f WHERE $5::text IS NULL OR (
                   SELECT true FROM holding h JOIN parcel_version p ON p.district = $1 AND p.code = h.parcel_code AND p.superseded_at IS NULL
                   WHERE h.district = $1 AND h.uscc = f.uscc AND h.superseded_at IS NULL
                       AND COALESCE(p.subdistrict, p.registered_subdistrict) = $5 LIMIT 1)),
           named AS (
               SELECT a.uscc, v.name FROM allowed a CROSS JOIN LATERAL (
                   SELECT name FROM enterprise_version v WHERE v.district = $1 AND v.uscc = a.uscc AND v.superseded_at IS NULL
                   ORDER BY v.valid @> $4::date DESC, lower(v.valid) DESC LIMIT 1) v
               ORDER BY position($7 IN v.name) = 0, position($7 IN v.name), v.name, a.uscc LIMIT $6)
           SELECT n.uscc AS "uscc!", n.name AS "name!", COALESCE(place.codes, '{}') AS "codes!: Vec<String>",
               ST_XMin(place.box) AS west, ST_YMin(place.box) AS south, ST_XMax(place.box) AS east, ST_YMax(place.box) AS north
           FROM named n LEFT JOIN LATERAL (
               SELECT array_agg(DISTINCT p.code) AS codes, ST_Extent(p.geom) AS box
               FROM holding h JOIN parcel_version p ON p.district = $1 AND p.code = h.parcel_code AND p.superseded_at IS NULL
                   AND p.valid @> $4::date AND ($5::text IS NULL OR COALESCE(p.subdistrict, p.registered_subdistrict) = $5)
               WHERE h.district = $1 AND h.uscc = n.uscc AND h.superseded_at IS NULL AND h.valid @> $4::date
           ) place ON true
           ORDER BY position($7 IN n.name) = 0, position($7 IN n.name), n.name, n.uscc"#,
        scope.county(),
        format!("{}%", like::literal(code)),
        like::containing(text),
        as_of,
        scope.subdistrict_code(),
        most,
        text,
        format!("{}%", like::literal(&code.chars().rev().collect::<String>()))
    )
    .fetch_all(pool)
    .await
}
