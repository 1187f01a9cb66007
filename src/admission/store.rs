//! The SQL of admission.

use chrono::NaiveDate;
use geo_types::MultiPolygon;
use rust_decimal::Decimal;

use crate::db::geom::Geom;
use crate::db::{PgConnection, PgPool, Scope};
use crate::exchange::frame::CGCS2000;

/// Where a site lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lies {
    Inside,
    Outside,
    /// How much lies outside, m².
    Across {
        outside_m2: Decimal,
    },
    /// There is no outline of the district for that day.
    Unknown,
}

/// Holds a site (EPSG:4490) against the outline of the district on a day.
pub async fn lies(
    connection: &mut PgConnection,
    scope: &Scope,
    site: &MultiPolygon<f64>,
    on: NaiveDate,
) -> Result<Lies, sqlx::Error> {
    let site = Geom::new(site.clone(), CGCS2000);
    let row = sqlx::query!(
        r#"SELECT ST_Covers(geom, $3::geometry) AS "covered!", ST_Intersects(geom, $3::geometry) AS "touched!",
                  CASE WHEN ST_Covers(geom, $3::geometry) THEN 0::numeric
                       ELSE round(ST_Area(ST_Difference($3::geometry, geom)::geography)::numeric, 2) END AS "outside_m2!"
           FROM outline WHERE district = $1 AND kind = 'district' AND valid @> $2::date AND superseded_at IS NULL
           ORDER BY id LIMIT 1"#,
        scope.county(),
        on,
        site as Geom
    )
    .fetch_optional(connection)
    .await?;
    Ok(match row {
        None => Lies::Unknown,
        Some(row) if row.covered => Lies::Inside,
        Some(row) if row.touched => Lies::Across { outside_m2: row.outside_m2 },
        Some(_) => Lies::Outside,
    })
}

/// The outline of a version of a parcel in EPSG:4490.
pub async fn shape_of(pool: &PgPool, scope: &Scope, id: i64) -> Result<Option<MultiPolygon<f64>>, sqlx::Error> {
    let shape = sqlx::query_scalar!(
        r#"SELECT geom AS "geom!: Geom" FROM parcel_version WHERE district = $1 AND id = $2
             AND ($3::text IS NULL OR COALESCE(subdistrict, registered_subdistrict) = $3)"#,
        scope.county(),
        id,
        scope.subdistrict_code()
    )
    .fetch_optional(pool)
    .await?;
    Ok(shape.and_then(Geom::into_multi_polygon))
}
