//! GeoPackages through SQLite, and one of an invented suburb in web mercator.

use std::path::{Path, PathBuf};

use rusqlite::{Connection, params};

use super::{Ring, ring, wkb};

pub struct Layer {
    pub name: &'static str,
    /// `POLYGON`, `MULTIPOLYGON`, `LINESTRING`, …
    pub geometry_type: &'static str,
    pub srs: i64,
    /// Names of its columns beside `fid` and `geom`; all hold text.
    pub columns: Vec<&'static str>,
    pub features: Vec<Feature>,
}

pub struct Feature {
    pub values: Vec<String>,
    pub shape: Shape,
}

pub enum Shape {
    Polygon(Vec<Ring>),
    MultiPolygon(Vec<Vec<Ring>>),
    Line(Ring),
}

/// Writes a GeoPackage of those layers; frames are declared by their EPSG number.
pub fn write(path: &Path, layers: &[Layer]) {
    let mut connection = Connection::open(path).unwrap();
    connection.execute_batch(TABLES).unwrap();
    let transaction = connection.transaction().unwrap();
    layers.iter().for_each(|layer| put(&transaction, layer));
    transaction.commit().unwrap();
}

fn put(connection: &Connection, layer: &Layer) {
    let Layer { name, geometry_type, srs, .. } = layer;
    let frame = "INSERT OR IGNORE INTO gpkg_spatial_ref_sys VALUES ('EPSG ' || ?1, ?1, 'EPSG', ?1, 'undefined', NULL)";
    connection.execute(frame, [srs]).unwrap();
    let contents =
        "INSERT INTO gpkg_contents (table_name, data_type, identifier, srs_id) VALUES (?1, 'features', ?1, ?2)";
    connection.execute(contents, params![name, srs]).unwrap();
    let column = "INSERT INTO gpkg_geometry_columns VALUES (?1, 'geom', ?2, ?3, 0, 0)";
    connection.execute(column, params![name, geometry_type, srs]).unwrap();
    let columns: String = layer.columns.iter().map(|column| format!(", \"{column}\" TEXT")).collect();
    let table =
        format!("CREATE TABLE \"{name}\" (fid INTEGER PRIMARY KEY AUTOINCREMENT, geom {geometry_type}{columns})");
    connection.execute(&table, []).unwrap();
    let places: String = (0..layer.columns.len()).map(|place| format!(", ?{}", place + 2)).collect();
    let sql = format!("INSERT INTO \"{name}\" VALUES (NULL, ?1{places})");
    let mut insert = connection.prepare(&sql).unwrap();
    for feature in &layer.features {
        insert.raw_bind_parameter(1, blob(*srs as i32, &feature.shape)).unwrap();
        for (place, value) in feature.values.iter().enumerate() {
            insert.raw_bind_parameter(place + 2, value).unwrap();
        }
        insert.raw_execute().unwrap();
    }
}

/// `GP`, version, flags (little-endian, with an envelope of x and y), frame, envelope, shape.
fn blob(srs: i32, shape: &Shape) -> Vec<u8> {
    let (points, body): (Vec<(f64, f64)>, Vec<u8>) = match shape {
        Shape::Polygon(rings) => (rings.concat(), wkb::polygon(rings)),
        Shape::MultiPolygon(parts) => (parts.concat().concat(), wkb::multi_polygon(parts)),
        Shape::Line(points) => (points.clone(), wkb::line(points)),
    };
    let (xs, ys) = (|| points.iter().map(|p| p.0), || points.iter().map(|p| p.1));
    let least = |values: &mut dyn Iterator<Item = f64>| values.fold(f64::INFINITY, f64::min);
    let most = |values: &mut dyn Iterator<Item = f64>| values.fold(f64::NEG_INFINITY, f64::max);
    let envelope = [least(&mut xs()), most(&mut xs()), least(&mut ys()), most(&mut ys())];
    let mut bytes = vec![b'G', b'P', 0, 0b11];
    bytes.extend(srs.to_le_bytes());
    bytes.extend(envelope.iter().flat_map(|edge| edge.to_le_bytes()));
    bytes.extend(body);
    bytes
}

/// How many plots the suburb has; their identifiers are no parcel codes.
pub const PLOTS: usize = 96;

/// Writes `suburb.gpkg`, four layers in web mercator at 47° north, where its plane areas are more than twice the true ones.
pub fn suburb(folder: &Path) -> PathBuf {
    let path = folder.join("suburb.gpkg");
    let plots =
        (0..PLOTS).map(|place| Feature { values: vec![format!("P-{place:03}"), "7".into()], shape: plot(place) });
    let houses = (0..PLOTS / 2).map(|place| Feature { values: vec![place.to_string()], shape: house(place) });
    let cells = (0..PLOTS / 4).map(|place| Feature { values: vec![place.to_string()], shape: plot(4 * place) });
    let streets = (0..8).map(|row| Feature { values: vec![format!("样例{row}路")], shape: street(row) });
    let layer = |name, geometry_type, columns: &[&'static str], features: Vec<Feature>| Layer {
        name,
        geometry_type,
        srs: 3857,
        columns: columns.to_vec(),
        features,
    };
    write(
        &path,
        &[
            layer("cells", "POLYGON", &["cell"], cells.collect()),
            layer("houses", "POLYGON", &["house"], houses.collect()),
            layer("streets", "LINESTRING", &["name"], streets.collect()),
            layer("plots", "POLYGON", &["ID", "kind"], plots.collect()),
        ],
    );
    path
}

/// Metres of web mercator.
const CORNER: (f64, f64) = (13_931_000.0, 5_942_000.0);
const STEP: (f64, f64) = (46.5, 38.25);

/// Twelve plots to a row, crooked, each with a point on one edge; every eighth has a yard cut out.
fn plot(place: usize) -> Shape {
    let (column, row) = (place % 12, place / 12);
    let bent = |column: usize, row: usize| {
        let lean = f64::from((column * 7 + row * 5) as u32 % 11) * 0.6;
        (CORNER.0 + STEP.0 * column as f64 + lean, CORNER.1 + STEP.1 * row as f64 - lean / 2.0)
    };
    let (a, b, c, d) = (bent(column, row), bent(column + 1, row), bent(column + 1, row + 1), bent(column, row + 1));
    let between = ((a.0 + b.0) / 2.0, (a.1 + b.1) / 2.0 + 1.75);
    let mut rings = vec![ring(&[a, between, b, c, d])];
    if place % 8 == 3 {
        let (x, y) = ((a.0 + c.0) / 2.0, (a.1 + c.1) / 2.0);
        rings.push(ring(&[(x - 4.0, y - 4.0), (x - 4.0, y + 4.0), (x + 4.0, y + 4.0), (x + 4.0, y - 4.0)]));
    }
    Shape::Polygon(rings)
}

fn house(place: usize) -> Shape {
    let (x, y) = (CORNER.0 + STEP.0 * (place % 12) as f64 + 20.0, CORNER.1 + STEP.1 * (place / 12) as f64 + 15.0);
    Shape::Polygon(vec![ring(&[(x, y), (x + 9.0, y + 1.0), (x + 8.0, y + 10.0), (x - 1.0, y + 9.0)])])
}

fn street(row: usize) -> Shape {
    let y = CORNER.1 + STEP.1 * row as f64 - 3.0;
    Shape::Line(vec![(CORNER.0 - 50.0, y), (CORNER.0 + 300.0, y + 2.0), (CORNER.0 + 600.0, y)])
}

const TABLES: &str = "
    PRAGMA application_id = 0x47504B47;
    PRAGMA user_version = 10300;
    CREATE TABLE gpkg_spatial_ref_sys (srs_name TEXT NOT NULL, srs_id INTEGER NOT NULL PRIMARY KEY, organization TEXT NOT NULL,
        organization_coordsys_id INTEGER NOT NULL, definition TEXT NOT NULL, description TEXT);
    INSERT INTO gpkg_spatial_ref_sys VALUES ('Undefined Cartesian', -1, 'NONE', -1, 'undefined', NULL),
        ('Undefined geographic', 0, 'NONE', 0, 'undefined', NULL);
    CREATE TABLE gpkg_contents (table_name TEXT NOT NULL PRIMARY KEY, data_type TEXT NOT NULL, identifier TEXT UNIQUE,
        description TEXT DEFAULT '', last_change DATETIME NOT NULL DEFAULT '2026-01-15T00:00:00.000Z',
        min_x DOUBLE, min_y DOUBLE, max_x DOUBLE, max_y DOUBLE, srs_id INTEGER REFERENCES gpkg_spatial_ref_sys);
    CREATE TABLE gpkg_geometry_columns (table_name TEXT NOT NULL UNIQUE REFERENCES gpkg_contents, column_name TEXT NOT NULL,
        geometry_type_name TEXT NOT NULL, srs_id INTEGER NOT NULL REFERENCES gpkg_spatial_ref_sys, z TINYINT NOT NULL,
        m TINYINT NOT NULL, PRIMARY KEY (table_name, column_name));";
