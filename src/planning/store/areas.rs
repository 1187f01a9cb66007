//! The areas of an edition, and the parts that sites are held against.

use rust_decimal::Decimal;

use crate::db::geom::Geom;
use crate::db::{PgConnection, Scope};

/// Points of a part; beyond them an area is cut.
const POINTS: i32 = 128;

/// One area of an edition, in any surveyed frame. A use is a scheme and a code.
#[derive(Clone, Debug)]
pub struct NewArea {
    pub name: Option<String>,
    pub use_of: Option<(&'static str, String)>,
    pub shape: Geom,
    /// EPSG code of the survey zone it is measured in.
    pub zone: i32,
}

/// Adds areas that do not come from a file, numbered from 1, and cuts their parts.
pub async fn put_areas(
    connection: &mut PgConnection,
    scope: &Scope,
    edition: i64,
    areas: &[NewArea],
) -> Result<(), sqlx::Error> {
    let (schemes, codes): (Vec<_>, Vec<_>) =
        areas.iter().map(|area| area.use_of.clone().map(|(scheme, code)| (scheme.to_owned(), code)).unzip()).unzip();
    sqlx::query!(
        "INSERT INTO planning_area (district, edition, number, name, use_scheme, use_code, geom, survey_srid, plane_area_m2)
         SELECT $1, $2, place, name, scheme, code, ST_Multi(ST_Transform(geom, 4490)), zone,
             round(ST_Area(ST_Transform(geom, zone))::numeric, 4)
         FROM unnest($3::text[], $4::text[], $5::text[], $6::geometry[], $7::integer[])
             WITH ORDINALITY AS a (name, scheme, code, geom, zone, place)",
        scope.county() as _,
        edition,
        &areas.iter().map(|area| area.name.clone()).collect::<Vec<_>>() as &[Option<String>],
        &schemes as &[Option<String>],
        &codes as &[Option<String>],
        &areas.iter().map(|area| area.shape.clone()).collect::<Vec<_>>() as _,
        &areas.iter().map(|area| area.zone).collect::<Vec<_>>()
    )
    .execute(&mut *connection)
    .await?;
    cut_parts(connection, scope, edition).await
}

/// The sum of the plane areas of shapes, m² with four decimals, as an edition states it.
pub async fn measure(connection: &mut PgConnection, areas: &[NewArea]) -> Result<Decimal, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT sum(round(ST_Area(ST_Transform(geom, zone))::numeric, 4)) AS "sum!"
           FROM unnest($1::geometry[], $2::integer[]) AS a (geom, zone)"#,
        &areas.iter().map(|area| area.shape.clone()).collect::<Vec<_>>() as _,
        &areas.iter().map(|area| area.zone).collect::<Vec<_>>()
    )
    .fetch_one(connection)
    .await
}

/// Makes the parts of an edition from its areas.
pub async fn cut_parts(connection: &mut PgConnection, scope: &Scope, edition: i64) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "INSERT INTO planning_part (district, edition, number, part, geom, plane, sound)
         SELECT a.district, a.edition, a.number, row_number() OVER (PARTITION BY a.number ORDER BY ST_XMin(p.shape), ST_YMin(p.shape)),
             ST_Transform(p.shape, 4490), p.shape, ST_IsValid(p.shape)
         FROM planning_area AS a CROSS JOIN LATERAL planning_pieces(ST_Transform(a.geom, a.survey_srid), $3) AS p (shape)
         WHERE a.district = $1 AND a.edition = $2",
        scope.county(),
        edition,
        POINTS
    )
    .execute(connection)
    .await?;
    Ok(())
}
