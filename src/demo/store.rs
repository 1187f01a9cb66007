//! The generated rows into their tables, by COPY.

use super::economy::{EnterpriseRow, OccupancyRow};
use super::register::{self, LineageRow, SOURCE, STEWARD};
use super::returns::FigureRow;
use super::{Demonstration, contracts, land_store, planning, platforms};
use crate::account::audit_store;
use crate::base::unit::SquareMetre;
use crate::db::copy::{CopyRows, copy_in};
use crate::db::geom::Geom;
use crate::db::{PgConnection, PgPool, Scope, layer};
use crate::enterprise::{self, FigureState};
use crate::{contract, parcel, planning as planning_room};

const REGISTRAR: &str = "区市场监管局数据管理员";

pub async fn has_parcels(connection: &mut PgConnection, district: &str) -> Result<bool, sqlx::Error> {
    sqlx::query_scalar!(r#"SELECT EXISTS (SELECT FROM parcel_version WHERE district = $1) AS "any!""#, district as _)
        .fetch_one(connection)
        .await
}

/// Makes the district ready to be filled: its row marked as invented, its audit chain begun.
///
/// # Errors
/// When it has parcels already.
pub async fn open_district(connection: &mut PgConnection, district: &str, name: &str) -> anyhow::Result<()> {
    sqlx::query!("SELECT pg_advisory_xact_lock(hashtextextended('demonstration ' || $1, 0))", district)
        .execute(&mut *connection)
        .await?;
    if has_parcels(connection, district).await? {
        anyhow::bail!("district {district} already has parcels; the demonstration only fills an empty district");
    }
    sqlx::query!(
        "INSERT INTO district (code, name, synthetic) VALUES ($1, $2, true)
         ON CONFLICT (code) DO UPDATE SET name = excluded.name, synthetic = true",
        district as _,
        name
    )
    .execute(&mut *connection)
    .await?;
    audit_store::open(connection, &Scope::district(district.parse()?)).await?;
    Ok(())
}

/// Raises the revision of everything the tiles rest on.
pub async fn raise_layers(connection: &mut PgConnection, district: &str) -> anyhow::Result<()> {
    let scope = Scope::district(district.parse()?);
    let filled = [parcel::ROOM, enterprise::ROOM, planning_room::ROOM, contract::ROOM];
    for layer in filled.iter().flat_map(|room| room.layers) {
        layer::raise(connection, &scope, layer).await?;
    }
    Ok(())
}

pub async fn write(connection: &mut PgConnection, district: &str, what: &Demonstration) -> anyhow::Result<()> {
    land_store::open_parcel_stage(connection).await?;
    land_store::put_parcels(connection, district, &what.register.parcels).await?;
    land_store::put_outlines(connection, district, &what.register.outlines).await?;
    put_lineage(connection, district, &what.register.lineage).await?;
    put_enterprises(connection, district, &what.enterprises).await?;
    put_occupancies(connection, district, &what.occupancies).await?;
    put_figures(connection, district, &what.figures).await?;
    planning::write(connection, &Scope::district(district.parse()?), &what.layers).await?;
    contracts::write(connection, &Scope::district(district.parse()?), &what.contracts).await?;
    platforms::write(connection, district).await?;
    raise_layers(connection, district).await?;
    Ok(())
}

async fn put_lineage(connection: &mut PgConnection, district: &str, lineage: &[LineageRow]) -> Result<(), sqlx::Error> {
    let mut rows = CopyRows::new();
    for link in lineage {
        rows.plain(district).plain(link.kind.code()).plain(&link.predecessor).plain(&link.successor).plain(link.on);
        rows.text(SOURCE).text(link.reason).plain(register::noon(link.on).to_rfc3339()).text(STEWARD).end_row();
    }
    let statement = "COPY parcel_lineage (district, kind, predecessor, successor, effective_on, source, reason, \
                     recorded_at, recorded_by) FROM STDIN";
    copy_in(connection, statement, rows).await?;
    Ok(())
}

pub async fn put_enterprises(
    connection: &mut PgConnection,
    district: &str,
    enterprises: &[EnterpriseRow],
) -> Result<(), sqlx::Error> {
    let mut rows = CopyRows::new();
    for row in enterprises {
        let mark = register::fingerprint(&[row.uscc.as_str(), &row.name, row.industry.code, row.state.code()]);
        rows.plain(district).plain(&row.uscc).optional_text(row.confirmed_by);
        rows.period(row.valid)
            .text(&row.name)
            .plain(row.industry.edition.code())
            .plain(row.industry.code)
            .plain(row.sector.code())
            .plain(row.size.code())
            .optional(row.high_tech)
            .optional_text(row.platform)
            .optional_text(row.subdistrict)
            .plain(row.state.code())
            .plain(row.established_on)
            .optional(row.above_size_since)
            .optional(row.project.map(|(since, _)| since))
            .optional(row.project.map(|(_, until)| until))
            .text(SOURCE)
            .text(row.reason)
            .plain(row.recorded_at.to_rfc3339())
            .text(REGISTRAR)
            .optional(row.superseded_at.map(|at| at.to_rfc3339()))
            .bytes(&mark)
            .end_row();
    }
    let statement = "COPY enterprise_version (district, uscc, uscc_confirmed_by, valid, name, industry_edition, \
                     industry_code, sector, size_class, high_tech, platform, subdistrict, state, established_on, \
                     above_size_since, project_since, project_until, source, reason, recorded_at, recorded_by, superseded_at, \
                     fingerprint) FROM STDIN";
    copy_in(connection, statement, rows).await?;
    Ok(())
}

pub async fn put_occupancies(
    connection: &mut PgConnection,
    district: &str,
    occupancies: &[OccupancyRow],
) -> Result<(), sqlx::Error> {
    let mut rows = CopyRows::new();
    for row in occupancies {
        let recorded = register::noon(row.valid.from.unwrap_or(register::merger()));
        rows.plain(district)
            .optional(row.parcel.as_ref())
            .plain(row.kind.code())
            .optional(row.occupant.as_ref())
            .optional(row.lessor.as_ref())
            .optional(row.area_m2.map(|area| SquareMetre(area).to_mu()))
            .optional(row.floor_m2);
        rows.period(row.valid).text(SOURCE).text("初始登记").plain(recorded.to_rfc3339()).text(STEWARD).end_row();
    }
    let statement = "COPY occupancy (district, parcel_code, kind, occupant, lessor, area_mu, floor_area_m2, valid, \
                     source, reason, recorded_at, recorded_by) FROM STDIN";
    copy_in(connection, statement, rows).await?;
    Ok(())
}

pub async fn put_figures(
    connection: &mut PgConnection,
    district: &str,
    figures: &[FigureRow],
) -> Result<(), sqlx::Error> {
    let mut rows = CopyRows::new();
    for row in figures {
        let steward = row.steward();
        let confirmed = row.state == FigureState::Confirmed;
        rows.plain(district)
            .plain(row.year)
            .plain(row.indicator.code())
            .plain(&row.uscc)
            .plain(row.value)
            .plain(row.indicator.department().code())
            .plain(row.state.code())
            .optional_text(confirmed.then_some(&steward))
            .optional(confirmed.then(|| (row.recorded_at + chrono::Days::new(30)).to_rfc3339()))
            .text(SOURCE)
            .text(row.reason)
            .plain(row.recorded_at.to_rfc3339())
            .text(&steward)
            .optional(row.superseded_at.map(|at| at.to_rfc3339()))
            .end_row();
    }
    let statement = "COPY return_figure (district, year, indicator, uscc, value, department, state, confirmed_by, \
                     confirmed_at, source, reason, recorded_at, recorded_by, superseded_at) FROM STDIN";
    copy_in(connection, statement, rows).await?;
    Ok(())
}

/// Shapes as GeoJSON geometries in another frame, longitude first.
pub async fn geojson(pool: &PgPool, shapes: &[Geom], srid: i32) -> Result<Vec<String>, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT ST_AsGeoJSON(ST_Transform(shape, $2::integer), 10, 0) AS "text!"
           FROM unnest($1::geometry[]) WITH ORDINALITY AS s (shape, place) ORDER BY place"#,
        shapes as &[Geom],
        srid
    )
    .fetch_all(pool)
    .await
}

/// Where an inspector of the demonstration goes.
pub struct InspectedSite {
    pub code: String,
    pub supply: String,
    /// Of a point inside.
    pub longitude: f64,
    pub latitude: f64,
}

/// Parcels in force, in an order that mixes the sub-districts and is the same every time.
pub async fn inspected_sites(pool: &PgPool, district: &str) -> Result<Vec<InspectedSite>, sqlx::Error> {
    sqlx::query_as!(
        InspectedSite,
        r#"SELECT code, supply_status AS supply, ST_X(ST_PointOnSurface(geom)) AS "longitude!",
                  ST_Y(ST_PointOnSurface(geom)) AS "latitude!"
           FROM parcel_version WHERE district = $1 AND superseded_at IS NULL AND upper_inf(valid)
           ORDER BY (supply_status = 'in_use'), md5(code)"#,
        district
    )
    .fetch_all(pool)
    .await
}

/// Industrial parcels of a middling size that are in force: code, registered area (m²), and a shape a little inside the
/// boundary as GeoJSON.
pub async fn industrial_parcels(
    pool: &PgPool,
    district: &str,
    most: i64,
) -> Result<Vec<(String, rust_decimal::Decimal, String)>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"SELECT code, plane_area_m2 AS area,
                  ST_AsGeoJSON(ST_Transform(ST_Buffer(ST_Transform(geom, survey_srid), -3, 'join=mitre'), 4490), 9, 0) AS "inside!"
           FROM parcel_version
           WHERE district = $1 AND superseded_at IS NULL AND upper_inf(valid) AND plane_area_m2 BETWEEN 6000 AND 40000
             AND ST_NumGeometries(geom) = 1
             AND (land_use_scheme, land_use_code) IN (SELECT scheme, code FROM land_use WHERE industrial)
             AND NOT EXISTS (SELECT FROM contract_land l WHERE l.district = $1 AND l.parcel_code = parcel_version.code
                 AND (upper_inf(l.held) OR upper(l.held) > '2026-01-01'))
           ORDER BY code LIMIT $2"#,
        district as _,
        most
    )
    .fetch_all(pool)
    .await?;
    Ok(rows.into_iter().map(|row| (row.code, row.area, row.inside)).collect())
}
