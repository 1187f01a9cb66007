//! The feature layers of a package, and which of them is meant.

use rusqlite::Connection;

use super::damaged;
use crate::fault::{Fault, Unreadable};
use crate::wording;

/// Types of columns that can hold areas.
const OF_AREAS: [&str; 7] =
    ["GEOMETRY", "POLYGON", "MULTIPOLYGON", "CURVEPOLYGON", "MULTISURFACE", "SURFACE", "GEOMETRYCOLLECTION"];

/// A table and one of its columns of shapes.
#[derive(Clone, Debug)]
pub struct Layer {
    pub table: String,
    pub column: String,
    pub srs: i64,
    kind: String,
    /// The table has several such columns.
    shared: bool,
}

impl Layer {
    fn name(&self) -> String {
        if self.shared { format!("{}.{}", self.table, self.column) } else { self.table.clone() }
    }

    fn holds_areas(&self) -> bool {
        OF_AREAS.contains(&self.kind.to_ascii_uppercase().as_str())
    }
}

pub fn all(connection: &Connection) -> Result<Vec<Layer>, Fault> {
    let contents = contents(connection)?;
    let sql = "SELECT c.table_name, g.column_name, g.srs_id, coalesce(g.geometry_type_name, '') \
               FROM gpkg_contents c JOIN gpkg_geometry_columns g ON g.table_name = c.table_name \
               WHERE c.data_type = 'features' ORDER BY c.table_name, g.column_name LIMIT 1000";
    let mut layers: Vec<Layer> = match connection.prepare(sql) {
        Ok(mut statement) => {
            let layer = |row: &rusqlite::Row<'_>| {
                let (table, column) = (row.get(0)?, row.get(1)?);
                Ok(Layer { table, column, srs: row.get(2)?, kind: row.get(3)?, shared: false })
            };
            let rows = statement.query_map([], layer).map_err(damaged)?;
            rows.collect::<Result<_, _>>().map_err(damaged)?
        }
        Err(error) if error.to_string().contains("no such table") => Vec::new(),
        Err(error) => return Err(damaged(error)),
    };
    for place in 0..layers.len() {
        let table = layers[place].table.clone();
        layers[place].shared = layers.iter().filter(|layer| layer.table == table).count() > 1;
    }
    if layers.is_empty() { Err(without_features(&contents)) } else { Ok(layers) }
}

/// What kinds of data the package says it holds.
fn contents(connection: &Connection) -> Result<Vec<String>, Fault> {
    let sql = "SELECT DISTINCT data_type FROM gpkg_contents ORDER BY data_type LIMIT 100";
    let mut statement = connection.prepare(sql).map_err(|error| match error {
        rusqlite::Error::SqliteFailure(..) if error.to_string().contains("no such table") => {
            wording::wrong_kind("SQLite 数据库，不是 GeoPackage", "请导出为 GeoPackage（.gpkg）。")
        }
        other => damaged(other),
    })?;
    let kinds = statement.query_map([], |row| row.get(0)).map_err(damaged)?;
    kinds.collect::<Result<_, _>>().map_err(damaged)
}

fn without_features(contents: &[String]) -> Fault {
    let said = |kind: &String| match kind.as_str() {
        "tiles" | "vector-tiles" | "2d-gridded-coverage" => "瓦片（图片）",
        "attributes" => "没有图形的属性表",
        _ => "其他内容",
    };
    let mut holds: Vec<&str> = contents.iter().map(said).collect();
    holds.dedup();
    if holds.is_empty() { wording::no_layer() } else { wording::geopackage_without_features(&holds.join("和")) }
}

pub fn choose<'l>(layers: &'l [Layer], wanted: Option<&str>) -> Result<&'l Layer, Unreadable> {
    let names = || layers.iter().map(Layer::name).collect::<Vec<_>>();
    if let Some(wanted) = wanted {
        let named: Vec<&Layer> = layers.iter().filter(|layer| layer.table == wanted).collect();
        let exact = layers.iter().find(|layer| layer.name() == wanted);
        return match (exact, only_of_areas(&named)) {
            (Some(layer), _) | (None, Some(layer)) => Ok(layer),
            (None, None) if named.is_empty() => Err(wording::layer_unknown(wanted, &names()).into()),
            (None, None) => Err(wording::layer_question(&named.iter().map(|l| l.name()).collect::<Vec<_>>()).into()),
        };
    }
    let all: Vec<&Layer> = layers.iter().collect();
    match all.as_slice() {
        [only] => Ok(only),
        [first, ..] if all.iter().all(|layer| layer.table == first.table) => {
            only_of_areas(&all).ok_or_else(|| wording::layer_question(&names()).into())
        }
        _ => Err(wording::layer_question(&names()).into()),
    }
}

/// Of several columns of one table the one that holds areas, beside points and lines.
fn only_of_areas<'l>(columns: &[&'l Layer]) -> Option<&'l Layer> {
    let mut of_areas = columns.iter().copied().filter(|layer| layer.holds_areas());
    of_areas.next().filter(|_| of_areas.next().is_none())
}
