//! Parcels and outlines into their tables: PostGIS sets them from the survey plane into EPSG:4490.

use chrono::NaiveDate;

use super::register::{self, OutlineRow, ParcelRow, SOURCE, STEWARD, SURVEY_SRID};
use crate::db::PgConnection;
use crate::db::copy::{CopyRows, copy_in};
use crate::db::geom::Geom;

/// A temporary table for parcels whose coordinates are still in the survey plane. It is not among the checked queries,
/// because it exists only inside this transaction.
pub async fn open_parcel_stage(connection: &mut PgConnection) -> Result<(), sqlx::Error> {
    sqlx::query(
        "CREATE TEMPORARY TABLE demonstration_parcel (
             code text, valid daterange, name text, geom geometry(MultiPolygon, 4528), official_area_m2 numeric,
             plane_area_m2 numeric, land_use_scheme text, land_use_code text, supply_status text, subdistrict text,
             registered_subdistrict text, reason text, recorded_at timestamptz, superseded_at timestamptz,
             fingerprint bytea
         ) ON COMMIT DROP",
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Copies parcels and lets PostGIS set them into EPSG:4490 and measure them on the ellipsoid.
pub async fn put_parcels(
    connection: &mut PgConnection,
    district: &str,
    parcels: &[ParcelRow],
) -> Result<(), sqlx::Error> {
    let mut rows = CopyRows::new();
    for parcel in parcels {
        put_parcel(&mut rows, parcel);
    }
    copy_in(connection, "COPY demonstration_parcel FROM STDIN", rows).await?;
    sqlx::query(
        "INSERT INTO parcel_version (district, code, valid, name, geom, survey_srid, survey_truth, official_area_m2,
             plane_area_m2, geodesic_area_m2, land_use_scheme, land_use_code, supply_status, subdistrict,
             registered_subdistrict, source, reason, recorded_at, recorded_by, superseded_at, fingerprint)
         SELECT $1, code, valid, name, placed, $2, true, official_area_m2, plane_area_m2,
             round(ST_Area(placed::geography)::numeric, 4), land_use_scheme, land_use_code, supply_status, subdistrict,
             registered_subdistrict, $3, reason, recorded_at, $4, superseded_at, fingerprint
         FROM (SELECT *, ST_Transform(geom, 4490) AS placed FROM demonstration_parcel OFFSET 0) AS parcel",
    )
    .bind(district)
    .bind(SURVEY_SRID)
    .bind(SOURCE)
    .bind(STEWARD)
    .execute(&mut *connection)
    .await?;
    sqlx::query("TRUNCATE demonstration_parcel").execute(connection).await?;
    Ok(())
}

fn put_parcel(rows: &mut CopyRows, parcel: &ParcelRow) {
    let ewkb = Geom::new(parcel.shape.to_multi_polygon(), SURVEY_SRID).to_ewkb();
    let mark =
        register::fingerprint(&[parcel.code.as_str(), &hex::encode(&ewkb), &format!("{:?}", parcel.official_m2)]);
    rows.plain(&parcel.code)
        .period(parcel.valid)
        .optional_text(parcel.name.as_deref())
        .geometry(&ewkb)
        .optional(parcel.official_m2)
        .plain(parcel.plane_m2)
        .optional_text(parcel.land_use.map(|(scheme, _)| scheme))
        .optional_text(parcel.land_use.map(|(_, code)| code))
        .plain(parcel.supply.code())
        .text(&parcel.subdistrict)
        .text(&parcel.registered_subdistrict)
        .text(&parcel.reason)
        .plain(parcel.recorded_at.to_rfc3339())
        .optional(parcel.superseded_at.map(|at| at.to_rfc3339()))
        .bytes(&mark)
        .end_row();
}

pub async fn put_outlines(
    connection: &mut PgConnection,
    district: &str,
    rows: &[OutlineRow],
) -> Result<(), sqlx::Error> {
    let column = |of: fn(&OutlineRow) -> &str| rows.iter().map(|row| of(row).to_owned()).collect::<Vec<_>>();
    let shapes: Vec<Geom> = rows.iter().map(|row| Geom::new(row.shape.to_multi_polygon(), SURVEY_SRID)).collect();
    let from: Vec<Option<NaiveDate>> = rows.iter().map(|row| row.valid.from).collect();
    let until: Vec<Option<NaiveDate>> = rows.iter().map(|row| row.valid.until).collect();
    let recorded = register::noon(register::merger());
    sqlx::query!(
        r#"INSERT INTO outline (district, kind, code, name, valid, geom, source, recorded_at, recorded_by)
           SELECT $1, kind, code, name, daterange(since, until), ST_Transform(shape, 4490), $8, $9, $10
           FROM unnest($2::text[], $3::text[], $4::text[], $5::date[], $6::date[], $7::geometry[])
                AS o (kind, code, name, since, until, shape)"#,
        district as _,
        &column(|row| row.kind),
        &column(|row| &row.code),
        &column(|row| &row.name),
        &from as &[Option<NaiveDate>],
        &until as &[Option<NaiveDate>],
        &shapes as &[Geom],
        SOURCE,
        recorded,
        STEWARD,
    )
    .execute(connection)
    .await?;
    Ok(())
}
