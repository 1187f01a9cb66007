//! A district of any size for measuring: into the database, or as a GeoJSON file for measuring the import.

use std::io::Write;

use serde_json::json;
use sqlx::postgres::PgPool;

use super::grid::Grid;
use super::register::{ParcelRow, SURVEY_SRID};
use super::{land_store, store};
use crate::base::code::CountyCode;
use crate::db::geom::Geom;
use crate::db::statistics;

pub const DISTRICT: &str = "330199";
pub const DISTRICT_NAME: &str = "规模测试区（虚构）";

/// Rows held in memory at a time.
const CHUNK: usize = 20_000;

#[derive(Clone, Debug)]
pub struct Size {
    pub district: CountyCode,
    pub parcels: usize,
    pub enterprises: usize,
}

impl Size {
    fn grid(&self) -> Grid {
        Grid { district: self.district.to_string(), parcels: self.parcels, enterprises: self.enterprises }
    }

    /// How many parcels and enterprises [`load`] will report.
    pub fn steps(&self) -> u64 {
        (self.parcels + self.enterprises) as u64
    }
}

fn chunks(count: usize) -> impl Iterator<Item = std::ops::Range<usize>> {
    (0..count).step_by(CHUNK).map(move |first| first..count.min(first + CHUNK))
}

/// Fills an empty district in one transaction, which tells the planner what was written.
/// `progress` is told how many parcels and enterprises were written since it was last told.
///
/// # Errors
/// When the district has parcels already, or the database refuses.
pub async fn load(pool: &PgPool, size: &Size, progress: impl Fn(u64)) -> anyhow::Result<()> {
    let (grid, district) = (size.grid(), size.district.as_str());
    let mut transaction = pool.begin().await?;
    store::open_district(&mut transaction, district, DISTRICT_NAME).await?;
    land_store::open_parcel_stage(&mut transaction).await?;
    land_store::put_outlines(&mut transaction, district, &grid.outlines(DISTRICT_NAME)).await?;
    for numbers in chunks(grid.parcels) {
        let parcels: Vec<ParcelRow> = numbers.map(|n| grid.parcel(n)).collect();
        land_store::put_parcels(&mut transaction, district, &parcels).await?;
        progress(parcels.len() as u64);
    }
    for numbers in chunks(grid.enterprises) {
        let count = numbers.len() as u64;
        let enterprises: Vec<_> = numbers.clone().map(|n| grid.enterprise(n)).collect();
        store::put_enterprises(&mut transaction, district, &enterprises).await?;
        let occupancies: Vec<_> = numbers.clone().map(|n| grid.occupancy(n)).collect();
        store::put_occupancies(&mut transaction, district, &occupancies).await?;
        let figures: Vec<_> = numbers.flat_map(|n| grid.figures(n)).collect();
        store::put_figures(&mut transaction, district, &figures).await?;
        progress(count);
    }
    store::raise_layers(&mut transaction, district).await?;
    statistics::refresh(&mut transaction).await?;
    transaction.commit().await?;
    Ok(())
}

/// Writes the same parcels as a GeoJSON feature collection with the old `crs` member, in the survey plane (4528) or in
/// longitude and latitude (4490, set there by PostGIS).
///
/// # Errors
/// Another `srid`, a file that cannot be written, or a database that refuses.
pub async fn write_geojson(
    pool: &PgPool,
    size: &Size,
    srid: i32,
    out: &mut impl Write,
    progress: impl Fn(u64),
) -> anyhow::Result<()> {
    anyhow::ensure!([4490, SURVEY_SRID].contains(&srid), "the file can be in EPSG 4490 or {SURVEY_SRID}, not {srid}");
    let grid = size.grid();
    let frame = json!({"type": "name", "properties": {"name": format!("urn:ogc:def:crs:EPSG::{srid}")}});
    writeln!(out, r#"{{"type":"FeatureCollection","name":"parcels","crs":{frame},"features":["#)?;
    for numbers in chunks(grid.parcels) {
        let first = numbers.start == 0;
        let parcels: Vec<ParcelRow> = numbers.map(|n| grid.parcel(n)).collect();
        let shapes: Vec<Geom> =
            parcels.iter().map(|row| Geom::new(row.shape.to_multi_polygon(), SURVEY_SRID)).collect();
        let geometries = store::geojson(pool, &shapes, srid).await?;
        for (place, (row, geometry)) in parcels.iter().zip(&geometries).enumerate() {
            let comma = if first && place == 0 { "" } else { ",\n" };
            write!(out, r#"{comma}{{"type":"Feature","properties":{},"geometry":{geometry}}}"#, properties(row))?;
        }
        progress(parcels.len() as u64);
    }
    writeln!(out, "\n]}}")?;
    out.flush()?;
    Ok(())
}

fn properties(row: &ParcelRow) -> serde_json::Value {
    let (scheme, code) = row.land_use.unzip();
    json!({
        "宗地代码": row.code.as_str(),
        "宗地面积": row.official_m2.map(|area| area.to_string()),
        "土地用途分类": scheme,
        "土地用途": code,
        "供应状态": row.supply.label(),
    })
}
