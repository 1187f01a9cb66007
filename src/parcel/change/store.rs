//! The statements behind a change. Measuring takes place in the survey plane, storing in EPSG:4490.

use chrono::NaiveDate;
use sha2::{Digest, Sha256};
use sqlx::postgres::types::PgRange;

use super::{Attributes, Grounds, NewParcel};
use crate::account::Act;
use crate::base::period::Period;
use crate::base::unit::SquareMetre;
use crate::codelist::CrossWalk;
use crate::db::PgConnection;
use crate::db::geom::Geom;
use crate::db::versioned::Versioned;
use crate::exchange::frame;
use crate::parcel::LineageKind;
use crate::parcel::rules::Measured;

const VERSIONS: Versioned = Versioned("parcel_version");

/// How many rows it ended: one, or none when somebody else was first.
pub async fn supersede(connection: &mut PgConnection, act: &Act, id: i64) -> Result<u64, sqlx::Error> {
    VERSIONS.end(connection, &act.scope, id, act.now).await
}

/// The land of a version under another period or with other attributes.
pub async fn copy(
    connection: &mut PgConnection,
    act: &Act,
    id: i64,
    valid: Period,
    attributes: &Attributes,
    source: &str,
    reason: &str,
) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar!(
        "INSERT INTO parcel_version (district, code, valid, name, geom, survey_srid, survey_truth, official_area_m2,
             plane_area_m2, geodesic_area_m2, land_use_scheme, land_use_code, supply_status, subdistrict,
             registered_subdistrict, source, reason, recorded_at, recorded_by, fingerprint)
         SELECT district, code, $3, $4, geom, survey_srid, survey_truth, $5, plane_area_m2, geodesic_area_m2, $6, $7, $8,
                subdistrict, registered_subdistrict, $9, $10, $11, $12,
                sha256(fingerprint || convert_to($10, 'UTF8')) -- no longer what a file said: the same file again is a change
         FROM parcel_version WHERE district = $1 AND id = $2 RETURNING id",
        act.scope.county(),
        id,
        PgRange::from(valid),
        attributes.name,
        attributes.official_area_m2,
        attributes.land_use.as_ref().map(|(scheme, _)| scheme.as_str()),
        attributes.land_use.as_ref().map(|(_, code)| code.as_str()),
        attributes.supply as _,
        source,
        reason,
        act.now,
        act.actor.name
    )
    .fetch_one(connection)
    .await
}

/// A new shape, in force from the day on. It lies in the sub-district whose outline then covers a point inside it.
pub async fn draw(
    connection: &mut PgConnection,
    act: &Act,
    parcel: &NewParcel,
    srid: i32,
    attributes: &Attributes,
    survey_truth: bool,
    grounds: &Grounds,
) -> Result<i64, sqlx::Error> {
    let registered = parcel.code.registered_subdistrict();
    let resolved = CrossWalk::embedded().resolve_subdistrict(registered, grounds.effective_on);
    let mut mark = Sha256::new();
    mark.update(parcel.code.as_str());
    mark.update(parcel.shape.to_ewkb());
    sqlx::query_scalar!(
        r#"WITH placed AS (SELECT ST_Multi(ST_Transform($4::geometry, 4490)) AS geom,
                                  round(ST_Area(ST_Transform($4::geometry, $5::integer))::numeric, 4) AS plane)
           INSERT INTO parcel_version (district, code, valid, name, geom, survey_srid, survey_truth, official_area_m2,
             plane_area_m2, geodesic_area_m2, land_use_scheme, land_use_code, supply_status, subdistrict,
             registered_subdistrict, source, reason, recorded_at, recorded_by, fingerprint)
           SELECT $1::text, $2, daterange($3::date, NULL), $6, geom, $5, $17, $7, plane, round(ST_Area(geom::geography)::numeric, 4),
                  $8, $9, $10,
                  (SELECT o.code FROM outline o WHERE o.district = $1::text AND o.kind = 'subdistrict'
                     AND o.superseded_at IS NULL AND o.valid @> $3::date AND ST_Covers(o.geom, ST_PointOnSurface(placed.geom))
                   ORDER BY o.code LIMIT 1),
                  $11, $12, $13, $14, $15, $16
           FROM placed RETURNING id"#,
        act.scope.county(),
        parcel.code.as_str(),
        grounds.effective_on,
        parcel.shape.clone() as Geom,
        srid,
        attributes.name,
        attributes.official_area_m2,
        attributes.land_use.as_ref().map(|(scheme, _)| scheme.as_str()),
        attributes.land_use.as_ref().map(|(_, code)| code.as_str()),
        attributes.supply as _,
        resolved.code().unwrap_or(registered),
        grounds.source,
        grounds.reason,
        act.now,
        act.actor.name,
        &mark.finalize()[..],
        survey_truth
    )
    .fetch_one(connection)
    .await
}

/// The plane a shape is measured in: its own, else the zone its longitude falls into.
pub async fn survey_srid(connection: &mut PgConnection, shape: &Geom) -> Result<i32, sqlx::Error> {
    if frame::is_plane(shape.srid) {
        return Ok(shape.srid);
    }
    let longitude = sqlx::query_scalar!(
        r#"SELECT ST_X(ST_Centroid(ST_Transform($1::geometry, 4490))) AS "longitude!""#,
        shape.clone() as Geom
    )
    .fetch_one(connection)
    .await?;
    Ok(frame::zone_srid_for_longitude(longitude))
}

/// Where a shape crosses itself once it stands in the register's frame; `place` is in its own.
pub struct Flaw {
    /// Counted from 1.
    pub shape: i64,
    pub place: geo_types::Coord<f64>,
}

pub async fn bent(connection: &mut PgConnection, shapes: &[Geom]) -> Result<Vec<Flaw>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"SELECT number AS "number!", ST_X(place) AS "x!", ST_Y(place) AS "y!"
           FROM (SELECT number, ST_Transform((ST_IsValidDetail(ST_Transform(shape, 4490))).location, ST_SRID(shape)) AS place
                 FROM unnest($1::geometry[]) WITH ORDINALITY AS s (shape, number)
                 WHERE NOT ST_IsValid(ST_Transform(shape, 4490)) OFFSET 0) AS flaw ORDER BY number"#,
        shapes as &[Geom]
    )
    .fetch_all(connection)
    .await?;
    let flaw = |shape, x, y| Flaw { shape, place: geo_types::Coord { x, y } };
    Ok(rows.into_iter().map(|row| flaw(row.number, row.x, row.y)).collect())
}

/// Plane area of each shape, m² to four decimals, in their order.
pub async fn plane_areas(
    connection: &mut PgConnection,
    srid: i32,
    shapes: &[Geom],
) -> Result<Vec<SquareMetre>, sqlx::Error> {
    let areas = sqlx::query_scalar!(
        r#"SELECT round(ST_Area(ST_Transform(shape, $1::integer))::numeric, 4) AS "area!"
           FROM unnest($2::geometry[]) WITH ORDINALITY AS s (shape, place) ORDER BY place"#,
        srid,
        shapes as &[Geom]
    )
    .fetch_all(connection)
    .await?;
    Ok(areas.into_iter().map(SquareMetre).collect())
}

/// The old land against the new. Pieces within 5 cm of one another count as touching.
pub async fn measure(
    connection: &mut PgConnection,
    act: &Act,
    old: &[i64],
    srid: i32,
    shapes: &[Geom],
) -> Result<Measured, sqlx::Error> {
    let whole = sqlx::query!(
        r#"WITH old AS (SELECT ST_Transform(geom, $3::integer) AS g FROM parcel_version WHERE district = $1 AND id = ANY($2)),
                new AS (SELECT ST_Transform(shape, $3::integer) AS g FROM unnest($4::geometry[]) AS s (shape)),
                pair AS (SELECT (SELECT ST_Union(g) FROM old) AS o,
                                COALESCE((SELECT ST_Union(g) FROM new), ST_GeomFromText('POLYGON EMPTY', $3::integer)) AS n)
           SELECT round(ST_Area(ST_Difference(o, n))::numeric, 4) AS "uncovered!",
                  round(ST_Area(ST_Difference(n, o))::numeric, 4) AS "outside!",
                  (SELECT ST_NumGeometries(ST_Union(ST_Buffer(g, 0.05))) > 1 + sum(ST_NumGeometries(g) - 1) FROM old) AS "scattered!"
           FROM pair"#,
        act.scope.county() as _,
        old,
        srid,
        shapes as &[Geom]
    )
    .fetch_one(&mut *connection)
    .await?;
    let overlaps = sqlx::query!(
        r#"WITH new AS (SELECT place, ST_Transform(shape, $1::integer) AS g
                        FROM unnest($2::geometry[]) WITH ORDINALITY AS s (shape, place))
           SELECT a.place AS "first!", b.place AS "second!", round(ST_Area(ST_Intersection(a.g, b.g))::numeric, 4) AS "area!"
           FROM new a JOIN new b ON a.place < b.place AND ST_Intersects(a.g, b.g) ORDER BY 1, 2"#,
        srid,
        shapes as &[Geom]
    )
    .fetch_all(connection)
    .await?;
    let place = |place: i64| usize::try_from(place - 1).unwrap_or_default();
    Ok(Measured {
        uncovered: SquareMetre(whole.uncovered),
        outside: SquareMetre(whole.outside),
        overlaps: overlaps.iter().map(|row| (place(row.first), place(row.second), SquareMetre(row.area))).collect(),
        scattered: whole.scattered,
    })
}

/// How much land of each old parcel lies in each new one: code, place of the new one, area.
pub async fn land_passed(
    connection: &mut PgConnection,
    act: &Act,
    old: &[i64],
    srid: i32,
    shapes: &[Geom],
) -> Result<Vec<(String, usize, SquareMetre)>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"WITH old AS (SELECT code, ST_Transform(geom, $3::integer) AS g FROM parcel_version
                        WHERE district = $1 AND id = ANY($2)),
                new AS (SELECT place, ST_Transform(shape, $3::integer) AS g
                        FROM unnest($4::geometry[]) WITH ORDINALITY AS s (shape, place))
           SELECT old.code, new.place AS "place!", round(ST_Area(ST_Intersection(old.g, new.g))::numeric, 4) AS "area!"
           FROM old JOIN new ON ST_Intersects(old.g, new.g) ORDER BY 1, 2"#,
        act.scope.county() as _,
        old,
        srid,
        shapes as &[Geom]
    )
    .fetch_all(connection)
    .await?;
    let passed = rows.into_iter().map(|row| (row.code, (row.place - 1) as usize, SquareMetre(row.area)));
    Ok(passed.collect())
}

/// Parcels in force on the day that lie under a shape, how much of them, and how large they are.
pub async fn neighbours_under(
    connection: &mut PgConnection,
    act: &Act,
    shape: &Geom,
    srid: i32,
    on: NaiveDate,
) -> Result<Vec<(String, SquareMetre, SquareMetre)>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"WITH drawn AS (SELECT ST_Transform($2::geometry, 4490) AS geom, ST_Transform($2::geometry, $3::integer) AS plane)
           SELECT v.code, round(ST_Area(ST_Intersection(ST_Transform(v.geom, $3::integer), drawn.plane))::numeric, 4) AS "area!",
                  v.plane_area_m2
           FROM drawn, parcel_version v WHERE v.district = $1 AND v.superseded_at IS NULL
             AND (v.valid @> $4::date OR lower(v.valid) > $4) AND ST_Intersects(v.geom, drawn.geom) ORDER BY v.code"#,
        act.scope.county() as _,
        shape.clone() as Geom,
        srid,
        on
    )
    .fetch_all(connection)
    .await?;
    Ok(rows.into_iter().map(|row| (row.code, SquareMetre(row.area), SquareMetre(row.plane_area_m2))).collect())
}

/// The union of versions in a plane, points within a tenth of a millimetre made one.
pub async fn union(act: &Act, ids: &[i64], srid: i32) -> Result<Option<Geom>, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT ST_Multi(ST_Union(ST_Transform(geom, $3::integer), 0.0001)) AS "shape: Geom"
           FROM parcel_version WHERE district = $1 AND id = ANY($2)"#,
        act.scope.county() as _,
        ids,
        srid
    )
    .fetch_one(&act.pool)
    .await
}

pub async fn link(
    connection: &mut PgConnection,
    act: &Act,
    kind: LineageKind,
    predecessor: &str,
    successor: &str,
    grounds: &Grounds,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "INSERT INTO parcel_lineage (district, kind, predecessor, successor, effective_on, source, reason, recorded_at, recorded_by)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        act.scope.county() as _,
        kind as _,
        predecessor,
        successor,
        grounds.effective_on,
        grounds.source,
        grounds.reason,
        act.now,
        act.actor.name
    )
    .execute(connection)
    .await?;
    Ok(())
}
