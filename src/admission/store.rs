//! The SQL of admission.

use chrono::NaiveDate;
use geo_types::MultiPolygon;
use rust_decimal::Decimal;

use crate::db::geom::Geom;
use crate::db::{PgConnection, PgPool, Scope};
use crate::exchange::frame::CGCS2000;
use crate::policy::standard::LandKind;

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

/// A running offer of exactly this land.
#[derive(Clone, Debug)]
pub struct OnOffer {
    pub title: String,
    pub land_kind: LandKind,
    pub zone: Option<String>,
    pub sets: Vec<String>,
}

/// Offers that run on the day for the parcel, or for the parcel that a drawn site is: the two differ by no more than 1 m² or
/// one in a thousand.
pub async fn on_offer(
    connection: &mut PgConnection,
    scope: &Scope,
    parcel: Option<&str>,
    site: &Geom,
    on: NaiveDate,
) -> Result<Vec<OnOffer>, sqlx::Error> {
    sqlx::query_as!(
        OnOffer,
        r#"SELECT o.title, o.land_kind AS "land_kind: LandKind", o.zone, o.sets FROM admission_offer o
           WHERE o.district = $1 AND o.offered @> $2::date AND CASE WHEN $3::text IS NOT NULL THEN o.parcel_code = $3::text
               ELSE EXISTS (SELECT FROM parcel_version v
                   WHERE v.district = o.district AND v.code = o.parcel_code AND v.superseded_at IS NULL AND v.valid @> $2::date
                     AND v.geom && $4::geometry
                     AND ST_Area(ST_SymDifference(v.geom, $4::geometry)::geography)
                         <= greatest(1, ST_Area($4::geometry::geography) / 1000)) END
           ORDER BY o.parcel_code, o.id"#,
        scope.county(),
        on,
        parcel,
        site as _
    )
    .fetch_all(connection)
    .await
}

/// The industrial platforms on record about a site.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Platforms {
    /// Platforms that share some of the site, beyond slivers.
    pub touched: Vec<String>,
    /// Those that the site lies in as a whole.
    pub holding: Vec<String>,
    /// The platform that was named has an outline on record.
    pub is_known: bool,
}

impl Platforms {
    pub fn holds(&self, name: &str) -> bool {
        self.holding.iter().any(|it| it == name)
    }
}

/// `named` is the zone that somebody says the site lies in, the narrower after a slash.
pub async fn platforms(
    connection: &mut PgConnection,
    scope: &Scope,
    site: &Geom,
    named: Option<&str>,
    on: NaiveDate,
) -> Result<Platforms, sqlx::Error> {
    let rows = sqlx::query!(
        r#"SELECT name, ST_Area(ST_Intersection(geom, $3::geometry)) / ST_Area($3::geometry) AS "share!", name = $4::text AS named
           FROM outline WHERE district = $1 AND kind = 'platform' AND superseded_at IS NULL AND valid @> $2::date
             AND (name = $4::text OR ST_Intersects(geom, $3::geometry)) ORDER BY name"#,
        scope.county(),
        on,
        site as _,
        named.and_then(|zone| zone.split('/').next())
    )
    .fetch_all(connection)
    .await?;
    let least = |share: f64| rows.iter().filter(move |row| row.share > share).map(|row| row.name.clone());
    Ok(Platforms {
        touched: least(0.001).collect(),
        holding: least(0.999).collect(),
        is_known: rows.iter().any(|row| row.named == Some(true)),
    })
}
