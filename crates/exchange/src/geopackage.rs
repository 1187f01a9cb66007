//! GeoPackage: a feature table of a SQLite file, opened read-only and believed in nothing but its rows.

mod layers;

#[cfg(test)]
mod tests;

use std::fs::File;
use std::io::Read;
use std::path::Path;

use geo_types::MultiPolygon;
use rusqlite::types::ValueRef;
use rusqlite::{Connection, OpenFlags, OptionalExtension, Row};
use serde_json::{Map, Number, Value};

use super::fault::{Fault, Unreadable};
use super::feature::{FeatureRecord, ReadOptions, ReadSummary, Sink};
use super::frame::{Declared, Places};
use super::limits::Limits;
use super::{wkb, wording};

pub struct GeoPackage {
    connection: Connection,
    table: String,
    geometry_column: String,
    declared: Declared,
    faults: Vec<Fault>,
}

impl GeoPackage {
    pub fn open(path: &Path, options: &ReadOptions) -> Result<Self, Unreadable> {
        let faults = open_elsewhere(path)?.into_iter().collect();
        // Immutable: neither locks nor a journal are written beside the file.
        let mut address = String::from("file:");
        for byte in path.as_os_str().as_encoded_bytes() {
            match byte {
                b'/' | b'.' | b'-' | b'_' => address.push(char::from(*byte)),
                _ if byte.is_ascii_alphanumeric() => address.push(char::from(*byte)),
                _ => address.push_str(&format!("%{byte:02X}")),
            }
        }
        address.push_str("?immutable=1");
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_URI | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(address, flags).map_err(damaged)?;
        connection.execute_batch("PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON;").map_err(damaged)?;
        let layers = layers::all(&connection)?;
        let layer = layers::choose(&layers, options.layer.as_deref())?.clone();
        check_table(&connection, &layer.table, &options.limits)?;
        let declared = declared(&connection, layer.srs)?;
        Ok(GeoPackage { connection, table: layer.table, geometry_column: layer.column, declared, faults })
    }

    pub fn read(&mut self, limits: &Limits, sink: &mut Sink<'_>) -> Result<ReadSummary, Unreadable> {
        let mut statement =
            self.connection.prepare(&format!("SELECT * FROM {}", quoted(&self.table))).map_err(damaged)?;
        let names: Vec<String> = statement.column_names().into_iter().map(str::to_owned).collect();
        let geometry_place = names.iter().position(|name| name.eq_ignore_ascii_case(&self.geometry_column));
        let geometry_place = geometry_place.ok_or_else(|| wording::inconsistent("图层表里没有登记的图形列"))?;
        let mut rows = statement.query([]).map_err(damaged)?;
        let mut read = 0;
        let mut complete = true;
        while let Some(row) = rows.next().map_err(damaged)? {
            read += 1;
            if sink(record_of(row, &names, geometry_place, read, limits)?).is_break() {
                complete = false;
                break;
            }
        }
        let declared = self.declared.clone();
        let faults = self.faults.clone();
        Ok(ReadSummary { read, declared, extent: None, places: Places::default(), encoding: None, faults, complete })
    }
}

fn damaged(error: rusqlite::Error) -> Fault {
    wording::truncated(format!("GeoPackage 无法读取（{error}）"))
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// Whether another program has the file open, so that its last edits lie beside it; a copy made meanwhile is remarked on.
fn open_elsewhere(path: &Path) -> Result<Option<Fault>, Fault> {
    for ending in ["-wal", "-journal"] {
        let mut beside = path.as_os_str().to_owned();
        beside.push(ending);
        if std::fs::metadata(beside).is_ok_and(|file| file.len() > 0) {
            return Err(wording::geopackage_open(ending));
        }
    }
    let mut head = [0; 20];
    let mut file = File::open(path).map_err(|e| wording::cannot_open(&e))?;
    let writes_ahead = file.read_exact(&mut head).is_ok() && head[18..20] == [2, 2];
    Ok(writes_ahead.then(wording::geopackage_journal_alone))
}

/// Only plain tables are read: a view or a virtual table could compute for ever.
fn check_table(connection: &Connection, table: &str, limits: &Limits) -> Result<(), Fault> {
    let sql: Option<String> = connection
        .query_row("SELECT sql FROM sqlite_master WHERE type = 'table' AND name = ?1", [table], |row| row.get(0))
        .optional()
        .map_err(damaged)?;
    if !sql.is_some_and(|sql| sql.trim_start().to_ascii_uppercase().starts_with("CREATE TABLE")) {
        return Err(wording::layer_is_view(table));
    }
    let sql = "SELECT count(*) FROM pragma_table_xinfo(?1)";
    let columns: i64 = connection.query_row(sql, [table], |row| row.get(0)).map_err(damaged)?;
    if columns > limits.attributes as i64 {
        return Err(wording::too_large(format!("列数 {columns}"), limits.attributes));
    }
    Ok(())
}

fn declared(connection: &Connection, srs: i64) -> Result<Declared, Fault> {
    let sql = "SELECT organization, organization_coordsys_id, definition, srs_name FROM gpkg_spatial_ref_sys WHERE srs_id = ?1";
    type Srs = (String, i64, String, String);
    let found: Option<Srs> = connection
        .query_row(sql, [srs], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)))
        .optional()
        .map_err(damaged)?;
    let Some((organization, code, definition, name)) = found else { return Ok(Declared::Nothing) };
    // What programs write for a layer whose frame they were not told: a plane without a place on earth, by no name of its own.
    let nowhere = ["UNDEFINED", "LOCAL_CS[\"UN", "ENGCRS[\"UN"];
    let beginning = definition.trim_start().to_ascii_uppercase();
    let placed = !beginning.is_empty() && !nowhere.iter().any(|words| beginning.starts_with(words));
    let wkt = placed.then_some(definition);
    Ok(match (organization.eq_ignore_ascii_case("EPSG"), i32::try_from(code), wkt) {
        _ if matches!(srs, -1 | 0) => Declared::Nothing,
        (true, Ok(code @ 1..), wkt) => Declared::Epsg { code, wkt },
        (_, _, Some(wkt)) => Declared::Wkt { wkt },
        _ if !beginning.is_empty() => Declared::Nothing,
        _ => Declared::Name(name),
    })
}

fn record_of(
    row: &Row<'_>,
    names: &[String],
    geometry_place: usize,
    record: u64,
    limits: &Limits,
) -> Result<FeatureRecord, Fault> {
    let mut attributes = Map::new();
    let mut faults = Vec::new();
    let mut geometry = Ok(None);
    let mut unreadable = None;
    for (place, name) in names.iter().enumerate() {
        let value = row.get_ref(place).map_err(damaged)?;
        if place == geometry_place {
            geometry = shape_of(value, limits, &mut faults);
        } else {
            let value = attribute(value).unwrap_or_else(|| {
                unreadable.get_or_insert_with(|| wording::text_not_utf8(name));
                Value::Null
            });
            attributes.insert(name.clone(), value);
        }
    }
    let place = |fault: Fault| fault.at(Some(record), None);
    Ok(FeatureRecord {
        record,
        line: None,
        attributes,
        geometry: unreadable.map_or(geometry, Err).map_err(place),
        faults: faults.into_iter().map(place).collect(),
    })
}

/// None for a text that is not in the encoding it must be in.
fn attribute(value: ValueRef<'_>) -> Option<Value> {
    Some(match value {
        ValueRef::Integer(number) => Value::from(number),
        ValueRef::Real(number) => Number::from_f64(number).map_or(Value::Null, Value::Number),
        ValueRef::Text(text) => Value::String(std::str::from_utf8(text).ok()?.to_owned()),
        ValueRef::Null | ValueRef::Blob(_) => Value::Null,
    })
}

/// A GeoPackage blob: `GP`, version, flags, frame number, an envelope of stated size, then WKB.
fn shape_of(value: ValueRef<'_>, limits: &Limits, faults: &mut Vec<Fault>) -> Result<Option<MultiPolygon<f64>>, Fault> {
    let bytes = match value {
        ValueRef::Null => return Ok(None),
        ValueRef::Blob(bytes) => bytes,
        _ => return Err(wording::geometry_damaged("图形列里不是图形")),
    };
    if bytes.len() > limits.feature_bytes {
        return Err(wording::geometry_too_large(format!("有 {} 字节", bytes.len())));
    }
    if bytes.len() < 8 || !bytes.starts_with(b"GP") {
        return Err(wording::geometry_damaged("没有 GeoPackage 图形头"));
    }
    let flags = bytes[3];
    let envelope = match (flags >> 1) & 7 {
        0 => 0,
        1 => 32,
        2 | 3 => 48,
        4 => 64,
        other => return Err(wording::geometry_damaged(format!("外包框标记 {other} 无效"))),
    };
    if flags & 0x20 != 0 {
        return Err(wording::wrong_type("扩展图形"));
    }
    if flags & 0x10 != 0 {
        return Ok(None);
    }
    let body = bytes.get(8 + envelope..).ok_or_else(|| wording::geometry_damaged("图形头比数据长"))?;
    wkb::read(body, limits, faults)
}
