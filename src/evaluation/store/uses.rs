//! Who uses which parcels in a year, and whose they are.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use sqlx::PgConnection;

use crate::annual::deciding_day;
use crate::db::Scope;
use crate::evaluation::merge::Bonds;
use crate::evaluation::portions::Use;
use crate::evaluation::tenants::{Grades, Owners};
use crate::scoring::follow::Elsewhere;
use crate::scoring::scheme::Category;

fn first(year: i32) -> Option<NaiveDate> {
    NaiveDate::from_ymd_opt(year, 1, 1)
}

/// All uses, of whatever parcel, of everybody who uses one of these in the year.
pub async fn of_users(
    connection: &mut PgConnection,
    scope: &Scope,
    year: i32,
    parcels: &[String],
) -> Result<Vec<Use>, sqlx::Error> {
    sqlx::query_as!(
        Use,
        r#"SELECT h.parcel_code AS parcel, h.uscc AS "uscc!",
                  COALESCE(sum(h.area_mu * h.days), 0) AS "land!",
                  COALESCE(sum(h.floor_area_m2 * h.days) FILTER (WHERE h.floor_only AND h.side <> 'leased_out'), 0) AS "floor!",
                  bool_or(h.area_mu IS NULL AND NOT h.floor_only) AS "unmeasured!"
           FROM (SELECT *, LEAST(upper(valid), $3::date + 1) - GREATEST(lower(valid), $2::date) AS days FROM holding
                 WHERE district = $1 AND superseded_at IS NULL AND valid && daterange($2, $3, '[]') AND uscc IN (
                     SELECT u.uscc FROM holding u WHERE u.district = $1 AND u.superseded_at IS NULL
                        AND u.valid && daterange($2, $3, '[]') AND u.parcel_code = ANY($4))) h
           GROUP BY h.parcel_code, h.uscc ORDER BY h.uscc, h.parcel_code"#,
        scope.county(),
        first(year),
        deciding_day(year),
        parcels
    )
    .fetch_all(connection)
    .await
}

/// Every parcel that somebody uses in the year.
pub async fn all_parcels(connection: &mut PgConnection, scope: &Scope, year: i32) -> Result<Vec<String>, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT DISTINCT parcel_code AS "code!" FROM occupancy
           WHERE district = $1 AND superseded_at IS NULL AND valid && daterange($2, $3, '[]') AND parcel_code IS NOT NULL
           ORDER BY 1"#,
        scope.county(),
        first(year),
        deciding_day(year)
    )
    .fetch_all(connection)
    .await
}

/// The parcels on which some enterprises hold land in the year.
pub async fn parcels_of(
    connection: &mut PgConnection,
    scope: &Scope,
    year: i32,
    enterprises: &[String],
) -> Result<Vec<String>, sqlx::Error> {
    Ok(holding(connection, scope, year, enterprises)
        .await?
        .into_values()
        .flatten()
        .collect::<BTreeSet<_>>()
        .into_iter()
        .collect())
}

/// The parcels on which each holds land in the year, what it leases out taken off.
pub async fn holding(
    connection: &mut PgConnection,
    scope: &Scope,
    year: i32,
    enterprises: &[String],
) -> Result<Bonds, sqlx::Error> {
    let rows = sqlx::query!(
        r#"SELECT h.uscc AS "uscc!", h.parcel_code AS "code!" FROM holding h
           WHERE h.district = $1 AND h.superseded_at IS NULL AND h.valid && daterange($2, $3, '[]') AND h.uscc = ANY($4)
                 AND h.parcel_code IS NOT NULL
           GROUP BY 1, 2
           HAVING sum(h.area_mu * (LEAST(upper(h.valid), $3::date + 1) - GREATEST(lower(h.valid), $2::date))) > 0
           ORDER BY 1, 2"#,
        scope.county(),
        first(year),
        deciding_day(year),
        enterprises
    )
    .fetch_all(connection)
    .await?;
    let mut found = Bonds::new();
    for row in rows {
        found.entry(row.uscc).or_default().push(row.code);
    }
    Ok(found)
}

/// The owners of the parcels that each of these tenants occupies on 31 December.
pub async fn owners(
    connection: &mut PgConnection,
    scope: &Scope,
    year: i32,
    tenants: &[String],
) -> Result<Owners, sqlx::Error> {
    let rows = sqlx::query!(
        r#"SELECT DISTINCT t.occupant AS "tenant!", o.occupant AS "owner!" FROM occupancy t
           JOIN occupancy o ON o.district = t.district AND o.parcel_code = t.parcel_code AND o.kind = 'owned'
                AND o.superseded_at IS NULL AND o.valid @> $2::date AND o.occupant <> t.occupant
           WHERE t.district = $1 AND t.occupant = ANY($3) AND t.superseded_at IS NULL AND t.valid @> $2::date"#,
        scope.county(),
        deciding_day(year),
        tenants
    )
    .fetch_all(connection)
    .await?;
    let mut found = Owners::new();
    for row in rows {
        found.entry(row.tenant).or_default().insert(row.owner);
    }
    Ok(found)
}

/// What some have in official runs of other categories of the year; of several categories the first counts, industry before others.
pub async fn grades(
    connection: &mut PgConnection,
    scope: &Scope,
    year: i32,
    (but, of): (Category, &[String]),
) -> Result<Grades, sqlx::Error> {
    let order: Vec<String> = Category::ALL.iter().map(|category| category.code().to_owned()).collect();
    let rows = sqlx::query!(
        "SELECT DISTINCT ON (r.key) r.key, r.grade, u.category, u.id FROM evaluation_run u
         JOIN evaluation_result r ON r.district = u.district AND r.run = u.id AND r.key = ANY($4)
         WHERE u.district = $1 AND u.year = $2 AND u.state = 'official' AND u.category <> $3
         ORDER BY r.key, array_position($5, u.category), u.id",
        scope.county(),
        year as i16,
        but.code(),
        of,
        &order
    )
    .fetch_all(connection)
    .await?;
    let elsewhere = |grade, category, run: uuid::Uuid| Elsewhere { grade, category, run: run.to_string() };
    Ok(rows.into_iter().map(|row| (row.key, elsewhere(row.grade, row.category, row.id))).collect())
}
