//! Who uses a parcel by the register of uses.

use chrono::NaiveDate;
use rust_decimal::Decimal;

use crate::db::{PgPool, Scope};

/// An enterprise that uses a parcel or holds ground of it on a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownUser {
    pub uscc: String,
    pub name: Option<String>,
    /// Holds ground, and not floor alone.
    pub holds_ground: bool,
    /// Its own, not leased.
    pub owns: bool,
    /// Ground held less ground leased out; none when one of them is on record without an area.
    pub mu: Option<Decimal>,
    /// m², of what it uses.
    pub floor_area_m2: Option<Decimal>,
}

pub async fn users(pool: &PgPool, scope: &Scope, parcel: &str, on: NaiveDate) -> Result<Vec<KnownUser>, sqlx::Error> {
    sqlx::query_as!(
        KnownUser,
        r#"SELECT h.uscc AS "uscc!", (SELECT e.name FROM enterprise_version e WHERE e.district = $1 AND e.uscc = h.uscc
                      AND e.superseded_at IS NULL ORDER BY lower(e.valid) DESC LIMIT 1) AS name,
                  bool_or(h.side <> 'leased_out' AND NOT h.floor_only) AS "holds_ground!", bool_or(h.side = 'owned') AS "owns!",
                  CASE WHEN bool_or(h.area_mu IS NULL AND NOT h.floor_only) THEN NULL ELSE COALESCE(sum(h.area_mu), 0) END AS mu,
                  sum(h.floor_area_m2) FILTER (WHERE h.side <> 'leased_out') AS floor_area_m2
           FROM holding h
           WHERE h.district = $1 AND h.parcel_code = $2 AND h.superseded_at IS NULL AND h.valid @> $3::date
           GROUP BY h.uscc HAVING bool_or(h.side <> 'leased_out') ORDER BY h.uscc"#,
        scope.county(),
        parcel,
        on
    )
    .fetch_all(pool)
    .await
}

/// An enterprise that uses a parcel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UserOf {
    pub parcel: String,
    pub uscc: String,
    pub name: Option<String>,
    /// m², of what it uses.
    pub floor_area_m2: Option<Decimal>,
}

/// Who uses some parcels on a day.
pub async fn users_of(
    pool: &PgPool,
    scope: &Scope,
    parcels: &[String],
    on: NaiveDate,
) -> Result<Vec<UserOf>, sqlx::Error> {
    sqlx::query_as!(
        UserOf,
        r#"SELECT h.parcel_code AS "parcel!", h.uscc AS "uscc!",
                  (SELECT e.name FROM enterprise_version e WHERE e.district = $1 AND e.uscc = h.uscc
                      AND e.superseded_at IS NULL ORDER BY lower(e.valid) DESC LIMIT 1) AS name,
                  sum(h.floor_area_m2) AS floor_area_m2
           FROM holding h
           WHERE h.district = $1 AND h.parcel_code = ANY ($2) AND h.superseded_at IS NULL AND h.valid @> $3::date
             AND h.side <> 'leased_out'
           GROUP BY h.parcel_code, h.uscc ORDER BY h.parcel_code, h.uscc"#,
        scope.county(),
        parcels,
        on
    )
    .fetch_all(pool)
    .await
}

/// What an enterprise is called; none when it is not on record.
pub async fn names(pool: &PgPool, scope: &Scope, codes: &[String]) -> Result<Vec<(String, String)>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"SELECT DISTINCT ON (uscc) uscc, name FROM enterprise_version
           WHERE district = $1 AND uscc = ANY ($2) AND superseded_at IS NULL ORDER BY uscc, lower(valid) DESC"#,
        scope.county(),
        codes
    );
    Ok(rows.fetch_all(pool).await?.into_iter().map(|row| (row.uscc, row.name)).collect())
}
