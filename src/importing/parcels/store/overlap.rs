//! Which shapes cover the same ground.

use chrono::NaiveDate;
use futures_util::TryStreamExt;

use crate::db::geom::Geom;
use crate::db::{PgConnection, Scope};
use crate::importing::parcels::common_ground::Ground;
use crate::importing::parcels::neighbours::Piece;

/// A record of the file and another of it before, with common ground.
pub struct Pair {
    pub record: i64,
    pub line: Option<i64>,
    pub other: i64,
    pub other_code: Option<String>,
    pub area_m2: f64,
    /// Per cent of the smaller.
    pub share: f64,
}

/// Shows every record that may be taken, zone by zone and from west to east in the plane of its zone. When the file changes
/// nothing there is nothing to show.
pub async fn for_each_from_west(
    connection: &mut PgConnection,
    mut each: impl FnMut(i32, Piece),
) -> Result<(), sqlx::Error> {
    let mut rows = sqlx::query!(
        r#"SELECT record AS "record!", line, code, plane_area AS "plane_area!", unchanged AS "unchanged!", zone AS "zone!",
                  shape AS "shape!: Geom"
           FROM (SELECT record, line, code, plane_area_m2::float8 AS plane_area, unchanged, survey_srid AS zone,
                        coalesce(geom_survey, ST_Transform(geom, survey_srid)) AS shape
                 FROM staging_parcel
                 WHERE NOT rejected AND EXISTS (SELECT FROM staging_parcel WHERE NOT rejected AND NOT unchanged)
                 OFFSET 0) AS standing
           ORDER BY zone, ST_XMin(shape)"#
    )
    .fetch(connection);
    while let Some(row) = rows.try_next().await? {
        let Some(ground) = row.shape.into_multi_polygon().and_then(|shape| Ground::of(&shape)) else { continue };
        let (record, line, unchanged) = (row.record, row.line, row.unchanged);
        each(row.zone, Piece { record, line, code: row.code, plane_area: row.plane_area, unchanged, ground });
    }
    Ok(())
}

/// Pairs of records that lie in different zones; a file on both sides of a zone's border is rare. An area that is no number
/// could not be worked out, here and in [`against_register`].
pub async fn across_zones(
    connection: &mut PgConnection,
    above_m2: f64,
    above_share: f64,
) -> Result<Vec<Pair>, sqlx::Error> {
    sqlx::query("CREATE INDEX ON staging_parcel USING gist (geom)").execute(&mut *connection).await?;
    sqlx::query_as!(
        Pair,
        r#"SELECT record AS "record!", line, other AS "other!", other_code, area_m2 AS "area_m2!", share AS "share!"
           FROM (
               SELECT b.record, b.line, a.record AS other, a.code AS other_code, area_m2,
                      100 * area_m2 / least(a.plane_area_m2, b.plane_area_m2)::float8 AS share
               FROM staging_parcel AS a
               JOIN staging_parcel AS b ON a.geom && b.geom AND a.record < b.record AND a.survey_srid <> b.survey_srid
               CROSS JOIN LATERAL (SELECT ST_Transform(a.geom, b.survey_srid) AS theirs,
                   coalesce(b.geom_survey, ST_Transform(b.geom, b.survey_srid)) AS ours OFFSET 0) AS moved
               CROSS JOIN LATERAL (SELECT ground_in_common(theirs, ours) AS area_m2 OFFSET 0) AS common
               WHERE NOT a.rejected AND NOT b.rejected AND NOT (a.unchanged AND b.unchanged)
               OFFSET 0
           ) AS pair
           WHERE area_m2 > $1 OR share > $2"#,
        above_m2,
        above_share
    )
    .fetch_all(connection)
    .await
}

/// Common ground of a record and a parcel of the register. `share` is in per cent of the smaller.
pub struct Overlap {
    pub record: i64,
    pub line: Option<i64>,
    pub other: String,
    pub area_m2: f64,
    pub share: f64,
    pub equal: bool,
}

/// Records against the register of the day, leaving out parcels that the file itself brings anew.
pub async fn against_register(
    connection: &mut PgConnection,
    scope: &Scope,
    as_of: NaiveDate,
    above_m2: f64,
    above_share: f64,
) -> Result<Vec<Overlap>, sqlx::Error> {
    sqlx::query_as!(
        Overlap,
        r#"SELECT record AS "record!", line, other AS "other!", area_m2 AS "area_m2!", share AS "share!", equal AS "equal!"
           FROM (
               SELECT record, line, '在册宗地 ' || code AS other, area_m2, 100 * area_m2 / smaller AS share,
                      area_m2 > 0.999 * smaller AND area_m2 <> 'NaN' AND is_same_ground(theirs, ours) AS equal
               FROM (
                   SELECT s.record, s.line, p.code, p.geom AS theirs, s.geom AS ours, coalesce(s.geom_survey, ST_Transform(s.geom, s.survey_srid)) AS geom_survey, s.survey_srid,
                          least(p.plane_area_m2, s.plane_area_m2)::float8 AS smaller
                   FROM staging_parcel AS s
                   JOIN parcel_version AS p ON p.geom && s.geom
                   WHERE p.district = $1 AND p.superseded_at IS NULL AND p.valid @> $2::date
                     AND NOT s.rejected AND NOT s.unchanged
                     AND NOT EXISTS (SELECT FROM staging_parcel AS t WHERE t.code = p.code AND NOT t.rejected)
                   OFFSET 0
               ) AS near
               CROSS JOIN LATERAL (SELECT CASE WHEN may_share_ground(theirs, ours)
                   THEN ground_in_common(ST_Transform(theirs, survey_srid), geom_survey) END AS area_m2 OFFSET 0) AS common
               OFFSET 0
           ) AS pair
           WHERE area_m2 > $3 OR share > $4
           ORDER BY record, other"#,
        scope.county(),
        as_of,
        above_m2,
        above_share
    )
    .fetch_all(connection)
    .await
}
